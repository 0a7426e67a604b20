//! A full disk: writes answer 507, reads go on, writing resumes by itself when there is room again, and nothing is lost.
//!
//! The data directory lies on a small tmpfs that a ballast file fills. Once with the reserve that the server keeps by default,
//! where it refuses before the disk is full, and once without one, where SQLite meets the real end of the disk.
//!
//! Mounting needs root or user namespaces; elsewhere the trials are ignored with the reason.

#[path = "../support/durability/mod.rs"]
mod durability;
#[path = "../support/outside/mod.rs"]
mod outside;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use durability::audit::Audit;
use durability::crew::Crew;
use durability::writer::Stop;
use outside::account::Account;
use outside::chance::Chance;
use outside::process::{PATIENCE, Server, Setting};
use outside::stage;
use outside::trials::{Trial, Verdict};
use outside::wire::Connection;
use serde_json::json;

/// Size of the disk: room for the reserve, the store and its index several times over.
const DISK: &str = "256m";
/// What the server keeps back in the first trial; its own default would do, a fixed number does whatever that is.
const RESERVE: &str = "32MiB";
/// Writes per writer before the disk fills, and after there is room again.
const WRITES: u64 = 40;

fn main() -> ExitCode {
    stage::main(&[
        Trial { name: "below_the_reserve_writes_are_refused_and_reads_go_on", run: || full("reserve", RESERVE) },
        Trial { name: "a_truly_full_disk_refuses_writes_and_reads_go_on", run: || full("end", "0") },
    ])
}

fn full(name: &str, reserve: &str) -> Result<Verdict> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("disk-full-{name}-{}", std::process::id()));
    let mount = folder.join("mount");
    fs::create_dir_all(&mount)?;
    stage::tool(Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={DISK}"), "tmpfs"]).arg(&mount))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime
        .block_on(run(&folder, &mount, reserve))
        .with_context(|| format!("log and ledger are kept in {}", folder.display()))?;
    stage::tool(Command::new("umount").arg(&mount))?;
    fs::remove_dir_all(&folder)?;
    Ok(Verdict::Passed)
}

async fn run(folder: &Path, mount: &Path, reserve: &str) -> Result<()> {
    let binary = std::env::var_os("INKSTONE_BIN").map_or_else(|| env!("CARGO_BIN_EXE_inkstone").into(), PathBuf::from);
    let setting =
        Setting::new(binary, mount.join("data"), folder.join("server.log")).with("INKSTONE_DISK_RESERVE", reserve);
    let (mut chance, mut audit) = (Chance::new(5), Audit::default());
    let server = Server::start(&setting).await?;
    let address = server.address;
    let mut crew = Crew::enlist(address, 5, &folder.join("ledger.jsonl")).await?;
    let bystander = Account::register(address, "bystander@example.com").await?;
    let (stops, ()) = crew.write(address, WRITES, async { Ok(()) }).await?;
    ensure!(stops.iter().all(|stop| *stop == Stop::Done), "with an empty disk the writers stopped: {stops:?}");
    audit.check(address, &mut crew, &mut chance).await.context("before")?;

    let ballast = mount.join("ballast");
    let (stops, ()) = crew.write(address, u64::MAX, fill(&ballast)).await?;
    let refused = Stop::Refused("storage-full".to_owned());
    ensure!(stops.iter().all(|stop| *stop == refused), "on a full disk the writers stopped: {stops:?}");
    reads(address, &crew.writers[0].account, reserve).await.context("while the disk is full")?;
    // The index lies on the same disk, so it may lag until there is room.
    audit.check_store(address, &mut crew, &mut chance).await.context("while the disk is full")?;

    fs::remove_file(&ballast)?;
    let waited = resume(address, &bystander).await?;
    let (stops, ()) = crew.write(address, WRITES, async { Ok(()) }).await?;
    ensure!(stops.iter().all(|stop| *stop == Stop::Done), "with room again the writers stopped: {stops:?}");
    audit.check(address, &mut crew, &mut chance).await.context("with room again")?;
    println!(
        "  reserve {reserve}: refused with 507 after {} acknowledged writes, writing again {waited:.0?} after there was room",
        crew.acknowledged()
    );
    server.terminate().await?;
    Ok(())
}

/// Writes into `ballast` until nothing more fits, not even the smallest piece, and lets the writers work between the pieces.
async fn fill(ballast: &Path) -> Result<()> {
    let mut file = File::create(ballast)?;
    for piece in [1 << 20, 4096] {
        let piece = vec![0_u8; piece];
        while file.write_all(&piece).is_ok() {
            tokio::task::yield_now().await;
        }
    }
    Ok(())
}

/// Lists, searches, is alive, and says that it is not ready to write.
async fn reads(address: std::net::SocketAddr, account: &Account, reserve: &str) -> Result<()> {
    let mut connection = Connection::open(address).await?;
    account.get(&mut connection, "/api/v1/notes?limit=50").await?;
    account.get(&mut connection, "/api/v1/search?q=the").await?;
    account.get(&mut connection, "/api/v1/tags").await?;
    let live = connection.exchange(&account.request("GET", "/healthz", None)).await?.status;
    ensure!(live == 200, "/healthz answers {live}");
    let ready = connection.exchange(&account.request("GET", "/readyz", None)).await?.status;
    ensure!(ready == 503 || reserve == "0", "/readyz answers {ready}");
    Ok(())
}

/// Tries a write until it is taken; returns how long that took.
async fn resume(address: std::net::SocketAddr, account: &Account) -> Result<Duration> {
    let begin = Instant::now();
    let mut connection = Connection::open(address).await?;
    let ask = account.request("POST", "/api/v1/notes", Some(&json!({ "body": "room again" })));
    loop {
        match connection.exchange(&ask).await?.status {
            201 => return Ok(begin.elapsed()),
            507 => ensure!(begin.elapsed() < PATIENCE, "writing did not resume within {PATIENCE:?}"),
            status => bail!("a write answers {status} after there is room again"),
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
