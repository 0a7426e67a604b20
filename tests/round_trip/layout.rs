//! The archive as a person sees it.

use super::house::{House, block_on, entries};
use super::note;
use super::stores::{Fate, NoteSpec};

#[test]
fn an_archive_is_readable_without_us() {
    block_on(async {
        let house = House::open(1).await;
        let work = house.notebook("Work", None).await;
        house.notebook("Empty", Some(work)).await;
        house
            .notes(&[
                NoteSpec { title: Some("Plans".into()), notebook_id: Some(work), pinned: true, ..note("soon\n") },
                NoteSpec { tags: vec!["home".into()], ..note("# Tea\n\nWater.\n") },
                NoteSpec {
                    title: Some("plans".into()),
                    notebook_id: Some(work),
                    fate: Fate::Archived,
                    ..note("old\n")
                },
                NoteSpec { notebook_id: Some(work), fate: Fate::Trashed, ..note("") },
            ])
            .await;
        let entries = entries(house.export().0.path());
        let paths: Vec<&str> = entries.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "inkstone-export.json",
                "README.txt",
                "notes/Work/",
                "notes/Work/Empty/",
                "notes/Work/Plans.md",
                "notes/Tea.md",
                "notes/Work/plans (2).md",
                "trash/Work/Untitled.md",
            ]
        );
        let text = |n: usize| String::from_utf8(entries[n].1.clone().unwrap()).unwrap();
        assert!(text(4).starts_with("---\ntitle: \"Plans\"\ncreated: "), "{}", text(4));
        assert!(text(4).ends_with("\ninkstone: 1\n---\nsoon\n"), "{}", text(4));
        assert!(text(5).starts_with("---\ntags: [\"home\"]\n"), "{}", text(5));
        assert!(text(7).contains("\nstate: trashed\ntrashed: "), "{}", text(7));
        let manifest: serde_json::Value = serde_json::from_str(&text(0)).unwrap();
        assert_eq!(
            (&manifest["format"], &manifest["version"], &manifest["notes"]),
            (&"inkstone-export".into(), &1.into(), &4.into())
        );
        assert_eq!(manifest["notebooks"][1]["folder"], "Work/Empty");
    });
}

#[test]
fn an_account_without_notes_has_an_archive_too() {
    block_on(async {
        let (archive, summary) = House::open(1).await.export();
        assert_eq!((summary.notes, summary.notebooks), (0, 0));
        assert_eq!(entries(archive.path()).len(), 2);
    });
}
