//! What the further pages of a search go through: the state of the index that their first page was answered from.
//!
//! Owns how long such a state is kept, for whom, and how many. Scores are of a state as a whole, so a place among the hits of one
//! means nothing in another: a note that was edited, or any note that makes a word more frequent, moves others across the end of a
//! page. A commit of tantivy never changes, and its files stay readable after they were merged away or unlinked while somebody has
//! them mapped. So keeping one is cheap: it costs what merges have replaced since, on disk, and no open file.
//!
//! A pin is one person's hold on one state. All walks of a person through the same state share it, and nobody else can name it.
//! It lasts [`KEPT`] from the last page, and [`AT_MOST`] from the first, so that no reader keeps purged text on disk. Where there
//! are too many, whole states go, first those that few persons need who hold few others ([`need`]): whoever holds many loses theirs
//! before anybody else loses the only one.
//!
//! What a reader would get wrong: a pin holds no rights and no answer. Confines are applied, and hits are loaded from the
//! store, at every page anew.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use uuid::Uuid;

use super::evaluate::Rank;
use super::snapshot::Snapshot;
use crate::caller::UserId;
use crate::clock::Timestamp;
use crate::metrics::SearchMetrics;

/// How long a cursor may be gone on with after it was handed out.
pub(super) const KEPT: Duration = Duration::from_secs(5 * 60);

/// How long a walk may last that asks for page after page.
pub(super) const AT_MOST: Duration = Duration::from_secs(60 * 60);

/// How many states one person holds. Somebody who types while others write pins one at each key.
const MOST_OF_ONE: usize = 32;

/// How many states are held for everybody. The index is committed four times a second at the most.
const MOST_STATES: usize = 256;

/// By how many times the largest state the states together may exceed what is served now: a new index, and one merged anew.
const MOST_TIMES: u64 = 2;

/// What they may exceed it by in any case.
const BYTES_ALLOWED: u64 = 64 << 20;

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Below this hit.
    pub below: Rank,
    /// Of the state of the index that has this name, for whoever was given it.
    pub state: Uuid,
    /// The change that the state shows, 0 when it is not whole.
    pub change: i64,
    /// When the first page was asked for: what "today" means on all of them.
    pub asked_at: Timestamp,
}

/// A state of the index.
#[derive(Clone)]
pub(super) struct View {
    pub(super) snapshot: Arc<Snapshot>,
    /// All changes up to this one are in it; 0 while the index is being built.
    pub(super) change: i64,
    pub(super) is_rebuilding: bool,
}

/// One person's hold on a state.
struct Pin {
    id: Uuid,
    view: View,
    /// When a walk last began in it. Only what is served now is begun in, so this stands still once there is a newer one.
    begun: Timestamp,
    until: Timestamp,
}

/// The states that are kept.
pub(super) struct Pins {
    /// Each person's, the one that was used last at the end.
    held: Mutex<HashMap<UserId, Vec<Pin>>>,
    metrics: SearchMetrics,
}

impl Pins {
    pub(super) fn new(metrics: SearchMetrics) -> Self {
        Self { held: Mutex::default(), metrics }
    }

    /// Keeps `view` for `owner`, of whom a walk begins (`is_first`) or goes on in it, and says under which name: `new`, unless they
    /// hold it already.
    pub(super) fn keep(&self, owner: UserId, view: &View, is_first: bool, now: Timestamp, new: Uuid) -> Uuid {
        let mut held = self.held.lock();
        let mine = held.entry(owner).or_default();
        let known = mine.iter().position(|pin| Arc::ptr_eq(&pin.view.snapshot, &view.snapshot));
        let mut pin = match known {
            Some(at) => mine.remove(at),
            None => Pin { id: new, view: view.clone(), begun: now, until: now },
        };
        if is_first {
            pin.begun = now;
        }
        pin.until = now.plus(KEPT).min(pin.begun.plus(AT_MOST));
        let id = pin.id;
        mine.push(pin);
        if known.is_none() {
            let surplus = mine.len().saturating_sub(MOST_OF_ONE);
            mine.drain(..surplus);
            self.metrics.pins_evicted.inc_by(surplus as u64);
            self.bound(&mut held, |held| states(held) > MOST_STATES);
        }
        self.tell(&held);
        id
    }

