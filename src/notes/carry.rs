//! Notes on their way out of the store and back: whole, with what no list and no answer of the API needs.

use uuid::Uuid;

use super::store::{COLUMNS, join, read, require_notebook};
use super::{Content, Draws, Note, Past, State, derive_title, excerpt, text_sum};
use crate::caller::UserId;
use crate::db::{ReadTx, WriteTx};
use crate::error::Result;
use crate::feed::{self, Kind, Op};
use crate::{fold, tags};

/// The owner's notes in one state, one by one, oldest first, each with the state that it goes back to from the trash; until
/// `take` answers `false`.
///
/// # Errors
/// What the store says, or `take`.
pub fn walk(
    tx: &mut ReadTx<'_>,
    owner: UserId,
    state: State,
    mut take: impl FnMut(Note, State) -> Result<bool>,
) -> Result<()> {
    // Made in this order, they also lie in this order in the file.
    let sql = format!(
        "SELECT {COLUMNS}, notes.former_state FROM notes WHERE owner = $1 AND state = $2 ORDER BY created_at, id"
    );
    tx.each(&sql, &[owner.0.into(), state.code().into()], |r| take(read(r)?, State::from_code(r.int(14)?)?))
}

/// How many notes the owner has in every state.
///
/// # Errors
/// What the store says.
pub fn count(tx: &mut ReadTx<'_>, owner: UserId) -> Result<i64> {
    tx.query_one("SELECT count(*) FROM notes WHERE owner = $1", &[owner.0.into()], |r| r.int(0))
}

/// Writes a note that was somewhere before, under `id`, with all that it was there.
///
/// # Errors
/// [`Error::Invalid`](crate::error::Error::Invalid) for a notebook that is not the owner's.
pub fn insert_as_it_was(tx: &mut WriteTx<'_>, draws: &Draws, id: Uuid, content: &Content, past: &Past) -> Result<Note> {
    require_notebook(tx, draws.owner, content.notebook_id)?;
    let seq = feed::store::append(tx, Kind::Note, Op::Put, draws.owner, id, Some(draws.version))?;
    let state = past.state;
    let mut note = Note {
        id,
        title: content.title.clone().unwrap_or_else(|| derive_title(&content.body)),
        title_derived: content.title.is_none(),
        body: content.body.clone(),
        tags: content.tags.iter().map(|t| t.as_str().to_owned()).collect(),
        notebook_id: content.notebook_id,
        pinned: content.pinned,
        state,
        version: draws.version,
        seq,
        created_at: past.created_at,
        updated_at: past.updated_at,
        trashed_at: past.trashed_at,
    };
    tx.post(
        "INSERT INTO notes (id, owner, title, title_key, title_derived, tags, notebook_id, pinned, state, former_state,
                            version, seq, created_at, updated_at, trashed_at, excerpt, body, text_sum)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        &[
            id.into(),
            draws.owner.0.into(),
            (&note.title).into(),
            (&fold::sort_key(&note.title)).into(),
            note.title_derived.into(),
            (&join(&note.tags)).into(),
            note.notebook_id.into(),
            note.pinned.into(),
            state.code().into(),
            past.former.code().into(),
            note.version.into(),
            seq.into(),
            note.created_at.into(),
            note.updated_at.into(),
            note.trashed_at.into(),
            (&excerpt(&note.title, &note.body)).into(),
            (&note.body).into(),
            text_sum::of(note.id, &note.title, &note.body).into(),
        ],
    )?;
    if !content.tags.is_empty() {
        let names = tags::store::set_first(tx, draws.owner, id, &content.tags, &draws.tag_ids, state.is_live())?;
        if names != note.tags {
            note.tags = names;
            let joined = join(&note.tags);
            tx.post("UPDATE notes SET tags = $1 WHERE id = $2", &[(&joined).into(), id.into()])?;
        }
    }
    Ok(note)
}
