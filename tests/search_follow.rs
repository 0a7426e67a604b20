//! Search over a real store: the follower keeps up, starts over when it must, and never says more than is so.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod search_house;

use std::time::Duration;

use inkstone::caller::{Caller, Role, SessionId, UserId};
use inkstone::error::Error;
use inkstone::notes;
use inkstone::search::places::DIRECTORY;
use inkstone::search::query::Query;
use inkstone::search::verify::{Fault, Scope};
use inkstone::search::{Ask, Document, Effort, Filter, Found, Mode, Phase, Sort, opening};
use search_house::{House, PATIENCE};

#[tokio::test]
async fn what_is_written_edited_and_purged_is_followed() {
    let house = House::open().await;
    let id = house.write("Plans", "build a boat", &["Work"]).await;
    house.write("Other", "nothing", &[]).await;
    let found = house.found("boat ").await;
    assert_eq!((found.total, found.change, found.is_rebuilding), (1, house.db.head(), false));
    assert_eq!(found.hits[0].listed.note.id, id);
    assert_eq!(found.hits[0].listed.excerpt, Some(notes::excerpt("Plans", "build a boat")));
    assert_eq!(found.hits[0].highlights[0].fragment, "build a boat");
    assert_eq!(found.facets.tags[0].value, "Work");

    house.edit(id, "build a plane").await;
    assert!(house.titles("boat ").await.is_empty());
    assert_eq!(house.titles("plane ").await, ["Plans"]);

    house.purge(id).await;
    assert!(house.titles("plane ").await.is_empty());
    assert_eq!(house.titles("").await, ["Other"]);
    assert!(house.search.verify(Scope::All).await.unwrap().is_sound());
}

#[tokio::test]
async fn one_person_does_not_find_what_another_wrote() {
    let house = House::open().await;
    let bob = Caller::mint(
        UserId(house.ids.id()),
        Role::Admin,
        SessionId(house.ids.id()),
        inkstone::clock::Timestamp::default(),
        inkstone::caller::Device::local(),
    );
    house.add_user(bob.clone()).await;
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
    house.remove_index();
    house.restart().await;
    assert_eq!(house.found("common ").await.total, 200);
    assert!(house.search.verify(Scope::All).await.unwrap().is_sound());

    house.rebuild().await;
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
    assert!(house.search.verify(Scope::All).await.unwrap().is_sound());
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
        Effort::BesideRequests,
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
        tx.execute("UPDATE notes SET body = 'other', text_sum = NULL WHERE id = $1", &[changed.into()])?;
        tx.execute("DELETE FROM notes WHERE id = $1", &[gone.into()])
    };
    house.db.write(tamper).await.unwrap();
    let report = house.search.verify(Scope::All).await.unwrap();
    assert_eq!((report.notes, report.entries), (1, 2));
    assert_eq!((report.missing, report.extra, report.stale, report.differing), (0, 1, 0, 1));
    assert!(report.examples.contains(&(gone, Fault::Extra)) && report.examples.contains(&(changed, Fault::Differing)));
    assert!(!report.is_sound());
}

#[tokio::test]
async fn a_comparison_of_a_part_says_how_much_that_was() {
    let house = House::open().await;
    let mut ids = Vec::new();
    for n in 0..100 {
        ids.push(house.write(&format!("note {n}"), "text", &[]).await);
        house.clock.advance(Duration::from_secs(60));
    }
    house.found("").await;
    let since = house.db.head();
    let sample = house.search.verify(Scope::Sample(16)).await.unwrap();
    assert!(sample.is_sound() && sample.counts_differ == Some(false), "{sample:?}");
    assert!((8..=32).contains(&sample.compared) && sample.notes == 100 && sample.entries == 100, "{sample:?}");

    house.edit(ids[3], "other").await;
    house.purge(ids[4]).await;
    let changed = house.search.verify(Scope::Since(since)).await.unwrap();
    assert!(changed.is_sound() && changed.counts_differ.is_none(), "{changed:?}");
    assert_eq!((changed.compared, changed.change), (2, house.db.head()));
    assert_eq!(house.search.verify(Scope::Since(changed.change)).await.unwrap().compared, 0);
    assert_eq!(house.search.verify(Scope::All).await.unwrap().compared, 99);
}

#[tokio::test]
async fn a_comparison_of_a_part_finds_what_lies_in_it() {
    let house = House::open().await;
    let mut ids = Vec::new();
    for n in 0..40 {
        ids.push(house.write(&format!("note {n}"), "text", &[]).await);
        house.clock.advance(Duration::from_secs(60));
    }
    house.found("").await;
    let since = house.db.head();
    house.edit(ids[0], "changed").await;
    house.found("").await;
    // Behind the feed's back: one that has changed lately, one that has not.
    let (lately, long_ago) = (ids[0], ids[39]);
    let tamper = move |tx: &mut inkstone::db::WriteTx<'_>| {
        tx.execute("UPDATE notes SET body = 'other', text_sum = NULL WHERE id = $1", &[lately.into()])?;
        tx.execute("DELETE FROM notes WHERE id = $1", &[long_ago.into()])
    };
    house.db.write(tamper).await.unwrap();
    let changed = house.search.verify(Scope::Since(since)).await.unwrap();
    assert_eq!(changed.examples, [(lately, Fault::Differing)]);
    // As many as there are: each is picked almost surely, and that one is missing shows in the count in any case.
    let sample = house.search.verify(Scope::Sample(1_000)).await.unwrap();
    assert_eq!((sample.extra, sample.differing, sample.counts_differ), (1, 1, Some(true)));
    assert!(!house.search.verify(Scope::Sample(1)).await.unwrap().is_sound());
}

