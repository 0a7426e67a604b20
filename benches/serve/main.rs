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

#[path = "../common/mod.rs"]
mod common;
#[path = "../../tests/support/outside/mod.rs"]
mod outside;

mod limits;
mod rounds;
mod starting;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;

use common::report::Report;
use common::stage::{self, Stage};
use common::{Options, say};
use outside::process::{Server, Setting};

/// What the command line asks for.
struct Wish {
    quick: bool,
    binary: PathBuf,
    notes: usize,
    rounds: usize,
}

impl Wish {
    fn of(options: &Options) -> Result<Self> {
        Ok(Self {
            quick: options.quick,
            binary: options.binary.clone(),
            notes: options.number("--notes", 10_000, 100_000)?,
            rounds: options.number("--rounds", 2, 5)?,
        })
    }

    /// How long one measurement of one scenario lasts.
    fn time(&self) -> Duration {
        Duration::from_millis(if self.quick { 700 } else { 2000 })
    }
}

fn main() -> Result<()> {
    common::measure("serve", &["--notes", "--rounds"], measure)
}

async fn measure(options: &Options, folder: &Path, report: &mut Report) -> Result<()> {
    let wish = &Wish::of(options)?;
    report.setting("Notes", format!("{}, {} rounds of {:?} each", wish.notes, wish.rounds, wish.time()));

    let setting = Setting::new(&wish.binary, folder.join("data"), folder.join("server.log"));
    say(&format!("filling a store with {} notes through the API", wish.notes));
    let server = Server::start(&setting).await?;
    let stage = Stage::set(&server, wish.notes).await?;
    let filled = server.memory()?;
    stage::indexed(&server).await?;

    say("load, in turns with the limits");
    let (server, load) = rounds::run(server, &stage, wish, folder, report).await?;
    say("start, memory, size");
    let peak = filled.peak.max(load.peak);
    starting::run(server, &setting, &stage, wish, peak, report).await?;
    Ok(())
}
