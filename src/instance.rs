//! The composition root of one tenant: its store, its index, its features; started, and drained.
//!
//! The only place that knows how the rooms are connected. Everything that belongs to a tenant hangs here, nothing is global:
//! many instances live in one process, in tests today.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::accounts::letters::Letters;
use crate::accounts::service::Accounts;
use crate::api_keys::Keys;
use crate::audit::refusals::{self, Refusals};
use crate::clock::Ids;
use crate::config::Config;
use crate::credentials::password::Passwords;
use crate::credentials::{self, Verifier};
use crate::data_dir::{DataDir, DataDirError, Lock, MasterKey};
use crate::db::{Db, Fatal, Options, Place, Refusal, postgres};
use crate::error::{Error, Result};
use crate::feed::subscribers::Subscribers;
use crate::health::Health;
use crate::housekeeping::{self, Rooms};
use crate::http::app::files::AppFiles;
use crate::http::auth::Gate;
use crate::http::budget::RequestBudgets;
use crate::http::cookies::Cookies;
use crate::idempotency::InFlight;
use crate::jobs::{Handlers, Queue, Worker};
use crate::mail::{self, Post};
use crate::metrics::Metrics;
use crate::outbound::Outbound;
use crate::seal::Keyring;
use crate::search::{self, Search};
use crate::secrets::Rotator;
use crate::server::{self, Parts};
use crate::sessions::Sessions;
use crate::sso::{self, Sso};
use crate::transfers::Transfers;
use crate::{backup, export, import};

/// How authenticators call the server.
const NAME: &str = "Inkstone";
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
    /// Sends letters in place of what the settings say: for tests.
    pub mailer: Post,
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
    /// Writes down what was refused.
    recording: JoinHandle<()>,
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
        let made = db.made_at().await?;
        let (previous, keys_in) = match (&config.master_key, &config.master_key_previous) {
            (Some(_), previous) => (previous.as_ref().and_then(MasterKey::from_hex), None),
            (None, _) => (dir.next_master_key()?, Some(dir.clone())),
        };
        let previous: Vec<[u8; MasterKey::LENGTH]> = previous.iter().map(|key| *key.expose()).collect();
        let ring = Keyring::new(master.expose(), &previous, made)?;
        let rotator = Rotator::new(db.clone(), host.ids.clone(), ring.clone(), keys_in);
        rotator.resume().await?;
        let ttl = config.access_token_ttl;
        let sessions = Arc::new(Sessions::open(db.clone(), host.ids.clone(), &ring, master.expose(), ttl).await?);
        let refusals = Refusals::new(db.clone(), host.ids.clone());
        let url = server::base_url(config.public_url.as_ref(), config.tls().is_some(), config.listen);
        let verifier = Verifier::open(credentials::Options {
            db: db.clone(),
            ids: host.ids.clone(),
            passwords: host.passwords.clone(),
            ring: ring.clone(),
            refusals: refusals.clone(),
            metrics: host.metrics.credentials.clone(),
            throttle: config.credential_throttle,
            reached: url.clone(),
            name: NAME,
        })
        .await?;
        let accounts = Accounts::new(db.clone(), host.ids.clone(), verifier.clone(), Arc::clone(&sessions), NAME);
        let outbound = Outbound::new(&config.outbound_allow, host.metrics.outbound.clone());
        let sso = Sso::open(sso::Options {
            db: db.clone(),
            ids: host.ids.clone(),
            ring: ring.clone(),
            outbound: outbound.clone(),
            accounts: accounts.clone(),
            verifier: verifier.clone(),
            reached: url.trim_end_matches('/').to_owned(),
        })
        .await?;
        let keys = Keys::new(db.clone(), host.ids.clone(), verifier);
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
        let mailer = host.mailer.clone().or_else(|| mail::of(config));
        let letters = Letters::new(accounts.clone(), queue.clone(), mailer, &url);
        let handlers = letters.handle(handlers);
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
            cors_origins: config.cors_origins.clone().into(),
            signup: config.signup,
            gate: Arc::new(Gate::new(
                accounts.clone(),
                Arc::clone(&sessions),
                keys.clone(),
                host.ids.clone(),
                cookies,
                config.public_url.as_ref(),
            )),
            keys,
            letters,
            request_budgets: config.rate_limit.then(|| RequestBudgets::new(&host.ids)),
            outbound,
            sso,
            rotator,
            refusals,
            health,
            queue: queue.clone(),
            transfers,
            in_flight: InFlight::default(),
            accounts,
            sessions,
            search,
            subscribers: Subscribers::new(db.clone(), host.metrics.feed.clone()),
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
        let recording = tokio::spawn(record(parts.refusals.clone()));
        self.working = Some(Working { stop, task, advising, recording, hearing });
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

    /// Ends the event streams, and lets none begin: whoever listens comes back to the next server, and this one need not wait.
    pub fn hang_up(&self) {
        self.parts.subscribers.close();
    }

    /// Ends everything in order: the index is committed, queued writes finish, the write-ahead log is copied back.
    pub async fn close(self) {
        self.hang_up();
        if let Some(Working { stop, task, advising, recording, hearing }) = self.working {
            advising.abort();
            recording.abort();
            if let Some(hearing) = hearing {
                hearing.abort();
            }
            let _ = stop.send(true);
            let _ = task.await;
        }
        if let Err(error) = self.parts.refusals.flush().await {
            tracing::warn!(%error, "what was refused last is not in the audit log");
        }
        self.parts.search.stop().await;
        self.parts.db.close().await;
    }
}

/// Writes down, again and again, what was refused meanwhile.
async fn record(refusals: Refusals) {
    loop {
        tokio::time::sleep(refusals::EVERY).await;
        if let Err(error) = refusals.flush().await {
            tracing::warn!(%error, "what was refused is not in the audit log yet; it is kept for the next time");
        }
    }
}
