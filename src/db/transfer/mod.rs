//! A whole store from one engine to the other, row by row, and the proof that nothing was lost or changed on the way.
//!
//! A target is read back and summed ([`mod@sums`]) after it was filled; only then does the copy count. What the rows mean is the
//! features'.

mod sums;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::postgres::{self, opening};
use super::refusal::Refusal;
use super::tx::ReadTx;
use super::value::OwnedValue;
use super::{migrate, sqlite};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use rusqlite::Connection;
pub(super) use sums::Kind;
use sums::{Summing, TABLES, Table, tables};
pub use sums::{Sums, TableSum, compare};

/// Rows and bytes that go to a server in one message, roughly.
const CHUNK_ROWS: usize = 2_000;
const CHUNK_BYTES: usize = 4 << 20;

/// Rows after which somebody is told.
const TELL: u64 = 500;

/// Hears how many rows of how many are done, and may stop it.
pub type Told<'a> = dyn FnMut(u64, u64) -> ControlFlow<()> + 'a;

/// Why a store was not copied. The target holds nothing of it then.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// A store, or the server that is to hold one, is unsafe to open.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The target holds a store, or something else.
    #[error("{0} holds a store already")]
    NotEmpty(String),
    /// An instance is connected to the source or the target.
    #[error("{0} is used by {1} connections of running servers: stop them first")]
    InUse(String, i64),
    /// What arrived is not what was sent.
    #[error("the table `{table}` differs after the copy: {sent} rows sent, {found} found")]
    Differs {
        /// The first table that does.
        table: &'static str,
        /// Rows in the source.
        sent: u64,
        /// Rows in the target.
        found: u64,
    },
    /// An engine failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl TransferError {
    /// Stable word for programs.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.slug(),
            Self::NotEmpty(_) => "store-not-empty",
            Self::InUse(..) => "store-in-use",
            Self::Differs { .. } => "store-copy-differs",
            Self::Failed(_) => "store-copy-failed",
        }
    }

    /// Whether going on would be unsafe, rather than that something failed.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::NotEmpty(_) | Self::InUse(..))
    }
}

/// Where rows go.
trait Target {
    fn row(&mut self, table: &Table, row: Vec<OwnedValue>) -> Result<()>;
    fn end(&mut self, table: &Table) -> Result<()>;
}

/// Counts the rows of a snapshot, for telling how far a copy is.
fn total(tx: &mut ReadTx<'_>) -> Result<u64> {
    let mut total = 0;
    for (name, _) in TABLES {
        let rows = tx.query_one(&format!("SELECT count(*) FROM {name}"), &[], |r| r.int(0))?;
        total += u64::try_from(rows).unwrap_or(0);
    }
    Ok(total)
}

/// Reads everything once, into `target` when there is one.
fn pass(tx: &mut ReadTx<'_>, mut target: Option<&mut dyn Target>, told: &mut Told<'_>) -> Result<Sums> {
    let (total, mut done, mut sums) = (total(tx)?, 0, Sums::new());
    for table in tables()? {
        let mut summing = Summing::new();
        let columns = table.columns.len();
        tx.each(&table.select(), &[], |row| {
            summing.take(row, columns)?;
            if let Some(target) = &mut target {
                let values = (0..columns).map(|column| row.owned(column)).collect::<Result<_>>()?;
                target.row(&table, values)?;
            }
            done += 1;
            if done % TELL == 0 && told(done, total).is_break() {
                return Err(Error::ShuttingDown);
            }
            Ok(true)
        })?;
        if let Some(target) = &mut target {
            target.end(&table)?;
        }
        sums.insert(table.name, summing.finish());
    }
    if told(total, total).is_break() { Err(Error::ShuttingDown) } else { Ok(sums) }
}

/// What is in a store, read whole.
///
/// # Errors
/// What the store says; [`Error::ShuttingDown`] when it was stopped.
pub fn sums(tx: &mut ReadTx<'_>, told: &mut Told<'_>) -> Result<Sums> {
    pass(tx, None, told)
}

/// A new file that is being filled.
struct File<'c> {
    conn: &'c Connection,
}

