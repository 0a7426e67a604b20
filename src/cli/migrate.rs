//! `inkstone migrate`: the schema of the store, looked at, brought up to date, or taken back. `serve` brings it up by itself.

use std::time::Duration;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::Context;
use super::failure::Failure;
use super::output::columns;
use crate::clock::{Ids, SystemEntropy};
use crate::data_dir::{self, DataDir, DataDirError};
use crate::db::migrate::{self, Report, Status, Step};
use crate::db::{postgres, rollback};

/// Bring the store's schema up to date; a snapshot goes to backups/ first.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to do.
    #[arg(value_enum, default_value_t = Action::Up)]
    action: Action,
    /// Try it on a copy and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Go back although notes were written since; what is lost stays in a file under backups/.
    #[arg(long)]
    lose_changes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Action {
    /// Take all steps that are missing.
    Up,
    /// Say which steps the store has.
    Status,
    /// Go back to the snapshot taken before the last migration, for the program of that time.
    Rollback,
}

/// Changes nothing beside a running server: that one has brought its store up to date when it started.
pub(super) fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let path = &context.config.data_dir;
    let misplaced = match args.action {
        Action::Up => args.lose_changes.then_some("--lose-changes belongs to rollback"),
        Action::Status | Action::Rollback => args.dry_run.then_some("--dry-run belongs to up"),
    };
    if let Some(message) = misplaced {
        return Err(Failure::usage("usage", message));
    }
    if let Some(place) = postgres::Place::of(&context.config) {
        return match (args.action, args.dry_run) {
            (Action::Status, _) => status(&postgres::status(&place)?, context),
            (Action::Up, true) => told(&postgres::dry_run(&place)?, true, context),
            (Action::Up, false) => told(&postgres::up(&place, &Ids::system())?, false, context),
            (Action::Rollback, _) => Err(Failure::refused(
                "rollback-no-snapshot",
                "no snapshot of a store on a database server is taken before a migration",
            )
            .hint("restore the backup that was made before it (`inkstone restore`)")),
        };
    }
    data_dir::become_owner(path)?;
    match (args.action, args.dry_run) {
        (Action::Status, _) => status(&migrate::status(&DataDir::at(path)?.database())?, context),
        (Action::Rollback, _) => rollback(&DataDir::open(path)?, args.lose_changes, context),
        (Action::Up, true) => {
            let dir = DataDir::open(path)?;
            let report = migrate::dry_run(&dir.database(), &dir.backups(), Ids::system().now())?;
            told(&report, true, context)
        }
        (Action::Up, false) => {
            let dir = DataDir::open(path)?;
            let _lock = match dir.lock(Duration::from_secs(2)) {
                Ok(lock) => lock,
                // Whoever holds it has seen to the schema already; only a store that lacks something is worth a refusal.
                Err(DataDirError::InUse { .. }) if migrate::status(&dir.database())?.pending() == 0 => {
                    return told(&Report::default(), false, context);
                }
                Err(error) => return Err(error.into()),
            };
            // A store is not made without its key.
            dir.master_key(&SystemEntropy)?;
            let report = migrate::up(&dir.database(), &dir.backups(), Ids::system().now())?;
            told(&report, false, context)
        }
    }
}

fn status(status: &Status, context: &Context) -> Result<(), Failure> {
    let value = json!({
        "version": status.current(),
        "pending": status.pending(),
        "steps": status.steps.iter().map(|s| step(s, s.applied)).collect::<Vec<_>>(),
    });
    context.output.result(&value, || {
        let mut rows = vec![["STEP", "NAME", "STATE"].map(str::to_owned).to_vec()];
        for step in &status.steps {
            let state = if step.applied { "applied" } else { "pending" };
            rows.push(vec![step.version.to_string(), step.name.clone(), state.to_owned()]);
        }
        columns(&rows)
    })
}

/// Asks for the lock, so that no server has the store open.
fn rollback(dir: &DataDir, lose_changes: bool, context: &Context) -> Result<(), Failure> {
    let _lock = dir.lock(Duration::from_secs(2))?;
    if !dir.database().exists() {
        return Err(Failure::failed("store-missing", format!("there is no store in {}", dir.root().display()))
            .hint("say with --data-dir where it is"));
    }
    let Some(way) = rollback::find(&dir.database(), &dir.backups())? else {
        let message = "there is no snapshot of an older schema of this store under backups/";
        return Err(Failure::failed("rollback-no-snapshot", message)
            .hint("a snapshot is made before each migration; older states are in your backups (`inkstone restore`)"));
    };
    let counted = |(kind, count): (&String, &i64)| format!("{count} {kind}{}", if *count == 1 { "" } else { "s" });
    let lost = way.lost.iter().map(counted).collect::<Vec<_>>().join(", ");
    if !way.lost.is_empty() && !lose_changes {
        let message = format!("since the snapshot of {} there have changed: {lost}", way.taken_at);
        return Err(Failure::refused("rollback-loses-changes", message)
            .hint("export what matters first; --lose-changes goes back all the same and keeps the present store under backups/")
            .details(json!({ "snapshot": way.snapshot, "changed": way.lost })));
    }
    let kept = rollback::back(&dir.database(), &way, &dir.backups(), &Ids::system())?;
    let value = json!({
        "from": way.from, "to": way.to, "snapshot": way.snapshot, "taken_at": way.taken_at, "kept": kept, "lost": way.lost,
    });
    context.output.result(&value, || {
        format!(
            "The store is back at schema version {} (from {}), as it was at {}.\nAs it was until now: {}\n\
             Start the program that this version belongs to; a newer one would bring it up again.\n",
            way.to,
            way.from,
            way.taken_at,
            kept.display()
        )
    })
}

fn told(report: &Report, dry: bool, context: &Context) -> Result<(), Failure> {
    let value = json!({
        "dry_run": dry,
        "applied": report.applied.iter().map(|s| step(s, !dry)).collect::<Vec<_>>(),
        "snapshot": report.snapshot.as_ref().map(|path| path.display().to_string()),
        "copy_ms": millis(report.copying),
        "steps_ms": millis(report.took),
    });
    context.output.result(&value, || {
        if report.applied.is_empty() {
            return "The schema is up to date.".to_owned();
        }
        let done = if dry { "Would take" } else { "Took" };
        let mut text = String::new();
        for step in &report.applied {
            text.push_str(&format!("{done} step {} ({}).\n", step.version, step.name));
        }
        let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
        text.push_str(&format!("Copying took {}, the steps {}.\n", seconds(report.copying), seconds(report.took)));
        if let Some(path) = &report.snapshot {
            text.push_str(&format!("The store as it was before: {}\n", path.display()));
        }
        text
    })
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn step(step: &Step, applied: bool) -> Value {
    json!({ "version": step.version, "name": step.name, "applied": applied })
}
