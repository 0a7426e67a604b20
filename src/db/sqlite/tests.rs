//! What is SQLite's alone: its file, its migrations, and what its errors leave behind.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rusqlite::Connection;

use super::super::tests::{add, block, count, ids};
use super::super::{Db, Fatal, Options, WriteOptions, migrate};
use crate::error::Error;

fn options(dir: &Path) -> Options {
    std::fs::create_dir_all(dir.join("backups")).unwrap();
    Options::in_dir(dir, ids())
}

fn open(dir: &Path) -> Db {
    Db::open(options(dir)).unwrap()
}

#[tokio::test]
async fn a_full_disk_fails_the_write_that_met_it_and_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    let runs = Arc::new(AtomicUsize::new(0));
    db.tamper(|conn| {
        let pages: i64 = conn.query_row("PRAGMA page_count", [], |r| r.get(0)).unwrap();
        conn.pragma_update(None, "max_page_count", pages + 2).unwrap();
    });
    let release = block(&db);
    let counted = Arc::clone(&runs);
    let small = db.write(move |tx| {
        counted.fetch_add(1, Ordering::SeqCst);
        add(tx, 1)
    });
    let big = db.write(|tx| {
        add(tx, 2)?;
        let text = "x".repeat(1 << 20);
        tx.execute("UPDATE users SET name = $1", &[(&text).into()])
    });
    let later = db.write(|tx| add(tx, 3));
    drop(release);
    assert!(matches!(big.await, Err(Error::StorageFull)));
    small.await.unwrap();
    later.await.unwrap();
    assert_eq!(db.read(count).await.unwrap(), 2);
    assert!(runs.load(Ordering::SeqCst) >= 1);
    db.tamper(|conn| conn.pragma_update(None, "max_page_count", i64::from(i32::MAX)).unwrap());
    db.write(|tx| add(tx, 4)).await.unwrap();
}

#[tokio::test]
async fn a_touched_disk_reserve_refuses_growth_and_lets_purges_through() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(Options { disk_reserve: u64::MAX, ..options(dir.path()) }).unwrap();
    assert!(matches!(db.write(|tx| add(tx, 1)).await, Err(Error::StorageFull)));
    let frees = WriteOptions { frees: true, ..WriteOptions::default() };
    db.write_with(frees, |tx| tx.execute("DELETE FROM users", &[])).await.unwrap();
    assert_eq!(db.read(count).await.unwrap(), 0, "reading goes on");
}

#[tokio::test]
async fn a_lost_transaction_is_run_again_for_those_who_did_not_lose_it() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    // A commit that is refused leaves nothing behind: the batch is run again, one by one.
    let refused = Arc::new(AtomicBool::new(false));
    let once = Arc::clone(&refused);
    db.tamper(move |conn| conn.commit_hook(Some(move || !once.swap(true, Ordering::SeqCst))).unwrap());
    let release = block(&db);
    let writes: Vec<_> = (1..=3).map(|n| db.write(move |tx| add(tx, n))).collect();
    drop(release);
    for (n, write) in writes.into_iter().enumerate() {
        assert_eq!(write.await.unwrap().change, i64::try_from(n).unwrap() + 1);
    }
    assert!(refused.load(Ordering::SeqCst));
    assert_eq!(db.read(count).await.unwrap(), 3);
}

#[tokio::test]
async fn an_unknown_commit_outcome_is_never_answered_as_done() {
    let dir = tempfile::tempdir().unwrap();
    let told = Arc::new(AtomicBool::new(false));
    let heard = Arc::clone(&told);
    let fatal: Fatal = Arc::new(move |_| heard.store(true, Ordering::SeqCst));
    let db = Db::open(Options { fatal, ..options(dir.path()) }).unwrap();
    // A transaction that ended behind the writer's back: COMMIT fails, and not for want of room.
    let release = block(&db);
    let write = db.write(|tx| add(tx, 1));
    db.tamper(|conn| conn.execute_batch("ROLLBACK").unwrap());
    drop(release);
    assert!(matches!(write.await, Err(Error::OutcomeUnknown)));
    assert!(told.load(Ordering::SeqCst), "the process is told to end");
    assert!(db.write(|tx| add(tx, 2)).await.is_err(), "nothing is written after it");
}

