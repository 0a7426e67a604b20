//! Where words stand together: phrases by the positions of their words.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, TERMINATED};

use super::forms::after_all_longer;
use super::matches::postings;
use super::snapshot::Segment;

/// A document with the phrase, and how often it has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PhraseMatch {
    pub(super) doc: DocId,
    pub(super) in_title: u32,
    pub(super) in_body: u32,
}

/// The documents that have `terms` one after the other in `field`, with how often, deleted ones left out. With `prefix` the last
/// one is the beginning of a word.
pub(super) fn occurrences(
    segment: &Segment,
    field: Field,
    terms: &[String],
    prefix: bool,
) -> tantivy::Result<Vec<(DocId, u32)>> {
    match terms.split_last() {
        Some((last, head)) if prefix => beginnings(segment, field, head, last),
        _ => whole(segment, field, terms),
    }
}

fn whole(segment: &Segment, field: Field, terms: &[String]) -> tantivy::Result<Vec<(DocId, u32)>> {
    let mut found = Vec::new();
    walk(segment, field, terms, terms.len() > 1, |doc, times, _| found.push((doc, times)))?;
    Ok(found)
}

/// Calls `each` with every document that has `terms` one after the other, how often, and, if asked for, with the positions where
/// they begin.
fn walk(
    segment: &Segment,
    field: Field,
    terms: &[String],
    with_positions: bool,
    mut each: impl FnMut(DocId, u32, &[u32]),
) -> tantivy::Result<()> {
    let index = segment.reader.inverted_index(field)?;
    let record = if with_positions { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::WithFreqs };
    let mut lists = Vec::with_capacity(terms.len());
    for (offset, term) in terms.iter().enumerate() {
        match postings(&index, term, record)? {
            Some(list) => lists.push((offset as u32, list)),
            None => return Ok(()),
        }
    }
    // The rarest word leads; the others are only asked about its documents.
    lists.sort_by_key(|(offset, list)| (list.doc_freq(), *offset));
    let mut starts = Vec::new();
    let mut positions = Vec::new();
    let mut target = 0;
    while let Some(doc) = next_common(&mut lists, target) {
        target = doc + 1;
        if !segment.is_alive(doc) {
            continue;
        }
        let times = match &lists[..] {
            [(_, only)] if !with_positions => only.term_freq(),
            _ => count_starts(&mut lists, &mut starts, &mut positions),
        };
        if times > 0 {
            each(doc, times, &starts);
        }
    }
    Ok(())
}

/// The documents that have `head` and then a word that begins with `last`.
fn beginnings(segment: &Segment, field: Field, head: &[String], last: &str) -> tantivy::Result<Vec<(DocId, u32)>> {
    // Where the last word must stand: per document a piece of `places`.
    let (mut candidates, mut places) = (Vec::new(), Vec::new());
    if !head.is_empty() {
        walk(segment, field, head, true, |doc, _, starts| {
            let from = places.len();
            places.extend(starts.iter().map(|start| start + head.len() as u32));
            candidates.push((doc, from..places.len()));
        })?;
        if candidates.is_empty() {
            return Ok(Vec::new());
        }
    }
    let index = segment.reader.inverted_index(field)?;
    let mut times = vec![0_u32; segment.reader.max_doc() as usize];
    let (mut positions, mut common) = (Vec::new(), Vec::new());
    let mut terms = index.terms().range().ge(last).lt(after_all_longer(last)).into_stream()?;
    while terms.advance() {
        if head.is_empty() {
            let mut list = index.read_postings_from_terminfo(terms.value(), IndexRecordOption::WithFreqs)?;
            while list.doc() != TERMINATED {
                add(&mut times, list.doc(), list.term_freq());
                list.advance();
            }
            continue;
        }
        let mut list = index.read_postings_from_terminfo(terms.value(), IndexRecordOption::WithFreqsAndPositions)?;
        let mut rest = &candidates[..];
        while let Some((doc, range)) = rest.first() {
            let at = if list.doc() < *doc { list.seek(*doc) } else { list.doc() };
            if at != *doc {
                // Neither may be skipped one by one: the words that begin so are many, and so are the notes.
                rest = &rest[rest.partition_point(|(candidate, _)| *candidate < at)..];
                continue;
            }
            list.positions(&mut positions);
            common.clear();
            common.extend_from_slice(places.get(range.clone()).unwrap_or(&[]));
            keep_common(&mut common, positions.iter().copied());
            add(&mut times, at, common.len() as u32);
            rest = &rest[1..];
        }
    }
    let times = times.into_iter().enumerate().map(|(doc, times)| (doc as DocId, times));
    Ok(times.filter(|&(doc, times)| times > 0 && segment.is_alive(doc)).collect())
}

