//! A PostgreSQL server of a program's own, by the script that the tests start theirs with.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::process::cpu_seconds;

/// Ends, and is gone, with this value.
#[derive(Debug)]
pub struct Database {
    dir: tempfile::TempDir,
    /// The address of its database, for `INKSTONE_DATABASE_URL`.
    pub url: String,
}

/// What a commit there means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commits {
    /// On the disk.
    Flushed,
    /// With the operating system, which is enough for a test and faster.
    HandedOver,
}

impl Database {
    /// Starts it.
    ///
    /// # Errors
    /// When there is no PostgreSQL here, or it does not start.
    pub fn launch(commits: Commits) -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("inkstone-postgres-").tempdir()?;
        // The server is another user.
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755))?;
        let url = script("start", &dir.path().join("server"), commits)?;
        Ok(Self { dir, url })
    }

    /// Takes it away and brings it back.
    pub fn restart(&self) -> Result<()> {
        script("restart", &self.home(), Commits::HandedOver).map(drop)
    }

    /// Takes it away until [`Database::resume`].
    pub fn halt(&self) -> Result<()> {
        script("halt", &self.home(), Commits::HandedOver).map(drop)
    }

    /// Brings it back.
    pub fn resume(&self) -> Result<()> {
        script("resume", &self.home(), Commits::HandedOver).map(drop)
    }

    /// Where it keeps everything.
    pub fn home(&self) -> PathBuf {
        self.dir.path().join("server")
    }

    /// CPU seconds that its processes have used so far; those of a connection that has ended are no longer in it.
    pub fn cpu_seconds(&self) -> Result<f64> {
        let pid = fs::read_to_string(self.home().join("data/postmaster.pid"))?;
        let pid = pid.lines().next().context("an empty postmaster.pid")?;
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"))?;
        // A child may end between the two looks.
        let of = |pid: &str| cpu_seconds(&format!("/proc/{pid}/stat")).unwrap_or(0.0);
        Ok(of(pid) + children.split_whitespace().map(of).sum::<f64>())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let _ = script("stop", &self.home(), Commits::HandedOver);
    }
}

fn script(action: &str, dir: &Path, commits: Commits) -> Result<String> {
    let fsync = if commits == Commits::Flushed { "on" } else { "off" };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/postgres");
    let done = Command::new(script).arg(action).arg(dir).env("FSYNC", fsync).output()?;
    ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Ok(String::from_utf8(done.stdout)?.trim().to_owned())
}
