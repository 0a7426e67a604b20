//! `inkstone restore`: an archive becomes a store again.

use std::path::PathBuf;

use serde_json::json;

use super::Context;
use super::backup::{OpeningArgs, holds, scratch, telling};
use super::failure::Failure;
use super::output::printable;
use crate::backup::archive::Archive;
use crate::backup::{self, BackupError, KeysFrom, Restored, To};
use crate::clock::Ids;
use crate::data_dir::{self, DataDir};
use crate::db::{postgres, transfer};

/// Restore a backup into an empty or missing data directory. It is proven before anything of it is used.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The archive.
    archive: PathBuf,
    #[command(flatten)]
    opening: OpeningArgs,
    /// Go on without the keys in it. What they seal has to be set up anew.
    #[arg(long, conflicts_with_all = ["passphrase_file", "passphrase_stdin", "identity"])]
    without_keys: bool,
    /// Leave the search index to the server, which builds it when it starts and serves meanwhile.
    #[arg(long)]
    index_later: bool,
    /// Prove the archive and look at the directory, and change nothing there.
    #[arg(long)]
    dry_run: bool,
    /// With --dry-run: a directory with room to take it apart, instead of the one that it lies in.
    #[arg(long, value_name = "DIR", requires = "dry_run")]
    scratch: Option<PathBuf>,
}

/// Restores, or proves that it could.
pub(super) fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let root = &context.config.data_dir;
    // Opened while this may still be root, who alone may be able to.
    let archive = Archive::open(&args.archive)?;
    let opening = args.opening.read()?;
    data_dir::become_owner(root)?;
    let ids = Ids::system();
    let server = postgres::Place::of(&context.config);
    if args.dry_run {
        DataDir::must_be_restorable(root)?;
        server.as_ref().map_or(Ok(()), transfer::must_be_empty).map_err(BackupError::from)?;
        let scratch = scratch(args.scratch.as_deref(), &args.archive);
        let proof = telling(context, |told| {
            let proof = backup::verify(&archive, &scratch, opening.as_ref(), &ids, told)?;
            match proof.keys_opened {
                Some(false) if !args.without_keys => Err(BackupError::KeysLocked),
                _ => Ok(proof),
            }
        })?;
        let keys = if proof.keys_opened == Some(true) { "restored" } else { "new" };
        let value = json!({
            "dry_run": true,
            "data_dir": root.display().to_string(),
            "epoch": null,
            "keys": keys,
            "searched": proof.searched,
            "indexed": null,
            "manifest": proof.manifest,
        });
        return context.output.result(&value, || {
            let root = root.display().to_string();
            format!("The backup is sound and would be restored to {}: {}.\n", printable(&root), holds(&proof.manifest))
        });
    }
    let keys = match (opening, args.without_keys) {
        (Some(opening), _) => KeysFrom::Archive(opening),
        (None, true) => KeysFrom::LeftOut,
        (None, false) => KeysFrom::None,
    };
    let to = To { root, server: server.as_ref(), index: !args.index_later };
    let restored = telling(context, |told| backup::restore(&archive, to, &keys, &ids, told))?;
    let value = json!({
        "dry_run": false,
        "data_dir": root.display().to_string(),
        "epoch": restored.epoch,
        "keys": if restored.with_keys { "restored" } else { "new" },
        "searched": restored.searched,
        "indexed": restored.indexed,
        "manifest": restored.manifest,
    });
    context.output.result(&value, || told(&restored, &root.display().to_string(), server.is_some()))
}

/// What was done, and what to do next.
fn told(restored: &Restored, root: &str, on_server: bool) -> String {
    let root = printable(root);
    let place = if on_server { format!("the database server and {root}") } else { root.to_string() };
    let keys = if restored.with_keys {
        "The keys came along."
    } else {
        "The keys did not come along: a new master key was made."
    };
    let index = match restored.indexed {
        Some(notes) => format!("The search index is built ({notes} notes)."),
        None => "The search index is built when the server starts.".to_owned(),
    };
    format!(
        "Restored to {place}: {}.\n{} notes were looked for and found. {index} {keys}\n\n\
         Next:\n  1. inkstone serve --data-dir {root}\n  2. Sign in again, everybody: sessions are not restored.\n  \
         3. inkstone backup create --data-dir {root}\n",
        holds(&restored.manifest),
        restored.searched,
    )
}
