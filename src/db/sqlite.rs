//! SQLite: how a connection is opened, and what its errors mean.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, ffi};

use super::refusal::Refusal;
use crate::error::Error;

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

/// What a failed COMMIT leaves behind.
#[derive(Debug)]
pub(super) enum CommitFailure {
    /// Nothing was written: the batch may be run again.
    NothingWritten(Error),
    /// Whether it is on disk is unknown: only a restart, which reads what the disk really holds, can tell.
    Unknown(String),
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
        _ => CommitFailure::Unknown(e.to_string()),
    }
}
