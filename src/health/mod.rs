//! How the server is: alive, ready, and what its numbers say.
//!
//! Alive means that the process answers. Ready means that an acknowledged write is possible: the store takes writes, the disk
//! has room above its reserve, and no damage was found. A search index that is being built does not make the server unready: it
//! serves notes meanwhile and says so.

pub mod api;

use std::sync::Arc;

use parking_lot::RwLock;

use crate::backup::Rescue;
use crate::db::Db;
use crate::search::Phase;
use crate::search::Search;

/// What the check of the store's file has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Integrity {
    /// Not run yet, or still running.
    Unchecked,
    /// Every page is sound.
    Sound,
    /// What is wrong.
    Damaged(String),
}

/// The state of one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Which part.
    pub name: &'static str,
    /// Whether it keeps the server from being ready.
    pub ok: bool,
    /// Its state in a word or a sentence.
    pub detail: String,
}

/// Watches the parts of one tenant. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Health {
    db: Db,
    search: Search,
    integrity: Arc<RwLock<Integrity>>,
    rescue: Rescue,
    /// What to do about damage, once that was found out.
    advice: Arc<RwLock<Option<String>>>,
}

impl Health {
    /// Watches these; `rescue` knows the backups.
    pub fn new(db: Db, search: Search, rescue: Rescue) -> Self {
        Self { db, search, integrity: Arc::new(RwLock::new(Integrity::Unchecked)), rescue, advice: Arc::default() }
    }

    /// Waits for damage, which may be for ever; then looks for the newest good backup and names it in the log and in the checks.
    pub async fn advise_on_damage(self) {
        self.db.damage().wait().await;
        let rescue = self.rescue.clone();
        if let Ok(advice) = tokio::task::spawn_blocking(move || rescue.advice()).await {
            tracing::error!("the store is damaged; {advice}");
            *self.advice.write() = Some(advice);
        }
    }

    /// Reads every page of the store's file and remembers the finding. Blocks, perhaps for minutes.
    pub fn check_integrity(&self) -> Integrity {
        let found = match self.db.quick_check() {
            Ok(()) => Integrity::Sound,
            // The store has told it, and takes no more writes.
            Err(why) => Integrity::Damaged(why.to_string()),
        };
        *self.integrity.write() = found.clone();
        found
    }

    /// Reads every file of the index, which is built anew when one is not what was written. Blocks.
    pub fn check_index(&self) {
        self.search.check_files();
    }

    /// Looks at every part.
    pub async fn checks(&self) -> Vec<Check> {
        // An empty transaction goes the whole way of a write, less the flush.
        let store = match self.db.write(|_| Ok(())).await {
            Ok(_) => Check { name: "store", ok: true, detail: "writable".into() },
            Err(why) => Check { name: "store", ok: false, detail: why.to_string() },
        };
        // A store whose schema is not the binary's is not opened at all.
        let schema = Check { name: "schema", ok: true, detail: "current".into() };
        let disk = match (self.db.disk().is_low(), self.db.disk().free()) {
            (true, _) => Check { name: "disk", ok: false, detail: "below its reserve".into() },
            (false, Some(free)) => Check { name: "disk", ok: true, detail: format!("{} MiB free", free >> 20) },
            (false, None) => Check { name: "disk", ok: true, detail: "free space unknown".into() },
        };
        vec![store, schema, disk, self.index(), self.integrity()]
    }

    fn index(&self) -> Check {
        let status = self.search.status();
        let detail = match &status.progress.phase {
            Phase::Opening => "opening".to_owned(),
            Phase::Rebuilding { done, total } => format!("rebuilding, {done} of {total} notes"),
            Phase::Ready => {
                let behind = (status.head - status.progress.reached).max(0);
                let state = if behind == 0 { "current".to_owned() } else { format!("{behind} changes behind") };
                match &status.progress.making {
                    Some(new) => format!("{state}; a new one is being made, {} of {} notes", new.done, new.total),
                    None => state,
                }
            }
            Phase::Unavailable => {
                format!("unavailable: {}", status.progress.problem.as_deref().unwrap_or("unknown"))
            }
            Phase::Stopped => "stopped".to_owned(),
        };
        Check { name: "index", ok: true, detail }
    }

    fn integrity(&self) -> Check {
        if let Some(why) = self.db.damage().found() {
            let advice = self.advice.read().as_ref().map(|advice| format!("; {advice}")).unwrap_or_default();
            let detail = format!("read-only, because of damage: {why}{advice}");
            return Check { name: "integrity", ok: false, detail };
        }
        let (ok, detail) = match &*self.integrity.read() {
            Integrity::Unchecked => (true, "not checked yet".to_owned()),
            Integrity::Sound => (true, "sound".to_owned()),
            Integrity::Damaged(why) => (false, why.clone()),
        };
        Check { name: "integrity", ok, detail }
    }
}
