//! A store with its search and one person who writes, for the tests of search.

#![allow(dead_code, reason = "each test program uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

#[path = "../support/engine.rs"]
mod engine;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use inkstone::caller::{Caller, Role, SessionId, UserId};
use inkstone::clock::{Ids, ManualClock, SeededEntropy, Timestamp};
use inkstone::db::Db;
use inkstone::metrics::SearchMetrics;
use inkstone::notes::{self, Content, Draws, Edit, Precondition, State};
use inkstone::search::opening::{self, Opened, Store};
use inkstone::search::places::{ASIDE_PREFIX, DIRECTORY, NEXT};

use inkstone::search::query::Query;
use inkstone::search::{Ask, Effort, Filter, Found, Mode, Options, Search, Sort};
use uuid::Uuid;

pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A store, its search, and one person who writes.
pub(crate) struct House {
    pub(crate) directory: tempfile::TempDir,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) ids: Ids,
    pub(crate) db: Db,
    pub(crate) metrics: SearchMetrics,
    pub(crate) search: Search,
    pub(crate) ann: Caller,
}

pub(crate) fn start(directory: &Path, db: &Db, ids: &Ids, metrics: &SearchMetrics) -> Search {
    Search::start(Options {
        data_directory: directory.to_owned(),
        db: db.clone(),
        ids: ids.clone(),
        metrics: metrics.clone(),
        effort: inkstone::search::Effort::BesideRequests,
    })
    .unwrap()
}

impl House {
    /// Takes the index away from a search that has stopped. A thread of tantivy's own may still put a last file down (its merges are
    /// waited for, its clearing up is not), which makes the system refuse to remove the directory: once more, then.
    pub(crate) fn remove_index(&self) {
        let index = self.directory.path().join(DIRECTORY);
        for _ in 0..1_000 {
            match std::fs::remove_dir_all(&index) {
                Ok(()) => return,
                Err(error) if error.kind() == std::io::ErrorKind::DirectoryNotEmpty => std::thread::yield_now(),
                Err(error) => panic!("{error}"),
            }
        }
        panic!("the index does not go");
    }

    pub(crate) async fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(Timestamp::from_micros(1_700_000_000_000_000)));
        let ids = Ids::new(clock.clone(), Arc::new(SeededEntropy::new(1)));
        let db = Db::open(inkstone::db::Options {
            place: engine::place(directory.path()),
            ..inkstone::db::Options::in_dir(directory.path(), ids.clone())
        })
        .unwrap();
        let metrics = SearchMetrics::default();
        let search = start(directory.path(), &db, &ids, &metrics);
        let ann = Caller::mint(
            UserId(ids.id()),
            Role::Member,
            SessionId(ids.id()),
            inkstone::clock::Timestamp::default(),
            inkstone::caller::Device::local(),
        );
        let house = Self { directory, clock, ids, db, metrics, search, ann };
        house.add_user(house.ann.clone()).await;
        house
    }

    pub(crate) async fn add_user(&self, caller: Caller) {
        let id = caller.user().0;
        self.db
            .write(move |tx| {
                tx.execute(
                    "INSERT INTO users (id, email, email_key, name, role, password, created_at, updated_at)
                     VALUES ($1, $2, $3, '', 'member', '', 0, 0)",
                    &[id.into(), (&id.to_string()).into(), (&id.to_string()).into()],
                )
            })
            .await
            .unwrap();
    }

    pub(crate) fn draws(&self) -> Draws {
        let tag_ids = vec![self.ids.id(), self.ids.id()];
        Draws { owner: self.ann.user(), now: self.ids.now(), version: self.ids.id(), tag_ids }
    }

    pub(crate) async fn write(&self, title: &str, body: &str, tags: &[&str]) -> Uuid {
        let id = self.ids.id();
        let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let content = Content::new(Some(title.to_owned()), body.to_owned(), &tags, None, false).unwrap();
        let draws = self.draws();
        let insert = move |tx: &mut inkstone::db::WriteTx<'_>| {
            notes::store::insert(tx, &draws, id, &content, State::Active, (draws.now, draws.now))
        };
        self.db.write(insert).await.unwrap();
        id
    }

    pub(crate) async fn edit(&self, id: Uuid, body: &str) {
        let edit = Edit::checked(None, Some(body.to_owned()), None, None, None, None).unwrap();
        let (draws, caller) = (self.draws(), self.ann.clone());
        let write = move |tx: &mut inkstone::db::WriteTx<'_>| {
            notes::store::edit(tx, &caller, id, Some(&Precondition::Any), &edit, &draws)
        };
        self.db.write(write).await.unwrap();
    }

    pub(crate) async fn purge(&self, id: Uuid) {
        let caller = self.ann.clone();
        self.db.write(move |tx| notes::store::purge(tx, &caller, id, Some(&Precondition::Any))).await.unwrap();
    }

    /// What the search says once it has caught up.
    pub(crate) async fn found(&self, q: &str) -> Found {
        assert!(self.search.settle(PATIENCE).await, "{:?}", self.search.status());
        self.ask(self.ann.clone(), q).await
    }

    pub(crate) async fn ask(&self, caller: Caller, q: &str) -> Found {
        let ask = Ask {
            query: Query::parse(q).unwrap(),
            mode: Mode::All,
            filter: Filter::default(),
            sort: Sort::Relevance,
            zone: jiff::tz::TimeZone::UTC,
            limit: 100,
            after: None,
        };
        let search = self.search.clone();
        self.db.read(move |tx| search.find(tx, &caller, &ask)).await.unwrap()
    }

    pub(crate) async fn titles(&self, q: &str) -> Vec<String> {
        self.found(q).await.hits.into_iter().map(|hit| hit.listed.note.title).collect()
    }

    pub(crate) async fn restart(&mut self) {
        self.search.stop().await;
        self.search = start(self.directory.path(), &self.db, &self.ids, &self.metrics);
    }

    /// Ends the search without a commit, as a killed process would, and starts it again.
    pub(crate) async fn crash(&mut self) {
        self.search.abandon().await;
        self.start();
    }

    pub(crate) fn start(&mut self) {
        self.search = start(self.directory.path(), &self.db, &self.ids, &self.metrics);
    }

    /// Orders a new index and waits until it has taken the place of the old one.
    pub(crate) async fn rebuild(&self) {
        self.search.rebuild().await.unwrap();
        self.rebuilt().await;
    }

    /// Waits until the index is whole and no new one is being made.
    pub(crate) async fn rebuilt(&self) {
        assert!(self.search.wait_rebuilt(PATIENCE).await, "{:?}", self.search.status());
    }

    pub(crate) fn store(&self) -> Store {
        Store { epoch: self.db.epoch(), head: self.db.head(), floor: 0 }
    }

    /// The next index, opened by the test: as long as that is held, nobody else can fill it.
    pub(crate) fn open_next(&self) -> Opened {
        opening::open_next(self.directory.path(), self.store(), self.ids.now(), Effort::BesideRequests).unwrap()
    }

    pub(crate) fn has_next(&self) -> bool {
        self.directory.path().join(NEXT).exists()
    }

    pub(crate) fn asides(&self) -> usize {
        let entries = std::fs::read_dir(self.directory.path()).unwrap();
        entries.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(ASIDE_PREFIX)).count()
    }

    pub(crate) fn index_file(&self, extension: &str) -> std::path::PathBuf {
        std::fs::read_dir(self.directory.path().join(DIRECTORY))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.extension().is_some_and(|found| found == extension))
            .unwrap()
    }
}
