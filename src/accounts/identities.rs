//! Identities elsewhere: the owner of an account as a provider of single sign-on names them.
//!
//! Linking wants somebody who is signed in and has shown a credential a moment ago, because an address that two places share proves
//! nothing. What a provider has said comes in as an [`identities::Use`], checked by `sso`; it is good once.

use uuid::Uuid;

use super::security::outdated;
use super::service::Accounts;
use super::store::{self, NewUser};
use super::{Email, Name, User};
use crate::audit::{self, Action, By, Entry};
use crate::caller::{Caller, Device, Role, UserId};
use crate::credentials::store::identities::{self, Listed};
use crate::credentials::{self, Spend};
use crate::db::Written;
use crate::error::{Conflict, Error, Result};
use crate::sessions::{self, Delivery, Tokens};

/// Somebody who has no account yet, as a provider describes them.
#[derive(Debug)]
pub struct Newcomer {
    /// Who it is, used up by the account.
    pub used: identities::Use,
    /// The address of the account, which the provider vouches for.
    pub email: Email,
    /// How they are called.
    pub name: Name,
    /// What they may do.
    pub role: Role,
}

impl Accounts {
    /// All of the account's, oldest first, and whether the account can do without one of them.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn identities(&self, user: UserId) -> Result<(Vec<Listed>, bool)> {
        self.db
            .read(move |tx| {
                let account = credentials::store::of(tx, user)?.ok_or(Error::NotFound("account"))?;
                Ok((identities::list(tx, user)?, account.ways_in() > 1))
            })
            .await
    }

    /// Links one with the caller's account. All other sessions and all API keys end.
    ///
    /// # Errors
    /// [`Conflict::SsoIdentityTaken`], [`Conflict::SsoFlowExpired`].
    pub async fn link_identity(&self, caller: Caller, used: identities::Use) -> Result<Written<Listed>> {
        let (id, user, now, cache) = (self.ids.id(), caller.user(), self.ids.now(), self.sessions.cache().clone());
        let entry = Entry::new(&self.ids, Action::IdentityLinked, By::caller(&caller)).about(user).target(id);
        self.db
            .write(move |tx| {
                if !credentials::store::once(tx, &used.flow, used.expires_at)? {
                    return Err(Error::Conflict(Conflict::SsoFlowExpired));
                }
                let put = identities::put(tx, id, user, &used.identity, now)?;
                let put = put.ok_or(Error::Conflict(Conflict::SsoIdentityTaken))?;
                let epoch = credentials::store::outdate(tx, user, now)?;
                outdated(tx, &cache, &caller, epoch)?;
                audit::store::record(tx, &entry)?;
                Ok(put)
            })
            .await
    }

    /// Takes one of the caller's off. All other sessions and all API keys end.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Conflict::LastWayIn`].
    pub async fn unlink_identity(&self, caller: Caller, id: Uuid) -> Result<Written<()>> {
        let (user, now, cache) = (caller.user(), self.ids.now(), self.sessions.cache().clone());
        let entry = Entry::new(&self.ids, Action::IdentityUnlinked, By::caller(&caller)).about(user).target(id);
        self.db
            .write(move |tx| {
                let account = credentials::store::of(tx, user)?.ok_or(Error::NotFound("account"))?;
                if !identities::remove(tx, user, id)? {
                    return Err(Error::NotFound("identity"));
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

    /// Makes an account without a password for somebody who comes from a provider, and signs them in.
    ///
    /// # Errors
    /// [`Conflict::SsoEmailTaken`], [`Conflict::SsoIdentityTaken`], [`Conflict::SsoFlowExpired`].
    pub async fn welcome(
        &self,
        newcomer: Newcomer,
        origin: sessions::Origin,
        delivery: Delivery,
        device: Device,
    ) -> Result<Written<(User, Tokens)>> {
        let Newcomer { used, email, name, role } = newcomer;
        let (id, now) = (UserId(self.ids.id()), self.ids.now());
        let new = NewUser { id, email, name, role, password: String::new(), now };
        let opening = self.sessions.opening(delivery, device.clone()).coming_from(Some(origin));
        let (identity, cache, begun) = (self.ids.id(), self.sessions.cache().clone(), opening.clone());
        let entry = Entry::new(&self.ids, Action::AccountCreated, By::owner(id, device))
            .about(id)
            .detail("role", role.as_str())
            .detail("method", "sso");
        let written = self
            .db
            .write(move |tx| {
                let user = store::insert(tx, &new).map_err(|error| match error {
                    Error::Conflict(Conflict::EmailTaken) => Error::Conflict(Conflict::SsoEmailTaken),
                    other => other,
                })?;
                if user.standing.administers() {
                    store::drop_setup_links(tx)?;
                }
                let put = identities::put(tx, identity, user.id, &used.identity, now)?;
                put.ok_or(Error::Conflict(Conflict::SsoIdentityTaken))?;
                if !credentials::store::spend(tx, user.id, &Spend::Identity(used.clone()))? {
                    return Err(Error::Conflict(Conflict::SsoFlowExpired));
                }
                sessions::store::begin(tx, &cache, &begun, user.id, store::FIRST_EPOCH)?;
                audit::store::record(tx, &entry)?;
                Ok(user)
            })
            .await?;
        let tokens = self.sessions.issue(&opening, written.value.id, store::FIRST_EPOCH)?;
        Ok(written.map(|user| (user, tokens)))
    }
}
