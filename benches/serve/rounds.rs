//! Creating, reading and listing, in turns with what the disk, the engine and an empty answer allow.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

use crate::Wish;
use crate::common::figures::median;
use crate::common::load::{Bound, Plan, Run, drive};
use crate::common::report::Report;
use crate::common::stage::{Stage, indexed};
use crate::limits::{RawStore, Shape, flushes};
use crate::outside::process::{Memory, Server};

/// Batches of the limits: rows to a transaction.
const BATCHES: [usize; 4] = [1, 16, 64, 1000];
/// No run creates more, so that the index, which follows more slowly, need not be waited for too long.
const MOST: usize = 30_000;

/// Runs all rounds; gives the server back with its memory at its highest.
pub async fn run(
    server: Server,
    stage: &Stage,
    wish: &Wish,
    folder: &Path,
    report: &mut Report,
) -> Result<(Server, Memory)> {
    let (creates, reads, lists, hello) = (stage.creates()?, stage.reads()?, stage.lists()?, Stage::hello()?);
    let scenes: Vec<(&str, &Plan, usize, bool)> = vec![
        ("hello c64", &hello, 64, false),
        ("create c1", &creates, 1, true),
        ("create c16", &creates, 16, true),
        ("create c64", &creates, 64, true),
        ("read c1", &reads, 1, false),
        ("read c64", &reads, 64, false),
        ("list of 50 c16", &lists, 16, false),
    ];
    let mut raw = RawStore::create(&folder.join("raw.db"), &stage.drafts[..stage.drafts.len().min(3000)])?;
    let (mut limits, mut runs) = (BTreeMap::<String, Vec<f64>>::new(), BTreeMap::<&str, Vec<Run>>::new());
    let mut per_commit = Vec::new();
    let bound = Bound { time: wish.time(), requests: MOST };
    for round in 0..wish.rounds {
        let mut limit = |name: String, rate: f64| limits.entry(name).or_default().push(rate);
        limit("fdatasync of 4 KiB".to_owned(), flushes(folder, wish.time() / 4)?.0);
        for batch in BATCHES {
            for (shape, name) in [(Shape::Row, "note's row"), (Shape::Whole, "note, tags and change")] {
                limit(format!("SQLite, {name}, {batch} to a commit"), raw.insert(shape, batch, wish.time() / 4)?.0);
            }
        }
        let turn = scenes.iter();
        // Every other round backwards: who comes first has the calmer disk.
        let turn: Vec<_> = if round % 2 == 0 { turn.collect() } else { turn.rev().collect() };
        for (name, plan, connections, writes) in turn {
            let (commits, written) = counters(&server).await?;
            let run = drive(&server, plan, *connections, bound, |_| None).await?;
            let (commits_after, written_after) = counters(&server).await?;
            if *name == "create c64" {
                per_commit.push((written_after - written) / (commits_after - commits));
            }
            runs.entry(name).or_default().push(run);
            if *writes {
                indexed(&server).await?;
            }
        }
    }
    let memory = server.memory()?;

    let of = |name: &str| median(runs[name].iter().map(|run| run.rate.0));
    report.section("Limit", &["per s"]);
    let mut names: Vec<_> = limits.keys().collect();
    names.sort_by_key(|name| {
        (name.split(", ").nth(1), name.split(' ').rev().nth(3).and_then(|n| n.parse::<u32>().ok()))
    });
    for name in names {
        report.row(name, &[median(limits[name].iter().copied())]);
    }
    report.section("Load", &["per s", "p50 ms", "p95 ms", "p99 ms", "server CPU s per 1,000", "client busy"]);
    for (name, ..) in &scenes {
        let middle = |of: fn(&Run) -> f64| median(runs[name].iter().map(of));
        report.row(
            *name,
            &[
                middle(|run| run.rate.0),
                middle(|run| run.latencies.p50),
                middle(|run| run.latencies.p95),
                middle(|run| run.latencies.p99),
                middle(|run| run.server_cpu),
                middle(|run| run.client_busy),
            ],
        );
    }
    report.row("filling: create c64, all for one account", &[stage.filling]);
    let batched = |shape: &str| median(limits[&format!("SQLite, {shape}, 64 to a commit")].iter().copied());
    let whole = batched("note, tags and change");
    report.section("Ratio", &["median"]);
    report.row(
        "creates c64 to SQLite alone, the note's row, 64 to a commit",
        &[of("create c64") / batched("note's row")],
    );
    report.row("creates c64 to SQLite alone, the whole note, 64 to a commit", &[of("create c64") / whole]);
    report.row("reads c64 to hello c64", &[of("read c64") / of("hello c64")]);
    report.row("writes to a commit at c64", &[median(per_commit.iter().copied())]);

    report.at_least("create c64: writes to a commit", median(per_commit), 16.0);
    report.at_least("create c64 to batched inserts of whole notes", of("create c64") / whole, 0.4);
    report.at_least("read c64 to hello c64", of("read c64") / of("hello c64"), 0.55);
    Ok((server, memory))
}

async fn counters(server: &Server) -> Result<(f64, f64)> {
    Ok((server.metric("inkstone_store_commits_total").await?, server.metric("inkstone_store_writes_total").await?))
}
