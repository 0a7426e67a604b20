//! Accounts that go for good: their time has come, and nobody has taken it back.
//!
//! First nobody can get in any more, then the notes go piece by piece (each leaves a tombstone, by which the index and every device
//! forget it), and at last, in one transaction, what is left with the account itself. A server that stops in the middle goes on the next
//! time. What backups hold is not touched.

use super::Rooms;
use crate::accounts::{self, Standing};
use crate::audit::{self, Action, By, Entry};
use crate::caller::UserId;
use crate::clock::Timestamp;
use crate::db::WriteOptions;
use crate::error::Result;
use crate::notes::bulk;
use crate::{jobs, notebooks, notes, saved_searches, sessions};

/// Accounts looked for at once.
const AT_ONCE: i64 = 100;

/// Whoever leaves makes room.
const WRITE: WriteOptions = WriteOptions { weight: 0, frees: true };

/// Takes away every account whose time has come; returns how many went.
pub(super) async fn see_off(rooms: &Rooms) -> Result<usize> {
    let now = rooms.ids.now();
    let leaving = rooms.db.read(move |tx| accounts::store::leaving(tx, now, AT_ONCE)).await?;
    let mut gone = 0;
    for user in leaving {
        if shut(rooms, user, now).await? {
            take_away(rooms, user).await?;
            gone += 1;
        }
    }
    Ok(gone)
}

/// Lets nobody in any more; `false`: the account stays after all.
async fn shut(rooms: &Rooms, user: UserId, now: Timestamp) -> Result<bool> {
    let cache = rooms.sessions.cache().clone();
    let written = rooms
        .db
        .write_with(WRITE, move |tx| {
            let found = accounts::store::get(tx, user)?;
            let Some(found) = found.filter(|found| found.standing.deletes_at.is_some_and(|at| at <= now)) else {
                return Ok(false);
            };
            let shut = Standing { disabled_at: found.standing.disabled_at.or(Some(now)), ..found.standing };
            accounts::store::set_standing(tx, &found, shut, now)?;
            sessions::store::end_all(tx, &cache, user, None)?;
            Ok(true)
        })
        .await?;
    Ok(written.value)
}

async fn take_away(rooms: &Rooms, user: UserId) -> Result<()> {
    let entry = Entry::new(&rooms.ids, Action::AccountDeleted, By::server()).about(user);
    loop {
        while bulk::purge_owned(&rooms.db, user).await?.more {}
        let entry = entry.clone();
        let written = rooms
            .db
            .write_with(WRITE, move |tx| {
                // A request that was under way when the door was shut may have written one more.
                if notes::store::owns_any(tx, user)? {
                    return Ok(None);
                }
                let files = jobs::store::ids_of(tx, user)?;
                notebooks::store::remove_all(tx, user)?;
                saved_searches::store::remove_all(tx, user)?;
                // Before the account goes, because the row names it as long as it is there; erased with all the others right after.
                audit::store::record(tx, &entry)?;
                audit::store::erase(tx, user)?;
                accounts::store::remove(tx, user)?;
                Ok(Some(files))
            })
            .await?;
        let Some(files) = written.value else { continue };
        for job in files {
            rooms.transfers.remove(&rooms.transfers.outgoing(job));
            rooms.transfers.remove(&rooms.transfers.incoming(job));
        }
        tracing::info!(%user, "an account is gone for good, as its owner or an administrator had asked");
        return Ok(());
    }
}
