//! `POST /notes`.

use serde_json::{Value, json};

use crate::support::{Actor as _, App};

const MIB: usize = 1 << 20;

#[tokio::test]
async fn a_new_note_says_where_it_is_and_what_it_is() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let made = ann.note(json!({ "body": "# Groceries\n\n- oat milk" })).await;
    let id = made.id();
    assert_eq!(made.header("location"), Some(format!("/api/v1/notes/{id}").as_str()));
    assert_eq!(made.header("idempotency-replayed"), None);
    assert_eq!(made.change(), ann.head().await);
    let now = "2026-03-01T09:30:00.000000Z";
    let version = made.text("/version");
    assert_eq!(
        made.json,
        json!({
            "id": id, "title": "Groceries", "title_derived": true, "body": "# Groceries\n\n- oat milk", "tags": [],
            "notebook_id": null, "pinned": false, "state": "active", "version": version,
            "created_at": now, "updated_at": now, "trashed_at": null,
        })
    );
    assert_eq!(made.etag(), format!("\"{version}.{}\"", made.change()));
    let read = ann.read(&id).await;
    assert_eq!((&read.bytes, read.etag()), (&made.bytes, made.etag()));
    app.close().await;
}

#[tokio::test]
async fn a_title_is_taken_as_given_or_from_the_body() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for (title, body, expected, derived) in [
        (json!("Given"), "# Heading", "Given", false),
        (json!(" spaced "), "# Heading", " spaced ", false),
        (Value::Null, "# Heading\ntext", "Heading", true),
        (json!(""), "first line\n\nmore", "first line", true),
        (json!(" \t "), "## Deep", "Deep", true),
        (Value::Null, "", "", true),
    ] {
        let made = ann.note(json!({ "title": title, "body": body })).await;
        assert_eq!(
            (&made.json["title"], &made.json["title_derived"]),
            (&json!(expected), &json!(derived)),
            "{title} {body}"
        );
    }
    app.close().await;
}

#[tokio::test]
async fn a_body_comes_back_byte_for_byte() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for body in [
        "unix\nwindows\r\nold mac\rend",
        "\u{feff}a byte order mark\u{feff}",
        "🎉 👩‍👩‍👧 🇨🇭",
        "\u{301}a lone combining mark, e\u{301}\u{301} and \u{e9}",
        "  trailing space  \n\n\n",
        "\u{1}\u{7f}\u{85}\u{2028}\u{2029}\u{fffd}\u{10ffff}",
        "\\u0000 is only text, so is \\\\ and \"",
        "",
    ] {
        let id = ann.note(json!({ "body": body })).await.id();
        assert_eq!(ann.read(&id).await.json["body"], body);
        let listed = ann.all("/notes?include=body").await;
        assert!(listed.iter().any(|note| note["id"] == id && note["body"] == body), "{body:?}");
    }
    app.close().await;
}

#[tokio::test]
async fn a_body_may_have_a_mebibyte_and_not_a_byte_more() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    // Two bytes a character, and one that JSON writes in six.
    for whole in ["x".repeat(MIB), "é".repeat(MIB / 2), "\u{1}".repeat(MIB)] {
        let id = ann.note(json!({ "body": whole })).await.id();
        assert!(ann.read(&id).await.json["body"] == whole.as_str());
        let refused = ann.post("/notes", json!({ "body": format!("{whole}x") })).await.fails(413, "too-large");
        assert_eq!(refused.json["limit"], MIB);
    }
    app.close().await;
}

#[tokio::test]
async fn what_cannot_be_read_is_malformed() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for (body, field) in [
        (json!({}), "body"),
        (json!({ "body": null }), "body"),
        (json!({ "body": 7 }), "body"),
        (json!({ "body": "", "titel": "x" }), "titel"),
        (json!({ "body": "", "id": "x" }), "id"),
        (json!({ "body": "", "title": ["x"] }), "title"),
        (json!({ "body": "", "tags": "a" }), "tags"),
        (json!({ "body": "", "tags": ["a", 7] }), "tags[1]"),
        (json!({ "body": "", "notebook_id": "seven" }), "notebook_id"),
        (json!({ "body": "", "pinned": "yes" }), "pinned"),
        (json!([]), "body"),
        (json!({ "body": "a\0b" }), "body"),
        (json!({ "body": "", "title": "a\0b" }), "body"),
    ] {
        ann.post("/notes", body).await.malformed(field);
    }
    assert!(ann.all("/notes").await.is_empty());
    app.close().await;
}

#[tokio::test]
async fn what_breaks_a_rule_is_named_all_at_once() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let many: Vec<String> = (0..101).map(|n| format!("tag {n}")).collect();
    let long = "x".repeat(501);
    for (body, fields) in [
        (json!({ "body": "", "title": long }), &["title"][..]),
        (json!({ "body": "", "title": "two\nlines" }), &["title"]),
        (json!({ "body": "", "tags": many }), &["tags"]),
        (json!({ "body": "", "tags": [""] }), &["tags"]),
        (json!({ "body": "", "tags": ["a//b"] }), &["tags"]),
        (json!({ "body": "", "title": long, "tags": ["/", "x".repeat(101)] }), &["title", "tags", "tags"]),
    ] {
        let refused = ann.post("/notes", body).await.fails(422, "invalid-request");
        assert_eq!(refused.fields(), fields);
    }
    ann.note(json!({ "body": "", "title": "x".repeat(500), "tags": many[..100] })).await;
    app.close().await;
}

