//! The one list of settings.
//!
//! Adding a setting is adding a row and a member of [`super::Config`]. A row exists only from the change that gives it an effect.

use std::path::PathBuf;
use std::time::Duration;

use super::table::{Fallback, FlagOn, Setting};
use super::{LogFormat, PublicUrl, Signup, value};

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
        name: "master_key_previous",
        doc: "The `master_key` before the present one, while `inkstone keys rotate` has yet to seal everything under the present one. \
              Afterwards it is not needed any more.",
        placeholder: "KEY",
        fallback: Fallback::Unset("none"),
        flag: FlagOn::None,
        secret: true,
        in_file: false,
        apply: |config, text| {
            config.master_key_previous = Some(value::master_key(text)?);
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
        name: "outbound_allow",
        doc: "Networks that the server may send requests to although they are not on the open internet, as addresses and networks with \
              commas in between (`10.0.0.0/8,fd00::/8`). A provider of single sign-on at home lies in one. Otherwise nobody who makes \
              the server ask a URL reaches what only the server can reach.",
        placeholder: "NETWORKS",
        fallback: Fallback::Unset("only the open internet"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.outbound_allow = value::networks(text)?;
            Ok(())
        },
    },
    Setting {
        name: "cors_origins",
        doc: "Other sites whose pages may use the API from a browser (CORS), as origins with commas in between \
              (`https://app.example.org,http://localhost:5173`). They send a token or an API key; cookies are for the server's own \
              pages, and so is signing in.",
        placeholder: "ORIGINS",
        fallback: Fallback::Unset("no other site's pages"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.cors_origins = value::origins(text)?;
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
        doc: "Who may make an account: `closed` (nobody: they are made on the command line), `invite` (whoever an administrator has \
              invited) or `open` (everybody who reaches the server).",
        placeholder: "closed|invite|open",
        fallback: Fallback::Text("invite"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.signup = match text {
                "closed" => Signup::Closed,
                "invite" => Signup::Invite,
                "open" => Signup::Open,
                _ => return Err(format!("`{text}` is not accepted: write `closed`, `invite` or `open`")),
            };
            Ok(())
        },
    },
    Setting {
        name: "smtp_url",
        doc: "The SMTP server that takes letters for delivery (password links, invitations), with user and password: \
              `smtps://user:password@mail.example.org`, or `smtp://..:587?tls=required`; without TLS to this machine only. Needs `mail_from`; without both \
              the server sends none.",
        placeholder: "URL",
        fallback: Fallback::Unset("no letters are sent"),
        flag: FlagOn::None,
        secret: true,
        in_file: false,
        apply: |config, text| {
            config.smtp_url = Some(value::smtp_url(text)?);
            Ok(())
        },
    },
    Setting {
        name: "mail_from",
        doc: "Whom letters are from, such as `Inkstone <notes@example.org>`.",
        placeholder: "ADDRESS",
        fallback: Fallback::Unset("no letters are sent"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.mail_from = Some(value::mail_from(text)?);
            Ok(())
        },
    },
    Setting {
        name: "rate_limit",
        doc: "Whether requests are limited by address, account and API key. The limits are far beyond what people come to; `off` is for \
              measurements.",
        placeholder: "on|off",
        fallback: Fallback::Text("on"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.rate_limit = value::switch(text)?;
            Ok(())
        },
    },
    Setting {
        name: "credential_throttle",
        doc: "Whether tries at passwords, codes and links are limited. `off` is for measurements: without the limit, passwords can be \
              guessed at.",
        placeholder: "on|off",
        fallback: Fallback::Text("on"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.credential_throttle = value::switch(text)?;
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
        name: "password_memory",
        doc: "Memory that hashing a password takes. With `password_passes` it is what a guess costs somebody who has stolen the \
              store; each hashing thread, one per core, takes it while it works. Passwords are hashed anew when their owners \
              sign in after it was raised.",
        placeholder: "SIZE",
        fallback: Fallback::Text("19MiB"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.password_memory = value::mebibytes_between(text, 19, 1024)?;
            Ok(())
        },
    },
    Setting {
        name: "password_passes",
        doc: "How often hashing a password goes over its memory. More take longer.",
        placeholder: "COUNT",
        fallback: Fallback::Text("2"),
        flag: FlagOn::Serve,
        secret: false,
        in_file: true,
        apply: |config, text| {
            config.password_passes = u32::try_from(value::count(text, 2..=20)?).unwrap_or(u32::MAX);
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
            config.reader_threads = value::count(text, 0..=256)?;
            Ok(())
        },
    },
];
