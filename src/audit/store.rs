//! The audit log's statements.

use super::chain::{self, BEFORE_THE_FIRST, Hash, Link};
use super::{Entry, Filter, Person, Row};
use crate::caller::UserId;
use crate::clock::Timestamp;
use crate::db::{self, ReadTx, Value, WriteTx};
use crate::error::{Error, Result};

const COLUMNS: &str =
    "a.seq, a.at, a.action, a.outcome, a.credential, a.actor, a.subject, a.target, a.times, a.details";

/// Appends a row. Call it after the change that it records: the names of whoever takes part are looked up as they are then.
///
/// # Errors
/// What the store says.
pub fn record(tx: &mut WriteTx<'_>, entry: &Entry) -> Result<()> {
    let (last, before) = newest(tx)?.unwrap_or((0, BEFORE_THE_FIRST));
    let device = &entry.by.device;
    // Even when nobody was signed in it came from somewhere.
    let actor = match entry.by.user {
        Some(user) => name(tx, user)?,
        None => String::new(),
    };
    let actor = Person { name: actor, address: device.address().to_owned(), agent: device.agent().to_owned() };
    let other = entry.subject.filter(|subject| Some(*subject) != entry.by.user);
    let subject = match other {
        Some(user) => Some(Person { name: name(tx, user)?, ..Person::default() }),
        None => None,
    };
    let details = serde_json::to_string(&entry.details).map_err(Error::internal)?;
    let actor_proof = chain::proof(&entry.salts[0], &actor);
    let subject_proof = subject.as_ref().map(|person| chain::proof(&entry.salts[1], person));
    let link = Link {
        seq: last + 1,
        at: entry.at,
        action: entry.action.as_str(),
        outcome: entry.outcome.as_str(),
        credential: entry.by.means.as_str(),
        actor: entry.by.user,
        subject: entry.subject,
        target: entry.target,
        times: entry.times,
        details: &details,
        actor_proof: Some(&actor_proof),
        subject_proof: subject_proof.as_ref().map(<[u8; 32]>::as_slice),
    };
    let hash = link.hash(&before);
    tx.post(
        "INSERT INTO audit (seq, at, action, outcome, credential, actor, subject, target, times, details, actor_proof,
                            subject_proof, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &[
            link.seq.into(),
            link.at.into(),
            link.action.into(),
            link.outcome.into(),
            link.credential.into(),
            link.actor.map(|user| user.0).into(),
            link.subject.map(|user| user.0).into(),
            link.target.into(),
            link.times.into(),
            link.details.into(),
            link.actor_proof.into(),
            link.subject_proof.into(),
            hash.as_slice().into(),
        ],
    )?;
    put_person(tx, link.seq, "actor", &actor, &entry.salts[0])?;
    match &subject {
        Some(person) => put_person(tx, link.seq, "subject", person, &entry.salts[1]),
        None => Ok(()),
    }
}

fn put_person(tx: &mut WriteTx<'_>, seq: i64, part: &str, person: &Person, salt: &[u8]) -> Result<()> {
    tx.post(
        // Of a row that somebody has cut off there may be a person left.
        "INSERT INTO audit_persons (seq, part, name, address, agent, salt) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (seq, part) DO UPDATE SET name = excluded.name, address = excluded.address, agent = excluded.agent,
                                               salt = excluded.salt",
        &[
            seq.into(),
            part.into(),
            (&person.name).into(),
            (&person.address).into(),
            (&person.agent).into(),
            salt.into(),
        ],
    )
}

fn name(tx: &mut ReadTx<'_>, user: UserId) -> Result<String> {
    let found = tx.query_opt("SELECT email FROM users WHERE id = $1", &[user.0.into()], |r| r.text(0))?;
    Ok(found.unwrap_or_default())
}

/// Number and hash of the newest row; `None` while there is none.
///
/// # Errors
/// What the store says.
pub fn newest(tx: &mut ReadTx<'_>) -> Result<Option<(i64, Hash)>> {
    tx.query_opt("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", &[], |r| Ok((r.int(0)?, hash(r, 1)?)))
}

/// Takes away what tells who a person was, in all rows. The chain holds without it.
///
/// # Errors
/// What the store says.
pub fn erase(tx: &mut WriteTx<'_>, user: UserId) -> Result<()> {
    tx.post(
        "DELETE FROM audit_persons WHERE part = 'actor' AND seq IN (SELECT seq FROM audit WHERE actor = $1)",
        &[user.0.into()],
    )?;
    tx.post(
        "DELETE FROM audit_persons WHERE part = 'subject' AND seq IN (SELECT seq FROM audit WHERE subject = $1)",
        &[user.0.into()],
    )
}

