//! Files on their way: exports that wait to be fetched, and archives that wait to be brought in.
//!
//! Owns a directory and the names in it: one file for each job, under the job's id. What is in the files, and who may have them, is
//! `export`'s and `import`'s. They are no part of the store, of backups neither: an export can be made again.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use uuid::Uuid;

use crate::clock::Timestamp;

/// How long a file waits. Longer than any job is tried again.
pub const KEPT: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// Where they lie. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Transfers {
    root: PathBuf,
}

impl Transfers {
    /// In this directory, which is made when it is needed.
    pub fn at(root: PathBuf) -> Self {
        Self { root }
    }

    /// The archive that a job makes.
    pub fn outgoing(&self, job: Uuid) -> PathBuf {
        self.root.join(format!("export-{job}.zip"))
    }

    /// The archive that a job brings in.
    pub fn incoming(&self, job: Uuid) -> PathBuf {
        self.root.join(format!("import-{job}.zip"))
    }

    /// A new file that takes the name `path` by [`Transfers::keep`]; one that was left unfinished is overwritten.
    ///
    /// # Errors
    /// What the system says.
    pub fn begin(&self, path: &Path) -> io::Result<File> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.root)?;
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(unfinished(path))
    }

    /// Makes the file durable and gives it its name.
    ///
    /// # Errors
    /// What the system says.
    pub fn keep(&self, file: &File, path: &Path) -> io::Result<()> {
        file.sync_all()?;
        std::fs::rename(unfinished(path), path)?;
        File::open(&self.root)?.sync_all()
    }

    /// Removes the file under that name and what was begun for it; that there is none is fine.
    pub fn remove(&self, path: &Path) {
        for path in [path.to_owned(), unfinished(path)] {
            if let Err(why) = std::fs::remove_file(&path)
                && why.kind() != io::ErrorKind::NotFound
            {
                tracing::warn!(path = %path.display(), %why, "a file could not be removed");
            }
        }
    }

    /// Removes what has waited for longer than [`KEPT`], by the time in the ids of the jobs; returns how many files went.
    ///
    /// # Errors
    /// What the system says.
    pub fn sweep(&self, now: Timestamp) -> io::Result<usize> {
        let entries = match std::fs::read_dir(&self.root) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(0),
            entries => entries?,
        };
        let mut gone = 0;
        for entry in entries {
            let entry = entry?;
            let is_old = entry.file_name().to_str().and_then(made_at).is_some_and(|made| made.plus(KEPT) <= now);
            if is_old && std::fs::remove_file(entry.path()).is_ok() {
                gone += 1;
            }
        }
        Ok(gone)
    }
}

fn unfinished(path: &Path) -> PathBuf {
    path.with_extension("part")
}

/// When the job of a file was made; `None` for a file that is none of ours.
fn made_at(name: &str) -> Option<Timestamp> {
    let stem = name.strip_prefix("export-").or_else(|| name.strip_prefix("import-"))?;
    let id: Uuid = stem.rsplit_once('.')?.0.parse().ok()?;
    let (seconds, nanos) = id.get_timestamp()?.to_unix();
    let micros = i64::try_from(seconds).ok()?.checked_mul(1_000_000)?;
    Some(Timestamp::from_micros(micros + i64::from(nanos / 1000)))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::clock::{Ids, ManualClock, SeededEntropy};

    #[test]
    fn a_file_has_its_name_when_it_is_whole_and_goes_after_its_time() {
        let dir = tempfile::tempdir().unwrap();
        let transfers = Transfers::at(dir.path().join("transfers"));
        let clock = std::sync::Arc::new(ManualClock::new(Timestamp::from_micros(1_772_357_400_000_000)));
        let ids = Ids::new(clock.clone(), std::sync::Arc::new(SeededEntropy::new(7)));
        let path = transfers.outgoing(ids.id());
        let mut file = transfers.begin(&path).unwrap();
        file.write_all(b"zip").unwrap();
        assert!(!path.exists());
        transfers.keep(&file, &path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"zip");
        std::fs::write(dir.path().join("transfers/mine.txt"), "").unwrap();
        let unfinished = transfers.incoming(ids.id());
        transfers.begin(&unfinished).unwrap();

        clock.advance(KEPT - Duration::from_secs(1));
        assert_eq!(transfers.sweep(ids.now()).unwrap(), 0);
        clock.advance(Duration::from_secs(1));
        assert_eq!(transfers.sweep(ids.now()).unwrap(), 2);
        assert!(dir.path().join("transfers/mine.txt").exists(), "what is not ours stays");
    }

    #[test]
    fn nothing_to_sweep_is_no_failure() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Transfers::at(dir.path().join("none")).sweep(Timestamp::from_micros(0)).unwrap(), 0);
    }
}
