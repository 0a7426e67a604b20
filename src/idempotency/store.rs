//! The statements of idempotency keys.

use super::{KEPT_FOR, Key, Saved};
use crate::clock::Timestamp;
use crate::db::{ReadTx, WriteTx};
use crate::error::{Error, Result};

/// Expired rows removed with each new one, so that the table shrinks as fast as it grows.
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
    sweep(tx, now, SWEEP)?;
    tx.post(
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

/// Removes expired answers, the oldest first; returns how many. An answer holds the text of what was made: without this the text
/// of a note that was deleted for good would stay until somebody sends another key.
///
/// # Errors
/// What the store says.
pub fn sweep(tx: &mut WriteTx<'_>, now: Timestamp, at_most: i64) -> Result<usize> {
    tx.execute(
        "DELETE FROM idempotency_keys WHERE (owner, route, key) IN
         (SELECT owner, route, key FROM idempotency_keys WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
        &[now.into(), at_most.into()],
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::caller::{Caller, Role, SessionId, UserId};
    use crate::clock::{Ids, ManualClock, SeededEntropy};
    use crate::db::{Db, Options};

    #[tokio::test]
    async fn answers_are_kept_for_a_day_and_not_longer() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("backups")).unwrap();
        let clock = Arc::new(ManualClock::new(Timestamp::from_micros(1_700_000_000_000_000)));
        let ids = Ids::new(clock.clone(), Arc::new(SeededEntropy::new(1)));
        let db = Db::open(Options::for_test(dir.path(), ids.clone())).unwrap();
        let caller = Caller::mint(
            UserId(ids.id()),
            Role::Member,
            SessionId(ids.id()),
            crate::clock::Timestamp::default(),
            crate::caller::Device::local(),
        );
        let now = ids.now();
        db.write(move |tx| {
            tx.execute(
                "INSERT INTO users (id, email, email_key, name, role, password, created_at, updated_at)
                 VALUES ($1, 'a', 'a', 'a', 'member', '', 0, 0)",
                &[caller.user().0.into()],
            )?;
            let saved = Saved { location: "/notes/1".into(), etag: None, change: 1, body: b"text".to_vec() };
            once(tx, Some(&Key::new(&caller, "POST /notes", "key", b"")?), now, |_| Ok(saved))
        })
        .await
        .unwrap();
        let swept = async || {
            let now = ids.now();
            db.write(move |tx| sweep(tx, now, 10)).await.unwrap().value
        };
        clock.advance(KEPT_FOR - std::time::Duration::from_secs(1));
        assert_eq!(swept().await, 0);
        clock.advance(std::time::Duration::from_secs(1));
        assert_eq!(swept().await, 1);
    }
}
