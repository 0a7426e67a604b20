//! The statements of tags.
//!
//! `tags.notes` is a counter: every function that attaches, detaches, or moves a note into or out of the trash keeps it true,
//! which is why nobody else writes these tables.

use uuid::Uuid;

use super::{Tag, TagName};
use crate::caller::{Caller, UserId};
use crate::db::{ReadTx, Row, WriteTx};
use crate::error::{Error, Result};
use crate::feed::{self, Kind, Op};

/// What is attached to a note: the tag and its canonical spelling.
struct Attached {
    id: Uuid,
    name: String,
    key: String,
}

/// Gives a note exactly the tags `wanted`; returns their canonical names in the order of their keys. `ids` serve for tags that do
/// not exist yet, one for each name. `live`: the note counts (it is outside the trash).
///
/// # Errors
/// What the store says.
pub fn set(
    tx: &mut WriteTx<'_>,
    owner: UserId,
    note: Uuid,
    wanted: &[TagName],
    ids: &[Uuid],
    live: bool,
) -> Result<Vec<String>> {
    require_ids(wanted, ids)?;
    let present = attached(tx, note)?;
    for tag in present.iter().filter(|tag| !wanted.iter().any(|w| w.key() == tag.key)) {
        detach(tx, owner, note, tag.id, live)?;
    }
    let mut names = Vec::with_capacity(wanted.len());
    for (tag, new_id) in wanted.iter().zip(ids) {
        match present.iter().find(|p| p.key == tag.key()) {
            Some(kept) => names.push(kept.name.clone()),
            None => names.push(attach(tx, owner, note, tag, *new_id, live)?),
        }
    }
    Ok(names)
}

/// [`set`] for a note that was made a moment ago and has none yet.
///
/// # Errors
/// What the store says.
pub fn set_first(
    tx: &mut WriteTx<'_>,
    owner: UserId,
    note: Uuid,
    wanted: &[TagName],
    ids: &[Uuid],
    live: bool,
) -> Result<Vec<String>> {
    require_ids(wanted, ids)?;
    wanted.iter().zip(ids).map(|(tag, id)| attach(tx, owner, note, tag, *id, live)).collect()
}

/// Takes all tags off a note that is about to go for good.
///
/// # Errors
/// What the store says.
pub fn clear(tx: &mut WriteTx<'_>, owner: UserId, note: Uuid, live: bool) -> Result<()> {
    for tag in attached(tx, note)? {
        detach(tx, owner, note, tag.id, live)?;
    }
    Ok(())
}

/// Counts a note in (`by` = 1) or out (-1) when it leaves or enters the trash.
///
/// # Errors
/// What the store says.
pub fn count(tx: &mut WriteTx<'_>, note: Uuid, by: i64) -> Result<()> {
    tx.execute(
        "UPDATE tags SET notes = notes + $1 WHERE id IN (SELECT tag_id FROM note_tags WHERE note_id = $2)",
        &[by.into(), note.into()],
    )?;
    Ok(())
}

/// The owner's tags after `after` (a key), in the order of their keys.
///
/// # Errors
/// What the store says.
pub fn list(tx: &mut ReadTx<'_>, caller: &Caller, after: &str, limit: i64) -> Result<Vec<(String, Tag)>> {
    tx.query(
        "SELECT id, name, notes, name_key FROM tags WHERE owner = $1 AND name_key > $2 ORDER BY name_key LIMIT $3",
        &[caller.user().0.into(), after.into(), limit.into()],
        |r| Ok((r.text(3)?, read(r)?)),
    )
}

/// The owner's tag of that name.
///
/// # Errors
/// What the store says.
pub fn get(tx: &mut ReadTx<'_>, caller: &Caller, name: &TagName) -> Result<Option<Tag>> {
    find(tx, caller.user(), name.key())
}

/// Whether more than `most` notes carry the tag.
///
/// # Errors
/// What the store says.
pub fn carried_by_more_than(tx: &mut ReadTx<'_>, tag: Uuid, most: i64) -> Result<bool> {
    let sql = "SELECT note_id FROM note_tags WHERE tag_id = $1 ORDER BY note_id LIMIT 1 OFFSET $2";
    Ok(tx.query_opt(sql, &[tag.into(), most.into()], |r| r.id(0))?.is_some())
}

/// Up to `limit` notes that carry the tag, after `after`, with the size of their bodies in bytes.
///
/// # Errors
/// What the store says.
pub fn some_notes(tx: &mut ReadTx<'_>, tag: Uuid, after: Uuid, limit: i64) -> Result<Vec<(Uuid, i64)>> {
    tx.query(
        "SELECT note_tags.note_id, CAST(octet_length(notes.body) AS bigint)
         FROM note_tags JOIN notes ON notes.id = note_tags.note_id
         WHERE note_tags.tag_id = $1 AND note_tags.note_id > $2 ORDER BY note_tags.note_id LIMIT $3",
        &[tag.into(), after.into(), limit.into()],
        |r| Ok((r.id(0)?, r.int(1)?)),
    )
}

