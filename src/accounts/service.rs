//! What can be done to an account, each as one transaction.
//!
//! Composes the statements of accounts with those of sessions: a new account is signed in, a disabled one loses its sessions,
//! a changed password ends all others. Hashing comes first, because a transaction waits for nobody.

use std::sync::Arc;

use super::password::{Password, Passwords, Verdict};
use super::store::{self, NewUser};
use super::{Email, Name, User};
use crate::caller::{Caller, Role, UserId};
use crate::clock::{Ids, Timestamp};
use crate::db::{Db, WriteTx, Written};
use crate::error::{Error, Result};
use crate::sessions::{self, Delivery, Device, Sessions, Tokens};

/// An account that somebody asks for, checked.
#[derive(Debug, Clone)]
pub struct Application {
    pub(super) email: Email,
    pub(super) name: Name,
    pub(super) password: Password,
}

impl Application {
    /// Checks all members at once; a name that was not given is taken from the address.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that is wrong.
    pub fn parse(email: &str, name: Option<&str>, password: &str) -> Result<Self> {
        let email = Email::parse(email);
        let name = match (name, &email) {
            (Some(name), _) => Name::parse(name).map(Some),
            (None, _) => Ok(None),
        };
        let password = Password::choose("password", password);
        match (email, name, password) {
            (Ok(email), Ok(name), Ok(password)) => {
                Ok(Self { name: name.unwrap_or_else(|| Name::of(&email)), email, password })
            }
            (email, name, password) => {
                let mut wrong = Vec::new();
                for error in [email.err(), name.err(), password.err()].into_iter().flatten() {
                    match error {
                        Error::Invalid(fields) => wrong.extend(fields),
                        other => return Err(other),
                    }
                }
                Err(Error::Invalid(wrong))
            }
        }
    }
}

/// The accounts of one store.
#[derive(Debug, Clone)]
pub struct Accounts {
    pub(super) db: Db,
    pub(super) ids: Ids,
    pub(super) passwords: Passwords,
    pub(super) sessions: Arc<Sessions>,
}

impl Accounts {
    /// Over a store and its sessions; `passwords` is the process's.
    pub fn new(db: Db, ids: Ids, passwords: Passwords, sessions: Arc<Sessions>) -> Self {
        Self { db, ids, passwords, sessions }
    }

    /// The newest change number.
    pub fn head(&self) -> i64 {
        self.db.head()
    }

