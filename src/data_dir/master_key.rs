//! The key that seals secrets inside the store, kept beside it and not in it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretBox, SecretString};

use super::{DataDir, DataDirError, io_error, sync_dir};
use crate::clock::Entropy;

/// 256 random bits. Printed nowhere, wiped when dropped.
#[derive(Debug)]
pub struct MasterKey(SecretBox<[u8; Self::LENGTH]>);

impl MasterKey {
    /// Bytes of a key.
    pub const LENGTH: usize = 32;

    /// The key of the settings: 64 hexadecimal digits, which the settings have seen to. `None` when they are none.
    pub fn from_hex(text: &SecretString) -> Option<Self> {
        let text = text.expose_secret();
        let digit = |at: usize| u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok();
        let mut whole = text.len() == Self::LENGTH * 2;
        let key = SecretBox::init_with_mut(|bytes: &mut [u8; Self::LENGTH]| {
            for (at, byte) in bytes.iter_mut().enumerate() {
                match digit(at) {
                    Some(value) => *byte = value,
                    None => whole = false,
                }
            }
        });
        whole.then_some(Self(key))
    }

    /// The key itself, for a key derivation.
    pub fn expose(&self) -> &[u8; Self::LENGTH] {
        self.0.expose_secret()
    }
}

impl DataDir {
    /// The key of this directory. It is made on the first call, which has to come before the store is made: a store without
    /// its key is refused, because a new key would open none of its secrets.
    ///
    /// Call it under the [`super::Lock`].
    pub fn master_key(&self, entropy: &dyn Entropy) -> Result<MasterKey, DataDirError> {
        let path = self.keys().join("master.key");
        match OpenOptions::new().read(true).custom_flags(nix::libc::O_NOFOLLOW).open(&path) {
            Ok(file) => read(file, &path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if self.database().exists() {
                    return Err(DataDirError::KeyMissing(path));
                }
                self.make_key(&path, entropy)
            }
            Err(error) if error.raw_os_error() == Some(nix::libc::ELOOP) => Err(DataDirError::KeyDamaged(path)),
            Err(error) => Err(io_error("open", &path)(error)),
        }
    }

    /// The key in a directory of keys that is being restored; `None` when there is none.
    pub fn master_key_in(keys: &Path) -> Result<Option<MasterKey>, DataDirError> {
        let path = keys.join("master.key");
        match OpenOptions::new().read(true).custom_flags(nix::libc::O_NOFOLLOW).open(&path) {
            Ok(file) => read(file, &path).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error("open", &path)(error)),
        }
    }

    /// Written under another name and moved into place, so that a power cut leaves a whole key or none.
    fn make_key(&self, path: &Path, entropy: &dyn Entropy) -> Result<MasterKey, DataDirError> {
        let dir = self.keys();
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&dir).map_err(io_error("make", &dir))?;
        let key = SecretBox::init_with_mut(|bytes: &mut [u8; MasterKey::LENGTH]| entropy.fill(bytes));
        let draft = dir.join("master.key.new");
        let write = || {
            let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
            file.write_all(key.expose_secret())?;
            file.sync_all()?;
            std::fs::rename(&draft, path)
        };
        write().map_err(io_error("write", path))?;
        sync_dir(&dir)?;
        sync_dir(self.root())?;
        Ok(MasterKey(key))
    }

    fn next(&self) -> PathBuf {
        self.keys().join("master.key.next")
    }

    /// The key of a turn that was begun and not finished: what the store holds may lie under either.
    ///
    /// # Errors
    /// As [`DataDir::master_key`].
    pub fn next_master_key(&self) -> Result<Option<MasterKey>, DataDirError> {
        let path = self.next();
        match OpenOptions::new().read(true).custom_flags(nix::libc::O_NOFOLLOW).open(&path) {
            Ok(file) => read(file, &path).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error("open", &path)(error)),
        }
    }

    /// Begins a turn to another key: it lies beside the present one, so that whatever happens from now on both are there.
    ///
    /// # Errors
    /// As [`DataDir::master_key`].
    pub fn draw_next_master_key(&self, entropy: &dyn Entropy) -> Result<MasterKey, DataDirError> {
        match self.next_master_key()? {
            Some(begun) => Ok(begun),
            None => self.make_key(&self.next(), entropy),
        }
    }

    /// Ends a turn, once everything lies under the next key: it takes the place of the present one, which is kept under the day's name
    /// for the backups that were made under it. Returns that name.
    ///
    /// # Errors
    /// [`DataDirError::Io`].
    pub fn retire_master_key(&self, day: &str) -> Result<PathBuf, DataDirError> {
        let (path, dir) = (self.keys().join("master.key"), self.keys());
        let mut retired = dir.join(format!("master.key.until-{day}"));
        for n in 2.. {
            match std::fs::hard_link(&path, &retired) {
                Ok(()) => break,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    retired = dir.join(format!("master.key.until-{day}-{n}"));
                }
                Err(error) => return Err(io_error("keep", &path)(error)),
            }
        }
        std::fs::rename(self.next(), &path).map_err(io_error("replace", &path))?;
        sync_dir(&dir)?;
        Ok(retired)
    }
}

