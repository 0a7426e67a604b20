//! The statements of notebooks.

use std::collections::HashSet;

use uuid::Uuid;

use super::{Edit, MAX_DEPTH, Notebook, NotebookName};
use crate::caller::{Caller, UserId};
use crate::clock::Timestamp;
use crate::db::{ReadTx, Row, WriteTx};
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
    let sql = format!("SELECT {COLUMNS} FROM notebooks WHERE id = $1 AND owner = $2");
    tx.query_opt(&sql, &[id.into(), caller.user().0.into()], read)
}

/// The caller's notebooks by (place, id), after that pair: siblings come in their order.
///
/// # Errors
/// What the store says.
pub fn list(tx: &mut ReadTx<'_>, caller: &Caller, after: Option<(i64, Uuid)>, limit: i64) -> Result<Vec<Notebook>> {
    let (position, id) = after.unwrap_or((-1, Uuid::nil()));
    let sql = format!(
        "SELECT {COLUMNS} FROM notebooks WHERE owner = $1 AND (position, id) > ($2, $3) ORDER BY position, id LIMIT $4"
    );
    tx.query(&sql, &[caller.user().0.into(), position.into(), id.into(), limit.into()], read)
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
    require_parent(tx, owner, parent, None)?;
    let siblings = siblings(tx, owner, parent)?;
    if siblings.iter().any(|s| s.key == name.key()) {
        return Err(Error::Conflict(Conflict::NotebookExists));
    }
    let last = siblings.last().map_or(0, |s| s.position + 1);
    tx.execute(
        "INSERT INTO notebooks (id, owner, parent_id, name, name_key, position, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
        &[id.into(), owner.0.into(), parent.into(), name.as_str().into(), name.key().into(), last.into(), now.into()],
    )?;
    feed::store::append(tx, Kind::Notebook, Op::Put, owner, id, None)?;
    place(tx, owner, parent, id, position)
}

/// The child of that name, if there is one: how an import finds the place of a folder.
///
/// # Errors
/// What the store says.
pub fn child(tx: &mut ReadTx<'_>, owner: UserId, parent: Option<Uuid>, name: &NotebookName) -> Result<Option<Uuid>> {
    Ok(siblings(tx, owner, parent)?.into_iter().find(|s| s.key == name.key()).map(|s| s.id))
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
    let others: Vec<Sibling> = siblings(tx, owner, parent)?.into_iter().filter(|s| s.id != id).collect();
    if others.iter().any(|s| s.key == name.key()) {
        return Err(Error::Conflict(Conflict::NotebookExists));
    }
    let changed = name.as_str() != old.name || parent != old.parent_id;
    if changed {
        let last = others.last().map_or(0, |s| s.position + 1);
        let position = if parent == old.parent_id { old.position } else { last };
        tx.execute(
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
        feed::store::append(tx, Kind::Notebook, Op::Put, owner, id, None)?;
    }
    place(tx, owner, parent, id, edit.position)
}

/// Removes a notebook that holds no note any more; its notebooks go to the parent.
///
/// # Errors
/// [`Error::NotFound`].
pub fn remove(tx: &mut WriteTx<'_>, caller: &Caller, id: Uuid, now: Timestamp) -> Result<()> {
    let owner = caller.user();
    let notebook = get(tx, caller, id)?.ok_or(Error::NotFound("notebook"))?;
    let present = siblings(tx, owner, notebook.parent_id)?;
    let mut last = present.iter().map(|s| s.position + 1).max().unwrap_or(0);
    let mut taken: HashSet<String> = present.into_iter().filter(|s| s.id != id).map(|s| s.key).collect();
    for child in siblings(tx, owner, Some(id))? {
        let name = free_name(&child, &taken)?;
        taken.insert(name.key().to_owned());
        tx.execute(
            "UPDATE notebooks SET name = $1, name_key = $2, parent_id = $3, position = $4, updated_at = $5 WHERE id = $6",
            &[
                name.as_str().into(),
                name.key().into(),
                notebook.parent_id.into(),
                last.into(),
                now.into(),
                child.id.into(),
            ],
        )?;
        last += 1;
        feed::store::append(tx, Kind::Notebook, Op::Put, owner, child.id, None)?;
    }
    tx.execute("DELETE FROM notebooks WHERE id = $1", &[id.into()])?;
    feed::store::append(tx, Kind::Notebook, Op::Delete, owner, id, None)?;
    place_all(tx, owner, notebook.parent_id, None)
}

/// The child's name, with a number when it is among those `taken`.
fn free_name(child: &Sibling, taken: &HashSet<String>) -> Result<NotebookName> {
    let mut name = NotebookName::parse(&child.name)?;
    let stem: String = child.name.chars().take(super::MAX_NAME_CHARS - 6).collect();
    for n in 2.. {
        if !taken.contains(name.key()) {
            break;
        }
        name = NotebookName::parse(&format!("{stem} ({n})"))?;
    }
    Ok(name)
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
            "SELECT id, name, name_key, position FROM notebooks WHERE parent_id = $1 ORDER BY position, id",
            &[parent.into()],
            row,
        ),
        None => tx.query(
            "SELECT id, name, name_key, position FROM notebooks WHERE owner = $1 AND parent_id IS NULL ORDER BY position, id",
            &[owner.0.into()],
            row,
        ),
    }
}

