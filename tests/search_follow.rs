//! Search over a real store: the follower keeps up, starts over when it must, and never says more than is so.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use inkstone::caller::{Caller, Role, SessionId, UserId};
use inkstone::clock::{Ids, ManualClock, SeededEntropy, Timestamp};
use inkstone::db::Db;
use inkstone::metrics::SearchMetrics;
use inkstone::notes::{self, Content, Draws, Edit, Precondition, State};
use inkstone::search::opening::{ASIDE_PREFIX, DIRECTORY};

use inkstone::search::query::Query;
use inkstone::search::verify::Fault;
use inkstone::search::{Ask, Filter, Found, Mode, Options, Phase, Search};
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(30);

/// A store, its search, and one person who writes.
struct House {
    directory: tempfile::TempDir,
    clock: Arc<ManualClock>,
    ids: Ids,
    db: Db,
    metrics: SearchMetrics,
    search: Search,
    ann: Caller,
}

fn start(directory: &Path, db: &Db, ids: &Ids, metrics: &SearchMetrics) -> Search {
    Search::start(Options {
        data_directory: directory.to_owned(),
        db: db.clone(),
        ids: ids.clone(),
        metrics: metrics.clone(),
    })
    .unwrap()
}

impl House {
    async fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(Timestamp::from_micros(1_700_000_000_000_000)));
        let ids = Ids::new(clock.clone(), Arc::new(SeededEntropy::new(1)));
        let db = Db::open(inkstone::db::Options::in_dir(directory.path(), ids.clone())).unwrap();
        let metrics = SearchMetrics::default();
        let search = start(directory.path(), &db, &ids, &metrics);
        let ann = Caller::mint(UserId(ids.id()), SessionId(ids.id()), Role::Member);
        let house = Self { directory, clock, ids, db, metrics, search, ann };
        house.add_user(ann).await;
        house
    }

    async fn add_user(&self, caller: Caller) {
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

    fn draws(&self) -> Draws {
        let tag_ids = vec![self.ids.id(), self.ids.id()];
        Draws { owner: self.ann.user(), now: self.ids.now(), version: self.ids.id(), tag_ids }
    }

    async fn write(&self, title: &str, body: &str, tags: &[&str]) -> Uuid {
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

    async fn edit(&self, id: Uuid, body: &str) {
        let edit = Edit::checked(None, Some(body.to_owned()), None, None, None, None).unwrap();
        let (draws, caller) = (self.draws(), self.ann);
        let write = move |tx: &mut inkstone::db::WriteTx<'_>| {
            notes::store::edit(tx, &caller, id, Some(&Precondition::Any), &edit, &draws)
        };
        self.db.write(write).await.unwrap();
    }

    async fn purge(&self, id: Uuid) {
        let caller = self.ann;
        self.db.write(move |tx| notes::store::purge(tx, &caller, id, Some(&Precondition::Any))).await.unwrap();
    }

    /// What the search says once it has caught up.
    async fn found(&self, q: &str) -> Found {
        assert!(self.search.settle(PATIENCE).await, "{:?}", self.search.status());
        self.ask(self.ann, q).await
    }

    async fn ask(&self, caller: Caller, q: &str) -> Found {
        let ask = Ask {
            query: Query::parse(q).unwrap(),
            mode: Mode::All,
            filter: Filter::default(),
            limit: 100,
            after: None,
        };
        let search = self.search.clone();
        self.db.read(move |tx| search.find(tx, &caller, &ask)).await.unwrap()
    }

    async fn titles(&self, q: &str) -> Vec<String> {
        self.found(q).await.hits.into_iter().map(|hit| hit.listed.note.title).collect()
    }

    async fn restart(&mut self) {
        self.search.stop().await;
        self.search = start(self.directory.path(), &self.db, &self.ids, &self.metrics);
    }

    fn asides(&self) -> usize {
        let entries = std::fs::read_dir(self.directory.path()).unwrap();
        entries.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(ASIDE_PREFIX)).count()
    }

    fn index_file(&self, extension: &str) -> std::path::PathBuf {
        std::fs::read_dir(self.directory.path().join(DIRECTORY))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.extension().is_some_and(|found| found == extension))
            .unwrap()
    }
}

