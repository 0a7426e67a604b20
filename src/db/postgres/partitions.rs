//! The change log in pieces: a table for each million numbers.
//!
//! What lies below the log's floor goes as whole tables instead of row by row, and the indexes that everybody appends to stay
//! small. A piece is made long before it is needed, under the writer's lock, as a table of its own that is then attached: making
//! it in place would lock the log against readers.

use super::session::Session;
use crate::error::Result;

/// Change numbers in one piece.
const PIECE: i64 = 1_000_000;
/// How far ahead of the newest number the pieces reach at least: more than one batch can use, though one closure may append a change
/// for each of a person's notes.
const AHEAD: i64 = PIECE;

/// Whether numbers may go on after `head`, given that those below `covered` have their piece.
pub(super) fn reaches(covered: i64, head: i64) -> bool {
    head + AHEAD < covered
}

/// Makes the pieces that are missing and drops those that nobody can ask for any more, in the present transaction; returns up to
/// where they reach now.
pub(super) fn extend(session: &mut Session, head: i64) -> Result<i64> {
    let mut there = Vec::new();
    session.each(
        "SELECT CAST(c.relname AS text) FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid \
         WHERE i.inhparent = CAST('changes' AS regclass)",
        &[],
        &mut |row| {
            there.extend(row.str(0)?.strip_prefix("changes_p").and_then(|n| n.parse::<i64>().ok()));
            Ok(true)
        },
    )?;
    let floor = session.int("SELECT floor FROM store WHERE id = 1")?;
    let last = (head + AHEAD) / PIECE + 1;
    for piece in (floor / PIECE..=last).filter(|piece| !there.contains(piece)) {
        let (from, to) = (piece * PIECE, (piece + 1) * PIECE);
        tracing::info!(piece, from, to, "the change log gets another piece");
        session
            .batch(&format!(
                "DROP TABLE IF EXISTS changes_p{piece}; \
                 CREATE TABLE changes_p{piece} (LIKE changes INCLUDING ALL); \
                 ALTER TABLE changes ATTACH PARTITION changes_p{piece} FOR VALUES FROM ({from}) TO ({to})"
            ))
            .map_err(super::session::Failed::into_error)?;
    }
    for piece in there.into_iter().filter(|piece| (piece + 1) * PIECE <= floor && *piece < head / PIECE) {
        // It waits for those who read the log. When they take too long, the next time is early enough.
        let drop = format!(
            "SAVEPOINT piece; SET LOCAL lock_timeout TO '500ms'; DROP TABLE changes_p{piece}; RELEASE SAVEPOINT piece"
        );
        if session.batch(&drop).is_err() {
            session.batch("ROLLBACK TO SAVEPOINT piece").map_err(super::session::Failed::into_error)?;
        }
    }
    Ok((last + 1) * PIECE)
}
