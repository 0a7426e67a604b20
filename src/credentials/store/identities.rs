//! The statements of identities: who an account's owner is for a provider of single sign-on.

use uuid::Uuid;

use crate::caller::UserId;
use crate::clock::Timestamp;
use crate::db::{ReadTx, Row, WriteTx};
use crate::error::Result;

/// Somebody, as a provider names them: the issuer and its subject, and nothing else. An address can be given to another person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Who says so (`iss`).
    pub issuer: String,
    /// The name there that is never given to anybody else (`sub`).
    pub subject: String,
    /// The e-mail address that came along, to tell identities apart.
    pub email: Option<String>,
}

/// An identity as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id here.
    pub id: Uuid,
    /// Who vouches for it.
    pub issuer: String,
    /// The address that the issuer gave last.
    pub email: Option<String>,
    /// When it was linked.
    pub linked_at: Timestamp,
    /// When somebody was last let in by it.
    pub last_used_at: Option<Timestamp>,
}

/// A provider's word that is yet to be used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// Whom it names.
    pub identity: Identity,
    /// SHA-256 of the flow that it answers.
    pub flow: [u8; 32],
    /// When that flow is too old anyway.
    pub expires_at: Timestamp,
    /// When it was shown.
    pub at: Timestamp,
}

const LISTED: &str = "id, issuer, email, created_at, last_used_at";

fn listed(row: &Row<'_>) -> Result<Listed> {
    Ok(Listed {
        id: row.id(0)?,
        issuer: row.text(1)?,
        email: row.opt_text(2)?,
        linked_at: row.time(3)?,
        last_used_at: row.opt_time(4)?,
    })
}

/// Whose identity it is.
///
/// # Errors
/// What the store says.
pub fn owner(tx: &mut ReadTx<'_>, identity: &Identity) -> Result<Option<UserId>> {
    let sql = "SELECT user_id FROM identities WHERE issuer = $1 AND subject = $2";
    let key = [identity.issuer.as_str().into(), identity.subject.as_str().into()];
    tx.query_opt(sql, &key, |r| Ok(UserId(r.id(0)?)))
}

/// All of an account, oldest first.
///
/// # Errors
/// What the store says.
pub fn list(tx: &mut ReadTx<'_>, user: UserId) -> Result<Vec<Listed>> {
    let sql = format!("SELECT {LISTED} FROM identities WHERE user_id = $1 ORDER BY created_at, id");
    tx.query(&sql, &[user.0.into()], listed)
}

/// How many people are linked with an issuer.
///
/// # Errors
/// What the store says.
pub fn of_issuer(tx: &mut ReadTx<'_>, issuer: &str) -> Result<i64> {
    tx.query_one("SELECT count(*) FROM identities WHERE issuer = $1", &[issuer.into()], |r| r.int(0))
}

/// Links one with an account; `None`: it is linked with one already.
///
/// # Errors
/// What the store says.
pub fn put(
    tx: &mut WriteTx<'_>,
    id: Uuid,
    user: UserId,
    identity: &Identity,
    now: Timestamp,
) -> Result<Option<Listed>> {
    let sql = format!(
        "INSERT INTO identities (id, user_id, issuer, subject, email, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (issuer, subject) DO NOTHING RETURNING {LISTED}"
    );
    let values = [
        id.into(),
        user.0.into(),
        identity.issuer.as_str().into(),
        identity.subject.as_str().into(),
        identity.email.as_deref().into(),
        now.into(),
    ];
    tx.query_opt(&sql, &values, listed)
}

/// Takes one off; `false`: there is none of that id.
///
/// # Errors
/// What the store says.
pub fn remove(tx: &mut WriteTx<'_>, user: UserId, id: Uuid) -> Result<bool> {
    Ok(tx.execute("DELETE FROM identities WHERE id = $1 AND user_id = $2", &[id.into(), user.0.into()])? > 0)
}

/// Uses up a provider's word: the flow lets nobody in again, and an identity that was taken off meanwhile does not count.
pub(super) fn spend(tx: &mut WriteTx<'_>, user: UserId, used: &Use) -> Result<usize> {
    if !super::once(tx, &used.flow, used.expires_at)? {
        return Ok(0);
    }
    let Identity { issuer, subject, email } = &used.identity;
    tx.execute(
        "UPDATE identities SET email = $1, last_used_at = $2 WHERE issuer = $3 AND subject = $4 AND user_id = $5",
        &[email.as_deref().into(), used.at.into(), issuer.as_str().into(), subject.as_str().into(), user.0.into()],
    )
}
