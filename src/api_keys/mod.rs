//! API keys: credentials for programs, each with its own rights.
//!
//! Owns the table `api_keys`, the form of a key ([`token`]) and what a key may do ([`Grant`]). Callers with a key are minted here alone
//! ([`Caller::mint_key`]). A key is read from the store with every request, so one that is revoked, and one whose owner has changed
//! the password, counts no more from the next request on, on all instances.
//!
//! What a reader would get wrong: a key never has more rights than its owner. The role is read along with it, and a key that may
//! write is refused once its owner may only read. What a *confined* key sees is up to each endpoint that lets one in; `http::auth`
//! keeps it from all others.

pub mod api;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
pub mod store;
pub mod token;

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use crate::audit::{self, Action, By, Entry};
use crate::caller::{Caller, Confines, Device, Grant, KeyId, Role, Scopes, UserId};
use crate::clock::{Ids, Timestamp};
use crate::credentials::{self, Flow, Verifier};
use crate::db::{Db, Written};
use crate::error::{Error, Result, Unauthenticated};
use crate::fold;
use crate::sessions;

/// Keys that an account may have at once.
pub const MOST: i64 = 100;
/// Longest name of a key in characters.
pub const MAX_NAME_CHARS: usize = 100;
/// Tags and notebooks that a key may be confined to.
pub const MOST_CONFINES: usize = 50;
/// The most requests a minute that a key's own budget may allow.
pub const MAX_BUDGET: u32 = 100_000;

/// How exact the time of last use is.
const USED_EVERY: Duration = Duration::from_secs(60);

/// A key as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: KeyId,
    /// What its owner calls it.
    pub name: String,
    /// How it begins, for telling keys apart.
    pub hint: String,
    /// What it may do, and on which notes.
    pub grant: Arc<Grant>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it does not count; `None`: it does not run out.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// A key that somebody asks for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Tags by name, and notebooks, that it is confined to.
    pub tags: Vec<String>,
    /// See [`Wanted::tags`].
    pub notebooks: Vec<Uuid>,
    /// From when on it does not count.
    pub expires_at: Option<Timestamp>,
    /// Requests a minute.
    pub budget: Option<u32>,
}

/// The API keys of one store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Keys {
    db: Db,
    ids: Ids,
    verifier: Verifier,
}

impl Keys {
    /// Of this store.
    pub fn new(db: Db, ids: Ids, verifier: Verifier) -> Self {
        Self { db, ids, verifier }
    }

    /// The caller that a key stands for, if it counts.
    ///
    /// # Errors
    /// [`Unauthenticated::InvalidToken`].
    pub async fn authenticate(&self, token: &str, device: Device) -> Result<Caller> {
        let found = match token::hash(token) {
            Some(hash) => self.db.read(move |tx| store::by_hash(tx, &hash)).await?,
            None => None,
        };
        let now = self.ids.now();
        let Some(found) = found.filter(|found| found.counts(now)) else {
            self.verifier.refuse(Action::CredentialRefused, Flow::ApiKey, "api-key", None, &device);
            return Err(Error::Unauthenticated(Unauthenticated::InvalidToken));
        };
        if found.last_used_at.is_none_or(|last| now >= last.plus(USED_EVERY)) {
            let (db, id) = (self.db.clone(), found.grant.key);
            // Nobody waits for it, and a store that takes no writes now does not keep anybody from reading.
            tokio::spawn(async move { db.write(move |tx| store::used(tx, id, now)).await });
        }
        Ok(Caller::mint_key(found.user, found.role, found.grant, device))
    }

    /// Whether the key that a caller was minted for still counts: for what outlives its request.
    ///
    /// # Errors
    /// What the store says.
    pub async fn still_counts(&self, caller: &Caller) -> Result<bool> {
        let Some(grant) = caller.grant().cloned() else { return Ok(true) };
        let found = self.db.read(move |tx| store::by_id(tx, grant.key)).await?;
        Ok(found.is_some_and(|found| found.counts(self.ids.now()) && found.role == caller.role()))
    }

