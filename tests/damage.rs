//! Damage: bytes are flipped everywhere in the store's file, in its write-ahead log and in the index, and never does a wrong answer
//! come back, nor does anything crash: an answer is right, or an error, or the store is refused; a damaged index is built anew. (What
//! flips in a backup do is told by `backup_archive`.)
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says so by panicking")]

mod search_house;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use inkstone::caller::UserId;
use inkstone::clock::{Ids, ManualClock, SeededEntropy, Timestamp};
use inkstone::db::{Db, Options};
use inkstone::error::Error;
use inkstone::notes::{Content, Draws, State, store};
use inkstone::search::places::DIRECTORY;
use search_house::{House, PATIENCE, start};
use uuid::Uuid;

/// A number below `bound`.
fn below(ids: &Ids, bound: usize) -> usize {
    usize::try_from(u64::from_le_bytes(ids.bytes()) % u64::try_from(bound).unwrap()).unwrap()
}

fn ids() -> Ids {
    let clock = ManualClock::new(Timestamp::from_micros(1_772_357_400_000_000));
    Ids::new(std::sync::Arc::new(clock), std::sync::Arc::new(SeededEntropy::new(7)))
}

fn options(dir: &Path) -> Options {
    Options { fatal: std::sync::Arc::new(|why| panic!("{why}")), ..Options::in_dir(dir, ids()) }
}

type Texts = BTreeMap<Uuid, (String, String)>;

/// A store with notes of many sizes; what is in them by id. Closed in order, or as a killed process leaves it, with its log.
async fn make(dir: &Path, keep_log: bool) -> Texts {
    fs::create_dir_all(dir.join("backups")).unwrap();
    let db = Db::open(options(dir)).unwrap();
    let ids = ids();
    let owner = UserId(ids.id());
    let insert = "INSERT INTO users (id, email, email_key, name, role, password, created_at, updated_at)
                  VALUES ($1, 'a@b', 'a@b', 'a', 'admin', '-', 0, 0)";
    db.write(move |tx| tx.execute(insert, &[owner.0.into()])).await.unwrap();
    let mut texts = Texts::new();
    for n in 0..120_usize {
        let (id, title) = (ids.id(), format!("Note {n}"));
        let body = format!("{n} is the number of this line and of all that follow\n").repeat(1 + (n * n) % 97);
        texts.insert(id, (title.clone(), body.clone()));
        let draws = Draws { owner, now: ids.now(), version: ids.id(), tag_ids: Vec::new() };
        let content = Content::new(Some(title), body, &[], None, false).unwrap();
        let times = (draws.now, draws.now);
        db.write(move |tx| store::insert(tx, &draws, id, &content, State::Active, times)).await.unwrap();
    }
    if keep_log {
        // The log goes into the file when the store is closed.
        let away = dir.join("away");
        fs::create_dir(&away).unwrap();
        for name in ["inkstone.db", "inkstone.db-wal"] {
            fs::copy(dir.join(name), away.join(name)).unwrap();
        }
        db.close().await;
        drop(db);
        for name in ["inkstone.db", "inkstone.db-wal"] {
            fs::rename(away.join(name), dir.join(name)).unwrap();
        }
        let _ = fs::remove_file(dir.join("inkstone.db-shm"));
    } else {
        db.close().await;
    }
    texts
}

/// What came of reading everything.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    refused: usize,
    errors: usize,
    missing: usize,
    right: usize,
}

/// Opens the store and reads every note, one by one and in a scan, and the check of the file on top.
async fn read_all(dir: &Path, texts: &Texts, seen: &mut Seen) -> Result<(), String> {
    let db = match Db::open(options(dir)) {
        Ok(db) => db,
        Err(_) => {
            seen.refused += 1;
            return Ok(());
        }
    };
    let mut wrong = None;
    for (id, (title, body)) in texts {
        let id = *id;
        match db.read(move |tx| store::get_any(tx, id)).await {
            Ok(Some((_, note))) if note.title == *title && note.body == *body => seen.right += 1,
            Ok(Some((_, note))) => wrong = Some(format!("{id}: {:?}", note.title)),
            Ok(None) => seen.missing += 1,
            Err(Error::Corrupt(_)) => {
                seen.errors += 1;
                if !db.damage().is_any() {
                    wrong = Some(format!("{id}: damage was met and not remembered"));
                }
            }
            Err(why) => wrong = Some(format!("{id}: {why}")),
        }
    }
    let checked = db.quick_check();
    if checked.is_err() != db.damage().is_any() && checked.is_err() {
        wrong = Some("the check found damage that is not remembered".into());
    }
    if db.damage().is_any() {
        let refused = db.write(|tx| tx.execute("UPDATE store SET floor = floor WHERE id = 1", &[])).await;
        if !matches!(refused, Err(Error::Damaged)) {
            wrong = Some(format!("a damaged store took a write: {refused:?}"));
        }
    }
    db.close().await;
    wrong.map_or(Ok(()), Err)
}

