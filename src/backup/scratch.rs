//! A directory for the time of some work, gone with it.
//!
//! Its owner holds a lock on it. So what a killed process has left behind, with everybody's notes in it, is told from what is in use,
//! and goes with the next work of the same kind in the same place.

use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use nix::fcntl::{Flock, FlockArg};

use super::BackupError;
use super::error::io_error;
use crate::clock::Ids;

/// Removed with everything in it when dropped.
#[derive(Debug)]
pub(super) struct Scratch {
    path: PathBuf,
    _held: Flock<File>,
}

impl Scratch {
    /// Makes one in `within`, for this user alone, and removes those of the same prefix that nobody holds any more.
    pub(super) fn make(within: &Path, prefix: &str, ids: &Ids) -> Result<Self, BackupError> {
        sweep(within, prefix)?;
        let path = within.join(format!("{prefix}{:016x}", u64::from_le_bytes(ids.bytes())));
        DirBuilder::new().mode(0o700).create(&path).map_err(io_error("make", &path))?;
        let held = hold(&path)?.ok_or_else(|| BackupError::Busy(within.to_owned()))?;
        Ok(Self { path, _held: held })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// The lock on a directory; `None` when somebody else has it.
fn hold(path: &Path) -> Result<Option<Flock<File>>, BackupError> {
    let opened = File::open(path).map_err(io_error("open", path))?;
    match Flock::lock(opened, FlockArg::LockExclusiveNonblock) {
        Ok(held) => Ok(Some(held)),
        Err((_, nix::errno::Errno::EWOULDBLOCK)) => Ok(None),
        Err((_, errno)) => Err(io_error("lock", path)(errno.into())),
    }
}

/// Removes what killed processes have left. What cannot be opened or removed is somebody else's, and is left.
fn sweep(within: &Path, prefix: &str) -> Result<(), BackupError> {
    for entry in std::fs::read_dir(within).map_err(io_error("read", within))? {
        let entry = entry.map_err(io_error("read", within))?;
        let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_dir || !entry.file_name().to_string_lossy().starts_with(prefix) {
            continue;
        }
        let path = entry.path();
        if let Ok(Some(_held)) = hold(&path) {
            match std::fs::remove_dir_all(&path) {
                Ok(()) => tracing::info!(path = %path.display(), "removed what an interrupted backup had left"),
                Err(error) => tracing::warn!(path = %path.display(), %error, "what an interrupted backup left stays"),
            }
        }
    }
    Ok(())
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.path) {
            tracing::warn!(path = %self.path.display(), %error, "a directory for unfinished work could not be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_left_goes_and_what_is_in_use_stays() {
        let temp = tempfile::tempdir().unwrap();
        let left = temp.path().join(".work-1");
        std::fs::create_dir(&left).unwrap();
        std::fs::write(left.join("inkstone.db"), "everybody's notes").unwrap();
        std::fs::create_dir(temp.path().join("other")).unwrap();
        let first = Scratch::make(temp.path(), ".work-", &Ids::system()).unwrap();
        assert!(!left.exists());
        let second = Scratch::make(temp.path(), ".work-", &Ids::system()).unwrap();
        assert!(first.path().exists() && second.path().exists() && temp.path().join("other").exists());
        let path = first.path().to_owned();
        drop(first);
        assert!(!path.exists());
    }
}
