//! Reader threads: snapshots for everybody, beside the writer.
//!
//! A pool of query-only connections served by threads of the store's own. The queue is bounded and never blocks an async worker;
//! a read that takes too long is interrupted, so that one bad query costs one thread for a limited time and never the runtime.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use super::damage::Damage;
use super::inside;
use super::refusal::Refusal;
use super::sqlite;
use super::tx::{Checked, ReadTx};
use crate::error::{Error, Result};
use crate::metrics::StoreMetrics;

/// Reads that may wait; beyond, the server is busy and says so.
const QUEUE: usize = 2048;

/// A reader that had nothing to do for this long gives its page cache back.
const REST_AFTER: Duration = Duration::from_secs(5);

/// Virtual-machine steps between two looks at the deadline: some 50 microseconds.
const STEPS_BETWEEN_CHECKS: i32 = 2000;

type Pool = r2d2::Pool<SqliteConnectionManager>;
type Work = Box<dyn FnOnce(Result<Reader<'_>>) + Send>;

enum Message {
    Work(Work),
    Stop,
}

/// The reader threads of one store.
pub(super) struct Readers {
    queue: Sender<Message>,
    /// Reads in the queue. Counted here instead of by a bounded channel: that would keep what came in behind the end of the threads,
    /// and its callers would wait for ever.
    waiting: Arc<AtomicUsize>,
    threads: parking_lot::Mutex<Vec<JoinHandle<()>>>,
    deadline: Duration,
    metrics: StoreMetrics,
    damage: Damage,
}

impl Readers {
    /// Opens `count` connections and starts as many threads. `deadline` covers waiting and running.
    pub(super) fn start(
        path: &Path,
        count: usize,
        deadline: Duration,
        metrics: StoreMetrics,
        damage: Damage,
    ) -> Result<Self, Refusal> {
        let manager = SqliteConnectionManager::file(path)
            .with_flags(OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .with_init(|conn| sqlite::configure_reader(conn));
        let size = u32::try_from(count).unwrap_or(1).max(1);
        let unreadable = |detail: String| Refusal::Unreadable { path: path.to_owned(), detail };
        // Connections to a local file do not go stale: no lifetime, no idle limit, no test on check-out. r2d2 wants a thread pool
        // to replace broken ones; one thread is plenty.
        let pool: Pool = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(size))
            .max_lifetime(None)
            .idle_timeout(None)
            .test_on_check_out(false)
            .connection_timeout(Duration::from_secs(5))
            .thread_pool(Arc::new(scheduled_thread_pool::ScheduledThreadPool::builder().num_threads(1).build()))
            .build(manager)
            .map_err(|e| unreadable(e.to_string()))?;
        let (queue, work) = crossbeam_channel::unbounded();
        let waiting = Arc::new(AtomicUsize::new(0));
        let threads = (0..size)
            .map(|n| {
                let (pool, work, waiting) = (pool.clone(), work.clone(), Arc::clone(&waiting));
                let serve = move || serve(&pool, &work, &waiting);
                std::thread::Builder::new().name(format!("store-read-{n}")).spawn(serve)
            })
            .collect::<std::io::Result<Vec<_>>>()
            .map_err(|e| unreadable(e.to_string()))?;
        Ok(Self { queue, waiting, threads: parking_lot::Mutex::new(threads), deadline, metrics, damage })
    }

    /// Queues `read`; the answer arrives in the receiver.
    pub(super) fn submit<T, F>(&self, read: F) -> oneshot::Receiver<Result<T>>
    where
        T: Send + 'static,
        F: FnOnce(&mut ReadTx<'_>) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        if inside::is_marked() {
            let _ = reply.send(Err(Error::internal("the store was called from inside a store closure")));
            return answer;
        }
        if self.waiting.fetch_add(1, Ordering::AcqRel) >= QUEUE {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
            self.metrics.read_failures.inc();
            let _ = reply.send(Err(Error::Busy { what: "the store's readers", retry_after: Duration::from_secs(1) }));
            return answer;
        }
        let deadline = Instant::now() + self.deadline;
        let (metrics, damage) = (self.metrics.clone(), self.damage.clone());
        let work: Work = Box::new(move |reader| {
            if reply.is_closed() {
                return;
            }
            let outcome = reader.and_then(|reader| reader.snapshot(deadline, read));
            if let Err(Error::Corrupt(why)) = &outcome {
                damage.note(why);
            }
            if outcome.is_ok() {
                metrics.reads.inc()
            } else {
                metrics.read_failures.inc()
            };
            let _ = reply.send(outcome);
        });
        // Refused when the threads have ended: the reply goes with the work, which the caller hears as the end.
        let _ = self.queue.send(Message::Work(work));
        answer
    }

    /// Answers what is queued, then ends the threads. Blocks.
    pub(super) fn stop(&self) {
        let threads = std::mem::take(&mut *self.threads.lock());
        for _ in &threads {
            let _ = self.queue.send(Message::Stop);
        }
        for thread in threads {
            let _ = thread.join();
        }
    }
}

