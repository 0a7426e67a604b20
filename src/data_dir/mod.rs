//! The data directory: where everything that is kept is kept, and who may be in it.
//!
//! Owns the names inside the directory, its mode, the lock that one process holds on it, the user that works in it ([`owner`]),
//! the master key ([`master_key`]), and how a restored store moves in ([`restoring`]). Leaves the content of each file to the module that writes it.
//!
//! The order is the point: [`become_owner`] first, while the process has one thread and has made no file; then
//! [`DataDir::open`]; then [`DataDir::lock`]; then, under the lock, [`DataDir::master_key`]; only then the store. A command that
//! finds a server behind [`DataDir::control_socket`] needs none of it.

mod master_key;
mod owner;
mod restoring;

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::fcntl::{Flock, FlockArg};
use nix::unistd::{AccessFlags, access, geteuid};

pub use master_key::MasterKey;
pub use owner::become_owner;
pub use restoring::Restoring;

/// Why a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// Another process holds the lock.
    #[error("{} is in use by another process{}", .dir.display(), .pid.map(|p| format!(" (pid {p})")).unwrap_or_default())]
    InUse {
        /// The directory.
        dir: PathBuf,
        /// Who holds it, when it said so.
        pid: Option<u32>,
    },
    /// The control socket would not fit into a socket address.
    #[error("{} is too long a path: the control socket in it may have at most {} bytes and would have {length}", .dir.display(), SOCKET_PATH_MAX)]
    PathTooLong {
        /// The directory.
        dir: PathBuf,
        /// The length of the socket's path.
        length: usize,
    },
    /// There is something else in its place.
    #[error("{} is not a directory", .0.display())]
    NotADirectory(PathBuf),
    /// Other users may look inside, and it holds other things, so that closing it could harm them.
    #[error("{} is open to other users and holds files that are not Inkstone's", .0.display())]
    Foreign(PathBuf),
    /// Other users may look inside, and it is not ours to close.
    #[error("{} is open to every user of this machine and belongs to {owner}", .dir.display())]
    Exposed {
        /// The directory.
        dir: PathBuf,
        /// The name or number of its owner.
        owner: String,
    },
    /// It belongs to somebody else.
    #[error("{} belongs to {owner}, and this process may not write there", .dir.display())]
    NotPermitted {
        /// The directory.
        dir: PathBuf,
        /// The name or number of its owner.
        owner: String,
    },
    /// Root could not become the owner.
    #[error("cannot go on as {owner}, the owner of {}: {reason}", .dir.display())]
    OwnerSwitch {
        /// The directory.
        dir: PathBuf,
        /// The name or number of its owner.
        owner: String,
        /// What the system said.
        reason: String,
    },
    /// There is a store and the key that seals its secrets is gone.
    #[error("{} is missing, and the store was made with it", .0.display())]
    KeyMissing(PathBuf),
    /// The key file is not 32 bytes in a regular file.
    #[error("{} is not a master key: it has to be a file of exactly {} bytes", .0.display(), MasterKey::LENGTH)]
    KeyDamaged(PathBuf),
    /// Other users can read the key.
    #[error("{} can be read by every user of this machine", .0.display())]
    KeyExposed(PathBuf),
    /// A store is to be restored here, and something is here already.
    #[error("{} is not empty", .0.display())]
    NotEmpty(PathBuf),
    /// A restore was interrupted before the store had moved in.
    #[error("a restore into {} was interrupted, and there is no store in it", .0.display())]
    RestoreUnfinished(PathBuf),
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

/// The longest path of a Unix socket: 108 bytes with the closing NUL (`unix(7)`).
const SOCKET_PATH_MAX: usize = 107;

