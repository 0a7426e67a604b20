//! Whole copies of a store: taken beside a running server, looked at, and given an identity of their own.
//!
//! Owns how a copy is made without holding anybody up, and what a file must be to count as a sound store. Leaves archives, and
//! what the numbers of a copy should be, to `backup`.
//!
//! What a reader would get wrong: the paged backup of SQLite starts over whenever somebody writes between two of its steps, so
//! beside a busy server it never ends; unless its connection holds a read transaction of its own, as [`copy`] does. Then every
//! step reads the same snapshot from the file and its write-ahead log, nothing starts over, and between the steps there is time
//! to tell how far it is. `VACUUM INTO` and one single step give the same rows; the former rebuilds every index (several times
//! the work, `docs/performance.md`), neither tells anything or can be stopped before its end. In no case does a writer wait: the
//! write-ahead log only grows meanwhile, because it cannot begin anew under a reader.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;

use super::engine::Conn;
use super::migrate;
use super::refusal::Refusal;
use super::sqlite;
use super::tx::{Checked, ReadTx};
use crate::clock::Timestamp;
use crate::error::{Error, Result};

/// Pages copied before somebody is told: 4 MiB.
const PAGES_AT_ONCE: i32 = 1024;

/// What acts by itself in a store.
const ACTING: &str =
    "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_schema WHERE type IN ('trigger', 'view')";

/// How often a locked file is tried again, a tenth of a second each.
const PATIENCE: u32 = 100;

/// Copies the store in `from`, as it is at one moment, into the new file `to`; nobody who writes in it waits. The copy is a file
/// of its own without a write-ahead log. It is not flushed to disk.
///
/// `told` hears how many bytes of how many are there, and may stop it.
///
/// # Errors
/// What the engine says; [`Error::ShuttingDown`] when it was stopped. What is in `to` is then of no use.
pub fn copy(from: &Path, to: &Path, told: &mut dyn FnMut(u64, u64) -> ControlFlow<()>) -> Result<()> {
    let say = |e: rusqlite::Error| sqlite::error(&e);
    let source = open_reading(from).map_err(say)?;
    // The first statement is what takes the snapshot.
    source.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema;").map_err(say)?;
    let page: u64 = source
        .query_row("PRAGMA page_size", [], |r| r.get::<_, i64>(0))
        .map(|n| u64::try_from(n).unwrap_or(4096))
        .map_err(say)?;
    let mut target = Connection::open(to).map_err(say)?;
    // Nobody else sees this file, and a copy that breaks off is thrown away: it needs neither journal nor flushes.
    target
        .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4096;")
        .map_err(say)?;
    let mut locked = 0;
    {
        let backup = Backup::new(&source, &mut target).map_err(say)?;
        loop {
            match backup.step(PAGES_AT_ONCE).map_err(say)? {
                StepResult::Done => break,
                StepResult::More => {}
                // Somebody truncates the write-ahead log or recovers the file: rare, and over in a moment.
                _ if locked < PATIENCE => {
                    locked += 1;
                    std::thread::sleep(Duration::from_millis(100));
                }
                _ => return Err(Error::Busy { what: "the database file", retry_after: Duration::from_secs(1) }),
            }
            let progress = backup.progress();
            let bytes = |pages: i32| u64::try_from(pages).unwrap_or(0) * page;
            if told(bytes(progress.pagecount - progress.remaining), bytes(progress.pagecount)).is_break() {
                return Err(Error::ShuttingDown);
            }
        }
    }
    // The header is copied as well and says that a write-ahead log belongs to the file; none does.
    let mode: String = target.query_row("PRAGMA journal_mode = DELETE", [], |r| r.get(0)).map_err(say)?;
    if mode != "delete" {
        return Err(Error::internal(format!("the copy stays in journal mode {mode}")));
    }
    target.close().map_err(|(_, e)| sqlite::error(&e))
}

fn open_reading(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(file, flags)?;
    sqlite::configure_reader(&conn)?;
    conn.execute_batch("PRAGMA cell_size_check = ON; PRAGMA cache_size = -8192;")?;
    Ok(conn)
}

/// A store's file that nobody works in, opened to look at.
#[derive(Debug)]
pub struct Snapshot {
    conn: Connection,
    checked: Checked,
    file: PathBuf,
    schema: i64,
    current: bool,
}

