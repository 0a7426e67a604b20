//! Search: the service's own time and the time over HTTP, in turns with the other engines on the same notes.

use anyhow::Result;

use crate::Wish;
use crate::common::figures::{Latencies, median};
use crate::common::load::{Bound, Plan, Run, drive};
use crate::common::report::Report;
use crate::common::stage::Stage;
use crate::fts::Fts;
use crate::kinds::{Kind, kinds};
use crate::outside::process::Server;
use crate::raw_index::RawIndex;

/// Searches of one kind at one number of connections in one round.
const ASKS: usize = 200;

/// Searches of all kinds by several at once in one round.
const MIXED: usize = 2_000;

/// How many ask at once.
const CLIENTS: usize = 8;

/// What was measured of one kind.
#[derive(Default)]
struct Measured {
    service: Vec<f64>,
    http: Vec<Run>,
    fts: Vec<f64>,
    raw: Vec<f64>,
}

/// Runs all rounds and writes the tables.
pub async fn run(
    server: &Server,
    stage: &Stage,
    fts: &Fts,
    raw: &RawIndex,
    wish: &Wish,
    report: &mut Report,
) -> Result<()> {
    let kinds = kinds(&stage.queries, &stage.drafts);
    let texts = |kind: &Kind| kind.questions.iter().map(|question| question.q.clone()).collect::<Vec<_>>();
    let mut all = Vec::new();
    for at in 0..kinds.iter().map(|kind| kind.questions.len()).max().unwrap_or(0) {
        all.extend(kinds.iter().map(|kind| kind.questions[at % kind.questions.len()].q.clone()));
    }
    let mixed = stage.searches(&all)?;
    let suggested = stage.suggestions(&stage.queries.typed)?;
    let bound = |requests| Bound { time: wish.time(), requests };
    let mut measured: Vec<Measured> = kinds.iter().map(|_| Measured::default()).collect();
    let (mut together, mut suggesting) = (Vec::new(), Vec::new());
    for round in 0..=wish.rounds {
        let mut runs = Vec::new();
        for kind in &kinds {
            let plan: Plan = stage.searches(&texts(kind))?;
            let one = drive(server, &plan, 1, bound(ASKS), took).await?;
            let beside: Vec<f64> = kind.questions.iter().map(|question| fts.ask(question)).collect::<Result<_>>()?;
            let alone: Vec<f64> = kind.questions.iter().map(|question| raw.ask(question)).collect::<Result<_>>()?;
            runs.push((one, beside, alone));
        }
        let several = drive(server, &mixed, CLIENTS, bound(MIXED), took).await?;
        let suggestions = drive(server, &suggested, 1, bound(ASKS), took).await?;
        // The first round warms all of them.
        if round == 0 {
            continue;
        }
        for ((one, beside, alone), kind) in runs.into_iter().zip(&mut measured) {
            kind.service.extend(&one.noted);
            kind.http.push(one);
            kind.fts.extend(beside);
            kind.raw.extend(alone);
        }
        together.push(several);
        suggesting.push(suggestions);
    }
    write(report, wish, &kinds, measured, &together, &suggesting);
    Ok(())
}

fn write(
    report: &mut Report,
    wish: &Wish,
    kinds: &[Kind],
    measured: Vec<Measured>,
    together: &[Run],
    suggesting: &[Run],
) {
    report.section(
        format!("Search over {} notes, the best 20, one client, ms", wish.notes),
        &["service p50", "service p99", "HTTP p50", "FTS5 p50", "FTS5 p99", "tantivy alone p50", "alone p99"],
    );
    let mut aims = Vec::new();
    for (kind, Measured { service, http, fts, raw }) in kinds.iter().zip(measured) {
        let [service, fts, raw] = [service, fts, raw].map(Latencies::of);
        let http = median(http.iter().map(|run| run.latencies.p50));
        report.row(kind.name, &[service.p50, service.p99, http, fts.p50, fts.p99, raw.p50, raw.p99]);
        aims.push((kind, service.p50));
    }
    let of = |runs: &[Run], figure: fn(&Run) -> f64| median(runs.iter().map(figure));
    report.section("All kinds in turn, and what is offered while typing", &["HTTP p50 ms", "HTTP p99 ms", "per s"]);
    let p99 = of(together, |run| run.latencies.p99);
    report.row(
        format!("{CLIENTS} clients"),
        &[of(together, |run| run.latencies.p50), p99, of(together, |run| run.rate.0)],
    );
    let offered = of(suggesting, |run| run.latencies.p50);
    report.row(
        "suggestions, one client",
        &[offered, of(suggesting, |run| run.latencies.p99), of(suggesting, |run| run.rate.0)],
    );
    for (kind, p50) in aims {
        report.at_most(format!("{}, service time p50, ms", kind.name), p50, kind.aim);
    }
    let limit = if wish.notes >= 1_000_000 { 60.0 } else { 15.0 };
    report.at_most(format!("all kinds, {CLIENTS} clients, p99 over HTTP, ms"), p99, limit);
    report.at_most("suggestions, p50 over HTTP, ms", offered, 3.0);
}

/// The member `took_ms` of an answer.
fn took(body: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(body).ok()?;
    let value = text.rsplit("\"took_ms\":").next()?;
    value[..value.find(|c: char| !c.is_ascii_digit() && c != '.')?].parse().ok()
}
