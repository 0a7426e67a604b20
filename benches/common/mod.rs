//! What the measuring programs have in common: the command line, the frame of a run, and the table at its end.
//!
//! Owns the options that every one of them takes ([`Options`]), a run from its folder to its report ([`measure`]), one command of
//! the binary with its time and memory ([`command`]), a store with people in it ([`stage`]) and requests driven against it ([`load`]),
//! latencies and rates ([`figures`]), the machine ([`machine`]) and the table with its aims ([`report`]). What is measured is each
//! program's own. Each takes the module by `#[path]`, beside `outside`.

#![allow(dead_code, reason = "each program uses its part")]
#![allow(unreachable_pub, reason = "compiled into programs, where nothing is reachable from outside")]

pub mod command;
pub mod figures;
pub mod load;
pub mod machine;
pub mod report;
pub mod stage;

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result, anyhow, bail, ensure};

use report::Report;

/// What the command line asks for.
pub struct Options {
    /// The binary to measure.
    pub binary: PathBuf,
    /// Where the figures go as JSON too.
    pub json: Option<PathBuf>,
    /// A smaller run.
    pub quick: bool,
    /// The program's own options, with their values.
    own: Vec<(String, String)>,
}

impl Options {
    /// Reads the command line; `own` are further options that take a value, such as `--notes`. `None`: this is not `cargo bench`.
    fn read(own: &[&str]) -> Result<Option<Self>> {
        let root = root();
        let binary =
            std::env::var_os("INKSTONE_BIN").map_or_else(|| root.join("target/release/inkstone"), PathBuf::from);
        let mut options = Self { binary, json: None, quick: false, own: Vec::new() };
        let (mut asked, mut arguments) = (false, std::env::args().skip(1));
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().with_context(|| format!("{argument} wants a value"));
            match argument.as_str() {
                // Only `cargo bench` says so; `cargo test` builds benches too and runs them to see that they run.
                "--bench" => asked = true,
                "--quick" => options.quick = true,
                "--json" => options.json = Some(root.join(value()?)),
                "--binary" => options.binary = root.join(value()?),
                name if own.contains(&name) => options.own.push((name.to_owned(), value()?)),
                other => bail!("unknown argument `{other}`"),
            }
        }
        Ok(asked.then_some(options))
    }

    /// The value of one of the program's own options.
    pub fn own(&self, name: &str) -> Option<&str> {
        self.own.iter().rev().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// The number given for one of the program's own options, else that of a quick or a full run.
    pub fn number<N: FromStr>(&self, name: &str, quick: N, full: N) -> Result<N> {
        match self.own(name) {
            Some(value) => value.parse().map_err(|_| anyhow!("{name} wants a number, not `{value}`")),
            None => Ok(if self.quick { quick } else { full }),
        }
    }
}

/// Where paths of the command line begin: `cargo bench` may be called from anywhere below.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a program that measures: reads the command line, gives `run` a folder on the disk, prints the table. The folder of a failed
/// run stays, as what it leaves behind explains it.
pub fn measure(
    name: &str,
    own: &[&str],
    run: impl AsyncFnOnce(&Options, &Path, &mut Report) -> Result<()>,
) -> Result<()> {
    let Some(options) = Options::read(own)? else {
        println!("measures under `cargo bench` only");
        return Ok(());
    };
    ensure!(options.binary.exists(), "{} is missing: run `cargo build --release` first", options.binary.display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mut report = Report::default();
    machine::describe(&mut report, &options.binary, &folder)?;
    runtime
        .block_on(run(&options, &folder, &mut report))
        .with_context(|| format!("data and log are kept in {}", folder.display()))?;
    std::fs::remove_dir_all(&folder)?;
    println!("\n{}", report.markdown());
    if let Some(file) = &options.json {
        std::fs::write(file, serde_json::to_vec_pretty(&report.json())?)?;
    }
    Ok(())
}

/// Progress goes to standard error: the report alone is the output.
pub fn say(what: &str) {
    eprintln!("bench: {what}");
}

/// A path as an argument.
pub fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is not UTF-8")
}
