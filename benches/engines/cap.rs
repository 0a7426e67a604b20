//! What one store takes at most, and what that depends on.
//!
//! Changes of a store are numbered without a gap, so there is one writer at a time: a commit takes what is waiting, and its round
//! trips and its flush are shared by all of it. More connections make larger batches; more servers share the same lock.

use std::time::Instant;

use anyhow::{Context, Result};
use tokio_postgres::NoTls;

use crate::common::figures::{Rate, median};
use crate::common::load::{Bound, drive};
use crate::common::report::Report;
use crate::common::stage::indexed;
use crate::outside::process::Server;
use crate::sides::Side;

/// Connections to a server: from one write at a time to more than a batch takes.
const CONNECTIONS: [usize; 4] = [1, 16, 64, 256];
/// Round trips that are timed.
const TRIPS: usize = 2_000;

/// What was counted while creating.
struct Batches {
    rate: f64,
    commits: f64,
    writes: f64,
    seconds: f64,
}

/// Creates over more and more connections, on each engine and on two servers of one store.
pub async fn run(
    sqlite: &Side<'_>,
    postgres: &Side<'_>,
    second: &Server,
    rounds: usize,
    bound: Bound,
    report: &mut Report,
) -> Result<()> {
    let database = postgres.database.context("the second side is on PostgreSQL")?;
    let trip = round_trip(&database.url).await?;
    report.section("Round trip to the database server", &["ms"]);
    report.row("`SELECT 1`, prepared, one connection", &[trip]);
    report.section("Creates of one store", &["per s", "writes to a commit", "commits per s", "ms a commit"]);
    for connections in CONNECTIONS {
        for (name, side) in [("SQLite", sqlite), ("PostgreSQL", postgres)] {
            let mut all = Vec::new();
            for _ in 0..rounds {
                all.push(creating(side, None, connections, bound).await?);
                indexed(&side.server).await?;
            }
            row(report, format!("{name}, c{connections}"), &all);
        }
    }
    let mut all = Vec::new();
    for _ in 0..rounds {
        all.push(creating(postgres, Some(second), 64, bound).await?);
        indexed(&postgres.server).await?;
    }
    row(report, "PostgreSQL, two servers, c64 each".to_owned(), &all);
    Ok(())
}

fn row(report: &mut Report, name: String, all: &[Batches]) {
    let middle = |of: fn(&Batches) -> f64| median(all.iter().map(of));
    report.row(
        name,
        &[
            middle(|b| b.rate),
            middle(|b| b.writes / b.commits),
            middle(|b| b.commits / b.seconds),
            middle(|b| b.seconds / b.commits * 1e3),
        ],
    );
}

/// Creates on the side's server, and on another of the same store when there is one.
async fn creating(side: &Side<'_>, other: Option<&Server>, connections: usize, bound: Bound) -> Result<Batches> {
    let servers: Vec<&Server> = std::iter::once(&side.server).chain(other).collect();
    let plan = side.stage.creates()?;
    let (commits, writes) = counted(&servers).await?;
    let begin = Instant::now();
    let runs = servers.iter().map(|server| drive(server, &plan, connections, bound, |_| None));
    let mut requests = 0;
    for run in futures_util::future::join_all(runs).await {
        requests += run?.requests;
    }
    let seconds = begin.elapsed().as_secs_f64();
    let (commits_after, writes_after) = counted(&servers).await?;
    let rate = Rate::of(requests, seconds).0;
    Ok(Batches { rate, commits: commits_after - commits, writes: writes_after - writes, seconds })
}

async fn counted(servers: &[&Server]) -> Result<(f64, f64)> {
    let (mut commits, mut writes) = (0.0, 0.0);
    for server in servers {
        commits += server.metric("inkstone_store_commits_total").await?;
        writes += server.metric("inkstone_store_writes_total").await?;
    }
    Ok((commits, writes))
}

/// Milliseconds, the middle one.
async fn round_trip(url: &str) -> Result<f64> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    let running = tokio::spawn(connection);
    let statement = client.prepare("SELECT 1").await?;
    let mut times = Vec::with_capacity(TRIPS);
    for _ in 0..TRIPS {
        let begin = Instant::now();
        client.query_one(&statement, &[]).await?;
        times.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    drop(client);
    running.await??;
    Ok(median(times))
}
