//! Refresh tokens: their form, and what presenting one means.
//!
//! ```text
//! base64url( session id 16 | generation 4 | random 16 | first 16 bytes of HMAC-SHA256 over the rest )
//! ```
//!
//! Pure: time and random bytes are handed in, rows come from `store`. A family (one session) has one current token. The code
//! makes an old token recognisable as ours without keeping a row for each, so that a stolen one which comes back ends the
//! family, while a forged one ends nothing.
//!
//! What a reader would get wrong: the predecessor of the current token is not yet reuse. A browser whose answer got lost, or
//! two tabs that refresh at once, present it again within moments; for [`GRACE`] they are given the *same* successor, which
//! the row holds sealed under a key that only the predecessor yields.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::caller::SessionId;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::seal::{self, NONCE_BYTES};

/// How long a predecessor is given its successor again: a lost answer and its retry on a bad line, no more.
pub const GRACE: Duration = Duration::from_secs(30);

/// Random bytes of a token.
pub(super) const RANDOM_BYTES: usize = 16;
const CODE_BYTES: usize = 16;
const HEAD_BYTES: usize = 16 + 4 + RANDOM_BYTES;

/// A token that the code proves to be ours, whether it still counts or not. Printed nowhere.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) session: SessionId,
    pub(super) generation: u32,
    text: String,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("session", &self.session).field("generation", &self.generation).finish()
    }
}

impl Token {
    /// What the client is given.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What was drawn for it, for the fuzzer.
    #[cfg(any(test, fuzzing))]
    pub(super) fn random(&self) -> [u8; RANDOM_BYTES] {
        let bytes = URL_SAFE_NO_PAD.decode(&self.text).unwrap_or_default();
        bytes.get(HEAD_BYTES - RANDOM_BYTES..HEAD_BYTES).and_then(|random| random.try_into().ok()).unwrap_or_default()
    }

    /// What the store keeps of it.
    pub(super) fn hash(&self) -> [u8; 32] {
        Sha256::digest(&self.text).into()
    }

    /// Seals the token that follows this one.
    pub(super) fn seal_successor(&self, successor: &Self, nonce: &[u8; NONCE_BYTES]) -> Result<Vec<u8>> {
        seal::seal(&self.successor_key()?, nonce, self.session.0.as_bytes(), successor.text.as_bytes())
    }

    /// Opens what [`Token::seal_successor`] sealed.
    pub(super) fn open_successor(&self, sealed: &[u8], key: &Key) -> Result<Option<Self>> {
        let text = seal::open(&self.successor_key()?, self.session.0.as_bytes(), sealed);
        Ok(text.and_then(|text| key.read(std::str::from_utf8(&text).ok()?)))
    }

    fn successor_key(&self) -> Result<[u8; 32]> {
        seal::derive(self.text.as_bytes(), "inkstone v1 refresh successor")
    }
}

/// Makes and recognises the tokens of one store.
#[derive(Clone)]
pub(super) struct Key(Hmac<Sha256>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// The secret that a new store's codes are made with: what it always was, so that tokens from before go on to count.
    pub(super) fn first(master: &[u8; 32]) -> Result<[u8; 32]> {
        seal::derive(master, "inkstone v1 refresh token code")
    }

    /// Makes codes with `secret`.
    pub(super) fn of(secret: &[u8; 32]) -> Result<Self> {
        Ok(Self(Hmac::new_from_slice(secret).map_err(Error::internal)?))
    }

    /// A token of a family.
    pub(super) fn make(&self, session: SessionId, generation: u32, random: &[u8; RANDOM_BYTES]) -> Token {
        let mut bytes = Vec::with_capacity(HEAD_BYTES + CODE_BYTES);
        bytes.extend_from_slice(session.0.as_bytes());
        bytes.extend_from_slice(&generation.to_be_bytes());
        bytes.extend_from_slice(random);
        let code = self.0.clone().chain_update(&bytes).finalize().into_bytes();
        bytes.extend_from_slice(&code[..CODE_BYTES]);
        Token { session, generation, text: URL_SAFE_NO_PAD.encode(bytes) }
    }

    /// Reads a token; `None` for what is not ours.
    pub(super) fn read(&self, text: &str) -> Option<Token> {
        // Longer text is not worth decoding.
        if text.len() > 2 * (HEAD_BYTES + CODE_BYTES) {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (head, code) = bytes.split_at_checked(HEAD_BYTES)?;
        if code.len() != CODE_BYTES {
            return None;
        }
        self.0.clone().chain_update(head).verify_truncated_left(code).ok()?;
        let (id, rest) = head.split_first_chunk::<16>()?;
        let (generation, _) = rest.split_first_chunk::<4>()?;
        Some(Token {
            session: SessionId(Uuid::from_bytes(*id)),
            generation: u32::from_be_bytes(*generation),
            text: text.to_owned(),
        })
    }
}

/// What the store keeps of a family's tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Family {
    /// Which token is the current one, counted from 0.
    pub(super) generation: u32,
    /// The hash of the current token.
    pub(super) current: Vec<u8>,
    /// The token before it, once there is one.
    pub(super) previous: Option<Previous>,
}

