//! One commit of the index, opened for searching.
//!
//! Owns what is read per note (the columns), and what is counted per person and segment. tantivy opens a column by looking
//! its name up in the segment; that costs more than a whole query, so it happens once per segment here.
//!
//! What a reader would get wrong: the counts leave deleted documents out, and are therefore kept per segment *and* per set of
//! deletions; a new commit counts anew only where something changed.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::RwLock;
use tantivy::columnar::{Column, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::{InvertedIndexReader, SegmentComponent, SegmentId};
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, HasLen, Searcher, SegmentReader, TERMINATED};
use uuid::Uuid;

use super::forms::Automata;
use super::index::Entry;
use super::schema::Fields;

/// What is read per document.
pub(super) struct Columns {
    pub(super) state: Column<u64>,
    pub(super) pinned: Column<u64>,
    pub(super) updated_at: Column<i64>,
    pub(super) created_at: Column<i64>,
    pub(super) has: Column<u64>,
    pub(super) year: Column<i64>,
    pub(super) seq: Column<i64>,
    pub(super) digest: Column<u64>,
    pub(super) tags: Option<StrColumn>,
    pub(super) notebooks: Option<StrColumn>,
    pub(super) title_lengths: FieldNormReader,
    pub(super) body_lengths: FieldNormReader,
    id_high: Column<u64>,
    id_low: Column<u64>,
}

impl Columns {
    fn open(segment: &SegmentReader, fields: &Fields) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        Ok(Self {
            state: fast.u64("state")?,
            pinned: fast.u64("pinned")?,
            updated_at: fast.i64("updated_at")?,
            created_at: fast.i64("created_at")?,
            has: fast.u64("has")?,
            year: fast.i64("year")?,
            seq: fast.i64("seq")?,
            digest: fast.u64("digest")?,
            tags: fast.str("tag_value")?,
            notebooks: fast.str("notebook")?,
            title_lengths: segment.get_fieldnorms_reader(fields.title)?,
            body_lengths: segment.get_fieldnorms_reader(fields.body)?,
            id_high: fast.u64("id_high")?,
            id_low: fast.u64("id_low")?,
        })
    }

    pub(super) fn id(&self, doc: DocId) -> Uuid {
        Uuid::from_u64_pair(self.id_high.first(doc).unwrap_or(0), self.id_low.first(doc).unwrap_or(0))
    }
}

/// How much one person has in one segment, or in all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) notes: u64,
    title_tokens: u64,
    body_tokens: u64,
    newest: i64,
}

impl Counts {
    fn plus(self, other: Self) -> Self {
        Self {
            notes: self.notes + other.notes,
            title_tokens: self.title_tokens + other.title_tokens,
            body_tokens: self.body_tokens + other.body_tokens,
            newest: self.newest.max(other.newest),
        }
    }

    pub(super) fn average_title(self) -> f64 {
        average(self.title_tokens, self.notes)
    }

    /// When the latest changed of the notes changed, microseconds; 0 when there is none.
    pub(super) fn newest(self) -> i64 {
        self.newest
    }

    pub(super) fn average_body(self) -> f64 {
        average(self.body_tokens, self.notes)
    }
}

/// At least 1: an average of nothing must not divide.
fn average(sum: u64, count: u64) -> f64 {
    if sum == 0 || count == 0 { 1.0 } else { sum as f64 / count as f64 }
}

/// One segment with its columns.
pub(super) struct Segment {
    pub(super) reader: SegmentReader,
    pub(super) columns: Arc<Columns>,
    counts: Arc<RwLock<HashMap<String, Counts>>>,
    /// How large its files are, deletions aside.
    pub(super) bytes: u64,
}

/// What a segment consists of on disk.
const COMPONENTS: [SegmentComponent; 6] = [
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::Terms,
    SegmentComponent::FastFields,
    SegmentComponent::FieldNorms,
    SegmentComponent::Store,
];

impl Segment {
    pub(super) fn is_alive(&self, doc: DocId) -> bool {
        self.reader.alive_bitset().is_none_or(|alive| alive.is_alive(doc))
    }

    /// All postings of a term, for going through in blocks.
    pub(super) fn blocks(&self, field: Field, term: &str) -> tantivy::Result<Option<BlockSegmentPostings>> {
        let index = self.reader.inverted_index(field)?;
        match index.terms().get(term)? {
            Some(info) => Ok(Some(index.read_block_postings_from_terminfo(&info, IndexRecordOption::Basic)?)),
            None => Ok(None),
        }
    }

    /// Whether any document of a term is not deleted.
    pub(super) fn has_alive(&self, index: &InvertedIndexReader, term: &TermInfo) -> tantivy::Result<bool> {
        if self.reader.alive_bitset().is_none() {
            return Ok(true);
        }
        let mut blocks = index.read_block_postings_from_terminfo(term, IndexRecordOption::Basic)?;
        loop {
            let docs = blocks.docs();
            if docs.is_empty() {
                return Ok(false);
            }
            if docs.iter().any(|&doc| doc != TERMINATED && self.is_alive(doc)) {
                return Ok(true);
            }
            blocks.advance();
        }
    }

