//! What the store promises, on either engine.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use uuid::Uuid;

use super::*;
use crate::clock::{Ids, ManualClock, SeededEntropy, Timestamp};
use crate::metrics::StoreMetrics;

pub(super) fn ids() -> Ids {
    let clock = ManualClock::new(Timestamp::from_micros(1_700_000_000_000_000));
    Ids::new(Arc::new(clock), Arc::new(SeededEntropy::new(1)))
}

fn options(dir: &Path) -> Options {
    std::fs::create_dir_all(dir.join("backups")).unwrap();
    Options::for_test(dir, ids())
}

fn open(dir: &Path) -> Db {
    Db::open(options(dir)).unwrap()
}

/// A user's row, the smallest thing that a test can write: `n` is its key.
pub(super) fn add(tx: &mut WriteTx<'_>, n: i64) -> Result<i64> {
    let id = Uuid::from_u128(u128::try_from(n).unwrap());
    let key = format!("u{n}@example.com");
    tx.execute(
        "INSERT INTO users (id, email, email_key, name, role, password, created_at, updated_at)
         VALUES ($1, $2, $2, 'n', 'member', '', 0, 0)",
        &[id.into(), (&key).into()],
    )?;
    let seq = tx.next_change();
    tx.execute(
        "INSERT INTO changes (seq, kind, id, owner, op) VALUES ($1, 'account', $2, $2, 'put')",
        &[seq.into(), id.into()],
    )?;
    Ok(seq)
}

pub(super) fn count(tx: &mut ReadTx<'_>) -> Result<i64> {
    tx.query_one("SELECT count(*) FROM users", &[], |r| r.int(0))
}

/// Holds the writer until the sender is dropped, so that a test can fill the queue behind it.
pub(super) fn block(db: &Db) -> std::sync::mpsc::Sender<()> {
    let (release, wait) = std::sync::mpsc::channel::<()>();
    db.pause(move || {
        let _ = wait.recv();
    });
    release
}

#[tokio::test]
async fn a_write_is_seen_by_the_next_read_and_numbers_its_change() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    let first = db.write(|tx| add(tx, 1)).await.unwrap();
    let second = db.write(|tx| add(tx, 2)).await.unwrap();
    assert_eq!((first.value, first.change, second.change), (1, 1, 2));
    assert_eq!(db.read(count).await.unwrap(), 2);
    assert_eq!(db.head(), 2);
    db.close().await;
    assert_eq!(open(dir.path()).head(), 2, "the head comes back with the store");
}

#[tokio::test]
async fn writes_that_wait_together_share_one_commit() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    let metrics = StoreMetrics::default();
    drop(db);
    let db = Db::open(Options { metrics: metrics.clone(), ..options(dir.path()) }).unwrap();
    let release = block(&db);
    let writes: Vec<_> = (1..=50).map(|n| db.write(move |tx| add(tx, n))).collect();
    drop(release);
    let mut changes = Vec::new();
    for write in writes {
        changes.push(write.await.unwrap().change);
    }
    assert_eq!(changes, (1..=50).collect::<Vec<_>>());
    assert_eq!(metrics.writes.get(), 50);
    assert!(metrics.commits.get() <= 2, "{} commits", metrics.commits.get());
}

#[tokio::test]
async fn a_failed_closure_leaves_no_trace_and_no_hole_in_the_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    let release = block(&db);
    let one = db.write(|tx| add(tx, 1));
    let bad = db.write(|tx| add(tx, 2).and(Err::<i64, _>(Error::StorageFull)));
    let panicking = db.write(|tx| -> Result<i64> {
        add(tx, 3)?;
        panic!("a defect in a feature");
    });
    let two = db.write(|tx| add(tx, 4));
    drop(release);
    assert_eq!(one.await.unwrap().change, 1);
    assert!(matches!(bad.await, Err(Error::StorageFull)));
    assert!(matches!(panicking.await, Err(Error::Internal(_))));
    assert_eq!(two.await.unwrap().change, 2);
    assert_eq!(db.read(count).await.unwrap(), 2);
}

