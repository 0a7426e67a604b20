//! The statements of jobs, as their owners and the administrator ask for them.
//!
//! What the worker and the queue say to the tables is in [`work`].

pub(super) mod work;

use uuid::Uuid;

use super::{Job, State};
use crate::caller::UserId;
use crate::clock::Timestamp;
use crate::db::{ReadTx, Row, WriteTx};
use crate::error::{Error, Result};
use crate::feed::{self, Kind, Op};

const COLUMNS: &str =
    "id, owner, kind, state, due_at, attempts, done, total, result, error, created_at, started_at, ended_at";

/// One job of this owner.
///
/// # Errors
/// What the store says.
pub fn get(tx: &mut ReadTx<'_>, owner: UserId, id: Uuid) -> Result<Option<Job>> {
    let sql = format!("SELECT {COLUMNS} FROM jobs WHERE id = $1 AND owner = $2");
    tx.query_opt(&sql, &[id.into(), owner.0.into()], read)
}

/// The owner's job of that kind that waits or runs, if there is one.
///
/// # Errors
/// What the store says.
pub fn under_way(tx: &mut ReadTx<'_>, owner: UserId, kind: &str) -> Result<Option<Job>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM jobs WHERE owner = $1 AND kind = $2 AND state IN ('queued', 'running')
         ORDER BY created_at, id LIMIT 1"
    );
    tx.query_opt(&sql, &[owner.0.into(), kind.into()], read)
}

/// An owner's jobs before the keyset `before`, the newest first.
///
/// # Errors
/// What the store says.
pub fn list(tx: &mut ReadTx<'_>, owner: UserId, before: Option<(Timestamp, Uuid)>, limit: i64) -> Result<Vec<Job>> {
    let (time, id) = before.unwrap_or((Timestamp::from_micros(i64::MAX), Uuid::max()));
    let sql = format!(
        "SELECT {COLUMNS} FROM jobs WHERE owner = $1 AND (created_at < $2 OR (created_at = $2 AND id < $3))
         ORDER BY created_at DESC, id DESC LIMIT $4"
    );
    tx.query(&sql, &[owner.0.into(), time.into(), id.into(), limit.into()], read)
}

/// Everybody's jobs before the keyset `before`, the newest first: for the administrator of the machine.
///
/// # Errors
/// What the store says.
pub fn list_all(
    tx: &mut ReadTx<'_>,
    state: Option<State>,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<Job>> {
    let (time, id) = before.unwrap_or((Timestamp::from_micros(i64::MAX), Uuid::max()));
    let wanted = state.map_or("", State::as_str);
    let sql = format!(
        "SELECT {COLUMNS} FROM jobs WHERE ($1 = '' OR state = $1) AND (created_at < $2 OR (created_at = $2 AND id < $3))
         ORDER BY created_at DESC, id DESC LIMIT $4"
    );
    tx.query(&sql, &[wanted.into(), time.into(), id.into(), limit.into()], read)
}

/// Gives a dead letter all its attempts again, from now on. `false`: there is no such dead letter.
///
/// # Errors
/// What the store says.
pub fn requeue(tx: &mut WriteTx<'_>, id: Uuid, now: Timestamp) -> Result<bool> {
    let owner = tx.query_opt(
        "UPDATE jobs SET state = 'queued', attempts = 0, due_at = $1, ended_at = NULL WHERE id = $2 AND state = 'failed'
         RETURNING owner",
        &[now.into(), id.into()],
        |r| r.opt_id(0),
    )?;
    let Some(owner) = owner else { return Ok(false) };
    tell(tx, owner.map(UserId), id)?;
    Ok(true)
}

/// Removes a job that has ended. `false`: there is none.
///
/// # Errors
/// What the store says.
pub fn discard(tx: &mut WriteTx<'_>, id: Uuid) -> Result<bool> {
    let sql = "DELETE FROM jobs WHERE id = $1 AND state IN ('done', 'failed') RETURNING owner";
    let gone = tx.query_opt(sql, &[id.into()], |r| r.opt_id(0))?;
    let Some(owner) = gone else { return Ok(false) };
    bury(tx, owner.map(UserId), id)?;
    Ok(true)
}

/// The ids of all jobs of an account.
///
/// # Errors
/// What the store says.
pub fn ids_of(tx: &mut ReadTx<'_>, owner: UserId) -> Result<Vec<Uuid>> {
    tx.query("SELECT id FROM jobs WHERE owner = $1", &[owner.0.into()], |r| r.id(0))
}

/// Drops all jobs and the times of the schedules: for a store that was copied from another.
///
/// # Errors
/// What the store says.
pub fn begin_anew(tx: &mut WriteTx<'_>) -> Result<()> {
    tx.post("DELETE FROM jobs", &[])?;
    tx.post("DELETE FROM schedules", &[])?;
    Ok(())
}

/// Lets the owner know that a job has moved.
fn tell(tx: &mut WriteTx<'_>, owner: Option<UserId>, id: Uuid) -> Result<()> {
    match owner {
        Some(owner) => feed::store::append(tx, Kind::Job, Op::Put, owner, id, None).map(drop),
        None => Ok(()),
    }
}

fn bury(tx: &mut WriteTx<'_>, owner: Option<UserId>, id: Uuid) -> Result<()> {
    match owner {
        Some(owner) => feed::store::append(tx, Kind::Job, Op::Delete, owner, id, None).map(drop),
        None => Ok(()),
    }
}

fn read(row: &Row<'_>) -> Result<Job> {
    let result = row.opt_text(8)?.map(|text| serde_json::from_str(&text));
    Ok(Job {
        id: row.id(0)?,
        owner: row.opt_id(1)?.map(UserId),
        kind: row.text(2)?,
        state: State::parse(row.str(3)?)?,
        due_at: row.time(4)?,
        attempts: row.int(5)?,
        done: row.int(6)?,
        total: row.opt_int(7)?,
        result: result.transpose().map_err(|e| Error::Corrupt(format!("a job's result: {e}")))?,
        error: row.opt_text(9)?,
        created_at: row.time(10)?,
        started_at: row.opt_time(11)?,
        ended_at: row.opt_time(12)?,
    })
}
