//! What was refused, counted before it is written down.
//!
//! A refused credential has no transaction to be recorded in, and an attack must not fill the disk. So refusals are counted here, in
//! memory, by what was refused, whose account it concerned and where it came from, and written as one row for each once a minute, or as
//! soon as somebody reads the log. What there is no room for to be told apart is counted together. A process that is killed takes
//! along at most the last minute's counts.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::{Action, By, Entry, store};
use crate::caller::{Device, UserId};
use crate::clock::{Ids, Timestamp};
use crate::db::{Db, WriteOptions};
use crate::error::Result;

/// How long counts lie in memory at most.
pub const EVERY: Duration = Duration::from_secs(60);

/// Refusals that are told apart in that time: some 30 MB a day when they never stop.
const APART: usize = 64;

/// Noting what was refused goes on when the disk's reserve is touched, as signing in does.
const WRITE: WriteOptions = WriteOptions { weight: 0, frees: true };

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    action: Action,
    flow: &'static str,
    method: &'static str,
    about: Option<UserId>,
    address: Option<Box<str>>,
}

#[derive(Debug, Clone)]
struct Count {
    times: u64,
    first: Timestamp,
    device: Device,
}

/// The refusals of one store. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Refusals {
    db: Db,
    ids: Ids,
    counts: Arc<Mutex<HashMap<Key, Count>>>,
}

impl Refusals {
    /// None yet.
    pub fn new(db: Db, ids: Ids) -> Self {
        Self { db, ids, counts: Arc::default() }
    }

    /// Counts one. `flow` and `method` say what was tried, `about` whose account it concerned, when there is one.
    pub fn note(
        &self,
        action: Action,
        flow: &'static str,
        method: &'static str,
        about: Option<UserId>,
        device: &Device,
    ) {
        let now = self.ids.now();
        let mut counts = self.counts.lock();
        let mut key = Key { action, flow, method, about, address: Some(device.address().into()) };
        let mut device = device.clone();
        if counts.len() >= APART && !counts.contains_key(&key) {
            (key.about, key.address, device) = (None, None, Device::new("", "several"));
        }
        let count = counts.entry(key).or_insert(Count { times: 0, first: now, device });
        count.times += 1;
    }

    /// Writes down what was counted.
    ///
    /// # Errors
    /// What the store says; the counts are kept for the next time.
    pub async fn flush(&self) -> Result<()> {
        let taken = std::mem::take(&mut *self.counts.lock());
        if taken.is_empty() {
            return Ok(());
        }
        let entries: Vec<Entry> = taken.iter().map(|(key, count)| self.entry(key, count)).collect();
        let written =
            self.db.write_with(WRITE, move |tx| entries.iter().try_for_each(|entry| store::record(tx, entry))).await;
        if let Err(error) = written {
            let mut counts = self.counts.lock();
            for (key, count) in taken {
                counts
                    .entry(key)
                    .and_modify(|there| {
                        there.times += count.times;
                        there.first = there.first.min(count.first);
                    })
                    .or_insert(count);
            }
            return Err(error);
        }
        Ok(())
    }

    fn entry(&self, key: &Key, count: &Count) -> Entry {
        let entry = Entry::new(&self.ids, key.action, By::nobody(count.device.clone()));
        let entry = match key.about {
            Some(user) => entry.about(user),
            None => entry,
        };
        entry.refused(count.times, count.first).detail("flow", key.flow).detail("method", key.method)
    }
}
