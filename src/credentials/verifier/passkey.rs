//! Checking passkeys.

use serde_json::Value;

use super::{Proof, Verifier};
use crate::audit::Action;
use crate::caller::{Device, UserId};
use crate::credentials::Challenge;
use crate::credentials::passkeys::{self, Begun, Ceremonies, Made, Purpose, Refused, Shown};
use crate::credentials::store::{self, Spend};
use crate::credentials::{Flow, Method};
use crate::error::{Conflict, Error, Result, Unauthenticated};

/// What a browser answers, and what it was given to answer.
#[derive(Debug)]
pub struct Assertion {
    /// The sealed half of the ceremony.
    pub state: String,
    /// `PublicKeyCredential` as the standard writes it in JSON.
    pub credential: Value,
}

impl Verifier {
    /// Whether the server is reached in a way that browsers know passkeys for.
    pub fn knows_passkeys(&self) -> bool {
        self.0.ceremonies.is_some()
    }

    fn ceremonies(&self) -> Result<&Ceremonies> {
        self.0.ceremonies.as_ref().ok_or(Error::Conflict(Conflict::NoPasskeys))
    }

    /// Lets a browser make a passkey for an account.
    ///
    /// # Errors
    /// [`Conflict::NoPasskeys`], [`Conflict::TooManyPasskeys`].
    pub async fn begin_passkey(&self, user: UserId, email: &str, name: &str) -> Result<Begun> {
        let ceremonies = self.ceremonies()?;
        let found =
            self.0.options.db.read(move |tx| Ok((store::of(tx, user)?, store::passkeys::credential_ids(tx, user)?)));
        let (account, known) = found.await?;
        let account = account.ok_or(Error::NotFound("account"))?;
        if account.passkeys >= passkeys::MOST_OF_ONE {
            return Err(Error::Conflict(Conflict::TooManyPasskeys));
        }
        ceremonies.register(&self.0.options.ids, (user, account.epoch), (email, name), &known)
    }

    /// The passkey that a browser made.
    ///
    /// # Errors
    /// [`Error::Invalid`] about `credential`.
    pub fn made_passkey(&self, user: UserId, made: Assertion) -> Result<Made> {
        let made = self.ceremonies()?.made(&self.0.options.ids, user, &made.state, made.credential);
        made.map_err(|_| passkeys::not_asked_for())
    }

    /// Lets a browser show a passkey to sign in, after the password when there is a challenge.
    ///
    /// # Errors
    /// [`Conflict::NoPasskeys`], [`Unauthenticated::ChallengeExpired`], [`Error::Throttled`].
    pub async fn ask_for_passkey(&self, challenge: Option<&str>, device: &Device) -> Result<Begun> {
        let (ceremonies, ids) = (self.ceremonies()?, &self.0.options.ids);
        self.admit(Flow::Passkey, None, device).await?;
        let Some(challenge) = challenge else { return ceremonies.ask(ids, Purpose::SignIn, &[], None) };
        let challenge = self.0.challenges.open(challenge, ids.now());
        let (challenge, until) = challenge.ok_or(Error::Unauthenticated(Unauthenticated::ChallengeExpired))?;
        let known = self.0.options.db.read(move |tx| store::passkeys::credential_ids(tx, challenge.user)).await?;
        ceremonies.ask(ids, Purpose::SecondFactor(challenge), &known, Some(until))
    }

    /// Lets a browser show one of the account's passkeys again.
    ///
    /// # Errors
    /// [`Conflict::NoPasskeys`].
    pub async fn ask_for_own_passkey(&self, user: UserId) -> Result<Begun> {
        let ceremonies = self.ceremonies()?;
        let known = self.0.options.db.read(move |tx| store::passkeys::credential_ids(tx, user)).await?;
        ceremonies.ask(&self.0.options.ids, Purpose::StepUp(user), &known, None)
    }

    /// Checks a passkey that is shown to sign in; with the challenge when there was a password before.
    ///
    /// # Errors
    /// [`Unauthenticated::InvalidPasskey`], [`Unauthenticated::ChallengeExpired`], [`Error::Throttled`].
    pub async fn passkey(&self, shown: Assertion, device: &Device) -> Result<(Proof, Option<Challenge>)> {
        self.admit(Flow::Passkey, None, device).await?;
        let shown = self.shown(shown)?;
        match shown.purpose {
            Purpose::SignIn => Ok((self.check(Flow::Passkey, shown, None, device).await?, None)),
            Purpose::SecondFactor(challenge) => {
                self.admit(Flow::SecondFactor, Some(&challenge.user.to_string()), device).await?;
                let proof = self.check(Flow::SecondFactor, shown, Some(challenge.user), device).await?;
                // The password was changed meanwhile.
                if proof.account.epoch != challenge.epoch {
                    return Err(Error::Unauthenticated(Unauthenticated::ChallengeExpired));
                }
                Ok((proof, Some(challenge)))
            }
            Purpose::StepUp(_) => Err(Error::Unauthenticated(Unauthenticated::ChallengeExpired)),
        }
    }

    /// Checks a passkey of somebody who is signed in.
    ///
    /// # Errors
    /// As [`Verifier::passkey`].
    pub async fn own_passkey(&self, user: UserId, shown: Assertion, device: &Device) -> Result<Proof> {
        self.admit(Flow::StepUp, Some(&user.to_string()), device).await?;
        let shown = self.shown(shown)?;
        if shown.purpose != Purpose::StepUp(user) {
            return Err(Error::Unauthenticated(Unauthenticated::ChallengeExpired));
        }
        self.check(Flow::StepUp, shown, Some(user), device).await
    }

    fn shown(&self, shown: Assertion) -> Result<Shown> {
        let shown = self.ceremonies()?.shown(&self.0.options.ids, &shown.state, shown.credential);
        shown.ok_or(Error::Unauthenticated(Unauthenticated::ChallengeExpired))
    }

    async fn check(&self, flow: Flow, shown: Shown, whose: Option<UserId>, device: &Device) -> Result<Proof> {
        let (ceremonies, ids) = (self.ceremonies()?, &self.0.options.ids);
        let refused = |about: Option<UserId>, why: Refused| {
            let method = match why {
                Refused::Wrong => "passkey",
                Refused::Copied => "passkey-copy",
            };
            self.refuse(Action::CredentialRefused, flow, method, about, device);
            Error::Unauthenticated(Unauthenticated::InvalidPasskey)
        };
        let credential_id = shown.credential_id().to_vec();
        let found = self.0.options.db.read(move |tx| {
            let Some(kept) = store::passkeys::find(tx, &credential_id)? else { return Ok(None) };
            Ok(store::of(tx, kept.user)?.map(|account| (kept, account)))
        });
        let Some((kept, account)) = found.await? else { return Err(refused(whose, Refused::Wrong)) };
        let says_so = shown.user().is_none_or(|user| user == kept.user.0.as_bytes());
        if !says_so || whose.is_some_and(|user| user != kept.user) || !account.active {
            return Err(refused(whose, Refused::Wrong));
        }
        let user = kept.user;
        match ceremonies.check(ids, shown, &kept) {
            Ok(used) => {
                Ok(Proof { account, rehashed: None, spend: Some(Spend::Passkey(used)), method: Method::Passkey })
            }
            Err(why) => {
                if why == Refused::Copied {
                    tracing::warn!(%user, passkey = %kept.id, "a passkey was shown whose counter has gone back; somebody may have copied it");
                }
                Err(refused(Some(user), why))
            }
        }
    }
}
