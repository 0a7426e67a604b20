//! Which sessions count, in memory: asked on every request.
//!
//! The store decides; this remembers what it said. Whoever ends a session forgets it here after the commit and before anyone is
//! answered, so the very next request finds it ended. Unknown ids are not remembered: a token that verifies names a session
//! that once was, and those are few.
//!
//! What a reader would get wrong: a read of the store may be older than the end of a session that happens meanwhile. Keeping
//! its answer would revive the session, so [`Cache::keep`] wants the [`Ticket`] that was taken before the read and drops the
//! answer when anything was forgotten since.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::RwLock;

use crate::caller::{Role, SessionId, UserId};
use crate::clock::Timestamp;

/// Most sessions that are remembered, about 10 MB. When there are more the memory starts anew: that costs one read for each
/// active session, and happens to servers with very many.
const MOST: usize = 100_000;

/// What a request needs to know of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) user: UserId,
    pub(super) role: Role,
    /// Access tokens of an older epoch than this are refused, ..
    pub(super) first_epoch: i64,
    /// .. and so are those of a newer one than this.
    pub(super) epoch: i64,
    pub(super) expires_at: Timestamp,
    /// When a credential was last shown.
    pub(super) verified_at: Timestamp,
}

/// How much had been forgotten when a read began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket(u64);

#[derive(Debug, Default)]
struct Inner {
    entries: HashMap<SessionId, Entry>,
    forgotten: u64,
}

/// The sessions that are remembered. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Cache(Arc<RwLock<Inner>>);

impl Cache {
    pub(super) fn get(&self, id: SessionId) -> Option<Entry> {
        self.0.read().entries.get(&id).copied()
    }

    /// To be taken before the read whose answer is to be kept.
    pub(super) fn ticket(&self) -> Ticket {
        Ticket(self.0.read().forgotten)
    }

    pub(super) fn keep(&self, ticket: Ticket, id: SessionId, entry: Entry) {
        let mut inner = self.0.write();
        if inner.forgotten != ticket.0 {
            return;
        }
        if inner.entries.len() >= MOST {
            inner.entries.clear();
        }
        inner.entries.insert(id, entry);
    }

    /// The store's word on these has changed.
    pub fn forget(&self, ids: &[SessionId]) {
        let mut inner = self.0.write();
        inner.forgotten += 1;
        for id in ids {
            inner.entries.remove(id);
        }
    }

    /// The store's word on an account, and so on all of its sessions, has changed.
    pub fn forget_of(&self, user: UserId) {
        let mut inner = self.0.write();
        inner.forgotten += 1;
        inner.entries.retain(|_, entry| entry.user != user);
    }

    /// Anything may have changed.
    pub fn forget_all(&self) {
        let mut inner = self.0.write();
        inner.forgotten += 1;
        inner.entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const ENTRY: Entry = Entry {
        user: UserId(Uuid::nil()),
        role: Role::Member,
        first_epoch: 0,
        epoch: 0,
        expires_at: Timestamp::from_micros(0),
        verified_at: Timestamp::from_micros(0),
    };

    #[test]
    fn what_was_kept_is_found_until_it_is_forgotten() {
        let (cache, id) = (Cache::default(), SessionId(Uuid::nil()));
        cache.keep(cache.ticket(), id, ENTRY);
        assert_eq!(cache.get(id), Some(ENTRY));
        cache.forget(&[id]);
        assert_eq!(cache.get(id), None);
    }

    #[test]
    fn an_account_is_forgotten_with_all_its_sessions_and_no_other() {
        let (cache, ids) = (Cache::default(), [1, 2, 3].map(|n| SessionId(Uuid::from_u128(n))));
        let other = Entry { user: UserId(Uuid::from_u128(9)), ..ENTRY };
        for (id, entry) in ids.into_iter().zip([ENTRY, ENTRY, other]) {
            cache.keep(cache.ticket(), id, entry);
        }
        cache.forget_of(ENTRY.user);
        assert_eq!(ids.map(|id| cache.get(id)), [None, None, Some(other)]);
        cache.forget_all();
        assert_eq!(cache.get(ids[2]), None);
    }

    #[test]
    fn an_answer_from_before_a_forgetting_is_not_kept() {
        let (cache, id) = (Cache::default(), SessionId(Uuid::nil()));
        let ticket = cache.ticket();
        cache.forget(&[id]);
        cache.keep(ticket, id, ENTRY);
        assert_eq!(cache.get(id), None);
    }
}
