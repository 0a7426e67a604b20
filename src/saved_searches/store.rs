//! The statements of saved searches.
//!
//! Those of one person are numbered 0, 1, 2, .. without gaps; every function that adds, moves or removes one leaves them so, with one
//! row in the change log for each that looks different afterwards.

use uuid::Uuid;

use super::{Edit, MAX_SEARCHES, Question, SavedSearch, SearchName, Sort};
use crate::caller::UserId;
use crate::clock::Timestamp;
use crate::db::{ReadTx, Row, WriteTx};
use crate::error::{Conflict, Error, Result};
use crate::feed::{self, Kind, Op};
use crate::notebooks;
use crate::notes::State;

const COLUMNS: &str =
    "id, name, query, state, tag, notebook_id, pinned, year, sort, exact, position, created_at, updated_at";

/// The owner's saved search.
///
/// # Errors
/// What the store says.
pub fn get(tx: &mut ReadTx<'_>, owner: UserId, id: Uuid) -> Result<Option<SavedSearch>> {
    let sql = format!("SELECT {COLUMNS} FROM saved_searches WHERE id = $1 AND owner = $2");
    tx.query_opt(&sql, &[id.into(), owner.0.into()], read)
}

/// The owner's saved searches by (place, id), after that pair.
///
/// # Errors
/// What the store says.
pub fn list(tx: &mut ReadTx<'_>, owner: UserId, after: Option<(i64, Uuid)>, limit: i64) -> Result<Vec<SavedSearch>> {
    let (position, id) = after.unwrap_or((-1, Uuid::nil()));
    let sql = format!(
        "SELECT {COLUMNS} FROM saved_searches WHERE owner = $1 AND (position, id) > ($2, $3)
         ORDER BY position, id LIMIT $4"
    );
    tx.query(&sql, &[owner.0.into(), position.into(), id.into(), limit.into()], read)
}

/// All saved searches of the owner in their order.
///
/// # Errors
/// What the store says.
pub fn all(tx: &mut ReadTx<'_>, owner: UserId) -> Result<Vec<SavedSearch>> {
    let sql = format!("SELECT {COLUMNS} FROM saved_searches WHERE owner = $1 ORDER BY position, id");
    tx.query(&sql, &[owner.0.into()], read)
}

/// Whether anybody has a saved search under this id, or had one whose tombstone the change log still holds.
///
/// # Errors
/// What the store says.
pub fn was_ever(tx: &mut ReadTx<'_>, id: Uuid) -> Result<bool> {
    let lives = tx.query_opt("SELECT id FROM saved_searches WHERE id = $1", &[id.into()], |r| r.id(0))?;
    Ok(lives.is_some() || feed::store::buried(tx, Kind::SavedSearch, id)?)
}

/// Which of the owner's has that name.
///
/// # Errors
/// What the store says.
pub fn named(tx: &mut ReadTx<'_>, owner: UserId, name: &SearchName) -> Result<Option<Uuid>> {
    let sql = "SELECT id FROM saved_searches WHERE owner = $1 AND name_key = $2";
    tx.query_opt(sql, &[owner.0.into(), name.key().into()], |r| r.id(0))
}

/// Saves a search; without a place it comes last. `times`: when it was made and last changed.
///
/// # Errors
/// [`Error::Invalid`] about `notebook_id`; [`Conflict::SavedSearchExists`]; [`Conflict::TooManySavedSearches`].
pub fn insert(
    tx: &mut WriteTx<'_>,
    owner: UserId,
    id: Uuid,
    name: &SearchName,
    question: &Question,
    position: Option<i64>,
    times: (Timestamp, Timestamp),
) -> Result<()> {
    require_notebook(tx, owner, question)?;
    let mut order = order(tx, owner)?;
    if named(tx, owner, name)?.is_some() {
        return Err(Error::Conflict(Conflict::SavedSearchExists));
    }
    if order.len() >= MAX_SEARCHES {
        return Err(Error::Conflict(Conflict::TooManySavedSearches));
    }
    let last = i64::try_from(order.len()).unwrap_or(i64::MAX);
    tx.post(
        "INSERT INTO saved_searches (id, owner, name, name_key, query, state, tag, notebook_id, pinned, year, sort, exact,
             position, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        &[
            id.into(),
            owner.0.into(),
            name.as_str().into(),
            name.key().into(),
            question.query.as_str().into(),
            question.state.map(State::code).into(),
            question.tag.as_deref().into(),
            question.notebook_id.into(),
            question.pinned.into(),
            question.year.into(),
            question.sort.map(Sort::as_str).into(),
            question.exact.into(),
            last.into(),
            times.0.into(),
            times.1.into(),
        ],
    )?;
    order.push((id, last));
    number(tx, owner, &with_at(order, id, position.unwrap_or(last)), Some(id))
}

