//! The one place where credentials are checked.
//!
//! Every check goes the same way: is another try allowed ([`super::throttle`]); the work, the same for an account that exists and for
//! one that does not; and, when it does not count, a note of it ([`crate::audit::refusals`]) and the same answer whatever the reason
//! was.

mod identity;
mod passkey;

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

pub use passkey::Assertion;

use super::challenge::{Challenge, Sealer};
use super::passkeys::Ceremonies;
use super::password::{Password, Passwords, Verdict};
use super::store::{self, Account, Spend};
use super::throttle::Throttle;
use super::totp::Seed;
use super::{Flow, Method, recovery};
use crate::audit::Action;
use crate::audit::refusals::Refusals;
use crate::caller::{Device, UserId};
use crate::clock::{Ids, Timestamp};
use crate::db::{Db, WriteTx};
use crate::error::{Error, Result, Unauthenticated};
use crate::metrics::CredentialMetrics;
use crate::seal::{Keyring, Place};
use crate::secrets;
use crate::sessions::Delivery;

/// What a verifier is made of.
#[derive(Debug, Clone)]
pub struct Options {
    /// The store.
    pub db: Db,
    /// Time and randomness.
    pub ids: Ids,
    /// The process's password checks.
    pub passwords: Passwords,
    /// Opens seeds.
    pub ring: Keyring,
    /// Where refusals are counted.
    pub refusals: Refusals,
    /// What is counted.
    pub metrics: CredentialMetrics,
    /// Whether tries are limited.
    pub throttle: bool,
    /// Where people reach the server: the site that passkeys are for.
    pub reached: String,
    /// How authenticators call the server.
    pub name: &'static str,
}

struct Inner {
    options: Options,
    throttle: Throttle,
    challenges: Sealer,
    /// `None` where browsers know no passkeys.
    ceremonies: Option<Ceremonies>,
}

/// Checks credentials. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Verifier(Arc<Inner>);

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier")
    }
}

/// A credential that counted.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Whose it was.
    pub account: Account,
    /// A costlier hash of the same password, when it is time for one.
    pub rehashed: Option<String>,
    /// A code that is to be used up by what it lets happen.
    pub spend: Option<Spend>,
    /// What was shown.
    pub method: Method,
}

impl Proof {
    /// Makes sure, in the transaction that it lets something happen in, that it still counts: the account is active, its credentials
    /// are those that were checked, and a code is used up by this.
    ///
    /// # Errors
    /// [`Unauthenticated::InvalidCredentials`], [`Unauthenticated::InvalidCode`] or [`Unauthenticated::InvalidPasskey`].
    pub fn hold(&self, tx: &mut WriteTx<'_>) -> Result<Account> {
        let refused = || Error::Unauthenticated(Unauthenticated::InvalidCredentials);
        let now = store::of(tx, self.account.user)?.filter(|now| now.active && now.epoch == self.account.epoch);
        let now = now.ok_or_else(refused)?;
        if let Some(rehashed) = &self.rehashed {
            store::rehash(tx, now.user, now.epoch, rehashed)?;
        }
        match &self.spend {
            Some(spend) if !store::spend(tx, now.user, spend)? => Err(not_accepted(self.method)),
            _ => Ok(now),
        }
    }
}

/// A new second factor that is yet to be confirmed: shown once.
pub struct Enrolment {
    /// For typing it in.
    pub secret: String,
    /// For a QR code.
    pub uri: String,
}

impl fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Enrolment")
    }
}

impl Verifier {
    /// Over one store.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the keyring is another store's.
    pub async fn open(options: Options) -> Result<Self> {
        let Options { db, ids, ring, .. } = &options;
        let key = secrets::named(db, ids, ring, "sign-in challenge", &ids.bytes()).await?;
        let ceremonies = secrets::named(db, ids, ring, "passkey ceremony", &ids.bytes()).await?;
        let ceremonies = Ceremonies::new(&options.reached, options.name, ceremonies);
        let throttle = Throttle::new(options.throttle, ids);
        Ok(Self(Arc::new(Inner { throttle, challenges: Sealer::new(key), ceremonies, options })))
    }

    /// What hashes new passwords.
    pub fn passwords(&self) -> &Passwords {
        &self.0.options.passwords
    }

    /// Takes a try at a way in that is not a check of this module's, such as a link.
    ///
    /// # Errors
    /// [`Error::Throttled`].
    pub async fn admit(&self, flow: Flow, account: Option<&str>, device: &Device) -> Result<()> {
        let admitted = self.0.throttle.admit(flow, account, device).await;
        if admitted.is_err() {
            self.refuse(Action::CredentialThrottled, flow, "none", None, device);
        }
        admitted
    }

