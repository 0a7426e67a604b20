//! Import: what a folder of files, or a zip of them, becomes.
//!
//! One half is pure of the store: [`gather`] finds files (with [`mod@walk`] in a folder, with [`zip`] in an archive),
//! [`front_matter`] reads what a file says about itself, [`mod@plan`] settles the note that it becomes. Planned notes travel as JSON to
//! whoever holds the store. The other half, [`bring`], writes them; a job in the server has both ([`bring::everything`]). Nothing
//! is dropped silently: every file is planned or [`Skipped`] with a [`Reason`].
//!
//! What `export` has written comes back as it was, ids and all ([`exported`]). Nothing that exists is overwritten: see [`store`].
//!
//! What is easily got wrong: the text of a file is the text of its note, byte for byte. Front matter is taken off only when
//! every word of it has a place of its own in the note.

pub mod api;
pub mod bring;
mod exported;
pub mod front_matter;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
pub mod gather;
pub mod job;
pub mod local;
mod names;
pub mod plan;
pub mod prepare;
pub mod store;
pub mod walk;
pub mod zip;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use gather::{Format, Gathered};
pub use plan::{Kept, PlannedNote, plan, plan_any};
pub use walk::{Found, Walk, walk};

/// The largest file in bytes: the largest body of a note.
pub const MAX_FILE: u64 = 1024 * 1024;

/// The most bytes of a file that are read: one of ours has front matter above the largest body.
pub const MAX_READ: u64 = MAX_FILE + exported::MAX_BLOCK as u64;

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
    /// Written by a newer version of Inkstone, in a format that this one does not know.
    Newer,
    /// In an archive: behind a password.
    Encrypted,
    /// In an archive: compressed in a way that is not read here; its name.
    Compression(String),
    /// In an archive: its name leads out of the archive.
    UnsafeName,
    /// In an archive: its name is not in the script that it claims.
    UnreadableName,
    /// In an archive: another file of the same name came before.
    Duplicate,
    /// In an archive: it is not what the archive says of it; what differs.
    Damaged(String),
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
            Self::Newer => "written by a newer version of Inkstone",
            Self::Encrypted => "encrypted",
            Self::Compression(how) => return write!(f, "compressed in a way that is not supported ({how})"),
            Self::UnsafeName => "its name leads out of the archive",
            Self::UnreadableName => "its name cannot be read",
            Self::Duplicate => "the second of its name",
            Self::Damaged(why) => return write!(f, "damaged: {why}"),
            Self::Refused(why) => return write!(f, "refused: {why}"),
        })
    }
}
