//! PostgreSQL as the writer's engine.
//!
//! Each transaction first takes the lock row of the store, and keeps it until it ends: so there is one writer at a time over all
//! instances, change numbers appear in the order of commits, and rules such as "the last administrator stays" need no more care
//! than on SQLite. What it costs is a cap: while one batch is under way, the others wait. Round trips are what a batch consists
//! of, hence what needs no answer is sent together with what does.

use std::time::Duration;

use super::super::engine::{CommitFailure, Conn, WriteEngine};
use super::partitions::Cover;
use super::session::Session;
use super::{Server, failure};
use crate::error::{Error, Result};

/// What is set on the writer's connection. A batch waits for the other instances' at most as long as a closure may wait in the queue; and
/// one whose process stands still gives the lock back.
pub(super) const SETTINGS: &str =
    "SET statement_timeout TO '30s'; SET lock_timeout TO '10s'; SET idle_in_transaction_session_timeout TO '10s'";

const LOCK: &str = "SELECT id FROM store WHERE id = 1 FOR UPDATE";
const NEWEST: &str = "SELECT coalesce(max(seq), 0) FROM changes";

/// The connection that writes.
pub(in crate::db) struct PostgresWriter {
    server: Server,
    session: Session,
    /// A transaction is open.
    open: bool,
    /// Up to where the logs have pieces to go to.
    cover: Cover,
}

impl PostgresWriter {
    /// `session`: a connection with [`SETTINGS`].
    pub(super) fn new(server: Server, session: Session) -> Self {
        Self { server, session, open: false, cover: Cover::default() }
    }

    fn lock(&mut self) -> Result<i64> {
        if self.session.is_lost() {
            self.session = self.server.connect(SETTINGS)?;
        }
        self.session.set_deadline(None);
        self.session.owe("BEGIN");
        self.open = true;
        let head = self.session.int(LOCK).and_then(|_| self.session.int(NEWEST));
        if head.is_err() {
            let _ = self.rollback();
        }
        head
    }
}

impl WriteEngine for PostgresWriter {
    fn begin(&mut self) -> Result<i64> {
        let head = self.lock()?;
        if !self.cover.reaches(head) {
            // In a transaction of its own, which no closure can take along.
            let cover = Cover::extend(&mut self.session)?;
            self.session.batch("COMMIT").map_err(super::session::Failed::into_error)?;
            self.cover = cover;
            return self.lock();
        }
        Ok(head)
    }

    fn savepoint(&mut self) -> Result<()> {
        self.session.owe("SAVEPOINT closure");
        Ok(())
    }

    fn release(&mut self) -> Result<()> {
        self.session.settle()?;
        self.session.owe("RELEASE SAVEPOINT closure");
        Ok(())
    }

    fn undo(&mut self) -> Result<()> {
        self.session.forget_posted();
        self.session
            .batch("ROLLBACK TO SAVEPOINT closure; RELEASE SAVEPOINT closure")
            .map_err(super::session::Failed::into_error)
    }

    fn stands(&self) -> bool {
        self.open && !self.session.was_lost()
    }

    fn why_gone(&self) -> Error {
        failure::gone()
    }

    fn rollback(&mut self) -> Result<()> {
        self.open = false;
        self.session.forget_posted();
        let _ = self.session.take_owed();
        if self.session.was_lost() {
            return Ok(());
        }
        self.session.batch("ROLLBACK").map_err(super::session::Failed::into_error)
    }

    /// One message: the change number is told to the other instances, then the transaction ends. In this order, because COMMIT in
    /// a transaction that has failed is answered without an error, and rolls back; any other statement in it is refused.
    fn commit(&mut self, head: i64) -> Result<(), CommitFailure> {
        let channel = self.server.channel();
        let outcome = self.session.batch(&format!("SELECT pg_notify('{channel}', '{head}'); COMMIT"));
        match outcome {
            Ok(()) => {
                self.open = false;
                Ok(())
            }
            Err(failed) => {
                let judged = failure::of_commit(failed);
                if matches!(judged, CommitFailure::Lost(_)) {
                    self.open = false;
                }
                Err(judged)
            }
        }
    }

    /// A closure takes a millisecond here, most of it the database server's; a commit takes several, and the lock changes hands.
    fn batch_time(&self) -> Duration {
        Duration::from_millis(25)
    }

    /// The room is the database server's: it says by itself when there is none.
    fn is_low(&self) -> bool {
        false
    }

    fn conn(&mut self) -> Conn<'_> {
        Conn::Postgres(&mut self.session)
    }

    fn close(&mut self) {}

    #[cfg(test)]
    fn sqlite(&self) -> Option<&rusqlite::Connection> {
        None
    }
}

/// Nothing that a writer's connection says may be mistaken for the end of a transaction that goes on.
impl Drop for PostgresWriter {
    fn drop(&mut self) {
        if self.open {
            let _: Result<(), Error> = self.rollback();
        }
    }
}