    /// Notes that something was shown that did not count.
    pub fn refuse(&self, action: Action, flow: Flow, method: &'static str, about: Option<UserId>, device: &Device) {
        self.0.options.metrics.refused(flow.as_str(), method, action == Action::CredentialThrottled);
        self.0.options.refusals.note(action, flow.as_str(), method, about, device);
    }

    /// Checks e-mail and password. `name` is the folded address as it was typed, whether or not somebody has it.
    ///
    /// # Errors
    /// [`Unauthenticated::InvalidCredentials`], [`Error::Throttled`], [`Error::Busy`].
    pub async fn sign_in(&self, name: &str, known: bool, password: &str, device: &Device) -> Result<Proof> {
        self.admit(Flow::SignIn, Some(name), device).await?;
        let name = name.to_owned();
        // What cannot be an address is nobody's; it costs the same.
        let account = match known {
            true => self.0.options.db.read(move |tx| store::by_email_key(tx, &name)).await?,
            false => None,
        };
        self.password(Flow::SignIn, account, password, device).await
    }

    /// Checks the password of somebody who is signed in.
    ///
    /// # Errors
    /// As [`Verifier::sign_in`].
    pub async fn own_password(&self, user: UserId, password: &str, device: &Device) -> Result<Proof> {
        self.admit(Flow::StepUp, Some(&user.to_string()), device).await?;
        let account = self.0.options.db.read(move |tx| store::of(tx, user)).await?;
        self.password(Flow::StepUp, account, password, device).await
    }

    async fn password(&self, flow: Flow, account: Option<Account>, text: &str, device: &Device) -> Result<Proof> {
        let about = account.as_ref().map(|account| account.user);
        let refused = || {
            self.refuse(Action::CredentialRefused, flow, Method::Password.as_str(), about, device);
            Error::Unauthenticated(Unauthenticated::InvalidCredentials)
        };
        let passwords = &self.0.options.passwords;
        let password = Password::presented(text).ok_or_else(refused)?;
        // An account without a password costs as much as one that does not exist.
        let stored = account.as_ref().filter(|account| account.has_password()).map(|account| account.password.clone());
        let verdict = passwords.verify(&password, stored).await?;
        let (Verdict::Right { outdated }, Some(account)) = (verdict, account) else { return Err(refused()) };
        if !account.active {
            return Err(refused());
        }
        let rehashed = match outdated {
            true => Some(passwords.hash(&password, self.0.options.ids.bytes()).await?),
            false => None,
        };
        Ok(Proof { account, rehashed, spend: None, method: Method::Password })
    }

    /// What is given to somebody whose password was right, or for whom `provider` vouched, and whose second factor is still missing.
    ///
    /// # Errors
    /// [`Error::Internal`], which is a defect.
    pub fn challenge(&self, account: &Account, delivery: Delivery, provider: Option<Uuid>) -> Result<String> {
        let challenge = Challenge { user: account.user, epoch: account.epoch, delivery, provider };
        self.0.challenges.seal(&self.0.options.ids, challenge)
    }

    /// Checks the second factor that answers a challenge.
    ///
    /// # Errors
    /// [`Unauthenticated::ChallengeExpired`], [`Unauthenticated::InvalidCode`], [`Error::Throttled`].
    pub async fn second_factor(
        &self,
        challenge: &str,
        method: Method,
        code: &str,
        device: &Device,
    ) -> Result<(Proof, Challenge)> {
        let expired = || Error::Unauthenticated(Unauthenticated::ChallengeExpired);
        let (challenge, _) = self.0.challenges.open(challenge, self.0.options.ids.now()).ok_or_else(expired)?;
        let proof = self.code(Flow::SecondFactor, challenge.user, method, code, device).await?;
        // The password was changed meanwhile.
        if proof.account.epoch != challenge.epoch {
            return Err(expired());
        }
        Ok((proof, challenge))
    }

    /// Checks a code of somebody who is signed in.
    ///
    /// # Errors
    /// [`Unauthenticated::InvalidCode`], [`Error::Throttled`].
    pub async fn own_code(&self, user: UserId, method: Method, code: &str, device: &Device) -> Result<Proof> {
        self.code(Flow::StepUp, user, method, code, device).await
    }

    async fn code(&self, flow: Flow, user: UserId, method: Method, code: &str, device: &Device) -> Result<Proof> {
        self.admit(flow, Some(&user.to_string()), device).await?;
        let (account, totp) =
            self.0.options.db.read(move |tx| Ok((store::of(tx, user)?, store::totp(tx, user)?))).await?;
        let spend = match method {
            Method::Totp => totp
                .filter(|totp| totp.confirmed)
                .and_then(|totp| Some((self.seed(user, &totp.sealed)?, totp.last_step)))
                .and_then(|(seed, last)| seed.step(code, self.0.options.ids.now()).filter(|step| *step > last))
                .map(Spend::Totp),
            Method::RecoveryCode => recovery::hash(user, code).map(Spend::Recovery),
            Method::Password | Method::Passkey | Method::Identity => None,
        };
        match (account, spend) {
            (Some(account), Some(spend)) if account.active => {
                Ok(Proof { account, rehashed: None, spend: Some(spend), method })
            }
            _ => Err(self.wrong_code(flow, method, user, device)),
        }
    }

