//! An archive becomes a store again, in a directory that holds none.
//!
//! Everything that `verify` asks is asked first, of the very files that will be the store; then they become a store of their own:
//! a new epoch, so that browsers and other followers begin anew instead of mistaking old change numbers for new ones; nobody signed
//! in, because a session that was ended after the backup must not come back to life; set-up links void; the index built. Only then
//! does it move in ([`Restoring`]).
//!
//! Keys: the master key seals secrets inside the store. When it came along, it is the key again. Otherwise a new one is made, and
//! what the old one sealed is worthless: the signing keys are dropped, and the first start makes new ones.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::archive::{Archive, Unpacked};
use super::keys::{self, Opening};
use super::manifest::{DATABASE, Manifest};
use super::verify::{examine, open_keys, search, upgrade};
use super::{BackupError, Phase, Told};
use crate::clock::Ids;
use crate::data_dir::{DataDir, MasterKey, Restoring};
use crate::db::snapshot::{self, Snapshot};
use crate::db::{Db, Options, postgres, transfer};
use crate::error::Error;
use crate::metrics::SearchMetrics;
use crate::seal::Keyring;
use crate::search::{self, Search};
use crate::sessions::Sessions;
use crate::{accounts, api_keys, jobs, notes, secrets, sessions};

/// How long is waited between two looks at the index that is being built.
const GLANCE: Duration = Duration::from_millis(200);

/// What becomes of keys.
#[derive(Debug, Clone)]
pub enum KeysFrom {
    /// The archive holds none, or is refused.
    None,
    /// Whatever the archive holds is left in it.
    LeftOut,
    /// The archive's, opened by this.
    Archive(Opening),
}

/// A restored store.
#[derive(Debug, Clone)]
pub struct Restored {
    /// What the archive says of itself.
    pub manifest: Manifest,
    /// The store's new identity.
    pub epoch: Uuid,
    /// Whether the keys came along.
    pub with_keys: bool,
    /// Notes that were looked for, and found.
    pub searched: u64,
    /// Notes in the new index; `None` when it is left to the server.
    pub indexed: Option<u64>,
}

/// Where a store is restored to, and how.
#[derive(Debug, Clone, Copy)]
pub struct To<'a> {
    /// The data directory, which is missing or empty.
    pub root: &'a Path,
    /// The database server that will keep the store, in a schema that holds nothing; `None`: a file in the directory does.
    pub server: Option<&'a postgres::Place>,
    /// Whether the search index is built as well; otherwise the server builds it when it starts, and answers meanwhile.
    pub index: bool,
}

/// Restores `archive`.
///
/// # Errors
/// A [`BackupError`]; directory and server are then as they were.
pub fn restore(
    archive: &Archive,
    to: To<'_>,
    keys: &KeysFrom,
    ids: &Ids,
    told: &mut Told<'_>,
) -> Result<Restored, BackupError> {
    let To { root, server, index } = to;
    DataDir::must_be_restorable(root)?;
    server.map_or(Ok(()), transfer::must_be_empty)?;
    archive.check_seal(told)?;
    let has_keys = archive.manifest()?.has_keys();
    match keys {
        KeysFrom::None if has_keys => return Err(BackupError::KeysLocked),
        KeysFrom::Archive(_) if !has_keys => return Err(BackupError::KeysAbsent),
        KeysFrom::None | KeysFrom::LeftOut | KeysFrom::Archive(_) => {}
    }
    let target = Restoring::begin(root)?;
    let unpacked = archive.unpack(&target.staging(), told)?;
    let master = lay_out_keys(&unpacked, keys)?;
    examine(&unpacked, told)?;
    let database = unpacked.dir.join(DATABASE);
    let epoch = ids.id();
    snapshot::set_epoch(&database, epoch)?;
    upgrade(&unpacked, told)?;
    let searched = search(&unpacked.dir, ids, told)?;
    let indexed = begin_anew(&unpacked, master.as_ref(), index, ids, told)?;
    if master.is_none() {
        target.dir().master_key(ids.entropy())?;
    }
    match server {
        None => target.finish()?,
        Some(place) => {
            let store = Snapshot::open(&database)?;
            let mut tell = |done, total| told(Phase::CopyingRows, done, total);
            let mut copied = Ok(Default::default());
            store.read(|tx| {
                copied = transfer::into_server(tx, place, &mut tell);
                Ok(())
            })?;
            copied?;
            drop(store);
            target.finish_beside_server()?
        }
    };
    Ok(Restored { manifest: unpacked.manifest, epoch, with_keys: master.is_some(), searched, indexed })
}

