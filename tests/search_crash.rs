//! Random courses of edits, with crashes between store and index, and what is so after each: the index says what the store says.
//!
//! A course is some steps (notes are written, edited, tagged, moved, put in the trash and taken out, purged; a new index is ordered; the
//! index catches up; the log is cut short) and then an end of one kind or another ([`End`]), after which the search starts on what was
//! left. It is asked at once, when nothing of what it says may be hidden by the store, and again when it has settled: then it must say
//! all that the store has, and `verify` must find nothing.
//!
//! `SEARCH_CRASHES` (40) and `SEARCH_CRASH_SEED` (1) choose how many courses and which; a failure names the seed to begin with.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

#[allow(dead_code, unreachable_pub, reason = "compiled into this program, which uses a part of it")]
#[path = "support/outside/chance.rs"]
mod chance;
mod search_house;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chance::Chance;
use futures_util::FutureExt as _;
use futures_util::future::join_all;
use inkstone::db::WriteTx;
use inkstone::feed;
use inkstone::notebooks::{self, NotebookName};
use inkstone::notes::{self, Edit, Precondition, State};
use inkstone::search::index::Index;
use inkstone::search::places::{ASIDE_PREFIX, DIRECTORY, NEXT};
use inkstone::search::verify::Scope;
use search_house::{House, PATIENCE};
use uuid::Uuid;

/// Courses in one store before a fresh one is taken.
const COURSES_OF_ONE: u64 = 20;

/// Stores at a time: most of a course is waiting for the disk.
const AT_ONCE: usize = 4;

/// No more notes than this, so that one answer shows all.
const MOST_NOTES: usize = 60;

const WORDS: [&str; 6] = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"];

/// How a course ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// In order.
    Stop,
    /// Nothing more is committed.
    Crash,
    /// The same, and the files of a writer that was busy are left behind.
    CrashWhileWriting,
    /// The same, and an older copy of the index is put back, as from a backup of the directory.
    OlderIndex,
    /// A new index has been ordered just before.
    CrashWhileMaking,
    /// A new index was whole; the old one has been set aside and the new one has not got its name yet.
    CrashInExchange,
    /// What there is of a new index is torn.
    TornNext,
}

const ENDS: [End; 7] = [
    End::Stop,
    End::Crash,
    End::CrashWhileWriting,
    End::OlderIndex,
    End::CrashWhileMaking,
    End::CrashInExchange,
    End::TornNext,
];

struct World {
    house: House,
    chance: RefCell<Chance>,
    notebook: Uuid,
    /// A copy of the index that once was.
    older: PathBuf,
}

impl World {
    async fn new(seed: u64) -> Self {
        let house = House::open().await;
        let (notebook, owner, now) = (house.ids.id(), house.ann.user(), house.ids.now());
        let name = NotebookName::parse("Shelf").unwrap();
        let make = move |tx: &mut WriteTx<'_>| notebooks::store::insert(tx, owner, notebook, &name, None, None, now);
        house.db.write(make).await.unwrap();
        let older = house.directory.path().join("older");
        Self { house, chance: RefCell::new(Chance::new(seed)), notebook, older }
    }

    fn below(&self, bound: usize) -> usize {
        self.chance.borrow_mut().below(bound)
    }

    fn one_of<T: Copy>(&self, all: &[T]) -> T {
        self.chance.borrow_mut().one_of(all)
    }

    fn text(&self) -> String {
        (0..1 + self.below(5)).map(|_| self.one_of(&WORDS)).collect::<Vec<_>>().join(" ")
    }

    /// All notes with their states.
    async fn notes(&self) -> Vec<(Uuid, State)> {
        let all = self.house.db.read(|tx| notes::store::scan(tx, None, 1_000)).await.unwrap();
        all.into_iter().map(|(_, note)| (note.id, note.state)).collect()
    }

