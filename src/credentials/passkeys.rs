//! Passkeys: the ceremonies of WebAuthn, and what is kept between their two halves.
//!
//! Owns which site passkeys are for, the options that a browser is given and the check of what it answers; what a check means is the
//! [`super::Verifier`]'s, and the table `passkeys` is [`super::store`]'s. Every ceremony wants user verification (a fingerprint, a PIN), so
//! a passkey is two factors by itself.
//!
//! The first half is sealed and handed to the browser, as challenges are: a server that restarts, or another one on the same store, goes on
//! with it. So that what was signed once lets nobody in twice, the second half is spent with it (`spent_ceremonies`).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::{Host, Url};
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};
use zeroize::Zeroizing;

use super::challenge::Challenge;
use crate::caller::UserId;
use crate::clock::{Ids, Timestamp};
use crate::error::{Error, Result};
use crate::seal;

/// How long a ceremony may take: time to find the key, and to type its PIN.
const LIFETIME: Duration = Duration::from_secs(5 * 60);
/// How many an account may have.
pub const MOST_OF_ONE: i64 = 50;
/// Bytes of a sealed ceremony; they have some 1,000.
const SEALED_BYTES: usize = 4 * 1024;
const ABOUT: &[u8] = b"inkstone passkey ceremony 1";

/// What a browser is to do, and what it brings back with the answer.
#[derive(Debug)]
pub struct Begun {
    /// Sealed: the half of the ceremony that is kept.
    pub state: String,
    /// `CredentialCreationOptions` or `CredentialRequestOptions` as the standard writes them in JSON.
    pub options: Value,
}

/// What somebody who shows a passkey is let in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Purpose {
    /// A session, without a password.
    SignIn,
    /// A session, after the password.
    SecondFactor(Challenge),
    /// What wants a fresh credential, in the session of this account.
    StepUp(UserId),
}

#[derive(Serialize, Deserialize)]
enum Half {
    /// `epoch`: what the account's credentials were when it was asked for.
    Register {
        user: UserId,
        epoch: i64,
        state: PasskeyRegistration,
    },
    Assert {
        purpose: Purpose,
        state: DiscoverableAuthentication,
    },
}

#[derive(Serialize, Deserialize)]
struct Ceremony {
    /// Microseconds since 1970.
    expires_at: i64,
    half: Half,
}

/// A passkey that was just made.
#[derive(Debug, Clone)]
pub struct Made {
    pub(super) credential_id: Vec<u8>,
    pub(super) credential: String,
    /// What the account's credentials were when it was asked for: it is kept only while they are.
    pub epoch: i64,
}

/// What is said of a new passkey that is not kept.
pub fn not_asked_for() -> Error {
    Error::invalid("credential", "is not what was asked for, or came too late; begin again")
}

/// A passkey as it is kept.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) id: Uuid,
    pub(super) user: UserId,
    pub(super) credential: String,
    pub(super) counter: i64,
}

/// What is kept of a passkey that was shown, and of the ceremony that it was shown in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    pub(super) passkey: Uuid,
    pub(super) credential: String,
    pub(super) counter: i64,
    pub(super) at: Timestamp,
    pub(super) ceremony: [u8; 32],
    pub(super) expires_at: Timestamp,
}

/// Why a passkey does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is not what was asked for, or is not signed by the key.
    Wrong,
    /// Its counter has gone back: there is a second one with the same secret.
    Copied,
}

/// An assertion as it came, whose passkey is yet to be looked up.
pub(super) struct Shown {
    answer: PublicKeyCredential,
    state: DiscoverableAuthentication,
    pub(super) purpose: Purpose,
    ceremony: [u8; 32],
    expires_at: Timestamp,
}

impl Shown {
    /// Which passkey it says it is.
    pub(super) fn credential_id(&self) -> &[u8] {
        self.answer.get_credential_id()
    }

    /// Whose it says it is; authenticators that keep no names do not say.
    pub(super) fn user(&self) -> Option<&[u8]> {
        self.answer.get_user_unique_id()
    }
}

