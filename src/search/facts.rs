//! What is asked of every document that matches, decoded once for each segment.
//!
//! Owns the state, pin and year of each document and the numbers of its tags and notebook. A column of tantivy is packed bits behind a
//! virtual call, which is fine for a page of hits; a common word asks for tens of thousands of documents, where these lookups were
//! two thirds of the answer's time. This costs about 20 bytes of memory a note.

use std::collections::HashMap;

use tantivy::DocId;
use tantivy::columnar::{Column, StrColumn};
use tantivy::fastfield::FastFieldReaders;

/// How many bits of [`Facts::packed`] hold the state, and after them the pin.
const STATE_BITS: u32 = 2;
const PIN_BITS: u32 = 1;

/// No notebook.
const NONE: u32 = u32::MAX;

/// Of the documents of one segment, deleted ones too.
pub(super) struct Facts {
    /// State, pin, and the number of the year.
    packed: Vec<u32>,
    /// The years that there are, in the order in which they came up.
    years: Vec<i64>,
    tags: Listed,
    /// The number of the notebook in its column's dictionary; empty when no document has one.
    notebooks: Vec<u32>,
}

/// Several numbers for each document.
#[derive(Default)]
struct Listed {
    /// Where the numbers of a document begin; those of the last end at the one more that there is. Empty when there are none.
    starts: Vec<u32>,
    numbers: Vec<u32>,
}

impl Facts {
    /// Reads the columns of a segment of `bound` documents.
    pub(super) fn read(
        columns: &FastFieldReaders,
        bound: DocId,
        tags: Option<&StrColumn>,
        notebooks: Option<&StrColumn>,
    ) -> tantivy::Result<Self> {
        let (state, pinned, year) = (columns.u64("state")?, columns.u64("pinned")?, columns.i64("year")?);
        let (mut years, mut numbers) = (Vec::new(), HashMap::new());
        let mut packed = Vec::with_capacity(bound as usize);
        for doc in 0..bound {
            let year = year.first(doc).unwrap_or(0);
            let year = *numbers.entry(year).or_insert_with(|| {
                years.push(year);
                narrow(years.len() as u64 - 1)
            });
            let pin = u32::from(pinned.first(doc) == Some(1));
            // A state that is none stays one: the codes are 0 to 2.
            let state = first(&state, doc).min(3);
            packed.push(year << (STATE_BITS + PIN_BITS) | pin << STATE_BITS | state);
        }
        let notebook = |column: &StrColumn, doc| column.term_ords(doc).next().map_or(NONE, narrow);
        let notebooks = notebooks.filter(|column| column.num_terms() > 0);
        Ok(Self {
            packed,
            years,
            tags: tags
                .filter(|column| column.num_terms() > 0)
                .map(|column| Listed::read(column, bound))
                .unwrap_or_default(),
            notebooks: notebooks
                .map(|column| (0..bound).map(|doc| notebook(column, doc)).collect())
                .unwrap_or_default(),
        })
    }

    /// The code of the document's state.
    pub(super) fn state(&self, doc: DocId) -> u64 {
        u64::from(self.packed(doc) & ((1 << STATE_BITS) - 1))
    }

    /// Whether it is pinned.
    pub(super) fn is_pinned(&self, doc: DocId) -> bool {
        self.packed(doc) >> STATE_BITS & 1 == 1
    }

    /// The number of the year of its last change, for [`Facts::years`].
    pub(super) fn year_number(&self, doc: DocId) -> usize {
        (self.packed(doc) >> (STATE_BITS + PIN_BITS)) as usize
    }

    /// That year; 0 for a document that does not exist.
    pub(super) fn year(&self, doc: DocId) -> i64 {
        self.years.get(self.year_number(doc)).copied().unwrap_or(0)
    }

    /// The years by their numbers.
    pub(super) fn years(&self) -> &[i64] {
        &self.years
    }

    /// The numbers of its tags in the dictionary of their column.
    pub(super) fn tags(&self, doc: DocId) -> &[u32] {
        self.tags.of(doc)
    }

    /// The number of its notebook in the dictionary of that column.
    pub(super) fn notebook(&self, doc: DocId) -> Option<u32> {
        self.notebooks.get(doc as usize).copied().filter(|&number| number != NONE)
    }

    fn packed(&self, doc: DocId) -> u32 {
        self.packed.get(doc as usize).copied().unwrap_or(0)
    }
}

impl Listed {
    fn read(column: &StrColumn, bound: DocId) -> Self {
        let (mut starts, mut numbers) = (Vec::with_capacity(bound as usize + 1), Vec::new());
        for doc in 0..bound {
            starts.push(narrow(numbers.len() as u64));
            numbers.extend(column.term_ords(doc).map(narrow));
        }
        starts.push(narrow(numbers.len() as u64));
        numbers.shrink_to_fit();
        Self { starts, numbers }
    }

    fn of(&self, doc: DocId) -> &[u32] {
        let at = doc as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(&from), Some(&to)) => self.numbers.get(from as usize..to as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}

fn first(column: &Column<u64>, doc: DocId) -> u32 {
    narrow(column.first(doc).unwrap_or(0))
}

/// A segment has fewer than 2^31 documents, a note fewer than a hundred tags, and a dictionary no more values than there are tags.
fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
