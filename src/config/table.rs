//! The one list of settings.
//!
//! Adding a setting is adding a row and a member of [`Config`]. A row exists only from the change that gives it an effect.

use std::path::PathBuf;
use std::time::Duration;

use super::{Config, LogFormat, PublicUrl, Signup, value};

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

/// All settings, in the order in which they are shown.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "config",
        doc: "The TOML file to read settings from. Its keys are the names of this table; an unknown key is an error.",
        placeholder: "FILE",
        fallback: Fallback::Unset("no file is read"),
        flag: FlagOn::Every,
        secret: false,
        in_file: false,
        apply: |config, text| {
            config.config = Some(PathBuf::from(text));
            Ok(())
        },
    },
    Setting {
        name: "data_dir",
        doc: "The directory that holds everything. It is made when missing, with mode 0700; a server started by root works as \
              its owner.",
        placeholder: "DIR",
        fallback: Fallback::Derived(
            "`$STATE_DIRECTORY`, else `$XDG_DATA_HOME/inkstone`, else `~/.local/share/inkstone`",
        ),
        flag: FlagOn::Every,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.data_dir = PathBuf::from(text);
            Ok(())
        },
    },
    Setting {
        name: "database_url",
        doc: "Keeps the store on a PostgreSQL server (14 or newer) instead of in a file: \
              `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. Several servers may share one. `?sslmode=` says how that server proves \
              itself: `disable`, `require` (nobody is asked), `verify-ca`, `verify-full` (the default, save for a server on this \
              machine), and `&sslrootcert=FILE` whom to trust instead of the machine's authorities.",
        placeholder: "URL",
        fallback: Fallback::Unset("the store is a file in the data directory"),
        flag: FlagOn::None,
        secret: true,
        in_file: true,
        apply: |config, text| {
            config.database_url = Some(value::database_url(text)?);
            Ok(())
        },
    },
    Setting {
        name: "database_schema",
        doc: "The schema in that database; it is made when missing. Each store is a schema of its own.",
        placeholder: "NAME",
        fallback: Fallback::Text("inkstone"),
        flag: FlagOn::Every,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.database_schema = text.to_owned();
            Ok(())
        },
    },
    Setting {
        name: "master_key",
        doc: "The key that seals secrets inside the store, 64 hexadecimal digits. Servers that share a store need the same one; `xxd -p -c \
              32 keys/master.key` prints the one that the first of them has made.",
        placeholder: "KEY",
        fallback: Fallback::Unset("`keys/master.key` in the data directory, made at the first start"),
        flag: FlagOn::None,
        secret: true,
        in_file: false,
        apply: |config, text| {
            config.master_key = Some(value::master_key(text)?);
            Ok(())
        },
    },
    Setting {
        name: "listen",
        doc: "Address and port of the HTTP server. Port 0 takes a free one and prints it.",
        placeholder: "ADDRESS",
        fallback: Fallback::Text("127.0.0.1:7465"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.listen = value::address(text)?;
            Ok(())
        },
    },
    Setting {
        name: "public_url",
        doc: "The address that people type, such as `https://notes.example.org`. It decides links, the origin that browsers \
              are held to and whether cookies are marked secure; with a path in it, everything is served under that path and \
              a proxy must not strip it.",
        placeholder: "URL",
        fallback: Fallback::Unset("the `Host` of each request"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.public_url = Some(PublicUrl::parse(text)?);
            Ok(())
        },
    },
    Setting {
        name: "trusted_proxies",
        doc: "Proxies in front of the server, as addresses and networks with commas in between (`10.0.0.5,192.168.0.0/16`). From them, and \
              only from them, `X-Forwarded-For` is believed: the client is the rightmost address in it that is not one of these.",
        placeholder: "NETWORKS",
        fallback: Fallback::Unset("nobody's word counts; the client is whoever connects"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.trusted_proxies = value::networks(text)?;
            Ok(())
        },
    },
    Setting {
        name: "tls_cert",
        doc: "The certificate to speak TLS with, a PEM file that may hold the chain behind it; goes with `tls_key`. Both files are \
              watched and read anew when they change, without dropping a connection. The user that the server works as must be \
              able to read them.",
        placeholder: "FILE",
        fallback: Fallback::Unset("plain HTTP, for this machine or for a proxy that ends TLS"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.tls_cert = Some(PathBuf::from(text));
            Ok(())
        },
    },
    Setting {
        name: "tls_key",
        doc: "The key of `tls_cert`, a PEM file (PKCS#8, PKCS#1 or SEC1) without a passphrase.",
        placeholder: "FILE",
        fallback: Fallback::Unset("plain HTTP"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.tls_key = Some(PathBuf::from(text));
            Ok(())
        },
    },
    Setting {
        name: "signup",
        doc: "Who may make an account: `closed` (administrators make them) or `open` (everybody who reaches the server).",
        placeholder: "closed|open",
        fallback: Fallback::Text("closed"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.signup = match text {
                "closed" => Signup::Closed,
                "open" => Signup::Open,
                _ => return Err(format!("`{text}` is not accepted: write `closed` or `open`")),
            };
            Ok(())
        },
    },
    Setting {
        name: "access_token_ttl",
        doc: "How long an access token is good for, from `10s` to `168h`. Clients renew it by themselves; more than `15m` is \
              warned about.",
        placeholder: "DURATION",
        fallback: Fallback::Text("5m"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.access_token_ttl =
                value::duration_between(text, Duration::from_secs(10), Duration::from_secs(168 * 3600))?;
            Ok(())
        },
    },
    Setting {
        name: "metrics_listen",
        doc: "An address of its own for `/metrics`, `/healthz` and `/readyz`, without a token. Keep it off the internet.",
        placeholder: "ADDRESS",
        fallback: Fallback::Unset("metrics are on the main address, for those who send the token"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.metrics_listen = Some(value::address(text)?);
            Ok(())
        },
    },
    Setting {
        name: "metrics_token",
        doc: "The Bearer token that opens `/metrics` on the main address, at least 16 characters.",
        placeholder: "TOKEN",
        fallback: Fallback::Unset("`/metrics` is not served on the main address"),
        flag: FlagOn::None,
        secret: true,
        in_file: true,
        apply: |config, text| {
            config.metrics_token = Some(value::token(text)?);
            Ok(())
        },
    },
    Setting {
        name: "log_format",
        doc: "How log lines are written: `pretty` for people or `json` for programs, always to standard error.",
        placeholder: "pretty|json",
        fallback: Fallback::Derived("`pretty` on a terminal, `json` elsewhere"),
        flag: FlagOn::Every,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.log_format = Some(match text {
                "pretty" => LogFormat::Pretty,
                "json" => LogFormat::Json,
                _ => return Err(format!("`{text}` is not accepted: write `pretty` or `json`")),
            });
            Ok(())
        },
    },
    Setting {
        name: "log_level",
        doc: "How much is logged: `error`, `warn`, `info`, `debug`, `trace` or `off`, also by part as in \
              `info,inkstone::db=debug`.",
        placeholder: "LEVEL",
        fallback: Fallback::Text("info"),
        flag: FlagOn::Every,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.log_level = value::log_filter(text)?;
            Ok(())
        },
    },
    Setting {
        name: "disk_reserve",
        doc: "Free disk space that is left alone, such as `32MiB`. With less than this, writes that grow the store are \
              answered 507 while reading, deleting and emptying the trash go on.",
        placeholder: "SIZE",
        fallback: Fallback::Text("32MiB"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.disk_reserve = value::bytes(text)?;
            Ok(())
        },
    },
    Setting {
        name: "backup_daily",
        doc: "The time of day in UTC, such as `02:30`, at which the server makes a backup of itself. It is proven as `inkstone backup \
              verify` does; then what `backup_keep` does not name goes. A server that was off at the time does it when it starts. Do \
              without it where `inkstone-backup.timer` is enabled.",
        placeholder: "TIME",
        fallback: Fallback::Unset("the server makes none by itself"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.backup_daily = Some(value::minute_of_day(text)?);
            Ok(())
        },
    },
    Setting {
        name: "backup_dir",
        doc: "Where backups go that are told no other place, those of `backup_daily` and of `inkstone backup`: best a disk of its own. \
              It is made when missing, with mode 0700; the user that the server works as must be able to write to it, and systemd's \
              units allow it (`ReadWritePaths=` in a drop-in).",
        placeholder: "DIR",
        fallback: Fallback::Unset("`backups/` in the data directory"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.backup_dir = Some(PathBuf::from(text));
            Ok(())
        },
    },
    Setting {
        name: "backup_keep",
        doc: "Which backups `backup_daily` leaves there, in the words of `inkstone backup prune`: the newest (`last`), and the newest of \
              each of the last days, weeks and months that have one; or `all`. Only this store's backups are ever removed.",
        placeholder: "RULES",
        fallback: Fallback::Text("daily=7,weekly=4,monthly=6"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.backup_keep = value::keep(text)?;
            Ok(())
        },
    },
    Setting {
        name: "reader_threads",
        doc: "Threads that answer reads from the store, each with a connection; 0 is one per core, and four (at least 8) when the store is \
              on a database server.",
        placeholder: "COUNT",
        fallback: Fallback::Text("0"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.reader_threads = value::count(text, 256)?;
            Ok(())
        },
    },
];

/// A configuration before any row was applied. Not valid by itself: [`super::resolve`] applies every fallback to it.
pub(super) fn blank() -> Config {
    Config {
        config: None,
        data_dir: PathBuf::new(),
        database_url: None,
        database_schema: String::new(),
        master_key: None,
        listen: std::net::SocketAddr::from(([127, 0, 0, 1], 0)),
        public_url: None,
        trusted_proxies: Vec::new(),
        tls_cert: None,
        tls_key: None,
        signup: Signup::Closed,
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