    /// The state that `owner` holds under this name.
    pub(super) fn get(&self, owner: UserId, id: Uuid, now: Timestamp) -> Option<View> {
        let held = self.held.lock();
        let pin = held.get(&owner)?.iter().find(|pin| pin.id == id)?;
        (now < pin.until).then(|| pin.view.clone())
    }

    /// Lets go of what is over, and of what there is no room for beside the state that is served.
    pub(super) fn tidy(&self, now: Timestamp, serving: Option<&Snapshot>) {
        let mut held = self.held.lock();
        if held.is_empty() {
            return;
        }
        held.values_mut().for_each(|pins| pins.retain(|pin| now < pin.until));
        self.bound(&mut held, |held| is_too_large(held, serving));
        self.tell(&held);
    }

    /// Lets go of everything.
    pub(super) fn clear(&self) {
        let mut held = self.held.lock();
        held.clear();
        self.tell(&held);
    }

    /// Lets go of the states that are needed least until there is room.
    fn bound(&self, held: &mut HashMap<UserId, Vec<Pin>>, is_too_much: impl Fn(&HashMap<UserId, Vec<Pin>>) -> bool) {
        while is_too_much(held) {
            let Some(least) = least_needed(held) else { return };
            for pins in held.values_mut() {
                let before = pins.len();
                pins.retain(|pin| Arc::as_ptr(&pin.view.snapshot) != least);
                self.metrics.pins_evicted.inc_by((before - pins.len()) as u64);
            }
        }
    }

    fn tell(&self, held: &HashMap<UserId, Vec<Pin>>) {
        let pins = held.values().map(Vec::len).sum::<usize>();
        self.metrics.pins.set(i64::try_from(pins).unwrap_or(i64::MAX));
    }
}

/// How many different states are held.
fn states(held: &HashMap<UserId, Vec<Pin>>) -> usize {
    held.values().flatten().map(|pin| Arc::as_ptr(&pin.view.snapshot)).collect::<HashSet<_>>().len()
}

/// Whether the states take too much room that nobody would need who only serves the newest one.
fn is_too_large(held: &HashMap<UserId, Vec<Pin>>, serving: Option<&Snapshot>) -> bool {
    let size = |snapshot: &Snapshot| snapshot.segments.iter().map(|segment| segment.bytes).sum::<u64>();
    let mut known: HashSet<_> = serving.iter().flat_map(|s| &s.segments).map(|s| s.reader.segment_id()).collect();
    let mut largest = serving.map_or(0, size);
    let (mut beyond, mut seen) = (0, HashSet::new());
    for snapshot in held.values().flatten().map(|pin| &pin.view.snapshot) {
        if !seen.insert(Arc::as_ptr(snapshot)) {
            continue;
        }
        largest = largest.max(size(snapshot));
        beyond += snapshot
            .segments
            .iter()
            .filter(|segment| known.insert(segment.reader.segment_id()))
            .map(|segment| segment.bytes)
            .sum::<u64>();
    }
    beyond > largest.saturating_mul(MOST_TIMES).max(BYTES_ALLOWED)
}

/// The state that is needed least, the longest begun of several.
fn least_needed(held: &HashMap<UserId, Vec<Pin>>) -> Option<*const Snapshot> {
    let mut needs: HashMap<*const Snapshot, (f64, Timestamp)> = HashMap::new();
    for pins in held.values() {
        for pin in pins {
            let (sum, begun) = needs.entry(Arc::as_ptr(&pin.view.snapshot)).or_insert((0.0, pin.begun));
            *sum += need(pins.len());
            *begun = (*begun).max(pin.begun);
        }
    }
    let least = needs.into_iter().min_by(|(_, (a, a_begun)), (_, (b, b_begun))| {
        // Sums of the same parts in another order may differ in the last bit, which would have chance decide.
        let (a, b) = ((a * 1e6).round(), (b * 1e6).round());
        a.total_cmp(&b).then(a_begun.cmp(b_begun))
    });
    least.map(|(state, _)| state)
}

