//! A directory of archives: their names, what is in it, and who works in it.
//!
//! What a reader would get wrong: the directory is not ours alone. People put other files there, `db` leaves its snapshots before
//! migrations there, and several stores may share one. So an archive is recognised by its name, its seal and its manifest, belongs
//! to the store that it names, and nothing else is ever removed.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::ops::ControlFlow;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::fcntl::{Flock, FlockArg};

use super::BackupError;
use super::archive::Archive;
use super::error::io_error;
use super::manifest::Manifest;
use super::retention::Policy;
use super::scratch::Scratch;
use crate::clock::{Ids, Timestamp};
use crate::config::Config;
use crate::data_dir::DataDir;

/// How the names of archives begin and end.
const PREFIX: &str = "inkstone-";
const SUFFIX: &str = ".tar.zst";
/// What the names of unfinished work begin with.
const UNFINISHED: &str = ".inkstone-creating-";
/// The file whose lock is held while archives are made or removed.
const LOCK: &str = ".inkstone-backups.lock";

/// A directory of archives.
#[derive(Debug, Clone)]
pub struct Place {
    dir: PathBuf,
}

/// One file that has an archive's name.
#[derive(Debug)]
pub struct Listed {
    /// Its path.
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
    /// What it says of itself, or why it cannot be one.
    pub manifest: Result<Manifest, BackupError>,
}

/// What is in a place.
#[derive(Debug)]
pub struct Listing {
    /// Files with the name of an archive, the newest first; those that cannot be read last.
    pub archives: Vec<Listed>,
    /// How many other files and directories there are.
    pub others: usize,
}

/// What pruning did, or would do.
#[derive(Debug, Default)]
pub struct Pruned {
    /// Archives of this store that stay, the newest first.
    pub kept: Vec<PathBuf>,
    /// Archives of this store that are gone, the newest first.
    pub removed: Vec<PathBuf>,
    /// Bytes that they had.
    pub freed: u64,
    /// Files that have an archive's name and are another store's, or cannot be read: left alone.
    pub passed_over: Vec<PathBuf>,
}

/// Held while archives are made or removed.
#[derive(Debug)]
pub(super) struct PlaceLock {
    _held: Flock<File>,
}

impl Place {
    /// The directory `dir`, whether or not it exists.
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// Where the settings want the backups of the store in `dir` to be.
    pub fn of(dir: &DataDir, config: &Config) -> Self {
        Self::at(config.backup_dir.clone().unwrap_or_else(|| dir.backups()))
    }

    /// Whether archives can be made in it: makes it when it is missing, and tries to write.
    ///
    /// # Errors
    /// [`BackupError::Io`] that says what is in the way.
    pub fn check(&self) -> Result<(), BackupError> {
        match self.take() {
            // Whoever is at work there can write to it.
            Ok(_) | Err(BackupError::Busy(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Makes the directory when it is missing, and takes it for this process.
    ///
    /// # Errors
    /// [`BackupError::Busy`].
    pub(super) fn take(&self) -> Result<PlaceLock, BackupError> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.dir).map_err(io_error("make", &self.dir))?;
        let path = self.dir.join(LOCK);
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).mode(0o600).open(&path);
        let file = file.map_err(io_error("open", &path))?;
        let held = Flock::lock(file, FlockArg::LockExclusiveNonblock).map_err(|(_, errno)| match errno {
            nix::errno::Errno::EWOULDBLOCK => BackupError::Busy(self.dir.clone()),
            other => io_error("lock", &path)(other.into()),
        })?;
        Ok(PlaceLock { _held: held })
    }

    fn entries(&self) -> Result<Vec<(String, PathBuf)>, BackupError> {
        let mut all = Vec::new();
        let entries = match std::fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(all),
            Err(error) => return Err(io_error("read", &self.dir)(error)),
        };
        for entry in entries {
            let entry = entry.map_err(io_error("read", &self.dir))?;
            all.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
        }
        all.sort();
        Ok(all)
    }

    /// A directory for unfinished work in this place.
    pub(super) fn scratch(&self, ids: &Ids) -> Result<Scratch, BackupError> {
        Scratch::make(&self.dir, UNFINISHED, ids)
    }

    /// A name for an archive of `at` that is not in use.
    pub(super) fn new_archive(&self, at: Timestamp, ids: &Ids) -> PathBuf {
        let [a, b, c, d] = ids.bytes();
        // To the second, without what file systems of other systems refuse: 2026-08-01T093000Z.
        let time: String = at.to_string().chars().take(19).filter(|c| *c != ':').collect();
        self.dir.join(format!("{PREFIX}{time}Z-{a:02x}{b:02x}{c:02x}{d:02x}{SUFFIX}"))
    }