/// Rows before the number `before`, the newest first.
///
/// # Errors
/// What the store says.
pub fn list(tx: &mut ReadTx<'_>, filter: &Filter, before: Option<i64>, limit: i64) -> Result<Vec<Row>> {
    let mut sql = format!(
        "SELECT {COLUMNS}, p.name, p.address, p.agent, q.name, q.address, q.agent FROM audit a
         LEFT JOIN audit_persons p ON p.seq = a.seq AND p.part = 'actor'
         LEFT JOIN audit_persons q ON q.seq = a.seq AND q.part = 'subject'
         WHERE a.seq < $1"
    );
    let mut params: Vec<Value<'_>> = vec![before.unwrap_or(i64::MAX).into()];
    let mut also = |condition: &str, value: Value<'static>| {
        params.push(value);
        sql.push_str(&condition.replace('?', &format!("${}", params.len())));
    };
    if let Some(action) = filter.action {
        also(" AND a.action = ?", action.as_str().into());
    }
    if let Some(outcome) = filter.outcome {
        also(" AND a.outcome = ?", outcome.as_str().into());
    }
    if let Some(user) = filter.actor {
        also(" AND a.actor = ?", user.0.into());
    }
    if let Some(user) = filter.subject {
        also(" AND a.subject = ?", user.0.into());
    }
    if let Some(user) = filter.of {
        also(" AND (a.actor = ? OR a.subject = ?)", user.0.into());
    }
    if let Some(from) = filter.from {
        also(" AND a.at >= ?", from.into());
    }
    if let Some(to) = filter.to {
        also(" AND a.at < ?", to.into());
    }
    params.push(limit.into());
    sql.push_str(&format!(" ORDER BY a.seq DESC LIMIT ${}", params.len()));
    tx.query(&sql, &params, |r| Ok(named_once(read(r)?)))
}

/// Whoever acts for themselves is written down once, and is both.
fn named_once(row: Row) -> Row {
    if row.subject_person.is_some() || row.subject.is_none() || row.subject != row.actor {
        return row;
    }
    let subject_person = row.actor_person.clone().map(|actor| Person { name: actor.name, ..Person::default() });
    Row { subject_person, ..row }
}

fn read(row: &db::Row<'_>) -> Result<Row> {
    let person = |at: usize| -> Result<Option<Person>> {
        let Some(name) = row.opt_text(at)? else { return Ok(None) };
        Ok(Some(Person { name, address: row.text(at + 1)?, agent: row.text(at + 2)? }))
    };
    Ok(Row {
        seq: row.int(0)?,
        at: row.time(1)?,
        action: row.text(2)?,
        outcome: row.text(3)?,
        credential: row.text(4)?,
        actor: row.opt_id(5)?.map(UserId),
        subject: row.opt_id(6)?.map(UserId),
        target: row.opt_id(7)?,
        times: row.int(8)?,
        details: row.text(9)?,
        actor_person: person(10)?,
        subject_person: person(13)?,
    })
}

/// A row as the chain has it.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) row: Row,
    pub(super) actor_proof: Option<Vec<u8>>,
    pub(super) subject_proof: Option<Vec<u8>>,
    pub(super) hash: Hash,
    pub(super) actor_salt: Option<Vec<u8>>,
    pub(super) subject_salt: Option<Vec<u8>>,
}

impl Stored {
    /// What its hash has to be over.
    pub(super) fn link(&self) -> Link<'_> {
        let row = &self.row;
        Link {
            seq: row.seq,
            at: row.at,
            action: &row.action,
            outcome: &row.outcome,
            credential: &row.credential,
            actor: row.actor,
            subject: row.subject,
            target: row.target,
            times: row.times,
            details: &row.details,
            actor_proof: self.actor_proof.as_deref(),
            subject_proof: self.subject_proof.as_deref(),
        }
    }
}

/// All rows, the oldest first, until `row` answers `false`.
pub(super) fn each(tx: &mut ReadTx<'_>, mut row: impl FnMut(Stored) -> Result<bool>) -> Result<()> {
    let sql = format!(
        "SELECT {COLUMNS}, p.name, p.address, p.agent, q.name, q.address, q.agent,
                a.actor_proof, a.subject_proof, a.hash, p.salt, q.salt FROM audit a
         LEFT JOIN audit_persons p ON p.seq = a.seq AND p.part = 'actor'
         LEFT JOIN audit_persons q ON q.seq = a.seq AND q.part = 'subject'
         ORDER BY a.seq"
    );
    tx.each(&sql, &[], |r| {
        row(Stored {
            row: read(r)?,
            actor_proof: r.opt_blob(16)?,
            subject_proof: r.opt_blob(17)?,
            hash: hash(r, 18)?,
            actor_salt: r.opt_blob(19)?,
            subject_salt: r.opt_blob(20)?,
        })
    })
}

fn hash(row: &db::Row<'_>, column: usize) -> Result<Hash> {
    row.bytes(column)?
        .try_into()
        .map_err(|_| Error::Corrupt("a row of the audit log has a hash of another length".into()))
}

/// When the newest row was written.
///
/// # Errors
/// What the store says.
pub fn newest_at(tx: &mut ReadTx<'_>) -> Result<Option<Timestamp>> {
    tx.query_opt("SELECT at FROM audit ORDER BY seq DESC LIMIT 1", &[], |r| r.time(0))
}
