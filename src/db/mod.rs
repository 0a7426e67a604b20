//! The store: one SQL text, one door for reading, one for writing.
//!
//! Owns connections, threads, transactions, migrations and what the engine's errors mean; it is the only module that names an
//! engine. What is *in* the tables belongs to the features: each brings its own statements and composes them in a closure.
//!
//! ```text
//! db.read(|tx| ..)  -> T            a consistent snapshot
//! db.write(|tx| ..) -> Written<T>   atomic and durable; says up to which change number
//! ```
//!
//! A write is answered after its commit is on disk, never before. What a reader would get wrong: a write closure is `Fn` and may
//! run more than once (see `writer`), so it draws no time, id or random byte; those are drawn before it.

mod closure;
mod damage;
mod disk;
mod engine;
mod inside;
pub mod migrate;
mod opening;
pub mod postgres;
mod reader;
mod refusal;
pub mod rollback;
pub mod snapshot;
mod sql;
mod sqlite;
pub mod transfer;
mod tx;
mod value;
mod writer;

#[cfg(test)]
mod tests;

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;
use tokio::sync::watch;
use uuid::Uuid;

pub use damage::Damage;
pub use disk::Disk;
pub use opening::{Options, Place};
pub use refusal::Refusal;
pub use tx::{ReadTx, WriteTx};
pub use value::{Row, Value};
pub use writer::WriteOptions;

use crate::clock::Timestamp;
use crate::error::{Error, Result};
use reader::Readers;
use writer::Writer;

/// Called when a commit's outcome is unknown. It must not return in production: a process that went on would answer from memory
/// what the disk may not hold.
pub type Fatal = Arc<dyn Fn(&str) + Send + Sync>;

/// Ends the process at once, after a line in the log.
pub fn exit_process() -> Fatal {
    Arc::new(|why| {
        tracing::error!(
            why,
            "the store cannot go on; the process ends and reads the truth from disk when it starts again"
        );
        std::process::exit(1);
    })
}

/// What a write returned, and the change number it reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written<T> {
    /// What the closure returned.
    pub value: T,
    /// The newest change number that is durable with it: a reader that has seen it sees the write.
    pub change: i64,
}

impl<T> Written<T> {
    /// The same write with its value turned into another.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Written<U> {
        Written { value: with(self.value), change: self.change }
    }
}

/// What is behind the threads.
enum Engine {
    Sqlite { file: PathBuf },
    Postgres(postgres::Server),
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite { file } => write!(f, "{}", file.display()),
            Self::Postgres(server) => write!(f, "{server:?}"),
        }
    }
}

struct Inner {
    engine: Engine,
    epoch: Uuid,
    readers: Arc<Readers>,
    writer: Writer,
    head: watch::Receiver<i64>,
    tell: Arc<watch::Sender<i64>>,
    disk: Disk,
    damage: Damage,
    /// Ends what [`Db::hold`] has under way.
    closing: Arc<AtomicBool>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
    }
}

/// One open store. Cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").field("engine", &self.0.engine).field("epoch", &self.0.epoch).finish_non_exhaustive()
    }
}

impl Db {
    /// Opens the store, creates it when missing, and migrates it when it is older than this binary. Blocks.
    ///
    /// # Errors
    /// A [`Refusal`] when going on would be unsafe.
    pub fn open(options: Options) -> Result<Self, Refusal> {
        opening::open(options)
    }

    /// The store's identity: another one after a restore.
    pub fn epoch(&self) -> Uuid {
        self.0.epoch
    }