/// How much somebody who holds `pins` needs each of them.
fn need(pins: usize) -> f64 {
    1.0 / pins.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::schema;

    const START: Timestamp = Timestamp::from_micros(1_000_000_000);
    const SECOND: Duration = Duration::from_secs(1);

    fn state() -> View {
        let snapshot = Snapshot::empty(schema::build().1);
        View { snapshot: Arc::new(snapshot), change: 1, is_rebuilding: false }
    }

    fn person(number: u128) -> UserId {
        UserId(Uuid::from_u128(number))
    }

    /// Keeps `view` under a name of its own.
    fn keep(pins: &Pins, owner: u128, view: &View, name: u128, now: Timestamp) -> Uuid {
        pins.keep(person(owner), view, true, now, Uuid::from_u128(name))
    }

    fn has(pins: &Pins, owner: u128, id: Uuid) -> bool {
        pins.get(person(owner), id, START.plus(SECOND)).is_some()
    }

    #[test]
    fn one_state_is_one_pin_of_a_person_and_nobody_elses() {
        let (pins, view) = (Pins::new(SearchMetrics::default()), state());
        let first = keep(&pins, 1, &view, 10, START);
        assert_eq!(keep(&pins, 1, &view, 11, START), first);
        assert_ne!(keep(&pins, 2, &view, 12, START), first);
        assert!(has(&pins, 1, first) && !has(&pins, 2, first));
        assert_eq!(pins.metrics.pins.get(), 2);
    }

    #[test]
    fn it_lasts_five_minutes_from_the_last_page_and_an_hour_from_the_first() {
        let (pins, view) = (Pins::new(SearchMetrics::default()), state());
        let id = keep(&pins, 1, &view, 10, START);
        let at = |minutes: u64| START.plus(SECOND * 60 * u32::try_from(minutes).unwrap());
        let mut minute = 0;
        while minute < 56 {
            minute += 4;
            assert!(pins.get(person(1), id, at(minute)).is_some(), "{minute}");
            pins.keep(person(1), &view, false, at(minute), Uuid::nil());
        }
        pins.tidy(at(59), None);
        assert!(pins.get(person(1), id, at(59)).is_some());
        assert!(pins.get(person(1), id, at(60)).is_none());
        pins.tidy(at(60), None);
        assert_eq!((pins.metrics.pins.get(), pins.metrics.pins_evicted.get()), (0, 0));

        let id = keep(&pins, 1, &view, 11, at(60));
        assert!(pins.get(person(1), id, at(64)).is_some());
        assert!(pins.get(person(1), id, at(65)).is_none());
    }

    #[test]
    fn who_asks_most_loses_their_own_oldest() {
        let pins = Pins::new(SearchMetrics::default());
        let walk = keep(&pins, 2, &state(), 1, START);
        let many: Vec<_> = (0..100).map(|n| keep(&pins, 1, &state(), 100 + n, START)).collect();
        assert!(has(&pins, 2, walk));
        assert_eq!(many.iter().filter(|id| has(&pins, 1, **id)).count(), MOST_OF_ONE);
        assert!(many.iter().rev().take(MOST_OF_ONE).all(|id| has(&pins, 1, *id)));
        assert_eq!(pins.metrics.pins_evicted.get(), 100 - MOST_OF_ONE as u64);
    }

    #[test]
    fn many_who_hold_many_do_not_take_the_only_one_of_somebody() {
        let pins = Pins::new(SearchMetrics::default());
        let walk = keep(&pins, 1, &state(), 1, START);
        for n in 0..1_000 {
            keep(&pins, 2 + n % 40, &state(), 100 + n, START.plus(Duration::from_millis(1)));
        }
        assert!(has(&pins, 1, walk));
        assert_eq!(states(&pins.held.lock()), MOST_STATES);
    }

    #[test]
    fn a_state_that_many_share_outlives_those_of_one() {
        let (pins, shared) = (Pins::new(SearchMetrics::default()), state());
        for owner in 0..20 {
            keep(&pins, owner, &shared, owner, START);
        }
        for n in 0..300_u128 {
            keep(&pins, 1_000 + n, &state(), 1_000 + n, START.plus(SECOND / 2));
        }
        assert!((0..20).all(|owner| has(&pins, owner, Uuid::from_u128(owner))));
    }
}