/// What the store keeps of a predecessor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Previous {
    /// Its hash.
    pub(super) hash: Vec<u8>,
    /// When it was exchanged.
    pub(super) rotated_at: Timestamp,
    /// What it was exchanged for, sealed.
    pub(super) sealed_successor: Vec<u8>,
}

/// What presenting a token means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning<'a> {
    /// The current token: exchange it.
    Current,
    /// The predecessor, within its grace: give the same successor again.
    Repeated(&'a [u8]),
    /// An older token of the family. Somebody has a copy, and nobody can tell who: end the family.
    Reused,
}

impl Family {
    /// Judges a token of this family. The hashes need no constant-time comparison: whoever could steer them has the token.
    pub(super) fn judge(&self, token: &Token, now: Timestamp) -> Meaning<'_> {
        let hash = token.hash();
        if hash.as_slice() == self.current {
            return Meaning::Current;
        }
        match &self.previous {
            Some(previous) if hash.as_slice() == previous.hash && now < previous.rotated_at.plus(GRACE) => {
                Meaning::Repeated(&previous.sealed_successor)
            }
            _ => Meaning::Reused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

    fn key() -> Key {
        Key::of(&[1; 32]).unwrap()
    }

    fn session() -> SessionId {
        SessionId(Uuid::from_u128(7))
    }

    #[test]
    fn a_token_reads_back_and_is_nobodys_when_anything_differs() {
        let token = key().make(session(), 3, &[9; 16]);
        assert_eq!(key().read(token.text()), Some(token.clone()));
        assert_eq!(token.text().len(), 70);
        assert_eq!(Key::of(&[2; 32]).unwrap().read(token.text()), None, "another server's");
        for i in 0..token.text().len() - 1 {
            let mut forged = token.text().to_owned().into_bytes();
            forged[i] = if forged[i] == b'A' { b'B' } else { b'A' };
            assert_eq!(key().read(std::str::from_utf8(&forged).unwrap()), None, "character {i}");
        }
        for bad in ["", "x", "ä", &token.text()[..69], &format!("{}A", token.text()), &"A".repeat(10_000)] {
            assert_eq!(key().read(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_token_prints_nothing_of_itself() {
        let token = key().make(session(), 3, &[9; 16]);
        assert!(!format!("{token:?}").contains(token.text()));
    }

    #[test]
    fn a_predecessor_opens_its_successor_and_no_other_token_does() {
        let first = key().make(session(), 0, &[1; 16]);
        let second = key().make(session(), 1, &[2; 16]);
        let sealed = first.seal_successor(&second, &[3; 24]).unwrap();
        assert_eq!(first.open_successor(&sealed, &key()).unwrap(), Some(second.clone()));
        assert_eq!(second.open_successor(&sealed, &key()).unwrap(), None);
    }

    #[test]
    fn the_current_token_rotates_its_predecessor_repeats_and_all_others_are_reuse() {
        let [oldest, previous, current] = [0, 1, 2].map(|n| key().make(session(), n, &[4; 16]));
        let family = Family {
            generation: 2,
            current: current.hash().to_vec(),
            previous: Some(Previous {
                hash: previous.hash().to_vec(),
                rotated_at: NOW,
                sealed_successor: b"sealed".to_vec(),
            }),
        };
        assert_eq!(family.judge(&current, NOW), Meaning::Current);
        let just_before = NOW.plus(GRACE).minus(Duration::from_micros(1));
        assert_eq!(family.judge(&previous, just_before), Meaning::Repeated(b"sealed"));
        assert_eq!(family.judge(&previous, NOW.plus(GRACE)), Meaning::Reused);
        assert_eq!(family.judge(&oldest, NOW), Meaning::Reused);
        let twin = key().make(session(), 2, &[5; 16]);
        assert_eq!(family.judge(&twin, NOW), Meaning::Reused, "the generation alone proves nothing");
    }
}
