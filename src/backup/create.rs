//! Making an archive beside a running server.
//!
//! The store is copied as it is at one moment (`db::snapshot`), then everything is done with the copy: it is checked, counted,
//! summed for the manifest, and packed. Attachments never change once they are there, so they are taken after the store: whatever
//! it refers to is there then. All of it lies under a name of unfinished work until it is flushed; an archive appears whole under
//! its name, or not at all.

use std::fs::{File, OpenOptions};
use std::io;
use std::ops::ControlFlow;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::archive::Writer;
use super::contents::{compare_texts, count, said};
use super::error::io_error;
use super::keys::{self, Sealing};
use super::manifest::{BLOBS, Counts, DATABASE, FORMAT, KEYS, KIND, Manifest, Part, StoreSaid, is_blob};
use super::place::{Place, sync};
use super::quietly::quietly;
use super::scratch::Scratch;
use super::stream::{Gauge, Moving, pass};
use super::{BackupError, Phase, Told};
use crate::clock::{Ids, Timestamp};
use crate::data_dir::DataDir;
use crate::db::snapshot::{self, Snapshot};
use crate::db::{Disk, postgres, transfer};
use crate::error::Error;

/// What is to be backed up, and where to.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// The data directory. A server may run on it; nothing in it is changed.
    pub dir: &'a DataDir,
    /// The database server that keeps the store; `None`: it is a file in the directory.
    pub server: Option<&'a postgres::Place>,
    /// Where the archive goes.
    pub to: &'a Place,
    /// What seals the keys when they are to go along.
    pub keys: Option<&'a Sealing>,
    /// Bytes of free disk that have to stay, so that the server goes on accepting writes.
    pub reserve: u64,
}

/// An archive that was made.
#[derive(Debug, Clone)]
pub struct Created {
    /// Where it is.
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
    /// What it says of itself.
    pub manifest: Manifest,
    /// Files among the attachments that are none of ours, and are not in it.
    pub left_out: Vec<PathBuf>,
}

/// Makes one archive. Blocks; nobody who reads or writes in the store waits for it.
///
/// # Errors
/// A [`BackupError`]; there is no archive then.
pub fn create(wish: &Wish<'_>, ids: &Ids, told: &mut Told<'_>) -> Result<Created, BackupError> {
    quietly(|| make(wish, ids, told))
}

fn make(wish: &Wish<'_>, ids: &Ids, told: &mut Told<'_>) -> Result<Created, BackupError> {
    if wish.server.is_none() && !wish.dir.database().exists() {
        return Err(BackupError::StoreMissing(wish.dir.root().to_owned()));
    }
    wish.keys.map_or(Ok(()), Sealing::check)?;
    let _held = wish.to.take()?;
    require_room(wish)?;
    let scratch = wish.to.scratch(ids)?;
    let now = ids.now();

    let copy = scratch.path().join(DATABASE);
    private(&copy)?;
    match wish.server {
        None => snapshot::copy(&wish.dir.database(), &copy, &mut |done, total| told(Phase::Copying, done, total))?,
        Some(place) => copy_out(place, &copy, told)?,
    }
    let (store, counts) = look_into(&copy, told)?;
    let keys = wish.keys.map(|sealing| keys::seal(&wish.dir.keys(), sealing)).transpose()?;
    let (blobs, left_out) = blobs(&wish.dir.blobs())?;
    let parts = sum_up(&copy, keys.as_deref(), wish.dir, &blobs, told)?;
    let manifest = Manifest {
        kind: KIND.to_owned(),
        format: FORMAT,
        product_version: env!("CARGO_PKG_VERSION").to_owned(),
        created_at: now,
        store,
        counts,
        parts,
    };
    let (draft, size) = pack(&scratch, &manifest, &copy, keys.as_deref(), wish.dir, told)?;
    let path = wish.to.new_archive(now, ids);
    // Nobody else makes names here while the place is taken.
    std::fs::rename(&draft, &path).map_err(io_error("make", &path))?;
    sync(wish.to.dir())?;
    Ok(Created { path, size, manifest, left_out })
}

/// The store of a server as a file, the same as that of a store that always was one.
fn copy_out(place: &postgres::Place, to: &Path, told: &mut Told<'_>) -> Result<(), BackupError> {
    transfer::read_server(place, false, |tx| {
        let sent = transfer::into_file(tx, to, &mut |done, total| told(Phase::CopyingRows, done, total))?;
        let found = Snapshot::open(to)?.read(|tx| transfer::sums(tx, &mut |_, _| ControlFlow::Continue(())))?;
        transfer::compare(&sent, &found)
    })?;
    Ok(())
}

/// Copy and archive lie side by side for a moment.
fn require_room(wish: &Wish<'_>) -> Result<(), BackupError> {
    let database = wish.dir.database();
    let mut wal = database.as_os_str().to_owned();
    wal.push("-wal");
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |found| found.len());
    let (blobs, _) = blobs(&wish.dir.blobs())?;
    let store = match wish.server {
        None => size(&database) + size(Path::new(&wal)),
        Some(place) => transfer::size(place)?,
    };
    let attached: u64 = blobs.iter().map(|name| size(&wish.dir.root().join(name))).sum();
    let needed = store + store / 2 + attached + wish.reserve;
    match Disk::new(wish.to.dir(), 0).free() {
        Some(free) if free < needed => Err(BackupError::NoRoom { dir: wish.to.dir().to_owned(), needed, free }),
        _ => Ok(()),
    }
}

