//! The endpoints of notes.

use crate::http::json::Json;
use poem::http::HeaderMap;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use serde::Serialize;
use uuid::Uuid;

use super::{Content, Draws, ListQuery, Note, Outcome, Position, Precondition, State, bulk, page, store, with_bodies};
use crate::caller::{Caller, Confines};
use crate::clock::Ids;
use crate::db::{Db, WriteOptions, WriteTx, Written};
use crate::error::{Conflict, Error, Forbidden, Result};
use crate::http::auth::{Auth, Reads, Writes, WritesAll};
use crate::http::etag::{IfMatch, IfNoneMatch};
use crate::http::page::{Limit, Listing, Page};
use crate::http::problem::Problem;
use crate::http::removed::Removed;
use crate::http::sections::Section;
use crate::http::serialized::Serialized;
use crate::idempotency::{self, InFlight, Key, Saved};
use crate::tags::TagName;

mod html;
mod new_id;
mod view;

pub use html::NoteHtmlApi;
use view::{Include, Keyset, NewNote, NotePatch, PinnedParam, SortParam};
pub use view::{NoteView, StateView, etag};

/// Name of the create for idempotency keys.
const CREATE: &str = "POST /notes";

/// Serves `/notes`.
#[derive(Debug, Clone)]
pub struct NotesApi {
    db: Db,
    ids: Ids,
    in_flight: InFlight,
    /// The path under which the API is reached, for `Location`.
    base: String,
}

#[derive(ApiResponse)]
enum Created {
    /// Made.
    #[oai(status = 201)]
    Created(
        Serialized<NoteView>,
        /// Where it is.
        #[oai(header = "Location")]
        String,
        /// Its entity tag.
        #[oai(header = "ETag")]
        String,
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
        /// `true` when the answer to an earlier request with the same key is given again.
        #[oai(header = "Idempotency-Replayed")]
        Option<String>,
    ),
}

#[derive(ApiResponse)]
enum Read {
    /// The note.
    #[oai(status = 200)]
    Ok(
        Serialized<NoteView>,
        /// Its entity tag.
        #[oai(header = "ETag")]
        String,
    ),
    /// The caller holds this state already.
    #[oai(status = 304)]
    NotModified(
        /// Its entity tag.
        #[oai(header = "ETag")]
        String,
    ),
}

