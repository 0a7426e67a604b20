//! The statements of notebooks.
//!
//! Siblings are numbered 0, 1, 2, .. without gaps; every function that adds, moves or removes one leaves them so, with one row
//! in the change log for each notebook that looks different afterwards.

use std::collections::HashSet;

use uuid::Uuid;

use super::{Edit, MAX_DEPTH, MAX_NAME_CHARS, Notebook, NotebookName, Place};
use crate::caller::{Caller, UserId};
use crate::clock::Timestamp;
use crate::db::{ReadTx, Row, Value, WriteTx};
use crate::error::{Conflict, Error, Result};
use crate::feed::{self, Kind, Op};

const COLUMNS: &str = "notebooks.id, notebooks.name, notebooks.parent_id, notebooks.position, \
     (SELECT count(*) FROM notes WHERE notes.notebook_id = notebooks.id AND notes.state < 2), \
     notebooks.created_at, notebooks.updated_at";

/// Whether the notebook is that owner's.
///
/// # Errors
/// What the store says.
pub fn belongs_to(tx: &mut ReadTx<'_>, owner: UserId, id: Uuid) -> Result<bool> {
    let sql = "SELECT id FROM notebooks WHERE id = $1 AND owner = $2";
    Ok(tx.query_opt(sql, &[id.into(), owner.0.into()], |r| r.id(0))?.is_some())
}

/// The caller's notebook.
///
/// # Errors
/// What the store says.
pub fn get(tx: &mut ReadTx<'_>, caller: &Caller, id: Uuid) -> Result<Option<Notebook>> {
    if caller.confines().is_some_and(|confines| !confines.notebooks.contains(&id)) {
        return Ok(None);
    }
    let sql = format!("SELECT {COLUMNS} FROM notebooks WHERE id = $1 AND owner = $2");
    tx.query_opt(&sql, &[id.into(), caller.user().0.into()], read)
}

/// The caller's notebooks by (place, id), after that pair: siblings come in their order.
///
/// # Errors
/// What the store says.
pub fn list(tx: &mut ReadTx<'_>, caller: &Caller, after: Option<(i64, Uuid)>, limit: i64) -> Result<Vec<Notebook>> {
    let (position, id) = after.unwrap_or((-1, Uuid::nil()));
    let mut values: Vec<Value<'_>> = vec![caller.user().0.into(), position.into(), id.into()];
    let mut within = String::new();
    if let Some(confines) = caller.confines() {
        if confines.notebooks.is_empty() {
            return Ok(Vec::new());
        }
        let first = values.len() + 1;
        values.extend(confines.notebooks.iter().map(|id| Value::from(*id)));
        let places: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
        within = format!(" AND id IN ({})", places.join(", "));
    }
    values.push(limit.into());
    let limit = values.len();
    let sql = format!(
        "SELECT {COLUMNS} FROM notebooks WHERE owner = $1 AND (position, id) > ($2, $3){within}
         ORDER BY position, id LIMIT ${limit}"
    );
    tx.query(&sql, &values, read)
}

/// The names of the caller's notebooks with what lies in what, in the order of their ids.
///
/// # Errors
/// What the store says.
pub fn names(tx: &mut ReadTx<'_>, caller: &Caller) -> Result<Vec<Place>> {
    let sql = "SELECT id, parent_id, name FROM notebooks WHERE owner = $1 ORDER BY id";
    let row = |r: &Row<'_>| Ok(Place { id: r.id(0)?, parent: r.opt_id(1)?, name: r.text(2)? });
    let mut all = tx.query(sql, &[caller.user().0.into()], row)?;
    if let Some(confines) = caller.confines() {
        all.retain(|place| confines.notebooks.contains(&place.id));
    }
    Ok(all)
}

/// All notebooks of the owner by (place, id): siblings come in their order.
///
/// # Errors
/// What the store says.
pub fn all(tx: &mut ReadTx<'_>, owner: UserId) -> Result<Vec<Notebook>> {
    let sql = format!("SELECT {COLUMNS} FROM notebooks WHERE owner = $1 ORDER BY position, id");
    tx.query(&sql, &[owner.0.into()], read)
}