/// [`add`] without waiting.
fn post(tx: &mut WriteTx<'_>, n: i64) -> Result<()> {
    let id = Uuid::from_u128(u128::try_from(n).unwrap());
    let key = format!("u{n}@example.com");
    tx.post(
        "INSERT INTO users (id, email, email_key, name, role, password, created_at, updated_at)
         VALUES ($1, $2, $2, 'n', 'member', '', 0, 0)",
        &[id.into(), (&key).into()],
    )
}

#[tokio::test]
async fn a_posted_statement_that_fails_fails_its_closure_alone() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    let release = block(&db);
    let one = db.write(|tx| post(tx, 1));
    let unheard = db.write(|tx| post(tx, 2).and_then(|()| post(tx, 1)));
    let heard = db.write(|tx| post(tx, 1).and_then(|()| count(tx)));
    let swallowed = db.write(|tx| {
        let _ = post(tx, 1);
        Ok(())
    });
    let refused = db.write(|tx| post(tx, 3).and(Err::<(), _>(Error::StorageFull)));
    let many = db.write(|tx| {
        for n in 100..400 {
            post(tx, n)?;
        }
        count(tx)
    });
    let two = db.write(|tx| post(tx, 4));
    drop(release);
    one.await.unwrap();
    assert!(unheard.await.is_err() && heard.await.is_err() && swallowed.await.is_err());
    assert!(matches!(refused.await, Err(Error::StorageFull)));
    assert_eq!(many.await.unwrap().value, 301, "what was posted is seen by what comes behind it");
    two.await.unwrap();
    assert_eq!(db.read(count).await.unwrap(), 302);
}

#[tokio::test]
async fn a_transaction_is_poisoned_by_its_first_failed_statement() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    let outcome = db
        .write(|tx| {
            add(tx, 1)?;
            let _ = add(tx, 1);
            assert!(matches!(count(tx), Err(Error::Internal(_))), "nothing runs after a failure");
            Ok(())
        })
        .await;
    assert!(outcome.is_err(), "swallowing the failure does not commit it");
    assert_eq!(db.read(count).await.unwrap(), 0);
}

#[tokio::test]
async fn hooks_run_after_their_commit_before_the_answer_and_never_for_a_failure() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    let ran = Arc::new(AtomicUsize::new(0));
    let hook = Arc::clone(&ran);
    db.write(move |tx| {
        let hook = Arc::clone(&hook);
        tx.after_commit(move || {
            hook.fetch_add(1, Ordering::SeqCst);
        });
        add(tx, 1)
    })
    .await
    .unwrap();
    assert_eq!(ran.load(Ordering::SeqCst), 1);
    let hook = Arc::clone(&ran);
    let failed = db
        .write(move |tx| -> Result<()> {
            let hook = Arc::clone(&hook);
            tx.after_commit(move || {
                hook.fetch_add(1, Ordering::SeqCst);
            });
            Err(Error::Deadline)
        })
        .await;
    assert!(failed.is_err());
    assert_eq!(ran.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_write_whose_caller_has_gone_is_not_run() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    let release = block(&db);
    let abandoned = db.write(|tx| add(tx, 1));
    let kept = db.write(|tx| add(tx, 2));
    drop(abandoned);
    drop(release);
    kept.await.unwrap();
    assert_eq!(db.read(count).await.unwrap(), 1);
}

#[tokio::test]
async fn a_full_queue_is_busy_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    let release = block(&db);
    let heavy = WriteOptions { weight: 40 << 20, frees: false };
    let first = db.write_with(heavy, |tx| add(tx, 1));
    let second = db.write_with(heavy, |tx| add(tx, 2)).await;
    assert!(matches!(second, Err(Error::Busy { .. })));
    drop(release);
    first.await.unwrap();
}

#[tokio::test]
async fn the_store_refuses_to_be_called_from_inside_itself() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    let inner = db.clone();
    let outcome = db.read(move |_| inner.read_blocking(count)).await;
    assert!(matches!(outcome, Err(Error::Internal(_))));
}

#[tokio::test]
async fn an_endless_read_is_given_up_and_the_thread_lives_on() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(Options { readers: 1, read_deadline: Duration::from_millis(50), ..options(dir.path()) }).unwrap();
    let endless =
        "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    assert!(matches!(db.read(|tx| tx.query_one(endless, &[], |r| r.int(0))).await, Err(Error::Deadline)));
    assert_eq!(db.read(count).await.unwrap(), 0);
}

