//! The writer thread: one transaction at a time, many writes in each.
//!
//! Closures wait in a queue; the thread runs all that are there in one transaction, each in a savepoint, commits once and only
//! then answers, the failed ones too, because they saw what the others had not yet made durable. Under load one flush to disk
//! serves dozens of writes; an idle writer commits at once.
//!
//! What a reader would get wrong: after some errors (a full disk above all) SQLite has rolled back the *whole* transaction, not
//! the savepoint, and a lost connection takes PostgreSQL's along. The thread asks after each closure whether its transaction still stands; if not, the others are run again one
//! by one, which is why closures are `Fn` and free of side effects.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};
use tokio::sync::{oneshot, watch};

use super::closure::{Job, Typed};
use super::damage::Damage;
use super::engine::{CommitFailure, WriteEngine};
use super::tx::{Checked, Hook, WriteTx};
use super::{Fatal, Written, inside};
use crate::error::{Error, Result};
use crate::metrics::StoreMetrics;

/// A batch ends at this many closures, ..
const BATCH_CLOSURES: usize = 256;
/// .. at the age that its engine names (tests put writes into one batch on purpose, however slow the machine), ..
fn batch_time(engine: &dyn WriteEngine) -> Duration {
    if cfg!(test) { Duration::from_secs(60) } else { engine.batch_time() }
}
/// .. or at this weight in bytes.
const BATCH_BYTES: usize = 8 << 20;

/// Weight that may wait, in bytes.
const QUEUE_BYTES: usize = 64 << 20;
/// The least that a queued closure weighs.
const LEAST_WEIGHT: usize = 1024;
/// How long a closure may wait for its turn.
const QUEUE_TIME: Duration = Duration::from_secs(10);

/// What the writer should know of a closure before it runs it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// Bytes that the write brings along, roughly; the queue and the batches are bounded by it.
    pub weight: usize,
    /// The write makes room (a purge), so it is let through when the disk's reserve is touched.
    pub frees: bool,
}

struct Queued {
    job: Box<dyn Job>,
    options: WriteOptions,
    weight: usize,
    since: Instant,
}

#[cfg(test)]
type Tampering = Box<dyn FnOnce(&mut dyn WriteEngine) + Send>;

enum Message {
    Write(Queued),
    #[cfg(test)]
    Tamper(Tampering),
    Stop(oneshot::Sender<()>),
}

/// The door to the writer thread.
pub(super) struct Writer {
    queue: Sender<Message>,
    waiting: Arc<AtomicUsize>,
    metrics: StoreMetrics,
    damage: Damage,
}

/// What the thread needs.
pub(super) struct Setup {
    pub(super) engine: Box<dyn WriteEngine>,
    pub(super) damage: Damage,
    pub(super) head: Arc<watch::Sender<i64>>,
    pub(super) fatal: Fatal,
    pub(super) metrics: StoreMetrics,
}

impl Writer {
    pub(super) fn start(setup: Setup) -> std::io::Result<Self> {
        let (queue, messages) = crossbeam_channel::unbounded();
        let waiting = Arc::new(AtomicUsize::new(0));
        let (metrics, damage) = (setup.metrics.clone(), setup.damage.clone());
        let thread =
            Thread { setup, messages, waiting: Arc::clone(&waiting), checked: Checked::default(), dead: false };
        std::thread::Builder::new().name("store-write".into()).spawn(move || thread.serve())?;
        Ok(Self { queue, waiting, metrics, damage })
    }

    /// Queues `write`; never blocks. The queue is bounded by weight, so its channel need not be.
    pub(super) fn submit<T, F>(&self, options: WriteOptions, write: F) -> oneshot::Receiver<Result<Written<T>>>
    where
        T: Send + 'static,
        F: Fn(&mut WriteTx<'_>) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        if inside::is_marked() {
            let _ = reply.send(Err(Error::internal("the store was called from inside a store closure")));
            return answer;
        }
        let weight = options.weight.max(LEAST_WEIGHT);
        let before = self.waiting.fetch_add(weight, Ordering::AcqRel);
        if before > 0 && before + weight > QUEUE_BYTES {
            self.waiting.fetch_sub(weight, Ordering::AcqRel);
            self.metrics.write_failures.inc();
            let _ = reply.send(Err(Error::Busy { what: "the store's writer", retry_after: Duration::from_secs(1) }));
            return answer;
        }
        self.metrics.write_queue_bytes.inc_by(i64::try_from(weight).unwrap_or(i64::MAX));
        let job = Box::new(Typed::new(write, reply, self.damage.clone()));
        let queued = Queued { job, options, weight, since: Instant::now() };
        if let Err(refused) = self.queue.send(Message::Write(queued)) {
            self.waiting.fetch_sub(weight, Ordering::AcqRel);
            self.metrics.write_queue_bytes.dec_by(i64::try_from(weight).unwrap_or(i64::MAX));
            if let Message::Write(queued) = refused.0 {
                queued.job.refuse(Error::ShuttingDown);
            }
        }
        answer
    }

    /// Lets the queue run empty, copies the WAL into the file and ends the thread.
    pub(super) async fn stop(&self) {
        let (done, wait) = oneshot::channel();
        if self.queue.send(Message::Stop(done)).is_ok() {
            let _ = wait.await;
        }
    }

    #[cfg(test)]
    pub(super) fn tamper(&self, with: impl FnOnce(&mut dyn WriteEngine) + Send + 'static) {
        let _ = self.queue.send(Message::Tamper(Box::new(with)));
    }
}

