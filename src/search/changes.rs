//! A piece of the change feed with the notes that it is about, on its way into an index.
//!
//! Owns how much is read at a time. When that becomes visible is up to whoever has the writer: it is put in, not committed.
//!
//! What a reader would get wrong: reading a change tells only *that* a note changed. The note is read in the same snapshot, so
//! the document may show a later state than the change; the later change then writes the same again, which harms nothing.

use std::collections::HashSet;

use uuid::Uuid;

use super::Document;
use super::index::Failure;
use super::opening::Opened;
use super::progress::Shared;
use crate::caller::UserId;
use crate::feed::{self, Kind};
use crate::notes::{self, Note};

/// How much text is put in before a commit at the most: what waits lies in memory.
pub(super) const COMMIT_BYTES: usize = 4 << 20;

/// How many changes are read at a time.
const CHANGES: i64 = 512;

/// The changes after some change, each note once, as they are now.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The last change of the piece.
    pub(super) cursor: i64,
    /// `None` for a note that is gone.
    notes: Vec<(Uuid, Option<(UserId, Note)>)>,
    /// How much text there is in it.
    pub(super) bytes: usize,
    /// Whether more can be read at once.
    pub(super) is_full: bool,
}

impl Page {
    /// Reads what follows on `after`.
    pub(super) fn read(shared: &Shared, after: i64) -> Result<Self, Failure> {
        let page = shared.db.read_blocking(move |tx| {
            let changes = feed::store::since(tx, after, CHANGES)?;
            let mut page = Self { cursor: after, is_full: changes.len() as i64 == CHANGES, ..Self::default() };
            let mut seen = HashSet::new();
            for change in changes {
                if change.kind == Kind::Note && seen.insert(change.id) {
                    if page.bytes >= COMMIT_BYTES {
                        page.is_full = true;
                        break;
                    }
                    let note = notes::store::get_any(tx, change.id)?;
                    page.bytes += note.as_ref().map_or(0, |(_, note)| note.body.len() + note.title.len());
                    page.notes.push((change.id, note));
                }
                page.cursor = change.seq;
            }
            Ok(page)
        })?;
        Ok(page)
    }

    /// Whether it concerns no note.
    pub(super) fn is_empty(&self) -> bool {
        self.notes.is_empty()
    }

    /// Puts it into the index, in place of what is there of these notes.
    pub(super) fn put_in(self, opened: &mut Opened, shared: &Shared) -> Result<(), Failure> {
        opened.payload.cursor = self.cursor;
        if self.notes.is_empty() {
            return Ok(());
        }
        // It may have replaced something, and whether it did costs more to find out than a needless look half a day later.
        opened.payload.deleted_since.get_or_insert(shared.ids.now().micros());
        shared.metrics.documents.inc_by(self.notes.len() as u64);
        for (id, note) in self.notes {
            match note {
                Some((owner, note)) => opened.writer.put(&Document::of(owner, &note))?,
                None => opened.writer.delete(id),
            }
        }
        Ok(())
    }
}
