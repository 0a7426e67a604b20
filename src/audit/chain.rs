//! The chain: what a row's hash is over.
//!
//! SHA-256 over the hash of the row before (32 zeroes before the first) and every field that the row has, each with its length before
//! it, so that no two rows yield the same bytes. The forms are fixed for ever by [`VERSION`], which is hashed along; another form
//! would get another version and be told by it.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::Person;
use crate::caller::UserId;
use crate::clock::Timestamp;

/// Names the form.
const VERSION: &[u8] = b"inkstone audit 1";

/// The link between two rows.
pub type Hash = [u8; 32];

/// What the first row follows.
pub const BEFORE_THE_FIRST: Hash = [0; 32];

/// A row's fields as they are hashed.
#[derive(Debug)]
pub(super) struct Link<'a> {
    pub(super) seq: i64,
    pub(super) at: Timestamp,
    pub(super) action: &'a str,
    pub(super) outcome: &'a str,
    pub(super) credential: &'a str,
    pub(super) actor: Option<UserId>,
    pub(super) subject: Option<UserId>,
    pub(super) target: Option<Uuid>,
    pub(super) times: i64,
    pub(super) details: &'a str,
    pub(super) actor_proof: Option<&'a [u8]>,
    pub(super) subject_proof: Option<&'a [u8]>,
}

impl Link<'_> {
    /// The row's hash, given that of the row before.
    pub(super) fn hash(&self, before: &Hash) -> Hash {
        let mut sum = Sum::new(VERSION);
        sum.field(before);
        sum.field(&self.seq.to_be_bytes());
        sum.field(&self.at.micros().to_be_bytes());
        for word in [self.action, self.outcome, self.credential] {
            sum.field(word.as_bytes());
        }
        for id in [self.actor.map(|u| u.0), self.subject.map(|u| u.0), self.target] {
            sum.optional(id.as_ref().map(|id| id.as_bytes().as_slice()));
        }
        sum.field(&self.times.to_be_bytes());
        sum.field(self.details.as_bytes());
        sum.optional(self.actor_proof);
        sum.optional(self.subject_proof);
        sum.finish()
    }
}

/// What binds a person to a row without telling who it is: the salt keeps anybody from trying all names.
pub(super) fn proof(salt: &[u8], person: &Person) -> Hash {
    let mut sum = Sum::new(b"inkstone audit person 1");
    sum.field(salt);
    for text in [&person.name, &person.address, &person.agent] {
        sum.field(text.as_bytes());
    }
    sum.finish()
}

/// A hash over fields that cannot run into each other.
struct Sum(Sha256);

impl Sum {
    fn new(version: &[u8]) -> Self {
        let mut sum = Self(Sha256::new());
        sum.field(version);
        sum
    }

    fn field(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    /// A field that may be missing, which is another thing than an empty one.
    fn optional(&mut self, bytes: Option<&[u8]>) {
        match bytes {
            Some(bytes) => self.field(bytes),
            None => self.0.update(u64::MAX.to_be_bytes()),
        }
    }

    fn finish(self) -> Hash {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link<'static> {
        Link {
            seq: 7,
            at: Timestamp::from_micros(1_772_357_400_000_000),
            action: "account.created",
            outcome: "done",
            credential: "machine",
            actor: None,
            subject: Some(UserId(Uuid::from_u128(1))),
            target: None,
            times: 1,
            details: "{}",
            actor_proof: None,
            subject_proof: Some(&[3; 32]),
        }
    }

    /// Fixed for ever: a log that was written by an earlier version has to verify.
    #[test]
    fn the_form_does_not_change() {
        let hash = link().hash(&BEFORE_THE_FIRST);
        let hex: String = hash.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "820664ec989609e6ea161ae29abc671b9709590ec121c8f7faccb38edacce854");
    }

    #[test]
    fn every_field_counts_and_none_runs_into_the_next() {
        let hash = link().hash(&BEFORE_THE_FIRST);
        let others = [
            Link { seq: 8, ..link() },
            Link { at: Timestamp::from_micros(0), ..link() },
            Link { action: "account.create", outcome: "ddone", ..link() },
            Link { credential: "server", ..link() },
            Link { actor: Some(UserId(Uuid::from_u128(1))), subject: None, ..link() },
            Link { target: Some(Uuid::nil()), ..link() },
            Link { times: 2, ..link() },
            Link { details: "{ }", ..link() },
            Link { actor_proof: Some(&[3; 32]), subject_proof: None, ..link() },
            Link { actor_proof: Some(&[]), ..link() },
        ];
        for other in others {
            assert_ne!(other.hash(&BEFORE_THE_FIRST), hash, "{other:?}");
        }
        assert_ne!(link().hash(&[1; 32]), hash);
    }
}
