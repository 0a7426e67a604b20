//! Backups: a whole store in one file, proven to be restorable.
//!
//! Owns what an archive is ([`archive`], [`manifest`]), how one is made beside a running server ([`create()`]), how one is proven
//! ([`verify()`]), how one becomes a store again ([`restore()`]), and which ones are kept ([`retention`], in a [`place`]). Leaves to
//! `db` how a copy of a store is taken and checked, to `data_dir` how a restored one moves in, and to the command line how
//! people are told.
//!
//! Everything here blocks and streams: memory does not grow with the store. [`create()`] and [`place::Place::prune`] may be called
//! from inside the server, off its async threads; the former takes its time, and stops when it is told to.
//!
//! What a reader would get wrong: an archive is somebody's file until it is proven. Nothing of it is believed before its seal
//! has been checked, and nothing of it is named, sized or placed by what it says without comparison with the manifest, whose own
//! words are held to a grammar.

pub mod archive;
mod contents;
mod create;
mod error;
pub mod job;
pub mod keys;
pub mod manifest;
mod place;
mod quietly;
mod rescue;
mod restore;
pub mod retention;
mod scratch;
mod stream;
mod verify;

use std::ops::ControlFlow;

pub use create::{Created, Wish, create, made_at};
pub use error::BackupError;
pub use error::Kind;
pub use place::{Listed, Listing, Place, Pruned};
pub use rescue::Rescue;
pub use restore::{KeysFrom, Restored, To, restore};
pub use verify::{Verified, verify};

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The store is copied as it is at one moment. Bytes.
    Copying,
    /// The rows of a store that a database server keeps, or will keep.
    CopyingRows,
    /// What goes in is read for the manifest. Bytes.
    Summing,
    /// The archive is written. Bytes before compression.
    Packing,
    /// The archive is read and compared with its seal. Bytes.
    Reading,
    /// It is taken apart. Bytes after decompression.
    Unpacking,
    /// The store in it is checked. One step.
    Checking,
    /// The texts of the notes are compared with their sums. Notes.
    Comparing,
    /// Notes of it are looked for. Notes.
    Searching,
    /// The search index is built. Notes.
    Indexing,
}

/// Hears what is being done, and how much of how much; may end it.
pub type Told<'a> = dyn FnMut(Phase, u64, u64) -> ControlFlow<()> + Send + 'a;
