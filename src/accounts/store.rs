//! The statements of accounts.
//!
//! Every change appends to the change log in its own transaction. Rules that need more than one row (the last administrator
//! stays, one account per address) are kept here, where the writer's turn makes them safe without further care.

use uuid::Uuid;

use super::{Email, Name, Standing, User};
use crate::caller::{Role, UserId};
use crate::clock::Timestamp;
use crate::db::{ReadTx, Row, WriteTx};
use crate::error::{Conflict, Error, Result};
use crate::feed::{self, Kind, Op};

/// The epoch of a new account's credentials.
pub const FIRST_EPOCH: i64 = 0;

const COLUMNS: &str =
    "id, email, name, role, disabled_at, deletes_at, created_at, updated_at, CAST(length(password) AS BIGINT)";

/// An account to be made, checked and with its password hashed.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Its id.
    pub id: UserId,
    /// Its address.
    pub email: Email,
    /// Its name.
    pub name: Name,
    /// What it may do.
    pub role: Role,
    /// The hash of its password; empty: it has none.
    pub password: String,
    /// When it is made.
    pub now: Timestamp,
}

/// Makes an account.
///
/// # Errors
/// [`Conflict::EmailTaken`].
pub fn insert(tx: &mut WriteTx<'_>, new: &NewUser) -> Result<User> {
    let sql = format!(
        "INSERT INTO users (id, email, email_key, name, role, password, credentials_epoch, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
         ON CONFLICT (email_key) DO NOTHING RETURNING {COLUMNS}"
    );
    let made = tx.query_opt(
        &sql,
        &[
            new.id.0.into(),
            new.email.as_str().into(),
            new.email.key().into(),
            new.name.as_str().into(),
            new.role.as_str().into(),
            (&new.password).into(),
            FIRST_EPOCH.into(),
            new.now.into(),
        ],
        read,
    )?;
    let user = made.ok_or(Error::Conflict(Conflict::EmailTaken))?;
    changed(tx, user.id)?;
    Ok(user)
}

/// The account of that id.
///
/// # Errors
/// What the store says.
pub fn get(tx: &mut ReadTx<'_>, id: UserId) -> Result<Option<User>> {
    tx.query_opt(&format!("SELECT {COLUMNS} FROM users WHERE id = $1"), &[id.0.into()], read)
}

/// The account of that address.
///
/// # Errors
/// What the store says.
pub fn find(tx: &mut ReadTx<'_>, email: &Email) -> Result<Option<User>> {
    tx.query_opt(&format!("SELECT {COLUMNS} FROM users WHERE email_key = $1"), &[email.key().into()], read)
}

/// Accounts after `after`, oldest first.
///
/// # Errors
/// What the store says.
pub fn list(tx: &mut ReadTx<'_>, after: Option<(Timestamp, Uuid)>, limit: i64) -> Result<Vec<User>> {
    let (time, id) = after.unwrap_or((Timestamp::from_micros(i64::MIN), Uuid::nil()));
    let sql = format!(
        "SELECT {COLUMNS} FROM users WHERE created_at > $1 OR (created_at = $1 AND id > $2)
         ORDER BY created_at, id LIMIT $3"
    );
    tx.query(&sql, &[time.into(), id.into(), limit.into()], read)
}

/// Gives an account another name.
///
/// # Errors
/// [`Error::NotFound`].
pub fn rename(tx: &mut WriteTx<'_>, id: UserId, name: &Name, now: Timestamp) -> Result<User> {
    let sql = format!("UPDATE users SET name = $1, updated_at = $2 WHERE id = $3 RETURNING {COLUMNS}");
    let user = tx.query_opt(&sql, &[name.as_str().into(), now.into(), id.0.into()], read)?;
    let user = user.ok_or(Error::NotFound("account"))?;
    changed(tx, id)?;
    Ok(user)
}

/// Gives an account another address to sign in with; the caller sees to what was given out before.
///
/// # Errors
/// [`Error::NotFound`], [`Conflict::EmailTaken`].
pub fn set_email(tx: &mut WriteTx<'_>, id: UserId, email: &Email, now: Timestamp) -> Result<User> {
    if find(tx, email)?.is_some_and(|other| other.id != id) {
        return Err(Error::Conflict(Conflict::EmailTaken));
    }
    let sql = format!("UPDATE users SET email = $1, email_key = $2, updated_at = $3 WHERE id = $4 RETURNING {COLUMNS}");
    let params = [email.as_str().into(), email.key().into(), now.into(), id.0.into()];
    let user = tx.query_opt(&sql, &params, read)?.ok_or(Error::NotFound("account"))?;
    changed(tx, id)?;
    Ok(user)
}

