//! A new index is made beside the one that answers: nobody notices, whatever happens meanwhile.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod search_house;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use inkstone::clock::Timestamp;
use inkstone::notes;
use inkstone::search::index::Index;
use inkstone::search::opening::{Opened, Store};
use inkstone::search::places::{ASIDE_PREFIX, DIRECTORY, NEXT};
use inkstone::search::verify::Scope;
use inkstone::search::{Document, Effort, Phase, opening};
use search_house::{House, PATIENCE};
use uuid::Uuid;

const HOUR: Duration = Duration::from_secs(3600);

/// A house with that many notes that have a word in common, all of them in the index.
async fn house_with(notes: usize) -> (House, Vec<Uuid>) {
    let house = House::open().await;
    let mut ids = Vec::new();
    for n in 0..notes {
        ids.push(house.write(&format!("note {n}"), "common", &[]).await);
    }
    assert_eq!(house.found("common ").await.total as usize, notes);
    ids.sort_unstable();
    (house, ids)
}

/// Puts the first notes of the store into the next index and commits that.
async fn fill_next(house: &House, at_most: i64) -> Opened {
    let mut next = house.open_next();
    let some = house.db.read(move |tx| notes::store::scan(tx, None, at_most)).await.unwrap();
    for (owner, note) in &some {
        next.writer.add(&Document::of(*owner, note)).unwrap();
    }
    let all = house.db.read(notes::store::count_all).await.unwrap();
    let is_whole = i64::try_from(some.len()).unwrap() == all;
    let last = some.last().map_or(Uuid::nil(), |(_, note)| note.id);
    next.payload.rebuilding = (!is_whole).then_some(last);
    next.writer.commit(&next.payload).unwrap();
    next
}

async fn is_sound(house: &House) {
    let report = house.search.verify(Scope::All).await.unwrap();
    assert!(report.is_sound(), "{report:?}");
}

#[tokio::test]
async fn searches_are_whole_and_new_notes_are_found_while_a_new_index_is_made() {
    let (house, ids) = house_with(60).await;
    let held = house.open_next();
    house.search.rebuild().await.unwrap();
    house.write("fresh", "written meanwhile", &[]).await;
    house.edit(ids[0], "changed").await;
    house.purge(ids[1]).await;
    let found = house.found("common ").await;
    assert_eq!((found.total, found.is_rebuilding, found.change), (58, false, house.db.head()));
    assert_eq!(house.titles("meanwhile ").await, ["fresh"]);
    let progress = house.search.status().progress;
    assert!(progress.phase == Phase::Ready && progress.making.is_some(), "{progress:?}");
    assert_eq!(house.asides(), 0, "the old one answers");

    drop(held);
    house.rebuilt().await;
    assert_eq!(house.found("common ").await.total, 58);
    assert_eq!(house.titles("meanwhile ").await, ["fresh"]);
    assert_eq!((house.asides(), house.has_next()), (1, false));
    assert!(house.search.status().progress.set_aside.is_some());
    is_sound(&house).await;
    house.write("after", "that", &[]).await;
    assert_eq!(house.titles("after ").await, ["after"]);
}

#[tokio::test]
async fn what_is_written_all_the_while_is_in_the_new_index() {
    let (house, _) = house_with(300).await;
    house.search.rebuild().await.unwrap();
    let mut written = 0;
    while house.search.status().progress.making.is_some() {
        house.write("meanwhile", "common", &[]).await;
        written += 1;
        assert!(written < 100_000, "{:?}", house.search.status());
    }
    assert_eq!(house.found("common ").await.total, 300 + written);
    is_sound(&house).await;
}

#[tokio::test]
async fn asking_twice_makes_one_new_index() {
    let (house, _) = house_with(10).await;
    let before = house.metrics.rebuilds.get();
    let held = house.open_next();
    house.search.rebuild().await.unwrap();
    house.search.rebuild().await.unwrap();
    drop(held);
    house.rebuilt().await;
    assert_eq!((house.metrics.rebuilds.get() - before, house.asides()), (1, 1));
}