/// Flips one byte at a time at many places of `file`, and hands each damaged store to `read`.
async fn flip(file: &str, keep_log: bool, places: usize) -> Seen {
    let whole = tempfile::tempdir().unwrap();
    let texts = make(whole.path(), keep_log).await;
    let size = usize::try_from(fs::metadata(whole.path().join(file)).unwrap().len()).unwrap();
    assert!(size > 100_000, "{file} has {size} bytes");
    let chance = ids();
    let mut seen = Seen::default();
    for n in 0..places {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("backups")).unwrap();
        for name in ["inkstone.db", "inkstone.db-wal"] {
            if whole.path().join(name).exists() {
                fs::copy(whole.path().join(name), dir.path().join(name)).unwrap();
            }
        }
        let target = dir.path().join(file);
        let mut content = fs::read(&target).unwrap();
        // A place in each stretch of the file, so that every kind of page is met.
        let at = (n * size / places + below(&chance, size / places)).min(size - 1);
        let before = content[at];
        content[at] ^= 1 << below(&chance, 8);
        fs::write(&target, &content).unwrap();
        if let Err(why) = read_all(dir.path(), &texts, &mut seen).await {
            panic!("byte {at} of {file} ({before:#04x} became {:#04x}): {why}", content[at]);
        }
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flipped_byte_of_the_file_is_never_taken_for_a_text() {
    let seen = flip("inkstone.db", false, 150).await;
    assert!(seen.errors > 0 && seen.right > 0, "the flips were met: {seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flipped_byte_of_the_log_is_never_taken_for_a_text() {
    let seen = flip("inkstone.db-wal", true, 100).await;
    // The log has checksums of its own: what follows a flip counts as never written.
    assert!(seen.missing > 0 && seen.right > 0, "the flips were met: {seen:?}");
}

#[tokio::test]
async fn a_note_whose_text_is_not_what_was_written_turns_the_store_read_only() {
    let dir = tempfile::tempdir().unwrap();
    let texts = make(dir.path(), false).await;
    let (id, _) = texts.iter().nth(5).unwrap();
    let (id, other) = (*id, *texts.keys().next().unwrap());
    let file = rusqlite::Connection::open(dir.path().join("inkstone.db")).unwrap();
    file.execute("UPDATE notes SET body = body || 'x' WHERE id = ?1", [id.as_bytes()]).unwrap();
    drop(file);
    let db = Db::open(options(dir.path())).unwrap();
    assert!(!db.damage().is_any());
    let damaged = db.read(move |tx| store::get_any(tx, id)).await;
    assert!(matches!(damaged, Err(Error::Corrupt(_))), "{damaged:?}");
    assert!(db.damage().found().unwrap().contains(&id.to_string()));
    let write = tokio::time::timeout(Duration::from_secs(60), db.write(|_| Ok(()))).await.unwrap();
    assert!(matches!(write, Err(Error::Damaged)), "{write:?}");
    db.read(move |tx| store::get_any(tx, other)).await.unwrap().unwrap();
    db.close().await;
}

/// What the search says to many questions: titles in their order, and how many there are.
async fn answers(house: &House) -> Vec<(Vec<String>, u64)> {
    let mut all = Vec::new();
    for q in ["common", "tail3", "number7", "\"common number9\"", "num", "evening tail2", "nothing"] {
        let found = house.found(q).await;
        all.push((found.hits.into_iter().map(|hit| hit.listed.note.title).collect(), found.total));
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flipped_byte_of_the_index_is_never_asked() {
    let mut house = House::open().await;
    let mut written = Vec::new();
    for n in 0..60 {
        let body = format!("a common number{n} with tail{} {}", n % 7, if n % 2 == 0 { "evening" } else { "morning" });
        written.push(house.write(&format!("Note {n}"), &body, &[&format!("tag{}", n % 3)]).await);
    }
    house.found("common").await;
    // Segments with deletions, too.
    for id in &written[..5] {
        house.edit(*id, "rewritten common text").await;
    }
    let right = answers(&house).await;
    assert!(right.iter().map(|(titles, _)| titles.len()).sum::<usize>() > 100);
    house.search.stop().await;
    let directory = house.directory.path().join(DIRECTORY);
    let mut files: Vec<_> = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_none_or(|extension| extension != "lock"));
    files.sort();
    let whole: Vec<_> = files.into_iter().map(|path| (fs::read(&path).unwrap(), path)).collect();
    let (chance, mut rebuilt) = (ids(), 0);
    for (content, path) in &whole {
        // Small files are met in a few places, large ones in some more.
        for n in 0..4 + content.len() / 4096 {
            if content.is_empty() {
                continue;
            }
            fs::remove_dir_all(&directory).unwrap();
            fs::create_dir(&directory).unwrap();
            for (content, path) in &whole {
                fs::write(path, content).unwrap();
            }
            let places = 4 + content.len() / 4096;
            let at =
                (n * content.len() / places + below(&chance, content.len().div_ceil(places))).min(content.len() - 1);
            let mut flipped = content.clone();
            flipped[at] ^= 1 << below(&chance, 8);
            fs::write(path, &flipped).unwrap();
            house.clock.advance(Duration::from_secs(1));
            house.search = start(house.directory.path(), &house.db, &house.ids, &house.metrics);
            let said = answers(&house).await;
            assert_eq!(said, right, "byte {at} of {} in {}", content.len(), path.display());
            rebuilt += usize::from(house.search.status().progress.set_aside.is_some());
            house.search.stop().await;
        }
    }
    assert!(rebuilt > whole.len(), "{rebuilt} of {} files", whole.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_nightly_check_of_the_index_builds_a_damaged_one_anew() {
    let house = House::open().await;
    for n in 0..20 {
        house.write(&format!("Note {n}"), "a common text", &[]).await;
    }
    assert_eq!(house.found("common").await.total, 20);
    house.search.check_files();
    assert_eq!(house.asides(), 0, "a sound one is left alone");
    let file = house.index_file("idx");
    let mut content = fs::read(&file).unwrap();
    let middle = content.len() / 2;
    content[middle] ^= 1;
    fs::write(&file, content).unwrap();
    house.search.check_files();
    let begun = async {
        while house.asides() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, begun).await.unwrap();
    assert_eq!(house.found("common").await.total, 20);
    assert_eq!(house.asides(), 1);
}
