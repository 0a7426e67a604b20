//! What other instances of the same store have done, as far as this one remembers something that it changes.
//!
//! Follows the change log from where it stood at the start: a session that was ended elsewhere, or an account that was changed, is
//! forgotten by the memory of sessions, so the next request asks the store; a job that was put into the queue elsewhere wakes the
//! worker. The head is moved by the database's notifications, and by a look each second without them (`db::postgres`), so it
//! takes a second at most. What this instance did itself comes back in the log as well, and forgetting it once more costs a read.
//!
//! A store in a file has one instance, which needs none of this.

use std::time::Duration;

use crate::caller::SessionId;
use crate::db::Db;
use crate::error::Error;
use crate::feed::cursor::{Cursor, News};
use crate::feed::{Change, Kind};
use crate::jobs::Queue;
use crate::sessions::Cache;

/// How long it waits after the log could not be read. Until then nothing else can be read either.
const AFTER_FAILURE: Duration = Duration::from_millis(250);

/// Follows until the store is closed.
pub async fn follow(db: Db, sessions: Cache, queue: Queue) {
    let mut head = db.watch_head();
    let mut cursor = Cursor::after(db.clone(), db.head());
    loop {
        head.mark_unchanged();
        match cursor.next().await {
            Ok(News::Changes(changes)) => hear(&changes, &sessions, &queue),
            Ok(News::OutOfReach) => {
                sessions.forget_all();
                queue.nudge();
            }
            Err(Error::ShuttingDown) => return,
            Err(_) => {
                tokio::time::sleep(AFTER_FAILURE).await;
                continue;
            }
        }
        if !cursor.may_have_more() && head.changed().await.is_err() {
            return;
        }
    }
}

fn hear(changes: &[Change], sessions: &Cache, queue: &Queue) {
    let mut ended = Vec::new();
    let mut work = false;
    for change in changes {
        match change.kind {
            Kind::Session => ended.push(SessionId(change.id)),
            Kind::Account => sessions.forget_of(change.owner),
            Kind::Job => work = true,
            Kind::Note | Kind::Tag | Kind::Notebook | Kind::SavedSearch | Kind::ApiKey => {}
        }
    }
    if !ended.is_empty() {
        sessions.forget(&ended);
    }
    if work {
        queue.nudge();
    }
}