impl DataDirError {
    /// Stable word for programs.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::InUse { .. } => "data-dir-in-use",
            Self::PathTooLong { .. } => "data-dir-path-too-long",
            Self::NotADirectory(_) => "data-dir-not-a-directory",
            Self::Foreign(_) => "data-dir-foreign",
            Self::Exposed { .. } => "data-dir-exposed",
            Self::NotPermitted { .. } => "data-dir-not-permitted",
            Self::OwnerSwitch { .. } => "data-dir-owner-switch",
            Self::KeyMissing(_) => "master-key-missing",
            Self::KeyDamaged(_) => "master-key-damaged",
            Self::KeyExposed(_) => "master-key-exposed",
            Self::NotEmpty(_) => "data-dir-not-empty",
            Self::RestoreUnfinished(_) => "restore-unfinished",
            Self::Io { .. } => "data-dir-io",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::InUse { .. } => "stop that process first, or give this one another --data-dir".to_owned(),
            Self::PathTooLong { .. } => "choose a shorter --data-dir".to_owned(),
            Self::Foreign(dir) => format!("use a directory of its own, such as {}", dir.join("inkstone").display()),
            Self::Exposed { dir, .. } => {
                format!("use a directory inside it, such as {}", dir.join("inkstone").display())
            }
            Self::NotPermitted { owner, .. } if owner == "root" => "run this as root".to_owned(),
            Self::NotPermitted { owner, .. } => format!("run this as {owner} or as root"),
            Self::OwnerSwitch { owner, .. } => format!("run this as {owner}"),
            Self::KeyMissing(key) => format!("put the key back from a backup to {}", key.display()),
            Self::KeyDamaged(_) => "put the key back from a backup".to_owned(),
            Self::KeyExposed(key) => format!("if nobody has read it: chmod 600 {}", key.display()),
            Self::NotEmpty(dir) => format!(
                "restore into a new directory, such as {}, and exchange the two when you are content with it",
                dir.with_extension("restored").display()
            ),
            Self::RestoreUnfinished(dir) => {
                format!("run `inkstone restore` again, or remove {} to begin an empty store", dir.display())
            }
            Self::NotADirectory(_) | Self::Io { .. } => return None,
        })
    }

    /// Whether this is a refusal for safety's sake rather than a failure of the machine.
    pub fn is_refusal(&self) -> bool {
        !matches!(self, Self::Io { .. })
    }
}

fn io_error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> DataDirError {
    let path = path.to_owned();
    move |error| DataDirError::Io { what, path, error }
}

/// A data directory and the names in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDir {
    root: PathBuf,
}

impl DataDir {
    /// The names alone; touches nothing. Refuses a path that is too long for its control socket.
    pub fn at(root: impl Into<PathBuf>) -> Result<Self, DataDirError> {
        let dir = Self { root: root.into() };
        let length = dir.control_socket().as_os_str().as_bytes().len();
        if length > SOCKET_PATH_MAX { Err(DataDirError::PathTooLong { dir: dir.root, length }) } else { Ok(dir) }
    }

