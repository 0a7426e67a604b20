//! `inkstone import`: files become notes, and what was exported comes back.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde_json::{Value, json};

use super::Context;
use super::door::Ask;
use super::failure::Failure;
use super::local::{Expect, LocalApi};
use super::output::printable;
use super::progress::Progress;
use crate::export::manifest::Notebook;
use crate::import::bring::{BATCH_BYTES, BATCH_NOTEBOOKS, BATCH_NOTES, NotebooksReport, SearchesReport};
use crate::import::gather::NotGathered;
use crate::import::zip::Unusable;
use crate::import::{self, Gathered, PlannedNote, Reason, Skipped};

/// Bring Markdown files in as notes: a folder of them, a zip, or an export of Inkstone. A second run over the same files adds
/// nothing.
///
/// Front matter gives title, tags and times; folders become notebooks; a file without front matter keeps its own time. An export
/// comes back as it was. Nothing in the folder is changed, and no note that exists.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder, a zip, or a single file.
    path: PathBuf,
    /// The address of the account that the notes will belong to.
    #[arg(long, required_unless_present = "dry_run")]
    user: Option<String>,
    /// What the files are.
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    format: Format,
    /// Say what would be imported and what would be skipped, and change nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// By what is found: an export is known by its manifest, a note of ours by its front matter.
    Auto,
    /// Markdown files with optional front matter, whoever wrote them.
    Markdown,
    /// An export of Inkstone, and nothing else.
    Inkstone,
}

impl From<Format> for import::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Auto => Self::Auto,
            Format::Markdown => Self::Markdown,
            Format::Inkstone => Self::Inkstone,
        }
    }
}

/// Skipped files that are named one by one to a person, for each reason.
const NAMED: usize = 10;

/// What came of it.
#[derive(Debug, Default)]
struct Tally {
    imported: u64,
    unchanged: u64,
    planned: u64,
    notebooks: u64,
    saved_searches: u64,
    skipped: Vec<Skipped>,
    /// Skipped beyond those.
    unnamed: u64,
    remarks: Vec<Value>,
}

/// Reads and sends in turns, so that the size of the whole does not matter to memory.
pub(super) fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let found = || look(&args.path, args.format.into());
    let tally = match &args.user {
        Some(email) if !args.dry_run => context.local(Expect::Store, |api| {
            let mut found = found()?;
            let notebooks = notebooks(api, email, &mut found)?;
            let searches = saved_searches(api, email, &found)?;
            let tally = work(found, context, |batch| send(api, email, batch))?;
            let remarks = notebooks.remarks.iter().chain(&searches.remarks);
            Ok(Tally {
                notebooks: notebooks.made,
                saved_searches: searches.made,
                remarks: remarks.map(|remark| json!(remark)).chain(tally.remarks).collect(),
                ..tally
            })
        })?,
        Some(_) | None => {
            let found = found()?;
            let notebooks = found.notebooks().len() as u64;
            let saved_searches = found.saved_searches().len() as u64;
            Tally { notebooks, saved_searches, ..work(found, context, |_| Ok(Value::Null))? }
        }
    };
    let value = json!({
        "dry_run": args.dry_run,
        "planned": tally.planned,
        "imported": tally.imported,
        "unchanged": tally.unchanged,
        "notebooks": tally.notebooks,
        "saved_searches": tally.saved_searches,
        "skipped": tally.skipped,
        "skipped_unnamed": tally.unnamed,
        "remarks": tally.remarks,
    });
    context.output.result(&value, || report(args, &tally))
}

fn look(path: &Path, format: import::Format) -> Result<Gathered, Failure> {
    Gathered::open(path, format).map_err(|error| {
        let said = format!("cannot import {}: {error}", path.display());
        match error {
            NotGathered::Unreadable(error) | NotGathered::Archive(Unusable::Unreadable(error)) => {
                let said = format!("cannot read {}: {error}", path.display());
                let failure = Failure::failed("import-path-unreadable", said);
                match error.kind() {
                    // Without a running server a command of root works as the owner of the data directory.
                    std::io::ErrorKind::PermissionDenied => failure
                        .hint("the owner of the data directory must be able to read it; or start the server first"),
                    _ => failure,
                }
            }
            NotGathered::Archive(Unusable::Damaged(_)) => Failure::failed("import-archive-damaged", said),
            NotGathered::Archive(Unusable::Refused(_)) => Failure::refused("import-archive-refused", said),
            NotGathered::NoExport(_) => Failure::failed("import-not-an-export", said),
        }
    })
}

/// Saves the searches of an export, once its notebooks are there.
fn saved_searches(api: &LocalApi, email: &str, found: &Gathered) -> Result<SearchesReport, Failure> {
    let searches = found.saved_searches();
    if searches.is_empty() {
        return Ok(SearchesReport::default());
    }
    let ask = Ask::post("/local/v1/import/saved-searches", &json!({ "email": email, "saved_searches": searches }));
    serde_json::from_value(api.call(ask)?)
        .map_err(|e| Failure::failed("answer-unreadable", format!("the server's answer: {e}")))
}

