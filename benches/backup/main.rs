//! Measures backups of a store of about a gigabyte with the release binary, beside a server under load.
//!
//! ```text
//! cargo build --release && cargo bench --bench backup -- [--quick] [--json FILE] [--binary FILE] [--megabytes N] [--rounds N]
//! ```
//!
//! Calm and backup take turns, so that a slow minute of the machine slows both. Whoever writes is one client at a fixed rate, far
//! below what the server can do: the question is how long a person waits, not how much a benchmark loses to a neighbour.

#![allow(unreachable_pub, reason = "a program of its own, where nothing is reachable from outside")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../../tests/support/outside/mod.rs"]
mod outside;
mod writing;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use common::command::run;
use common::figures::{Latencies, median, megabytes};
use common::report::Report;
use common::{Options, say, text};
use outside::process::{Server, Setting};
use writing::{Writer, fill};

fn main() -> Result<()> {
    common::measure("backup", &["--megabytes", "--rounds"], measure)
}

async fn measure(options: &Options, folder: &Path, report: &mut Report) -> Result<()> {
    let (wanted, rounds) = (options.number("--megabytes", 100, 1000)?, options.number("--rounds", 2, 3)?);
    let binary = &options.binary;
    let data = folder.join("data");
    let setting = Setting::new(binary, &data, folder.join("server.log"));

    say(&format!("filling a store of {wanted} MB"));
    let server = Server::start(&setting).await?;
    let writer = Writer::register(server.address).await?;
    server.terminate().await?;
    let notes = fill(&data.join("inkstone.db"), wanted)?;
    let size = std::fs::metadata(data.join("inkstone.db"))?.len();
    report.setting("Store", format!("{notes} notes of about 165 words, {} MB", size >> 20));
    // What was put in from outside is no change to follow: the index is built anew, and only then is it calm.
    std::fs::remove_dir_all(data.join("index"))?;
    let server = Server::start(&setting).await?;
    writer.returns(server.address).await?;
    say("waiting for the index");
    indexed(binary, &data).await?;
    server.idle(Duration::from_secs(30)).await?;

    let (mut calm, mut beside, mut taken, mut memory) = (Vec::new(), Vec::new(), Vec::new(), 0);
    let mut archive = String::new();
    let folder_text = text(&data)?;
    for round in 0..rounds {
        say(&format!("round {} of {}", round + 1, rounds));
        let backup = async {
            let ran = run(binary, &["backup", "create", "--data-dir", folder_text]).await?;
            Ok::<_, anyhow::Error>(ran)
        };
        let (ran, waits) = writer.during(backup).await?;
        let ran = ran?;
        let pause = Duration::from_secs_f64(ran.seconds);
        let ((), quiet) = writer.during(tokio::time::sleep(pause)).await?;
        calm.push(Latencies::of(quiet));
        beside.push(Latencies::of(waits));
        taken.push(ran.seconds);
        memory = memory.max(ran.peak);
        if !archive.is_empty() {
            std::fs::remove_file(&archive)?;
        }
        ran.result["archive"].as_str().context("no archive")?.clone_into(&mut archive);
    }
    server.terminate().await?;

    say("verify and restore");
    let (mut verify, mut restore, mut indexed) = (Vec::new(), Vec::new(), Vec::new());
    let (mut verify_memory, mut restore_memory) = (0, 0);
    let target = folder.join("restored");
    let target_text = text(&target)?;
    for round in 0..rounds {
        let ran = run(binary, &["backup", "verify", &archive]).await?;
        verify_memory = verify_memory.max(ran.peak);
        verify.push(ran.seconds);
        let ran = run(binary, &["restore", &archive, "--data-dir", target_text, "--index-later"]).await?;
        restore_memory = restore_memory.max(ran.peak);
        restore.push(ran.seconds);
        std::fs::remove_dir_all(&target)?;
        // A minute of tantivy: once is enough to know.
        if round == 0 {
            indexed.push(run(binary, &["restore", &archive, "--data-dir", target_text]).await?.seconds);
            std::fs::remove_dir_all(&target)?;
        }
    }

    let (create, verify, restore) = (median(taken), median(verify), median(restore));
    report.section("Command", &["s", "most memory MB"]);
    report.row("backup create, beside a server that is written to", &[create, megabytes(memory)]);
    report.row("backup verify", &[verify, megabytes(verify_memory)]);
    report.row("restore --index-later", &[restore, megabytes(restore_memory)]);
    let indexed = median(indexed);
    report.row("restore, index and all", &[indexed, f64::NAN]);
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
    report.at_most("restore, index and all, s", indexed, 60.0);
    Ok(())
}

async fn indexed(binary: &Path, data: &Path) -> Result<()> {
    let data = text(data)?;
    let until = Instant::now() + Duration::from_secs(900);
    while Instant::now() < until {
        if run(binary, &["index", "status", "--data-dir", data]).await?.result["state"] == "ready" {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    bail!("the index was not ready within 15 minutes")
}
