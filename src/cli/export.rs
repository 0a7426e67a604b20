//! `inkstone export`: everything that a person has, as a zip of Markdown files.
//!
//! Owns the file: it appears under its name when it is whole and on disk, and not before.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::Context;
use super::door::Ask;
use super::failure::Failure;
use super::local::{Expect, LocalApi};
use super::progress::Progress;
use crate::export::Summary;
use crate::export::frames::{Frame, Frames};

/// Take all notes of an account away: a zip of Markdown files, with notebooks as folders. `inkstone import` brings them back as they
/// were.
///
/// The archive shows one moment; whoever writes meanwhile does not wait.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address of the account whose notes are exported.
    #[arg(long)]
    user: String,
    /// The file to write; `-` is standard output.
    #[arg(long, value_name = "FILE.zip")]
    to: PathBuf,
    /// Put it in the place of a file that is there already.
    #[arg(long)]
    overwrite: bool,
}

/// Asks for the archive and writes it down as it comes.
pub(super) fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    if args.to == Path::new("-") {
        return to_standard_output(args, context);
    }
    if !args.overwrite && args.to.symlink_metadata().is_ok() {
        return Err(exists(&args.to));
    }
    let summary = {
        let mut target = None;
        let summary = fetch(args, context, |data| {
            let target = match &mut target {
                Some(target) => target,
                None => target.insert(Unfinished::beside(&args.to)?),
            };
            target.file.write_all(data).map_err(|e| unwritable(&target.path, &e))
        })?;
        let target = target.ok_or_else(|| broken_off(""))?;
        target.finish(&args.to, args.overwrite)?;
        summary
    };
    let value = json!({
        "file": args.to,
        "notes": summary.notes,
        "notebooks": summary.notebooks,
        "bytes": summary.bytes,
        "change": summary.change,
    });
    context.output.result(&value, || told(&summary, &args.to.display().to_string()))
}

fn to_standard_output(args: &Args, context: &Context) -> Result<(), Failure> {
    if context.output.is_json() {
        return Err(Failure::usage(
            "export-two-results",
            "standard output is taken by the archive, so there is no --json",
        ));
    }
    let mut out = io::stdout();
    if out.is_terminal() {
        return Err(Failure::usage("export-to-terminal", "an archive is not for a terminal")
            .hint("redirect it to a file, or name one with --to"));
    }
    let summary = fetch(args, context, |data| {
        out.write_all(data).map_err(|e| Failure::failed("export-unwritable", format!("cannot write the archive: {e}")))
    })?;
    out.flush().map_err(|e| Failure::failed("export-unwritable", format!("cannot write the archive: {e}")))?;
    context.output.remark(told(&summary, "standard output").trim_end());
    Ok(())
}

fn told(summary: &Summary, to: &str) -> String {
    let Summary { notes, notebooks, bytes, .. } = summary;
    format!("{notes} notes and {notebooks} notebooks exported to {to} ({:.1} MB).\n", *bytes as f64 / 1e6)
}

/// Hands the archive over as it comes; answers when it is whole.
fn fetch(args: &Args, context: &Context, write: impl FnMut(&[u8]) -> Result<(), Failure>) -> Result<Summary, Failure> {
    context.local(Expect::Store, |api| {
        let mut progress = Progress::begin(context.output, "exporting", 0);
        receive(api, &args.user, |done, total| progress.at(done, total), write)
    })
}

