//! Access tokens: short-lived JWTs that name a session.
//!
//! Owns the signing keys (32 random bytes each, in the store, sealed under the master key of the data directory) and the
//! claims. HS256, because this server alone verifies and it costs a microsecond. A token that verifies is not yet a caller:
//! [`super::Sessions::authenticate`] also asks whether the session still counts.
//!
//! What a reader would get wrong: the library's own checks of time are off, because it reads the ambient clock and allows a
//! minute. Expiry is checked here, against the clock that was handed in, to the second.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::store;
use crate::caller::{SessionId, UserId};
use crate::clock::{Ids, Timestamp};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::seal::{self, Keyring, Place};
use crate::secrets;

/// Tokens longer than this are nobody's; ours have some 330 characters.
const LONGEST: usize = 2048;

/// Verified tokens that are remembered, so that a token's signature is checked once and not with each of its requests.
const REMEMBERED: u64 = 10_000;

/// What a token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    /// The account.
    pub(super) sub: Uuid,
    /// The session.
    pub(super) sid: Uuid,
    /// The epoch of the account's credentials when the token was made.
    pub(super) epoch: i64,
    /// When it was made, in seconds since 1970.
    iat: i64,
    /// From when on it no longer counts.
    exp: i64,
}

struct Key {
    header: Header,
    /// The header as it stands in every token under this key, up to and with the first dot.
    prefix: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl Key {
    fn new(id: Uuid, secret: &[u8]) -> Result<Self> {
        let header = Header { kid: Some(id.to_string()), ..Header::new(Algorithm::HS256) };
        let prefix = format!("{}.", URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header).map_err(Error::internal)?));
        Ok(Self {
            header,
            prefix,
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
        })
    }
}

/// Where a key lies.
fn place(id: &Uuid) -> Place<'_> {
    Place { table: "signing_keys", column: "sealed", row: id.as_bytes() }
}

/// Makes and verifies access tokens.
pub(super) struct Signer {
    /// The newest last: it signs; all verify. Never empty.
    keys: Vec<Key>,
    validation: Validation,
    /// Tokens whose signature was checked, and what they say. Expiry and the session are asked anew each time.
    verified: moka::sync::Cache<Box<str>, Claims>,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}

impl Signer {
    /// Opens the store's keys, and makes the first one in a new store. Keys that an earlier version sealed in its own form are sealed
    /// anew; `master` opens those.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a key does not open: the master key belongs to another store.
    pub(super) async fn open(db: &Db, ids: &Ids, ring: &Keyring, master: &[u8; 32]) -> Result<Self> {
        let mut rows = db.read(store::signing_keys).await?;
        if rows.is_empty() {
            let (id, now) = (ids.id(), ids.now());
            let sealed = ring.seal(ids, place(&id), &ids.bytes::<32>())?;
            db.write(move |tx| store::put_first_signing_key(tx, id, &sealed, now)).await?;
            rows = db.read(store::signing_keys).await?;
        }
        let former = seal::derive(master, "inkstone v1 signing key seal")?;
        let mut keys = Vec::new();
        for (id, sealed) in rows {
            let opened = match ring.open(place(&id), &sealed) {
                Some(secret) => secret,
                None => {
                    let secret = seal::open(&former, id.as_bytes(), &sealed);
                    let secret =
                        Zeroizing::new(secret.ok_or_else(|| secrets::wrong_key(&format!("signing key {id}")))?);
                    let anew = ring.seal(ids, place(&id), &secret)?;
                    db.write(move |tx| store::reseal_signing_key(tx, id, &sealed, &anew)).await?;
                    secret
                }
            };
            keys.push(Key::new(id, &opened)?);
        }
        Ok(Self::with(keys))
    }