fn add(times: &mut [u32], doc: DocId, more: u32) {
    if let Some(times) = times.get_mut(doc as usize) {
        *times += more;
    }
}

/// The first document from `target` on that is in all lists, which then stand on it.
fn next_common(lists: &mut [(u32, SegmentPostings)], mut target: DocId) -> Option<DocId> {
    loop {
        let mut furthest = target;
        for (_, list) in lists.iter_mut() {
            let doc = if list.doc() < furthest { list.seek(furthest) } else { list.doc() };
            if doc == TERMINATED {
                return None;
            }
            furthest = furthest.max(doc);
        }
        if lists.iter().all(|(_, list)| list.doc() == furthest) {
            return Some(furthest);
        }
        target = furthest;
    }
}

/// How many positions begin the phrase in the document that all lists stand on.
fn count_starts(lists: &mut [(u32, SegmentPostings)], starts: &mut Vec<u32>, positions: &mut Vec<u32>) -> u32 {
    starts.clear();
    for (index, (offset, list)) in lists.iter_mut().enumerate() {
        list.positions(positions);
        let begin = positions.iter().filter_map(|position| position.checked_sub(*offset));
        if index == 0 {
            starts.extend(begin);
        } else {
            keep_common(starts, begin);
        }
        if starts.is_empty() {
            return 0;
        }
    }
    starts.len() as u32
}

/// Keeps of the ascending `left` what is in the ascending `right`.
fn keep_common(left: &mut Vec<u32>, right: impl Iterator<Item = u32>) {
    let mut right = right.peekable();
    left.retain(|&wanted| {
        while right.next_if(|&other| other < wanted).is_some() {}
        right.peek() == Some(&wanted)
    });
}

/// One list of the matches in the title and those in the body.
pub(super) fn merge(in_title: Vec<(DocId, u32)>, in_body: Vec<(DocId, u32)>) -> Vec<PhraseMatch> {
    let mut merged = Vec::with_capacity(in_title.len().max(in_body.len()));
    let (mut titles, mut bodies) = (in_title.into_iter().peekable(), in_body.into_iter().peekable());
    loop {
        let doc = match (titles.peek(), bodies.peek()) {
            (Some(title), Some(body)) => title.0.min(body.0),
            (Some(only), None) | (None, Some(only)) => only.0,
            (None, None) => return merged,
        };
        merged.push(PhraseMatch {
            doc,
            in_title: titles.next_if(|m| m.0 == doc).map_or(0, |m| m.1),
            in_body: bodies.next_if(|m| m.0 == doc).map_or(0, |m| m.1),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_positions_are_kept() {
        let mut left = vec![1, 4, 7, 9];
        keep_common(&mut left, [0, 4, 5, 9, 12].into_iter());
        assert_eq!(left, [4, 9]);
    }

    #[test]
    fn title_and_body_matches_merge_by_document() {
        let merged = merge(vec![(1, 1), (5, 2)], vec![(0, 3), (5, 1)]);
        let shape: Vec<_> = merged.iter().map(|m| (m.doc, m.in_title, m.in_body)).collect();
        assert_eq!(shape, [(0, 0, 3), (1, 1, 0), (5, 2, 1)]);
    }
}
