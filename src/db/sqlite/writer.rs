//! SQLite as the writer's engine.

use std::time::Duration;

use rusqlite::Connection;

use super::super::disk::Disk;
use super::super::engine::{CommitFailure, Conn, WriteEngine};
use crate::error::{Error, Result};

/// The one connection that writes in the file.
pub(in crate::db) struct SqliteWriter {
    pub(in crate::db) conn: Connection,
    pub(in crate::db) disk: Disk,
}

impl SqliteWriter {
    fn statement(&self, sql: &str) -> Result<()> {
        let run = self.conn.prepare_cached(sql).and_then(|mut s| s.execute([]));
        run.map(drop).map_err(|e| super::error(&e))
    }
}

impl WriteEngine for SqliteWriter {
    fn begin(&mut self) -> Result<i64> {
        self.statement("BEGIN IMMEDIATE")?;
        let newest = "SELECT coalesce(max(seq), 0) FROM changes";
        let head = self.conn.prepare_cached(newest).and_then(|mut s| s.query_row([], |r| r.get(0)));
        head.map_err(|e| {
            let _ = self.statement("ROLLBACK");
            super::error(&e)
        })
    }

    fn savepoint(&mut self) -> Result<()> {
        self.statement("SAVEPOINT closure")
    }

    fn release(&mut self) -> Result<()> {
        self.statement("RELEASE closure")
    }

    fn undo(&mut self) -> Result<()> {
        self.statement("ROLLBACK TO closure").and_then(|()| self.statement("RELEASE closure"))
    }

    fn stands(&self) -> bool {
        !self.conn.is_autocommit()
    }

    fn why_gone(&self) -> Error {
        Error::internal("the transaction ended under a write")
    }

    fn rollback(&mut self) -> Result<()> {
        if self.stands() { self.statement("ROLLBACK") } else { Ok(()) }
    }

    fn commit(&mut self, _head: i64) -> Result<(), CommitFailure> {
        let outcome = self.conn.prepare_cached("COMMIT").and_then(|mut s| s.execute([]));
        outcome.map(drop).map_err(|e| super::commit_failure(&e))
    }

    fn batch_time(&self) -> Duration {
        Duration::from_millis(10)
    }

    fn is_low(&self) -> bool {
        self.disk.is_low()
    }

    fn conn(&mut self) -> Conn<'_> {
        Conn::Sqlite(&self.conn)
    }

    /// Copies the write-ahead log into the file.
    fn close(&mut self) {
        if let Err(e) = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())) {
            tracing::warn!(error = %e, "the write-ahead log could not be copied back; it will be at the next start");
        }
    }

    #[cfg(test)]
    fn sqlite(&self) -> Option<&Connection> {
        Some(&self.conn)
    }
}
