//! Measures what a flood of sign-ins costs those who read their notes.
//!
//! ```text
//! cargo build --release && cargo bench --bench flood -- [--quick] [--json FILE] [--binary FILE] [--attempts N] [--rounds N]
//! ```
//!
//! Reads come at a steady pace far below what the server can do. Beside them, in turns within each round: nothing; as many requests of the
//! lightest kind as there will be attempts, which is what any flood costs; and the attempts, half of them at accounts that exist. Throttling
//! is off, as if each attempt came from an address of its own, so all that holds them back is the bound on hashing. The floods come from a
//! thread of their own: what is measured is not the client's queue.

#![allow(unreachable_pub, reason = "a program of its own, where nothing is reachable from outside")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../../tests/support/outside/mod.rs"]
mod outside;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use common::figures::{Latencies, median};
use common::report::Report;
use common::{Options, say};
use outside::account::Account;
use outside::process::{Server, Setting};
use outside::wire::{Connection, Raw, request};

/// How much slower a read may be, of a hundred the slowest but one.
const AIM: f64 = 2.0;
/// How many people read, and how often each.
const READERS: usize = 16;
const READ_EVERY: Duration = Duration::from_millis(32);
/// How many of the flood come on one connection in a second.
const EACH: usize = 2;
const NOTES: usize = 500;

fn main() -> Result<()> {
    common::measure("flood", &["--attempts", "--rounds"], measure)
}

async fn measure(options: &Options, folder: &Path, report: &mut Report) -> Result<()> {
    let attempts: usize = options.number("--attempts", 1000, 1000)?;
    let rounds: usize = options.number("--rounds", 2, 7)?;
    let time = Duration::from_secs(if options.quick { 2 } else { 8 });
    report.setting("Flood", format!("{attempts} a second from {} connections", attempts / EACH));
    report.setting("Reads", format!("{READERS} readers, one each {READ_EVERY:?}; {rounds} rounds of {time:?} each"));

    let setting = Setting::new(&options.binary, folder.join("data"), folder.join("server.log"));
    let server = Server::start(&setting).await?;
    let owner = Account::register(server.address, "owner@example.com").await?;
    let notes = fill(server.address, &owner).await?;

    let mut rows: Vec<(&str, Flood, Vec<Latencies>, Vec<Told>)> = vec![
        ("nothing", Flood::none(), Vec::new(), Vec::new()),
        ("light requests", Flood::light(attempts), Vec::new(), Vec::new()),
        ("sign-ins", Flood::sign_ins(attempts), Vec::new(), Vec::new()),
    ];
    for round in 0..rounds {
        say(&format!("round {} of {rounds}", round + 1));
        for (_, flood, latencies, told) in &mut rows {
            let running = flood.start(server.address)?;
            latencies.push(read(server.address, &notes, time).await?);
            told.push(running.stop()?);
        }
    }
    server.terminate().await?;

    report.section("Reads beside", &["p50, ms", "p95, ms", "p99, ms"]);
    for (name, _, all, _) in &rows {
        let of = |take: fn(&Latencies) -> f64| median(all.iter().map(take));
        report.row(*name, &[of(|l| l.p50), of(|l| l.p95), of(|l| l.p99)]);
    }
    report.section("The flood, a second", &["sent", "answered", "refused as busy"]);
    for (name, _, _, told) in &rows[1..] {
        let of = |take: fn(&Told) -> f64| median(told.iter().map(take));
        report.row(*name, &[of(|t| t.sent), of(|t| t.answered), of(|t| t.busy)]);
    }
    // Within each round, so that a slow minute of the machine is in both.
    let slower = |at: usize| median(rows[at].2.iter().zip(&rows[0].2).map(|(with, without)| with.p99 / without.p99));
    report.at_most("p99 of reads beside sign-ins to beside nothing", slower(2), AIM);
    report.at_least("attempts sent of those wanted", median(rows[2].3.iter().map(|t| t.sent)) / attempts as f64, 0.95);
    Ok(())
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

/// Reads at a steady pace.
async fn read(address: SocketAddr, notes: &[Raw], time: Duration) -> Result<Latencies> {
    let mut readers = JoinSet::new();
    for reader in 0..READERS {
        let notes = notes.to_vec();
        readers.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut took = Vec::new();
            tokio::time::sleep(READ_EVERY * u32::try_from(reader)? / u32::try_from(READERS)?).await;
            let mut ticks = interval(READ_EVERY);
            // Late is late: what was not asked for in time is not asked for all at once.
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let begin = Instant::now();
            for at in reader.. {
                if begin.elapsed() >= time {
                    break;
                }
                ticks.tick().await;
                let sent = Instant::now();
                let answer = connection.exchange(&notes[at * 7 % notes.len()]).await?;
                ensure!(answer.status == 200, "a read was answered with {}", answer.status);
                took.push(sent.elapsed().as_secs_f64() * 1e3);
            }
            Ok(took)
        });
    }
    let mut all = Vec::new();
    while let Some(took) = readers.join_next().await {
        all.extend(took??);
    }
    Ok(Latencies::of(all))
}