fn receive(
    api: &LocalApi,
    email: &str,
    mut told: impl FnMut(u64, u64),
    mut write: impl FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<Summary, Failure> {
    let mut frames = Frames::default();
    let done = api.stream(Ask::post("/local/v1/export", &json!({ "email": email })), |piece| {
        frames.push(piece);
        let unreadable = |e| {
            Failure::failed("answer-unreadable", format!("{e}"))
                .hint("is the server of the same version as this command?")
        };
        while let Some(frame) = frames.next_frame().map_err(unreadable)? {
            match frame {
                Frame::Data(data) => write(&data)?,
                Frame::Progress(done, total) => told(done, total),
                Frame::Done(summary) => return Ok(ControlFlow::Break(summary)),
                Frame::Failed(failure) => return Err(broken_off(&format!(": {}", failure.detail))),
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    done.ok_or_else(|| broken_off(""))
}

fn broken_off(why: &str) -> Failure {
    Failure::failed("export-broken-off", format!("the export ended before it was whole{why}"))
}

fn exists(path: &Path) -> Failure {
    Failure::refused("export-file-exists", format!("{} is there already", path.display()))
        .hint("choose another name, or say --overwrite")
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::failed("export-unwritable", format!("cannot write {}: {error}", path.display()));
    match error.kind() {
        // Without a running server a command of root works as the owner of the data directory.
        io::ErrorKind::PermissionDenied => failure.hint(
            "without a running server the owner of the data directory must be able to write there; or use `--to -` and redirect",
        ),
        _ => failure,
    }
}

/// A file that is not whole yet, under another name. It goes when it is dropped.
#[derive(Debug)]
struct Unfinished {
    file: File,
    path: PathBuf,
}

impl Unfinished {
    /// In the folder of `target`, so that taking its name is one step.
    fn beside(target: &Path) -> Result<Self, Failure> {
        let mut name = OsString::from(".");
        name.push(target.file_name().unwrap_or(target.as_os_str()));
        for n in 0..100 {
            let mut name = name.clone();
            name.push(format!(".{n}.part"));
            let path = target.with_file_name(name);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Self { file, path }),
                // Of a command that was killed, or of one at work.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(unwritable(target, &error)),
            }
        }
        Err(Failure::failed(
            "export-unwritable",
            format!("there are too many unfinished copies of {}", target.display()),
        ))
    }

    /// On disk, then under its name.
    fn finish(self, target: &Path, overwrite: bool) -> Result<(), Failure> {
        let said = |e: io::Error| unwritable(target, &e);
        self.file.sync_all().map_err(said)?;
        if overwrite {
            fs::rename(&self.path, target).map_err(said)?;
        } else {
            // A second name for the file never takes the place of another file, as a new name would.
            match fs::hard_link(&self.path, target) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(exists(target)),
                // File systems of sticks and cards know no second names.
                Err(_) if target.symlink_metadata().is_ok() => return Err(exists(target)),
                Err(_) => fs::rename(&self.path, target).map_err(said)?,
            }
        }
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Not every system lets a folder be flushed; the file itself is on disk.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::door::{Answer, Door, NoAnswer, Pending};
    use crate::export::frames;

    /// Answers with these bytes.
    struct Says(u16, Vec<u8>);

    impl Door for Says {
        fn send(&self, _: Ask) -> Pending<'_, Result<Answer, NoAnswer>> {
            Box::pin(async { Ok(Answer { status: self.0, body: self.1.clone() }) })
        }

        fn close(self: Box<Self>) -> Pending<'static, ()> {
            Box::pin(async {})
        }
    }

    fn received(status: u16, body: Vec<u8>) -> (Result<Summary, Failure>, Vec<u8>, (u64, u64)) {
        let (mut data, mut told) = (Vec::new(), (0, 0));
        let api = LocalApi::over(Box::new(Says(status, body))).unwrap();
        let outcome = receive(
            &api,
            "ada@example.org",
            |done, total| told = (done, total),
            |piece| {
                data.extend_from_slice(piece);
                Ok(())
            },
        );
        (outcome, data, told)
    }

    #[test]
    fn an_archive_counts_as_whole_only_when_the_server_has_said_so() {
        let summary = Summary { notes: 2, notebooks: 0, bytes: 6, change: 9 };
        let whole =
            [frames::data(b"abc"), frames::progress(2, 2), frames::data(b"def"), frames::end(&Ok(summary))].concat();
        assert_eq!(received(200, whole.clone()), (Ok(summary), b"abcdef".to_vec(), (2, 2)));
        let cut = received(200, whole[..whole.len() - 1].to_vec()).0.unwrap_err();
        assert_eq!(cut.slug, "export-broken-off");
        let failure = frames::Failure { detail: "the disk is full".into() };
        let failed = received(200, [frames::data(b"abc"), frames::end(&Err(failure))].concat()).0.unwrap_err();
        assert_eq!(
            (failed.slug.as_ref(), failed.message.as_str()),
            ("export-broken-off", "the export ended before it was whole: the disk is full")
        );
        assert_eq!(received(200, b"<html>".to_vec()).0.unwrap_err().slug, "answer-unreadable");
        assert_eq!(received(404, br#"{"type":"not-found"}"#.to_vec()).0.unwrap_err().slug, "not-found");
    }

    #[test]
    fn a_file_appears_whole_and_never_in_the_place_of_another() {
        let temp = tempfile::tempdir().unwrap();
        let target = temp.path().join("a.zip");
        let write = |text: &str, overwrite| {
            let mut file = Unfinished::beside(&target).unwrap();
            file.file.write_all(text.as_bytes()).unwrap();
            file.finish(&target, overwrite)
        };
        write("one", false).unwrap();
        assert_eq!(write("two", false).unwrap_err().slug, "export-file-exists");
        assert_eq!(fs::read_to_string(&target).unwrap(), "one");
        write("three", true).unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "three");
        drop(Unfinished::beside(&target).unwrap());
        let left: Vec<_> = fs::read_dir(temp.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(left, ["a.zip"], "nothing unfinished is left");
    }
}
