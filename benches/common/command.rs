//! Running a command of the binary and seeing how long it takes and how large it becomes.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// A command that succeeded.
pub struct Ran {
    /// What it said with `--json`.
    pub result: Value,
    /// From its start to its end.
    pub seconds: f64,
    /// Most resident bytes of the command.
    pub peak: u64,
    /// Most resident bytes of the server meanwhile.
    pub server: Option<u64>,
}

impl Ran {
    /// A number of the result; 0 when it is not there.
    pub fn number(&self, name: &str) -> f64 {
        self.result.get(name).and_then(Value::as_f64).unwrap_or(0.0)
    }
}

/// Runs `arguments` with `--json`, beside whatever else goes on.
pub async fn run(binary: &Path, arguments: &[&str]) -> Result<Ran> {
    let begin = Instant::now();
    let mut child = Command::new(binary)
        .args(arguments)
        .arg("--json")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", binary.display()))?;
    let mut out = child.stdout.take().context("no standard output")?;
    // A result that names much would fill the pipe.
    let reading = std::thread::spawn(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).map(|_| text)
    });
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let ended = loop {
        peak = peak.max(fs::read_to_string(&status).ok().and_then(|text| resident(&text)).unwrap_or(0));
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    };
    let seconds = begin.elapsed().as_secs_f64();
    let text = reading.join().ok().context("nobody read the output")??;
    ensure!(ended.success(), "{arguments:?} ended with {ended}");
    Ok(Ran { result: serde_json::from_str(&text)?, seconds, peak, server: None })
}

/// Makes an account, with its password on standard input.
pub fn create_account(binary: &Path, data: &Path, email: &str, password: &str) -> Result<()> {
    let mut child = Command::new(binary)
        .args(["user", "create", "--admin", "--email", email, "--password-stdin", "--data-dir"])
        .arg(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    child.stdin.take().context("no standard input")?.write_all(password.as_bytes())?;
    ensure!(child.wait()?.success(), "the account was not made");
    Ok(())
}

fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}
