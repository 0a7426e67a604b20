//! What the command line does with the index, over the control socket.

use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use uuid::Uuid;

use super::progress::Phase;
use super::verify::{Fault, Report};
use super::{Search, Status};
use crate::http::problem::Problem;

/// Serves `/index` below the local administrator's prefix.
#[derive(Debug, Clone)]
pub struct IndexLocal {
    search: Search,
}

/// Where the index stands.
#[derive(Debug, Clone, Copy, Enum)]
#[oai(rename = "IndexState", rename_all = "lowercase")]
enum StateView {
    /// It is being opened.
    Opening,
    /// It is being filled; it answers from what is in.
    Rebuilding,
    /// It follows the store.
    Ready,
    /// It cannot be used; it is tried again.
    Unavailable,
    /// The server is shutting down.
    Stopped,
}

/// The state of the index.
#[derive(Debug, Object)]
#[oai(rename = "IndexStatus")]
struct StatusView {
    /// Where it stands.
    state: StateView,
    /// It shows all changes up to this one; 0 while it is not whole.
    change: i64,
    /// The store's latest change.
    head: i64,
    /// Notes in it, of everybody.
    notes: u64,
    /// While it is being filled: notes that are in.
    done: Option<u64>,
    /// While it is being filled: notes that there are.
    total: Option<u64>,
    /// What went wrong last, until it goes right.
    problem: Option<String>,
    /// Why the last index was set aside since the server started.
    set_aside: Option<String>,
}

impl From<Status> for StatusView {
    fn from(Status { progress, notes, head }: Status) -> Self {
        let (state, done, total) = match progress.phase {
            Phase::Opening => (StateView::Opening, None, None),
            Phase::Rebuilding { done, total } => (StateView::Rebuilding, Some(done), Some(total)),
            Phase::Ready => (StateView::Ready, None, None),
            Phase::Unavailable => (StateView::Unavailable, None, None),
            Phase::Stopped => (StateView::Stopped, None, None),
        };
        let (problem, set_aside) = (progress.problem, progress.set_aside);
        Self { state, change: progress.reached, head, notes, done, total, problem, set_aside }
    }
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, Enum)]
#[oai(rename = "IndexFault", rename_all = "lowercase")]
enum FaultView {
    /// The store has the note, the index does not.
    Missing,
    /// The index has a note that the store does not have.
    Extra,
    /// The index shows an earlier change of the note.
    Stale,
    /// Same change, other content.
    Differing,
}

/// One note whose entry is wrong.
#[derive(Debug, Object)]
#[oai(rename = "IndexExample")]
struct ExampleView {
    /// The note.
    id: Uuid,
    /// What is wrong.
    fault: FaultView,
}

/// What the comparison of index and store found.
#[derive(Debug, Object)]
#[oai(rename = "IndexReport")]
struct ReportView {
    /// Whether nothing is wrong.
    sound: bool,
    /// Notes in the store.
    notes: u64,
    /// Notes in the index.
    entries: u64,
    /// Notes that only the store has.
    missing: u64,
    /// Notes that only the index has.
    extra: u64,
    /// Notes of which the index shows an earlier change.
    stale: u64,
    /// Notes that the index shows otherwise than they are.
    differing: u64,
    /// Up to 20 of them.
    examples: Vec<ExampleView>,
    /// Index files whose content is not what was written.
    damaged_files: Vec<String>,
}

impl From<Report> for ReportView {
    fn from(report: Report) -> Self {
        Self {
            sound: report.is_sound(),
            notes: report.notes,
            entries: report.entries,
            missing: report.missing,
            extra: report.extra,
            stale: report.stale,
            differing: report.differing,
            examples: report.examples.into_iter().map(|(id, fault)| ExampleView { id, fault: fault.into() }).collect(),
            damaged_files: report.damaged_files,
        }
    }
}

impl From<Fault> for FaultView {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Missing => Self::Missing,
            Fault::Extra => Self::Extra,
            Fault::Stale => Self::Stale,
            Fault::Differing => Self::Differing,
        }
    }
}

impl IndexLocal {
    /// Over the index of `search`.
    pub fn new(search: Search) -> Self {
        Self { search }
    }
}

#[OpenApi]
impl IndexLocal {
    /// Say how the index is.
    #[oai(path = "/index", method = "get", operation_id = "indexStatus")]
    async fn status(&self) -> Json<StatusView> {
        Json(self.search.status().into())
    }

    /// Compare the index with the store, note by note, and its files with their checksums.
    #[oai(path = "/index/verify", method = "post", operation_id = "verifyIndex")]
    async fn verify(&self) -> Result<Json<ReportView>, Problem> {
        Ok(Json(self.search.verify().await?.into()))
    }

    /// Set the index aside and begin a new one; answers when that has begun.
    #[oai(path = "/index/rebuild", method = "post", operation_id = "rebuildIndex")]
    async fn rebuild(&self) -> Result<Json<StatusView>, Problem> {
        self.search.rebuild().await?;
        Ok(Json(self.search.status().into()))
    }
}
