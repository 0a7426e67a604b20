//! A data directory that a restored store moves into: all of it, or nothing.
//!
//! Everything is made ready in `.restoring` inside the directory, on the same file system and with the rights that the directory
//! gives, flushed to disk, and moved up by renames; the database last, because a directory without one holds no store. So the
//! directory itself may be a mount point or belong to a service whose parent directory is closed to it.
//!
//! What a reader would get wrong: a crash between those renames leaves keys without a store, which the next start would take for
//! a directory to begin a new store in. `.restoring` is still there then, and [`DataDir::open`] refuses a directory that has it
//! and no database; another restore begins anew there.

use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{DataDir, DataDirError, Lock, io_error, sync_dir};

/// What is made ready.
const STAGING: &str = ".restoring";
/// What a store consists of, in the order of moving; the database comes after it.
const PARTS: [&str; 3] = ["keys", "blobs", "index"];
/// What may lie in a directory that counts as empty: what every fresh ext file system has, and what a command that found no
/// store leaves behind.
const NOTHING: [&str; 2] = ["lost+found", "inkstone.lock"];

/// An empty directory, held by this process until the restored store has moved in.
#[derive(Debug)]
pub struct Restoring {
    dir: DataDir,
    _lock: Lock,
    was_there: bool,
    moved_in: bool,
}

impl DataDir {
    /// Whether a store may be restored into `root`: it is missing, empty, or what an interrupted restore has left. Changes nothing.
    ///
    /// # Errors
    /// [`DataDirError::NotEmpty`], [`DataDirError::NotADirectory`], and what [`DataDir::at`] says.
    pub fn must_be_restorable(root: &Path) -> Result<(), DataDirError> {
        let dir = Self::at(root)?;
        match std::fs::metadata(root) {
            Ok(found) if !found.is_dir() => return Err(DataDirError::NotADirectory(root.to_owned())),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(io_error("look at", root)(error)),
        }
        let unfinished = dir.is_half_restored();
        for entry in std::fs::read_dir(root).map_err(io_error("read", root))? {
            let name = entry.map_err(io_error("read", root))?.file_name();
            let is_one_of = |names: &[&str]| names.iter().any(|n| name == *n);
            let leftover = unfinished && (name == STAGING || is_one_of(&PARTS));
            // Any command that opens a directory makes its place for backups.
            let no_backups = name == "backups" && is_empty(&root.join("backups"));
            if !leftover && !no_backups && !is_one_of(&NOTHING) {
                return Err(DataDirError::NotEmpty(root.to_owned()));
            }
        }
        Ok(())
    }

    /// Whether a restore was interrupted here before it was done.
    pub(super) fn is_half_restored(&self) -> bool {
        self.root.join(STAGING).exists() && !self.database().exists()
    }
}

impl Restoring {
    /// Takes the directory, makes it when it is missing, and clears away what an interrupted restore has left.
    ///
    /// # Errors
    /// As [`DataDir::must_be_restorable`] and [`DataDir::lock`].
    pub fn begin(root: &Path) -> Result<Self, DataDirError> {
        DataDir::must_be_restorable(root)?;
        let was_there = root.exists();
        let dir = DataDir::open_whatever_is_left(root)?;
        let lock = dir.lock(Duration::from_secs(2))?;
        // Somebody may have been faster.
        DataDir::must_be_restorable(root)?;
        let this = Self { dir, _lock: lock, was_there, moved_in: false };
        this.clear().map_err(io_error("clear", root))?;
        let staging = this.staging();
        DirBuilder::new().mode(0o700).create(&staging).map_err(io_error("make", &staging))?;
        Ok(this)
    }

    /// Where to make everything ready, under the names of a data directory.
    pub fn staging(&self) -> PathBuf {
        self.dir.root.join(STAGING)
    }

    /// The directory that it will be.
    pub fn dir(&self) -> &DataDir {
        &self.dir
    }

    /// Flushes what is ready and moves it in.
    ///
    /// # Errors
    /// [`DataDirError::Io`]; there is no store then.
    pub fn finish(mut self) -> Result<DataDir, DataDirError> {
        let staging = self.staging();
        self.move_parts()?;
        let database = self.dir.database();
        std::fs::rename(staging.join("inkstone.db"), &database).map_err(io_error("make", &database))?;
        self.done()
    }

    /// [`Restoring::finish`] for a store that a database server keeps: everything but the database moves in.
    ///
    /// # Errors
    /// As [`Restoring::finish`].
    pub fn finish_beside_server(mut self) -> Result<DataDir, DataDirError> {
        self.move_parts()?;
        self.done()
    }

    fn move_parts(&self) -> Result<(), DataDirError> {
        let staging = self.staging();
        sync_tree(&staging).map_err(io_error("flush", &staging))?;
        for name in PARTS {
            let from = staging.join(name);
            if from.exists() {
                std::fs::rename(&from, self.dir.root.join(name)).map_err(io_error("move", &from))?;
            }
        }
        sync_dir(&self.dir.root)
    }