#[derive(ApiResponse)]
enum Changed {
    /// The note as it is now.
    #[oai(status = 200)]
    Ok(
        Serialized<NoteView>,
        /// Its entity tag.
        #[oai(header = "ETag")]
        String,
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

/// What emptying the trash has done.
#[derive(Debug, Object, Serialize)]
#[oai(example)]
struct Emptied {
    /// Notes that are gone for good.
    purged: u64,
}

impl Example for Emptied {
    fn example() -> Self {
        Self { purged: 3 }
    }
}

#[derive(ApiResponse)]
enum TrashEmptied {
    /// Done.
    #[oai(status = 200)]
    Ok(
        Serialized<Emptied>,
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

/// What may be deleted as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
enum Emptiable {
    /// The trash.
    Trashed,
}

impl NotesApi {
    /// `base` is the API's path as clients see it, such as `/api/v1`.
    pub fn new(db: Db, ids: Ids, in_flight: InFlight, base: String) -> Self {
        Self { db, ids, in_flight, base }
    }

    fn draws(&self, caller: &Caller, tags: usize) -> Draws {
        Draws {
            owner: caller.user(),
            now: self.ids.now(),
            version: self.ids.id(),
            tag_ids: (0..tags).map(|_| self.ids.id()).collect(),
        }
    }

    async fn create(&self, caller: Caller, new: NewNote, key: Option<Key>) -> Result<Created> {
        let NewNote { id, title, body, tags, notebook_id, pinned } = new;
        let chosen = id.map(|id| id.checked(self.ids.now())).transpose()?;
        let content = Content::new(title, body, &tags, notebook_id, pinned)?;
        let within =
            |confines: &Confines| confines.admit(content.tags.iter().map(TagName::as_str), content.notebook_id);
        if !caller.confines().is_none_or(within) {
            return Err(Error::Forbidden(Forbidden::KeyConfined));
        }
        let draws = self.draws(&caller, content.tags.len());
        let id = chosen.unwrap_or_else(|| self.ids.id());
        let base = self.base.clone();
        let options = WriteOptions { weight: content.body.len() * 2, frees: false };
        let _guard = key.as_ref().map(|key| self.in_flight.enter(key)).transpose()?;
        let written = self
            .db
            .write_with(options, move |tx| {
                idempotency::store::once(tx, key.as_ref(), draws.now, |tx| {
                    if chosen.is_some() && store::was_ever(tx, id)? {
                        return Err(Error::Conflict(Conflict::NoteIdInUse));
                    }
                    let note = store::insert(tx, &draws, id, &content, State::Active, (draws.now, draws.now))?;
                    Ok(Saved {
                        location: format!("{base}/notes/{id}"),
                        etag: Some(etag(&note).to_string()),
                        change: tx.head(),
                        body: Serialized::of(&NoteView::from(note))?.bytes().to_vec(),
                    })
                })
            })
            .await?;
        let (saved, replayed) = written.value;
        Ok(Created::Created(
            Serialized::from_bytes(saved.body),
            saved.location,
            saved.etag.unwrap_or_default(),
            saved.change,
            replayed.then(|| "true".to_owned()),
        ))
    }
}

fn precondition(headers: &HeaderMap) -> Result<Option<Precondition>> {
    Ok(IfMatch::from_headers(headers)?.map(|condition| match condition {
        IfMatch::Any => Precondition::Any,
        IfMatch::Versions(versions) => Precondition::OneOf(versions),
    }))
}

/// Turns staleness into its problem, with the note as it is.
fn settled(written: Written<Outcome>) -> Result<Written<Note>, Problem> {
    match written.value {
        Outcome::Done(value) => Ok(Written { value, change: written.change }),
        Outcome::Stale(note) => {
            let etag = etag(&note).to_string();
            let current = serde_json::to_value(NoteView::from(note)).map_err(Error::internal)?;
            Err(Problem::stale(current, &etag))
        }
    }
}

fn changed(written: Written<Note>) -> Result<Changed> {
    let etag = etag(&written.value).to_string();
    Ok(Changed::Ok(Serialized::of(&NoteView::from(written.value))?, etag, written.change))
}

#[OpenApi(tag = "Section::Notes")]
impl NotesApi {
    /// Make a note.
    ///
    /// Only `body` is needed. A client that makes notes offline sends their `id` too, and may then refer to them before they reach the server.
    #[oai(path = "/notes", method = "post", operation_id = "createNote")]
    async fn create_note(
        &self,
        auth: Auth<Writes>,
        /// Makes a repeated request safe: for 24 hours the first answer is given again. 1 to 200 characters, different for each
        /// note; a UUID is fine.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Json<NewNote>,
    ) -> Result<Created, Problem> {
        let key = match &idempotency_key.0 {
            None => None,
            Some(key) => {
                let request = serde_json::to_vec(&body.0).map_err(Error::internal)?;
                Some(Key::new(&auth.caller, CREATE, key, &request)?)
            }
        };
        Ok(self.create(auth.caller, body.0, key).await?)
    }

    /// List notes.
    ///
    /// The filters hold together. `sort` and `pinned=first` decide the order.
    #[oai(path = "/notes", method = "get", operation_id = "listNotes")]
    #[expect(clippy::too_many_arguments, reason = "one for each query name of the contract")]
    async fn list_notes(
        &self,
        auth: Auth<Reads>,
        /// Which state; active unless told.
        state: Query<Option<StateView>>,
        /// Only notes with this tag (not those with tags nested in it).
        tag: Query<Option<String>>,
        /// Only notes of this notebook.
        notebook_id: Query<Option<Uuid>>,
        /// `true` or `false` filters, `first` puts the pinned ones first.
        pinned: Query<Option<PinnedParam>>,
        /// The order; latest change first unless told.
        sort: Query<Option<SortParam>>,
        /// `body`: whole bodies in place of excerpts.
        include: Query<Option<Include>>,
        limit: Query<Limit>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Serialized<Page<NoteView>>, Problem> {
        let sort = sort.0.unwrap_or(SortParam::UpdatedDown);
        let (key, direction) = sort.split();
        let listing = Listing::new("notes", &(state.0, &tag.0, notebook_id.0, pinned.0, sort))?;
        let after = match &cursor.0 {
            None => None,
            Some(cursor) => {
                let Keyset(pinned, time, title, id) = listing.keyset(cursor)?;
                Some(Position { pinned, time, title, id })
            }
        };
        let tag = match &tag.0 {
            None => None,
            Some(tag) => Some(TagName::parse(tag).map_err(|why| Error::invalid("tag", why))?),
        };
        let query = ListQuery {
            state: state.0.map_or(State::Active, Into::into),
            tag,
            notebook_id: notebook_id.0,
            pinned: pinned.0.map(Into::into),
            sort: key,
            direction,
            after,
            limit: limit.0.get() + 1,
        };
        let (caller, bodies) = (auth.caller, include.0.is_some());
        let (items, whole) = self
            .db
            .read(move |tx| {
                let mut items = page(tx, &caller, &query)?;
                let whole = if bodies { with_bodies(tx, &caller, &mut items)? } else { items.len() };
                Ok((items, whole))
            })
            .await?;
        let page = listing.page(items, limit.0.at_most(whole), |listed| {
            let at = Position::behind(listed, key);
            Keyset(at.pinned, at.time, at.title, at.id)
        })?;
        Ok(Serialized::of(&page.map(NoteView::from))?)
    }

    /// Read a note.
    #[oai(path = "/notes/:id", method = "get", operation_id = "getNote")]
    async fn get_note(
        &self,
        auth: Auth<Reads>,
        /// The note's id.
        id: Path<Uuid>,
        /// An `ETag` read before: unchanged answers 304.
        #[oai(name = "If-None-Match")]
        _if_none_match: Header<Option<String>>,
        headers: &HeaderMap,
    ) -> Result<Read, Problem> {
        let condition = IfNoneMatch::from_headers(headers)?;
        let (caller, id) = (auth.caller, id.0);
        let note = self.db.read(move |tx| store::get(tx, &caller, id)).await?.ok_or(Error::NotFound("note"))?;
        let tag = etag(&note);
        if condition.is_some_and(|held| held.holds(&tag)) {
            return Ok(Read::NotModified(tag.to_string()));
        }
        Ok(Read::Ok(Serialized::of(&NoteView::from(note))?, tag.to_string()))
    }

    /// Change a note: a merge patch.
    ///
    /// Absent members stay as they are. A note that was changed since it was read is not touched: 412 brings it as it is now. Archiving, pinning and unpinning are changes like any other. Without changes nothing is written and the version stays.
    #[oai(path = "/notes/:id", method = "patch", operation_id = "updateNote")]
    async fn update_note(
        &self,
        auth: Auth<Writes>,
        /// The note's id.
        id: Path<Uuid>,
        /// The `ETag` or `"<version>"` that was read; `*` overwrites on purpose.
        #[oai(name = "If-Match")]
        _if_match: Header<Option<String>>,
        headers: &HeaderMap,
        body: Json<NotePatch>,
    ) -> Result<Changed, Problem> {
        let condition = precondition(headers)?;
        let edit = body.0.checked()?;
        let draws = self.draws(&auth.caller, edit.tags.as_ref().map_or(0, Vec::len));
        let (caller, id) = (auth.caller, id.0);
        let options = WriteOptions { weight: edit.body.as_ref().map_or(0, |b| b.len() * 2), frees: false };
        let write = move |tx: &mut WriteTx<'_>| store::edit(tx, &caller, id, condition.as_ref(), &edit, &draws);
        Ok(changed(settled(self.db.write_with(options, write).await?)?)?)
    }

    /// Move a note to the trash, or purge it for good.
    ///
    /// From the trash, `POST /notes/{id}/restore` brings it back. A note that is there already stays as it is.
    #[oai(path = "/notes/:id", method = "delete", operation_id = "deleteNote")]
    async fn delete_note(
        &self,
        auth: Auth<Writes>,
        /// The note's id.
        id: Path<Uuid>,
        /// `true`: for good, from wherever it is. There is no way back.
        #[oai(default)]
        permanent: Query<bool>,
        /// The `ETag` or `"<version>"` that was read; `*` overwrites on purpose.
        #[oai(name = "If-Match")]
        _if_match: Header<Option<String>>,
        headers: &HeaderMap,
    ) -> Result<Removed, Problem> {
        let condition = precondition(headers)?;
        let (caller, id) = (auth.caller, id.0);
        let written = if permanent.0 {
            let options = WriteOptions { weight: 0, frees: true };
            self.db.write_with(options, move |tx| store::purge(tx, &caller, id, condition.as_ref())).await?
        } else {
            let draws = self.draws(&caller, 0);
            self.db.write(move |tx| store::trash(tx, &caller, id, condition.as_ref(), &draws)).await?
        };
        Ok(Removed::Gone(settled(written)?.change))
    }

    /// Empty the trash.
    ///
    /// Purges the notes that are in the trash when the request arrives. There is no way back.
    #[oai(path = "/notes", method = "delete", operation_id = "emptyTrash")]
    async fn empty_trash(
        &self,
        auth: Auth<WritesAll>,
        /// Says what is to be deleted. Has to be sent, so that no slip deletes anything.
        state: Query<Emptiable>,
    ) -> Result<TrashEmptied, Problem> {
        let Emptiable::Trashed = state.0;
        let written = bulk::empty_trash(&self.db, auth.caller, self.ids.now()).await?;
        Ok(TrashEmptied::Ok(Serialized::of(&Emptied { purged: written.value })?, written.change))
    }

    /// Take a note out of the trash, back to the state before.
    #[oai(path = "/notes/:id/restore", method = "post", operation_id = "restoreNote")]
    async fn restore_note(
        &self,
        auth: Auth<Writes>,
        /// The note's id.
        id: Path<Uuid>,
    ) -> Result<Changed, Problem> {
        let (caller, id) = (auth.caller, id.0);
        let draws = self.draws(&caller, 0);
        Ok(changed(self.db.write(move |tx| store::restore(tx, &caller, id, &draws)).await?)?)
    }
}