/// The ceremonies of one site.
pub(super) struct Ceremonies {
    site: Webauthn,
    key: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for Ceremonies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ceremonies")
    }
}

/// The site that passkeys are for: where people reach the server. `None` where browsers know none: at an address without a name, and
/// without TLS anywhere but on this machine. A server that listens on the loopback alone is reached as `localhost`.
fn site(reached: &str, name: &str) -> Option<Webauthn> {
    let mut url = Url::parse(reached).ok()?;
    let loopback = match url.host()? {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(_) => false,
    };
    if loopback {
        url.set_host(Some("localhost")).ok()?;
    }
    let Some(Host::Domain(domain)) = url.host() else { return None };
    let domain = domain.to_owned();
    if url.scheme() != "https" && domain != "localhost" && !domain.ends_with(".localhost") {
        return None;
    }
    url.set_path("/");
    WebauthnBuilder::new(&domain, &url).ok()?.rp_name(name).timeout(LIFETIME).build().ok()
}

impl Ceremonies {
    /// `reached` is where people reach the server; the key seals what is kept.
    pub(super) fn new(reached: &str, name: &str, key: Zeroizing<[u8; 32]>) -> Option<Self> {
        Some(Self { site: site(reached, name)?, key })
    }

    /// Lets a browser make a passkey for an account, in an authenticator that has none of `known`.
    pub(super) fn register(
        &self,
        ids: &Ids,
        (user, epoch): (UserId, i64),
        (email, name): (&str, &str),
        known: &[Vec<u8>],
    ) -> Result<Begun> {
        // What is known is for the authenticator; here the table decides, so it need not be sealed.
        let begun = self.site.start_passkey_registration(user.0, email, name, None);
        let (options, state) = begun.map_err(Error::internal)?;
        let mut options = serde_json::to_value(options).map_err(Error::internal)?;
        // One that can be found without a name can sign in without one.
        options["publicKey"]["authenticatorSelection"]["residentKey"] = "required".into();
        options["publicKey"]["authenticatorSelection"]["requireResidentKey"] = true.into();
        options["publicKey"]["excludeCredentials"] = descriptors(known);
        self.seal(ids, Half::Register { user, epoch, state }, options, None)
    }

    /// The passkey that a browser made.
    pub(super) fn made(&self, ids: &Ids, user: UserId, sealed: &str, answer: Value) -> Result<Made, Refused> {
        let ceremony = self.open(ids, sealed).ok_or(Refused::Wrong)?;
        let Half::Register { user: of, epoch, state } = ceremony.half else { return Err(Refused::Wrong) };
        let answer: RegisterPublicKeyCredential = serde_json::from_value(answer).map_err(|_| Refused::Wrong)?;
        let passkey = self.site.finish_passkey_registration(&answer, &state).map_err(refused)?;
        if of != user {
            return Err(Refused::Wrong);
        }
        let credential = serde_json::to_string(&passkey).map_err(|_| Refused::Wrong)?;
        Ok(Made { credential_id: passkey.cred_id().to_vec(), credential, epoch })
    }

    /// Lets a browser show a passkey: one of `known`, or when there are none, any that it has for the site.
    /// `until` is when what came before it is over.
    pub(super) fn ask(
        &self,
        ids: &Ids,
        purpose: Purpose,
        known: &[Vec<u8>],
        until: Option<Timestamp>,
    ) -> Result<Begun> {
        let (options, state) = self.site.start_discoverable_authentication().map_err(Error::internal)?;
        let mut options = serde_json::to_value(options).map_err(Error::internal)?;
        // When it is shown is the page's affair.
        if let Some(options) = options.as_object_mut() {
            options.remove("mediation");
        }
        options["publicKey"]["allowCredentials"] = descriptors(known);
        self.seal(ids, Half::Assert { purpose, state }, options, until)
    }

