//! Accounts and sessions through the whole server; each rule by itself is tested beside `accounts::api`.

use inkstone::config::Signup;
use poem::http::Method;
use serde_json::{Value, json};

use crate::support::{Actor as _, App, PASSWORD};

const OTHER: &str = "staple of another stable";

#[tokio::test]
async fn from_the_first_link_to_the_first_note() {
    let app = App::new().await;
    let link = app.local_admin().plain(Method::POST, "/local/v1/setup-link").await.is(201);
    let url = link.text("/url");
    let (page, token) = url.split_once("?token=").unwrap();
    assert_eq!(page, "http://127.0.0.1:7465/setup");
    app.anonymous().plain(Method::GET, "/setup").await.is(200);

    let first = json!({ "token": token, "email": "root@example.org", "password": PASSWORD, "name": "Root" });
    let made = app.anonymous().post("/setup", first.clone()).await.is(201);
    assert_eq!((&made.json["user"]["role"], made.header("location")), (&json!("admin"), Some("/api/v1/me")));
    assert_eq!((&made.json["token_type"], &made.json["expires_in"]), (&json!("Bearer"), &json!(300)));
    app.anonymous().post("/setup", first).await.fails(409, "already-set-up");
    app.local_admin().plain(Method::POST, "/local/v1/setup-link").await.fails(409, "already-set-up");

    let line = format!("Bearer {}", made.text("/access_token"));
    let note =
        app.anonymous().post("/notes", json!({ "body": "# Hello" })).header("authorization", &line).await.is(201);
    app.settle().await;
    let found = app.anonymous().get("/search?q=hello").header("authorization", &line).await.is(200);
    assert_eq!(found.json["items"][0]["note"]["id"], json!(note.id()));
    app.close().await;
}

#[tokio::test]
async fn a_link_that_was_made_up_sets_nothing_up() {
    let app = App::new().await;
    app.local_admin().plain(Method::POST, "/local/v1/setup-link").await.is(201);
    let body = json!({ "token": "made-up", "email": "eve@example.org", "password": PASSWORD });
    app.anonymous().post("/setup", body.clone()).await.fails(403, "setup-link-invalid");
    let mut short = body.clone();
    short["password"] = json!("short");
    app.anonymous().post("/setup", short).await.invalid("password");
    let mut more = body;
    more["role"] = json!("admin");
    app.anonymous().post("/setup", more).await.malformed("role");
    app.close().await;
}

#[tokio::test]
async fn registration_is_closed_unless_opened() {
    let new = json!({ "email": "ann@example.org", "password": PASSWORD });
    let closed = App::new().await;
    closed.anonymous().post("/auth/register", new.clone()).await.fails(403, "signup-closed");
    closed.close().await;

    let open = App::with(|config| config.signup = Signup::Open).await;
    let made = open.anonymous().post("/auth/register", new.clone()).await.is(201);
    assert_eq!((&made.json["user"]["role"], &made.json["user"]["name"]), (&json!("member"), &json!("ann")));
    assert_eq!(made.header("location"), Some("/api/v1/me"));
    open.anonymous().post("/auth/register", new).await.fails(409, "email-taken");
    let wrong = json!({ "email": "ann", "password": "short", "name": "" });
    let refused = open.anonymous().post("/auth/register", wrong).await.fails(422, "invalid-request");
    assert_eq!(refused.fields(), ["email", "name", "password"]);
    open.close().await;
}

#[tokio::test]
async fn a_page_lives_by_cookies_alone() {
    let app = App::new().await;
    let page = app.page_of("ann").await;
    let me = page.get("/me").await.is(200);
    assert_eq!(me.json["email"], "ann@example.org");
    page.note(json!({ "body": "by cookie" })).await;
    let refreshed = page.call(Method::POST, "/auth/refresh").await.is(200);
    assert!(refreshed.json.get("access_token").is_none() && refreshed.json.get("refresh_token").is_none());
    assert_eq!(refreshed.set_cookies().len(), 2);
    let out = page.call(Method::POST, "/auth/logout").await.is(204);
    assert!(out.set_cookies().iter().all(|line| line.contains("Max-Age=0")));
    page.get("/me").await.fails(401, "invalid-token");
    let anonymous = app.anonymous();
    let later = anonymous.call(Method::POST, "/auth/refresh").header("cookie", &refreshed.cookies());
    later.await.fails(401, "invalid-refresh-token");
    app.close().await;
}

#[tokio::test]
async fn a_page_is_never_handed_a_token() {
    let app = App::with(|config| config.signup = Signup::Open).await;
    let (local, browser) = (app.local_admin(), app.anonymous());
    let link = local.plain(Method::POST, "/local/v1/setup-link").await.is(201).text("/url");
    let (_, token) = link.split_once("?token=").unwrap();
    let account = |email: &str, more: &[(&str, &str)]| {
        let mut body = json!({ "email": email, "password": PASSWORD, "token_delivery": "cookie" });
        more.iter().for_each(|(name, value)| body[*name] = json!(value));
        body
    };
    let set_up = browser.post("/setup", account("root@example.org", &[("token", token)])).await.is(201);
    let registered = browser.post("/auth/register", account("ann@example.org", &[])).await.is(201);
    let signed_in = browser.post("/auth/login", account("ann@example.org", &[])).await.is(200);
    let cookies = signed_in.cookies();
    let refresh = || browser.call(Method::POST, "/auth/refresh").header("cookie", &cookies);
    let (bare, empty) = (refresh().await.is(200), refresh().json(&json!({})).await.is(200));
    for answer in [set_up, registered, signed_in, bare, empty] {
        let mut members: Vec<_> = answer.json.as_object().unwrap().keys().cloned().collect();
        members.sort();
        assert_eq!(members, ["expires_in", "token_type", "user"]);
        assert_eq!(answer.set_cookies().len(), 2);
        assert!(answer.set_cookies().iter().all(|line| line.contains("HttpOnly")));
    }
    browser.call(Method::POST, "/auth/refresh").await.fails(401, "authentication-required");
    browser.post("/auth/refresh", json!({})).await.fails(401, "authentication-required");
    app.close().await;
}

