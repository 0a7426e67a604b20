//! `inkstone completions`: the script that completes commands and flags in a shell.

use clap::CommandFactory;
use clap_complete::Shell;
use serde_json::json;

use super::Cli;
use super::failure::Failure;
use super::output::Output;

/// Print a completion script for a shell.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell to complete in.
    shell: Shell,
}

/// Writes the script of the whole command line.
pub(super) fn run(args: &Args, output: Output) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "inkstone", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    output.result(&json!({ "shell": args.shell.to_string(), "script": script }), || script.clone())
}
