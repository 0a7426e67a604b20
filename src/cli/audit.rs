//! `inkstone audit`: whether the log of what was done is whole.

use clap::Subcommand;
use serde_json::{Value, json};

use super::Context;
use super::door::Ask;
use super::failure::Failure;
use super::local::Expect;
use super::output::printable;
use crate::backup::{Listed, Place, made_at};
use crate::data_dir::DataDir;
use crate::db::postgres;

/// Look after the audit log.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Look whether every row follows from the one before, and whether none is gone that a backup has seen.
    ///
    /// Compares with every backup of this store in the backup directory. Fails when something does not fit.
    Verify,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    match args.action {
        Action::Verify => verify(context),
    }
}

fn verify(context: &Context) -> Result<(), Failure> {
    let dir = DataDir::at(&context.config.data_dir)?;
    let made = made_at(&dir, postgres::Place::of(&context.config).as_ref())?;
    let listing = Place::of(&dir, &context.config).list()?;
    let anchor = |archive: &Listed| {
        let manifest = archive.manifest.as_ref().ok()?;
        let head = manifest.store.audit.filter(|_| manifest.store.created_at == made)?;
        let name = archive.path.file_name()?.to_string_lossy().into_owned();
        Some(json!({ "name": name, "seq": head.seq, "hash": head.hash }))
    };
    let anchors: Vec<Value> = listing.archives.iter().filter_map(anchor).collect();
    let ask = Ask::post("/local/v1/audit/verify", &json!({ "anchors": anchors }));
    let verdict = context.local(Expect::Store, |api| api.call(ask))?;
    let whole = verdict["whole"].as_bool() == Some(true);
    let rows = verdict["rows"].as_u64().unwrap_or_default();
    let anchors = verdict["anchors"].as_u64().unwrap_or_default();
    let findings: Vec<String> = verdict["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|finding| printable(finding["detail"].as_str().unwrap_or_default()))
        .collect();
    let compared = match anchors {
        0 => "There is no backup to compare it with, so a log that was cut off would not show.".to_owned(),
        1 => "It was compared with one backup.".to_owned(),
        n => format!("It was compared with {n} backups."),
    };
    if whole {
        return context.output.result(&verdict, || format!("The audit log is whole: {rows} rows. {compared}"));
    }
    let told = format!("the audit log is not whole:\n  {}\n{compared}", findings.join("\n  "));
    Err(Failure::failed("audit-unsound", told)
        .hint("somebody has changed the store by hand, or it is damaged; a backup from before shows what was there")
        .details(json!({ "report": verdict })))
}
