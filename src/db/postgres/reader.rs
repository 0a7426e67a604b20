//! PostgreSQL as the readers' engine: each thread has a connection, made when it first reads and made anew when it breaks.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::super::engine::{Conn, ReadConnector, ReadEngine};
use super::super::inside;
use super::super::tx::{Checked, ReadTx};
use super::Server;
use super::session::Session;
use crate::error::Result;

/// One snapshot for all statements, and none of them may write.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A connector for each thread. The server ends a statement that takes longer than `deadline` by itself.
pub(in crate::db) fn connectors(server: &Server, threads: usize, deadline: Duration) -> Vec<ReadConnector> {
    let settings = format!(
        "SET statement_timeout TO {}; SET idle_in_transaction_session_timeout TO '60s'",
        deadline.as_millis().max(1)
    );
    let connector = |server: Server, settings: String| -> ReadConnector {
        Box::new(move || Ok(Box::new(PostgresReader { session: server.connect(&settings)? })))
    };
    (0..threads).map(|_| connector(server.clone(), settings.clone())).collect()
}

struct PostgresReader {
    session: Session,
}

impl ReadEngine for PostgresReader {
    fn begin(&mut self, deadline: Instant) -> Result<Conn<'_>> {
        self.session.set_deadline(Some(deadline));
        self.session.owe(BEGIN);
        Ok(Conn::Postgres(&mut self.session))
    }

    fn end(&mut self) -> Result<()> {
        // A closure without statements has not begun anything.
        if self.session.take_owed().is_empty() && !self.session.was_lost() {
            self.session.send("ROLLBACK");
        }
        Ok(())
    }

    fn rest(&mut self) {}

    fn is_sound(&mut self) -> bool {
        !self.session.is_lost()
    }
}

/// See [`super::super::Db::hold`].
pub(in crate::db) fn hold<T>(
    server: &Server,
    closing: &Arc<AtomicBool>,
    read: impl FnOnce(&mut ReadTx<'_>) -> Result<T>,
) -> Result<T> {
    let mut session = server.connect("SET statement_timeout TO 0; SET idle_in_transaction_session_timeout TO 0")?;
    session.give_up_on(closing);
    session.owe(BEGIN);
    // The first statement is what takes the snapshot.
    session.batch("SELECT 1").map_err(super::session::Failed::into_error)?;
    let checked = Checked::default();
    inside::read(&mut ReadTx::new(Conn::Postgres(&mut session), &checked), read)
}
