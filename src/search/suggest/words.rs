//! Words of one's own notes that begin as somebody types.

use std::collections::BTreeMap;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED};
use uuid::Uuid;

use super::super::bits::Bits;
use super::super::evaluate::within;
use super::super::forms::after_all_longer;
use super::super::schema::{SPACE_LEN, keyed, space};
use super::super::snapshot::{Segment, Snapshot};
use super::super::{States, schema::Fields};
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
    let mut found = Vec::new();
    for word in candidates(snapshot, &space, beginning)? {
        let (mut count, mut note) = (0, None);
        for (segment, within) in snapshot.segments.iter().zip(&within) {
            let (there, first) = count_in(segment, &snapshot.fields, &keyed(&space, &word), within.as_ref())?;
            count += there;
            note = note.or(first);
        }
        found.extend(note.map(|note| IndexedWord { word, count, note }));
    }
    found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.word.cmp(&b.word)));
    found.truncate(limit);
    Ok(found)
}

/// The words that most documents have, whatever their state.
fn candidates(snapshot: &Snapshot, space: &str, beginning: &str) -> tantivy::Result<Vec<String>> {
    let from = keyed(space, beginning);
    let to = after_all_longer(&from);
    let mut sums: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    for segment in &snapshot.segments {
        for field in [snapshot.fields.title, snapshot.fields.body] {
            let index = segment.reader.inverted_index(field)?;
            let mut terms = index.terms().range().gt(&from).lt(&to).into_stream()?;
            while terms.advance() {
                let frequency = u64::from(terms.value().doc_freq);
                match sums.get_mut(terms.key()) {
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

/// How many documents of a segment have the word in title or body and count, and the first of them.
fn count_in(
    segment: &Segment,
    fields: &Fields,
    term: &str,
    within: Option<&Bits>,
) -> tantivy::Result<(u64, Option<Uuid>)> {
    let mut has = Bits::new(segment.reader.max_doc());
    let mut any = false;
    for field in [fields.title, fields.body] {
        let index = segment.reader.inverted_index(field)?;
        let Some(info) = index.terms().get(term)? else { continue };
        let mut list = index.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
        while list.doc() != TERMINATED {
            has.insert(list.doc());
            any = true;
            list.advance();
        }
    }
    let (mut count, mut first) = (0, None);
    let mut doc = if any { has.next_from(0) } else { TERMINATED };
    while doc != TERMINATED {
        let counts = segment.is_alive(doc)
            && States::KEPT.has_code(segment.columns.facts.state(doc))
            && within.is_none_or(|within| within.contains(doc));
        if counts {
            count += 1;
            first.get_or_insert_with(|| segment.columns.id(doc));
        }
        doc = has.next_from(doc + 1);
    }
    Ok((count, first))
}
