//! `inkstone backup`: archives of the whole store, made beside a running server.
//!
//! Unlike other commands it never asks the server: it reads the store's file on a connection of its own, which SQLite allows beside
//! any writer, so that a backup neither waits for requests nor they for it.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Subcommand};
use nix::unistd::{AccessFlags, access};
use serde_json::{Value, json};

use super::Context;
use super::failure::Failure;
use super::output::{columns, printable};
use super::password;
use super::progress::Progress;
use crate::backup::archive::Archive;
use crate::backup::keys::{Opening, Sealing};
use crate::backup::manifest::Manifest;
use crate::backup::retention::Policy;
use crate::backup::{self, Listed, Phase, Place, Told, Wish};
use crate::clock::Ids;
use crate::data_dir::{self, DataDir};
use crate::db::postgres;

/// Make, list, prove and prune backups of the whole store.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a backup. Beside a running server nobody waits for it.
    Create(Create),
    /// List the backups that there are, the newest first.
    List {
        /// Where they are, instead of where the setting `backup_dir` says.
        #[arg(long = "in", value_name = "DIR")]
        place: Option<String>,
    },
    /// Prove a backup: restore it to a scratch place and check what comes out. Exit code 3 when it is not sound.
    Verify(Verify),
    /// Remove backups of this store that no rule keeps. Nothing else is ever removed.
    Prune(Prune),
}

#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("seal").args(["passphrase_file", "passphrase_stdin", "recipient"]))]
struct Create {
    /// Where it goes, instead of where the setting `backup_dir` says.
    #[arg(long, value_name = "DIR")]
    to: Option<String>,
    /// Take the keys of the data directory along, encrypted (age). Without them, what they seal has to be set up anew after a restore.
    #[arg(long, requires = "seal")]
    with_keys: bool,
    /// Encrypt the keys with the passphrase in this file.
    #[arg(long, value_name = "FILE", requires = "with_keys")]
    passphrase_file: Option<PathBuf>,
    /// Encrypt the keys with the passphrase on standard input.
    #[arg(long, requires = "with_keys")]
    passphrase_stdin: bool,
    /// Encrypt the keys for this age recipient (age1...).
    #[arg(long, value_name = "RECIPIENT", requires = "with_keys")]
    recipient: Option<String>,
}

#[derive(Debug, clap::Args)]
struct Verify {
    /// The archive.
    archive: PathBuf,
    /// A directory with room to take it apart, instead of the one that it lies in.
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    #[command(flatten)]
    opening: OpeningArgs,
}

/// What opens the keys in an archive.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
pub(super) struct OpeningArgs {
    /// Open the keys in it with the passphrase in this file.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Open the keys in it with the passphrase on standard input.
    #[arg(long)]
    passphrase_stdin: bool,
    /// Open the keys in it with the age identity in this file.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("rules").required(true).multiple(true)
    .args(["keep_last", "keep_daily", "keep_weekly", "keep_monthly"]))]
struct Prune {
    /// Keep the newest N.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    keep_last: u32,
    /// Keep the newest of each of the last N days that have one.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    keep_daily: u32,
    /// The same by weeks, from Monday.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    keep_weekly: u32,
    /// The same by months.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    keep_monthly: u32,
    /// Where they are, instead of where the setting `backup_dir` says.
    #[arg(long = "in", value_name = "DIR")]
    place: Option<String>,
    /// Say what would be removed, and remove nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Makes, lists, proves or prunes.
pub(super) fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    match &args.action {
        Action::Create(args) => create(args, context),
        Action::List { place } => list(place.as_deref(), context),
        Action::Verify(args) => verify(args, context),
        Action::Prune(args) => prune(args, context),
    }
}

