//! Schema versions: what the store has, what this binary has, and the way between.
//!
//! The steps are plain SQL under `migrations/`, embedded and run by refinery in one transaction. Foreign keys are off meanwhile
//! (a table that is rebuilt loses its rows' parents for a moment) and checked afterwards. Before anything is changed, the whole
//! store is copied to `backups/`.
//!
//! The check can only come after the steps are committed, so a mark in the file's header ([`UNCHECKED`]) says that it is still
//! to be passed: a store that failed it is refused at the next start too, until it is restored.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use refinery::{Migration, Runner};
use rusqlite::Connection;

use super::refusal::Refusal;
use super::sqlite;
use crate::clock::Timestamp;

/// `user_version` of a store whose foreign keys have not been checked since its last migration.
const UNCHECKED: i64 = 1;

mod embedded {
    refinery::embed_migrations!("migrations/sqlite");
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Whether the store has it.
    pub applied: bool,
}

/// Where a store stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// All steps that this binary knows, oldest first.
    pub steps: Vec<Step>,
}

impl Status {
    /// The store's schema version; 0 for none.
    pub fn current(&self) -> i64 {
        self.steps.iter().filter(|s| s.applied).map(|s| s.version).max().unwrap_or(0)
    }

    /// Steps still to take.
    pub fn pending(&self) -> usize {
        self.steps.iter().filter(|s| !s.applied).count()
    }
}

/// What [`up`] did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Steps taken.
    pub applied: Vec<Step>,
    /// How long the steps took together, the snapshot aside.
    pub took: Duration,
    /// How long the copy before them took: the snapshot, or the copy of a dry run.
    pub copying: Duration,
    /// The copy taken before; `None` when there was nothing to copy.
    pub snapshot: Option<PathBuf>,
}

impl Report {
    /// Tells the log what was done.
    pub(super) fn tell(&self) {
        for step in &self.applied {
            tracing::info!(version = step.version, name = step.name, "schema migrated");
        }
    }
}

/// Says where the store in `file` stands. A missing file has no step applied; it is not created.
///
/// # Errors
/// A [`Refusal`] when the file is no store or was written by a newer binary.
pub fn status(file: &Path) -> Result<Status, Refusal> {
    if !file.exists() {
        return Ok(Status { steps: known(&embedded::migrations::runner(), &[]) });
    }
    let mut conn = sqlite::open_writer(file)?;
    inspect(file, &mut conn)
}

/// Brings the store in `file` up to date; creates it when missing. A snapshot of an existing store goes to `backups` first.
///
/// # Errors
/// A [`Refusal`]. The store is then as it was before, except with [`Refusal::ForeignKeysBroken`]: then it is migrated, refused from
/// there on, and the snapshot holds what it was.
pub fn up(file: &Path, backups: &Path, now: Timestamp) -> Result<Report, Refusal> {
    let mut conn = sqlite::open_writer(file)?;
    migrate(file, &mut conn, Some((backups, now)))
}

/// Takes all steps on a copy next to the store and throws the copy away.
///
/// # Errors
/// The [`Refusal`] that [`up`] would give.
pub fn dry_run(file: &Path, backups: &Path, now: Timestamp) -> Result<Report, Refusal> {
    let copy = backups.join(format!("dry-run-{}.db", now.micros()));
    let outcome = (|| {
        let began = Instant::now();
        if file.exists() {
            let conn = sqlite::open_writer(file)?;
            copy_into(&conn, &copy)?;
        }
        let copying = began.elapsed();
        let mut conn = sqlite::open_writer(&copy)?;
        Ok(Report { copying, ..migrate(&copy, &mut conn, None)? })
    })();
    for suffix in ["", "-wal", "-shm"] {
        let mut name = copy.clone().into_os_string();
        name.push(suffix);
        let _ = std::fs::remove_file(PathBuf::from(name));
    }
    outcome
}

/// Takes the steps on an open connection, with a snapshot to the given directory first when there is something to lose.
pub(super) fn migrate(
    file: &Path,
    conn: &mut Connection,
    snapshot: Option<(&Path, Timestamp)>,
) -> Result<Report, Refusal> {
    let before = inspect(file, conn)?;
    if before.pending() == 0 {
        let mark: i64 =
            conn.query_row("PRAGMA user_version", [], |r| r.get(0)).map_err(|e| Refusal::from_open(file, &e))?;
        if mark == UNCHECKED {
            check_foreign_keys(conn)?;
        }
        return Ok(Report::default());
    }
    let began = Instant::now();
    let snapshot = match snapshot {
        Some((backups, now)) if before.current() > 0 => {
            let to = backups.join(format!("before-migration-v{}-{}.db", before.current(), now.micros()));
            copy_into(conn, &to)?;
            Some(to)
        }
        _ => None,
    };
    let copying = began.elapsed();
    let failed = |detail: String| Refusal::MigrationFailed { detail, snapshot: snapshot.clone() };
    let began = Instant::now();
    conn.pragma_update(None, "user_version", UNCHECKED).map_err(|e| failed(e.to_string()))?;
    conn.pragma_update(None, "foreign_keys", false).map_err(|e| failed(e.to_string()))?;
    let run = embedded::migrations::runner().set_grouped(true).run(conn);
    conn.pragma_update(None, "foreign_keys", true).map_err(|e| failed(e.to_string()))?;
    run.map_err(|e| failed(e.to_string()))?;
    check_foreign_keys(conn)?;
    let applied = before.steps.into_iter().filter(|s| !s.applied).map(|s| Step { applied: true, ..s }).collect();
    Ok(Report { applied, took: began.elapsed(), copying, snapshot })
}

