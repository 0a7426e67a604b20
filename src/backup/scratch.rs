//! A directory for the time of some work, gone with it.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::BackupError;
use super::error::io_error;
use crate::clock::Ids;

/// Removed with everything in it when dropped.
#[derive(Debug)]
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// Makes one in `within`, for this user alone.
    pub(super) fn make(within: &Path, prefix: &str, ids: &Ids) -> Result<Self, BackupError> {
        let path = within.join(format!("{prefix}{:016x}", u64::from_le_bytes(ids.bytes())));
        DirBuilder::new().mode(0o700).create(&path).map_err(io_error("make", &path))?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(path = %self.0.display(), %error, "a directory for unfinished work could not be removed");
        }
    }
}
