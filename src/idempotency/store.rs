//! The statements of idempotency keys.

use super::{KEPT_FOR, Key, Saved};
use crate::clock::Timestamp;
use crate::db::{ReadTx, WriteTx};
use crate::error::{Error, Result};

/// Expired rows removed with each new one, so that the table never needs a sweep.
const SWEEP: i64 = 20;

/// Gives the answer kept under the key, or makes the thing and keeps its answer. `true`: the answer was given before.
///
/// # Errors
/// [`Error::IdempotencyKeyReused`] when the key was used for another request; what `make` says.
pub fn once(
    tx: &mut WriteTx<'_>,
    key: Option<&Key>,
    now: Timestamp,
    make: impl FnOnce(&mut WriteTx<'_>) -> Result<Saved>,
) -> Result<(Saved, bool)> {
    let Some(key) = key else { return Ok((make(tx)?, false)) };
    if let Some(saved) = find(tx, key, now)? {
        return Ok((saved, true));
    }
    let saved = make(tx)?;
    save(tx, key, &saved, now)?;
    Ok((saved, false))
}

/// The answer kept under the key.
///
/// # Errors
/// [`Error::IdempotencyKeyReused`] when the key was used for another request.
fn find(tx: &mut ReadTx<'_>, key: &Key, now: Timestamp) -> Result<Option<Saved>> {
    let found = tx.query_opt(
        "SELECT request, location, etag, change, body FROM idempotency_keys
         WHERE owner = $1 AND route = $2 AND key = $3 AND expires_at > $4",
        &[key.owner.0.into(), key.route.into(), (&key.key).into(), now.into()],
        |r| {
            let saved = Saved { location: r.text(1)?, etag: r.opt_text(2)?, change: r.int(3)?, body: r.blob(4)? };
            Ok((r.blob(0)?, saved))
        },
    )?;
    match found {
        None => Ok(None),
        Some((request, saved)) if request == key.request => Ok(Some(saved)),
        Some(_) => Err(Error::IdempotencyKeyReused),
    }
}

/// Keeps an answer.
///
/// # Errors
/// What the store says.
fn save(tx: &mut WriteTx<'_>, key: &Key, saved: &Saved, now: Timestamp) -> Result<()> {
    tx.execute(
        "DELETE FROM idempotency_keys WHERE (owner, route, key) IN
         (SELECT owner, route, key FROM idempotency_keys WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
        &[now.into(), SWEEP.into()],
    )?;
    tx.execute(
        "INSERT INTO idempotency_keys (owner, route, key, request, location, etag, change, body, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (owner, route, key) DO UPDATE SET request = excluded.request, location = excluded.location,
             etag = excluded.etag, change = excluded.change, body = excluded.body, expires_at = excluded.expires_at",
        &[
            key.owner.0.into(),
            key.route.into(),
            (&key.key).into(),
            key.request.as_slice().into(),
            (&saved.location).into(),
            saved.etag.as_deref().into(),
            saved.change.into(),
            saved.body.as_slice().into(),
            now.plus(KEPT_FOR).into(),
        ],
    )?;
    Ok(())
}
