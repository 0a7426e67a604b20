//! Answers a query from one commit of the index.
//!
//! Owns matching, order, totals and facets; leaves what a match is worth to `score`. tantivy's own scorer is not used: its
//! statistics are of the whole index and its sums depend on how documents fell into segments. So an answer is the same to the
//! last bit whatever others have written and however the index was built.
//!
//! Two passes: the first opens every clause in every segment and counts its matches, because rarity needs the sum; the second
//! walks the documents that match.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tantivy::{DocId, TERMINATED};
use uuid::Uuid;

use super::bits::Bits;
use super::facets::{FacetCounts, Facets, SegmentFacets};
use super::matches::Matches;
use super::query::Query;
use super::schema::{self, Fields, keyed};
use super::score::{Scoring, Spread, Worth};
use super::snapshot::{Segment, Snapshot};
use super::{Filter, Mode};
use crate::caller::{Confines, UserId};

/// What is asked of the index.
#[derive(Debug, Clone)]
pub struct Request<'q> {
    /// Whose notes.
    pub owner: UserId,
    /// The notes that whoever asks is confined to.
    pub confines: Option<&'q Confines>,
    /// What they must have.
    pub query: &'q Query,
    /// Whether they must have all of it.
    pub mode: Mode,
    /// Which of them count.
    pub filter: &'q Filter,
    /// How many hits at most.
    pub limit: usize,
    /// Only hits below this place.
    pub after: Option<Rank>,
}

/// The place of a hit; greater is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rank {
    /// What the matches are worth together.
    pub score: f64,
    /// Of two equal ones the later changed is above, microseconds.
    pub updated_at: i64,
    /// Of two equal ones still, the greater id (the later made) is above.
    pub id: Uuid,
}

impl Rank {
    fn by_score(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score)
    }
}

impl Eq for Rank {}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        self.by_score(other).then(self.updated_at.cmp(&other.updated_at)).then(self.id.cmp(&other.id))
    }
}

/// What the index found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// Best first; the note's id is in the rank.
    pub hits: Vec<Rank>,
    /// Whether there are hits below the last one.
    pub more: bool,
    /// All notes that match, on whatever page. Always exact.
    pub total: u64,
    /// What they have in common.
    pub facets: Facets,
}

/// Answers `request` from `snapshot`.
pub(super) fn evaluate(snapshot: &Snapshot, request: &Request<'_>) -> tantivy::Result<Answer> {
    let clauses = request.query.clauses();
    if clauses.is_empty() && !request.query.is_blank() {
        return Ok(Answer::default());
    }
    let space = schema::space(request.owner);
    let counts = snapshot.counts(&space)?;
    if counts.notes == 0 {
        return Ok(Answer::default());
    }

    let mut opened = Vec::with_capacity(snapshot.segments.len());
    let mut spreads = vec![Spread::default(); clauses.len()];
    for segment in &snapshot.segments {
        let matches = clauses
            .iter()
            .map(|clause| Matches::of_clause(segment, &snapshot.fields, &space, clause))
            .collect::<tantivy::Result<Vec<_>>>()?;
        for ((sum, matches), clause) in spreads.iter_mut().zip(&matches).zip(clauses) {
            sum.add(matches.spread(segment, &snapshot.fields, &space, clause, clauses.len() > 1)?);
        }
        opened.push(matches);
    }
    let scoring = Scoring::new(request.mode, counts, &spreads, request.query.times());

    let mut best = Best::new(request.limit, request.after);
    let mut facets = FacetCounts::default();
    let mut total = 0;
    for (segment, matches) in snapshot.segments.iter().zip(opened) {
        let mut walk = Walk::new(snapshot, segment, &space, request, matches)?;
        let mut segment_facets = SegmentFacets::new(segment);
        let mut doc = walk.next_from(0);
        while doc != TERMINATED {
            if walk.counts(doc) {
                total += 1;
                segment_facets.count(doc);
                let worth = walk.worth(doc, &scoring);
                best.offer(segment, doc, worth, &scoring);
            }
            doc = walk.next_from(doc + 1);
        }
        facets.add(segment_facets)?;
    }
    let (hits, more) = best.finish();
    Ok(Answer { hits, more, total, facets: facets.finish() })
}

/// The documents that somebody is confined to.
fn within(segment: &Segment, fields: &Fields, space: &str, confines: &Confines) -> tantivy::Result<Bits> {
    let tags = confines.tags.iter().map(|tag| (fields.tag, keyed(space, tag)));
    let notebooks = confines.notebooks.iter().map(|id| (fields.notebook, keyed(space, &id.to_string())));
    let mut within = Bits::new(segment.reader.max_doc());
    for (field, term) in tags.chain(notebooks) {
        let mut list = Matches::of_term(segment, field, &term)?;
        let mut doc = list.next_from(0);
        while doc != TERMINATED {
            within.insert(doc);
            doc = list.next_from(doc + 1);
        }
    }
    Ok(within)
}

/// Goes through the documents of one segment that match.
struct Walk<'s> {
    segment: &'s Segment,
    filter: &'s Filter,
    /// The clauses in the order of the query, then whatever else must hold.
    lists: Vec<Matches>,
    clauses: usize,
    /// Which lists must hold, the smallest first: it leads, the others only confirm.
    required: Vec<usize>,
}