/// Whether anybody has a notebook under this id, or had one whose tombstone the change log still holds.
///
/// # Errors
/// What the store says.
pub fn was_ever(tx: &mut ReadTx<'_>, id: Uuid) -> Result<bool> {
    let lives = tx.query_opt("SELECT id FROM notebooks WHERE id = $1", &[id.into()], |r| r.id(0))?;
    Ok(lives.is_some() || feed::store::buried(tx, Kind::Notebook, id)?)
}

/// Makes a notebook; without a place it comes last.
///
/// # Errors
/// [`Error::Invalid`] about `parent_id`; [`Conflict::NotebookExists`].
pub fn insert(
    tx: &mut WriteTx<'_>,
    owner: UserId,
    id: Uuid,
    name: &NotebookName,
    parent: Option<Uuid>,
    position: Option<i64>,
    now: Timestamp,
) -> Result<()> {
    append(tx, owner, id, name, parent, (now, now))?;
    match position {
        // Nobody else moves: an import makes thousands of these.
        None => put(tx, owner, id),
        Some(position) => {
            let order = with_at(siblings(tx, owner, parent)?, id, position);
            number(tx, owner, &order, |of| of == id)
        }
    }
}

/// Makes a notebook that was somewhere before, with the times that it had there; it comes last.
///
/// # Errors
/// As [`insert`].
pub fn insert_as_it_was(
    tx: &mut WriteTx<'_>,
    owner: UserId,
    id: Uuid,
    name: &NotebookName,
    parent: Option<Uuid>,
    times: (Timestamp, Timestamp),
) -> Result<()> {
    append(tx, owner, id, name, parent, times)?;
    put(tx, owner, id)
}

fn append(
    tx: &mut WriteTx<'_>,
    owner: UserId,
    id: Uuid,
    name: &NotebookName,
    parent: Option<Uuid>,
    times: (Timestamp, Timestamp),
) -> Result<()> {
    require_parent(tx, owner, parent, None)?;
    if child(tx, owner, parent, name)?.is_some() {
        return Err(Error::Conflict(Conflict::NotebookExists));
    }
    let last = end(tx, owner, parent)?;
    tx.post(
        "INSERT INTO notebooks (id, owner, parent_id, name, name_key, position, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            id.into(),
            owner.0.into(),
            parent.into(),
            name.as_str().into(),
            name.key().into(),
            last.into(),
            times.0.into(),
            times.1.into(),
        ],
    )?;
    Ok(())
}

/// The child of that name, if there is one: how an import finds the place of a folder.
///
/// # Errors
/// What the store says.
pub fn child(tx: &mut ReadTx<'_>, owner: UserId, parent: Option<Uuid>, name: &NotebookName) -> Result<Option<Uuid>> {
    let row = |r: &Row<'_>| r.id(0);
    match parent {
        Some(parent) => tx.query_opt(
            "SELECT id FROM notebooks WHERE parent_id = $1 AND owner = $2 AND name_key = $3",
            &[parent.into(), owner.0.into(), name.key().into()],
            row,
        ),
        None => tx.query_opt(
            "SELECT id FROM notebooks WHERE parent_id IS NULL AND owner = $1 AND name_key = $2",
            &[owner.0.into(), name.key().into()],
            row,
        ),
    }
}

/// Renames, moves or reorders.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] about `parent_id` (foreign, itself, or below itself); [`Conflict::NotebookExists`].
pub fn edit(tx: &mut WriteTx<'_>, caller: &Caller, id: Uuid, edit: &Edit, now: Timestamp) -> Result<()> {
    let owner = caller.user();
    let old = get(tx, caller, id)?.ok_or(Error::NotFound("notebook"))?;
    let parent = edit.parent_id.unwrap_or(old.parent_id);
    if parent != old.parent_id {
        require_parent(tx, owner, parent, Some(id))?;
    }
    let name = match &edit.name {
        Some(name) => name.clone(),
        None => NotebookName::parse(&old.name)?,
    };
    if child(tx, owner, parent, &name)?.is_some_and(|found| found != id) {
        return Err(Error::Conflict(Conflict::NotebookExists));
    }
    let moved = parent != old.parent_id;
    let changed = moved || name.as_str() != old.name;
    if changed {
        let position = if moved { end(tx, owner, parent)? } else { old.position };
        tx.post(
            "UPDATE notebooks SET name = $1, name_key = $2, parent_id = $3, position = $4, updated_at = $5 WHERE id = $6",
            &[
                name.as_str().into(),
                name.key().into(),
                parent.into(),
                position.into(),
                now.into(),
                id.into(),
            ],
        )?;
    }
    if moved {
        let left = siblings(tx, owner, old.parent_id)?;
        number(tx, owner, &left, |_| false)?;
    }
    match edit.position {
        Some(position) => {
            let order = with_at(siblings(tx, owner, parent)?, id, position);
            number(tx, owner, &order, |of| changed && of == id)
        }
        None if changed => put(tx, owner, id),
        None => Ok(()),
    }
}

