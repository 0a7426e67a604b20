//! Secrets that have to be read back: sealed under a key that lies outside of the store.
//!
//! HKDF-SHA256 (RFC 5869) turns one secret into independent keys, told apart by a label that names the use and never changes;
//! XChaCha20-Poly1305 seals, because its 24-byte nonce may be drawn at random without counting.
//!
//! What the store keeps is sealed by the [`Keyring`], in the form
//!
//! ```text
//! 1 | id of the master key 8 | nonce 24 | sealed text and its tag
//! ```
//!
//! with key id, store and place (table, column, row) bound in: a sealed value that is copied to another row, or to another store under
//! the same key, does not open. The id tells under which key a value lies while a rotation is under way.

use std::fmt;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use parking_lot::RwLock;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::clock::{Ids, Timestamp};
use crate::error::{Error, Result};

/// Bytes of a nonce.
pub const NONCE_BYTES: usize = 24;
/// Bytes of a key's id.
const ID_BYTES: usize = 8;
/// The first byte of a sealed value.
const FORM: u8 = 1;

/// The key for the use that `label` names.
///
/// # Errors
/// [`Error::Internal`], which is a defect.
pub fn derive(secret: &[u8], label: &str) -> Result<[u8; 32]> {
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(None, secret).expand(label.as_bytes(), &mut key).map_err(Error::internal)?;
    Ok(key)
}

/// Nonce and sealed text; `about` must be the same when it is opened.
///
/// # Errors
/// [`Error::Internal`], which is a defect.
pub fn seal(key: &[u8; 32], nonce: &[u8; NONCE_BYTES], about: &[u8], secret: &[u8]) -> Result<Vec<u8>> {
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher
        .encrypt(&XNonce::from(*nonce), Payload { msg: secret, aad: about })
        .map_err(|_| Error::internal("sealing failed"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// What was sealed; `None` for another key, another `about`, or damage.
pub fn open(key: &[u8; 32], about: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: about }).ok()
}

/// Where a sealed value lies.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The key of the row.
    pub row: &'a [u8],
}

/// A master key and what is derived from it.
#[derive(Clone)]
struct Master {
    id: [u8; ID_BYTES],
    sealing: Zeroizing<[u8; 32]>,
}

impl Master {
    fn of(secret: &[u8; 32]) -> Result<Self> {
        let mut id = [0; ID_BYTES];
        id.copy_from_slice(
            &Sha256::new().chain_update("inkstone v1 key id").chain_update(secret).finalize()[..ID_BYTES],
        );
        Ok(Self { id, sealing: Zeroizing::new(derive(secret, "inkstone v1 seal")?) })
    }
}

/// The keys that open a store's secrets; the current one seals. Prints nothing of them. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Keyring {
    keys: Arc<RwLock<Vec<Master>>>,
    store: [u8; 8],
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring")
    }
}

impl Keyring {
    /// Under `current`; what lies under one of `older` opens too. `store` is when the store was first made, by which a store stays the
    /// same through every restore and copy.
    ///
    /// # Errors
    /// [`Error::Internal`], which is a defect.
    pub fn new(current: &[u8; 32], older: &[[u8; 32]], store: Timestamp) -> Result<Self> {
        let keys = std::iter::once(current).chain(older).map(Master::of).collect::<Result<Vec<_>>>()?;
        Ok(Self { keys: Arc::new(RwLock::new(keys)), store: store.micros().to_be_bytes() })
    }

    /// Seals under the current key.
    ///
    /// # Errors
    /// [`Error::Internal`], which is a defect.
    pub fn seal(&self, ids: &Ids, place: Place<'_>, secret: &[u8]) -> Result<Vec<u8>> {
        let keys = self.keys.read();
        let key = keys.first().ok_or_else(|| Error::internal("a keyring without a key"))?;
        let sealed = seal(&key.sealing, &ids.bytes(), &self.about(key, place), secret)?;
        Ok([&[FORM], key.id.as_slice(), &sealed].concat())
    }

