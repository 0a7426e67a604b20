//! Backups by schedule: made by the server of itself, proven, and thinned out.
//!
//! An archive that turns out unsound stays where it is, to be looked at, and the job fails loudly. Older ones go only after the new
//! one is proven, so a day on which backups do not succeed costs none of those that did.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::archive::Archive;
use super::quietly::quietly;
use super::retention::Policy;
use super::{BackupError, Kind, Phase, Place, Told, Wish};
use crate::clock::Ids;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::db::postgres;
use crate::error::{Error, Result};
use crate::jobs::{Every, Failed, Handlers, Payload, Running, Schedule};

/// Makes a backup of the whole store.
#[derive(Debug, Serialize, Deserialize)]
struct MakeBackup {}

impl Payload for MakeBackup {
    const KIND: &'static str = "backup";
    // A disk that is full stays full for a while; tomorrow is another day.
    const ATTEMPTS: i64 = 3;
}

/// What is backed up, where to, and what stays there.
#[derive(Debug, Clone)]
struct Plan {
    dir: DataDir,
    server: Option<postgres::Place>,
    place: Place,
    keep: Option<Policy>,
    reserve: u64,
    ids: Ids,
}

/// The schedule of the settings; `None` when there is to be none.
///
/// # Errors
/// As [`Schedule::new`].
pub fn schedule(config: &Config) -> Result<Option<Schedule>> {
    config.backup_daily.map(|minute| Schedule::new("backup", Every::Day(minute), &MakeBackup {})).transpose()
}

/// Adds the handler.
#[must_use]
pub fn handle(handlers: Handlers, dir: &DataDir, ids: &Ids, config: &Config) -> Handlers {
    let plan = Plan {
        dir: dir.clone(),
        server: postgres::Place::of(config),
        place: Place::of(dir, config),
        keep: config.backup_keep.map(Policy::from),
        reserve: config.disk_reserve,
        ids: ids.clone(),
    };
    handlers.on(move |MakeBackup {}, running| {
        let plan = plan.clone();
        async move {
            // The run is given up by dropping this future; the thread hears of it through the guard.
            let stop = Stop::default();
            let stopped = Arc::clone(&stop.0);
            let made = tokio::task::spawn_blocking(move || make(&plan, &running, &stopped)).await;
            made.map_err(|e| Failed::Again(e.to_string()))?.map_err(failed)
        }
    })
}

/// Set when dropped.
#[derive(Debug, Default)]
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn make(plan: &Plan, running: &Running, stop: &AtomicBool) -> std::result::Result<serde_json::Value, BackupError> {
    let mut told = |_: Phase, done: u64, total: u64| {
        running.progress.set_total(i64::try_from(total).unwrap_or(i64::MAX));
        running.progress.set_done(i64::try_from(done).unwrap_or(i64::MAX));
        if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let told: &mut Told<'_> = &mut told;
    let wish =
        Wish { dir: &plan.dir, server: plan.server.as_ref(), to: &plan.place, keys: None, reserve: plan.reserve };
    let created = super::create(&wish, &plan.ids, told)?;
    tracing::info!(archive = %created.path.display(), bytes = created.size, "a backup was made; proving it");
    let archive = Archive::open(&created.path)?;
    let verified = quietly(|| super::verify(&archive, plan.place.dir(), None, &plan.ids, told))?;
    let removed: Vec<PathBuf> = match &plan.keep {
        Some(policy) => plan.place.prune(created.manifest.store.created_at, policy, false)?.removed,
        None => Vec::new(),
    };
    tracing::info!(archive = %created.path.display(), removed = removed.len(), "a backup was made and proven");
    Ok(json!({
        "archive": created.path.display().to_string(),
        "size": created.size,
        "notes": created.manifest.counts.notes,
        "searched": verified.searched,
        "removed": removed.iter().map(|path| path.display().to_string()).collect::<Vec<_>>(),
    }))
}

fn failed(error: BackupError) -> Failed {
    match error {
        BackupError::Stopped | BackupError::Store(Error::ShuttingDown) => Failed::Stopped,
        BackupError::NoRoom { .. } => Failed::Again(error.to_string()),
        error if error.kind() == Kind::Failure => Failed::Again(error.to_string()),
        error => Failed::ForGood(error.to_string()),
    }
}
