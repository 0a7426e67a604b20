//! What the store keeps sealed: the server's own secrets by name, and the turn to another master key.
//!
//! Owns the table `secrets` and the list of every place where something sealed lies ([`SEALED`]). How it is sealed is `seal`'s, and
//! what a secret is for is its user's.

pub mod local;
mod rotation;
mod rotator;

use zeroize::Zeroizing;

use crate::clock::{Ids, Timestamp};
use crate::db::{Db, ReadTx, WriteTx};
use crate::error::{Error, Result};
use crate::seal::{Keyring, Place};

pub use rotation::{Rotated, reseal};
pub use rotator::{Rotator, Turned};

/// A column that holds sealed values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sealed {
    pub(crate) table: &'static str,
    pub(crate) key: &'static str,
    /// Whether the key is a name; else it is an id.
    pub(crate) named: bool,
    pub(crate) column: &'static str,
}

/// Every column that holds sealed values, each named `sealed`.
pub(crate) const SEALED: &[Sealed] = &[
    Sealed { table: "signing_keys", key: "id", named: false, column: "sealed" },
    Sealed { table: "totp", key: "user_id", named: false, column: "sealed" },
    Sealed { table: "secrets", key: "name", named: true, column: "sealed" },
    Sealed { table: "sso_providers", key: "id", named: false, column: "sealed" },
];

/// A secret of the server. `first` becomes it in a store that has none of that name.
///
/// # Errors
/// [`Error::Corrupt`] when the keyring does not open it.
pub async fn named(
    db: &Db,
    ids: &Ids,
    ring: &Keyring,
    name: &'static str,
    first: &[u8; 32],
) -> Result<Zeroizing<[u8; 32]>> {
    let mut sealed = db.read(move |tx| get(tx, name)).await?;
    if sealed.is_none() {
        let (new, now) = (ring.seal(ids, place(name), first)?, ids.now());
        sealed = Some(db.write(move |tx| put_first(tx, name, &new, now)).await?.value);
    }
    let opened = sealed.and_then(|sealed| ring.open(place(name), &sealed));
    let opened = opened.and_then(|secret| secret.as_slice().try_into().ok()).map(Zeroizing::new);
    opened.ok_or_else(|| wrong_key(name))
}

/// What is said of a value that no key of the ring opens.
pub fn wrong_key(what: &str) -> Error {
    Error::Corrupt(format!(
        "the master key does not open the {what}: it belongs to another store. Servers that share a store need the same \
         `keys/master.key`, or INKSTONE_MASTER_KEY"
    ))
}

fn place(name: &str) -> Place<'_> {
    Place { table: "secrets", column: "sealed", row: name.as_bytes() }
}

fn get(tx: &mut ReadTx<'_>, name: &str) -> Result<Option<Vec<u8>>> {
    tx.query_opt("SELECT sealed FROM secrets WHERE name = $1", &[name.into()], |r| r.blob(0))
}

/// Keeps it unless another instance was faster; returns what is there now.
fn put_first(tx: &mut WriteTx<'_>, name: &str, sealed: &[u8], now: Timestamp) -> Result<Vec<u8>> {
    tx.post(
        "INSERT INTO secrets (name, sealed, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING",
        &[name.into(), sealed.into(), now.into()],
    )?;
    get(tx, name)?.ok_or_else(|| Error::internal("a secret that was just kept is gone"))
}

/// Drops the server's own secrets, in a store that was restored without the key that opens them: they are made anew. Second factors
/// stay, although their codes cannot be checked any more: recovery codes go on, and an administrator can take a factor off.
///
/// # Errors
/// What the store says.
pub fn forget_unopened(tx: &mut WriteTx<'_>) -> Result<()> {
    tx.post("DELETE FROM secrets", &[])
}
