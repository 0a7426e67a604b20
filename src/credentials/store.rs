//! The statements of credentials.

pub mod identities;
pub mod passkeys;

use super::passkeys::Use;
use super::{Method, recovery};
use crate::caller::{Role, UserId};
use crate::clock::Timestamp;
use crate::db::{ReadTx, Row, WriteTx};
use crate::error::{Error, Result};
use crate::feed::{self, Kind, Op};

/// What the credentials of an account are checked against.
#[derive(Debug, Clone)]
pub struct Account {
    /// Whose they are.
    pub user: UserId,
    /// What the account may do.
    pub role: Role,
    /// The hash of the password; empty: it has none.
    pub password: String,
    /// Counts what changed the credentials, the role or the status: whatever was given out before counts no more.
    pub epoch: i64,
    /// Whether it may sign in.
    pub active: bool,
    /// Whether a code of an authenticator app is a second factor.
    pub totp: bool,
    /// How many passkeys are one.
    pub passkeys: i64,
    /// How many identities elsewhere let somebody in.
    pub identities: i64,
}

impl Account {
    /// Whether there is a password at all: who came by single sign-on has none.
    pub fn has_password(&self) -> bool {
        !self.password.is_empty()
    }

    /// How many ways lead in: the password, passkeys, identities.
    pub fn ways_in(&self) -> i64 {
        i64::from(self.has_password()) + self.passkeys + self.identities
    }

    /// What is asked for after the password; nothing when it is empty. A recovery code stands in for all of them.
    pub fn second_factors(&self) -> Vec<Method> {
        let mut methods = Vec::new();
        methods.extend((self.passkeys > 0).then_some(Method::Passkey));
        methods.extend(self.totp.then_some(Method::Totp));
        methods.extend((!methods.is_empty()).then_some(Method::RecoveryCode));
        methods
    }
}

const COLUMNS: &str = "u.id, u.role, u.password, u.credentials_epoch, u.disabled_at, t.confirmed_at,
    (SELECT count(*) FROM passkeys p WHERE p.user_id = u.id), (SELECT count(*) FROM identities i WHERE i.user_id = u.id)";

/// The account of an address, by its folded key.
///
/// # Errors
/// What the store says.
pub fn by_email_key(tx: &mut ReadTx<'_>, key: &str) -> Result<Option<Account>> {
    let sql = format!("SELECT {COLUMNS} FROM users u LEFT JOIN totp t ON t.user_id = u.id WHERE u.email_key = $1");
    tx.query_opt(&sql, &[key.into()], read)
}

/// The account of that id.
///
/// # Errors
/// What the store says.
pub fn of(tx: &mut ReadTx<'_>, user: UserId) -> Result<Option<Account>> {
    let sql = format!("SELECT {COLUMNS} FROM users u LEFT JOIN totp t ON t.user_id = u.id WHERE u.id = $1");
    tx.query_opt(&sql, &[user.0.into()], read)
}

fn read(row: &Row<'_>) -> Result<Account> {
    let role = row.str(1)?;
    Ok(Account {
        user: UserId(row.id(0)?),
        role: Role::parse(role).ok_or_else(|| Error::Corrupt(format!("an account with the unknown role `{role}`")))?,
        password: row.text(2)?,
        epoch: row.int(3)?,
        active: row.opt_time(4)?.is_none(),
        totp: row.opt_time(5)?.is_some(),
        passkeys: row.int(6)?,
        identities: row.int(7)?,
    })
}

/// Gives an account another password, so that what was given out under the old one counts no more; returns the new epoch.
/// `None`: the account is gone, or its credentials are no longer those of `epoch`.
///
/// # Errors
/// What the store says.
pub fn set_password(
    tx: &mut WriteTx<'_>,
    user: UserId,
    epoch: i64,
    password: &str,
    now: Timestamp,
) -> Result<Option<i64>> {
    let next = tx.query_opt(
        "UPDATE users SET password = $1, updated_at = $2, credentials_epoch = credentials_epoch + 1
         WHERE id = $3 AND credentials_epoch = $4 RETURNING credentials_epoch",
        &[password.into(), now.into(), user.0.into(), epoch.into()],
        |r| r.int(0),
    )?;
    if next.is_some() {
        feed::store::append(tx, Kind::Account, Op::Put, user, user.0, None)?;
    }
    Ok(next)
}

