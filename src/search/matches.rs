//! Which documents of one segment a clause matches, and what each of them has of it.
//!
//! Everything here walks forward: `next_from` and `evidence` are asked with rising document numbers. Deleted documents are
//! still among the matches of a word (taking them out costs more than skipping them later), but never in its count.

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, TERMINATED};

use super::bits::Bits;
use super::forms::{Forms, Typo, after_all_longer};
use super::phrase::{self, PhraseMatch};
use super::query::{Clause, Place};
use super::schema::{Fields, keyed};
use super::score::{Counted, Evidence, Form, Reach, Spread};
use super::snapshot::{Segment, for_each_doc};
use super::weights;

/// The matches of one clause, or of a filter, in one segment.
#[expect(clippy::large_enum_variant, reason = "a handful per query, and they do not move")]
pub(super) enum Matches {
    /// A word in its forms.
    Word(Box<Word>),
    /// A phrase, with deleted documents taken out.
    Phrase { found: Vec<PhraseMatch>, at: usize },
    /// A plain list: tag, notebook, or everything of a space.
    List(Option<SegmentPostings>),
    /// What one of several clauses matches.
    Set(Bits),
}

/// The lists of one word.
pub(super) struct Word {
    /// Everything that matches.
    any: Bits,
    /// What has it in the title, in any form.
    in_title: Bits,
    /// Of each list of stems, or of the word itself where it has none; empty unless they were to be counted.
    counted: Vec<Counted>,
    place: Place,
    /// One list for each language.
    stems: Vec<SegmentPostings>,
    title_stems: Vec<SegmentPostings>,
    title: Option<SegmentPostings>,
    body: Option<SegmentPostings>,
    longer: InEither,
    /// By the number of errors, one and two.
    typos: [InEither; 2],
}

/// Which documents have something in the title, and which in the body.
#[derive(Default)]
struct InEither {
    title: Option<Bits>,
    body: Option<Bits>,
}

impl Matches {
    /// Opens the matches of `clause`, whose word has these `forms`, among what belongs to `space`. With `weighed` occurrences are counted,
    /// which is worth it where there are several clauses to weigh against each other.
    pub(super) fn of_clause(
        segment: &Segment,
        fields: &Fields,
        space: &str,
        clause: &Clause,
        forms: &Forms,
        weighed: bool,
    ) -> tantivy::Result<Self> {
        match clause {
            Clause::Word(word) => {
                let lists = Lists { segment, fields, space };
                Ok(Self::Word(Box::new(Word::open(&lists, word.place, forms, weighed)?)))
            }
            Clause::Phrase(phrase) => {
                let terms: Vec<String> = phrase.words.iter().map(|word| keyed(space, word)).collect();
                let in_title = phrase::occurrences(segment, fields.title, &terms, phrase.prefix)?;
                let in_body = match phrase.place {
                    Place::Anywhere => phrase::occurrences(segment, fields.body, &terms, phrase.prefix)?,
                    Place::Title => Vec::new(),
                };
                Ok(Self::Phrase { found: phrase::merge(in_title, in_body), at: 0 })
            }
        }
    }

    /// Opens a plain list.
    pub(super) fn of_term(segment: &Segment, field: Field, term: &str) -> tantivy::Result<Self> {
        let index = segment.reader.inverted_index(field)?;
        Ok(Self::List(postings(&index, term, IndexRecordOption::Basic)?))
    }

    /// The first match that is not below `target`, or [`TERMINATED`].
    pub(super) fn next_from(&mut self, target: DocId) -> DocId {
        match self {
            Self::Word(word) => word.any.next_from(target),
            Self::Phrase { found, at } => {
                *at += found[*at..].partition_point(|m| m.doc < target);
                found.get(*at).map_or(TERMINATED, |m| m.doc)
            }
            Self::List(list) => seek(list, target),
            Self::Set(bits) => bits.next_from(target),
        }
    }