/// Removes a notebook that holds no note any more; its notebooks go to the parent.
///
/// # Errors
/// [`Error::NotFound`].
pub fn remove(tx: &mut WriteTx<'_>, caller: &Caller, id: Uuid, now: Timestamp) -> Result<()> {
    let owner = caller.user();
    let notebook = get(tx, caller, id)?.ok_or(Error::NotFound("notebook"))?;
    let mut order = siblings(tx, owner, notebook.parent_id)?;
    order.retain(|beside| beside.id != id);
    let mut taken: HashSet<String> = order.iter().map(|beside| beside.key.clone()).collect();
    let children = siblings(tx, owner, Some(id))?;
    let adopted: HashSet<Uuid> = children.iter().map(|child| child.id).collect();
    for child in &children {
        let name = free_name(&child.name, &taken)?;
        tx.post(
            "UPDATE notebooks SET name = $1, name_key = $2, parent_id = $3, updated_at = $4 WHERE id = $5",
            &[name.as_str().into(), name.key().into(), notebook.parent_id.into(), now.into(), child.id.into()],
        )?;
        taken.insert(name.key().to_owned());
    }
    tx.post("DELETE FROM notebooks WHERE id = $1", &[id.into()])?;
    feed::store::append(tx, Kind::Notebook, Op::Delete, owner, id, None)?;
    order.extend(children);
    number(tx, owner, &order, |of| adopted.contains(&of))
}

/// Removes all notebooks of an account that has no notes any more.
///
/// # Errors
/// What the store says.
pub fn remove_all(tx: &mut WriteTx<'_>, owner: UserId) -> Result<()> {
    // So that the order in which they go does not matter.
    tx.post("UPDATE notebooks SET parent_id = NULL WHERE owner = $1", &[owner.0.into()])?;
    let gone = tx.query("DELETE FROM notebooks WHERE owner = $1 RETURNING id", &[owner.0.into()], |r| r.id(0))?;
    for id in gone {
        feed::store::append(tx, Kind::Notebook, Op::Delete, owner, id, None)?;
    }
    Ok(())
}

/// How many notebooks there are, of everybody.
///
/// # Errors
/// What the store says.
pub fn count_all(tx: &mut ReadTx<'_>) -> Result<i64> {
    tx.query_one("SELECT count(*) FROM notebooks", &[], |r| r.int(0))
}

/// `name`, with a number behind it when it is taken.
fn free_name(name: &str, taken: &HashSet<String>) -> Result<NotebookName> {
    let mut free = NotebookName::parse(name)?;
    let mut n = 1_u64;
    while taken.contains(free.key()) {
        n += 1;
        let number = format!(" ({n})");
        let stem: String = name.chars().take(MAX_NAME_CHARS - number.len()).collect();
        free = NotebookName::parse(&format!("{stem}{number}"))?;
    }
    Ok(free)
}

struct Sibling {
    id: Uuid,
    name: String,
    key: String,
    position: i64,
}

fn siblings(tx: &mut ReadTx<'_>, owner: UserId, parent: Option<Uuid>) -> Result<Vec<Sibling>> {
    let row = |r: &Row<'_>| Ok(Sibling { id: r.id(0)?, name: r.text(1)?, key: r.text(2)?, position: r.int(3)? });
    match parent {
        Some(parent) => tx.query(
            "SELECT id, name, name_key, position FROM notebooks WHERE parent_id = $1 AND owner = $2
             ORDER BY position, id",
            &[parent.into(), owner.0.into()],
            row,
        ),
        None => tx.query(
            "SELECT id, name, name_key, position FROM notebooks WHERE parent_id IS NULL AND owner = $1
             ORDER BY position, id",
            &[owner.0.into()],
            row,
        ),
    }
}

