//! Search: the index of everybody's notes, kept true by following the change feed.
//!
//! Owns the index (derived data, disposable), the query language, ranking and highlights. Leaves what is true to the store:
//! the index ranks, the store decides. Rights are terms in the index, and hits are loaded from the store under the caller's
//! rights all the same.
//!
//! - [`analysis`] cuts and folds text, for index, query and highlight alike; [`languages`] stems it.
//! - [`schema`] is the layout of the index; [`index`] opens, writes and commits it.
//! - [`places`] knows where indices lie, [`opening`] which of them may be gone on with.
//! - `follower` keeps the index true and tells its [`Progress`], `beside` makes a new one meanwhile; [`Search`] is the door for everybody
//!   else.
//! - `pins` keeps what the further pages of a search go through.
//! - [`suggest`] knows what somebody may be about to type, [`correct`] what was meant when nothing is found.
//! - [`query`] reads what was typed, [`forms`] says what counts as a word of it and [`conditions`] what its filters mean, [`evaluate`]
//!   answers it, `score` and [`weights`] rank, [`highlight`] shows where.
//!
//! What a reader would get wrong: one person's answer must not depend on what others have written, not by a total, not by an
//! order, not by the last bit of a score. That is why nothing of tantivy's own scoring is used.

pub mod analysis;
pub mod api;
mod beside;
mod bits;
mod boolean;
mod changes;
pub mod conditions;
mod contents;
pub mod correct;
pub mod evaluate;
pub mod facets;
mod facts;
mod filling;
mod follower;
pub mod forms;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
pub mod highlight;
pub mod index;
pub mod languages;
mod leftovers;
pub mod local;
mod matches;
pub mod opening;
mod phrase;
mod pins;
pub mod places;
mod progress;
pub mod query;
pub mod schema;
mod score;
mod service;
mod snapshot;
pub mod suggest;
mod tidy;
pub mod trial;
pub mod verify;
pub mod weights;

pub use conditions::Test;
pub use index::Effort;
pub use pins::Place;
pub use progress::{Making, Phase, Progress};
pub use service::{Ask, Found, Hit, Options, Search, Status};

use uuid::Uuid;

use self::query::{Condition, Node, Query};
use crate::caller::UserId;
use crate::clock::Timestamp;
use crate::notes::{Note, State};

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
    /// When it was made.
    pub created_at: Timestamp,
}

impl<'a> Document<'a> {
    /// What the index takes in of a note of the store.
    pub fn of(owner: UserId, note: &'a Note) -> Self {
        Self {
            id: note.id,
            owner,
            seq: note.seq,
            title: &note.title,
            body: &note.body,
            tags: &note.tags,
            notebook: note.notebook_id,
            pinned: note.pinned,
            state: note.state,
            updated_at: note.updated_at,
            created_at: note.created_at,
        }
    }
}

/// The number that stands for a state in the index.
fn state_code(state: State) -> u64 {
    match state {
        State::Active => 0,
        State::Archived => 1,
        State::Trashed => 2,
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
        Self(1 << state_code(state))
    }

    /// Those that the query names with `is:` and no minus; `None` when it names none.
    fn named(query: &Query) -> Option<Self> {
        let mut named = 0;
        if let Some(tree) = query.tree() {
            tree.visit(false, &mut |node, negated| {
                let Node::Filter(number) = node else { return };
                if let (false, Some(Condition::Is(is))) = (negated, query.conditions().get(*number))
                    && let Some(state) = is.state()
                {
                    named |= Self::only(state).0;
                }
            });
        }
        (named != 0).then_some(Self(named))
    }

    /// Whether the state is one of them.
    pub fn has(self, state: State) -> bool {
        self.has_code(state_code(state))
    }

    fn has_code(self, code: u64) -> bool {
        code < 3 && self.0 >> code & 1 == 1
    }
}

/// Which notes count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// In one of these states; [`States::KEPT`] gives way to those that the query itself names (`is:trashed`).
    pub states: States,
    /// With the tag of this key ([`fold::name_key`](crate::fold::name_key)).
    pub tag: Option<String>,
    /// In this notebook.
    pub notebook: Option<Uuid>,
    /// Pinned, or not.
    pub pinned: Option<bool>,
    /// Last changed in this calendar year (UTC).
    pub year: Option<i64>,
}

impl Default for Filter {
    fn default() -> Self {
        Self { states: States::KEPT, tag: None, notebook: None, pinned: None, year: None }
    }
}

impl Filter {
    /// The states that count for this query.
    pub(crate) fn states_for(&self, query: &Query) -> States {
        match States::named(query) {
            Some(named) if self.states == States::KEPT => named,
            _ => self.states,
        }
    }
}

/// In which order hits come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The best match first.
    #[default]
    Relevance,
    /// The last changed first.
    Updated,
    /// The last made first.
    Created,
}

/// Whether a note must match the whole query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Every word and phrase.
    #[default]
    All,
    /// At least one; those that match more of what is rare come first.
    Any,
}
