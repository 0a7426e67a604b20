//! The index on disk: reading it, and writing it by one commit function.
//!
//! Owns the directory's content. [`opening`](super::opening) decides whether a directory that is already there may be gone on
//! with; the follower decides what goes in.
//!
//! What a reader would get wrong: a commit of tantivy without a payload erases the payload of the one before. The payload is
//! what says how far the index has followed the store, so [`Writer::commit`] is the only commit, and it demands one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::directory::error::OpenReadError;
use tantivy::index::SegmentId;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, NoMergePolicy};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyError, Term};
use uuid::Uuid;

use super::Document;
use super::evaluate::{Answer, Request, evaluate};
use super::languages::Detection;
use super::leftovers;
use super::schema::{self, Fields};
use super::snapshot::Snapshot;
use super::suggest::words::{IndexedWord, words};
use crate::caller::{Confines, UserId};
use crate::error::Error;

/// What the writer may hold in memory, for each of its threads, before it makes a segment. The least that tantivy accepts is 15 MB.
const WRITER_MEMORY: usize = 20_000_000;

/// The same when the index is all that is waited for: larger segments are merged less often.
const WRITER_MEMORY_ALONE: usize = 50_000_000;

/// The same while another index is written and merged beside this one, so that both together stay within what one may take.
const WRITER_MEMORY_BESIDE: usize = 15_000_000;

/// More threads than this make more segments to merge than they save.
const MOST_THREADS: usize = 4;

/// How much of the machine indexing takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Little: requests want it more, and are answered meanwhile.
    BesideRequests,
    /// Less: another index is followed meanwhile.
    BesideAnother,
    /// All of it: somebody waits for the index, and nobody for anything else.
    Alone,
}

impl Effort {
    /// What an index takes that is made beside one that is kept at this effort. Where somebody waits for it, the other one has nothing to do.
    pub(super) fn beside(self) -> Self {
        match self {
            Self::BesideRequests | Self::BesideAnother => Self::BesideAnother,
            Self::Alone => Self::Alone,
        }
    }
}

/// What went wrong with the index, by what may be done about it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failure {
    /// Known damage, or an index of another layout: it is of no use and may be made anew.
    #[error("{0}")]
    Damaged(String),
    /// Anything else, such as a full disk, a lock or a missing right: worth another try, never a reason to throw it away.
    #[error("{0}")]
    Unavailable(String),
}

impl From<TantivyError> for Failure {
    fn from(error: TantivyError) -> Self {
        if is_damage(&error) { Self::Damaged(error.to_string()) } else { Self::Unavailable(error.to_string()) }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::ResyncRequired => Self::Damaged("the store no longer has the changes that it lacks".to_owned()),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

/// How tantivy begins what it says of a file whose head it does not know. It says that as an error of input and output without a kind.
const UNKNOWN_HEADS: [&str; 2] = ["Unsupported ", "Error opening FST"];

/// Whether the files themselves are wrong. Everything that is not surely damage is not.
fn is_damage(error: &TantivyError) -> bool {
    let is_content = |error: &std::io::Error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::InvalidData => true,
        std::io::ErrorKind::Other => {
            let said = error.to_string();
            error.raw_os_error().is_none() && UNKNOWN_HEADS.iter().any(|head| said.starts_with(head))
        }
        _ => false,
    };
    match error {
        TantivyError::DataCorruption(_)
        | TantivyError::IncompatibleIndex(_)
        | TantivyError::SchemaError(_)
        | TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(_) | OpenReadError::IncompatibleIndex(_)) => true,
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) => is_content(io_error),
        TantivyError::IoError(io_error) => is_content(io_error),
        _ => false,
    }
}

/// Runs what reads index files. tantivy panics on some damaged content; here that is damage like any other.
fn guarded<T>(work: impl FnOnce() -> tantivy::Result<T>) -> Result<T, Failure> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(Failure::from),
        Err(_) => Err(Failure::Damaged("reading it panicked".to_owned())),
    }
}

