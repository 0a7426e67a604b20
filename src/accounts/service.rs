//! Accounts as a whole: how one is made, found and renamed.
//!
//! Each change is one transaction, with its row in the audit log. Hashing comes first, because a transaction waits for nobody.

use std::sync::Arc;

use super::store::{self, NewUser};
use super::{Email, Name, User};
use crate::audit::{self, Action, By, Entry};
use crate::caller::{Device, Role, UserId};
use crate::clock::{Ids, Timestamp};
use crate::credentials::password::Password;
use crate::credentials::{Flow, Verifier};
use crate::db::{Db, WriteTx, Written};
use crate::error::{Error, Result};
use crate::sessions::{self, Delivery, Sessions, Tokens};

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
        let password = Password::choose("password", password, &[email, name.unwrap_or_default()]);
        let email = Email::parse(email);
        let name = match (name, &email) {
            (Some(name), _) => Name::parse(name).map(Some),
            (None, _) => Ok(None),
        };
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
    pub(super) verifier: Verifier,
    pub(super) sessions: Arc<Sessions>,
    /// How the server is called in authenticator apps.
    pub(super) name: Arc<str>,
}

impl Accounts {
    /// Over a store, its verifier and its sessions; authenticator apps call the server `name`.
    pub fn new(db: Db, ids: Ids, verifier: Verifier, sessions: Arc<Sessions>, name: &str) -> Self {
        Self { db, ids, verifier, sessions, name: name.into() }
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
    pub async fn create(&self, by: By, application: Application, role: Role) -> Result<Written<User>> {
        let new = self.prepare(application, role).await?;
        let entry = Entry::new(&self.ids, Action::AccountCreated, by).about(new.id).detail("role", new.role.as_str());
        self.db
            .write(move |tx| {
                if new.role == Role::Admin {
                    store::drop_setup_links(tx)?;
                }
                let user = store::insert(tx, &new)?;
                audit::store::record(tx, &entry)?;
                Ok(user)
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
        self.verifier.admit(Flow::Register, None, &device).await?;
        let new = self.prepare(application, Role::Member).await?;
        let entry = Entry::new(&self.ids, Action::AccountCreated, By::owner(new.id, device.clone()))
            .about(new.id)
            .detail("role", new.role.as_str());
        self.make_and_sign_in(new, delivery, device, move |_| Ok(entry.clone())).await
    }

    /// Makes an account and begins its first session, in one transaction that `first` may refuse, and which it says how to record.
    pub(super) async fn make_and_sign_in(
        &self,
        new: NewUser,
        delivery: Delivery,
        device: Device,
        first: impl Fn(&mut WriteTx<'_>) -> Result<Entry> + Send + 'static,
    ) -> Result<Written<(User, Tokens)>> {
        let opening = self.sessions.opening(delivery, device);
        let (cache, begun) = (self.sessions.cache().clone(), opening.clone());
        let written = self
            .db
            .write(move |tx| {
                let entry = first(tx)?;
                let user = store::insert(tx, &new)?;
                sessions::store::begin(tx, &cache, &begun, user.id, store::FIRST_EPOCH)?;
                audit::store::record(tx, &entry)?;
                Ok(user)
            })
            .await?;
        let tokens = self.sessions.issue(&opening, written.value.id, store::FIRST_EPOCH)?;
        Ok(written.map(|user| (user, tokens)))
    }

    /// Hashes the password and draws the id.
    pub(super) async fn prepare(&self, application: Application, role: Role) -> Result<NewUser> {
        let Application { email, name, password } = application;
        let password = self.verifier.passwords().hash(&password, self.ids.bytes()).await?;
        Ok(NewUser { id: UserId(self.ids.id()), email, name, role, password, now: self.ids.now() })
    }
}
