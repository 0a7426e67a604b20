//! The worker: takes what is due, does it, and writes down how it ended.
//!
//! One per instance. It sleeps until something is due: a job that is enqueued here wakes it, and a tick finds what another
//! instance has enqueued. While a job runs, its lease is renewed; a run whose lease was lost is stopped, because somebody else has
//! the job by then.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};
use uuid::Uuid;

use super::handlers::{Failed, Handlers, Outcome, Progress, Running};
use super::schedule::Schedule;
use super::store::work::{self, Agenda, Claimed, End, New};
use super::{Payload, retry};
use crate::caller::UserId;
use crate::clock::{Ids, Timestamp};
use crate::db::{Db, WriteOptions, WriteTx, Written};
use crate::error::{Error, Result};
use crate::metrics::{JobLabels, JobMetrics};

/// Jobs that run at once. They work beside requests, for which most of the machine is.
const AT_ONCE: usize = 2;

/// The longest sleep: how late a job may begin that another instance has enqueued.
const TICK: Duration = Duration::from_secs(15);

/// How often progress is written down while it moves.
const BEAT: Duration = Duration::from_secs(2);

/// How often a lease is renewed when it does not: three signs of life in a lease.
const RENEW: Duration = Duration::from_secs(10);

/// How long the worker rests after the store refused it.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// The books are kept when the disk's reserve is touched, too: jobs are what makes room.
const WRITE: WriteOptions = WriteOptions { weight: 0, frees: true };

/// Where jobs are put. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Queue {
    db: Db,
    ids: Ids,
    wake: Arc<Notify>,
}

/// A job that is about to be enqueued: all that is drawn before the transaction.
#[derive(Debug, Clone)]
pub struct Order(New);

impl Order {
    /// The id that the job will have.
    pub fn id(&self) -> Uuid {
        self.0.id
    }
}

impl Queue {
    /// Of this store.
    pub fn new(db: Db, ids: Ids) -> Self {
        Self { db, ids, wake: Arc::default() }
    }

    /// Draws what a job needs, before the transaction that enqueues it. It is due at once.
    ///
    /// # Errors
    /// [`Error::Internal`] when the payload cannot be written as JSON, which is a defect.
    pub fn order<P: Payload>(&self, owner: Option<UserId>, payload: &P) -> Result<Order> {
        let (id, now) = (self.ids.id(), self.ids.now());
        let payload = serde_json::to_string(payload).map_err(Error::internal)?;
        Ok(Order(New { id, owner, kind: P::KIND, schedule: None, payload, due_at: now, now }))
    }

    /// Enqueues a job in the transaction that makes it necessary; the worker hears of it after the commit.
    ///
    /// # Errors
    /// What the store says.
    pub fn enqueue(&self, tx: &mut WriteTx<'_>, order: &Order) -> Result<()> {
        work::insert(tx, &order.0)?;
        let wake = Arc::clone(&self.wake);
        tx.after_commit(move || wake.notify_one());
        Ok(())
    }

    /// Enqueues a job by itself; returns its id.
    ///
    /// # Errors
    /// What the store says.
    pub async fn add<P: Payload>(&self, owner: Option<UserId>, payload: &P) -> Result<Written<Uuid>> {
        let order = self.order(owner, payload)?;
        let (queue, id) = (self.clone(), order.id());
        Ok(self.db.write(move |tx| queue.enqueue(tx, &order)).await?.map(|()| id))
    }

    /// Lets the worker look again: a job has become due in another way.
    pub fn nudge(&self) {
        self.wake.notify_one();
    }
}

/// Empties a [`Queue`]. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Worker {
    queue: Queue,
    handlers: Arc<Handlers>,
    schedules: Arc<[Schedule]>,
    metrics: JobMetrics,
}

impl Worker {
    /// Does `handlers` for what is in `queue`, and enqueues what is due of `schedules`.
    pub fn new(queue: Queue, handlers: Handlers, schedules: Vec<Schedule>, metrics: JobMetrics) -> Self {
        Self { queue, handlers: Arc::new(handlers), schedules: schedules.into(), metrics }
    }

