//! The statements of the work itself: a job comes in, is claimed, shows life and ends, and schedules bring the next.
//!
//! Everything that a worker writes names its lease: a job that was given to somebody else meanwhile is not touched.

use uuid::Uuid;

use super::{bury, tell};
use crate::caller::UserId;
use crate::clock::Timestamp;
use crate::db::{ReadTx, Row, WriteTx};
use crate::error::Result;
use crate::jobs::schedule::Schedule;
use crate::jobs::{LEASE, State};

/// A job to be.
#[derive(Debug, Clone)]
pub(in crate::jobs) struct New {
    pub(in crate::jobs) id: Uuid,
    pub(in crate::jobs) owner: Option<UserId>,
    pub(in crate::jobs) kind: &'static str,
    pub(in crate::jobs) schedule: Option<&'static str>,
    pub(in crate::jobs) payload: String,
    pub(in crate::jobs) due_at: Timestamp,
    pub(in crate::jobs) now: Timestamp,
}

/// A job in the hands of a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::jobs) struct Claimed {
    pub(in crate::jobs) id: Uuid,
    pub(in crate::jobs) owner: Option<UserId>,
    pub(in crate::jobs) kind: String,
    pub(in crate::jobs) payload: String,
    pub(in crate::jobs) attempt: i64,
    pub(in crate::jobs) lease: Uuid,
}

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::jobs) struct Agenda {
    /// When the next job may begin, of those that wait.
    pub(in crate::jobs) job: Option<Timestamp>,
    /// When the next lease runs out.
    pub(in crate::jobs) lease: Option<Timestamp>,
    /// When the next schedule is due.
    pub(in crate::jobs) schedule: Option<Timestamp>,
    /// Jobs that wait.
    pub(in crate::jobs) queued: i64,
    /// Jobs that were given up.
    pub(in crate::jobs) failed: i64,
}

impl Agenda {
    /// The earliest of all.
    pub(in crate::jobs) fn next(&self) -> Option<Timestamp> {
        [self.job, self.lease, self.schedule].into_iter().flatten().min()
    }
}

/// Adds a job.
///
/// # Errors
/// What the store says.
pub(in crate::jobs) fn insert(tx: &mut WriteTx<'_>, new: &New) -> Result<()> {
    tx.post(
        "INSERT INTO jobs (id, owner, kind, schedule, payload, state, due_at, attempts, done, created_at)
         VALUES ($1, $2, $3, $4, $5, 'queued', $6, 0, 0, $7)",
        &[
            new.id.into(),
            new.owner.map(|owner| owner.0).into(),
            new.kind.into(),
            new.schedule.into(),
            (&new.payload).into(),
            new.due_at.into(),
            new.now.into(),
        ],
    )?;
    tell(tx, new.owner, new.id)
}

/// What there is to do, and how much.
///
/// # Errors
/// What the store says.
pub(in crate::jobs) fn agenda(tx: &mut ReadTx<'_>) -> Result<Agenda> {
    Ok(Agenda {
        job: tx.query_one("SELECT min(due_at) FROM jobs WHERE state = 'queued'", &[], |r| r.opt_time(0))?,
        lease: tx.query_one("SELECT min(leased_till) FROM jobs WHERE state = 'running'", &[], |r| r.opt_time(0))?,
        schedule: tx.query_one("SELECT min(due_at) FROM schedules", &[], |r| r.opt_time(0))?,
        queued: tx.query_one("SELECT count(*) FROM jobs WHERE state = 'queued'", &[], |r| r.int(0))?,
        failed: tx.query_one(
            "SELECT count(*) FROM jobs WHERE state = 'failed' AND ended_at IS NOT NULL",
            &[],
            |r| r.int(0),
        )?,
    })
}

