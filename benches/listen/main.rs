//! Measures what listeners of event streams cost, and how soon they hear of a change.
//!
//! ```text
//! cargo build --release && cargo bench --bench listen -- [--quick] [--json FILE] [--binary FILE] [--listeners N]
//! ```
//!
//! Each account has as many listeners as it may; all sockets are on loopback. Memory is the server's resident size, so what the
//! kernel keeps for a socket is not in it.

#![allow(unreachable_pub, reason = "a program of its own, where nothing is reachable from outside")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../../tests/support/outside/mod.rs"]
mod outside;

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use inkstone::feed::subscribers::MOST_OF_ONE;
use serde_json::json;
use tokio::sync::mpsc;

use common::figures::{median, megabytes as mb};
use common::report::Report;
use common::{Options, say};
use outside::account::Account;
use outside::process::{Server, Setting};
use outside::wire::{Connection, Raw};

/// What 5,000 idle listeners may take of the server's memory, in MB.
const AIM_MB: f64 = 100.0;
/// How long a change may take to all listeners of its owner, in milliseconds.
const AIM_MS: f64 = 1000.0;

/// Longer than the longest silence of a stream.
const TWO_BEATS: Duration = Duration::from_secs(45);
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two changes, so that one is not gathered up with the one before.
const QUIET: Duration = Duration::from_millis(200);

fn main() -> Result<()> {
    common::measure("listen", &["--listeners"], measure)
}

async fn measure(options: &Options, folder: &Path, report: &mut Report) -> Result<()> {
    let listeners: usize = options.number("--listeners", 500, 5000)?;
    let files = inkstone::host::open_files();
    ensure!(files > listeners + 100, "{files} open files are too few here; raise the hard limit (`ulimit -Hn`)");
    report.setting("Listeners", format!("{listeners}, {MOST_OF_ONE} to an account, HTTP/1.1 without TLS"));

    let setting = Setting::new(&options.binary, folder.join("data"), folder.join("server.log"));
    let server = Server::start(&setting).await?;
    let count = listeners.div_ceil(MOST_OF_ONE);
    say(&format!("signing {count} accounts up"));
    let mut accounts = Vec::new();
    for number in 0..count {
        accounts.push(Account::register(server.address, &format!("listener{number}@example.com")).await?);
    }
    let writer = Account::register(server.address, "writer@example.com").await?;
    server.idle(PATIENCE).await?;
    // What hashing the passwords took goes back to the system.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let before = server.memory()?;

    say("opening the streams");
    let (heard, mut hears) = mpsc::unbounded_channel();
    let begin = Instant::now();
    for at in 0..listeners {
        let account = at % count;
        let ask = accounts[account].request("GET", "/api/v1/events", None);
        listen(server.address, &ask, account, heard.clone()).await?;
    }
    let opening = begin.elapsed().as_secs_f64();
    ensure!(server.metric("inkstone_event_streams").await? >= listeners as f64, "not all streams are open");
    server.idle(Duration::from_secs(5)).await?;
    let at_once = server.memory()?;
    let (cpu, begin) = (server.cpu_seconds()?, Instant::now());
    tokio::time::sleep(TWO_BEATS).await;
    let idling = (server.cpu_seconds()? - cpu) / begin.elapsed().as_secs_f64();
    let idle = server.memory()?;

    say("a change for each of some accounts");
    let mut connection = Connection::open(server.address).await?;
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for account in (0..count).step_by((count / 50).max(1)) {
        tokio::time::sleep(QUIET).await;
        let expected = (0..listeners).filter(|at| at % count == account).count();
        let begin = Instant::now();
        create(&mut connection, &accounts[account]).await?;
        let mut times = Vec::new();
        while times.len() < expected {
            match tokio::time::timeout(PATIENCE, hears.recv()).await {
                Ok(Some((who, at))) if who == account => times.push(at.duration_since(begin).as_secs_f64() * 1e3),
                Ok(Some(_)) => bail!("somebody heard of another one's change"),
                Ok(None) | Err(_) => bail!("{} of {expected} listeners heard nothing", expected - times.len()),
            }
        }
        first.push(times.iter().copied().fold(f64::INFINITY, f64::min));
        last.push(times.iter().copied().fold(0.0, f64::max));
    }
    say("writes that concern nobody who listens");
    let (cpu, begin) = (server.cpu_seconds()?, Instant::now());
    const WRITES: usize = 500;
    for _ in 0..WRITES {
        create(&mut connection, &writer).await?;
    }
    let writing = (WRITES as f64 / begin.elapsed().as_secs_f64(), (server.cpu_seconds()? - cpu) * 2.0);
    ensure!(hears.try_recv().is_err(), "somebody heard of the writer's notes");
    say("stopping with all streams open");
    let end = server.terminate().await?;

    report.section("Memory of the server", &["MB", "of it no file's"]);
    for (name, memory) in
        [("before", &before), ("with all listeners", &at_once), ("the same after 45 s without a change", &idle)]
    {
        report.row(name, &[mb(memory.resident), mb(memory.anonymous)]);
    }
    let cost = mb(idle.resident) - mb(before.resident);
    report.section("Listeners", &["value"]);
    report.row("all of them, MB", &[cost]);
    report.row("each, KB", &[cost * 1e3 / listeners as f64]);
    report.row("opened, per s", &[listeners as f64 / opening]);
    report.row("CPU of the server while all idle, s per s", &[idling]);
    report.row("writes for others, one at a time, per s", &[writing.0]);
    report.row("the same, server CPU s per 1,000", &[writing.1]);
    report.row("SIGTERM to the end, ms", &[end.as_secs_f64() * 1e3]);
    report.section("From sending a note to hearing of it, ms", &["median", "longest"]);
    let longest = |all: &[f64]| all.iter().copied().fold(0.0, f64::max);
    report.row("the first of the account's listeners", &[median(first.iter().copied()), longest(&first)]);
    report.row("the last of them", &[median(last.iter().copied()), longest(&last)]);
    if listeners >= 5000 {
        report.at_most("memory of 5,000 idle listeners, MB", cost * 5000.0 / listeners as f64, AIM_MB);
    }
    report.at_most("longest time to the last listener, ms", longest(&last), AIM_MS);
    Ok(())
}

/// Opens a stream; says when a change comes on it, for as long as it lasts.
async fn listen(
    address: SocketAddr,
    ask: &Raw,
    account: usize,
    heard: mpsc::UnboundedSender<(usize, Instant)>,
) -> Result<()> {
    let mut connection = Connection::open(address).await?;
    connection.listen(ask).await?;
    tokio::time::timeout(PATIENCE, connection.hear("event: hello")).await??;
    tokio::spawn(async move {
        while connection.hear("event: change").await.is_ok() {
            let _ = heard.send((account, Instant::now()));
        }
    });
    Ok(())
}

async fn create(connection: &mut Connection, account: &Account) -> Result<()> {
    let note = json!({ "title": "New", "body": "Something new." });
    let answer = connection.exchange(&account.request("POST", "/api/v1/notes", Some(&note))).await?;
    ensure!(answer.status == 201, "a note was not made: {}", answer.status);
    Ok(())
}
