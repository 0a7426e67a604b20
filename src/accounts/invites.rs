//! Invitations: a link with which somebody makes an account of a given role.
//!
//! The store keeps a hash of the link, so it is shown once. An invitation may be for one address, which then is the account's. It is
//! used up by the account that it makes, in one transaction.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::service::{Accounts, Application};
use super::{Email, User};
use crate::audit::{self, Action, By, Entry};
use crate::caller::{Caller, Device, Role, UserId};
use crate::clock::Timestamp;
use crate::credentials::Flow;
use crate::db::{ReadTx, Row, WriteTx, Written};
use crate::error::{Error, Forbidden, Result};
use crate::sessions::{self, Delivery, Tokens};

/// How long an invitation is good unless told.
pub const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// The longest that can be asked for.
pub const LONGEST: Duration = Duration::from_secs(90 * 24 * 60 * 60);

const COLUMNS: &str = "id, email, role, made_by, created_at, expires_at";

/// An invitation that is open, or has run out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Its id.
    pub id: Uuid,
    /// Whose it is; `None`: whoever has the link.
    pub email: Option<String>,
    /// What the account may do.
    pub role: Role,
    /// Who made it; `None` when that account is gone.
    pub made_by: Option<UserId>,
    /// When.
    pub created_at: Timestamp,
    /// From when on it is no longer good.
    pub expires_at: Timestamp,
}

/// A new invitation with its link.
pub struct Invitation {
    /// What is listed of it.
    pub invite: Invite,
    token: String,
}

impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invitation").field("invite", &self.invite).finish_non_exhaustive()
    }
}

impl Invitation {
    /// The link for a server that is reached at `base` (no slash at the end).
    pub fn url(&self, base: &str) -> String {
        format!("{base}/invite?token={}", self.token)
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

fn read(row: &Row<'_>) -> Result<Invite> {
    let role = row.str(2)?;
    Ok(Invite {
        id: row.id(0)?,
        email: row.opt_text(1)?,
        role: Role::parse(role)
            .ok_or_else(|| Error::Corrupt(format!("an invitation with the unknown role `{role}`")))?,
        made_by: row.opt_id(3)?.map(UserId),
        created_at: row.time(4)?,
        expires_at: row.time(5)?,
    })
}

fn insert(tx: &mut WriteTx<'_>, invite: &Invite, hash: &[u8]) -> Result<()> {
    tx.post(
        "INSERT INTO invites (id, hash, email, role, made_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            invite.id.into(),
            hash.into(),
            invite.email.as_deref().into(),
            invite.role.as_str().into(),
            invite.made_by.map(|user| user.0).into(),
            invite.created_at.into(),
            invite.expires_at.into(),
        ],
    )
}

fn open(tx: &mut ReadTx<'_>, hash: &[u8], now: Timestamp) -> Result<Option<Invite>> {
    let sql = format!("SELECT {COLUMNS} FROM invites WHERE hash = $1 AND expires_at > $2");
    tx.query_opt(&sql, &[hash.into(), now.into()], read)
}

/// Gives an invitation that is still good another link; returns it.
pub(super) fn renew(tx: &mut WriteTx<'_>, id: Uuid, hash: &[u8], now: Timestamp) -> Result<Option<Invite>> {
    let sql = format!("UPDATE invites SET hash = $1 WHERE id = $2 AND expires_at > $3 RETURNING {COLUMNS}");
    tx.query_opt(&sql, &[hash.into(), id.into(), now.into()], read)
}

fn remove(tx: &mut WriteTx<'_>, id: Uuid) -> Result<bool> {
    Ok(tx.execute("DELETE FROM invites WHERE id = $1", &[id.into()])? > 0)
}

/// Clears away what had run out at `now`.
///
/// # Errors
/// What the store says.
pub fn purge_expired(tx: &mut WriteTx<'_>, now: Timestamp) -> Result<usize> {
    tx.execute("DELETE FROM invites WHERE expires_at <= $1", &[now.into()])
}

impl Accounts {
    /// Makes an invitation.
    ///
    /// # Errors
    /// What the store says.
    pub async fn invite(
        &self,
        caller: &Caller,
        email: Option<Email>,
        role: Role,
        lifetime: Duration,
    ) -> Result<Written<Invitation>> {
        let token = URL_SAFE_NO_PAD.encode(self.ids.bytes::<32>());
        let now = self.ids.now();
        let invite = Invite {
            id: self.ids.id(),
            email: email.map(|email| email.as_str().to_owned()),
            role,
            made_by: (!caller.is_machine()).then(|| caller.user()),
            created_at: now,
            expires_at: now.plus(lifetime.min(LONGEST)),
        };
        let entry = Entry::new(&self.ids, Action::InviteCreated, By::caller(caller))
            .target(invite.id)
            .detail("role", role.as_str());
        let (kept, hash, asking) = (invite.clone(), hash(&token), caller.clone());
        let written = self
            .db
            .write(move |tx| {
                sessions::store::require(tx, &asking)?;
                insert(tx, &kept, &hash)?;
                audit::store::record(tx, &entry)
            })
            .await?;
        Ok(written.map(|()| Invitation { invite, token }))
    }

