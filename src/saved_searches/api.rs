//! The endpoints of saved searches.

use poem_openapi::param::{Header, Path, Query};
use poem_openapi::types::{Example, MaybeUndefined};
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use serde::Serialize;
use uuid::Uuid;

use super::{Edit, Question, SavedSearch, SearchName, Sort, store};
use crate::clock::{Ids, Timestamp};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::http::auth::{Auth, ReadsAll, WritesAll};
use crate::http::json::Json;
use crate::http::page::{Limit, Listing, Page};
use crate::http::patch;
use crate::http::problem::Problem;
use crate::http::removed::Removed;
use crate::http::sections::Section;
use crate::http::serialized::Serialized;
use crate::idempotency::{self, InFlight, Key, Saved};
use crate::notes::api::StateView;

/// Name of the create for idempotency keys.
const CREATE: &str = "POST /saved-searches";

/// What is missing when there is none.
const NOT_FOUND: Error = Error::NotFound("saved search");

/// Serves `/saved-searches`.
#[derive(Debug, Clone)]
pub struct SavedSearchesApi {
    db: Db,
    ids: Ids,
    in_flight: InFlight,
    base: String,
}

/// The order of what a saved search finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename = "SavedSearchSort", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
enum SortView {
    /// Best first.
    Relevance,
    /// Latest change first.
    Updated,
    /// Newest first.
    Created,
}

impl From<Sort> for SortView {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Relevance => Self::Relevance,
            Sort::Updated => Self::Updated,
            Sort::Created => Self::Created,
        }
    }
}

impl From<SortView> for Sort {
    fn from(sort: SortView) -> Self {
        match sort {
            SortView::Relevance => Self::Relevance,
            SortView::Updated => Self::Updated,
            SortView::Created => Self::Created,
        }
    }
}

/// A saved search. What it asks has the names that `GET /search` has for it.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(rename = "SavedSearch", example)]
struct SavedSearchView {
    /// Its id.
    id: Uuid,
    /// Its name, different from the others'.
    name: String,
    /// What to look for: the `q` of a search; may be empty, where the filters say it all.
    query: String,
    /// Which state; `null`: as a search without it.
    state: Option<StateView>,
    /// Only notes with this tag; `null`: with any or none.
    tag: Option<String>,
    /// Only notes of this notebook; `null`: of any or none. It may have been deleted meanwhile: then nothing is found.
    notebook_id: Option<Uuid>,
    /// `true`: only pinned notes; `false`: only others; `null`: both.
    pinned: Option<bool>,
    /// Only notes last changed in this calendar year (UTC); `null`: in any.
    year: Option<i64>,
    /// The order; `null`: as a search without it.
    sort: Option<SortView>,
    /// Whether words are taken exactly as they are written.
    exact: bool,
    /// Its place among the others, 0 first.
    position: i64,
    /// When it was made.
    created_at: Timestamp,
    /// When its name or what it asks last changed.
    updated_at: Timestamp,
}

impl Example for SavedSearchView {
    fn example() -> Self {
        let at = Timestamp::from_micros(1_772_357_400_000_000);
        Self {
            id: Uuid::from_u128(0x019c_a8bb_b5c0_7f54_bbf2_b109_3468_474b),
            name: "Open groceries".into(),
            query: "groceries -done".into(),
            state: Some(StateView::Active),
            tag: Some("home/shopping".into()),
            notebook_id: None,
            pinned: None,
            year: None,
            sort: Some(SortView::Updated),
            exact: false,
            position: 0,
            created_at: at,
            updated_at: at,
        }
    }
}

impl From<SavedSearch> for SavedSearchView {
    fn from(saved: SavedSearch) -> Self {
        let Question { query, state, tag, notebook_id, pinned, year, sort, exact } = saved.question;
        Self {
            id: saved.id,
            name: saved.name,
            query,
            state: state.map(Into::into),
            tag,
            notebook_id,
            pinned,
            year,
            sort: sort.map(Into::into),
            exact,
            position: saved.position,
            created_at: saved.created_at,
            updated_at: saved.updated_at,
        }
    }
}