/// Renames, changes or reorders.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`]; [`Conflict::SavedSearchExists`].
pub fn edit(tx: &mut WriteTx<'_>, owner: UserId, id: Uuid, edit: &Edit, now: Timestamp) -> Result<()> {
    let old = get(tx, owner, id)?.ok_or(Error::NotFound("saved search"))?;
    let question = edit.apply(&old.question)?;
    // One whose notebook has gone may still be renamed.
    if question.notebook_id != old.question.notebook_id {
        require_notebook(tx, owner, &question)?;
    }
    let name = match &edit.name {
        Some(name) => name.clone(),
        None => SearchName::parse(&old.name)?,
    };
    if named(tx, owner, &name)?.is_some_and(|found| found != id) {
        return Err(Error::Conflict(Conflict::SavedSearchExists));
    }
    let changed = question != old.question || name.as_str() != old.name;
    if changed {
        tx.post(
            "UPDATE saved_searches SET name = $1, name_key = $2, query = $3, state = $4, tag = $5, notebook_id = $6,
                 pinned = $7, year = $8, sort = $9, exact = $10, updated_at = $11
             WHERE id = $12",
            &[
                name.as_str().into(),
                name.key().into(),
                question.query.as_str().into(),
                question.state.map(State::code).into(),
                question.tag.as_deref().into(),
                question.notebook_id.into(),
                question.pinned.into(),
                question.year.into(),
                question.sort.map(Sort::as_str).into(),
                question.exact.into(),
                now.into(),
                id.into(),
            ],
        )?;
    }
    let order = with_at(order(tx, owner)?, id, edit.position.unwrap_or(old.position));
    number(tx, owner, &order, changed.then_some(id))
}

/// Removes a saved search; the others close up.
///
/// # Errors
/// [`Error::NotFound`].
pub fn remove(tx: &mut WriteTx<'_>, owner: UserId, id: Uuid) -> Result<()> {
    let sql = "DELETE FROM saved_searches WHERE id = $1 AND owner = $2";
    if tx.execute(sql, &[id.into(), owner.0.into()])? == 0 {
        return Err(Error::NotFound("saved search"));
    }
    feed::store::append(tx, Kind::SavedSearch, Op::Delete, owner, id, None)?;
    let left = order(tx, owner)?;
    number(tx, owner, &left, None)
}

/// Removes all saved searches of an account that is going.
///
/// # Errors
/// What the store says.
pub fn remove_all(tx: &mut WriteTx<'_>, owner: UserId) -> Result<()> {
    let gone = tx.query("DELETE FROM saved_searches WHERE owner = $1 RETURNING id", &[owner.0.into()], |r| r.id(0))?;
    for id in gone {
        feed::store::append(tx, Kind::SavedSearch, Op::Delete, owner, id, None)?;
    }
    Ok(())
}

/// The owner's saved searches in their order, with the place that each has.
fn order(tx: &mut ReadTx<'_>, owner: UserId) -> Result<Vec<(Uuid, i64)>> {
    let sql = "SELECT id, position FROM saved_searches WHERE owner = $1 ORDER BY position, id";
    tx.query(sql, &[owner.0.into()], |r| Ok((r.id(0)?, r.int(1)?)))
}

/// `order` with `id` taken out and put in again at `position`; beyond the end means last.
fn with_at(mut order: Vec<(Uuid, i64)>, id: Uuid, position: i64) -> Vec<(Uuid, i64)> {
    if let Some(at) = order.iter().position(|(of, _)| *of == id) {
        let moved = order.remove(at);
        let to = usize::try_from(position).unwrap_or(0).min(order.len());
        order.insert(to, moved);
    }
    order
}

/// Numbers them in this order. One that moved, or `changed`, is a change.
fn number(tx: &mut WriteTx<'_>, owner: UserId, order: &[(Uuid, i64)], changed: Option<Uuid>) -> Result<()> {
    for (position, (id, before)) in (0_i64..).zip(order) {
        if *before != position {
            let sql = "UPDATE saved_searches SET position = $1 WHERE id = $2";
            tx.post(sql, &[position.into(), (*id).into()])?;
        }
        if *before != position || changed == Some(*id) {
            feed::store::append(tx, Kind::SavedSearch, Op::Put, owner, *id, None)?;
        }
    }
    Ok(())
}

fn require_notebook(tx: &mut ReadTx<'_>, owner: UserId, question: &Question) -> Result<()> {
    match question.notebook_id {
        Some(id) if !notebooks::store::belongs_to(tx, owner, id)? => {
            Err(Error::invalid("notebook_id", "no such notebook"))
        }
        Some(_) | None => Ok(()),
    }
}

fn read(row: &Row<'_>) -> Result<SavedSearch> {
    let sort = row.opt_text(8)?;
    let unknown = |sort: &str| Error::Corrupt(format!("a saved search with the unknown order `{sort}`"));
    Ok(SavedSearch {
        id: row.id(0)?,
        name: row.text(1)?,
        question: Question {
            query: row.text(2)?,
            state: row.opt_int(3)?.map(State::from_code).transpose()?,
            tag: row.opt_text(4)?,
            notebook_id: row.opt_id(5)?,
            pinned: row.opt_int(6)?.map(|pinned| pinned != 0),
            year: row.opt_int(7)?,
            sort: sort.map(|sort| Sort::parse(&sort).ok_or_else(|| unknown(&sort))).transpose()?,
            exact: row.flag(9)?,
        },
        position: row.int(10)?,
        created_at: row.time(11)?,
        updated_at: row.time(12)?,
    })
}
