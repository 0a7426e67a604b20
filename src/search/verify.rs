//! Compares index and store, note by note.
//!
//! Both move while they are compared. So the first comparison only yields suspects; they are looked at again after the index
//! has caught up, and what differs still is reported.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::index::{Entry, Index};
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

/// What is wrong with the index' entry of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The store has the note, the index does not.
    Missing,
    /// The index has a note that the store does not have.
    Extra,
    /// The index shows an earlier change of the note.
    Stale,
    /// Same change, other content.
    Differing,
}

/// What a comparison found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Notes in the store.
    pub notes: u64,
    /// Notes in the index.
    pub entries: u64,
    /// How many of each fault there are.
    pub missing: u64,
    /// See [`Fault::Extra`].
    pub extra: u64,
    /// See [`Fault::Stale`].
    pub stale: u64,
    /// See [`Fault::Differing`].
    pub differing: u64,
    /// Some of them.
    pub examples: Vec<(Uuid, Fault)>,
    /// Index files whose content is not what was written.
    pub damaged_files: Vec<String>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.missing + self.extra + self.stale + self.differing == 0 && self.damaged_files.is_empty()
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
    /// Compares every note of the store with the index, and every index file with its checksum.
    ///
    /// # Errors
    /// [`Error::SearchUnavailable`] while there is no whole index; what the store says.
    pub async fn verify(&self) -> Result<Report> {
        self.settle(CATCH_UP).await;
        if self.status().progress.phase != Phase::Ready {
            return Err(Error::SearchUnavailable("the index is not complete yet".to_owned()));
        }
        let mut report = Report::default();
        let index = self.index()?;
        report.damaged_files = self.blocking(index, |index| index.damaged_files()).await?;

        let mut entries = self.entries().await?;
        report.entries = entries.len() as u64;
        let mut suspects = Vec::new();
        let mut after = None;
        loop {
            let batch = self.db().read(move |tx| Ok(expected(&notes::store::scan(tx, after, CHUNK)?))).await?;
            let Some(last) = batch.last() else { break };
            after = Some(last.id);
            report.notes += batch.len() as u64;
            suspects.extend(batch.iter().filter(|note| entries.remove(&note.id) != Some(**note)).map(|note| note.id));
        }
        suspects.extend(entries.into_keys());

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

    async fn look_again(&self, mut suspects: Vec<Uuid>) -> Result<Vec<(Uuid, Fault)>> {
        let entries = self.entries().await?;
        let mut faults = Vec::new();
        while !suspects.is_empty() {
            let some = suspects.split_off(suspects.len().saturating_sub(CHUNK as usize));
            let read = move |tx: &mut crate::db::ReadTx<'_>| {
                let mut present = Vec::with_capacity(some.len());
                for id in some {
                    let note = notes::store::get_any(tx, id)?;
                    present.push((id, note.and_then(|note| expected(&[note]).pop())));
                }
                Ok(present)
            };
            for (id, note) in self.db().read(read).await? {
                let fault = match (note, entries.get(&id)) {
                    (Some(_), None) => Fault::Missing,
                    (None, Some(_)) => Fault::Extra,
                    (Some(note), Some(entry)) if note.seq != entry.seq => Fault::Stale,
                    (Some(note), Some(entry)) if note.digest != entry.digest => Fault::Differing,
                    (Some(_), Some(_)) | (None, None) => continue,
                };
                faults.push((id, fault));
            }
        }
        Ok(faults)
    }

    async fn entries(&self) -> Result<HashMap<Uuid, Entry>> {
        let index = self.index()?;
        let entries = self.blocking(index, |index| index.entries()).await?;
        Ok(entries.into_iter().map(|entry| (entry.id, entry)).collect())
    }

    async fn blocking<T: Send + 'static>(
        &self,
        index: Arc<Index>,
        work: impl FnOnce(&Index) -> Result<T, super::index::Failure> + Send + 'static,
    ) -> Result<T> {
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
