//! What a process owns once, however many tenants it serves.
//!
//! Threads that hash passwords, counters, time and randomness. Listeners belong to the command that opened them; what belongs
//! to one tenant hangs on its [`Instance`].

use crate::accounts::password::{Cost, Passwords};
use crate::clock::Ids;
use crate::config::Config;
use crate::data_dir::{DataDir, Lock};
use crate::db::exit_process;
use crate::error::{Error, Result};
use crate::http::app::files::AppFiles;
use crate::instance::{Instance, OpenError, Resources};
use crate::metrics::Metrics;

/// The process's own things.
#[derive(Debug, Clone)]
pub struct Host {
    resources: Resources,
}

impl Host {
    /// The machine's clock and randomness, and one hashing thread per core.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new() -> Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self::with(Ids::system(), Cost::STANDARD, cores)?.serving(AppFiles::embedded()))
    }

    /// With this browser app.
    #[must_use]
    pub fn serving(self, app: AppFiles) -> Self {
        Self { resources: Resources { app, ..self.resources } }
    }

    /// Everything handed in, and no browser app: for tests.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn with(ids: Ids, cost: Cost, hashing_threads: usize) -> Result<Self> {
        let passwords = Passwords::start(hashing_threads, cost).map_err(Error::internal)?;
        Ok(Self {
            resources: Resources {
                ids,
                metrics: Metrics::new(),
                passwords,
                app: AppFiles::default(),
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
