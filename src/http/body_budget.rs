//! How many bytes of request bodies may be in memory at once, over all requests.
//!
//! Owns one count. The limit of a single body says nothing of a hundred of them: whoever may send the largest notes could
//! begin many and finish none. A request takes room as its body arrives, and gives it back when it has been answered; one
//! for which there is no room is told to come again. What a reader would get wrong: room is taken for bytes that came, not for
//! the length that a request states, so a request that sends nothing holds none.
//!
//! Where everybody may send, one address has an eighth of the room at most ([`BodyBudget::in_shares`]): it would else be somebody's
//! to fill alone.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use crate::budgets::place;

/// The part of the room that one address may have: one in so many.
const SHARES: usize = 8;

type Shares = Mutex<HashMap<[u8; 8], usize>>;

/// The count. Clones share it.
#[derive(Debug, Clone)]
pub struct BodyBudget {
    taken: Arc<AtomicUsize>,
    bytes: usize,
    /// What each address has, where there are shares.
    of: Option<Arc<Shares>>,
}

/// What one request holds; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    budget: BodyBudget,
    from: Option<[u8; 8]>,
    bytes: AtomicUsize,
}

impl BodyBudget {
    /// Room for so many bytes.
    pub fn new(bytes: usize) -> Self {
        Self { taken: Arc::default(), bytes, of: None }
    }

    /// The same, of which one address may have a part.
    pub fn in_shares(bytes: usize) -> Self {
        Self { of: Some(Arc::default()), ..Self::new(bytes) }
    }

    /// A request begins, with nothing yet.
    pub(super) fn open(&self, from: Option<IpAddr>) -> Arc<Held> {
        Arc::new(Held { budget: self.clone(), from: from.map(place), bytes: AtomicUsize::new(0) })
    }
}

impl Held {
    /// Takes room for `bytes` more; `false`, and nothing taken, when there is none.
    pub(super) fn take(&self, bytes: usize) -> bool {
        if !self.has_share(bytes) {
            return false;
        }
        let BodyBudget { taken, bytes: all, .. } = &self.budget;
        // A count, and nothing is read or written under its protection.
        let room = taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |taken| {
            taken.checked_add(bytes).filter(|sum| sum <= all)
        });
        if room.is_err() {
            self.return_share(bytes);
            return false;
        }
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        true
    }

    /// Takes so much of the address's share, where there are shares; `false`, and nothing taken, when it has no more.
    fn has_share(&self, bytes: usize) -> bool {
        let (Some(of), Some(from)) = (&self.budget.of, self.from) else { return true };
        let mut of = of.lock();
        let taken = of.get(&from).copied().unwrap_or_default() + bytes;
        if taken > self.budget.bytes / SHARES {
            return false;
        }
        of.insert(from, taken);
        true
    }

    fn return_share(&self, bytes: usize) {
        let (Some(of), Some(from)) = (&self.budget.of, self.from) else { return };
        let mut of = of.lock();
        let left = of.get(&from).map_or(0, |taken| taken.saturating_sub(bytes));
        match left {
            0 => drop(of.remove(&from)),
            _ => drop(of.insert(from, left)),
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let bytes = *self.bytes.get_mut();
        self.budget.taken.fetch_sub(bytes, Ordering::Relaxed);
        self.return_share(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_shared_and_comes_back() {
        let budget = BodyBudget::new(10);
        let (one, other) = (budget.open(None), budget.open(None));
        assert!(one.take(6) && other.take(4));
        assert!(!one.take(1) && !other.take(1), "it is full");
        drop(one);
        assert!(other.take(6), "and has room again");
        drop(other);
        assert!(budget.open(None).take(10) && !budget.open(None).take(11));
    }

    #[test]
    fn one_address_fills_its_share_and_no_more() {
        let budget = BodyBudget::in_shares(80);
        let from = |last: u8| budget.open(Some(IpAddr::from([192, 0, 2, last])));
        let (one, again, other) = (from(1), from(1), from(2));
        assert!(one.take(6) && again.take(4) && !again.take(1), "an eighth for both of its requests");
        assert!(other.take(10) && !other.take(1));
        drop(one);
        assert!(again.take(6) && !again.take(1));
        drop((again, other));
        assert_eq!(budget.of.as_ref().unwrap().lock().len(), 0, "nothing is kept of who has nothing");
        for last in 0..8 {
            assert!(from(last).take(10));
        }
        let whole = BodyBudget::new(80).open(Some(IpAddr::from([192, 0, 2, 1])));
        assert!(whole.take(80));
    }
}
