//! `DELETE /notes/{id}` and `POST /notes/{id}/restore`.

use poem::http::Method;
use serde_json::json;

use crate::support::{Actor as _, App};

#[tokio::test]
async fn a_deleted_note_lies_in_the_trash() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let made = ann.note(json!({ "body": "text", "pinned": true })).await;
    let (id, path) = (made.id(), format!("/notes/{}", made.id()));
    ann.delete(&path).await.fails(428, "precondition-required");
    let stale = ann.delete(&path).if_match("\"x\"").await.fails(412, "stale");
    assert_eq!(stale.json["current"], made.json);
    let gone = ann.delete(&path).if_match(&made.etag()).await.is(204);
    assert_eq!(gone.change(), ann.head().await);
    let now = ann.read(&id).await;
    assert_eq!((&now.json["state"], &now.json["pinned"]), (&json!("trashed"), &json!(true)));
    assert_eq!(now.json["trashed_at"], "2026-03-01T09:30:00.000000Z");
    assert_ne!(now.json["version"], made.json["version"]);
    assert!(ann.all("/notes").await.is_empty());
    assert_eq!(ann.each("/notes?state=trashed", "id").await, [json!(id)]);

    let again = ann.trash(&id).await;
    assert_eq!((again.change(), ann.read(&id).await.bytes), (gone.change(), now.bytes), "twice is once");
    app.close().await;
}

#[tokio::test]
async fn a_purged_note_is_gone_from_wherever_it_was() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    for state in ["active", "archived", "trashed"] {
        let id = ann.note(json!({ "body": "text" })).await.id();
        match state {
            "archived" => drop(ann.edit(&id, json!({ "state": "archived" })).await),
            "trashed" => drop(ann.trash(&id).await),
            _ => {}
        }
        let path = format!("/notes/{id}?permanent=true");
        stranger.delete(&path).if_match("*").await.fails(404, "not-found");
        ann.delete(&path).await.fails(428, "precondition-required");
        ann.delete(&path).if_match("\"x\"").await.fails(412, "stale");
        let gone = ann.delete(&path).if_match(&ann.read(&id).await.etag()).await.is(204);
        ann.get(&format!("/notes/{id}")).await.fails(404, "not-found");
        ann.delete(&path).if_match("*").await.fails(404, "not-found");
        let changes = ann.get(&format!("/changes?since={}", gone.change() - 1)).await.is(200);
        let tombstone = json!({ "seq": gone.change(), "kind": "note", "id": id, "op": "delete", "version": null });
        assert_eq!(changes.items(), [tombstone], "{state}");
    }
    let id = ann.note(json!({ "body": "text" })).await.id();
    ann.delete(&format!("/notes/{id}?permanent=maybe")).if_match("*").await.malformed("permanent");
    ann.delete(&format!("/notes/{id}?permanent=false")).if_match("*").await.is(204);
    ann.read(&id).await;
    app.close().await;
}

#[tokio::test]
async fn a_restored_note_is_what_it_was_before_the_trash() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for state in ["active", "archived"] {
        let made = ann.note(json!({ "body": "text", "tags": ["a"] })).await;
        let before = ann.edit(&made.id(), json!({ "state": state })).await;
        ann.trash(&made.id()).await;
        let trashed = ann.read(&made.id()).await;
        let now = ann.call(Method::POST, &format!("/notes/{}/restore", made.id())).await.is(200);
        let mut expected = before.json.clone();
        expected["version"] = now.json["version"].clone();
        assert_eq!(now.json, expected);
        assert_ne!(now.json["version"], trashed.json["version"]);
        assert_eq!((now.change(), now.etag()), (ann.head().await, ann.read(&made.id()).await.etag()));
    }
    app.close().await;
}

#[tokio::test]
async fn only_what_lies_in_the_trash_is_restored() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    let id = ann.note(json!({ "body": "text" })).await.id();
    let path = format!("/notes/{id}/restore");
    ann.call(Method::POST, &path).await.fails(409, "note-not-trashed");
    ann.trash(&id).await;
    stranger.call(Method::POST, &path).await.fails(404, "not-found");
    ann.call(Method::POST, &path).await.is(200);
    ann.call(Method::POST, &path).await.fails(409, "note-not-trashed");
    ann.call(Method::POST, &format!("/notes/{}/restore", ann.id)).await.fails(404, "not-found");
    app.close().await;
}

#[tokio::test]
async fn an_emptied_trash_takes_only_what_lay_in_it() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    let others = stranger.note(json!({ "body": "theirs" })).await.id();
    stranger.trash(&others).await;
    let kept = ann.note(json!({ "body": "kept", "tags": ["t"] })).await.id();
    for n in 0..3 {
        let id = ann.note(json!({ "body": format!("{n}"), "tags": ["t"] })).await.id();
        ann.trash(&id).await;
    }
    ann.delete("/notes").await.malformed("state");
    ann.delete("/notes?state=active").await.malformed("state");
    assert_eq!(ann.each("/notes?state=trashed", "id").await.len(), 3, "nothing went by a slip");

    let emptied = ann.delete("/notes?state=trashed").await.is(200);
    assert_eq!((&emptied.json["purged"], emptied.change()), (&json!(3), ann.head().await));
    assert!(ann.all("/notes?state=trashed").await.is_empty());
    assert_eq!(ann.each("/notes", "id").await, [json!(kept)]);
    assert_eq!(ann.get("/tags/t").await.is(200).json["count"], 1);
    assert_eq!(stranger.each("/notes?state=trashed", "id").await, [json!(others)]);
    assert_eq!(ann.delete("/notes?state=trashed").await.is(200).json["purged"], 0);
    app.close().await;
}
