//! What is done for each kind of job.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::Value;
use uuid::Uuid;

use super::Payload;
use crate::caller::UserId;
use crate::error::Error;

/// Runs for a kind that this program does not know: one of a newer version's. It waits for that version to come back.
const ATTEMPTS_OF_STRANGERS: i64 = 20;

/// What a run has made, in the form of its kind, or why it failed.
pub type Outcome = Result<Value, Failed>;

/// Why a run failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failed {
    /// Something was in the way that may be gone later.
    Again(String),
    /// It will never succeed as it is.
    ForGood(String),
    /// The server is stopping; the run does not count.
    Stopped,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        match error {
            Error::ShuttingDown => Self::Stopped,
            Error::NotFound(_)
            | Error::Malformed(_)
            | Error::Invalid(_)
            | Error::Unauthenticated(_)
            | Error::SecondFactorRequired { .. }
            | Error::Forbidden(_)
            | Error::Conflict(_)
            | Error::IdempotencyKeyReused
            | Error::PreconditionRequired
            | Error::TooLarge { .. }
            | Error::CursorExpired
            | Error::Corrupt(_) => Self::ForGood(error.to_string()),
            Error::ResyncRequired
            | Error::Busy { .. }
            | Error::TooManyStreams { .. }
            | Error::Throttled { .. }
            | Error::Deadline
            | Error::StorageFull
            | Error::Damaged
            | Error::DatabaseUnavailable { .. }
            | Error::OutcomeUnknown
            | Error::NoAnswer(_)
            | Error::SearchUnavailable(_)
            | Error::RemoteImage(_)
            | Error::Internal(_) => Self::Again(error.to_string()),
        }
    }
}

/// How far a run has come. Clones share it; the worker writes it down now and then.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Counts>);

#[derive(Debug)]
struct Counts {
    done: AtomicI64,
    /// Negative while it is not known.
    total: AtomicI64,
}

impl Default for Counts {
    fn default() -> Self {
        Self { done: AtomicI64::new(0), total: AtomicI64::new(-1) }
    }
}

impl Progress {
    /// So many steps are done.
    pub fn set_done(&self, done: i64) {
        self.0.done.store(done, Ordering::Relaxed);
    }

    /// There are so many steps.
    pub fn set_total(&self, total: i64) {
        self.0.total.store(total, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> (i64, Option<i64>) {
        let total = self.0.total.load(Ordering::Relaxed);
        (self.0.done.load(Ordering::Relaxed), (total >= 0).then_some(total))
    }
}

/// A run, as its handler sees it.
#[derive(Debug, Clone)]
pub struct Running {
    /// The job.
    pub id: Uuid,
    /// Whose work it is.
    pub owner: Option<UserId>,
    /// Which run it is, 1 the first.
    pub attempt: i64,
    /// To be told how far it is.
    pub progress: Progress,
}

type Run = Arc<dyn Fn(&str, Running) -> Pin<Box<dyn Future<Output = Outcome> + Send>> + Send + Sync>;

#[derive(Clone)]
struct Handler {
    attempts: i64,
    run: Run,
}

/// One handler for each kind.
#[derive(Clone, Default)]
pub struct Handlers(HashMap<&'static str, Handler>);

impl std::fmt::Debug for Handlers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Handlers {
    /// For no kind yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Does `run` for jobs with this payload. It may run more than once for one job, and must not mind.
    #[must_use]
    pub fn on<P: Payload, F>(mut self, run: impl Fn(P, Running) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Outcome> + Send + 'static,
    {
        let run: Run = Arc::new(move |payload, running| match serde_json::from_str::<P>(payload) {
            Ok(payload) => Box::pin(run(payload, running)),
            // The words of the parser may quote the payload.
            Err(_) => Box::pin(std::future::ready(Err(Failed::ForGood("its payload cannot be read".into())))),
        });
        self.0.insert(P::KIND, Handler { attempts: P::ATTEMPTS, run });
        self
    }

    /// How often a job of that kind is run before it is given up.
    pub(super) fn attempts(&self, kind: &str) -> i64 {
        self.0.get(kind).map_or(ATTEMPTS_OF_STRANGERS, |handler| handler.attempts)
    }

    /// Runs a job.
    pub(super) fn run(
        &self,
        kind: &str,
        payload: &str,
        running: Running,
    ) -> Pin<Box<dyn Future<Output = Outcome> + Send>> {
        match self.0.get(kind) {
            Some(handler) => (handler.run)(payload, running),
            None => {
                let why = format!("this version of the server knows no jobs of the kind `{kind}`");
                Box::pin(std::future::ready(Err(Failed::Again(why))))
            }
        }
    }
}