    /// What was sealed there; `None` when no key of the ring opens it there.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (id, rest) = parts(sealed)?;
        let keys = self.keys.read();
        let key = keys.iter().find(|key| key.id == id)?;
        open(&key.sealing, &self.about(key, place), rest).map(Zeroizing::new)
    }

    /// Whether a value lies under the current key.
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        parts(sealed).is_some_and(|(id, _)| self.keys.read().first().is_some_and(|key| key.id == id))
    }

    /// Seals under `next` from now on; what lies under the keys before still opens.
    ///
    /// # Errors
    /// [`Error::Internal`], which is a defect.
    pub fn turn(&self, next: &[u8; 32]) -> Result<()> {
        let next = Master::of(next)?;
        let mut keys = self.keys.write();
        keys.retain(|key| key.id != next.id);
        keys.insert(0, next);
        Ok(())
    }

    /// Forgets all keys but the current one.
    pub fn drop_older(&self) {
        self.keys.write().truncate(1);
    }

    fn about(&self, key: &Master, place: Place<'_>) -> Vec<u8> {
        let mut about = b"inkstone seal 1".to_vec();
        for part in [&key.id, &self.store, place.table.as_bytes(), place.column.as_bytes(), place.row] {
            about.extend_from_slice(&(part.len() as u64).to_be_bytes());
            about.extend_from_slice(part);
        }
        about
    }
}

fn parts(sealed: &[u8]) -> Option<([u8; ID_BYTES], &[u8])> {
    let (form, rest) = sealed.split_first()?;
    let (id, rest) = rest.split_first_chunk::<ID_BYTES>()?;
    (*form == FORM).then_some((*id, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place<'_> = Place { table: "totp", column: "sealed", row: b"ann" };
    const THEN: Timestamp = Timestamp::from_micros(7);

    #[test]
    fn what_was_sealed_opens_with_the_same_key_and_purpose_alone() {
        let key = derive(b"secret", "one use").unwrap();
        let sealed = seal(&key, &[7; 24], b"row 1", b"text").unwrap();
        assert_eq!(open(&key, b"row 1", &sealed).as_deref(), Some(b"text".as_slice()));
        assert_eq!(open(&key, b"row 2", &sealed), None);
        assert_eq!(open(&derive(b"secret", "another use").unwrap(), b"row 1", &sealed), None);
        assert_eq!(open(&key, b"row 1", &sealed[..20]), None);
    }

    #[test]
    fn a_value_opens_in_its_own_place_and_store_alone() {
        let ids = Ids::system();
        let ring = Keyring::new(&[1; 32], &[], THEN).unwrap();
        let sealed = ring.seal(&ids, PLACE, b"seed").unwrap();
        assert_eq!(ring.open(PLACE, &sealed).unwrap().as_slice(), b"seed");
        assert!(ring.open(Place { row: b"bob", ..PLACE }, &sealed).is_none());
        assert!(ring.open(Place { column: "other", ..PLACE }, &sealed).is_none());
        assert!(ring.open(Place { table: "secrets", ..PLACE }, &sealed).is_none());
        assert!(Keyring::new(&[1; 32], &[], Timestamp::from_micros(8)).unwrap().open(PLACE, &sealed).is_none());
        assert!(Keyring::new(&[2; 32], &[], THEN).unwrap().open(PLACE, &sealed).is_none());
        for n in 0..sealed.len() {
            let mut bent = sealed.clone();
            bent[n] ^= 1;
            assert!(ring.open(PLACE, &bent).is_none(), "byte {n}");
        }
    }

    #[test]
    fn a_ring_that_has_turned_opens_the_old_and_seals_anew() {
        let ids = Ids::system();
        let ring = Keyring::new(&[1; 32], &[], THEN).unwrap();
        let old = ring.seal(&ids, PLACE, b"seed").unwrap();
        ring.turn(&[2; 32]).unwrap();
        assert!(!ring.is_current(&old) && ring.open(PLACE, &old).is_some());
        let new = ring.seal(&ids, PLACE, b"seed").unwrap();
        assert!(ring.is_current(&new));
        ring.drop_older();
        assert!(ring.open(PLACE, &old).is_none() && ring.open(PLACE, &new).is_some());
    }

    #[test]
    fn a_ring_prints_no_key() {
        assert_eq!(format!("{:?}", Keyring::new(&[1; 32], &[], THEN).unwrap()), "Keyring");
    }
}
