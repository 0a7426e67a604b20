//! The command line: one file per command.
//!
//! Owns how commands are written, how they speak ([`output`], [`progress`]) and how they fail ([`failure`]). A command is parsed
//! without acting, its settings are resolved, then it runs; what it does to the store it asks for through [`local`], so that it
//! works alike beside a running server and without one.
//!
//! Results go to standard output, everything else to standard error. With `--json` a result is one object on one line, a failure
//! one object with the single member `error`. Exit codes: 0 done, 1 failed, 2 usage, 3 refused as unsafe.

mod audit;
mod backup;
mod completions;
mod config;
pub mod door;
mod export;
pub mod failure;
mod healthcheck;
mod import;
mod in_process;
mod index;
mod jobs;
mod keys;
pub mod local;
mod migrate;
pub mod output;
mod password;
pub mod progress;
mod restore;
mod serve;
mod settings;
mod store;
mod supervisor;
mod user;
mod version;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use self::failure::Failure;
use self::local::{Expect, LocalApi, Opener};
use self::output::Output;
use self::settings::{Everywhere, Serving};
use crate::config::{Config, Environment, LogFormat, Origin, Resolved, resolve};
use crate::{data_dir, logging};

/// A notes server that you run yourself: one binary, one data directory.
#[derive(Debug, Parser)]
#[command(name = "inkstone", version, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    everywhere: Everywhere,
    /// Answer with JSON: results on standard output, failures on standard error.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server.
    Serve(Serving),
    Migrate(migrate::Args),
    User(user::Args),
    Import(import::Args),
    Export(export::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    Store(store::Args),
    Index(index::Args),
    Jobs(jobs::Args),
    Audit(audit::Args),
    Keys(keys::Args),
    Config(config::Args),
    Healthcheck(healthcheck::Args),
    Completions(completions::Args),
    /// Print name, version and platform.
    Version,
}

/// What a command works with once its settings are known.
pub struct Context {
    /// The settings in force.
    pub config: Config,
    /// Where results go.
    pub output: Output,
    /// Opens the store in this process when no server runs on it.
    pub open: Opener,
}

impl Context {
    /// Settles the settings and turns on the log, for a command that runs and ends: it logs warnings unless more was asked for.
    fn of_command(everywhere: Everywhere, output: Output, open: Opener) -> Result<Self, Failure> {
        let resolved = resolve(&everywhere.0, &Environment::of_process())?;
        let level = if is_default(&resolved, "log_level") { "warn" } else { resolved.config.log_level.as_str() };
        let fallback = if output.is_json() { LogFormat::Json } else { LogFormat::Pretty };
        logging::install(resolved.config.log_format.unwrap_or(fallback), level, output.is_watched());
        Ok(Self { config: resolved.config, output, open })
    }

    /// Settles the settings and turns on the log, for the server: it logs what `log_level` says, as people or programs read.
    fn of_server(everywhere: Everywhere, serving: Serving, output: Output, open: Opener) -> Result<Self, Failure> {
        let mut flags = everywhere.0;
        flags.extend(serving.0);
        let resolved = resolve(&flags, &Environment::of_process())?;
        let fallback = if output.is_watched() { LogFormat::Pretty } else { LogFormat::Json };
        logging::install(
            resolved.config.log_format.unwrap_or(fallback),
            &resolved.config.log_level,
            output.is_watched(),
        );
        for warning in &resolved.warnings {
            tracing::warn!("{warning}");
        }
        Ok(Self { config: resolved.config, output, open })
    }

    /// Runs `work` with a way to the store.
    fn local<T>(&self, expect: Expect, work: impl FnOnce(&LocalApi) -> Result<T, Failure>) -> Result<T, Failure> {
        LocalApi::with(&self.config, expect, self.open, work)
    }
}

fn is_default(resolved: &Resolved, name: &str) -> bool {
    resolved.stated.iter().any(|s| s.setting.name == name && s.origin == Origin::Default)
}

/// Runs the command line of this process.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let open: Opener = in_process::open;
    data_dir::keep_files_private();
    let args: Vec<OsString> = args.into_iter().collect();
    let json = args.iter().any(|arg| arg == "--json");
    let outcome = match Cli::try_parse_from(args) {
        Ok(cli) => run(cli, open),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                // A closed pipe is no reason to fail.
                let _ = error.print();
                return ExitCode::SUCCESS;
            }
            _ if json => Err(usage(&error)),
            _ => {
                let _ = error.print();
                return ExitCode::from(2);
            }
        },
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(json),
    }
}

/// A command line that makes no sense, in the words of the parser.
fn usage(error: &clap::Error) -> Failure {
    let text = error.to_string();
    let message = text.lines().take_while(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n");
    Failure::usage("usage", message.trim_start_matches("error: ").to_owned())
}

fn run(cli: Cli, open: Opener) -> Result<(), Failure> {
    let output = Output::new(cli.json);
    let context = |everywhere| Context::of_command(everywhere, output, open);
    match cli.command {
        Command::Serve(serving) => serve::run(&Context::of_server(cli.everywhere, serving, output, open)?),
        Command::Migrate(args) => migrate::run(&args, &context(cli.everywhere)?),
        Command::User(args) => user::run(args, &context(cli.everywhere)?),
        Command::Import(args) => import::run(&args, &context(cli.everywhere)?),
        Command::Export(args) => export::run(&args, &context(cli.everywhere)?),
        Command::Jobs(args) => jobs::run(&args, &context(cli.everywhere)?),
        Command::Audit(args) => audit::run(&args, &context(cli.everywhere)?),
        Command::Keys(args) => keys::run(&args, &context(cli.everywhere)?),
        Command::Backup(args) => backup::run(&args, &context(cli.everywhere)?),
        Command::Restore(args) => restore::run(&args, &context(cli.everywhere)?),
        Command::Store(args) => store::run(&args, &context(cli.everywhere)?),
        Command::Index(args) => index::run(&args, &context(cli.everywhere)?),
        Command::Config(args) => config::run(args, cli.everywhere, &Environment::of_process(), output),
        Command::Healthcheck(args) => healthcheck::run(&args, &context(cli.everywhere)?),
        Command::Completions(args) => completions::run(&args, output),
        Command::Version => version::run(output),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_takes_the_flags_of_every_command() {
        for line in [
            "user list",
            "version",
            "config show",
            "healthcheck",
            "import x --user a@b",
            "export --user=a@b --to=x",
            "backup list",
            "restore x",
        ] {
            for place in [0, 1, 2] {
                let mut words: Vec<&str> = line.split(' ').collect();
                words.insert(place.min(words.len()), "--data-dir=/d");
                words.insert(place.min(words.len()), "--json");
                let cli = Cli::try_parse_from(std::iter::once("inkstone").chain(words.iter().copied()));
                let cli = cli.unwrap_or_else(|e| panic!("{words:?}: {e}"));
                assert_eq!(cli.everywhere.0.get("data_dir").map(String::as_str), Some("/d"), "{words:?}");
                assert!(cli.json, "{words:?}");
            }
        }
    }

    #[test]
    fn a_password_is_never_an_argument() {
        for line in ["user create --email a@b", "user create --email a@b --password secret", "user reset-password a@b"]
        {
            assert!(Cli::try_parse_from(std::iter::once("inkstone").chain(line.split(' '))).is_err(), "{line}");
        }
    }
}
