//! Jobs: work that outlives the request that asked for it, and a restart of the server.
//!
//! Owns the tables `jobs` and `schedules` and the worker that empties them. What a job *does* belongs to the feature that it
//! works for: that one defines a [`Payload`], enqueues it in the transaction that makes it necessary, and hands a handler to
//! [`Handlers`] where the instance is put together.
//!
//! What a reader would get wrong: a job runs **at least** once. A worker that dies after its work and before its last write
//! leaves a lease behind, and when that runs out the job runs again. Handlers are written so that the second run does no harm.
//! A job that keeps failing is not tried for ever: it stays as `failed`, a dead letter, until somebody requeues or removes it.
//!
//! Several instances may work on one store. A claim is one write, and writes take turns over all instances (`db`), so a job has one
//! worker, a schedule fires once, and `SKIP LOCKED` would find nothing to skip. The lease names the worker, and whoever lost it can no
//! longer write anything about the job. Instances hear through the change log of jobs that others have enqueued.

pub mod api;
mod handlers;
pub mod local;
mod retry;
mod schedule;
pub mod store;
mod worker;

#[cfg(test)]
mod tests;

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

pub use handlers::{Failed, Handlers, Outcome, Progress, Running};
pub use schedule::{Every, Schedule};
pub use worker::{Queue, Worker};

use crate::caller::UserId;
use crate::clock::Timestamp;
use crate::db::{Db, WriteOptions};
use crate::error::{Error, Result};

/// How long a claim holds without a sign of life. A worker that was killed costs a job this long.
pub const LEASE: Duration = Duration::from_secs(30);

/// How long a finished job can be looked at.
pub const KEPT_DONE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How long a dead letter waits for somebody.
pub const KEPT_FAILED: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// What a kind of job is told, and how often it is tried. It is kept as JSON: a field that is added later needs a default.
pub trait Payload: Serialize + DeserializeOwned + Send + 'static {
    /// The word of the store and of the contract, such as `export`.
    const KIND: &'static str;
    /// Runs before it counts as a dead letter.
    const ATTEMPTS: i64 = 5;
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It waits for its time, or for a worker.
    Queued,
    /// A worker has it.
    Running,
    /// It succeeded.
    Done,
    /// It was given up: a dead letter.
    Failed,
}

impl State {
    /// The word of the contract and of the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    fn parse(text: &str) -> Result<Self> {
        match text {
            "queued" => Ok(Self::Queued),
            "running" => Ok(Self::Running),
            "done" => Ok(Self::Done),
            "failed" => Ok(Self::Failed),
            other => Err(Error::Corrupt(format!("a job in the unknown state `{other}`"))),
        }
    }
}

/// Removes jobs that ended long enough ago, some in each write; returns how many.
///
/// # Errors
/// What the store says.
pub async fn sweep(db: &Db, now: Timestamp, at_once: i64) -> Result<usize> {
    let mut all = 0;
    for (state, kept) in [(State::Done, KEPT_DONE), (State::Failed, KEPT_FAILED)] {
        loop {
            let until = now.minus(kept);
            let options = WriteOptions { weight: 0, frees: true };
            let gone = db.write_with(options, move |tx| store::work::sweep(tx, state, until, at_once)).await?.value;
            all += gone;
            if gone == 0 {
                break;
            }
        }
    }
    Ok(all)
}

/// A job as it can be looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// Whose work it is; the house's own has nobody.
    pub owner: Option<UserId>,
    /// [`Payload::KIND`].
    pub kind: String,
    /// Where it stands.
    pub state: State,
    /// Not before this time.
    pub due_at: Timestamp,
    /// Runs so far, the present one included.
    pub attempts: i64,
    /// Steps done, in the unit of its kind.
    pub done: i64,
    /// Steps in all, once that is known.
    pub total: Option<i64>,
    /// What it has made, in the form of its kind.
    pub result: Option<Value>,
    /// Why the last run failed.
    pub error: Option<String>,
    /// When it was enqueued.
    pub created_at: Timestamp,
    /// When the last run began.
    pub started_at: Option<Timestamp>,
    /// When it ended for good.
    pub ended_at: Option<Timestamp>,
}
