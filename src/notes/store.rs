//! The statements of notes.
//!
//! Each function is one operation on one note, complete with its row in the change log; an endpoint or an import composes them
//! in a transaction of its own.

use uuid::Uuid;

use super::{Content, Draws, Edit, Listed, Note, Outcome, Past, Precondition, State, derive_title, excerpt, text_sum};
use crate::caller::{Caller, UserId};
use crate::clock::Timestamp;
use crate::db::{ReadTx, Row, WriteTx};
use crate::error::{Conflict, Error, Result};
use crate::feed::{self, Kind, Op};
use crate::{fold, notebooks, tags};

/// Everything that [`read`] takes: the body and its sum last.
pub(super) const COLUMNS: &str = "notes.id, notes.title, notes.title_derived, notes.tags, notes.notebook_id, notes.pinned, \
     notes.state, notes.version, notes.seq, notes.created_at, notes.updated_at, notes.trashed_at, notes.body, notes.text_sum";

/// The same with the excerpt in the body's place.
pub(super) const LIST_COLUMNS: &str = "notes.id, notes.title, notes.title_derived, notes.tags, notes.notebook_id, \
     notes.pinned, notes.state, notes.version, notes.seq, notes.created_at, notes.updated_at, notes.trashed_at, \
     notes.excerpt";

/// The caller's note, unless it is none of those that the caller is confined to.
///
/// # Errors
/// What the store says.
pub fn get(tx: &mut ReadTx<'_>, caller: &Caller, id: Uuid) -> Result<Option<Note>> {
    let sql = format!("SELECT {COLUMNS} FROM notes WHERE id = $1 AND owner = $2");
    let found = tx.query_opt(&sql, &[id.into(), caller.user().0.into()], read)?;
    let sees = |note: &Note| {
        caller.confines().is_none_or(|within| within.admit(note.tags.iter().map(String::as_str), note.notebook_id))
    };
    Ok(found.filter(sees))
}

/// Anybody's note with its owner: for followers inside the house.
///
/// # Errors
/// What the store says.
pub fn get_any(tx: &mut ReadTx<'_>, id: Uuid) -> Result<Option<(UserId, Note)>> {
    let sql = format!("SELECT {COLUMNS}, notes.owner FROM notes WHERE id = $1");
    tx.query_opt(&sql, &[id.into()], |r| Ok((UserId(r.id(14)?), read(r)?)))
}

/// Everybody's notes in the order of their ids, after `after`: for followers inside the house.
///
/// # Errors
/// What the store says.
pub fn scan(tx: &mut ReadTx<'_>, after: Option<Uuid>, limit: i64) -> Result<Vec<(UserId, Note)>> {
    let sql = format!("SELECT {COLUMNS}, notes.owner FROM notes WHERE id > $1 ORDER BY id LIMIT $2");
    tx.query(&sql, &[after.unwrap_or(Uuid::nil()).into(), limit.into()], |r| Ok((UserId(r.id(14)?), read(r)?)))
}

/// Whether anybody has a note under this id, or had one whose tombstone the change log still holds.
///
/// # Errors
/// What the store says.
pub fn was_ever(tx: &mut ReadTx<'_>, id: Uuid) -> Result<bool> {
    let lives = tx.query_opt("SELECT seq FROM notes WHERE id = $1", &[id.into()], |r| r.int(0))?;
    Ok(lives.is_some() || feed::store::buried(tx, Kind::Note, id)?)
}

/// How many notes there are, of everybody and in every state.
///
/// # Errors
/// What the store says.
pub fn count_all(tx: &mut ReadTx<'_>) -> Result<i64> {
    tx.query_one("SELECT count(*) FROM notes", &[], |r| r.int(0))
}

/// Sums up the texts of up to `limit` notes that earlier versions have written; returns how many.
///
/// # Errors
/// What the store says.
pub fn sum_up(tx: &mut WriteTx<'_>, limit: i64) -> Result<usize> {
    let sql = "SELECT id, title, body FROM notes WHERE text_sum IS NULL ORDER BY id LIMIT $1";
    let unsummed = tx.query(sql, &[limit.into()], |r| Ok((r.id(0)?, text_sum::of(r.id(0)?, r.str(1)?, r.str(2)?))))?;
    for (id, sum) in &unsummed {
        tx.post("UPDATE notes SET text_sum = $1 WHERE id = $2", &[(*sum).into(), (*id).into()])?;
    }
    Ok(unsummed.len())
}

