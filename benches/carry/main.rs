//! Carries notes out of the release binary and back, and compares what came back with what was there.
//!
//! ```text
//! cargo build --release && cargo bench --bench carry -- [--quick] [--notes N] [--folder DIR] [--json FILE] [--binary FILE]
//! ```
//!
//! A folder of Markdown (generated, or a real one) is imported into one server, exported, and imported into a second, empty one; then
//! every note and notebook is compared over the API. Beside it stands what the machine needs for the compression alone. Nothing fails
//! because something is slow: the aims are printed with PASS or MISS. A difference is a failure.

#![allow(unreachable_pub, reason = "a program of its own, where nothing is reachable from outside")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../../tests/support/outside/mod.rs"]
mod outside;

mod compare;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, ensure};

use common::command::{self, Ran, run};
use common::figures::megabytes;
use common::report::Report;
use common::{Options, root, say, text};
use outside::account::PASSWORD;
use outside::corpus::Corpus;
use outside::process::{Server, Setting};

/// Whose notes they are, on both servers.
const ADA: &str = "ada@example.com";

fn main() -> Result<()> {
    common::measure("carry", &["--notes", "--folder"], measure)
}

async fn measure(options: &Options, folder: &Path, report: &mut Report) -> Result<()> {
    let files = match options.own("--folder") {
        Some(files) => root().join(files),
        None => generate(&folder.join("files"), options.number("--notes", 5_000, 50_000)?)?,
    };
    let setting = |name: &str| Setting::new(&options.binary, folder.join(name), folder.join(format!("{name}.log")));
    let (first, second, third) = (setting("first"), setting("second"), setting("third"));
    let zip = folder.join("notes.zip");

    say("importing a folder beside a server");
    let mut server = open(&first).await?;
    let folder_in = watched(&server, &first, &["import", text(&files)?, "--user", ADA]).await?;
    ensure!(folder_in.number("refused") == 0.0, "{}", folder_in.result);
    let notes = folder_in.number("imported");

    say("exporting beside the server, which was started anew");
    server.terminate().await?;
    server = Server::start(&first).await?;
    let out = watched(&server, &first, &["export", "--user", ADA, "--to", text(&zip)?]).await?;
    ensure!(out.number("notes") == notes, "{} of {notes} notes", out.result);

    say("importing the export into an empty server");
    let other = open(&second).await?;
    let back = watched(&other, &second, &["import", text(&zip)?, "--user", ADA]).await?;
    ensure!(back.number("imported") == notes, "{} of {notes} notes", back.result);

    say("comparing them over the API");
    let compared = compare::servers(&server, &other, ADA).await?;
    ensure!(compared == notes as usize, "{compared} notes compared of {notes}");
    let again = watched(&other, &second, &["import", text(&zip)?, "--user", ADA]).await?;
    ensure!(again.number("imported") == 0.0, "a second import added {}", again.result);
    server.terminate().await?;
    other.terminate().await?;

    say("the same without a server");
    let alone = on(&first, &["export", "--user", ADA, "--to", text(&zip)?, "--overwrite"]).await?;
    open(&third).await?.terminate().await?;
    let alone_back = on(&third, &["import", text(&zip)?, "--user", ADA]).await?;
    let packing = compression_alone(&files)?;

    report.setting(
        "Notes",
        format!("{notes}, {:.0} MB of Markdown, {:.0} MB as a zip", packing.1, out.number("bytes") / 1e6),
    );
    report.setting("Compared over the API", format!("{compared} notes and all notebooks, equal"));
    report.section("", &["notes per s", "seconds", "command's peak MB", "server's peak MB"]);
    for (name, ran) in [
        ("import of the folder, beside a server", &folder_in),
        ("export, beside a server", &out),
        ("import of the export, beside a server", &back),
        ("the same again, nothing to do", &again),
        ("export, without a server", &alone),
        ("import of the export, without a server", &alone_back),
    ] {
        report.row(
            name,
            &[notes / ran.seconds, ran.seconds, megabytes(ran.peak), ran.server.map_or(f64::NAN, megabytes)],
        );
    }
    report.row("compression alone, one thread", &[notes / packing.0, packing.0, f64::NAN, f64::NAN]);
    report.at_least("export beside a server, notes per s", notes / out.seconds, 10_000.0);
    report.at_most(
        "export beside a server: command and server, peak MB",
        megabytes(out.peak + out.server.unwrap_or(0)),
        100.0,
    );
    report.at_most("export without a server, peak MB", megabytes(alone.peak), 100.0);
    report.at_most("import of 50,000 files, s", folder_in.seconds * 50_000.0 / notes, 60.0);
    Ok(())
}

/// A server on an empty store, with one account.
async fn open(setting: &Setting) -> Result<Server> {
    let server = Server::start(setting).await?;
    command::create_account(&setting.binary, &setting.data, ADA, PASSWORD)?;
    Ok(server)
}

/// Runs a command on a data directory.
async fn on(setting: &Setting, arguments: &[&str]) -> Result<Ran> {
    run(&setting.binary, &[arguments, &["--data-dir", text(&setting.data)?]].concat()).await
}

/// Runs a command beside a server and sees how large both become.
async fn watched(server: &Server, setting: &Setting, arguments: &[&str]) -> Result<Ran> {
    server.forget_peak()?;
    let ran = on(setting, arguments).await?;
    Ok(Ran { server: Some(server.memory()?.peak), ..ran })
}

/// Markdown with front matter in two levels of folders.
fn generate(into: &Path, notes: usize) -> Result<PathBuf> {
    let mut corpus = Corpus::new(11);
    for n in 0..notes {
        let folder = into.join(format!("area {}/project {}", n % 7, n % 41));
        if n < 7 * 41 {
            std::fs::create_dir_all(&folder)?;
        }
        let draft = corpus.draft();
        let tags = draft.tags.join(", ");
        std::fs::write(folder.join(format!("{n}.md")), format!("---\ntags: [{tags}]\n---\n{}", draft.body))?;
    }
    Ok(into.to_owned())
}

/// Seconds to compress every Markdown file of the folder, one by one, and their megabytes.
fn compression_alone(files: &Path) -> Result<(f64, f64)> {
    let (mut seconds, mut bytes) = (0.0, 0);
    for entry in walkdir::WalkDir::new(files) {
        let entry = entry?;
        if entry.file_type().is_file() && entry.path().extension().is_some_and(|ending| ending == "md") {
            let text = std::fs::read(entry.path())?;
            let begin = Instant::now();
            let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
            packer.write_all(&text)?;
            packer.finish()?;
            seconds += begin.elapsed().as_secs_f64();
            bytes += text.len();
        }
    }
    Ok((seconds, bytes as f64 / 1e6))
}
