//! Sessions: being signed in, on one device.
//!
//! Owns the tables `sessions` and `signing_keys`, both kinds of token and the memory of which sessions count. Callers with
//! a session are minted here alone ([`Caller::mint`]). Who may begin a session is `accounts`' to say, which builds on this
//! module; how tokens travel over HTTP is `http`'s.
//!
//! A session is a family of refresh tokens ([`refresh`]) that exchange each other; access tokens ([`tokens`]) name it and live
//! for minutes. What a reader would get wrong: an access token that verifies is not enough. Every request also asks whether
//! its session still counts ([`cache`]), so signing out, disabling an account and changing a password work at once.

pub mod api;
mod cache;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod refresh;
mod standing;
pub mod store;
mod tokens;

use std::time::Duration;

pub use cache::Cache;
pub use refresh::GRACE;

use crate::audit::{self, Action, By, Entry};
use crate::caller::{Caller, Device, SessionId, UserId};
use crate::clock::{Ids, Timestamp};
use crate::db::{Db, WriteOptions};
use crate::error::{Error, Result, Unauthenticated};
use crate::seal::Keyring;
use crate::secrets;

/// A session that is not used for this long ends: a forgotten device signs itself out within a month.
pub const IDLE_LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// A session ends at this age however much it is used: twice a year everybody shows the password.
pub const LIFETIME: Duration = Duration::from_secs(180 * 24 * 60 * 60);
/// How long an access token is good for unless told.
pub const ACCESS_TTL: Duration = Duration::from_secs(5 * 60);

/// Signing in, refreshing and out goes on when the disk's reserve is touched: whoever makes room has to get in first, and a
/// session's row replaces expired ones.
pub const WRITE: WriteOptions = WriteOptions { weight: 0, frees: true };

/// How a session's tokens reach the client, for as long as it lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Delivery {
    /// Both in cookies: for pages, whose scripts then hold none.
    Cookie,
    /// The access token in the body, the refresh token in a cookie.
    Split,
    /// Both in the body: for programs without cookies.
    Body,
}

impl Delivery {
    /// The word of the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::Split => "split",
            Self::Body => "body",
        }
    }

    fn parse(text: &str) -> Result<Self> {
        match text {
            "cookie" => Ok(Self::Cookie),
            "split" => Ok(Self::Split),
            "body" => Ok(Self::Body),
            other => Err(Error::Corrupt(format!("a session with the unknown delivery `{other}`"))),
        }
    }
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last refreshed.
    pub last_used_at: Timestamp,
    /// When it ends unless it is used before.
    pub expires_at: Timestamp,
    /// What the device called itself when it signed in.
    pub agent: String,
    /// Where it signed in from.
    pub address: String,
}

/// Where a session came from, when it was not a credential of this server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The provider of single sign-on that vouched.
    pub provider: uuid::Uuid,
    /// The ID token in which it did, sealed by whoever reads it; `None`: it is not at hand any more.
    pub id_token: Option<Vec<u8>>,
}

/// A session about to begin: all that is drawn before the transaction that begins it.
#[derive(Debug, Clone)]
pub struct Opening {
    id: SessionId,
    now: Timestamp,
    idle_expires_at: Timestamp,
    expires_at: Timestamp,
    delivery: Delivery,
    device: Device,
    refresh: refresh::Token,
    origin: Option<Origin>,
}

impl Opening {
    /// The session's id.
    pub fn session(&self) -> SessionId {
        self.id
    }

    /// The same for somebody who comes from elsewhere.
    pub fn coming_from(self, origin: Option<Origin>) -> Self {
        Self { origin, ..self }
    }
}

/// What a client is given when it has signed in or refreshed. Prints no token.
pub struct Tokens {
    /// The access token.
    pub access: String,
    /// How long it is good for.
    pub access_ttl: Duration,
    /// The refresh token.
    pub refresh: String,
    /// How long it is good for unless it is exchanged before.
    pub refresh_ttl: Duration,
    /// How both are to reach the client.
    pub delivery: Delivery,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("delivery", &self.delivery).finish_non_exhaustive()
    }
}

/// The sessions of one store.
#[derive(Debug)]
pub struct Sessions {
    db: Db,
    ids: Ids,
    signer: tokens::Signer,
    key: refresh::Key,
    cache: Cache,
    access_ttl: Duration,
}

/// What a write of [`Sessions::refresh`] found.
enum Exchange {
    Given { user: UserId, epoch: i64, delivery: Delivery, refresh: refresh::Token, idle_expires_at: Timestamp },
    Unknown,
    Reused(UserId),
}

impl Sessions {
    /// Opens the sessions of a store whose secrets `ring` opens; makes the first ones in a new store, where `master` decides what
    /// earlier versions made of it.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the keys are another store's.
    pub async fn open(db: Db, ids: Ids, ring: &Keyring, master: &[u8; 32], access_ttl: Duration) -> Result<Self> {
        let signer = tokens::Signer::open(&db, &ids, ring, master).await?;
        let code = secrets::named(&db, &ids, ring, "refresh token code", &refresh::Key::first(master)?).await?;
        let key = refresh::Key::of(&code)?;
        Ok(Self { db, ids, signer, key, cache: Cache::default(), access_ttl })
    }

