//! Import: what a folder of files becomes.
//!
//! This half is pure of the store: [`walk`] finds files, [`front_matter`] reads what a file says about itself, [`plan`] settles
//! the note that it becomes. Planned notes travel as JSON to whoever holds the store. Nothing here writes, and nothing is
//! dropped silently: every file is planned or [`Skipped`] with a [`Reason`].
//!
//! What is easily got wrong: the text of a file is the text of its note, byte for byte. Front matter is taken off only when
//! every word of it has a place of its own in the note.

pub mod front_matter;
pub mod local;
pub mod plan;
pub mod prepare;
pub mod store;
pub mod walk;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use plan::{PlannedNote, plan};
pub use walk::{Found, Walk, walk};

/// The largest file in bytes: the largest body of a note.
pub const MAX_FILE: u64 = 1024 * 1024;

/// Something in the folder that becomes no note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Path below the imported folder, with `/`.
    pub source: String,
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
}

/// Why a file becomes no note.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "reason", content = "detail", rename_all = "kebab-case")]
pub enum Reason {
    /// Its name, or that of a folder, begins with a dot.
    Hidden,
    /// It points elsewhere; links are not followed, so that no import reaches outside its folder.
    SymbolicLink,
    /// A socket, pipe or device.
    NotAFile,
    /// Its name does not end like a Markdown file's.
    NotMarkdown,
    /// The system would not read it; what it said.
    Unreadable(String),
    /// Larger than [`MAX_FILE`].
    TooLarge,
    /// Not valid UTF-8.
    NotUtf8,
    /// Holds U+0000, which notes cannot.
    HoldsNul,
    /// The rules of the server do not allow it; what it said.
    Refused(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hidden => "hidden",
            Self::SymbolicLink => "a symbolic link",
            Self::NotAFile => "not a regular file",
            Self::NotMarkdown => "not Markdown",
            Self::Unreadable(why) => return write!(f, "unreadable: {why}"),
            Self::TooLarge => "larger than 1 MiB",
            Self::NotUtf8 => "not UTF-8",
            Self::HoldsNul => "holds a NUL character",
            Self::Refused(why) => return write!(f, "refused: {why}"),
        })
    }
}