    /// Makes the directory when it is missing and sees to it that nobody else can look inside. `backups/` is made as well,
    /// because a migration must be able to leave its snapshot there.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, DataDirError> {
        let dir = Self::open_whatever_is_left(root)?;
        if dir.is_half_restored() { Err(DataDirError::RestoreUnfinished(dir.root)) } else { Ok(dir) }
    }

    fn open_whatever_is_left(root: impl Into<PathBuf>) -> Result<Self, DataDirError> {
        let dir = Self::at(root)?;
        match std::fs::metadata(&dir.root) {
            Ok(found) if !found.is_dir() => return Err(DataDirError::NotADirectory(dir.root)),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => dir.make()?,
            Err(error) => return Err(io_error("look at", &dir.root)(error)),
        }
        dir.close_to_others()?;
        let wanted = AccessFlags::R_OK | AccessFlags::W_OK | AccessFlags::X_OK;
        if access(&dir.root, wanted).is_err() {
            return Err(DataDirError::NotPermitted { owner: owner::name_of(&dir.root), dir: dir.root });
        }
        let backups = dir.backups();
        DirBuilder::new().recursive(true).mode(0o700).create(&backups).map_err(io_error("make", &backups))?;
        Ok(dir)
    }

    fn make(&self) -> Result<(), DataDirError> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.root).map_err(io_error("make", &self.root))?;
        // Without this a power cut could take the directory away, and every acknowledged note with it.
        let parent = self.root.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        sync_dir(parent)
    }

    /// Mode 0700. What is not plainly ours is refused rather than changed: `--data-dir /` by root must not lock everybody out.
    fn close_to_others(&self) -> Result<(), DataDirError> {
        let look = io_error("look at", &self.root);
        let found = std::fs::metadata(&self.root).map_err(look)?;
        let open = found.mode() & 0o077;
        if open == 0 {
            return Ok(());
        }
        if found.uid() != geteuid().as_raw() {
            if open & 0o007 != 0 {
                return Err(DataDirError::Exposed { owner: owner::name_of(&self.root), dir: self.root.clone() });
            }
            // A group that was set up for this process, as Kubernetes does it; the files inside have modes of their own.
            tracing::warn!(dir = %self.root.display(), "the data directory belongs to another user and is shared with a group");
            return Ok(());
        }
        if found.mode() & 0o1000 != 0 || !self.is_ours_or_empty()? {
            return Err(DataDirError::Foreign(self.root.clone()));
        }
        tracing::warn!(dir = %self.root.display(), mode = %format!("{:o}", found.mode() & 0o777),
            "the data directory was open to other users; its mode is now 0700");
        std::fs::set_permissions(&self.root, std::fs::Permissions::from_mode(0o700))
            .map_err(io_error("change the mode of", &self.root))
    }

    fn is_ours_or_empty(&self) -> Result<bool, DataDirError> {
        if self.database().exists() || self.lock_file().exists() || self.is_half_restored() {
            return Ok(true);
        }
        for entry in std::fs::read_dir(&self.root).map_err(io_error("read", &self.root))? {
            // Every fresh ext file system has it.
            if entry.map_err(io_error("read", &self.root))?.file_name() != "lost+found" {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The store.
    pub fn database(&self) -> PathBuf {
        self.root.join("inkstone.db")
    }

    /// The search index: derived data, may be deleted.
    pub fn index(&self) -> PathBuf {
        self.root.join("index")
    }

    /// Attachments.
    pub fn blobs(&self) -> PathBuf {
        self.root.join("blobs")
    }

    /// Backups and the snapshots before migrations.
    pub fn backups(&self) -> PathBuf {
        self.root.join("backups")
    }

    /// Exports that wait to be fetched, and archives that wait to be brought in.
    pub fn transfers(&self) -> PathBuf {
        self.root.join("transfers")
    }

    /// Keys that are not in the store.
    pub fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    /// Where a running server listens for commands.
    pub fn control_socket(&self) -> PathBuf {
        self.root.join("control.sock")
    }

    fn lock_file(&self) -> PathBuf {
        self.root.join("inkstone.lock")
    }

    /// Takes the directory for this process. When it is taken, tries again for `patience`: a command that runs for a moment
    /// should not keep a server from starting.
    pub fn lock(&self, patience: Duration) -> Result<Lock, DataDirError> {
        let path = self.lock_file();
        let until = Instant::now() + patience;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(io_error("open", &path))?;
        loop {
            match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
                Ok(mut held) => {
                    let pid = std::process::id();
                    let written = held.set_len(0).and_then(|()| held.rewind()).and_then(|()| writeln!(held, "{pid}"));
                    written.map_err(io_error("write", &path))?;
                    return Ok(Lock { _held: held });
                }
                Err((back, nix::errno::Errno::EWOULDBLOCK)) if Instant::now() < until => {
                    file = back;
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err((mut back, nix::errno::Errno::EWOULDBLOCK)) => {
                    let mut text = String::new();
                    let pid = back.rewind().and_then(|()| back.read_to_string(&mut text)).ok();
                    let pid = pid.and_then(|_| text.trim().parse().ok());
                    return Err(DataDirError::InUse { dir: self.root.clone(), pid });
                }
                Err((_, errno)) => return Err(io_error("lock", &path)(errno.into())),
            }
        }
    }
}

/// Proof that this process alone uses the directory; freed when dropped, and by the system when the process ends however it
/// ends.
#[derive(Debug)]
pub struct Lock {
    _held: Flock<File>,
}

/// Files that this process makes are for its own user alone. Process-wide, so `main` calls it, first thing.
pub fn keep_files_private() {
    nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(0o077));
}

/// Brings the names in a directory to disk.
fn sync_dir(dir: &Path) -> Result<(), DataDirError> {
    File::open(dir).and_then(|opened| opened.sync_all()).map_err(io_error("sync", dir))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().mode() & 0o7777
    }

    fn chmod(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_missing_directory_is_made_for_its_owner_alone() {
        let temp = tempfile::tempdir().unwrap();
        let dir = DataDir::open(temp.path().join("a/b")).unwrap();
        assert_eq!(mode(dir.root()), 0o700);
    }

    #[test]
    fn an_empty_or_own_directory_that_is_open_to_others_is_closed() {
        for own_file in [None, Some("lost+found"), Some("inkstone.db")] {
            let temp = tempfile::tempdir().unwrap();
            if let Some(name) = own_file {
                std::fs::write(temp.path().join(name), "").unwrap();
            }
            chmod(temp.path(), 0o755);
            DataDir::open(temp.path()).unwrap();
            assert_eq!(mode(temp.path()), 0o700);
        }
    }

    #[test]
    fn an_open_directory_with_other_files_is_refused_and_left_alone() {
        let temp = tempfile::tempdir().unwrap();
        std::fs::write(temp.path().join("thesis.tex"), "").unwrap();
        chmod(temp.path(), 0o755);
        let error = DataDir::open(temp.path()).unwrap_err();
        assert_eq!((error.slug(), error.is_refusal()), ("data-dir-foreign", true));
        assert_eq!(mode(temp.path()), 0o755);
        chmod(temp.path(), 0o700);
        assert!(DataDir::open(temp.path()).is_ok(), "a private directory is nobody else's concern");
    }

    #[test]
    fn a_sticky_directory_is_shared_on_purpose_and_refused() {
        let temp = tempfile::tempdir().unwrap();
        chmod(temp.path(), 0o1777);
        assert_eq!(DataDir::open(temp.path()).unwrap_err().slug(), "data-dir-foreign");
    }

    #[test]
    fn a_path_that_is_too_long_for_the_socket_is_refused() {
        let fits = "/".to_owned() + &"x".repeat(SOCKET_PATH_MAX - 1 - "/control.sock".len());
        assert!(DataDir::at(&fits).is_ok());
        assert_eq!(DataDir::at(fits + "x").unwrap_err().slug(), "data-dir-path-too-long");
    }

    #[test]
    fn a_file_in_its_place_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        let file = temp.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert_eq!(DataDir::open(&file).unwrap_err().slug(), "data-dir-not-a-directory");
    }

    #[test]
    fn the_lock_excludes_a_second_holder_and_names_the_first() {
        let temp = tempfile::tempdir().unwrap();
        let dir = DataDir::open(temp.path()).unwrap();
        let held = dir.lock(Duration::ZERO).unwrap();
        let error = dir.lock(Duration::ZERO).unwrap_err();
        assert_eq!(error.slug(), "data-dir-in-use");
        assert!(error.to_string().contains(&format!("pid {}", std::process::id())), "{error}");
        drop(held);
        assert!(dir.lock(Duration::ZERO).is_ok());
    }
}
