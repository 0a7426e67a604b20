//! A snapshot that is held for long: a connection and a thread of the caller's own, beside the reader threads and their deadline.
//!
//! What a reader would get wrong: a snapshot is taken by the first statement, not by BEGIN.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{Connection, OpenFlags};

use super::super::engine::Conn;
use super::super::inside;
use super::super::tx::{Checked, ReadTx};
use crate::error::{Error, Result};

/// Virtual-machine steps between two looks at whether the store is being closed.
const STEPS_BETWEEN_CHECKS: i32 = 2000;

/// KiB of pages kept: whoever reads everything once has no use for many.
const CACHE: i64 = 2048;

/// See [`super::super::Db::hold`].
pub(in crate::db) fn hold<T>(
    file: &Path,
    closing: &Arc<AtomicBool>,
    read: impl FnOnce(&mut ReadTx<'_>) -> Result<T>,
) -> Result<T> {
    let said = |e: rusqlite::Error| match e.sqlite_error_code() {
        Some(rusqlite::ErrorCode::OperationInterrupted) => Error::ShuttingDown,
        _ => super::error(&e),
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(file, flags).map_err(said)?;
    super::configure_reader(&conn).map_err(said)?;
    conn.pragma_update(None, "cache_size", -CACHE).map_err(said)?;
    let closes = Arc::clone(closing);
    conn.progress_handler(STEPS_BETWEEN_CHECKS, Some(move || closes.load(Ordering::Relaxed))).map_err(said)?;
    conn.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema;").map_err(said)?;
    let checked = Checked::default();
    let outcome = inside::read(&mut ReadTx::new(Conn::Sqlite(&conn), &checked), read);
    match outcome {
        // Nothing else interrupts this connection.
        Err(Error::Deadline) if closing.load(Ordering::Relaxed) => Err(Error::ShuttingDown),
        outcome => outcome,
    }
}