    fn with(keys: Vec<Key>) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        Self { keys, validation, verified: moka::sync::Cache::new(REMEMBERED) }
    }

    /// With these keys, for the fuzzer; the newest last.
    #[cfg(any(test, fuzzing))]
    pub(super) fn of_secrets(secrets: &[(Uuid, [u8; 32])]) -> Self {
        Self::with(secrets.iter().filter_map(|(id, secret)| Key::new(*id, secret).ok()).collect())
    }

    /// The tokens that say this, one under each key, for the fuzzer.
    #[cfg(any(test, fuzzing))]
    pub(super) fn rewritten(&self, claims: &Claims) -> Vec<String> {
        self.keys.iter().filter_map(|key| jsonwebtoken::encode(&key.header, claims, &key.encoding).ok()).collect()
    }

    /// A token for `ttl`, in whole seconds.
    pub(super) fn sign(
        &self,
        user: UserId,
        session: SessionId,
        epoch: i64,
        now: Timestamp,
        ttl: Duration,
    ) -> Result<String> {
        let iat = now.seconds();
        let exp = iat.saturating_add(i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX));
        let claims = Claims { sub: user.0, sid: session.0, epoch, iat, exp };
        let key = self.keys.last().ok_or_else(|| Error::internal("there is no signing key"))?;
        jsonwebtoken::encode(&key.header, &claims, &key.encoding).map_err(Error::internal)
    }

    /// What a token says when it is ours and not yet expired.
    pub(super) fn verify(&self, token: &str, now: Timestamp) -> Option<Claims> {
        if token.len() > LONGEST {
            return None;
        }
        let claims = match self.verified.get(token) {
            Some(claims) => claims,
            None => {
                let claims = self.check(token)?;
                self.verified.insert(token.into(), claims);
                claims
            }
        };
        (now.seconds() < claims.exp).then_some(claims)
    }

    fn check(&self, token: &str) -> Option<Claims> {
        // A key's tokens all begin with the same header, so this both finds the key and fixes the algorithm.
        let key = self.keys.iter().rev().find(|key| token.starts_with(&key.prefix))?;
        Some(jsonwebtoken::decode::<Claims>(token, &key.decoding, &self.validation).ok()?.claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_900_000);
    const TTL: Duration = Duration::from_secs(300);

    fn signer(ids: &[u128]) -> Signer {
        Signer::with(
            ids.iter().map(|id| Key::new(Uuid::from_u128(*id), &id.to_be_bytes().repeat(2)).unwrap()).collect(),
        )
    }

    fn sign(signer: &Signer) -> String {
        signer.sign(UserId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)), 3, NOW, TTL).unwrap()
    }

    #[test]
    fn a_token_says_who_and_expires_to_the_second() {
        let signer = signer(&[1]);
        let token = sign(&signer);
        let claims = signer.verify(&token, NOW).unwrap();
        assert_eq!((claims.sub, claims.sid, claims.epoch), (Uuid::from_u128(1), Uuid::from_u128(2), 3));
        let last = Timestamp::from_micros(1_700_000_299_999_999);
        assert!(signer.verify(&token, last).is_some());
        assert!(signer.verify(&token, last.plus(Duration::from_micros(1))).is_none());
    }

    #[test]
    fn older_keys_verify_and_unknown_ones_do_not() {
        let old = sign(&signer(&[1]));
        assert!(signer(&[1, 2]).verify(&old, NOW).is_some());
        assert!(signer(&[2]).verify(&old, NOW).is_none());
    }

    #[test]
    fn a_forged_token_is_nobodys() {
        let signer = signer(&[1]);
        let token = sign(&signer);
        let (head, signature) = token.rsplit_once('.').unwrap();
        let (header, claims) = head.split_once('.').unwrap();
        let none = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"none"}"#);
        let admin = claims.replace(char::from(claims.as_bytes()[5]), "A");
        for forged in [
            format!("{none}.{claims}."),
            format!("{none}.{claims}.{signature}"),
            format!("{header}.{claims}."),
            format!("{header}.{claims}.{}", "A".repeat(signature.len())),
            format!("{header}.{admin}.{signature}"),
            format!("{header}.{claims}"),
            String::new(),
            "a.b.c".into(),
            "x".repeat(100_000),
        ] {
            assert_eq!(signer.verify(&forged, NOW), None, "{forged}");
        }
    }
}