#[tokio::test]
async fn what_is_written_edited_and_purged_is_followed() {
    let house = House::open().await;
    let id = house.write("Plans", "build a boat", &["Work"]).await;
    house.write("Other", "nothing", &[]).await;
    let found = house.found("boat ").await;
    assert_eq!((found.total, found.change, found.is_rebuilding), (1, house.db.head(), false));
    assert_eq!(found.hits[0].listed.note.id, id);
    assert_eq!(found.hits[0].listed.excerpt, Some(notes::excerpt("build a boat")));
    assert_eq!(found.hits[0].highlights[0].fragment, "build a boat");
    assert_eq!(found.facets.tags[0].value, "Work");

    house.edit(id, "build a plane").await;
    assert!(house.titles("boat ").await.is_empty());
    assert_eq!(house.titles("plane ").await, ["Plans"]);

    house.purge(id).await;
    assert!(house.titles("plane ").await.is_empty());
    assert_eq!(house.titles("").await, ["Other"]);
    assert!(house.search.verify().await.unwrap().is_sound());
}

#[tokio::test]
async fn one_person_does_not_find_what_another_wrote() {
    let house = House::open().await;
    let bob = Caller::mint(UserId(house.ids.id()), SessionId(house.ids.id()), Role::Admin);
    house.add_user(bob).await;
    house.write("secret", "", &[]).await;
    assert_eq!(house.found("secret ").await.total, 1);
    let found = house.ask(bob, "secret ").await;
    assert_eq!((found.total, found.hits.len()), (0, 0));
}

#[tokio::test]
async fn a_restart_goes_on_where_the_index_was() {
    let mut house = House::open().await;
    house.write("before", "", &[]).await;
    assert_eq!(house.titles("before ").await.len(), 1);
    house.search.stop().await;
    house.write("meanwhile", "", &[]).await;
    house.restart().await;
    assert_eq!(house.titles("").await.len(), 2);
    assert_eq!(house.metrics.rebuilds.get(), 1, "only the very first, of the empty store");
    assert_eq!(house.asides(), 0);
}

#[tokio::test]
async fn a_new_index_is_filled_from_the_notes() {
    let mut house = House::open().await;
    for n in 0..200 {
        house.write(&format!("note {n}"), "common text", &[]).await;
    }
    house.search.stop().await;
    std::fs::remove_dir_all(house.directory.path().join(DIRECTORY)).unwrap();
    house.restart().await;
    assert_eq!(house.found("common ").await.total, 200);
    assert!(house.search.verify().await.unwrap().is_sound());

    house.search.rebuild().await.unwrap();
    assert_eq!(house.found("common ").await.total, 200);
    assert_eq!(house.asides(), 1);
    assert!(house.search.status().progress.set_aside.is_some());
}

#[tokio::test]
async fn damage_met_at_start_means_a_new_index() {
    let mut house = House::open().await;
    house.write("kept", "", &[]).await;
    house.found("").await;
    house.search.stop().await;
    std::fs::write(house.index_file("fast"), b"garbage").unwrap();
    house.restart().await;
    assert_eq!(house.titles("kept ").await, ["kept"]);
    assert_eq!(house.asides(), 1);
    assert!(house.search.verify().await.unwrap().is_sound());
}

