//! Export and import are inverse: what leaves one store comes into another as it was.
//!
//! Stores are generated, with the names, texts and states that files and folders find hardest. `PROPTEST_CASES` raises their number.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod house;
mod layout;
mod stores;

use std::fs;

use inkstone::import::{Format, Gathered};
use inkstone::notes::State;
use inkstone::saved_searches::{Question, Sort};
use proptest::prelude::*;
use uuid::Uuid;

use house::{House, block_on, unpack};
use stores::{Fate, NoteSpec, store};

/// Stores in the gate: each waits for the disk with every write.
const CASES: u32 = 32;

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES);
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 500, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_was_exported_comes_back_equal(spec in store(), packed in any::<bool>()) {
        block_on(async {
            let (from, to) = (House::open(1).await, House::open(2).await);
            from.fill(&spec).await;
            let before = from.everything().await;
            let (archive, summary) = from.export();
            prop_assert_eq!(summary.notes as usize, before.notes.len());
            prop_assert_eq!(summary.notebooks as usize, before.notebooks.len());
            prop_assert_eq!(summary.bytes, fs::metadata(archive.path()).unwrap().len());
            let folder = tempfile::tempdir().unwrap();
            if packed {
                fs::copy(archive.path(), folder.path().join("a.zip")).unwrap();
            } else {
                unpack(archive.path(), folder.path());
            }
            let path = if packed { folder.path().join("a.zip") } else { folder.path().to_owned() };
            let outcome = to.import(&path, Format::Inkstone).await;
            prop_assert_eq!(&outcome.notes.remarks, &vec![]);
            prop_assert_eq!(&outcome.skipped, &vec![]);
            prop_assert_eq!(outcome.notes.imported as usize, before.notes.len());
            let after = to.everything().await;
            prop_assert_eq!(&after, &before);

            // A second time adds nothing; and neither does the store's own archive.
            for path in [path.as_path(), to.export().0.path()] {
                let again = to.import(path, Format::Auto).await;
                prop_assert_eq!((again.notes.imported, again.notebooks), (0, 0));
                prop_assert_eq!(again.notes.unchanged as usize, before.notes.len());
            }
            prop_assert_eq!(&to.everything().await, &before);
            prop_assert_eq!(fs::read(from.export().0.path()).unwrap(), fs::read(archive.path()).unwrap());
            Ok(())
        })?;
    }
}

fn note(body: &str) -> NoteSpec {
    NoteSpec { body: body.to_owned(), ..NoteSpec::default() }
}

#[test]
fn a_taken_id_is_never_overwritten_and_the_report_says_so() {
    block_on(async {
        let house = House::open(1).await;
        let ids = house.notes(&[note("first"), note("second"), note("third")]).await;
        let (archive, _) = house.export();
        house.edit(ids[0], "edited since").await;
        house.purge(ids[1]).await;
        let outcome = house.import(archive.path(), Format::Auto).await;
        assert_eq!((outcome.notes.imported, outcome.notes.unchanged), (2, 1));
        assert_eq!(outcome.notes.remarks.len(), 2, "{:?}", outcome.notes.remarks);
        for (remark, id) in outcome.notes.remarks.iter().zip([ids[0], ids[1]]) {
            assert!(remark.detail.contains(&id.to_string()) && remark.detail.contains("taken"), "{remark:?}");
        }
        let bodies = house.bodies().await;
        assert_eq!(bodies, ["edited since", "first", "second", "third"]);
        let again = house.import(archive.path(), Format::Auto).await;
        assert_eq!((again.notes.imported, again.notes.unchanged), (0, 3), "and the copies are not copied");
    });
}

#[test]
fn another_person_on_the_same_server_gets_copies_with_ids_of_their_own() {
    block_on(async {
        let house = House::open(1).await;
        let work = house.notebook("Work", None).await;
        let below = house.notebook("Below", Some(work)).await;
        house.notes(&[NoteSpec { notebook_id: Some(below), ..note("text") }]).await;
        let (archive, _) = house.export();
        let other = house.another().await;
        for round in 0..2 {
            let outcome = other.import(archive.path(), Format::Auto).await;
            assert_eq!(outcome.notes.imported, u64::from(round == 0));
            let theirs = other.everything().await;
            assert_eq!(theirs.notebooks.len(), 2);
            assert!(theirs.notebooks.iter().all(|n| ![work, below].contains(&n.id)));
            let place = theirs.notebooks.iter().find(|n| n.name == "Below").unwrap();
            assert_eq!(place.parent_id, theirs.notebooks.iter().find(|n| n.name == "Work").map(|n| n.id));
            assert_eq!(theirs.notes.values().next().unwrap().0.notebook_id, Some(place.id));
        }
        assert_eq!(house.everything().await.notes.len(), 1);
    });
}

