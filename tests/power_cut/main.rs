//! A simulated power cut: what was acknowledged was on the disk, not merely handed to the operating system.
//!
//! The data directory lies on a file system of its own in a loop-mounted file. While eight writers work, the file system is shut
//! down under the server (`xfs_io -x -c shutdown`): from that moment nothing reaches the device, and what had not been flushed is
//! gone. The server is killed, the file system mounted again, and everything compared with the ledger.
//!
//! It needs root, a loop device, `xfs_io` and `mkfs` for the file system, and runs only when asked: `POWER_CUT=on` skips with
//! the reason where it cannot be done, `POWER_CUT=required` fails. `POWER_CUTS` (20), `POWER_CUT_SEED` (1), `POWER_CUT_FS` (xfs;
//! ext4 works too). The mount lives in a mount namespace of the program's own and goes with it, however it ends.

#[path = "../support/durability/mod.rs"]
mod durability;
#[path = "../support/outside/mod.rs"]
mod outside;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use durability::audit::Audit;
use durability::crew::Crew;
use outside::chance::Chance;
use outside::process::{Server, Setting};
use outside::stage;
use outside::trials::{self, Trial, Verdict};

fn main() -> ExitCode {
    let trials = [Trial { name: "a_power_cut_loses_no_acknowledged_write", run: cuts }];
    let wish = std::env::var("POWER_CUT").unwrap_or_default();
    if wish.is_empty() {
        return trials::ignore(&trials, "part of the long form: set POWER_CUT=on");
    }
    match possible() {
        Err(why) if wish == "required" => {
            println!("a power cut cannot be simulated here: {why:#}");
            ExitCode::FAILURE
        }
        Err(why) => trials::ignore(&trials, &format!("not possible here: {why:#}")),
        Ok(()) => stage::main(&trials),
    }
}

/// The file system to break.
fn kind() -> String {
    std::env::var("POWER_CUT_FS").unwrap_or_else(|_| "xfs".to_owned())
}

fn cuts() -> Result<Verdict> {
    let (kind, folder) =
        (kind(), Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("power-cut-{}", std::process::id())));
    let (cuts, seed) = (trials::number("POWER_CUTS", 20)?, trials::number("POWER_CUT_SEED", 1)?);
    let disk = Disk::make(&folder, &kind)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime
        .block_on(run(&disk, cuts, seed))
        .with_context(|| format!("seed {seed}; disk, log and ledger are kept in {}", folder.display()))?;
    disk.unmount()?;
    fs::remove_dir_all(&folder)?;
    Ok(Verdict::Passed)
}

async fn run(disk: &Disk, cuts: u64, seed: u64) -> Result<()> {
    let begin = Instant::now();
    let binary = std::env::var_os("INKSTONE_BIN").map_or_else(|| env!("CARGO_BIN_EXE_inkstone").into(), PathBuf::from);
    let setting = Setting::new(binary, disk.mount.join("data"), disk.folder.join("server.log"));
    let mut chance = Chance::new(seed);
    let mut server = Server::start(&setting).await?;
    let mut crew = Crew::enlist(server.address, seed, &disk.folder.join("ledger.jsonl")).await?;
    let mut audit = Audit::default();
    for cut in 1..=cuts {
        let (before, moment) = (crew.acknowledged(), Duration::from_millis(chance.between(5, 1500) as u64));
        let address = server.address;
        let meanwhile = async {
            tokio::time::sleep(moment).await;
            disk.cut()?;
            // The server may still answer from memory; what it acknowledges now without a disk would be found below.
            tokio::time::sleep(Duration::from_millis(30)).await;
            server.kill()
        };
        crew.write(address, u64::MAX, meanwhile).await?;
        crew.ledger.event(&format!("cut {cut} after {moment:?}"))?;
        disk.unmount()?;
        disk.mount()?;
        server = Server::start(&setting).await.with_context(|| format!("after cut {cut}"))?;
        audit.check(server.address, &mut crew, &mut chance).await.with_context(|| format!("after cut {cut}"))?;
        println!("  cut {cut:>3} after {moment:>8.1?}: {:>5} acknowledged", crew.acknowledged() - before);
    }
    server.terminate().await?;
    ensure!(crew.acknowledged() > cuts, "hardly anything was written, so nothing was shown");
    println!(
        "  {cuts} cuts of {} in {:.0?}: {} writes acknowledged; of the open ones {} had happened, {} had not; {} notes compared",
        disk.kind,
        begin.elapsed(),
        crew.acknowledged(),
        audit.open.0,
        audit.open.1,
        audit.notes
    );
    Ok(())
}

/// A file with a file system in it, and where it is mounted.
struct Disk {
    folder: PathBuf,
    mount: PathBuf,
    kind: String,
}

impl Disk {
    fn make(folder: &Path, kind: &str) -> Result<Self> {
        let disk = Self { folder: folder.to_owned(), mount: folder.join("mount"), kind: kind.to_owned() };
        fs::create_dir_all(&disk.mount)?;
        fs::File::create(disk.file())?.set_len(1 << 30)?;
        stage::tool(Command::new(format!("mkfs.{kind}")).arg("-q").arg(disk.file()))?;
        disk.mount()?;
        Ok(disk)
    }

    fn file(&self) -> PathBuf {
        self.folder.join("disk.img")
    }

    fn mount(&self) -> Result<()> {
        stage::tool(Command::new("mount").args(["-t", &self.kind, "-o", "loop"]).arg(self.file()).arg(&self.mount))
    }

    fn unmount(&self) -> Result<()> {
        stage::tool(Command::new("umount").arg(&self.mount))
    }

    /// From here on nothing reaches the device, the file system's own log included.
    fn cut(&self) -> Result<()> {
        stage::tool(Command::new("xfs_io").args(["-x", "-c", "shutdown"]).arg(&self.mount))
    }
}

/// Whether everything is there that a cut needs.
fn possible() -> Result<()> {
    ensure!(nix::unistd::Uid::effective().is_root(), "mounting a loop device needs root");
    ensure!(Path::new("/dev/loop-control").exists(), "there is no loop device");
    for (program, package) in
        [("xfs_io".to_owned(), "xfsprogs"), (format!("mkfs.{}", kind()), "the file system's tools")]
    {
        let found = Command::new(&program).arg("-V").output();
        ensure!(found.is_ok(), "there is no {program} (it comes with {package})");
    }
    Ok(())
}
