//! Which documents of one segment a clause matches, and what each of them has of it.
//!
//! Everything here walks forward: `next_from` and `evidence` are asked with rising document numbers. Deleted documents are
//! still among the matches of a word (taking them out costs more than skipping them later), but never in its count.

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, TERMINATED};

use super::bits::Bits;
use super::phrase::{self, PhraseMatch};
use super::query::Clause;
use super::schema::{Fields, keyed};
use super::score::{Evidence, Form, Spread};
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
            Clause::Word { exact, stem, prefix } => {
                Ok(Self::Word(Box::new(Word::open(segment, fields, space, exact, stem, *prefix)?)))
            }
            Clause::Phrase(words) => {
                let terms: Vec<String> = words.iter().map(|word| keyed(space, word)).collect();
                let in_title = phrase::occurrences(segment, fields.title, &terms)?;
                let in_body = phrase::occurrences(segment, fields.body, &terms)?;
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
            (Self::Word(word), Clause::Word { stem, .. }) => match &word.any {
                Some(bits) => set.union(bits),
                None => {
                    if let Some(mut blocks) = segment.blocks(fields.stem, &keyed(space, stem))? {
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
    fn count_alive(&self, segment: &Segment, fields: &Fields, space: &str, clause: &Clause) -> tantivy::Result<u64> {
        match (self, clause) {
            (Self::Phrase { found, .. }, _) => Ok(found.len() as u64),
            (Self::Word(word), Clause::Word { stem, .. }) => match &word.any {
                Some(bits) if segment.reader.alive_bitset().is_none() => Ok(bits.len()),
                Some(bits) => {
                    let (mut count, mut doc) = (0, bits.next_from(0));
                    while doc != TERMINATED {
                        count += u64::from(segment.is_alive(doc));
                        doc = bits.next_from(doc + 1);
                    }
                    Ok(count)
                }
                None => segment.count_alive(fields.stem, &keyed(space, stem)),
            },
            (Self::Word(_) | Self::List(_) | Self::Set(_), _) => Ok(self.size()),
        }
    }

    /// How the clause lies over the living documents of `segment`. Occurrences are counted where there are several clauses to
    /// weigh against each other.
    pub(super) fn spread(
        &self,
        segment: &Segment,
        fields: &Fields,
        space: &str,
        clause: &Clause,
        with_occurrences: bool,
    ) -> tantivy::Result<Spread> {
        let notes = self.count_alive(segment, fields, space, clause)?;
        let (counted, occurrences) = match (self, clause) {
            _ if !with_occurrences => (0, 0),
            (Self::Phrase { found, .. }, _) => {
                let times = |m: &PhraseMatch| u64::from(m.in_title.saturating_add(m.in_body).min(weights::REPEATS));
                (notes, found.iter().map(times).sum())
            }
            (Self::Word(_), Clause::Word { stem, .. }) => {
                segment.occurrences(fields.stem, &keyed(space, stem), weights::REPEATS)?
            }
            (Self::Word(_) | Self::List(_) | Self::Set(_), _) => (0, 0),
        };
        Ok(Spread { notes, counted, occurrences })
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
    fn open(
        segment: &Segment,
        fields: &Fields,
        space: &str,
        exact: &str,
        stem: &str,
        prefix: bool,
    ) -> tantivy::Result<Self> {
        let with_counts = IndexRecordOption::WithFreqs;
        let (exact, stem) = (keyed(space, exact), keyed(space, stem));
        let titles = segment.reader.inverted_index(fields.title)?;
        let bodies = segment.reader.inverted_index(fields.body)?;
        let stems = segment.reader.inverted_index(fields.stem)?;
        let title_stems = segment.reader.inverted_index(fields.title_stem)?;
        let stem_list = postings(&stems, &stem, with_counts)?;
        let mut word = Self {
            any: None,
            size: stem_list.as_ref().map_or(0, |list| u64::from(list.doc_freq())),
            stem: stem_list,
            title_stem: postings(&title_stems, &stem, IndexRecordOption::WithFreqs)?,
            title: postings(&titles, &exact, IndexRecordOption::Basic)?,
            body: postings(&bodies, &exact, with_counts)?,
            longer_in_title: None,
            longer_in_body: None,
        };
        if prefix {
            let bound = segment.reader.max_doc();
            word.longer_in_title = longer(&titles, &exact, bound)?;
            word.longer_in_body = longer(&bodies, &exact, bound)?;
            if word.longer_in_title.is_some() || word.longer_in_body.is_some() {
                let mut any = Bits::new(bound);
                for longer in [&word.longer_in_title, &word.longer_in_body].into_iter().flatten() {
                    any.union(longer);
                }
                if let Some(mut blocks) = segment.blocks(fields.stem, &stem)? {
                    for_each_doc(&mut blocks, |doc| any.insert(doc));
                }
                word.size = any.len();
                word.any = Some(any);
            }
        }
        Ok(word)
    }

    fn evidence(&mut self, doc: DocId) -> Option<Evidence> {
        let title_stems = count_at(&mut self.title_stem, doc);
        let body_stems = count_at(&mut self.stem, doc).saturating_sub(title_stems);
        let exact = count_at(&mut self.body, doc);
        let longer = self.longer_in_body.as_ref().is_some_and(|bits| bits.contains(doc));
        let title_form = if seek(&mut self.title, doc) == doc {
            Some(Form::Exact)
        } else if title_stems > 0 {
            Some(Form::Stem)
        } else {
            self.longer_in_title.as_ref().is_some_and(|bits| bits.contains(doc)).then_some(Form::Longer)
        };
        let body_form = if exact > 0 {
            Some(Form::Exact)
        } else if body_stems > 0 {
            Some(Form::Stem)
        } else {
            longer.then_some(Form::Longer)
        };
        let form = title_form.max(body_form)?;
        Some(Evidence {
            form,
            // A longer word in the title says nothing about a note that has the word itself.
            in_title: title_form >= Some(form.min(Form::Stem)),
            in_body: body_stems.max(exact).max(u32::from(longer)),
        })
    }
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
fn after_all_longer(term: &str) -> Vec<u8> {
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
