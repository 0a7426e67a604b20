//! Single sign-on as a whole: the way to a provider and back, for each purpose.

use std::fmt;
use std::sync::Arc;

use url::Url;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::claims::Person;
use super::flow::{Flow, Purpose, Return, Sealer};
use super::oidc::{Failure, Oidc, Registration};
use super::providers::place;
use super::store::{self, Kept};
use super::{Provider, Standing};
use crate::accounts::identities::Newcomer;
use crate::accounts::life::Change;
use crate::accounts::security::Who;
use crate::accounts::service::Accounts;
use crate::accounts::{Email, MAX_NAME_CHARS, Name, User};
use crate::audit::By;
use crate::caller::{Caller, Device, SessionId, UserId};
use crate::clock::Ids;
use crate::credentials::store::identities::{Listed, Use};
use crate::credentials::{self, Verifier};
use crate::db::{Db, Written};
use crate::error::{Conflict, Error, Forbidden, Result};
use crate::outbound::Outbound;
use crate::seal::{self, Keyring};
use crate::secrets;
use crate::sessions::{Delivery, Origin, Tokens};

/// What an ID token that is kept with a session is bound to.
const ABOUT: &[u8] = b"inkstone id token 1";

/// What single sign-on is made of.
#[derive(Debug, Clone)]
pub struct Options {
    /// The store.
    pub db: Db,
    /// Time and randomness.
    pub ids: Ids,
    /// Opens the secrets of clients.
    pub ring: Keyring,
    /// Asks providers.
    pub outbound: Outbound,
    /// What identities lead to.
    pub accounts: Accounts,
    /// Where refusals are counted.
    pub verifier: Verifier,
    /// Where people reach the server, without a slash at the end.
    pub reached: String,
}

pub(super) struct Inner {
    pub(super) options: Options,
    pub(super) oidc: Oidc,
    flows: Sealer,
    tokens: Zeroizing<[u8; 32]>,
}

/// The providers of one store, and the ways in by them. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Sso(pub(super) Arc<Inner>);

impl fmt::Debug for Sso {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sso")
    }
}

/// The beginning of a way to a provider.
#[derive(Debug)]
pub struct Begun {
    /// Where the browser is sent.
    pub url: String,
    /// What binds the way to the browser.
    pub cookie: String,
}

/// The end of a way that was gone to sign in.
pub type Finished = Written<(User, Tokens)>;

impl Sso {
    /// Over one store.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the keyring is another store's.
    pub async fn open(options: Options) -> Result<Self> {
        let Options { db, ids, ring, outbound, .. } = &options;
        let secret = secrets::named(db, ids, ring, "single sign-on", &ids.bytes()).await?;
        let key = |label: &str| seal::derive(secret.as_slice(), label).map(Zeroizing::new);
        let (flows, tokens) = (Sealer(key("inkstone v1 sso flow")?), key("inkstone v1 id token")?);
        let oidc = Oidc::new(outbound.clone(), ids.clone());
        Ok(Self(Arc::new(Inner { oidc, flows, tokens, options })))
    }

    /// Where providers send people back to.
    pub fn redirect_uri(&self, slug: &str) -> String {
        format!("{}/sso/{slug}", self.0.options.reached)
    }

    /// Begins to sign in. `origin`: what the page that asks says it belongs to.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NoAnswer`], [`Error::Throttled`], [`Conflict::SsoElsewhere`].
    pub async fn begin(&self, slug: &str, origin: Option<&str>, device: &Device) -> Result<Begun> {
        self.start(slug, Purpose::SignIn, origin, device).await
    }

    /// Begins to link an identity with the caller's account.
    ///
    /// # Errors
    /// As [`Sso::begin`].
    pub async fn begin_link(&self, caller: &Caller, slug: &str, origin: Option<&str>) -> Result<Begun> {
        let purpose = Purpose::Link(caller.user(), session(caller)?);
        self.start(slug, purpose, origin, caller.device()).await
    }

    /// Begins to show again that the caller is here.
    ///
    /// # Errors
    /// As [`Sso::begin`].
    pub async fn begin_step_up(&self, caller: &Caller, slug: &str, origin: Option<&str>) -> Result<Begun> {
        let purpose = Purpose::StepUp(caller.user(), session(caller)?);
        self.start(slug, purpose, origin, caller.device()).await
    }

    async fn start(&self, slug: &str, purpose: Purpose, origin: Option<&str>, device: &Device) -> Result<Begun> {
        let Options { ids, verifier, reached, .. } = &self.0.options;
        verifier.admit(credentials::Flow::Identity, None, device).await?;
        // The way back leads to the public URL, and the cookie would not be there.
        let own = Url::parse(reached).map(|url| url.origin()).ok();
        if origin.is_some_and(|origin| Url::parse(origin).map(|url| url.origin()).ok() != own) {
            return Err(Error::Conflict(Conflict::SsoElsewhere));
        }
        let kept = self.enabled(slug).await?;
        let flow = Flow::new(ids, kept.provider.id, purpose);
        let (secret, redirect) = (self.secret(&kept), self.redirect_uri(slug));
        let to = Registration { provider: &kept.provider, secret: &secret, redirect: &redirect };
        let url = self.0.oidc.authorization_url(to, &flow).await.map_err(|failure| no_answer(slug, failure))?;
        Ok(Begun { url: url.into(), cookie: self.0.flows.seal(ids, &flow)? })
    }

