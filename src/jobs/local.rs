//! The endpoints of jobs for the command line, under `/local/v1` on the control socket: everybody's jobs and the dead letters.

use poem_openapi::param::{Path, Query};
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::Serialize;
use uuid::Uuid;

use super::api::{JobView, StateView, before, page};
use super::{Job, Queue, store};
use crate::clock::Ids;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::http::auth::LocalAdmin;
use crate::http::page::{Limit, Listing, Page};
use crate::http::problem::Problem;
use crate::http::serialized::Serialized;

/// Serves `/jobs` below the local administrator's prefix.
#[derive(Debug, Clone)]
pub struct LocalJobsApi {
    db: Db,
    ids: Ids,
    queue: Queue,
}

/// A job and whose it is.
#[derive(Debug, Object, Serialize)]
#[oai(example)]
struct OwnedJob {
    /// The account's id; null for the house's own work.
    owner: Option<Uuid>,
    /// The job.
    job: JobView,
}

impl Example for OwnedJob {
    fn example() -> Self {
        Self { owner: None, job: JobView::example() }
    }
}

impl From<Job> for OwnedJob {
    fn from(job: Job) -> Self {
        Self { owner: job.owner.map(|owner| owner.0), job: job.into() }
    }
}

#[derive(ApiResponse)]
enum Done {
    /// Done.
    #[oai(status = 204)]
    Done(#[oai(header = "Inkstone-Change")] i64),
}

impl LocalJobsApi {
    /// Of this store and its queue.
    pub fn new(db: Db, ids: Ids, queue: Queue) -> Self {
        Self { db, ids, queue }
    }
}

#[OpenApi]
impl LocalJobsApi {
    /// List everybody's jobs, the newest first.
    #[oai(path = "/jobs", method = "get", operation_id = "localListJobs")]
    async fn list_jobs(
        &self,
        _admin: LocalAdmin,
        state: Query<Option<StateView>>,
        limit: Query<Limit>,
        cursor: Query<Option<String>>,
    ) -> Result<Serialized<Page<OwnedJob>>, Problem> {
        let listing = Listing::new("local/jobs", &state.0.map(|state| state as u8))?;
        let (before, state) = (before(&listing, cursor.0)?, state.0.map(Into::into));
        let most = i64::try_from(limit.0.get() + 1).unwrap_or(i64::MAX);
        let items = self.db.read(move |tx| store::list_all(tx, state, before, most)).await?;
        Ok(Serialized::of(&page(&listing, items, limit.0)?.map(OwnedJob::from))?)
    }

    /// Give a job that was given up all its attempts again.
    #[oai(path = "/jobs/:id/requeue", method = "post", operation_id = "localRequeueJob")]
    async fn requeue(&self, _admin: LocalAdmin, id: Path<Uuid>) -> Result<Done, Problem> {
        let (id, now) = (id.0, self.ids.now());
        let written = self.db.write(move |tx| store::requeue(tx, id, now)).await?;
        self.queue.nudge();
        done(written.value, written.change)
    }

    /// Remove a job that has ended.
    #[oai(path = "/jobs/:id", method = "delete", operation_id = "localDiscardJob")]
    async fn discard(&self, _admin: LocalAdmin, id: Path<Uuid>) -> Result<Done, Problem> {
        let id = id.0;
        let written = self.db.write(move |tx| store::discard(tx, id)).await?;
        done(written.value, written.change)
    }
}

fn done(found: bool, change: i64) -> Result<Done, Problem> {
    if found { Ok(Done::Done(change)) } else { Err(Error::NotFound("job that has ended").into()) }
}
