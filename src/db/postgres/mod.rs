//! The second engine: a PostgreSQL server, shared by several instances.
//!
//! Owns connections, what is set on them, and what must be true of a server before a store is opened on it. The threads above
//! (`writer`, `reader`) are the same as over SQLite: one transaction at a time writes, under a lock that all instances of the
//! store share (`writer`), and snapshots read beside it (`reader`). What a reader would get wrong: nothing may rely on being the only
//! process. Whatever another instance may have changed is read anew in each transaction, and told by [`listen`].

mod address;
mod failure;
pub(super) mod listen;
pub(super) mod migrate;
pub(super) mod opening;
mod partitions;
pub(super) mod reader;
pub(super) mod session;
pub(super) mod writer;

use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::SecretString;

use super::migrate::{Report, Status};
use super::refusal::Refusal;
use crate::clock::Ids;
use crate::config::Config;
use crate::error::{Error, Result};
use address::Address;
use session::Session;

/// How long after a failed connection the next is tried. Requests that come in between hear at once that the server is away.
const PAUSE: Duration = Duration::from_millis(250);

/// The longest name of a schema: PostgreSQL cuts names there.
const NAME_MOST: usize = 63;

/// Where the store is.
#[derive(Debug, Clone)]
pub struct Place {
    /// `postgres://user:password@host:port/database`, with `sslmode` and `sslrootcert`.
    pub url: SecretString,
    /// The schema that holds the tables: a store of its own within the database.
    pub schema: String,
}

impl Place {
    /// What the settings say; `None`: the store is a file.
    pub fn of(config: &Config) -> Option<Self> {
        Some(Self { url: config.database_url.clone()?, schema: config.database_schema.clone() })
    }
}

/// Says where the schema stands; changes nothing. Blocks; not for an async worker.
///
/// # Errors
/// A [`Refusal`].
pub fn status(place: &Place) -> Result<Status, Refusal> {
    let (server, mut session) = opening::look(place)?;
    migrate::inspect(&server, &mut session)
}

/// Brings the schema up to date; makes it when it is missing. Blocks; not for an async worker.
///
/// # Errors
/// A [`Refusal`]; the store is then as it was before.
pub fn up(place: &Place, ids: &Ids) -> Result<Report, Refusal> {
    opening::open(place, ids).map(|opened| opened.report)
}

/// Takes the missing steps in a transaction that is rolled back. Blocks; not for an async worker.
///
/// # Errors
/// The [`Refusal`] that [`up`] would give.
pub fn dry_run(place: &Place) -> Result<Report, Refusal> {
    let (server, mut session) = opening::look(place)?;
    migrate::dry_run(&server, &mut session)
}

/// Sees to it that every row of the logs of a store that is being copied here has its piece, up to the numbers `heads` (of the change
/// log and of the audit log). The store's own row is there already, and says from where on.
pub(super) fn make_room(session: &mut Session, heads: (i64, i64)) -> Result<()> {
    partitions::make_room(session, heads.0, heads.1)
}

/// How many connections of other processes use the store in that schema.
pub(super) fn others(server: &Server, session: &mut Session) -> Result<i64> {
    session.int(&format!(
        "SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datname = current_database() \
         AND application_name = '{}' AND pid <> pg_backend_pid()",
        server.application()
    ))
}

struct Inner {
    address: Address,
    schema: String,
    failed_at: parking_lot::Mutex<Option<Instant>>,
}

/// A database server and the schema in it. Cheap to clone.
#[derive(Clone)]
pub(super) struct Server(Arc<Inner>);

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown())
    }
}

impl Server {
    /// Reads where it is; connects to nothing.
    pub(super) fn at(place: &Place) -> Result<Self, Refusal> {
        let address = Address::parse(&place.url)?;
        let schema = place.schema.clone();
        let plain = schema.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        let begins = schema.bytes().next().is_some_and(|b| b.is_ascii_lowercase() || b == b'_');
        if !plain || !begins || schema.len() > NAME_MOST || schema.starts_with("pg_") {
            return Err(Refusal::DatabaseSchema { name: schema });
        }
        Ok(Self(Arc::new(Inner { address, schema, failed_at: parking_lot::Mutex::default() })))
    }

    fn address(&self) -> &Address {
        &self.0.address
    }

    pub(super) fn schema(&self) -> &str {
        &self.0.schema
    }

    /// For messages: user, host, database and schema.
    pub(super) fn shown(&self) -> String {
        format!("{} (schema {})", self.0.address.shown(), self.0.schema)
    }

    /// The name under which connections to this schema show in the server's list of activity.
    fn application(&self) -> String {
        let name = format!("inkstone {}", self.0.schema);
        // Longer ones are cut by the server.
        name.chars().take(NAME_MOST).collect()
    }

    /// The channel that tells of new changes.
    fn channel(&self) -> String {
        format!("inkstone_{}", self.0.schema)
    }

    /// What is set on every connection, and `more`.
    ///
    /// A commit is only acknowledged when it is durable, so a server or role that is told otherwise is overruled; the stronger
    /// settings are left alone. A connection whose process hangs or is gone gives its locks back by itself.
    fn settings(&self, more: &str) -> String {
        format!(
            "SET search_path TO {}; SET application_name TO '{}'; SET TIME ZONE 'UTC'; SET default_transaction_isolation TO 'read committed'; \
             SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local'); \
             SET tcp_keepalives_idle TO 10; SET tcp_keepalives_interval TO 5; SET tcp_keepalives_count TO 4; {more}",
            self.0.schema,
            self.application()
        )
    }

    /// A connection; at once an error while the server was away a moment ago.
    fn connect(&self, settings: &str) -> Result<Session> {
        if self.0.failed_at.lock().is_some_and(|at| at.elapsed() < PAUSE) {
            return Err(failure::gone());
        }
        match Session::connect(self, settings) {
            Ok(session) => {
                if self.0.failed_at.lock().take().is_some() {
                    tracing::info!(server = self.shown(), "the database server answers again");
                }
                Ok(session)
            }
            Err(e) => {
                let first = self.0.failed_at.lock().replace(Instant::now()).is_none();
                let why = opening::cause(&e);
                if first {
                    tracing::error!(server = self.shown(), why, "the database server cannot be reached");
                }
                Err(match failure::error(&e) {
                    // Whatever is wrong with a connection, nothing was done with it, and it may be mended.
                    Error::Internal(_) => failure::gone(),
                    other => other,
                })
            }
        }
    }
}