/// Who a store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// Changes with every restore.
    pub epoch: Uuid,
    /// When the store was first made; stays through restores.
    pub created_at: Timestamp,
}

impl Snapshot {
    /// Opens it for reading. Its schema may be older than this program's, not newer.
    ///
    /// # Errors
    /// A [`Refusal`] when it is no store, or one of a newer program.
    pub fn open(file: &Path) -> Result<Self, Refusal> {
        let mut conn = open_reading(file).map_err(|e| Refusal::from_open(file, &e))?;
        let status = migrate::inspect(file, &mut conn)?;
        let schema = status.current();
        if schema == 0 {
            return Err(Refusal::NotADatabase { path: file.to_owned() });
        }
        Ok(Self { conn, checked: Checked::default(), file: file.to_owned(), schema, current: status.pending() == 0 })
    }

    /// The version of its schema.
    pub fn schema(&self) -> i64 {
        self.schema
    }

    /// Whether that is this program's: the features' statements are only sure of such a store.
    pub fn is_current(&self) -> bool {
        self.current
    }

    /// Who it is.
    ///
    /// # Errors
    /// What the engine says.
    pub fn identity(&self) -> Result<Identity> {
        self.read(|tx| {
            tx.query_one("SELECT epoch, created_at FROM store WHERE id = 1", &[], |r| {
                Ok(Identity { epoch: r.id(0)?, created_at: r.time(1)? })
            })
        })
    }

