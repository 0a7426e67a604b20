//! The endpoints of the change log: to read it, and to listen to it ([`events`]).

pub mod events;
mod frames;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod stream;

use poem_openapi::param::Query;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Serialize;
use uuid::Uuid;

use super::{Change, Kind, Op, store};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::http::auth::{Auth, ReadsAll};
use crate::http::page::Limit;
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::http::serialized::Serialized;

/// Serves `/changes`.
#[derive(Debug, Clone)]
pub struct ChangesApi {
    db: Db,
}

/// What kind of thing changed.
#[derive(Debug, Clone, Copy, Enum, Serialize)]
#[oai(rename = "ChangeKind", rename_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
enum KindView {
    /// A note.
    Note,
    /// A tag.
    Tag,
    /// A notebook.
    Notebook,
    /// A saved search.
    SavedSearch,
    /// The account.
    Account,
    /// A session.
    Session,
    /// A job of the caller's has begun, ended, or waits again.
    Job,
    /// An API key.
    ApiKey,
}

/// What happened to it.
#[derive(Debug, Clone, Copy, Enum, Serialize)]
#[oai(rename = "ChangeOp", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
enum OpView {
    /// New or changed: read it again.
    Put,
    /// Gone: a tombstone.
    Delete,
}

/// One change.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "Change")]
struct ChangeView {
    /// Its number. Numbers of one caller have gaps: others change things too.
    seq: i64,
    /// What kind of thing.
    kind: KindView,
    /// Which.
    id: Uuid,
    /// What happened.
    op: OpView,
    /// The note's version after it; null for a tombstone and for everything but notes.
    version: Option<String>,
}

impl From<Change> for ChangeView {
    fn from(change: Change) -> Self {
        Self {
            seq: change.seq,
            kind: match change.kind {
                Kind::Note => KindView::Note,
                Kind::Tag => KindView::Tag,
                Kind::Notebook => KindView::Notebook,
                Kind::SavedSearch => KindView::SavedSearch,
                Kind::Account => KindView::Account,
                Kind::Session => KindView::Session,
                Kind::Job => KindView::Job,
                Kind::ApiKey => KindView::ApiKey,
            },
            id: change.id,
            op: match change.op {
                Op::Put => OpView::Put,
                Op::Delete => OpView::Delete,
            },
            version: change.version.map(|v| v.simple().to_string()),
        }
    }
}

/// The caller's changes after a position.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "Changes", example)]
struct ChangesView {
    /// The store's identity: positions of another store mean nothing here.
    store: Uuid,
    /// The changes, oldest first.
    items: Vec<ChangeView>,
    /// Send it as `since` next time.
    next: i64,
    /// The newest change number.
    head: i64,
    /// Whether there are more between `next` and `head`.
    has_more: bool,
}

impl Example for ChangesView {
    fn example() -> Self {
        let item = ChangeView {
            seq: 42,
            kind: KindView::Note,
            id: Uuid::from_u128(0x019c_a8bb_b5c0_7cf8_896b_abb0_e20d_c895),
            op: OpView::Put,
            version: Some("019ca8bbb5c07d2494fcb97f3f6a788a".into()),
        };
        let store = Uuid::from_u128(0x019c_a8bb_b5c0_7a21_9e6a_663b_d373_11aa);
        Self { store, items: vec![item], next: 42, head: 42, has_more: false }
    }
}

impl ChangesApi {
    /// Serves the log of `db`.
    pub fn new(db: Db) -> Self {
        Self { db }
    }
}

#[OpenApi(tag = "Section::Changes")]
impl ChangesApi {
    /// Read what changed after a position.
    ///
    /// Without `since` the answer holds the head alone. Whoever begins reads it first, then everything once, and goes on from
    /// there: so nothing falls in between. A position that
    /// the log no longer reaches, or of another store, is answered with 410 `resync-required`.
    #[oai(path = "/changes", method = "get", operation_id = "listChanges")]
    async fn list_changes(
        &self,
        auth: Auth<ReadsAll>,
        /// The `next` of the answer before, or the `head` that was read before everything else.
        since: Query<Option<i64>>,
        /// The `store` of the answer before: refuses positions of another store.
        store: Query<Option<Uuid>>,
        limit: Query<Limit>,
    ) -> Result<Serialized<ChangesView>, Problem> {
        let epoch = self.db.epoch();
        if store.0.is_some_and(|known| known != epoch) {
            return Err(Error::ResyncRequired.into());
        }
        if since.0.is_some_and(|n| n < 0) {
            return Err(Error::malformed("since", "a change number, 0 or more").into());
        }
        let (owner, limit) = (auth.caller.user(), limit.0.get());
        let most = i64::try_from(limit + 1).unwrap_or(i64::MAX);
        let (head, mut items) = self
            .db
            .read(move |tx| {
                let head = store::head(tx)?;
                let items = match since.0 {
                    None => Vec::new(),
                    Some(since) => store::since_for(tx, owner, since, most)?,
                };
                Ok((head, items))
            })
            .await?;
        let has_more = items.len() > limit;
        items.truncate(limit);
        // Behind the last of them there is nothing of this caller's up to the head.
        let next = if has_more { items.last().map_or(head, |c| c.seq) } else { head };
        let items = items.into_iter().map(ChangeView::from).collect();
        Ok(Serialized::of(&ChangesView { store: epoch, items, next, head, has_more })?)
    }
}
