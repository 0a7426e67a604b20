//! One connection to the database server, used by one thread at a time.
//!
//! Owns the connection with the little runtime that drives it, its prepared statements, and how long an answer may take. Round
//! trips are what PostgreSQL costs, so what needs no answer (BEGIN, savepoints, the end of a snapshot) is *owed*: it goes out
//! together with the next statement. The server does everything in the order of sending, and a failure of what was owed shows in
//! what comes after it, because a transaction that has failed answers nothing else. Statements whose answer is only that they went
//! well are *posted*: they are on their way at once, and whoever waits next, for whatever it is, first hears how they went.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use futures_util::TryStreamExt as _;
use futures_util::future::{join, join_all};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, NoTls, Statement};

use super::super::transfer::Kind;
use super::super::value::{OwnedValue, Row, Value};
use super::{Server, failure};
use crate::error::{Error, Result};

mod answer;

pub(in crate::db) use self::answer::Failed;
use self::answer::{bounded, first_poll};

/// Prepared statements kept for each connection. Lists have many forms; beyond, all begin anew.
const STATEMENTS: usize = 256;

/// The answer to a statement that was posted.
type Posted = Pin<Box<dyn Future<Output = Result<u64, tokio_postgres::Error>> + Send>>;

/// Most answers that may be on their way: what is sent ahead stays in memory until somebody waits.
const POSTED: usize = 64;

pub(in crate::db) struct Session {
    runtime: Runtime,
    client: Arc<Client>,
    statements: HashMap<String, Statement>,
    /// Statements that go out with the next one.
    owed: String,
    /// Answers that nobody has waited for yet, in the order of sending.
    posted: Vec<Posted>,
    /// When the present answer has to be there.
    deadline: Option<Instant>,
    /// Set when whatever runs has to be given up.
    closing: Option<Arc<AtomicBool>>,
    lost: bool,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("lost", &self.lost).finish_non_exhaustive()
    }
}

impl Session {
    /// Connects and runs `settings`, statements that hold for the whole connection.
    pub(super) fn connect(server: &Server, settings: &str) -> Result<Self, tokio_postgres::Error> {
        let runtime = runtime();
        let client = Arc::new(runtime.block_on(open(server))?);
        let session = Self {
            runtime,
            client,
            statements: HashMap::new(),
            owed: String::new(),
            posted: Vec::new(),
            deadline: None,
            closing: None,
            lost: false,
        };
        session.runtime.block_on(session.client.batch_execute(&server.settings(settings)))?;
        Ok(session)
    }

    /// What runs from now on has to be there by then.
    pub(super) fn set_deadline(&mut self, at: Option<Instant>) {
        self.deadline = at;
    }

    /// What runs from now on is given up when this is set.
    pub(super) fn give_up_on(&mut self, closing: &Arc<AtomicBool>) {
        self.closing = Some(Arc::clone(closing));
    }

    /// Sends this with the next statement.
    pub(super) fn owe(&mut self, sql: &str) {
        if !self.owed.is_empty() {
            self.owed.push_str("; ");
        }
        self.owed.push_str(sql);
    }

    /// What is owed and has not gone out.
    pub(super) fn take_owed(&mut self) -> String {
        std::mem::take(&mut self.owed)
    }

    /// Whether the connection is of no more use. Looks at the line first.
    pub(super) fn is_lost(&mut self) -> bool {
        if !self.lost {
            // Lets the connection see that the other side has gone.
            self.runtime.block_on(tokio::task::yield_now());
            self.lost = self.client.is_closed();
        }
        self.lost
    }

    /// Whether it was lost when last looked at.
    pub(super) fn was_lost(&self) -> bool {
        self.lost || self.client.is_closed()
    }

    /// Sends what is owed and then `sql`, and leaves the answers to whoever asks next. For ends that nobody waits for.
    pub(super) fn send(&mut self, sql: &str) {
        self.owe(sql);
        let owed = self.take_owed();
        self.runtime.block_on(async {
            first_poll(self.client.batch_execute(&owed)).await;
            // The connection writes when it is polled; nobody else will do that before the next statement.
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
        });
    }

