//! `/tags`.

use std::time::Duration;

use poem::http::Method;
use serde_json::json;

use crate::support::{Actor, App};

/// All tags with their counts.
async fn counts(actor: &impl Actor) -> Vec<(String, i64)> {
    let tags = actor.all("/tags").await;
    tags.iter().map(|tag| (tag["name"].as_str().unwrap().to_owned(), tag["count"].as_i64().unwrap())).collect()
}

fn counted(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    expected.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

#[tokio::test]
async fn a_tag_counts_the_notes_outside_the_trash() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let one = ann.note(json!({ "body": "1", "tags": ["a", "b"] })).await.id();
    let two = ann.note(json!({ "body": "2", "tags": ["b"] })).await.id();
    assert_eq!(counts(&ann).await, counted(&[("a", 1), ("b", 2)]));
    ann.edit(&two, json!({ "tags": ["a", "c"] })).await;
    assert_eq!(counts(&ann).await, counted(&[("a", 2), ("b", 1), ("c", 1)]));
    ann.edit(&two, json!({ "state": "archived" })).await;
    assert_eq!(counts(&ann).await, counted(&[("a", 2), ("b", 1), ("c", 1)]));
    ann.trash(&two).await;
    ann.trash(&two).await;
    assert_eq!(counts(&ann).await, counted(&[("a", 1), ("b", 1), ("c", 0)]));
    ann.call(Method::POST, &format!("/notes/{two}/restore")).await.is(200);
    assert_eq!(counts(&ann).await, counted(&[("a", 2), ("b", 1), ("c", 1)]));
    ann.trash(&two).await;
    ann.purge(&two).await;
    assert_eq!(counts(&ann).await, counted(&[("a", 1), ("b", 1)]), "a tag without notes is gone");
    ann.purge(&one).await;
    assert_eq!(counts(&ann).await, []);
    app.close().await;
}

#[tokio::test]
async fn a_tag_is_read_by_any_spelling_of_its_name() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    ann.note(json!({ "body": "", "tags": ["Work/Été", "plus+and %"] })).await;
    for path in ["/tags/Work%2F%C3%89t%C3%A9", "/tags/work%2f%C3%A9t%C3%A9", "/tags/WORK%2FE%CC%81te%CC%81"] {
        assert_eq!(ann.get(path).await.is(200).json["name"], "Work/Été", "{path}");
    }
    assert_eq!(ann.get("/tags/plus+and%20%25").await.is(200).json["name"], "plus+and %");
    for none in ["/tags/work", "/tags/Work/Été", "/tags/%20", "/tags/a%2F%2Fb"] {
        ann.get(none).await.fails(404, "not-found");
    }
    app.close().await;
}

#[tokio::test]
async fn tags_come_by_name_in_pages() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    ann.note(json!({ "body": "", "tags": ["b", "C", "a/b", "a", "Ä"] })).await;
    assert_eq!(ann.each("/tags?limit=2", "name").await, ["a", "a/b", "b", "C", "Ä"]);
    let page = ann.get("/tags?limit=2").await.is(200);
    let cursor = page.cursor().unwrap();
    ann.get(&format!("/notes?cursor={cursor}")).await.malformed("cursor");
    ann.get("/tags?cursor=x").await.malformed("cursor");
    ann.get("/tags?limit=0").await.malformed("limit");
    ann.get("/tags?sort=name").await.malformed("sort");
    app.close().await;
}

#[tokio::test]
async fn a_renamed_tag_shows_on_its_notes_and_makes_no_edit_stale() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let note = ann.note(json!({ "body": "1", "tags": ["z", "m"] })).await;
    let trashed = ann.note(json!({ "body": "2", "tags": ["m"] })).await.id();
    ann.trash(&trashed).await;
    app.advance(Duration::from_secs(1));
    let renamed = ann.patch("/tags/M", json!({ "name": "a/new name" })).await.is(200);
    assert_eq!((&renamed.json["name"], &renamed.json["count"]), (&json!("a/new name"), &json!(1)));
    assert_eq!(renamed.change(), ann.head().await);
    let now = ann.read(&note.id()).await;
    assert_eq!(now.json["tags"], json!(["a/new name", "z"]));
    assert_eq!((&now.json["version"], &now.json["updated_at"]), (&note.json["version"], &note.json["updated_at"]));
    assert_ne!(now.etag(), note.etag());
    assert_eq!(ann.read(&trashed).await.json["tags"], json!(["a/new name"]));
    ann.get("/tags/m").await.fails(404, "not-found");
    assert_eq!(ann.each("/notes?tag=A%2FNEW%20NAME", "id").await, [json!(note.id())]);
    ann.patch(&format!("/notes/{}", note.id()), json!({ "body": "x" })).if_match(&note.etag()).await.is(200);
    app.close().await;
}

