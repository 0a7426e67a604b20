//! What keeps others out of an account: its password, its second factor, and a credential shown again before what matters.
//!
//! Whatever changes here makes everything count no more that was given out before, on all devices and to all programs; the session
//! that made the change goes on, with the tokens that it has.

use super::service::Accounts;
use super::{Email, User, store};
use crate::audit::{self, Action, By, Entry};
use crate::caller::{Caller, UserId};
use crate::credentials::password::Password;
use crate::credentials::store::SecondFactor;
use crate::credentials::{self, Assertion, Enrolment, Flow, Method, Proof, RECOVERY_CODES};
use crate::db::{WriteTx, Written};
use crate::error::{Conflict, Error, Result, Unauthenticated};
use crate::sessions::{self, Cache};

/// What somebody shows.
#[derive(Debug)]
pub enum Shown<'a> {
    /// The password.
    Password(&'a str),
    /// A code.
    Code(Method, &'a str),
    /// A passkey.
    Passkey(Assertion),
}

/// Ends all sessions but the caller's, which is carried over to the new epoch.
pub(super) fn outdated(tx: &mut WriteTx<'_>, cache: &Cache, caller: &Caller, epoch: i64) -> Result<()> {
    sessions::store::end_all(tx, cache, caller.user(), caller.session())?;
    match caller.session() {
        Some(session) => sessions::store::carry_over(tx, cache, session, epoch),
        None => Ok(()),
    }
}

impl Accounts {
    /// Notes that the caller has just shown a credential, for what wants a fresh one. The administrator of the machine needs none.
    ///
    /// # Errors
    /// [`Unauthenticated::InvalidCredentials`], [`Unauthenticated::InvalidCode`], [`Error::Throttled`].
    pub async fn step_up(&self, caller: Caller, shown: Shown<'_>) -> Result<i64> {
        if caller.session().is_none() {
            return Ok(self.db.head());
        }
        let (user, device) = (caller.user(), caller.device());
        let proof = match shown {
            Shown::Password(password) => self.verifier.own_password(user, password, device).await?,
            Shown::Code(method, code) => self.verifier.own_code(user, method, code, device).await?,
            Shown::Passkey(shown) => self.verifier.own_passkey(user, shown, device).await?,
        };
        self.stepped_up(caller, proof).await
    }

    /// Notes that the caller has just shown what `proof` says.
    ///
    /// # Errors
    /// As [`Accounts::step_up`]; [`Conflict::SsoFlowExpired`].
    pub async fn stepped_up(&self, caller: Caller, proof: Proof) -> Result<i64> {
        let Some(session) = caller.session() else { return Ok(self.db.head()) };
        let (user, device) = (caller.user(), caller.device().clone());
        let (now, cache, method) = (self.ids.now(), self.sessions.cache().clone(), proof.method);
        let entry = Entry::new(&self.ids, Action::SteppedUp, By::caller(&caller))
            .about(user)
            .target(session.0)
            .detail("method", method.as_str());
        let written = self
            .db
            .write_with(sessions::WRITE, move |tx| {
                proof.hold(tx)?;
                sessions::store::verified(tx, &cache, session, now)?;
                audit::store::record(tx, &entry)
            })
            .await;
        match written {
            Err(Error::Unauthenticated(Unauthenticated::InvalidCode | Unauthenticated::InvalidPasskey)) => {
                Err(self.verifier.wrong_code(Flow::StepUp, method, user, &device))
            }
            Err(Error::Unauthenticated(Unauthenticated::IdentityRefused)) => {
                Err(Error::Conflict(Conflict::SsoFlowExpired))
            }
            other => Ok(other?.change),
        }
    }

    /// Changes the caller's password.
    ///
    /// # Errors
    /// [`Error::Invalid`] when `current` is not the password or `new` cannot be one; [`Error::Throttled`].
    pub async fn change_password(&self, caller: Caller, current: &str, new: &str) -> Result<Written<()>> {
        let User { email, name, .. } = self.get(caller.user()).await?;
        let new = Password::choose("new_password", new, &[&email, &name])?;
        let wrong = || Error::invalid("current_password", "is not the password of this account");
        let proof = match self.verifier.own_password(caller.user(), current, caller.device()).await {
            Err(Error::Unauthenticated(_)) => return Err(wrong()),
            other => other?,
        };
        let hash = self.verifier.passwords().hash(&new, self.ids.bytes()).await?;
        let (now, cache, epoch) = (self.ids.now(), self.sessions.cache().clone(), proof.account.epoch);
        let entry = Entry::new(&self.ids, Action::PasswordChanged, By::caller(&caller)).about(caller.user());
        self.db
            .write(move |tx| {
                // Another change came first: what was checked is no longer the password.
                let epoch = credentials::store::set_password(tx, caller.user(), epoch, &hash, now)?;
                outdated(tx, &cache, &caller, epoch.ok_or_else(wrong)?)?;
                audit::store::record(tx, &entry)
            })
            .await
    }

    /// Gives an account another password and ends all its sessions: for the administrator of the machine.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn reset_password(&self, email: Email, new: &Password) -> Result<Written<()>> {
        let hash = self.verifier.passwords().hash(new, self.ids.bytes()).await?;
        let (now, cache) = (self.ids.now(), self.sessions.cache().clone());
        let entry = Entry::new(&self.ids, Action::PasswordReset, By::machine());
        self.db
            .write(move |tx| {
                let gone = || Error::NotFound("account");
                let found = credentials::store::by_email_key(tx, email.key())?.ok_or_else(gone)?;
                credentials::store::set_password(tx, found.user, found.epoch, &hash, now)?.ok_or_else(gone)?;
                sessions::store::end_all(tx, &cache, found.user, None)?;
                audit::store::record(tx, &entry.clone().about(found.user))
            })
            .await
    }

    /// What the account has besides its password.
    ///
    /// # Errors
    /// What the store says.
    pub async fn second_factor_of(&self, user: UserId) -> Result<SecondFactor> {
        self.db.read(move |tx| credentials::store::second_factor(tx, user)).await
    }

    /// Draws a second factor for the caller, which asks for nothing until its first code was right.
    ///
    /// # Errors
    /// [`crate::error::Conflict::SecondFactorOn`].
    pub async fn enrol_totp(&self, caller: &Caller) -> Result<Enrolment> {
        let user = self.get(caller.user()).await?;
        self.verifier.enrol(user.id, &self.name, &user.email).await
    }

    /// Lets the caller's new second factor ask from now on; returns the recovery codes, which are never shown again.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the code is wrong; [`Error::NotFound`] when no second factor waits for its first code.
    pub async fn confirm_totp(&self, caller: Caller, code: &str) -> Result<Written<Vec<String>>> {
        let user = caller.user();
        let first = self.verifier.first_code(user, code, caller.device()).await?;
        let set = self.verifier.recovery_codes(user);
        let (now, cache, codes) = (self.ids.now(), self.sessions.cache().clone(), set.codes.clone());
        let entry = Entry::new(&self.ids, Action::TotpAdded, By::caller(&caller)).about(user);
        let written = self
            .db
            .write(move |tx| {
                if !first.turn_on(tx, user, now)? {
                    return Err(Error::NotFound("second factor"));
                }
                set.put(tx, user)?;
                let epoch = credentials::store::outdate(tx, user, now)?;
                outdated(tx, &cache, &caller, epoch)?;
                audit::store::record(tx, &entry)
            })
            .await?;
        Ok(written.map(|()| codes))
    }

    /// Takes the caller's second factor off.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn remove_totp(&self, caller: Caller) -> Result<Written<()>> {
        let user = caller.user();
        let (now, cache) = (self.ids.now(), self.sessions.cache().clone());
        let entry = Entry::new(&self.ids, Action::TotpRemoved, By::caller(&caller)).about(user);
        self.db
            .write(move |tx| {
                if !credentials::store::remove_totp(tx, user)? {
                    return Err(Error::NotFound("second factor"));
                }
                let epoch = credentials::store::outdate(tx, user, now)?;
                outdated(tx, &cache, &caller, epoch)?;
                audit::store::record(tx, &entry)
            })
            .await
    }

    /// Gives the caller ten new recovery codes in the place of all before; they are never shown again.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a second factor.
    pub async fn renew_recovery_codes(&self, caller: Caller) -> Result<Written<Vec<String>>> {
        let user = caller.user();
        let set = self.verifier.recovery_codes(user);
        let codes = set.codes.clone();
        let entry = Entry::new(&self.ids, Action::RecoveryRenewed, By::caller(&caller))
            .about(user)
            .detail("codes", RECOVERY_CODES);
        let written = self
            .db
            .write(move |tx| {
                sessions::store::require(tx, &caller)?;
                let account = credentials::store::of(tx, user)?.filter(|account| !account.second_factors().is_empty());
                account.ok_or(Error::NotFound("second factor"))?;
                set.put(tx, user)?;
                audit::store::record(tx, &entry)
            })
            .await?;
        Ok(written.map(|()| codes))
    }

    /// Takes everything that is a second factor off an account, and ends its sessions: for administrators, when the phone and the codes
    /// are lost.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn reset_second_factor(&self, by: By, who: Who) -> Result<Written<User>> {
        let (now, cache) = (self.ids.now(), self.sessions.cache().clone());
        let codes = Entry::new(&self.ids, Action::TotpRemoved, by.clone());
        let passkeys = Entry::new(&self.ids, Action::PasskeyRemoved, by);
        self.db
            .write(move |tx| {
                let user = who.find(tx)?;
                let removed = credentials::store::remove_second_factors(tx, user.id)?;
                if removed.passkeys == 0 && !removed.codes {
                    return Err(Error::NotFound("second factor"));
                }
                credentials::store::outdate(tx, user.id, now)?;
                sessions::store::end_all(tx, &cache, user.id, None)?;
                if removed.codes {
                    audit::store::record(tx, &codes.clone().about(user.id))?;
                }
                if removed.passkeys > 0 {
                    let entry = passkeys.clone().about(user.id).detail("passkeys", removed.passkeys);
                    audit::store::record(tx, &entry)?;
                }
                store::get(tx, user.id)?.ok_or(Error::NotFound("account"))
            })
            .await
    }
}

/// Which account is meant.
#[derive(Debug, Clone)]
pub enum Who {
    /// By its id.
    Id(UserId),
    /// By its address.
    Email(Email),
}

impl Who {
    /// The account.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(super) fn find(&self, tx: &mut WriteTx<'_>) -> Result<User> {
        let found = match self {
            Self::Id(id) => store::get(tx, *id)?,
            Self::Email(email) => store::find(tx, email)?,
        };
        found.ok_or(Error::NotFound("account"))
    }
}