/// Compares the texts of up to `limit` notes with their sums, in the order of their ids and beginning after `after`. Says how many
/// that were, and the last of them; `None` when there was none left.
///
/// # Errors
/// [`Error::Corrupt`] when one is not what was written.
pub fn check_texts(tx: &mut ReadTx<'_>, after: Option<Uuid>, limit: i64) -> Result<Option<(u64, Uuid)>> {
    let sql = "SELECT id, title, body, text_sum FROM notes WHERE id > $1 ORDER BY id LIMIT $2";
    let ids = tx.query(sql, &[after.unwrap_or(Uuid::nil()).into(), limit.into()], |r| {
        let id = r.id(0)?;
        text_sum::verify(id, r.str(1)?, r.str(2)?, r.opt_int(3)?)?;
        Ok(id)
    })?;
    Ok(ids.last().map(|last| (ids.len() as u64, *last)))
}

/// The ids of every `nth` note, beginning with the one of number `first` (from 0), in the order of their ids: for a sample.
///
/// # Errors
/// What the store says.
pub fn every_nth(tx: &mut ReadTx<'_>, nth: usize, first: usize) -> Result<Vec<Uuid>> {
    let (mut ids, mut at) = (Vec::new(), 0);
    tx.each("SELECT id FROM notes ORDER BY id", &[], |r| {
        if at % nth.max(1) == first {
            ids.push(r.id(0)?);
        }
        at += 1;
        Ok(true)
    })?;
    Ok(ids)
}

/// Writes a new note under `id`. `created_at` and `updated_at` are given, so that an import keeps the times of its files.
///
/// # Errors
/// [`Error::Invalid`] for a notebook that is not the owner's.
pub fn insert(
    tx: &mut WriteTx<'_>,
    draws: &Draws,
    id: Uuid,
    content: &Content,
    state: State,
    times: (Timestamp, Timestamp),
) -> Result<Note> {
    let trashed_at = (!state.is_live()).then_some(draws.now);
    let former = if state == State::Trashed { State::Active } else { state };
    super::carry::insert_as_it_was(
        tx,
        draws,
        id,
        content,
        &Past { state, former, created_at: times.0, updated_at: times.1, trashed_at },
    )
}

/// Applies a merge patch. A patch that changes nothing writes nothing.
///
/// # Errors
/// [`Error::NotFound`], then [`Error::PreconditionRequired`], then (as an [`Outcome`]) staleness;
/// [`Conflict::NoteTrashed`] for a note in the trash.
pub fn edit(
    tx: &mut WriteTx<'_>,
    caller: &Caller,
    id: Uuid,
    precondition: Option<&Precondition>,
    edit: &Edit,
    draws: &Draws,
) -> Result<Outcome> {
    let old = match admit(tx, caller, id, precondition)? {
        Outcome::Stale(note) => return Ok(Outcome::Stale(note)),
        Outcome::Done(note) => note,
    };
    if old.state == State::Trashed {
        return Err(Error::Conflict(Conflict::NoteTrashed));
    }
    if let Some(notebook) = edit.notebook_id
        && notebook != old.notebook_id
    {
        require_notebook(tx, caller.user(), notebook)?;
    }
    let mut new = old.clone();
    if let Some(body) = &edit.body {
        new.body.clone_from(body);
    }
    match &edit.title {
        Some(Some(title)) => (new.title, new.title_derived) = (title.clone(), false),
        Some(None) => new.title_derived = true,
        None => {}
    }
    if new.title_derived {
        new.title = derive_title(&new.body);
    }
    if let Some(notebook) = edit.notebook_id {
        new.notebook_id = notebook;
    }
    new.pinned = edit.pinned.unwrap_or(old.pinned);
    new.state = edit.state.unwrap_or(old.state);
    if let Some(wanted) = &edit.tags {
        new.tags = tags::store::set(tx, caller.user(), id, wanted, &draws.tag_ids, true)?;
    }
    if new == old {
        return Ok(Outcome::Done(old));
    }
    let moved = Note { pinned: old.pinned, state: old.state, ..new.clone() } != old;
    new.updated_at = if moved { draws.now } else { old.updated_at };
    new.version = draws.version;
    new.seq = feed::store::append(tx, Kind::Note, Op::Put, caller.user(), id, Some(new.version))?;
    save(tx, &new, new.body != old.body || new.title != old.title)?;
    Ok(Outcome::Done(new))
}

