//! The statements of API keys.

use std::sync::Arc;

use uuid::Uuid;

use super::{ApiKey, MOST};
use crate::caller::{Confines, Grant, KeyId, Role, Scopes, UserId};
use crate::clock::Timestamp;
use crate::db::{ReadTx, Row, WriteTx};
use crate::error::{Conflict, Error, Result};
use crate::feed::{self, Kind, Op};

const COLUMNS: &str =
    "k.id, k.name, k.hint, k.scopes, k.tags, k.notebooks, k.budget, k.created_at, k.expires_at, k.last_used_at";

/// What a request needs to know of a key whose owner may sign in and has not changed the credentials since.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) user: UserId,
    pub(super) role: Role,
    pub(super) grant: Arc<Grant>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) last_used_at: Option<Timestamp>,
}

impl Found {
    pub(super) fn counts(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|at| now < at)
    }
}

/// The words of the scopes, as they are kept and shown.
pub fn scopes(scopes: Scopes) -> Vec<&'static str> {
    let all = [(scopes.read, "read"), (scopes.write, "write"), (scopes.search, "search"), (scopes.admin, "admin")];
    all.into_iter().filter(|(has, _)| *has).map(|(_, word)| word).collect()
}

fn parse_scopes(text: &str) -> Result<Scopes> {
    let mut scopes = Scopes::default();
    for word in text.lines() {
        match word {
            "read" => scopes.read = true,
            "write" => scopes.write = true,
            "search" => scopes.search = true,
            "admin" => scopes.admin = true,
            other => return Err(Error::Corrupt(format!("an API key with the unknown scope `{other}`"))),
        }
    }
    Ok(scopes)
}

fn key(row: &Row<'_>) -> Result<ApiKey> {
    let id = KeyId(row.id(0)?);
    let wrong = || Error::Corrupt(format!("the API key {id} cannot be read"));
    let notebooks = row.str(5)?.lines().map(|id| Uuid::parse_str(id).map_err(|_| wrong())).collect::<Result<_>>()?;
    let grant = Grant {
        key: id,
        scopes: parse_scopes(row.str(3)?)?,
        confines: Confines { tags: row.str(4)?.lines().map(str::to_owned).collect(), notebooks },
        budget: row.opt_int(6)?.map(|most| u32::try_from(most).map_err(|_| wrong())).transpose()?,
    };
    Ok(ApiKey {
        id,
        name: row.text(1)?,
        hint: row.text(2)?,
        grant: Arc::new(grant),
        created_at: row.time(7)?,
        expires_at: row.opt_time(8)?,
        last_used_at: row.opt_time(9)?,
    })
}

fn found(row: &Row<'_>) -> Result<Found> {
    let ApiKey { grant, expires_at, last_used_at, .. } = key(row)?;
    let role = row.str(11)?;
    Ok(Found {
        user: UserId(row.id(10)?),
        role: Role::parse(role).ok_or_else(|| Error::Corrupt(format!("unknown role `{role}`")))?,
        grant,
        expires_at,
        last_used_at,
    })
}

const OF_OWNER: &str = "FROM api_keys k JOIN users u ON u.id = k.user_id
         WHERE k.credentials_epoch = u.credentials_epoch AND u.disabled_at IS NULL";

pub(super) fn by_hash(tx: &mut ReadTx<'_>, hash: &[u8]) -> Result<Option<Found>> {
    tx.query_opt(&format!("SELECT {COLUMNS}, u.id, u.role {OF_OWNER} AND k.hash = $1"), &[hash.into()], found)
}

pub(super) fn by_id(tx: &mut ReadTx<'_>, id: KeyId) -> Result<Option<Found>> {
    tx.query_opt(&format!("SELECT {COLUMNS}, u.id, u.role {OF_OWNER} AND k.id = $1"), &[id.0.into()], found)
}

/// Keeps a new key.
pub(super) fn insert(tx: &mut WriteTx<'_>, user: UserId, key: &ApiKey, hash: &[u8], epoch: i64) -> Result<()> {
    let sql = "SELECT count(*) FROM api_keys WHERE user_id = $1";
    if tx.query_one(sql, &[user.0.into()], |r| r.int(0))? >= MOST {
        return Err(Error::Conflict(Conflict::TooManyKeys));
    }
    let Confines { tags, notebooks } = &key.grant.confines;
    let notebooks: Vec<String> = notebooks.iter().map(Uuid::to_string).collect();
    tx.post(
        "INSERT INTO api_keys (id, user_id, name, hint, hash, scopes, tags, notebooks, budget, credentials_epoch,
                               created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &[
            key.id.0.into(),
            user.0.into(),
            (&key.name).into(),
            (&key.hint).into(),
            hash.into(),
            (&scopes(key.grant.scopes).join("\n")).into(),
            (&tags.join("\n")).into(),
            (&notebooks.join("\n")).into(),
            key.grant.budget.map(i64::from).into(),
            epoch.into(),
            key.created_at.into(),
            key.expires_at.into(),
        ],
    )?;
    feed::store::append(tx, Kind::ApiKey, Op::Put, user, key.id.0, None).map(drop)
}

/// Notes that a key was used.
pub(super) fn used(tx: &mut WriteTx<'_>, id: KeyId, now: Timestamp) -> Result<()> {
    tx.post("UPDATE api_keys SET last_used_at = $1 WHERE id = $2", &[now.into(), id.0.into()])
}

/// An account's keys that count, the newest first. One from before a change of the credentials is none any more.
pub(super) fn list(tx: &mut ReadTx<'_>, user: UserId) -> Result<Vec<ApiKey>> {
    let sql = format!("SELECT {COLUMNS} {OF_OWNER} AND k.user_id = $1 ORDER BY k.created_at DESC, k.id DESC");
    tx.query(&sql, &[user.0.into()], key)
}

/// Takes a key away; `false`: the account has none of that id.
pub(super) fn remove(tx: &mut WriteTx<'_>, user: UserId, id: KeyId) -> Result<bool> {
    let gone = tx.execute("DELETE FROM api_keys WHERE user_id = $1 AND id = $2", &[user.0.into(), id.0.into()])? > 0;
    if gone {
        feed::store::append(tx, Kind::ApiKey, Op::Delete, user, id.0, None)?;
    }
    Ok(gone)
}

/// Clears away keys that have run out, or that a change of their owner's credentials has ended.
///
/// # Errors
/// What the store says.
pub fn purge(tx: &mut WriteTx<'_>, now: Timestamp) -> Result<usize> {
    tx.execute(
        "DELETE FROM api_keys WHERE (expires_at IS NOT NULL AND expires_at <= $1)
            OR credentials_epoch <> (SELECT u.credentials_epoch FROM users u WHERE u.id = api_keys.user_id)",
        &[now.into()],
    )
}

/// Ends every key of everybody, in a store that was restored: one that was revoked must not come back to life.
///
/// # Errors
/// What the store says.
pub fn begin_anew(tx: &mut WriteTx<'_>) -> Result<()> {
    tx.post("DELETE FROM api_keys", &[])
}