    /// How many documents of a term are not deleted, and how often they have it together, each at most `most` times.
    pub(super) fn occurrences(&self, field: Field, term: &str, most: u32) -> tantivy::Result<(u64, u64)> {
        let index = self.reader.inverted_index(field)?;
        let Some(info) = index.terms().get(term)? else { return Ok((0, 0)) };
        let mut blocks = index.read_block_postings_from_terminfo(&info, IndexRecordOption::WithFreqs)?;
        let (mut docs, mut times) = (0, 0);
        while !blocks.docs().is_empty() {
            for (&doc, &freq) in blocks.docs().iter().zip(blocks.freqs()) {
                if doc != TERMINATED && self.is_alive(doc) {
                    docs += 1;
                    times += u64::from(freq.min(most));
                }
            }
            blocks.advance();
        }
        Ok((docs, times))
    }

    fn counts(&self, fields: &Fields, space: &str) -> tantivy::Result<Counts> {
        if let Some(&known) = self.counts.read().get(space) {
            return Ok(known);
        }
        let mut counts = Counts::default();
        if let Some(mut blocks) = self.blocks(fields.space, space)? {
            for_each_doc(&mut blocks, |doc| {
                if self.is_alive(doc) {
                    counts.notes += 1;
                    counts.title_tokens += u64::from(self.columns.title_lengths.fieldnorm(doc));
                    counts.body_tokens += u64::from(self.columns.body_lengths.fieldnorm(doc));
                    counts.newest = counts.newest.max(self.columns.updated_at.first(doc).unwrap_or(0));
                }
            });
        }
        self.counts.write().insert(space.to_owned(), counts);
        Ok(counts)
    }
}

/// Calls `each` with every document of a list, deleted ones too.
pub(super) fn for_each_doc(blocks: &mut BlockSegmentPostings, mut each: impl FnMut(DocId)) {
    loop {
        let docs = blocks.docs();
        if docs.is_empty() {
            return;
        }
        for &doc in docs {
            if doc == TERMINATED {
                return;
            }
            each(doc);
        }
        blocks.advance();
    }
}

/// How long a file of a segment is. One that is not there takes no room, and whoever needs it meets that soon enough.
fn length(reader: &SegmentReader, part: SegmentComponent) -> u64 {
    reader.open_read(part).map_or(0, |file| file.len() as u64)
}

/// All segments of one commit.
pub(super) struct Snapshot {
    pub(super) segments: Vec<Segment>,
    pub(super) fields: Fields,
    /// For typing errors.
    pub(super) automata: Arc<Automata>,
}

impl Snapshot {
    /// Opens what `searcher` shows, keeping from `previous` what is still true.
    pub(super) fn open(searcher: &Searcher, fields: Fields, previous: Option<&Self>) -> tantivy::Result<Self> {
        let known: HashMap<SegmentId, &Segment> =
            previous.iter().flat_map(|p| &p.segments).map(|s| (s.reader.segment_id(), s)).collect();
        let segments = searcher
            .segment_readers()
            .iter()
            .map(|reader| {
                let known = known.get(&reader.segment_id());
                let columns = match known {
                    Some(segment) => segment.columns.clone(),
                    None => Arc::new(Columns::open(reader, &fields)?),
                };
                let counts = match known {
                    Some(segment) if segment.reader.delete_opstamp() == reader.delete_opstamp() => {
                        segment.counts.clone()
                    }
                    _ => Arc::default(),
                };
                let bytes = match known {
                    Some(segment) => segment.bytes,
                    None => COMPONENTS.into_iter().map(|part| length(reader, part)).sum(),
                };
                Ok(Segment { reader: reader.clone(), columns, counts, bytes })
            })
            .collect::<tantivy::Result<_>>()?;
        let automata = previous.map_or_else(Arc::default, |previous| previous.automata.clone());
        Ok(Self { segments, fields, automata })
    }

    /// Of no segment.
    #[cfg(test)]
    pub(super) fn empty(fields: Fields) -> Self {
        Self { segments: Vec::new(), fields, automata: Arc::default() }
    }

    /// How much one person has.
    pub(super) fn counts(&self, space: &str) -> tantivy::Result<Counts> {
        self.segments
            .iter()
            .try_fold(Counts::default(), |sum, segment| Ok(sum.plus(segment.counts(&self.fields, space)?)))
    }

    /// How many documents there are, of everybody.
    pub(super) fn documents(&self) -> u64 {
        self.segments.iter().map(|segment| u64::from(segment.reader.num_docs())).sum()
    }

    /// Every document.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(self.documents() as usize);
        for segment in &self.segments {
            let columns = &segment.columns;
            entries.extend(segment.reader.doc_ids_alive().map(|doc| Entry {
                id: columns.id(doc),
                seq: columns.seq.first(doc).unwrap_or(0),
                digest: columns.digest.first(doc).unwrap_or(0),
            }));
        }
        entries
    }
}
