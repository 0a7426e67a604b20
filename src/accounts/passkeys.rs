//! The passkeys of an account. Each is a second factor, and a way in without a password.
//!
//! The first second factor of an account comes with recovery codes. Making one and taking one off makes what was given out before count no
//! more, as every change of the credentials does ([`super::security`]); another name for one is no change of them.

use uuid::Uuid;

use super::Name;
use super::security::outdated;
use super::service::Accounts;
use crate::audit::{self, Action, By, Entry};
use crate::caller::{Caller, UserId};
use crate::credentials::passkeys::{Begun, MOST_OF_ONE, not_asked_for};
use crate::credentials::store::passkeys::{self, Listed};
use crate::credentials::{self, Assertion};
use crate::db::Written;
use crate::error::{Conflict, Error, Result};

impl Accounts {
    /// Whether the server is reached in a way that browsers know passkeys for.
    pub fn knows_passkeys(&self) -> bool {
        self.verifier.knows_passkeys()
    }

    /// All of the caller's, oldest first.
    ///
    /// # Errors
    /// What the store says.
    pub async fn passkeys(&self, user: UserId) -> Result<Vec<Listed>> {
        self.db.read(move |tx| passkeys::list(tx, user)).await
    }

    /// Lets the caller's browser make one.
    ///
    /// # Errors
    /// [`Conflict::NoPasskeys`], [`Conflict::TooManyPasskeys`].
    pub async fn begin_passkey(&self, caller: &Caller) -> Result<Begun> {
        let user = self.get(caller.user()).await?;
        self.verifier.begin_passkey(user.id, &user.email, &user.name).await
    }

    /// Keeps the one that the caller's browser made; returns it with recovery codes when it is the first second factor.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Conflict::PasskeyTaken`], [`Conflict::TooManyPasskeys`], [`Conflict::NoPasskeys`].
    pub async fn add_passkey(
        &self,
        caller: Caller,
        name: Name,
        made: Assertion,
    ) -> Result<Written<(Listed, Option<Vec<String>>)>> {
        let user = caller.user();
        let made = self.verifier.made_passkey(user, made)?;
        let set = self.verifier.recovery_codes(user);
        let (id, now, cache) = (self.ids.id(), self.ids.now(), self.sessions.cache().clone());
        let entry = Entry::new(&self.ids, Action::PasskeyAdded, By::caller(&caller)).about(user).target(id);
        self.db
            .write(move |tx| {
                let account = credentials::store::of(tx, user)?.ok_or(Error::NotFound("account"))?;
                // Of two that were asked for under the same credentials, the first ends the other.
                if account.epoch != made.epoch {
                    return Err(not_asked_for());
                }
                if account.passkeys >= MOST_OF_ONE {
                    return Err(Error::Conflict(Conflict::TooManyPasskeys));
                }
                let put = passkeys::put(tx, id, user, &made, name.as_str(), now)?;
                let put = put.ok_or(Error::Conflict(Conflict::PasskeyTaken))?;
                let first = account.second_factors().is_empty();
                if first {
                    set.put(tx, user)?;
                }
                let epoch = credentials::store::outdate(tx, user, now)?;
                outdated(tx, &cache, &caller, epoch)?;
                audit::store::record(tx, &entry)?;
                Ok((put, first.then(|| set.codes.clone())))
            })
            .await
    }

    /// Calls one of the caller's something else.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn rename_passkey(&self, user: UserId, id: Uuid, name: Name) -> Result<Written<Listed>> {
        self.db.write(move |tx| passkeys::rename(tx, user, id, name.as_str())?.ok_or(Error::NotFound("passkey"))).await
    }

    /// Takes one of the caller's off.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Conflict::LastWayIn`].
    pub async fn remove_passkey(&self, caller: Caller, id: Uuid) -> Result<Written<()>> {
        let user = caller.user();
        let (now, cache) = (self.ids.now(), self.sessions.cache().clone());
        let entry = Entry::new(&self.ids, Action::PasskeyRemoved, By::caller(&caller)).about(user).target(id);
        self.db
            .write(move |tx| {
                let account = credentials::store::of(tx, user)?.ok_or(Error::NotFound("account"))?;
                if !passkeys::remove(tx, user, id)? {
                    return Err(Error::NotFound("passkey"));
                }
                if account.ways_in() <= 1 {
                    return Err(Error::Conflict(Conflict::LastWayIn));
                }
                let epoch = credentials::store::outdate(tx, user, now)?;
                outdated(tx, &cache, &caller, epoch)?;
                audit::store::record(tx, &entry)
            })
            .await
    }

    /// Lets a browser show a passkey to sign in, after the password when there is a challenge.
    ///
    /// # Errors
    /// As [`credentials::Verifier::ask_for_passkey`].
    pub async fn ask_for_passkey(&self, challenge: Option<&str>, device: &crate::caller::Device) -> Result<Begun> {
        self.verifier.ask_for_passkey(challenge, device).await
    }

    /// Lets the caller's browser show one again.
    ///
    /// # Errors
    /// [`Conflict::NoPasskeys`].
    pub async fn ask_for_own_passkey(&self, user: UserId) -> Result<Begun> {
        self.verifier.ask_for_own_passkey(user).await
    }
}
