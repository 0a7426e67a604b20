//! `inkstone import`: a folder of Markdown becomes notes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde_json::{Value, json};

use super::Context;
use super::door::Ask;
use super::failure::Failure;
use super::local::{Expect, LocalApi};
use super::output::printable;
use super::progress::Progress;
use crate::import::{PlannedNote, Reason, Skipped, Walk, plan, walk};

/// Bring a folder of Markdown files in as notes. A second run over the same files adds nothing.
///
/// Front matter gives title, tags and times; folders become notebooks; a file without front matter keeps its own time.
/// Nothing in the folder is changed.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder, or a single file.
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
    /// By the names of the files.
    Auto,
    /// Markdown files with optional front matter.
    Markdown,
}

/// Notes in one request.
const BATCH_NOTES: usize = 200;
/// Bytes of JSON in one request. A note of its own may be larger.
const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// Skipped files that are named one by one to a person, for each reason.
const NAMED: usize = 10;

/// What came of it.
#[derive(Debug, Default)]
struct Tally {
    imported: u64,
    unchanged: u64,
    planned: u64,
    skipped: Vec<Skipped>,
    remarks: Vec<Value>,
}

/// Reads and sends in turns, so that the size of the folder does not matter to memory.
pub(super) fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    // One format so far: both words mean it.
    let (Format::Auto | Format::Markdown) = args.format;
    let tally = match &args.user {
        Some(email) if !args.dry_run => context.local(Expect::Store, |api| {
            let found = look(&args.path)?;
            work(found, context, |batch| send(api, email, batch))
        })?,
        Some(_) | None => work(look(&args.path)?, context, |_| Ok(Value::Null))?,
    };
    let value = json!({
        "dry_run": args.dry_run,
        "planned": tally.planned,
        "imported": tally.imported,
        "unchanged": tally.unchanged,
        "skipped": tally.skipped,
        "remarks": tally.remarks,
    });
    context.output.result(&value, || report(args, &tally))
}

fn look(path: &Path) -> Result<Walk, Failure> {
    walk(path).map_err(|error| {
        let failure = Failure::failed("import-path-unreadable", format!("cannot read {}: {error}", path.display()));
        match error.kind() {
            // Without a running server a command of root works as the owner of the data directory.
            std::io::ErrorKind::PermissionDenied => {
                failure.hint("the owner of the data directory must be able to read it; or start the server first")
            }
            _ => failure,
        }
    })
}

/// Plans every file and hands the notes over in batches.
fn work<F>(found: Walk, context: &Context, hand_over: F) -> Result<Tally, Failure>
where
    F: FnMut(&[String]) -> Result<Value, Failure>,
{
    let progress = Progress::begin(context.output, "importing", found.files.len() as u64);
    let tally = Tally { skipped: found.skipped, ..Tally::default() };
    let mut sending = Sending { tally, progress, batch: Batch::default(), hand_over };
    for file in found.files {
        match file.read().and_then(|content| plan(&file.source, file.modified, content)) {
            Err(reason) => sending.tally.skipped.push(Skipped { source: file.source, reason }),
            Ok(note) => sending.push(written(&note)?)?,
        }
        sending.batch.files += 1;
    }
    // Also without a note, so that a wrong address does not pass unnoticed.
    sending.flush()?;
    sending.tally.skipped.sort_by(|a, b| a.source.cmp(&b.source));
    Ok(sending.tally)
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
    let mut text = if args.dry_run {
        format!("{} notes would be imported, {} files skipped.\n", tally.planned, tally.skipped.len())
    } else {
        format!(
            "{} notes imported, {} were there already, {} files skipped.\n",
            tally.imported,
            tally.unchanged,
            tally.skipped.len()
        )
    };
    text.push_str(&skipped(&tally.skipped));
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
        let tally = work(look(folder).unwrap(), &context(), |batch| {
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
        let failure = work(look(temp.path()).unwrap(), &context(), |batch| {
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
