//! Fifty people who type: each key is a search, four keys a second, whether the answer before has come or not.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::task::{JoinSet, LocalSet};

use crate::Wish;
use crate::common::figures::Latencies;
use crate::common::report::Report;
use crate::common::stage::Stage;
use crate::outside::process::Server;
use crate::outside::wire::{Connection, encode};

/// How many type at once.
const PEOPLE: usize = 50;

/// The time between two keys of one person.
const KEY: Duration = Duration::from_millis(250);

/// Has them type, and writes how long the answers took from the key on.
pub async fn run(server: &Server, stage: &Stage, wish: &Wish, report: &mut Report) -> Result<()> {
    let keys = if wish.quick { 20 } else { 80 };
    let local = LocalSet::new();
    let mut tasks = JoinSet::new();
    let latencies = Rc::new(RefCell::new(Vec::new()));
    let before = server.cpu_seconds()?;
    let begin = Instant::now();
    for person in 0..PEOPLE {
        let mut connection = Connection::open(server.address).await?;
        let requests: Vec<_> = typed(&stage.queries.pair, person)
            .take(keys)
            .map(|text| stage.searcher.request("GET", &format!("/api/v1/search?limit=20&q={}", encode(&text)), None))
            .collect();
        let latencies = latencies.clone();
        // Their keys are not struck at the same moment.
        let first = begin + KEY * u32::try_from(person)? / u32::try_from(PEOPLE)?;
        tasks.spawn_local_on(
            async move {
                for (key, ask) in (0u32..).zip(&requests) {
                    let struck = first + KEY * key;
                    tokio::time::sleep_until(struck.into()).await;
                    let answer = connection.exchange(ask).await?;
                    ensure!(answer.status == 200, "while typing: {}", answer.status);
                    latencies.borrow_mut().push(struck.elapsed().as_secs_f64() * 1e3);
                }
                Ok(())
            },
            &local,
        );
    }
    local.run_until(tasks.join_all()).await.into_iter().collect::<Result<Vec<()>>>()?;
    let seconds = begin.elapsed().as_secs_f64();
    let latencies = latencies.take();
    let late = latencies.iter().filter(|took| **took > KEY.as_secs_f64() * 1e3).count();
    let late = late as f64 / latencies.len() as f64 * 100.0;
    let busy = (server.cpu_seconds()? - before) / seconds;
    let Latencies { p50, p95, p99 } = Latencies::of(latencies);
    report.section(
        format!("{PEOPLE} people type, 4 keys a second each"),
        &["p50 ms", "p95 ms", "p99 ms", "after the next key, %", "cores of the server"],
    );
    report.row("from the key to the answer", &[p50, p95, p99, late, busy]);
    report.at_most("fifty people typing: answers that come after the next key, %", late, 0.1);
    Ok(())
}

/// What the field holds after each key, over and over.
fn typed(pairs: &[String], person: usize) -> impl Iterator<Item = String> {
    let texts: Vec<String> = pairs
        .iter()
        .cycle()
        .skip(person)
        .take(pairs.len())
        .flat_map(|text| (1..=text.len()).filter_map(|length| text.get(..length).map(str::to_owned)))
        .collect();
    (0..texts.len()).cycle().map(move |at| texts[at].clone())
}
