//! The endpoints of notebooks.

use crate::http::json::Json;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::types::{Example, MaybeUndefined};
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use serde::Serialize;
use uuid::Uuid;

use super::{Edit, Notebook, NotebookName, store};
use crate::clock::{Ids, Timestamp};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::http::auth::{Auth, Reads, WritesAll};
use crate::http::page::{Limit, Listing, Page};
use crate::http::patch;
use crate::http::problem::Problem;
use crate::http::removed::Removed;
use crate::http::sections::Section;
use crate::http::serialized::Serialized;
use crate::idempotency::{self, InFlight, Key, Saved};
use crate::notes::bulk::{self, NotesGo};

/// Name of the create for idempotency keys.
const CREATE: &str = "POST /notebooks";

/// Serves `/notebooks`.
#[derive(Debug, Clone)]
pub struct NotebooksApi {
    db: Db,
    ids: Ids,
    in_flight: InFlight,
    base: String,
}

/// A notebook.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(rename = "Notebook", example)]
struct NotebookView {
    /// Its id.
    id: Uuid,
    /// Its name, different from its siblings'.
    name: String,
    /// The notebook around it; null at the top.
    parent_id: Option<Uuid>,
    /// Its place among its siblings, 0 first.
    position: i64,
    /// Notes outside the trash that lie directly in it.
    count: i64,
    /// When it was made.
    created_at: Timestamp,
    /// When its name or parent last changed.
    updated_at: Timestamp,
}

impl Example for NotebookView {
    fn example() -> Self {
        let at = Timestamp::from_micros(1_772_357_400_000_000);
        Self {
            id: Uuid::from_u128(0x019c_a8bb_b5c0_7f54_bbf2_b109_3468_474b),
            name: "Recipes".into(),
            parent_id: None,
            position: 0,
            count: 12,
            created_at: at,
            updated_at: at,
        }
    }
}

impl From<Notebook> for NotebookView {
    fn from(n: Notebook) -> Self {
        Self {
            id: n.id,
            name: n.name,
            parent_id: n.parent_id,
            position: n.position,
            count: n.count,
            created_at: n.created_at,
            updated_at: n.updated_at,
        }
    }
}

/// A notebook to be made.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(deny_unknown_fields, example)]
struct NewNotebook {
    /// 1 to 100 characters.
    name: String,
    /// The notebook around it; absent: at the top.
    #[oai(skip_serializing_if_is_none)]
    parent_id: Option<Uuid>,
    /// Its place among its siblings, 0 first; absent: last.
    #[oai(skip_serializing_if_is_none)]
    position: Option<i64>,
}

impl Example for NewNotebook {
    fn example() -> Self {
        Self { name: "Recipes".into(), parent_id: None, position: None }
    }
}

/// A merge patch (RFC 7396): absent members keep.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields, example)]
struct NotebookPatch {
    /// A new name, 1 to 100 characters.
    name: MaybeUndefined<String>,
    /// A new parent; `null` moves it to the top.
    parent_id: MaybeUndefined<Uuid>,
    /// A new place among its siblings; beyond the end means last.
    position: MaybeUndefined<i64>,
}

impl Example for NotebookPatch {
    fn example() -> Self {
        Self {
            name: MaybeUndefined::Value("Cooking".into()),
            parent_id: MaybeUndefined::Null,
            position: MaybeUndefined::Value(0),
        }
    }
}

impl NotebookPatch {
    fn checked(self) -> Result<Edit> {
        Ok(Edit {
            name: patch::kept("name", self.name)?.map(|name| NotebookName::parse(&name)).transpose()?,
            parent_id: patch::clearable(self.parent_id),
            position: patch::kept("position", self.position)?.map(checked_position).transpose()?,
        })
    }
}

fn checked_position(position: i64) -> Result<i64> {
    if position < 0 { Err(Error::invalid("position", "must be 0 or more")) } else { Ok(position) }
}

/// Where the notes of a deleted notebook go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "NotesGo", rename_all = "lowercase")]
enum NotesParam {
    /// Into the notebook around it, or into none.
    Parent,
    /// Into the trash.
    Trash,
}

