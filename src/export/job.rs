//! The export as a job: the archive is made in the background and waits to be fetched.

use std::io::{BufWriter, Write as _};

use serde::{Deserialize, Serialize};

use super::Broken;
use crate::clock::Ids;
use crate::db::Db;
use crate::error::Error;
use crate::jobs::{Failed, Handlers, Outcome, Payload, Running};
use crate::transfers::Transfers;

/// Exports all notes of the job's owner.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExportNotes {}

impl Payload for ExportNotes {
    const KIND: &'static str = "export";
}

/// Adds the handler.
#[must_use]
pub fn handle(handlers: Handlers, db: &Db, ids: &Ids, transfers: &Transfers) -> Handlers {
    let (db, ids, transfers) = (db.clone(), ids.clone(), transfers.clone());
    handlers.on(move |ExportNotes {}, running: Running| {
        let (db, ids, transfers) = (db.clone(), ids.clone(), transfers.clone());
        async move {
            let made = tokio::task::spawn_blocking(move || make(&db, &ids, &transfers, &running)).await;
            made.map_err(|e| Failed::Again(e.to_string()))?
        }
    })
}

fn make(db: &Db, ids: &Ids, transfers: &Transfers, running: &Running) -> Outcome {
    let owner = running.owner.ok_or_else(|| Failed::ForGood("nobody's notes were asked for".into()))?;
    if db.disk().is_low() {
        return Err(Error::StorageFull.into());
    }
    let path = transfers.outgoing(running.id);
    let failed = |why: std::io::Error| Failed::Again(format!("the archive cannot be written: {why}"));
    let mut sink = BufWriter::new(transfers.begin(&path).map_err(failed)?);
    let mut progress = |done: u64, total: u64| {
        running.progress.set_total(i64::try_from(total).unwrap_or(i64::MAX));
        running.progress.set_done(i64::try_from(done).unwrap_or(i64::MAX));
    };
    let summary = super::write(db, owner, ids.now(), &mut sink, &mut progress).map_err(|why| match why {
        Broken::Store(error) => error.into(),
        Broken::Sink(why) => failed(why),
    });
    let written = summary.and_then(|summary| {
        sink.flush().map_err(failed)?;
        transfers.keep(sink.get_ref(), &path).map_err(failed)?;
        serde_json::to_value(summary).map_err(|e| Failed::ForGood(e.to_string()))
    });
    if written.is_err() {
        transfers.remove(&path);
    }
    written
}
