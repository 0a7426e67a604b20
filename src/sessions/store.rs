//! The statements of sessions and of the keys that sign their tokens.
//!
//! Every function that ends sessions takes the [`Cache`] and has them forgotten there after the commit, so that no caller can
//! leave it out. Beginning and ending append to the change log; being used does not.

use uuid::Uuid;

use super::cache::{Cache, Entry};
use super::refresh::{Family, Previous};
use super::{Delivery, Opening, Origin, Session};
use crate::caller::{Caller, Role, SessionId, UserId};
use crate::clock::Timestamp;
use crate::db::{ReadTx, Row, WriteTx};
use crate::error::{Error, Result, Unauthenticated};
use crate::feed::{self, Kind, Op};

/// A session that still counts, as refreshing sees it.
#[derive(Debug, Clone)]
pub(super) struct Refreshable {
    pub(super) user: UserId,
    pub(super) epoch: i64,
    pub(super) expires_at: Timestamp,
    pub(super) idle_expires_at: Timestamp,
    pub(super) delivery: Delivery,
    pub(super) family: Family,
}

/// Begins a session of an account whose credentials are at `epoch`, and clears away the account's expired ones.
///
/// # Errors
/// What the store says.
pub fn begin(tx: &mut WriteTx<'_>, cache: &Cache, opening: &Opening, user: UserId, epoch: i64) -> Result<()> {
    let expired = tx.query(
        "DELETE FROM sessions WHERE user_id = $1 AND idle_expires_at <= $2 RETURNING id",
        &[user.0.into(), opening.now.into()],
        |r| r.id(0),
    )?;
    ended(tx, cache, user, expired)?;
    tx.post(
        "INSERT INTO sessions (id, user_id, created_at, last_used_at, idle_expires_at, expires_at, first_epoch,
                               credentials_epoch, delivery, agent, address, generation, refresh_hash, verified_at, provider_id,
                               id_token)
         VALUES ($1, $2, $3, $3, $4, $5, $6, $6, $7, $8, $9, 0, $10, $3, $11, $12)",
        &[
            opening.id.0.into(),
            user.0.into(),
            opening.now.into(),
            opening.idle_expires_at.into(),
            opening.expires_at.into(),
            epoch.into(),
            opening.delivery.as_str().into(),
            opening.device.agent().into(),
            opening.device.address().into(),
            opening.refresh.hash().as_slice().into(),
            opening.origin.as_ref().map(|origin| origin.provider).into(),
            opening.origin.as_ref().and_then(|origin| origin.id_token.as_deref()).into(),
        ],
    )?;
    feed::store::append(tx, Kind::Session, Op::Put, user, opening.id.0, None)?;
    Ok(())
}

/// Where a session came from.
pub(super) fn origin(tx: &mut ReadTx<'_>, id: SessionId) -> Result<Option<Origin>> {
    let sql = "SELECT provider_id, id_token FROM sessions WHERE id = $1";
    let found = tx.query_opt(sql, &[id.0.into()], |r| {
        let id_token = r.opt_blob(1)?;
        Ok(r.opt_id(0)?.map(|provider| Origin { provider, id_token }))
    })?;
    Ok(found.flatten())
}

/// What a request needs to know of a session; `None` when it does not count (its expiry aside, which the clock decides).
pub(super) fn entry(tx: &mut ReadTx<'_>, id: SessionId) -> Result<Option<Entry>> {
    tx.query_opt(
        "SELECT s.user_id, u.role, s.first_epoch, s.credentials_epoch, s.idle_expires_at, s.verified_at
         FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.id = $1 AND s.credentials_epoch = u.credentials_epoch AND u.disabled_at IS NULL",
        &[id.0.into()],
        |r| {
            let role = r.str(1)?;
            Ok(Entry {
                user: UserId(r.id(0)?),
                role: Role::parse(role).ok_or_else(|| Error::Corrupt(format!("unknown role `{role}`")))?,
                first_epoch: r.int(2)?,
                epoch: r.int(3)?,
                expires_at: r.time(4)?,
                verified_at: r.time(5)?,
            })
        },
    )
}