/// The place behind the last one.
fn end(tx: &mut ReadTx<'_>, owner: UserId, parent: Option<Uuid>) -> Result<i64> {
    match parent {
        Some(parent) => tx.query_one(
            "SELECT coalesce(max(position), -1) + 1 FROM notebooks WHERE parent_id = $1 AND owner = $2",
            &[parent.into(), owner.0.into()],
            |r| r.int(0),
        ),
        None => tx.query_one(
            "SELECT coalesce(max(position), -1) + 1 FROM notebooks WHERE parent_id IS NULL AND owner = $1",
            &[owner.0.into()],
            |r| r.int(0),
        ),
    }
}

/// `order` with `id` taken out and put in again at `position`; beyond the end means last.
fn with_at(mut order: Vec<Sibling>, id: Uuid, position: i64) -> Vec<Sibling> {
    if let Some(at) = order.iter().position(|s| s.id == id) {
        let moved = order.remove(at);
        let to = usize::try_from(position).unwrap_or(0).min(order.len());
        order.insert(to, moved);
    }
    order
}

/// Numbers siblings in this order. One that moved, or that `changed` says looks different, is a change.
fn number(tx: &mut WriteTx<'_>, owner: UserId, order: &[Sibling], changed: impl Fn(Uuid) -> bool) -> Result<()> {
    for (position, sibling) in (0_i64..).zip(order) {
        if sibling.position != position {
            let sql = "UPDATE notebooks SET position = $1 WHERE id = $2";
            tx.post(sql, &[position.into(), sibling.id.into()])?;
        }
        if sibling.position != position || changed(sibling.id) {
            put(tx, owner, sibling.id)?;
        }
    }
    Ok(())
}

fn put(tx: &mut WriteTx<'_>, owner: UserId, id: Uuid) -> Result<()> {
    feed::store::append(tx, Kind::Notebook, Op::Put, owner, id, None).map(drop)
}

/// The parent must be the owner's, must not lie in `moving` (or be it), and must leave room for it and what lies in it.
fn require_parent(tx: &mut ReadTx<'_>, owner: UserId, parent: Option<Uuid>, moving: Option<Uuid>) -> Result<()> {
    let mut above = parent;
    let mut depth = 0;
    while let Some(id) = above {
        if Some(id) == moving {
            return Err(Error::invalid("parent_id", "a notebook cannot lie in itself"));
        }
        depth += 1;
        if depth >= MAX_DEPTH {
            break;
        }
        let sql = "SELECT parent_id FROM notebooks WHERE id = $1 AND owner = $2";
        above = tx
            .query_opt(sql, &[id.into(), owner.0.into()], |r| r.opt_id(0))?
            .ok_or_else(|| Error::invalid("parent_id", "no such notebook"))?;
    }
    let height = match moving {
        Some(id) if depth > 0 => height(tx, id)?,
        _ => 1,
    };
    if depth + height > MAX_DEPTH {
        return Err(Error::invalid("parent_id", format!("notebooks nest at most {MAX_DEPTH} deep")));
    }
    Ok(())
}

/// How many levels a notebook spans, itself included.
fn height(tx: &mut ReadTx<'_>, id: Uuid) -> Result<usize> {
    let levels = tx.query_one(
        "WITH RECURSIVE below (id, level) AS (
             SELECT id, CAST(1 AS bigint) FROM notebooks WHERE id = $1
             UNION ALL
             SELECT notebooks.id, below.level + 1 FROM notebooks JOIN below ON notebooks.parent_id = below.id
             WHERE below.level <= $2)
         SELECT coalesce(max(level), 0) FROM below",
        &[id.into(), i64::try_from(MAX_DEPTH).unwrap_or(i64::MAX).into()],
        |r| r.int(0),
    )?;
    Ok(usize::try_from(levels).unwrap_or(usize::MAX))
}

fn read(row: &Row<'_>) -> Result<Notebook> {
    Ok(Notebook {
        id: row.id(0)?,
        name: row.text(1)?,
        parent_id: row.opt_id(2)?,
        position: row.int(3)?,
        count: row.int(4)?,
        created_at: row.time(5)?,
        updated_at: row.time(6)?,
    })
}
