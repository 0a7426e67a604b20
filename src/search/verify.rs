//! Compares index and store, note by note.
//!
//! Owns what is compared ([`Scope`]) and what counts as a fault. Both sides move while they are compared. So the first comparison only
//! yields suspects; they are looked at again after the index has caught up, and what differs still is reported.
//!
//! What a reader would get wrong: a sample proves nothing about the notes that were not picked. But faults rarely come singly: what an
//! interrupted commit or a lost piece of the feed does to an index shows in many notes, and in how many there are.

mod picking;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::index::{Entry, Failure, Index};
use super::progress::Phase;
use super::{Document, Search, schema};
use crate::error::{Error, Result};
use crate::notes;

/// How many examples a report names.
const EXAMPLES: usize = 20;

/// How often suspects are looked at again.
const ROUNDS: usize = 3;

/// How long the index may take to catch up before each look.
const CATCH_UP: Duration = Duration::from_secs(10);

/// Notes read at a time.
const CHUNK: i64 = 64;

/// The most notes that a sample may be of: beyond that comparing all is as quick.
pub const MOST_SAMPLED: u32 = 100_000;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// Every note and every entry, and all files with their checksums.
    #[default]
    All,
    /// So many notes and so many entries, picked by chance, and how many there are on both sides. No files.
    Sample(u32),
    /// The notes that changed after this change, those that are gone included. No files.
    Since(i64),
}

/// What is wrong with the index' entry of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The store has the note, the index does not.
    Missing,
    /// The index has a note that the store does not have.
    Extra,
    /// The index shows an earlier change of the note.
    Stale,
    /// Same change, other content, or more than one entry.
    Differing,
}

/// What a comparison found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// What was compared.
    pub scope: Scope,
    /// The index showed all changes up to this one when it began: the next comparison `Since` it leaves nothing out.
    pub change: i64,
    /// Notes in the store.
    pub notes: u64,
    /// Notes in the index.
    pub entries: u64,
    /// How many notes and entries were compared, each note once.
    pub compared: u64,
    /// A sample: whether store and index have different numbers of notes. `None` when the store did not hold still for long enough to tell,
    /// and where it was not asked.
    pub counts_differ: Option<bool>,
    /// How many of each fault there are among what was compared.
    pub missing: u64,
    /// See [`Fault::Extra`].
    pub extra: u64,
    /// See [`Fault::Stale`].
    pub stale: u64,
    /// See [`Fault::Differing`].
    pub differing: u64,
    /// Some of them.
    pub examples: Vec<(Uuid, Fault)>,
    /// Index files whose content is not what was written; known when all is compared.
    pub damaged_files: Vec<String>,
}

impl Report {
    /// Whether nothing is wrong with what was compared.
    pub fn is_sound(&self) -> bool {
        self.missing + self.extra + self.stale + self.differing == 0
            && self.counts_differ != Some(true)
            && self.damaged_files.is_empty()
    }

    fn count(&mut self, id: Uuid, fault: Fault) {
        match fault {
            Fault::Missing => self.missing += 1,
            Fault::Extra => self.extra += 1,
            Fault::Stale => self.stale += 1,
            Fault::Differing => self.differing += 1,
        }
        if self.examples.len() < EXAMPLES {
            self.examples.push((id, fault));
        }
    }
}

impl Search {
    /// Compares store and index as far as `scope` says.
    ///
    /// # Errors
    /// [`Error::SearchUnavailable`] while there is no whole index; `Invalid` for a sample of nothing or of too much, or a change that the
    /// store does not reach back to or has not had yet; what the store says.
    pub async fn verify(&self, scope: Scope) -> Result<Report> {
        self.settle(CATCH_UP).await;
        let progress = self.status().progress;
        if progress.phase != Phase::Ready {
            return Err(Error::SearchUnavailable("the index is not complete yet".to_owned()));
        }
        let mut report = Report { scope, change: progress.reached, ..Report::default() };
        let mut suspects = match scope {
            Scope::All => self.compare_all(&mut report).await?,
            Scope::Sample(size) => self.pick(size, &mut report).await?,
            Scope::Since(change) => self.changed_since(change, &mut report).await?,
        };
        let mut faults = Vec::new();
        for _ in 0..ROUNDS {
            if suspects.is_empty() {
                return Ok(report);
            }
            self.settle(CATCH_UP).await;
            faults = self.look_again(std::mem::take(&mut suspects)).await?;
            suspects.extend(faults.iter().map(|(id, _)| *id));
        }
        faults.sort_unstable_by_key(|(id, _)| *id);
        for (id, fault) in faults {
            report.count(id, fault);
        }
        Ok(report)
    }

    /// What differs at the first look.
    async fn compare_all(&self, report: &mut Report) -> Result<Vec<Uuid>> {
        report.damaged_files = self.blocking(|index| index.damaged_files()).await?;
        let (mut entries, mut suspects) = (HashMap::new(), Vec::new());
        for entry in self.blocking(|index| index.entries()).await? {
            report.entries += 1;
            if entries.insert(entry.id, entry).is_some() {
                suspects.push(entry.id);
            }
        }
        let mut after = None;
        loop {
            let batch = self.db().read(move |tx| Ok(expected(&notes::store::scan(tx, after, CHUNK)?))).await?;
            let Some(last) = batch.last() else { break };
            after = Some(last.id);
            report.notes += batch.len() as u64;
            suspects.extend(batch.iter().filter(|note| entries.remove(&note.id) != Some(**note)).map(|note| note.id));
        }
        report.compared = report.notes + entries.len() as u64;
        suspects.extend(entries.into_keys());
        suspects.sort_unstable();
        suspects.dedup();
        Ok(suspects)
    }

    async fn look_again(&self, mut suspects: Vec<Uuid>) -> Result<Vec<(Uuid, Fault)>> {
        let mut faults = Vec::new();
        while !suspects.is_empty() {
            let some = suspects.split_off(suspects.len().saturating_sub(CHUNK as usize));
            let asked = some.clone();
            let entries = self.blocking(move |index| index.entries_of(&asked)).await?;
            let read = move |tx: &mut crate::db::ReadTx<'_>| {
                let mut present = Vec::with_capacity(some.len());
                for id in some {
                    let note = notes::store::get_any(tx, id)?;
                    present.push((id, note.and_then(|note| expected(&[note]).pop())));
                }
                Ok(present)
            };
            for ((id, note), entries) in self.db().read(read).await?.into_iter().zip(entries) {
                let fault = match (note, entries.as_slice()) {
                    (None, []) => continue,
                    (Some(_), []) => Fault::Missing,
                    (None, [..]) => Fault::Extra,
                    (Some(note), [entry]) if note.seq != entry.seq => Fault::Stale,
                    (Some(note), [entry]) if note.digest == entry.digest => continue,
                    (Some(_), [..]) => Fault::Differing,
                };
                faults.push((id, fault));
            }
        }
        Ok(faults)
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Index) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T> {
        let index: Arc<Index> = self.index()?;
        let done = tokio::task::spawn_blocking(move || work(&index)).await.map_err(Error::internal)?;
        done.map_err(|failure| self.suspect(failure))
    }
}

/// What the index should say of these notes.
fn expected(notes: &[(crate::caller::UserId, notes::Note)]) -> Vec<Entry> {
    let entry = |(owner, note): &(crate::caller::UserId, notes::Note)| Entry {
        id: note.id,
        seq: note.seq,
        digest: schema::digest(&Document::of(*owner, note)),
    };
    notes.iter().map(entry).collect()
}
