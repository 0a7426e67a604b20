//! The import as a job: an archive that was sent is brought in in the background.

use serde::{Deserialize, Serialize};

use super::{Format, Gathered, bring};
use crate::clock::Ids;
use crate::db::Db;
use crate::jobs::{Failed, Handlers, Outcome, Payload, Running};
use crate::transfers::Transfers;

/// How many files the result names of each kind; it is kept in the store and shown on a page.
const NAMED: usize = 100;

/// Brings the archive of the job's name in.
#[derive(Debug, Serialize, Deserialize)]
pub struct ImportArchive {}

impl Payload for ImportArchive {
    const KIND: &'static str = "import";
}

/// Adds the handler.
#[must_use]
pub fn handle(handlers: Handlers, db: &Db, ids: &Ids, transfers: &Transfers) -> Handlers {
    let (db, ids, transfers) = (db.clone(), ids.clone(), transfers.clone());
    handlers.on(move |ImportArchive {}, running: Running| {
        let (db, ids, transfers) = (db.clone(), ids.clone(), transfers.clone());
        async move { bring_in(&db, &ids, &transfers, running).await }
    })
}

/// It may run again from the beginning: what was brought in is not added twice.
async fn bring_in(db: &Db, ids: &Ids, transfers: &Transfers, running: Running) -> Outcome {
    let owner = running.owner.ok_or_else(|| Failed::ForGood("it is nobody's".into()))?;
    let path = transfers.incoming(running.id);
    let opened = {
        let path = path.clone();
        tokio::task::spawn_blocking(move || Gathered::open(&path, Format::Auto)).await
    };
    let opened = opened.map_err(|e| Failed::Again(e.to_string()))?;
    let gathered = opened.map_err(|why| {
        transfers.remove(&path);
        Failed::ForGood(why.to_string())
    })?;
    let progress = running.progress.clone();
    let told = move |done: u64, total: u64| {
        progress.set_total(i64::try_from(total).unwrap_or(i64::MAX));
        progress.set_done(i64::try_from(done).unwrap_or(i64::MAX));
    };
    let mut outcome = bring::everything(db, ids, owner, gathered, told).await?;
    transfers.remove(&path);
    outcome.unnamed += u64::try_from(outcome.skipped.len().saturating_sub(NAMED)).unwrap_or(0);
    outcome.skipped.truncate(NAMED);
    outcome.notes.remarks.truncate(NAMED);
    serde_json::to_value(&outcome).map_err(|e| Failed::ForGood(e.to_string()))
}