/// Makes the notebooks of an export.
fn notebooks(api: &LocalApi, email: &str, found: &mut Gathered) -> Result<NotebooksReport, Failure> {
    let mut all = NotebooksReport::default();
    let unreadable = |e: serde_json::Error| Failure::failed("answer-unreadable", format!("the server's answer: {e}"));
    let mut became = HashMap::new();
    for batch in found.notebooks().chunks(BATCH_NOTEBOOKS) {
        let now = |id| became.get(&id).copied().unwrap_or(id);
        let batch: Vec<Notebook> = batch
            .iter()
            .map(|notebook| Notebook { parent_id: notebook.parent_id.map(now), ..notebook.clone() })
            .collect();
        let ask = Ask::post("/local/v1/import/notebooks", &json!({ "email": email, "notebooks": batch }));
        let report: NotebooksReport = serde_json::from_value(api.call(ask)?).map_err(unreadable)?;
        all.made += report.made;
        became.extend(report.became);
        all.remarks.extend(report.remarks);
    }
    found.became(became);
    Ok(all)
}

/// Plans every file and hands the notes over in batches.
fn work<F>(mut found: Gathered, context: &Context, hand_over: F) -> Result<Tally, Failure>
where
    F: FnMut(&[String]) -> Result<Value, Failure>,
{
    let progress = Progress::begin(context.output, "importing", found.files);
    let tally = Tally { skipped: std::mem::take(&mut found.skipped), unnamed: found.unnamed, ..Tally::default() };
    let mut sending = Sending { tally, progress, batch: Batch::default(), hand_over };
    found.each::<Failure>(|file| {
        match file {
            Err(skipped) => sending.tally.skipped.push(skipped),
            Ok(note) => sending.push(written(&note)?)?,
        }
        sending.batch.files += 1;
        Ok(())
    })?;
    // Also without a note, so that a wrong address does not pass unnoticed.
    sending.flush()?;
    sending.tally.skipped.sort_by(|a, b| a.source.cmp(&b.source));
    Ok(sending.tally)
}

impl From<Unusable> for Failure {
    /// The archive is another one than it was a moment ago.
    fn from(why: Unusable) -> Self {
        Self::failed("import-archive-damaged", format!("the archive cannot be read to its end: {why}"))
            .hint("run it again when this is mended: what was imported is not added twice")
    }
}

/// Notes on their way, and what came of those that went.
struct Sending<F> {
    tally: Tally,
    progress: Progress,
    batch: Batch,
    hand_over: F,
}

