//! The keys of a data directory, sealed for their way into an archive and opened on their way out.
//!
//! Owns what `keys.age` is: an age file (age-encryption.org/v1), sealed by a passphrase or for a recipient, that holds a tar of the
//! files in `keys/`. So `age -d keys.age | tar -x` opens it without this program. In an archive they never lie open: whoever
//! takes the archive must not get along with the notes what seals second factors and signing keys.
//!
//! age draws its own randomness; that is the one place where it is not handed in.

use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::str::FromStr;

use age::x25519;
use secrecy::{ExposeSecret, SecretBox, SecretString};

use super::BackupError;
use super::error::io_error;

/// Bytes that all keys together may have: a master key has 32.
const MOST: u64 = 1 << 20;
/// The work that a passphrase may cost, as a power of two, above what machines of today set: an archive of a fast machine opens on
/// a slow one, and a hostile one does not keep it busy for hours.
const MOST_WORK: u8 = 22;

/// What seals.
#[derive(Debug, Clone)]
pub enum Sealing {
    /// Whoever knows it opens the keys.
    Passphrase(SecretString),
    /// Whoever holds the identity of this recipient (`age1...`) does.
    Recipient(String),
}

/// What opens.
#[derive(Debug, Clone)]
pub enum Opening {
    /// As sealed.
    Passphrase(SecretString),
    /// The text of an identity file (`AGE-SECRET-KEY-1...`).
    Identity(SecretString),
}

/// Files of a key directory, by their names.
pub(super) type Files = Vec<(String, SecretBox<Vec<u8>>)>;

impl Sealing {
    /// Whether it can seal at all, before anything is made.
    ///
    /// # Errors
    /// [`BackupError::KeyUnusable`].
    pub fn check(&self) -> Result<(), BackupError> {
        match self {
            Self::Passphrase(_) => Ok(()),
            Self::Recipient(text) => recipient(text).map(drop),
        }
    }
}

fn recipient(text: &str) -> Result<x25519::Recipient, BackupError> {
    x25519::Recipient::from_str(text.trim())
        .map_err(|why| BackupError::KeyUnusable(format!("`{text}` is not an age recipient (age1...): {why}")))
}

/// Seals the files in `dir`; an age file.
pub(super) fn seal(dir: &Path, sealing: &Sealing) -> Result<Vec<u8>, BackupError> {
    let plain = pack(dir)?;
    let failed = |why: String| BackupError::KeyUnusable(format!("the keys cannot be sealed: {why}"));
    let encryptor = match sealing {
        Sealing::Passphrase(passphrase) => age::Encryptor::with_user_passphrase(passphrase.clone()),
        Sealing::Recipient(text) => {
            let recipient = recipient(text)?;
            let recipients = std::iter::once(&recipient as &dyn age::Recipient);
            age::Encryptor::with_recipients(recipients).map_err(|e| failed(e.to_string()))?
        }
    };
    let mut sealed = Vec::new();
    let write = || {
        let mut writer = encryptor.wrap_output(&mut sealed)?;
        writer.write_all(plain.expose_secret())?;
        writer.finish().map(drop)
    };
    write().map_err(|e| failed(e.to_string()))?;
    Ok(sealed)
}

/// A tar of the plain files in `dir`, sorted.
fn pack(dir: &Path) -> Result<SecretBox<Vec<u8>>, BackupError> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(io_error("read", dir))? {
        let entry = entry.map_err(io_error("read", dir))?;
        let name = entry.file_name().into_string().unwrap_or_default();
        if is_key(&name) && entry.file_type().map_err(io_error("read", dir))?.is_file() {
            names.push(name);
        }
    }
    names.sort();
    let pack = || -> io::Result<Vec<u8>> {
        // Room from the beginning, so that growing leaves no copies behind.
        let mut tar = tar::Builder::new(Vec::with_capacity(64 << 10));
        for name in &names {
            let mut content = SecretBox::new(Box::new(Vec::with_capacity(4 << 10)));
            let content: &mut Vec<u8> = secrecy::ExposeSecretMut::expose_secret_mut(&mut content);
            std::fs::File::open(dir.join(name))?.take(MOST).read_to_end(content)?;
            let mut header = tar::Header::new_ustar();
            header.set_path(name)?;
            header.set_size(content.len() as u64);
            header.set_mode(0o600);
            header.set_entry_type(tar::EntryType::Regular);
            header.set_cksum();
            tar.append(&header, content.as_slice())?;
        }
        tar.into_inner()
    };
    pack().map(|bytes| SecretBox::new(Box::new(bytes))).map_err(io_error("read", dir))
}

