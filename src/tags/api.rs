//! The endpoints of tags.

use crate::http::json::Json;
use poem_openapi::param::{Path, Query};
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::Serialize;
use uuid::Uuid;

use super::{Tag, TagName, store};
use crate::clock::Ids;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::http::auth::{Auth, Reads, WritesAll};
use crate::http::page::{Limit, Listing, Page};
use crate::http::problem::Problem;
use crate::http::removed::Removed;
use crate::http::sections::Section;
use crate::http::serialized::Serialized;
use crate::notes::bulk;

/// Serves `/tags`.
#[derive(Debug, Clone)]
pub struct TagsApi {
    db: Db,
    ids: Ids,
}

/// A tag.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(rename = "Tag", example)]
struct TagView {
    /// Its id, which `/changes` speaks of.
    id: Uuid,
    /// Its name; `/` nests.
    name: String,
    /// Notes outside the trash that carry it.
    count: i64,
}

impl Example for TagView {
    fn example() -> Self {
        Self { id: Uuid::from_u128(0x019c_a8bb_b5c0_795f_95cd_aa07_7aeb_409c), name: "home/shopping".into(), count: 7 }
    }
}

impl From<Tag> for TagView {
    fn from(tag: Tag) -> Self {
        Self { id: tag.id, name: tag.name, count: tag.count }
    }
}

/// Another name for a tag.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields, example)]
struct TagPatch {
    /// The new name, 1 to 100 characters. That of another tag merges this one into it.
    name: String,
}

impl Example for TagPatch {
    fn example() -> Self {
        Self { name: "work/projects".into() }
    }
}

#[derive(ApiResponse)]
enum Renamed {
    /// The tag as it is now.
    #[oai(status = 200)]
    Ok(
        Serialized<TagView>,
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

impl TagsApi {
    /// Serves the tags of `db`.
    pub fn new(db: Db, ids: Ids) -> Self {
        Self { db, ids }
    }
}

/// A name in the path: one that no tag can have is simply not found.
fn existing(name: &str) -> Result<TagName> {
    TagName::parse(name).map_err(|_| Error::NotFound("tag"))
}

#[OpenApi(tag = "Section::Tags")]
impl TagsApi {
    /// List the tags, by name.
    #[oai(path = "/tags", method = "get", operation_id = "listTags")]
    async fn list_tags(
        &self,
        auth: Auth<Reads>,
        limit: Query<Limit>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Serialized<Page<TagView>>, Problem> {
        let listing = Listing::new("tags", &())?;
        let after: String = cursor.0.map_or(Ok(String::new()), |cursor| listing.keyset(&cursor))?;
        let (caller, most) = (auth.caller, i64::try_from(limit.0.get() + 1).unwrap_or(i64::MAX));
        let items = self.db.read(move |tx| store::list(tx, &caller, &after, most)).await?;
        let page = listing.page(items, limit.0, |(key, _)| key.clone())?;
        Ok(Serialized::of(&page.map(|(_, tag)| TagView::from(tag)))?)
    }

    /// Read a tag.
    #[oai(path = "/tags/:name", method = "get", operation_id = "getTag")]
    async fn get_tag(
        &self,
        auth: Auth<Reads>,
        /// The name; `a/b` is sent as `a%2Fb`.
        name: Path<String>,
    ) -> Result<Serialized<TagView>, Problem> {
        let (caller, name) = (auth.caller, existing(&name.0)?);
        let tag = self.db.read(move |tx| store::get(tx, &caller, &name)).await?.ok_or(Error::NotFound("tag"))?;
        Ok(Serialized::of(&TagView::from(tag))?)
    }

    /// Rename a tag, or merge it into another.
    ///
    /// Every note that carries it shows the new name; no note's version changes.
    #[oai(path = "/tags/:name", method = "patch", operation_id = "updateTag")]
    async fn update_tag(
        &self,
        auth: Auth<WritesAll>,
        /// The name; `a/b` is sent as `a%2Fb`.
        name: Path<String>,
        body: Json<TagPatch>,
    ) -> Result<Renamed, Problem> {
        let from = existing(&name.0)?;
        let to = TagName::parse(&body.0.name).map_err(|why| Error::invalid("name", why))?;
        let written = bulk::rename_tag(&self.db, &self.ids, auth.caller, from, to).await?;
        Ok(Renamed::Ok(Serialized::of(&TagView::from(written.value))?, written.change))
    }

    /// Take a tag off all notes.
    #[oai(path = "/tags/:name", method = "delete", operation_id = "deleteTag")]
    async fn delete_tag(
        &self,
        auth: Auth<WritesAll>,
        /// The name; `a/b` is sent as `a%2Fb`.
        name: Path<String>,
    ) -> Result<Removed, Problem> {
        let written = bulk::remove_tag(&self.db, &self.ids, auth.caller, existing(&name.0)?).await?;
        Ok(Removed::Gone(written.change))
    }
}
