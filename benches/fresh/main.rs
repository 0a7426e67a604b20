//! Measures how long it takes from the acknowledgement of a write until search finds it: on an idle server, and while others write.
//!
//! ```text
//! cargo build --release && cargo bench --bench fresh -- [--quick] [--json FILE] [--binary FILE] [--notes N] [--writes N] [--seconds N]
//! ```
//!
//! Whoever waits asks again and again, so a figure holds the time of one search and at most a millisecond between two. The writes
//! of the others come at set times over many connections, whether or not the ones before were answered: a server that cannot keep up is
//! not asked more gently, but its rate says so.

#![allow(unreachable_pub, reason = "a program of its own, where nothing is reachable from outside")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../../tests/support/outside/mod.rs"]
mod outside;

use std::cell::Cell;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use futures_util::future::join_all;
use serde_json::json;
use tokio::task::{JoinSet, LocalSet};

use common::figures::Latencies;
use common::report::Report;
use common::stage::{self, Stage};
use common::{Options, say};
use outside::account::Account;
use outside::process::{Server, Setting};
use outside::wire::Connection;

/// How long a note may take to be found while nobody else writes, and while a thousand a second are written; milliseconds, 99 of 100.
const AIM_IDLE: f64 = 50.0;
const AIM_LOADED: f64 = 2000.0;

/// Over how many connections the others write: a write waits for its turn in a commit, and the next one must not wait for that.
const CONNECTIONS: usize = 64;
/// How many accounts they are.
const WRITERS: usize = 16;
/// How many wait for a note of theirs at a time while the others write.
const PROBES: usize = 8;
/// Between two notes that are waited for on the idle server, so that each comes after a quiet time.
const QUIET: Duration = Duration::from_millis(300);

fn main() -> Result<()> {
    common::measure("fresh", &["--notes", "--writes", "--seconds"], measure)
}

async fn measure(options: &Options, folder: &Path, report: &mut Report) -> Result<()> {
    let notes: usize = options.number("--notes", 10_000, 100_000)?;
    let rate: usize = options.number("--writes", 1_000, 1_000)?;
    let time = Duration::from_secs(options.number("--seconds", 5, 10)?);
    ensure!(rate > 0, "--writes wants at least one a second");
    report.setting("Notes in the index", format!("{notes}; others write {rate} a second for {time:?}"));

    let setting = Setting::new(&options.binary, folder.join("data"), folder.join("server.log"));
    say(&format!("filling a store with {notes} notes through the API"));
    let server = Server::start(&setting).await?;
    let stage = Stage::set(&server, notes).await?;
    let mut writers = Vec::new();
    for number in 0..WRITERS {
        writers.push(Account::register(server.address, &format!("other{number}@example.com")).await?);
    }
    stage::indexed(&server).await?;
    server.idle(Duration::from_secs(60)).await?;

    say("notes on an idle server");
    let mut idle = Vec::new();
    for number in 0..if options.quick { 20 } else { 100 } {
        tokio::time::sleep(QUIET).await;
        idle.push(stage.until_found(&server, number).await?);
    }
    say("notes while others write");
    let going = Rc::new(Cell::new(true));
    let load = async {
        let load = write_at_set_times(&server, &writers, rate, time).await;
        going.set(false);
        load
    };
    let (stage, served, goes_on) = (&stage, &server, &going);
    let probes = (1..=PROBES).map(|probe| async move {
        let mut times = Vec::new();
        while goes_on.get() {
            times.push(stage.until_found(served, probe * 1_000_000 + times.len()).await?);
        }
        anyhow::Ok(times)
    });
    let (load, loaded) = tokio::join!(load, join_all(probes));
    let (load, loaded) = (load?, loaded.into_iter().collect::<Result<Vec<_>>>()?.concat());
    let begin = Instant::now();
    stage::indexed(&server).await?;
    let behind = begin.elapsed();
    server.terminate().await?;

    report.section("From the acknowledgement to the first search that finds it, ms", &["p50", "p99", "max", "notes"]);
    let mut p99 = Vec::new();
    for (name, times) in [("idle", idle), ("while others write", loaded)] {
        let (count, longest) = (times.len() as f64, times.iter().copied().fold(0.0, f64::max));
        let figures = Latencies::of(times);
        report.row(name, &[figures.p50, figures.p99, longest, count]);
        p99.push(figures.p99);
    }
    report.section("What the others wrote", &["value"]);
    report.row("notes a second", &[load.rate]);
    report.row("from its set time to its acknowledgement, p50, ms", &[load.latencies.p50]);
    report.row("the same, p99", &[load.latencies.p99]);
    report.row("until the index had all of it after the last one, ms", &[behind.as_secs_f64() * 1e3]);
    report.at_most("idle, p99, ms", p99[0], AIM_IDLE);
    report.at_most("while others write, p99, ms", p99[1], AIM_LOADED);
    Ok(())
}

struct Load {
    rate: f64,
    latencies: Latencies,
}

/// `rate` notes a second for `time`, each at its own moment.
async fn write_at_set_times(server: &Server, writers: &[Account], rate: usize, time: Duration) -> Result<Load> {
    let all = rate * usize::try_from(time.as_secs())?;
    let next = Rc::new(Cell::new(0));
    let local = LocalSet::new();
    let mut tasks = JoinSet::new();
    let mut open = Vec::new();
    for _ in 0..CONNECTIONS {
        open.push(Connection::open(server.address).await?);
    }
    let begin = Instant::now();
    for mut connection in open {
        let (next, writers) = (next.clone(), writers.to_vec());
        tasks.spawn_local_on(
            async move {
                let mut latencies = Vec::new();
                loop {
                    let number = next.get();
                    if number >= all {
                        return anyhow::Ok(latencies);
                    }
                    next.set(number + 1);
                    let due = begin + Duration::from_secs_f64(number as f64 / rate as f64);
                    tokio::time::sleep_until(due.into()).await;
                    let body =
                        format!("Number {number} of those that are written while somebody waits for another one.");
                    let note = json!({ "title": format!("Load {number}"), "body": body, "tags": ["load"] });
                    let ask = writers[number % writers.len()].request("POST", "/api/v1/notes", Some(&note));
                    let status = connection.exchange(&ask).await?.status;
                    ensure!(status == 201, "a note was not made: {status}");
                    latencies.push(due.elapsed().as_secs_f64() * 1e3);
                }
            },
            &local,
        );
    }
    let ended = local.run_until(tasks.join_all()).await;
    let seconds = begin.elapsed().as_secs_f64();
    let latencies: Vec<f64> = ended.into_iter().collect::<Result<Vec<_>>>()?.concat();
    Ok(Load { rate: latencies.len() as f64 / seconds, latencies: Latencies::of(latencies) })
}
