//! Housekeeping: what a store does for itself, by schedule.
//!
//! Owns when, not how: each feature has the function that clears away its own. The trash is purged of what has lain there for
//! [`TRASH_KEPT`]; accounts that were given up go ([`departures`]); expired sessions, keys and invitations, answers kept for idempotency keys, old changes and ended jobs go; every night the whole file
//! of the store is read, every text in it, and the files of the index.

mod departures;
pub mod elsewhere;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::accounts;
use crate::api_keys;
use crate::clock::{Ids, Timestamp};
use crate::credentials;
use crate::db::Db;
use crate::error::Result;
use crate::feed;
use crate::health::{Health, Integrity};
use crate::idempotency;
use crate::jobs::{self, Every, Failed, Handlers, Outcome, Payload, Running, Schedule};
use crate::notes::{self, bulk};
use crate::sessions::Sessions;
use crate::transfers::Transfers;

/// How long a note lies in the trash before it is gone for good. The app shows the date.
pub const TRASH_KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Changes that the log keeps. A follower that was away for longer reads everything anew.
const CHANGES_KEPT: i64 = 1_000_000;

/// Rows cleared away in one write.
const CLEARED_AT_ONCE: i64 = 5_000;

/// Notes summed up in one write: few, since each may be 1 MiB.
const SUMMED_AT_ONCE: i64 = 32;

/// Notes whose texts are compared in one read: other reads want the thread, too.
const COMPARED_AT_ONCE: i64 = 100;

/// The nightly check begins at 03:17 UTC: at no full hour, when other people's timers run.
const NIGHT: Every = Every::Day(3 * 60 + 17);

/// Purges what has lain in the trash for long enough.
#[derive(Debug, Serialize, Deserialize)]
struct PurgeTrash {}

/// Takes away accounts that were given up and whose time has come.
#[derive(Debug, Serialize, Deserialize)]
struct SeeOff {}

/// Clears away rows that nobody will ask for again.
#[derive(Debug, Serialize, Deserialize)]
struct Sweep {}

/// Reads every page of the store's file, every note's text, and the files of the index.
#[derive(Debug, Serialize, Deserialize)]
struct CheckIntegrity {}

impl Payload for PurgeTrash {
    const KIND: &'static str = "purge-trash";
}

impl Payload for SeeOff {
    const KIND: &'static str = "delete-accounts";
}

impl Payload for Sweep {
    const KIND: &'static str = "sweep";
}

impl Payload for CheckIntegrity {
    const KIND: &'static str = "check-integrity";
    const ATTEMPTS: i64 = 1;
}

/// What it works on.
#[derive(Debug, Clone)]
pub struct Rooms {
    /// The store.
    pub db: Db,
    /// The time.
    pub ids: Ids,
    /// Sessions expire.
    pub sessions: std::sync::Arc<Sessions>,
    /// Remembers what the check has found.
    pub health: Health,
    /// Archives that nobody fetched go.
    pub transfers: Transfers,
}

/// When it is done.
///
/// # Errors
/// As [`Schedule::new`].
pub fn schedules() -> Result<Vec<Schedule>> {
    let minutes = |n: u64| Every::Interval(Duration::from_secs(60 * n));
    Ok(vec![
        Schedule::new("purge-trash", minutes(60), &PurgeTrash {})?,
        Schedule::new("delete-accounts", minutes(60), &SeeOff {})?,
        Schedule::new("sweep", minutes(15), &Sweep {})?,
        Schedule::new("check-integrity", NIGHT, &CheckIntegrity {})?,
    ])
}

/// Adds the handlers of all of it.
#[must_use]
pub fn handle(handlers: Handlers, rooms: &Rooms) -> Handlers {
    let (purging, sweeping, checking, leaving) = (rooms.clone(), rooms.clone(), rooms.clone(), rooms.clone());
    handlers
        .on(move |PurgeTrash {}, running| purge_trash(purging.clone(), running))
        .on(move |SeeOff {}, _| delete_accounts(leaving.clone()))
        .on(move |Sweep {}, _| sweep(sweeping.clone()))
        .on(move |CheckIntegrity {}, running| check_integrity(checking.clone(), running))
}

