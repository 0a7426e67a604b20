//! The endpoint of live updates: the change log as a stream of Server-Sent Events.
//!
//! Owns the request: where to begin, and that there is a place. What is sent is `stream`'s, how it looks `frames`'.
//!
//! What a reader would get wrong: a position that leads nowhere is an *event* here and no 410, unlike at `/changes`. A browser's
//! `EventSource` that is answered with anything but 200 gives up for good, and the page would never hear again.

use std::sync::Arc;

use http_body_util::BodyExt as _;
use poem::{Body, IntoResponse, Response};
use poem_openapi::param::{Header, Query};
use poem_openapi::payload::Payload;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::{ApiResponse, OpenApi};
use uuid::Uuid;

use super::frames::Position;
use super::stream::{Events, Stream};
use crate::clock::Ids;
use crate::db::Db;
use crate::error::Error;
use crate::feed::subscribers::Subscribers;
use crate::http::auth::{Auth, Gate, ReadsAll};
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::metrics::FeedMetrics;

/// Serves `/events`.
#[derive(Debug, Clone)]
pub struct EventsApi {
    db: Db,
    ids: Ids,
    gate: Arc<Gate>,
    subscribers: Subscribers,
    metrics: FeedMetrics,
}

/// Events that go on.
struct EventStream(Events);

impl Payload for EventStream {
    const CONTENT_TYPE: &'static str = "text/event-stream";

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema { example: Some(EXAMPLE.into()), ..MetaSchema::new("string") }))
    }
}

impl IntoResponse for EventStream {
    fn into_response(self) -> Response {
        Response::builder().content_type(Self::CONTENT_TYPE).body(Body::from(self.0.boxed()))
    }
}

const EXAMPLE: &str = "\
retry: 2450

id: 019ca8bb-b5c0-7a21-9e6a-663bd37311aa.41
event: hello
data: {\"store\":\"019ca8bb-b5c0-7a21-9e6a-663bd37311aa\",\"head\":41}

id: 019ca8bb-b5c0-7a21-9e6a-663bd37311aa.42
event: change
data: {\"seq\":42,\"kind\":\"note\",\"id\":\"019ca8bb-b5c0-7cf8-896b-abb0e20dc895\",\"op\":\"put\",\"version\":\"019ca8bbb5c07d2494fcb97f3f6a788a\"}

";

#[derive(ApiResponse)]
enum Listening {
    /// Events, until the client goes, its session ends or the server stops.
    #[oai(status = 200)]
    Stream(
        EventStream,
        /// `no-store`.
        #[oai(header = "Cache-Control")]
        String,
        /// `no`: asks a proxy to hand events on as they come.
        #[oai(header = "X-Accel-Buffering")]
        String,
    ),
}

impl EventsApi {
    /// Serves the log of `db` to those who have a place among `subscribers`.
    pub fn new(db: Db, ids: Ids, gate: Arc<Gate>, subscribers: Subscribers, metrics: FeedMetrics) -> Self {
        Self { db, ids, gate, subscribers, metrics }
    }
}

#[OpenApi(tag = "Section::Changes")]
impl EventsApi {
    /// Listen to changes as they happen.
    ///
    /// Server-Sent Events, as a browser's `EventSource` reads them. Every event's `id` is a position: sent as `Last-Event-ID`, the
    /// stream goes on after it, without a gap and without telling anything twice.
    ///
    /// - `hello` begins a stream that had no position: what comes now comes after its `head`.
    /// - `change` is an item of `GET /changes`.
    /// - `beat` comes when nothing else does, every 15 to 20 seconds.
    /// - `resync` says that the position leads nowhere, because of its `reason` (`another-store`, `out-of-reach`): read
    ///   everything anew. The stream goes on from its `head`.
    /// - `bye` is the last event when the session has ended (`session-ended`).
    ///
    /// Without a `bye`, come back after `retry` milliseconds. An account may have 20 streams.
    #[oai(path = "/events", method = "get", operation_id = "followChanges")]
    async fn follow_changes(
        &self,
        auth: Auth<ReadsAll>,
        /// The `id` of the last event that was taken in. Browsers send it when they come back; it counts before `since`.
        #[oai(name = "Last-Event-ID")]
        last: Header<Option<String>>,
        /// The change number to go on after, for clients that cannot set headers.
        since: Query<Option<i64>>,
        /// The `store` that `since` belongs to; the present one unless told.
        store: Query<Option<Uuid>>,
    ) -> Result<Listening, Problem> {
        let from = match (last.0, since.0, store.0) {
            (Some(id), _, _) => Some(id.parse()?),
            (None, Some(seq), _) if seq < 0 => {
                return Err(Error::malformed("since", "a change number, 0 or more").into());
            }
            (None, Some(seq), store) => Some(Position { store: store.unwrap_or_else(|| self.db.epoch()), seq }),
            // Nothing to go on after; whoever knows another store hears that this is not it.
            (None, None, Some(store)) if store != self.db.epoch() => Some(Position { store, seq: 0 }),
            (None, None, _) => None,
        };
        // Before the log is read: see `subscribers`.
        let subscription = self.subscribers.subscribe(auth.caller.user())?;
        let means = (self.db.clone(), Arc::clone(&self.gate), self.metrics.clone(), &self.ids);
        let events = Stream::begin(means, auth.caller, subscription, from).await?;
        Ok(Listening::Stream(EventStream(events), "no-store".into(), "no".into()))
    }
}
