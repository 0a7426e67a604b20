//! The change log while many write: no change is skipped, none comes twice, none out of order.
//!
//! Three instances with writers, each followed all the while by its cursor; connections are ended in between, so that batches break
//! off and outcomes are lost. `FEED_CHANGES` sets how many changes; the gate runs a short form.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use inkstone::clock::Ids;
use inkstone::db::Db;
use inkstone::error::Error;
use inkstone::feed;
use uuid::Uuid;

use super::server::{Server, add};

const INSTANCES: usize = 3;
const WRITERS: usize = 16;
/// Changes of the short form.
const CHANGES: usize = 6_000;
/// Changes between two connections that are ended.
const BETWEEN_ENDS: usize = 1_500;

#[tokio::test(flavor = "multi_thread")]
async fn followers_see_every_change_once_and_in_order_whatever_breaks_off() {
    let Some(server) = Server::start() else { return };
    let wanted = std::env::var("FEED_CHANGES").ok().and_then(|n| n.parse().ok()).unwrap_or(CHANGES);
    let dbs: Vec<Db> = tokio::task::block_in_place(|| (0..INSTANCES).map(|_| server.open()).collect());
    let (written, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let followers: Vec<_> = dbs.iter().map(|db| tokio::spawn(follow(db.clone(), Arc::clone(&done)))).collect();
    let writers: Vec<_> = (0..WRITERS)
        .map(|n| {
            let (db, written, ids) = (dbs[n % INSTANCES].clone(), Arc::clone(&written), Ids::system());
            tokio::spawn(async move {
                let (mut sure, mut unknown) = (HashMap::new(), HashSet::new());
                while written.load(Ordering::Relaxed) < wanted {
                    let id = ids.id();
                    match db.write(move |tx| add(tx, id)).await {
                        Ok(change) => {
                            written.fetch_add(1, Ordering::Relaxed);
                            sure.insert(id, change.value);
                        }
                        Err(Error::OutcomeUnknown) => {
                            unknown.insert(id);
                        }
                        Err(Error::DatabaseUnavailable { .. } | Error::Busy { .. }) => tokio::task::yield_now().await,
                        Err(other) => panic!("{other:?}"),
                    }
                }
                (sure, unknown)
            })
        })
        .collect();
    let mut next = BETWEEN_ENDS;
    let mut ends = 0;
    while written.load(Ordering::Relaxed) < wanted {
        if written.load(Ordering::Relaxed) >= next {
            next += BETWEEN_ENDS;
            ends += 1;
            tokio::task::block_in_place(|| {
                server.run(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE application_name = 'inkstone inkstone' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 3",
                );
            });
        }
        tokio::task::yield_now().await;
    }
    let (mut sure, mut unknown) = (HashMap::new(), HashSet::new());
    for writer in writers {
        let (more, lost) = writer.await.unwrap();
        sure.extend(more);
        unknown.extend(lost);
    }
    done.store(true, Ordering::Relaxed);
    let mut logs = Vec::new();
    for follower in followers {
        logs.push(tokio::time::timeout(Duration::from_secs(60), follower).await.unwrap().unwrap());
    }
    for log in &logs {
        assert_eq!(log, &logs[0], "all followers have seen the same");
    }
    let log: HashMap<Uuid, i64> = logs[0].iter().copied().collect();
    assert_eq!(log.len(), logs[0].len(), "none twice");
    assert!(logs[0].iter().zip(1..).all(|((_, seq), n)| *seq == n), "none skipped, none out of order");
    for (id, seq) in &sure {
        assert_eq!(log.get(id), Some(seq), "what was acknowledged is there, under its number");
    }
    let strangers: Vec<_> = log.keys().filter(|id| !sure.contains_key(id) && !unknown.contains(id)).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
    println!("{} changes, {} of unknown outcome, connections ended {ends} times", log.len(), unknown.len());
    for db in dbs {
        db.close().await;
    }
}

/// Follows as the index and browsers do: a cursor, a hint to wake by, and a look now and then.
async fn follow(db: Db, done: Arc<AtomicBool>) -> Vec<(Uuid, i64)> {
    let (mut head, mut at, mut seen) = (db.watch_head(), 0, Vec::new());
    loop {
        let over = done.load(Ordering::Relaxed);
        match db.read(move |tx| feed::store::since(tx, at, 1_000)).await {
            Ok(changes) if changes.is_empty() && over => return seen,
            Ok(changes) if changes.is_empty() => {
                let _ = tokio::time::timeout(Duration::from_millis(50), head.changed()).await;
            }
            Ok(changes) => {
                for change in changes {
                    at = change.seq;
                    seen.push((change.id, change.seq));
                }
            }
            Err(Error::DatabaseUnavailable { .. }) => tokio::task::yield_now().await,
            Err(other) => panic!("{other:?}"),
        }
    }
}