    /// For the functions of [`store`] that end sessions.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// Draws what a new session needs, before the transaction that [`store::begin`]s it.
    pub fn opening(&self, delivery: Delivery, device: Device) -> Opening {
        let (id, now) = (SessionId(self.ids.id()), self.ids.now());
        Opening {
            id,
            now,
            idle_expires_at: now.plus(IDLE_LIFETIME),
            expires_at: now.plus(LIFETIME),
            delivery,
            device,
            refresh: self.key.make(id, 0, &self.ids.bytes()),
            origin: None,
        }
    }

    /// The tokens of a session that has begun, for an account whose credentials are at `epoch`.
    ///
    /// # Errors
    /// [`Error::Internal`] when signing fails.
    pub fn issue(&self, opening: &Opening, user: UserId, epoch: i64) -> Result<Tokens> {
        self.tokens(user, &opening.refresh, epoch, opening.now, opening.idle_expires_at, opening.delivery)
    }

    /// The caller that an access token stands for, if its session still counts. `device`: where the request comes from.
    ///
    /// # Errors
    /// [`Unauthenticated::InvalidToken`].
    pub async fn authenticate(&self, token: &str, device: Device) -> Result<Caller> {
        let invalid = || Error::Unauthenticated(Unauthenticated::InvalidToken);
        let now = self.ids.now();
        let claims = self.signer.verify(token, now).ok_or_else(invalid)?;
        let id = SessionId(claims.sid);
        let counts = |entry: &cache::Entry| {
            entry.user.0 == claims.sub
                && (entry.first_epoch..=entry.epoch).contains(&claims.epoch)
                && now < entry.expires_at
        };
        let entry = self.entry(id, counts).await?.ok_or_else(invalid)?;
        if !counts(&entry) {
            return Err(invalid());
        }
        Ok(Caller::mint(entry.user, entry.role, id, entry.verified_at, device))
    }

    /// Exchanges a refresh token. A token that was exchanged before ends its session, unless that was a moment ago. In a store that
    /// takes no writes because of damage nothing is exchanged and nothing ends: the same token is good again, so that people can
    /// read and take away what is whole for as long as they are signed in.
    ///
    /// # Errors
    /// [`Unauthenticated::InvalidRefresh`].
    pub async fn refresh(&self, presented: &str, device: Device) -> Result<(UserId, Tokens)> {
        let invalid = || Error::Unauthenticated(Unauthenticated::InvalidRefresh);
        let token = self.key.read(presented).ok_or_else(invalid)?;
        let (id, now) = (token.session, self.ids.now());
        let (key, cache) = (self.key.clone(), self.cache.clone());
        let (random, nonce) = (self.ids.bytes(), self.ids.bytes());
        let shown = token.clone();
        let reused = Entry::new(&self.ids, Action::TokenReused, By::nobody(device)).target(id.0).refused(1, now);
        let written = self
            .db
            .write_with(WRITE, move |tx| {
                let Some(session) = store::refreshable(tx, id, now)? else { return Ok(Exchange::Unknown) };
                let idle_expires_at = now.plus(IDLE_LIFETIME).min(session.expires_at);
                let refresh = match session.family.judge(&token, now) {
                    refresh::Meaning::Current => {
                        let generation = session.family.generation.checked_add(1).ok_or(Error::NotFound("session"))?;
                        let successor = key.make(id, generation, &random);
                        let rotation = store::Rotation {
                            generation,
                            current: successor.hash(),
                            previous: &token.hash(),
                            sealed_successor: &token.seal_successor(&successor, &nonce)?,
                            now,
                            idle_expires_at,
                        };
                        store::rotate(tx, &cache, id, &rotation)?;
                        successor
                    }
                    refresh::Meaning::Repeated(sealed) => token
                        .open_successor(sealed, &key)?
                        .ok_or_else(|| Error::Corrupt("a sealed refresh token does not open".into()))?,
                    refresh::Meaning::Reused => {
                        store::end(tx, &cache, session.user, id)?;
                        audit::store::record(tx, &reused.clone().about(session.user))?;
                        return Ok(Exchange::Reused(session.user));
                    }
                };
                let (epoch, delivery) = (session.epoch, session.delivery);
                Ok(Exchange::Given { user: session.user, epoch, delivery, refresh, idle_expires_at })
            })
            .await;
        let exchange = match written {
            Ok(written) => written.value,
            Err(Error::Damaged) => self.look_up(shown, now).await?,
            Err(error) => return Err(error),
        };
        match exchange {
            Exchange::Given { user, epoch, delivery, refresh, idle_expires_at } => {
                let tokens = self.tokens(user, &refresh, epoch, now, idle_expires_at, delivery)?;
                Ok((user, tokens))
            }
            Exchange::Unknown => Err(invalid()),
            Exchange::Reused(user) => {
                tracing::warn!(session = %id, user = %user, "an exchanged refresh token came back; its session was ended");
                Err(invalid())
            }
        }
    }

