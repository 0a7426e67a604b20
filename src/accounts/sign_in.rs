//! Getting in: the password, the second factor where there is one, and then a session.

use super::service::Accounts;
use super::{Email, User, store};
use crate::audit::{self, Action, By, Entry};
use crate::caller::Device;
use crate::credentials::{self, Assertion, Flow, Method, Proof};
use crate::db::Written;
use crate::error::{Error, Result, Unauthenticated};
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
        let methods = proof.account.second_factors();
        if methods.is_empty() {
            return self.begin(proof, Flow::SignIn, delivery, device).await;
        }
        if let Some(rehashed) = proof.rehashed {
            let (user, epoch) = (proof.account.user, proof.account.epoch);
            self.db
                .write_with(sessions::WRITE, move |tx| credentials::store::rehash(tx, user, epoch, &rehashed))
                .await?;
        }
        // A passkey that was made under another name is of no use here, and a recovery code stands in.
        let methods = methods.into_iter().filter(|method| *method != Method::Passkey || self.knows_passkeys());
        let methods = methods.map(Method::as_str).collect();
        Err(Error::SecondFactorRequired { challenge: self.verifier.challenge(&proof.account, delivery)?, methods })
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
        let (proof, delivery) = self.verifier.second_factor(challenge, method, code, &device).await?;
        self.begin(proof, Flow::SecondFactor, delivery, device).await
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
        let (proof, chosen) = self.verifier.passkey(shown, &device).await?;
        let flow = if chosen.is_some() { Flow::SecondFactor } else { Flow::Passkey };
        self.begin(proof, flow, chosen.unwrap_or(delivery), device).await
    }

    async fn begin(
        &self,
        proof: Proof,
        flow: Flow,
        delivery: Delivery,
        device: Device,
    ) -> Result<Written<(User, Tokens)>> {
        let opening = self.sessions.opening(delivery, device.clone());
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
            other => other?,
        };
        let tokens = self.sessions.issue(&opening, user, epoch)?;
        Ok(written.map(|user| (user, tokens)))
    }
}
