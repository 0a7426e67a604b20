//! How much room the disk has.

use std::path::PathBuf;

/// Watches the file system that holds the store.
///
/// SQLite needs room even to delete, so a disk that is truly full cannot be cleared from inside. Below the reserve the store
/// refuses what would grow it and still accepts what makes room.
#[derive(Debug, Clone)]
pub struct Disk {
    path: PathBuf,
    reserve: u64,
}

impl Disk {
    /// Watches the file system of `path`, keeping `reserve` bytes back (0: none).
    pub fn new(path: impl Into<PathBuf>, reserve: u64) -> Self {
        Self { path: path.into(), reserve }
    }

    /// Bytes that this process may still write; `None` when the system does not say.
    pub fn free(&self) -> Option<u64> {
        let stat = nix::sys::statvfs::statvfs(&self.path).ok()?;
        Some(stat.blocks_available() * stat.fragment_size())
    }

    /// Whether the reserve is touched.
    pub fn is_low(&self) -> bool {
        self.reserve > 0 && self.free().is_some_and(|free| free < self.reserve)
    }
}