/// A closure that ran in the open transaction.
struct Ran {
    job: Box<dyn Job>,
    change: i64,
    hooks: Vec<Hook>,
}

enum Attempt {
    Ran(Ran),
    /// The transaction is gone with everything in it; the job holds its own error.
    TransactionGone(Box<dyn Job>),
}

struct Thread {
    setup: Setup,
    messages: Receiver<Message>,
    waiting: Arc<AtomicUsize>,
    checked: Checked,
    dead: bool,
}

impl Thread {
    fn serve(mut self) {
        while let Ok(message) = self.messages.recv() {
            match message {
                Message::Write(first) => {
                    let stop = self.batch(first);
                    if self.dead {
                        return;
                    }
                    if let Some(done) = stop {
                        return self.close(done);
                    }
                }
                #[cfg(test)]
                Message::Tamper(with) => with(self.setup.engine.as_mut()),
                Message::Stop(done) => return self.close(done),
            }
        }
    }

    fn close(mut self, done: oneshot::Sender<()>) {
        // What came in behind the order to stop was certainly not written: say so rather than "unknown".
        for message in self.messages.try_iter() {
            if let Message::Write(queued) = message {
                queued.job.refuse(Error::ShuttingDown);
            }
        }
        self.setup.engine.close();
        drop(self);
        let _ = done.send(());
    }

    /// Runs `first` and all that wait behind it, up to the limits of a batch. Answers a stop message met on the way.
    fn batch(&mut self, first: Queued) -> Option<oneshot::Sender<()>> {
        let low = self.setup.engine.is_low();
        let mut stop = None;
        let mut ran: Vec<Ran> = Vec::new();
        let mut gone: Option<Box<dyn Job>> = None;
        let started = Instant::now();
        let mut weight = 0;
        let mut head = None;
        let mut next = Some(first);
        while let Some(queued) = next.take() {
            weight += queued.weight;
            if let Some(job) = self.admit(queued, low) {
                let at = match head.map_or_else(|| self.setup.engine.begin(), Ok) {
                    Ok(at) => at,
                    Err(e) => {
                        self.setup.metrics.write_failures.inc();
                        job.refuse(e);
                        break;
                    }
                };
                match self.attempt(job, at) {
                    Attempt::Ran(done) => {
                        head = Some(done.change);
                        ran.push(done);
                    }
                    Attempt::TransactionGone(job) => {
                        gone = Some(job);
                        break;
                    }
                }
            }
            if ran.len() >= BATCH_CLOSURES
                || weight >= BATCH_BYTES
                || started.elapsed() >= batch_time(self.setup.engine.as_ref())
            {
                break;
            }
            match self.messages.try_recv() {
                Ok(Message::Write(queued)) => next = Some(queued),
                #[cfg(test)]
                Ok(Message::Tamper(with)) => with(self.setup.engine.as_mut()),
                Ok(Message::Stop(done)) => stop = Some(done),
                Err(_) => {}
            }
        }
        self.settle(ran, gone);
        stop
    }

    /// Takes a closure off the queue; refuses it when it should not run at all.
    fn admit(&self, queued: Queued, low: bool) -> Option<Box<dyn Job>> {
        self.waiting.fetch_sub(queued.weight, Ordering::AcqRel);
        self.setup.metrics.write_queue_bytes.dec_by(i64::try_from(queued.weight).unwrap_or(i64::MAX));
        if queued.job.abandoned() {
            return None;
        }
        let refusal = if self.setup.damage.is_any() {
            Error::Damaged
        } else if queued.since.elapsed() > QUEUE_TIME {
            Error::Busy { what: "the store's writer", retry_after: Duration::from_secs(1) }
        } else if low && !queued.options.frees {
            Error::StorageFull
        } else {
            return Some(queued.job);
        };
        self.setup.metrics.write_failures.inc();
        queued.job.refuse(refusal);
        None
    }

