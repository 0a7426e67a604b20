//! `inkstone store copy`: a whole store from a data directory to a database server, or back.
//!
//! The source is read from one moment and is nobody else's meanwhile; the target must hold nothing. What arrived is read back and
//! compared with what was sent, table by table, and the text of every note with the sum that was kept when it was written. A copy
//! that fails leaves the target as it was. The source stays as it is.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Subcommand;
use serde_json::json;
use uuid::Uuid;

use super::Context;
use super::failure::Failure;
use super::output::{columns, printable};
use super::progress::Progress;
use crate::data_dir::{self, DataDir};
use crate::db::snapshot::Snapshot;
use crate::db::transfer::{self, Sums, TransferError};
use crate::db::{ReadTx, postgres};
use crate::error::Result as StoreResult;
use crate::notes;

/// Notes compared with their sums in one go.
const COMPARED_AT_ONCE: i64 = 500;

/// Move the store to another engine.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Copy everything, from a data directory to a database server or back; no server may run on either.
    Copy(Copy),
}

/// A place is `sqlite:DIR`, a data directory, or `postgres://..`, in the schema of `--database-schema`. `postgres:` alone is the
/// server of `INKSTONE_DATABASE_URL`, which keeps its password out of the list of processes.
#[derive(Debug, clap::Args)]
struct Copy {
    /// The store to copy: sqlite:DIR or postgres://..
    #[arg(long, value_name = "PLACE")]
    from: String,
    /// Where to: postgres://.. or sqlite:DIR; it must hold nothing.
    #[arg(long, value_name = "PLACE")]
    to: String,
}

enum Place {
    Directory(PathBuf),
    Server(postgres::Place),
}

impl Place {
    fn parse(text: &str, context: &Context) -> Result<Self, Failure> {
        let schema = context.config.database_schema.clone();
        if let Some(dir) = text.strip_prefix("sqlite:").filter(|dir| !dir.is_empty()) {
            return Ok(Self::Directory(PathBuf::from(dir)));
        }
        if text == "postgres:" {
            return postgres::Place::of(&context.config).map(Self::Server).ok_or_else(|| {
                Failure::usage("usage", "`postgres:` alone is the server of INKSTONE_DATABASE_URL, which is not set")
            });
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Server(postgres::Place { url: text.into(), schema }));
        }
        // It may be a mistyped address with a password in it.
        Err(Failure::usage("usage", "a place is sqlite:DIR, postgres://USER@HOST/DATABASE, or postgres:"))
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let Action::Copy(args) = &args.action;
    match (Place::parse(&args.from, context)?, Place::parse(&args.to, context)?) {
        (Place::Directory(from), Place::Server(to)) => out(&from, &to, context),
        (Place::Server(from), Place::Directory(to)) => back(&from, &to, context),
        _ => Err(Failure::usage("usage", "one of --from and --to is a data directory, the other a database server")
            .hint("a data directory is copied by `inkstone backup create` and `inkstone restore`")),
    }
}

fn out(from: &Path, to: &postgres::Place, context: &Context) -> Result<(), Failure> {
    data_dir::become_owner(from)?;
    let dir = DataDir::open(from)?;
    let _lock = dir.lock(Duration::from_secs(2))?;
    transfer::must_be_empty(to)?;
    let mut progress = None;
    let (sums, notes) = transfer::read_file(&dir.database(), |tx| {
        let notes = compare_texts(tx)?;
        let sums = transfer::into_server(tx, to, &mut |done, total| tell(&mut progress, context, done, total))?;
        Ok((sums, notes))
    })?;
    let root = printable(&dir.root().display().to_string());
    let next = format!(
        "Next:\n  1. INKSTONE_DATABASE_URL=.. inkstone serve --data-dir {root}\n  \
         2. Other servers of this store need the same key: copy {root}/keys/master.key into their data directories.\n  \
         3. {root}/inkstone.db is not used any more; keep it until the first backup is made.\n"
    );
    done(&sums, notes, &next, context)
}