/// Makes all that was given out to an account count no more; returns the new epoch.
///
/// # Errors
/// [`Error::NotFound`].
pub fn outdate(tx: &mut WriteTx<'_>, user: UserId, now: Timestamp) -> Result<i64> {
    let next = tx.query_opt(
        "UPDATE users SET updated_at = $1, credentials_epoch = credentials_epoch + 1 WHERE id = $2
         RETURNING credentials_epoch",
        &[now.into(), user.0.into()],
        |r| r.int(0),
    )?;
    let next = next.ok_or(Error::NotFound("account"))?;
    feed::store::append(tx, Kind::Account, Op::Put, user, user.0, None)?;
    Ok(next)
}

/// Keeps the same password under a costlier hash. Nobody sees a difference, so it is no change.
///
/// # Errors
/// What the store says.
pub fn rehash(tx: &mut WriteTx<'_>, user: UserId, epoch: i64, password: &str) -> Result<()> {
    tx.post(
        "UPDATE users SET password = $1 WHERE id = $2 AND credentials_epoch = $3",
        &[password.into(), user.0.into(), epoch.into()],
    )
}

/// A second factor as it is kept.
#[derive(Debug, Clone)]
pub(super) struct Totp {
    pub(super) sealed: Vec<u8>,
    pub(super) confirmed: bool,
    pub(super) last_step: i64,
}

pub(super) fn totp(tx: &mut ReadTx<'_>, user: UserId) -> Result<Option<Totp>> {
    tx.query_opt("SELECT sealed, confirmed_at, last_step FROM totp WHERE user_id = $1", &[user.0.into()], |r| {
        Ok(Totp { sealed: r.blob(0)?, confirmed: r.opt_time(1)?.is_some(), last_step: r.int(2)? })
    })
}

/// Keeps a seed that is yet to be confirmed, in place of one that was not; `false`: a confirmed one is there.
pub(super) fn put_totp(tx: &mut WriteTx<'_>, user: UserId, sealed: &[u8], now: Timestamp) -> Result<bool> {
    let put = tx.execute(
        "INSERT INTO totp (user_id, sealed, last_step, created_at) VALUES ($1, $2, 0, $3)
         ON CONFLICT (user_id) DO UPDATE SET sealed = excluded.sealed, last_step = 0, created_at = excluded.created_at
         WHERE totp.confirmed_at IS NULL",
        &[user.0.into(), sealed.into(), now.into()],
    )?;
    Ok(put > 0)
}

/// Lets the seed ask from now on; `step` is that of its first code. `false`: it is another seed by now, or none.
pub(super) fn confirm_totp(
    tx: &mut WriteTx<'_>,
    user: UserId,
    sealed: &[u8],
    step: i64,
    now: Timestamp,
) -> Result<bool> {
    let confirmed = tx.execute(
        "UPDATE totp SET confirmed_at = $1, last_step = $2 WHERE user_id = $3 AND sealed = $4 AND confirmed_at IS NULL",
        &[now.into(), step.into(), user.0.into(), sealed.into()],
    )?;
    Ok(confirmed > 0)
}

/// Takes the codes of the app off, and with the last second factor the recovery codes; `false`: there were none.
///
/// # Errors
/// What the store says.
pub fn remove_totp(tx: &mut WriteTx<'_>, user: UserId) -> Result<bool> {
    let removed = tx.execute("DELETE FROM totp WHERE user_id = $1", &[user.0.into()])? > 0;
    drop_needless_recovery_codes(tx, user)?;
    Ok(removed)
}

/// What was taken off an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// Whether codes of an app were a second factor.
    pub codes: bool,
    /// How many passkeys there were.
    pub passkeys: usize,
}