/// A search to be saved.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(deny_unknown_fields, example)]
struct NewSavedSearch {
    /// 1 to 100 characters; upper and lower case do not tell two names apart.
    name: String,
    /// What to look for, at most 2,000 characters; empty: the filters alone.
    query: String,
    /// Which state; absent: as a search without it.
    #[oai(skip_serializing_if_is_none)]
    state: Option<StateView>,
    /// Only notes with this tag.
    #[oai(skip_serializing_if_is_none)]
    tag: Option<String>,
    /// Only notes of this notebook.
    #[oai(skip_serializing_if_is_none)]
    notebook_id: Option<Uuid>,
    /// `true`: only pinned notes; `false`: only others.
    #[oai(skip_serializing_if_is_none)]
    pinned: Option<bool>,
    /// Only notes last changed in this calendar year (UTC).
    #[oai(skip_serializing_if_is_none)]
    year: Option<i64>,
    /// The order; absent: as a search without it.
    #[oai(skip_serializing_if_is_none)]
    sort: Option<SortView>,
    /// Whether words are taken exactly as they are written; absent: no.
    #[oai(skip_serializing_if_is_none)]
    exact: Option<bool>,
    /// Its place among the others, 0 first; absent: last.
    #[oai(skip_serializing_if_is_none)]
    position: Option<i64>,
}

impl Example for NewSavedSearch {
    fn example() -> Self {
        Self {
            name: "Open groceries".into(),
            query: "groceries -done".into(),
            state: Some(StateView::Active),
            tag: Some("home/shopping".into()),
            notebook_id: None,
            pinned: None,
            year: None,
            sort: Some(SortView::Updated),
            exact: None,
            position: None,
        }
    }
}

impl NewSavedSearch {
    fn checked(self) -> Result<(SearchName, Question, Option<i64>)> {
        let question = Question {
            query: self.query,
            state: self.state.map(Into::into),
            tag: self.tag,
            notebook_id: self.notebook_id,
            pinned: self.pinned,
            year: self.year,
            sort: self.sort.map(Into::into),
            exact: self.exact.unwrap_or(false),
        };
        Ok((SearchName::parse(&self.name)?, question.checked()?, self.position.map(checked_position).transpose()?))
    }
}

/// A merge patch (RFC 7396): absent members keep.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields, example)]
struct SavedSearchPatch {
    /// A new name, 1 to 100 characters.
    name: MaybeUndefined<String>,
    /// Another text, at most 2,000 characters.
    query: MaybeUndefined<String>,
    /// Another state; `null`: as a search without it.
    state: MaybeUndefined<StateView>,
    /// Another tag; `null`: none.
    tag: MaybeUndefined<String>,
    /// Another notebook; `null`: none.
    notebook_id: MaybeUndefined<Uuid>,
    /// Pinned or not; `null`: both.
    pinned: MaybeUndefined<bool>,
    /// Another year; `null`: none.
    year: MaybeUndefined<i64>,
    /// Another order; `null`: as a search without it.
    sort: MaybeUndefined<SortView>,
    /// Whether words are taken exactly as they are written.
    exact: MaybeUndefined<bool>,
    /// A new place among the others; beyond the end means last.
    position: MaybeUndefined<i64>,
}

impl Example for SavedSearchPatch {
    fn example() -> Self {
        Self {
            name: MaybeUndefined::Value("Groceries".into()),
            query: MaybeUndefined::Value("groceries".into()),
            state: MaybeUndefined::Null,
            tag: MaybeUndefined::Undefined,
            notebook_id: MaybeUndefined::Undefined,
            pinned: MaybeUndefined::Undefined,
            year: MaybeUndefined::Undefined,
            sort: MaybeUndefined::Value(SortView::Relevance),
            exact: MaybeUndefined::Value(true),
            position: MaybeUndefined::Value(0),
        }
    }
}

impl SavedSearchPatch {
    fn checked(self) -> Result<Edit> {
        Ok(Edit {
            name: patch::kept("name", self.name)?.map(|name| SearchName::parse(&name)).transpose()?,
            query: patch::kept("query", self.query)?,
            state: patch::clearable(self.state).map(|state| state.map(Into::into)),
            tag: patch::clearable(self.tag),
            notebook_id: patch::clearable(self.notebook_id),
            pinned: patch::clearable(self.pinned),
            year: patch::clearable(self.year),
            sort: patch::clearable(self.sort).map(|sort| sort.map(Into::into)),
            exact: patch::kept("exact", self.exact)?,
            position: patch::kept("position", self.position)?.map(checked_position).transpose()?,
        })
    }
}

fn checked_position(position: i64) -> Result<i64> {
    if position < 0 { Err(Error::invalid("position", "must be 0 or more")) } else { Ok(position) }
}

