//! What the command line does with the index, over the control socket.

use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use uuid::Uuid;

use super::progress::Phase;
use super::verify::{Fault, Report, Scope};
use super::{Search, Status};
use crate::error::Error;
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
    /// It is being made; `complete` says whether searches find everything meanwhile.
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
    /// Whether searches find everything up to `change`. While a new index is made beside one that is whole, they do.
    complete: bool,
    /// It shows all changes up to this one; 0 while it is not whole.
    change: i64,
    /// The store's latest change.
    head: i64,
    /// Notes in it, of everybody.
    notes: u64,
    /// While one is being made: notes that are in it.
    done: Option<u64>,
    /// While one is being made: notes that there are.
    total: Option<u64>,
    /// What went wrong last, until it goes right.
    problem: Option<String>,
    /// Why the last index was set aside since the server started.
    set_aside: Option<String>,
}

impl From<Status> for StatusView {
    fn from(Status { progress, notes, head }: Status) -> Self {
        let complete = progress.phase == Phase::Ready;
        let (state, done, total) = match (progress.phase, &progress.making) {
            (Phase::Opening, _) => (StateView::Opening, None, None),
            (Phase::Rebuilding { done, total }, _) => (StateView::Rebuilding, Some(done), Some(total)),
            (Phase::Ready, Some(new)) => (StateView::Rebuilding, Some(new.done), Some(new.total)),
            (Phase::Ready, None) => (StateView::Ready, None, None),
            (Phase::Unavailable, _) => (StateView::Unavailable, None, None),
            (Phase::Stopped, _) => (StateView::Stopped, None, None),
        };
        let problem = progress.problem.or(progress.making.and_then(|new| new.problem));
        Self {
            state,
            complete,
            change: progress.reached,
            head,
            notes,
            done,
            total,
            problem,
            set_aside: progress.set_aside,
        }
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
    /// Same change, other content, or more than one entry.
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

/// What was compared.
#[derive(Debug, Clone, Copy, Enum)]
#[oai(rename = "IndexScope", rename_all = "lowercase")]
enum ScopeView {
    /// Every note, every entry, every file.
    All,
    /// Notes and entries picked by chance, and how many there are.
    Sample,
    /// What changed after some change.
    Since,
}

/// What the comparison of index and store found.
#[derive(Debug, Object)]
#[oai(rename = "IndexReport")]
struct ReportView {
    /// Whether nothing is wrong with what was compared.
    sound: bool,
    /// What was compared.
    scope: ScopeView,
    /// How many notes and entries were compared, each note once.
    compared: u64,
    /// The index showed all changes up to this one when it began: for the next `since`.
    change: i64,
    /// Notes in the store.
    notes: u64,
    /// Notes in the index.
    entries: u64,
    /// A sample: whether store and index have different numbers of notes; null when too much was written to tell.
    counts_differ: Option<bool>,
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
            scope: match report.scope {
                Scope::All => ScopeView::All,
                Scope::Sample(_) => ScopeView::Sample,
                Scope::Since(_) => ScopeView::Since,
            },
            compared: report.compared,
            change: report.change,
            notes: report.notes,
            entries: report.entries,
            counts_differ: report.counts_differ,
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

    /// Compare the index with the store, note by note, and its files with their checksums; with `sample` or `since` only a part of it.
    #[oai(path = "/index/verify", method = "post", operation_id = "verifyIndex")]
    async fn verify(
        &self,
        /// So many notes and so many entries, picked by chance, instead of all; no files.
        sample: Query<Option<u32>>,
        /// Only what changed after this change; no files.
        since: Query<Option<i64>>,
    ) -> Result<Json<ReportView>, Problem> {
        let scope = match (sample.0, since.0) {
            (None, None) => Scope::All,
            (Some(size), None) => Scope::Sample(size),
            (None, Some(change)) => Scope::Since(change),
            (Some(_), Some(_)) => Err(Error::invalid("since", "does not go together with `sample`"))?,
        };
        Ok(Json(self.search.verify(scope).await?.into()))
    }

    /// Begin to make a new index; answers when that has begun. The old one answers until it is done, if it is whole.
    #[oai(path = "/index/rebuild", method = "post", operation_id = "rebuildIndex")]
    async fn rebuild(&self) -> Result<Json<StatusView>, Problem> {
        self.search.rebuild().await?;
        Ok(Json(self.search.status().into()))
    }
}