/// What a commit says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// The store that it was made from.
    pub epoch: Uuid,
    /// All changes up to this one are in the index (once it is not `rebuilding`).
    pub cursor: i64,
    /// [`schema::fingerprint`] of the program that made it.
    pub fingerprint: String,
    /// While the index is filled from the notes themselves: the last note that is in; nil at the beginning.
    pub rebuilding: Option<Uuid>,
    /// Since when (microseconds) segments hold text that was deleted or replaced.
    pub deleted_since: Option<i64>,
}

/// A note as the index knows it, for comparing with the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The note.
    pub id: Uuid,
    /// The change that it shows.
    pub seq: i64,
    /// [`schema::digest`].
    pub digest: u64,
}

/// The reading side; shared.
pub struct Index {
    directory: PathBuf,
    inner: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
    snapshot: RwLock<Arc<Snapshot>>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Index")
    }
}

impl Index {
    /// Makes an empty index in an empty directory.
    pub fn create(directory: &Path) -> Result<Arc<Self>, Failure> {
        guarded(|| {
            let (schema, fields) = schema::build();
            let index = tantivy::Index::builder().schema(schema).tokenizers(schema::tokenizers());
            Self::read(directory, index.open_or_create(MmapDirectory::open(directory)?)?, fields)
        })
    }

    /// Opens what is there.
    pub fn open(directory: &Path) -> Result<Arc<Self>, Failure> {
        guarded(|| {
            let (schema, fields) = schema::build();
            let mut index = tantivy::Index::open(MmapDirectory::open(directory)?)?;
            if index.schema() != schema {
                return Err(TantivyError::SchemaError("the index has another schema".to_owned()));
            }
            index.set_tokenizers(schema::tokenizers());
            Self::read(directory, index, fields)
        })
    }

    fn read(directory: &Path, inner: tantivy::Index, fields: Fields) -> tantivy::Result<Arc<Self>> {
        let reader = inner
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(1) // nothing is stored
            .try_into()?;
        let snapshot = Snapshot::open(&reader.searcher(), fields, None)?;
        let directory = directory.to_owned();
        Ok(Arc::new(Self { directory, inner, reader, fields, snapshot: RwLock::new(Arc::new(snapshot)) }))
    }

    /// What the last commit said about itself; `None` when it was not one of ours.
    pub fn payload(&self) -> Result<Option<Payload>, Failure> {
        let meta = guarded(|| self.inner.load_metas())?;
        Ok(meta.payload.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Answers a query from the last commit.
    pub fn answer(&self, request: &Request<'_>) -> Result<Answer, Failure> {
        answer_from(&self.snapshot(), request)
    }

    /// The most frequent words of somebody's notes that begin with the folded `beginning`.
    pub fn words(
        &self,
        owner: UserId,
        confines: Option<&Confines>,
        beginning: &str,
        limit: usize,
    ) -> Result<Vec<IndexedWord>, Failure> {
        let snapshot = self.snapshot();
        guarded(|| words(&snapshot, owner, confines, beginning, limit))
    }

    /// How many notes are in it, of everybody.
    pub fn notes(&self) -> u64 {
        self.snapshot().documents()
    }

    /// Every note in it, in no order.
    pub fn entries(&self) -> Result<Vec<Entry>, Failure> {
        let snapshot = self.snapshot();
        guarded(|| Ok(snapshot.entries()))
    }

    /// The entries of each of these notes: none or one, unless something is wrong.
    pub fn entries_of(&self, ids: &[Uuid]) -> Result<Vec<Vec<Entry>>, Failure> {
        let snapshot = self.snapshot();
        guarded(|| ids.iter().map(|id| snapshot.entries_of(*id)).collect())
    }

    /// The notes of some entries: of one for each number, which says by chance which. None when the index is empty.
    pub fn some_entries(&self, draws: &[u64]) -> Result<Vec<Uuid>, Failure> {
        let snapshot = self.snapshot();
        guarded(|| Ok(draws.iter().filter_map(|draw| snapshot.some_entry(*draw)).collect()))
    }

    /// The files whose content is not what was written. All of them are mapped for it, which counts as memory of the process, so they
    /// are opened anew and let go of at the end.
    pub fn damaged_files(&self) -> Result<Vec<String>, Failure> {
        let files = guarded(|| tantivy::Index::open(MmapDirectory::open(&self.directory)?)?.validate_checksum())?;
        let mut names: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
        names.sort();
        Ok(names)
    }

    /// Shows what was committed or merged since.
    pub fn refresh(&self) -> Result<(), Failure> {
        guarded(|| {
            self.reader.reload()?;
            let previous = self.snapshot();
            let next = Snapshot::open(&self.reader.searcher(), self.fields, Some(&previous))?;
            *self.snapshot.write() = Arc::new(next);
            Ok(())
        })
    }

    /// Whether merges have changed the segments since the last refresh.
    pub fn is_outdated(&self) -> Result<bool, Failure> {
        let shown = self.snapshot();
        guarded(|| {
            let mut now = self.inner.searchable_segment_ids()?;
            let mut then: Vec<SegmentId> = shown.segments.iter().map(|segment| segment.reader.segment_id()).collect();
            now.sort_unstable();
            then.sort_unstable();
            Ok(now != then)
        })
    }

    /// What it shows now.
    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.read().clone()
    }
}

/// Answers a query from a commit that may be an older one: its files stay readable while somebody holds it.
pub(super) fn answer_from(snapshot: &Snapshot, request: &Request<'_>) -> Result<Answer, Failure> {
    guarded(|| evaluate(snapshot, request))
}

/// The writing side; there is one.
pub struct Writer {
    index: Arc<Index>,
    inner: IndexWriter,
    detection: Detection,
    merges: bool,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writer")
    }
}