    /// Notes a code, or what a passkey signed, that did not count.
    pub fn wrong_code(&self, flow: Flow, method: Method, user: UserId, device: &Device) -> Error {
        self.refuse(Action::CredentialRefused, flow, method.as_str(), Some(user), device);
        not_accepted(method)
    }

    fn seed(&self, user: UserId, sealed: &[u8]) -> Option<Seed> {
        let opened = self.0.options.ring.open(place(&user), sealed);
        if opened.is_none() {
            tracing::error!(%user, "the master key does not open this account's second factor; recovery codes still work, and `inkstone user reset-2fa` takes it off");
        }
        opened.map(Seed::of)
    }

    /// Draws a second factor for an account; it asks for nothing until it is confirmed.
    ///
    /// # Errors
    /// [`crate::error::Conflict::SecondFactorOn`].
    pub async fn enrol(&self, user: UserId, issuer: &str, name: &str) -> Result<Enrolment> {
        let Options { db, ids, ring, .. } = &self.0.options;
        let seed = Seed::draw(ids);
        let (sealed, now) = (ring.seal(ids, place(&user), seed.bytes())?, ids.now());
        let put = db.write(move |tx| store::put_totp(tx, user, &sealed, now)).await?;
        if !put.value {
            return Err(Error::Conflict(crate::error::Conflict::SecondFactorOn));
        }
        Ok(Enrolment { secret: seed.text(), uri: seed.uri(issuer, name)? })
    }

    /// Checks the first code of a new second factor; returns what [`FirstCode::turn_on`] keeps.
    ///
    /// # Errors
    /// [`Unauthenticated::InvalidCode`], [`Error::NotFound`], [`Error::Throttled`].
    pub async fn first_code(&self, user: UserId, code: &str, device: &Device) -> Result<FirstCode> {
        self.admit(Flow::StepUp, Some(&user.to_string()), device).await?;
        let totp = self.0.options.db.read(move |tx| store::totp(tx, user)).await?;
        let totp = totp
            .filter(|totp| !totp.confirmed)
            .ok_or(Error::NotFound("second factor that waits for its first code"))?;
        let seed = self.seed(user, &totp.sealed).ok_or_else(|| secrets::wrong_key("second factor"))?;
        match seed.step(code, self.0.options.ids.now()) {
            Some(step) => Ok(FirstCode { sealed: totp.sealed, step }),
            None => Err(Error::invalid("code", "is not what the app shows now; is the phone's clock right?")),
        }
    }

    /// Ten new recovery codes, and what [`RecoverySet::put`] keeps of them.
    pub fn recovery_codes(&self, user: UserId) -> RecoverySet {
        let codes = recovery::draw(&self.0.options.ids);
        let hashes = codes.iter().filter_map(|code| recovery::hash(user, code)).collect();
        RecoverySet { codes, hashes }
    }
}

/// The first code of a new second factor, checked.
#[derive(Debug, Clone)]
pub struct FirstCode {
    sealed: Vec<u8>,
    step: i64,
}

impl FirstCode {
    /// Lets the second factor ask from now on; `false`: it is another one by now.
    ///
    /// # Errors
    /// What the store says.
    pub fn turn_on(&self, tx: &mut WriteTx<'_>, user: UserId, now: Timestamp) -> Result<bool> {
        store::confirm_totp(tx, user, &self.sealed, self.step, now)
    }
}

/// Recovery codes that are shown once.
#[derive(Clone)]
pub struct RecoverySet {
    /// As they are written down.
    pub codes: Vec<String>,
    hashes: Vec<recovery::Hash>,
}

impl fmt::Debug for RecoverySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoverySet")
    }
}

impl RecoverySet {
    /// Puts them in the place of all before.
    ///
    /// # Errors
    /// What the store says.
    pub fn put(&self, tx: &mut WriteTx<'_>, user: UserId) -> Result<()> {
        store::put_recovery_codes(tx, user, &self.hashes)
    }
}

fn not_accepted(method: Method) -> Error {
    Error::Unauthenticated(match method {
        Method::Password => Unauthenticated::InvalidCredentials,
        Method::Totp | Method::RecoveryCode => Unauthenticated::InvalidCode,
        Method::Passkey => Unauthenticated::InvalidPasskey,
        Method::Identity => Unauthenticated::IdentityRefused,
    })
}

fn place(user: &UserId) -> Place<'_> {
    Place { table: "totp", column: "sealed", row: user.0.as_bytes() }
}
