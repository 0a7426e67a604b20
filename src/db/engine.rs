//! What the store's threads want of an engine, and nothing more.
//!
//! The threads (`writer`, `reader`) know transactions, savepoints and batches; an engine knows connections and what its errors
//! mean. Transactions as features see them (`tx`) run on a [`Conn`].

use std::time::{Duration, Instant};

use super::postgres::session::Session;
use super::sqlite;
use super::value::{Row, Value};
use crate::error::{Error, Result};

/// An open transaction of either engine.
#[derive(Debug)]
pub(super) enum Conn<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(&'c mut Session),
}

impl Conn<'_> {
    /// The rows of one statement, until `row` answers `false`.
    pub(super) fn each(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        row: &mut dyn FnMut(&Row<'_>) -> Result<bool>,
    ) -> Result<()> {
        match self {
            Self::Sqlite(conn) => sqlite::each(conn, sql, params, row),
            Self::Postgres(session) => session.each(sql, params, row),
        }
    }

    /// A statement without rows; how many it touched.
    pub(super) fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<usize> {
        match self {
            Self::Sqlite(conn) => sqlite::execute(conn, sql, params),
            Self::Postgres(session) => session.execute(sql, params),
        }
    }

    /// A statement without rows that nobody needs the count of: it may be on its way still when this returns.
    pub(super) fn post(&mut self, sql: &str, params: &[Value<'_>]) -> Result<()> {
        match self {
            Self::Sqlite(conn) => sqlite::execute(conn, sql, params).map(drop),
            Self::Postgres(session) => session.post(sql, params),
        }
    }
}

/// What a failed commit leaves behind.
#[derive(Debug)]
pub(super) enum CommitFailure {
    /// Nothing was written: the batch may be run again.
    NothingWritten(Error),
    /// Whether it is on disk is unknown, and this process cannot find out: only a restart, which reads what the disk really holds.
    Fatal(String),
    /// Whether it was written is unknown, because the answer was lost on its way. The store itself is well.
    Lost(String),
}

/// A connection that writes: one transaction at a time.
pub(super) trait WriteEngine: Send {
    /// Opens a transaction that no other writer of this store has beside it; returns the newest change number.
    ///
    /// Read anew each time rather than remembered: on PostgreSQL other instances write in between.
    fn begin(&mut self) -> Result<i64>;
    /// Sets the savepoint of one closure.
    fn savepoint(&mut self) -> Result<()>;
    /// Keeps what was written since the savepoint; fails with what a statement failed with that was posted and not heard of yet.
    fn release(&mut self) -> Result<()>;
    /// Takes back what was written since the savepoint.
    fn undo(&mut self) -> Result<()>;
    /// Whether the transaction still stands: engines end it by themselves on some failures.
    fn stands(&self) -> bool;
    /// What a closure is told whose transaction does not stand any more, though it noticed nothing.
    fn why_gone(&self) -> Error;
    /// Ends the transaction without keeping anything; does nothing when it has ended.
    fn rollback(&mut self) -> Result<()>;
    /// Makes the transaction durable. `head`: the newest change number in it.
    fn commit(&mut self, head: i64) -> Result<(), CommitFailure>;
    /// How long a batch may take before it is committed though more wait: long enough that its flush is a small part of it, and
    /// short enough that the first of it need not wait noticeably for the last.
    fn batch_time(&self) -> Duration;
    /// Whether there is room for writes that grow the store.
    fn is_low(&self) -> bool;
    /// What closures run on.
    fn conn(&mut self) -> Conn<'_>;
    /// What is to be done at the end, when nothing is written any more.
    fn close(&mut self);
    /// For tests that take the engine away from under the store.
    #[cfg(test)]
    fn sqlite(&self) -> Option<&rusqlite::Connection>;
}

/// A connection that reads: one snapshot at a time.
pub(super) trait ReadEngine {
    /// Takes a snapshot, to be read until `deadline`.
    fn begin(&mut self, deadline: Instant) -> Result<Conn<'_>>;
    /// Lets go of it.
    fn end(&mut self) -> Result<()>;
    /// Gives memory back that is not needed now.
    fn rest(&mut self);
    /// Whether it can be used again.
    fn is_sound(&mut self) -> bool;
}

/// Makes a connection for a reader thread, on that thread.
pub(super) type ReadConnector = Box<dyn Fn() -> Result<Box<dyn ReadEngine>> + Send>;
