//! Idempotency keys: a create that is sent twice happens once.
//!
//! Owns the table `idempotency_keys`: the answer to a create, kept for a day under the caller's key and written in the same
//! transaction as the thing itself, so that there is never one without the other. Which requests are under way right now is
//! known to [`InFlight`], in memory: a second one under the same key is told so instead of waiting.

pub mod store;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use crate::caller::{Caller, UserId};
use crate::error::{Conflict, Error, Result};

/// How long an answer is kept.
pub const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// Longest key in characters.
pub const MAX_KEY_CHARS: usize = 200;

/// A key as it came with a request: whose, for which route, and a hash of what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    owner: UserId,
    route: &'static str,
    key: String,
    request: [u8; 32],
}

impl Key {
    /// Checks the header's value; `request` is everything that makes the request what it is.
    ///
    /// # Errors
    /// [`Error::Malformed`] about the header.
    pub fn new(caller: &Caller, route: &'static str, key: &str, request: &[u8]) -> Result<Self> {
        let printable = key.chars().all(|c| c.is_ascii_graphic());
        if key.is_empty() || key.len() > MAX_KEY_CHARS || !printable {
            let detail = format!("must be 1 to {MAX_KEY_CHARS} printable ASCII characters without spaces");
            return Err(Error::malformed("Idempotency-Key", detail));
        }
        Ok(Self { owner: caller.user(), route, key: key.to_owned(), request: Sha256::digest(request).into() })
    }
}

/// An answer that can be given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The `Location` of what was made.
    pub location: String,
    /// Its `ETag`, for things that have one.
    pub etag: Option<String>,
    /// The change number of the create.
    pub change: i64,
    /// The body, as it was sent.
    pub body: Vec<u8>,
}

type Entry = (UserId, &'static str, String);

/// Keys of requests under way. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct InFlight(Arc<Mutex<HashSet<Entry>>>);

/// Holds a key until the request is answered, or given up.
#[derive(Debug)]
pub struct Guard {
    all: InFlight,
    key: Entry,
}

impl InFlight {
    /// Takes the key.
    ///
    /// # Errors
    /// [`Conflict::IdempotencyKeyInUse`] when another request holds it.
    pub fn enter(&self, key: &Key) -> Result<Guard> {
        let entry = (key.owner, key.route, key.key.clone());
        if !self.0.lock().insert(entry.clone()) {
            return Err(Error::Conflict(Conflict::IdempotencyKeyInUse));
        }
        Ok(Guard { all: self.clone(), key: entry })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.all.0.lock().remove(&self.key);
    }
}
