//! Reader threads: snapshots for everybody, beside the writer.
//!
//! A pool of query-only connections served by threads of the store's own. The queue is bounded and never blocks an async worker;
//! a read that takes too long is interrupted, so that one bad query costs one thread for a limited time and never the runtime.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use super::inside;
use super::refusal::Refusal;
use super::sqlite;
use super::tx::{Checked, ReadTx};
use crate::error::{Error, Result};
use crate::metrics::StoreMetrics;

/// Reads that may wait; beyond, the server is busy and says so.
const QUEUE: usize = 2048;

/// Virtual-machine steps between two looks at the deadline: some 50 microseconds.
const STEPS_BETWEEN_CHECKS: i32 = 2000;

type Pool = r2d2::Pool<SqliteConnectionManager>;
type Work = Box<dyn FnOnce(Result<(&Connection, &Checked)>) + Send>;

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
}

impl Readers {
    /// Opens `count` connections and starts as many threads. `deadline` covers waiting and running.
    pub(super) fn start(path: &Path, count: usize, deadline: Duration, metrics: StoreMetrics) -> Result<Self, Refusal> {
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
        Ok(Self { queue, waiting, threads: parking_lot::Mutex::new(threads), deadline, metrics })
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
        let metrics = self.metrics.clone();
        let work: Work = Box::new(move |connection| {
            if reply.is_closed() {
                return;
            }
            let outcome = connection.and_then(|(conn, checked)| snapshot(conn, checked, deadline, read));
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

fn serve(pool: &Pool, work: &Receiver<Message>, waiting: &AtomicUsize) {
    let checked = Checked::default();
    while let Ok(Message::Work(work)) = work.recv() {
        waiting.fetch_sub(1, Ordering::AcqRel);
        match pool.get() {
            Ok(conn) => work(Ok((&conn, &checked))),
            Err(e) => work(Err(Error::internal(format!("no reader connection: {e}")))),
        }
    }
}

fn snapshot<T>(
    conn: &Connection,
    checked: &Checked,
    deadline: Instant,
    read: impl FnOnce(&mut ReadTx<'_>) -> Result<T>,
) -> Result<T> {
    if Instant::now() >= deadline {
        return Err(Error::Deadline);
    }
    let run = |sql| conn.prepare_cached(sql).and_then(|mut s| s.execute([])).map_err(|e| sqlite::error(&e));
    conn.progress_handler(STEPS_BETWEEN_CHECKS, Some(move || Instant::now() >= deadline))
        .map_err(|e| sqlite::error(&e))?;
    let outcome = run("BEGIN").and_then(|_| {
        let mut tx = ReadTx::new(conn, checked);
        inside::mark(|| catch_unwind(AssertUnwindSafe(|| read(&mut tx))))
            .unwrap_or_else(|_| Err(Error::internal("a read panicked")))
    });
    let _ = conn.progress_handler(0, None::<fn() -> bool>);
    if !conn.is_autocommit() {
        run("ROLLBACK")?;
    }
    outcome
}
