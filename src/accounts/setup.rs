//! The first administrator, through a link that works once.
//!
//! A new server has no accounts, and whoever reaches it first must not become its administrator. So it prints a link on its
//! console; only that link makes the first administrator, within half an hour. The store keeps a hash of it. The link is the
//! one secret that is ever logged: whoever reads the server's log owns the machine anyway.
//!
//! Using the link up and making the administrator are one transaction, so two requests with the same link make one account.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::service::{Accounts, Application};
use super::{User, store};
use crate::audit::{self, Action, By, Entry};
use crate::caller::{Device, Role};
use crate::clock::Timestamp;
use crate::credentials::Flow;
use crate::db::{ReadTx, Written};
use crate::error::{Conflict, Error, Forbidden, Result};
use crate::sessions::{Delivery, Tokens};

/// How long a link works: time to find a browser, not to forget about it.
pub const LINK_LIFETIME: Duration = Duration::from_secs(30 * 60);

/// A new set-up link. Printed only on purpose, by [`SetupLink::url`].
pub struct SetupLink {
    token: String,
    /// When it stops working.
    pub expires_at: Timestamp,
}

impl fmt::Debug for SetupLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetupLink").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

impl SetupLink {
    /// The link for a server that is reached at `base` (no slash at the end).
    pub fn url(&self, base: &str) -> String {
        format!("{base}/setup?token={}", self.token)
    }

    /// The token alone.
    pub fn token(&self) -> &str {
        &self.token
    }
}

impl Accounts {
    /// Makes a set-up link; older ones stop working.
    ///
    /// # Errors
    /// [`Conflict::AlreadySetUp`] when there is an administrator.
    pub async fn new_setup_link(&self) -> Result<SetupLink> {
        let token = URL_SAFE_NO_PAD.encode(self.ids.bytes::<32>());
        let (hash, expires_at) = (hash(&token), self.ids.now().plus(LINK_LIFETIME));
        let entry = Entry::new(&self.ids, Action::SetupLink, By::machine());
        self.db
            .write(move |tx| {
                store::put_setup_link(tx, &hash, expires_at)?;
                audit::store::record(tx, &entry)
            })
            .await?;
        Ok(SetupLink { token, expires_at })
    }

    /// Makes the first administrator and signs it in.
    ///
    /// # Errors
    /// [`Conflict::AlreadySetUp`] when there is an administrator, [`Forbidden::SetupLink`] when the link does not work,
    /// [`Conflict::EmailTaken`] when the address belongs to somebody who registered before.
    pub async fn set_up(
        &self,
        token: &str,
        application: Application,
        delivery: Delivery,
        device: Device,
    ) -> Result<Written<(User, Tokens)>> {
        self.verifier.admit(Flow::Link, None, &device).await?;
        let (hash, now) = (hash(token), self.ids.now());
        // Asked before the password is hashed, so that guessing costs the server little; asked again where it counts.
        let required = self.db.read(move |tx| require(tx, &hash, now)).await;
        if let Err(Error::Forbidden(_)) = required {
            self.verifier.refuse(Action::CredentialRefused, Flow::Link, "link", None, &device);
        }
        required?;
        let new = self.prepare(application, Role::Admin).await?;
        let entry = Entry::new(&self.ids, Action::SetUp, By::link(Some(new.id), device.clone())).about(new.id);
        self.make_and_sign_in(new, delivery, device, move |tx| {
            require(tx, &hash, now)?;
            store::drop_setup_links(tx)?;
            Ok(entry.clone())
        })
        .await
    }
}

fn require(tx: &mut ReadTx<'_>, hash: &[u8], now: Timestamp) -> Result<()> {
    if store::admins(tx)? > 0 {
        return Err(Error::Conflict(Conflict::AlreadySetUp));
    }
    if store::has_setup_link(tx, hash, now)? { Ok(()) } else { Err(Error::Forbidden(Forbidden::SetupLink)) }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}
