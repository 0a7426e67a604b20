//! Measures the release binary on both engines, in turns: SQLite in a file, and a PostgreSQL server on the same machine.
//!
//! ```text
//! cargo build --release && cargo bench --bench engines -- [--quick] [--json FILE] [--binary FILE] [--notes N] [--rounds N]
//! ```
//!
//! Both servers run all the while and hold the same notes; while one is driven the other idles. PostgreSQL flushes each commit, as
//! SQLite does here, and has its default settings but for 128 MB of shared buffers. The processor time of the database server counts as
//! the server's, because an operator pays for both; it is listed apart. Nothing here fails because something is slow.

#![allow(unreachable_pub, reason = "a program of its own, where nothing is reachable from outside")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../../tests/support/outside/mod.rs"]
mod outside;

mod cap;
mod sides;

use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use common::load::Bound;
use common::report::Report;
use common::{Options, say};
use outside::database::{Commits, Database};
use outside::process::{Server, Setting};
use sides::Side;

/// No run creates more, so that the index, which follows more slowly, need not be waited for too long.
const MOST: usize = 30_000;

/// The key of two servers on one store.
const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn main() -> Result<()> {
    common::measure("engines", &["--notes", "--rounds"], measure)
}

async fn measure(options: &Options, folder: &Path, report: &mut Report) -> Result<()> {
    let notes = options.number("--notes", 3_000, 20_000)?;
    let rounds = options.number("--rounds", 2, 5)?;
    let time = Duration::from_millis(if options.quick { 700 } else { 2000 });
    report.setting("Notes in the store", format!("{notes}, {rounds} rounds of {time:?} each"));
    let bound = Bound { time, requests: MOST };

    let database = Database::launch(Commits::Flushed)?;
    let setting = |name: &str| {
        Setting::new(&options.binary, folder.join(name), folder.join(format!("{name}.log")))
            .with("INKSTONE_MASTER_KEY", KEY)
    };
    let on_server = |name: &str| setting(name).with("INKSTONE_DATABASE_URL", &database.url);
    say("filling both stores through the API");
    let sqlite = Side::set(Server::start(&setting("sqlite")).await?, None, notes).await?;
    let postgres = Side::set(Server::start(&on_server("postgres")).await?, Some(&database), notes).await?;

    say("load, in turns");
    sides::compare(&sqlite, &postgres, rounds, bound, report).await?;
    say("what one store takes at most");
    let second = Server::start(&on_server("second")).await?;
    cap::run(&sqlite, &postgres, &second, rounds, bound, report).await?;
    for server in [second, postgres.server, sqlite.server] {
        server.terminate().await?;
    }
    Ok(())
}
