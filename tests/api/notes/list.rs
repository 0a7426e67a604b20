//! `GET /notes`: filters, orders and pages.

use std::cmp::Ordering;
use std::time::Duration;

use inkstone::fold;
use serde_json::{Value, json};

use crate::support::{Actor as _, App, Member, NOW};

const SORTS: [&str; 6] = ["-updated_at", "updated_at", "-created_at", "created_at", "title", "-title"];

/// Whether a note passes a list's filters.
fn passes(note: &Value, state: Option<&str>, tag: Option<&str>, notebook: Option<&str>, pinned: Option<&str>) -> bool {
    let has_tag = |tag: &str| note["tags"].as_array().unwrap().iter().any(|t| t.as_str() == Some(tag));
    note["state"] == state.unwrap_or("active")
        && tag.is_none_or(has_tag)
        && notebook.is_none_or(|id| note["notebook_id"] == id)
        && match pinned {
            Some("true") => note["pinned"] == true,
            Some("false") => note["pinned"] == false,
            _ => true,
        }
}

/// The order that `sort` names, ties broken by id.
fn order(a: &Value, b: &Value, sort: &str) -> Ordering {
    let column = sort.trim_start_matches('-');
    let key = |note: &Value| match column {
        "title" => fold::sort_key(note["title"].as_str().unwrap()),
        column => note[column].as_str().unwrap().to_owned(),
    };
    let up = key(a).cmp(&key(b)).then_with(|| a["id"].as_str().cmp(&b["id"].as_str()));
    if sort.starts_with('-') { up.reverse() } else { up }
}

fn ids<'n>(notes: impl IntoIterator<Item = &'n Value>) -> Vec<String> {
    notes.into_iter().map(|note| note["id"].as_str().unwrap().to_owned()).collect()
}

/// Two dozen notes of all kinds; two of them share each title, three each time.
async fn shelf(app: &App, ann: &Member<'_>, notebook: &str) -> Vec<Value> {
    let titles = ["Élan", "elan", "Zebra", "zebra", "", "ärger", "Birch", "birch", "10", "9", "ß", "東京"];
    for n in 0..24_usize {
        let new = json!({
            "title": titles[n % 12],
            "body": format!("body {n}"),
            "tags": if n % 3 == 0 { vec!["red", "all"] } else { vec!["all"] },
            "notebook_id": (n % 4 == 0).then_some(notebook),
            "pinned": n % 5 == 0,
        });
        let id = ann.note(new).await.id();
        if n % 3 == 1 {
            app.advance(Duration::from_secs(1));
        }
        match n % 6 {
            4 => drop(ann.edit(&id, json!({ "state": "archived" })).await),
            5 => drop(ann.trash(&id).await),
            1 => drop(ann.edit(&id, json!({ "body": format!("changed {n}") })).await),
            _ => {}
        }
    }
    let mut notes = Vec::new();
    for state in ["active", "archived", "trashed"] {
        notes.extend(ann.all(&format!("/notes?state={state}&limit=200")).await);
    }
    assert_eq!(notes.len(), 24);
    notes
}

#[tokio::test]
async fn every_filter_goes_with_every_order() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let notebook = ann.notebook(json!({ "name": "Box" })).await.id();
    let notes = shelf(&app, &ann, &notebook).await;
    for sort in SORTS {
        for state in [None, Some("active"), Some("archived"), Some("trashed")] {
            for tag in [None, Some("red"), Some("RED")] {
                for notebook in [None, Some(notebook.as_str())] {
                    for pinned in [None, Some("true"), Some("false"), Some("first")] {
                        let mut path = format!("/notes?limit=4&sort={sort}");
                        for (name, value) in
                            [("state", state), ("tag", tag), ("notebook_id", notebook), ("pinned", pinned)]
                        {
                            if let Some(value) = value {
                                path.push_str(&format!("&{name}={value}"));
                            }
                        }
                        let tag = tag.map(|_| "red");
                        let passing = notes.iter().filter(|note| passes(note, state, tag, notebook, pinned));
                        let mut expected: Vec<_> = passing.collect();
                        expected.sort_by(|a, b| {
                            let first =
                                (pinned == Some("first")).then(|| b["pinned"].as_bool().cmp(&a["pinned"].as_bool()));
                            first.unwrap_or(Ordering::Equal).then_with(|| order(a, b, sort))
                        });
                        assert_eq!(ids(&ann.all(&path).await), ids(expected), "{path}");
                    }
                }
            }
        }
    }
    app.close().await;
}

