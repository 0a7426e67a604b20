//! Transactions as features see them.
//!
//! A [`ReadTx`] is one consistent snapshot; a [`WriteTx`] is a [`ReadTx`] that may change things, number changes and leave work
//! for after the commit. Both are poisoned by the first failed statement, because PostgreSQL aborts a transaction there and a
//! closure that went on would behave differently on the two engines.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ops::{Deref, DerefMut};

use super::engine::Conn;
use super::sql;
use super::value::{Row, Value};
use crate::error::{Error, Result};

/// Statements that passed the portability check; one set per store thread.
#[derive(Debug, Default)]
pub(super) struct Checked(RefCell<HashSet<String>>);

impl Checked {
    fn check(&self, text: &str) -> Result<()> {
        if self.0.borrow().contains(text) {
            return Ok(());
        }
        sql::check(text).map_err(|why| Error::internal(format!("statement refused: {why}: {text}")))?;
        self.0.borrow_mut().insert(text.to_owned());
        Ok(())
    }
}

/// A consistent snapshot of the store.
#[derive(Debug)]
pub struct ReadTx<'c> {
    conn: Conn<'c>,
    checked: &'c Checked,
    poisoned: bool,
}

impl<'c> ReadTx<'c> {
    pub(super) fn new(conn: Conn<'c>, checked: &'c Checked) -> Self {
        Self { conn, checked, poisoned: false }
    }

    pub(super) fn poisoned(&self) -> bool {
        self.poisoned
    }

    /// All rows, each through `row`.
    ///
    /// # Errors
    /// What the engine or `row` says; afterwards the transaction is poisoned.
    pub fn query<T>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut row: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut out = Vec::new();
        self.each(sql, params, |r| {
            out.push(row(r)?);
            Ok(true)
        })?;
        Ok(out)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`ReadTx::query`].
    pub fn query_opt<T>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut row: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut out = None;
        self.each(sql, params, |r| {
            out = Some(row(r)?);
            Ok(false)
        })?;
        Ok(out)
    }

    /// The one row that an aggregate always has.
    ///
    /// # Errors
    /// As [`ReadTx::query`]; [`Error::Corrupt`] when there is none.
    pub fn query_one<T>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        row: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.query_opt(sql, params, row)?.ok_or_else(|| Error::Corrupt(format!("no row: {sql}")))
    }

    /// Rows one by one until `row` answers `false`: nothing is collected.
    ///
    /// # Errors
    /// As [`ReadTx::query`].
    pub fn each(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut row: impl FnMut(&Row<'_>) -> Result<bool>,
    ) -> Result<()> {
        self.guarded(sql, |conn| conn.each(sql, params, &mut row))
    }

    /// How the engine means to answer a statement: one line per step.
    #[cfg(test)]
    pub(crate) fn plan(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<String>> {
        self.checked.check(sql)?;
        match &self.conn {
            Conn::Sqlite(conn) => super::sqlite::plan(conn, sql, params),
            Conn::Postgres(_) => Err(Error::internal("plans are looked at on SQLite")),
        }
    }

    fn guarded<T>(&mut self, sql: &str, run: impl FnOnce(&mut Conn<'c>) -> Result<T>) -> Result<T> {
        if self.poisoned {
            return Err(Error::internal("the transaction was used after a failed statement"));
        }
        let outcome = self.checked.check(sql).and_then(|()| run(&mut self.conn));
        self.poisoned = outcome.is_err();
        outcome
    }
}

/// Runs once the commit is durable, on the store's thread.
pub(super) type Hook = Box<dyn FnOnce() + Send>;

/// A snapshot that may be changed.
pub struct WriteTx<'c> {
    read: ReadTx<'c>,
    head: i64,
    hooks: Vec<Hook>,
}

impl std::fmt::Debug for WriteTx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WriteTx").field("head", &self.head).finish_non_exhaustive()
    }
}

impl<'c> Deref for WriteTx<'c> {
    type Target = ReadTx<'c>;

    fn deref(&self) -> &Self::Target {
        &self.read
    }
}

impl DerefMut for WriteTx<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.read
    }
}

impl<'c> WriteTx<'c> {
    pub(super) fn new(conn: Conn<'c>, checked: &'c Checked, head: i64) -> Self {
        Self { read: ReadTx::new(conn, checked), head, hooks: Vec::new() }
    }

    /// Runs a statement that answers no rows; returns how many rows it touched.
    ///
    /// # Errors
    /// What the engine says; afterwards the transaction is poisoned.
    pub fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<usize> {
        self.read.guarded(sql, |conn| conn.execute(sql, params))
    }

    /// Runs a statement that answers no rows, and whose count nobody needs. Where statements travel over a line it does not wait
    /// for the answer, so use it wherever the next step does not depend on it. A failure that shows later fails the next
    /// statement, or the closure at its end.
    ///
    /// # Errors
    /// As [`WriteTx::execute`], and what was posted before.
    pub fn post(&mut self, sql: &str, params: &[Value<'_>]) -> Result<()> {
        self.read.guarded(sql, |conn| conn.post(sql, params))
    }

    /// The next change number. One writer at a time gives them out, and a rolled-back closure's are given out again: so there
    /// are no holes, and they appear in the order of commits. `feed` alone asks for one, together with the row it writes.
    pub fn next_change(&mut self) -> i64 {
        self.head += 1;
        self.head
    }

    /// The newest change number, this transaction's own included.
    pub fn head(&self) -> i64 {
        self.head
    }

    /// Registers what must follow the commit (forget a cached entry, unlink a file). It runs in the store, before the caller is
    /// answered and whether or not the caller is still there; it does not run when the closure fails. It must be short and must
    /// not call the store.
    pub fn after_commit(&mut self, hook: impl FnOnce() + Send + 'static) {
        self.hooks.push(Box::new(hook));
    }

    /// What the engine does by itself on some failures.
    #[cfg(test)]
    pub(super) fn end_under_it(&self) {
        if let Conn::Sqlite(conn) = &self.read.conn {
            let _ = conn.execute_batch("ROLLBACK");
        }
    }

    /// Ends the closure's part: the change number it reached and its hooks.
    pub(super) fn finish(self) -> (i64, Vec<Hook>) {
        (self.head, self.hooks)
    }
}
