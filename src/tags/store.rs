//! The statements of tags.
//!
//! `tags.notes` is a counter: every function that attaches, detaches, or moves a note into or out of the trash keeps it true,
//! which is why nobody else writes these tables.

use std::collections::HashMap;

use uuid::Uuid;

use super::{Tag, TagName, confined};
use crate::caller::{Caller, UserId};
use crate::db::{ReadTx, Row, Value, WriteTx};
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
    let mut names: HashMap<String, String> = present.into_iter().map(|tag| (tag.key, tag.name)).collect();
    let all = wanted.iter().zip(ids.iter().copied());
    let new: Vec<_> = all.filter(|(tag, _)| !names.contains_key(tag.key())).collect();
    names.extend(attach(tx, owner, note, &new, live)?);
    Ok(wanted.iter().filter_map(|tag| names.remove(tag.key())).collect())
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
    let new: Vec<_> = wanted.iter().zip(ids.iter().copied()).collect();
    let mut names = attach(tx, owner, note, &new, live)?;
    Ok(wanted.iter().filter_map(|tag| names.remove(tag.key())).collect())
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
    tx.post(
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
    if caller.confines().is_some() {
        return of_confined(tx, caller, "t.name_key > $2", after, limit);
    }
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
    if caller.confines().is_some() {
        return Ok(of_confined(tx, caller, "t.name_key = $2", name.key(), 1)?.pop().map(|(_, tag)| tag));
    }
    find(tx, caller.user(), name.key())
}

/// The tags of those notes that the caller is confined to, each counted among those alone.
fn of_confined(tx: &mut ReadTx<'_>, caller: &Caller, which: &str, key: &str, limit: i64) -> Result<Vec<(String, Tag)>> {
    let Some(confines) = caller.confines() else { return Ok(Vec::new()) };
    let mut values: Vec<Value<'_>> = vec![caller.user().0.into(), key.into()];
    let within = confined::condition(confines, &mut values);
    values.push(limit.into());
    let limit = values.len();
    let sql = format!(
        "SELECT t.id, t.name, CAST(count(CASE WHEN notes.state <> 2 THEN 1 END) AS bigint), t.name_key
         FROM tags t JOIN note_tags n ON n.tag_id = t.id JOIN notes ON notes.id = n.note_id
         WHERE t.owner = $1 AND {which} AND {within}
         GROUP BY t.id, t.name, t.name_key ORDER BY t.name_key LIMIT ${limit}"
    );
    tx.query(&sql, &values, |r| Ok((r.text(3)?, read(r)?)))
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
    tx.post("UPDATE tags SET name = $1 WHERE id = $2", &[name.as_str().into(), tag.into()])?;
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
        attach(tx, caller.user(), note, &[(name, new_id)], live)?;
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

/// Gives a note tags that it does not have, each with an id in case there is no such tag yet; returns their canonical names by key.
fn attach(
    tx: &mut WriteTx<'_>,
    owner: UserId,
    note: Uuid,
    wanted: &[(&TagName, Uuid)],
    live: bool,
) -> Result<HashMap<String, String>> {
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    // Finding and counting all of them is the one statement that has to be waited for.
    let places = (3..3 + wanted.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "UPDATE tags SET notes = notes + $1 WHERE owner = $2 AND name_key IN ({places}) RETURNING id, name, name_key"
    );
    let mut params: Vec<Value<'_>> = vec![live.into(), owner.0.into()];
    params.extend(wanted.iter().map(|(tag, _)| Value::from(tag.key())));
    let found = tx.query(&sql, &params, |r| Ok((r.text(2)?, (r.id(0)?, r.text(1)?))))?;
    let found: HashMap<String, (Uuid, String)> = found.into_iter().collect();
    let mut names = HashMap::with_capacity(wanted.len());
    for (tag, new_id) in wanted {
        let (id, name) = match found.get(tag.key()) {
            Some((id, name)) => (*id, name.clone()),
            None => {
                tx.post(
                    "INSERT INTO tags (id, owner, name, name_key, notes) VALUES ($1, $2, $3, $4, $5)",
                    &[(*new_id).into(), owner.0.into(), tag.as_str().into(), tag.key().into(), live.into()],
                )?;
                feed::store::append(tx, Kind::Tag, Op::Put, owner, *new_id, None)?;
                (*new_id, tag.as_str().to_owned())
            }
        };
        tx.post("INSERT INTO note_tags (tag_id, note_id) VALUES ($1, $2)", &[id.into(), note.into()])?;
        names.insert(tag.key().to_owned(), name);
    }
    Ok(names)
}

fn detach(tx: &mut WriteTx<'_>, owner: UserId, note: Uuid, tag: Uuid, live: bool) -> Result<()> {
    tx.post("DELETE FROM note_tags WHERE tag_id = $1 AND note_id = $2", &[tag.into(), note.into()])?;
    tx.post("UPDATE tags SET notes = notes - $1 WHERE id = $2", &[live.into(), tag.into()])?;
    if !carried_by_more_than(tx, tag, 0)? {
        tx.post("DELETE FROM tags WHERE id = $1", &[tag.into()])?;
        feed::store::append(tx, Kind::Tag, Op::Delete, owner, tag, None)?;
    }
    Ok(())
}