impl Writer {
    /// Takes the index' writer lock, and removes what an interrupted writer left behind.
    pub fn open(index: Arc<Index>, effort: Effort) -> Result<Self, Failure> {
        let (threads, memory) = match effort {
            Effort::BesideRequests => (1, WRITER_MEMORY),
            Effort::BesideAnother => (1, WRITER_MEMORY_BESIDE),
            Effort::Alone => {
                let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
                (cores.min(MOST_THREADS), WRITER_MEMORY_ALONE)
            }
        };
        let options = IndexWriterOptions::builder()
            .memory_budget_per_thread(memory)
            .num_worker_threads(threads)
            .num_merge_threads(1)
            .build();
        let inner: IndexWriter = index.inner.writer_with_options(options)?;
        let removed = guarded(|| leftovers::remove(&index.inner, &index.directory))?;
        if removed > 0 {
            tracing::info!(removed, "removed what an interrupted writer of the index left behind");
        }
        let mut writer = Self { index, inner, detection: Detection::default(), merges: false };
        // tantivy numbers the first operation of a writer like the last commit before it. A merge of committed segments that begins before
        // the next commit counts it as done in segments whose deletions are of that commit, and in the others does it: a deletion is lost
        // in the former. This one, of a note that is none, may be lost.
        writer.delete(Uuid::nil());
        writer.let_merge(true);
        Ok(writer)
    }

    /// Whether further commits may begin merges. Without them [`Writer::close`] has none to wait for but those that run already.
    pub(super) fn let_merge(&mut self, merges: bool) {
        if self.merges == merges {
            return;
        }
        self.merges = merges;
        if !merges {
            return self.inner.set_merge_policy(Box::new(NoMergePolicy));
        }
        let mut policy = LogMergePolicy::default();
        // One edit is one segment. A floor far below the default (10,000) keeps the merge after every few edits small.
        policy.set_min_layer_size(500);
        policy.set_min_num_segments(5);
        policy.set_del_docs_ratio_before_merge(0.3);
        self.inner.set_merge_policy(Box::new(policy));
    }

    /// Puts a note in that is surely not there yet.
    pub fn add(&self, note: &Document<'_>) -> Result<(), Failure> {
        let detected = self.detection.of(note.title, note.body);
        self.inner.add_document(schema::document(&self.index.fields, note, detected))?;
        Ok(())
    }

    /// Puts a note in, in place of whatever the index has of it.
    pub fn put(&self, note: &Document<'_>) -> Result<(), Failure> {
        self.delete(note.id);
        self.add(note)
    }

