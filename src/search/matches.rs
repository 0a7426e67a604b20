//! Which documents of one segment a clause matches, and what each match is worth.
//!
//! Everything here walks forward: `next_from` and `worth` are asked with rising document numbers. Deleted documents are
//! still among the matches of a word (taking them out costs more than skipping them later), but never in its count.

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, TERMINATED};

use super::analysis;
use super::bits::Bits;
use super::phrase::{self, PhraseMatch};
use super::query::{self, Clause, Place};
use super::schema::{Fields, keyed};
use super::snapshot::{Counts, Segment, for_each_doc};
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
    /// Everything that matches, when it is more than the stem's list.
    any: Option<Bits>,
    stem: Option<SegmentPostings>,
    title_stem: Option<SegmentPostings>,
    title: Option<SegmentPostings>,
    body: Option<SegmentPostings>,
    longer_in_title: Option<Bits>,
    longer_in_body: Option<Bits>,
    size: u64,
}

impl Matches {
    /// Opens the matches of `clause` among what belongs to `space`.
    pub(super) fn of_clause(segment: &Segment, fields: &Fields, space: &str, clause: &Clause) -> tantivy::Result<Self> {
        match clause {
            Clause::Word(word) => Ok(Self::Word(Box::new(Word::open(segment, fields, space, word)?))),
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
            Self::Word(word) => match &word.any {
                Some(bits) => bits.next_from(target),
                None => seek(&mut word.stem, target),
            },
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
            Self::Word(word) => word.size,
            Self::Phrase { found, .. } => found.len() as u64,
            Self::List(list) => list.as_ref().map_or(0, |postings| u64::from(postings.doc_freq())),
            Self::Set(bits) => bits.len(),
        }
    }

    /// Puts the matches of `clause`, which this was opened for, into `set`.
    pub(super) fn add_to(
        &self,
        set: &mut Bits,
        segment: &Segment,
        fields: &Fields,
        space: &str,
        clause: &Clause,
    ) -> tantivy::Result<()> {
        match (self, clause) {
            (Self::Word(word), Clause::Word(asked)) => match &word.any {
                Some(bits) => set.union(bits),
                None => {
                    let (field, stem) = stem_term(fields, space, asked);
                    if let Some(mut blocks) = segment.blocks(field, &stem)? {
                        for_each_doc(&mut blocks, |doc| set.insert(doc));
                    }
                }
            },
            (Self::Phrase { found, .. }, _) => found.iter().for_each(|m| set.insert(m.doc)),
            (Self::Word(_) | Self::List(_) | Self::Set(_), _) => {}
        }
        Ok(())
    }

    /// How many of `segment` match and are not deleted.
    pub(super) fn count_alive(
        &self,
        segment: &Segment,
        fields: &Fields,
        space: &str,
        clause: &Clause,
    ) -> tantivy::Result<u64> {
        match (self, clause) {
            (Self::Phrase { found, .. }, _) => Ok(found.len() as u64),
            (Self::Word(word), Clause::Word(asked)) => match &word.any {
                Some(bits) if segment.reader.alive_bitset().is_none() => Ok(bits.len()),
                Some(bits) => {
                    let (mut count, mut doc) = (0, bits.next_from(0));
                    while doc != TERMINATED {
                        count += u64::from(segment.is_alive(doc));
                        doc = bits.next_from(doc + 1);
                    }
                    Ok(count)
                }
                None => {
                    let (field, stem) = stem_term(fields, space, asked);
                    segment.count_alive(field, &stem)
                }
            },
            (Self::Word(_) | Self::List(_) | Self::Set(_), _) => Ok(self.size()),
        }
    }

    /// What the match of `doc` is worth before rarity; 0 when `doc` does not match.
    pub(super) fn worth(&mut self, doc: DocId, segment: &Segment, counts: Counts) -> f64 {
        match self {
            Self::Word(word) => word.worth(doc, segment, counts),
            Self::Phrase { found, at } => match found.get(*at) {
                Some(m) if m.doc == doc => {
                    in_title(m.in_title > 0, doc, segment, counts) * weights::EXACT
                        + in_body(m.in_body, doc, segment, counts) * weights::EXACT
                }
                _ => 0.0,
            },
            Self::List(_) | Self::Set(_) => 0.0,
        }
    }
}

/// The list that has every note with a form of the word.
fn stem_term(fields: &Fields, space: &str, word: &query::Word) -> (Field, String) {
    let field = match word.place {
        Place::Anywhere => fields.stem,
        Place::Title => fields.title_stem,
    };
    (field, keyed(space, &analysis::stem(&word.exact)))
}

