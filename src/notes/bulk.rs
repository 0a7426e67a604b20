//! Operations that reach many notes: a tag renamed, merged or removed, a notebook deleted, the trash emptied.
//!
//! The work goes in chunks, each a transaction that is complete in itself, so that nobody waits for ten thousand rows. A crash
//! between two chunks loses nothing: part of the notes have moved, the tag or notebook is still there, and the same request goes
//! on where it stopped.
//!
//! What a reader would get wrong: a note is one row with its body in it, and the engine writes the whole row anew. So a chunk is
//! bounded by the bytes of its bodies as well as by their number.

use std::sync::Arc;

use uuid::Uuid;

use super::store::{head, move_to_trash, remove, some_in_notebook, touch};
use super::trash::{all_trashed, some_owned, some_trashed};
use super::{Draws, State};
use crate::caller::{Caller, UserId};
use crate::clock::{Ids, Timestamp};
use crate::db::{Db, WriteOptions, WriteTx, Written};
use crate::error::{Error, Result};
use crate::notebooks;
use crate::tags::{self, Tag, TagName};

/// Most notes in one transaction: some 10 ms of the writer's time.
const CHUNK: usize = 400;
/// Bytes of bodies after which a transaction takes no further note.
const CHUNK_BYTES: i64 = 4 << 20;

/// Where the notes of a deleted notebook go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotesGo {
    /// Into the notebook around it (or into none).
    ToParent,
    /// Into the trash.
    ToTrash,
}

/// Renames a tag on all its notes; onto the name of another tag, it merges with that one.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn rename_tag(db: &Db, ids: &Ids, caller: Caller, from: TagName, to: TagName) -> Result<Written<Tag>> {
    if from.key() == to.key() {
        return respell_tag(db, caller, to).await;
    }
    let target = to.clone();
    exchange_tag(db, ids, caller.clone(), from, Some(to)).await?;
    db.write(move |tx| {
        // A tag without notes has gone with its last one; the new name then never came to be.
        tags::store::get(tx, &caller, &target)?.ok_or(Error::NotFound("tag"))
    })
    .await
}

/// Takes a tag off all its notes.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn remove_tag(db: &Db, ids: &Ids, caller: Caller, name: TagName) -> Result<Written<()>> {
    exchange_tag(db, ids, caller, name, None).await
}

async fn exchange_tag(db: &Db, ids: &Ids, caller: Caller, from: TagName, onto: Option<TagName>) -> Result<Written<()>> {
    let (from, onto) = (Arc::new(from), Arc::new(onto));
    let mut first = true;
    loop {
        let (caller, from, onto, new_id) = (caller.clone(), Arc::clone(&from), Arc::clone(&onto), ids.id());
        let chunk = db
            .write(move |tx| {
                let Some(tag) = tags::store::get(tx, &caller, &from)? else { return Ok(None) };
                let notes = tags::store::some_notes(tx, tag.id, Uuid::nil(), chunk_size())?;
                let fitting = fitting(notes.iter().map(|(_, bytes)| *bytes));
                for (id, _) in &notes[..fitting] {
                    let note = head(tx, *id)?;
                    let onto = Option::as_ref(&onto).map(|name| (name, new_id));
                    tags::store::exchange(tx, &caller, *id, tag.id, onto, note.state.is_live())?;
                    touch(tx, caller.user(), &note, note.notebook_id)?;
                }
                Ok(Some(fitting < notes.len() || notes.len() == CHUNK))
            })
            .await?;
        match chunk.value {
            None if first => return Err(Error::NotFound("tag")),
            Some(true) => first = false,
            _ => return Ok(chunk.map(drop)),
        }
    }
}

/// Another spelling under the same key is one row of `tags`; its notes follow. A request that was cut short is completed by the
/// same request again: it looks at every note.
async fn respell_tag(db: &Db, caller: Caller, to: TagName) -> Result<Written<Tag>> {
    let to = Arc::new(to);
    let mut after = None;
    loop {
        let (caller, name) = (caller.clone(), Arc::clone(&to));
        let chunk = db
            .write(move |tx| {
                let tag = tags::store::get(tx, &caller, &name)?.ok_or(Error::NotFound("tag"))?;
                if tag.name != name.as_str() {
                    if after.is_some() {
                        // Somebody has spelled it otherwise in between, and looks after all notes.
                        return Ok((tag, None));
                    }
                    tags::store::respell(tx, &caller, tag.id, &name)?;
                }
                let notes = tags::store::some_notes(tx, tag.id, after.unwrap_or(Uuid::nil()), chunk_size())?;
                let fitting = fitting(notes.iter().map(|(_, bytes)| *bytes));
                for (id, _) in &notes[..fitting] {
                    let note = head(tx, *id)?;
                    if !note.tags.iter().any(|shown| shown == name.as_str()) {
                        touch(tx, caller.user(), &note, note.notebook_id)?;
                    }
                }
                let more = fitting < notes.len() || notes.len() == CHUNK;
                let last = notes[..fitting].last().map(|(id, _)| *id).filter(|_| more);
                Ok((Tag { name: name.as_str().to_owned(), ..tag }, last))
            })
            .await?;
        let (tag, last) = chunk.value;
        if last.is_none() {
            return Ok(Written { value: tag, change: chunk.change });
        }
        after = last;
    }
}

