//! Whether the index that lies in the data directory may be gone on with.
//!
//! The index is derived data, so a doubtful one is worth nothing; but it is set aside rather than deleted, and only for
//! reasons that surely lie in its content. A missing right, a held lock or a full disk is not such a reason: rebuilding would
//! fail as well, or destroy a good index.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::index::{Effort, Failure, Index, Payload, Writer};
use super::places::{self, DIRECTORY};
use super::schema;
use crate::clock::Timestamp;
use crate::db::Db;
use crate::feed;
use crate::metrics::SearchMetrics;

/// After this time what there is of a next index is not gone on with: with what follows, text that was purged meanwhile is gone within
/// a day.
const NEXT_IS_GOOD_FOR: Duration = Duration::from_secs(12 * 3600);

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

impl Store {
    /// As it is now. Blocks.
    pub(super) fn of(db: &Db) -> Result<Self, Failure> {
        let (head, floor) = db.read_blocking(|tx| Ok((feed::store::head(tx)?, feed::store::floor(tx)?)))?;
        Ok(Self { epoch: db.epoch(), head, floor })
    }
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

impl Opened {
    /// Makes what was put in durable and visible, and with it how far that is.
    pub(super) fn commit(&mut self, metrics: &SearchMetrics) -> Result<(), Failure> {
        self.writer.commit(&self.payload)?;
        metrics.commits.inc();
        Ok(())
    }
}

/// Opens the index in `data_directory`, or begins a new one when there is none that `store` can go on with. A next one that was begun
/// beside the index takes the place of an index that is of no use: what is in it need not be read again.
///
/// # Errors
/// What the system refuses. The index is then as it was.
pub fn open(data_directory: &Path, store: Store, now: Timestamp, effort: Effort) -> Result<Opened, Failure> {
    let directory = data_directory.join(DIRECTORY);
    let mut reason = None;
    match existing(&directory, store) {
        Ok(Some(found)) => return go_on(found, effort, None),
        Ok(None) => {}
        Err(Failure::Damaged(why)) => {
            places::set_aside(data_directory, now)?;
            reason = Some(why);
        }
        Err(unavailable @ Failure::Unavailable(_)) => return Err(unavailable),
    }
    if places::promote(data_directory)? {
        match existing(&directory, store) {
            Ok(Some(found)) => return go_on(found, effort, reason),
            // It has never been asked, so nobody misses it.
            Ok(None) | Err(Failure::Damaged(_)) => places::remove(&directory)?,
            Err(unavailable @ Failure::Unavailable(_)) => return Err(unavailable),
        }
    }
    begin(&directory, store, None, reason, effort)
}

/// Opens the next index, which is filled beside one that answers meanwhile, where it was left, or begins it (anew, when what was left
/// is of no use). One that was begun half a day ago is of no use either: it may hold text that was purged since, and no feed to say so
/// has been read into it.
///
/// # Errors
/// What the system refuses.
pub fn open_next(data_directory: &Path, store: Store, now: Timestamp, effort: Effort) -> Result<Opened, Failure> {
    let directory = places::make_next(data_directory)?;
    match existing(&directory, store) {
        Ok(Some(found)) => {
            let begun = found.1.deleted_since.map(Timestamp::from_micros);
            if begun.is_some_and(|begun| now < begun.plus(NEXT_IS_GOOD_FOR)) {
                return go_on(found, effort.beside(), None);
            }
        }
        Ok(None) | Err(Failure::Damaged(_)) => {}
        Err(unavailable @ Failure::Unavailable(_)) => return Err(unavailable),
    }
    places::remove(&directory)?;
    let directory = places::make_next(data_directory)?;
    // Any note may be purged after it was put in and before the feed is read, so the whole index counts as old text from now on.
    begin(&directory, store, Some(now.micros()), None, effort.beside())
}

/// Puts the next index in the place of the index. Both have been closed, and the files of the next one are known to be whole.
///
/// # Errors
/// What the system refuses; [`open`] knows every state in which that leaves the directory.
pub(super) fn exchange(data_directory: &Path, now: Timestamp, effort: Effort) -> Result<Opened, Failure> {
    places::exchange(data_directory, now)?;
    let index = Index::open(&data_directory.join(DIRECTORY))?;
    match index.payload()? {
        Some(payload) => go_on((index, payload), effort, None),
        None => Err(Failure::Damaged("it does not say what it is".to_owned())),
    }
}

fn go_on((index, payload): (Arc<Index>, Payload), effort: Effort, why: Option<String>) -> Result<Opened, Failure> {
    let writer = Writer::open(index.clone(), effort)?;
    Ok(Opened { index, writer, payload, set_aside: why })
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

fn begin(
    directory: &Path,
    store: Store,
    deleted_since: Option<i64>,
    set_aside: Option<String>,
    effort: Effort,
) -> Result<Opened, Failure> {
    fs::create_dir_all(directory)
        .map_err(|error| Failure::Unavailable(format!("cannot create {}: {error}", directory.display())))?;
    let index = Index::create(directory)?;
    let mut writer = Writer::open(index.clone(), effort)?;
    let payload = Payload {
        epoch: store.epoch,
        cursor: store.head,
        fingerprint: schema::fingerprint(),
        rebuilding: Some(Uuid::nil()),
        deleted_since,
    };
    writer.commit(&payload)?;
    Ok(Opened { index, writer, payload, set_aside })
}