    /// Invitations before the keyset `before`, the newest first.
    ///
    /// # Errors
    /// What the store says.
    pub async fn invites(&self, before: Option<(Timestamp, Uuid)>, limit: i64) -> Result<Vec<Invite>> {
        let (time, id) = before.unwrap_or((Timestamp::from_micros(i64::MAX), Uuid::max()));
        self.db
            .read(move |tx| {
                let sql = format!(
                    "SELECT {COLUMNS} FROM invites WHERE created_at < $1 OR (created_at = $1 AND id < $2)
                     ORDER BY created_at DESC, id DESC LIMIT $3"
                );
                tx.query(&sql, &[time.into(), id.into(), limit.into()], read)
            })
            .await
    }

    /// Makes an invitation count no more.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn revoke_invite(&self, caller: &Caller, id: Uuid) -> Result<Written<()>> {
        let entry = Entry::new(&self.ids, Action::InviteRevoked, By::caller(caller)).target(id);
        self.db
            .write(move |tx| {
                if !remove(tx, id)? {
                    return Err(Error::NotFound("invitation"));
                }
                audit::store::record(tx, &entry)
            })
            .await
    }

    /// What an invitation is for, to whoever has its link.
    ///
    /// # Errors
    /// [`Forbidden::Link`], [`Error::Throttled`].
    pub async fn look_at_invite(&self, token: &str, device: &Device) -> Result<Invite> {
        self.verifier.admit(Flow::Link, None, device).await?;
        let (hash, now) = (hash(token), self.ids.now());
        let found = self.db.read(move |tx| open(tx, &hash, now)).await?;
        found.ok_or_else(|| self.refused_link(device))
    }

    /// Makes the account that an invitation is for, and signs it in. `email` is only asked for when the invitation names none.
    ///
    /// # Errors
    /// [`Forbidden::Link`], [`Error::Throttled`], [`Error::Invalid`], [`crate::error::Conflict::EmailTaken`].
    pub async fn accept_invite(
        &self,
        token: &str,
        (email, name, password): (Option<&str>, Option<&str>, &str),
        delivery: Delivery,
        device: Device,
    ) -> Result<Written<(User, Tokens)>> {
        let invite = self.look_at_invite(token, &device).await?;
        let email = match (&invite.email, email) {
            (Some(email), _) => email.as_str(),
            (None, Some(email)) => email,
            (None, None) => return Err(Error::invalid("email", "is needed, because the invitation names none")),
        };
        let application = Application::parse(email, name, password)?;
        let new = self.prepare(application, invite.role).await?;
        let entry = Entry::new(&self.ids, Action::InviteAccepted, By::link(Some(new.id), device.clone()))
            .about(new.id)
            .target(invite.id)
            .detail("role", invite.role.as_str());
        let (hash, now) = (hash(token), self.ids.now());
        self.make_and_sign_in(new, delivery, device, move |tx| {
            // Asked again where it counts, and used up.
            let invite = open(tx, &hash, now)?.ok_or(Error::Forbidden(Forbidden::Link))?;
            remove(tx, invite.id)?;
            Ok(entry.clone())
        })
        .await
    }

    fn refused_link(&self, device: &Device) -> Error {
        self.verifier.refuse(Action::CredentialRefused, Flow::Link, "link", None, device);
        Error::Forbidden(Forbidden::Link)
    }
}