    /// Runs one closure in a savepoint of the open transaction.
    fn attempt(&mut self, mut job: Box<dyn Job>, head: i64) -> Attempt {
        let engine = &mut self.setup.engine;
        if let Err(e) = engine.savepoint() {
            job.set_error(e);
            return Attempt::TransactionGone(job);
        }
        let mut tx = WriteTx::new(engine.conn(), &self.checked, head);
        let keep = inside::mark(|| job.run(&mut tx));
        let (reached, hooks) = tx.finish();
        if !engine.stands() {
            job.undone(engine.why_gone());
            return Attempt::TransactionGone(job);
        }
        if keep {
            match engine.release() {
                Ok(()) => return Attempt::Ran(Ran { job, change: reached, hooks }),
                Err(e) => job.set_error(e),
            }
            if !engine.stands() {
                return Attempt::TransactionGone(job);
            }
        }
        let undone = engine.undo();
        if undone.is_err() || !engine.stands() {
            return Attempt::TransactionGone(job);
        }
        Attempt::Ran(Ran { job, change: head, hooks: Vec::new() })
    }

    /// Commits what ran and answers it; when the transaction is gone, runs the survivors again one by one.
    fn settle(&mut self, ran: Vec<Ran>, gone: Option<Box<dyn Job>>) {
        if let Some(culprit) = gone {
            let _ = self.setup.engine.rollback();
            culprit.answer(0);
            self.setup.metrics.write_failures.inc();
            return self.one_by_one(ran);
        }
        if ran.is_empty() {
            let _ = self.setup.engine.rollback();
            return;
        }
        if let Err((ran, _)) = self.commit(ran) {
            self.one_by_one(ran);
        }
    }

    fn one_by_one(&mut self, ran: Vec<Ran>) {
        for Ran { job, .. } in ran {
            if self.dead {
                return;
            }
            if job.abandoned() {
                continue;
            }
            let head = match self.setup.engine.begin() {
                Ok(head) => head,
                Err(e) => {
                    job.refuse(e);
                    continue;
                }
            };
            match self.attempt(job, head) {
                Attempt::TransactionGone(job) => {
                    let _ = self.setup.engine.rollback();
                    job.answer(0);
                }
                Attempt::Ran(done) => {
                    if let Err((ran, why)) = self.commit(vec![done]) {
                        let mut why = Some(why);
                        for Ran { job, .. } in ran {
                            job.refuse(why.take().unwrap_or(Error::StorageFull));
                        }
                    }
                }
            }
        }
    }

    /// Commits and answers. `Err` gives the closures back: nothing was written.
    fn commit(&mut self, ran: Vec<Ran>) -> Result<(), (Vec<Ran>, Error)> {
        let head = ran.last().map_or(0, |r| r.change);
        match self.setup.engine.commit(head) {
            Ok(()) => {}
            Err(CommitFailure::NothingWritten(why)) => {
                let _ = self.setup.engine.rollback();
                return Err((ran, why));
            }
            // Dropped unanswered: the callers learn that the outcome is unknown, if they learn anything.
            Err(CommitFailure::Lost(why)) => {
                tracing::error!(why, writes = ran.len(), "the answer to COMMIT was lost; its outcome is unknown");
                self.setup.metrics.write_failures.inc_by(ran.len() as u64);
                return Ok(());
            }
            Err(CommitFailure::Fatal(why)) => {
                self.dead = true;
                (self.setup.fatal)(&format!("COMMIT failed, its outcome is unknown: {why}"));
                return Ok(());
            }
        }
        self.setup.metrics.commits.inc();
        self.setup.metrics.writes.inc_by(ran.len() as u64);
        let mut answers = Vec::with_capacity(ran.len());
        for Ran { job, change, hooks } in ran {
            for hook in hooks {
                if catch_unwind(AssertUnwindSafe(hook)).is_err() {
                    tracing::error!("a hook panicked after its commit");
                }
            }
            answers.push((job, change));
        }
        self.setup.metrics.head.set(head);
        self.setup.head.send_if_modified(|known| std::mem::replace(known, head.max(*known)) < head);
        for (job, change) in answers {
            job.answer(change);
        }
        Ok(())
    }
}