    /// About how many there are: for choosing whom to follow.
    pub(super) fn size(&self) -> u64 {
        match self {
            Self::Word(word) => word.any.len(),
            Self::Phrase { found, .. } => found.len() as u64,
            Self::List(list) => list.as_ref().map_or(0, |postings| u64::from(postings.doc_freq())),
            Self::Set(bits) => bits.len(),
        }
    }

    /// Puts the matches into `set`.
    pub(super) fn add_to(&self, set: &mut Bits) {
        match self {
            Self::Word(word) => set.union(&word.any),
            Self::Phrase { found, .. } => found.iter().for_each(|m| set.insert(m.doc)),
            Self::Set(bits) => set.union(bits),
            Self::List(_) => {}
        }
    }

    /// How many of `segment` match and are not deleted.
    fn count_alive(&self, segment: &Segment) -> u64 {
        let bits = match self {
            Self::Word(word) => &word.any,
            Self::Set(bits) => bits,
            Self::Phrase { .. } | Self::List(_) => return self.size(),
        };
        if segment.reader.alive_bitset().is_none() {
            return bits.len();
        }
        let (mut count, mut doc) = (0, bits.next_from(0));
        while doc != TERMINATED {
            count += u64::from(segment.is_alive(doc));
            doc = bits.next_from(doc + 1);
        }
        count
    }

    /// Adds what has the word with typing errors.
    pub(super) fn add_typos(
        &mut self,
        segment: &Segment,
        fields: &Fields,
        space: &str,
        typos: &[Typo],
    ) -> tantivy::Result<()> {
        match self {
            Self::Word(word) => word.add_typos(&Lists { segment, fields, space }, typos),
            Self::Phrase { .. } | Self::List(_) | Self::Set(_) => Ok(()),
        }
    }

    /// How the clause lies over the living documents of `segment`.
    pub(super) fn spread(&self, segment: &Segment) -> Spread {
        let notes = self.count_alive(segment);
        let lists = match self {
            Self::Word(word) => word.counted.clone(),
            Self::Phrase { found, .. } => {
                let times = |m: &PhraseMatch| u64::from(m.in_title.saturating_add(m.in_body).min(weights::REPEATS));
                vec![Counted { notes, occurrences: found.iter().map(times).sum() }]
            }
            Self::List(_) | Self::Set(_) => Vec::new(),
        };
        Spread { notes, lists }
    }

    /// Where `doc` may have the clause; `None` when it does not match. In any order.
    pub(super) fn reach(&self, doc: DocId) -> Option<Reach> {
        match self {
            Self::Word(word) if !word.any.contains(doc) => None,
            Self::Word(word) if !word.in_title.contains(doc) => Some(Reach::Body),
            // A phrase is as soon looked at as foretold.
            Self::Word(_) | Self::Phrase { .. } => Some(Reach::Title),
            Self::List(_) | Self::Set(_) => None,
        }
    }

    /// What `doc` has of the clause; `None` when it does not match.
    pub(super) fn evidence(&mut self, doc: DocId) -> Option<Evidence> {
        if self.next_from(doc) != doc {
            return None;
        }
        match self {
            Self::Word(word) => word.evidence(doc),
            Self::Phrase { found, at } => {
                found.get(*at).map(|m| Evidence { form: Form::Exact, in_title: m.in_title > 0, in_body: m.in_body })
            }
            Self::List(_) | Self::Set(_) => None,
        }
    }
}

