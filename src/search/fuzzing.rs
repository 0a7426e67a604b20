//! What has to hold of queries, whatever comes. See [`crate::fuzzing`].

use super::query::{MAX_CLAUSES, Query, Reading};

/// A query is read without fail unless it is too much, its parts stand where they say, and what it is written as means the same
/// as what that is written as.
pub(crate) fn queries(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for exact in [false, true] {
        let reading = Reading { exact };
        let Ok(query) = Query::parse_as(text, reading) else { continue };
        let length = text.chars().count();
        let mut end = 0;
        for part in query.parts() {
            assert!(end <= part.span.start && part.span.start < part.span.end && part.span.end <= length, "{text:?}");
            end = part.span.end;
        }
        for problem in query.problems() {
            assert!(problem.span.start < problem.span.end && problem.span.end <= length, "{text:?}");
        }
        assert!(query.leaves().len() + query.conditions().len() <= MAX_CLAUSES, "{text:?}");
        // A character that folds to several words is one word where it was typed and several once it is written out: the
        // second round is the first that must change nothing. What unfolds to too much is refused.
        let Ok(written) = Query::parse_as(&query.to_string(), reading) else { continue };
        let Ok(again) = Query::parse_as(&written.to_string(), reading) else { continue };
        let means = |query: &Query| (query.tree().cloned(), query.leaves().to_vec(), query.conditions().to_vec());
        assert_eq!(means(&again), means(&written), "{text:?} as {:?}", written.to_string());
    }
}