/// Gives an account another role or status; returns it as it is now. Whatever was given out before counts no more. Saying what is so
/// already changes nothing.
///
/// # Errors
/// [`Conflict::LastAdmin`].
pub fn set_standing(tx: &mut WriteTx<'_>, user: &User, to: Standing, now: Timestamp) -> Result<User> {
    if user.standing == to {
        return Ok(user.clone());
    }
    if user.standing.administers() && !to.administers() && admins(tx)? <= 1 {
        return Err(Error::Conflict(Conflict::LastAdmin));
    }
    let sql = format!(
        "UPDATE users SET role = $1, disabled_at = $2, deletes_at = $3, updated_at = $4,
                          credentials_epoch = credentials_epoch + 1
         WHERE id = $5 RETURNING {COLUMNS}"
    );
    let params = [to.role.as_str().into(), to.disabled_at.into(), to.deletes_at.into(), now.into(), user.id.0.into()];
    let user = tx.query_one(&sql, &params, read)?;
    changed(tx, user.id)?;
    Ok(user)
}

/// Accounts whose time has come at `now`.
///
/// # Errors
/// What the store says.
pub fn leaving(tx: &mut ReadTx<'_>, now: Timestamp, limit: i64) -> Result<Vec<UserId>> {
    let sql = "SELECT id FROM users WHERE deletes_at IS NOT NULL AND deletes_at <= $1 ORDER BY deletes_at, id LIMIT $2";
    tx.query(sql, &[now.into(), limit.into()], |r| Ok(UserId(r.id(0)?)))
}

/// Takes the row of an account away, and with it what hangs on it alone: sessions, keys, factors, jobs. Its notes, notebooks and tags
/// have to be gone before.
///
/// # Errors
/// What the store says.
pub fn remove(tx: &mut WriteTx<'_>, id: UserId) -> Result<()> {
    tx.post("DELETE FROM users WHERE id = $1", &[id.0.into()])?;
    feed::store::append(tx, Kind::Account, Op::Delete, id, id.0, None)?;
    Ok(())
}

/// Administrators that may sign in, and go on to.
///
/// # Errors
/// What the store says.
pub fn admins(tx: &mut ReadTx<'_>) -> Result<i64> {
    tx.query_one(
        "SELECT count(*) FROM users WHERE role = 'admin' AND disabled_at IS NULL AND deletes_at IS NULL",
        &[],
        |r| r.int(0),
    )
}

/// Keeps the hash of a set-up link until `expires_at`, and drops all older links.
///
/// # Errors
/// [`Conflict::AlreadySetUp`].
pub fn put_setup_link(tx: &mut WriteTx<'_>, hash: &[u8], expires_at: Timestamp) -> Result<()> {
    if admins(tx)? > 0 {
        return Err(Error::Conflict(Conflict::AlreadySetUp));
    }
    drop_setup_links(tx)?;
    tx.post("INSERT INTO setup_links (hash, expires_at) VALUES ($1, $2)", &[hash.into(), expires_at.into()])?;
    Ok(())
}

/// Whether a set-up link is good at `now`.
///
/// # Errors
/// What the store says.
pub fn has_setup_link(tx: &mut ReadTx<'_>, hash: &[u8], now: Timestamp) -> Result<bool> {
    let sql = "SELECT expires_at FROM setup_links WHERE hash = $1 AND expires_at > $2";
    Ok(tx.query_opt(sql, &[hash.into(), now.into()], |_| Ok(()))?.is_some())
}

/// Drops all set-up links: one was used, or there is no need for any more.
///
/// # Errors
/// What the store says.
pub fn drop_setup_links(tx: &mut WriteTx<'_>) -> Result<()> {
    tx.post("DELETE FROM setup_links", &[])?;
    Ok(())
}

/// Drops every link that somebody was given, in a store that was restored: one that was used or taken back must not work again.
///
/// # Errors
/// What the store says.
pub fn drop_links(tx: &mut WriteTx<'_>) -> Result<()> {
    drop_setup_links(tx)?;
    tx.post("DELETE FROM invites", &[])?;
    tx.post("DELETE FROM reset_links", &[])
}

/// How many accounts there are.
///
/// # Errors
/// What the store says.
pub fn count_all(tx: &mut ReadTx<'_>) -> Result<i64> {
    tx.query_one("SELECT count(*) FROM users", &[], |r| r.int(0))
}

fn changed(tx: &mut WriteTx<'_>, id: UserId) -> Result<()> {
    feed::store::append(tx, Kind::Account, Op::Put, id, id.0, None)?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<User> {
    let role = row.str(3)?;
    Ok(User {
        id: UserId(row.id(0)?),
        email: row.text(1)?,
        name: row.text(2)?,
        has_password: row.int(8)? > 0,
        standing: Standing {
            role: Role::parse(role)
                .ok_or_else(|| Error::Corrupt(format!("an account with the unknown role `{role}`")))?,
            disabled_at: row.opt_time(4)?,
            deletes_at: row.opt_time(5)?,
        },
        created_at: row.time(6)?,
        updated_at: row.time(7)?,
    })
}
