//! The logs in pieces: a table for each million numbers of the change log, and of the audit log.
//!
//! What lies below a log's floor goes as whole tables instead of row by row, and the indexes that everybody appends to stay small. A
//! piece is made long before it is needed, under the writer's lock, as a table of its own that is then attached: making it in place
//! would lock the log against readers.

use super::session::{Failed, Session};
use crate::error::Result;

/// Numbers in one piece.
const PIECE: i64 = 1_000_000;
/// How far ahead of the newest number the pieces reach at least: more than one batch can use, though one closure may append a change
/// for each of a person's notes.
const AHEAD: i64 = PIECE;
/// Transactions after which the audit log is looked at again: it grows by itself, and far slower than it reaches ahead.
const LOOK: u32 = 1000;

/// A log that is kept in pieces.
struct Log {
    table: &'static str,
    /// Its newest number.
    newest: &'static str,
    /// What lies below this is wanted no more.
    floor: &'static str,
}

const CHANGES: Log = Log {
    table: "changes",
    newest: "SELECT coalesce(max(seq), 0) FROM changes",
    floor: "SELECT floor FROM store WHERE id = 1",
};

/// Nothing of it ever goes.
const AUDIT: Log =
    Log { table: "audit", newest: "SELECT coalesce(max(seq), 0) FROM audit", floor: "SELECT CAST(0 AS bigint)" };

/// Up to where the pieces reach, as far as one writer knows.
#[derive(Debug, Default)]
pub(super) struct Cover {
    changes: i64,
    /// Transactions since the audit log was looked at.
    since: Option<u32>,
}

impl Cover {
    /// Whether a transaction may go on after the change `head`.
    pub(super) fn reaches(&mut self, head: i64) -> bool {
        let since = self.since.map_or(LOOK, |since| since + 1);
        self.since = Some(since);
        since < LOOK && head + AHEAD < self.changes
    }

    /// Makes the pieces that are missing and drops those that nobody can ask for any more, in the present transaction, which may only
    /// count as done when it is committed.
    pub(super) fn extend(session: &mut Session) -> Result<Self> {
        let changes = CHANGES.extend(session, None)?;
        AUDIT.extend(session, None)?;
        Ok(Self { changes, since: Some(0) })
    }
}

/// Makes the pieces for logs that are about to be filled up to these numbers, in the present transaction.
pub(super) fn make_room(session: &mut Session, changes: i64, audit: i64) -> Result<()> {
    CHANGES.extend(session, Some(changes))?;
    AUDIT.extend(session, Some(audit)).map(drop)
}

impl Log {
    /// Returns up to where the pieces reach now.
    fn extend(&self, session: &mut Session, head: Option<i64>) -> Result<i64> {
        let table = self.table;
        let (mut there, prefix) = (Vec::new(), format!("{table}_p"));
        session.each(
            &format!(
                "SELECT CAST(c.relname AS text) FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c \
                 ON c.oid = i.inhrelid WHERE i.inhparent = CAST('{table}' AS regclass)"
            ),
            &[],
            &mut |row| {
                there.extend(row.str(0)?.strip_prefix(&prefix).and_then(|n| n.parse::<i64>().ok()));
                Ok(true)
            },
        )?;
        let floor = session.int(self.floor)?;
        let head = match head {
            Some(head) => head,
            None => session.int(self.newest)?,
        };
        let last = (head + AHEAD) / PIECE + 1;
        for piece in (floor / PIECE..=last).filter(|piece| !there.contains(piece)) {
            let (from, to) = (piece * PIECE, (piece + 1) * PIECE);
            tracing::info!(table, piece, from, to, "a log gets another piece");
            session
                .batch(&format!(
                    "DROP TABLE IF EXISTS {table}_p{piece}; \
                     CREATE TABLE {table}_p{piece} (LIKE {table} INCLUDING ALL); \
                     ALTER TABLE {table} ATTACH PARTITION {table}_p{piece} FOR VALUES FROM ({from}) TO ({to})"
                ))
                .map_err(Failed::into_error)?;
        }
        for piece in there.into_iter().filter(|piece| (piece + 1) * PIECE <= floor && *piece < head / PIECE) {
            // It waits for those who read the log. When they take too long, the next time is early enough.
            let drop = format!(
                "SAVEPOINT piece; SET LOCAL lock_timeout TO '500ms'; DROP TABLE {table}_p{piece}; \
                 RELEASE SAVEPOINT piece"
            );
            if session.batch(&drop).is_err() {
                session.batch("ROLLBACK TO SAVEPOINT piece").map_err(Failed::into_error)?;
            }
        }
        Ok((last + 1) * PIECE)
    }
}