impl Word {
    fn open(lists: &Lists<'_>, place: Place, forms: &Forms, weighed: bool) -> tantivy::Result<Self> {
        let Lists { segment, fields, space } = *lists;
        let exact = keyed(space, &forms.exact);
        let titles = segment.reader.inverted_index(fields.title)?;
        let bodies = if place == Place::Anywhere { Some(segment.reader.inverted_index(fields.body)?) } else { None };
        let title_stems = segment.reader.inverted_index(fields.title_stem)?;
        let stems = match place {
            Place::Anywhere => segment.reader.inverted_index(fields.stem)?,
            Place::Title => title_stems.clone(),
        };
        let bound = segment.reader.max_doc();
        let (mut any, mut in_title) = (Bits::new(bound), Bits::new(bound));
        let mut counted = Vec::new();
        let title = lists.open(&titles, &exact, IndexRecordOption::Basic, &mut in_title, None)?;
        let mut body = None;
        if let Some(bodies) = &bodies {
            let counted = (weighed && forms.stems.is_empty()).then_some(&mut counted);
            body = lists.open(bodies, &exact, IndexRecordOption::WithFreqs, &mut any, counted)?;
        }
        let mut word = Self {
            any,
            in_title,
            counted,
            place,
            stems: Vec::new(),
            title_stems: Vec::new(),
            title,
            body,
            longer: InEither::default(),
            typos: Default::default(),
        };
        for term in forms.stem_terms(space) {
            let with_counts = IndexRecordOption::WithFreqs;
            let counted = weighed.then_some(&mut word.counted);
            word.stems.extend(lists.open(&stems, &term, with_counts, &mut word.any, counted)?);
            word.title_stems.extend(lists.open(&title_stems, &term, with_counts, &mut word.in_title, None)?);
        }
        if forms.prefix {
            word.longer = InEither {
                title: longer(&titles, &exact, bound)?,
                body: bodies.map(|bodies| longer(&bodies, &exact, bound)).transpose()?.flatten(),
            };
            word.longer.add_to(&mut word.any, &mut word.in_title);
        }
        word.any.union(&word.in_title);
        Ok(word)
    }

    fn add_typos(&mut self, lists: &Lists<'_>, typos: &[Typo]) -> tantivy::Result<()> {
        let Lists { segment, fields, space } = *lists;
        let bound = segment.reader.max_doc();
        let titles = segment.reader.inverted_index(fields.title)?;
        let bodies = segment.reader.inverted_index(fields.body)?;
        for Typo { distance, word } in typos {
            let Some(near) = usize::from(*distance).checked_sub(1).and_then(|at| self.typos.get_mut(at)) else {
                continue;
            };
            let term = keyed(space, word);
            add_optional(&titles, &term, bound, &mut near.title)?;
            if self.place == Place::Anywhere {
                add_optional(&bodies, &term, bound, &mut near.body)?;
            }
        }
        for near in &self.typos {
            near.add_to(&mut self.any, &mut self.in_title);
        }
        Ok(())
    }

    fn evidence(&mut self, doc: DocId) -> Option<Evidence> {
        // A note is in one of the lists, or in two of them with the same words.
        let title_stems = self.title_stems.iter_mut().map(|list| count_at(list, doc)).max().unwrap_or(0);
        let all_stems = self.stems.iter_mut().map(|list| count_at(list, doc)).max().unwrap_or(0);
        let body_stems = all_stems.saturating_sub(title_stems);
        let exact = self.body.as_mut().map_or(0, |list| count_at(list, doc));
        let exact_title = seek(&mut self.title, doc) == doc;
        let guess = |place: fn(&InEither) -> &Option<Bits>| {
            if has(place(&self.longer), doc) {
                Some(Form::Longer)
            } else {
                self.typos.iter().any(|typos| has(place(typos), doc)).then_some(Form::Typo)
            }
        };
        let form = |exact: bool, stems: u32, guess: Option<Form>| match (exact, stems) {
            (true, _) => Some(Form::Exact),
            (false, 1..) => Some(Form::Stem),
            (false, 0) => guess,
        };
        let title_form = form(exact_title, title_stems, guess(|either| &either.title));
        let body_guess = guess(|either| &either.body);
        let body_form = form(exact > 0, body_stems, body_guess);
        let best = title_form.max(body_form)?;
        // Of two words that may be meant, the nearer one counts as one that is there.
        let is_near = body_guess == Some(Form::Longer) || has(&self.typos[0].body, doc);
        Some(Evidence {
            form: best,
            // A longer word in the title says nothing about a note that has the word itself.
            in_title: title_form >= Some(best.min(Form::Stem)),
            in_body: body_stems.max(exact).max(u32::from(is_near)),
        })
    }
}

impl InEither {
    /// Adds both to `any`, and those of the title to `in_title`.
    fn add_to(&self, any: &mut Bits, in_title: &mut Bits) {
        for bits in [&self.title, &self.body].into_iter().flatten() {
            any.union(bits);
        }
        if let Some(bits) = &self.title {
            in_title.union(bits);
        }
    }
}