impl Word {
    fn open(segment: &Segment, fields: &Fields, space: &str, asked: &query::Word) -> tantivy::Result<Self> {
        let with_counts = IndexRecordOption::WithFreqs;
        let anywhere = asked.place == Place::Anywhere;
        let exact = keyed(space, &asked.exact);
        let titles = segment.reader.inverted_index(fields.title)?;
        let bodies = segment.reader.inverted_index(fields.body)?;
        let mut word = Self {
            any: None,
            size: 0,
            stem: None,
            title_stem: None,
            title: postings(&titles, &exact, IndexRecordOption::Basic)?,
            body: if anywhere { postings(&bodies, &exact, with_counts)? } else { None },
            longer_in_title: None,
            longer_in_body: None,
        };
        let (stem_field, stem) = stem_term(fields, space, asked);
        if !asked.strict {
            word.stem = postings(&*segment.reader.inverted_index(stem_field)?, &stem, with_counts)?;
            word.title_stem = postings(&*segment.reader.inverted_index(fields.title_stem)?, &stem, with_counts)?;
            word.size = word.stem.as_ref().map_or(0, |list| u64::from(list.doc_freq()));
        }
        let bound = segment.reader.max_doc();
        if asked.prefix {
            word.longer_in_title = longer(&titles, &exact, bound)?;
            word.longer_in_body = if anywhere { longer(&bodies, &exact, bound)? } else { None };
        }
        // One list has all the notes, unless there are longer words or other forms do not count.
        if asked.strict || word.longer_in_title.is_some() || word.longer_in_body.is_some() {
            let mut any = Bits::new(bound);
            for longer in [&word.longer_in_title, &word.longer_in_body].into_iter().flatten() {
                any.union(longer);
            }
            let mut lists = Vec::with_capacity(2);
            if asked.strict {
                lists.push((fields.title, &exact));
                lists.extend(anywhere.then_some((fields.body, &exact)));
            } else {
                lists.push((stem_field, &stem));
            }
            for (field, term) in lists {
                if let Some(mut blocks) = segment.blocks(field, term)? {
                    for_each_doc(&mut blocks, |doc| any.insert(doc));
                }
            }
            word.size = any.len();
            word.any = Some(any);
        }
        Ok(word)
    }

    fn worth(&mut self, doc: DocId, segment: &Segment, counts: Counts) -> f64 {
        let title_stems = count_at(&mut self.title_stem, doc);
        let body_stems = count_at(&mut self.stem, doc).saturating_sub(title_stems);
        let title_form = if seek(&mut self.title, doc) == doc {
            weights::EXACT
        } else if title_stems > 0 {
            weights::STEM
        } else if self.longer_in_title.as_ref().is_some_and(|bits| bits.contains(doc)) {
            weights::PREFIX
        } else {
            0.0
        };
        let title = if title_form > 0.0 { title_form * in_title(true, doc, segment, counts) } else { 0.0 };
        let exact = count_at(&mut self.body, doc);
        let longer = u32::from(self.longer_in_body.as_ref().is_some_and(|bits| bits.contains(doc)));
        // The best form, not the sum; a stem that repeats may be worth more than the word once in a very long body.
        let body = (weights::EXACT * in_body(exact, doc, segment, counts))
            .max(weights::STEM * in_body(body_stems, doc, segment, counts))
            .max(weights::PREFIX * in_body(longer, doc, segment, counts));
        title + body
    }
}

fn in_title(found: bool, doc: DocId, segment: &Segment, counts: Counts) -> f64 {
    if !found {
        return 0.0;
    }
    let length = segment.columns.title_lengths.fieldnorm(doc);
    weights::TITLE * weights::title_saturation(length, counts.average_title())
}

fn in_body(occurrences: u32, doc: DocId, segment: &Segment, counts: Counts) -> f64 {
    if occurrences == 0 {
        return 0.0;
    }
    let length = segment.columns.body_lengths.fieldnorm(doc);
    weights::BODY * weights::body_saturation(occurrences, length, counts.average_body())
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

/// A bound above every term that begins with `term`: UTF-8 has no byte 0xFF.
pub(super) fn after_all_longer(term: &str) -> Vec<u8> {
    let mut bound = term.as_bytes().to_vec();
    bound.push(0xFF);
    bound
}

/// Moves to `target` or beyond and says where it stands.
pub(super) fn seek(list: &mut Option<SegmentPostings>, target: DocId) -> DocId {
    match list {
        Some(postings) if postings.doc() < target => postings.seek(target),
        Some(postings) => postings.doc(),
        None => TERMINATED,
    }
}

fn count_at(list: &mut Option<SegmentPostings>, doc: DocId) -> u32 {
    if seek(list, doc) == doc { list.as_ref().map_or(0, Postings::term_freq) } else { 0 }
}
