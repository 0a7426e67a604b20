//! The store against a model of it.
//!
//! Generated histories of two people are done to the real store and to plain maps. After each step everything that the store holds
//! is compared: notes, tags and their counters, notebooks and their places, the change log row by row. Lists are walked page by
//! page in every order. `PROPTEST_CASES` raises the number of histories.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod check;
mod model;
mod steps;
mod world;

use inkstone::notes::PinnedFilter;
use inkstone::{import, notebooks, notes};
use proptest::collection::vec;
use proptest::prelude::*;

use check::{ListAsk, Log, Seen};
use steps::{Failure, Single, single, step};
use world::{Pending, World, compare};

/// Histories in the gate: each waits for the disk at every step.
const CASES: u32 = 48;

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES);
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 2000, ..ProptestConfig::default() }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn ask() -> impl Strategy<Value = ListAsk> {
    use proptest::option::weighted;
    let pinned =
        prop_oneof![Just(PinnedFilter::First), Just(PinnedFilter::Only(true)), Just(PinnedFilter::Only(false)),];
    let tag = prop::sample::select(vec!["WORK", "x/y", "nobody's"]).prop_map(str::to_owned);
    (weighted(0.3, tag), weighted(0.3, 0..4_usize), weighted(0.6, pinned), 1..5_usize)
        .prop_map(|(tag, notebook, pinned, limit)| ListAsk { tag, notebook, pinned, limit })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_store_holds_what_the_model_holds(history in vec(step(), 1..40), asks in vec(ask(), 3), limit in 1..4_usize) {
        block_on(async {
            let mut world = World::open().await;
            let mut seen = Seen::default();
            for step in &history {
                world.take(step).await;
                seen.check(&mut world, Log::Exact).await;
            }
            seen.check_lists(&world, &asks).await;
            seen.check_small_lists(&world, limit).await;
            world.db.close().await;
            check::check_file(world.directory.path());
        });
    }

    #[test]
    fn writes_that_share_commits_come_out_as_if_one_by_one(
        history in vec(step(), 0..8),
        together in vec((0..2_usize, single(), proptest::option::weighted(0.15, failure())), 2..40),
    ) {
        block_on(async {
            let mut world = World::open().await;
            let mut seen = Seen::default();
            for step in &history {
                world.take(step).await;
            }
            seen.check(&mut world, Log::Several).await;
            submit_together(&mut world, &together).await;
            seen.check(&mut world, Log::Several).await;
            world.db.close().await;
            check::check_file(world.directory.path());
        });
    }
}

fn failure() -> impl Strategy<Value = Failure> {
    prop_oneof![Just(Failure::Error), Just(Failure::Panic), Just(Failure::Swallowed)]
}

/// Queues all of them while the writer is held, so that they share its transactions, and compares each answer with what it would
/// be if they came one by one.
async fn submit_together(world: &mut World, together: &[(usize, Single, Option<Failure>)]) {
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let held = world.db.write(move |_| {
        let _ = wait.recv();
        Ok(())
    });
    let mut pending = Vec::new();
    for (who, single, failure) in together {
        match failure {
            Some(how) => {
                let write = world.prepare_failing(*who, single, *how);
                pending.push((world.db.write(write), None));
            }
            None => {
                let Pending { write, expected } = world.prepare(*who, single);
                pending.push((world.db.write(write), Some(expected)));
            }
        }
    }
    drop(release);
    held.await.unwrap();
    let mut reached = 0;
    for (answer, expected) in pending {
        match expected {
            Some(expected) => {
                let change = compare(answer.await, expected).unwrap_or(reached);
                assert!(change >= reached, "changes are numbered in the order of the queue");
                reached = change;
            }
            None => assert!(answer.await.is_err()),
        }
    }
}

#[test]
fn a_folder_that_is_imported_twice_at_once_is_brought_in_once() {
    block_on(async {
        let world = World::open().await;
        let (release, wait) = std::sync::mpsc::channel::<()>();
        let held = world.db.write(move |_| Ok(wait.recv().is_err()));
        let twice: Vec<_> = (0..steps::FILES.len()).chain(0..steps::FILES.len()).collect();
        let writes: Vec<_> = twice
            .iter()
            .map(|file| {
                let prepared = world.prepared(0, *file).1;
                world.db.write(move |tx| import::store::bring_in(tx, &prepared))
            })
            .collect();
        drop(release);
        assert!(held.await.unwrap().value);
        let mut made = Vec::new();
        for write in writes {
            made.push(write.await.unwrap().value.made);
        }
        assert!(made[..steps::FILES.len()].iter().all(|made| *made) && !made[steps::FILES.len()..].contains(&true));
        let caller = world.people[0].clone();
        let (notes, notebooks) = world
            .db
            .read(move |tx| Ok((notes::store::count_all(tx)?, notebooks::store::list(tx, &caller, None, 100)?)))
            .await
            .unwrap();
        assert_eq!(notes, 6);
        assert_eq!(notebooks.len(), 3, "folders whose names differ in case are one notebook");
    });
}