/// What comes beside the reads.
struct Flood {
    requests: Arc<Vec<Raw>>,
    connections: usize,
}

/// What became of it, each a second.
struct Told {
    sent: f64,
    answered: f64,
    busy: f64,
}

impl Flood {
    fn none() -> Self {
        Self { requests: Arc::default(), connections: 0 }
    }

    fn light(a_second: usize) -> Self {
        Self { requests: Arc::new(vec![request("GET", "/healthz", &[], None)]), connections: a_second / EACH }
    }

    fn sign_ins(a_second: usize) -> Self {
        let attempt = |number: usize| {
            let email = match number % 2 {
                0 => "owner@example.com".to_owned(),
                _ => format!("nobody{number}@example.com"),
            };
            let body = json!({ "email": email, "password": format!("a guess {number:06}") });
            request("POST", "/api/v1/auth/login", &[], Some(&body))
        };
        Self { requests: Arc::new((0..1000).map(attempt).collect()), connections: a_second / EACH }
    }

    /// Begins; the connections are open when this returns.
    fn start(&self, address: SocketAddr) -> Result<Running> {
        let counts = Arc::new(Counts::default());
        let (requests, connections, shared) = (self.requests.clone(), self.connections, counts.clone());
        let (ready, begun) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(flood(address, requests, connections, shared, ready))
        });
        begun.recv().context("the flood has not begun")?;
        Ok(Running { counts, begin: Instant::now(), thread })
    }
}

#[derive(Default)]
struct Counts {
    over: AtomicBool,
    sent: AtomicUsize,
    answered: AtomicUsize,
    busy: AtomicUsize,
}

struct Running {
    counts: Arc<Counts>,
    begin: Instant,
    thread: std::thread::JoinHandle<Result<()>>,
}

impl Running {
    fn stop(self) -> Result<Told> {
        let seconds = self.begin.elapsed().as_secs_f64();
        let each = |count: &AtomicUsize| count.load(Ordering::Relaxed) as f64 / seconds;
        let told = Told {
            sent: each(&self.counts.sent),
            answered: each(&self.counts.answered),
            busy: each(&self.counts.busy),
        };
        self.counts.over.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| anyhow!("the flood's thread panicked"))??;
        Ok(told)
    }
}

async fn flood(
    address: SocketAddr,
    requests: Arc<Vec<Raw>>,
    connections: usize,
    counts: Arc<Counts>,
    ready: std::sync::mpsc::Sender<()>,
) -> Result<()> {
    let mut open = Vec::new();
    for _ in 0..connections {
        open.push(Connection::open(address).await?);
    }
    ready.send(())?;
    let every = Duration::from_secs(1) / u32::try_from(EACH)?;
    let mut tasks = JoinSet::new();
    for (number, mut connection) in open.into_iter().enumerate() {
        let (requests, counts) = (requests.clone(), counts.clone());
        tasks.spawn(async move {
            tokio::time::sleep(every * u32::try_from(number)? / u32::try_from(connections)?).await;
            let mut ticks = interval(every);
            let mut at = number;
            while !counts.over.load(Ordering::Relaxed) {
                ticks.tick().await;
                counts.sent.fetch_add(1, Ordering::Relaxed);
                let answer = connection.exchange(&requests[at % requests.len()]).await?;
                at += connections + 1;
                let count = if answer.status == 503 { &counts.busy } else { &counts.answered };
                count.fetch_add(1, Ordering::Relaxed);
                ensure!(matches!(answer.status, 200 | 401 | 503), "the flood was answered with {}", answer.status);
            }
            Ok(())
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(())
}