#[tokio::test]
async fn a_tag_renamed_onto_another_merges_with_it() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let both = ann.note(json!({ "body": "1", "tags": ["one", "Two"] })).await.id();
    let first = ann.note(json!({ "body": "2", "tags": ["one"] })).await.id();
    ann.note(json!({ "body": "3", "tags": ["Two"] })).await;
    let two = ann.get("/tags/two").await.is(200);
    let merged = ann.patch("/tags/one", json!({ "name": "two" })).await.is(200);
    assert_eq!(
        (&merged.json["id"], &merged.json["name"]),
        (&two.json["id"], &json!("Two")),
        "the other's id and spelling"
    );
    assert_eq!(counts(&ann).await, counted(&[("Two", 3)]));
    for id in [both, first] {
        assert_eq!(ann.read(&id).await.json["tags"], json!(["Two"]));
    }
    app.close().await;
}

#[tokio::test]
async fn another_spelling_of_the_same_name_stays_the_same_tag() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let note = ann.note(json!({ "body": "1", "tags": ["work"] })).await;
    let before = ann.get("/tags/work").await.is(200);
    let now = ann.patch("/tags/work", json!({ "name": "WORK" })).await.is(200);
    assert_eq!((&now.json["id"], &now.json["name"]), (&before.json["id"], &json!("WORK")));
    let read = ann.read(&note.id()).await;
    assert_eq!((&read.json["tags"], &read.json["version"]), (&json!(["WORK"]), &note.json["version"]));
    assert_ne!(read.etag(), note.etag());
    let head = ann.head().await;
    let same = ann.patch("/tags/work", json!({ "name": "WORK" })).await.is(200);
    assert_eq!((same.change(), ann.head().await), (head, head), "nothing to do, nothing written");
    app.close().await;
}

#[tokio::test]
async fn a_deleted_tag_leaves_its_notes() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let note = ann.note(json!({ "body": "1", "tags": ["a/b", "c"] })).await;
    let gone = ann.delete("/tags/a%2Fb").await.is(204);
    assert_eq!(gone.change(), ann.head().await);
    let now = ann.read(&note.id()).await;
    assert_eq!((&now.json["tags"], &now.json["version"]), (&json!(["c"]), &note.json["version"]));
    ann.delete("/tags/a%2Fb").await.fails(404, "not-found");
    ann.patch("/tags/a%2Fb", json!({ "name": "x" })).await.fails(404, "not-found");
    app.close().await;
}

#[tokio::test]
async fn what_a_tag_cannot_be_called() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    ann.note(json!({ "body": "1", "tags": ["a"] })).await;
    for name in [json!(""), json!(" "), json!("a//b"), json!("/"), json!("x".repeat(101)), json!("two\nlines")] {
        ann.patch("/tags/a", json!({ "name": name })).await.invalid("name");
    }
    for (body, field) in
        [(json!({}), "name"), (json!({ "name": null }), "name"), (json!({ "name": "b", "count": 1 }), "count")]
    {
        ann.patch("/tags/a", body).await.malformed(field);
    }
    app.close().await;
}

#[tokio::test]
async fn everybody_has_tags_of_their_own() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    ann.note(json!({ "body": "1", "tags": ["shared"] })).await;
    let theirs = stranger.note(json!({ "body": "2", "tags": ["SHARED"] })).await.id();
    assert_eq!(counts(&stranger).await, counted(&[("SHARED", 1)]));
    ann.patch("/tags/shared", json!({ "name": "mine" })).await.is(200);
    ann.delete("/tags/mine").await.is(204);
    assert_eq!(stranger.read(&theirs).await.json["tags"], json!(["SHARED"]));
    app.close().await;
}

#[tokio::test]
async fn more_notes_than_fit_into_one_transaction_are_renamed_and_freed() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    app.import(&ann.email, (0..405).map(|_| json!({ "tags": ["big"] }))).await;
    let renamed = ann.patch("/tags/big", json!({ "name": "huge" })).await.is(200);
    assert_eq!((&renamed.json["count"], renamed.change()), (&json!(405), ann.head().await));
    assert_eq!(counts(&ann).await, counted(&[("huge", 405)]));
    assert_eq!(ann.all("/notes?tag=huge&limit=200").await.len(), 405);
    ann.delete("/tags/huge").await.is(204);
    assert_eq!(counts(&ann).await, []);
    assert!(ann.each("/notes?limit=200", "tags").await.iter().all(|tags| tags == &json!([])));
    app.close().await;
}