fn read(mut file: File, path: &Path) -> Result<MasterKey, DataDirError> {
    let found = file.metadata().map_err(io_error("look at", path))?;
    if !found.is_file() || found.len() != MasterKey::LENGTH as u64 {
        return Err(DataDirError::KeyDamaged(path.to_owned()));
    }
    if found.mode() & 0o007 != 0 {
        return Err(DataDirError::KeyExposed(path.to_owned()));
    }
    if found.mode() & 0o070 != 0 {
        // Kubernetes gives the group access to every file of a volume at each start; nobody chose that for the key.
        tracing::warn!(key = %path.display(), "the master key was open to a group; its mode is now 0600");
        let mode = std::fs::Permissions::from_mode(0o600);
        file.set_permissions(mode).map_err(io_error("change the mode of", path))?;
    }
    let mut outcome = Ok(());
    let key = SecretBox::init_with_mut(|bytes: &mut [u8; MasterKey::LENGTH]| outcome = file.read_exact(bytes));
    outcome.map_err(io_error("read", path))?;
    Ok(MasterKey(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SeededEntropy;

    #[test]
    fn a_key_of_the_settings_is_its_digits() {
        let read = |text: &str| MasterKey::from_hex(&text.into()).map(|key| *key.expose());
        assert_eq!(read(&"0aF0".repeat(16)), Some([0x0a, 0xf0].repeat(16).try_into().unwrap()));
        assert_eq!(read("0a"), None);
        assert_eq!(read(&"xx".repeat(32)), None);
    }

    fn fixture() -> (tempfile::TempDir, DataDir) {
        let temp = tempfile::tempdir().unwrap();
        let dir = DataDir::open(temp.path().join("data")).unwrap();
        (temp, dir)
    }

    #[test]
    fn the_key_is_made_once_and_is_for_the_owner_alone() {
        let (_temp, dir) = fixture();
        let first = *dir.master_key(&SeededEntropy::new(1)).unwrap().expose();
        let second = *dir.master_key(&SeededEntropy::new(2)).unwrap().expose();
        assert_eq!(first, second);
        let file = std::fs::metadata(dir.keys().join("master.key")).unwrap();
        assert_eq!((file.mode() & 0o777, file.len()), (0o600, 32));
        assert_eq!(std::fs::metadata(dir.keys()).unwrap().mode() & 0o777, 0o700);
        assert_eq!(std::fs::read_dir(dir.keys()).unwrap().count(), 1);
    }

    #[test]
    fn a_store_without_its_key_gets_no_new_one() {
        let (_temp, dir) = fixture();
        std::fs::write(dir.database(), "").unwrap();
        assert_eq!(dir.master_key(&SeededEntropy::new(1)).unwrap_err().slug(), "master-key-missing");
        assert!(!dir.keys().exists());
    }

    #[test]
    fn a_turn_to_another_key_can_be_cut_short_anywhere() {
        let (_temp, dir) = fixture();
        let first = *dir.master_key(&SeededEntropy::new(1)).unwrap().expose();
        assert!(dir.next_master_key().unwrap().is_none());
        let next = *dir.draw_next_master_key(&SeededEntropy::new(2)).unwrap().expose();
        // Cut short and begun again: the same, because something may lie under it already.
        assert_eq!(*dir.draw_next_master_key(&SeededEntropy::new(3)).unwrap().expose(), next);
        assert_eq!(*dir.master_key(&SeededEntropy::new(4)).unwrap().expose(), first);
        let retired = dir.retire_master_key("2026-03-01").unwrap();
        assert_eq!(std::fs::read(&retired).unwrap(), first);
        assert_eq!(*dir.master_key(&SeededEntropy::new(5)).unwrap().expose(), next);
        assert!(dir.next_master_key().unwrap().is_none());
        dir.draw_next_master_key(&SeededEntropy::new(6)).unwrap();
        assert_ne!(dir.retire_master_key("2026-03-01").unwrap(), retired, "none is written over");
    }

    #[test]
    fn a_damaged_or_exposed_key_is_refused_and_left_as_it_is() {
        let (_temp, dir) = fixture();
        dir.master_key(&SeededEntropy::new(1)).unwrap();
        let path = dir.keys().join("master.key");
        let chmod = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        chmod(0o644);
        assert_eq!(dir.master_key(&SeededEntropy::new(1)).unwrap_err().slug(), "master-key-exposed");
        chmod(0o660);
        assert!(dir.master_key(&SeededEntropy::new(1)).is_ok());
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        std::fs::write(&path, [7; 31]).unwrap();
        assert_eq!(dir.master_key(&SeededEntropy::new(1)).unwrap_err().slug(), "master-key-damaged");
        std::fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", &path).unwrap();
        assert_eq!(dir.master_key(&SeededEntropy::new(1)).unwrap_err().slug(), "master-key-damaged");
    }
}