/// Keeps one connection of the pool for as long as the thread lives: what is set on it once need not be set for each read.
fn serve(pool: &Pool, work: &Receiver<Message>, waiting: &AtomicUsize) {
    let checked = Checked::default();
    let deadline = Deadline::default();
    let mut held = None;
    while let Some(Message::Work(work)) = next_or_rest(work, held.as_ref()) {
        waiting.fetch_sub(1, Ordering::AcqRel);
        if held.is_none() {
            held = match connect(pool, &deadline) {
                Ok(conn) => Some(conn),
                Err(e) => {
                    work(Err(e));
                    continue;
                }
            };
        }
        if let Some(conn) = &held {
            work(Ok(Reader { conn, checked: &checked, deadline: &deadline }));
        }
    }
}

fn next_or_rest(work: &Receiver<Message>, held: Option<&Connected>) -> Option<Message> {
    match work.recv_timeout(REST_AFTER) {
        Ok(message) => Some(message),
        Err(RecvTimeoutError::Disconnected) => None,
        Err(RecvTimeoutError::Timeout) => {
            if let Some(conn) = held {
                // What is not given back now is at the next rest.
                let _ = conn.release_memory();
            }
            work.recv().ok()
        }
    }
}

type Connected = r2d2::PooledConnection<SqliteConnectionManager>;

fn connect(pool: &Pool, deadline: &Deadline) -> Result<Connected> {
    let conn = pool.get().map_err(|e| Error::internal(format!("no reader connection: {e}")))?;
    let deadline = deadline.clone();
    conn.progress_handler(STEPS_BETWEEN_CHECKS, Some(move || deadline.has_passed())).map_err(|e| sqlite::error(&e))?;
    Ok(conn)
}

/// When the read that a thread is on has to be given up.
#[derive(Clone)]
struct Deadline {
    epoch: Instant,
    micros: Arc<AtomicU64>,
}

impl Default for Deadline {
    fn default() -> Self {
        Self { epoch: Instant::now(), micros: Arc::new(AtomicU64::new(u64::MAX)) }
    }
}

impl Deadline {
    fn set(&self, at: Instant) {
        let micros = u64::try_from(at.saturating_duration_since(self.epoch).as_micros()).unwrap_or(u64::MAX);
        self.micros.store(micros, Ordering::Relaxed);
    }

    fn has_passed(&self) -> bool {
        u64::try_from(self.epoch.elapsed().as_micros()).unwrap_or(u64::MAX) >= self.micros.load(Ordering::Relaxed)
    }
}

/// What a reader thread works with.
struct Reader<'t> {
    conn: &'t Connection,
    checked: &'t Checked,
    deadline: &'t Deadline,
}

impl Reader<'_> {
    fn snapshot<T>(&self, deadline: Instant, read: impl FnOnce(&mut ReadTx<'_>) -> Result<T>) -> Result<T> {
        if Instant::now() >= deadline {
            return Err(Error::Deadline);
        }
        self.deadline.set(deadline);
        let run = |sql| self.conn.prepare_cached(sql).and_then(|mut s| s.execute([])).map_err(|e| sqlite::error(&e));
        let outcome = run("BEGIN").and_then(|_| {
            let mut tx = ReadTx::new(self.conn, self.checked);
            inside::mark(|| catch_unwind(AssertUnwindSafe(|| read(&mut tx))))
                .unwrap_or_else(|_| Err(Error::internal("a read panicked")))
        });
        if !self.conn.is_autocommit() {
            // Ending must not be interrupted in its turn.
            self.deadline.micros.store(u64::MAX, Ordering::Relaxed);
            run("ROLLBACK")?;
        }
        outcome
    }
}
