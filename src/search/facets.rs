//! What the notes of an answer have in common: tags, notebooks, years, each with its count.

use std::collections::{BTreeMap, HashMap};

use tantivy::DocId;
use tantivy::columnar::StrColumn;
use uuid::Uuid;

use super::schema::SPACE_LEN;
use super::snapshot::Segment;

/// How many tags and notebooks an answer names at most, the most frequent ones.
pub const MAX_VALUES: usize = 50;

/// A value and how many notes of the answer have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet<T> {
    /// The tag, notebook or year.
    pub value: T,
    /// Notes of the whole answer, not of its page.
    pub count: u64,
}

/// The facets of an answer. Tags and notebooks come by falling count and then by value, years latest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facets {
    /// Tags as written.
    pub tags: Vec<Facet<String>>,
    /// Notebooks; notes outside of any do not count.
    pub notebooks: Vec<Facet<Uuid>>,
    /// Years (UTC) of the last change.
    pub years: Vec<Facet<i64>>,
}

/// Sums over segments, by value: numbers of a segment's dictionary mean nothing in another.
#[derive(Debug, Default)]
pub(super) struct FacetCounts {
    tags: BTreeMap<Vec<u8>, u64>,
    notebooks: BTreeMap<Vec<u8>, u64>,
    years: BTreeMap<i64, u64>,
}

impl FacetCounts {
    pub(super) fn add(&mut self, segment: SegmentFacets) -> tantivy::Result<()> {
        segment.tags.resolve(&mut self.tags)?;
        segment.notebooks.resolve(&mut self.notebooks)?;
        for (year, count) in segment.segment.columns.facts.years().iter().zip(segment.years) {
            if count > 0 {
                *self.years.entry(*year).or_default() += count;
            }
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Facets {
        let tag = |value: Vec<u8>| String::from_utf8(value).ok();
        let notebook = |value: Vec<u8>| Uuid::try_parse_ascii(value.get(SPACE_LEN..)?).ok();
        Facets {
            tags: most_frequent(self.tags, tag),
            notebooks: most_frequent(self.notebooks, notebook),
            years: self.years.into_iter().rev().map(|(value, count)| Facet { value, count }).collect(),
        }
    }
}

fn most_frequent<T>(counts: BTreeMap<Vec<u8>, u64>, read: impl Fn(Vec<u8>) -> Option<T>) -> Vec<Facet<T>> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    // Stable: equal counts stay in the order of their values.
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(MAX_VALUES);
    counts.into_iter().filter_map(|(value, count)| Some(Facet { value: read(value)?, count })).collect()
}

/// The counts of one segment.
pub(super) struct SegmentFacets<'s> {
    segment: &'s Segment,
    tags: Ordinals<'s>,
    notebooks: Ordinals<'s>,
    /// By the years' numbers.
    years: Vec<u64>,
}

impl<'s> SegmentFacets<'s> {
    pub(super) fn new(segment: &'s Segment) -> Self {
        Self {
            segment,
            tags: Ordinals::new(segment.columns.tags.as_ref()),
            notebooks: Ordinals::new(segment.columns.notebooks.as_ref()),
            years: vec![0; segment.columns.facts.years().len()],
        }
    }

    pub(super) fn count(&mut self, doc: DocId) {
        let facts = &self.segment.columns.facts;
        for &tag in facts.tags(doc) {
            self.tags.count(tag);
        }
        if let Some(notebook) = facts.notebook(doc) {
            self.notebooks.count(notebook);
        }
        if let Some(count) = self.years.get_mut(facts.year_number(doc)) {
            *count += 1;
        }
    }
}

/// Above this many values in a segment (of everybody together), an array per query costs more than hashing.
const DENSE_VALUES: usize = 1 << 14;

struct Ordinals<'s> {
    column: Option<&'s StrColumn>,
    dense: Vec<u32>,
    sparse: HashMap<u64, u32>,
}

impl<'s> Ordinals<'s> {
    fn new(column: Option<&'s StrColumn>) -> Self {
        let values = column.map_or(0, |column| column.num_terms());
        Self {
            column,
            dense: if values <= DENSE_VALUES { vec![0; values] } else { Vec::new() },
            sparse: HashMap::new(),
        }
    }

    fn count(&mut self, ordinal: u32) {
        match self.dense.get_mut(ordinal as usize) {
            Some(count) => *count += 1,
            None => *self.sparse.entry(u64::from(ordinal)).or_default() += 1,
        }
    }

    fn resolve(self, into: &mut BTreeMap<Vec<u8>, u64>) -> tantivy::Result<()> {
        let Some(column) = self.column else { return Ok(()) };
        let dense = self.dense.into_iter().enumerate().map(|(ordinal, count)| (ordinal as u64, count));
        let mut counts: Vec<(u64, u32)> = dense.chain(self.sparse).filter(|(_, count)| *count > 0).collect();
        counts.sort_unstable();
        let ordinals: Vec<u64> = counts.iter().map(|(ordinal, _)| *ordinal).collect();
        let mut values = counts.iter();
        column.dictionary().sorted_ords_to_term_cb(&ordinals, |value| {
            if let Some((_, count)) = values.next() {
                *into.entry(value.to_vec()).or_default() += u64::from(*count);
            }
        })?;
        Ok(())
    }
}
