//! What keeps a backup from being made, proven or restored.

use std::io;
use std::path::{Path, PathBuf};

use crate::data_dir::DataDirError;
use crate::db::Refusal;
use crate::db::transfer::TransferError;
use crate::error::Error;

/// Why it did not come about.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The data directory holds no store.
    #[error("there is no store in {}", .0.display())]
    StoreMissing(PathBuf),
    /// The file is something else.
    #[error("{} is not a backup of Inkstone", .0.display())]
    NotAnArchive(PathBuf),
    /// The archive is not what was written: cut off, or changed since.
    #[error("the archive is damaged: {0}")]
    Damaged(String),
    /// The archive holds what no archive of ours holds.
    #[error("the archive is not safe to unpack: {0}")]
    Hostile(String),
    /// A newer program wrote the archive.
    #[error(
        "the archive has format {found}, this program knows up to {known}: use the Inkstone that wrote it, or a newer one"
    )]
    FormatNewer {
        /// What it says.
        found: u64,
        /// What is known here.
        known: u64,
    },
    /// The archive is whole, and the store in it is not.
    #[error("the store in the archive is not sound: {0}")]
    Unsound(String),
    /// The store itself is not worth a backup.
    #[error("the store is damaged, so no backup was made: {0}")]
    StoreDamaged(String),
    /// The archive holds keys and nothing to open them with was given.
    #[error("the archive holds keys, and nothing was given to open them with")]
    KeysLocked,
    /// The archive holds no keys.
    #[error("the archive holds no keys: it was made without them")]
    KeysAbsent,
    /// What was given does not open the keys.
    #[error("the keys in the archive do not open: {0}")]
    KeysClosed(String),
    /// What is to seal or open keys makes no sense.
    #[error("{0}")]
    KeyUnusable(String),
    /// The disk has no room for it.
    #[error("{needed} bytes of free disk are needed in {}, and there are {free}", dir.display())]
    NoRoom {
        /// Where.
        dir: PathBuf,
        /// Bytes, the reserve of the store included.
        needed: u64,
        /// Bytes.
        free: u64,
    },
    /// Another backup is being made in, or removed from, the same place.
    #[error("another backup is at work in {}", .0.display())]
    Busy(PathBuf),
    /// Nothing would be left.
    #[error("that would leave no backup at all")]
    NoneLeft,
    /// A file changed while it was read.
    #[error("{} changed while it was being read", .0.display())]
    Changed(PathBuf),
    /// Whoever asked for it wants it no longer.
    #[error("stopped before it was done")]
    Stopped,
    /// The data directory.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// A store that will not be opened.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The rows of a store did not come over from its database server, or to it.
    #[error(transparent)]
    Transfer(TransferError),
    /// What the store says.
    #[error("{0}")]
    Store(Error),
    /// The system refused an operation.
    #[error("cannot {what} {}: {error}", .path.display())]
    Io {
        /// What was tried, as an infinitive.
        what: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// How it has to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Going on would be unsafe.
    Refusal,
    /// It was asked for in a way that makes no sense.
    Usage,
    /// It was tried and failed.
    Failure,
}

impl BackupError {
    /// Stable word for programs.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::StoreMissing(_) => "store-missing",
            Self::NotAnArchive(_) => "backup-not-an-archive",
            Self::Damaged(_) => "backup-damaged",
            Self::Hostile(_) => "backup-hostile",
            Self::FormatNewer { .. } => "backup-format-newer",
            Self::Unsound(_) => "backup-unsound",
            Self::StoreDamaged(_) => "backup-store-damaged",
            Self::KeysLocked => "backup-keys-locked",
            Self::KeysAbsent => "backup-keys-absent",
            Self::KeysClosed(_) => "backup-keys-closed",
            Self::KeyUnusable(_) => "backup-key-unusable",
            Self::NoRoom { .. } => "backup-no-room",
            Self::Busy(_) => "backup-busy",
            Self::NoneLeft => "backup-none-left",
            Self::Changed(_) => "backup-changed",
            Self::Stopped => "backup-stopped",
            Self::DataDir(error) => error.slug(),
            Self::Refused(refusal) => refusal.slug(),
            Self::Transfer(error) => error.slug(),
            Self::Store(_) => "backup-store-failed",
            Self::Io { .. } => "backup-io",
        }
    }

    /// How it has to be taken.
    pub fn kind(&self) -> Kind {
        match self {
            Self::NotAnArchive(_)
            | Self::Damaged(_)
            | Self::Hostile(_)
            | Self::FormatNewer { .. }
            | Self::Unsound(_)
            | Self::StoreDamaged(_)
            | Self::NoRoom { .. }
            | Self::NoneLeft
            | Self::Refused(_) => Kind::Refusal,
            Self::KeysLocked | Self::KeysAbsent | Self::KeyUnusable(_) => Kind::Usage,
            Self::DataDir(error) if error.is_refusal() => Kind::Refusal,
            Self::Transfer(error) if error.is_refusal() => Kind::Refusal,
            Self::StoreMissing(_)
            | Self::KeysClosed(_)
            | Self::Busy(_)
            | Self::Changed(_)
            | Self::Stopped
            | Self::DataDir(_)
            | Self::Transfer(_)
            | Self::Store(_)
            | Self::Io { .. } => Kind::Failure,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::StoreMissing(_) => "say with --data-dir where it is; `inkstone serve` makes a new one".to_owned(),
            Self::Damaged(_) | Self::Unsound(_) => {
                "take another one: `inkstone backup list` names them, `inkstone backup verify` proves one".to_owned()
            }
            Self::StoreDamaged(_) => {
                "stop the server and restore the last sound backup; keep the data directory until then".to_owned()
            }
            Self::KeysLocked => {
                "give --passphrase-file, --passphrase-stdin or --identity; --without-keys goes on without \
                 them, and whatever they seal is lost"
                    .to_owned()
            }
            Self::KeysClosed(_) => "is it the passphrase or identity of this archive?".to_owned(),
            Self::NoRoom { .. } => "free some, or say with --to or --scratch where there is room".to_owned(),
            Self::Busy(_) => "run this again when it is done".to_owned(),
            Self::NoneLeft => "keep at least one, as with --keep-last 1".to_owned(),
            Self::Changed(_) => "run it again".to_owned(),
            Self::DataDir(error) => return error.hint(),
            Self::Io { error, .. } if error.kind() == io::ErrorKind::PermissionDenied => {
                "the command works as the owner of the data directory, who needs the right to do this".to_owned()
            }
            Self::NotAnArchive(_)
            | Self::Hostile(_)
            | Self::FormatNewer { .. }
            | Self::KeysAbsent
            | Self::KeyUnusable(_)
            | Self::Stopped
            | Self::Refused(_)
            | Self::Transfer(_)
            | Self::Store(_)
            | Self::Io { .. } => return None,
        })
    }
}

impl From<Error> for BackupError {
    fn from(error: Error) -> Self {
        match error {
            Error::ShuttingDown => Self::Stopped,
            other => Self::Store(other),
        }
    }
}

impl From<TransferError> for BackupError {
    fn from(error: TransferError) -> Self {
        match error {
            TransferError::Refused(refusal) => Self::Refused(refusal),
            TransferError::Failed(error) => error.into(),
            other => Self::Transfer(other),
        }
    }
}

/// For `map_err`.
pub(super) fn io_error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::Io { what, path, error }
}
