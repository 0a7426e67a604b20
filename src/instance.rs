//! The composition root of one tenant: its store, its index, its features; started, and drained.
//!
//! The only place that knows how the rooms are connected. Everything that belongs to a tenant hangs here, nothing is global:
//! many instances live in one process, in tests today.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::accounts::password::Passwords;
use crate::accounts::service::Accounts;
use crate::clock::Ids;
use crate::config::Config;
use crate::data_dir::{DataDir, DataDirError, Lock, MasterKey};
use crate::db::{Db, Fatal, Options, Place, Refusal, postgres};
use crate::error::{Error, Result};
use crate::health::Health;
use crate::housekeeping::{self, Rooms};
use crate::http::app::files::AppFiles;
use crate::http::auth::Gate;
use crate::http::cookies::Cookies;
use crate::idempotency::InFlight;
use crate::jobs::{Handlers, Queue, Worker};
use crate::metrics::Metrics;
use crate::search::{self, Search};
use crate::server::Parts;
use crate::sessions::Sessions;
use crate::transfers::Transfers;
use crate::{backup, export, import};

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

/// The worker while it works.
#[derive(Debug)]
struct Working {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    advising: JoinHandle<()>,
    /// Hears of what other instances do, where there may be any.
    hearing: Option<JoinHandle<()>>,
}

/// One running tenant.
#[derive(Debug)]
pub struct Instance {
    parts: Parts,
    worker: Worker,
    working: Option<Working>,
    _lock: Lock,
}

impl Instance {
    /// Opens the store in `dir` and starts everything that works on it. Wants a tokio runtime around it.
    ///
    /// # Errors
    /// An [`OpenError`]; nothing runs then.
    pub async fn open(host: &Resources, dir: &DataDir, lock: Lock, config: &Config) -> Result<Self, OpenError> {
        let master = match config.master_key.as_ref().and_then(MasterKey::from_hex) {
            Some(key) => key,
            None => dir.master_key(host.ids.entropy())?,
        };
        let options = Options {
            place: match postgres::Place::of(config) {
                Some(place) => Place::Server(place),
                None => Place::File { file: dir.database(), backups: dir.backups() },
            },
            directory: dir.root().to_owned(),
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
            effort: search::Effort::BesideRequests,
        })?;
        let health = Health::new(db.clone(), search.clone(), backup::Rescue::of(dir, config));
        let queue = Queue::new(db.clone(), host.ids.clone());
        let transfers = Transfers::at(dir.transfers());
        let rooms = Rooms {
            db: db.clone(),
            ids: host.ids.clone(),
            sessions: Arc::clone(&sessions),
            health: health.clone(),
            transfers: transfers.clone(),
        };
        let handlers = housekeeping::handle(Handlers::new(), &rooms);
        let handlers = export::job::handle(handlers, &db, &host.ids, &transfers);
        let handlers = import::job::handle(handlers, &db, &host.ids, &transfers);
        let handlers = backup::job::handle(handlers, dir, &host.ids, config);
        let mut schedules = housekeeping::schedules()?;
        schedules.extend(backup::job::schedule(config)?);
        let worker = Worker::new(queue.clone(), handlers, schedules, host.metrics.jobs.clone());
        let cookies = Cookies::new(db.epoch(), config.public_url.as_ref());
        let parts = Parts {
            ids: host.ids.clone(),
            metrics: host.metrics.clone(),
            metrics_token: config.metrics_token.clone(),
            app: host.app.clone(),
            public_url: config.public_url.clone(),
            listen: config.listen,
            tls: config.tls().is_some(),
            trusted_proxies: config.trusted_proxies.clone().into(),
            signup: config.signup,
            gate: Arc::new(Gate::new(accounts.clone(), Arc::clone(&sessions), cookies, config.public_url.as_ref())),
            health,
            queue: queue.clone(),
            transfers,
            in_flight: InFlight::default(),
            accounts,
            sessions,
            search,
            db,
        };
        Ok(Self { parts, worker, working: None, _lock: lock })
    }

    /// What the routes are made of.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Begins to work on jobs and to watch for damage in the background, until the instance is closed. Servers do; a command that
    /// opens a store for a moment leaves them alone.
    pub fn work(&mut self) {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(self.worker.clone().run(stopped));
        let advising = tokio::spawn(self.parts.health.clone().advise_on_damage());
        let parts = &self.parts;
        let hearing = parts.db.is_shared().then(|| {
            let follow =
                housekeeping::elsewhere::follow(parts.db.clone(), parts.sessions.cache().clone(), parts.queue.clone());
            tokio::spawn(follow)
        });
        self.working = Some(Working { stop, task, advising, hearing });
    }

    /// Does all jobs that are due now; returns how many runs that were.
    ///
    /// # Errors
    /// What the store says.
    pub async fn work_off(&self) -> Result<usize> {
        self.worker.drain().await
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
        if let Some(Working { stop, task, advising, hearing }) = self.working {
            advising.abort();
            if let Some(hearing) = hearing {
                hearing.abort();
            }
            let _ = stop.send(true);
            let _ = task.await;
        }
        self.parts.search.stop().await;
        self.parts.db.close().await;
    }
}
