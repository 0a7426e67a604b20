//! Answers a query from one commit of the index.
//!
//! Owns matching, order, totals and facets; leaves what a match is worth to `score`. tantivy's own scorer is not used: its
//! statistics are of the whole index and its sums depend on how documents fell into segments. So an answer is the same to the
//! last bit whatever others have written and however the index was built.
//!
//! Words that must all match are walked list by list, the rarest first; what hangs together otherwise is made a set before
//! (`boolean`), and what the columns say is looked at last. Words under a minus earn nothing.
//!
//! Two passes: the first opens every clause in every segment and counts its matches, because rarity needs the sum; the second
//! walks the documents that match.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tantivy::{DocId, TERMINATED};
use uuid::Uuid;

use super::bits::Bits;
use super::boolean::Sets;
use super::conditions::Test;
use super::correct::{Correction, corrections};
use super::facets::{FacetCounts, Facets, SegmentFacets};
use super::forms::{self, Forms};
use super::matches::Matches;
use super::query::{Clause, Node, Query, Word};
use super::schema::{self, Fields, keyed};
use super::score::{Scoring, Spread, Worth};
use super::snapshot::{Segment, Snapshot};
use super::{Filter, Mode, Sort, States};
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
    /// The query's conditions, in its order: [`tests`](super::conditions::tests). One that is missing matches nothing.
    pub tests: &'q [Test],
    /// Which of them count.
    pub filter: &'q Filter,
    /// In which order.
    pub sort: Sort,
    /// How many hits at most.
    pub limit: usize,
    /// Only hits below this place.
    pub after: Option<Rank>,
}

/// The place of a hit; greater is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rank {
    /// What the matches are worth together; 0 when they come by time.
    pub score: f64,
    /// Of two equal ones the later changed (or made, when that is the order) is above, microseconds.
    pub time: i64,
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
        self.by_score(other).then(self.time.cmp(&other.time)).then(self.id.cmp(&other.id))
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
    /// What counted as the word of each clause, in the order of the query.
    pub forms: Vec<Forms>,
    /// When nothing was found: what words that no note has may have been meant to be.
    pub corrections: Vec<Correction>,
}

/// Answers `request` from `snapshot`.
pub(super) fn evaluate(snapshot: &Snapshot, request: &Request<'_>) -> tantivy::Result<Answer> {
    let (clauses, leaves) = (request.query.clauses(), request.query.leaves());
    if request.query.tree().is_none() && !request.query.is_blank() {
        return Ok(Answer::default());
    }
    let space = schema::space(request.owner);
    let counts = snapshot.counts(&space)?;
    if counts.notes == 0 {
        return Ok(Answer::default());
    }

    let languages = snapshot.languages(&space)?;
    let mut forms: Vec<Forms> = leaves.iter().map(|leaf| Forms::of(leaf, &languages)).collect();
    let mut opened = Vec::with_capacity(snapshot.segments.len());
    let mut spreads = vec![Spread::default(); clauses.len()];
    let weighed = clauses.len() > 1;
    for segment in &snapshot.segments {
        let matches = leaves
            .iter()
            .zip(&forms)
            .map(|(clause, forms)| Matches::of_clause(segment, &snapshot.fields, &space, clause, forms, weighed))
            .collect::<tantivy::Result<Vec<_>>>()?;
        count(&mut spreads, &matches, segment);
        opened.push(matches);
    }
    if add_typos(snapshot, &space, request, &mut forms, &spreads)? {
        spreads.fill(Spread::default());
        for (segment, matches) in snapshot.segments.iter().zip(&mut opened) {
            for (matches, forms) in matches.iter_mut().zip(&forms) {
                matches.add_typos(segment, &snapshot.fields, &space, &forms.typos)?;
            }
            count(&mut spreads, matches, segment);
        }
    }
    let scoring = Scoring::new(request.mode, counts, &spreads, request.query.times());

    let mut best = Best::new(request.limit, request.after, request.sort);
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
                match request.sort {
                    Sort::Relevance if best.has_no_room(|| walk.at_most(doc, &scoring)) => {}
                    Sort::Relevance => best.offer(segment, doc, Some(walk.worth(doc, &scoring)), &scoring),
                    Sort::Updated | Sort::Created => best.offer(segment, doc, None, &scoring),
                }
            }
            doc = walk.next_from(doc + 1);
        }
        facets.add(segment_facets)?;
    }
    let (hits, more) = best.finish();
    let unknown = || clauses.iter().zip(&spreads).filter(|(_, spread)| spread.notes == 0).map(|(clause, _)| clause);
    let corrections = if total == 0 { corrections(snapshot, &space, unknown())? } else { Vec::new() };
    Ok(Answer { hits, more, total, facets: facets.finish(), forms, corrections })
}