impl Target for File<'_> {
    fn row(&mut self, table: &Table, row: Vec<OwnedValue>) -> Result<()> {
        let mut insert = self.conn.prepare_cached(&table.insert()).map_err(|e| sqlite::error(&e))?;
        insert.execute(rusqlite::params_from_iter(row)).map(drop).map_err(|e| sqlite::error(&e))
    }

    fn end(&mut self, _table: &Table) -> Result<()> {
        Ok(())
    }
}

/// Writes the store that `tx` reads into the new file `to`, which becomes a file of its own without a write-ahead log. It is not
/// flushed to disk; what is in it after an error is of no use.
///
/// # Errors
/// What either engine says; [`Error::ShuttingDown`] when it was stopped.
pub fn into_file(tx: &mut ReadTx<'_>, to: &Path, told: &mut Told<'_>) -> Result<Sums, TransferError> {
    let mut conn = sqlite::open_writer(to)?;
    migrate::migrate(to, &mut conn, None)?;
    let say = |e: rusqlite::Error| sqlite::error(&e);
    // Nobody else sees this file, and one that breaks off is thrown away. References are checked when all rows are there.
    conn.execute_batch("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA journal_mode = OFF; BEGIN")
        .map_err(say)?;
    let sums = pass(tx, Some(&mut File { conn: &conn }), told)?;
    conn.execute_batch("COMMIT; PRAGMA journal_mode = DELETE").map_err(say)?;
    conn.close().map_err(|(_, e)| sqlite::error(&e))?;
    Ok(sums)
}

/// Rows on their way to a server.
struct Server<'s> {
    session: &'s mut postgres::session::Session,
    /// The newest numbers of the source's logs.
    heads: (i64, i64),
    waiting: Vec<Vec<OwnedValue>>,
    weight: usize,
}

impl Target for Server<'_> {
    fn row(&mut self, table: &Table, row: Vec<OwnedValue>) -> Result<()> {
        self.weight += row.iter().map(OwnedValue::weight).sum::<usize>();
        self.waiting.push(row);
        if self.waiting.len() >= CHUNK_ROWS || self.weight >= CHUNK_BYTES { self.end(table) } else { Ok(()) }
    }

    fn end(&mut self, table: &Table) -> Result<()> {
        let rows = std::mem::take(&mut self.waiting);
        self.weight = 0;
        self.session.copy_in(table.name, &table.columns, &rows)?;
        // Numbers go to pieces that have to be there first.
        if table.name == "store" { postgres::make_room(self.session, self.heads) } else { Ok(()) }
    }
}

/// Looks whether a store can go into a server's schema; changes nothing.
///
/// # Errors
/// A [`TransferError`] that says why not.
pub fn must_be_empty(place: &postgres::Place) -> Result<(), TransferError> {
    let (server, mut session) = opening::look(place)?;
    let there = postgres::migrate::inspect(&server, &mut session)?.current() > 0;
    if there && session.int("SELECT count(*) FROM store")? > 0 {
        return Err(TransferError::NotEmpty(server.shown()));
    }
    Ok(())
}

/// Writes the store that `tx` reads into the schema of a server, which must hold nothing, in one transaction, and reads it back.
/// Blocks; not for an async worker.
///
/// # Errors
/// A [`TransferError`]; the schema is then as empty as it was.
pub fn into_server(tx: &mut ReadTx<'_>, place: &postgres::Place, told: &mut Told<'_>) -> Result<Sums, TransferError> {
    let mut opened = opening::prepare(place)?;
    let shown = opened.server.shown();
    if opened.session.int("SELECT count(*) FROM store")? > 0 {
        return Err(TransferError::NotEmpty(shown));
    }
    let session = &mut opened.session;
    let filled = (|| {
        let said = postgres::session::Failed::into_error;
        // Nobody begins a store here meanwhile.
        session
            .batch(
                "SET statement_timeout TO 0; BEGIN; LOCK TABLE store IN EXCLUSIVE MODE; SET CONSTRAINTS ALL DEFERRED",
            )
            .map_err(said)?;
        let heads = (
            tx.query_one("SELECT coalesce(max(seq), 0) FROM changes", &[], |r| r.int(0))?,
            tx.query_one("SELECT coalesce(max(seq), 0) FROM audit", &[], |r| r.int(0))?,
        );
        let sent = pass(tx, Some(&mut Server { session, heads, waiting: Vec::new(), weight: 0 }), told)?;
        session.batch("SET CONSTRAINTS ALL IMMEDIATE").map_err(said)?;
        let found = {
            let checked = super::tx::Checked::default();
            let mut back = ReadTx::new(super::engine::Conn::Postgres(session), &checked);
            pass(&mut back, None, told)?
        };
        compare(&sent, &found)?;
        session.batch("COMMIT; ANALYZE").map_err(said)?;
        Ok(sent)
    })();
    if filled.is_err() {
        let _ = session.batch("ROLLBACK");
    }
    filled
}