/// Opens what [`seal`] has sealed.
///
/// # Errors
/// [`BackupError::KeysClosed`] when `opening` is not what opens it, [`BackupError::Hostile`] when it holds anything else than keys.
pub(super) fn open(sealed: &[u8], opening: &Opening) -> Result<Files, BackupError> {
    let closed = |why: String| BackupError::KeysClosed(why);
    let identity: Box<dyn age::Identity> = match opening {
        Opening::Passphrase(passphrase) => {
            let mut identity = age::scrypt::Identity::new(passphrase.clone());
            identity.set_max_work_factor(MOST_WORK);
            Box::new(identity)
        }
        Opening::Identity(text) => Box::new(identity(text)?),
    };
    let decryptor = age::Decryptor::new_buffered(sealed).map_err(|e| closed(e.to_string()))?;
    let reader = decryptor.decrypt(std::iter::once(&*identity)).map_err(|e| closed(e.to_string()))?;
    let mut plain = SecretBox::new(Box::new(Vec::with_capacity(64 << 10)));
    let read = reader.take(MOST + 1).read_to_end(secrecy::ExposeSecretMut::expose_secret_mut(&mut plain));
    let size = read.map_err(|e| closed(e.to_string()))?;
    let hostile = || BackupError::Hostile("its keys are not those of a data directory".to_owned());
    if size as u64 > MOST {
        return Err(hostile());
    }
    let mut files: Files = Vec::new();
    let mut tar = tar::Archive::new(plain.expose_secret().as_slice());
    for entry in tar.entries().map_err(|_| hostile())?.raw(true) {
        let mut entry = entry.map_err(|_| hostile())?;
        let name = String::from_utf8(entry.path_bytes().into_owned()).map_err(|_| hostile())?;
        let is_new = files.iter().all(|(other, _)| *other != name);
        if entry.header().entry_type() != tar::EntryType::Regular || !is_key(&name) || !is_new {
            return Err(hostile());
        }
        let mut content =
            SecretBox::new(Box::new(Vec::with_capacity(usize::try_from(entry.size()).unwrap_or(0).min(64 << 10))));
        entry.read_to_end(secrecy::ExposeSecretMut::expose_secret_mut(&mut content)).map_err(|_| hostile())?;
        files.push((name, content));
    }
    Ok(files)
}

/// Writes opened keys into the new directory `dir`.
pub(super) fn lay_out(files: &Files, dir: &Path) -> Result<(), BackupError> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().mode(0o700).create(dir).map_err(io_error("make", dir))?;
    for (name, content) in files {
        let path = dir.join(name);
        let write = || {
            let mut options = std::fs::OpenOptions::new();
            let mut file = options.write(true).create_new(true).mode(0o600).open(&path)?;
            file.write_all(content.expose_secret())?;
            file.sync_all()
        };
        write().map_err(io_error("write", &path))?;
    }
    Ok(())
}

/// The first identity in the text of an identity file; comments and empty lines are passed over.
fn identity(text: &SecretString) -> Result<x25519::Identity, BackupError> {
    let lines = text.expose_secret().lines().map(str::trim);
    let found = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).find_map(|line| line.parse().ok());
    found.ok_or_else(|| {
        BackupError::KeyUnusable("there is no age identity (AGE-SECRET-KEY-1...) in that file".to_owned())
    })
}

/// Whether a file in a key directory may have this name. Drafts of a key that was being written do not count.
fn is_key(name: &str) -> bool {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    plain && (1..=100).contains(&name.len()) && !name.starts_with('.') && !name.ends_with(".new")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> tempfile::TempDir {
        let temp = tempfile::tempdir().unwrap();
        std::fs::write(temp.path().join("master.key"), [7; 32]).unwrap();
        std::fs::write(temp.path().join("master.key.new"), [8; 16]).unwrap();
        temp
    }

    fn opened(sealed: &[u8], opening: &Opening) -> Result<Vec<(String, Vec<u8>)>, &'static str> {
        let files = open(sealed, opening).map_err(|e| e.slug())?;
        Ok(files.into_iter().map(|(name, content)| (name, content.expose_secret().clone())).collect())
    }

    #[test]
    fn what_a_passphrase_seals_only_it_opens() {
        let pass = |text: &str| SecretString::from(text.to_owned());
        let sealed = seal(keys().path(), &Sealing::Passphrase(pass("right"))).unwrap();
        assert!(!sealed.windows(32).any(|w| w == [7; 32]));
        let expected = Ok(vec![("master.key".to_owned(), vec![7; 32])]);
        assert_eq!(opened(&sealed, &Opening::Passphrase(pass("right"))), expected);
        assert_eq!(opened(&sealed, &Opening::Passphrase(pass("wrong"))), Err("backup-keys-closed"));
    }

    #[test]
    fn what_is_sealed_for_a_recipient_its_identity_opens() {
        let identity = x25519::Identity::generate();
        let sealed = seal(keys().path(), &Sealing::Recipient(identity.to_public().to_string())).unwrap();
        let file = format!("# created: today\n\n{}\n", identity.to_string().expose_secret());
        assert_eq!(opened(&sealed, &Opening::Identity(file.into())).unwrap().len(), 1);
        let other = x25519::Identity::generate().to_string().expose_secret().to_owned();
        assert_eq!(opened(&sealed, &Opening::Identity(other.into())), Err("backup-keys-closed"));
        assert_eq!(opened(&sealed, &Opening::Identity("nothing".to_owned().into())), Err("backup-key-unusable"));
        for at in (0..sealed.len()).step_by(7) {
            let mut turned = sealed.clone();
            turned[at] ^= 1;
            let file = identity.to_string().expose_secret().to_owned();
            assert!(opened(&turned, &Opening::Identity(file.into())).is_err(), "{at}");
        }
    }

    #[test]
    fn a_recipient_is_judged_before_anything_is_made() {
        assert!(Sealing::Recipient("age1nonsense".to_owned()).check().is_err());
        assert!(Sealing::Recipient(x25519::Identity::generate().to_public().to_string()).check().is_ok());
    }

    #[test]
    fn keys_that_would_lie_elsewhere_are_refused() {
        let identity = x25519::Identity::generate();
        for name in ["../master.key", "a/b", ".hidden"] {
            let mut tar = tar::Builder::new(Vec::new());
            let mut header = tar::Header::new_ustar();
            header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
            header.set_size(1);
            header.set_entry_type(tar::EntryType::Regular);
            header.set_cksum();
            tar.append(&header, &b"x"[..]).unwrap();
            let sealed = age::encrypt(&identity.to_public(), &tar.into_inner().unwrap()).unwrap();
            let opening = Opening::Identity(identity.to_string().expose_secret().to_owned().into());
            assert_eq!(opened(&sealed, &opening), Err("backup-hostile"), "{name}");
        }
    }
}
