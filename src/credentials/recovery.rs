//! Recovery codes: what is noted down for the day on which the second factor is lost.
//!
//! Sixteen letters and digits of which none looks like another (Crockford's base 32), 80 random bits: too many to be tried even by
//! whoever holds their hashes, so that a plain SHA-256 is enough.

use sha2::{Digest as _, Sha256};

use super::letters;
use crate::caller::UserId;
use crate::clock::Ids;

/// How many are given out at once.
pub const COUNT: usize = 10;
/// Letters of a code.
const CHARS: usize = 16;
/// Letters between two dashes.
const GROUP: usize = 4;

/// What is kept of a code.
pub(super) type Hash = [u8; 32];

/// A new set, as it is shown once.
pub(super) fn draw(ids: &Ids) -> Vec<String> {
    (0..COUNT).map(|_| written(&ids.bytes::<CHARS>())).collect()
}

fn written(random: &[u8; CHARS]) -> String {
    let letters: Vec<char> = letters::of(random).chars().collect();
    letters.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// The hash of a code as somebody has typed it: case, dashes and spaces do not count, and what looks alike is taken for what is meant.
/// `None` for what cannot be one.
pub(super) fn hash(user: UserId, typed: &str) -> Option<Hash> {
    if typed.len() > 4 * CHARS {
        return None;
    }
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect();
    let whole = code.len() == CHARS && letters::are(&code);
    whole.then(|| {
        Sha256::new().chain_update("inkstone recovery code 1").chain_update(user.0).chain_update(code).finalize().into()
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let user = UserId(Uuid::from_u128(1));
        let code = "k3m0-1abc-defg-hjkm";
        let hash_of = |text: &str| hash(user, text);
        assert!(hash_of(code).is_some());
        for same in ["K3M0-1ABC-DEFG-HJKM", "k3m01abcdefghjkm", " k3mo labc defg hjkm "] {
            assert_eq!(hash_of(same), hash_of(code), "{same}");
        }
        assert_ne!(hash(UserId(Uuid::from_u128(2)), code), hash_of(code));
        for none in ["", "k3m0-1abc-defg-hjk", "k3m0-1abc-defg-hjkm0", "k3m0-1abc-defg-hju!", &"k".repeat(10_000)] {
            assert_eq!(hash_of(none), None, "{none}");
        }
    }

    #[test]
    fn a_set_has_ten_of_a_kind_and_no_two_alike() {
        let codes = draw(&Ids::system());
        assert_eq!(codes.len(), COUNT);
        let distinct: std::collections::HashSet<_> = codes.iter().collect();
        assert_eq!(distinct.len(), COUNT);
        assert!(codes.iter().all(|code| code.len() == 19 && hash(UserId(Uuid::nil()), code).is_some()), "{codes:?}");
    }
}