/// Moves a note to the trash. A note that is there already stays as it is.
///
/// # Errors
/// As [`edit`], less the trash.
pub fn trash(
    tx: &mut WriteTx<'_>,
    caller: &Caller,
    id: Uuid,
    precondition: Option<&Precondition>,
    draws: &Draws,
) -> Result<Outcome> {
    let old = match admit(tx, caller, id, precondition)? {
        Outcome::Stale(note) => return Ok(Outcome::Stale(note)),
        Outcome::Done(note) if note.state == State::Trashed => return Ok(Outcome::Done(note)),
        Outcome::Done(note) => note,
    };
    let note = move_to_trash(tx, &old, old.notebook_id, draws)?;
    Ok(Outcome::Done(note))
}

/// The step of [`trash`] after all conditions are met; the note lands in `notebook`.
///
/// # Errors
/// What the store says.
pub fn move_to_trash(tx: &mut WriteTx<'_>, old: &Note, notebook: Option<Uuid>, draws: &Draws) -> Result<Note> {
    tags::store::count(tx, old.id, -1)?;
    let mut note = Note { state: State::Trashed, trashed_at: Some(draws.now), notebook_id: notebook, ..old.clone() };
    note.version = draws.version;
    note.seq = feed::store::append(tx, Kind::Note, Op::Put, draws.owner, note.id, Some(note.version))?;
    tx.post(
        "UPDATE notes SET state = $1, former_state = $2, trashed_at = $3, notebook_id = $4, version = $5, seq = $6
         WHERE id = $7",
        &[
            note.state.code().into(),
            old.state.code().into(),
            note.trashed_at.into(),
            notebook.into(),
            note.version.into(),
            note.seq.into(),
            note.id.into(),
        ],
    )?;
    Ok(note)
}

/// Takes a note out of the trash, back to the state that it had before.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::NoteNotTrashed`].
pub fn restore(tx: &mut WriteTx<'_>, caller: &Caller, id: Uuid, draws: &Draws) -> Result<Note> {
    let mut note = get(tx, caller, id)?.ok_or(Error::NotFound("note"))?;
    if note.state != State::Trashed {
        return Err(Error::Conflict(Conflict::NoteNotTrashed));
    }
    let former = tx.query_one("SELECT former_state FROM notes WHERE id = $1", &[id.into()], |r| r.int(0))?;
    note.state = State::from_code(former)?;
    note.trashed_at = None;
    note.version = draws.version;
    note.seq = feed::store::append(tx, Kind::Note, Op::Put, caller.user(), id, Some(note.version))?;
    tags::store::count(tx, id, 1)?;
    save(tx, &note, false)?;
    Ok(note)
}

/// Removes a note for good; a tombstone stays in the change log.
///
/// # Errors
/// As [`trash`].
pub fn purge(tx: &mut WriteTx<'_>, caller: &Caller, id: Uuid, precondition: Option<&Precondition>) -> Result<Outcome> {
    let note = match admit(tx, caller, id, precondition)? {
        Outcome::Stale(note) => return Ok(Outcome::Stale(note)),
        Outcome::Done(note) => note,
    };
    remove(tx, caller.user(), &note)?;
    Ok(Outcome::Done(note))
}

/// The step of [`purge`] after all conditions are met.
///
/// # Errors
/// What the store says.
pub fn remove(tx: &mut WriteTx<'_>, owner: UserId, note: &Note) -> Result<()> {
    tags::store::clear(tx, owner, note.id, note.state.is_live())?;
    tx.post("DELETE FROM notes WHERE id = $1", &[note.id.into()])?;
    feed::store::append(tx, Kind::Note, Op::Delete, owner, note.id, None)?;
    Ok(())
}

/// Whether an account has any note.
///
/// # Errors
/// What the store says.
pub fn owns_any(tx: &mut ReadTx<'_>, owner: UserId) -> Result<bool> {
    Ok(tx.query_opt("SELECT id FROM notes WHERE owner = $1 LIMIT 1", &[owner.0.into()], |r| r.id(0))?.is_some())
}

/// Gives a note a new number because something that it shows has changed elsewhere (its tag's name, its notebook). The version
/// stays: nobody's edit becomes stale by it. Reads the tags anew from where they are kept.
///
/// # Errors
/// What the store says.
pub fn touch(tx: &mut WriteTx<'_>, owner: UserId, note: &Note, notebook: Option<Uuid>) -> Result<()> {
    let tags = tags::store::names(tx, note.id)?;
    let seq = feed::store::append(tx, Kind::Note, Op::Put, owner, note.id, Some(note.version))?;
    tx.post(
        "UPDATE notes SET seq = $1, tags = $2, notebook_id = $3 WHERE id = $4",
        &[seq.into(), (&join(&tags)).into(), notebook.into(), note.id.into()],
    )?;
    Ok(())
}

