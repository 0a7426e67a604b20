//! One commit of the index, opened for searching.
//!
//! Owns what is read per note (the columns), and what is counted per person and segment. tantivy opens a column by looking
//! its name up in the segment; that costs more than a whole query, so it happens once per segment here.
//!
//! What a reader would get wrong: what is counted leaves deleted documents out, and is therefore kept per segment *and* per set of
//! deletions; a new commit counts anew only where something changed.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use parking_lot::RwLock;
use tantivy::columnar::{Column, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::{InvertedIndexReader, SegmentComponent, SegmentId};
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, HasLen, Searcher, SegmentReader, TERMINATED};
use uuid::Uuid;

use super::facts::Facts;
use super::forms::{Automata, after_all_longer};
use super::index::Entry;
use super::languages::{self, ENGLISH, Language};
use super::schema::{Fields, SPACE_LEN};

/// What is read per document.
pub(super) struct Columns {
    pub(super) facts: Facts,
    pub(super) updated_at: Column<i64>,
    pub(super) created_at: Column<i64>,
    pub(super) has: Column<u64>,
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
        let (tags, notebooks) = (fast.str("tag_value")?, fast.str("notebook")?);
        Ok(Self {
            facts: Facts::read(fast, segment.max_doc(), tags.as_ref(), notebooks.as_ref())?,
            updated_at: fast.i64("updated_at")?,
            created_at: fast.i64("created_at")?,
            has: fast.u64("has")?,
            seq: fast.i64("seq")?,
            digest: fast.u64("digest")?,
            tags,
            notebooks,
            title_lengths: segment.get_fieldnorms_reader(fields.title)?,
            body_lengths: segment.get_fieldnorms_reader(fields.body)?,
            id_high: fast.u64("id_high")?,
            id_low: fast.u64("id_low")?,
        })
    }

    fn entry(&self, doc: DocId) -> Entry {
        let (seq, digest) = (self.seq.first(doc).unwrap_or(0), self.digest.first(doc).unwrap_or(0));
        Entry { id: self.id(doc), seq, digest }
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
    known: Arc<RwLock<HashMap<String, Known>>>,
    /// How large its files are, deletions aside.
    pub(super) bytes: u64,
}

/// What is known of one person's notes in one segment.
#[derive(Clone)]
struct Known {
    counts: Counts,
    languages: Arc<[&'static Language]>,
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

    /// What is known of a space, counted when it is asked for first.
    fn known(&self, fields: &Fields, space: &str) -> tantivy::Result<Known> {
        if let Some(known) = self.known.read().get(space) {
            return Ok(known.clone());
        }
        let known = Known { counts: self.count(fields, space)?, languages: self.languages(fields, space)?.into() };
        self.known.write().insert(space.to_owned(), known.clone());
        Ok(known)
    }

    fn count(&self, fields: &Fields, space: &str) -> tantivy::Result<Counts> {
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
        Ok(counts)
    }

    /// The languages of a space's living notes, those that stems are made in.
    fn languages(&self, fields: &Fields, space: &str) -> tantivy::Result<Vec<&'static Language>> {
        let index = self.reader.inverted_index(fields.lang)?;
        let mut terms = index.terms().range().gt(space.as_bytes()).lt(after_all_longer(space)).into_stream()?;
        let mut found = Vec::new();
        while terms.advance() {
            if self.has_alive(&index, terms.value())? {
                let code = terms.key().get(SPACE_LEN..).and_then(|code| str::from_utf8(code).ok());
                found.extend(code.and_then(languages::by_code));
            }
        }
        Ok(found)
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
                let before = known.get(&reader.segment_id());
                let (columns, bytes) = match before {
                    Some(segment) => (segment.columns.clone(), segment.bytes),
                    None => {
                        let bytes = COMPONENTS.into_iter().map(|part| length(reader, part)).sum();
                        (Arc::new(Columns::open(reader, &fields)?), bytes)
                    }
                };
                let known = match before {
                    Some(segment) if segment.reader.delete_opstamp() == reader.delete_opstamp() => {
                        segment.known.clone()
                    }
                    _ => Arc::default(),
                };
                Ok(Segment { reader: reader.clone(), columns, known, bytes })
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
            .try_fold(Counts::default(), |sum, segment| Ok(sum.plus(segment.known(&self.fields, space)?.counts)))
    }

    /// The languages of one person's notes and English, in the order of their codes.
    pub(super) fn languages(&self, space: &str) -> tantivy::Result<Vec<&'static Language>> {
        let mut all = BTreeMap::from([(ENGLISH.code, ENGLISH)]);
        for segment in &self.segments {
            let known = segment.known(&self.fields, space)?;
            all.extend(known.languages.iter().map(|language| (language.code, *language)));
        }
        Ok(all.into_values().collect())
    }

    /// How many documents there are, of everybody.
    pub(super) fn documents(&self) -> u64 {
        self.segments.iter().map(|segment| u64::from(segment.reader.num_docs())).sum()
    }

    /// Every document.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(self.documents() as usize);
        for segment in &self.segments {
            entries.extend(segment.reader.doc_ids_alive().map(|doc| segment.columns.entry(doc)));
        }
        entries
    }

    /// What there is of one note.
    pub(super) fn entries_of(&self, id: Uuid) -> tantivy::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for segment in &self.segments {
            let index = segment.reader.inverted_index(self.fields.id)?;
            let Some(info) = index.terms().get(id.as_bytes())? else { continue };
            let mut blocks = index.read_block_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
            for_each_doc(&mut blocks, |doc| {
                if segment.is_alive(doc) {
                    entries.push(segment.columns.entry(doc));
                }
            });
        }
        Ok(entries)
    }

    /// The note of the document that `draw` means, or of the next one that is not deleted.
    pub(super) fn some_entry(&self, draw: u64) -> Option<Uuid> {
        let all: u64 = self.segments.iter().map(|segment| u64::from(segment.reader.max_doc())).sum();
        let mut place = draw.checked_rem(all)?;
        // Around once, and the part before the place again.
        for segment in self.segments.iter().chain(&self.segments) {
            let docs = u64::from(segment.reader.max_doc());
            if place >= docs {
                place -= docs;
                continue;
            }
            let begin = u32::try_from(place).unwrap_or(0);
            if let Some(doc) = (begin..segment.reader.max_doc()).find(|&doc| segment.is_alive(doc)) {
                return Some(segment.columns.id(doc));
            }
            place = 0;
        }
        None
    }
}
