//! A store with one person's notes, and everything that they could see of it.

#[path = "../support/engine.rs"]
mod engine;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use inkstone::caller::{Caller, Role, SessionId, UserId};
use inkstone::clock::{Ids, ManualClock, SeededEntropy, Timestamp};
use inkstone::db::{Db, Options, WriteTx};
use inkstone::export::{self, Summary};
use inkstone::import::bring::{self, Outcome};
use inkstone::import::{Format, Gathered};
use inkstone::notebooks::{Edit as NotebookEdit, Notebook, NotebookName};
use inkstone::notes::{Content, Draws, Edit, Note, Past, Precondition, State};
use inkstone::saved_searches::{Question, SavedSearch, SearchName};
use inkstone::{notebooks, notes, saved_searches, tags};
use tempfile::NamedTempFile;
use uuid::Uuid;

use super::stores::{Fate, NoteSpec, StoreSpec};

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// The time of every export, so that two of the same store are the same bytes.
const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

pub(crate) struct House {
    _directory: Arc<tempfile::TempDir>,
    db: Db,
    ids: Ids,
    clock: Arc<ManualClock>,
    person: Caller,
}

/// All that the API shows of a person's notes, but for versions and change numbers.
#[derive(Debug, PartialEq)]
pub(crate) struct Everything {
    /// With the state that each goes back to.
    pub(crate) notes: BTreeMap<Uuid, (Note, State)>,
    pub(crate) notebooks: Vec<Notebook>,
    pub(crate) tags: Vec<(String, i64)>,
    pub(crate) saved_searches: Vec<SavedSearch>,
}

impl House {
    pub(crate) async fn open(seed: u64) -> Self {
        let directory = Arc::new(tempfile::tempdir().unwrap());
        // Another time in each house, so that nothing is equal because it was made now.
        let clock = Arc::new(ManualClock::new(Timestamp::from_micros(1_700_000_000_000_000 + seed as i64 * 1_000_007)));
        let ids = Ids::new(clock.clone(), Arc::new(SeededEntropy::new(seed)));
        let db = Db::open(Options {
            readers: 1,
            place: engine::place(directory.path()),
            ..Options::in_dir(directory.path(), ids.clone())
        })
        .unwrap();
        let house = Self { person: person(1), _directory: directory, db, ids, clock };
        house.add_user().await;
        house
    }

    /// Somebody else in the same store.
    pub(crate) async fn another(&self) -> Self {
        let Self { _directory, db, ids, clock, .. } = self;
        let house = Self {
            _directory: _directory.clone(),
            db: db.clone(),
            ids: ids.clone(),
            clock: clock.clone(),
            person: person(2),
        };
        house.add_user().await;
        house
    }

    async fn add_user(&self) {
        let id = self.person.user().0;
        let sql = "INSERT INTO users (id, email, email_key, name, role, password, created_at, updated_at)
                   VALUES ($1, $2, $2, '', 'member', '', 0, 0)";
        self.db.write(move |tx| tx.execute(sql, &[id.into(), (&id.to_string()).into()])).await.unwrap();
    }

    fn draws(&self, tags: usize) -> Draws {
        self.clock.advance(std::time::Duration::from_micros(1_001));
        let tag_ids = (0..tags).map(|_| self.ids.id()).collect();
        Draws { owner: self.person.user(), now: self.ids.now(), version: self.ids.id(), tag_ids }
    }

    pub(crate) async fn fill(&self, spec: &StoreSpec) {
        let mut books: Vec<Uuid> = Vec::new();
        for (name, parent, position) in &spec.notebooks {
            let (id, owner) = (self.ids.id(), self.person.user());
            let now = self.draws(0).now;
            let parent = parent.and_then(|pick| books.get(pick % (books.len() + 1))).copied();
            let (name, position) = (NotebookName::parse(name).unwrap(), *position);
            // One of that name may be there, or the place too deep.
            let made =
                self.db.write(move |tx| notebooks::store::insert(tx, owner, id, &name, parent, position, now)).await;
            books.extend(made.is_ok().then_some(id));
        }
        let specs: Vec<NoteSpec> = spec
            .notes
            .iter()
            .map(|note| NoteSpec {
                notebook_id: note.notebook.and_then(|pick| books.get(pick % (books.len() + 1))).copied(),
                ..note.clone()
            })
            .collect();
        self.notes(&specs).await;
    }