#[tokio::test]
async fn one_that_was_cut_short_goes_on_from_its_last_commit() {
    let (mut house, ids) = house_with(100).await;
    house.search.stop().await;
    drop(fill_next(&house, 50).await);
    house.edit(ids[0], "after").await;
    house.purge(ids[1]).await;
    let documents = house.metrics.documents.get();
    house.start();
    house.rebuilt().await;
    assert_eq!(house.found("common ").await.total, 98);
    assert_eq!(house.metrics.documents.get() - documents, 54, "fifty from the notes, two from the feed for either");
    is_sound(&house).await;
}

#[tokio::test]
async fn whatever_a_crash_leaves_ends_with_one_whole_index() {
    type Leave<'a> = (&'a str, i64, &'a dyn Fn(&Path, Store));
    let (index, next) = (|dir: &Path| dir.join(DIRECTORY), |dir: &Path| dir.join(NEXT));
    let states: [Leave<'_>; 11] = [
        ("nothing but the directory", 0, &|dir, _| {
            fs::remove_dir_all(next(dir)).unwrap();
            fs::create_dir(next(dir)).unwrap();
        }),
        ("begun", 0, &|_, _| {}),
        ("torn", 30, &|dir, _| fs::write(next(dir).join("meta.json"), "{").unwrap()),
        ("half", 30, &|_, _| {}),
        ("whole", 60, &|_, _| {}),
        ("between the renames", 60, &|dir, _| {
            fs::rename(index(dir), dir.join(format!("{ASIDE_PREFIX}{:020}", 7))).unwrap();
        }),
        ("half, and the old one is lost", 30, &|dir, _| fs::remove_dir_all(index(dir)).unwrap()),
        ("half, and the old one is damaged", 30, &|dir, _| fs::write(index(dir).join("meta.json"), "{").unwrap()),
        ("both damaged", 30, &|dir, _| {
            fs::write(index(dir).join("meta.json"), "{").unwrap();
            fs::write(next(dir).join("meta.json"), "{").unwrap();
        }),
        ("of another store", 0, &|dir, store| {
            fs::remove_dir_all(next(dir)).unwrap();
            let other = Store { epoch: Uuid::from_u128(9), ..store };
            drop(
                opening::open_next(dir, other, Timestamp::from_micros(1_700_000_000_000_000), Effort::BesideRequests)
                    .unwrap(),
            );
        }),
        ("with what an interrupted writer leaves", 60, &|dir, _| {
            fs::write(next(dir).join(".tmpHalf"), "half").unwrap();
            fs::write(index(dir).join("00000000000000000000000000000000.idx"), "half").unwrap();
        }),
    ];
    for (name, notes, leave) in states {
        let (mut house, ids) = house_with(60).await;
        house.search.stop().await;
        drop(fill_next(&house, notes).await);
        leave(house.directory.path(), house.store());
        house.edit(ids[0], "changed").await;
        house.purge(ids[59]).await;
        house.start();
        house.rebuilt().await;
        assert_eq!(house.found("common ").await.total, 58, "{name}");
        assert!(!house.has_next() && house.asides() <= 1, "{name}");
        is_sound(&house).await;
    }
}

#[tokio::test]
async fn a_half_that_is_half_a_day_old_is_not_gone_on_with() {
    let (mut house, _) = house_with(20).await;
    house.search.stop().await;
    drop(fill_next(&house, 10).await);
    house.clock.advance(11 * HOUR);
    assert_eq!(house.open_next().index.notes(), 10);
    house.clock.advance(HOUR);
    assert_eq!(house.open_next().index.notes(), 0);
    house.start();
    house.rebuilt().await;
    is_sound(&house).await;
}