#[tokio::test]
async fn a_comparison_of_nothing_or_of_what_the_log_has_not_is_refused() {
    let house = House::open().await;
    house.write("one", "", &[]).await;
    house.found("").await;
    for scope in [Scope::Sample(0), Scope::Sample(u32::MAX), Scope::Since(-1), Scope::Since(house.db.head() + 1)] {
        let refused = house.search.verify(scope).await.unwrap_err();
        assert!(matches!(refused, inkstone::error::Error::Invalid(_)), "{scope:?}: {refused:?}");
    }
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
    assert!(house.search.verify(Scope::All).await.unwrap().is_sound());
}

#[tokio::test]
async fn waiting_for_a_change_ends_with_the_change_or_with_the_time() {
    let house = House::open().await;
    house.write("one", "", &[]).await;
    house.search.wait_for(house.db.head(), PATIENCE).await;
    assert_eq!(house.ask(house.ann.clone(), "one ").await.total, 1);
    house.search.wait_for(house.db.head() + 1, Duration::from_millis(1)).await;
    assert_eq!(house.ask(house.ann.clone(), "").await.change, house.db.head());
}

#[tokio::test]
async fn stopping_twice_and_asking_after_is_no_failure() {
    let house = House::open().await;
    house.write("one", "", &[]).await;
    house.found("").await;
    house.search.stop().await;
    house.search.stop().await;
    assert_eq!(house.search.status().progress.phase, Phase::Stopped);
    assert_eq!(house.ask(house.ann.clone(), "one ").await.total, 1);
    assert!(house.search.rebuild().await.is_err());
}

#[tokio::test]
async fn a_rebuild_that_was_cut_short_goes_on_where_it_was() {
    let mut house = House::open().await;
    let mut ids = Vec::new();
    for n in 0..100 {
        ids.push(house.write(&format!("note {n}"), "before", &[]).await);
    }
    house.search.stop().await;
    house.remove_index();
    let store = opening::Store { epoch: house.db.epoch(), head: house.db.head(), floor: 0 };
    let mut opened = opening::open(house.directory.path(), store, house.ids.now(), Effort::BesideRequests).unwrap();
    ids.sort_unstable();
    let half = house.db.read(|tx| notes::store::scan(tx, None, 50)).await.unwrap();
    for (owner, note) in &half {
        opened.writer.add(&Document::of(*owner, note)).unwrap();
    }
    opened.payload.rebuilding = half.last().map(|(_, note)| note.id);
    opened.writer.commit(&opened.payload).unwrap();
    drop(opened);

    // What changes meanwhile in the part that is in comes by the feed.
    house.edit(ids[0], "after").await;
    house.purge(ids[1]).await;
    let documents = house.metrics.documents.get();
    house.restart().await;
    assert_eq!(house.found("before ").await.total, 98);
    assert_eq!(house.found("after ").await.total, 1);
    assert_eq!(house.metrics.documents.get() - documents, 52, "fifty from the notes, two from the feed");
    assert!(house.search.verify(Scope::All).await.unwrap().is_sound());
}

#[tokio::test]
async fn a_search_is_gone_on_with_after_a_restart_as_long_as_ones_notes_are_the_same() {
    let mut house = House::open().await;
    for n in 0..6 {
        house.write(&format!("apple {n}"), &"apple ".repeat(n), &[]).await;
    }
    let whole = house.titles("apple ").await;
    let ask = |after| Ask {
        query: Query::parse("apple ").unwrap(),
        mode: Mode::All,
        filter: Filter::default(),
        sort: Sort::Relevance,
        zone: jiff::tz::TimeZone::UTC,
        limit: 2,
        after,
    };
    let page = |house: &House, after| {
        let (search, ann, ask) = (house.search.clone(), house.ann.clone(), ask(after));
        let db = house.db.clone();
        async move { db.read(move |tx| search.find(tx, &ann, &ask)).await }
    };
    let titles = |found: Found| found.hits.into_iter().map(|hit| hit.listed.note.title).collect::<Vec<_>>();
    let first = page(&house, None).await.unwrap();
    house.restart().await;
    assert!(house.search.settle(PATIENCE).await);
    let second = page(&house, first.next).await.unwrap();
    let third = page(&house, second.next).await.unwrap();
    assert_eq!(titles(second.clone()), whole[2..4]);
    assert_eq!(titles(third), whole[4..]);

    house.write("apple", "", &[]).await;
    house.restart().await;
    assert!(house.search.settle(PATIENCE).await);
    assert!(matches!(page(&house, second.next).await, Err(Error::CursorExpired)));
    house.search.stop().await;
}