/// Takes every second factor off, the recovery codes too.
///
/// # Errors
/// What the store says.
pub fn remove_second_factors(tx: &mut WriteTx<'_>, user: UserId) -> Result<Removed> {
    let passkeys = tx.execute("DELETE FROM passkeys WHERE user_id = $1", &[user.0.into()])?;
    Ok(Removed { codes: remove_totp(tx, user)?, passkeys })
}

/// Recovery codes stand in for something.
fn drop_needless_recovery_codes(tx: &mut WriteTx<'_>, user: UserId) -> Result<()> {
    tx.post(
        "DELETE FROM recovery_codes WHERE user_id = $1
         AND NOT EXISTS (SELECT p.id FROM passkeys p WHERE p.user_id = $1)
         AND NOT EXISTS (SELECT t.user_id FROM totp t WHERE t.user_id = $1 AND t.confirmed_at IS NOT NULL)",
        &[user.0.into()],
    )
}

/// Puts these in the place of all recovery codes.
pub(super) fn put_recovery_codes(tx: &mut WriteTx<'_>, user: UserId, hashes: &[recovery::Hash]) -> Result<()> {
    tx.post("DELETE FROM recovery_codes WHERE user_id = $1", &[user.0.into()])?;
    for hash in hashes {
        let sql = "INSERT INTO recovery_codes (user_id, hash) VALUES ($1, $2)";
        tx.post(sql, &[user.0.into(), hash.as_slice().into()])?;
    }
    Ok(())
}

/// What an account has besides its password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondFactor {
    /// Since when a code is asked for; `None`: none is.
    pub since: Option<Timestamp>,
    /// Recovery codes that are left.
    pub recovery_codes: i64,
}

/// What an account has besides its password.
///
/// # Errors
/// What the store says.
pub fn second_factor(tx: &mut ReadTx<'_>, user: UserId) -> Result<SecondFactor> {
    let since =
        tx.query_opt("SELECT confirmed_at FROM totp WHERE user_id = $1", &[user.0.into()], |r| r.opt_time(0))?;
    let sql = "SELECT count(*) FROM recovery_codes WHERE user_id = $1";
    let recovery_codes = tx.query_one(sql, &[user.0.into()], |r| r.int(0))?;
    Ok(SecondFactor { since: since.flatten(), recovery_codes })
}

/// A checked code that is yet to be used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spend {
    /// A code of this time step.
    Totp(i64),
    /// The recovery code with this hash.
    Recovery(recovery::Hash),
    /// What a passkey has signed.
    Passkey(Use),
    /// What a provider has said.
    Identity(identities::Use),
}

/// Uses a code up; `false`: it was used before, and lets nothing happen.
///
/// # Errors
/// What the store says.
pub fn spend(tx: &mut WriteTx<'_>, user: UserId, spend: &Spend) -> Result<bool> {
    let spent = match spend {
        Spend::Totp(step) => tx.execute(
            "UPDATE totp SET last_step = $1 WHERE user_id = $2 AND last_step < $1 AND confirmed_at IS NOT NULL",
            &[(*step).into(), user.0.into()],
        )?,
        Spend::Recovery(hash) => tx.execute(
            "DELETE FROM recovery_codes WHERE user_id = $1 AND hash = $2",
            &[user.0.into(), hash.as_slice().into()],
        )?,
        Spend::Passkey(used) => passkeys::spend(tx, user, used)?,
        Spend::Identity(used) => identities::spend(tx, user, used)?,
    };
    Ok(spent > 0)
}

/// Uses up the second half of something that is good once and kept nowhere, such as a ceremony; `false`: it was used before.
///
/// # Errors
/// What the store says.
pub fn once(tx: &mut WriteTx<'_>, hash: &[u8; 32], expires_at: Timestamp) -> Result<bool> {
    let first = tx.execute(
        "INSERT INTO spent_ceremonies (hash, expires_at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING",
        &[hash.as_slice().into(), expires_at.into()],
    )?;
    Ok(first > 0)
}

/// Clears away what would have been too old at `now` anyway.
///
/// # Errors
/// What the store says.
pub fn purge_spent(tx: &mut WriteTx<'_>, now: Timestamp) -> Result<usize> {
    tx.execute("DELETE FROM spent_ceremonies WHERE expires_at <= $1", &[now.into()])
}
