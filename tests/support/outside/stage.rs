//! A mount namespace of a program's own: what it mounts is seen by nobody else, and gone when it ends, however it ends.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use super::trials::{self, Trial};

/// Set in the process that runs inside.
const INSIDE: &str = "INKSTONE_TEST_STAGE";

/// Runs `trials` inside a mount namespace, by starting this program again; where that cannot be, all of them are ignored.
///
/// As root there: an ordinary user becomes the root of a user namespace, which may mount a tmpfs and little else.
#[must_use]
pub fn main(trials: &[Trial]) -> ExitCode {
    if std::env::var_os(INSIDE).is_some() || std::env::args().any(|argument| argument == "--list") {
        return trials::main(trials);
    }
    let mut unshare = vec!["--mount", "--propagation", "private"];
    if !nix::unistd::Uid::effective().is_root() {
        unshare.extend(["--user", "--map-root-user"]);
    }
    let why = match Command::new("unshare").args(&unshare).arg("true").output() {
        Ok(output) if output.status.success() => match enter(&unshare) {
            Ok(code) => return code,
            Err(error) => error.to_string(),
        },
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => format!("unshare: {error}"),
    };
    trials::ignore(trials, &format!("no mount namespace here: {why}"))
}

fn enter(unshare: &[&str]) -> std::io::Result<ExitCode> {
    let mut command = Command::new("unshare");
    command.args(unshare).arg(std::env::current_exe()?).args(std::env::args_os().skip(1)).env(INSIDE, "1");
    let success = command.status()?.success();
    Ok(if success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs a tool of the system and wants it to succeed.
pub fn tool(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
