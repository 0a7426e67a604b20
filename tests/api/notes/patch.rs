//! `PATCH /notes/{id}`.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Actor as _, App};

#[tokio::test]
async fn absence_comes_before_a_missing_condition_and_that_before_a_stale_one() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    let made = ann.note(json!({ "body": "one" })).await;
    let path = format!("/notes/{}", made.id());
    let edit = || json!({ "body": "two" });
    let nowhere = format!("/notes/{}", ann.id);
    ann.patch(&nowhere, edit()).await.fails(404, "not-found");
    ann.patch(&nowhere, edit()).if_match("\"x\"").await.fails(404, "not-found");
    stranger.patch(&path, edit()).if_match("*").await.fails(404, "not-found");
    ann.patch(&path, edit()).await.fails(428, "precondition-required");
    ann.patch(&path, edit()).if_match("x").await.malformed("If-Match");
    let stale = ann.patch(&path, edit()).if_match("\"x.1\"").await.fails(412, "stale");
    assert_eq!((&stale.json["current"], stale.etag()), (&made.json, made.etag()));
    assert_eq!(ann.read(&made.id()).await.bytes, made.bytes, "nothing was written");
    app.close().await;
}

#[tokio::test]
async fn the_version_that_was_read_may_be_replaced_however_it_is_quoted() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let mut now = ann.note(json!({ "body": "0" })).await;
    let path = format!("/notes/{}", now.id());
    for n in 1..=6 {
        let (tag, version) = (now.etag(), now.text("/version"));
        let condition = match n {
            1 => tag.clone(),
            2 => format!("W/{tag}"),
            3 => format!("\"{version}\""),
            4 => format!("\"{version}.999999\""),
            5 => format!("\"other\", {tag}"),
            _ => "*".to_owned(),
        };
        let next = ann.patch(&path, json!({ "body": n.to_string() })).if_match(&condition).await.is(200);
        assert_eq!(next.json["body"], n.to_string());
        assert_ne!(next.json["version"], now.json["version"]);
        let late = ann.patch(&path, json!({ "body": "late" })).if_match(&tag).await.fails(412, "stale");
        assert_eq!(late.json["current"], next.json);
        now = next;
    }
    app.close().await;
}

#[tokio::test]
async fn a_patch_keeps_what_is_absent_and_clears_what_is_null() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let notebook = ann.notebook(json!({ "name": "Box" })).await.id();
    let full =
        json!({ "title": "Given", "body": "# Heading", "tags": ["a", "b"], "notebook_id": notebook, "pinned": true });
    for (patch, changed) in [
        (json!({ "title": "Other" }), json!({ "title": "Other" })),
        (json!({ "title": null }), json!({ "title": "Heading", "title_derived": true })),
        (json!({ "title": " " }), json!({ "title": "Heading", "title_derived": true })),
        (json!({ "body": "# New" }), json!({ "body": "# New" })),
        (json!({ "body": "# New", "title": null }), json!({ "body": "# New", "title": "New", "title_derived": true })),
        (json!({ "body": null }), json!({ "body": "" })),
        (json!({ "tags": ["c"] }), json!({ "tags": ["c"] })),
        (json!({ "tags": [] }), json!({ "tags": [] })),
        (json!({ "tags": null }), json!({ "tags": [] })),
        (json!({ "notebook_id": null }), json!({ "notebook_id": null })),
        (json!({ "pinned": false }), json!({ "pinned": false })),
        (json!({ "pinned": null }), json!({ "pinned": false })),
        (json!({ "state": "archived" }), json!({ "state": "archived" })),
    ] {
        let made = ann.note(full.clone()).await;
        let now = ann.edit(&made.id(), patch.clone()).await;
        let mut expected = made.json.clone();
        for (name, value) in changed.as_object().unwrap() {
            expected[name] = value.clone();
        }
        expected["version"] = now.json["version"].clone();
        assert_eq!(now.json, expected, "{patch}");
        assert_ne!(now.json["version"], made.json["version"], "{patch}");
        assert_eq!(ann.read(&made.id()).await.bytes, now.bytes, "{patch}");
        assert_eq!(now.change(), ann.head().await, "{patch}");
    }
    app.close().await;
}