#[tokio::test]
async fn a_program_refreshes_what_has_expired() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    app.advance(std::time::Duration::from_secs(300));
    ann.get("/me").await.fails(401, "invalid-token");
    let next = app.anonymous().post("/auth/refresh", json!({ "refresh_token": ann.refresh })).await.is(200);
    assert_eq!(next.text("/user/id"), ann.id);
    let line = format!("Bearer {}", next.text("/access_token"));
    app.anonymous().get("/me").header("authorization", &line).await.is(200);
    let bad = app.anonymous().post("/auth/refresh", json!({ "refresh_token": "made up" })).await;
    assert_eq!(bad.fails(401, "invalid-refresh-token").header("www-authenticate"), Some("Bearer"));
    app.anonymous().post("/auth/refresh", json!({ "token": "x" })).await.malformed("token");
    app.close().await;
}

#[tokio::test]
async fn the_own_account_is_shown_and_renamed() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let me = ann.get("/me").await.is(200).json;
    let now = "2026-03-01T09:30:00.000000Z";
    let expected = json!({ "id": ann.id, "email": ann.email, "name": "ann", "has_password": true, "role": "member", "deletes_at": null, "created_at": now, "updated_at": now });
    assert_eq!(me, expected);
    assert_eq!(ann.patch("/me", json!({ "name": "Ann" })).await.is(200).json["name"], "Ann");
    assert_eq!(ann.patch("/me", json!({})).await.is(200).json["name"], "Ann");
    assert_eq!(ann.patch("/me", json!({ "name": null })).await.is(200).json["name"], "ann");
    ann.patch("/me", json!({ "name": "" })).await.invalid("name");
    ann.patch("/me", json!({ "role": "admin" })).await.malformed("role");
    ann.patch("/me", json!({ "email": "no address" })).await.invalid("email");
    app.close().await;
}

#[tokio::test]
async fn another_password_ends_the_other_sessions() {
    let app = App::new().await;
    let (ann, elsewhere) = (app.member("ann").await, app.member("ann").await);
    let page = app.page_of("ann").await;
    let anonymous = app.anonymous();
    let change =
        |old: &str, new: &str| ann.post("/me/password", json!({ "current_password": old, "new_password": new }));
    change(OTHER, "yet another password").await.invalid("current_password");
    change(PASSWORD, "short").await.invalid("new_password");
    elsewhere.get("/me").await.is(200);
    change(PASSWORD, OTHER).await.is(204);
    ann.get("/me").await.is(200);
    elsewhere.get("/me").await.fails(401, "invalid-token");
    page.get("/me").await.fails(401, "invalid-token");
    let login = |password: &str| anonymous.post("/auth/login", json!({ "email": ann.email, "password": password }));
    login(PASSWORD).await.fails(401, "invalid-credentials");
    login(OTHER).await.is(200);
    app.close().await;
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let app = App::new().await;
    let login = json!({ "email": app.member("ann").await.email, "password": PASSWORD });
    app.anonymous().post("/auth/login", login).header("user-agent", "Tester/1\u{9}x").await.is(200);
    app.advance(std::time::Duration::from_secs(1));
    let ann = app.member("ann").await;
    let sessions = ann.all("/me/sessions?limit=1").await;
    assert_eq!(
        sessions.iter().map(|s| s["current"].clone()).collect::<Vec<_>>(),
        [json!(true), json!(false), json!(false)]
    );
    assert!(sessions.iter().any(|s| s["agent"] == "Tester/1x"), "{sessions:?}");
    let id = |n: usize| sessions[n]["id"].as_str().unwrap();
    ann.delete(&format!("/me/sessions/{}", id(2))).await.is(204);
    ann.delete(&format!("/me/sessions/{}", id(2))).await.fails(404, "not-found");
    app.stranger().await.delete(&format!("/me/sessions/{}", id(1))).await.fails(404, "not-found");
    ann.delete("/me/sessions").await.is(204);
    assert_eq!(ann.each("/me/sessions", "id").await, [json!(id(0))]);
    ann.get("/me/sessions?cursor=x").await.malformed("cursor");
    ann.delete(&format!("/me/sessions/{}", id(0))).await.is(204);
    ann.get("/me").await.fails(401, "invalid-token");
    app.close().await;
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    app.admin("root").await;
    let local_admin = app.local_admin();
    let local = |path: &str, body: Value| local_admin.plain(Method::POST, path).json(&body);
    local("/local/v1/users/disable", json!({ "email": ann.email })).await.is(200);
    ann.get("/notes").await.fails(401, "invalid-token");
    local("/local/v1/users/disable", json!({ "email": "root@example.org" })).await.fails(409, "last-admin");
    app.close().await;
}