    pub(crate) async fn notes(&self, specs: &[NoteSpec]) -> Vec<Uuid> {
        let mut ids = Vec::new();
        let mut writes = Vec::new();
        for spec in specs {
            let content =
                Content::new(spec.title.clone(), spec.body.clone(), &spec.tags, spec.notebook_id, spec.pinned).unwrap();
            let (id, draws) = (self.ids.id(), self.draws(content.tags.len()));
            let [created_at, updated_at] = [spec.created, spec.updated].map(Timestamp::from_micros);
            let state = if spec.fate.is_archived() { State::Archived } else { State::Active };
            let past = Past { state, former: state, created_at, updated_at, trashed_at: None };
            let (thrown, restored) = (self.draws(0), self.draws(0));
            let (caller, fate) = (self.person.clone(), spec.fate);
            writes.push(self.db.write(move |tx| {
                notes::carry::insert_as_it_was(tx, &draws, id, &content, &past)?;
                if fate != Fate::Active && fate != Fate::Archived {
                    notes::store::trash(tx, &caller, id, Some(&Precondition::Any), &thrown)?;
                }
                if fate == Fate::Restored {
                    notes::store::restore(tx, &caller, id, &restored)?;
                }
                Ok(())
            }));
            ids.push(id);
        }
        for write in writes {
            write.await.unwrap();
        }
        ids
    }

