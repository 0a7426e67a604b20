//! What is known about a setting. The settings themselves are [`super::rows`].

use std::path::PathBuf;
use std::time::Duration;

use super::{Config, Signup};

/// Which commands have a flag for a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlagOn {
    /// All of them.
    Every,
    /// `serve`, and `config show` and `config check`, which speak of what `serve` would do.
    Serve,
    /// None: a secret on a command line is seen by everyone on the machine.
    None,
}

/// What a setting is when nobody sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// This text, read like any other.
    Text(&'static str),
    /// Nothing; what that means.
    Unset(&'static str),
    /// Depends on the environment; how.
    Derived(&'static str),
}

/// One row: everything that is known about a setting.
#[derive(Debug)]
pub struct Setting {
    /// The key of the file; in upper case behind `INKSTONE_` the variable; with hyphens the flag.
    pub name: &'static str,
    /// What it does, for someone who runs the server. First sentence stands alone (it is the help of the flag).
    pub doc: &'static str,
    /// What stands for the value in help texts.
    pub placeholder: &'static str,
    /// The value when nobody sets it.
    pub fallback: Fallback,
    /// Where it has a flag.
    pub flag: FlagOn,
    /// Whether it must not be shown, and may come from a file of its own or a systemd credential.
    pub secret: bool,
    /// Whether the TOML file may hold it.
    pub in_file: bool,
    pub(super) apply: fn(&mut Config, &str) -> Result<(), String>,
}

impl Setting {
    /// `INKSTONE_LISTEN`.
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.to_ascii_uppercase())
    }

    /// `listen`, as it stands behind the two hyphens; `None` when there is no flag.
    pub fn flag_name(&self) -> Option<String> {
        (self.flag != FlagOn::None).then(|| self.name.replace('_', "-"))
    }

    /// The first sentence of [`Setting::doc`].
    pub fn summary(&self) -> &'static str {
        self.doc.split_once(". ").map_or(self.doc, |(first, _)| first).trim_end_matches('.')
    }
}

/// What all variables begin with.
pub(super) const PREFIX: &str = "INKSTONE_";

/// Tokens that live longer than this are warned about: until they expire, a stolen one works wherever it is not checked
/// against its session.
pub(super) const LONG_TTL: Duration = Duration::from_secs(15 * 60);

/// A configuration before any row was applied. Not valid by itself: [`super::resolve`] applies every fallback to it.
pub(super) fn blank() -> Config {
    Config {
        config: None,
        data_dir: PathBuf::new(),
        database_url: None,
        database_schema: String::new(),
        master_key: None,
        master_key_previous: None,
        listen: std::net::SocketAddr::from(([127, 0, 0, 1], 0)),
        public_url: None,
        trusted_proxies: Vec::new(),
        outbound_allow: Vec::new(),
        cors_origins: Vec::new(),
        tls_cert: None,
        tls_key: None,
        signup: Signup::Closed,
        credential_throttle: true,
        smtp_url: None,
        mail_from: None,
        rate_limit: true,
        password_memory: 0,
        password_passes: 0,
        access_token_ttl: Duration::ZERO,
        metrics_listen: None,
        metrics_token: None,
        log_format: None,
        log_level: String::new(),
        disk_reserve: 0,
        backup_daily: None,
        backup_dir: None,
        backup_keep: None,
        reader_threads: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SETTINGS;

    #[test]
    fn every_written_default_is_a_value_that_its_row_accepts() {
        for setting in SETTINGS {
            if let Fallback::Text(text) = setting.fallback {
                assert_eq!((setting.apply)(&mut blank(), text), Ok(()), "{}", setting.name);
            }
        }
    }

    #[test]
    fn secrets_have_no_flag_and_names_are_plain() {
        for setting in SETTINGS {
            assert!(setting.name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{}", setting.name);
            assert_eq!(setting.secret, setting.flag == FlagOn::None, "{}", setting.name);
            assert!(setting.doc.ends_with('.'), "{}", setting.name);
        }
    }
}