/// A note without its body.
///
/// # Errors
/// [`Error::Corrupt`] when there is none: the caller has just seen its id.
pub fn head(tx: &mut ReadTx<'_>, id: Uuid) -> Result<Note> {
    let sql = format!("SELECT {LIST_COLUMNS} FROM notes WHERE id = $1");
    tx.query_one(&sql, &[id.into()], read_head)
}

/// Up to `limit` notes of a notebook, of any state, without their bodies but with the size of these in bytes.
///
/// # Errors
/// What the store says.
pub fn some_in_notebook(tx: &mut ReadTx<'_>, notebook: Uuid, limit: i64) -> Result<Vec<(Note, i64)>> {
    // In the order of the index, so that a chunk costs no more than its notes.
    let sql = format!(
        "SELECT {LIST_COLUMNS}, CAST(octet_length(notes.body) AS bigint) FROM notes WHERE notebook_id = $1
         ORDER BY state, updated_at, id LIMIT $2"
    );
    tx.query(&sql, &[notebook.into(), limit.into()], |r| Ok((read_head(r)?, r.int(13)?)))
}

fn admit(tx: &mut ReadTx<'_>, caller: &Caller, id: Uuid, precondition: Option<&Precondition>) -> Result<Outcome> {
    let note = get(tx, caller, id)?.ok_or(Error::NotFound("note"))?;
    let precondition = precondition.ok_or(Error::PreconditionRequired)?;
    Ok(if precondition.met_by(note.version) { Outcome::Done(note) } else { Outcome::Stale(note) })
}

pub(super) fn require_notebook(tx: &mut ReadTx<'_>, owner: UserId, notebook: Option<Uuid>) -> Result<()> {
    match notebook {
        Some(id) if !notebooks::store::belongs_to(tx, owner, id)? => {
            Err(Error::invalid("notebook_id", "no such notebook"))
        }
        _ => Ok(()),
    }
}

fn save(tx: &mut WriteTx<'_>, note: &Note, text_changed: bool) -> Result<()> {
    tx.post(
        "UPDATE notes SET title = $1, title_key = $2, title_derived = $3, tags = $4, notebook_id = $5, pinned = $6,
                          state = $7, version = $8, seq = $9, updated_at = $10, trashed_at = $11 WHERE id = $12",
        &[
            (&note.title).into(),
            (&fold::sort_key(&note.title)).into(),
            note.title_derived.into(),
            (&join(&note.tags)).into(),
            note.notebook_id.into(),
            note.pinned.into(),
            note.state.code().into(),
            note.version.into(),
            note.seq.into(),
            note.updated_at.into(),
            note.trashed_at.into(),
            note.id.into(),
        ],
    )?;
    if text_changed {
        tx.post(
            "UPDATE notes SET body = $1, excerpt = $2, text_sum = $3 WHERE id = $4",
            &[
                (&note.body).into(),
                (&excerpt(&note.title, &note.body)).into(),
                text_sum::of(note.id, &note.title, &note.body).into(),
                note.id.into(),
            ],
        )?;
    }
    Ok(())
}

/// Tag names contain no control characters, so a line break separates them.
pub(super) fn join(tags: &[String]) -> String {
    tags.join("\n")
}

pub(super) fn read(row: &Row<'_>) -> Result<Note> {
    let note = Note { body: row.text(12)?, ..read_head(row)? };
    text_sum::verify(note.id, &note.title, &note.body, row.opt_int(13)?)?;
    Ok(note)
}

pub(super) fn read_listed(row: &Row<'_>) -> Result<Listed> {
    Ok(Listed { note: read_head(row)?, excerpt: Some(row.text(12)?) })
}

pub(super) fn read_head(row: &Row<'_>) -> Result<Note> {
    Ok(Note {
        id: row.id(0)?,
        title: row.text(1)?,
        title_derived: row.flag(2)?,
        tags: row.str(3)?.lines().map(str::to_owned).collect(),
        notebook_id: row.opt_id(4)?,
        pinned: row.flag(5)?,
        state: State::from_code(row.int(6)?)?,
        version: row.id(7)?,
        seq: row.int(8)?,
        created_at: row.time(9)?,
        updated_at: row.time(10)?,
        trashed_at: row.opt_time(11)?,
        body: String::new(),
    })
}