    /// Reads from it with the statements of the features.
    ///
    /// # Errors
    /// What `read` says.
    pub fn read<T>(&self, read: impl FnOnce(&mut ReadTx<'_>) -> Result<T>) -> Result<T> {
        read(&mut ReadTx::new(Conn::Sqlite(&self.conn), &self.checked))
    }

    /// Checks the structure of every page: what a damaged disk does. A quarter of the work of [`Snapshot::check`].
    ///
    /// # Errors
    /// [`Error::Corrupt`] with the first findings.
    pub fn quick_check(&self) -> Result<()> {
        self.found_sound("PRAGMA quick_check(20)")
    }

    fn found_sound(&self, pragma: &str) -> Result<()> {
        let findings = self.texts(pragma)?;
        if findings == ["ok"] { Ok(()) } else { Err(Error::Corrupt(findings.join("; "))) }
    }

    /// The first column of every row.
    fn texts(&self, sql: &str) -> Result<Vec<String>> {
        let run = || -> rusqlite::Result<Vec<String>> {
            let mut statement = self.conn.prepare(sql)?;
            let rows = statement.query_map([], |r| r.get(0))?;
            rows.collect()
        };
        run().map_err(|e| sqlite::error(&e))
    }

    /// Checks every page, every index against its table, every reference, and that nothing is in it that acts by itself
    /// (triggers, views) which this program did not put there.
    ///
    /// # Errors
    /// [`Error::Corrupt`] with the first findings.
    pub fn check(&self) -> Result<()> {
        self.found_sound("PRAGMA integrity_check(20)")?;
        let broken = self.texts("SELECT \"table\" || ' -> ' || parent FROM pragma_foreign_key_check LIMIT 20")?;
        if !broken.is_empty() {
            return Err(Error::Corrupt(format!("rows refer to rows that do not exist: {}", broken.join("; "))));
        }
        let own = migrate::fresh(ACTING).map_err(|e| sqlite::error(&e))?;
        if self.texts(ACTING)?.iter().all(|found| own.contains(found)) {
            return Ok(());
        }
        Err(Error::Corrupt("it holds triggers or views that are not Inkstone's".to_owned()))
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }
}

/// Brings the store in `file`, which nobody works in, to this program's schema. No copy is taken before: the archive that it came
/// from is one.
///
/// # Errors
/// As [`migrate::up`].
pub fn upgrade(file: &Path) -> Result<(), Refusal> {
    let mut conn = sqlite::open_writer(file)?;
    migrate::migrate(file, &mut conn, None).map(drop)
}

/// Makes the copy in `file` a store of its own: everything that is derived from the old one, or follows it, begins anew.
///
/// # Errors
/// What the engine says.
pub fn set_epoch(file: &Path, epoch: Uuid) -> Result<()> {
    let conn = sqlite::open_writer(file).map_err(Error::internal)?;
    let changed =
        conn.execute("UPDATE store SET epoch = ?1 WHERE id = 1", [epoch.as_bytes()]).map_err(|e| sqlite::error(&e))?;
    if changed == 1 { Ok(()) } else { Err(Error::Corrupt("the store does not say which one it is".to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Ids;

    /// A store with `rows` changes, none of which has left the write-ahead log, and a connection that writes in it.
    fn store(dir: &Path, rows: i64) -> (PathBuf, Connection) {
        let file = dir.join("inkstone.db");
        migrate::up(&file, dir, Timestamp::from_micros(1)).unwrap();
        let conn = sqlite::open_writer(&file).unwrap();
        conn.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
        conn.execute("INSERT INTO store VALUES (1, ?1, 0, 7)", [Ids::system().id().as_bytes()]).unwrap();
        conn.execute_batch(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
             INSERT INTO changes SELECT i, 'note', zeroblob(500), x'01', 'put', NULL FROM n"
        ))
        .unwrap();
        (file, conn)
    }

    fn head(file: &Path) -> i64 {
        let copy = Snapshot::open(file).unwrap();
        copy.check().unwrap();
        copy.read(|tx| tx.query_one("SELECT max(seq) FROM changes", &[], |r| r.int(0))).unwrap()
    }

    #[test]
    fn a_copy_is_the_store_as_it_was_when_it_began_whatever_is_written_meanwhile() {
        let temp = tempfile::tempdir().unwrap();
        let (file, conn) = store(temp.path(), 20_000);
        let copied = temp.path().join("copy.db");
        let (mut next, mut steps) = (20_000, 0);
        copy(&file, &copied, &mut |_, _| {
            // A write between two steps, at the end and at the beginning of the file, and an attempt to empty the log.
            (next, steps) = (next + 1, steps + 1);
            conn.execute("INSERT INTO changes VALUES (?1, 'note', zeroblob(500), x'01', 'put', NULL)", [next]).unwrap();
            conn.execute("DELETE FROM changes WHERE seq = ?1", [steps]).unwrap();
            conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).unwrap();
            ControlFlow::Continue(())
        })
        .unwrap();
        assert!(steps >= 2, "{steps}");
        assert_eq!(head(&copied), 20_000);
        let copied = Snapshot::open(&copied).unwrap();
        let count = copied.read(|tx| tx.query_one("SELECT count(*) FROM changes", &[], |r| r.int(0))).unwrap();
        assert_eq!(count, 20_000);
        assert_eq!(head(&file), next);
    }

    #[test]
    fn a_copy_stands_alone() {
        let temp = tempfile::tempdir().unwrap();
        let (file, _conn) = store(temp.path(), 10);
        let (from, to) = (temp.path().join("copy.db"), temp.path().join("elsewhere.db"));
        copy(&file, &from, &mut |_, _| ControlFlow::Continue(())).unwrap();
        assert!(!temp.path().join("copy.db-wal").exists());
        std::fs::rename(&from, &to).unwrap();
        assert_eq!(head(&to), 10);
    }

    #[test]
    fn a_copy_that_is_stopped_says_so() {
        let temp = tempfile::tempdir().unwrap();
        let (file, conn) = store(temp.path(), 20_000);
        let stopped = copy(&file, &temp.path().join("copy.db"), &mut |_, _| ControlFlow::Break(()));
        assert!(matches!(stopped, Err(Error::ShuttingDown)), "{stopped:?}");
        // And holds nobody up afterwards.
        let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get(0)).unwrap();
        assert_eq!(busy, 0);
    }

    #[test]
    fn a_store_gets_another_epoch_and_keeps_the_time_of_its_making() {
        let temp = tempfile::tempdir().unwrap();
        let (file, conn) = store(temp.path(), 1);
        drop(conn);
        let before = Snapshot::open(&file).unwrap().identity().unwrap();
        let epoch = Ids::system().id();
        set_epoch(&file, epoch).unwrap();
        let after = Snapshot::open(&file).unwrap().identity().unwrap();
        assert_eq!(after, Identity { epoch, ..before });
        assert_ne!(before.epoch, epoch);
    }
}