    /// The account of a caller.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, id: UserId) -> Result<User> {
        self.db.read(move |tx| store::get(tx, id)).await?.ok_or(Error::NotFound("account"))
    }

    /// The account of an address.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn find(&self, email: Email) -> Result<User> {
        self.db.read(move |tx| store::find(tx, &email)).await?.ok_or(Error::NotFound("account"))
    }

    /// Accounts after the keyset `after`, oldest first.
    ///
    /// # Errors
    /// What the store says.
    pub async fn list(&self, after: Option<(Timestamp, uuid::Uuid)>, limit: i64) -> Result<Vec<User>> {
        self.db.read(move |tx| store::list(tx, after, limit)).await
    }

    /// Makes an account that nobody is signed in to yet.
    ///
    /// # Errors
    /// [`crate::error::Conflict::EmailTaken`], [`Error::Busy`].
    pub async fn create(&self, application: Application, role: Role) -> Result<Written<User>> {
        let new = self.prepare(application, role).await?;
        self.db
            .write(move |tx| {
                if new.role == Role::Admin {
                    store::drop_setup_links(tx)?;
                }
                store::insert(tx, &new)
            })
            .await
    }

    /// Makes an account and signs it in.
    ///
    /// # Errors
    /// As [`Accounts::create`].
    pub async fn register(
        &self,
        application: Application,
        delivery: Delivery,
        device: Device,
    ) -> Result<Written<(User, Tokens)>> {
        let new = self.prepare(application, Role::Member).await?;
        self.make_and_sign_in(new, delivery, device, |_| Ok(())).await
    }

    /// Makes an account and begins its first session, in one transaction that `first` may refuse.
    pub(super) async fn make_and_sign_in(
        &self,
        new: NewUser,
        delivery: Delivery,
        device: Device,
        first: impl Fn(&mut WriteTx<'_>) -> Result<()> + Send + 'static,
    ) -> Result<Written<(User, Tokens)>> {
        let opening = self.sessions.opening(delivery, device);
        let (cache, begun) = (self.sessions.cache().clone(), opening.clone());
        let written = self
            .db
            .write(move |tx| {
                first(tx)?;
                let user = store::insert(tx, &new)?;
                sessions::store::begin(tx, &cache, &begun, user.id, store::FIRST_EPOCH)?;
                Ok(user)
            })
            .await?;
        let tokens = self.sessions.issue(&opening, written.value.id, store::FIRST_EPOCH)?;
        Ok(written.map(|user| (user, tokens)))
    }

    /// Hashes the password and draws the id.
    pub(super) async fn prepare(&self, application: Application, role: Role) -> Result<NewUser> {
        let Application { email, name, password } = application;
        let password = self.passwords.hash(&password, self.ids.bytes()).await?;
        Ok(NewUser { id: UserId(self.ids.id()), email, name, role, password, now: self.ids.now() })
    }

    /// Gives the caller's account another name; `None`: the one that its address yields.
    ///
    /// # Errors
    /// What the store says.
    pub async fn rename(&self, caller: Caller, name: Option<Name>) -> Result<Written<User>> {
        let now = self.ids.now();
        self.db
            .write(move |tx| {
                let user = store::get(tx, caller.user())?.ok_or(Error::NotFound("account"))?;
                let name = name.clone().map_or_else(|| Ok(Name::of(&Email::parse(&user.email)?)), Ok::<_, Error>)?;
                store::rename(tx, user.id, &name, now)
            })
            .await
    }

    /// Changes the caller's password and ends all other sessions; the present one goes on, with the tokens that it has.
    ///
    /// # Errors
    /// [`Error::Invalid`] when `current` is not the password or `new` cannot be one.
    pub async fn change_password(&self, caller: Caller, current: &str, new: &str) -> Result<Written<()>> {
        let new = Password::choose("new_password", new)?;
        let wrong = || Error::invalid("current_password", "is not the password of this account");
        let credentials = self.db.read(move |tx| store::credentials_of(tx, caller.user())).await?;
        let credentials = credentials.ok_or(Error::NotFound("account"))?;
        let current = Password::presented(current).ok_or_else(wrong)?;
        if self.passwords.verify(&current, Some(credentials.password)).await? == Verdict::Wrong {
            return Err(wrong());
        }
        let hash = self.passwords.hash(&new, self.ids.bytes()).await?;
        let (now, cache, epoch) = (self.ids.now(), self.sessions.cache().clone(), credentials.epoch);
        self.db
            .write(move |tx| {
                // Another change came first: what was checked is no longer the password.
                let epoch = store::set_password(tx, caller.user(), epoch, &hash, now)?.ok_or_else(wrong)?;
                sessions::store::end_all(tx, &cache, caller.user(), caller.session())?;
                match caller.session() {
                    Some(session) => sessions::store::carry_over(tx, &cache, session, epoch),
                    None => Ok(()),
                }
            })
            .await
    }

    /// Gives an account another password and ends all its sessions: for the administrator of the machine.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn reset_password(&self, email: Email, new: &Password) -> Result<Written<()>> {
        let hash = self.passwords.hash(new, self.ids.bytes()).await?;
        let (now, cache) = (self.ids.now(), self.sessions.cache().clone());
        self.db
            .write(move |tx| {
                let found = store::credentials(tx, &email)?.ok_or(Error::NotFound("account"))?;
                store::set_password(tx, found.user.id, found.epoch, &hash, now)?.ok_or(Error::NotFound("account"))?;
                sessions::store::end_all(tx, &cache, found.user.id, None)
            })
            .await
    }

    /// Lets an account sign in no more, and ends its sessions, or lets it in again.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`crate::error::Conflict::LastAdmin`].
    pub async fn set_disabled(&self, email: Email, disabled: bool) -> Result<Written<User>> {
        let (now, cache) = (self.ids.now(), self.sessions.cache().clone());
        self.db
            .write(move |tx| {
                let user = store::set_disabled(tx, &email, disabled, now)?;
                if disabled {
                    sessions::store::end_all(tx, &cache, user.id, None)?;
                }
                Ok(user)
            })
            .await
    }
}
