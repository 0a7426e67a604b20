//! The statements of the trash as a whole: what lies in it for long enough, somebody's or everybody's.

use super::store::{LIST_COLUMNS, read_head};
use super::{Note, State};
use crate::caller::{Caller, UserId};
use crate::clock::Timestamp;
use crate::db::{ReadTx, WriteTx};
use crate::error::Result;

/// Up to `limit` notes that went to the trash at `until` or before, without their bodies but with the size of these in bytes.
///
/// # Errors
/// What the store says.
pub fn some_trashed(tx: &mut ReadTx<'_>, caller: &Caller, until: Timestamp, limit: i64) -> Result<Vec<(Note, i64)>> {
    let sql = format!(
        "SELECT {LIST_COLUMNS}, CAST(octet_length(notes.body) AS bigint) FROM notes
         WHERE owner = $1 AND state = $2 AND trashed_at <= $3 ORDER BY updated_at, id LIMIT $4"
    );
    let values = [caller.user().0.into(), State::Trashed.code().into(), until.into(), limit.into()];
    tx.query(&sql, &values, |r| Ok((read_head(r)?, r.int(13)?)))
}

/// [`some_trashed`] of everybody, the longest in the trash first, with the owners.
///
/// # Errors
/// What the store says.
pub fn all_trashed(tx: &mut ReadTx<'_>, until: Timestamp, limit: i64) -> Result<Vec<(UserId, Note, i64)>> {
    // The state is written out, because an index of the trash alone is not used for a parameter.
    let sql = format!(
        "SELECT {LIST_COLUMNS}, CAST(octet_length(notes.body) AS bigint), notes.owner FROM notes
         WHERE state = 2 AND trashed_at <= $1 ORDER BY trashed_at, id LIMIT $2"
    );
    tx.query(&sql, &[until.into(), limit.into()], |r| Ok((UserId(r.id(14)?), read_head(r)?, r.int(13)?)))
}

/// Some notes of an account in whatever state, with the sizes of their bodies.
///
/// # Errors
/// What the store says.
pub fn some_owned(tx: &mut ReadTx<'_>, owner: UserId, limit: i64) -> Result<Vec<(Note, i64)>> {
    let sql =
        format!("SELECT {LIST_COLUMNS}, CAST(octet_length(notes.body) AS bigint) FROM notes WHERE owner = $1 LIMIT $2");
    tx.query(&sql, &[owner.0.into(), limit.into()], |r| Ok((read_head(r)?, r.int(13)?)))
}

/// Lets the time of everything in the trash begin at `now`: for a store that was copied from an earlier one.
///
/// # Errors
/// What the store says.
pub fn begin_anew(tx: &mut WriteTx<'_>, now: Timestamp) -> Result<usize> {
    tx.execute("UPDATE notes SET trashed_at = $1 WHERE state = 2", &[now.into()])
}