#[tokio::test]
async fn a_notebook_must_be_the_callers_own() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    let theirs = stranger.notebook(json!({ "name": "Theirs" })).await.id();
    for notebook in [theirs, ann.id.clone()] {
        ann.post("/notes", json!({ "body": "", "notebook_id": notebook })).await.invalid("notebook_id");
    }
    let own = ann.notebook(json!({ "name": "Own" })).await.id();
    assert_eq!(ann.note(json!({ "body": "", "notebook_id": own })).await.text("/notebook_id"), own);
    app.close().await;
}

#[tokio::test]
async fn tags_are_sorted_told_apart_without_case_and_spelled_as_first_written() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let first = ann.note(json!({ "body": "", "tags": ["Work", "zoo", "a/b", " work "] })).await;
    assert_eq!(first.json["tags"], json!(["a/b", "Work", "zoo"]));
    let second = ann.note(json!({ "body": "", "tags": ["WORK", "Zebra"] })).await;
    assert_eq!(second.json["tags"], json!(["Work", "Zebra"]));
    assert_eq!(ann.read(&second.id()).await.json["tags"], json!(["Work", "Zebra"]));
    app.close().await;
}

/// A UUIDv7 of the time at which every test begins.
const CHOSEN: &str = "019ca8bb-b5c0-7cf8-896b-abb0e20dc895";

#[tokio::test]
async fn a_note_gets_the_id_that_its_client_chose() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let made = ann.note(json!({ "id": CHOSEN, "body": "made offline" })).await;
    assert_eq!(made.id(), CHOSEN);
    assert_eq!(made.header("location"), Some(format!("/api/v1/notes/{CHOSEN}").as_str()));
    assert_eq!(ann.read(CHOSEN).await.bytes, made.bytes);
    assert_eq!(ann.get("/changes?since=0").await.items().last().unwrap()["id"], CHOSEN);
    assert_ne!(ann.note(json!({ "body": "", "id": null })).await.id(), CHOSEN, "left out, the server chooses");
    app.settle().await;
    assert_eq!(ann.get("/search?q=offline").await.items()[0]["note"]["id"], CHOSEN);
    app.close().await;
}

#[tokio::test]
async fn an_id_that_is_or_was_a_notes_is_taken_whoever_asks() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    let first = ann.note(json!({ "id": CHOSEN, "body": "secret" })).await;
    let mine = ann.post("/notes", json!({ "id": CHOSEN, "body": "again" })).await.fails(409, "note-id-in-use");
    let theirs = stranger.post("/notes", json!({ "id": CHOSEN, "body": "x" })).await.fails(409, "note-id-in-use");
    assert_eq!(mine.bytes, theirs.bytes, "the answer does not tell whose it is");
    assert_eq!(ann.read(CHOSEN).await.bytes, first.bytes);

    ann.trash(CHOSEN).await;
    ann.post("/notes", json!({ "id": CHOSEN, "body": "" })).await.fails(409, "note-id-in-use");
    ann.purge(CHOSEN).await;
    for actor in [&ann, &stranger.0] {
        actor.post("/notes", json!({ "id": CHOSEN, "body": "" })).await.fails(409, "note-id-in-use");
    }
    ann.get(&format!("/notes/{CHOSEN}")).await.fails(404, "not-found");
    assert!(ann.all("/notes").await.is_empty() && stranger.all("/notes").await.is_empty());
    app.close().await;
}

#[tokio::test]
async fn the_id_of_another_kind_of_thing_is_free() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let notebook = ann.notebook(json!({ "name": "Box" })).await.id();
    ann.delete(&format!("/notebooks/{notebook}")).await.is(204);
    assert_eq!(ann.note(json!({ "id": notebook, "body": "" })).await.id(), notebook);
    app.close().await;
}

#[tokio::test]
async fn a_chosen_id_is_a_uuidv7_that_is_not_from_the_future() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let create = |id: &str| ann.post("/notes", json!({ "id": id, "body": "" }));
    for spelling in [CHOSEN.to_uppercase(), CHOSEN.replace('-', ""), format!("urn:uuid:{CHOSEN}"), "x".into()] {
        create(&spelling).await.malformed("id");
    }
    create("9b2fd5c1-3f6c-4c5e-8f6e-0d8f7a1b2c3d").await.invalid("id");
    // 24 hours and a millisecond after the server's time.
    create("019cade2-11c1-7cf8-896b-abb0e20dc895").await.invalid("id");
    create("019cade2-11c0-7cf8-896b-abb0e20dc895").await.is(201);
    assert_eq!(ann.all("/notes").await.len(), 1);
    app.close().await;
}

#[tokio::test]
async fn a_chosen_id_and_an_idempotency_key_go_together() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let create =
        |key: &str, id: &str| ann.post("/notes", json!({ "id": id, "body": "text" })).header("idempotency-key", key);
    let first = create("k", CHOSEN).await.is(201);
    let again = create("k", CHOSEN).await.is(201);
    assert_eq!((again.header("idempotency-replayed"), &again.bytes), (Some("true"), &first.bytes));
    create("k", "019ca8bb-b5c0-7cf8-896b-abb0e20dc896").await.fails(422, "idempotency-key-reused");
    create("k2", CHOSEN).await.fails(409, "note-id-in-use");
    create("k2", "019ca8bb-b5c0-7cf8-896b-abb0e20dc896").await.is(201);
    app.close().await;
}
