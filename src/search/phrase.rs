//! Where words stand together: phrases by the positions of their words.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, TERMINATED};

use super::matches::postings;
use super::snapshot::Segment;

/// A document with the phrase, and how often it has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PhraseMatch {
    pub(super) doc: DocId,
    pub(super) in_title: u32,
    pub(super) in_body: u32,
}

/// The documents that have `terms` one after the other in `field`, with how often, deleted ones left out.
pub(super) fn occurrences(segment: &Segment, field: Field, terms: &[String]) -> tantivy::Result<Vec<(DocId, u32)>> {
    let index = segment.reader.inverted_index(field)?;
    let record = if terms.len() > 1 { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::WithFreqs };
    let mut lists = Vec::with_capacity(terms.len());
    for (offset, term) in terms.iter().enumerate() {
        match postings(&index, term, record)? {
            Some(list) => lists.push((offset as u32, list)),
            None => return Ok(Vec::new()),
        }
    }
    // The rarest word leads; the others are only asked about its documents.
    lists.sort_by_key(|(offset, list)| (list.doc_freq(), *offset));
    let mut found = Vec::new();
    let mut starts = Vec::new();
    let mut positions = Vec::new();
    let mut target = 0;
    while let Some(doc) = next_common(&mut lists, target) {
        target = doc + 1;
        if !segment.is_alive(doc) {
            continue;
        }
        let times = match &lists[..] {
            [(_, only)] => only.term_freq(),
            _ => count_starts(&mut lists, &mut starts, &mut positions),
        };
        if times > 0 {
            found.push((doc, times));
        }
    }
    Ok(found)
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