#[test]
fn stores_that_must_not_be_opened_are_refused_each_by_its_own_name() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("inkstone.db");
    std::fs::write(&file, "this is a letter, not a database, and it is long enough to have a header".repeat(9))
        .unwrap();
    let slug = |o: Options| Db::open(o).map(|_| ()).unwrap_err().slug();
    assert_eq!(slug(options(dir.path())), "not-a-database");

    let other = tempfile::tempdir().unwrap();
    let conn = Connection::open(other.path().join("inkstone.db")).unwrap();
    conn.execute_batch("CREATE TABLE recipes (id INTEGER)").unwrap();
    drop(conn);
    assert_eq!(slug(options(other.path())), "not-a-database");

    let newer = tempfile::tempdir().unwrap();
    drop(Db::open(options(newer.path())).unwrap());
    let conn = Connection::open(newer.path().join("inkstone.db")).unwrap();
    conn.execute_batch(
        "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
         VALUES (999, 'tomorrow', '2030-01-01T00:00:00Z', '1')",
    )
    .unwrap();
    drop(conn);
    assert_eq!(slug(options(newer.path())), "schema-newer");

    let diverged = tempfile::tempdir().unwrap();
    drop(Db::open(options(diverged.path())).unwrap());
    let conn = Connection::open(diverged.path().join("inkstone.db")).unwrap();
    conn.execute_batch("UPDATE refinery_schema_history SET checksum = '1' WHERE version = 1").unwrap();
    drop(conn);
    assert_eq!(slug(options(diverged.path())), "migration-diverged");

    let missing = dir.path().join("nowhere");
    assert_eq!(Db::open(Options::in_dir(&missing, ids())).map(|_| ()).unwrap_err().slug(), "store-unreadable");
}

#[test]
fn migrating_reports_its_steps_once_and_a_dry_run_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    options(dir.path());
    let (file, backups, now) = (dir.path().join("inkstone.db"), dir.path().join("backups"), ids().now());
    assert_eq!(migrate::status(&file).unwrap().current(), 0);
    let dry = migrate::dry_run(&file, &backups, now).unwrap();
    assert!(!dry.applied.is_empty() && !file.exists());
    assert_eq!(std::fs::read_dir(&backups).unwrap().count(), 0, "the copy is gone");
    let up = migrate::up(&file, &backups, now).unwrap();
    assert_eq!((up.applied.len(), up.snapshot), (dry.applied.len(), None));
    assert_eq!(migrate::status(&file).unwrap().pending(), 0);
    assert!(migrate::up(&file, &backups, now).unwrap().applied.is_empty());
}

#[tokio::test]
async fn a_write_whose_transaction_was_ended_under_it_is_not_answered_as_done() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    let release = block(&db);
    let before = db.write(|tx| add(tx, 1));
    // A statement of the engine itself, past the check of statements.
    let ending = db.write(|tx| {
        add(tx, 2)?;
        tx.end_under_it();
        Ok(())
    });
    let after = db.write(|tx| add(tx, 3));
    drop(release);
    assert!(matches!(ending.await, Err(Error::Internal(_))));
    before.await.unwrap();
    after.await.unwrap();
    assert_eq!(db.read(count).await.unwrap(), 2, "the others are written once each");
}

#[test]
fn a_store_that_failed_its_check_after_a_migration_stays_refused() {
    let dir = tempfile::tempdir().unwrap();
    drop(Db::open(options(dir.path())).unwrap());
    let file = dir.path().join("inkstone.db");
    let with = |sql: &str| Connection::open(&file).unwrap().execute_batch(sql).unwrap();
    with(
        "PRAGMA user_version = 1; PRAGMA foreign_keys = OFF;
          INSERT INTO tags (id, owner, name, name_key, notes) VALUES (x'01', x'02', 'n', 'n', 0)",
    );
    for _ in 0..2 {
        assert_eq!(Db::open(options(dir.path())).map(|_| ()).unwrap_err().slug(), "foreign-keys-broken");
    }
    with("DELETE FROM tags");
    drop(Db::open(options(dir.path())).unwrap());
    let mark: i64 = Connection::open(&file).unwrap().query_row("PRAGMA user_version", [], |r| r.get(0)).unwrap();
    assert_eq!(mark, 0);
}

#[tokio::test]
async fn a_sound_file_passes_the_check_and_a_damaged_one_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    for n in 1..200 {
        db.write(move |tx| add(tx, n)).await.unwrap();
    }
    db.quick_check().unwrap();
    db.close().await;
    let file = dir.path().join("inkstone.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0x5A);
    std::fs::write(&file, bytes).unwrap();
    if let Ok(db) = Db::open(options(dir.path())) {
        assert!(matches!(db.quick_check(), Err(Error::Corrupt(_))));
    }
}