/// Spells a tag anew without touching its key.
///
/// # Errors
/// What the store says.
pub fn respell(tx: &mut WriteTx<'_>, caller: &Caller, tag: Uuid, name: &TagName) -> Result<()> {
    tx.execute("UPDATE tags SET name = $1 WHERE id = $2", &[name.as_str().into(), tag.into()])?;
    feed::store::append(tx, Kind::Tag, Op::Put, caller.user(), tag, None)?;
    Ok(())
}

/// Takes `tag` off a note and, when `onto` is given, puts that one on instead.
///
/// # Errors
/// What the store says.
pub fn exchange(
    tx: &mut WriteTx<'_>,
    caller: &Caller,
    note: Uuid,
    tag: Uuid,
    onto: Option<(&TagName, Uuid)>,
    live: bool,
) -> Result<()> {
    if let Some((name, new_id)) = onto
        && !attached(tx, note)?.iter().any(|a| a.key == name.key())
    {
        attach(tx, caller.user(), note, name, new_id, live)?;
    }
    detach(tx, caller.user(), note, tag, live)
}

/// The names of a note's tags in the order of their keys.
///
/// # Errors
/// What the store says.
pub fn names(tx: &mut ReadTx<'_>, note: Uuid) -> Result<Vec<String>> {
    Ok(attached(tx, note)?.into_iter().map(|a| a.name).collect())
}

/// How many tags there are, of everybody.
///
/// # Errors
/// What the store says.
pub fn count_all(tx: &mut ReadTx<'_>) -> Result<i64> {
    tx.query_one("SELECT count(*) FROM tags", &[], |r| r.int(0))
}

/// Too few ids would leave tags out without a word.
fn require_ids(wanted: &[TagName], ids: &[Uuid]) -> Result<()> {
    if ids.len() < wanted.len() {
        return Err(Error::internal(format!("{} tags with {} ids drawn for them", wanted.len(), ids.len())));
    }
    Ok(())
}

fn find(tx: &mut ReadTx<'_>, owner: UserId, key: &str) -> Result<Option<Tag>> {
    let sql = "SELECT id, name, notes FROM tags WHERE owner = $1 AND name_key = $2";
    tx.query_opt(sql, &[owner.0.into(), key.into()], read)
}

fn read(row: &Row<'_>) -> Result<Tag> {
    Ok(Tag { id: row.id(0)?, name: row.text(1)?, count: row.int(2)? })
}

fn attached(tx: &mut ReadTx<'_>, note: Uuid) -> Result<Vec<Attached>> {
    tx.query(
        "SELECT tags.id, tags.name, tags.name_key FROM note_tags JOIN tags ON tags.id = note_tags.tag_id
         WHERE note_tags.note_id = $1 ORDER BY tags.name_key",
        &[note.into()],
        |r| Ok(Attached { id: r.id(0)?, name: r.text(1)?, key: r.text(2)? }),
    )
}

fn attach(tx: &mut WriteTx<'_>, owner: UserId, note: Uuid, tag: &TagName, new_id: Uuid, live: bool) -> Result<String> {
    // Counting and finding in one statement: most tags exist already.
    let found = tx.query_opt(
        "UPDATE tags SET notes = notes + $1 WHERE owner = $2 AND name_key = $3 RETURNING id, name",
        &[live.into(), owner.0.into(), tag.key().into()],
        |r| Ok((r.id(0)?, r.text(1)?)),
    )?;
    let (id, name) = match found {
        Some(found) => found,
        None => {
            tx.execute(
                "INSERT INTO tags (id, owner, name, name_key, notes) VALUES ($1, $2, $3, $4, $5)",
                &[new_id.into(), owner.0.into(), tag.as_str().into(), tag.key().into(), live.into()],
            )?;
            feed::store::append(tx, Kind::Tag, Op::Put, owner, new_id, None)?;
            (new_id, tag.as_str().to_owned())
        }
    };
    tx.execute("INSERT INTO note_tags (tag_id, note_id) VALUES ($1, $2)", &[id.into(), note.into()])?;
    Ok(name)
}

fn detach(tx: &mut WriteTx<'_>, owner: UserId, note: Uuid, tag: Uuid, live: bool) -> Result<()> {
    tx.execute("DELETE FROM note_tags WHERE tag_id = $1 AND note_id = $2", &[tag.into(), note.into()])?;
    tx.execute("UPDATE tags SET notes = notes - $1 WHERE id = $2", &[live.into(), tag.into()])?;
    if !carried_by_more_than(tx, tag, 0)? {
        tx.execute("DELETE FROM tags WHERE id = $1", &[tag.into()])?;
        feed::store::append(tx, Kind::Tag, Op::Delete, owner, tag, None)?;
    }
    Ok(())
}
