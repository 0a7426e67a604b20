//! Starting with all the notes there, the memory of an idle server, the size of the binary, and how soon a new note is found.

use std::time::Duration;

use anyhow::Result;

use crate::Wish;
use crate::common::figures::{median, megabytes as mb};
use crate::common::report::Report;
use crate::common::stage::{Stage, indexed};
use crate::outside::process::{Server, Setting};
use crate::outside::wire::Connection;

/// Starts and new notes that are measured.
const TIMES: usize = 5;

/// Restarts the server and writes what it takes; `peak` is the most memory that the load has needed.
pub async fn run(
    server: Server,
    setting: &Setting,
    stage: &Stage,
    wish: &Wish,
    peak: u64,
    report: &mut Report,
) -> Result<()> {
    let peak = peak.max(server.memory()?.peak);
    server.idle(Duration::from_secs(30)).await?;
    let after_load = server.memory()?;
    let ask = stage.real_request(&server).await?;
    let mut server = server;
    let (mut starts, mut ends, mut after_kill) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TIMES {
        ends.push(server.terminate().await?.as_secs_f64() * 1e3);
        server = Server::spawn(setting)?;
        starts.push(server.first_success(&ask).await?.as_secs_f64() * 1e3);
        server.ready().await?;
    }
    for _ in 0..TIMES {
        server.kill()?;
        server = Server::spawn(setting)?;
        after_kill.push(server.first_success(&ask).await?.as_secs_f64() * 1e3);
        server.ready().await?;
    }
    indexed(&server).await?;
    server.idle(Duration::from_secs(60)).await?;
    let untouched = server.memory()?;
    // What an idle server has behind it in life: somebody has listed and searched.
    let mut connection = Connection::open(server.address).await?;
    for target in ["/api/v1/notes?limit=50", "/api/v1/tags", "/api/v1/search?q=the", "/api/v1/search?q=some+notes"] {
        stage.searcher.get(&mut connection, target).await?;
    }
    let mut found = Vec::new();
    for number in 0..TIMES * 2 {
        server.idle(Duration::from_secs(5)).await?;
        found.push(stage.until_found(&server, number).await?);
    }
    server.idle(Duration::from_secs(30)).await?;
    let idle = server.memory()?;
    let size = std::fs::metadata(&wish.binary)?.len();
    server.terminate().await?;

    report.section("Start and end", &["median ms", "longest ms"]);
    let longest = |all: &[f64]| all.iter().copied().fold(f64::NAN, f64::max);
    for (name, all) in [
        ("start to the first note read (200), ended gently before", &starts),
        ("the same after kill -9", &after_kill),
        ("SIGTERM to the end", &ends),
        ("a new note until search finds it, idle", &found),
    ] {
        report.row(name, &[median(all.iter().copied()), longest(all)]);
    }
    report.section("Memory and size", &["MB", "of it no file's", "proportional"]);
    let dash = f64::NAN;
    report.row(
        "resident after start, untouched",
        &[mb(untouched.resident), mb(untouched.anonymous), mb(untouched.proportional)],
    );
    report.row(
        "resident idle, after lists and searches",
        &[mb(idle.resident), mb(idle.anonymous), mb(idle.proportional)],
    );
    report.row(
        "resident idle, after the load",
        &[mb(after_load.resident), mb(after_load.anonymous), mb(after_load.proportional)],
    );
    report.row("most resident under load", &[mb(peak), dash, dash]);
    report.row("binary", &[mb(size), dash, dash]);
    report.at_most("first 200 after start, ms", median(starts), 150.0);
    report.at_most("resident idle, MB", mb(idle.resident), 60.0);
    report.at_most("most resident under load, MB", mb(peak), 250.0);
    report.at_most("binary, MB", mb(size), 30.0);
    report.at_most("a new note is found, idle, ms", median(found), 300.0);
    Ok(())
}