#[tokio::test]
async fn an_index_that_cannot_be_read_is_left_alone_and_tried_again() {
    let mut house = House::open().await;
    house.write("kept", "", &[]).await;
    house.found("").await;
    house.search.stop().await;
    // Another process holds the writer's lock.
    let held = inkstone::search::opening::open(
        house.directory.path(),
        inkstone::search::opening::Store { epoch: house.db.epoch(), head: house.db.head(), floor: 0 },
        house.ids.now(),
    )
    .unwrap();
    house.restart().await;
    house.search.wait_open(PATIENCE).await;
    assert_eq!(house.search.status().progress.phase, Phase::Unavailable);
    assert!(house.search.status().progress.problem.is_some());
    drop(held);
    assert_eq!(house.titles("kept ").await, ["kept"]);
    assert_eq!((house.asides(), house.search.status().progress.problem), (0, None));
}

#[tokio::test]
async fn verify_names_what_differs() {
    let house = House::open().await;
    let (gone, changed) = (house.write("gone", "", &[]).await, house.write("changed", "", &[]).await);
    house.found("").await;
    // Behind the feed's back: what a bug or a hand in the database would do.
    let tamper = move |tx: &mut inkstone::db::WriteTx<'_>| {
        tx.execute("UPDATE notes SET body = 'other' WHERE id = $1", &[changed.into()])?;
        tx.execute("DELETE FROM notes WHERE id = $1", &[gone.into()])
    };
    house.db.write(tamper).await.unwrap();
    let report = house.search.verify().await.unwrap();
    assert_eq!((report.notes, report.entries), (1, 2));
    assert_eq!((report.missing, report.extra, report.stale, report.differing), (0, 1, 0, 1));
    assert!(report.examples.contains(&(gone, Fault::Extra)) && report.examples.contains(&(changed, Fault::Differing)));
    assert!(!report.is_sound());
}

#[tokio::test]
async fn a_burst_of_writes_takes_few_commits() {
    let house = House::open().await;
    house.found("").await;
    let before = house.metrics.commits.get();
    for n in 0..300 {
        house.write(&format!("note {n}"), "", &[]).await;
    }
    assert_eq!(house.found("note ").await.total, 300);
    assert!(house.metrics.commits.get() - before < 100);
}

#[tokio::test]
async fn deleted_text_leaves_the_segments_after_half_a_day() {
    let mut house = House::open().await;
    let id = house.write("purged", "", &[]).await;
    house.write("kept", "", &[]).await;
    house.found("").await;
    house.purge(id).await;
    house.found("").await;
    let marks = |house: &House| {
        let entries = std::fs::read_dir(house.directory.path().join(DIRECTORY)).unwrap();
        entries.filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|found| found == "del")).count()
    };
    house.restart().await;
    house.found("").await;
    house.clock.advance(Duration::from_secs(13 * 3600));
    // A write wakes the follower before its tick; the rewriting goes on beside.
    let deadline = std::time::Instant::now() + PATIENCE;
    while marks(&house) > 0 {
        assert!(std::time::Instant::now() < deadline, "deleted text stays");
        house.write("more", "", &[]).await;
        house.found("").await;
    }
    assert_eq!(house.titles("kept ").await, ["kept"]);
    assert!(house.search.verify().await.unwrap().is_sound());
}

#[tokio::test]
async fn waiting_for_a_change_ends_with_the_change_or_with_the_time() {
    let house = House::open().await;
    house.write("one", "", &[]).await;
    house.search.wait_for(house.db.head(), PATIENCE).await;
    assert_eq!(house.ask(house.ann, "one ").await.total, 1);
    house.search.wait_for(house.db.head() + 1, Duration::from_millis(1)).await;
    assert_eq!(house.ask(house.ann, "").await.change, house.db.head());
}

#[tokio::test]
async fn stopping_twice_and_asking_after_is_no_failure() {
    let house = House::open().await;
    house.write("one", "", &[]).await;
    house.found("").await;
    house.search.stop().await;
    house.search.stop().await;
    assert_eq!(house.search.status().progress.phase, Phase::Stopped);
    assert_eq!(house.ask(house.ann, "one ").await.total, 1);
    assert!(house.search.rebuild().await.is_err());
}
