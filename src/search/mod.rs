//! Search: the index of everybody's notes, kept true by following the change feed.
//!
//! Owns the index (derived data, disposable), the query language, ranking and highlights. Leaves what is true to the store:
//! the index ranks, the store decides. Rights are terms in the index, and hits are loaded from the store under the caller's
//! rights all the same.
//!
//! - [`analysis`] cuts and folds text, for index, query and highlight alike.
//! - [`schema`] is the layout of the index; [`index`] opens, writes and commits it.
//! - [`query`] reads what was typed, [`evaluate`] answers it, [`highlight`] shows where.
//!
//! What a reader would get wrong: one person's answer must not depend on what others have written, not by a total, not by an
//! order, not by the last bit of a score. That is why nothing of tantivy's own scoring is used.

pub mod analysis;
mod bits;
pub mod evaluate;
pub mod facets;
pub mod highlight;
pub mod index;
mod matches;
pub mod opening;
mod phrase;
pub mod query;
pub mod schema;
mod snapshot;
pub mod weights;

use uuid::Uuid;

use crate::caller::UserId;
use crate::clock::Timestamp;

/// A note as the index takes it in.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// The note.
    pub id: Uuid,
    /// Whose it is.
    pub owner: UserId,
    /// The change that the document shows.
    pub seq: i64,
    /// Given or derived.
    pub title: &'a str,
    /// The text.
    pub body: &'a str,
    /// As written.
    pub tags: &'a [String],
    /// Where it lies.
    pub notebook: Option<Uuid>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Where it is in its life.
    pub state: State,
    /// The last change of its content.
    pub updated_at: Timestamp,
}

/// Where a note is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// In use.
    Active,
    /// Put away.
    Archived,
    /// In the trash.
    Trashed,
}

impl State {
    /// The number that stands for it in the index.
    pub fn code(self) -> u64 {
        match self {
            Self::Active => 0,
            Self::Archived => 1,
            Self::Trashed => 2,
        }
    }
}

/// A set of states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct States(u64);

impl States {
    /// What a search covers unless told otherwise: everything but the trash.
    pub const KEPT: Self = Self(0b011);

    /// One state alone.
    pub fn only(state: State) -> Self {
        Self(1 << state.code())
    }

    fn has_code(self, code: u64) -> bool {
        code < 3 && self.0 >> code & 1 == 1
    }
}

/// Which notes count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// In one of these states.
    pub states: States,
    /// With this tag, however it is capitalised.
    pub tag: Option<String>,
    /// In this notebook.
    pub notebook: Option<Uuid>,
    /// Pinned, or not.
    pub pinned: Option<bool>,
}

impl Default for Filter {
    fn default() -> Self {
        Self { states: States::KEPT, tag: None, notebook: None, pinned: None }
    }
}

/// Whether a note must match the whole query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Every word and phrase.
    #[default]
    All,
    /// At least one; those that match more come first.
    Any,
}
