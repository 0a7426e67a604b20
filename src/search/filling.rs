//! Fills an index from the notes themselves, in the order of their ids, from where an earlier attempt left off.
//!
//! Owns how much is read and how often that is committed. Whether the index answers meanwhile, or another one does, is no matter
//! here: the [`follower`](super::follower) fills one that answers, [`beside`](super::beside) one that does not.
//!
//! What a reader would get wrong: a note that is written meanwhile may be passed by, and one that was put in may be out of date
//! before the end. The cursor in the payload is from before the first note, so following the feed from there makes all of it right.

use super::Document;
use super::index::Failure;
use super::opening::Opened;
use super::progress::Shared;
use crate::notes;

/// How much text is put in before a commit. The writer bounds its own memory and puts what is over on disk, so a commit only says
/// how far an interrupted build goes on from, and each one makes small segments that are merged again and again.
const COMMIT_BYTES: usize = 64 << 20;

/// How many notes are read at a time: few, since each may be 1 MiB.
const NOTES: i64 = 32;

/// How far it is.
#[derive(Debug)]
pub(super) struct Filling {
    /// Notes that are in.
    pub(super) done: u64,
    /// Notes that there were when it began, or are in if that is more.
    pub(super) total: u64,
    bytes: usize,
}

impl Filling {
    /// Goes on with an index that is not whole.
    pub(super) fn begin(opened: &Opened, shared: &Shared) -> Result<Self, Failure> {
        let total = u64::try_from(shared.db.read_blocking(notes::store::count_all)?).unwrap_or(0);
        let done = opened.index.notes();
        Ok(Self { done, total: total.max(done), bytes: 0 })
    }

    /// Puts some notes in; says whether all are, and has committed that then.
    pub(super) fn step(&mut self, opened: &mut Opened, shared: &Shared) -> Result<bool, Failure> {
        let after = opened.payload.rebuilding;
        let batch = shared.db.read_blocking(move |tx| notes::store::scan(tx, after, NOTES))?;
        for (owner, note) in &batch {
            opened.writer.add(&Document::of(*owner, note))?;
            self.bytes += note.body.len() + note.title.len();
        }
        self.done += batch.len() as u64;
        self.total = self.total.max(self.done);
        shared.metrics.documents.inc_by(batch.len() as u64);
        opened.payload.rebuilding = batch.last().map(|(_, note)| note.id);
        let is_whole = opened.payload.rebuilding.is_none();
        if is_whole || self.bytes >= COMMIT_BYTES {
            opened.commit(&shared.metrics)?;
            self.bytes = 0;
        }
        if is_whole {
            tracing::info!(notes = self.done, "the search index is built");
        }
        Ok(is_whole)
    }
}
