//! Getting in: the password or a provider's word, the second factor where there is one, and then a session.

use uuid::Uuid;

use super::service::Accounts;
use super::{Email, User, store};
use crate::audit::{self, Action, By, Entry};
use crate::caller::Device;
use crate::credentials::{self, Account, Assertion, Challenge, Flow, Method, Proof};
use crate::db::Written;
use crate::error::{Conflict, Error, Result, Unauthenticated};
use crate::fold;
use crate::sessions::{self, Delivery, Tokens};

impl Accounts {
    /// Begins a session for whoever knows the password, unless the account wants a second factor.
    ///
    /// An unknown address, a wrong password and a disabled account get the same answer after the same time. The password is
    /// checked before the transaction; the transaction then makes sure that it was still the password, so that a sign-in
    /// with the old one cannot slip past a change of it.
    ///
    /// # Errors
    /// [`Unauthenticated::InvalidCredentials`], [`Error::SecondFactorRequired`], [`Error::Throttled`], [`Error::Busy`].
    pub async fn login(
        &self,
        email: &str,
        password: &str,
        delivery: Delivery,
        device: Device,
    ) -> Result<Written<(User, Tokens)>> {
        let parsed = Email::parse(email).ok();
        // What cannot be an address is counted like one.
        let name = parsed.as_ref().map_or_else(|| fold::name_key(email), |email| email.key().to_owned());
        let proof = self.verifier.sign_in(&name, parsed.is_some(), password, &device).await?;
        if proof.account.second_factors().is_empty() {
            return self.begin(proof, Flow::SignIn, delivery, device, None).await;
        }
        let account = proof.account;
        let (user, epoch) = (account.user, account.epoch);
        if let Some(rehashed) = proof.rehashed {
            self.db
                .write_with(sessions::WRITE, move |tx| credentials::store::rehash(tx, user, epoch, &rehashed))
                .await?;
        }
        Err(self.second_factor_required(&account, delivery, None)?)
    }

    /// Begins a session for whoever a provider vouches for, unless the account wants a second factor here and the provider's does not
    /// stand in for it.
    ///
    /// # Errors
    /// [`Unauthenticated::IdentityRefused`], [`Conflict::SsoFlowExpired`], [`Error::SecondFactorRequired`].
    pub async fn vouched_for(
        &self,
        proof: Proof,
        origin: sessions::Origin,
        stands_in: bool,
        delivery: Delivery,
        device: Device,
    ) -> Result<Written<(User, Tokens)>> {
        if stands_in || proof.account.second_factors().is_empty() {
            return self.begin(proof, Flow::Identity, delivery, device, Some(origin)).await;
        }
        let account = proof.account.clone();
        // What the provider has said is used up now: the challenge goes on from here.
        self.db.write_with(sessions::WRITE, move |tx| proof.hold(tx)).await.map_err(used_before)?;
        Err(self.second_factor_required(&account, delivery, Some(origin.provider))?)
    }

    fn second_factor_required(&self, account: &Account, delivery: Delivery, provider: Option<Uuid>) -> Result<Error> {
        // A passkey that was made under another name is of no use here, and a recovery code stands in.
        let methods = account.second_factors().into_iter();
        let methods = methods.filter(|method| *method != Method::Passkey || self.knows_passkeys());
        let challenge = self.verifier.challenge(account, delivery, provider)?;
        Ok(Error::SecondFactorRequired { challenge, methods: methods.map(Method::as_str).collect() })
    }

    /// Begins the session that a challenge stands for.
    ///
    /// # Errors
    /// [`Unauthenticated::ChallengeExpired`], [`Unauthenticated::InvalidCode`], [`Error::Throttled`].
    pub async fn second_factor(
        &self,
        challenge: &str,
        method: Method,
        code: &str,
        device: Device,
    ) -> Result<Written<(User, Tokens)>> {
        let (proof, challenge) = self.verifier.second_factor(challenge, method, code, &device).await?;
        self.begin(proof, Flow::SecondFactor, challenge.delivery, device, from(&challenge)).await
    }

    /// Begins a session for whoever shows a passkey: without a password, or after one.
    ///
    /// # Errors
    /// [`Unauthenticated::InvalidPasskey`], [`Unauthenticated::ChallengeExpired`], [`Error::Throttled`].
    pub async fn passkey(
        &self,
        shown: Assertion,
        delivery: Delivery,
        device: Device,
    ) -> Result<Written<(User, Tokens)>> {
        let (proof, challenge) = self.verifier.passkey(shown, &device).await?;
        let Some(challenge) = challenge else { return self.begin(proof, Flow::Passkey, delivery, device, None).await };
        self.begin(proof, Flow::SecondFactor, challenge.delivery, device, from(&challenge)).await
    }

    async fn begin(
        &self,
        proof: Proof,
        flow: Flow,
        delivery: Delivery,
        device: Device,
        origin: Option<sessions::Origin>,
    ) -> Result<Written<(User, Tokens)>> {
        let opening = self.sessions.opening(delivery, device.clone()).coming_from(origin);
        let (cache, begun) = (self.sessions.cache().clone(), opening.clone());
        let (user, epoch, method) = (proof.account.user, proof.account.epoch, proof.method);
        let entry = Entry::new(&self.ids, Action::SignedIn, By::owner(user, device.clone()))
            .about(user)
            .target(opening.session().0)
            .detail("method", method.as_str());
        let used = Entry::new(&self.ids, Action::RecoveryUsed, By::owner(user, device.clone())).about(user);
        let written = self
            .db
            .write_with(sessions::WRITE, move |tx| {
                proof.hold(tx)?;
                sessions::store::begin(tx, &cache, &begun, user, epoch)?;
                audit::store::record(tx, &entry)?;
                if method == Method::RecoveryCode {
                    audit::store::record(tx, &used)?;
                }
                store::get(tx, user)?.ok_or(Error::NotFound("account"))
            })
            .await;
        let written = match written {
            // Another request was faster with the same code.
            Err(Error::Unauthenticated(Unauthenticated::InvalidCode | Unauthenticated::InvalidPasskey)) => {
                return Err(self.verifier.wrong_code(flow, method, user, &device));
            }
            Err(error) if method == Method::Identity => return Err(used_before(error)),
            other => other?,
        };
        let tokens = self.sessions.issue(&opening, user, epoch)?;
        Ok(written.map(|user| (user, tokens)))
    }
}

/// The provider that stood in for the password. What it said is not at hand any more.
fn from(challenge: &Challenge) -> Option<sessions::Origin> {
    challenge.provider.map(|provider| sessions::Origin { provider, id_token: None })
}

/// A provider's word that another request was faster with.
fn used_before(error: Error) -> Error {
    match error {
        Error::Unauthenticated(Unauthenticated::IdentityRefused) => Error::Conflict(Conflict::SsoFlowExpired),
        other => other,
    }
}
