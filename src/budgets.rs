//! How often something may be done: budgets that refill steadily.
//!
//! Owns the counts, by whatever key the caller counts: an address, an account, both. What is counted and what a refusal means is the
//! caller's: `http::budget` counts requests, `credentials` counts tries. Each budget is a leaky bucket (GCRA): `most` at once, refilled
//! one by one over `per`, so that a burst passes and a flood does not.
//!
//! There is one door, [`Budgets::take`], and it is asynchronous: instances that share the counts will ask somewhere else there. What a
//! reader would get wrong: a key is a digest, never the text, so a flood of made-up names costs sixteen bytes
//! each until they are full again, and nothing that somebody typed is kept.

use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use governor::clock::{Clock as GovernorClock, Reference};
use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DashMapStateStore;
use governor::{NotUntil, Quota, RateLimiter};

use crate::clock::Ids;

/// After so many takings it is time to forget those whose budget is full again.
const TIDY: u64 = 4096;

/// What somebody may do, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Its name in answers and metrics.
    pub name: &'static str,
    /// So many at once, ..
    pub most: u32,
    /// .. which refill within this time.
    pub per: Duration,
}

/// Whom a budget belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Holder(u64, u64);

/// How a budget stands after it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What it is for.
    pub allowance: Allowance,
    /// How many more may follow at once.
    pub left: u32,
    /// When the next becomes possible after those, at the latest.
    pub refill: Duration,
}

/// A budget is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exceeded {
    /// Which.
    pub allowance: Allowance,
    /// When another try makes sense.
    pub retry_after: Duration,
}

type Limiter = RateLimiter<Holder, DashMapStateStore<Holder>, Steady, StateInformationMiddleware>;

/// The budget of one allowance, for everybody who has one. Cheap to clone.
#[derive(Clone)]
pub struct Budgets {
    allowance: Allowance,
    limiter: Arc<Limiter>,
    taken: Arc<AtomicU64>,
    hasher: RandomState,
}

impl std::fmt::Debug for Budgets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Budgets").field("allowance", &self.allowance).finish_non_exhaustive()
    }
}

impl Budgets {
    /// All full.
    pub fn new(allowance: Allowance, ids: Ids) -> Self {
        let most = NonZeroU32::new(allowance.most).unwrap_or(NonZeroU32::MIN);
        let every = allowance.per / most.get();
        let quota = Quota::with_period(every).unwrap_or(Quota::per_second(most)).allow_burst(most);
        let limiter = Limiter::new(quota, DashMapStateStore::default(), Steady(ids));
        Self { allowance, limiter: Arc::new(limiter), taken: Arc::default(), hasher: RandomState::new() }
    }

    /// The key of whoever these parts name. Keys of one budget mean nothing in another.
    pub fn holder(&self, parts: &[&[u8]]) -> Holder {
        Holder(self.hasher.hash_one((0, parts)), self.hasher.hash_one((1, parts)))
    }

    /// Takes one.
    ///
    /// # Errors
    /// [`Exceeded`]; nothing is taken then.
    #[expect(clippy::unused_async, reason = "instances that share their counts ask elsewhere")]
    pub async fn take(&self, holder: Holder) -> Result<Standing, Exceeded> {
        if self.taken.fetch_add(1, Ordering::Relaxed) % TIDY == TIDY - 1 {
            self.limiter.retain_recent();
        }
        let every = self.allowance.per / self.allowance.most.max(1);
        match self.limiter.check_key(&holder) {
            Ok(state) => {
                Ok(Standing { allowance: self.allowance, left: state.remaining_burst_capacity(), refill: every })
            }
            Err(until) => Err(self.exceeded(&until)),
        }
    }

    fn exceeded(&self, until: &NotUntil<Elapsed>) -> Exceeded {
        let now = self.limiter.clock().now();
        Exceeded { allowance: self.allowance, retry_after: until.wait_time_from(now) }
    }
}