fn create(args: &Create, context: &Context) -> Result<(), Failure> {
    let place = place(args.to.as_deref(), context)?;
    // Read while this may still be root, whose file it may be.
    let sealing = match (&args.passphrase_file, args.passphrase_stdin, &args.recipient) {
        (Some(file), ..) => Some(Sealing::Passphrase(password::from_file(file)?)),
        (None, true, _) => Some(Sealing::Passphrase(password::read_anew()?)),
        (None, false, Some(recipient)) => Some(Sealing::Recipient(recipient.clone())),
        (None, false, None) => None,
    };
    data_dir::become_owner(&context.config.data_dir)?;
    let dir = DataDir::at(&context.config.data_dir)?;
    let server = postgres::Place::of(&context.config);
    let wish = Wish {
        dir: &dir,
        server: server.as_ref(),
        to: &place,
        keys: sealing.as_ref(),
        reserve: context.config.disk_reserve,
    };
    let created = telling(context, |told| backup::create(&wish, &Ids::system(), told))?;
    let left_out: Vec<String> = created.left_out.iter().map(|path| path.display().to_string()).collect();
    for path in &left_out {
        context.output.remark(&format!("left out, because it is no attachment: {path}"));
    }
    let value = json!({
        "archive": created.path.display().to_string(),
        "size": created.size,
        "manifest": created.manifest,
        "left_out": left_out,
    });
    context.output.result(&value, || {
        let keys = if created.manifest.has_keys() { "with its keys, sealed" } else { "without its keys" };
        let path = created.path.display().to_string();
        format!("{}, {keys}:\n{}\n", holds(&created.manifest), printable(&path))
            + &format!("{} of archive. `inkstone backup verify` proves it.\n", bytes(created.size))
    })
}

fn list(place: Option<&str>, context: &Context) -> Result<(), Failure> {
    let place = self::place(place, context)?;
    let listing = place.list()?;
    let value = json!({
        "directory": place.dir().display().to_string(),
        "archives": listing.archives.iter().map(described).collect::<Vec<_>>(),
        "others": listing.others,
    });
    context.output.result(&value, || {
        if listing.archives.is_empty() {
            return format!("There is no backup in {}.\n", printable(&place.dir().display().to_string()));
        }
        let mut rows = vec![["MADE", "SIZE", "NOTES", "ACCOUNTS", "KEYS", "ARCHIVE"].map(str::to_owned).to_vec()];
        for listed in &listing.archives {
            let name = listed.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            rows.push(match &listed.manifest {
                Ok(manifest) => vec![
                    manifest.created_at.to_string().chars().take(19).collect(),
                    bytes(listed.size),
                    manifest.counts.notes.to_string(),
                    manifest.counts.users.to_string(),
                    if manifest.has_keys() { "sealed" } else { "-" }.to_owned(),
                    name,
                ],
                Err(error) => {
                    vec!["-".into(), bytes(listed.size), "-".into(), "-".into(), "-".into(), format!("{name}: {error}")]
                }
            });
        }
        columns(&rows)
    })
}

fn described(listed: &Listed) -> Value {
    let problem = listed.manifest.as_ref().err().map(|e| json!({ "slug": e.slug(), "message": e.to_string() }));
    json!({
        "path": listed.path.display().to_string(),
        "size": listed.size,
        "manifest": listed.manifest.as_ref().ok(),
        "problem": problem,
    })
}

fn verify(args: &Verify, context: &Context) -> Result<(), Failure> {
    let archive = Archive::open(&args.archive)?;
    let opening = args.opening.read()?;
    // What somebody else has made is not taken apart by root when there is anybody else to do it.
    data_dir::become_owner(&context.config.data_dir)?;
    let scratch = scratch(args.scratch.as_deref(), &args.archive);
    let proof = telling(context, |told| backup::verify(&archive, &scratch, opening.as_ref(), &Ids::system(), told))?;
    let keys = match proof.keys_opened {
        None => "none",
        Some(false) => "sealed",
        Some(true) => "opened",
    };
    let value = json!({
        "archive": args.archive.display().to_string(),
        "size": proof.size,
        "sound": true,
        "searched": proof.searched,
        "keys": keys,
        "manifest": proof.manifest,
    });
    context.output.result(&value, || {
        let keys = match proof.keys_opened {
            None => "It holds no keys.",
            Some(false) => "Its keys are sealed and were not opened.",
            Some(true) => "Its keys open.",
        };
        format!(
            "The backup is sound. {}.\n{} of its notes were looked for and found. {keys}\n",
            holds(&proof.manifest),
            proof.searched
        )
    })
}

