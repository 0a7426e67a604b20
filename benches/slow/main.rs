//! Measures what thousands of slow connections cost somebody who reads their notes.
//!
//! ```text
//! cargo build --release && cargo bench --bench slow -- [--quick] [--json FILE] [--binary FILE] [--connections N]
//! ```
//!
//! `slowhttptest` (a package of Debian) opens the connections: heads that do not end, bodies that do not end, answers that are read a few bytes
//! at a time. Beside them a person reads notes at a steady pace, on kept connections and on a new one for each note, which has to
//! get in first. Wants as many open files as there are connections (`ulimit -n`).

#![allow(unreachable_pub, reason = "a program of its own, where nothing is reachable from outside")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../../tests/support/outside/mod.rs"]
mod outside;

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use common::figures::Latencies;
use common::report::Report;
use common::{Options, say};
use outside::account::Account;
use outside::process::{Server, Setting};
use outside::wire::{Connection, Raw};

/// Of a hundred reads, the slowest but five, in milliseconds.
const AIM: f64 = 500.0;
const READERS: usize = 10;
const READ_EVERY: Duration = Duration::from_millis(50);
const NOTES: usize = 200;
/// Connections that `slowhttptest` opens in a second.
const RATE: usize = 1000;

/// What comes beside the reads, and the arguments by which `slowhttptest` does it.
const ATTACKS: [(&str, &[&str], &str); 4] = [
    ("nothing", &[], ""),
    ("slow heads", &["-H", "-i", "5", "-t", "GET"], "/api/v1/notes"),
    ("slow bodies", &["-B", "-i", "5", "-s", "8192", "-f", "application/json"], "/api/v1/auth/login"),
    ("slow reading", &["-X", "-n", "5", "-w", "1", "-y", "64", "-z", "16", "-k", "3"], "/api/openapi.json"),
];

fn main() -> Result<()> {
    common::measure("slow", &["--connections"], measure)
}

async fn measure(options: &Options, folder: &Path, report: &mut Report) -> Result<()> {
    let connections: usize = options.number("--connections", 1000, 4000)?;
    let time = Duration::from_secs(if options.quick { 5 } else { 20 });
    report.setting(
        "Attack",
        format!("slowhttptest with {connections} connections, {RATE} more a second, for the whole time"),
    );
    report.setting(
        "Reads",
        format!(
            "{READERS} readers, one each {READ_EVERY:?}, half of them on a new connection each time; {time:?} each"
        ),
    );
    ensure!(inkstone_files() > connections + 500, "too few open files are allowed: ulimit -n {}", connections + 1000);

    let setting = Setting::new(&options.binary, folder.join("data"), folder.join("server.log"));
    let server = Server::start(&setting).await?;
    let owner = Account::register(server.address, "owner@example.com").await?;
    let notes = fill(server.address, &owner).await?;

    report.section("Reads beside", &["connections open", "p50, ms", "p95, ms", "p99, ms", "server, MiB"]);
    for (name, arguments, path) in ATTACKS {
        say(name);
        let attack = Attack::start(arguments, path, server.address, connections, time)?;
        let open = attack.wait_for(&server, connections).await?;
        let latencies = read(server.address, &notes, time).await?;
        let memory = server.memory()?.resident as f64 / f64::from(1 << 20);
        attack.stop()?;
        report.row(name, &[open as f64, latencies.p50, latencies.p95, latencies.p99, memory]);
        report.at_most(format!("p95 of reads beside {name}, ms"), latencies.p95, AIM);
    }
    server.terminate().await?;
    Ok(())
}

/// How many files a process may have open, by this one.
fn inkstone_files() -> usize {
    rustix::process::getrlimit(rustix::process::Resource::Nofile)
        .current
        .map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX))
}

struct Attack(Option<Child>);

impl Attack {
    fn start(arguments: &[&str], path: &str, address: SocketAddr, connections: usize, time: Duration) -> Result<Self> {
        if arguments.is_empty() {
            return Ok(Self(None));
        }
        let length = time.as_secs() + 60;
        let child = Command::new("slowhttptest")
            .args(arguments)
            .args(["-c", &connections.to_string(), "-r", &RATE.to_string(), "-l", &length.to_string(), "-p", "3"])
            .args(["-v", "0", "-u", &format!("http://{address}{path}")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("slowhttptest cannot be started: apt-get install slowhttptest")?;
        Ok(Self(Some(child)))
    }

    /// Until nearly all of them are there, or no more come; how many there are.
    async fn wait_for(&self, server: &Server, connections: usize) -> Result<usize> {
        if self.0.is_none() {
            return Ok(0);
        }
        let begun = Instant::now();
        let mut most = 0;
        while begun.elapsed() < Duration::from_secs(10) {
            most = most.max(sockets(server)?);
            if most * 100 >= connections * 95 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(most)
    }

    fn stop(self) -> Result<()> {
        if let Some(mut child) = self.0 {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }
}

/// Sockets that the server has open.
fn sockets(server: &Server) -> Result<usize> {
    let files = std::fs::read_dir(format!("/proc/{}/fd", server.id()))?;
    let targets = files.filter_map(|file| std::fs::read_link(file.ok()?.path()).ok());
    Ok(targets.filter(|target| target.to_string_lossy().starts_with("socket:")).count())
}

async fn fill(address: SocketAddr, owner: &Account) -> Result<Vec<Raw>> {
    let mut connection = Connection::open(address).await?;
    let mut notes = Vec::new();
    for number in 0..NOTES {
        let note = json!({ "body": format!("# Note {number}\n\n{}", "Words that somebody wrote. ".repeat(40)) });
        let answer = connection.exchange(&owner.request("POST", "/api/v1/notes", Some(&note))).await?;
        ensure!(answer.status == 201, "a note was not made: {}", answer.status);
        let id = answer.json()?["id"].as_str().context("a note without an id")?.to_owned();
        notes.push(owner.request("GET", &format!("/api/v1/notes/{id}"), None));
    }
    Ok(notes)
}

/// Reads at a steady pace. A read that fails has taken as long as its reader would have waited.
async fn read(address: SocketAddr, notes: &[Raw], time: Duration) -> Result<Latencies> {
    let mut readers = JoinSet::new();
    for reader in 0..READERS {
        let notes = notes.to_vec();
        readers.spawn(async move {
            let mut kept = None;
            let mut took = Vec::new();
            let mut ticks = interval(READ_EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let begin = Instant::now();
            for at in reader.. {
                if begin.elapsed() >= time {
                    break;
                }
                ticks.tick().await;
                let sent = Instant::now();
                let one = async {
                    let mut connection = match kept.take() {
                        Some(connection) => connection,
                        None => Connection::open(address).await?,
                    };
                    let status = connection.exchange(&notes[at * 7 % notes.len()]).await?.status;
                    anyhow::Ok((connection, status))
                };
                match tokio::time::timeout(Duration::from_secs(10), one).await {
                    Ok(Ok((connection, 200))) => {
                        took.push(sent.elapsed().as_secs_f64() * 1e3);
                        kept = (reader % 2 == 0).then_some(connection);
                    }
                    // A person's browser connects again; what that cost counts as a wait of ten seconds.
                    _ => took.push(10_000.0),
                }
            }
            anyhow::Ok(took)
        });
    }
    let mut all = Vec::new();
    while let Some(took) = readers.join_next().await {
        all.extend(took??);
    }
    Ok(Latencies::of(all))
}