    pub(crate) async fn saved_search(&self, name: &str, question: Question) {
        let (owner, id, now) = (self.person.user(), self.ids.id(), self.ids.now());
        let name = SearchName::parse(name).unwrap();
        let save = move |tx: &mut WriteTx<'_>| {
            saved_searches::store::insert(tx, owner, id, &name, &question, None, (now, now))
        };
        self.db.write(save).await.unwrap();
    }

    pub(crate) async fn notebook(&self, name: &str, parent: Option<Uuid>) -> Uuid {
        let (id, owner, now) = (self.ids.id(), self.person.user(), self.ids.now());
        let name = NotebookName::parse(name).unwrap();
        self.db.write(move |tx| notebooks::store::insert(tx, owner, id, &name, parent, None, now)).await.unwrap();
        id
    }

    pub(crate) async fn rename(&self, id: Uuid, name: &str) {
        let edit = NotebookEdit { name: Some(NotebookName::parse(name).unwrap()), ..NotebookEdit::default() };
        let (caller, now) = (self.person.clone(), self.ids.now());
        self.db.write(move |tx| notebooks::store::edit(tx, &caller, id, &edit, now)).await.unwrap();
    }

    pub(crate) async fn edit(&self, id: Uuid, body: &str) {
        let edit = Edit::checked(None, Some(body.to_owned()), None, None, None, None).unwrap();
        let (caller, draws) = (self.person.clone(), self.draws(0));
        let write =
            self.db.write(move |tx| notes::store::edit(tx, &caller, id, Some(&Precondition::Any), &edit, &draws));
        write.await.unwrap();
    }

    pub(crate) async fn purge(&self, id: Uuid) {
        let caller = self.person.clone();
        self.db.write(move |tx| notes::store::purge(tx, &caller, id, Some(&Precondition::Any))).await.unwrap();
    }

    pub(crate) fn export(&self) -> (NamedTempFile, Summary) {
        self.export_while(|_| {})
    }

    /// Exports, and lets something happen when the snapshot is taken and nothing of it is written yet.
    pub(crate) fn export_while(&self, happens: impl FnOnce(&Self) + Send) -> (NamedTempFile, Summary) {
        let mut file = tempfile::Builder::new().suffix(".zip").tempfile().unwrap();
        let mut happens = Some(happens);
        let mut progress = |done, total| {
            assert!(done <= total);
            if let Some(happens) = happens.take() {
                happens(self);
            }
        };
        // Where an export belongs: on a thread that may wait.
        let summary = std::thread::scope(|scope| {
            let export = || export::write(&self.db, self.person.user(), NOW, file.as_file_mut(), &mut progress);
            scope.spawn(export).join().unwrap().unwrap()
        });
        file.as_file_mut().flush().unwrap();
        (file, summary)
    }

    pub(crate) async fn import(&self, path: &Path, format: Format) -> Outcome {
        let found = Gathered::open(path, format).unwrap();
        let files = found.files;
        let mut last = 0;
        let outcome = bring::everything(&self.db, &self.ids, self.person.user(), found, |done, _| last = done).await;
        assert_eq!(last, files, "all files are told as done");
        outcome.unwrap()
    }

    pub(crate) async fn everything(&self) -> Everything {
        let caller = self.person.clone();
        let read = self.db.read(move |tx| {
            let mut all = BTreeMap::new();
            for state in [State::Active, State::Archived, State::Trashed] {
                notes::carry::walk(tx, caller.user(), state, |note, former| {
                    all.insert(note.id, (Note { version: Uuid::nil(), seq: 0, ..note }, former));
                    Ok(true)
                })?;
            }
            for (note, _) in all.values() {
                assert_eq!(tags::store::names(tx, note.id)?, note.tags, "both places that keep tags agree");
            }
            let tags = tags::store::list(tx, &caller, "", 10_000)?.into_iter().map(|(_, tag)| (tag.name, tag.count));
            let tags = tags.collect();
            let notebooks = notebooks::store::all(tx, caller.user())?;
            let saved_searches = saved_searches::store::all(tx, caller.user())?;
            Ok(Everything { notes: all, notebooks, tags, saved_searches })
        });
        read.await.unwrap()
    }

    pub(crate) async fn bodies(&self) -> Vec<String> {
        let mut bodies: Vec<String> = self.everything().await.notes.into_values().map(|(note, _)| note.body).collect();
        bodies.sort();
        bodies
    }
}

fn person(n: u128) -> Caller {
    Caller::mint(
        UserId(Uuid::from_u128(n)),
        Role::Member,
        SessionId(Uuid::from_u128(n)),
        inkstone::clock::Timestamp::default(),
        inkstone::caller::Device::local(),
    )
}

/// What `unzip` does.
pub(crate) fn unpack(archive: &Path, into: &Path) {
    for (path, content) in entries(archive) {
        let path = into.join(&path);
        match content {
            None => fs::create_dir_all(path).unwrap(),
            Some(content) => {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::OpenOptions::new().write(true).create_new(true).open(path).unwrap().write_all(&content).unwrap();
            }
        }
    }
}

/// Path and content of each entry; folders have none.
pub(crate) fn entries(archive: &Path) -> Vec<(String, Option<Vec<u8>>)> {
    let bytes = fs::read(archive).unwrap();
    let zip = rawzip::ZipArchive::from_slice(&bytes).unwrap();
    let mut out = Vec::new();
    for record in zip.entries() {
        let record = record.unwrap();
        let raw = record.file_path();
        let path = std::str::from_utf8(raw.as_ref()).unwrap().to_owned();
        assert!(path.is_ascii() || record.flags().is_utf8(), "{path}");
        let entry = zip.get_entry(record.wayfinder()).unwrap();
        let content = (!record.is_dir()).then(|| {
            let mut content = Vec::new();
            entry.verifying_reader(flate2::read::DeflateDecoder::new(entry.data())).read_to_end(&mut content).unwrap();
            content
        });
        out.push((path, content));
    }
    out
}
