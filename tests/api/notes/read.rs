//! `GET /notes/{id}`.

use poem::http::Method;
use serde_json::json;

use crate::support::{Actor as _, App};

#[tokio::test]
async fn a_reader_who_holds_the_state_is_told_so() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let made = ann.note(json!({ "body": "one", "tags": ["a"] })).await;
    let (path, tag) = (format!("/notes/{}", made.id()), made.etag());
    for held in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".into()] {
        let same = ann.get(&path).header("if-none-match", &held).await.is(304);
        assert_eq!((same.etag(), same.bytes.len()), (tag.clone(), 0), "{held}");
    }
    for other in ["\"other\"", "\"\"", &format!("\"{}\"", made.text("/version"))] {
        ann.get(&path).header("if-none-match", other).await.is(200);
    }
    for nonsense in ["other", "\"open", "*, \"a\""] {
        ann.get(&path).header("if-none-match", nonsense).await.malformed("If-None-Match");
    }
    app.close().await;
}

#[tokio::test]
async fn a_change_elsewhere_that_the_note_shows_makes_another_tag_and_keeps_the_version() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let made = ann.note(json!({ "body": "one", "tags": ["a"] })).await;
    let path = format!("/notes/{}", made.id());
    ann.patch("/tags/a", json!({ "name": "b" })).await.is(200);
    let now = ann.get(&path).header("if-none-match", &made.etag()).await.is(200);
    assert_eq!((&now.json["tags"], &now.json["version"]), (&json!(["b"]), &made.json["version"]));
    assert_ne!(now.etag(), made.etag());
    ann.patch(&path, json!({ "body": "two" })).if_match(&made.etag()).await.is(200);
    app.close().await;
}

#[tokio::test]
async fn others_notes_and_no_notes_are_the_same_to_a_reader() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    let id = ann.note(json!({ "body": "mine" })).await.id();
    let theirs = stranger.get(&format!("/notes/{id}")).await.fails(404, "not-found");
    let none = stranger.get(&format!("/notes/{}", ann.id)).await.fails(404, "not-found");
    assert_eq!(theirs.bytes, none.bytes);
    stranger.get("/notes/seven").await.fails(404, "not-found");
    stranger.get(&format!("/notes/{id}")).header("if-none-match", "*").await.fails(404, "not-found");
    app.close().await;
}

#[tokio::test]
async fn head_answers_as_get_does() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let made = ann.note(json!({ "body": "one" })).await;
    let head = ann.call(Method::HEAD, &format!("/notes/{}", made.id())).await.is(200);
    assert_eq!(head.etag(), made.etag());
    app.close().await;
}
