//! The composition root of one tenant: its store, its index, its features; started, and drained.
//!
//! The only place that knows how the rooms are connected. Everything that belongs to a tenant hangs here, nothing is global:
//! many instances live in one process, in tests today.

use std::sync::Arc;
use std::time::Duration;

use crate::accounts::password::Passwords;
use crate::accounts::service::Accounts;
use crate::clock::{Ids, Timestamp};
use crate::config::Config;
use crate::data_dir::{DataDir, DataDirError, Lock};
use crate::db::{Db, Fatal, Options, Refusal};
use crate::error::{Error, Result};
use crate::feed;
use crate::health::Health;
use crate::http::app::files::AppFiles;
use crate::http::auth::Gate;
use crate::http::cookies::Cookies;
use crate::idempotency::{self, InFlight};
use crate::metrics::Metrics;
use crate::search::{self, Search};
use crate::server::Parts;
use crate::sessions::Sessions;

/// Changes that the log keeps. A follower that was away for longer reads everything anew.
const CHANGES_KEPT: i64 = 1_000_000;
/// Rows cleared away in one write.
const CLEARED_AT_ONCE: i64 = 5_000;
/// Time between two looks for expired rows.
const TIDY_EVERY: Duration = Duration::from_secs(15 * 60);
/// How long a read may wait and run.
const READ_DEADLINE: Duration = Duration::from_secs(10);

/// Why an instance does not start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store is unsafe to open.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The directory is not usable.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The store opened, and something in it or around it failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// What an instance takes from its process. Cheap to clone.
#[derive(Clone)]
pub struct Resources {
    /// Time, ids and randomness.
    pub ids: Ids,
    /// Counters.
    pub metrics: Metrics,
    /// Password hashing.
    pub passwords: Passwords,
    /// The browser app.
    pub app: AppFiles,
    /// What happens when a commit's outcome is unknown.
    pub fatal: Fatal,
}

impl std::fmt::Debug for Resources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Resources")
    }
}

/// One running tenant.
#[derive(Debug)]
pub struct Instance {
    parts: Parts,
    tidying: tokio::task::JoinHandle<()>,
    _lock: Lock,
}

impl Instance {
    /// Opens the store in `dir` and starts everything that works on it. Wants a tokio runtime around it.
    ///
    /// # Errors
    /// An [`OpenError`]; nothing runs then.
    pub async fn open(host: &Resources, dir: &DataDir, lock: Lock, config: &Config) -> Result<Self, OpenError> {
        let master = dir.master_key(host.ids.entropy())?;
        let options = Options {
            file: dir.database(),
            backups: dir.backups(),
            readers: config.reader_threads,
            read_deadline: READ_DEADLINE,
            disk_reserve: config.disk_reserve,
            ids: host.ids.clone(),
            metrics: host.metrics.store.clone(),
            fatal: Arc::clone(&host.fatal),
        };
        // Opening may migrate, which may take its time.
        let db = tokio::task::spawn_blocking(move || Db::open(options)).await.map_err(Error::internal)??;
        let ttl = config.access_token_ttl;
        let sessions = Arc::new(Sessions::open(db.clone(), host.ids.clone(), master.expose(), ttl).await?);
        let accounts = Accounts::new(db.clone(), host.ids.clone(), host.passwords.clone(), Arc::clone(&sessions));
        let search = Search::start(search::Options {
            data_directory: dir.root().to_owned(),
            db: db.clone(),
            ids: host.ids.clone(),
            metrics: host.metrics.search.clone(),
        })?;
        let tidying = tokio::spawn(tidy(db.clone(), host.ids.clone(), Arc::clone(&sessions)));
        let cookies = Cookies::new(db.epoch(), config.public_url.as_ref());
        let parts = Parts {
            ids: host.ids.clone(),
            metrics: host.metrics.clone(),
            metrics_token: config.metrics_token.clone(),
            app: host.app.clone(),
            public_url: config.public_url.clone(),
            listen: config.listen,
            tls: config.tls().is_some(),
            signup: config.signup,
            gate: Arc::new(Gate::new(accounts.clone(), Arc::clone(&sessions), cookies, config.public_url.as_ref())),
            health: Health::new(db.clone(), search.clone()),
            in_flight: InFlight::default(),
            accounts,
            sessions,
            search,
            db,
        };
        Ok(Self { parts, tidying, _lock: lock })
    }

    /// What the routes are made of.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Checks the store's file in the background; `/readyz` tells what was found.
    pub fn check_integrity(&self) {
        let health = self.parts.health.clone();
        tokio::task::spawn_blocking(move || health.check_integrity());
    }

    /// Waits until the index shows everything that is in the store; `false` when that takes longer than `at_most`.
    pub async fn settle(&self, at_most: Duration) -> bool {
        self.parts.search.settle(at_most).await
    }

    /// Ends everything in order: the index is committed, queued writes finish, the write-ahead log is copied back.
    pub async fn close(self) {
        self.tidying.abort();
        self.parts.search.stop().await;
        self.parts.db.close().await;
    }
}

/// Clears away what nobody will ask for again, a little at a time.
async fn tidy(db: Db, ids: Ids, sessions: Arc<Sessions>) {
    let mut ticks = tokio::time::interval(TIDY_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let outcome = async {
            prune(&db).await?;
            sessions.purge_expired(CLEARED_AT_ONCE).await?;
            forget_answers(&db, ids.now()).await
        };
        match outcome.await {
            Ok(()) => {}
            Err(Error::ShuttingDown) => return,
            Err(why) => tracing::warn!(%why, "expired rows could not be cleared away; trying again later"),
        }
    }
}

async fn prune(db: &Db) -> Result<()> {
    loop {
        let pruned = db.write(|tx| feed::store::prune(tx, CHANGES_KEPT, CLEARED_AT_ONCE)).await?;
        if pruned.value == 0 {
            return Ok(());
        }
    }
}

async fn forget_answers(db: &Db, now: Timestamp) -> Result<()> {
    // Whole notes: fewer at once than rows of a log.
    while db.write(move |tx| idempotency::store::sweep(tx, now, CLEARED_AT_ONCE / 10)).await?.value > 0 {}
    Ok(())
}
