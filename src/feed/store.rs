//! The change log's statements.

use uuid::Uuid;

use super::{Change, Kind, Op};
use crate::caller::UserId;
use crate::db::{ReadTx, Row, WriteTx};
use crate::error::{Error, Result};

const COLUMNS: &str = "seq, kind, id, owner, op, version";

/// Appends a change; returns its number.
///
/// # Errors
/// What the store says.
pub fn append(tx: &mut WriteTx<'_>, kind: Kind, op: Op, owner: UserId, id: Uuid, version: Option<Uuid>) -> Result<i64> {
    let seq = tx.next_change();
    tx.post(
        "INSERT INTO changes (seq, kind, id, owner, op, version) VALUES ($1, $2, $3, $4, $5, $6)",
        &[seq.into(), kind.as_str().into(), id.into(), owner.0.into(), op.as_str().into(), version.into()],
    )?;
    Ok(seq)
}

/// Everybody's changes after `after`, oldest first: for followers inside the house.
///
/// # Errors
/// [`Error::ResyncRequired`] when the log no longer reaches back to `after`.
pub fn since(tx: &mut ReadTx<'_>, after: i64, limit: i64) -> Result<Vec<Change>> {
    require_reach(tx, after)?;
    let sql = format!("SELECT {COLUMNS} FROM changes WHERE seq > $1 ORDER BY seq LIMIT $2");
    tx.query(&sql, &[after.into(), limit.into()], read)
}

/// One owner's changes after `after`, oldest first.
///
/// # Errors
/// [`Error::ResyncRequired`] when the log no longer reaches back to `after`, or never reached so far.
pub fn since_for(tx: &mut ReadTx<'_>, owner: UserId, after: i64, limit: i64) -> Result<Vec<Change>> {
    require_reach(tx, after)?;
    let sql = format!("SELECT {COLUMNS} FROM changes WHERE owner = $1 AND seq > $2 ORDER BY seq LIMIT $3");
    tx.query(&sql, &[owner.0.into(), after.into(), limit.into()], read)
}

/// Whether the log holds the tombstone of this thing.
///
/// # Errors
/// What the store says.
pub fn buried(tx: &mut ReadTx<'_>, kind: Kind, id: Uuid) -> Result<bool> {
    // The operation is written out, because an index of the tombstones alone is not used for a parameter.
    let sql = "SELECT seq FROM changes WHERE id = $1 AND kind = $2 AND op = 'delete' LIMIT 1";
    Ok(tx.query_opt(sql, &[id.into(), kind.as_str().into()], |r| r.int(0))?.is_some())
}

/// The newest change number; 0 in an empty store.
///
/// # Errors
/// What the store says.
pub fn head(tx: &mut ReadTx<'_>) -> Result<i64> {
    tx.query_one("SELECT coalesce(max(seq), 0) FROM changes", &[], |r| r.int(0))
}

/// The number at and below which rows have been pruned; 0 while all are there.
///
/// # Errors
/// What the store says.
pub fn floor(tx: &mut ReadTx<'_>) -> Result<i64> {
    tx.query_one("SELECT floor FROM store WHERE id = 1", &[], |r| r.int(0))
}

/// Drops the oldest rows beyond the newest `keep`, at most `at_most` of them in one go; returns how many went.
///
/// The newest row always stays: the writer numbers the next change by it.
///
/// # Errors
/// What the store says.
pub fn prune(tx: &mut WriteTx<'_>, keep: i64, at_most: i64) -> Result<usize> {
    let (floor, head) = (floor(tx)?, head(tx)?);
    let target = head.saturating_sub(keep.max(1));
    let target = target.min(floor.saturating_add(at_most));
    if target <= floor {
        return Ok(0);
    }
    tx.post("UPDATE store SET floor = $1 WHERE id = 1", &[target.into()])?;
    tx.execute("DELETE FROM changes WHERE seq <= $1", &[target.into()])
}

fn require_reach(tx: &mut ReadTx<'_>, after: i64) -> Result<()> {
    let sql = "SELECT floor, (SELECT coalesce(max(seq), 0) FROM changes) FROM store WHERE id = 1";
    let (floor, head) = tx.query_one(sql, &[], |r| Ok((r.int(0)?, r.int(1)?)))?;
    if (floor..=head).contains(&after) { Ok(()) } else { Err(Error::ResyncRequired) }
}

fn read(row: &Row<'_>) -> Result<Change> {
    Ok(Change {
        seq: row.int(0)?,
        kind: Kind::parse(row.str(1)?)?,
        id: row.id(2)?,
        owner: UserId(row.id(3)?),
        op: Op::parse(row.str(4)?)?,
        version: row.opt_id(5)?,
    })
}