async fn purge_trash(rooms: Rooms, running: Running) -> Outcome {
    let until = rooms.ids.now().minus(TRASH_KEPT);
    let mut purged = 0;
    loop {
        let chunk = bulk::purge_trashed(&rooms.db, until).await?;
        purged += i64::try_from(chunk.purged).unwrap_or(i64::MAX);
        running.progress.set_done(purged);
        if !chunk.more {
            return Ok(json!({ "purged": purged }));
        }
    }
}

async fn delete_accounts(rooms: Rooms) -> Outcome {
    Ok(json!({ "accounts": departures::see_off(&rooms).await? }))
}

async fn sweep(rooms: Rooms) -> Outcome {
    let now = rooms.ids.now();
    let changes = prune_changes(&rooms.db).await?;
    let sessions = rooms.sessions.purge_expired(CLEARED_AT_ONCE).await?;
    let keys = rooms.db.write(move |tx| api_keys::store::purge(tx, now)).await?.value;
    let invites = rooms.db.write(move |tx| accounts::invites::purge_expired(tx, now)).await?.value;
    rooms.db.write(move |tx| accounts::letters::purge_expired(tx, now)).await?;
    rooms.db.write(move |tx| credentials::store::purge_spent(tx, now)).await?;
    let answers = forget_answers(&rooms.db, now).await?;
    let transfers = rooms.transfers.clone();
    let files =
        tokio::task::spawn_blocking(move || transfers.sweep(now)).await.map_err(|e| Failed::Again(e.to_string()))?;
    let files = files.map_err(|why| Failed::Again(format!("old archives cannot be removed: {why}")))?;
    let summed = sum_up(&rooms.db).await?;
    let jobs = jobs::sweep(&rooms.db, now, CLEARED_AT_ONCE).await?;
    Ok(
        json!({ "changes": changes, "sessions": sessions, "api_keys": keys, "invites": invites, "answers": answers, "jobs": jobs, "files": files, "summed": summed }),
    )
}

async fn prune_changes(db: &Db) -> Result<usize> {
    let mut all = 0;
    loop {
        let pruned = db.write(|tx| feed::store::prune(tx, CHANGES_KEPT, CLEARED_AT_ONCE)).await?.value;
        all += pruned;
        if pruned == 0 {
            return Ok(all);
        }
    }
}

async fn forget_answers(db: &Db, now: Timestamp) -> Result<usize> {
    let mut all = 0;
    loop {
        // Whole notes: fewer at once than rows of a log.
        let gone = db.write(move |tx| idempotency::store::sweep(tx, now, CLEARED_AT_ONCE / 10)).await?.value;
        all += gone;
        if gone == 0 {
            return Ok(all);
        }
    }
}

/// Notes that were written before texts were summed up.
async fn sum_up(db: &Db) -> Result<usize> {
    let mut all = 0;
    loop {
        let some = db.write(|tx| notes::store::sum_up(tx, SUMMED_AT_ONCE)).await?.value;
        all += some;
        if some == 0 {
            return Ok(all);
        }
    }
}

async fn check_integrity(rooms: Rooms, running: Running) -> Outcome {
    let health = rooms.health;
    let check = move || {
        health.check_index();
        health.check_integrity()
    };
    let found = tokio::task::spawn_blocking(check).await;
    match found.map_err(|e| Failed::Again(e.to_string()))? {
        Integrity::Damaged(why) => return Err(Failed::ForGood(why)),
        Integrity::Sound | Integrity::Unchecked => {}
    }
    // The pages are in order; whether the texts in them are what was written, they do not say.
    let (mut after, mut compared) = (None, 0);
    while let Some((more, last)) =
        rooms.db.read(move |tx| notes::store::check_texts(tx, after, COMPARED_AT_ONCE)).await?
    {
        after = Some(last);
        compared += more;
        running.progress.set_done(i64::try_from(compared).unwrap_or(i64::MAX));
    }
    Ok(json!({ "sound": true, "texts": compared }))
}
