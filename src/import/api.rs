//! The endpoint of imports: an archive is sent and brought in by a job.

use std::io::{Seek as _, SeekFrom, Write as _};

use poem::Body;
use poem_openapi::OpenApi;
use poem_openapi::payload::Binary;
use tokio::io::AsyncReadExt as _;

use super::job::ImportArchive;
use crate::db::{Db, WriteTx};
use crate::error::{Conflict, Error, Result};
use crate::http::auth::{Auth, BringsIn};
use crate::http::catch;
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::jobs::api::Begun;
use crate::jobs::{self, Payload as _, Queue};
use crate::transfers::Transfers;

/// Bytes that are taken from the connection before they go to the file.
const PIECE: usize = 256 * 1024;

/// Serves `/import`.
#[derive(Debug, Clone)]
pub struct ImportApi {
    db: Db,
    queue: Queue,
    transfers: Transfers,
    /// The path under which the API is reached, for `Location`.
    base: String,
}

impl ImportApi {
    /// `base` is the API's path as clients see it, such as `/api/v1`.
    pub fn new(db: Db, queue: Queue, transfers: Transfers, base: String) -> Self {
        Self { db, queue, transfers, base }
    }
}

#[OpenApi(tag = "Section::Jobs")]
impl ImportApi {
    /// Bring notes in.
    ///
    /// The body is a zip: an export of Inkstone, or Markdown files of any origin, whose folders become notebooks. Nothing that exists
    /// is overwritten, and the same archive again adds nothing. One import of the caller's at a time.
    #[oai(path = "/import", method = "post", operation_id = "importNotes")]
    async fn import_notes(&self, auth: Auth<BringsIn>, body: Binary<Body>) -> Result<Begun, Problem> {
        let owner = auth.caller.user();
        if self.db.disk().is_low() {
            return Err(Error::StorageFull.into());
        }
        if self.db.read(move |tx| jobs::store::under_way(tx, owner, ImportArchive::KIND)).await?.is_some() {
            return Err(Error::Conflict(Conflict::ImportUnderWay).into());
        }
        let order = self.queue.order(Some(owner), &ImportArchive {})?;
        let path = self.transfers.incoming(order.id());
        if let Err(problem) = self.receive(body.0, &path).await {
            self.transfers.remove(&path);
            return Err(problem);
        }
        let (queue, id) = (self.queue.clone(), order.id());
        let written = self.db.write(move |tx: &mut WriteTx<'_>| {
            if jobs::store::under_way(tx, owner, ImportArchive::KIND)?.is_some() {
                return Err(Error::Conflict(Conflict::ImportUnderWay));
            }
            queue.enqueue(tx, &order)?;
            jobs::store::get(tx, owner, order.id())?.ok_or(Error::NotFound("job"))
        });
        let written = written.await.inspect_err(|_| self.transfers.remove(&path))?;
        let location = format!("{}/jobs/{id}", self.base);
        Ok(Begun::of(written, location)?)
    }

    /// Writes the body to a file as it comes: it is never in memory as a whole.
    async fn receive(&self, body: Body, path: &std::path::Path) -> Result<(), Problem> {
        let failed = |why: std::io::Error| match why.kind() {
            std::io::ErrorKind::StorageFull => Problem::from(Error::StorageFull),
            _ => Error::internal(format!("an upload cannot be kept: {why}")).into(),
        };
        let mut file = self.transfers.begin(path).map_err(failed)?;
        let mut reader = body.into_async_read();
        let mut piece = vec![0; PIECE];
        let mut first = true;
        loop {
            let length = reader.read(&mut piece).await.map_err(|why| catch::body_failed(&why))?;
            let Some(data) = piece.get(..length).filter(|data| !data.is_empty()) else { break };
            if first && !data.starts_with(b"PK") {
                return Err(Error::invalid("body", "must be a zip archive").into());
            }
            first = false;
            // A quarter of a megabyte into the page cache: no wait worth another thread.
            file.write_all(data).map_err(failed)?;
            if self.db.disk().is_low() {
                return Err(Error::StorageFull.into());
            }
        }
        if first {
            return Err(Error::invalid("body", "must be a zip archive").into());
        }
        let (transfers, path) = (self.transfers.clone(), path.to_owned());
        let kept = tokio::task::spawn_blocking(move || {
            file.seek(SeekFrom::Start(0))?;
            transfers.keep(&file, &path)
        });
        kept.await.map_err(|e| Problem::from(Error::internal(e)))?.map_err(failed)
    }
}