fn back(from: &postgres::Place, to: &Path, context: &Context) -> Result<(), Failure> {
    data_dir::become_owner(to)?;
    let dir = DataDir::open(to)?;
    let _lock = dir.lock(Duration::from_secs(2))?;
    if dir.database().exists() {
        return Err(TransferError::NotEmpty(dir.root().display().to_string()).into());
    }
    let draft = Draft(dir.root().join("inkstone.db.copying"));
    draft.clear();
    let mut progress = None;
    let (sums, notes) = transfer::read_server(from, true, |tx| {
        let sent = transfer::into_file(tx, &draft.0, &mut |done, total| tell(&mut progress, context, done, total))?;
        let copy = Snapshot::open(&draft.0)?;
        copy.check()?;
        let found = copy.read(|tx| transfer::sums(tx, &mut |_, _| ControlFlow::Continue(())))?;
        transfer::compare(&sent, &found)?;
        Ok((sent, copy.read(compare_texts)?))
    })?;
    draft
        .keep(&dir.database())
        .map_err(|e| Failure::failed("data-dir-io", format!("cannot make {}: {e}", dir.database().display())))?;
    let root = printable(&dir.root().display().to_string());
    let key = if dir.keys().join("master.key").exists() {
        String::new()
    } else {
        format!("  0. Copy keys/master.key from the data directory of a server of this store into {root}/keys.\n")
    };
    let next = format!(
        "Next:\n{key}  1. Without INKSTONE_DATABASE_URL: inkstone serve --data-dir {root}\n  \
         2. The schema on the database server is not used any more; keep it until the first backup is made.\n"
    );
    done(&sums, notes, &next, context)
}

/// A file under a name that nobody takes for a store; gone when it is dropped before it is kept.
struct Draft(PathBuf);

impl Draft {
    fn clear(&self) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let mut name = self.0.clone().into_os_string();
            name.push(suffix);
            let _ = std::fs::remove_file(PathBuf::from(name));
        }
    }

    /// Flushed, then moved to its name.
    fn keep(&self, to: &Path) -> std::io::Result<()> {
        std::fs::File::open(&self.0)?.sync_all()?;
        std::fs::rename(&self.0, to)?;
        to.parent().map_or(Ok(()), |dir| std::fs::File::open(dir)?.sync_all())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Compares the text of every note with its sum; how many there were.
fn compare_texts(tx: &mut ReadTx<'_>) -> StoreResult<u64> {
    let (mut after, mut notes) = (None::<Uuid>, 0);
    while let Some((compared, last)) = notes::store::check_texts(tx, after, COMPARED_AT_ONCE)? {
        after = Some(last);
        notes += compared;
    }
    Ok(notes)
}

fn tell(progress: &mut Option<Progress>, context: &Context, done: u64, total: u64) -> ControlFlow<()> {
    progress.get_or_insert_with(|| Progress::begin(context.output, "copying rows", total)).at(done, total);
    ControlFlow::Continue(())
}

fn done(sums: &Sums, notes: u64, next: &str, context: &Context) -> Result<(), Failure> {
    let tables: serde_json::Map<_, _> = sums
        .iter()
        .map(|(name, sum)| ((*name).to_owned(), json!({ "rows": sum.rows, "sha256": sum.sha256 })))
        .collect();
    context.output.result(&json!({ "notes": notes, "tables": tables }), || {
        let mut rows = vec![["TABLE", "ROWS", "SHA-256"].map(str::to_owned).to_vec()];
        for (name, sum) in sums {
            rows.push(vec![(*name).to_owned(), sum.rows.to_string(), sum.sha256.chars().take(16).collect()]);
        }
        format!(
            "{}\nBoth stores hold the same, and the text of each of the {notes} notes is what was written.\n\n{next}",
            columns(&rows)
        )
    })
}
