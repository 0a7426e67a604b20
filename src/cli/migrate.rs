//! `inkstone migrate`: the schema of the store, looked at or brought up to date. `serve` does the latter by itself.

use std::time::Duration;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::Context;
use super::failure::Failure;
use super::output::columns;
use crate::clock::{Ids, SystemEntropy};
use crate::data_dir::{self, DataDir, DataDirError};
use crate::db::migrate::{self, Report, Step};

/// Bring the store's schema up to date; a snapshot goes to backups/ first.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to do.
    #[arg(value_enum, default_value_t = Action::Up)]
    action: Action,
    /// Try it on a copy and change nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Action {
    /// Take all steps that are missing.
    Up,
    /// Say which steps the store has.
    Status,
}

/// Changes nothing beside a running server: that one has brought its store up to date when it started.
pub(super) fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let path = &context.config.data_dir;
    data_dir::become_owner(path)?;
    match (args.action, args.dry_run) {
        (Action::Status, _) => status(&DataDir::at(path)?, context),
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
                    return told(&Report { applied: Vec::new(), snapshot: None }, false, context);
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

fn status(dir: &DataDir, context: &Context) -> Result<(), Failure> {
    let status = migrate::status(&dir.database())?;
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

fn told(report: &Report, dry: bool, context: &Context) -> Result<(), Failure> {
    let value = json!({
        "dry_run": dry,
        "applied": report.applied.iter().map(|s| step(s, !dry)).collect::<Vec<_>>(),
        "snapshot": report.snapshot.as_ref().map(|path| path.display().to_string()),
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
        if let Some(path) = &report.snapshot {
            text.push_str(&format!("The store as it was before: {}\n", path.display()));
        }
        text
    })
}

fn step(step: &Step, applied: bool) -> Value {
    json!({ "version": step.version, "name": step.name, "applied": applied })
}
