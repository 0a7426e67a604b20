//! The way to a provider and back, bound to the browser that began it.
//!
//! What has to be known on the way back is sealed and given to the browser as a cookie; the server keeps nothing, and another instance
//! goes on with it. `state` goes the whole way through the provider and must come back the same.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::caller::{SessionId, UserId};
use crate::clock::{Ids, Timestamp};
use crate::error::{Conflict, Error, Result};
use crate::seal;

/// How long the way may take: time to find the phone there, too.
pub(super) const LIFETIME: Duration = Duration::from_secs(10 * 60);

const ABOUT: &[u8] = b"inkstone sso flow 1";
/// Longest cookie that is looked at.
const MAX_COOKIE_BYTES: usize = 2048;

/// What the way is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Purpose {
    /// To sign in.
    SignIn,
    /// To link an identity with the account that is signed in by this session.
    Link(UserId, SessionId),
    /// To show again that the account's owner is here.
    StepUp(UserId, SessionId),
}

impl Purpose {
    /// What `state` begins with, so that the page knows what to do. The server goes by the cookie.
    fn hint(self) -> &'static str {
        match self {
            Self::SignIn => "in",
            Self::Link(..) => "link",
            Self::StepUp(..) => "up",
        }
    }
}

/// What has to be known on the way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Flow {
    pub(super) provider: Uuid,
    pub(super) purpose: Purpose,
    pub(super) state: String,
    pub(super) nonce: String,
    /// Of PKCE (RFC 7636).
    pub(super) verifier: String,
    until: i64,
}

/// What a browser brings back from a provider.
#[derive(Debug, Clone)]
pub struct Return {
    /// What the provider is asked with.
    pub code: String,
    /// What went there and back.
    pub state: String,
    /// Who says that it sent the browser back (RFC 9207).
    pub iss: Option<String>,
    /// The cookie that was set when the way began.
    pub cookie: Option<String>,
}

impl Flow {
    pub(super) fn new(ids: &Ids, provider: Uuid, purpose: Purpose) -> Self {
        let random = || URL_SAFE_NO_PAD.encode(ids.bytes::<32>());
        Self {
            provider,
            purpose,
            state: format!("{}.{}", purpose.hint(), random()),
            nonce: random(),
            verifier: random(),
            until: ids.now().plus(LIFETIME).micros(),
        }
    }

    /// When it is too old.
    pub(super) fn until(&self) -> Timestamp {
        Timestamp::from_micros(self.until)
    }

    /// By what it is known once it is spent.
    pub(super) fn hash(&self) -> [u8; 32] {
        Sha256::new().chain_update("inkstone v1 sso flow").chain_update(&self.state).finalize().into()
    }
}

/// Seals and opens flows.
pub(super) struct Sealer(pub(super) Zeroizing<[u8; 32]>);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer")
    }
}

impl Sealer {
    pub(super) fn seal(&self, ids: &Ids, flow: &Flow) -> Result<String> {
        let text = serde_json::to_vec(flow).map_err(Error::internal)?;
        Ok(URL_SAFE_NO_PAD.encode(seal::seal(&self.0, &ids.bytes(), ABOUT, &text)?))
    }

    /// The flow that `back` answers, begun by this browser for this provider and not too long ago.
    ///
    /// # Errors
    /// [`Conflict::SsoFlowExpired`].
    pub(super) fn open(&self, provider: Uuid, back: &Return, now: Timestamp) -> Result<Flow> {
        let expired = || Error::Conflict(Conflict::SsoFlowExpired);
        let cookie = back.cookie.as_deref().filter(|cookie| cookie.len() <= MAX_COOKIE_BYTES).ok_or_else(expired)?;
        let sealed = URL_SAFE_NO_PAD.decode(cookie).map_err(|_| expired())?;
        let text = seal::open(&self.0, ABOUT, &sealed).ok_or_else(expired)?;
        let flow: Flow = serde_json::from_slice(&text).map_err(|_| expired())?;
        let same = bool::from(flow.state.as_bytes().ct_eq(back.state.as_bytes()));
        if same && flow.provider == provider && now < flow.until() { Ok(flow) } else { Err(expired()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_comes_back_to_the_browser_that_began_it_and_to_no_other() {
        let ids = Ids::system();
        let sealer = Sealer(Zeroizing::new([1; 32]));
        let provider = Uuid::from_u128(7);
        let flow = Flow::new(&ids, provider, Purpose::SignIn);
        let cookie = sealer.seal(&ids, &flow).unwrap();
        assert!(flow.state.starts_with("in.") && cookie.len() < MAX_COOKIE_BYTES / 2, "{}", cookie.len());
        let back = |state: &str, cookie: Option<&str>| Return {
            code: "code".into(),
            state: state.into(),
            iss: None,
            cookie: cookie.map(Into::into),
        };
        let now = ids.now();
        assert_eq!(sealer.open(provider, &back(&flow.state, Some(&cookie)), now).unwrap(), flow);

        let other = sealer.seal(&ids, &Flow::new(&ids, provider, Purpose::SignIn)).unwrap();
        let late = now.plus(LIFETIME + Duration::from_secs(1));
        for (provider, back, at) in [
            (provider, back(&flow.state, None), now),
            (provider, back(&flow.state, Some(&other)), now),
            (provider, back(&flow.state, Some(&cookie[1..])), now),
            (provider, back("in.other", Some(&cookie)), now),
            (provider, back("", Some(&cookie)), now),
            (Uuid::from_u128(8), back(&flow.state, Some(&cookie)), now),
            (provider, back(&flow.state, Some(&cookie)), late),
        ] {
            assert!(matches!(sealer.open(provider, &back, at), Err(Error::Conflict(Conflict::SsoFlowExpired))));
        }
    }

    #[test]
    fn the_page_is_told_what_for() {
        let (user, session) = (UserId(Uuid::nil()), SessionId(Uuid::nil()));
        for (purpose, hint) in [(Purpose::Link(user, session), "link."), (Purpose::StepUp(user, session), "up.")] {
            assert!(Flow::new(&Ids::system(), Uuid::nil(), purpose).state.starts_with(hint));
        }
    }
}
