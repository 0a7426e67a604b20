//! `kill -9` at any moment: nothing acknowledged is missing or mangled, and nothing appears that was never sent.
//!
//! Eight writers work against the real binary; the process is killed while they do, sometimes while it is still starting, and
//! started again on what it left. Then everything is compared with the ledger. Every few kills the server is ended gently and
//! `index verify` compares the index with the store. Now and then a new index is ordered, so that kills meet it half made.
//!
//! What this does not show: a killed process loses no page that it handed to the operating system, so a missing flush passes
//! here. `tests/power_cut` is for that.
//!
//! `CRASH_KILLS` (8) and `CRASH_SEED` (1) choose length and course; `INKSTONE_BIN` another binary.

#[path = "../support/durability/mod.rs"]
mod durability;
#[path = "../support/outside/mod.rs"]
mod outside;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use durability::audit::Audit;
use durability::crew::Crew;
use outside::chance::Chance;
use outside::process::{PATIENCE, Server, Setting, command};
use outside::trials::{self, Trial, Verdict};

/// The index is verified after this many kills, and after the last one.
const VERIFY_EVERY: u64 = 4;

fn main() -> ExitCode {
    trials::main(&[Trial { name: "a_killed_server_keeps_every_acknowledged_write", run: kills }])
}

fn kills() -> Result<Verdict> {
    let (kills, seed) = (trials::number("CRASH_KILLS", 8)?, trials::number("CRASH_SEED", 1)?);
    let binary = std::env::var_os("INKSTONE_BIN").map_or_else(|| env!("CARGO_BIN_EXE_inkstone").into(), PathBuf::from);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("crash-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime
        .block_on(run(&binary, &folder, kills, seed))
        .with_context(|| format!("seed {seed}; data, log and ledger are kept in {}", folder.display()))?;
    std::fs::remove_dir_all(&folder)?;
    Ok(Verdict::Passed)
}

async fn run(binary: &Path, folder: &Path, kills: u64, seed: u64) -> Result<()> {
    let begin = Instant::now();
    let setting = Setting::new(binary, folder.join("data"), folder.join("server.log"));
    let mut chance = Chance::new(seed);
    let mut server = Server::start(&setting).await?;
    let mut crew = Crew::enlist(server.address, seed, &folder.join("ledger.jsonl")).await?;
    let mut audit = Audit::default();
    let mut at_start = 0;
    for kill in 1..=kills {
        let (before, moment) = (crew.acknowledged(), Duration::from_micros(chance.between(500, 700_000) as u64));
        let address = server.address;
        let meanwhile = async {
            tokio::time::sleep(moment).await;
            server.kill()
        };
        crew.write(address, u64::MAX, meanwhile).await?;
        crew.ledger.event(&format!("kill {kill} after {moment:?}"))?;
        // Recovery must bear the same treatment.
        while chance.percent(25) {
            let starting = Server::spawn(&setting)?;
            tokio::time::sleep(Duration::from_micros(chance.between(500, 120_000) as u64)).await;
            starting.kill()?;
            at_start += 1;
        }
        server = Server::start(&setting).await.with_context(|| format!("after kill {kill}"))?;
        // Some of the next kills meet a new index in the making, or at the exchange.
        if chance.percent(40) {
            let (code, out, err) = command(binary, &setting.data, &["index", "rebuild", "--no-wait", "--json"])?;
            ensure!(code == Some(0), "index rebuild ended with {code:?}: {out}{err}");
        }
        for writer in &mut crew.writers {
            if chance.percent(50) {
                writer.send_again(server.address).await?;
            }
        }
        audit.check(server.address, &mut crew, &mut chance).await.with_context(|| format!("after kill {kill}"))?;
        if kill % VERIFY_EVERY == 0 || kill == kills {
            server.terminate().await?;
            verify(binary, &setting.data).with_context(|| format!("after kill {kill}"))?;
            server = Server::start(&setting).await?;
        }
        println!("  kill {kill:>3} after {moment:>10.1?}: {:>5} acknowledged", crew.acknowledged() - before);
    }
    server.terminate().await?;
    ensure!(crew.acknowledged() > kills, "hardly anything was written, so nothing was shown");
    let asked: u64 = crew.writers.iter().map(|writer| writer.asked).sum();
    println!(
        "  {kills} kills under load and {at_start} at start in {:.0?}: {asked} writes asked, {} acknowledged; of the open ones {} \
         had happened, {} had not; {} notes, {} changes and {} searches compared",
        begin.elapsed(),
        crew.acknowledged(),
        audit.open.0,
        audit.open.1,
        audit.notes,
        audit.changes,
        audit.searches
    );
    Ok(())
}

/// `index verify` on a stopped server's directory.
fn verify(binary: &Path, data: &Path) -> Result<()> {
    let begin = Instant::now();
    let (code, out, err) = command(binary, data, &["index", "verify", "--json"])?;
    ensure!(code == Some(0), "index verify ended with {code:?}: {out}{err}");
    ensure!(begin.elapsed() < PATIENCE, "index verify took {:?}", begin.elapsed());
    Ok(())
}