impl<F: FnMut(&[String]) -> Result<Value, Failure>> Sending<F> {
    fn push(&mut self, note: String) -> Result<(), Failure> {
        if self.batch.is_full_with(&note) {
            self.flush()?;
        }
        self.tally.planned += 1;
        self.batch.bytes += note.len() + 1;
        self.batch.notes.push(note);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Failure> {
        let batch = std::mem::take(&mut self.batch);
        let tally = &mut self.tally;
        let answer = (self.hand_over)(&batch.notes).map_err(|failure| Failure {
            message: format!("{} (after {} notes)", failure.message, tally.imported + tally.unchanged),
            hint: failure
                .hint
                .or(Some("run it again when this is mended: what was imported is not added twice".into())),
            ..failure
        })?;
        let count = |name: &str| answer.get(name).and_then(Value::as_u64).unwrap_or(0);
        tally.imported += count("imported");
        tally.unchanged += count("unchanged");
        let list = |name: &str| answer.get(name).and_then(Value::as_array).into_iter().flatten();
        tally.remarks.extend(list("remarks").cloned());
        for refused in list("refused") {
            let reason = Reason::Refused(text(refused, "detail"));
            tally.skipped.push(Skipped { source: text(refused, "source"), reason });
        }
        self.progress.advance(batch.files);
        Ok(())
    }
}

fn written(note: &PlannedNote) -> Result<String, Failure> {
    serde_json::to_string(note).map_err(|e| Failure::failed("import-unwritable", format!("{}: {e}", note.source)))
}

/// Notes as JSON, on their way.
#[derive(Debug, Default)]
struct Batch {
    notes: Vec<String>,
    bytes: usize,
    /// Files that were looked at for it.
    files: u64,
}

impl Batch {
    fn is_full_with(&self, next: &str) -> bool {
        !self.notes.is_empty() && (self.notes.len() == BATCH_NOTES || self.bytes + next.len() > BATCH_BYTES)
    }
}

fn send(api: &LocalApi, email: &str, notes: &[String]) -> Result<Value, Failure> {
    let body = format!("{{\"email\":{},\"notes\":[{}]}}", Value::from(email), notes.join(","));
    api.call(Ask { method: hyper::Method::POST, path: "/local/v1/import".to_owned(), body: body.into_bytes() })
}

fn report(args: &Args, tally: &Tally) -> String {
    let skipped_in_all = tally.skipped.len() as u64 + tally.unnamed;
    let notebooks = if tally.notebooks > 0 { format!(" {} notebooks,", tally.notebooks) } else { String::new() };
    let notebooks = match tally.saved_searches {
        0 => notebooks,
        searches => format!("{notebooks} {searches} saved searches,"),
    };
    let mut text = if args.dry_run {
        format!("{} notes would be imported,{notebooks} {skipped_in_all} files skipped.\n", tally.planned)
    } else {
        format!(
            "{} notes imported, {} were there already,{notebooks} {skipped_in_all} files skipped.\n",
            tally.imported, tally.unchanged
        )
    };
    text.push_str(&skipped(&tally.skipped));
    if tally.unnamed > 0 {
        text.push_str(&format!("Skipped, too many to name: {}\n", tally.unnamed));
    }
    let remarks: Vec<String> =
        tally.remarks.iter().map(|r| format!("{}: {}", self::text(r, "source"), self::text(r, "detail"))).collect();
    let remarks: Vec<&str> = remarks.iter().map(String::as_str).collect();
    text + &some("Imported with a change", &remarks)
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Reason by reason, the first files of each.
fn skipped(skipped: &[Skipped]) -> String {
    let mut reasons: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for file in skipped {
        reasons.entry(file.reason.to_string()).or_default().push(&file.source);
    }
    reasons.iter().map(|(reason, files)| some(&format!("Skipped, {reason}"), files)).collect()
}

/// How many there are, and the first of them.
fn some(what: &str, items: &[&str]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let mut text = format!("{}: {}\n", printable(what), items.len());
    for item in items.iter().take(NAMED) {
        text.push_str(&format!("  {}\n", printable(item)));
    }
    if items.len() > NAMED {
        text.push_str(&format!("  and {} more (--json names all)\n", items.len() - NAMED));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::output::Output;
    use crate::config::{Environment, Flags, resolve};

    fn context() -> Context {
        let settings = resolve(&Flags::new(), &Environment::given([("HOME", "/nowhere")], [])).unwrap();
        Context { config: settings.config, output: Output::new(true), open: |_, _, _, _| unreachable!() }
    }

    fn folder(files: &[(&str, usize)]) -> tempfile::TempDir {
        let temp = tempfile::tempdir().unwrap();
        for (name, size) in files {
            std::fs::write(temp.path().join(name), "x".repeat(*size)).unwrap();
        }
        temp
    }

    fn batches(folder: &Path) -> (Vec<usize>, Tally) {
        let mut sizes = Vec::new();
        let tally = work(look(folder, import::Format::Auto).unwrap(), &context(), |batch| {
            sizes.push(batch.len());
            Ok(json!({ "imported": batch.len(), "unchanged": 0, "remarks": [], "refused": [] }))
        });
        (sizes, tally.unwrap())
    }

    #[test]
    fn notes_go_out_in_batches_of_bounded_count_and_size() {
        let names: Vec<String> = (0..450).map(|n| format!("{n:03}.md")).collect();
        let temp = folder(&names.iter().map(|n| (n.as_str(), 1)).collect::<Vec<_>>());
        let (sizes, tally) = batches(temp.path());
        assert_eq!((sizes, tally.imported), (vec![200, 200, 50], 450));

        let mib = 1024 * 1024;
        let temp = folder(&[("a.md", mib), ("b.md", mib), ("c.md", mib), ("d.md", mib), ("e.md", 1)]);
        assert_eq!(batches(temp.path()).0, [3, 2]);
    }

    #[test]
    fn an_empty_folder_is_still_asked_about() {
        assert_eq!(batches(folder(&[("a.txt", 1)]).path()).0, [0]);
    }

    #[test]
    fn a_failure_on_the_way_says_how_far_it_came() {
        let names: Vec<String> = (0..250).map(|n| format!("{n:03}.md")).collect();
        let temp = folder(&names.iter().map(|n| (n.as_str(), 1)).collect::<Vec<_>>());
        let mut calls = 0;
        let failure = work(look(temp.path(), import::Format::Auto).unwrap(), &context(), |batch| {
            calls += 1;
            if calls == 2 {
                Err(Failure::failed("storage-full", "the disk is full"))
            } else {
                Ok(json!({ "imported": batch.len() }))
            }
        });
        let failure = failure.unwrap_err();
        assert_eq!(
            (failure.slug.as_ref(), failure.message.as_str()),
            ("storage-full", "the disk is full (after 200 notes)")
        );
    }

    #[test]
    fn the_report_names_some_files_and_counts_all() {
        let files: Vec<Skipped> =
            (0..12).map(|n| Skipped { source: format!("{n}.txt"), reason: Reason::NotMarkdown }).collect();
        let text = skipped(&files);
        assert!(text.starts_with("Skipped, not Markdown: 12\n  0.txt\n"), "{text}");
        assert!(text.ends_with("  9.txt\n  and 2 more (--json names all)\n"), "{text}");
    }
}
