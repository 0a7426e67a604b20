//! The step between a password that was right and the second factor that is still missing.
//!
//! A challenge says who has shown the password, and is good for [`LIFETIME`]. It is sealed and kept nowhere: a server that restarts,
//! or another one on the same store, goes on with it. It can be answered more than once, because a slip of the finger must not cost
//! the password again; each code counts once all the same.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::caller::UserId;
use crate::clock::{Ids, Timestamp};
use crate::error::Result;
use crate::seal;
use crate::sessions::Delivery;

/// How long a challenge can be answered: time to find the phone.
pub(super) const LIFETIME: Duration = Duration::from_secs(5 * 60);

const ABOUT: &[u8] = b"inkstone challenge 2";
/// id 16, epoch 8, expiry 8, provider 16, delivery 1.
const BYTES: usize = 49;

/// Who has shown a password, or came from a provider, and how the session is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Challenge {
    /// Whose password it was.
    pub user: UserId,
    /// The credentials that it belonged to.
    pub epoch: i64,
    /// How the tokens are to travel.
    pub delivery: Delivery,
    /// The provider of single sign-on that vouched in place of the password.
    pub provider: Option<Uuid>,
}

/// Makes and opens challenges.
pub(super) struct Sealer(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer")
    }
}

impl Sealer {
    pub(super) fn new(key: Zeroizing<[u8; 32]>) -> Self {
        Self(key)
    }

    pub(super) fn seal(&self, ids: &Ids, challenge: Challenge) -> Result<String> {
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.extend_from_slice(challenge.user.0.as_bytes());
        bytes.extend_from_slice(&challenge.epoch.to_be_bytes());
        bytes.extend_from_slice(&ids.now().plus(LIFETIME).micros().to_be_bytes());
        bytes.extend_from_slice(challenge.provider.unwrap_or_default().as_bytes());
        bytes.push(match challenge.delivery {
            Delivery::Cookie => 0,
            Delivery::Split => 1,
            Delivery::Body => 2,
        });
        Ok(URL_SAFE_NO_PAD.encode(seal::seal(&self.0, &ids.bytes(), ABOUT, &bytes)?))
    }

    /// The challenge and its end; `None` for what is not ours, or is too old.
    pub(super) fn open(&self, text: &str, now: Timestamp) -> Option<(Challenge, Timestamp)> {
        if text.len() > 256 {
            return None;
        }
        let bytes = seal::open(&self.0, ABOUT, &URL_SAFE_NO_PAD.decode(text).ok()?)?;
        let bytes: [u8; BYTES] = bytes.try_into().ok()?;
        let (id, rest) = bytes.split_first_chunk::<16>()?;
        let (epoch, rest) = rest.split_first_chunk::<8>()?;
        let (expiry, rest) = rest.split_first_chunk::<8>()?;
        let (provider, rest) = rest.split_first_chunk::<16>()?;
        let delivery = match rest {
            [0] => Delivery::Cookie,
            [1] => Delivery::Split,
            [2] => Delivery::Body,
            _ => return None,
        };
        let user = UserId(Uuid::from_bytes(*id));
        let until = Timestamp::from_micros(i64::from_be_bytes(*expiry));
        let provider = Some(Uuid::from_bytes(*provider)).filter(|provider| !provider.is_nil());
        let challenge = Challenge { user, epoch: i64::from_be_bytes(*epoch), delivery, provider };
        (now < until).then_some((challenge, until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_opens_until_it_is_too_old_and_unbent() {
        let ids = Ids::system();
        let sealer = Sealer::new(Zeroizing::new([1; 32]));
        let challenge = Challenge {
            user: UserId(Uuid::from_u128(7)),
            epoch: 3,
            delivery: Delivery::Cookie,
            provider: Some(Uuid::from_u128(9)),
        };
        let now = ids.now();
        let text = sealer.seal(&ids, challenge).unwrap();
        assert_eq!(sealer.open(&text, now).unwrap().0, challenge);
        assert_eq!(sealer.open(&text, now.plus(LIFETIME + Duration::from_secs(60))), None);
        assert_eq!(Sealer::new(Zeroizing::new([2; 32])).open(&text, now), None);
        assert_eq!(sealer.open(&text[..text.len() - 1], now), None);
        for none in ["", "x", &"A".repeat(10_000)] {
            assert_eq!(sealer.open(none, now), None);
        }
    }
}