#[tokio::test]
async fn who_reads_the_old_index_goes_on_reading_it() {
    let (house, _) = house_with(20).await;
    let old = Index::open(&house.directory.path().join(DIRECTORY)).unwrap();
    let ids = |index: &Index| index.entries().unwrap().iter().map(|entry| entry.id).collect::<BTreeSet<_>>();
    let before = ids(&old);
    house.rebuild().await;
    house.rebuild().await;
    assert_eq!(house.asides(), 1, "the one that was read is not on disk any more");
    assert_eq!(old.entries_of(&before.iter().copied().collect::<Vec<_>>()).unwrap().concat().len(), 20);
    assert_eq!(ids(&old), before);
}

/// Every term in the files below the data directory that contains `text`, and every file that belongs to no segment.
fn left_of(text: &str, house: &House) -> Vec<String> {
    let mut left = Vec::new();
    for entry in fs::read_dir(house.directory.path()).unwrap() {
        let directory = entry.unwrap().path();
        if !directory.file_name().unwrap().to_str().unwrap().starts_with(DIRECTORY) {
            continue;
        }
        let Ok(index) = tantivy::Index::open_in_dir(&directory) else { continue };
        // A merge may take segments away while they are looked at; the next look sees what came of it.
        let Ok(segments) = index.searchable_segments() else { return vec!["a merge".to_owned()] };
        let names: BTreeSet<String> = segments.iter().map(|segment| segment.id().uuid_string()).collect();
        for segment in segments {
            let Ok(reader) = tantivy::SegmentReader::open(&segment) else { return vec!["a merge".to_owned()] };
            for (field, described) in index.schema().fields() {
                if !described.is_indexed() {
                    continue;
                }
                let inverted = reader.inverted_index(field).unwrap();
                let mut terms = inverted.terms().stream().unwrap();
                while terms.advance() {
                    let term = String::from_utf8_lossy(terms.key());
                    if term.contains(text) {
                        left.push(format!("{term} in {}", directory.display()));
                    }
                }
            }
        }
        for file in fs::read_dir(&directory).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            let belongs = names.contains(name.split('.').next().unwrap());
            if !belongs && name != "meta.json" && !name.starts_with('.') {
                left.push(format!("{name} in {}", directory.display()));
            }
        }
    }
    left
}

#[tokio::test]
async fn purged_text_is_in_no_file_of_any_index_after_a_day() {
    let mut house = House::open().await;
    let id = house.write("Zanzibar", "a text with zanzibarword", &["zanzibartag"]).await;
    house.clock.advance(Duration::from_secs(1));
    for _ in 0..12 {
        house.write("kept", "other text", &[]).await;
    }
    house.found("").await;
    // All in one segment, so that no ordinary merge does what is asked for here.
    house.rebuild().await;
    house.search.stop().await;
    // Half of a new one has it as well, and is cut short.
    drop(fill_next(&house, 1).await);
    house.purge(id).await;
    let next = house.directory.path().join(NEXT);
    let away = house.directory.path().join("away");
    fs::rename(&next, &away).unwrap();
    house.start();
    house.found("").await;
    assert!(!left_of("zanzibar", &house).is_empty(), "a deletion is a mark only");

    // Just before the text would leave the index, that is set aside.
    house.clock.advance(11 * HOUR);
    house.rebuild().await;
    assert!(!left_of("zanzibar", &house).is_empty(), "it is aside now");
    house.search.stop().await;
    fs::rename(&away, &next).unwrap();
    house.clock.advance(HOUR);
    house.start();
    house.rebuilt().await;
    for _ in 13..24 {
        house.clock.advance(HOUR);
        house.write("tick", "", &[]).await;
        house.found("").await;
    }
    // A write wakes the follower before its tick; the rewriting goes on beside.
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left = left_of("zanzibar", &house);
        if left.is_empty() {
            break;
        }
        assert!(Instant::now() < deadline, "{left:?}");
        house.write("tick", "", &[]).await;
        house.found("").await;
    }
    assert_eq!(house.titles("kept ").await.len(), 12);
    is_sound(&house).await;
}
