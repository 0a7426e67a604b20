//! Why a store is not opened.
//!
//! Each reason is unsafe to go past, so the process ends with exit code 3, a message of its own and a slug for `--json`.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// A store that will not be opened, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The linked SQLite has a known defect.
    #[error("SQLite {found} is too old: 3.51.3 or newer is needed (earlier ones can corrupt a write-ahead log)")]
    SqliteTooOld {
        /// The version found.
        found: String,
    },
    /// The store was written by a newer Inkstone.
    #[error(
        "the store has schema version {found}, this program knows up to {known}: run the newer Inkstone that wrote it"
    )]
    SchemaNewer {
        /// Version in the store.
        found: i64,
        /// Newest version that this binary has.
        known: i64,
    },
    /// A migration that was applied is not the one that this binary holds.
    #[error("the store's migrations differ from this program's: {detail}")]
    MigrationDiverged {
        /// Which one, and how.
        detail: String,
    },
    /// The file is something else.
    #[error("{} is not an Inkstone store (or its first page is damaged): move it away, or restore a backup", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be opened at all.
    #[error("{} cannot be opened: {detail}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// The file system cannot hold a write-ahead log.
    #[error(
        "the file system does not allow a write-ahead log (journal mode `{mode}`): use a local disk, not a network share"
    )]
    WalUnavailable {
        /// The mode that SQLite fell back to.
        mode: String,
    },
    /// A migration failed; nothing was changed.
    #[error("migration failed, the store is as it was{}: {detail}", snapshot.as_ref().map(|p| format!(" (snapshot: {})", p.display())).unwrap_or_default())]
    MigrationFailed {
        /// What the engine said.
        detail: String,
        /// The snapshot taken before.
        snapshot: Option<PathBuf>,
    },
    /// Rows point at rows that do not exist.
    #[error(
        "{count} rows refer to rows that do not exist (first: {first}): restore a backup or the snapshot in backups/"
    )]
    ForeignKeysBroken {
        /// How many.
        count: usize,
        /// The first, as `table -> parent`.
        first: String,
    },
    /// There is no room, or no right, to take the snapshot that comes before a migration.
    #[error("no snapshot could be taken before migrating, so nothing was changed: {detail}")]
    SnapshotFailed {
        /// What the system said.
        detail: String,
    },
    /// There is nothing where a store should be.
    #[error("there is no store in {place}")]
    StoreMissing {
        /// Where.
        place: String,
    },
    /// The store was written by an older Inkstone and has not been migrated.
    #[error("the store has schema version {found}, which is older than this program's: run `inkstone migrate` first")]
    SchemaOlder {
        /// Version in the store.
        found: i64,
    },
    /// The address of the database server cannot be read.
    #[error("`database_url` cannot be used: {detail}")]
    DatabaseUrl {
        /// What is wrong; never holds the password.
        detail: String,
    },
    /// The schema's name needs quoting, or is the engine's own.
    #[error(
        "`database_schema` must be a plain name, small letters, digits and _ (at most 63, not pg_..): not `{name}`"
    )]
    DatabaseSchema {
        /// The name.
        name: String,
    },
    /// Nobody answers, or the connection broke.
    #[error("the database server {server} cannot be reached: {detail}")]
    DatabaseUnreachable {
        /// Which.
        server: String,
        /// What the system or the server said.
        detail: String,
    },
    /// The server does not let this user in.
    #[error("the database server {server} refuses the user or the password: {detail}")]
    DatabasePassword {
        /// Which.
        server: String,
        /// What it said.
        detail: String,
    },
    /// The server has no such database.
    #[error("there is no database `{name}` on the server: create it (createdb {name})")]
    DatabaseMissing {
        /// The database.
        name: String,
    },
    /// The server has no TLS, or does not prove who it is.
    #[error("no protected connection to the database server {server}: {detail} (see `sslmode` and `sslrootcert`)")]
    DatabaseTls {
        /// Which.
        server: String,
        /// What failed.
        detail: String,
    },
    /// The server lacks what the store needs.
    #[error("PostgreSQL {found} is too old: 14 or newer is needed")]
    DatabaseTooOld {
        /// Its version.
        found: String,
    },
    /// The database cannot hold every note.
    #[error(
        "the database has the encoding {found}: create one with UTF8 (createdb --encoding=UTF8 --template=template0)"
    )]
    DatabaseEncoding {
        /// Its encoding.
        found: String,
    },
    /// A standby, or a database that is set to read only.
    #[error("the database server {server} is read-only (a standby?): give the address of the primary")]
    DatabaseReadOnly {
        /// Which.
        server: String,
    },
    /// The user lacks a right.
    #[error(
        "the database user `{user}` may not {what}: as an owner, run `CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {user}` \
         in the database `{database}`, or hand its tables over"
    )]
    DatabasePrivileges {
        /// Who.
        user: String,
        /// The schema.
        schema: String,
        /// The database.
        database: String,
        /// What is not allowed.
        what: String,
    },
    /// The schema holds another program's tables.
    #[error("the schema `{schema}` holds tables that are not Inkstone's: choose another by `database_schema`")]
    DatabaseForeign {
        /// The schema.
        schema: String,
    },
}

impl Refusal {
    /// Whether the file may be damaged, so that a backup is the way out.
    pub fn may_be_damage(&self) -> bool {
        matches!(
            self,
            Self::NotADatabase { .. }
                | Self::Unreadable { .. }
                | Self::ForeignKeysBroken { .. }
                | Self::MigrationFailed { .. }
        )
    }

    /// The stable word for `--json`.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::SqliteTooOld { .. } => "sqlite-too-old",
            Self::SchemaNewer { .. } => "schema-newer",
            Self::MigrationDiverged { .. } => "migration-diverged",
            Self::NotADatabase { .. } => "not-a-database",
            Self::Unreadable { .. } => "store-unreadable",
            Self::WalUnavailable { .. } => "wal-unavailable",
            Self::MigrationFailed { .. } => "migration-failed",
            Self::ForeignKeysBroken { .. } => "foreign-keys-broken",
            Self::SnapshotFailed { .. } => "snapshot-failed",
            Self::StoreMissing { .. } => "store-missing",
            Self::SchemaOlder { .. } => "schema-older",
            Self::DatabaseUrl { .. } => "database-url",
            Self::DatabaseSchema { .. } => "database-schema",
            Self::DatabaseUnreachable { .. } => "database-unreachable",
            Self::DatabasePassword { .. } => "database-password",
            Self::DatabaseMissing { .. } => "database-missing",
            Self::DatabaseTls { .. } => "database-tls",
            Self::DatabaseTooOld { .. } => "database-too-old",
            Self::DatabaseEncoding { .. } => "database-encoding",
            Self::DatabaseReadOnly { .. } => "database-read-only",
            Self::DatabasePrivileges { .. } => "database-privileges",
            Self::DatabaseForeign { .. } => "database-foreign",
        }
    }

    pub(super) fn from_open(path: &Path, e: &rusqlite::Error) -> Self {
        match e.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::NotADatabase { path: path.to_owned() },
            _ => Self::Unreadable { path: path.to_owned(), detail: e.to_string() },
        }
    }
}