    /// Takes a note out.
    pub fn delete(&self, id: Uuid) {
        self.inner.delete_term(Term::from_field_bytes(self.index.fields.id, id.as_bytes()));
    }

    /// Makes everything since the last commit durable and visible, and says what it is.
    pub fn commit(&mut self, payload: &Payload) -> Result<(), Failure> {
        let text = serde_json::to_string(payload).map_err(|error| Failure::Unavailable(error.to_string()))?;
        let mut prepared = self.inner.prepare_commit()?;
        prepared.set_payload(&text);
        prepared.commit()?;
        self.index.refresh()
    }

    /// The committed segments that still hold deleted text.
    pub fn segments_with_deletions(&self) -> Result<Vec<SegmentId>, Failure> {
        let segments = guarded(|| self.index.inner.searchable_segment_metas())?;
        Ok(segments.iter().filter(|meta| meta.num_deleted_docs() > 0).map(|meta| meta.id()).collect())
    }

    /// Begins to write a segment anew without what was deleted. It goes on beside everything else; the outcome shows in
    /// [`Writer::segments_with_deletions`]. A segment that is just being merged anyway is left alone.
    pub fn rewrite(&mut self, segment: SegmentId) {
        drop(self.inner.merge(&[segment]));
    }

    /// Waits for running merges and lets go of the lock.
    pub fn close(self) -> Result<(), Failure> {
        Ok(self.inner.wait_merging_threads()?)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};
    use std::sync::Arc;

    use super::*;
    use crate::clock::Timestamp;
    use crate::notes::State;

    #[test]
    fn a_head_that_is_not_known_is_damage_and_what_the_system_refuses_is_not() {
        let damage = |error: Error| is_damage(&TantivyError::IoError(Arc::new(error)));
        assert!(damage(Error::other("Unsupported sstable version, expected one of [2, 3], found 35")));
        assert!(damage(Error::other("Error opening FST: An unknown error occurred.")));
        assert!(damage(ErrorKind::UnexpectedEof.into()));
        assert!(!damage(ErrorKind::StorageFull.into()));
        assert!(!damage(Error::from_raw_os_error(5)));
        assert!(!damage(Error::other("Thread already joined.")));
    }

    #[test]
    fn the_first_deletion_of_a_writer_holds_although_a_merge_begins_before_its_commit() {
        let folder = tempfile::tempdir().unwrap();
        let index = Index::create(folder.path()).unwrap();
        let payload = Payload {
            epoch: Uuid::nil(),
            cursor: 0,
            fingerprint: schema::fingerprint(),
            rebuilding: None,
            deleted_since: None,
        };
        let note = |id: u128| Document {
            id: Uuid::from_u128(id),
            owner: UserId(Uuid::from_u128(1)),
            seq: 1,
            title: "note",
            body: "",
            tags: &[],
            notebook: None,
            pinned: false,
            state: State::Active,
            updated_at: Timestamp::from_micros(0),
            created_at: Timestamp::from_micros(0),
        };
        let mut writer = Writer::open(index.clone(), Effort::BesideRequests).unwrap();
        writer.let_merge(false);
        // The smallest segment is the one whose deletions are of the last commit.
        for (first, last) in [(10, 19), (20, 29), (30, 39), (40, 49), (50, 59), (60, 65)] {
            for id in first..=last {
                writer.add(&note(id)).unwrap();
            }
            writer.commit(&payload).unwrap();
        }
        writer.delete(Uuid::from_u128(60));
        writer.commit(&payload).unwrap();
        writer.close().unwrap();

        let mut writer = Writer::open(index.clone(), Effort::BesideRequests).unwrap();
        writer.delete(Uuid::from_u128(61));
        writer.add(&note(70)).unwrap();
        writer.commit(&payload).unwrap();
        writer.close().unwrap();
        index.refresh().unwrap();
        assert_eq!(index.entries_of(&[Uuid::from_u128(61)]).unwrap(), [vec![]]);
        assert_eq!(index.notes(), 55);
    }
}
