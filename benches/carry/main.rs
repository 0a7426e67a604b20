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
#![allow(dead_code, reason = "shares files with the other benches, and uses a part of each")]

#[path = "../../tests/support/outside/mod.rs"]
mod outside;

mod command;
mod compare;
#[path = "../serve/figures.rs"]
mod figures;
#[path = "../serve/machine.rs"]
mod machine;
#[path = "../serve/report.rs"]
mod report;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use command::{Ran, run};
use outside::account::PASSWORD;
use outside::corpus::Corpus;
use outside::process::{Server, Setting};
use report::Report;

/// Whose notes they are, on both servers.
const ADA: &str = "ada@example.com";

/// What the command line asks for.
struct Wish {
    binary: PathBuf,
    folder: Option<PathBuf>,
    json: Option<PathBuf>,
    notes: usize,
}

impl Wish {
    fn read() -> Result<Option<Self>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut wish = Self {
            binary: std::env::var_os("INKSTONE_BIN")
                .map_or_else(|| root.join("target/release/inkstone"), PathBuf::from),
            folder: None,
            json: None,
            notes: 50_000,
        };
        let (mut asked, mut arguments) = (false, std::env::args().skip(1));
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().with_context(|| format!("{argument} wants a value"));
            match argument.as_str() {
                "--bench" => asked = true,
                "--quick" => wish.notes = 5_000,
                "--notes" => wish.notes = value()?.parse()?,
                "--folder" => wish.folder = Some(root.join(value()?)),
                "--json" => wish.json = Some(root.join(value()?)),
                "--binary" => wish.binary = root.join(value()?),
                other => bail!("unknown argument `{other}`"),
            }
        }
        Ok(asked.then_some(wish))
    }
}

fn main() -> Result<()> {
    let Some(wish) = Wish::read()? else {
        println!("measures under `cargo bench` only");
        return Ok(());
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("carry-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let report = runtime.block_on(measure(&wish, &folder));
    // What a failed run leaves behind explains it.
    let report = report.with_context(|| format!("data and log are kept in {}", folder.display()))?;
    std::fs::remove_dir_all(&folder)?;
    println!("\n{}", report.markdown());
    if let Some(file) = &wish.json {
        std::fs::write(file, serde_json::to_vec_pretty(&report.json())?)?;
    }
    Ok(())
}

async fn measure(wish: &Wish, folder: &Path) -> Result<Report> {
    ensure!(wish.binary.exists(), "{} is missing: run `cargo build --release` first", wish.binary.display());
    let mut report = Report::default();
    machine::describe(&mut report, &wish.binary, folder)?;
    let files = match &wish.folder {
        Some(files) => files.clone(),
        None => generate(&folder.join("files"), wish.notes)?,
    };
    let setting = |name: &str| Setting::new(&wish.binary, folder.join(name), folder.join(format!("{name}.log")));
    let (first, second, third) = (setting("first"), setting("second"), setting("third"));
    let zip = folder.join("notes.zip");

    say("importing a folder beside a server");
    let mut server = open(&first).await?;
    let folder_in = watched(&server, &first, &["import", text(&files)?, "--user", ADA])?;
    ensure!(folder_in.number("refused") == 0.0, "{}", folder_in.result);
    let notes = folder_in.number("imported");

    say("exporting beside the server, which was started anew");
    server.terminate().await?;
    server = Server::start(&first).await?;
    let out = watched(&server, &first, &["export", "--user", ADA, "--to", text(&zip)?])?;
    ensure!(out.number("notes") == notes, "{} of {notes} notes", out.result);

    say("importing the export into an empty server");
    let other = open(&second).await?;
    let back = watched(&other, &second, &["import", text(&zip)?, "--user", ADA])?;
    ensure!(back.number("imported") == notes, "{} of {notes} notes", back.result);

    say("comparing them over the API");
    let compared = compare::servers(&server, &other, ADA).await?;
    ensure!(compared == notes as usize, "{compared} notes compared of {notes}");
    let again = watched(&other, &second, &["import", text(&zip)?, "--user", ADA])?;
    ensure!(again.number("imported") == 0.0, "a second import added {}", again.result);
    server.terminate().await?;
    other.terminate().await?;

    say("the same without a server");
    let alone = run(&wish.binary, &first.data, &["export", "--user", ADA, "--to", text(&zip)?, "--overwrite"])?;
    open(&third).await?.terminate().await?;
    let alone_back = run(&wish.binary, &third.data, &["import", text(&zip)?, "--user", ADA])?;
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
    Ok(report)
}

/// A server on an empty store, with one account.
async fn open(setting: &Setting) -> Result<Server> {
    let server = Server::start(setting).await?;
    command::create_account(&setting.binary, &setting.data, ADA, PASSWORD)?;
    Ok(server)
}

/// Runs a command beside a server and sees how large both become.
fn watched(server: &Server, setting: &Setting, arguments: &[&str]) -> Result<Ran> {
    server.forget_peak()?;
    let ran = run(&setting.binary, &setting.data, arguments)?;
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

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is not UTF-8")
}

/// Progress goes to standard error: the report alone is the output.
fn say(what: &str) {
    eprintln!("carry: {what}");
}