fn prune(args: &Prune, context: &Context) -> Result<(), Failure> {
    let place = place(args.place.as_deref(), context)?;
    data_dir::become_owner(&context.config.data_dir)?;
    let store =
        backup::made_at(&DataDir::at(&context.config.data_dir)?, postgres::Place::of(&context.config).as_ref())?;
    let policy =
        Policy { last: args.keep_last, daily: args.keep_daily, weekly: args.keep_weekly, monthly: args.keep_monthly };
    let pruned = place.prune(store, &policy, args.dry_run)?;
    let names = |paths: &[PathBuf]| paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>();
    let value = json!({
        "dry_run": args.dry_run,
        "kept": names(&pruned.kept),
        "removed": names(&pruned.removed),
        "freed": pruned.freed,
        "passed_over": names(&pruned.passed_over),
    });
    context.output.result(&value, || {
        let done = if args.dry_run { "Would remove" } else { "Removed" };
        let mut text = String::new();
        for path in names(&pruned.removed) {
            text.push_str(&format!("{done} {}\n", printable(&path)));
        }
        for path in names(&pruned.passed_over) {
            text.push_str(&format!("Passed over {}: another store's, or damaged\n", printable(&path)));
        }
        let (kept, removed) = (pruned.kept.len(), pruned.removed.len());
        text + &format!(
            "{kept} kept, {removed} removed, {} freed.\n",
            bytes(if args.dry_run { 0 } else { pruned.freed })
        )
    })
}

impl OpeningArgs {
    /// What was given, read.
    pub(super) fn read(&self) -> Result<Option<Opening>, Failure> {
        Ok(match (&self.passphrase_file, self.passphrase_stdin, &self.identity) {
            (Some(file), ..) => Some(Opening::Passphrase(password::from_file(file)?)),
            (None, true, _) => Some(Opening::Passphrase(password::read()?)),
            (None, false, Some(file)) => Some(Opening::Identity(password::identity_file(file)?)),
            (None, false, None) => None,
        })
    }
}

/// Where archives are: a directory.
fn place(named: Option<&str>, context: &Context) -> Result<Place, Failure> {
    match named {
        Some(url) if url.contains("://") => Err(Failure::usage(
            "backup-destination-url",
            format!("backups go to directories so far, and {url} is a URL"),
        )
        .hint("make them to a directory, and have another program copy it")),
        Some(dir) => Ok(Place::at(dir)),
        None => Ok(Place::of(&DataDir::at(&context.config.data_dir)?, &context.config)),
    }
}

/// Where an archive is taken apart: beside it, when that may be written to.
pub(super) fn scratch(named: Option<&Path>, archive: &Path) -> PathBuf {
    let beside = archive.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match named {
        Some(dir) => dir.to_owned(),
        None if access(beside, AccessFlags::W_OK | AccessFlags::X_OK).is_ok() => beside.to_owned(),
        None => std::env::temp_dir(),
    }
}

/// Runs `work` with a progress for each of its phases.
pub(super) fn telling<T, E: Into<Failure>>(
    context: &Context,
    work: impl FnOnce(&mut Told<'_>) -> Result<T, E>,
) -> Result<T, Failure> {
    let mut shown: Option<(Phase, Progress)> = None;
    let mut told = |phase: Phase, done: u64, total: u64| {
        let (label, shift) = words(phase);
        let progress = match shown.take() {
            Some((now, progress)) if now == phase => progress,
            _ => Progress::begin(context.output, label, total >> shift),
        };
        let (_, progress) = shown.insert((phase, progress));
        progress.at(done >> shift, total >> shift);
        ControlFlow::Continue(())
    };
    work(&mut told).map_err(Into::into)
}

/// What is said of a phase; bytes are told in MiB.
fn words(phase: Phase) -> (&'static str, u32) {
    match phase {
        Phase::Copying => ("copying the store, MiB", 20),
        Phase::CopyingRows => ("copying the store, rows", 0),
        Phase::Summing => ("adding up, MiB", 20),
        Phase::Packing => ("packing, MiB", 20),
        Phase::Reading => ("reading the archive, MiB", 20),
        Phase::Unpacking => ("unpacking, MiB", 20),
        Phase::Checking => ("checking the store", 0),
        Phase::Comparing => ("comparing texts, notes", 0),
        Phase::Searching => ("looking for notes", 0),
        Phase::Indexing => ("building the index, notes", 0),
    }
}

/// What an archive holds, in words.
pub(super) fn holds(manifest: &Manifest) -> String {
    let of = |n: i64, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let counts = manifest.counts;
    let notes = of(counts.notes, "note", "notes");
    let users = of(counts.users, "account", "accounts");
    let made: String = manifest.created_at.to_string().chars().take(19).collect();
    format!("{notes} of {users}, as they were at {made}Z")
}

/// A size for people.
fn bytes(n: u64) -> String {
    match n {
        0..1024 => format!("{n} B"),
        1024..1_048_576 => format!("{:.1} KiB", n as f64 / 1024.0),
        1_048_576..1_073_741_824 => format!("{:.1} MiB", n as f64 / 1_048_576.0),
        _ => format!("{:.2} GiB", n as f64 / 1_073_741_824.0),
    }
}
