//! Opening a store on either engine.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use uuid::Uuid;

use super::damage::Damage;
use super::disk::Disk;
use super::engine::{CommitFailure, ReadConnector, WriteEngine};
use super::reader::Readers;
use super::refusal::Refusal;
use super::tx::{Checked, WriteTx};
use super::writer::{Setup, Writer};
use super::{Db, Engine, Fatal, Inner, exit_process, migrate, postgres, sqlite};
use crate::clock::Ids;
use crate::error::{Error, Result};
use crate::metrics::StoreMetrics;

/// Where a store is.
#[derive(Debug, Clone)]
pub enum Place {
    /// A file of this machine.
    File {
        /// The database file.
        file: PathBuf,
        /// Where the snapshot before a migration goes.
        backups: PathBuf,
    },
    /// A database server.
    Server(postgres::Place),
}

/// What a store is opened with.
#[derive(Clone)]
pub struct Options {
    /// Where it is.
    pub place: Place,
    /// A directory on the disk whose room is watched: the store's own, or that of what lies beside it.
    pub directory: PathBuf,
    /// Reader threads; 0 means one per core, at least 2, and on a database server more, because most of their time is waiting.
    pub readers: usize,
    /// How long a read may wait and run.
    pub read_deadline: Duration,
    /// Bytes of free disk below which writes that grow the store are refused; 0 turns the check off.
    pub disk_reserve: u64,
    /// Time and ids, for the store's identity and for the names of snapshots.
    pub ids: Ids,
    /// Counters.
    pub metrics: StoreMetrics,
    /// What to do when a commit's outcome is unknown.
    pub fatal: Fatal,
}

impl Options {
    /// The defaults for a store in `dir`.
    pub fn in_dir(dir: &Path, ids: Ids) -> Self {
        Self {
            place: Place::File { file: dir.join("inkstone.db"), backups: dir.join("backups") },
            directory: dir.to_owned(),
            readers: 0,
            read_deadline: Duration::from_secs(10),
            disk_reserve: 0,
            ids,
            metrics: StoreMetrics::default(),
            fatal: exit_process(),
        }
    }
}

#[cfg(test)]
impl Options {
    /// As [`Options::in_dir`], on the engine that the tests run on (`tests/support/engine.rs`).
    pub(crate) fn for_test(dir: &Path, ids: Ids) -> Self {
        let place = engine_of_tests::place(dir);
        Self { place, ..Self::in_dir(dir, ids) }
    }
}

#[cfg(test)]
#[path = "../../tests/support/engine.rs"]
mod engine_of_tests;

/// See [`Db::open`].
pub(super) fn open(options: Options) -> Result<Db, Refusal> {
    match options.place.clone() {
        Place::File { file, backups } => open_file(file, &backups, options),
        // On a thread of its own: a connection has a runtime, and the caller may be inside one.
        Place::Server(place) => std::thread::scope(|scope| {
            let opened = scope.spawn(|| open_server(&place, options)).join();
            opened.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        }),
    }
}

fn open_file(file: PathBuf, backups: &Path, options: Options) -> Result<Db, Refusal> {
    sqlite::require_version()?;
    let mut conn = sqlite::open_writer(&file)?;
    let report = migrate::migrate(&file, &mut conn, Some((backups, options.ids.now())))?;
    report.tell();
    let disk = Disk::new(&options.directory, options.disk_reserve);
    let threads = match options.readers {
        0 => cores().max(2),
        n => n,
    };
    let readers = sqlite::reader::connectors(&file, u32::try_from(threads).unwrap_or(1))?;
    let writer = Box::new(sqlite::writer::SqliteWriter { conn, disk: disk.clone() });
    let unreadable = |e: &dyn std::fmt::Display| Refusal::Unreadable { path: file.clone(), detail: e.to_string() };
    start(Engine::Sqlite { file: file.clone() }, writer, readers, disk, options).map_err(|e| unreadable(&e))
}

fn open_server(place: &postgres::Place, options: Options) -> Result<Db, Refusal> {
    let opened = postgres::opening::open(place, &options.ids)?;
    opened.report.tell();
    let server = opened.server.clone();
    let threads = match options.readers {
        0 => (cores() * 4).max(8),
        n => n,
    };
    let readers = postgres::reader::connectors(&server, threads, options.read_deadline);
    // Its room is the database server's; what is watched here is what lies beside the store.
    let disk = Disk::new(&options.directory, options.disk_reserve);
    let metrics = options.metrics.clone();
    let failed =
        |e: &dyn std::fmt::Display| Refusal::DatabaseUnreachable { server: server.shown(), detail: e.to_string() };
    let writer = Box::new(opened.into_writer());
    let db = start(Engine::Postgres(server.clone()), writer, readers, disk, options).map_err(|e| failed(&e))?;
    postgres::listen::start(server.clone(), Arc::clone(&db.0.tell), Arc::clone(&db.0.closing), metrics)
        .map_err(|e| failed(&e))?;
    Ok(db)
}

fn start(
    engine: Engine,
    mut writer: Box<dyn WriteEngine>,
    readers: Vec<ReadConnector>,
    disk: Disk,
    options: Options,
) -> Result<Db> {
    let Options { read_deadline, ids, metrics, fatal, .. } = options;
    let (epoch, newest) = identity(writer.as_mut(), &ids)?;
    metrics.head.set(newest);
    let (tell, head) = watch::channel(newest);
    let tell = Arc::new(tell);
    let damage = Damage::default();
    let readers = Readers::start(readers, read_deadline, metrics.clone(), damage.clone()).map_err(Error::internal)?;
    let setup = Setup { engine: writer, damage: damage.clone(), head: Arc::clone(&tell), fatal, metrics };
    let writer = Writer::start(setup).map_err(Error::internal)?;
    let closing = Arc::default();
    Ok(Db(Arc::new(Inner { engine, epoch, readers: Arc::new(readers), writer, head, tell, disk, damage, closing })))
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// The store's own row, written when the store is new, and the newest change number.
fn identity(writer: &mut dyn WriteEngine, ids: &Ids) -> Result<(Uuid, i64)> {
    let head = writer.begin()?;
    let (fresh, now) = (ids.id(), ids.now());
    let checked = Checked::default();
    let mut tx = WriteTx::new(writer.conn(), &checked, head);
    let found = tx
        .execute(
            "INSERT INTO store (id, epoch, created_at) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING",
            &[fresh.into(), now.into()],
        )
        .and_then(|_| tx.query_one("SELECT epoch FROM store WHERE id = 1", &[], |r| r.id(0)));
    let epoch = match found {
        Ok(epoch) => epoch,
        Err(e) => {
            let _ = writer.rollback();
            return Err(e);
        }
    };
    match writer.commit(head) {
        Ok(()) => Ok((epoch, head)),
        Err(CommitFailure::NothingWritten(e)) => {
            let _ = writer.rollback();
            Err(e)
        }
        Err(CommitFailure::Lost(why) | CommitFailure::Fatal(why)) => Err(Error::internal(why)),
    }
}
