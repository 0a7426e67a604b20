//! Measures backups of a store of about a gigabyte with the release binary, beside a server under load.
//!
//! ```text
//! cargo build --release && cargo bench --bench backup -- [--quick] [--json FILE] [--binary FILE] [--megabytes N] [--rounds N]
//! ```
//!
//! Calm and backup take turns, so that a slow minute of the machine slows both. Whoever writes is one client at a fixed rate, far
//! below what the server can do: the question is how long a person waits, not how much a benchmark loses to a neighbour.

#![allow(unreachable_pub, reason = "a program of its own, where nothing is reachable from outside")]

#[allow(dead_code, reason = "shared with `serve`, which uses more of it")]
#[path = "../serve/figures.rs"]
mod figures;
#[path = "../serve/machine.rs"]
mod machine;
#[path = "../../tests/support/outside/mod.rs"]
mod outside;
#[allow(dead_code, reason = "shared with `serve`, which uses more of it")]
#[path = "../serve/report.rs"]
mod report;
mod writing;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use figures::{Latencies, median};
use outside::process::{Server, Setting};
use report::Report;
use writing::{Writer, fill};

/// What the command line asks for.
struct Wish {
    binary: PathBuf,
    json: Option<PathBuf>,
    megabytes: u64,
    rounds: usize,
}

