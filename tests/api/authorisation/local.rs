//! What only the command line reaches.

use std::collections::BTreeSet;

use poem::http::Method;
use serde_json::{Value, json};

use crate::openapi::operations;
use crate::support::{Actor, App, Call, PASSWORD};

fn with<'a>(call: Call<'a>, body: Option<&Value>) -> Call<'a> {
    match body {
        Some(body) => call.json(body),
        None => call,
    }
}

/// What only the command line reaches, with a body that does it.
fn local_operations(email: &str, shared: bool) -> Vec<(Method, &'static str, Option<Value>, u16)> {
    let account = json!({ "email": email });
    vec![
        (Method::POST, "/users", Some(json!({ "email": "made@example.org", "password": PASSWORD })), 201),
        (Method::GET, "/users", None, 200),
        (Method::POST, "/users/disable", Some(account.clone()), 200),
        (Method::POST, "/users/enable", Some(account), 200),
        (Method::DELETE, "/users/totp?email=made@example.org", None, 404),
        (Method::POST, "/users/role", Some(json!({ "email": email, "role": "read-only" })), 200),
        (Method::POST, "/users/password", Some(json!({ "email": email, "password": "yet another password" })), 204),
        (Method::POST, "/setup-link", None, 201),
        (Method::POST, "/audit/verify", Some(json!({ "anchors": [] })), 200),
        (Method::POST, "/keys/rotate", None, if shared { 409 } else { 200 }),
        (Method::GET, "/index", None, 200),
        (Method::POST, "/index/verify", None, 200),
        (Method::POST, "/index/verify?sample=5", None, 200),
        (Method::POST, "/index/verify?since=0", None, 200),
        (Method::POST, "/index/verify?since=0&sample=5", None, 422),
        (Method::POST, "/index/verify?since=1000000", None, 422),
        (Method::POST, "/index/rebuild", None, 200),
        (Method::GET, "/jobs", None, 200),
        (Method::POST, "/jobs/{id}/requeue", None, 204),
        (Method::DELETE, "/jobs/{id}", None, 204),
        (Method::POST, "/import", Some(json!({ "email": email, "notes": [] })), 200),
    ]
}

#[tokio::test]
async fn what_the_command_line_may_nobody_else_reaches() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    app.settle().await;
    let document: Value = serde_json::from_str(&inkstone::server::local_document(app.parts())).unwrap();
    let known: BTreeSet<_> = operations(&document).iter().map(|(path, method, _)| format!("{method} {path}")).collect();
    let rows = local_operations(&ann.email, app.parts().db.is_shared())
        .into_iter()
        .map(|(method, path, ..)| format!("{method} {path}").to_lowercase());
    // The import is an endpoint without a document: its batches are too large to be read through one.
    let rows = rows.map(|row| row.split('?').next().unwrap().to_owned());
    let rows: BTreeSet<_> = rows.filter(|row| row != "post /import").collect();
    assert_eq!(rows, known, "the local operations and the rows for them");
    for (method, path, body, expected) in local_operations(&ann.email, app.parts().db.is_shared()) {
        let path = if path.contains("{id}") { path.replace("{id}", &app.dead_letter().await) } else { path.to_owned() };
        let local = app.local_admin();
        let paths = [format!("/local/v1{path}"), format!("/api/v1/local/v1{path}"), format!("/api/v1{path}")];
        // People have jobs of their own, and import archives, under the same names.
        let elsewhere = if path.starts_with("/jobs") || path == "/import" { &paths[..2] } else { &paths };
        for elsewhere in elsewhere {
            let refused = with(ann.plain(method.clone(), elsewhere), body.as_ref()).await;
            assert_eq!(refused.status, 404, "{method} {elsewhere}: {}", refused.json);
        }
        let answer = with(local.plain(method.clone(), &paths[0]), body.as_ref()).await;
        assert_eq!(answer.status, expected, "{method} {path}: {}", answer.json);
        app.settle().await;
    }
    app.close().await;
}

#[tokio::test]
async fn the_administrator_of_the_machine_says_whose_account_is_meant() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let note = ann.note(json!({ "body": "Ann's" })).await.id();
    let path = format!("/notes/{note}");
    let local = app.local_admin();
    let as_account = |email: &str| local.call(Method::GET, &path).header("inkstone-account", email);
    as_account(&ann.email.to_uppercase()).await.is(200);
    as_account("nobody@example.org").await.fails(404, "not-found");
    as_account("Ann").await.fails(400, "malformed-request");
    let bob = app.member("bob").await;
    as_account(&bob.email).await.fails(404, "not-found");
    let unnamed = local.call(Method::GET, &path).await.fails(401, "authentication-required");
    assert!(unnamed.json["detail"].as_str().unwrap().contains("Inkstone-Account"), "{}", unnamed.json);
    // A token says more than a name: it is what counts when both come.
    let both = local.call(Method::GET, &path).header("inkstone-account", &ann.email);
    both.header("authorization", &format!("Bearer {}", bob.token)).await.fails(404, "not-found");
    app.close().await;
}
