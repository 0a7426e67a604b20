//! One server process: started on a data directory and a free port, watched through `/proc`, ended gently or not.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::wire::{Connection, Raw, request};

/// How long a server may take to be ready, or to end, before a program gives up on it.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How a server is to be started.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The executable.
    pub binary: PathBuf,
    /// The data directory.
    pub data: PathBuf,
    /// Where standard output and error go; appended to.
    pub log: PathBuf,
    /// Environment beside the process's own.
    pub env: Vec<(&'static str, String)>,
}

impl Setting {
    /// Sign-up open, tokens that outlive the program, as many tries as it likes, everything else by default.
    pub fn new(binary: impl Into<PathBuf>, data: impl Into<PathBuf>, log: impl Into<PathBuf>) -> Self {
        let env = vec![
            ("INKSTONE_SIGNUP", "open".to_owned()),
            ("INKSTONE_ACCESS_TOKEN_TTL", "6h".to_owned()),
            ("INKSTONE_CREDENTIAL_THROTTLE", "off".to_owned()),
            ("INKSTONE_RATE_LIMIT", "off".to_owned()),
        ];
        Self { binary: binary.into(), data: data.into(), log: log.into(), env }
    }

    /// The same with `name=value` in the environment.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.env.push((name, value.into()));
        self
    }
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    child: Child,
    setting: Setting,
    /// Where the API listens.
    pub address: SocketAddr,
    /// Where the metrics listen.
    pub metrics: SocketAddr,
    /// When it was started.
    pub since: Instant,
}

impl Server {
    /// Starts the process and returns at once; [`Server::ready`] waits for it.
    pub fn spawn(setting: &Setting) -> Result<Self> {
        let (address, metrics) = free_addresses()?;
        Self::spawn_on(setting, address, metrics)
    }

    /// Starts it on that address, as after a restart, and waits until it is ready.
    pub async fn start_on(setting: &Setting, address: SocketAddr) -> Result<Self> {
        let (_, metrics) = free_addresses()?;
        let mut server = Self::spawn_on(setting, address, metrics)?;
        server.ready().await?;
        Ok(server)
    }