/// Adds to `spreads` how each clause lies over `segment`. Words under a minus, which come after the clauses, do not matter.
fn count(spreads: &mut [Spread], matches: &[Matches], segment: &Segment) {
    for (spread, matches) in spreads.iter_mut().zip(matches) {
        spread.add(&matches.spread(segment));
    }
}

/// Looks for typing errors of the words that few notes have; says whether there are any.
fn add_typos(
    snapshot: &Snapshot,
    space: &str,
    request: &Request<'_>,
    all: &mut [Forms],
    spreads: &[Spread],
) -> tantivy::Result<bool> {
    let mut has_any = false;
    for ((clause, forms), &Spread { notes: matching, .. }) in request.query.clauses().iter().zip(all).zip(spreads) {
        let Clause::Word(Word { strict: false, .. }) = clause else { continue };
        let errors = forms::errors_allowed(&forms.exact);
        // Where not all words must be there, one that is in few notes does little harm; errors in a question's rare words would.
        let enough = if request.mode == Mode::Any { 1 } else { forms::TYPOS_BELOW };
        if errors == 0 || matching >= enough {
            continue;
        }
        // Whoever is still typing has made the error in what is there; but as long as that begins a word, it may be none.
        let prefix = forms.prefix && matching == 0;
        forms.typos = forms::typos(snapshot, space, &forms.exact, errors, prefix)?;
        has_any |= !forms.typos.is_empty();
    }
    Ok(has_any)
}