#[tokio::test]
async fn latest_change_comes_first_unless_told_otherwise() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let mut made = Vec::new();
    for n in 0..3 {
        made.push(ann.note(json!({ "body": n.to_string(), "pinned": n == 0 })).await.id());
        app.advance(Duration::from_secs(1));
    }
    ann.edit(&made[1], json!({ "body": "again" })).await;
    let expected = [&made[1], &made[2], &made[0]].map(|id| json!(id));
    assert_eq!(ann.each("/notes", "id").await, expected);
    assert_eq!(ann.each("/notes?sort=-updated_at", "id").await, expected);
    app.close().await;
}

#[tokio::test]
async fn bodies_come_when_asked_for_and_excerpts_otherwise() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    ann.note(json!({ "body": "# Title\n\nfirst *words*" })).await;
    let listed = &ann.all("/notes").await[0];
    assert_eq!((&listed["excerpt"], listed.get("body")), (&json!("first words"), None));
    let whole = &ann.all("/notes?include=body").await[0];
    assert_eq!((&whole["body"], whole.get("excerpt")), (&json!("# Title\n\nfirst *words*"), None));
    app.close().await;
}

#[tokio::test]
async fn an_excerpt_repeats_no_title_and_leaves_nothing_else_out() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let id = ann.note(json!({ "title": "Plans", "body": "build a boat" })).await.id();
    let excerpt = async || ann.each("/notes", "excerpt").await[0].clone();
    assert_eq!(excerpt().await, "build a boat");
    ann.edit(&id, json!({ "title": null })).await;
    assert_eq!(excerpt().await, "", "the line is the title now");
    ann.edit(&id, json!({ "title": "Boats" })).await;
    assert_eq!(excerpt().await, "build a boat");
    app.close().await;
}

#[tokio::test]
async fn others_notes_are_not_listed() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    let notebook = ann.notebook(json!({ "name": "Box" })).await.id();
    ann.note(json!({ "body": "mine", "tags": ["a"], "notebook_id": notebook })).await;
    for query in ["", "?tag=a", &format!("?notebook_id={notebook}"), "?pinned=first"] {
        assert!(stranger.all(&format!("/notes{query}")).await.is_empty(), "{query}");
        assert_eq!(ann.all(&format!("/notes{query}")).await.len(), 1, "{query}");
    }
    app.close().await;
}

#[tokio::test]
async fn pages_neither_skip_nor_repeat_while_notes_come_and_go() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for (sort, before, behind) in [("title", "a", "z"), ("-title", "z", "a")] {
        let mut stay = Vec::new();
        let mut leave = Vec::new();
        for n in 0..12 {
            let id = ann.note(json!({ "title": format!("m {n:02}"), "body": "" })).await.id();
            if n % 4 == 1 { leave.push(id) } else { stay.push(id) }
        }
        let (mut seen, mut cursor, mut late) = (Vec::new(), String::new(), Vec::new());
        loop {
            let page = ann.get(&format!("/notes?sort={sort}&limit=3{cursor}")).await.is(200);
            seen.extend(ids(page.items()));
            let Some(next) = page.cursor() else { break };
            cursor = format!("&cursor={next}");
            // One more on the way that has been walked, one on the way ahead, and one less somewhere.
            ann.note(json!({ "title": before, "body": "" })).await;
            if late.len() < 2 {
                late.push(ann.note(json!({ "title": format!("{behind} {}", late.len()), "body": "" })).await.id());
            }
            if let Some(gone) = leave.pop().filter(|gone| !seen.contains(gone)) {
                ann.purge(&gone).await;
            }
            // The last note of the page, which the cursor names, may go as well.
            ann.purge(seen.last().unwrap()).await;
        }
        for id in stay.iter().chain(&late) {
            assert_eq!(seen.iter().filter(|s| *s == id).count(), 1, "{sort}: {id}");
        }
        let mut unique = seen.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), seen.len(), "{sort}: nothing comes twice");
        for id in ann.each("/notes", "id").await {
            ann.purge(id.as_str().unwrap()).await;
        }
    }
    app.close().await;
}