#[tokio::test]
async fn a_patch_that_changes_nothing_writes_nothing() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let made = ann.note(json!({ "title": "Given", "body": "text", "tags": ["Work"], "pinned": true })).await;
    app.advance(Duration::from_secs(60));
    let head = ann.head().await;
    for patch in [
        json!({}),
        json!({ "body": "text", "title": "Given", "pinned": true, "state": "active" }),
        json!({ "tags": ["WORK"] }),
        json!({ "notebook_id": null }),
    ] {
        let now = ann.edit(&made.id(), patch.clone()).await;
        assert_eq!((&now.bytes, now.etag(), now.change()), (&made.bytes, made.etag(), head), "{patch}");
    }
    assert_eq!(ann.head().await, head);
    app.close().await;
}

#[tokio::test]
async fn content_moves_the_time_of_change_and_pinning_and_archiving_do_not() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let made = ann.note(json!({ "body": "text" })).await;
    let notebook = ann.notebook(json!({ "name": "Box" })).await.id();
    let mut last = made.json["updated_at"].clone();
    for (patch, moves) in [
        (json!({ "pinned": true }), false),
        (json!({ "state": "archived" }), false),
        (json!({ "title": "x" }), true),
        (json!({ "body": "y" }), true),
        (json!({ "tags": ["z"] }), true),
        (json!({ "notebook_id": notebook }), true),
        (json!({ "state": "active", "pinned": false }), false),
    ] {
        app.advance(Duration::from_secs(1));
        let now = ann.edit(&made.id(), patch.clone()).await;
        assert_eq!(now.json["updated_at"] != last, moves, "{patch}");
        assert_eq!(now.json["created_at"], made.json["created_at"]);
        last = now.json["updated_at"].clone();
    }
    app.close().await;
}

#[tokio::test]
async fn a_derived_title_follows_the_body_and_a_given_one_stays() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let id = ann.note(json!({ "body": "# One" })).await.id();
    assert_eq!(ann.edit(&id, json!({ "body": "# Two" })).await.json["title"], "Two");
    ann.edit(&id, json!({ "title": "Given" })).await;
    let now = ann.edit(&id, json!({ "body": "# Three" })).await;
    assert_eq!((&now.json["title"], &now.json["title_derived"]), (&json!("Given"), &json!(false)));
    app.close().await;
}

#[tokio::test]
async fn what_a_patch_may_not_say() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    let theirs = stranger.notebook(json!({ "name": "Theirs" })).await.id();
    let path = format!("/notes/{}", ann.note(json!({ "body": "text" })).await.id());
    let patch = |body: Value| ann.patch(&path, body).if_match("*");
    patch(json!({ "state": "trashed" })).await.invalid("state");
    patch(json!({ "state": null })).await.malformed("state");
    patch(json!({ "notebook_id": theirs })).await.invalid("notebook_id");
    patch(json!({ "title": "x".repeat(501) })).await.invalid("title");
    patch(json!({ "tags": ["a//b"] })).await.invalid("tags");
    patch(json!({ "body": "x".repeat((1 << 20) + 1) })).await.fails(413, "too-large");
    patch(json!({ "body": "a\0b" })).await.malformed("body");
    patch(json!({ "state": "gone" })).await.malformed("state");
    patch(json!({ "version": "x" })).await.malformed("version");
    patch(json!({ "pinned": 1 })).await.malformed("pinned");
    app.close().await;
}

#[tokio::test]
async fn a_note_in_the_trash_is_restored_before_it_is_changed() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let id = ann.note(json!({ "body": "text" })).await.id();
    ann.trash(&id).await;
    for patch in [json!({ "body": "x" }), json!({ "state": "active" }), json!({})] {
        ann.patch(&format!("/notes/{id}"), patch).if_match("*").await.fails(409, "note-trashed");
    }
    app.close().await;
}
