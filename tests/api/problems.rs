//! Whatever is refused is a problem of the published list; `support::contract` holds each one to it.

use poem::http::Method;
use serde_json::json;

use crate::support::{Actor as _, App};

#[tokio::test]
async fn a_body_that_is_no_json() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for body in
        ["", "{", "{\"body\":}", "not json", "{\"body\":\"\"} trailing", "\u{feff}{\"body\":\"\"}", "{'body':''}"]
    {
        ann.post("/notes", json!({})).body("application/json", body).await.malformed("body");
    }
    ann.post("/notes", json!({})).body("application/json", b"{\"body\":\"\xff\"}".to_vec()).await.malformed("body");
    let deep = format!("{{\"body\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    ann.post("/notes", json!({})).body("application/json", deep).await.malformed("body");
    let raw = "{\"body\":\"a\\u0000b\"}";
    ann.post("/notes", json!({})).body("application/json", raw).await.malformed("body");
    app.close().await;
}

#[tokio::test]
async fn another_media_type_or_none() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let new = || ann.post("/notes", json!({ "body": "" }));
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "application/xml", "nonsense", ""] {
        new().without("content-type").header("content-type", media_type).await.fails(415, "unsupported-media-type");
    }
    new().without("content-type").await.fails(415, "unsupported-media-type");
    ann.call(Method::POST, "/notes").await.fails(415, "unsupported-media-type");
    new().without("content-type").header("content-type", "application/json; charset=utf-8").await.is(201);
    app.close().await;
}

#[tokio::test]
async fn a_path_that_leads_nowhere() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for path in ["", "/", "/nowhere", "/notes/", "/notes/1/2/3", "/Notes", "//notes", "/notes/%2e%2e/me"] {
        ann.get(path).await.fails(404, "not-found");
        app.anonymous().get(path).await.fails(404, "not-found");
    }
    for path in ["/api", "/api/", "/api/v2/notes", "/api/v1x"] {
        ann.plain(Method::GET, path).await.fails(404, "not-found");
        ann.plain(Method::POST, path).json(&json!({})).await.fails(404, "not-found");
    }
    ann.get("/tags/a%00").await.malformed("path");
    app.close().await;
}

#[tokio::test]
async fn a_method_that_the_resource_does_not_have() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let id = ann.note(json!({ "body": "" })).await.id();
    for (method, path, allow) in [
        (Method::PUT, "/notes".to_owned(), "DELETE, GET, HEAD, POST"),
        (Method::PATCH, "/notes".to_owned(), "DELETE, GET, HEAD, POST"),
        (Method::PUT, format!("/notes/{id}"), "DELETE, GET, HEAD, PATCH"),
        (Method::GET, format!("/notes/{id}/restore"), "POST"),
        (Method::POST, "/tags/a".to_owned(), "DELETE, GET, HEAD, PATCH"),
        (Method::POST, "/search".to_owned(), "GET, HEAD"),
        (Method::GET, "/auth/login".to_owned(), "POST"),
        (Method::OPTIONS, "/notes".to_owned(), "DELETE, GET, HEAD, POST"),
        (Method::TRACE, "/notes".to_owned(), "DELETE, GET, HEAD, POST"),
    ] {
        let refused = ann.call(method, &path).await.fails(405, "method-not-allowed");
        assert_eq!(refused.header("allow"), Some(allow), "{path}");
    }
    for path in ["/", "/api/docs", "/api/openapi.json", "/setup"] {
        ann.plain(Method::TRACE, path).await.fails(405, "method-not-allowed");
        let refused = ann.plain(Method::POST, path).await.fails(405, "method-not-allowed");
        assert_eq!(refused.header("allow"), Some("GET, HEAD"), "{path}");
    }
    app.close().await;
}