    async fn edit(&self, id: Uuid, edit: Edit) {
        let (draws, caller) = (self.house.draws(), self.house.ann.clone());
        let write = move |tx: &mut WriteTx<'_>| {
            notes::store::edit(tx, &caller, id, Some(&Precondition::Any), &edit, &draws).map(|_| ())
        };
        self.house.db.write(write).await.unwrap();
    }

    async fn step(&self) {
        self.house.clock.advance(Duration::from_millis(10));
        let house = &self.house;
        let notes = self.notes().await;
        let what = self.below(20);
        if notes.is_empty() || (what < 6 && notes.len() < MOST_NOTES) {
            house.write(&self.text(), &self.text(), &[self.one_of(&WORDS)]).await;
            return;
        }
        let (id, state) = self.one_of(&notes);
        let (draws, caller) = (house.draws(), house.ann.clone());
        match (what, state) {
            (0..=5, _) => house.purge(id).await,
            (_, State::Trashed) if what.is_multiple_of(2) => {
                let write = move |tx: &mut WriteTx<'_>| notes::store::restore(tx, &caller, id, &draws).map(|_| ());
                house.db.write(write).await.unwrap();
            }
            (_, State::Trashed) | (16, _) => house.purge(id).await,
            (6..=8, _) => self.edit(id, Edit::checked(None, Some(self.text()), None, None, None, None).unwrap()).await,
            (9, _) => {
                let tags = [self.one_of(&WORDS).to_owned()];
                self.edit(id, Edit::checked(None, None, Some(&tags), None, None, None).unwrap()).await;
            }
            (10, _) => {
                let notebook = Some(self.notebook).filter(|_| self.below(2) == 0);
                self.edit(id, Edit::checked(None, None, None, Some(notebook), None, None).unwrap()).await;
            }
            (11, _) => {
                let other = if state == State::Active { State::Archived } else { State::Active };
                self.edit(id, Edit::checked(None, None, None, None, None, Some(other)).unwrap()).await;
            }
            (12..=13, _) => {
                let write = move |tx: &mut WriteTx<'_>| {
                    notes::store::trash(tx, &caller, id, Some(&Precondition::Any), &draws).map(|_| ())
                };
                house.db.write(write).await.unwrap();
            }
            (14, _) => house.search.rebuild().await.unwrap(),
            (15, _) => {
                house.db.write(|tx| feed::store::prune(tx, 10, 1_000)).await.unwrap();
            }
            _ => assert!(house.search.settle(PATIENCE).await, "{:?}", house.search.status()),
        }
    }

    /// One course; says how it ended.
    async fn course(&mut self) -> End {
        for _ in 0..2 + self.below(10) {
            self.step().await;
        }
        let end = self.one_of(&ENDS);
        self.end(end).await;
        self.house.start();

        // What it says right away may be old, but it is nothing that the store hides.
        self.house.search.wait_open(PATIENCE).await;
        let found = self.house.ask(self.house.ann.clone(), "").await;
        assert!(found.hits.iter().all(|hit| hit.listed.note.state != State::Trashed));

        self.house.rebuilt().await;
        assert!(self.house.search.settle(PATIENCE).await, "{:?}", self.house.search.status());
        let report = self.house.search.verify(Scope::All).await.unwrap();
        assert!(report.is_sound(), "{report:?}");
        let found = self.house.ask(self.house.ann.clone(), "").await;
        let shown: BTreeSet<Uuid> = found.hits.iter().map(|hit| hit.listed.note.id).collect();
        let kept: BTreeSet<Uuid> =
            self.notes().await.into_iter().filter(|(_, state)| *state != State::Trashed).map(|(id, _)| id).collect();
        assert_eq!((found.total as usize, found.is_rebuilding), (kept.len(), false));
        assert_eq!(shown, kept);
        assert!(!self.house.has_next(), "one index, and none beside it");
        if self.below(4) == 0 {
            self.keep_a_copy().await;
        }
        end
    }

    async fn end(&self, end: End) {
        let search = &self.house.search;
        let (index, next) = (self.house.directory.path().join(DIRECTORY), self.house.directory.path().join(NEXT));
        match end {
            End::Stop => search.stop().await,
            End::Crash => search.abandon().await,
            End::CrashWhileWriting => {
                search.abandon().await;
                for directory in [index, next].iter().filter(|directory| directory.exists()) {
                    self.litter(directory);
                }
            }
            End::OlderIndex => {
                search.abandon().await;
                if self.older.exists() {
                    remove(&index);
                    copy(&self.older, &index);
                }
            }
            End::CrashWhileMaking => {
                search.rebuild().await.unwrap();
                for _ in 0..self.below(4) {
                    self.house.write("meanwhile", "text", &[]).await;
                }
                search.abandon().await;
            }
            End::CrashInExchange => {
                search.rebuild().await.unwrap();
                for _ in 0..self.below(4) {
                    self.house.write("meanwhile", "text", &[]).await;
                }
                search.abandon().await;
                let payload = Index::open(&next).and_then(|index| index.payload());
                if payload.is_ok_and(|payload| payload.is_some_and(|payload| payload.rebuilding.is_none())) {
                    self.house.clock.advance(Duration::from_millis(1));
                    let now = self.house.ids.now().micros();
                    fs::rename(&index, self.house.directory.path().join(format!("{ASIDE_PREFIX}{now:020}"))).unwrap();
                }
            }
            End::TornNext => {
                search.rebuild().await.unwrap();
                search.abandon().await;
                if next.exists() {
                    fs::write(next.join("meta.json"), "{").unwrap();
                }
            }
        }
    }

    /// Files of a writer that died between them and its commit.
    fn litter(&self, directory: &Path) {
        let names = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let segments: BTreeSet<String> =
            names.filter_map(|name| name.strip_suffix(".idx").map(str::to_owned)).collect();
        for segment in segments {
            for _ in 0..3 {
                let operation = self.below(60);
                let path = directory.join(format!("{segment}.{operation}.del"));
                if !path.exists() {
                    fs::write(path, "half").unwrap();
                }
            }
        }
        let unknown = format!("{:032x}", self.below(usize::MAX >> 1));
        for extension in ["idx", "term", "fast", "store.temp"] {
            fs::write(directory.join(format!("{unknown}.{extension}")), "half").unwrap();
        }
        fs::write(directory.join(".tmpHalf"), "half").unwrap();
    }

    /// Keeps a copy of the index as it is now, for being put back some day.
    async fn keep_a_copy(&mut self) {
        self.house.search.stop().await;
        remove(&self.older);
        copy(&self.house.directory.path().join(DIRECTORY), &self.older);
        self.house.start();
    }
}

