//! The statements of accounts.
//!
//! Every change appends to the change log in its own transaction. Rules that need more than one row (the last administrator
//! stays, one account per address) are kept here, where the writer's turn makes them safe without further care.

use uuid::Uuid;

use super::{Email, Name, User};
use crate::caller::{Role, UserId};
use crate::clock::Timestamp;
use crate::db::{ReadTx, Row, WriteTx};
use crate::error::{Conflict, Error, Result};
use crate::feed::{self, Kind, Op};

/// The epoch of a new account's credentials.
pub const FIRST_EPOCH: i64 = 0;

const COLUMNS: &str = "id, email, name, role, disabled_at, created_at, updated_at";

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
    /// The hash of its password.
    pub password: String,
    /// When it is made.
    pub now: Timestamp,
}

/// What a sign-in is checked against.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Whose they are.
    pub user: User,
    /// The hash of the password.
    pub password: String,
    /// Counts the changes of the password.
    pub epoch: i64,
}

/// Makes an account.
///
/// # Errors
/// [`Conflict::EmailTaken`].
pub fn insert(tx: &mut WriteTx<'_>, new: &NewUser) -> Result<User> {
    let made = tx.query_opt(
        "INSERT INTO users (id, email, email_key, name, role, password, credentials_epoch, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
         ON CONFLICT (email_key) DO NOTHING
         RETURNING id, email, name, role, disabled_at, created_at, updated_at",
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

/// What a sign-in under that address is checked against; a disabled account has credentials too.
///
/// # Errors
/// What the store says.
pub fn credentials(tx: &mut ReadTx<'_>, email: &Email) -> Result<Option<Credentials>> {
    let sql = format!("SELECT {COLUMNS}, password, credentials_epoch FROM users WHERE email_key = $1");
    tx.query_opt(&sql, &[email.key().into()], read_credentials)
}

/// [`credentials`] by id.
///
/// # Errors
/// What the store says.
pub fn credentials_of(tx: &mut ReadTx<'_>, id: UserId) -> Result<Option<Credentials>> {
    let sql = format!("SELECT {COLUMNS}, password, credentials_epoch FROM users WHERE id = $1");
    tx.query_opt(&sql, &[id.0.into()], read_credentials)
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

/// Gives an account another password, so that what was signed in with the old one no longer counts; returns the new epoch.
/// `None`: the account is gone, or its password is no longer that of `epoch`.
///
/// # Errors
/// What the store says.
pub fn set_password(
    tx: &mut WriteTx<'_>,
    id: UserId,
    epoch: i64,
    password: &str,
    now: Timestamp,
) -> Result<Option<i64>> {
    let next = tx.query_opt(
        "UPDATE users SET password = $1, updated_at = $2, credentials_epoch = credentials_epoch + 1
         WHERE id = $3 AND credentials_epoch = $4 RETURNING credentials_epoch",
        &[password.into(), now.into(), id.0.into(), epoch.into()],
        |r| r.int(0),
    )?;
    if next.is_some() {
        changed(tx, id)?;
    }
    Ok(next)
}

/// Keeps the same password under a costlier hash. Nobody sees a difference, so it is no change.
///
/// # Errors
/// What the store says.
pub fn rehash(tx: &mut WriteTx<'_>, id: UserId, epoch: i64, password: &str) -> Result<()> {
    tx.execute(
        "UPDATE users SET password = $1 WHERE id = $2 AND credentials_epoch = $3",
        &[password.into(), id.0.into(), epoch.into()],
    )?;
    Ok(())
}

/// Lets an account sign in or not; returns it as it is now. Saying so twice changes nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Conflict::LastAdmin`].
pub fn set_disabled(tx: &mut WriteTx<'_>, email: &Email, disabled: bool, now: Timestamp) -> Result<User> {
    let user = find(tx, email)?.ok_or(Error::NotFound("account"))?;
    if user.disabled_at.is_some() == disabled {
        return Ok(user);
    }
    if disabled && user.role == Role::Admin && admins(tx)? <= 1 {
        return Err(Error::Conflict(Conflict::LastAdmin));
    }
    let sql = format!("UPDATE users SET disabled_at = $1, updated_at = $2 WHERE id = $3 RETURNING {COLUMNS}");
    let since = disabled.then_some(now);
    let user = tx.query_one(&sql, &[since.into(), now.into(), user.id.0.into()], read)?;
    changed(tx, user.id)?;
    Ok(user)
}

/// Administrators that may sign in.
///
/// # Errors
/// What the store says.
pub fn admins(tx: &mut ReadTx<'_>) -> Result<i64> {
    tx.query_one("SELECT count(*) FROM users WHERE role = 'admin' AND disabled_at IS NULL", &[], |r| r.int(0))
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
    tx.execute("INSERT INTO setup_links (hash, expires_at) VALUES ($1, $2)", &[hash.into(), expires_at.into()])?;
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
    tx.execute("DELETE FROM setup_links", &[])?;
    Ok(())
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
        role: Role::parse(role).ok_or_else(|| Error::Corrupt(format!("an account with the unknown role `{role}`")))?,
        disabled_at: row.opt_time(4)?,
        created_at: row.time(5)?,
        updated_at: row.time(6)?,
    })
}

fn read_credentials(row: &Row<'_>) -> Result<Credentials> {
    Ok(Credentials { user: read(row)?, password: row.text(7)?, epoch: row.int(8)? })
}