    /// What a browser shows; `None` for what is too old, or no answer to anything that was asked here.
    pub(super) fn shown(&self, ids: &Ids, sealed: &str, answer: Value) -> Option<Shown> {
        let ceremony = self.open(ids, sealed)?;
        let Half::Assert { purpose, state } = ceremony.half else { return None };
        let answer = serde_json::from_value(answer).ok()?;
        let spent = Sha256::digest(sealed).into();
        let expires_at = Timestamp::from_micros(ceremony.expires_at);
        Some(Shown { answer, state, purpose, ceremony: spent, expires_at })
    }

    /// Checks what is shown against the passkey that it says it is.
    pub(super) fn check(&self, ids: &Ids, shown: Shown, kept: &Kept) -> Result<Use, Refused> {
        let Shown { answer, state, ceremony, expires_at, .. } = shown;
        let mut passkey: Passkey = serde_json::from_str(&kept.credential).map_err(|_| Refused::Wrong)?;
        let result: AuthenticationResult =
            self.site.finish_discoverable_authentication_v2(&answer, state, &passkey).map_err(refused)?;
        if !result.user_verified() {
            return Err(Refused::Wrong);
        }
        let counter = i64::from(result.counter());
        if kept.counter > 0 && counter <= kept.counter {
            return Err(Refused::Copied);
        }
        passkey.update_credential(&result);
        let credential = serde_json::to_string(&passkey).map_err(|_| Refused::Wrong)?;
        Ok(Use { passkey: kept.id, credential, counter, at: ids.now(), ceremony, expires_at })
    }

    fn seal(&self, ids: &Ids, half: Half, options: Value, until: Option<Timestamp>) -> Result<Begun> {
        let expires_at = ids.now().plus(LIFETIME);
        let expires_at = until.map_or(expires_at, |until| until.min(expires_at));
        let ceremony = Ceremony { expires_at: expires_at.micros(), half };
        let plain = serde_json::to_vec(&ceremony).map_err(Error::internal)?;
        let state = URL_SAFE_NO_PAD.encode(seal::seal(&self.key, &ids.bytes(), ABOUT, &plain)?);
        Ok(Begun { state, options })
    }

    fn open(&self, ids: &Ids, sealed: &str) -> Option<Ceremony> {
        if sealed.len() > SEALED_BYTES {
            return None;
        }
        let plain = seal::open(&self.key, ABOUT, &URL_SAFE_NO_PAD.decode(sealed).ok()?)?;
        let ceremony: Ceremony = serde_json::from_slice(&plain).ok()?;
        (ids.now().micros() < ceremony.expires_at).then_some(ceremony)
    }
}

/// Passkeys as options name them.
fn descriptors(ids: &[Vec<u8>]) -> Value {
    let one = |id: &Vec<u8>| serde_json::json!({ "type": "public-key", "id": URL_SAFE_NO_PAD.encode(id) });
    ids.iter().map(one).collect()
}

fn refused(error: WebauthnError) -> Refused {
    // What it says may have as much of the request in it as there was.
    let why: String = error.to_string().chars().take(200).collect();
    tracing::debug!(why, "a passkey was refused");
    match error {
        WebauthnError::CredentialPossibleCompromise => Refused::Copied,
        _ => Refused::Wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_for_a_name_that_browsers_know() {
        let origin = |reached: &str| site(reached, "Inkstone").map(|site| site.get_allowed_origins()[0].to_string());
        assert_eq!(origin("https://notes.example.org/notes").as_deref(), Some("https://notes.example.org/"));
        assert_eq!(origin("https://notes.example.org:8443").as_deref(), Some("https://notes.example.org:8443/"));
        for loopback in ["http://127.0.0.1:7465", "http://[::1]:7465", "http://localhost:7465"] {
            assert_eq!(origin(loopback).as_deref(), Some("http://localhost:7465/"), "{loopback}");
        }
        for none in ["http://notes.example.org", "https://192.0.2.1", "http://0.0.0.0:7465", "nonsense"] {
            assert_eq!(origin(none), None, "{none}");
        }
    }
}
