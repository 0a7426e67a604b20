//! How many bytes of request bodies may be in memory at once, over all requests.
//!
//! Owns one count. The limit of a single body says nothing of a hundred of them: whoever may send the largest notes could
//! begin many and finish none. A request takes room as its body arrives, and gives it back when it has been answered; one
//! for which there is no room is told to come again. What a reader would get wrong: room is taken for bytes that came, not for
//! the length that a request states, so a request that sends nothing holds none.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The count. Clones share it.
#[derive(Debug, Clone)]
pub struct BodyBudget {
    taken: Arc<AtomicUsize>,
    bytes: usize,
}

/// What one request holds; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    budget: BodyBudget,
    bytes: AtomicUsize,
}

impl BodyBudget {
    /// Room for so many bytes.
    pub fn new(bytes: usize) -> Self {
        Self { taken: Arc::default(), bytes }
    }

    /// A request begins, with nothing yet.
    pub(super) fn open(&self) -> Arc<Held> {
        Arc::new(Held { budget: self.clone(), bytes: AtomicUsize::new(0) })
    }
}

impl Held {
    /// Takes room for `bytes` more; `false`, and nothing taken, when there is none.
    pub(super) fn take(&self, bytes: usize) -> bool {
        let BodyBudget { taken, bytes: all } = &self.budget;
        // A count, and nothing is read or written under its protection.
        let room = taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |taken| {
            taken.checked_add(bytes).filter(|sum| sum <= all)
        });
        if room.is_err() {
            return false;
        }
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        true
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.budget.taken.fetch_sub(*self.bytes.get_mut(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_shared_and_comes_back() {
        let budget = BodyBudget::new(10);
        let (one, other) = (budget.open(), budget.open());
        assert!(one.take(6) && other.take(4));
        assert!(!one.take(1) && !other.take(1), "it is full");
        drop(one);
        assert!(other.take(6), "and has room again");
        drop(other);
        assert!(budget.open().take(10) && !budget.open().take(11));
    }
}
