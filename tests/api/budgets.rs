//! How many requests somebody may send.

use std::time::Duration;

use poem::http::Method;
use serde_json::json;

use crate::support::{Actor, App};

#[tokio::test]
async fn every_answer_tells_how_the_budgets_stand() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let read = ada.get("/notes").from("192.0.2.1").await.is(200);
    assert_eq!(read.header("ratelimit-policy"), Some("\"address\";q=12000;w=60, \"reads\";q=6000;w=60"));
    assert_eq!(read.header("ratelimit"), Some("\"address\";r=11999;t=1, \"reads\";r=5999;t=1"));
    let written = ada.post("/notes", json!({ "body": "x" })).from("192.0.2.1").await.is(201);
    assert_eq!(written.header("ratelimit"), Some("\"address\";r=11998;t=1, \"writes\";r=2999;t=1"));
    // A refusal tells it too, and so does an answer to nobody.
    let refused = app.anonymous().get("/notes").from("192.0.2.1").await.fails(401, "authentication-required");
    assert_eq!(refused.header("ratelimit"), Some("\"address\";r=11997;t=1"));
    // What is no request of the API is not counted, and neither is the command line.
    let probe = app.anonymous().plain(Method::GET, "/healthz").from("192.0.2.1").await.is(200);
    assert_eq!(probe.header("ratelimit"), None);
    let local = app.local_admin().get("/notes").header("inkstone-account", &ada.email).await.is(200);
    assert_eq!(local.header("ratelimit"), None);
    app.close().await;
}

#[tokio::test]
async fn a_budget_that_is_used_up_refuses_until_there_is_some_again() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let key = ada.key(&["read"], json!({ "budget": 3 })).await.text("/key");
    let line = format!("Bearer {key}");
    let anonymous = app.anonymous();
    let ask = async || anonymous.get("/notes").header("authorization", &line).from("192.0.2.1").await;
    for left in [2, 1, 0] {
        let answer = ask().await.is(200);
        assert!(
            answer.header("ratelimit").unwrap().contains(&format!("\"key\";r={left};t=20")),
            "{:?}",
            answer.headers
        );
    }
    let refused = ask().await.fails(429, "too-many-requests");
    assert_eq!(refused.header("retry-after"), Some("20"));
    assert!(refused.header("ratelimit").unwrap().contains("\"key\";r=0;t=20"), "{:?}", refused.headers);
    // Its owner is not kept out by it.
    ada.get("/notes").from("192.0.2.1").await.is(200);
    app.advance(Duration::from_secs(20));
    ask().await.is(200);
    app.close().await;
}

#[tokio::test]
async fn transfers_are_few() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    for _ in 0..30 {
        ada.call(Method::POST, "/exports").from("192.0.2.1").await.is(202);
    }
    let refused = ada.call(Method::POST, "/exports").from("192.0.2.9").await.fails(429, "too-many-requests");
    assert_eq!(refused.header("retry-after"), Some("2"));
    app.close().await;
}

#[tokio::test]
async fn it_can_be_switched_off() {
    let app = App::with(|config| config.rate_limit = false).await;
    let ada = app.member("ada").await;
    let read = ada.get("/notes").from("192.0.2.1").await.is(200);
    assert_eq!(read.header("ratelimit"), None);
    app.close().await;
}
