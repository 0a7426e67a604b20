//! SQLite: how a connection is opened, and what its errors mean.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, ffi};

use super::engine::CommitFailure;
use super::refusal::Refusal;
use super::value::{Row, Value};
use crate::error::{Error, Result};

pub(super) mod hold;
pub(super) mod reader;
#[cfg(test)]
mod tests;
pub(super) mod writer;

/// The oldest SQLite that may touch a store: 3.51.3 mends a reset of the WAL that could corrupt it.
const OLDEST: i32 = 3_051_003;

/// Prepared statements kept per connection. rusqlite's default of 16 would prepare most statements again and again.
const STATEMENTS: usize = 128;

/// Pages in the WAL before the writer copies them back: 16 MiB, so that a burst does not checkpoint at each thousand pages.
const CHECKPOINT_PAGES: u32 = 4096;

/// Refuses a library that is too old.
pub(super) fn require_version() -> Result<(), Refusal> {
    let found = rusqlite::version_number();
    if found < OLDEST {
        return Err(Refusal::SqliteTooOld { found: rusqlite::version().to_owned() });
    }
    Ok(())
}

/// Opens the file for writing, in WAL mode with full synchronisation.
pub(super) fn open_writer(path: &Path) -> Result<Connection, Refusal> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
        .map_err(|e| Refusal::from_open(path, &e))?;
    configure_writer(&conn).map_err(|e| Refusal::from_open(path, &e))?;
    let mode: String =
        conn.query_row("PRAGMA journal_mode", [], |r| r.get(0)).map_err(|e| Refusal::from_open(path, &e))?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(Refusal::WalUnavailable { mode });
    }
    Ok(conn)
}

fn configure_writer(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(Duration::from_secs(10))?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA mmap_size = 0;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -8192;
         PRAGMA journal_size_limit = 67108864;",
    )?;
    conn.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

/// Readies a connection that only reads. 16 MiB keep the key's index of a hundred thousand notes and what lies above the leaves,
/// so that reading a note is one page from the file; a reader at rest gives them back.
pub(super) fn configure_reader(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(Duration::from_secs(10))?;
    conn.execute_batch(
        "PRAGMA query_only = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA mmap_size = 0;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -16384;",
    )?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

/// What an engine error means to the house.
pub(super) fn error(e: &rusqlite::Error) -> Error {
    let rusqlite::Error::SqliteFailure(failure, message) = e else {
        return Error::internal(format!("SQLite: {e}"));
    };
    match failure.code {
        ErrorCode::DiskFull => Error::StorageFull,
        ErrorCode::OperationInterrupted => Error::Deadline,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            Error::Corrupt(format!("SQLite: {}", message.as_deref().unwrap_or("the file is damaged")))
        }
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            Error::Busy { what: "the database file", retry_after: Duration::from_secs(1) }
        }
        // No room to grow the WAL's index is a full disk under another name.
        ErrorCode::SystemIoFailure if failure.extended_code == ffi::SQLITE_IOERR_SHMSIZE => Error::StorageFull,
        _ => Error::internal(format!("SQLite: {e}")),
    }
}

/// Judges a failed COMMIT. A full disk and a refused constraint leave nothing behind. An I/O error may come from the very
/// `fsync` that was to make the commit durable; the kernel may have dropped the pages, so trying again would only look well.
pub(super) fn commit_failure(e: &rusqlite::Error) -> CommitFailure {
    match e {
        rusqlite::Error::SqliteFailure(f, _)
            if matches!(f.code, ErrorCode::DiskFull | ErrorCode::ConstraintViolation | ErrorCode::DatabaseBusy) =>
        {
            CommitFailure::NothingWritten(error(e))
        }
        _ => CommitFailure::Fatal(e.to_string()),
    }
}

/// See [`super::engine::Conn::each`].
pub(super) fn each(
    conn: &Connection,
    sql: &str,
    params: &[Value<'_>],
    row: &mut dyn FnMut(&Row<'_>) -> Result<bool>,
) -> Result<()> {
    let mut statement = conn.prepare_cached(sql).map_err(|e| error(&e))?;
    let is_reading = statement.readonly();
    let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(|e| error(&e))?;
    while let Some(r) = rows.next().map_err(|e| error(&e))? {
        if !row(&Row::Sqlite(r))? {
            break;
        }
    }
    // A statement that writes is only judged at its end (foreign keys, above all): left half-way, it would be undone
    // without a word, after its first row had been believed.
    if !is_reading {
        while rows.next().map_err(|e| error(&e))?.is_some() {}
    }
    Ok(())
}

/// See [`super::engine::Conn::execute`].
pub(super) fn execute(conn: &Connection, sql: &str, params: &[Value<'_>]) -> Result<usize> {
    let mut statement = conn.prepare_cached(sql).map_err(|e| error(&e))?;
    statement.execute(rusqlite::params_from_iter(params)).map_err(|e| error(&e))
}

/// How SQLite means to answer a statement: one line per step.
#[cfg(test)]
pub(super) fn plan(conn: &Connection, sql: &str, params: &[Value<'_>]) -> Result<Vec<String>> {
    let run = || -> rusqlite::Result<Vec<String>> {
        let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        let rows = statement.query_map(rusqlite::params_from_iter(params), |r| r.get(3))?;
        rows.collect()
    };
    run().map_err(|e| error(&e))
}