/// Puts `id` at `position` among its siblings and numbers them 0, 1, 2, ..; without a position it stays where it is.
fn place(tx: &mut WriteTx<'_>, owner: UserId, parent: Option<Uuid>, id: Uuid, position: Option<i64>) -> Result<()> {
    match position {
        Some(position) => place_all(tx, owner, parent, Some((id, position))),
        None => Ok(()),
    }
}

fn place_all(tx: &mut WriteTx<'_>, owner: UserId, parent: Option<Uuid>, put: Option<(Uuid, i64)>) -> Result<()> {
    let mut order = siblings(tx, owner, parent)?;
    if let Some((id, position)) = put
        && let Some(at) = order.iter().position(|s| s.id == id)
    {
        let moved = order.remove(at);
        let to = usize::try_from(position).unwrap_or(0).min(order.len());
        order.insert(to, moved);
    }
    for (position, sibling) in (0_i64..).zip(order) {
        if sibling.position != position {
            let sql = "UPDATE notebooks SET position = $1 WHERE id = $2";
            tx.execute(sql, &[position.into(), sibling.id.into()])?;
            feed::store::append(tx, Kind::Notebook, Op::Put, owner, sibling.id, None)?;
        }
    }
    Ok(())
}

/// The parent must be the owner's, must not lie in `moving` (or be it), and must leave room below the greatest depth.
fn require_parent(tx: &mut ReadTx<'_>, owner: UserId, parent: Option<Uuid>, moving: Option<Uuid>) -> Result<()> {
    let too_deep = || Error::invalid("parent_id", format!("notebooks nest at most {MAX_DEPTH} deep"));
    let mut above = parent;
    let mut depth = 0;
    while let Some(id) = above {
        depth += 1;
        if Some(id) == moving {
            return Err(Error::invalid("parent_id", "a notebook cannot lie in itself"));
        }
        if depth >= MAX_DEPTH {
            return Err(too_deep());
        }
        let sql = "SELECT parent_id FROM notebooks WHERE id = $1 AND owner = $2";
        above = tx
            .query_opt(sql, &[id.into(), owner.0.into()], |r| r.opt_id(0))?
            .ok_or_else(|| Error::invalid("parent_id", "no such notebook"))?;
    }
    match moving {
        // What lies in it goes along.
        Some(id) if depth > 0 && depth + height(tx, id)? > MAX_DEPTH => Err(too_deep()),
        _ => Ok(()),
    }
}