impl Wish {
    fn read() -> Result<Option<Self>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let binary =
            std::env::var_os("INKSTONE_BIN").map_or_else(|| root.join("target/release/inkstone"), PathBuf::from);
        let mut wish = Self { binary, json: None, megabytes: 1000, rounds: 3 };
        let (mut asked, mut arguments) = (false, std::env::args().skip(1));
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().with_context(|| format!("{argument} wants a value"));
            match argument.as_str() {
                "--bench" => asked = true,
                "--quick" => (wish.megabytes, wish.rounds) = (100, 2),
                "--json" => wish.json = Some(root.join(value()?)),
                "--binary" => wish.binary = root.join(value()?),
                "--megabytes" => wish.megabytes = value()?.parse()?,
                "--rounds" => wish.rounds = value()?.parse()?,
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
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("backup-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let report = runtime.block_on(measure(&wish, &folder));
    let report = report.with_context(|| format!("data and log are kept in {}", folder.display()))?;
    std::fs::remove_dir_all(&folder)?;
    println!("\n{}", report.markdown());
    if let Some(file) = &wish.json {
        std::fs::write(file, serde_json::to_vec_pretty(&report.json())?)?;
    }
    Ok(())
}

/// One command of the binary: how long it took, and the most memory that it had, in MB.
struct Ran {
    seconds: f64,
    megabytes: f64,
    answer: Value,
}

/// Runs a command beside whatever else goes on.
async fn run(binary: &Path, arguments: &[&str]) -> Result<Ran> {
    let begin = Instant::now();
    let mut child = Command::new(binary).args(arguments).arg("--json").stdout(Stdio::piped()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0_f64;
    while child.try_wait()?.is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let high = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        peak = peak.max(high.unwrap_or(0.0) / 1024.0);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let seconds = begin.elapsed().as_secs_f64();
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "{arguments:?} failed");
    Ok(Ran { seconds, megabytes: peak, answer: serde_json::from_slice(&output.stdout)? })
}

async fn measure(wish: &Wish, folder: &Path) -> Result<Report> {
    ensure!(wish.binary.exists(), "{} is missing: run `cargo build --release` first", wish.binary.display());
    let mut report = Report::default();
    machine::describe(&mut report, &wish.binary, folder)?;
    let data = folder.join("data");
    let setting = Setting::new(&wish.binary, &data, folder.join("server.log"));

    say(&format!("filling a store of {} MB", wish.megabytes));
    let server = Server::start(&setting).await?;
    let writer = Writer::register(server.address).await?;
    server.terminate().await?;
    let notes = fill(&data.join("inkstone.db"), wish.megabytes)?;
    let size = std::fs::metadata(data.join("inkstone.db"))?.len();
    report.setting("Store", format!("{notes} notes of about 165 words, {} MB", size >> 20));
    // What was put in from outside is no change to follow: the index is built anew, and only then is it calm.
    std::fs::remove_dir_all(data.join("index"))?;
    let server = Server::start(&setting).await?;
    writer.returns(server.address).await?;
    say("waiting for the index");
    indexed(&wish.binary, &data).await?;
    server.idle(Duration::from_secs(30)).await?;

    let (mut calm, mut beside, mut taken, mut memory) = (Vec::new(), Vec::new(), Vec::new(), 0.0_f64);
    let mut archive = String::new();
    let folder_text = data.to_str().context("a path that is not UTF-8")?;
    for round in 0..wish.rounds {
        say(&format!("round {} of {}", round + 1, wish.rounds));
        let backup = async {
            let ran = run(&wish.binary, &["backup", "create", "--data-dir", folder_text]).await?;
            Ok::<_, anyhow::Error>(ran)
        };
        let (ran, waits) = writer.during(backup).await?;
        let ran = ran?;
        let pause = Duration::from_secs_f64(ran.seconds);
        let ((), quiet) = writer.during(tokio::time::sleep(pause)).await?;
        calm.push(Latencies::of(quiet));
        beside.push(Latencies::of(waits));
        taken.push(ran.seconds);
        memory = memory.max(ran.megabytes);
        if !archive.is_empty() {
            std::fs::remove_file(&archive)?;
        }
        ran.answer["archive"].as_str().context("no archive")?.clone_into(&mut archive);
    }
    server.terminate().await?;

    say("verify and restore");
    let (mut verify, mut restore, mut indexed) = (Vec::new(), Vec::new(), Vec::new());
    let (mut verify_memory, mut restore_memory) = (0.0_f64, 0.0_f64);
    let target = folder.join("restored");
    let target_text = target.to_str().context("a path that is not UTF-8")?;
    for round in 0..wish.rounds {
        let ran = run(&wish.binary, &["backup", "verify", &archive]).await?;
        verify_memory = verify_memory.max(ran.megabytes);
        verify.push(ran.seconds);
        let ran = run(&wish.binary, &["restore", &archive, "--data-dir", target_text, "--index-later"]).await?;
        restore_memory = restore_memory.max(ran.megabytes);
        restore.push(ran.seconds);
        std::fs::remove_dir_all(&target)?;
        // Minutes of tantivy: once is enough to know.
        if round == 0 {
            indexed.push(run(&wish.binary, &["restore", &archive, "--data-dir", target_text]).await?.seconds);
            std::fs::remove_dir_all(&target)?;
        }
    }

    let (create, verify, restore) = (median(taken), median(verify), median(restore));
    report.section("Command", &["s", "most memory MB"]);
    report.row("backup create, beside a server that is written to", &[create, memory]);
    report.row("backup verify", &[verify, verify_memory]);
    report.row("restore --index-later", &[restore, restore_memory]);
    report.row("restore, index and all", &[median(indexed), f64::NAN]);
    report.section("Archive", &["MB"]);
    report.row("of the store", &[(std::fs::metadata(&archive)?.len() >> 10) as f64 / 1024.0]);
    report.section("A note is written, 50 a second", &["p50 ms", "p95 ms", "p99 ms"]);
    let of = |all: &[Latencies], pick: fn(&Latencies) -> f64| median(all.iter().map(pick));
    for (name, all) in [("calm", &calm), ("during a backup", &beside)] {
        report.row(name, &[of(all, |l| l.p50), of(all, |l| l.p95), of(all, |l| l.p99)]);
    }
    report.at_most("backup create, s", create, 20.0);
    report.at_most("write p99 during a backup to calm", of(&beside, |l| l.p99) / of(&calm, |l| l.p99), 2.0);
    report.at_most("backup verify, s", verify, 60.0);
    report.at_most("restore until it can be served, s", restore, 60.0);
    Ok(report)
}

async fn indexed(binary: &Path, data: &Path) -> Result<()> {
    let data = data.to_str().context("a path that is not UTF-8")?;
    let until = Instant::now() + Duration::from_secs(900);
    while Instant::now() < until {
        if run(binary, &["index", "status", "--data-dir", data]).await?.answer["state"] == "ready" {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    bail!("the index was not ready within 15 minutes")
}

/// Progress goes to standard error: the report alone is the output.
fn say(what: &str) {
    eprintln!("backup: {what}");
}
