//! The form of a key: `inkstone_`, 32 random letters (160 bits), and seven that sum up the rest (CRC-32).
//!
//! The prefix and the sum let a program that looks for leaked secrets find one in any text, and know that it is one, without asking the
//! server: `inkstone_[0-9a-hjkmnp-tv-z]{39}`.

use sha2::{Digest as _, Sha256};

use crate::clock::Ids;
use crate::credentials::letters;

/// How every key begins.
pub const PREFIX: &str = "inkstone_";
/// Random letters.
const RANDOM: usize = 32;
/// Letters of the sum: 35 bits have room for 32.
const SUM: usize = 7;
/// Letters that are shown of a key in lists.
const HINT: usize = PREFIX.len() + 4;

/// A new key.
pub fn draw(ids: &Ids) -> String {
    let random = letters::of(&ids.bytes::<RANDOM>());
    format!("{PREFIX}{random}{}", sum(&random))
}

/// Whether a token is meant as a key: whether it begins like one.
pub fn is_one(token: &str) -> bool {
    token.starts_with(PREFIX)
}

/// What the store keeps of a key; `None` for what cannot be one.
pub fn hash(token: &str) -> Option<[u8; 32]> {
    let rest = token.strip_prefix(PREFIX)?;
    if rest.len() != RANDOM + SUM || !letters::are(rest) {
        return None;
    }
    let (random, said) = rest.split_at(RANDOM);
    (sum(random) == said).then(|| Sha256::digest(token).into())
}

/// The beginning of a key, for telling keys apart.
pub fn hint(token: &str) -> String {
    token.chars().take(HINT).collect()
}

fn sum(random: &str) -> String {
    let crc = crc32fast::hash(format!("{PREFIX}{random}").as_bytes());
    let digits: Vec<u8> = (0..SUM).rev().map(|at| ((u64::from(crc) >> (5 * at)) & 31) as u8).collect();
    letters::of(&digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_and_anything_else_is_not() {
        let ids = Ids::system();
        let key = draw(&ids);
        assert_eq!(key.len(), 48);
        assert!(is_one(&key) && hash(&key).is_some());
        assert_ne!(hash(&key), hash(&draw(&ids)));
        for at in PREFIX.len()..key.len() {
            let mut bent: Vec<u8> = key.clone().into_bytes();
            bent[at] = if bent[at] == b'0' { b'1' } else { b'0' };
            assert_eq!(hash(std::str::from_utf8(&bent).unwrap()), None, "letter {at}");
        }
        for none in ["", PREFIX, &key[1..], &format!("{key}0"), &key.to_uppercase()] {
            assert_eq!(hash(none), None, "{none}");
        }
        assert_eq!(hint(&key), &key[..13]);
    }

    /// Programs that look for leaked keys know the form.
    #[test]
    fn the_form_does_not_change() {
        assert!(hash("inkstone_00000000000000000000000000000000SUM0000").is_none());
        assert_eq!(sum("00000000000000000000000000000000").len(), SUM);
    }
}
