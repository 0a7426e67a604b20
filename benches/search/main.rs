//! Measures search of the release binary over loopback, in turns with SQLite FTS5 and with tantivy alone on the same notes.
//!
//! ```text
//! cargo build --release && cargo bench --bench search -- [--quick] [--json FILE] [--binary FILE] [--notes N] [--rounds N]
//! ```
//!
//! Owns what is asked ([`kinds`]), the two engines beside it ([`raw_index`], [`fts`]), answers one by one and by several at once
//! ([`asking`]), fifty people who type ([`typing`]), and making the index: speed, size, memory ([`building`]). Engines take turns within each
//! round, so that a slow minute of the machine slows all of them; only ratios of one run mean much elsewhere. With a million notes
//! (`--notes 1000000`) it takes half an hour and 10 GB of disk.

#![allow(unreachable_pub, reason = "a program of its own, where nothing is reachable from outside")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../../tests/support/outside/mod.rs"]
mod outside;

mod asking;
mod building;
mod fts;
mod kinds;
mod raw_index;
mod typing;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;

use common::report::Report;
use common::stage::{Stage, indexed};
use common::{Options, say};
use fts::Fts;
use outside::process::{Server, Setting};
use raw_index::RawIndex;

/// What the command line asks for.
struct Wish {
    binary: PathBuf,
    notes: usize,
    rounds: usize,
    quick: bool,
}

impl Wish {
    /// How long one measurement of one kind lasts at the most.
    fn time(&self) -> Duration {
        Duration::from_millis(if self.quick { 700 } else { 2000 })
    }
}

fn main() -> Result<()> {
    common::measure("search", &["--notes", "--rounds"], measure)
}

async fn measure(options: &Options, folder: &Path, report: &mut Report) -> Result<()> {
    let wish = &Wish {
        binary: options.binary.clone(),
        notes: options.number("--notes", 10_000, 100_000)?,
        rounds: options.number("--rounds", 2, 5)?,
        quick: options.quick,
    };
    report.setting("Notes searched", format!("{}, {} rounds", wish.notes, wish.rounds));
    let setting = Setting::new(&wish.binary, folder.join("data"), folder.join("server.log"));
    say(&format!("filling a store with {} notes through the API", wish.notes));
    let server = Server::start(&setting).await?;
    let stage = Stage::set(&server, wish.notes).await?;
    indexed(&server).await?;
    server.idle(Duration::from_secs(60)).await?;

    say("the same notes for SQLite FTS5");
    let fts = Fts::fill(&folder.join("fts.db"), &stage.drafts)?;
    say("the same notes for tantivy alone");
    let raw = RawIndex::fill(&folder.join("raw-index"), &stage.drafts)?;

    say("asking, in turns");
    asking::run(&server, &stage, &fts, &raw, wish, report).await?;
    say("fifty people type");
    typing::run(&server, &stage, wish, report).await?;
    say("making the index anew");
    building::run(server, &setting, &stage, &fts, &raw, wish, report).await
}
