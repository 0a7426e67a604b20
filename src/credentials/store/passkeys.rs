//! The statements of passkeys.

use uuid::Uuid;

use crate::caller::UserId;
use crate::clock::Timestamp;
use crate::credentials::passkeys::{Kept, Made, Use};
use crate::db::{ReadTx, Row, WriteTx};
use crate::error::Result;

/// A passkey as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id here.
    pub id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When somebody was last let in by it.
    pub last_used_at: Option<Timestamp>,
}

const LISTED: &str = "id, name, created_at, last_used_at";

fn listed(row: &Row<'_>) -> Result<Listed> {
    Ok(Listed { id: row.id(0)?, name: row.text(1)?, created_at: row.time(2)?, last_used_at: row.opt_time(3)? })
}

/// All of an account, oldest first.
///
/// # Errors
/// What the store says.
pub fn list(tx: &mut ReadTx<'_>, user: UserId) -> Result<Vec<Listed>> {
    let sql = format!("SELECT {LISTED} FROM passkeys WHERE user_id = $1 ORDER BY created_at, id");
    tx.query(&sql, &[user.0.into()], listed)
}

/// What authenticators call them.
pub(in crate::credentials) fn credential_ids(tx: &mut ReadTx<'_>, user: UserId) -> Result<Vec<Vec<u8>>> {
    let sql = "SELECT credential_id FROM passkeys WHERE user_id = $1 ORDER BY created_at, id";
    tx.query(sql, &[user.0.into()], |r| r.blob(0))
}

/// The one that an authenticator calls that.
pub(in crate::credentials) fn find(tx: &mut ReadTx<'_>, credential_id: &[u8]) -> Result<Option<Kept>> {
    let sql = "SELECT id, user_id, credential, counter FROM passkeys WHERE credential_id = $1";
    tx.query_opt(sql, &[credential_id.into()], |r| {
        Ok(Kept { id: r.id(0)?, user: UserId(r.id(1)?), credential: r.text(2)?, counter: r.int(3)? })
    })
}

/// Keeps a new one; `None`: the authenticator's name for it is taken.
///
/// # Errors
/// What the store says.
pub fn put(
    tx: &mut WriteTx<'_>,
    id: Uuid,
    user: UserId,
    made: &Made,
    name: &str,
    now: Timestamp,
) -> Result<Option<Listed>> {
    let sql = format!(
        "INSERT INTO passkeys (id, user_id, credential_id, credential, counter, name, created_at)
         VALUES ($1, $2, $3, $4, 0, $5, $6) ON CONFLICT (credential_id) DO NOTHING RETURNING {LISTED}"
    );
    let values = [
        id.into(),
        user.0.into(),
        made.credential_id.as_slice().into(),
        made.credential.as_str().into(),
        name.into(),
        now.into(),
    ];
    tx.query_opt(&sql, &values, listed)
}

/// Calls one something else.
///
/// # Errors
/// What the store says.
pub fn rename(tx: &mut WriteTx<'_>, user: UserId, id: Uuid, name: &str) -> Result<Option<Listed>> {
    let sql = format!("UPDATE passkeys SET name = $1 WHERE id = $2 AND user_id = $3 RETURNING {LISTED}");
    tx.query_opt(&sql, &[name.into(), id.into(), user.0.into()], listed)
}

/// Takes one off, and with the last second factor the recovery codes; `false`: there is none of that id.
///
/// # Errors
/// What the store says.
pub fn remove(tx: &mut WriteTx<'_>, user: UserId, id: Uuid) -> Result<bool> {
    let removed = tx.execute("DELETE FROM passkeys WHERE id = $1 AND user_id = $2", &[id.into(), user.0.into()])?;
    super::drop_needless_recovery_codes(tx, user)?;
    Ok(removed > 0)
}

/// Uses up what was signed: the ceremony lets nobody in again, and a copy whose counter has not gone on does not count.
pub(super) fn spend(tx: &mut WriteTx<'_>, user: UserId, used: &Use) -> Result<usize> {
    if !super::once(tx, &used.ceremony, used.expires_at)? {
        return Ok(0);
    }
    tx.execute(
        "UPDATE passkeys SET credential = $1, counter = $2, last_used_at = $3
         WHERE id = $4 AND user_id = $5 AND (counter = 0 OR counter < $2)",
        &[used.credential.as_str().into(), used.counter.into(), used.at.into(), used.passkey.into(), user.0.into()],
    )
}
