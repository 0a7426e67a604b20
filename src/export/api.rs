//! The endpoints of exports: ask for one, fetch it when its job is done.

use poem::Body;
use poem_openapi::param::Path;
use poem_openapi::payload::Binary;
use poem_openapi::{ApiResponse, OpenApi};
use uuid::Uuid;

use super::job::ExportNotes;
use crate::clock::Timestamp;
use crate::db::{Db, WriteTx};
use crate::error::{Conflict, Error, Result};
use crate::http::auth::{Auth, ReadsAll, TakesAll};
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::jobs::api::Begun;
use crate::jobs::{self, Payload as _, Queue, State};
use crate::transfers::Transfers;

/// Serves `/exports`.
#[derive(Debug, Clone)]
pub struct ExportsApi {
    db: Db,
    queue: Queue,
    transfers: Transfers,
    /// The path under which the API is reached, for `Location`.
    base: String,
}

#[derive(ApiResponse)]
enum Fetched {
    /// A zip of Markdown files.
    #[oai(status = 200, content_type = "application/zip")]
    Archive(
        Binary<Body>,
        /// The name to keep it under.
        #[oai(header = "Content-Disposition")]
        String,
        /// Its size in bytes.
        #[oai(header = "Content-Length")]
        u64,
    ),
}

impl ExportsApi {
    /// `base` is the API's path as clients see it, such as `/api/v1`.
    pub fn new(db: Db, queue: Queue, transfers: Transfers, base: String) -> Self {
        Self { db, queue, transfers, base }
    }
}

#[OpenApi(tag = "Section::Jobs")]
impl ExportsApi {
    /// Export all notes.
    ///
    /// In every state, with notebooks, tags and times, as a zip of Markdown files that `POST /import` brings back equal. While an
    /// export of the caller's is under way, that one is answered.
    #[oai(path = "/exports", method = "post", operation_id = "createExport")]
    async fn create_export(&self, auth: Auth<TakesAll>) -> Result<Begun, Problem> {
        let owner = auth.caller.user();
        let order = self.queue.order(Some(owner), &ExportNotes {})?;
        let queue = self.queue.clone();
        let written = self
            .db
            .write(move |tx: &mut WriteTx<'_>| {
                if let Some(job) = jobs::store::under_way(tx, owner, ExportNotes::KIND)? {
                    return Ok(job);
                }
                queue.enqueue(tx, &order)?;
                jobs::store::get(tx, owner, order.id())?.ok_or(Error::NotFound("job"))
            })
            .await?;
        let location = format!("{}/exports/{}", self.base, written.value.id);
        Ok(Begun::of(written, location)?)
    }

    /// Fetch an export.
    ///
    /// When its job is `done`, for three days.
    #[oai(path = "/exports/:id", method = "get", operation_id = "getExport")]
    async fn get_export(
        &self,
        auth: Auth<ReadsAll>,
        /// The job's id.
        id: Path<Uuid>,
    ) -> Result<Fetched, Problem> {
        let (owner, id) = (auth.caller.user(), id.0);
        let job = self.db.read(move |tx| jobs::store::get(tx, owner, id)).await?;
        let job = job.filter(|job| job.kind == ExportNotes::KIND).ok_or(Error::NotFound("export"))?;
        match job.state {
            State::Queued | State::Running => return Err(Error::Conflict(Conflict::ExportNotReady).into()),
            State::Failed => return Err(Error::NotFound("export").into()),
            State::Done => {}
        }
        let path = self.transfers.outgoing(id);
        let file = match tokio::fs::File::open(path).await {
            Ok(file) => file,
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Err(Error::NotFound("export").into()),
            Err(why) => return Err(Error::internal(format!("an export cannot be read: {why}")).into()),
        };
        let length = file.metadata().await.map_err(Error::internal)?.len();
        let name = format!("attachment; filename=\"inkstone-{}.zip\"", day(job.created_at));
        Ok(Fetched::Archive(Binary(Body::from_async_read(file)), name, length))
    }
}

/// `2026-03-01`.
fn day(time: Timestamp) -> String {
    time.to_string().chars().take(10).collect()
}
