//! A place in the log from which somebody inside the house reads on.
//!
//! Owns how far was read, and what happens when the log no longer reaches back so far. When to look is its holder's business.

use super::{Change, store};
use crate::db::Db;
use crate::error::{Error, Result};

/// Changes that are read at a time.
const PAGE: i64 = 512;

/// Reads everybody's changes, once each and in their order.
#[derive(Debug)]
pub struct Cursor {
    db: Db,
    at: i64,
    more: bool,
}

/// What a look at the log found.
#[derive(Debug, PartialEq)]
pub enum News {
    /// The next changes; none when everything was read.
    Changes(Vec<Change>),
    /// The log does not reach back to where the cursor stood: more was written since the last look than it keeps. Anything may
    /// have changed; the cursor stands at the head.
    OutOfReach,
}

impl Cursor {
    /// Begins after the change `at` of the store `db`.
    pub fn after(db: Db, at: i64) -> Self {
        Self { db, at, more: false }
    }

    /// The number up to which everything was read.
    pub fn at(&self) -> i64 {
        self.at
    }

    /// Whether the last read may not have come to the end.
    pub fn may_have_more(&self) -> bool {
        self.more
    }

    /// Reads on, a page at most. A call that fails, or is dropped, leaves the cursor where it was.
    ///
    /// # Errors
    /// What the store says.
    pub async fn next(&mut self) -> Result<News> {
        let after = self.at;
        let read = self.db.read(move |tx| match store::since(tx, after, PAGE) {
            Ok(changes) => {
                let at = changes.last().map_or(after, |change| change.seq);
                Ok((at, changes.len() as i64 == PAGE, News::Changes(changes)))
            }
            Err(Error::ResyncRequired) => Ok((store::head(tx)?, false, News::OutOfReach)),
            Err(other) => Err(other),
        });
        let (at, more, news) = read.await?;
        (self.at, self.more) = (at, more);
        Ok(news)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::caller::UserId;
    use crate::clock::Ids;
    use crate::db::Options;
    use crate::feed::{Kind, Op};

    async fn write(db: &Db, count: usize) {
        let written = db.write(move |tx| {
            for _ in 0..count {
                store::append(tx, Kind::Note, Op::Put, UserId(Uuid::from_u128(1)), Uuid::from_u128(9), None)?;
            }
            Ok(())
        });
        written.await.unwrap();
    }

    #[tokio::test]
    async fn each_change_is_read_once_and_in_order_however_many_there_are() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(Options::in_dir(dir.path(), Ids::system())).unwrap();
        let most = PAGE as usize * 2 + 3;
        write(&db, most).await;
        let mut cursor = Cursor::after(db.clone(), 0);
        let mut seen = Vec::new();
        loop {
            let News::Changes(changes) = cursor.next().await.unwrap() else { panic!("nothing was pruned") };
            seen.extend(changes.into_iter().map(|change| change.seq));
            if !cursor.may_have_more() {
                break;
            }
        }
        assert_eq!(seen, (1..=most as i64).collect::<Vec<_>>());
        write(&db, 1).await;
        assert!(matches!(cursor.next().await.unwrap(), News::Changes(changes) if changes.len() == 1));
        assert_eq!(cursor.at(), most as i64 + 1);
        db.close().await;
    }

    #[tokio::test]
    async fn what_the_log_has_forgotten_is_said_and_reading_goes_on_behind_it() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(Options::in_dir(dir.path(), Ids::system())).unwrap();
        write(&db, 10).await;
        db.write(|tx| store::prune(tx, 5, 100)).await.unwrap();
        let mut cursor = Cursor::after(db.clone(), 2);
        assert_eq!(cursor.next().await.unwrap(), News::OutOfReach);
        assert_eq!(cursor.next().await.unwrap(), News::Changes(Vec::new()));
        write(&db, 1).await;
        assert!(matches!(cursor.next().await.unwrap(), News::Changes(changes) if changes[0].seq == 11));
        db.close().await;
    }
}