#[test]
fn notes_go_to_the_notebook_of_the_same_name_in_the_same_place() {
    block_on(async {
        let (from, to) = (House::open(1).await, House::open(2).await);
        let theirs = from.notebook("Work", None).await;
        from.notes(&[NoteSpec { notebook_id: Some(theirs), ..note("text") }]).await;
        let ours = to.notebook("WORK", None).await;
        let outcome = to.import(from.export().0.path(), Format::Auto).await;
        let after = to.everything().await;
        assert_eq!(after.notebooks.len(), 1);
        assert_eq!(after.notes.values().next().unwrap().0.notebook_id, Some(ours));
        assert_eq!(outcome.notes.remarks.len(), 1, "{:?}", outcome.notes.remarks);
    });
}

#[test]
fn a_notebook_that_was_renamed_since_stays_as_it_is_and_takes_its_notes() {
    block_on(async {
        let house = House::open(1).await;
        let work = house.notebook("Work", None).await;
        let ids = house.notes(&[NoteSpec { notebook_id: Some(work), ..note("text") }]).await;
        let (archive, _) = house.export();
        house.rename(work, "Play").await;
        house.purge(ids[0]).await;
        house.import(archive.path(), Format::Auto).await;
        let after = house.everything().await;
        assert_eq!(after.notebooks.iter().map(|n| n.name.as_str()).collect::<Vec<_>>(), ["Play"]);
        assert_eq!(after.notes.values().next().unwrap().0.notebook_id, Some(work));
    });
}

#[test]
fn the_export_shows_one_moment_whatever_is_written_meanwhile() {
    block_on(async {
        let house = House::open(1).await;
        let ids = house.notes(&vec![note("before"); 600]).await;
        let (archive, summary) = house.export_while(|house| {
            block_on(async {
                house.edit(ids[599], "after").await;
                house.notes(&[note("new")]).await;
            });
        });
        assert_eq!(summary.notes, 600);
        let to = House::open(2).await;
        to.import(archive.path(), Format::Auto).await;
        assert!(to.bodies().await.iter().all(|body| body == "before"));
        assert_eq!(house.everything().await.notes.len(), 601);
    });
}

#[test]
fn files_that_a_person_adds_to_an_unpacked_export_land_in_the_notebook_of_their_folder() {
    block_on(async {
        let from = House::open(1).await;
        let plans = from.notebook("Plans: 2026/27", None).await;
        from.notes(&[NoteSpec { notebook_id: Some(plans), ..note("text") }]).await;
        let folder = tempfile::tempdir().unwrap();
        unpack(from.export().0.path(), folder.path());
        let inside = folder.path().join("notes/Plans_ 2026_27");
        fs::create_dir(inside.join("deeper")).unwrap();
        fs::write(inside.join("new.md"), "new").unwrap();
        fs::write(inside.join("deeper/newer.md"), "newer").unwrap();
        let to = House::open(2).await;
        let outcome = to.import(folder.path(), Format::Auto).await;
        assert_eq!((outcome.notes.imported, outcome.skipped.len()), (3, 0));
        let after = to.everything().await;
        let place = |body: &str| after.notes.values().find(|(n, _)| n.body == body).unwrap().0.notebook_id;
        assert_eq!(place("new"), Some(plans));
        let deeper = after.notebooks.iter().find(|n| n.name == "deeper").unwrap();
        assert_eq!((place("newer"), deeper.parent_id), (Some(deeper.id), Some(plans)));
        assert_eq!(after.notebooks.len(), 2);
    });
}

#[test]
fn one_file_of_an_export_by_itself_is_still_the_note_that_it_was() {
    block_on(async {
        let from = House::open(1).await;
        let spec = NoteSpec {
            title: Some("Tea".into()),
            tags: vec!["#odd tag".into()],
            fate: Fate::TrashedArchived,
            ..note("x")
        };
        let ids = from.notes(&[spec]).await;
        let folder = tempfile::tempdir().unwrap();
        unpack(from.export().0.path(), folder.path());
        let to = House::open(2).await;
        to.import(&folder.path().join("trash/Tea.md"), Format::Auto).await;
        assert_eq!(to.everything().await, from.everything().await);
        assert!(to.everything().await.notes.contains_key(&ids[0]));
    });
}