#[tokio::test]
async fn a_read_is_one_snapshot() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    let (entered, inside) = std::sync::mpsc::channel();
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let read = db.read(move |tx| {
        let before = count(tx)?;
        entered.send(()).unwrap();
        let _ = wait.recv();
        Ok((before, count(tx)?))
    });
    let read = tokio::spawn(read);
    tokio::task::spawn_blocking(move || inside.recv().unwrap()).await.unwrap();
    db.write(|tx| add(tx, 1)).await.unwrap();
    drop(release);
    assert_eq!(read.await.unwrap().unwrap(), (0, 0));
}

#[tokio::test]
async fn a_held_snapshot_stays_as_it_was_and_keeps_nobody_from_writing() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    let (entered, inside) = std::sync::mpsc::channel();
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let holder = db.clone();
    let held = tokio::task::spawn_blocking(move || {
        holder.hold(|tx| {
            entered.send(()).unwrap();
            let _ = wait.recv();
            count(tx)
        })
    });
    tokio::task::spawn_blocking(move || inside.recv().unwrap()).await.unwrap();
    db.write(|tx| add(tx, 1)).await.unwrap();
    drop(release);
    assert_eq!(held.await.unwrap().unwrap(), 0, "taken before the first statement of the closure");
    let after = || {
        assert_eq!(db.hold(count).unwrap(), 1);
        assert!(matches!(db.hold(|_| db.hold(count)), Err(Error::Internal(_))));
    };
    std::thread::scope(|scope| scope.spawn(after).join()).unwrap();
}

#[tokio::test]
async fn closing_the_store_ends_what_is_held() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    let (entered, inside) = std::sync::mpsc::channel();
    let holder = db.clone();
    let held = tokio::task::spawn_blocking(move || {
        holder.hold(|tx| {
            entered.send(()).unwrap();
            let endless =
                "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
            tx.query_one(endless, &[], |r| r.int(0))
        })
    });
    tokio::task::spawn_blocking(move || inside.recv().unwrap()).await.unwrap();
    db.close().await;
    assert!(matches!(held.await.unwrap(), Err(Error::ShuttingDown)));
    assert!(matches!(db.hold(count), Err(Error::ShuttingDown)));
}

#[tokio::test]
async fn a_broken_reference_fails_the_write_even_when_only_its_first_row_was_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    let orphan = "INSERT INTO tags (id, owner, name, name_key, notes) VALUES ($1, $1, 'n', 'n', 0) RETURNING id";
    let id = Uuid::from_u128(7);
    let outcome = db.write(move |tx| tx.query_opt(orphan, &[id.into()], |r| r.id(0))).await;
    assert!(outcome.is_err(), "{outcome:?}");
}

#[tokio::test]
async fn reads_beyond_the_queue_are_busy_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(Options { readers: 1, ..options(dir.path()) }).unwrap();
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let first = db.read(move |_| Ok(wait.recv().is_err()));
    let queued: Vec<_> = (0..3000).map(|_| db.read(count)).collect();
    drop(release);
    assert!(first.await.unwrap());
    let mut refused = 0;
    for read in queued {
        refused += i32::from(matches!(read.await, Err(Error::Busy { .. })));
    }
    assert!((900..=1000).contains(&refused), "{refused}");
}

#[tokio::test]
async fn what_is_queued_behind_the_end_is_told_so() {
    let dir = tempfile::tempdir().unwrap();
    let db = open(dir.path());
    let release = block(&db);
    let closing = tokio::spawn({
        let db = db.clone();
        async move { db.close().await }
    });
    while !db.read(count).await.is_err_and(|e| matches!(e, Error::ShuttingDown)) {
        tokio::task::yield_now().await;
    }
    // Behind the order to stop or before it: either way the outcome is known.
    let late = db.write(|tx| add(tx, 1));
    drop(release);
    assert!(matches!(late.await, Ok(_) | Err(Error::ShuttingDown)));
    closing.await.unwrap();
}