/// The archive's keys, laid out in what will be the data directory; `None` when they do not come along.
fn lay_out_keys(unpacked: &Unpacked, keys: &KeysFrom) -> Result<Option<MasterKey>, BackupError> {
    let KeysFrom::Archive(opening) = keys else { return Ok(None) };
    let files = open_keys(unpacked, opening)?;
    let dir = unpacked.dir.join("keys");
    keys::lay_out(&files, &dir)?;
    match DataDir::master_key_in(&dir)? {
        Some(key) => Ok(Some(key)),
        None => Err(BackupError::Unsound("the master key is not among its keys".to_owned())),
    }
}

/// Makes the checked store one of its own that nobody is signed in to, and builds its index; says how many notes are in it.
fn begin_anew(
    unpacked: &Unpacked,
    master: Option<&MasterKey>,
    index: bool,
    ids: &Ids,
    told: &mut Told<'_>,
) -> Result<Option<u64>, BackupError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| BackupError::Store(Error::internal(e)))?;
    runtime.block_on(async {
        let mut options = Options::in_dir(&unpacked.dir, ids.clone());
        // A file that is not in use yet is no reason to end the process.
        options.fatal = Arc::new(|why| tracing::error!(why, "the store that is being restored cannot go on"));
        let db = Db::open(options)?;
        let outcome = async {
            let (keep, now) = (master.is_some(), ids.now());
            db.write(move |tx| {
                // What was under way then is not wanted now, and its files are not here.
                jobs::store::begin_anew(tx)?;
                // Whoever restores to get something back out of the trash must not lose it to the first purge.
                notes::trash::begin_anew(tx, now)?;
                sessions::store::begin_anew(tx, keep)?;
                api_keys::store::begin_anew(tx)?;
                accounts::store::drop_links(tx)?;
                if keep { Ok(()) } else { secrets::forget_unopened(tx) }
            })
            .await?;
            if let Some(master) = master {
                let made = db.made_at().await?;
                let ring = Keyring::new(master.expose(), &[], made)?;
                let opened = Sessions::open(db.clone(), ids.clone(), &ring, master.expose(), Duration::ZERO).await;
                opened.map_err(|why| BackupError::Unsound(why.to_string()))?;
            }
            if index { build_index(&unpacked.dir, &db, ids, told).await.map(Some) } else { Ok(None) }
        };
        let outcome = outcome.await;
        db.close().await;
        outcome
    })
}

async fn build_index(dir: &Path, db: &Db, ids: &Ids, told: &mut Told<'_>) -> Result<u64, BackupError> {
    let search = Search::start(search::Options {
        data_directory: dir.to_owned(),
        db: db.clone(),
        ids: ids.clone(),
        metrics: SearchMetrics::default(),
        effort: search::Effort::Alone,
    })?;
    let outcome = loop {
        if search.settle(GLANCE).await {
            break Ok(search.status().notes);
        }
        let progress = search.status().progress;
        if let Some(problem) = progress.problem {
            break Err(BackupError::Store(Error::SearchUnavailable(problem)));
        }
        if let search::Phase::Rebuilding { done, total } = progress.phase
            && told(Phase::Indexing, done, total) == ControlFlow::Break(())
        {
            break Err(BackupError::Stopped);
        }
    };
    search.stop().await;
    outcome
}
