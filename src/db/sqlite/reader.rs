//! SQLite as the readers' engine: a pool of query-only connections.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::OpenFlags;

use super::super::engine::{Conn, ReadConnector, ReadEngine};
use super::super::refusal::Refusal;
use crate::error::{Error, Result};

/// Virtual-machine steps between two looks at the deadline: some 50 microseconds.
const STEPS_BETWEEN_CHECKS: i32 = 2000;

type Pool = r2d2::Pool<SqliteConnectionManager>;

/// Opens as many connections as there are threads; each thread takes one and keeps it for as long as it lives: what is set on it
/// once need not be set for each read.
pub(in crate::db) fn connectors(path: &Path, threads: u32) -> Result<Vec<ReadConnector>, Refusal> {
    let manager = SqliteConnectionManager::file(path)
        .with_flags(OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .with_init(|conn| super::configure_reader(conn));
    // Connections to a local file do not go stale: no lifetime, no idle limit, no test on check-out. r2d2 wants a thread pool
    // to replace broken ones; one thread is plenty.
    let pool: Pool = r2d2::Pool::builder()
        .max_size(threads)
        .min_idle(Some(threads))
        .max_lifetime(None)
        .idle_timeout(None)
        .test_on_check_out(false)
        .connection_timeout(Duration::from_secs(5))
        .thread_pool(Arc::new(scheduled_thread_pool::ScheduledThreadPool::builder().num_threads(1).build()))
        .build(manager)
        .map_err(|e| Refusal::Unreadable { path: path.to_owned(), detail: e.to_string() })?;
    let connector = |pool: Pool| -> ReadConnector { Box::new(move || Ok(Box::new(SqliteReader::take(&pool)?))) };
    Ok((0..threads).map(|_| connector(pool.clone())).collect())
}

struct SqliteReader {
    conn: r2d2::PooledConnection<SqliteConnectionManager>,
    deadline: Deadline,
}

impl SqliteReader {
    fn take(pool: &Pool) -> Result<Self> {
        let conn = pool.get().map_err(|e| Error::internal(format!("no reader connection: {e}")))?;
        let deadline = Deadline::default();
        let at = deadline.clone();
        conn.progress_handler(STEPS_BETWEEN_CHECKS, Some(move || at.has_passed())).map_err(|e| super::error(&e))?;
        Ok(Self { conn, deadline })
    }

    fn statement(&self, sql: &str) -> Result<()> {
        let run = self.conn.prepare_cached(sql).and_then(|mut s| s.execute([]));
        run.map(drop).map_err(|e| super::error(&e))
    }
}

impl ReadEngine for SqliteReader {
    fn begin(&mut self, deadline: Instant) -> Result<Conn<'_>> {
        self.deadline.set(deadline);
        self.statement("BEGIN")?;
        Ok(Conn::Sqlite(&self.conn))
    }

    fn end(&mut self) -> Result<()> {
        if self.conn.is_autocommit() {
            return Ok(());
        }
        // Ending must not be interrupted in its turn.
        self.deadline.micros.store(u64::MAX, Ordering::Relaxed);
        self.statement("ROLLBACK")
    }

    fn rest(&mut self) {
        // What is not given back now is at the next rest.
        let _ = self.conn.release_memory();
    }

    fn is_sound(&mut self) -> bool {
        true
    }
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
