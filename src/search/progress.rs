//! What the follower says of itself, and what it may be told.

use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::RwLock;
use tokio::sync::{oneshot, watch};

use super::index::{Effort, Index};
use super::pins::Pins;
use crate::clock::Ids;
use crate::db::Db;
use crate::error::Result;
use crate::metrics::SearchMetrics;

/// Where the follower stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// It has not opened the index yet.
    Opening,
    /// The index is being filled from the notes and answers from those that are in, because there is no other that could.
    Rebuilding {
        /// Notes that are in.
        done: u64,
        /// Notes that there are.
        total: u64,
    },
    /// The index has everything up to `reached`.
    Ready,
    /// There is no index to answer from; it is tried again.
    Unavailable,
    /// The server is shutting down.
    Stopped,
}

/// What the follower says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Where it stands.
    pub phase: Phase,
    /// The index shows all changes up to this one; 0 while it does not show everything before.
    pub reached: i64,
    /// What went wrong last, until it goes right.
    pub problem: Option<String>,
    /// Why the last index was set aside.
    pub set_aside: Option<String>,
    /// The index that is made to take the place of the one that answers, which is whole meanwhile.
    pub making: Option<Making>,
}

/// How far an index is that is made beside the one that answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Making {
    /// Notes that are in.
    pub done: u64,
    /// Notes that there are.
    pub total: u64,
    /// What went wrong last, until it goes right.
    pub problem: Option<String>,
}

/// What the follower shares with those who ask.
pub(super) struct Shared {
    pub(super) db: Db,
    pub(super) data_directory: PathBuf,
    pub(super) ids: Ids,
    pub(super) metrics: SearchMetrics,
    pub(super) effort: Effort,
    pub(super) index: RwLock<Option<Arc<Index>>>,
    pub(super) pins: Pins,
    pub(super) progress: watch::Sender<Progress>,
}

impl Shared {
    /// Lets go of the states of the index that nobody may ask for any more, and of those that there is no room for.
    pub(super) fn tidy_pins(&self) {
        let serving = self.index.read().as_ref().map(|index| index.snapshot());
        self.pins.tidy(self.ids.now(), serving.as_deref());
    }
}

/// What others may ask of it.
pub(super) enum Order {
    /// Make a new index; answered when that has begun.
    Rebuild(oneshot::Sender<Result<()>>),
    /// A query met damage: check the files.
    Suspect(String),
    /// Commit and end.
    Stop,
    /// End without a commit, like a process that is killed.
    Abandon,
}