/// A session that counts at `now`, with its tokens.
pub(super) fn refreshable(tx: &mut ReadTx<'_>, id: SessionId, now: Timestamp) -> Result<Option<Refreshable>> {
    tx.query_opt(
        "SELECT s.user_id, s.credentials_epoch, s.expires_at, s.delivery, s.generation, s.refresh_hash, s.previous_hash,
                s.rotated_at, s.sealed_successor, s.idle_expires_at
         FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.id = $1 AND s.idle_expires_at > $2 AND s.credentials_epoch = u.credentials_epoch AND u.disabled_at IS NULL",
        &[id.0.into(), now.into()],
        |r| {
            let previous = match (r.opt_blob(6)?, r.opt_time(7)?, r.opt_blob(8)?) {
                (Some(hash), Some(rotated_at), Some(sealed_successor)) => {
                    Some(Previous { hash, rotated_at, sealed_successor })
                }
                _ => None,
            };
            let generation =
                u32::try_from(r.int(4)?).map_err(|_| Error::Corrupt("a session's generation is out of range".into()))?;
            let family = Family { generation, current: r.blob(5)?, previous };
            Ok(Refreshable {
                user: UserId(r.id(0)?),
                epoch: r.int(1)?,
                expires_at: r.time(2)?,
                idle_expires_at: r.time(9)?,
                delivery: Delivery::parse(r.str(3)?)?,
                family,
            })
        },
    )
}

/// A family's tokens after an exchange.
#[derive(Debug)]
pub(super) struct Rotation<'a> {
    pub(super) generation: u32,
    pub(super) current: [u8; 32],
    pub(super) previous: &'a [u8],
    pub(super) sealed_successor: &'a [u8],
    pub(super) now: Timestamp,
    pub(super) idle_expires_at: Timestamp,
}

/// Exchanges the current token.
pub(super) fn rotate(tx: &mut WriteTx<'_>, cache: &Cache, id: SessionId, to: &Rotation<'_>) -> Result<()> {
    tx.post(
        "UPDATE sessions SET generation = $1, refresh_hash = $2, previous_hash = $3, sealed_successor = $4, rotated_at = $5,
                             last_used_at = $5, idle_expires_at = $6
         WHERE id = $7",
        &[
            i64::from(to.generation).into(),
            to.current.as_slice().into(),
            to.previous.into(),
            to.sealed_successor.into(),
            to.now.into(),
            to.idle_expires_at.into(),
            id.0.into(),
        ],
    )?;
    // It lives longer now.
    forget(tx, cache, vec![id]);
    Ok(())
}

/// Ends one session; `false` when the account has none of that id.
///
/// # Errors
/// What the store says.
pub fn end(tx: &mut WriteTx<'_>, cache: &Cache, user: UserId, id: SessionId) -> Result<bool> {
    let gone = tx.query(
        "DELETE FROM sessions WHERE user_id = $1 AND id = $2 RETURNING id",
        &[user.0.into(), id.0.into()],
        |r| r.id(0),
    )?;
    let any = !gone.is_empty();
    ended(tx, cache, user, gone)?;
    Ok(any)
}

/// Ends all sessions of an account, but for `keep`.
///
/// # Errors
/// What the store says.
pub fn end_all(tx: &mut WriteTx<'_>, cache: &Cache, user: UserId, keep: Option<SessionId>) -> Result<()> {
    let keep = keep.map_or(Uuid::nil(), |id| id.0);
    let gone = tx.query(
        "DELETE FROM sessions WHERE user_id = $1 AND id <> $2 RETURNING id",
        &[user.0.into(), keep.into()],
        |r| r.id(0),
    )?;
    ended(tx, cache, user, gone)
}

/// Clears away sessions that had expired at `now`, at most `at_most` of them in one go; returns how many went.
///
/// # Errors
/// What the store says.
pub fn purge_expired(tx: &mut WriteTx<'_>, cache: &Cache, now: Timestamp, at_most: i64) -> Result<usize> {
    let gone = tx.query(
        "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE idle_expires_at <= $1 LIMIT $2)
         RETURNING user_id, id",
        &[now.into(), at_most.into()],
        |r| Ok((UserId(r.id(0)?), r.id(1)?)),
    )?;
    for (user, id) in &gone {
        ended(tx, cache, *user, vec![*id])?;
    }
    Ok(gone.len())
}

/// Lets a session outlive a change of its account's credentials, together with the access tokens that it already has.
///
/// # Errors
/// [`Unauthenticated::InvalidToken`] as [`require`].
pub fn carry_over(tx: &mut WriteTx<'_>, cache: &Cache, id: SessionId, epoch: i64) -> Result<()> {
    let sql = "UPDATE sessions SET credentials_epoch = $1 WHERE id = $2";
    if tx.execute(sql, &[epoch.into(), id.0.into()])? == 0 {
        return Err(Error::Unauthenticated(Unauthenticated::InvalidToken));
    }
    forget(tx, cache, vec![id]);
    Ok(())
}