/// What of an address is one place: machines get a whole /64 of the newer protocol, and take a new address of it as they like.
pub fn place(address: IpAddr) -> [u8; 8] {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, d] = address.octets();
            [0, 0, 0, 4, a, b, c, d]
        }
        IpAddr::V6(address) => {
            let [a, b, c, d, e, f, g, h, ..] = address.octets();
            [a, b, c, d, e, f, g, h]
        }
    }
}

/// Time that never goes back, whatever happens to the clock on the wall.
#[derive(Debug, Clone)]
struct Steady(Ids);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Elapsed(u64);

impl std::ops::Add<Nanos> for Elapsed {
    type Output = Self;

    fn add(self, span: Nanos) -> Self {
        Self(self.0.saturating_add(span.as_u64()))
    }
}

impl Reference for Elapsed {
    fn duration_since(&self, earlier: Self) -> Nanos {
        self.0.saturating_sub(earlier.0).into()
    }

    fn saturating_sub(&self, span: Nanos) -> Self {
        Self(self.0.checked_sub(span.as_u64()).unwrap_or(self.0))
    }
}

impl GovernorClock for Steady {
    type Instant = Elapsed;

    fn now(&self) -> Elapsed {
        Elapsed(u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{ManualClock, SeededEntropy, Timestamp};

    const FIVE: Allowance = Allowance { name: "test", most: 5, per: Duration::from_secs(60) };

    fn budgets() -> (Budgets, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::new(Timestamp::from_micros(1_772_357_400_000_000)));
        let ids = Ids::new(clock.clone(), Arc::new(SeededEntropy::new(1)));
        (Budgets::new(FIVE, ids), clock)
    }

    #[tokio::test]
    async fn a_burst_passes_a_flood_does_not_and_time_refills() {
        let (budgets, clock) = budgets();
        let ann = budgets.holder(&[b"ann"]);
        for left in (0..5).rev() {
            assert_eq!(budgets.take(ann).await.unwrap().left, left);
        }
        let exceeded = budgets.take(ann).await.unwrap_err();
        assert_eq!(exceeded.retry_after, Duration::from_secs(12));
        clock.advance(Duration::from_secs(12));
        assert!(budgets.take(ann).await.is_ok());
        assert!(budgets.take(ann).await.is_err());
        clock.advance(Duration::from_secs(3600));
        assert_eq!(budgets.take(ann).await.unwrap().left, 4, "never more than all of it");
    }

    #[tokio::test]
    async fn each_holder_has_a_budget_of_their_own() {
        let (budgets, _) = budgets();
        let (ann, bob) = (budgets.holder(&[b"ann"]), budgets.holder(&[b"bob"]));
        for _ in 0..5 {
            budgets.take(ann).await.unwrap();
        }
        assert!(budgets.take(ann).await.is_err());
        assert_eq!(budgets.take(bob).await.unwrap().left, 4);
        assert_ne!(budgets.holder(&[b"ab", b"c"]), budgets.holder(&[b"a", b"bc"]), "parts do not run into each other");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn a_parallel_burst_passes_no_more_than_the_limit() {
        let (budgets, _) = budgets();
        let ann = budgets.holder(&[b"ann"]);
        let tries: Vec<_> = (0..200)
            .map(|_| {
                let budgets = budgets.clone();
                tokio::spawn(async move { budgets.take(ann).await.is_ok() })
            })
            .collect();
        let mut passed = 0;
        for attempt in tries {
            passed += usize::from(attempt.await.unwrap());
        }
        assert_eq!(passed, 5);
    }

    #[test]
    fn a_place_is_an_address_or_the_network_that_a_machine_is_given() {
        let place = |text: &str| place(text.parse().unwrap());
        assert_eq!(place("2001:db8:1:2::3"), place("2001:db8:1:2:ffff::1"));
        assert_ne!(place("2001:db8:1:2::3"), place("2001:db8:1:3::3"));
        assert_ne!(place("192.0.2.1"), place("192.0.2.2"));
        assert_eq!(place("::ffff:192.0.2.1"), place("192.0.2.1"));
    }
}