fn has(bits: &Option<Bits>, doc: DocId) -> bool {
    bits.as_ref().is_some_and(|bits| bits.contains(doc))
}

/// Where lists are opened.
struct Lists<'s> {
    segment: &'s Segment,
    fields: &'s Fields,
    space: &'s str,
}

impl Lists<'_> {
    /// Opens the list of a term, looked up once, and puts all of it into `set`. What is counted of it, if that is wanted, goes behind
    /// `counted`, whether there is a list or not.
    fn open(
        &self,
        index: &InvertedIndexReader,
        term: &str,
        record: IndexRecordOption,
        set: &mut Bits,
        counted: Option<&mut Vec<Counted>>,
    ) -> tantivy::Result<Option<SegmentPostings>> {
        let info = index.terms().get(term)?;
        let Some(info) = info else {
            counted.into_iter().for_each(|counted| counted.push(Counted::default()));
            return Ok(None);
        };
        match counted {
            None => {
                let mut blocks = index.read_block_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
                for_each_doc(&mut blocks, |doc| set.insert(doc));
            }
            Some(counted) => {
                let mut blocks = index.read_block_postings_from_terminfo(&info, IndexRecordOption::WithFreqs)?;
                let mut sum = Counted::default();
                while !blocks.docs().is_empty() {
                    for (&doc, &times) in blocks.docs().iter().zip(blocks.freqs()) {
                        if doc == TERMINATED {
                            break;
                        }
                        set.insert(doc);
                        if self.segment.is_alive(doc) {
                            sum.notes += 1;
                            sum.occurrences += u64::from(times.min(weights::REPEATS));
                        }
                    }
                    blocks.advance();
                }
                counted.push(sum);
            }
        }
        Ok(Some(index.read_postings_from_terminfo(&info, record)?))
    }
}

/// Puts the documents of a term into a set that is only made when there are any.
fn add_optional(index: &InvertedIndexReader, term: &str, bound: DocId, set: &mut Option<Bits>) -> tantivy::Result<()> {
    if let Some(info) = index.terms().get(term)? {
        let set = set.get_or_insert_with(|| Bits::new(bound));
        let mut blocks = index.read_block_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
        for_each_doc(&mut blocks, |doc| set.insert(doc));
    }
    Ok(())
}

pub(super) fn postings(
    index: &InvertedIndexReader,
    term: &str,
    record: IndexRecordOption,
) -> tantivy::Result<Option<SegmentPostings>> {
    match index.terms().get(term)? {
        Some(info) => Ok(Some(index.read_postings_from_terminfo(&info, record)?)),
        None => Ok(None),
    }
}

/// The documents that have a word that begins with `term` and is longer.
fn longer(index: &InvertedIndexReader, term: &str, bound: DocId) -> tantivy::Result<Option<Bits>> {
    let mut found: Option<Bits> = None;
    let mut blocks = None;
    let mut terms = index.terms().range().gt(term).lt(after_all_longer(term)).into_stream()?;
    while terms.advance() {
        let info = terms.value();
        let blocks = match &mut blocks {
            Some(open) => {
                index.reset_block_postings_from_terminfo(info, open)?;
                open
            }
            empty => empty.insert(index.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?),
        };
        let bits = found.get_or_insert_with(|| Bits::new(bound));
        for_each_doc(blocks, |doc| bits.insert(doc));
    }
    Ok(found)
}

/// Moves to `target` or beyond and says where it stands.
pub(super) fn seek(list: &mut Option<SegmentPostings>, target: DocId) -> DocId {
    match list {
        Some(postings) if postings.doc() < target => postings.seek(target),
        Some(postings) => postings.doc(),
        None => TERMINATED,
    }
}

fn count_at(list: &mut SegmentPostings, doc: DocId) -> u32 {
    let at = if list.doc() < doc { list.seek(doc) } else { list.doc() };
    if at == doc { list.term_freq() } else { 0 }
}