    /// Runs statements without parameters, what is owed first, as one message: the first failure stops the rest.
    pub(in crate::db) fn batch(&mut self, sql: &str) -> Result<(), Failed> {
        self.owe(sql);
        let owed = self.take_owed();
        let client = Arc::clone(&self.client);
        self.wait(async { client.batch_execute(&owed).await })
    }

    /// Sends a statement that answers no rows, and goes on. How it went is said to whoever waits next: the first failure is the
    /// answer to all that was sent behind it.
    pub(in crate::db) fn post(&mut self, sql: &str, params: &[Value<'_>]) -> Result<()> {
        self.in_time()?;
        let statement = self.statement(sql)?;
        if self.posted.len() >= POSTED {
            self.settle()?;
        }
        let owed = self.take_owed();
        let mut context = Context::from_waker(Waker::noop());
        if !owed.is_empty() {
            let _ = pin!(self.client.batch_execute(&owed)).poll(&mut context);
        }
        let client = Arc::clone(&self.client);
        let params: Vec<OwnedValue> = params.iter().map(OwnedValue::of).collect();
        let mut answer: Posted =
            Box::pin(async move { client.execute_raw(&statement, params.iter().map(OwnedValue::as_value)).await });
        // The first poll hands it to the connection. The answer cannot be there yet, because the connection is not driven now; a
        // failure may be, and is kept as the answer.
        if let Poll::Ready(known) = answer.as_mut().poll(&mut context) {
            answer = Box::pin(std::future::ready(known));
        }
        self.posted.push(answer);
        Ok(())
    }

    /// Waits for everything that was posted.
    pub(in crate::db) fn settle(&mut self) -> Result<()> {
        if self.posted.is_empty() { Ok(()) } else { self.wait(std::future::ready(Ok(()))).map_err(Failed::into_error) }
    }

    /// Forgets what was posted: its transaction is taken back, whatever came of it.
    pub(super) fn forget_posted(&mut self) {
        self.posted.clear();
    }

    /// Waits for what was posted and for `answer`, which is sent behind it. The first failure is the answer.
    fn wait<T>(&mut self, answer: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T, Failed> {
        let posted = std::mem::take(&mut self.posted);
        let outcome = self.runtime.block_on(bounded(self.deadline, self.closing.as_ref(), async {
            // Polled in this order, hence sent in this order, before anybody waits.
            let (posted, answer) = join(join_all(posted), answer).await;
            posted.into_iter().collect::<Result<Vec<u64>, _>>()?;
            answer
        }));
        self.judged(outcome)
    }

    /// See [`super::super::engine::Conn::each`].
    pub(in crate::db) fn each(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        row: &mut dyn FnMut(&Row<'_>) -> Result<bool>,
    ) -> Result<()> {
        self.in_time()?;
        let statement = self.statement(sql)?;
        let owed = self.take_owed();
        let client = Arc::clone(&self.client);
        let mut refused = None;
        let outcome = self.wait(async {
            if !owed.is_empty() {
                first_poll(client.batch_execute(&owed)).await;
            }
            let mut rows = pin!(client.query_raw(&statement, params.iter().copied()).await?);
            // To the end, whatever `row` says: a statement that writes is only judged there, and what is left of a reading one
            // is on its way already.
            let mut wanted = true;
            while let Some(found) = rows.try_next().await? {
                if wanted {
                    wanted = row(&Row::Postgres(&found)).unwrap_or_else(|e| {
                        refused = Some(e);
                        false
                    });
                }
            }
            Ok(())
        });
        outcome.map_err(Failed::into_error)?;
        refused.map_or(Ok(()), Err)
    }

    /// See [`super::super::engine::Conn::execute`].
    pub(in crate::db) fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<usize> {
        self.in_time()?;
        let statement = self.statement(sql)?;
        let owed = self.take_owed();
        let client = Arc::clone(&self.client);
        let outcome = self.wait(async {
            if !owed.is_empty() {
                first_poll(client.batch_execute(&owed)).await;
            }
            client.execute_raw(&statement, params.iter().copied()).await
        });
        let touched = outcome.map_err(Failed::into_error)?;
        Ok(usize::try_from(touched).unwrap_or(usize::MAX))
    }

    /// One bigint, from a statement without parameters that has one row.
    pub(in crate::db) fn int(&mut self, sql: &str) -> Result<i64> {
        let mut found = None;
        self.each(sql, &[], &mut |row| {
            found = Some(row.int(0)?);
            Ok(false)
        })?;
        found.ok_or_else(|| Error::Corrupt(format!("no row: {sql}")))
    }

    /// One text, from a statement without parameters that has one row.
    pub(super) fn text(&mut self, sql: &str) -> Result<String> {
        let mut found = None;
        self.each(sql, &[], &mut |row| {
            found = Some(row.text(0)?);
            Ok(false)
        })?;
        found.ok_or_else(|| Error::Corrupt(format!("no row: {sql}")))
    }

    /// Puts rows into a table, all in one message.
    pub(in crate::db) fn copy_in(
        &mut self,
        table: &str,
        columns: &[(String, Kind)],
        rows: &[Vec<OwnedValue>],
    ) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let names = columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        let kinds: Vec<Type> = columns
            .iter()
            .map(|(_, kind)| match kind {
                Kind::Int => Type::INT8,
                Kind::Text => Type::TEXT,
                Kind::Blob => Type::BYTEA,
            })
            .collect();
        let client = &self.client;
        let outcome = self.runtime.block_on(bounded(None, self.closing.as_ref(), async {
            let sink = client.copy_in(&format!("COPY {table} ({names}) FROM STDIN (FORMAT binary)")).await?;
            let mut writer = pin!(BinaryCopyInWriter::new(sink, &kinds));
            for row in rows {
                writer.as_mut().write_raw(row.iter().map(OwnedValue::as_value)).await?;
            }
            writer.finish().await
        }));
        self.judged(outcome).map(drop).map_err(Failed::into_error)
    }

    /// Runs what wants the library itself, such as migrations.
    pub(super) fn with<T>(&mut self, run: impl AsyncFnOnce(&mut Client) -> T) -> T {
        #[expect(clippy::expect_used, reason = "only what was posted shares it, and is settled before")]
        let client = Arc::get_mut(&mut self.client).expect("nothing is on its way");
        self.runtime.block_on(run(client))
    }

    fn in_time(&self) -> Result<()> {
        if self.lost {
            return Err(failure::gone());
        }
        if self.closing.as_ref().is_some_and(|closing| closing.load(Ordering::Relaxed)) {
            return Err(Error::ShuttingDown);
        }
        if self.deadline.is_some_and(|at| Instant::now() >= at) { Err(Error::Deadline) } else { Ok(()) }
    }

    /// The prepared statement, kept for the next time.
    fn statement(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        let owed = self.take_owed();
        let client = Arc::clone(&self.client);
        let outcome = self.wait(async {
            if !owed.is_empty() {
                first_poll(client.batch_execute(&owed)).await;
            }
            client.prepare(sql).await
        });
        let statement = outcome.map_err(Failed::into_error)?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// A connection that did not answer in time, or was lost, is of no more use: answers of one statement must not be taken for
    /// those of another.
    fn judged<T>(&mut self, outcome: Result<T, Failed>) -> Result<T, Failed> {
        if let Err(why) = &outcome {
            self.lost |= why.loses_connection() || self.client.is_closed();
        }
        outcome
    }
}

/// A runtime for one thread: this module's connections are driven by whoever waits for them.
pub(super) fn runtime() -> Runtime {
    #[expect(clippy::expect_used, reason = "fails only where the system gives no file descriptor to begin with")]
    Builder::new_current_thread().enable_all().build().expect("a runtime for a database connection")
}

async fn open(server: &Server) -> Result<Client, tokio_postgres::Error> {
    let (config, tls) = (server.address().config(), server.address().tls());
    match tls {
        Some(tls) => {
            let (client, connection) = config.connect(tls.clone()).await?;
            tokio::spawn(connection);
            Ok(client)
        }
        None => {
            let (client, connection) = config.connect(NoTls).await?;
            tokio::spawn(connection);
            Ok(client)
        }
    }
}