impl<'s> Walk<'s> {
    fn new(
        snapshot: &'s Snapshot,
        segment: &'s Segment,
        space: &str,
        request: &Request<'s>,
        clauses: Vec<Matches>,
    ) -> tantivy::Result<Self> {
        let fields = &snapshot.fields;
        let count = clauses.len();
        let mut lists = clauses;
        let mut required: Vec<usize> = Vec::new();
        match request.mode {
            Mode::All => required.extend(0..count),
            Mode::Any if count == 0 => {}
            Mode::Any => {
                let mut any = Bits::new(segment.reader.max_doc());
                for (matches, clause) in lists.iter().zip(request.query.clauses()) {
                    matches.add_to(&mut any, segment, fields, space, clause)?;
                }
                lists.push(Matches::Set(any));
            }
        }
        if let Some(tag) = &request.filter.tag {
            lists.push(Matches::of_term(segment, fields.tag, &keyed(space, tag))?);
        }
        if let Some(notebook) = request.filter.notebook {
            lists.push(Matches::of_term(segment, fields.notebook, &keyed(space, &notebook.to_string()))?);
        }
        if let Some(confines) = request.confines {
            lists.push(Matches::Set(within(segment, fields, space, confines)?));
        }
        if lists.is_empty() {
            lists.push(Matches::of_term(segment, fields.space, space)?);
        }
        required.extend(count..lists.len());
        required.sort_by_key(|&list| lists.get(list).map_or(0, Matches::size));
        Ok(Self { segment, filter: request.filter, lists, clauses: count, required })
    }

    /// The first document from `target` on that is in every required list.
    fn next_from(&mut self, mut target: DocId) -> DocId {
        let Some((leader, others)) = self.required.split_first() else { return TERMINATED };
        'again: loop {
            target = self.lists[*leader].next_from(target);
            if target == TERMINATED {
                return TERMINATED;
            }
            for other in others {
                let doc = self.lists[*other].next_from(target);
                if doc != target {
                    target = doc;
                    continue 'again;
                }
            }
            return target;
        }
    }

    /// Whether the document is there and passes the filters that are no lists.
    fn counts(&self, doc: DocId) -> bool {
        let columns = &self.segment.columns;
        self.segment.is_alive(doc)
            && self.filter.states.has_code(columns.state.first(doc).unwrap_or(0))
            && self.filter.pinned.is_none_or(|pinned| columns.pinned.first(doc) == Some(u64::from(pinned)))
            && self.filter.year.is_none_or(|year| columns.year.first(doc) == Some(year))
    }

    /// What the document's matches are worth.
    fn worth(&mut self, doc: DocId, scoring: &Scoring) -> Worth {
        let clauses = self.lists.iter_mut().take(self.clauses);
        scoring.worth(self.segment, doc, clauses.map(|matches| matches.evidence(doc)))
    }
}

/// The best hits so far.
struct Best {
    limit: usize,
    after: Option<Rank>,
    /// One more than the limit, to know whether there is more; the worst on top.
    heap: BinaryHeap<Reverse<Rank>>,
}

impl Best {
    fn new(limit: usize, after: Option<Rank>) -> Self {
        Self { limit, after, heap: BinaryHeap::with_capacity(limit.saturating_add(2).min(1_024)) }
    }

    /// Takes the document in if it belongs there. What makes the last difference is only read when it can.
    fn offer(&mut self, segment: &Segment, doc: DocId, worth: Worth, scoring: &Scoring) {
        let mut rank = Rank { score: worth.at_most(), updated_at: i64::MAX, id: Uuid::max() };
        if self.is_below(&rank, Rank::by_score) {
            return;
        }
        rank.score = scoring.finish(segment, doc, worth);
        if self.is_out(&rank, Rank::by_score) {
            return;
        }
        rank.updated_at = segment.columns.updated_at.first(doc).unwrap_or(0);
        if self.is_out(&rank, |a, b| a.by_score(b).then(a.updated_at.cmp(&b.updated_at))) {
            return;
        }
        rank.id = segment.columns.id(doc);
        // Equal to `after` is the last hit of the page before.
        if self.is_out(&rank, Rank::cmp) || self.after == Some(rank) {
            return;
        }
        self.heap.push(Reverse(rank));
        if self.heap.len() > self.limit.saturating_add(1) {
            self.heap.pop();
        }
    }

    /// Whether the hit is above this page or below it, as far as `order` can tell.
    fn is_out(&self, rank: &Rank, order: impl Fn(&Rank, &Rank) -> Ordering) -> bool {
        self.after.as_ref().is_some_and(|after| order(rank, after).is_gt()) || self.is_below(rank, order)
    }

    /// Whether the hit is below this page, as far as `order` can tell.
    fn is_below(&self, rank: &Rank, order: impl Fn(&Rank, &Rank) -> Ordering) -> bool {
        self.heap.len() > self.limit && self.heap.peek().is_some_and(|Reverse(worst)| order(rank, worst).is_lt())
    }

    fn finish(self) -> (Vec<Rank>, bool) {
        let mut hits: Vec<Rank> = self.heap.into_sorted_vec().into_iter().map(|Reverse(rank)| rank).collect();
        let more = hits.len() > self.limit;
        hits.truncate(self.limit);
        (hits, more)
    }
}