/// The documents that somebody is confined to.
pub(super) fn within(segment: &Segment, fields: &Fields, space: &str, confines: &Confines) -> tantivy::Result<Bits> {
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
    states: States,
    mode: Mode,
    /// The leaves in the order of the query, then whatever else must hold.
    lists: Vec<Matches>,
    /// How many of the leaves are asked for.
    clauses: usize,
    /// Which lists must hold, the smallest first: it leads, the others only confirm.
    required: Vec<usize>,
    /// What the columns must say, or must not.
    tests: Vec<(&'s Test, bool)>,
    /// Documents that do not count.
    excluded: Option<Bits>,
    /// Neither of these is there.
    is_plain: bool,
}

impl<'s> Walk<'s> {
    fn new(
        snapshot: &'s Snapshot,
        segment: &'s Segment,
        space: &str,
        request: &Request<'s>,
        leaves: Vec<Matches>,
    ) -> tantivy::Result<Self> {
        let (fields, query) = (&snapshot.fields, request.query);
        let mut walk = Self {
            segment,
            filter: request.filter,
            states: request.filter.states_for(query),
            mode: request.mode,
            lists: leaves,
            clauses: query.clauses().len(),
            required: Vec::new(),
            tests: Vec::new(),
            excluded: None,
            is_plain: true,
        };
        let count = walk.lists.len();
        let further = walk.take(fields, space, request)?;
        walk.is_plain = walk.tests.is_empty() && walk.excluded.is_none();
        walk.lists.extend(further.into_iter().map(Matches::Set));
        if let Some(tag) = &request.filter.tag {
            walk.lists.push(Matches::of_term(segment, fields.tag, &keyed(space, tag))?);
        }
        if let Some(notebook) = request.filter.notebook {
            walk.lists.push(Matches::of_term(segment, fields.notebook, &keyed(space, &notebook.to_string()))?);
        }
        if let Some(confines) = request.confines {
            walk.lists.push(Matches::Set(within(segment, fields, space, confines)?));
        }
        if walk.required.is_empty() && walk.lists.len() == count {
            walk.lists.push(Matches::of_term(segment, fields.space, space)?);
        }
        walk.required.extend(count..walk.lists.len());
        walk.required.sort_by_key(|&list| walk.lists.get(list).map_or(0, Matches::size));
        Ok(walk)
    }

    /// Sorts what the query demands: words are walked as they are, columns are looked at last, everything else is a set, which
    /// this returns.
    fn take(&mut self, fields: &Fields, space: &str, request: &Request<'s>) -> tantivy::Result<Vec<Bits>> {
        let (query, tests) = (request.query, request.tests);
        let sets = Sets { segment: self.segment, fields, space, tests, leaves: &self.lists };
        let of_columns = |node: &Node| match node {
            Node::Filter(number) => tests.get(*number).filter(|test| test.is_of_columns()),
            Node::And(_) | Node::Or(_) | Node::Not(_) | Node::Leaf(_) => None,
        };
        let mut found = Vec::new();
        let mut any: Option<Bits> = None;
        for node in query.conjuncts() {
            match node {
                _ if self.mode == Mode::Any && query.is_asked(node) => {
                    let set = sets.of(node)?;
                    match &mut any {
                        Some(any) => any.union(&set),
                        empty => *empty = Some(set),
                    }
                }
                Node::Leaf(leaf) => self.required.push(*leaf),
                Node::Not(child) => match of_columns(child) {
                    Some(test) => self.tests.push((test, false)),
                    None => {
                        let set = sets.of(child)?;
                        match &mut self.excluded {
                            Some(excluded) => excluded.union(&set),
                            empty => *empty = Some(set),
                        }
                    }
                },
                other => match of_columns(other) {
                    Some(test) => self.tests.push((test, true)),
                    None => found.push(sets.of(other)?),
                },
            }
        }
        found.extend(any);
        Ok(found)
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
        let facts = &self.segment.columns.facts;
        self.segment.is_alive(doc)
            && self.states.has_code(facts.state(doc))
            && self.filter.pinned.is_none_or(|pinned| facts.is_pinned(doc) == pinned)
            && self.filter.year.is_none_or(|year| facts.year(doc) == year)
            && (self.is_plain || self.passes(doc))
    }

    /// Whether the document is not excluded and its columns say what the query demands. Apart from [`Walk::counts`], which is in
    /// the innermost loop and mostly asks no more.
    #[inline(never)]
    fn passes(&self, doc: DocId) -> bool {
        self.excluded.as_ref().is_none_or(|excluded| !excluded.contains(doc))
            && self.tests.iter().all(|(test, wanted)| test.holds(&self.segment.columns, doc) == Some(*wanted))
    }

    /// What the document's matches are worth at the most.
    fn at_most(&self, doc: DocId, scoring: &Scoring) -> f64 {
        scoring.at_most(self.lists.iter().take(self.clauses).map(|matches| matches.reach(doc)))
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
    sort: Sort,
    /// One more than the limit, to know whether there is more; the worst on top.
    heap: BinaryHeap<Reverse<Rank>>,
}

impl Best {
    fn new(limit: usize, after: Option<Rank>, sort: Sort) -> Self {
        Self { limit, after, sort, heap: BinaryHeap::with_capacity(limit.saturating_add(2).min(1_024)) }
    }

    /// Whether the page is full of hits that are above a score. Most documents of a common word end here, before their lists are read.
    fn has_no_room(&self, at_most: impl FnOnce() -> f64) -> bool {
        match self.heap.peek() {
            Some(Reverse(worst)) if self.heap.len() > self.limit => at_most().total_cmp(&worst.score).is_lt(),
            _ => false,
        }
    }

    /// Takes the document in if it belongs there. What makes the last difference is only read when it can. `worth` is none where time
    /// alone decides.
    fn offer(&mut self, segment: &Segment, doc: DocId, worth: Option<Worth>, scoring: &Scoring) {
        let at_most = worth.map_or(0.0, Worth::at_most);
        let mut rank = Rank { score: at_most, time: i64::MAX, id: Uuid::max() };
        if self.is_below(&rank, Rank::by_score) {
            return;
        }
        rank.score = worth.map_or(0.0, |worth| scoring.finish(segment, doc, worth));
        if self.is_out(&rank, Rank::by_score) {
            return;
        }
        let times = match self.sort {
            Sort::Relevance | Sort::Updated => &segment.columns.updated_at,
            Sort::Created => &segment.columns.created_at,
        };
        rank.time = times.first(doc).unwrap_or(0);
        if self.is_out(&rank, |a, b| a.by_score(b).then(a.time.cmp(&b.time))) {
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