/// An empty file for this user alone.
fn private(path: &Path) -> Result<File, BackupError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true).mode(0o600).open(path).map_err(io_error("make", path))
}

/// Who the store in the copy is and what it holds; refuses a damaged one, because a backup of it would push out the sound ones.
fn look_into(copy: &Path, told: &mut Told<'_>) -> Result<(StoreSaid, Counts), BackupError> {
    Gauge::new(told, Phase::Checking, 1).advance(0)?;
    let copy = Snapshot::open(copy)?;
    let damaged = |error: Error| match error {
        Error::Corrupt(why) => BackupError::StoreDamaged(why),
        other => other.into(),
    };
    copy.quick_check().map_err(damaged)?;
    let (store, counts) = (said(&copy)?, copy.read(count)?);
    // An older store, before its migration, may have no sums; `verify` upgrades its copy first.
    if copy.is_current() {
        compare_texts(&copy, counts.notes, told, damaged)?;
    }
    Ok((store, counts))
}

/// The attachments as names of parts, sorted, and what lies among them and is none: another name, a link, a device.
fn blobs(dir: &Path) -> Result<(Vec<String>, Vec<PathBuf>), BackupError> {
    let (mut names, mut left_out) = (Vec::new(), Vec::new());
    if !dir.exists() {
        return Ok((names, left_out));
    }
    for entry in walkdir::WalkDir::new(dir).min_depth(1) {
        let entry = match entry {
            Ok(entry) => entry,
            // Purged in this moment.
            Err(error) if error.io_error().is_some_and(|e| e.kind() == io::ErrorKind::NotFound) => continue,
            Err(error) => return Err(io_error("read", dir)(error.into())),
        };
        if entry.file_type().is_dir() {
            continue;
        }
        let name = entry.path().strip_prefix(dir).ok().and_then(Path::to_str).map(|rest| format!("{BLOBS}{rest}"));
        match name {
            Some(name) if entry.file_type().is_file() && is_blob(&name) => names.push(name),
            // A draft that is being uploaded is nobody's yet.
            _ if entry.file_name().to_string_lossy().starts_with('.') => {}
            _ => left_out.push(entry.into_path()),
        }
    }
    names.sort();
    Ok((names, left_out))
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(nix::libc::O_NOFOLLOW).open(path)
}

/// Sizes and sums of everything, in the order of the archive.
fn sum_up(
    copy: &Path,
    keys: Option<&[u8]>,
    dir: &DataDir,
    blobs: &[String],
    told: &mut Told<'_>,
) -> Result<Vec<Part>, BackupError> {
    let total = std::fs::metadata(copy).map_err(io_error("look at", copy))?.len();
    let mut gauge = Gauge::new(told, Phase::Summing, total);
    let mut parts = Vec::new();
    let mut sum = |name: &str, from: &mut dyn io::Read, path: &Path| {
        let (size, sha256) = pass(from, &mut io::sink(), &mut gauge).map_err(|why| match why {
            Moving::Read(error) | Moving::Write(error) => io_error("read", path)(error),
            Moving::Stopped => BackupError::Stopped,
        })?;
        parts.push(Part { name: name.to_owned(), size, sha256 });
        Ok::<(), BackupError>(())
    };
    sum(DATABASE, &mut open(copy).map_err(io_error("open", copy))?, copy)?;
    if let Some(mut keys) = keys {
        sum(KEYS, &mut keys, Path::new(KEYS))?;
    }
    for name in blobs {
        let path = dir.root().join(name);
        match open(&path) {
            Ok(mut file) => sum(name, &mut file, &path)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(io_error("open", &path)(error)),
        }
    }
    Ok(parts)
}

fn pack(
    scratch: &Scratch,
    manifest: &Manifest,
    copy: &Path,
    keys: Option<&[u8]>,
    dir: &DataDir,
    told: &mut Told<'_>,
) -> Result<(PathBuf, u64), BackupError> {
    let draft = scratch.path().join("archive");
    let mut writer = Writer::begin(private(&draft)?, &draft, manifest, told)?;
    for part in &manifest.parts {
        let origin = if part.name == DATABASE { copy.to_owned() } else { dir.root().join(&part.name) };
        match (part.name.as_str(), keys) {
            (KEYS, Some(mut keys)) => writer.part(part, &mut keys, &origin)?,
            _ => {
                let mut file = open(&origin).map_err(|error| match error.kind() {
                    io::ErrorKind::NotFound => BackupError::Changed(origin.clone()),
                    _ => io_error("open", &origin)(error),
                })?;
                writer.part(part, &mut file, &origin)?;
            }
        }
    }
    let size = writer.finish()?;
    Ok((draft, size))
}

/// When the store of a data directory was first made: what its archives are recognised by. `server`: the database server that keeps it,
/// if one does.
///
/// # Errors
/// [`BackupError::StoreMissing`], and what the store says.
pub fn made_at(dir: &DataDir, server: Option<&postgres::Place>) -> Result<Timestamp, BackupError> {
    if let Some(place) = server {
        return Ok(transfer::made_at(place)?);
    }
    if !dir.database().exists() {
        return Err(BackupError::StoreMissing(dir.root().to_owned()));
    }
    Ok(Snapshot::open(&dir.database())?.identity()?.created_at)
}
