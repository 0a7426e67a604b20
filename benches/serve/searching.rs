//! Search: the service's own time and the time over HTTP, in turns with tantivy alone on the same notes.

use std::path::Path;

use anyhow::Result;

use crate::Wish;
use crate::common::figures::{Latencies, median};
use crate::common::load::{Bound, Run, drive};
use crate::common::report::Report;
use crate::common::stage::{Stage, indexed};
use crate::outside::process::Server;
use crate::raw_index::RawIndex;

/// Searches of one kind at one number of connections in one round.
const ASKS: usize = 200;

/// Runs all rounds and writes the table.
pub async fn run(server: &Server, stage: &Stage, folder: &Path, wish: &Wish, report: &mut Report) -> Result<()> {
    let raw = RawIndex::fill(&folder.join("raw-index"), &stage.drafts)?;
    indexed(server).await?;
    let queries = &stage.queries;
    let kinds = [
        ("rare word", &queries.rare, false),
        ("common word", &queries.common, false),
        ("two words", &queries.pair, false),
        ("while typing", &queries.typed, true),
    ];
    report.section(
        format!("Search over {} notes, top 20", stage.drafts.len()),
        &["service p50 ms", "service p95 ms", "HTTP p50 ms c1", "HTTP p50 ms c4", "per s c4", "tantivy alone p50 ms"],
    );
    let bound = Bound { time: wish.time(), requests: ASKS };
    let mut services = Vec::new();
    let mut rows = vec![(Vec::<f64>::new(), Vec::<Run>::new(), Vec::<Run>::new(), Vec::<f64>::new()); kinds.len()];
    for round in 0..=wish.rounds {
        for ((name, words, typed), row) in kinds.iter().zip(&mut rows) {
            if words.is_empty() {
                crate::say(&format!("too few notes for queries of the kind: {name}"));
                continue;
            }
            let plan = stage.searches(words)?;
            let one = drive(server, &plan, 1, bound, took).await?;
            let four = drive(server, &plan, 4, bound, took).await?;
            let alone: Vec<f64> = words.iter().map(|words| raw.ask(words, *typed)).collect::<Result<_>>()?;
            // The first round warms both.
            if round > 0 {
                row.0.extend(&one.noted);
                row.1.push(one);
                row.2.push(four);
                row.3.extend(alone);
            }
        }
    }
    for ((name, ..), (service, one, four, alone)) in kinds.iter().zip(rows) {
        services.extend(&service);
        let service = Latencies::of(service);
        report.row(
            *name,
            &[
                service.p50,
                service.p95,
                median(one.iter().map(|run| run.latencies.p50)),
                median(four.iter().map(|run| run.latencies.p50)),
                median(four.iter().map(|run| run.rate.0)),
                median(alone),
            ],
        );
    }
    report.section("Index", &["per s"]);
    report.row("tantivy alone, the same schema, one thread", &[raw.filled.0]);
    let service = Latencies::of(services);
    report.at_most("search, service time p50, all kinds, ms", service.p50, 3.0);
    Ok(())
}

/// The member `took_ms` of an answer.
fn took(body: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(body).ok()?;
    let value = text.rsplit("\"took_ms\":").next()?;
    value[..value.find(|c: char| !c.is_ascii_digit() && c != '.')?].parse().ok()
}
