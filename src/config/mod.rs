//! Settings: what the person who runs the server has decided, from wherever they said it.
//!
//! Owns the names, defaults and forms of all settings ([`table`], [`mod@rows`]), the order in which their sources win ([`layers`]) and the
//! printed reference ([`mod@reference`]). Leaves to others what a setting does, and reads nothing ambient: variables come in as an
//! [`Environment`], files through its reader, so that every rule here is tested as a function.
//!
//! What is easily got wrong: a setting is one row of [`rows::SETTINGS`] and nothing else. The flag, the variable, the file
//! key, `config show`, `config check` and `docs/configuration.md` all follow from the row; there is no second list to keep.

mod layers;
mod public_url;
mod reference;
mod rows;
mod table;
mod value;
mod web_origin;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use secrecy::SecretString;

pub use layers::{Environment, Flags, Origin, Resolved, Stated, resolve};
pub use public_url::PublicUrl;
pub use reference::reference;
pub use rows::SETTINGS;
pub use table::{Fallback, FlagOn, Setting};
pub use web_origin::WebOrigin;

/// Who may make an account without an administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signup {
    /// Nobody: accounts are made on the command line.
    Closed,
    /// Whoever an administrator has invited.
    Invite,
    /// Everybody who reaches the server.
    Open,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people, with colours on a terminal.
    Pretty,
    /// One JSON object per line.
    Json,
}

/// Which backups stay: how many, by each rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keep {
    /// The newest.
    pub last: u32,
    /// One a day.
    pub daily: u32,
    /// One a week.
    pub weekly: u32,
    /// One a month.
    pub monthly: u32,
}

/// Every setting with its value, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file of the TOML layer.
    pub config: Option<PathBuf>,
    /// Where everything that is kept is kept.
    pub data_dir: PathBuf,
    /// The database server that keeps the store, with its password; `None`: a file in the data directory.
    pub database_url: Option<SecretString>,
    /// The schema in that database.
    pub database_schema: String,
    /// The key that seals secrets inside the store, in hexadecimal digits; `None`: the one in the data directory.
    pub master_key: Option<SecretString>,
    /// The one before it, while something may lie under that.
    pub master_key_previous: Option<SecretString>,
    /// Where HTTP is served; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// How the server is reached from outside, when it knows.
    pub public_url: Option<PublicUrl>,
    /// Proxies whose word on the client's address counts.
    pub trusted_proxies: Vec<IpNet>,
    /// Networks that may be spoken to although they are not public.
    pub outbound_allow: Vec<IpNet>,
    /// Pages of other sites that may use the API.
    pub cors_origins: Vec<WebOrigin>,
    /// The certificate chain of the HTTP server. Set together with the key, or not at all.
    pub tls_cert: Option<PathBuf>,
    /// The key of that certificate.
    pub tls_key: Option<PathBuf>,
    /// Who may register.
    pub signup: Signup,
    /// The SMTP server that takes letters, with the password for it.
    pub smtp_url: Option<SecretString>,
    /// Whom letters are from.
    pub mail_from: Option<String>,
    /// Whether requests are limited.
    pub rate_limit: bool,
    /// Whether tries at credentials are limited.
    pub credential_throttle: bool,
    /// How long an access token is good for.
    pub access_token_ttl: Duration,
    /// Bytes that hashing a password takes.
    pub password_memory: u64,
    /// Passes over them.
    pub password_passes: u32,
    /// An address of its own for metrics and probes.
    pub metrics_listen: Option<SocketAddr>,
    /// Opens `/metrics` on the main address to those who send it.
    pub metrics_token: Option<SecretString>,
    /// `None`: [`LogFormat::Pretty`] on a terminal, else [`LogFormat::Json`].
    pub log_format: Option<LogFormat>,
    /// Which events are logged, in the syntax of `tracing`'s env-filter.
    pub log_level: String,
    /// Bytes of free disk space below which writes that grow the store are refused.
    pub disk_reserve: u64,
    /// The minute of the day (UTC) at which the server makes a backup of itself; `None`: it makes none.
    pub backup_daily: Option<u16>,
    /// Where those backups go; `None`: into the data directory.
    pub backup_dir: Option<PathBuf>,
    /// Which of them stay; `None`: all of them.
    pub backup_keep: Option<Keep>,
    /// Threads that answer reads; 0 is one per core.
    pub reader_threads: usize,
}

/// Where certificate and key are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate and those between it and its root, in PEM.
    pub cert: PathBuf,
    /// Its key, in PEM.
    pub key: PathBuf,
}

impl Config {
    /// The files of TLS; `None`: plain HTTP is served.
    pub fn tls(&self) -> Option<TlsFiles> {
        Some(TlsFiles { cert: self.tls_cert.clone()?, key: self.tls_key.clone()? })
    }
}

/// One thing that is wrong with the settings, and where it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable word for programs.
    pub slug: &'static str,
    /// The setting or unknown name that it is about, when it is about one.
    pub setting: Option<String>,
    /// One sentence that names the place and what would be accepted. Never holds a secret's value.
    pub detail: String,
}

/// Everything that is wrong with the settings: all of it at once, so that a file is mended in one go. Never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// In the order of the sources.
    pub problems: Vec<Problem>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, problem) in self.problems.iter().enumerate() {
            write!(f, "{}{}", if n == 0 { "" } else { "\n" }, problem.detail)?;
        }
        Ok(())
    }
}