    fn done(&mut self) -> Result<DataDir, DataDirError> {
        self.moved_in = true;
        let staging = self.staging();
        sync_dir(&self.dir.root)?;
        std::fs::remove_dir_all(&staging).map_err(io_error("remove", &staging))?;
        sync_dir(&self.dir.root)?;
        Ok(self.dir.clone())
    }

    fn clear(&self) -> io::Result<()> {
        let mut outcome = Ok(());
        for name in PARTS.into_iter().chain([STAGING]) {
            match std::fs::remove_dir_all(self.dir.root.join(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => outcome = Err(error),
                _ => {}
            }
        }
        outcome
    }
}

impl Drop for Restoring {
    /// Leaves the directory as it was found when the store has not moved in.
    fn drop(&mut self) {
        if self.moved_in {
            return;
        }
        if let Err(error) = self.clear() {
            tracing::warn!(dir = %self.dir.root.display(), %error, "what a failed restore has made could not be removed");
        }
        let _ = std::fs::remove_file(self.dir.lock_file());
        let _ = std::fs::remove_dir(self.dir.backups());
        if !self.was_there {
            let _ = std::fs::remove_dir(&self.dir.root);
        }
    }
}

fn is_empty(dir: &Path) -> bool {
    std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_none())
}

/// Brings every file and every name below `dir` to disk.
fn sync_tree(dir: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        match entry.file_type()? {
            kind if kind.is_dir() => sync_tree(&entry.path())?,
            kind if kind.is_file() => File::open(entry.path())?.sync_all()?,
            _ => {}
        }
    }
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_store_moves_in_whole() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().join("data");
        let restoring = Restoring::begin(&root).unwrap();
        std::fs::write(restoring.staging().join("inkstone.db"), "store").unwrap();
        std::fs::create_dir(restoring.staging().join("keys")).unwrap();
        std::fs::create_dir(restoring.staging().join("scratch")).unwrap();
        restoring.finish().unwrap();
        assert_eq!(names(&root), ["backups", "inkstone.db", "inkstone.lock", "keys"]);
        assert!(DataDir::open(&root).is_ok());
    }

    #[test]
    fn a_restore_that_fails_leaves_the_directory_as_it_was() {
        let temp = tempfile::tempdir().unwrap();
        for root in [temp.path().join("missing"), temp.path().to_owned()] {
            let restoring = Restoring::begin(&root).unwrap();
            std::fs::write(restoring.staging().join("inkstone.db"), "half").unwrap();
            drop(restoring);
            assert_eq!(names(temp.path()), Vec::<String>::new());
        }
    }

    #[test]
    fn a_directory_with_anything_in_it_is_refused_and_left_alone() {
        for name in ["inkstone.db", "thesis.tex", "keys", "index"] {
            let temp = tempfile::tempdir().unwrap();
            std::fs::write(temp.path().join(name), "x").unwrap();
            assert_eq!(Restoring::begin(temp.path()).unwrap_err().slug(), "data-dir-not-empty");
            assert_eq!(names(temp.path()), [name]);
        }
        let temp = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(temp.path().join("backups")).unwrap();
        std::fs::write(temp.path().join("backups/inkstone-x.tar.zst"), "x").unwrap();
        assert_eq!(DataDir::must_be_restorable(temp.path()).unwrap_err().slug(), "data-dir-not-empty");
    }

    #[test]
    fn an_interrupted_restore_keeps_the_server_out_and_another_restore_begins_anew() {
        let temp = tempfile::tempdir().unwrap();
        // As it is between the first rename and the last.
        std::fs::create_dir_all(temp.path().join(STAGING)).unwrap();
        std::fs::create_dir_all(temp.path().join("keys")).unwrap();
        std::fs::write(temp.path().join("keys/master.key"), [1; 32]).unwrap();
        assert_eq!(DataDir::open(temp.path()).unwrap_err().slug(), "restore-unfinished");
        let restoring = Restoring::begin(temp.path()).unwrap();
        assert!(!temp.path().join("keys").exists());
        std::fs::write(restoring.staging().join("inkstone.db"), "store").unwrap();
        restoring.finish().unwrap();
        assert!(DataDir::open(temp.path()).is_ok());
    }

    #[test]
    fn what_is_left_beside_a_store_that_moved_in_keeps_nobody_out() {
        let temp = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(temp.path().join(STAGING)).unwrap();
        std::fs::write(temp.path().join("inkstone.db"), "store").unwrap();
        assert!(DataDir::open(temp.path()).is_ok());
    }

    #[test]
    fn two_restores_do_not_share_a_directory() {
        let temp = tempfile::tempdir().unwrap();
        let first = Restoring::begin(temp.path()).unwrap();
        assert!(["data-dir-in-use"].contains(&Restoring::begin(temp.path()).unwrap_err().slug()));
        assert!(first.staging().exists());
    }
}
