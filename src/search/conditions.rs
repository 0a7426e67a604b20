//! The filters of a query as an index can answer them.
//!
//! Owns what a condition means for a document: a value of its columns, or terms of its owner. What only the asking knows (the
//! time, the time zone, which notebooks have a name) is put in by [`tests`].

use jiff::tz::TimeZone;
use tantivy::DocId;
use tantivy::schema::Field;
use uuid::Uuid;

use super::States;
use super::bits::Bits;
use super::contents;
use super::forms::after_all_longer;
use super::query::dates::Range;
use super::query::{Condition, Is, Query};
use super::schema::{Fields, keyed};
use super::snapshot::{Columns, Segment, for_each_doc};
use crate::clock::Timestamp;
use crate::error::Result;

/// One condition, ready to be asked of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// Carries the tag of this key, or one nested in it.
    Tag(String),
    /// Lies in one of these.
    Notebooks(Vec<Uuid>),
    /// Is in one of these states.
    States(States),
    /// Is pinned.
    Pinned,
    /// Has no tag.
    Untagged,
    /// Has all of these bits among its contents.
    Has(u64),
    /// Was made within.
    Created(Range),
    /// Was last changed within.
    Updated(Range),
    /// Is written in the language of this code.
    Language(String),
}

/// The conditions of `query`, in its order, as somebody in `zone` means them at the time `now`. `notebooks` says which ones a
/// name stands for, those inside of them too.
///
/// # Errors
/// What `notebooks` says.
pub fn tests(
    query: &Query,
    now: Timestamp,
    zone: &TimeZone,
    mut notebooks: impl FnMut(&str) -> Result<Vec<Uuid>>,
) -> Result<Vec<Test>> {
    let test = |condition: &Condition| {
        Ok(match condition {
            Condition::Tag(key) => Test::Tag(key.clone()),
            Condition::Notebook(name) => Test::Notebooks(notebooks(name)?),
            Condition::Is(Is::Pinned) => Test::Pinned,
            Condition::Is(Is::Untagged) => Test::Untagged,
            Condition::Is(is) => Test::States(is.state().map_or(States::KEPT, States::only)),
            Condition::Has(has) => Test::Has(contents::bit(*has)),
            Condition::Created(dates) => Test::Created(dates.range(now, zone)),
            Condition::Updated(dates) => Test::Updated(dates.range(now, zone)),
            Condition::Language(code) => Test::Language(code.clone()),
        })
    };
    query.conditions().iter().map(test).collect()
}

impl Test {
    /// What the document's columns say; `None` when they cannot say, and [`Test::documents`] can.
    pub(super) fn holds(&self, columns: &Columns, doc: DocId) -> Option<bool> {
        let within = |(from, until): Range, at: Option<i64>| {
            at.is_some_and(|at| from.is_none_or(|from| at >= from) && until.is_none_or(|until| at < until))
        };
        Some(match self {
            Self::States(states) => states.has_code(columns.facts.state(doc)),
            Self::Pinned => columns.facts.is_pinned(doc),
            Self::Untagged => columns.facts.tags(doc).is_empty(),
            Self::Has(bits) => columns.has.first(doc).is_some_and(|has| has & bits == *bits),
            Self::Created(range) => within(*range, columns.created_at.first(doc)),
            Self::Updated(range) => within(*range, columns.updated_at.first(doc)),
            Self::Tag(_) | Self::Notebooks(_) | Self::Language(_) => return None,
        })
    }

    /// Whether the columns answer it.
    pub(super) fn is_of_columns(&self) -> bool {
        !matches!(self, Self::Tag(_) | Self::Notebooks(_) | Self::Language(_))
    }

    /// The documents of `space` that its terms name; none for a test of columns.
    pub(super) fn documents(&self, segment: &Segment, fields: &Fields, space: &str) -> tantivy::Result<Bits> {
        let mut found = Bits::new(segment.reader.max_doc());
        match self {
            Self::Tag(key) => {
                add_term(&mut found, segment, fields.tag, &keyed(space, key))?;
                add_beginning(&mut found, segment, fields.tag, &keyed(space, &format!("{key}/")))?;
            }
            Self::Notebooks(ids) => {
                for id in ids {
                    add_term(&mut found, segment, fields.notebook, &keyed(space, &id.to_string()))?;
                }
            }
            Self::Language(code) => add_term(&mut found, segment, fields.lang, &keyed(space, code))?,
            Self::States(_) | Self::Pinned | Self::Untagged | Self::Has(_) | Self::Created(_) | Self::Updated(_) => {}
        }
        Ok(found)
    }
}

/// Adds the documents of a term.
pub(super) fn add_term(found: &mut Bits, segment: &Segment, field: Field, term: &str) -> tantivy::Result<()> {
    if let Some(mut blocks) = segment.blocks(field, term)? {
        for_each_doc(&mut blocks, |doc| found.insert(doc));
    }
    Ok(())
}

/// Adds the documents of every term that begins with `head`.
fn add_beginning(found: &mut Bits, segment: &Segment, field: Field, head: &str) -> tantivy::Result<()> {
    let index = segment.reader.inverted_index(field)?;
    let mut names = Vec::new();
    let mut terms = index.terms().range().ge(head).lt(after_all_longer(head)).into_stream()?;
    while terms.advance() {
        names.extend(std::str::from_utf8(terms.key()).map(str::to_owned));
    }
    names.iter().try_for_each(|term| add_term(found, segment, field, term))
}