/// A thread of tantivy's own may still put a last file down, which makes the system refuse to remove the directory: once more, then.
fn remove(directory: &Path) {
    for _ in 0..1_000 {
        match fs::remove_dir_all(directory) {
            Ok(()) => return,
            Err(error) if error.kind() == ErrorKind::NotFound => return,
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => std::thread::yield_now(),
            Err(error) => panic!("{error}"),
        }
    }
    panic!("{} does not go", directory.display());
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        match fs::copy(&path, to.join(path.file_name().unwrap())) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => panic!("{error}"),
        }
    }
}

fn number(name: &str, unless_told: u64) -> u64 {
    std::env::var(name).map_or(unless_told, |text| text.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_every_crash_the_index_says_what_the_store_says() {
    let (courses, first) = (number("SEARCH_CRASHES", 40), number("SEARCH_CRASH_SEED", 1));
    let seeds: Vec<u64> = (first..first + courses.div_ceil(COURSES_OF_ONE)).collect();
    let mut ends = Vec::new();
    for some in seeds.chunks(AT_ONCE) {
        ends.extend(join_all(some.iter().map(|seed| courses_of(*seed))).await.concat());
    }
    for end in ENDS {
        assert!(courses < 40 || ends.contains(&end), "no course ended by {end:?}");
    }
}

/// The courses of one seed, in a store of their own; how they ended.
async fn courses_of(seed: u64) -> Vec<End> {
    let courses = AssertUnwindSafe(async {
        let mut world = World::new(seed).await;
        let mut ends = Vec::new();
        for _ in 0..COURSES_OF_ONE {
            ends.push(world.course().await);
        }
        world.house.search.stop().await;
        world.house.db.close().await;
        ends
    });
    courses.catch_unwind().await.unwrap_or_else(|panic| {
        eprintln!("the seed is SEARCH_CRASH_SEED={seed}, with SEARCH_CRASHES={COURSES_OF_ONE}");
        resume_unwind(panic)
    })
}
