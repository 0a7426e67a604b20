//! Opening a store on a database server: what has to be true of the server, and what is said when it is not.

use tokio_postgres::error::SqlState;

use super::super::migrate::Report;
use super::super::refusal::Refusal;
use super::session::Session;
use super::writer::{PostgresWriter, SETTINGS};
use super::{Place, Server, migrate};
use crate::clock::Ids;
use crate::error::Error;

/// The oldest server: what it lacks, 13 lacks as well.
const OLDEST: i64 = 140_000;

/// A store that was opened: its server, the connection that will write, and what the migration did.
pub(in crate::db) struct Opened {
    pub(in crate::db) server: Server,
    pub(in crate::db) session: Session,
    pub(in crate::db) report: Report,
}

impl Opened {
    pub(in crate::db) fn into_writer(self) -> PostgresWriter {
        PostgresWriter::new(self.server, self.session)
    }
}

/// Connects to a server that may hold a store, and changes nothing.
pub(in crate::db) fn look(place: &Place) -> Result<(Server, Session), Refusal> {
    let server = Server::at(place)?;
    let mut session = Session::connect(&server, SETTINGS).map_err(|e| refused(&server, &e))?;
    let said = |e| failed(&server, &e);
    let version = session.text("SELECT current_setting('server_version_num')").map_err(said)?;
    if version.parse::<i64>().unwrap_or(0) < OLDEST {
        let found = session.text("SELECT current_setting('server_version')").map_err(said)?;
        return Err(Refusal::DatabaseTooOld { found });
    }
    let encoding = session.text("SELECT current_setting('server_encoding')").map_err(said)?;
    if encoding != "UTF8" {
        return Err(Refusal::DatabaseEncoding { found: encoding });
    }
    let reads = session.text("SELECT current_setting('transaction_read_only')").map_err(said)?;
    if reads != "off" {
        return Err(Refusal::DatabaseReadOnly { server: server.shown() });
    }
    if session.text("SELECT current_setting('fsync')").map_err(said)? != "on" {
        tracing::warn!(
            "the database server runs with fsync = off: a power cut can take acknowledged notes, and the whole database"
        );
    }
    Ok((server, session))
}

/// [`prepare`], and the store's own row when the store is new: before anybody can want its lock.
pub(in crate::db) fn open(place: &Place, ids: &Ids) -> Result<Opened, Refusal> {
    let mut opened = prepare(place)?;
    opened
        .session
        .execute(
            "INSERT INTO store (id, epoch, created_at) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING",
            &[ids.id().into(), ids.now().into()],
        )
        .map_err(|e| failed(&opened.server, &e))?;
    Ok(opened)
}

/// Connects, makes the schema when it is missing, migrates, and sees to it that everything in it may be used.
pub(in crate::db) fn prepare(place: &Place) -> Result<Opened, Refusal> {
    let (server, mut session) = look(place)?;
    let report = migrate::alone(&server, &mut session, |session| {
        ready_schema(&server, session)?;
        migrate::migrate(&server, session)
    })?;
    may(
        &server,
        &mut session,
        &format!(
            "SELECT CAST(bool_and(has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') \
             AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE') \
             AND pg_has_role(c.relowner, 'USAGE')) AS text) FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = '{}' AND c.relkind IN ('r', 'p')",
            server.schema()
        ),
        "read, write and own its tables",
    )?;
    Ok(Opened { server, session, report })
}

/// The schema is there, and tables may be made in it. Alone: `IF NOT EXISTS` looks and then makes, and of two
/// instances that both looked one would fail on the name.
fn ready_schema(server: &Server, session: &mut Session) -> Result<(), Refusal> {
    let schema = server.schema();
    let there = session
        .int(&format!("SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = '{schema}'"))
        .map_err(|e| failed(server, &e))?;
    if there == 0 {
        session
            .batch(&format!("CREATE SCHEMA IF NOT EXISTS {schema}"))
            .map_err(|e| denied(server, e, "create the schema"))?;
    }
    may(
        server,
        session,
        &format!(
            "SELECT CAST(has_schema_privilege('{schema}', 'USAGE') AND has_schema_privilege('{schema}', 'CREATE') AS text)"
        ),
        "use and create tables in the schema",
    )
}

fn may(server: &Server, session: &mut Session, sql: &str, what: &str) -> Result<(), Refusal> {
    match session.text(sql).map_err(|e| failed(server, &e))?.as_str() {
        "true" => Ok(()),
        _ => Err(privileges(server, what)),
    }
}

fn privileges(server: &Server, what: &str) -> Refusal {
    Refusal::DatabasePrivileges {
        user: server.address().user().to_owned(),
        schema: server.schema().to_owned(),
        database: server.address().database().to_owned(),
        what: what.to_owned(),
    }
}

fn denied(server: &Server, failure: super::session::Failed, what: &str) -> Refusal {
    match failure {
        super::session::Failed::Said(e) if e.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
            privileges(server, what)
        }
        other => failed(server, &other.into_error()),
    }
}

/// A connection that was not made.
fn refused(server: &Server, e: &tokio_postgres::Error) -> Refusal {
    let (shown, detail) = (server.shown(), cause(e));
    match e.code() {
        Some(code) if *code == SqlState::INVALID_PASSWORD || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            Refusal::DatabasePassword { server: shown, detail }
        }
        Some(code) if *code == SqlState::INVALID_CATALOG_NAME => {
            Refusal::DatabaseMissing { name: server.address().database().to_owned() }
        }
        Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => privileges(server, "connect"),
        Some(_) => Refusal::DatabaseUnreachable { server: shown, detail },
        // The server wants a password, and none was given.
        None if detail.contains("password") => Refusal::DatabasePassword { server: shown, detail },
        None if ["certificate", "TLS", "tls", "invalid peer"].iter().any(|word| detail.contains(word)) => {
            Refusal::DatabaseTls { server: shown, detail }
        }
        None => Refusal::DatabaseUnreachable { server: shown, detail },
    }
}

/// A statement that failed while the store was being opened.
pub(super) fn failed(server: &Server, e: &Error) -> Refusal {
    Refusal::DatabaseUnreachable { server: server.shown(), detail: e.to_string() }
}

/// A migration that failed; the transaction is rolled back.
pub(super) fn migration(server: &Server, e: &refinery::Error) -> Refusal {
    let source = std::error::Error::source(e).and_then(|s| s.downcast_ref::<tokio_postgres::Error>());
    match source {
        Some(e) if e.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => privileges(server, "change its tables"),
        Some(e) => Refusal::MigrationFailed { detail: cause(e), snapshot: None },
        None => Refusal::MigrationFailed { detail: e.to_string(), snapshot: None },
    }
}

/// What the library says, with what lies beneath: its own words alone are "error connecting to server".
pub(super) fn cause(e: &tokio_postgres::Error) -> String {
    if let Some(said) = e.as_db_error() {
        return said.message().to_owned();
    }
    let mut words = e.to_string();
    let mut source = std::error::Error::source(e);
    while let Some(cause) = source {
        let text = cause.to_string();
        if !words.contains(&text) {
            words.push_str(": ");
            words.push_str(&text);
        }
        source = cause.source();
    }
    words
}