/// Makes the stored schedules those of the program. A new one is due at its first time from now on.
///
/// # Errors
/// What the store says.
pub(in crate::jobs) fn plan(tx: &mut WriteTx<'_>, schedules: &[Schedule], now: Timestamp) -> Result<()> {
    let known = tx.query("SELECT name FROM schedules ORDER BY name", &[], |r| r.text(0))?;
    for gone in known.iter().filter(|name| schedules.iter().all(|s| s.name != name.as_str())) {
        tx.post("DELETE FROM schedules WHERE name = $1", &[gone.into()])?;
    }
    for schedule in schedules {
        let next = schedule.every.next(now);
        let due =
            tx.query_opt("SELECT due_at FROM schedules WHERE name = $1", &[schedule.name.into()], |r| r.time(0))?;
        match due {
            None => {
                tx.post("INSERT INTO schedules (name, due_at) VALUES ($1, $2)", &[schedule.name.into(), next.into()])?;
            }
            // It repeats more often than it did when its time was set.
            Some(due) if due > next => {
                tx.post("UPDATE schedules SET due_at = $1 WHERE name = $2", &[next.into(), schedule.name.into()])?;
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Enqueues what is due of `schedules`, each under one of `ids`, and sets the next times. One whose last job still waits or runs
/// is left out this time.
///
/// # Errors
/// What the store says.
pub(in crate::jobs) fn fire(
    tx: &mut WriteTx<'_>,
    schedules: &[Schedule],
    ids: &[Uuid],
    now: Timestamp,
) -> Result<usize> {
    let mut fired = 0;
    for (schedule, id) in schedules.iter().zip(ids) {
        let due = tx.query_opt(
            "SELECT name FROM schedules WHERE name = $1 AND due_at <= $2",
            &[schedule.name.into(), now.into()],
            |r| r.text(0),
        )?;
        if due.is_none() {
            continue;
        }
        tx.post(
            "UPDATE schedules SET due_at = $1 WHERE name = $2",
            &[schedule.every.next(now).into(), schedule.name.into()],
        )?;
        let under_way = tx.query_opt(
            "SELECT id FROM jobs WHERE schedule = $1 AND state IN ('queued', 'running') LIMIT 1",
            &[schedule.name.into()],
            |r| r.id(0),
        )?;
        if under_way.is_none() {
            let (kind, payload) = (schedule.kind, schedule.payload.clone());
            insert(tx, &New { id: *id, owner: None, kind, schedule: Some(schedule.name), payload, due_at: now, now })?;
            fired += 1;
        }
    }
    Ok(fired)
}

/// A job whose worker has gone silent, with the runs it has had.
///
/// # Errors
/// What the store says.
pub(in crate::jobs) fn abandoned(tx: &mut ReadTx<'_>, now: Timestamp) -> Result<Option<Claimed>> {
    tx.query_opt(
        "SELECT id, owner, kind, payload, attempts, lease FROM jobs
         WHERE state = 'running' AND leased_till <= $1 ORDER BY leased_till, id LIMIT 1",
        &[now.into()],
        |r| claimed(r, r.id(5)?),
    )
}

/// Takes the job that is due for longest, for the time of a lease.
///
/// # Errors
/// What the store says.
pub(in crate::jobs) fn claim(tx: &mut WriteTx<'_>, lease: Uuid, now: Timestamp) -> Result<Option<Claimed>> {
    let due = tx.query_opt(
        "SELECT id, owner, kind, payload, attempts + 1 FROM jobs
         WHERE state = 'queued' AND due_at <= $1 ORDER BY due_at, id LIMIT 1",
        &[now.into()],
        |r| claimed(r, lease),
    )?;
    let Some(job) = due else { return Ok(None) };
    tx.post(
        "UPDATE jobs SET state = 'running', attempts = $1, lease = $2, leased_till = $3, started_at = $4, done = 0, total = NULL
         WHERE id = $5",
        &[job.attempt.into(), lease.into(), now.plus(LEASE).into(), now.into(), job.id.into()],
    )?;
    tell(tx, job.owner, job.id)?;
    Ok(Some(job))
}

/// A sign of life, with how far the work is, which its owner is told when it has `moved`. `false`: the lease was lost.
///
/// # Errors
/// What the store says.
pub(in crate::jobs) fn renew(
    tx: &mut WriteTx<'_>,
    job: &Claimed,
    now: Timestamp,
    (done, total): (i64, Option<i64>),
    moved: bool,
) -> Result<bool> {
    let rows = tx.execute(
        "UPDATE jobs SET leased_till = $1, done = $2, total = $3 WHERE id = $4 AND lease = $5 AND state = 'running'",
        &[now.plus(LEASE).into(), done.into(), total.into(), job.id.into(), job.lease.into()],
    )?;
    if rows > 0 && moved {
        tell(tx, job.owner, job.id)?;
    }
    Ok(rows > 0)
}

/// How a run ended.
#[derive(Debug, Clone)]
pub(in crate::jobs) enum End {
    /// Well, with what it has made.
    Done { result: String, done: i64, total: Option<i64> },
    /// To be tried again at that time. `counts`: the run is one of the job's attempts.
    Again { at: Timestamp, why: String, counts: bool },
    /// For good.
    Failed { why: String },
}

/// Writes down how a run ended. `false`: the lease was lost, and nothing is written.
///
/// # Errors
/// What the store says.
pub(in crate::jobs) fn end(tx: &mut WriteTx<'_>, job: &Claimed, end: &End, now: Timestamp) -> Result<bool> {
    let (id, lease) = (job.id, job.lease);
    let rows = match end {
        End::Done { result, done, total } => tx.execute(
            "UPDATE jobs SET state = 'done', lease = NULL, leased_till = NULL, result = $1, error = NULL, done = $2, total = $3,
                             ended_at = $4
             WHERE id = $5 AND lease = $6 AND state = 'running'",
            &[result.into(), (*done).into(), (*total).into(), now.into(), id.into(), lease.into()],
        )?,
        End::Again { at, why, counts } => tx.execute(
            "UPDATE jobs SET state = 'queued', lease = NULL, leased_till = NULL, due_at = $1, error = $2, attempts = $3
             WHERE id = $4 AND lease = $5 AND state = 'running'",
            &[
                (*at).into(),
                why.into(),
                (if *counts { job.attempt } else { job.attempt - 1 }).into(),
                id.into(),
                lease.into(),
            ],
        )?,
        End::Failed { why } => tx.execute(
            "UPDATE jobs SET state = 'failed', lease = NULL, leased_till = NULL, error = $1, ended_at = $2
             WHERE id = $3 AND lease = $4 AND state = 'running'",
            &[why.into(), now.into(), id.into(), lease.into()],
        )?,
    };
    if rows > 0 {
        tell(tx, job.owner, job.id)?;
    }
    Ok(rows > 0)
}

/// Removes jobs that ended in `state` at `until` or before, at most `at_most` of them; returns how many.
///
/// # Errors
/// What the store says.
pub(in crate::jobs) fn sweep(tx: &mut WriteTx<'_>, state: State, until: Timestamp, at_most: i64) -> Result<usize> {
    let gone = tx.query(
        "DELETE FROM jobs WHERE id IN
         (SELECT id FROM jobs WHERE state = $1 AND ended_at IS NOT NULL AND ended_at <= $2 ORDER BY ended_at, id LIMIT $3)
         RETURNING id, owner",
        &[state.as_str().into(), until.into(), at_most.into()],
        |r| Ok((r.id(0)?, r.opt_id(1)?)),
    )?;
    for (id, owner) in &gone {
        bury(tx, owner.map(UserId), *id)?;
    }
    Ok(gone.len())
}

fn claimed(row: &Row<'_>, lease: Uuid) -> Result<Claimed> {
    Ok(Claimed {
        id: row.id(0)?,
        owner: row.opt_id(1)?.map(UserId),
        kind: row.text(2)?,
        payload: row.text(3)?,
        attempt: row.int(4)?,
        lease,
    })
}