/// How many levels a notebook and what lies in it make up; counted as far as it matters.
fn height(tx: &mut ReadTx<'_>, id: Uuid) -> Result<usize> {
    let sql = "WITH RECURSIVE below (id, level) AS (
                   SELECT id, CAST(1 AS BIGINT) FROM notebooks WHERE id = $1
                   UNION ALL
                   SELECT notebooks.id, below.level + 1 FROM below JOIN notebooks ON notebooks.parent_id = below.id
                   WHERE below.level <= $2
               ) SELECT max(level) FROM below";
    let most = i64::try_from(MAX_DEPTH).unwrap_or(i64::MAX);
    let levels = tx.query_opt(sql, &[id.into(), most.into()], |r| r.opt_int(0))?.flatten();
    Ok(levels.and_then(|levels| usize::try_from(levels).ok()).unwrap_or(0))
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::caller::{Role, SessionId};
    use crate::clock::{Ids, ManualClock, SeededEntropy};
    use crate::db::{Db, Options};

    struct House {
        db: Db,
        ids: Ids,
        caller: Caller,
        _dir: tempfile::TempDir,
    }

    async fn house() -> House {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("backups")).unwrap();
        let clock = ManualClock::new(Timestamp::from_micros(1_700_000_000_000_000));
        let ids = Ids::new(Arc::new(clock), Arc::new(SeededEntropy::new(1)));
        let db = Db::open(Options::in_dir(dir.path(), ids.clone())).unwrap();
        let owner = ids.id();
        let caller = Caller::mint(UserId(owner), SessionId(ids.id()), Role::Member);
        db.write(move |tx| {
            tx.execute(
                "INSERT INTO users (id, email, email_key, name, role, password, created_at, updated_at)
                 VALUES ($1, 'a', 'a', 'a', 'member', '', 0, 0)",
                &[owner.into()],
            )
        })
        .await
        .unwrap();
        House { db, ids, caller, _dir: dir }
    }

    impl House {
        async fn make(&self, name: &str, parent: Option<Uuid>) -> Result<Uuid> {
            let (owner, id, now) = (self.caller.user(), self.ids.id(), self.ids.now());
            let name = NotebookName::parse(name)?;
            self.db.write(move |tx| insert(tx, owner, id, &name, parent, None, now)).await.map(|_| id)
        }

        /// `levels` notebooks, each in the one before: the outermost and the innermost.
        async fn chain(&self, name: &str, levels: usize) -> (Uuid, Uuid) {
            let first = self.make(name, None).await.unwrap();
            let mut last = first;
            for _ in 1..levels {
                last = self.make("in", Some(last)).await.unwrap();
            }
            (first, last)
        }

        async fn move_to(&self, id: Uuid, parent: Option<Uuid>) -> Result<()> {
            let (caller, now) = (self.caller, self.ids.now());
            let change = Edit { parent_id: Some(parent), ..Edit::default() };
            self.db.write(move |tx| edit(tx, &caller, id, &change, now)).await.map(drop)
        }
    }

    #[tokio::test]
    async fn what_lies_in_a_notebook_counts_when_it_moves() {
        let house = house().await;
        let (upper, inner) = house.chain("upper", MAX_DEPTH - 3).await;
        let (fits, _) = house.chain("fits", 3).await;
        let (long, _) = house.chain("long", 4).await;
        assert!(matches!(house.move_to(long, Some(inner)).await, Err(Error::Invalid(_))));
        house.move_to(fits, Some(inner)).await.unwrap();
        assert!(matches!(house.move_to(upper, Some(fits)).await, Err(Error::Invalid(_))), "not into itself");
        house.move_to(fits, None).await.unwrap();
    }

    #[tokio::test]
    async fn notebooks_of_a_removed_one_come_last_and_taken_names_get_a_number() {
        let house = house().await;
        let gone = house.make("gone", None).await.unwrap();
        house.make("notes", None).await.unwrap();
        for name in ["b", "notes", "gone"] {
            house.make(name, Some(gone)).await.unwrap();
        }
        let (caller, now) = (house.caller, house.ids.now());
        house.db.write(move |tx| remove(tx, &caller, gone, now)).await.unwrap();
        let left = house.db.read(move |tx| list(tx, &caller, None, 10)).await.unwrap();
        let shape: Vec<_> = left.iter().map(|n| (n.position, n.name.as_str(), n.parent_id)).collect();
        assert_eq!(shape, [(0, "notes", None), (1, "b", None), (2, "notes (2)", None), (3, "gone", None)]);
    }
}
