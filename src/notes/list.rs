//! Lists of notes: filters, orders and the place where the next page begins.
//!
//! A page begins behind a [`Position`] (a keyset: the sort key and id of the last note), so it neither slows down with depth nor
//! skips or repeats a note when others come and go. Every order is walked along an index, with one exception: the notes of a
//! rare tag are fetched and sorted. A filter that no index leads with (unpinned notes; a common tag) is asked along the walk, so
//! a page costs the distance to its last hit; a tag that is common, but not in the state or notebook asked for, is its worst case.

use uuid::Uuid;

use super::{Listed, State, store};
use crate::caller::Caller;
use crate::db::{ReadTx, Value};
use crate::error::Result;
use crate::tags::{self, TagName, confined};

#[cfg(test)]
mod bodies_tests;
#[cfg(test)]
mod tests;

/// Above this many notes a tag is looked up note by note along the order, below it its notes are fetched and sorted: the one
/// costs the distance to the next hit, the other the number of hits.
const COMMON_TAG: i64 = 500;

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// Last change of the content.
    UpdatedAt,
    /// Creation.
    CreatedAt,
    /// Title, folded.
    Title,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// What `pinned` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PinnedFilter {
    /// Only these.
    Only(bool),
    /// All, the pinned ones first.
    First,
}

/// Where a page ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Whether it ended among the pinned notes (with [`PinnedFilter::First`]).
    pub pinned: bool,
    /// The time that was sorted by, in microseconds; 0 when sorted by title.
    pub time: i64,
    /// The title key that was sorted by; empty when sorted by time.
    pub title: String,
    /// The note's id.
    pub id: Uuid,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// Which state.
    pub state: State,
    /// Only notes with this tag.
    pub tag: Option<TagName>,
    /// Only notes of this notebook.
    pub notebook_id: Option<Uuid>,
    /// The pinned ones.
    pub pinned: Option<PinnedFilter>,
    /// The order.
    pub sort: SortKey,
    /// Its direction.
    pub direction: Direction,
    /// Behind which note the page begins.
    pub after: Option<Position>,
    /// Most notes on the page.
    pub limit: usize,
}

impl Position {
    /// The place behind `listed` in the order of `sort`.
    pub fn behind(listed: &Listed, sort: SortKey) -> Self {
        let note = &listed.note;
        let (time, title) = match sort {
            SortKey::UpdatedAt => (note.updated_at.micros(), String::new()),
            SortKey::CreatedAt => (note.created_at.micros(), String::new()),
            SortKey::Title => (0, crate::fold::sort_key(&note.title)),
        };
        Self { pinned: note.pinned, time, title, id: note.id }
    }
}

/// Reads one page.
///
/// # Errors
/// What the store says.
pub fn page(tx: &mut ReadTx<'_>, caller: &Caller, query: &ListQuery) -> Result<Vec<Listed>> {
    let tag = match &query.tag {
        None => None,
        Some(name) => match tags::store::get(tx, caller, name)? {
            None => return Ok(Vec::new()),
            Some(tag) => Some((tag.id, tags::store::carried_by_more_than(tx, tag.id, COMMON_TAG)?)),
        },
    };
    let run = |tx: &mut ReadTx<'_>, pinned, after, limit| part(tx, caller, query, tag, pinned, after, limit);
    match query.pinned {
        None => run(tx, None, query.after.as_ref(), query.limit),
        Some(PinnedFilter::Only(pinned)) => run(tx, Some(pinned), query.after.as_ref(), query.limit),
        // Two walks along an index, one behind the other, instead of a sort of everything.
        Some(PinnedFilter::First) => {
            let mut out = Vec::new();
            if query.after.as_ref().is_none_or(|at| at.pinned) {
                out = run(tx, Some(true), query.after.as_ref(), query.limit)?;
            }
            if out.len() < query.limit {
                let after = query.after.as_ref().filter(|at| !at.pinned);
                out.extend(run(tx, Some(false), after, query.limit - out.len())?);
            }
            Ok(out)
        }
    }
}

/// Bytes of bodies after which a page takes no further one: two hundred ordinary notes have a fifth of it, two hundred of the
/// largest ones fifty times as much, for every reader at once.
const BODIES_BYTES: usize = 4 << 20;