#[derive(ApiResponse)]
enum Created {
    /// Saved.
    #[oai(status = 201)]
    Created(
        Serialized<SavedSearchView>,
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
    /// The saved search as it is now.
    #[oai(status = 200)]
    Ok(
        Serialized<SavedSearchView>,
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

impl SavedSearchesApi {
    /// `base` is the API's path as clients see it, such as `/api/v1`.
    pub fn new(db: Db, ids: Ids, in_flight: InFlight, base: String) -> Self {
        Self { db, ids, in_flight, base }
    }
}

#[OpenApi(tag = "Section::Search")]
impl SavedSearchesApi {
    /// Save a search.
    ///
    /// It keeps the question, not the answer. One account has at most 100.
    #[oai(path = "/saved-searches", method = "post", operation_id = "createSavedSearch")]
    async fn create_saved_search(
        &self,
        auth: Auth<WritesAll>,
        /// Makes a repeated request safe: for 24 hours the first answer is given again. 1 to 200 characters, different for each saved
        /// search; a UUID is fine.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Json<NewSavedSearch>,
    ) -> Result<Created, Problem> {
        let request = serde_json::to_vec(&body.0).map_err(Error::internal)?;
        let key = idempotency_key.0.map(|key| Key::new(&auth.caller, CREATE, &key, &request)).transpose()?;
        let (name, question, position) = body.0.checked()?;
        let (owner, id, now, base) = (auth.caller.user(), self.ids.id(), self.ids.now(), self.base.clone());
        let _guard = key.as_ref().map(|key| self.in_flight.enter(key)).transpose()?;
        let written = self
            .db
            .write(move |tx| {
                idempotency::store::once(tx, key.as_ref(), now, |tx| {
                    store::insert(tx, owner, id, &name, &question, position, (now, now))?;
                    let made = store::get(tx, owner, id)?.ok_or(NOT_FOUND)?;
                    Ok(Saved {
                        location: format!("{base}/saved-searches/{id}"),
                        etag: None,
                        change: tx.head(),
                        body: Serialized::of(&SavedSearchView::from(made))?.bytes().to_vec(),
                    })
                })
            })
            .await?;
        let (saved, replayed) = written.value;
        let body = Serialized::from_bytes(saved.body);
        Ok(Created::Created(body, saved.location, saved.change, replayed.then(|| "true".to_owned())))
    }

    /// List the saved searches.
    ///
    /// In their order.
    #[oai(path = "/saved-searches", method = "get", operation_id = "listSavedSearches")]
    async fn list_saved_searches(
        &self,
        auth: Auth<ReadsAll>,
        limit: Query<Limit>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Serialized<Page<SavedSearchView>>, Problem> {
        let listing = Listing::new("saved-searches", &())?;
        let after: Option<(i64, Uuid)> = cursor.0.map(|cursor| listing.keyset(&cursor)).transpose()?;
        let (owner, most) = (auth.caller.user(), i64::try_from(limit.0.get() + 1).unwrap_or(i64::MAX));
        let items = self.db.read(move |tx| store::list(tx, owner, after, most)).await?;
        let page = listing.page(items, limit.0, |saved| (saved.position, saved.id))?;
        Ok(Serialized::of(&page.map(SavedSearchView::from))?)
    }

    /// Read a saved search.
    #[oai(path = "/saved-searches/:id", method = "get", operation_id = "getSavedSearch")]
    async fn get_saved_search(
        &self,
        auth: Auth<ReadsAll>,
        /// The saved search's id.
        id: Path<Uuid>,
    ) -> Result<Serialized<SavedSearchView>, Problem> {
        let (owner, id) = (auth.caller.user(), id.0);
        let found = self.db.read(move |tx| store::get(tx, owner, id)).await?.ok_or(NOT_FOUND)?;
        Ok(Serialized::of(&SavedSearchView::from(found))?)
    }

    /// Rename, change or reorder a saved search.
    #[oai(path = "/saved-searches/:id", method = "patch", operation_id = "updateSavedSearch")]
    async fn update_saved_search(
        &self,
        auth: Auth<WritesAll>,
        /// The saved search's id.
        id: Path<Uuid>,
        body: Json<SavedSearchPatch>,
    ) -> Result<Changed, Problem> {
        let edit = body.0.checked()?;
        let (owner, id, now) = (auth.caller.user(), id.0, self.ids.now());
        let written = self
            .db
            .write(move |tx| {
                store::edit(tx, owner, id, &edit, now)?;
                store::get(tx, owner, id)?.ok_or(NOT_FOUND)
            })
            .await?;
        Ok(Changed::Ok(Serialized::of(&SavedSearchView::from(written.value))?, written.change))
    }

    /// Delete a saved search.
    ///
    /// The notes that it finds stay as they are.
    #[oai(path = "/saved-searches/:id", method = "delete", operation_id = "deleteSavedSearch")]
    async fn delete_saved_search(
        &self,
        auth: Auth<WritesAll>,
        /// The saved search's id.
        id: Path<Uuid>,
    ) -> Result<Removed, Problem> {
        let (owner, id) = (auth.caller.user(), id.0);
        let written = self.db.write(move |tx| store::remove(tx, owner, id)).await?;
        Ok(Removed::Gone(written.change))
    }
}