#[derive(ApiResponse)]
enum Created {
    /// Made.
    #[oai(status = 201)]
    Created(
        Serialized<NotebookView>,
        /// Where it is.
        #[oai(header = "Location")]
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
enum Changed {
    /// The notebook as it is now.
    #[oai(status = 200)]
    Ok(
        Serialized<NotebookView>,
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

impl NotebooksApi {
    /// `base` is the API's path as clients see it, such as `/api/v1`.
    pub fn new(db: Db, ids: Ids, in_flight: InFlight, base: String) -> Self {
        Self { db, ids, in_flight, base }
    }
}

#[OpenApi(tag = "Section::Notebooks")]
impl NotebooksApi {
    /// Make a notebook.
    #[oai(path = "/notebooks", method = "post", operation_id = "createNotebook")]
    async fn create_notebook(
        &self,
        auth: Auth<WritesAll>,
        /// Makes a repeated request safe: for 24 hours the first answer is given again. 1 to 200 characters, different for each
        /// notebook; a UUID is fine.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Json<NewNotebook>,
    ) -> Result<Created, Problem> {
        let request = serde_json::to_vec(&body.0).map_err(Error::internal)?;
        let key = idempotency_key.0.map(|key| Key::new(&auth.caller, CREATE, &key, &request)).transpose()?;
        let name = NotebookName::parse(&body.0.name)?;
        let (parent, position) = (body.0.parent_id, body.0.position.map(checked_position).transpose()?);
        let (caller, id, now, base) = (auth.caller, self.ids.id(), self.ids.now(), self.base.clone());
        let _guard = key.as_ref().map(|key| self.in_flight.enter(key)).transpose()?;
        let written = self
            .db
            .write(move |tx| {
                idempotency::store::once(tx, key.as_ref(), now, |tx| {
                    store::insert(tx, caller.user(), id, &name, parent, position, now)?;
                    let made = store::get(tx, &caller, id)?.ok_or(Error::NotFound("notebook"))?;
                    Ok(Saved {
                        location: format!("{base}/notebooks/{id}"),
                        etag: None,
                        change: tx.head(),
                        body: Serialized::of(&NotebookView::from(made))?.bytes().to_vec(),
                    })
                })
            })
            .await?;
        let (saved, replayed) = written.value;
        let body = Serialized::from_bytes(saved.body);
        Ok(Created::Created(body, saved.location, saved.change, replayed.then(|| "true".to_owned())))
    }

    /// List the notebooks.
    ///
    /// All of them, whatever they lie in: `parent_id` gives the tree. Siblings come in their order.
    #[oai(path = "/notebooks", method = "get", operation_id = "listNotebooks")]
    async fn list_notebooks(
        &self,
        auth: Auth<Reads>,
        limit: Query<Limit>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Serialized<Page<NotebookView>>, Problem> {
        let listing = Listing::new("notebooks", &())?;
        let after: Option<(i64, Uuid)> = cursor.0.map(|cursor| listing.keyset(&cursor)).transpose()?;
        let (caller, most) = (auth.caller, i64::try_from(limit.0.get() + 1).unwrap_or(i64::MAX));
        let items = self.db.read(move |tx| store::list(tx, &caller, after, most)).await?;
        let page = listing.page(items, limit.0, |n| (n.position, n.id))?;
        Ok(Serialized::of(&page.map(NotebookView::from))?)
    }

    /// Read a notebook.
    #[oai(path = "/notebooks/:id", method = "get", operation_id = "getNotebook")]
    async fn get_notebook(
        &self,
        auth: Auth<Reads>,
        /// The notebook's id.
        id: Path<Uuid>,
    ) -> Result<Serialized<NotebookView>, Problem> {
        let (caller, id) = (auth.caller, id.0);
        let found = self.db.read(move |tx| store::get(tx, &caller, id)).await?.ok_or(Error::NotFound("notebook"))?;
        Ok(Serialized::of(&NotebookView::from(found))?)
    }

    /// Rename, move or reorder a notebook.
    #[oai(path = "/notebooks/:id", method = "patch", operation_id = "updateNotebook")]
    async fn update_notebook(
        &self,
        auth: Auth<WritesAll>,
        /// The notebook's id.
        id: Path<Uuid>,
        body: Json<NotebookPatch>,
    ) -> Result<Changed, Problem> {
        let edit = body.0.checked()?;
        let (caller, id, now) = (auth.caller, id.0, self.ids.now());
        let written = self
            .db
            .write(move |tx| {
                store::edit(tx, &caller, id, &edit, now)?;
                store::get(tx, &caller, id)?.ok_or(Error::NotFound("notebook"))
            })
            .await?;
        Ok(Changed::Ok(Serialized::of(&NotebookView::from(written.value))?, written.change))
    }

    /// Delete a notebook and keep its notes.
    ///
    /// Notebooks inside it move to its parent; so do its notes, unless they are to go to the trash.
    #[oai(path = "/notebooks/:id", method = "delete", operation_id = "deleteNotebook")]
    async fn delete_notebook(
        &self,
        auth: Auth<WritesAll>,
        /// The notebook's id.
        id: Path<Uuid>,
        /// Where its notes go; to the parent unless told.
        notes: Query<Option<NotesParam>>,
    ) -> Result<Removed, Problem> {
        let go = match notes.0 {
            None | Some(NotesParam::Parent) => NotesGo::ToParent,
            Some(NotesParam::Trash) => NotesGo::ToTrash,
        };
        let written = bulk::delete_notebook(&self.db, &self.ids, auth.caller, id.0, go).await?;
        Ok(Removed::Gone(written.change))
    }
}