/// Reads the store in a server's schema from one snapshot, for as long as it takes. With `alone`, a store that running servers are
/// connected to is refused, and none can write meanwhile. Blocks; not for an async worker.
///
/// # Errors
/// A [`TransferError`], and what `read` says.
pub fn read_server<T>(
    place: &postgres::Place,
    alone: bool,
    read: impl FnOnce(&mut ReadTx<'_>) -> Result<T, TransferError>,
) -> Result<T, TransferError> {
    let (server, mut session) = opening::look(place)?;
    let status = postgres::migrate::inspect(&server, &mut session)?;
    if status.current() == 0 {
        return Err(Refusal::StoreMissing { place: server.shown() }.into());
    }
    if status.pending() > 0 {
        return Err(Refusal::SchemaOlder { found: status.current() }.into());
    }
    if alone {
        let others = postgres::others(&server, &mut session)?;
        if others > 0 {
            return Err(TransferError::InUse(server.shown(), others));
        }
        session
            .batch("BEGIN; SELECT id FROM store FOR UPDATE; SET LOCAL idle_in_transaction_session_timeout TO 0")
            .map_err(postgres::session::Failed::into_error)?;
    }
    let mut outcome = None;
    let held = postgres::reader::hold(&server, &Arc::new(AtomicBool::new(false)), |tx| {
        outcome = Some(read(tx));
        Ok(())
    });
    let _ = session.batch("ROLLBACK");
    held?;
    outcome.unwrap_or_else(|| Err(Error::internal("a read did not run").into()))
}

/// Reads the store in a file that no server has open. Its schema must be this program's.
///
/// # Errors
/// A [`TransferError`], and what `read` says.
pub fn read_file<T>(
    file: &Path,
    read: impl FnOnce(&mut ReadTx<'_>) -> Result<T, TransferError>,
) -> Result<T, TransferError> {
    if !file.exists() {
        return Err(Refusal::StoreMissing { place: file.display().to_string() }.into());
    }
    // For writing, because a write-ahead log that a crash has left is taken in first.
    let mut conn = sqlite::open_writer(file)?;
    let status = migrate::inspect(file, &mut conn)?;
    if status.pending() > 0 {
        return Err(Refusal::SchemaOlder { found: status.current() }.into());
    }
    conn.execute_batch("PRAGMA query_only = ON; BEGIN").map_err(|e| sqlite::error(&e))?;
    let checked = super::tx::Checked::default();
    read(&mut ReadTx::new(super::engine::Conn::Sqlite(&conn), &checked))
}

/// Bytes that the tables and indexes of a server's schema take.
///
/// # Errors
/// As [`read_server`].
pub fn size(place: &postgres::Place) -> Result<u64, TransferError> {
    let (server, mut session) = opening::look(place)?;
    let size = session.int(&format!(
        "SELECT CAST(coalesce(sum(pg_total_relation_size(c.oid)), 0) AS bigint) FROM pg_catalog.pg_class c \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{}' AND c.relkind = 'r'",
        server.schema()
    ))?;
    Ok(u64::try_from(size).unwrap_or(0))
}

/// When the store in a server's schema was first made.
///
/// # Errors
/// As [`read_server`].
pub fn made_at(place: &postgres::Place) -> Result<Timestamp, TransferError> {
    read_server(place, false, |tx| Ok(tx.query_one("SELECT created_at FROM store WHERE id = 1", &[], |r| r.time(0))?))
}