    /// Signs whoever came back in; makes an account where the provider may.
    ///
    /// # Errors
    /// [`Conflict::SsoFlowExpired`], [`crate::error::Unauthenticated::IdentityRefused`], [`Forbidden::SsoUnknown`],
    /// [`Forbidden::SsoNotPermitted`], [`Forbidden::SsoEmailUnverified`], [`Conflict::SsoEmailTaken`],
    /// [`Error::SecondFactorRequired`], [`Error::NoAnswer`], [`Error::Throttled`].
    pub async fn sign_in(&self, slug: &str, back: &Return, delivery: Delivery, device: Device) -> Result<Finished> {
        let Options { accounts, verifier, .. } = &self.0.options;
        let arrived = self.arrive(slug, back, |purpose| purpose == Purpose::SignIn, &device).await?;
        let Arrived { kept: Kept { provider, .. }, person, used, standing } = arrived;
        let way = credentials::Flow::Identity;
        let origin = Origin { provider: provider.id, id_token: Some(self.seal_token(&person.id_token)?) };
        let Some(mut proof) = verifier.identity(used.clone(), way, None, &device).await? else {
            let newcomer = self
                .newcomer(&provider, person, used, standing)
                .inspect_err(|_| drop(verifier.identity_refused(way, None, &device)))?;
            return accounts.welcome(newcomer, origin, delivery, device).await;
        };
        if let Standing::Given(role) = standing
            && role != proof.account.role
        {
            let change = Change { role: Some(role), ..Change::default() };
            match accounts.change_standing(By::server(), Who::Id(proof.account.user), change).await {
                Err(Error::Conflict(Conflict::LastAdmin)) => {
                    tracing::warn!(user = %proof.account.user, provider = slug, "the provider's groups make the last administrator none; the role stays");
                }
                changed => drop(changed?),
            }
            // Its credentials are new ones now.
            proof = match verifier.identity(used, way, None, &device).await? {
                Some(proof) => proof,
                None => return Err(verifier.identity_refused(way, None, &device)),
            };
        }
        accounts.vouched_for(proof, origin, provider.settings.trusts_second_factor, delivery, device).await
    }

    fn newcomer(&self, provider: &Provider, person: Person, used: Use, standing: Standing) -> Result<Newcomer> {
        if !provider.settings.sign_up {
            return Err(Error::Forbidden(Forbidden::SsoUnknown));
        }
        let email = person.identity.email.as_deref().filter(|_| person.email_verified);
        let email = email.and_then(|email| Email::parse(email).ok());
        let email = email.ok_or(Error::Forbidden(Forbidden::SsoEmailUnverified))?;
        let name: Option<String> = person.name.map(|name| name.chars().take(MAX_NAME_CHARS).collect());
        let name = name.and_then(|name| Name::parse(&name).ok()).unwrap_or_else(|| Name::of(&email));
        let (Standing::Free(role) | Standing::Given(role)) = standing else {
            return Err(Error::Forbidden(Forbidden::SsoNotPermitted));
        };
        Ok(Newcomer { used, email, name, role })
    }

    /// Links whoever came back with the caller's account.
    ///
    /// # Errors
    /// [`Conflict::SsoFlowExpired`], [`Conflict::SsoIdentityTaken`], [`crate::error::Unauthenticated::IdentityRefused`],
    /// [`Forbidden::SsoNotPermitted`], [`Error::NoAnswer`], [`Error::Throttled`].
    pub async fn link(&self, caller: Caller, slug: &str, back: &Return) -> Result<Written<(Listed, Provider)>> {
        let wanted = Purpose::Link(caller.user(), session(&caller)?);
        let arrived = self.arrive(slug, back, |purpose| purpose == wanted, caller.device()).await?;
        let provider = arrived.kept.provider;
        Ok(self.0.options.accounts.link_identity(caller, arrived.used).await?.map(|listed| (listed, provider)))
    }

    /// Notes that the caller has just been at the provider again; returns the change number.
    ///
    /// # Errors
    /// As [`Sso::link`].
    pub async fn step_up(&self, caller: Caller, slug: &str, back: &Return) -> Result<i64> {
        let Options { accounts, verifier, .. } = &self.0.options;
        let (user, device) = (caller.user(), caller.device().clone());
        let wanted = Purpose::StepUp(user, session(&caller)?);
        let arrived = self.arrive(slug, back, |purpose| purpose == wanted, &device).await?;
        let way = credentials::Flow::StepUp;
        match verifier.identity(arrived.used, way, Some(user), &device).await? {
            Some(proof) => accounts.stepped_up(caller, proof).await,
            None => Err(verifier.identity_refused(way, Some(user), &device)),
        }
    }