#[tokio::test]
async fn a_body_beyond_its_limit() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let small = 64 * 1024;
    let long = "x".repeat(small);
    let refused = ann.post("/notebooks", json!({ "name": long })).await.fails(413, "too-large");
    assert_eq!(refused.json["limit"], small);
    ann.post("/notebooks", json!({ "name": "x".repeat(small - 100) })).await.invalid("name");
    let whole = 13 * 512 * 1024;
    let refused = ann.post("/notes", json!({ "body": "", "title": "x".repeat(whole) })).await.fails(413, "too-large");
    assert_eq!(refused.json["limit"], whole);
    // Refused by what it says of itself, before a byte of it is read.
    ann.post("/notebooks", json!({ "name": "x" })).header("content-length", "65537").await.fails(413, "too-large");
    app.close().await;
}

#[tokio::test]
async fn names_that_an_operation_does_not_have() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let id = ann.note(json!({ "body": "" })).await.id();
    for path in [
        "/me?x=1".to_owned(),
        format!("/notes/{id}?x=1"),
        "/server?x".to_owned(),
        "/me/sessions?x=1&limit=1".to_owned(),
    ] {
        ann.get(&path).await.malformed("x");
    }
    let refused = ann.get("/notes?a=1&b=2").await.fails(400, "malformed-request");
    assert_eq!(refused.fields(), ["a", "b"], "all of them at once");
    ann.get("/notes?tag=%ff").await.malformed("query");
    app.close().await;
}

#[tokio::test]
async fn a_request_without_a_credential_or_with_a_bad_one() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let missing = app.anonymous().get("/notes").await.fails(401, "authentication-required");
    assert_eq!(missing.header("www-authenticate"), Some("Bearer"));
    for bad in ["Bearer", "Bearer ", "Bearer nonsense", "Bearer a.b.c", &ann.token] {
        let refused = app.anonymous().get("/notes").header("authorization", bad).await.fails(401, "invalid-token");
        assert_eq!(refused.header("www-authenticate"), Some("Bearer error=\"invalid_token\""), "{bad}");
    }
    app.anonymous().get("/notes").header("authorization", "Basic dTpw").await.fails(401, "authentication-required");
    // Nobody learns what there is, and no body is read, before the caller is known.
    app.anonymous().post("/notes", json!({ "nonsense": true })).await.fails(401, "authentication-required");
    app.anonymous().get("/notes/seven").await.fails(401, "authentication-required");
    app.close().await;
}

#[tokio::test]
async fn a_failure_inside_tells_nothing_of_the_inside() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let id = ann.note(json!({ "body": "text" })).await.id();
    app.settle().await;
    app.parts()
        .db
        .write(|tx| tx.execute("UPDATE notes SET version = $1", &[b"short".as_slice().into()]))
        .await
        .unwrap();
    let failed = ann.get(&format!("/notes/{id}")).header("x-request-id", "seven").await.fails(503, "store-damaged");
    assert_eq!(failed.header("x-request-id"), Some("seven"), "by which the log tells the reason");
    let told = String::from_utf8_lossy(&failed.bytes).into_owned();
    for inside in ["version", "row", "column", "corrupt", "notes"] {
        assert!(!told.to_lowercase().contains(inside), "{told}");
    }
    // From now on nothing is written on top of the damage, and what is whole can be read.
    ann.post("/notes", json!({ "body": "more" })).await.fails(503, "store-damaged");
    ann.get("/tags").await.is(200);
    let ready = ann.plain(Method::GET, "/readyz").await;
    assert_eq!(ready.status, 503, "{}", ready.json);
    assert!(String::from_utf8_lossy(&ready.bytes).contains("read-only"), "{}", ready.json);
    app.close().await;
}

#[tokio::test]
async fn a_header_that_names_one_thing_and_comes_twice() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let new = || ann.post("/notes", json!({ "body": "" }));
    let line = format!("Bearer {}", ann.token);
    new().header("authorization", &line).await.malformed("Authorization");
    new().header("authorization", "Basic dTpw").await.malformed("Authorization");
    new().header("host", "localhost:7465").await.malformed("Host");
    new().header("idempotency-key", "a").header("idempotency-key", "a").await.malformed("Idempotency-Key");
    ann.get("/notes").header("host", "elsewhere").await.malformed("Host");
    ann.plain(Method::GET, "/").header("host", "elsewhere").await.is(400);
    assert!(ann.all("/notes").await.is_empty());
    app.close().await;
}