#[test]
fn as_plain_markdown_a_file_of_ours_is_a_file_like_any_other() {
    block_on(async {
        let from = House::open(1).await;
        let ids = from.notes(&[note("text")]).await;
        let to = House::open(2).await;
        let outcome = to.import(from.export().0.path(), Format::Markdown).await;
        assert_eq!(outcome.notes.imported, 1);
        let after = to.everything().await;
        assert!(!after.notes.contains_key(&ids[0]));
        assert!(after.notes.values().next().unwrap().0.body.contains("inkstone: 1"));
    });
}

#[test]
fn an_export_is_asked_for_and_anything_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.md"), "a").unwrap();
    assert!(Gathered::open(folder.path(), Format::Inkstone).is_err());
    let manifest = folder.path().join("inkstone-export.json");
    for json in ["", "{}", r#"{"format":"other","version":1}"#, r#"{"format":"inkstone-export","version":2}"#] {
        fs::write(&manifest, json).unwrap();
        assert!(Gathered::open(folder.path(), Format::Auto).is_err(), "{json}");
        assert!(Gathered::open(folder.path(), Format::Markdown).is_ok(), "{json}");
    }
}

#[test]
fn an_id_that_nobody_has_is_kept() {
    block_on(async {
        let (from, to) = (House::open(1).await, House::open(2).await);
        let theirs = from.notes(&[note("theirs")]).await;
        let ours: Vec<Uuid> = to.notes(&[note("ours")]).await;
        to.import(from.export().0.path(), Format::Auto).await;
        let mut ids: Vec<Uuid> = to.everything().await.notes.into_keys().collect();
        ids.sort();
        let mut expected = vec![theirs[0], ours[0]];
        expected.sort();
        assert_eq!(ids, expected);
    });
}

#[test]
fn an_id_that_no_note_could_have_is_not_taken_over() {
    block_on(async {
        let house = House::open(1).await;
        let folder = tempfile::tempdir().unwrap();
        for (n, id) in [Uuid::nil(), Uuid::max(), Uuid::from_u128(7)].iter().enumerate() {
            let text = format!("---\nid: {id}\ninkstone: 1\n---\nnumber {n}");
            fs::write(folder.path().join(format!("{n}.md")), text).unwrap();
        }
        let outcome = house.import(folder.path(), Format::Auto).await;
        assert_eq!((outcome.notes.imported, outcome.notes.remarks.len()), (3, 3));
        assert!(house.everything().await.notes.keys().all(|id| id.get_version_num() == 7));
        assert_eq!(house.import(folder.path(), Format::Auto).await.notes.unchanged, 3);
    });
}

#[test]
fn saved_searches_come_back_equal_and_once() {
    block_on(async {
        let (from, to) = (House::open(1).await, House::open(2).await);
        let work = from.notebook("Work", None).await;
        let everything = Question {
            query: "tea \"in the morning\" -coffee ".into(),
            state: Some(State::Archived),
            tag: Some("home/tea".into()),
            notebook_id: Some(work),
            pinned: Some(false),
            year: Some(2026),
            sort: Some(Sort::Created),
            exact: true,
        };
        from.saved_search("Tea", everything).await;
        from.saved_search("Été", Question { query: "été".into(), ..Question::default() }).await;
        let before = from.everything().await;
        let archive = from.export().0;
        let outcome = to.import(archive.path(), Format::Inkstone).await;
        assert_eq!((outcome.saved_searches, &outcome.notes.remarks), (2, &vec![]));
        assert_eq!(to.everything().await, before);
        let again = to.import(archive.path(), Format::Inkstone).await;
        assert_eq!((again.saved_searches, &again.notes.remarks), (0, &vec![]));
        assert_eq!(to.everything().await, before);
    });
}

#[test]
fn a_saved_search_of_a_taken_name_stays_as_it_is() {
    block_on(async {
        let (from, to) = (House::open(1).await, House::open(2).await);
        from.saved_search("Tea", Question { query: "green".into(), ..Question::default() }).await;
        to.saved_search("TEA", Question { query: "black".into(), ..Question::default() }).await;
        let outcome = to.import(from.export().0.path(), Format::Inkstone).await;
        assert_eq!((outcome.saved_searches, outcome.notes.remarks.len()), (0, 1), "{:?}", outcome.notes.remarks);
        assert_eq!(outcome.notes.remarks[0].source, "Tea");
        let after = to.everything().await.saved_searches;
        assert_eq!(after.iter().map(|one| one.question.query.as_str()).collect::<Vec<_>>(), ["black"]);
    });
}