pub(super) fn inspect(file: &Path, conn: &mut Connection) -> Result<Status, Refusal> {
    let unreadable = |e: &rusqlite::Error| Refusal::from_open(file, e);
    let tables: i64 = conn
        .query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'table'", [], |r| r.get(0))
        .map_err(|e| unreadable(&e))?;
    if tables == 0 {
        return Ok(Status { steps: known(&embedded::migrations::runner(), &[]) });
    }
    let ours: i64 = conn
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'refinery_schema_history'", [], |r| r.get(0))
        .map_err(|e| unreadable(&e))?;
    if ours == 0 {
        return Err(Refusal::NotADatabase { path: file.to_owned() });
    }
    let applied = embedded::migrations::runner()
        .get_applied_migrations(conn)
        .map_err(|e| Refusal::Unreadable { path: file.to_owned(), detail: e.to_string() })?;
    stands(&embedded::migrations::runner(), &applied)
}

/// Where a store stands that has taken the `applied` steps, for a program with those of `runner`.
///
/// # Errors
/// A [`Refusal`] when a newer program has been here, or one with other steps under the same numbers.
pub(super) fn stands(runner: &Runner, applied: &[Migration]) -> Result<Status, Refusal> {
    let versions: Vec<i64> = applied.iter().map(|m| i64::from(m.version())).collect();
    let steps = known(runner, &versions);
    let newest = steps.iter().map(|s| s.version).max().unwrap_or(0);
    if let Some(found) = versions.iter().copied().max().filter(|v| *v > newest) {
        return Err(Refusal::SchemaNewer { found, known: newest });
    }
    for migration in runner.get_migrations() {
        if let Some(old) = applied.iter().find(|a| a.version() == migration.version())
            && old.checksum() != migration.checksum()
        {
            let detail = format!("step {} ({}) was applied in another form", migration.version(), migration.name());
            return Err(Refusal::MigrationDiverged { detail });
        }
    }
    Ok(Status { steps })
}

pub(super) fn known(runner: &Runner, applied: &[i64]) -> Vec<Step> {
    let mut steps: Vec<Step> = runner
        .get_migrations()
        .iter()
        .map(|m| {
            let version = i64::from(m.version());
            Step { version, name: m.name().to_owned(), applied: applied.contains(&version) }
        })
        .collect();
    steps.sort_by_key(|s| s.version);
    steps
}

/// What `sql` answers (one text a row) in a store that has just been made.
pub(super) fn fresh(sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut conn = Connection::open_in_memory()?;
    embedded::migrations::runner().run(&mut conn).map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
    let mut statement = conn.prepare(sql)?;
    let rows = statement.query_map([], |r| r.get(0))?;
    rows.collect()
}

/// [`fresh`] for tests of other rooms that look at the schema.
#[cfg(test)]
pub(crate) fn columns(sql: &str) -> Vec<String> {
    fresh(sql).unwrap()
}

/// Checks every reference, and takes the mark away when all hold.
fn check_foreign_keys(conn: &Connection) -> Result<(), Refusal> {
    let broken = || -> rusqlite::Result<Vec<String>> {
        let mut statement = conn.prepare("PRAGMA foreign_key_check")?;
        let rows =
            statement.query_map([], |r| Ok(format!("{} -> {}", r.get::<_, String>(0)?, r.get::<_, String>(2)?)))?;
        rows.collect()
    };
    let failed = |e: rusqlite::Error| Refusal::MigrationFailed { detail: e.to_string(), snapshot: None };
    let rows = broken().map_err(failed)?;
    match rows.first() {
        None => conn.pragma_update(None, "user_version", 0).map_err(failed),
        Some(first) => Err(Refusal::ForeignKeysBroken { count: rows.len(), first: first.clone() }),
    }
}

/// Copies the whole store into a new file and makes it durable.
pub(super) fn copy_into(conn: &Connection, to: &Path) -> Result<(), Refusal> {
    let failed = |detail: String| Refusal::SnapshotFailed { detail };
    let text = to.to_str().ok_or_else(|| failed(format!("{} is not UTF-8", to.display())))?;
    conn.execute("VACUUM INTO ?1", [text]).map_err(|e| failed(e.to_string()))?;
    let sync = || {
        std::fs::File::open(to)?.sync_all()?;
        to.parent().map_or(Ok(()), |dir| std::fs::File::open(dir)?.sync_all())
    };
    sync().map_err(|e| failed(e.to_string()))
}
