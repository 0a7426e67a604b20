//! Measures the release binary over loopback, beside the limits of the machine that it runs on.
//!
//! ```text
//! cargo build --release && cargo bench --bench serve -- [--quick] [--json FILE] [--binary FILE] [--notes N] [--rounds N]
//! ```
//!
//! Limits and scenarios take turns within each round, so that a slow minute of the machine slows both; figures are medians over
//! the rounds, and only ratios of one run mean much elsewhere. Nothing here fails because something is slow: the aims are
//! printed with PASS or MISS.

#![allow(unreachable_pub, reason = "a program of its own, where nothing is reachable from outside")]

#[path = "../../tests/support/outside/mod.rs"]
mod outside;

mod figures;
mod limits;
mod load;
mod machine;
mod raw_index;
mod report;
mod rounds;
mod searching;
mod stage;
mod starting;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use outside::process::{Server, Setting};
use report::Report;
use stage::Stage;

/// What the command line asks for.
struct Wish {
    quick: bool,
    binary: PathBuf,
    json: Option<PathBuf>,
    notes: usize,
    rounds: usize,
}

impl Wish {
    fn read() -> Result<Option<Self>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut wish = Self {
            quick: false,
            binary: std::env::var_os("INKSTONE_BIN")
                .map_or_else(|| root.join("target/release/inkstone"), PathBuf::from),
            json: None,
            notes: 0,
            rounds: 0,
        };
        let (mut asked, mut arguments) = (false, std::env::args().skip(1));
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().with_context(|| format!("{argument} wants a value"));
            match argument.as_str() {
                "--bench" => asked = true,
                "--quick" => wish.quick = true,
                "--json" => wish.json = Some(root.join(value()?)),
                "--binary" => wish.binary = root.join(value()?),
                "--notes" => wish.notes = value()?.parse()?,
                "--rounds" => wish.rounds = value()?.parse()?,
                other => bail!("unknown argument `{other}`"),
            }
        }
        if wish.notes == 0 {
            wish.notes = if wish.quick { 10_000 } else { 100_000 };
        }
        if wish.rounds == 0 {
            wish.rounds = if wish.quick { 2 } else { 5 };
        }
        // Only `cargo bench` says `--bench`; `cargo test` builds benches too and runs them to see that they run.
        Ok(asked.then_some(wish))
    }

    /// How long one measurement of one scenario lasts.
    fn time(&self) -> Duration {
        Duration::from_millis(if self.quick { 700 } else { 2000 })
    }
}

fn main() -> Result<()> {
    let Some(wish) = Wish::read()? else {
        println!("measures under `cargo bench` only");
        return Ok(());
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("serve-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let report = runtime.block_on(measure(&wish, &folder));
    // What a failed run leaves behind explains it.
    let report = report.with_context(|| format!("data and log are kept in {}", folder.display()))?;
    std::fs::remove_dir_all(&folder)?;
    println!("\n{}", report.markdown());
    if let Some(file) = &wish.json {
        std::fs::write(file, serde_json::to_vec_pretty(&report.json())?)?;
    }
    Ok(())
}

async fn measure(wish: &Wish, folder: &Path) -> Result<Report> {
    ensure!(wish.binary.exists(), "{} is missing: run `cargo build --release` first", wish.binary.display());
    let mut report = Report::default();
    machine::describe(&mut report, &wish.binary, folder)?;
    report.setting("Notes searched", format!("{}, {} rounds of {:?} each", wish.notes, wish.rounds, wish.time()));

    let setting = Setting::new(&wish.binary, folder.join("data"), folder.join("server.log"));
    say(&format!("filling a store with {} notes through the API", wish.notes));
    let server = Server::start(&setting).await?;
    let stage = Stage::set(&server, wish.notes).await?;
    let filled = server.memory()?;
    stage::indexed(&server).await?;

    say("load, in turns with the limits");
    let (server, load) = rounds::run(server, &stage, wish, folder, &mut report).await?;
    say("search, in turns with tantivy alone");
    searching::run(&server, &stage, folder, wish, &mut report).await?;
    say("start, memory, size");
    let peak = filled.peak.max(load.peak);
    starting::run(server, &setting, &stage, wish, peak, &mut report).await?;
    Ok(report)
}

/// Progress goes to standard error: the report alone is the output.
fn say(what: &str) {
    eprintln!("serve: {what}");
}
