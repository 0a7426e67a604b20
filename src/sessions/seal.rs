//! Deriving keys and sealing small secrets with them.
//!
//! HKDF-SHA256 (RFC 5869) turns one secret into independent keys, told apart by a label that names the use and never changes;
//! XChaCha20-Poly1305 seals, because its 24-byte nonce may be drawn at random without counting.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;

use crate::error::{Error, Result};

/// Bytes of a nonce.
pub(super) const NONCE_BYTES: usize = 24;

/// The key for the use that `label` names.
pub(super) fn derive(secret: &[u8], label: &str) -> Result<[u8; 32]> {
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(None, secret).expand(label.as_bytes(), &mut key).map_err(Error::internal)?;
    Ok(key)
}

/// Nonce and sealed text; `about` must be the same when it is opened.
pub(super) fn seal(key: &[u8; 32], nonce: &[u8; NONCE_BYTES], about: &[u8], secret: &[u8]) -> Result<Vec<u8>> {
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher
        .encrypt(&XNonce::from(*nonce), Payload { msg: secret, aad: about })
        .map_err(|_| Error::internal("sealing failed"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// What was sealed; `None` for another key, another `about`, or damage.
pub(super) fn open(key: &[u8; 32], about: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: about }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_with_the_same_key_and_purpose_alone() {
        let key = derive(b"secret", "one use").unwrap();
        let sealed = seal(&key, &[7; 24], b"row 1", b"text").unwrap();
        assert_eq!(open(&key, b"row 1", &sealed).as_deref(), Some(b"text".as_slice()));
        assert_eq!(open(&key, b"row 2", &sealed), None);
        assert_eq!(open(&derive(b"secret", "another use").unwrap(), b"row 1", &sealed), None);
        assert_eq!(open(&key, b"row 1", &sealed[..20]), None);
    }
}