    fn spawn_on(setting: &Setting, address: SocketAddr, metrics: SocketAddr) -> Result<Self> {
        fs::create_dir_all(setting.log.parent().context("the log needs a directory")?)?;
        let log = File::options().create(true).append(true).open(&setting.log)?;
        let since = Instant::now();
        let child = Command::new(&setting.binary)
            .args(["serve", "--data-dir"])
            .arg(&setting.data)
            .args(["--listen", &address.to_string()])
            .env("INKSTONE_METRICS_LISTEN", metrics.to_string())
            .envs(setting.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot start {}", setting.binary.display()))?;
        Ok(Self { child, setting: setting.clone(), address, metrics, since })
    }

    /// Starts the process and waits until it is ready.
    pub async fn start(setting: &Setting) -> Result<Self> {
        let mut server = Self::spawn(setting)?;
        server.ready().await?;
        Ok(server)
    }

    /// Waits for a 200 from `/readyz`.
    pub async fn ready(&mut self) -> Result<()> {
        self.first_success(&request("GET", "/readyz", &[], None)).await.map(drop)
    }

    /// Asks until the answer is a 200; returns the time since the process was started.
    ///
    /// Tries once a millisecond, so that the answer is good for measuring.
    pub async fn first_success(&mut self, ask: &Raw) -> Result<Duration> {
        while self.since.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended at start ({status}); its log is {}", self.setting.log.display());
            }
            if let Ok(mut connection) = Connection::open(self.address).await
                && let Ok(answer) = connection.exchange(ask).await
                && answer.status == 200
            {
                return Ok(self.since.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        bail!("the server was not ready within {PATIENCE:?}; its log is {}", self.setting.log.display())
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether the process has ended by itself.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// `kill -9`, and waits until the process is gone.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// `SIGTERM`, and waits for the end; fails when it takes too long or is not a success.
    pub async fn terminate(mut self) -> Result<Duration> {
        let asked = Instant::now();
        kill(Pid::from_raw(i32::try_from(self.child.id())?), Signal::SIGTERM)?;
        loop {
            if let Some(status) = self.child.try_wait()? {
                if !status.success() {
                    bail!("the server ended with {status} after SIGTERM; its log is {}", self.setting.log.display());
                }
                return Ok(asked.elapsed());
            }
            if asked.elapsed() > PATIENCE {
                bail!("the server did not end within {PATIENCE:?} of SIGTERM");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// CPU seconds used so far, user and system.
    pub fn cpu_seconds(&self) -> Result<f64> {
        cpu_seconds(&format!("/proc/{}/stat", self.id()))
    }

    /// Memory now and at its highest.
    pub fn memory(&self) -> Result<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.id())).unwrap_or_default();
        Ok(Memory {
            resident: kilobytes(&status, "VmRSS:"),
            peak: kilobytes(&status, "VmHWM:"),
            anonymous: kilobytes(&status, "RssAnon:"),
            proportional: kilobytes(&rollup, "Pss:"),
        })
    }

    /// Makes [`Memory::peak`] start again from what is resident now.
    pub fn forget_peak(&self) -> Result<()> {
        Ok(fs::write(format!("/proc/{}/clear_refs", self.id()), "5")?)
    }

    /// Waits until the process has used no CPU time for a second, or `at_most` has passed.
    pub async fn idle(&self, at_most: Duration) -> Result<()> {
        let begin = Instant::now();
        let (mut last, mut still) = (self.cpu_seconds()?, Instant::now());
        while begin.elapsed() < at_most && still.elapsed() < Duration::from_secs(1) {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let now = self.cpu_seconds()?;
            // A tick of the follower now and then is idleness too.
            if now - last > 0.015 {
                (last, still) = (now, Instant::now());
            }
        }
        Ok(())
    }

    /// The value of a counter or gauge without labels on the metrics listener.
    pub async fn metric(&self, name: &str) -> Result<f64> {
        let mut connection = Connection::open(self.metrics).await.context("the metrics listener")?;
        let answer = connection.exchange(&request("GET", "/metrics", &[], None)).await?;
        let text = String::from_utf8_lossy(answer.body());
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.and_then(|v| v.trim().parse().ok()).with_context(|| format!("/metrics has no `{name}`"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A program that fails must not leave a server behind; one that has ended already is not there to be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Memory of a process in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Memory {
    /// Resident now.
    pub resident: u64,
    /// Most resident so far.
    pub peak: u64,
    /// The part of `resident` that no file backs.
    pub anonymous: u64,
    /// Resident, pages shared with others counted by their share; 0 where the kernel does not tell.
    pub proportional: u64,
}

/// CPU seconds of the process whose `stat` file this is.
pub fn cpu_seconds(stat: &str) -> Result<f64> {
    let stat = fs::read_to_string(stat)?;
    let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |n: usize| fields.get(n).and_then(|f| f.parse::<f64>().ok()).context("a stat file of another shape");
    // USER_HZ is 100 on every Linux that Rust runs on.
    Ok((ticks(11)? + ticks(12)?) / 100.0)
}

/// Runs another command of the binary on a data directory: exit code, standard output, standard error.
pub fn command(binary: &Path, data: &Path, arguments: &[&str]) -> Result<(Option<i32>, String, String)> {
    let output = Command::new(binary).args(arguments).arg("--data-dir").arg(data).stdin(Stdio::null()).output()?;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ok((output.status.code(), text(output.stdout), text(output.stderr)))
}

fn kilobytes(text: &str, name: &str) -> u64 {
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next());
    value.and_then(|v| v.parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// Two ports nobody listens on. Another process may take one before the server does; then the server says so and ends.
fn free_addresses() -> Result<(SocketAddr, SocketAddr)> {
    let (first, second) = (TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?, TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?);
    Ok((first.local_addr()?, second.local_addr()?))
}