/// Deletes a notebook and keeps its notes, in the parent or in the trash; its notebooks go to the parent.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete_notebook(db: &Db, ids: &Ids, caller: Caller, id: Uuid, go: NotesGo) -> Result<Written<()>> {
    let mut first = true;
    loop {
        let (caller, now) = (caller.clone(), ids.now());
        let versions: Vec<Uuid> = (0..CHUNK).map(|_| ids.id()).collect();
        let chunk = db
            .write(move |tx| {
                let Some(notebook) = notebooks::store::get(tx, &caller, id)? else { return Ok(None) };
                let notes = some_in_notebook(tx, id, chunk_size())?;
                let fitting = fitting(notes.iter().map(|(_, bytes)| *bytes));
                for ((note, _), version) in notes[..fitting].iter().zip(&versions) {
                    if go == NotesGo::ToTrash && note.state != State::Trashed {
                        let draws = Draws { owner: caller.user(), now, version: *version, tag_ids: Vec::new() };
                        move_to_trash(tx, note, notebook.parent_id, &draws)?;
                    } else {
                        touch(tx, caller.user(), note, notebook.parent_id)?;
                    }
                }
                let more = fitting < notes.len() || notes.len() == CHUNK;
                if !more {
                    notebooks::store::remove(tx, &caller, id, now)?;
                }
                Ok(Some(more))
            })
            .await?;
        match chunk.value {
            None if first => return Err(Error::NotFound("notebook")),
            Some(true) => first = false,
            _ => return Ok(chunk.map(drop)),
        }
    }
}

/// Purges what was in the caller's trash at `until`, a moment that the caller saw: what is thrown away meanwhile stays. Returns
/// how many notes went. A request that was cut short is completed by the same request again.
///
/// # Errors
/// What the store says.
pub async fn empty_trash(db: &Db, caller: Caller, until: Timestamp) -> Result<Written<u64>> {
    let mut purged = 0;
    loop {
        let caller = caller.clone();
        let chunk = db
            .write_with(WriteOptions { weight: 0, frees: true }, move |tx| {
                let notes = some_trashed(tx, &caller, until, chunk_size())?;
                let fitting = fitting(notes.iter().map(|(_, bytes)| *bytes));
                for (note, _) in &notes[..fitting] {
                    remove(tx, caller.user(), note)?;
                }
                Ok((fitting, fitting < notes.len() || notes.len() == CHUNK))
            })
            .await?;
        let (count, more) = chunk.value;
        purged += u64::try_from(count).unwrap_or(u64::MAX);
        if !more {
            return Ok(Written { value: purged, change: chunk.change });
        }
    }
}

/// What a step of [`purge_trashed`] has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purged {
    /// Notes that are gone for good.
    pub purged: usize,
    /// Whether there are more of them.
    pub more: bool,
}

/// Purges some of the notes, everybody's, that went to the trash at `until` or before, the longest there first.
///
/// # Errors
/// What the store says.
pub async fn purge_trashed(db: &Db, until: Timestamp) -> Result<Purged> {
    let write = move |tx: &mut WriteTx<'_>| {
        let notes = all_trashed(tx, until, chunk_size())?;
        let fitting = fitting(notes.iter().map(|(_, _, bytes)| *bytes));
        for (owner, note, _) in &notes[..fitting] {
            remove(tx, *owner, note)?;
        }
        Ok(Purged { purged: fitting, more: fitting < notes.len() || notes.len() == CHUNK })
    };
    Ok(db.write_with(WriteOptions { weight: 0, frees: true }, write).await?.value)
}

/// Purges some of an account's notes, in whatever state: for an account that goes.
///
/// # Errors
/// What the store says.
pub async fn purge_owned(db: &Db, owner: UserId) -> Result<Purged> {
    let write = move |tx: &mut WriteTx<'_>| {
        let notes = some_owned(tx, owner, chunk_size())?;
        let fitting = fitting(notes.iter().map(|(_, bytes)| *bytes));
        for (note, _) in &notes[..fitting] {
            remove(tx, owner, note)?;
        }
        Ok(Purged { purged: fitting, more: fitting < notes.len() || notes.len() == CHUNK })
    };
    Ok(db.write_with(WriteOptions { weight: 0, frees: true }, write).await?.value)
}

/// How many of the notes whose bodies have these sizes go into one transaction: at least one, if there is one.
fn fitting(sizes: impl Iterator<Item = i64>) -> usize {
    let mut bytes = 0;
    sizes
        .take_while(|size| {
            let before = bytes;
            bytes += size;
            before < CHUNK_BYTES
        })
        .count()
}

fn chunk_size() -> i64 {
    i64::try_from(CHUNK).unwrap_or(i64::MAX)
}
