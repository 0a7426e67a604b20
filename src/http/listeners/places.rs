//! The places that connections have, and who makes room when all of them are taken.
//!
//! A cap alone protects the process and nobody else: whoever opens as many connections as there are places, and sends nothing on
//! them, keeps everybody out for as long as a head may take. So when a connection comes and there is no place, those that *wait for
//! their client* (for a head, for more of a body, for an answer to be read, for the next request) are sent off, the longest wait
//! first. One that the server itself is busy with, or an event stream that merely has nothing to tell, keeps its place.
//!
//! What a reader would get wrong: an address with more than its [`CROWD`] goes first, however short its waits are. That is somebody
//! who opens more and more connections, or a proxy in front, whose resting ones are no loss to it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::activity::Activity;
use crate::budgets;

/// The part of all places beyond which the connections of one address make room first: one in so many.
const CROWD: usize = 16;

/// The part of all places that is made free at once, so that the looking does not have to be done for each connection.
const ROOM: usize = 128;

/// How soon to look again when nobody could be sent off, or did not go.
const AGAIN: Duration = Duration::from_millis(100);

/// All places of one listener.
#[derive(Debug)]
pub(super) struct Places {
    free: Arc<Semaphore>,
    all: usize,
    next: AtomicU64,
    taken: Mutex<HashMap<u64, Sitting>>,
}

#[derive(Debug)]
struct Sitting {
    /// The network; `None` over a Unix socket.
    from: Option<[u8; 8]>,
    activity: Arc<Activity>,
}

/// One place; free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    number: u64,
    places: Arc<Places>,
    _permit: OwnedSemaphorePermit,
}

impl Places {
    pub(super) fn new(all: usize) -> Arc<Self> {
        Arc::new(Self { free: Arc::new(Semaphore::new(all)), all, next: AtomicU64::new(0), taken: Mutex::default() })
    }

    /// The next free place, which somebody may have to leave first.
    pub(super) async fn one(&self) -> OwnedSemaphorePermit {
        loop {
            if let Some(permit) = self.one_now() {
                return permit;
            }
            self.make_room();
            if let Ok(Ok(permit)) = tokio::time::timeout(AGAIN, Arc::clone(&self.free).acquire_owned()).await {
                return permit;
            }
        }
    }

    /// A place when one is free.
    pub(super) fn one_now(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.free).try_acquire_owned().ok()
    }

    /// Sits down on it.
    pub(super) fn sit(
        self: &Arc<Self>,
        permit: OwnedSemaphorePermit,
        from: Option<IpAddr>,
        activity: Arc<Activity>,
    ) -> Place {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.taken.lock().insert(number, Sitting { from: from.map(budgets::place), activity });
        Place { number, places: Arc::clone(self), _permit: permit }
    }

    /// Waits until all of them are free.
    pub(super) async fn empty(&self) {
        let all = u32::try_from(self.all).unwrap_or(u32::MAX);
        let _ = self.free.acquire_many(all).await;
    }

    /// How many are taken.
    pub(super) fn taken(&self) -> usize {
        self.all - self.free.available_permits()
    }

    /// Sends off those that can best be done without.
    fn make_room(&self) {
        let taken = self.taken.lock();
        let mut of: HashMap<[u8; 8], usize> = HashMap::new();
        for from in taken.values().filter_map(|sitting| sitting.from) {
            *of.entry(from).or_default() += 1;
        }
        let crowds =
            |from: Option<[u8; 8]>| from.is_some_and(|from| of.get(&from).is_some_and(|n| *n > self.all / CROWD));
        let mut waiting: Vec<_> = taken
            .values()
            .filter_map(|sitting| Some((crowds(sitting.from), sitting.activity.has_waited()?, &sitting.activity)))
            .collect();
        waiting.sort_unstable_by_key(|(crowd, waited, _)| std::cmp::Reverse((*crowd, *waited)));
        for (_, _, activity) in waiting.into_iter().take((self.all / ROOM).max(1)) {
            activity.send_off();
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.taken.lock().remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use poem::http::Version;

    use super::*;

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, last]))
    }

    /// Takes places for these addresses, one second after the other; returns what each of them does.
    async fn sit(places: &Arc<Places>, addresses: &[u8]) -> Vec<(Place, Arc<Activity>)> {
        let mut sitting = Vec::new();
        for last in addresses {
            let activity = Arc::new(Activity::new());
            let permit = places.one_now().unwrap();
            sitting.push((places.sit(permit, address(*last), Arc::clone(&activity)), activity));
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        sitting
    }

    fn sent_off(sitting: &[(Place, Arc<Activity>)]) -> Vec<usize> {
        (0..sitting.len()).filter(|n| sitting[*n].1.is_sent_off()).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_wait_goes_first_and_whoever_is_answered_stays() {
        let places = Places::new(3);
        let sitting = sit(&places, &[1, 2, 3]).await;
        let _busy = sitting[0].1.begin(Version::HTTP_11);
        places.make_room();
        assert_eq!(sent_off(&sitting), [1]);
        places.make_room();
        assert_eq!(sent_off(&sitting), [1, 2], "one that was sent off is not sent off twice");
        places.make_room();
        assert_eq!(sent_off(&sitting), [1, 2]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_crowd_from_one_address_goes_before_longer_waits() {
        let places = Places::new(32);
        let crowd: Vec<u8> = [1, 2].into_iter().chain([7; 30]).collect();
        let sitting = sit(&places, &crowd).await;
        places.make_room();
        assert_eq!(sent_off(&sitting), [2]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_is_had_as_soon_as_somebody_has_gone() {
        let places = Places::new(1);
        let mut sitting = sit(&places, &[1]).await;
        let (place, activity) = sitting.remove(0);
        let leaves = async {
            activity.is_told_to_go().await;
            drop(place);
        };
        let (permit, ()) = tokio::join!(places.one(), leaves);
        assert_eq!(places.taken(), 1);
        drop(permit);
        places.empty().await;
    }
}