    /// Makes a key; returns it with its text, which is never shown again.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what cannot be a key; [`crate::error::Conflict::TooManyKeys`].
    pub async fn create(&self, caller: &Caller, wanted: Wanted) -> Result<Written<(ApiKey, String)>> {
        let now = self.ids.now();
        check(&wanted, caller.role(), now)?;
        let text = token::draw(&self.ids);
        let (hash, hint) =
            (token::hash(&text).ok_or_else(|| Error::internal("a key that is none"))?, token::hint(&text));
        let mut tags: Vec<String> = wanted.tags.iter().map(|name| fold::name_key(name)).collect();
        tags.sort();
        tags.dedup();
        let mut notebooks = wanted.notebooks;
        notebooks.sort();
        notebooks.dedup();
        let grant = Grant {
            key: KeyId(self.ids.id()),
            scopes: wanted.scopes,
            confines: Confines { tags, notebooks },
            budget: wanted.budget,
        };
        let key = ApiKey {
            id: grant.key,
            name: wanted.name.trim().to_owned(),
            hint,
            grant: Arc::new(grant),
            created_at: now,
            expires_at: wanted.expires_at,
            last_used_at: None,
        };
        let entry = Entry::new(&self.ids, Action::KeyCreated, By::caller(caller))
            .about(caller.user())
            .target(key.id.0)
            .detail("scopes", store::scopes(key.grant.scopes).join(" "))
            .detail("confined", !key.grant.confines.is_everything());
        let (user, kept, asking) = (caller.user(), key.clone(), caller.clone());
        let written = self
            .db
            .write(move |tx| {
                sessions::store::require(tx, &asking)?;
                let account = credentials::store::of(tx, user)?.ok_or(Error::NotFound("account"))?;
                store::insert(tx, user, &kept, &hash, account.epoch)?;
                audit::store::record(tx, &entry)
            })
            .await?;
        Ok(written.map(|()| (key, text)))
    }

    /// An account's keys, the newest first.
    ///
    /// # Errors
    /// What the store says.
    pub async fn list(&self, user: UserId) -> Result<Vec<ApiKey>> {
        self.db.read(move |tx| store::list(tx, user)).await
    }

    /// Makes a key count no more.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller has none of that id.
    pub async fn revoke(&self, caller: &Caller, id: KeyId) -> Result<Written<()>> {
        let user = caller.user();
        let entry = Entry::new(&self.ids, Action::KeyRevoked, By::caller(caller)).about(user).target(id.0);
        self.db
            .write(move |tx| {
                if !store::remove(tx, user, id)? {
                    return Err(Error::NotFound("API key"));
                }
                audit::store::record(tx, &entry)
            })
            .await
    }
}

fn check(wanted: &Wanted, role: Role, now: Timestamp) -> Result<()> {
    let Wanted { name, scopes, tags, notebooks, expires_at, budget } = wanted;
    let length = name.trim().chars().count();
    if length == 0 || length > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        return Err(Error::invalid(
            "name",
            format!("must have 1 to {MAX_NAME_CHARS} characters, none of them control characters"),
        ));
    }
    if *scopes == Scopes::default() {
        return Err(Error::invalid("scopes", "must name at least one of `read`, `write`, `search`, `admin`"));
    }
    if scopes.write && !role.writes() {
        return Err(Error::invalid("scopes", "cannot have `write`: this account may only read"));
    }
    if scopes.admin && role != Role::Admin {
        return Err(Error::invalid("scopes", "cannot have `admin`: this account is no administrator's"));
    }
    if scopes.admin && !(tags.is_empty() && notebooks.is_empty()) {
        return Err(Error::invalid("scopes", "cannot have `admin` for a key that is confined to some notes"));
    }
    if tags.len() + notebooks.len() > MOST_CONFINES {
        return Err(Error::invalid("tags", format!("and notebooks may be {MOST_CONFINES} at most, together")));
    }
    if tags.iter().any(|tag| tag.trim().is_empty() || tag.contains('\n')) {
        return Err(Error::invalid("tags", "must be names of tags"));
    }
    if expires_at.is_some_and(|at| at <= now) {
        return Err(Error::invalid("expires_at", "must lie ahead"));
    }
    if budget.is_some_and(|most| !(1..=MAX_BUDGET).contains(&most)) {
        return Err(Error::invalid("budget", format!("must be 1 to {MAX_BUDGET} requests a minute")));
    }
    Ok(())
}
