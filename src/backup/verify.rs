//! Proving an archive: it is really restored, to a scratch place, and what comes out is checked.
//!
//! The seal, every part's size and sum, the structure of the store with all its indexes and references, what the manifest counts
//! against what is there, the way to this program's schema, the text of every note against its sum, and a sample of notes that a new
//! index has to find. What is not asked: whether the notes are the right ones; nobody but their owners knows.

use std::path::Path;

use uuid::Uuid;

use super::archive::{Archive, Unpacked};
use super::contents::{compare_texts, count, said};
use super::error::io_error;
use super::keys::{self, Opening};
use super::manifest::{DATABASE, KEYS, Manifest};
use super::scratch::Scratch;
use super::stream::Gauge;
use super::{BackupError, Phase, Told};
use crate::clock::Ids;
use crate::db::Refusal;
use crate::db::snapshot::{self, Snapshot};
use crate::error::Error;
use crate::notes;
use crate::search::trial::Trial;

/// Notes that are looked for.
const SAMPLE: usize = 500;
/// Bytes of text after which no more notes are taken: they lie in memory.
const SAMPLE_BYTES: usize = 32 << 20;
/// What the names of scratch directories begin with.
const PREFIX: &str = ".inkstone-verifying-";

/// A proven archive.
#[derive(Debug, Clone)]
pub struct Verified {
    /// What it says of itself, all of it true.
    pub manifest: Manifest,
    /// Bytes of the archive.
    pub size: u64,
    /// Notes that were looked for, and found.
    pub searched: u64,
    /// Whether its keys were opened; `None` when it has none.
    pub keys_opened: Option<bool>,
}

/// Proves `archive`, with room in `scratch` (a directory) to take it apart; nothing stays there. Keys are opened when `opening` is
/// given.
///
/// # Errors
/// A [`BackupError`] that says what is wrong with it.
pub fn verify(
    archive: &Archive,
    scratch: &Path,
    opening: Option<&Opening>,
    ids: &Ids,
    told: &mut Told<'_>,
) -> Result<Verified, BackupError> {
    archive.check_seal(told)?;
    if opening.is_some() && !archive.manifest()?.has_keys() {
        return Err(BackupError::KeysAbsent);
    }
    let scratch = Scratch::make(scratch, PREFIX, ids)?;
    let unpacked = archive.unpack(scratch.path(), told)?;
    if let Some(opening) = opening {
        open_keys(&unpacked, opening)?;
    }
    examine(&unpacked, told)?;
    upgrade(&unpacked, told)?;
    let searched = search(&unpacked.dir, ids, told)?;
    let keys_opened = unpacked.manifest.has_keys().then_some(opening.is_some());
    Ok(Verified { manifest: unpacked.manifest, size: archive.size(), searched, keys_opened })
}

/// The keys in an archive that was taken apart.
pub(super) fn open_keys(unpacked: &Unpacked, opening: &Opening) -> Result<keys::Files, BackupError> {
    let path = unpacked.dir.join(KEYS);
    let sealed = std::fs::read(&path).map_err(io_error("read", &path))?;
    keys::open(&sealed, opening)
}

/// Checks the store that was taken out, against itself and against the manifest.
pub(super) fn examine(unpacked: &Unpacked, told: &mut Told<'_>) -> Result<(), BackupError> {
    let mut gauge = Gauge::new(told, Phase::Checking, 1);
    gauge.advance(0)?;
    // What is wrong with a file of the scratch place is wrong with the archive: its path says nothing.
    let store = Snapshot::open(&unpacked.dir.join(DATABASE)).map_err(|refusal| match refusal {
        Refusal::NotADatabase { .. } => BackupError::Unsound("it is no store, or its first page is damaged".to_owned()),
        Refusal::Unreadable { detail, .. } => BackupError::Unsound(detail),
        other => other.into(),
    })?;
    store.check().map_err(unsound)?;
    let (found, manifest) = (said(&store).map_err(corrupt)?, &unpacked.manifest);
    if found != manifest.store {
        return Err(BackupError::Unsound(
            "it is another store than its manifest says, or another state of it".to_owned(),
        ));
    }
    let found = store.read(count).map_err(unsound)?;
    if found != manifest.counts {
        let said = manifest.counts;
        return Err(BackupError::Unsound(format!("it holds {found}, its manifest says {said}")));
    }
    gauge.advance(1)
}

/// Brings the store that was taken out to this program's schema, and compares the text of every note in it.
pub(super) fn upgrade(unpacked: &Unpacked, told: &mut Told<'_>) -> Result<(), BackupError> {
    let database = unpacked.dir.join(DATABASE);
    snapshot::upgrade(&database)?;
    compare_texts(&Snapshot::open(&database)?, unpacked.manifest.counts.notes, told, unsound)
}

fn unsound(error: Error) -> BackupError {
    match error {
        Error::Corrupt(why) => BackupError::Unsound(why),
        other => other.into(),
    }
}

fn corrupt(error: BackupError) -> BackupError {
    match error {
        BackupError::Store(Error::Corrupt(why)) => BackupError::Unsound(why),
        other => other,
    }
}

/// Looks for a sample of the notes in the upgraded store in `dir`, by an index that is built of them; says how many there were.
pub(super) fn search(dir: &Path, ids: &Ids, told: &mut Told<'_>) -> Result<u64, BackupError> {
    let store = Snapshot::open(&dir.join(DATABASE))?;
    let sample = store.read(|tx| {
        let total = usize::try_from(notes::store::count_all(tx)?).unwrap_or(0);
        let nth = total.div_ceil(SAMPLE).max(1);
        let first = usize::from(u16::from_le_bytes(ids.bytes())) % nth;
        let (mut sample, mut bytes) = (Vec::new(), 0);
        for id in notes::store::every_nth(tx, nth, first)? {
            if bytes > SAMPLE_BYTES {
                break;
            }
            let Some((owner, note)) = notes::store::get_any(tx, id)? else { continue };
            bytes += note.body.len();
            sample.push((owner, note));
        }
        Ok(sample)
    })?;
    let unavailable = |e: crate::search::index::Failure| BackupError::Store(Error::SearchUnavailable(e.to_string()));
    let index = dir.join("trial");
    std::fs::create_dir(&index).map_err(io_error("make", &index))?;
    let mut gauge = Gauge::new(told, Phase::Searching, sample.len() as u64);
    let ids: Vec<Uuid> = sample.iter().map(|(_, note)| note.id).collect();
    let trial = Trial::prepare(&index, sample).map_err(unavailable)?;
    let mut found = 0;
    for (number, id) in ids.iter().enumerate() {
        gauge.advance(1)?;
        match trial.finds(number).map_err(unavailable)? {
            Some(true) => found += 1,
            Some(false) => return Err(BackupError::Unsound(format!("the note {id} is not found by its own words"))),
            None => {}
        }
    }
    drop(trial);
    std::fs::remove_dir_all(&index).map_err(io_error("remove", &index))?;
    Ok(found)
}
