//! What a process owns once, however many tenants it serves.
//!
//! Threads that hash passwords, counters, time and randomness, and how many files may be open. Listeners belong to the command that opened them; what belongs
//! to one tenant hangs on its [`Instance`].

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use std::sync::Arc;

use crate::clock::Ids;
use crate::config::Config;
use crate::credentials::password::{Cost, Passwords};
use crate::data_dir::{DataDir, Lock};
use crate::db::exit_process;
use crate::error::{Error, Result};
use crate::http::app::files::AppFiles;
use crate::instance::{Instance, OpenError, Resources};
use crate::mail::Mailer;
use crate::metrics::Metrics;

/// Lets the process have as many files open as it may at all; returns how many that is. The usual limit of 1,024 is there for
/// programs that ask by `select`, which cannot count further; a connection is a file, and event streams are many.
pub fn open_files() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let current = if setrlimit(Resource::Nofile, raised).is_ok() { raised.current } else { limit.current };
    // None means no limit.
    current.map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX))
}

/// The process's own things.
#[derive(Debug, Clone)]
pub struct Host {
    resources: Resources,
}

impl Host {
    /// The machine's clock and randomness, and a hashing thread for each core but one, at the cost that the configuration names.
    ///
    /// With a thread for every core, a flood of sign-ins made the slowest of a hundred reads 3.6 times as slow on two cores, although
    /// hashing gives way (`cargo bench --bench flood`).
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(config: &Config) -> Result<Self> {
        let cost = Cost::of(config);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self::with(Ids::system(), cost, cores.saturating_sub(1).max(1))?.serving(AppFiles::embedded()))
    }

    /// With this browser app.
    #[must_use]
    pub fn serving(self, app: AppFiles) -> Self {
        Self { resources: Resources { app, ..self.resources } }
    }

    /// Sending letters in this way, whatever the settings say.
    #[must_use]
    pub fn mailing(self, mailer: Arc<dyn Mailer>) -> Self {
        Self { resources: Resources { mailer: Some(mailer), ..self.resources } }
    }

    /// Everything handed in, and no browser app: for tests.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn with(ids: Ids, cost: Cost, hashing_threads: usize) -> Result<Self> {
        let metrics = Metrics::new();
        let passwords =
            Passwords::start(hashing_threads, cost, metrics.credentials.clone()).map_err(Error::internal)?;
        Ok(Self {
            resources: Resources {
                ids,
                metrics,
                passwords,
                app: AppFiles::default(),
                mailer: None,
                fatal: exit_process(),
            },
        })
    }

    /// Time, ids and randomness.
    pub fn ids(&self) -> Ids {
        self.resources.ids.clone()
    }

    /// Opens a tenant. Wants a tokio runtime around it.
    ///
    /// # Errors
    /// As [`Instance::open`].
    pub async fn open(&self, dir: &DataDir, lock: Lock, config: &Config) -> Result<Instance, OpenError> {
        Instance::open(&self.resources, dir, lock, config).await
    }
}
