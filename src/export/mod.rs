//! Export: everything that a person has, as a zip of Markdown files that comes back equal.
//!
//! Owns the archive: its layout ([`manifest`]), the names in it, and what a note is as a file. `docs/export-format.md` describes all of it.
//! Reading one is the business of `import`, which takes its words from [`manifest`]. The export shows one moment: it reads
//! from one snapshot, so what is changed meanwhile is in it as it was, and nobody who writes waits.
//!
//! What a reader would get wrong: memory does not grow with the notes' texts (they pass through in chunks of bounded size), but a little
//! with their number: some 200 bytes each, for names that must differ and for the directory that a zip ends with.

pub mod api;
mod archive;
pub mod frames;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
pub mod job;
pub mod local;
pub mod manifest;
mod names;
mod note;
mod pack;

use std::io::Write;

use crate::caller::UserId;
use crate::clock::Timestamp;
use crate::db::Db;
use crate::error::{Error, Result};

/// What is in an archive that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Summary {
    /// Notes, in every state.
    pub notes: u64,
    /// Notebooks.
    pub notebooks: u64,
    /// Bytes of the archive.
    pub bytes: u64,
    /// The change number that it shows.
    pub change: i64,
}

/// Why an archive was not written to its end.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] Error),
    /// What takes the archive takes no more.
    #[error("cannot write the archive: {0}")]
    Sink(#[from] std::io::Error),
}

/// Writes the archive of `owner`'s notes into `sink`, stamped with the time `now`, and tells `progress` how many notes of how
/// many are in. Blocks: for a thread that is no async worker. The sink is neither sought in nor flushed to disk here, and should not make
/// the export wait for people: see [`Db::hold`].
///
/// # Errors
/// What the store or the sink says. What the sink has taken until then is no archive.
pub fn write(
    db: &Db,
    owner: UserId,
    now: Timestamp,
    sink: &mut dyn Write,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Summary, Broken> {
    pack::write(db, owner, now, sink, progress)
}
