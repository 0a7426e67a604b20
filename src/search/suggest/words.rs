//! Words of one's own notes that begin as somebody types.

use std::collections::BTreeMap;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, TERMINATED};
use uuid::Uuid;

use super::super::States;
use super::super::bits::Bits;
use super::super::evaluate::within;
use super::super::forms::after_all_longer;
use super::super::schema::{SPACE_LEN, keyed, space};
use super::super::snapshot::{Segment, Snapshot, for_each_doc};
use crate::caller::{Confines, UserId};

/// Of how many words the most frequent ones are chosen; beyond it the rarer are left out before they are counted.
const CANDIDATES: usize = 256;

/// A word of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedWord {
    /// Folded.
    pub word: String,
    /// How many notes have it, those in the trash aside.
    pub count: u64,
    /// One of these notes, in which its spelling can be seen.
    pub note: Uuid,
}

/// The most frequent words that begin with the folded `beginning` and are longer, at most `limit`.
pub(in super::super) fn words(
    snapshot: &Snapshot,
    owner: UserId,
    confines: Option<&Confines>,
    beginning: &str,
    limit: usize,
) -> tantivy::Result<Vec<IndexedWord>> {
    let space = space(owner);
    let within = snapshot
        .segments
        .iter()
        .map(|segment| confines.map(|confines| within(segment, &snapshot.fields, &space, confines)).transpose())
        .collect::<tantivy::Result<Vec<_>>>()?;
    let mut counted = Vec::new();
    for word in candidates(snapshot, &space, beginning, &within)? {
        let mut count = 0;
        each_note(snapshot, &keyed(&space, &word), &within, |_, _| count += 1)?;
        if count > 0 {
            counted.push((count, word));
        }
    }
    counted.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    counted.truncate(limit);
    let mut found = Vec::new();
    for (count, word) in counted {
        // The one that was made last: which is the first in the index depends on what else was written.
        let mut note = Uuid::nil();
        let latest = |segment: &Segment, doc| note = note.max(segment.columns.id(doc));
        each_note(snapshot, &keyed(&space, &word), &within, latest)?;
        found.push(IndexedWord { word, count, note });
    }
    Ok(found)
}

/// The words that most documents have, whatever their state. Deleted ones do not count: when they leave the index depends on what
/// others write.
fn candidates(
    snapshot: &Snapshot,
    space: &str,
    beginning: &str,
    within: &[Option<Bits>],
) -> tantivy::Result<Vec<String>> {
    let from = keyed(space, beginning);
    let to = after_all_longer(&from);
    let mut sums: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    for (segment, within) in snapshot.segments.iter().zip(within) {
        for field in [snapshot.fields.title, snapshot.fields.body] {
            let index = segment.reader.inverted_index(field)?;
            let mut terms = index.terms().range().gt(&from).lt(&to).into_stream()?;
            while terms.advance() {
                let frequency = frequency(segment, &index, terms.value(), within.as_ref())?;
                match sums.get_mut(terms.key()) {
                    _ if frequency == 0 => {}
                    Some(sum) => *sum += frequency,
                    None => drop(sums.insert(terms.key().to_vec(), frequency)),
                }
            }
        }
    }
    let mut words: Vec<_> = sums.into_iter().collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    words.truncate(CANDIDATES);
    let word = |(term, _): (Vec<u8>, u64)| String::from_utf8(term.get(SPACE_LEN..)?.to_vec()).ok();
    Ok(words.into_iter().filter_map(word).collect())
}

/// How many documents of a term are there.
fn frequency(
    segment: &Segment,
    index: &InvertedIndexReader,
    term: &TermInfo,
    within: Option<&Bits>,
) -> tantivy::Result<u64> {
    if segment.reader.alive_bitset().is_none() && within.is_none() {
        return Ok(u64::from(term.doc_freq));
    }
    let mut count = 0;
    for_each_doc(&mut index.read_block_postings_from_terminfo(term, IndexRecordOption::Basic)?, |doc| {
        count += u64::from(segment.is_alive(doc) && within.is_none_or(|within| within.contains(doc)));
    });
    Ok(count)
}

/// Calls `each` with every document that has the term in title or body and counts.
fn each_note(
    snapshot: &Snapshot,
    term: &str,
    within: &[Option<Bits>],
    mut each: impl FnMut(&Segment, DocId),
) -> tantivy::Result<()> {
    for (segment, within) in snapshot.segments.iter().zip(within) {
        let mut has = Bits::new(segment.reader.max_doc());
        let mut any = false;
        for field in [snapshot.fields.title, snapshot.fields.body] {
            let Some(mut blocks) = segment.blocks(field, term)? else { continue };
            any = true;
            for_each_doc(&mut blocks, |doc| has.insert(doc));
        }
        let mut doc = if any { has.next_from(0) } else { TERMINATED };
        while doc != TERMINATED {
            let counts = segment.is_alive(doc)
                && States::KEPT.has_code(segment.columns.facts.state(doc))
                && within.as_ref().is_none_or(|within| within.contains(doc));
            if counts {
                each(segment, doc);
            }
            doc = has.next_from(doc + 1);
        }
    }
    Ok(())
}