    /// When the store was first made: the same after every restore and copy, so it tells a store from any other.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn made_at(&self) -> Result<Timestamp> {
        self.read(|tx| tx.query_one("SELECT created_at FROM store WHERE id = 1", &[], |r| r.time(0))).await
    }

    /// Whether other instances may write in the same store.
    pub fn is_shared(&self) -> bool {
        matches!(self.0.engine, Engine::Postgres(_))
    }

    /// The newest durable change number.
    pub fn head(&self) -> i64 {
        *self.0.head.borrow()
    }

    /// Wakes when [`Db::head`] moves. A hint: a follower also looks by itself now and then.
    pub fn watch_head(&self) -> watch::Receiver<i64> {
        self.0.head.clone()
    }

    /// The disk that the store is on.
    pub fn disk(&self) -> &Disk {
        &self.0.disk
    }

    /// What is known of damage to the store. The first finding turns it read-only.
    pub fn damage(&self) -> &Damage {
        &self.0.damage
    }

    /// Reads from one consistent snapshot.
    ///
    /// # Errors
    /// What the closure says, [`Error::Deadline`], [`Error::Busy`] when too many reads wait, [`Error::ShuttingDown`].
    pub fn read<T, F>(&self, read: F) -> impl Future<Output = Result<T>> + Send + 'static
    where
        T: Send + 'static,
        F: FnOnce(&mut ReadTx<'_>) -> Result<T> + Send + 'static,
    {
        let answer = self.0.readers.submit(read);
        async move { answer.await.unwrap_or(Err(Error::ShuttingDown)) }
    }

    /// [`Db::read`] for a thread of its own that is no async worker.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn read_blocking<T, F>(&self, read: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut ReadTx<'_>) -> Result<T> + Send + 'static,
    {
        self.0.readers.submit(read).blocking_recv().unwrap_or(Err(Error::ShuttingDown))
    }

    /// Reads from one consistent snapshot for as long as it takes, on this thread and a connection of its own: for an export, which
    /// reads for minutes what the store was at one moment. Blocks; not for an async worker, nor from inside a closure of the store.
    ///
    /// Nobody waits for it. Meanwhile the write-ahead log grows by what is written, because the file cannot take back pages
    /// under a reader; so the closure must not wait for people.
    ///
    /// # Errors
    /// What the closure says; [`Error::ShuttingDown`] when the store is closed meanwhile.
    pub fn hold<T>(&self, read: impl FnOnce(&mut ReadTx<'_>) -> Result<T>) -> Result<T> {
        if inside::is_marked() {
            return Err(Error::internal("the store was called from inside a store closure"));
        }
        if self.0.closing.load(Ordering::Relaxed) {
            return Err(Error::ShuttingDown);
        }
        match &self.0.engine {
            Engine::Sqlite { file } => sqlite::hold::hold(file, &self.0.closing, read),
            Engine::Postgres(server) => postgres::reader::hold(server, &self.0.closing, read),
        }
    }

    /// Runs `write` in a transaction; the answer comes after it is on disk.
    ///
    /// # Errors
    /// What the closure says (then nothing of it is written), [`Error::Busy`], [`Error::StorageFull`], [`Error::ShuttingDown`],
    /// and [`Error::OutcomeUnknown`] when the commit's answer was lost.
    pub fn write<T, F>(&self, write: F) -> impl Future<Output = Result<Written<T>>> + Send + 'static
    where
        T: Send + 'static,
        F: Fn(&mut WriteTx<'_>) -> Result<T> + Send + 'static,
    {
        self.write_with(WriteOptions::default(), write)
    }

    /// [`Db::write`] that states its weight, or that it makes room.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_with<T, F>(
        &self,
        options: WriteOptions,
        write: F,
    ) -> impl Future<Output = Result<Written<T>>> + Send + 'static
    where
        T: Send + 'static,
        F: Fn(&mut WriteTx<'_>) -> Result<T> + Send + 'static,
    {
        let answer = self.0.writer.submit(options, write);
        async move { answer.await.unwrap_or(Err(Error::OutcomeUnknown)) }
    }

    /// Lets queued work finish, copies the write-ahead log into the file and ends the store's threads.
    pub async fn close(&self) {
        self.0.closing.store(true, Ordering::Relaxed);
        let readers = Arc::clone(&self.0.readers);
        let _ = tokio::task::spawn_blocking(move || readers.stop()).await;
        self.0.writer.stop().await;
    }

    /// Reads every page of the file and checks its structure, on a connection of its own. Damage turns the store read-only. Blocks;
    /// may take minutes. A database server looks after its files itself, so there is nothing to do on one.
    ///
    /// # Errors
    /// [`Error::Corrupt`] with the first findings.
    pub fn quick_check(&self) -> Result<()> {
        let Engine::Sqlite { file } = &self.0.engine else { return Ok(()) };
        let run = || -> rusqlite::Result<Vec<String>> {
            let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let conn = Connection::open_with_flags(file, flags)?;
            sqlite::configure_reader(&conn)?;
            let mut statement = conn.prepare("PRAGMA quick_check(20)")?;
            let rows = statement.query_map([], |r| r.get(0))?;
            rows.collect()
        };
        let sound = run()
            .map_err(|e| sqlite::error(&e))
            .and_then(|findings| if findings == ["ok"] { Ok(()) } else { Err(Error::Corrupt(findings.join("; "))) });
        if let Err(Error::Corrupt(why)) = &sound {
            self.0.damage.note(why);
        }
        sound
    }

    /// Does something to the file's connection, on the writer's thread.
    #[cfg(test)]
    fn tamper(&self, with: impl FnOnce(&Connection) + Send + 'static) {
        self.0.writer.tamper(|engine| with(engine.sqlite().unwrap()));
    }

    /// Holds the writer up.
    #[cfg(test)]
    fn pause(&self, with: impl FnOnce() + Send + 'static) {
        self.0.writer.tamper(|_| with());
    }
}
