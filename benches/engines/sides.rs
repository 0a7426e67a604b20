//! The two servers under the same load.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::common::figures::median;
use crate::common::load::{Bound, Plan, Run, drive};
use crate::common::report::Report;
use crate::common::stage::{Stage, indexed};
use crate::outside::database::Database;
use crate::outside::process::Server;

/// A server on its engine.
pub struct Side<'a> {
    /// The server.
    pub server: Server,
    /// What is in its store.
    pub stage: Stage,
    /// The database server that it works with; a file needs none.
    pub database: Option<&'a Database>,
}

/// One run, with what the database server used beside the server itself.
struct Turn {
    run: Run,
    database_cpu: f64,
}

impl<'a> Side<'a> {
    /// Fills the server's store.
    pub async fn set(server: Server, database: Option<&'a Database>, notes: usize) -> Result<Self> {
        let stage = Stage::set(&server, notes).await?;
        indexed(&server).await?;
        Ok(Self { server, stage, database })
    }

    /// CPU seconds of the database server so far.
    fn database_cpu(&self) -> Result<f64> {
        self.database.map_or(Ok(0.0), Database::cpu_seconds)
    }

    async fn turn(&self, plan: &Plan, connections: usize, bound: Bound) -> Result<Turn> {
        let before = self.database_cpu()?;
        let run = drive(&self.server, plan, connections, bound, |_| None).await?;
        let database_cpu = (self.database_cpu()? - before) / run.requests as f64 * 1000.0;
        Ok(Turn { run, database_cpu })
    }

    fn plans(&self) -> Result<Vec<(&'static str, Plan, usize, bool)>> {
        let (creates, reads) = (self.stage.creates()?, self.stage.reads()?);
        Ok(vec![
            ("create c1", creates.clone(), 1, true),
            ("create c16", creates.clone(), 16, true),
            ("create c64", creates, 64, true),
            ("read c1", reads.clone(), 1, false),
            ("read c64", reads, 64, false),
            ("list of 50 c16", self.stage.lists()?, 16, false),
            ("search, two words, c4", self.stage.searches(&self.stage.queries.pair)?, 4, false),
        ])
    }
}

/// Drives both in turns.
pub async fn compare(
    sqlite: &Side<'_>,
    postgres: &Side<'_>,
    rounds: usize,
    bound: Bound,
    report: &mut Report,
) -> Result<()> {
    let plans: Vec<_> = sqlite.plans()?.into_iter().zip(postgres.plans()?).collect();
    let mut turns = BTreeMap::<&str, [Vec<Turn>; 2]>::new();
    for round in 0..rounds {
        for (on_sqlite, on_postgres) in &plans {
            let mut pair = [(sqlite, on_sqlite, 0), (postgres, on_postgres, 1)];
            // Who comes first has the calmer disk.
            if round % 2 == 1 {
                pair.reverse();
            }
            for (side, (name, plan, connections, writes), at) in pair {
                let turn = side.turn(plan, *connections, bound).await?;
                turns.entry(name).or_default()[at].push(turn);
                if *writes {
                    indexed(&side.server).await?;
                }
            }
        }
    }

    let middle = |name: &str, at: usize, of: fn(&Turn) -> f64| median(turns[name][at].iter().map(of));
    let names: Vec<_> = plans.iter().map(|((name, ..), _)| *name).collect();
    let rate: fn(&Turn) -> f64 = |turn| turn.run.rate.0;
    report.section("Requests a second", &["SQLite", "PostgreSQL", "ratio"]);
    for name in &names {
        let (one, other) = (middle(name, 0, rate), middle(name, 1, rate));
        report.row(*name, &[one, other, other / one]);
    }
    report.section(
        "CPU s per 1,000 requests",
        &["SQLite", "PostgreSQL, both servers", "of it the database server's", "ratio"],
    );
    for name in &names {
        let own: fn(&Turn) -> f64 = |turn| turn.run.server_cpu;
        let (one, other, database) = (middle(name, 0, own), middle(name, 1, own), middle(name, 1, |t| t.database_cpu));
        report.row(*name, &[one, other + database, database, (other + database) / one]);
    }
    report.section("Latency, ms", &["SQLite p50", "PostgreSQL p50", "SQLite p99", "PostgreSQL p99"]);
    for name in &names {
        let p50: fn(&Turn) -> f64 = |turn| turn.run.latencies.p50;
        let p99: fn(&Turn) -> f64 = |turn| turn.run.latencies.p99;
        report.row(*name, &[middle(name, 0, p50), middle(name, 1, p50), middle(name, 0, p99), middle(name, 1, p99)]);
    }
    Ok(())
}
