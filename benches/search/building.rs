//! Making the index: how fast, how large, and in how much memory, beside the other engines.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::Wish;
use crate::common::command;
use crate::common::figures::megabytes as mb;
use crate::common::report::Report;
use crate::common::stage::Stage;
use crate::common::text;
use crate::fts::Fts;
use crate::outside::process::{Server, Setting};
use crate::raw_index::RawIndex;

/// Ends the server, has `index rebuild` make the index anew, and writes what that takes.
pub async fn run(
    server: Server,
    setting: &Setting,
    stage: &Stage,
    fts: &Fts,
    raw: &RawIndex,
    wish: &Wish,
    report: &mut Report,
) -> Result<()> {
    let grown = folder_size(&setting.data.join("index"))?;
    server.terminate().await?;
    let rebuilt = command::run(&wish.binary, &["index", "rebuild", "--data-dir", text(&setting.data)?]).await?;
    // Those who list and read have some, too.
    let notes = rebuilt.number("notes");
    let fresh = folder_size(&setting.data.join("index"))?;
    let of_drafts = stage.drafts.iter().map(|draft| (draft.title.len() + draft.body.len()) as f64).sum::<f64>() / 1e6;
    let written = of_drafts * notes / stage.drafts.len() as f64;
    let rate = notes / rebuilt.seconds;

    report.section("Making the index", &["notes per s", "MB", "of the text, %", "most resident MB"]);
    let dash = f64::NAN;
    let row = |size: f64, written: f64| [size, size / written * 100.0];
    let [size, part] = row(mb(fresh), written);
    report.row("index rebuild, start and end of the command included", &[rate, size, part, mb(rebuilt.peak)]);
    let [size, part] = row(mb(grown), written);
    report.row("as it had grown by 64 connections that wrote", &[dash, size, part, dash]);
    let [size, part] = row(mb(raw.size), of_drafts);
    report.row("tantivy alone, the same schema, threads and memory", &[raw.filled.0, size, part, dash]);
    let [size, part] = row(mb(fts.size), of_drafts);
    report.row("FTS5, one thread", &[fts.filled.0, size, part, dash]);
    report.at_most("size of the index, % of the text", mb(fresh) / written * 100.0, 100.0);
    report.at_least("rebuild, % of tantivy alone", rate / raw.filled.0 * 100.0, 70.0);
    report.at_most("most resident while rebuilding, MB", mb(rebuilt.peak), 250.0);
    Ok(())
}

/// Bytes of the files in a folder.
pub fn folder_size(folder: &Path) -> Result<u64> {
    let mut size = 0;
    for entry in fs::read_dir(folder)? {
        size += entry?.metadata()?.len();
    }
    Ok(size)
}