    /// What a refresh token is good for while nothing can be written.
    async fn look_up(&self, token: refresh::Token, now: Timestamp) -> Result<Exchange> {
        let key = self.key.clone();
        let read = self.db.read(move |tx| {
            let Some(session) = store::refreshable(tx, token.session, now)? else { return Ok(Exchange::Unknown) };
            let refresh = match session.family.judge(&token, now) {
                refresh::Meaning::Current => token.clone(),
                refresh::Meaning::Repeated(sealed) => token
                    .open_successor(sealed, &key)?
                    .ok_or_else(|| Error::Corrupt("a sealed refresh token does not open".into()))?,
                refresh::Meaning::Reused => return Ok(Exchange::Unknown),
            };
            let (user, epoch, delivery) = (session.user, session.epoch, session.delivery);
            Ok(Exchange::Given { user, epoch, delivery, refresh, idle_expires_at: session.idle_expires_at })
        });
        read.await
    }

    /// Ends the session that a refresh token belongs to; returns the change number when there was one. The current token and,
    /// for the grace, its predecessor may do this; an older one, as everywhere, ends the session too.
    ///
    /// # Errors
    /// What the store says.
    pub async fn end_by_refresh(&self, presented: &str, device: Device) -> Result<Option<i64>> {
        let Some(token) = self.key.read(presented) else { return Ok(None) };
        let (id, now, cache) = (token.session, self.ids.now(), self.cache.clone());
        let entry = Entry::new(&self.ids, Action::SessionEnded, By::nobody(device)).target(id.0);
        let written = self
            .db
            .write_with(WRITE, move |tx| {
                let Some(session) = store::refreshable(tx, id, now)? else { return Ok(false) };
                let ended = store::end(tx, &cache, session.user, id)?;
                audit::store::record(tx, &entry.clone().about(session.user))?;
                Ok(ended)
            })
            .await?;
        Ok(written.value.then_some(written.change))
    }

    /// Ends one of the caller's sessions, the present one included; returns the change number.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller has none of that id.
    pub async fn end(&self, caller: &Caller, id: SessionId) -> Result<i64> {
        let (cache, user) = (self.cache.clone(), caller.user());
        let entry = Entry::new(&self.ids, Action::SessionEnded, By::caller(caller)).about(user).target(id.0);
        let written = self
            .db
            .write_with(WRITE, move |tx| {
                if !store::end(tx, &cache, user, id)? {
                    return Err(Error::NotFound("session"));
                }
                audit::store::record(tx, &entry)
            })
            .await?;
        Ok(written.change)
    }

    /// Ends all of the caller's sessions but the present one; returns the change number.
    ///
    /// # Errors
    /// What the store says.
    pub async fn end_others(&self, caller: &Caller) -> Result<i64> {
        let (cache, user, keep) = (self.cache.clone(), caller.user(), caller.session());
        let entry = Entry::new(&self.ids, Action::OtherSessionsEnded, By::caller(caller)).about(user);
        let written = self
            .db
            .write_with(WRITE, move |tx| {
                store::end_all(tx, &cache, user, keep)?;
                audit::store::record(tx, &entry)
            })
            .await?;
        Ok(written.change)
    }

    /// The session that a refresh token belongs to, and where it came from.
    ///
    /// # Errors
    /// What the store says.
    pub async fn origin_by_refresh(&self, presented: &str) -> Result<Option<Origin>> {
        match self.key.read(presented) {
            Some(token) => self.origin(token.session).await,
            None => Ok(None),
        }
    }

    /// Where a session came from, when it was not a credential of this server.
    ///
    /// # Errors
    /// What the store says.
    pub async fn origin(&self, id: SessionId) -> Result<Option<Origin>> {
        self.db.read(move |tx| store::origin(tx, id)).await
    }

    /// Clears away expired sessions, which nobody may ever sign in over; returns how many went. For a look now and then.
    ///
    /// # Errors
    /// What the store says.
    pub async fn purge_expired(&self, at_most: i64) -> Result<usize> {
        let (now, cache) = (self.ids.now(), self.cache.clone());
        Ok(self.db.write_with(WRITE, move |tx| store::purge_expired(tx, &cache, now, at_most)).await?.value)
    }

    /// The caller's sessions, the newest first.
    ///
    /// # Errors
    /// What the store says.
    pub async fn list(
        &self,
        caller: Caller,
        after: Option<(Timestamp, uuid::Uuid)>,
        limit: i64,
    ) -> Result<Vec<Session>> {
        let now = self.ids.now();
        self.db.read(move |tx| store::list(tx, &caller, now, after, limit)).await
    }

    fn tokens(
        &self,
        user: UserId,
        refresh: &refresh::Token,
        epoch: i64,
        now: Timestamp,
        until: Timestamp,
        delivery: Delivery,
    ) -> Result<Tokens> {
        let left = u64::try_from(until.micros().saturating_sub(now.micros())).unwrap_or(0);
        Ok(Tokens {
            access: self.signer.sign(user, refresh.session, epoch, now, self.access_ttl)?,
            access_ttl: self.access_ttl,
            refresh: refresh.text().to_owned(),
            refresh_ttl: Duration::from_micros(left),
            delivery,
        })
    }
}
