//! The endpoints of jobs: how far work in the background is.

use poem_openapi::param::{Path, Query};
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Job, State, store};
use crate::clock::Timestamp;
use crate::db::{Db, Written};
use crate::error::{Error, Result};
use crate::http::auth::{Auth, ReadsAll};
use crate::http::page::{Limit, Listing, Page, Paged};
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::http::serialized::Serialized;

/// Serves `/jobs`.
#[derive(Debug, Clone)]
pub struct JobsApi {
    db: Db,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename = "JobState", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub(super) enum StateView {
    /// It waits for its time or for a free place.
    Queued,
    /// It is being done.
    Running,
    /// It succeeded: see `result`.
    Done,
    /// It was given up: see `error`.
    Failed,
}

impl From<State> for StateView {
    fn from(state: State) -> Self {
        match state {
            State::Queued => Self::Queued,
            State::Running => Self::Running,
            State::Done => Self::Done,
            State::Failed => Self::Failed,
        }
    }
}

impl From<StateView> for State {
    fn from(state: StateView) -> Self {
        match state {
            StateView::Queued => Self::Queued,
            StateView::Running => Self::Running,
            StateView::Done => Self::Done,
            StateView::Failed => Self::Failed,
        }
    }
}

/// How far a job has come.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "JobProgress")]
pub(super) struct ProgressView {
    /// Steps done, such as notes; written down every few seconds.
    done: i64,
    /// Steps in all; null until it is known.
    total: Option<i64>,
}

/// Work that goes on in the background.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "Job", example)]
pub struct JobView {
    /// Its id.
    id: Uuid,
    /// What is done, such as `export`.
    kind: String,
    /// Where it stands.
    state: StateView,
    /// How far it has come.
    progress: ProgressView,
    /// Runs so far, the present one included. A run that fails is tried again a while later.
    attempts: i64,
    /// What it has made, in the form of its kind; null until it is done.
    result: Option<Value>,
    /// Why the last run failed; null while none has.
    error: Option<String>,
    /// When it was asked for.
    created_at: Timestamp,
    /// Before this time it does not begin.
    due_at: Timestamp,
    /// When the last run began.
    started_at: Option<Timestamp>,
    /// When it ended, well or for good.
    ended_at: Option<Timestamp>,
}

impl Example for JobView {
    fn example() -> Self {
        let at = Timestamp::from_micros(1_772_357_400_000_000);
        Self {
            id: Uuid::from_u128(0x019c_a8bb_b5c0_7c11_8d3e_0f51_7a9b_1c20),
            kind: "export".into(),
            state: StateView::Done,
            progress: ProgressView { done: 1_204, total: Some(1_204) },
            attempts: 1,
            result: Some(json!({ "notes": 1_204 })),
            error: None,
            created_at: at,
            due_at: at,
            started_at: Some(at),
            ended_at: Some(at),
        }
    }
}

impl From<Job> for JobView {
    fn from(job: Job) -> Self {
        Self {
            id: job.id,
            kind: job.kind,
            state: job.state.into(),
            progress: ProgressView { done: job.done, total: job.total },
            attempts: job.attempts,
            result: job.result,
            error: job.error,
            created_at: job.created_at,
            due_at: job.due_at,
            started_at: job.started_at,
            ended_at: job.ended_at,
        }
    }
}

/// The answer to a request that a job carries out.
#[derive(ApiResponse)]
pub enum Begun {
    /// The job that does it: its `result` says what came of it.
    #[oai(status = 202)]
    Accepted(
        Serialized<JobView>,
        /// Where to ask next: for what the job makes, else for the job itself.
        #[oai(header = "Location")]
        String,
        /// The change number that the request reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

impl Begun {
    /// Shows the job that a write enqueued, and where to ask next.
    ///
    /// # Errors
    /// [`Error::Internal`] when the job cannot be written as JSON, which is a defect.
    pub fn of(written: Written<Job>, location: String) -> Result<Self> {
        Ok(Self::Accepted(Serialized::of(&JobView::from(written.value))?, location, written.change))
    }
}

/// A page of jobs and the way to the next.
pub(super) fn page(listing: &Listing, items: Vec<Job>, limit: Limit) -> Result<Paged<Job>> {
    listing.page(items, limit, |job| (job.created_at.micros(), job.id))
}

/// The keyset of a cursor.
pub(super) fn before(listing: &Listing, cursor: Option<String>) -> Result<Option<(Timestamp, Uuid)>> {
    let before: Option<(i64, Uuid)> = cursor.map(|cursor| listing.keyset(&cursor)).transpose()?;
    Ok(before.map(|(time, id)| (Timestamp::from_micros(time), id)))
}

impl JobsApi {
    /// Of this store.
    pub fn new(db: Db) -> Self {
        Self { db }
    }
}

#[OpenApi(tag = "Section::Jobs")]
impl JobsApi {
    /// List the own jobs.
    ///
    /// The newest first. One that succeeded is kept for a week, one that was given up for three months.
    #[oai(path = "/jobs", method = "get", operation_id = "listJobs")]
    async fn list_jobs(
        &self,
        auth: Auth<ReadsAll>,
        limit: Query<Limit>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Serialized<Page<JobView>>, Problem> {
        let listing = Listing::new("jobs", &())?;
        let (before, owner) = (before(&listing, cursor.0)?, auth.caller.user());
        let most = i64::try_from(limit.0.get() + 1).unwrap_or(i64::MAX);
        let items = self.db.read(move |tx| store::list(tx, owner, before, most)).await?;
        Ok(Serialized::of(&page(&listing, items, limit.0)?.map(JobView::from))?)
    }

    /// Say how far a job is.
    #[oai(path = "/jobs/:id", method = "get", operation_id = "getJob")]
    async fn get_job(
        &self,
        auth: Auth<ReadsAll>,
        /// The job's id, as the request that began it answered.
        id: Path<Uuid>,
    ) -> Result<Serialized<JobView>, Problem> {
        let (owner, id) = (auth.caller.user(), id.0);
        let job = self.db.read(move |tx| store::get(tx, owner, id)).await?.ok_or(Error::NotFound("job"))?;
        Ok(Serialized::of(&JobView::from(job))?)
    }
}
