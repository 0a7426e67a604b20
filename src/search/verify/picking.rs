//! Which notes a comparison is of when it is not of all.
//!
//! Owns the picking only: whatever is picked is a suspect, and goes the way of all suspects.
//!
//! What a reader would get wrong: picking by chance among the entries alone would never meet what the index lacks, and picking notes by
//! chance is not something a store does quickly. So notes are picked in short runs: one half begins behind an entry picked by chance,
//! the other at a time picked by chance between the first note and now (the ids of notes begin with a time). A piece that is missing
//! in the middle or at the end of the index is met by the latter.

use uuid::Uuid;

use super::{MOST_SAMPLED, Report};
use crate::db::ReadTx;
use crate::error::{Error, Result};
use crate::feed::{self, Kind};
use crate::notes;
use crate::search::Search;

/// How many notes that follow on each other are picked at one place.
const RUN: u32 = 8;

/// How many changes are read at a time.
const CHANGES: i64 = 4_096;

/// How often it is tried to count both sides while nothing is written.
const COUNTS: usize = 3;

/// The bits of an id that are a time.
const TIME_BITS: u32 = 48;

impl Search {
    /// `size` notes and `size` entries, each once.
    pub(super) async fn pick(&self, size: u32, report: &mut Report) -> Result<Vec<Uuid>> {
        if !(1..=MOST_SAMPLED).contains(&size) {
            return Err(Error::invalid("sample", format!("must be from 1 to {MOST_SAMPLED}")));
        }
        self.count_both(report).await?;
        let ids = self.ids();
        let draws: Vec<u64> = (0..size).map(|_| u64::from_le_bytes(ids.bytes())).collect();
        let mut picked = self.blocking(move |index| index.some_entries(&draws)).await?;

        let first = self.db().read(|tx| Ok(notes::store::scan(tx, None, 1)?.first().map(|(_, note)| note.id))).await?;
        let (from, to) = (first.map_or(0, time), time(ids.id()));
        let runs = size.div_ceil(RUN);
        let mut places = Vec::new();
        for run in 0..runs {
            let draw = u64::from_le_bytes(ids.bytes());
            let behind_entry = picked.get(run as usize * RUN as usize).copied().filter(|_| run % 2 == 0);
            let at = from + draw % (to.saturating_sub(from) + 1);
            places.push(behind_entry.unwrap_or_else(|| Uuid::from_u128(u128::from(at) << (128 - TIME_BITS))));
        }
        for place in places {
            let run = move |tx: &mut ReadTx<'_>| notes::store::scan(tx, Some(place), i64::from(RUN));
            picked.extend(self.db().read(run).await?.iter().map(|(_, note)| note.id));
        }
        Ok(each_once(picked, report))
    }

    /// The notes that changed after `change`, those that are gone included.
    pub(super) async fn changed_since(&self, change: i64, report: &mut Report) -> Result<Vec<Uuid>> {
        let reach =
            |tx: &mut ReadTx<'_>| Ok((feed::store::floor(tx)?, feed::store::head(tx)?, notes::store::count_all(tx)?));
        let (floor, head, count) = self.db().read(reach).await?;
        if !(floor..=head).contains(&change) {
            let detail = format!("must be a change number from {floor} to {head}: the store knows no others");
            return Err(Error::invalid("since", detail));
        }
        report.notes = u64::try_from(count).unwrap_or(0);
        report.entries = self.index()?.notes();
        let (mut changed, mut after) = (Vec::new(), change);
        loop {
            let page = self.db().read(move |tx| feed::store::since(tx, after, CHANGES)).await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            changed.extend(page.iter().filter(|change| change.kind == Kind::Note).map(|change| change.id));
        }
        Ok(each_once(changed, report))
    }

    /// Counts on both sides at a moment when the index shows all that the store has, if there is one.
    async fn count_both(&self, report: &mut Report) -> Result<()> {
        for _ in 0..COUNTS {
            self.settle(super::CATCH_UP).await;
            let read = |tx: &mut ReadTx<'_>| Ok((feed::store::head(tx)?, notes::store::count_all(tx)?));
            let (head, notes) = self.db().read(read).await?;
            report.notes = u64::try_from(notes).unwrap_or(0);
            report.entries = self.index()?.notes();
            if self.status().progress.reached == head && self.db().head() == head {
                report.counts_differ = Some(report.notes != report.entries);
                break;
            }
        }
        Ok(())
    }
}

fn each_once(mut picked: Vec<Uuid>, report: &mut Report) -> Vec<Uuid> {
    picked.sort_unstable();
    picked.dedup();
    report.compared = picked.len() as u64;
    picked
}

/// The milliseconds that an id begins with.
fn time(id: Uuid) -> u64 {
    id.as_u64_pair().0 >> (u64::BITS - TIME_BITS)
}
