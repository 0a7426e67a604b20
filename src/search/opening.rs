//! Whether the index that lies in the data directory may be gone on with.
//!
//! The index is derived data, so a doubtful one is worth nothing; but it is set aside rather than deleted, and only for
//! reasons that surely lie in its content. A missing right, a held lock or a full disk is not such a reason: rebuilding would
//! fail as well, or destroy a good index.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use uuid::Uuid;

use super::index::{Effort, Failure, Index, Payload, Writer};
use super::schema;
use crate::clock::Timestamp;

/// The name of the index in the data directory.
pub const DIRECTORY: &str = "index";

/// What the name of an index that was set aside begins with; microseconds follow.
pub const ASIDE_PREFIX: &str = "index.aside-";

/// The store that the index must belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Store {
    /// Which store it is.
    pub epoch: Uuid,
    /// Its latest change.
    pub head: i64,
    /// Its change log has everything after this change.
    pub floor: i64,
}

/// An index that is ready to be followed into.
#[derive(Debug)]
pub struct Opened {
    /// For reading.
    pub index: Arc<Index>,
    /// For writing.
    pub writer: Writer,
    /// How far it has come.
    pub payload: Payload,
    /// Why the one that was there could not be used.
    pub set_aside: Option<String>,
}

/// Opens the index in `data_directory`, or begins a new one when there is none that `store` can go on with.
pub fn open(data_directory: &Path, store: Store, now: Timestamp, effort: Effort) -> Result<Opened, Failure> {
    let directory = data_directory.join(DIRECTORY);
    let reason = match existing(&directory, store) {
        Ok(Some((index, payload))) => {
            let writer = Writer::open(index.clone(), effort)?;
            return Ok(Opened { index, writer, payload, set_aside: None });
        }
        Ok(None) => None,
        Err(Failure::Damaged(reason)) => Some(reason),
        Err(unavailable @ Failure::Unavailable(_)) => return Err(unavailable),
    };
    if reason.is_some() {
        set_aside(data_directory, now)?;
    }
    begin(&directory, store, reason, effort)
}

/// Sets the index aside, whatever its condition, so that the next [`open`] begins a new one. The caller has closed it.
pub fn set_aside(data_directory: &Path, now: Timestamp) -> Result<(), Failure> {
    let io = |what: &str, path: &Path, error: std::io::Error| {
        Failure::Unavailable(format!("cannot {what} {}: {error}", path.display()))
    };
    let directory = data_directory.join(DIRECTORY);
    let aside = data_directory.join(format!("{ASIDE_PREFIX}{:020}", now.micros()));
    match fs::rename(&directory, &aside) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(io("set aside", &directory, error)),
    }
    for older in asides(data_directory).map_err(|error| io("list", data_directory, error))? {
        if older != aside {
            fs::remove_dir_all(&older).map_err(|error| io("remove", &older, error))?;
        }
    }
    Ok(())
}

/// Deletes what was set aside before `limit`.
pub(super) fn remove_aside_before(data_directory: &Path, limit: Timestamp) -> Result<(), Failure> {
    let unavailable = |error: std::io::Error| Failure::Unavailable(format!("cannot remove an old index: {error}"));
    for aside in asides(data_directory).map_err(unavailable)? {
        let name = aside.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let micros = name.strip_prefix(ASIDE_PREFIX).and_then(|micros| micros.parse().ok());
        if micros.is_some_and(|micros| Timestamp::from_micros(micros) < limit) {
            fs::remove_dir_all(&aside).map_err(unavailable)?;
        }
    }
    Ok(())
}

fn asides(data_directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(data_directory)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(ASIDE_PREFIX)) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// The index that is there, when it can be gone on with. `None` when there is none.
fn existing(directory: &Path, store: Store) -> Result<Option<(Arc<Index>, Payload)>, Failure> {
    match fs::read_dir(directory) {
        Ok(mut entries) => match entries.next() {
            Some(_) => {}
            None => return Ok(None),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::Unavailable(format!("cannot read {}: {error}", directory.display()))),
    }
    let index = Index::open(directory)?;
    let damaged = |reason: &str| Err(Failure::Damaged(reason.to_owned()));
    let Some(payload) = index.payload()? else { return damaged("it does not say what it is") };
    if payload.epoch != store.epoch {
        return damaged("it belongs to another store");
    }
    if payload.fingerprint != schema::fingerprint() {
        return damaged("it was made by a version with another layout");
    }
    if payload.cursor > store.head {
        return damaged("it knows changes that the store does not have");
    }
    if payload.cursor < store.floor {
        return damaged("the store no longer has the changes that it lacks");
    }
    // A flipped bit in the lists of an index makes notes missing without a word, so all of it is read before it is asked.
    let files = index.damaged_files()?;
    if !files.is_empty() {
        return damaged(&format!("damaged files: {}", files.join(", ")));
    }
    Ok(Some((index, payload)))
}

fn begin(directory: &Path, store: Store, set_aside: Option<String>, effort: Effort) -> Result<Opened, Failure> {
    fs::create_dir_all(directory)
        .map_err(|error| Failure::Unavailable(format!("cannot create {}: {error}", directory.display())))?;
    let index = Index::create(directory)?;
    let mut writer = Writer::open(index.clone(), effort)?;
    let payload = Payload {
        epoch: store.epoch,
        cursor: store.head,
        fingerprint: schema::fingerprint(),
        rebuilding: Some(Uuid::nil()),
        deleted_since: None,
    };
    writer.commit(&payload)?;
    Ok(Opened { index, writer, payload, set_aside })
}
