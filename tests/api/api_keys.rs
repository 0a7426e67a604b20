//! API keys: made, listed, used, revoked.

use std::time::Duration;

use poem::http::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, App, Member};

async fn with_key(app: &App, key: &str, method: Method, path: &str) -> Answer {
    app.anonymous().call(method, path).header("authorization", &format!("Bearer {key}")).await
}

#[tokio::test]
async fn a_key_is_shown_once_and_does_what_its_scopes_say() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let note = ada.note(json!({ "body": "kingfisher" })).await.id();
    let made = ada.key(&["read", "search"], json!({ "name": " Reader ", "budget": 60 })).await;
    let key = made.text("/key");
    assert!(key.starts_with("inkstone_") && key.len() == 48, "{key}");
    assert_eq!(made.header("cache-control"), Some("no-store"));
    assert_eq!(made.json["api_key"]["name"], "Reader");
    assert_eq!(made.json["api_key"]["scopes"], json!(["read", "search"]));
    let listed = ada.get("/me/api-keys").await.is(200);
    assert_eq!(listed.json["items"][0], made.json["api_key"]);
    assert!(!listed.json.to_string().contains(&key[14..]), "only its beginning is shown");

    assert_eq!(with_key(&app, &key, Method::GET, "/me").await.is(200).text("/email"), ada.email);
    with_key(&app, &key, Method::GET, &format!("/notes/{note}")).await.is(200);
    app.settle().await;
    assert_eq!(with_key(&app, &key, Method::GET, "/search?q=kingfisher").await.is(200).json["total"], 1);
    with_key(&app, &key, Method::POST, "/notes").await.fails(403, "key-scope-missing");
    with_key(&app, &key, Method::GET, "/me/sessions").await.fails(403, "session-required");
    app.close().await;
}

#[tokio::test]
async fn its_last_use_is_told_to_the_minute() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let key = ada.key(&["read"], json!({})).await.text("/key");
    let last = async || ada.get("/me/api-keys").await.is(200).json["items"][0]["last_used_at"].clone();
    assert_eq!(last().await, Value::Null);
    with_key(&app, &key, Method::GET, "/notes").await.is(200);
    // It is written down behind the answer.
    let first = loop {
        match last().await {
            Value::Null => tokio::task::yield_now().await,
            at => break at,
        }
    };
    app.advance(Duration::from_secs(30));
    with_key(&app, &key, Method::GET, "/notes").await.is(200);
    assert_eq!(last().await, first);
    app.close().await;
}

#[tokio::test]
async fn what_cannot_be_a_key_is_refused_in_words() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let cases: Vec<(Value, &str)> = vec![
        (json!({ "name": "", "scopes": ["read"] }), "name"),
        (json!({ "name": "k", "scopes": [] }), "scopes"),
        (json!({ "name": "k", "scopes": ["admin"] }), "scopes"),
        (json!({ "name": "k", "scopes": ["read"], "tags": [" "] }), "tags"),
        (json!({ "name": "k", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z" }), "expires_at"),
        (json!({ "name": "k", "scopes": ["read"], "expires_at": "tomorrow" }), "expires_at"),
        (json!({ "name": "k", "scopes": ["read"], "budget": 0 }), "budget"),
    ];
    for (body, field) in cases {
        let refused = ada.post("/me/api-keys", body).await.fails(422, "invalid-request");
        assert_eq!(refused.json["errors"][0]["field"], field, "{}", refused.json);
    }
    ada.post("/me/api-keys", json!({ "name": "k", "scopes": ["everything"] })).await.fails(400, "malformed-request");
    app.close().await;
}

#[tokio::test]
async fn an_account_has_a_hundred_keys_at_most_and_nobody_elses() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let mut last = String::new();
    for _ in 0..100 {
        last = ada.key(&["read"], json!({})).await.text("/api_key/id");
    }
    ada.post("/me/api-keys", json!({ "name": "k", "scopes": ["read"] })).await.fails(409, "too-many-api-keys");
    let eve = app.stranger().await;
    eve.delete(&format!("/me/api-keys/{last}")).await.fails(404, "not-found");
    ada.delete(&format!("/me/api-keys/{last}")).await.is(204);
    ada.key(&["read"], json!({})).await;
    app.close().await;
}

#[tokio::test]
async fn a_revoked_key_ends_its_streams() {
    let app = App::new().await;
    let ada: Member<'_> = app.member("ada").await;
    let made = ada.key(&["read"], json!({})).await;
    let anonymous = app.anonymous();
    let line = format!("Bearer {}", made.text("/key"));
    let mut stream = anonymous.get("/events").header("authorization", &line).listen().await;
    ada.delete(&format!("/me/api-keys/{}", made.text("/api_key/id"))).await.is(204);
    let mut names = Vec::new();
    while let Some(event) = stream.next().await {
        names.push(event.name.clone());
    }
    assert_eq!(names.last().map(String::as_str), Some("bye"), "{names:?}");
    app.close().await;
}