    /// Who came back to the browser that set out, and what the provider's groups make of them.
    async fn arrive(
        &self,
        slug: &str,
        back: &Return,
        wanted: impl Fn(Purpose) -> bool,
        device: &Device,
    ) -> Result<Arrived> {
        let Options { ids, verifier, .. } = &self.0.options;
        verifier.admit(credentials::Flow::Identity, None, device).await?;
        let kept = self.enabled(slug).await?;
        let now = ids.now();
        let flow = self.0.flows.open(kept.provider.id, back, now)?;
        if !wanted(flow.purpose) {
            return Err(Error::Conflict(Conflict::SsoFlowExpired));
        }
        let (secret, redirect) = (self.secret(&kept), self.redirect_uri(slug));
        let to = Registration { provider: &kept.provider, secret: &secret, redirect: &redirect };
        let person = match self.0.oidc.person(to, &flow, &back.code, back.iss.as_deref()).await {
            Ok(person) => person,
            Err(Failure::Refused(why)) => {
                tracing::warn!(provider = slug, %why, "what a provider of single sign-on has said does not count");
                return Err(verifier.identity_refused(credentials::Flow::Identity, None, device));
            }
            Err(failure) => return Err(no_answer(slug, failure)),
        };
        let standing = kept.provider.settings.standing(&person.groups);
        if standing == Standing::NotPermitted {
            verifier.identity_refused(credentials::Flow::Identity, None, device);
            return Err(Error::Forbidden(Forbidden::SsoNotPermitted));
        }
        let identity = person.identity.clone();
        let used = Use { identity, flow: flow.hash(), expires_at: flow.until(), at: now };
        Ok(Arrived { kept, person, used, standing })
    }

    /// Where a browser whose session came from a provider is sent to sign out there as well.
    ///
    /// # Errors
    /// What the store says.
    pub async fn logout_url(&self, origin: &Origin) -> Result<Option<String>> {
        let Options { db, reached, .. } = &self.0.options;
        let id = origin.provider;
        let kept = db.read(move |tx| store::get(tx, id)).await?;
        let kept = kept.filter(|kept| kept.provider.enabled && kept.provider.settings.logout);
        let Some(Kept { provider, .. }) = kept else { return Ok(None) };
        let token = origin.id_token.as_ref().and_then(|sealed| seal::open(&self.0.tokens, ABOUT, sealed));
        let token = token.and_then(|token| String::from_utf8(token).ok());
        let url = self.0.oidc.logout_url(&provider, token.as_deref(), &format!("{reached}/login")).await;
        Ok(url.map(Into::into))
    }

    fn seal_token(&self, token: &str) -> Result<Vec<u8>> {
        seal::seal(&self.0.tokens, &self.0.options.ids.bytes(), ABOUT, token.as_bytes())
    }

    /// The account's identities with the providers that they are of, and whether it can do without one.
    ///
    /// # Errors
    /// What the store says.
    pub async fn identities(&self, user: UserId) -> Result<(Vec<(Listed, Option<Provider>)>, bool)> {
        let (listed, can_unlink) = self.0.options.accounts.identities(user).await?;
        let providers = self.0.options.db.read(store::list).await?;
        let of = |issuer: &str| providers.iter().map(|kept| &kept.provider).find(|provider| provider.issuer == issuer);
        let listed = listed.into_iter().map(|one| {
            let provider = of(&one.issuer).cloned();
            (one, provider)
        });
        Ok((listed.collect(), can_unlink))
    }

    /// Takes one of the caller's identities off; returns the change number.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Conflict::LastWayIn`].
    pub async fn unlink(&self, caller: Caller, id: Uuid) -> Result<i64> {
        Ok(self.0.options.accounts.unlink_identity(caller, id).await?.change)
    }

    async fn enabled(&self, slug: &str) -> Result<Kept> {
        let slug = slug.to_owned();
        let kept = self.0.options.db.read(move |tx| store::by_slug(tx, &slug)).await?;
        kept.filter(|kept| kept.provider.enabled).ok_or(Error::NotFound("provider"))
    }

    pub(super) fn secret(&self, kept: &Kept) -> Zeroizing<String> {
        let opened = self.0.options.ring.open(place(&kept.provider.id), &kept.sealed);
        if opened.is_none() {
            tracing::error!(
                provider = kept.provider.slug,
                "the master key does not open this provider's client secret; set it anew"
            );
        }
        let text = opened.and_then(|secret| std::str::from_utf8(&secret).map(str::to_owned).ok());
        Zeroizing::new(text.unwrap_or_default())
    }
}

/// Somebody at the end of the way.
struct Arrived {
    kept: Kept,
    person: Person,
    used: Use,
    standing: Standing,
}

/// The way is bound to the session that it was begun in.
fn session(caller: &Caller) -> Result<SessionId> {
    caller.session().ok_or(Error::Forbidden(Forbidden::SessionOnly))
}

fn no_answer(slug: &str, failure: Failure) -> Error {
    let (Failure::NoAnswer(why) | Failure::Refused(why)) = failure;
    tracing::warn!(provider = slug, %why, "a provider of single sign-on gives no answer that helps");
    Error::NoAnswer(why)
}