    /// Works until `stop` is true. Runs that are under way then are given up and begin anew with the next worker.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut running = JoinSet::new();
        let mut planned = false;
        while !*stop.borrow() {
            let sleep = match self.start_what_is_due(&mut planned, &mut running, &stop).await {
                Ok(sleep) => sleep,
                Err(Error::ShuttingDown) => break,
                // It has been told already, once.
                Err(Error::Damaged) => TICK,
                Err(why) => {
                    tracing::warn!(%why, "jobs cannot be looked at; trying again");
                    AFTER_FAILURE
                }
            };
            tokio::select! {
                () = self.queue.wake.notified() => {}
                () = tokio::time::sleep(sleep) => {}
                Some(_) = running.join_next() => {}
                _ = stop.wait_for(|stop| *stop) => break,
            }
        }
        // Each hears of the end by itself, gives its job back and ends.
        while running.join_next().await.is_some() {}
    }

    /// Fills the free places; returns how long there is nothing more to begin.
    async fn start_what_is_due(
        &self,
        planned: &mut bool,
        running: &mut JoinSet<()>,
        stop: &watch::Receiver<bool>,
    ) -> Result<Duration> {
        if !*planned {
            self.plan().await?;
            *planned = true;
        }
        while running.len() < AT_ONCE {
            let now = self.queue.ids.now();
            let agenda = self.agenda().await?;
            match agenda.next() {
                Some(next) if next <= now => {}
                Some(next) => return Ok(until(now, next).min(TICK)),
                None => return Ok(TICK),
            }
            let Some(job) = self.take().await? else { continue };
            running.spawn(self.clone().work(job, stop.clone()));
        }
        Ok(TICK)
    }

    /// Does everything that is due now, one after the other; returns how many runs that were. For commands and tests.
    ///
    /// # Errors
    /// What the store says.
    pub async fn drain(&self) -> Result<usize> {
        self.plan().await?;
        let (_never, stop) = watch::channel(false);
        let mut runs = 0;
        while self.agenda().await?.next().is_some_and(|next| next <= self.queue.ids.now()) {
            if let Some(job) = self.take().await? {
                self.clone().work(job, stop.clone()).await;
                runs += 1;
            }
        }
        Ok(runs)
    }

    async fn plan(&self) -> Result<()> {
        let (schedules, now) = (Arc::clone(&self.schedules), self.queue.ids.now());
        self.queue.db.write_with(WRITE, move |tx| work::plan(tx, &schedules, now)).await?;
        Ok(())
    }

    async fn agenda(&self) -> Result<Agenda> {
        let agenda = self.queue.db.read(work::agenda).await?;
        self.metrics.queued.set(agenda.queued);
        self.metrics.failed.set(agenda.failed);
        Ok(agenda)
    }

    /// Enqueues what is due of the schedules, takes back what was abandoned, and claims the next job.
    async fn take(&self) -> Result<Option<Claimed>> {
        let ids = &self.queue.ids;
        let (now, lease, chance) = (ids.now(), ids.id(), ids.bytes());
        let new_ids: Vec<Uuid> = self.schedules.iter().map(|_| ids.id()).collect();
        let (schedules, handlers) = (Arc::clone(&self.schedules), Arc::clone(&self.handlers));
        let write = move |tx: &mut WriteTx<'_>| {
            work::fire(tx, &schedules, &new_ids, now)?;
            while let Some(job) = work::abandoned(tx, now)? {
                let why = "its worker has not been heard of any more".to_owned();
                let end = failure(&handlers, &job, Failed::Again(why), now, chance);
                work::end(tx, &job, &end, now)?;
            }
            work::claim(tx, lease, now)
        };
        Ok(self.queue.db.write_with(WRITE, write).await?.value)
    }

    /// Runs one job and writes down how it ended.
    async fn work(self, job: Claimed, mut stop: watch::Receiver<bool>) {
        let progress = Progress::default();
        let running = Running { id: job.id, owner: job.owner, attempt: job.attempt, progress: progress.clone() };
        let began = std::time::Instant::now();
        self.metrics.running.inc();
        let mut task = tokio::spawn(self.handlers.run(&job.kind, &job.payload, running));
        let outcome = tokio::select! {
            outcome = &mut task => outcome.unwrap_or_else(|_| Err(Failed::Again("it panicked; the log has the place".into()))),
            () = self.keep_lease(&job, &progress) => {
                tracing::warn!(job = %job.id, kind = job.kind, "a job was given to another worker");
                task.abort();
                self.metrics.running.dec();
                return;
            }
            _ = stop.wait_for(|stop| *stop) => {
                task.abort();
                Err(Failed::Stopped)
            }
        };
        self.metrics.running.dec();
        self.count(&job.kind, &outcome, began.elapsed());
        self.finish(&job, outcome, &progress).await;
    }

    /// Renews the lease until it is lost.
    async fn keep_lease(&self, job: &Claimed, progress: &Progress) {
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut told, mut renewed) = (progress.read(), Instant::now());
        loop {
            beat.tick().await;
            let (done, total) = progress.read();
            let moved = (done, total) != told;
            if !moved && renewed.elapsed() < RENEW {
                continue;
            }
            let (job, now) = (job.clone(), self.queue.ids.now());
            match self.queue.db.write_with(WRITE, move |tx| work::renew(tx, &job, now, (done, total), moved)).await {
                Ok(Written { value: true, .. }) => (told, renewed) = ((done, total), Instant::now()),
                Ok(_) => return,
                // The lease holds for a while; the next beat tries again.
                Err(why) => tracing::warn!(%why, "a job's lease could not be renewed"),
            }
        }
    }

    async fn finish(&self, job: &Claimed, outcome: Outcome, progress: &Progress) {
        let (now, chance) = (self.queue.ids.now(), self.queue.ids.bytes());
        let end = match outcome {
            Ok(result) => success(&result, progress),
            Err(failed) => failure(&self.handlers, job, failed, now, chance),
        };
        match &end {
            End::Failed { why } => {
                tracing::error!(job = %job.id, kind = job.kind, why, "a job has failed for good; `inkstone jobs` shows it");
            }
            End::Again { why, counts: true, .. } => {
                tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempt, why, "a job has failed and will be tried again");
            }
            End::Again { .. } | End::Done { .. } => {}
        }
        let claimed = job.clone();
        if let Err(why) = self.queue.db.write_with(WRITE, move |tx| work::end(tx, &claimed, &end, now)).await {
            tracing::warn!(job = %job.id, kind = job.kind, %why, "a job's end could not be written down: it will run again");
        }
    }

    fn count(&self, kind: &str, outcome: &Outcome, took: Duration) {
        let outcome = match outcome {
            Ok(_) => "done",
            Err(Failed::Again(_)) => "retried",
            Err(Failed::ForGood(_)) => "failed",
            Err(Failed::Stopped) => return,
        };
        self.metrics.runs.get_or_create(&JobLabels { kind: kind.to_owned(), outcome: outcome.to_owned() }).inc();
        self.metrics.duration.observe(took.as_secs_f64());
    }
}

fn success(result: &Value, progress: &Progress) -> End {
    let (done, total) = progress.read();
    End::Done { result: result.to_string(), done, total }
}

/// What becomes of a job whose run failed.
fn failure(handlers: &Handlers, job: &Claimed, failed: Failed, now: Timestamp, chance: [u8; 2]) -> End {
    match failed {
        Failed::Stopped => End::Again { at: now, why: "the server stopped".into(), counts: false },
        Failed::ForGood(why) => End::Failed { why },
        Failed::Again(why) if job.attempt >= handlers.attempts(&job.kind) => End::Failed { why },
        Failed::Again(why) => End::Again { at: now.plus(retry::wait(job.attempt, chance)), why, counts: true },
    }
}

fn until(now: Timestamp, then: Timestamp) -> Duration {
    Duration::from_micros(u64::try_from(then.micros().saturating_sub(now.micros())).unwrap_or(0))
}