/// Puts the bodies in the excerpts' place, note by note until they are enough for one page; returns of how many notes. Of those
/// behind them the first at least stays without.
///
/// # Errors
/// What the store says.
pub fn with_bodies(tx: &mut ReadTx<'_>, caller: &Caller, listed: &mut [Listed]) -> Result<usize> {
    let (mut bytes, mut notes) = (0, 0);
    for one in listed.iter_mut() {
        if bytes >= BODIES_BYTES {
            break;
        }
        if let Some(note) = store::get(tx, caller, one.note.id)? {
            bytes += note.body.len();
            *one = Listed { note, excerpt: None };
        }
        notes += 1;
    }
    Ok(notes)
}

fn part(
    tx: &mut ReadTx<'_>,
    caller: &Caller,
    query: &ListQuery,
    tag: Option<(Uuid, bool)>,
    pinned: Option<bool>,
    after: Option<&Position>,
    limit: usize,
) -> Result<Vec<Listed>> {
    let sql = statement(caller, query, tag, pinned, after, limit);
    tx.query(&sql.text, &sql.values, store::read_listed)
}

/// The statement of one walk. `tag` is a tag's id and whether it is common.
fn statement<'a>(
    caller: &'a Caller,
    query: &ListQuery,
    tag: Option<(Uuid, bool)>,
    pinned: Option<bool>,
    after: Option<&'a Position>,
    limit: usize,
) -> Sql<'a> {
    let mut sql = Sql::default();
    let (column, order) = (query.sort.column(), query.direction.word());
    sql.text = format!("SELECT {} FROM ", store::LIST_COLUMNS);
    // CROSS JOIN keeps SQLite's planner from turning the order around; elsewhere it is a plain join.
    let by_tag = matches!(tag, Some((_, false)));
    sql.text.push_str(if by_tag { "note_tags CROSS JOIN notes" } else { "notes" });
    let owner = sql.bind(caller.user().0.into());
    sql.text.push_str(&format!(" WHERE notes.owner = ${owner}"));
    match tag {
        Some((id, false)) => sql.and("notes.id = note_tags.note_id AND note_tags.tag_id =", id.into()),
        Some((id, true)) => {
            sql.and(
                "EXISTS (SELECT tag_id FROM note_tags WHERE note_tags.note_id = notes.id AND note_tags.tag_id =",
                id.into(),
            );
            sql.text.push(')');
        }
        None => {}
    }
    if let Some(confines) = caller.confines() {
        let condition = confined::condition(confines, &mut sql.values);
        sql.text.push_str(&format!(" AND {condition}"));
    }
    sql.and("notes.state =", query.state.code().into());
    if let Some(notebook) = query.notebook_id {
        sql.and("notes.notebook_id =", notebook.into());
    }
    // Spelled out: the index of the pinned notes holds for the number 1, not for a parameter that may be 1.
    match pinned {
        Some(true) => sql.text.push_str(" AND notes.pinned = 1"),
        Some(false) => sql.text.push_str(" AND notes.pinned = 0"),
        None => {}
    }
    if let Some(at) = after {
        let key = if query.sort == SortKey::Title { Value::Text(&at.title) } else { Value::Int(at.time) };
        let sign = if query.direction == Direction::Ascending { '>' } else { '<' };
        let (a, b) = (sql.bind(key), sql.bind(at.id.into()));
        sql.text.push_str(&format!(" AND (notes.{column}, notes.id) {sign} (${a}, ${b})"));
    }
    let limit = sql.bind(i64::try_from(limit).unwrap_or(i64::MAX).into());
    sql.text.push_str(&format!(" ORDER BY notes.{column} {order}, notes.id {order} LIMIT ${limit}"));
    sql
}

/// A statement under construction: text and parameters grow together, so their numbers always agree.
#[derive(Default)]
struct Sql<'a> {
    text: String,
    values: Vec<Value<'a>>,
}

impl<'a> Sql<'a> {
    fn bind(&mut self, value: Value<'a>) -> usize {
        self.values.push(value);
        self.values.len()
    }

    fn and(&mut self, condition: &str, value: Value<'a>) {
        let n = self.bind(value);
        self.text.push_str(&format!(" AND {condition} ${n}"));
    }
}

impl SortKey {
    fn column(self) -> &'static str {
        match self {
            Self::UpdatedAt => "updated_at",
            Self::CreatedAt => "created_at",
            Self::Title => "title_key",
        }
    }
}

impl Direction {
    fn word(self) -> &'static str {
        match self {
            Self::Ascending => "ASC",
            Self::Descending => "DESC",
        }
    }
}

impl Default for ListQuery {
    fn default() -> Self {
        Self {
            state: State::Active,
            tag: None,
            notebook_id: None,
            pinned: None,
            sort: SortKey::UpdatedAt,
            direction: Direction::Descending,
            after: None,
            limit: 50,
        }
    }
}
