//! `Idempotency-Key` on `POST /notes`.

use std::time::Duration;

use inkstone::caller::{Caller, Role, SessionId, UserId};
use inkstone::idempotency::{KEPT_FOR, Key};
use serde_json::json;
use uuid::Uuid;

use crate::support::{Actor as _, Answer, App, Member};

async fn create(actor: &Member<'_>, key: &str, body: &str) -> Answer {
    actor.post("/notes", json!({ "body": body })).header("idempotency-key", key).await
}

#[tokio::test]
async fn a_repeated_create_gets_the_first_answer_again() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let first = create(&ann, "k1", "text").await.is(201);
    assert_eq!(first.header("idempotency-replayed"), None);
    ann.edit(&first.id(), json!({ "body": "changed since" })).await;
    for _ in 0..2 {
        let again = create(&ann, "k1", "text").await.is(201);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(again.bytes, first.bytes);
        for name in ["location", "etag", "inkstone-change", "content-type"] {
            assert_eq!(again.header(name), first.header(name), "{name}");
        }
    }
    assert_eq!(ann.all("/notes").await.len(), 1);
    app.close().await;
}

#[tokio::test]
async fn the_same_request_in_other_words_is_the_same() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let first = create(&ann, "k", "text").await.is(201);
    let spaced = "{ \"pinned\": false,\n \"tags\": [], \"title\": null, \"body\": \"te\\u0078t\" }";
    let again =
        ann.post("/notes", json!({})).body("application/json; charset=utf-8", spaced).header("idempotency-key", "k");
    assert_eq!(again.await.is(201).bytes, first.bytes);
    app.close().await;
}

#[tokio::test]
async fn a_key_belongs_to_one_request_of_one_caller_on_one_route() {
    let app = App::new().await;
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    let first = create(&ann, "k", "text").await.is(201);
    create(&ann, "k", "other").await.fails(422, "idempotency-key-reused");
    let theirs = create(&bob, "k", "text").await.is(201);
    assert_ne!(theirs.id(), first.id());
    let notebook = ann.post("/notebooks", json!({ "name": "Box" })).header("idempotency-key", "k").await.is(201);
    assert_eq!(notebook.header("idempotency-replayed"), None);
    create(&ann, "k2", "text").await.is(201);
    assert_eq!(ann.all("/notes").await.len(), 2);
    app.close().await;
}

#[tokio::test]
async fn a_refused_create_leaves_its_key_free() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let refused = json!({ "body": "text", "notebook_id": ann.id });
    ann.post("/notes", refused).header("idempotency-key", "k").await.invalid("notebook_id");
    create(&ann, "k", "text").await.is(201);
    app.close().await;
}

#[tokio::test]
async fn a_key_is_kept_for_a_day() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let first = create(&ann, "k", "text").await.is(201);
    app.advance(KEPT_FOR - Duration::from_micros(1));
    let ann = ann.again().await;
    assert_eq!(create(&ann, "k", "text").await.is(201).id(), first.id());
    app.advance(Duration::from_micros(1));
    let anew = create(&ann, "k", "other").await.is(201);
    assert_ne!(anew.id(), first.id());
    assert_eq!(create(&ann, "k", "other").await.is(201).id(), anew.id());
    app.close().await;
}

#[tokio::test]
async fn a_request_under_way_holds_its_key() {
    let app = App::new().await;
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    let user = UserId(Uuid::parse_str(&ann.id).unwrap());
    let caller = Caller::mint(
        user,
        Role::Member,
        SessionId(Uuid::nil()),
        inkstone::clock::Timestamp::default(),
        inkstone::caller::Device::local(),
    );
    // As the endpoint does between its start and its answer.
    let under_way = app.parts().in_flight.enter(&Key::new(&caller, "POST /notes", "k", b"").unwrap()).unwrap();
    let refused = create(&ann, "k", "text").await.fails(409, "idempotency-key-in-use");
    assert!(refused.header("retry-after").is_some());
    create(&bob, "k", "text").await.is(201);
    create(&ann, "k2", "text").await.is(201);
    drop(under_way);
    create(&ann, "k", "text").await.is(201);
    app.close().await;
}

#[tokio::test]
async fn two_at_once_make_one_note() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let (one, two) = tokio::join!(create(&ann, "k", "text"), create(&ann, "k", "text"));
    for answer in [one, two] {
        assert!(matches!(answer.status, 201 | 409), "{}", answer.json);
    }
    assert_eq!(ann.all("/notes").await.len(), 1);
    app.close().await;
}

#[tokio::test]
async fn a_key_is_short_printable_text() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for key in ["", "two words", &"x".repeat(201)] {
        create(&ann, key, "text").await.malformed("Idempotency-Key");
    }
    create(&ann, &"x".repeat(200), "text").await.is(201);
    app.close().await;
}