/// Makes sure, in the transaction of what gives somebody a way in, that the caller's session has not ended since it was looked at: a
/// body can be held back for as long as a request may take.
///
/// # Errors
/// [`Unauthenticated::InvalidToken`].
pub fn require(tx: &mut WriteTx<'_>, caller: &Caller) -> Result<()> {
    let Some(session) = caller.session() else { return Ok(()) };
    let found = tx.query_opt("SELECT id FROM sessions WHERE id = $1", &[session.0.into()], |r| r.id(0))?;
    found.map(drop).ok_or(Error::Unauthenticated(Unauthenticated::InvalidToken))
}

/// Notes that the owner of a session has just shown a credential again.
///
/// # Errors
/// What the store says.
pub fn verified(tx: &mut WriteTx<'_>, cache: &Cache, id: SessionId, now: Timestamp) -> Result<()> {
    tx.post("UPDATE sessions SET verified_at = $1 WHERE id = $2", &[now.into(), id.0.into()])?;
    forget(tx, cache, vec![id]);
    Ok(())
}

/// The caller's sessions that count at `now`, the newest first, after the keyset `after`.
///
/// # Errors
/// What the store says.
pub fn list(
    tx: &mut ReadTx<'_>,
    caller: &Caller,
    now: Timestamp,
    after: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<Session>> {
    let (time, id) = after.unwrap_or((Timestamp::from_micros(i64::MAX), Uuid::max()));
    tx.query(
        "SELECT id, created_at, last_used_at, idle_expires_at, agent, address FROM sessions
         WHERE user_id = $1 AND idle_expires_at > $2 AND (created_at < $3 OR (created_at = $3 AND id < $4))
         ORDER BY created_at DESC, id DESC LIMIT $5",
        &[caller.user().0.into(), now.into(), time.into(), id.into(), limit.into()],
        read,
    )
}

/// Ends every session of everybody, in a store that has just been restored and that nobody uses yet: an ended one must not come
/// back to life. Signing keys go as well unless the master key that seals them came along. The log need not say so, because its
/// followers begin anew with the store's new epoch.
///
/// # Errors
/// What the store says.
pub fn begin_anew(tx: &mut WriteTx<'_>, keep_signing_keys: bool) -> Result<()> {
    tx.post("DELETE FROM sessions", &[])?;
    if !keep_signing_keys {
        tx.post("DELETE FROM signing_keys", &[])?;
    }
    Ok(())
}

/// The sealed signing keys, the newest last.
pub(super) fn signing_keys(tx: &mut ReadTx<'_>) -> Result<Vec<(Uuid, Vec<u8>)>> {
    tx.query("SELECT id, sealed FROM signing_keys ORDER BY created_at, id", &[], |r| Ok((r.id(0)?, r.blob(1)?)))
}

/// Keeps a signing key unless there is one already.
pub(super) fn put_first_signing_key(tx: &mut WriteTx<'_>, id: Uuid, sealed: &[u8], now: Timestamp) -> Result<()> {
    if signing_keys(tx)?.is_empty() {
        tx.post(
            "INSERT INTO signing_keys (id, sealed, created_at) VALUES ($1, $2, $3)",
            &[id.into(), sealed.into(), now.into()],
        )?;
    }
    Ok(())
}

/// Keeps a signing key in another form, unless that happened meanwhile.
pub(super) fn reseal_signing_key(tx: &mut WriteTx<'_>, id: Uuid, before: &[u8], sealed: &[u8]) -> Result<()> {
    let sql = "UPDATE signing_keys SET sealed = $1 WHERE id = $2 AND sealed = $3";
    tx.post(sql, &[sealed.into(), id.into(), before.into()])
}

fn ended(tx: &mut WriteTx<'_>, cache: &Cache, user: UserId, ids: Vec<Uuid>) -> Result<()> {
    for id in &ids {
        feed::store::append(tx, Kind::Session, Op::Delete, user, *id, None)?;
    }
    forget(tx, cache, ids.into_iter().map(SessionId).collect());
    Ok(())
}

fn forget(tx: &mut WriteTx<'_>, cache: &Cache, ids: Vec<SessionId>) {
    if !ids.is_empty() {
        let cache = cache.clone();
        tx.after_commit(move || cache.forget(&ids));
    }
}

fn read(row: &Row<'_>) -> Result<Session> {
    Ok(Session {
        id: SessionId(row.id(0)?),
        created_at: row.time(1)?,
        last_used_at: row.time(2)?,
        expires_at: row.time(3)?,
        agent: row.text(4)?,
        address: row.text(5)?,
    })
}