#[tokio::test]
async fn a_cursor_belongs_to_its_query() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for n in 0..3 {
        ann.note(json!({ "body": n.to_string(), "tags": ["a"] })).await;
    }
    let page = ann.get("/notes?limit=1&sort=title&tag=a").await.is(200);
    let cursor = page.cursor().unwrap();
    ann.get(&format!("/notes?limit=2&sort=title&tag=a&cursor={cursor}")).await.is(200);
    ann.get(&format!("/notes?include=body&sort=title&tag=a&cursor={cursor}")).await.is(200);
    for other in
        ["sort=title", "sort=-title&tag=a", "tag=a", "sort=title&tag=a&pinned=first", "sort=title&tag=a&state=archived"]
    {
        ann.get(&format!("/notes?limit=1&{other}&cursor={cursor}")).await.malformed("cursor");
    }
    ann.get(&format!("/tags?cursor={cursor}")).await.malformed("cursor");
    for garbage in ["", "x", "%20", "AAAA"] {
        ann.get(&format!("/notes?sort=title&tag=a&cursor={garbage}")).await.malformed("cursor");
    }
    app.close().await;
}

#[tokio::test]
async fn what_a_list_cannot_be_asked() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        ("limit=1&limit=2", "limit"),
        ("state=gone", "state"),
        ("sort=size", "sort"),
        ("sort=%2Btitle", "sort"),
        ("pinned=maybe", "pinned"),
        ("include=tags", "include"),
        ("notebook_id=seven", "notebook_id"),
        ("colour=red", "colour"),
        ("tag=a&tag=b", "tag"),
        ("tag=%00", "tag"),
    ] {
        ann.get(&format!("/notes?{query}")).await.malformed(field);
    }
    ann.get("/notes?tag=a//b").await.invalid("tag");
    ann.get("/notes?limit=200").await.is(200);
    ann.get("/notes?tag=unknown").await.is(200);
    app.close().await;
}

#[tokio::test]
async fn a_tag_on_most_notes_is_listed_as_one_on_a_few() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    // The store walks along the order for a tag on more than 500 notes and fetches and sorts for one on fewer.
    let different = |n: usize| {
        let tags = match n {
            540.. => json!([]),
            n if n % 20 == 0 => json!(["common", "rare"]),
            _ => json!(["common"]),
        };
        // Many share a time.
        let (created, updated) =
            (NOW.minus(Duration::from_secs(n as u64 % 90)), NOW.plus(Duration::from_secs(n as u64 % 70)));
        json!({ "title": format!("note {:03}", n % 300), "tags": tags, "pinned": n.is_multiple_of(100), "archived": n % 50 == 1,
                "created_at": created, "updated_at": updated })
    };
    app.import(&ann.email, (0..560).map(different)).await;
    let counts = ann.all("/tags").await.into_iter().map(|tag| (tag["name"].clone(), tag["count"].clone()));
    assert_eq!(counts.collect::<Vec<_>>(), [(json!("common"), json!(540)), (json!("rare"), json!(27))]);
    let everything = {
        let mut notes = ann.all("/notes?limit=200").await;
        notes.extend(ann.all("/notes?limit=200&state=archived").await);
        notes
    };
    for tag in ["common", "rare"] {
        for sort in SORTS {
            for (state, pinned) in
                [("active", None), ("archived", None), ("active", Some("true")), ("active", Some("first"))]
            {
                let filter = pinned.map(|p| format!("&pinned={p}")).unwrap_or_default();
                let path = format!("/notes?limit=150&tag={tag}&sort={sort}&state={state}{filter}");
                let passing = everything.iter().filter(|note| passes(note, Some(state), Some(tag), None, pinned));
                let mut expected: Vec<_> = passing.collect();
                expected.sort_by(|a, b| {
                    let first = (pinned == Some("first")).then(|| b["pinned"].as_bool().cmp(&a["pinned"].as_bool()));
                    first.unwrap_or(Ordering::Equal).then_with(|| order(a, b, sort))
                });
                assert_eq!(ids(&ann.all(&path).await), ids(expected), "{path}");
            }
        }
    }
    app.close().await;
}