    /// What is there. Manifests are read, archives are not proven.
    ///
    /// # Errors
    /// [`BackupError::Io`] when the directory cannot be read. A missing one is empty.
    pub fn list(&self) -> Result<Listing, BackupError> {
        let mut listing = Listing { archives: Vec::new(), others: 0 };
        for (name, path) in self.entries()? {
            if !is_archive(&name) {
                listing.others += usize::from(!name.starts_with('.'));
                continue;
            }
            let size = std::fs::symlink_metadata(&path).map_or(0, |found| found.len());
            let manifest = Archive::open(&path).and_then(|archive| archive.manifest());
            listing.archives.push(Listed { path, size, manifest });
        }
        listing.archives.sort_by(|a, b| b.order().cmp(&a.order()));
        Ok(listing)
    }

    /// The newest archive whose seal holds, of the store that was first made at `store`, or of any when that is not known. Reads it
    /// whole: a second for some hundred MiB.
    ///
    /// # Errors
    /// As [`Place::list`].
    pub fn newest_whole(&self, store: Option<Timestamp>) -> Result<Option<(PathBuf, Manifest)>, BackupError> {
        let ours = |manifest: &Manifest| store.is_none_or(|store| manifest.store.created_at == store);
        let whole = |path: &Path| {
            let sealed = |archive: Archive| archive.check_seal(&mut |_, _, _| ControlFlow::Continue(()));
            Archive::open(path).and_then(sealed).is_ok()
        };
        let archives = self.list()?.archives.into_iter();
        let mut candidates = archives.filter_map(|listed| Some((listed.path, listed.manifest.ok().filter(ours)?)));
        Ok(candidates.find(|(path, _)| whole(path)))
    }

    /// Removes archives of the store that was first made at `store`, save those that `policy` keeps.
    ///
    /// # Errors
    /// [`BackupError::NoneLeft`] when none would stay; [`BackupError::Busy`]. With `dry_run` nothing is removed.
    pub fn prune(&self, store: Timestamp, policy: &Policy, dry_run: bool) -> Result<Pruned, BackupError> {
        let _held = if self.dir.exists() { Some(self.take()?) } else { None };
        let mut pruned = Pruned::default();
        let (mut own, mut times) = (Vec::new(), Vec::new());
        for listed in self.list()?.archives {
            match &listed.manifest {
                Ok(manifest) if manifest.store.created_at == store => {
                    times.push(manifest.created_at);
                    own.push(listed);
                }
                _ => pruned.passed_over.push(listed.path),
            }
        }
        let keep = policy.keep(&times);
        if !own.is_empty() && !keep.contains(&true) {
            return Err(BackupError::NoneLeft);
        }
        for (listed, keep) in own.into_iter().zip(keep) {
            if keep {
                pruned.kept.push(listed.path);
                continue;
            }
            if !dry_run {
                std::fs::remove_file(&listed.path).map_err(io_error("remove", &listed.path))?;
            }
            pruned.freed += listed.size;
            pruned.removed.push(listed.path);
        }
        if !dry_run && !pruned.removed.is_empty() {
            sync(&self.dir)?;
        }
        Ok(pruned)
    }
}

impl Listed {
    fn order(&self) -> (Option<Timestamp>, &Path) {
        (self.manifest.as_ref().ok().map(|manifest| manifest.created_at), &self.path)
    }
}

/// Brings the names in a directory to disk.
pub(super) fn sync(dir: &Path) -> Result<(), BackupError> {
    File::open(dir).and_then(|opened| opened.sync_all()).map_err(io_error("flush", dir))
}

/// Whether a file of this name may be an archive.
fn is_archive(name: &str) -> bool {
    name.strip_prefix(PREFIX).is_some_and(|rest| rest.len() > SUFFIX.len() && rest.ends_with(SUFFIX))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::{ManualClock, SeededEntropy};

    #[test]
    fn a_name_says_when_and_is_recognised() {
        let now = Timestamp::parse("2026-08-01T09:30:00Z").unwrap();
        let ids = Ids::new(Arc::new(ManualClock::new(now)), Arc::new(SeededEntropy::new(1)));
        let path = Place::at("/b").new_archive(now, &ids);
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(name.starts_with("inkstone-2026-08-01T093000Z-") && is_archive(name), "{name}");
        for other in ["inkstone-.tar.zst", "before-migration-v1-3.db", "inkstone-x.tar.zst.part", "holiday.tar.zst"] {
            assert!(!is_archive(other) || other == "inkstone-x.tar.zst", "{other}");
        }
    }

    #[test]
    fn two_do_not_work_in_one_place() {
        let temp = tempfile::tempdir().unwrap();
        let place = Place::at(temp.path().join("new"));
        let held = place.take().unwrap();
        assert_eq!(place.take().unwrap_err().slug(), "backup-busy");
        drop(held);
        assert!(place.take().is_ok());
    }
}
