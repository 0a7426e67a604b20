//! What administrators do to accounts, and invitations.

use std::time::Duration;

use inkstone::config::Signup;
use poem::http::Method;
use serde_json::json;

use crate::support::{Actor, App, PASSWORD};

#[tokio::test]
async fn an_administrator_changes_roles_and_status_and_the_last_one_stays() {
    let app = App::new().await;
    let root = app.admin("root").await;
    let ada = app.member("ada").await;
    let mut emails = root.each("/admin/users", "email").await;
    emails.sort_by_key(ToString::to_string);
    assert_eq!(emails, ["ada@example.org", "root@example.org"]);
    let path = format!("/admin/users/{}", ada.id);
    let reader = root.patch(&path, json!({ "role": "read-only" })).await.is(200);
    assert_eq!(reader.json["role"], "read-only");
    ada.get("/me").await.fails(401, "invalid-token");
    let ada = ada.once_more(None).await;
    ada.get("/notes").await.is(200);
    ada.post("/notes", json!({ "body": "x" })).await.fails(403, "account-read-only");
    root.patch(&path, json!({ "role": "admin", "disabled": true })).await.is(200);
    let login = json!({ "email": ada.email, "password": PASSWORD });
    app.anonymous().post("/auth/login", login.clone()).await.fails(401, "invalid-credentials");
    // A disabled administrator administers nothing.
    let own = format!("/admin/users/{}", root.0.id);
    root.patch(&own, json!({ "role": "member" })).await.fails(409, "last-admin");
    root.patch(&own, json!({ "disabled": true })).await.fails(409, "last-admin");
    root.delete(&own).await.fails(409, "last-admin");
    root.call(Method::DELETE, "/me").await.fails(409, "last-admin");
    root.patch(&path, json!({ "disabled": false })).await.is(200);
    root.patch(&own, json!({ "role": "member" })).await.is(200);
    app.anonymous().post("/auth/login", login).await.is(200);
    app.close().await;
}

#[tokio::test]
async fn an_account_that_is_given_up_goes_after_seven_days_with_everything() {
    let app = App::new().await;
    let root = app.admin("root").await;
    let (ada, bob) = (app.member("ada").await, app.member("bob").await);
    for member in [&ada, &bob] {
        let notebook = member.notebook(json!({ "name": "Box" })).await.id();
        member.note(json!({ "body": "kingfisher", "tags": ["birds"], "notebook_id": notebook })).await;
        member.note(json!({ "body": "in the trash" })).await;
        member.post("/saved-searches", json!({ "name": "Birds", "query": "kingfisher" })).await.is(201);
    }
    let leaving = ada.call(Method::DELETE, "/me").await.is(200);
    assert_eq!(leaving.json["deletes_at"], "2026-03-08T09:30:00.000000Z");
    // Until then it can be used, and everything be taken along.
    ada.export().await;
    app.advance(Duration::from_secs(6 * 24 * 60 * 60));
    app.work_off().await;
    let ada = ada.once_more(None).await;
    assert_eq!(ada.all("/notes").await.len(), 2);
    ada.call(Method::POST, "/me/keep").await.is(200);
    app.advance(Duration::from_secs(2 * 24 * 60 * 60));
    app.work_off().await;
    let ada = ada.once_more(None).await;
    ada.call(Method::DELETE, "/me").await.is(200);
    app.advance(Duration::from_secs(7 * 24 * 60 * 60 + 1));
    app.work_off().await;
    let login = json!({ "email": ada.email, "password": PASSWORD });
    app.anonymous().post("/auth/login", login).await.fails(401, "invalid-credentials");
    let root = root.0.once_more(None).await;
    root.get(&format!("/admin/users/{}", ada.id)).await.fails(404, "not-found");
    // Nobody else has lost anything, and the address is free.
    let bob = bob.once_more(None).await;
    assert_eq!(bob.all("/notes").await.len(), 2);
    assert_eq!(bob.all("/saved-searches").await.len(), 1);
    app.settle().await;
    assert_eq!(bob.get("/search?q=kingfisher").await.is(200).json["total"], 1);
    let again = app.member("ada").await;
    assert_ne!(again.id, ada.id);
    assert!(again.all("/notes").await.is_empty());
    // What was done is still there, and no longer says who that was.
    let audit = root.all("/admin/audit").await;
    let of_ada: Vec<_> = audit.iter().filter(|entry| entry["actor"]["id"] == ada.id.as_str()).collect();
    assert!(of_ada.len() >= 3, "{audit:?}");
    assert!(of_ada.iter().all(|entry| entry["actor"]["email"].is_null() && entry["address"].is_null()), "{of_ada:?}");
    assert!(audit.iter().any(|entry| entry["action"] == "account.deleted"));
    app.close().await;
}

#[tokio::test]
async fn an_administrator_deletes_and_takes_that_back() {
    let app = App::new().await;
    let root = app.admin("root").await;
    let ada = app.member("ada").await;
    let path = format!("/admin/users/{}", ada.id);
    let gone = root.delete(&path).await.is(200);
    assert!(gone.json["disabled_at"].is_string() && gone.json["deletes_at"].is_string());
    ada.get("/me").await.fails(401, "invalid-token");
    root.patch(&path, json!({ "leaving": true })).await.fails(422, "invalid-request");
    let back = root.patch(&path, json!({ "leaving": false, "disabled": false })).await.is(200);
    assert!(back.json["disabled_at"].is_null() && back.json["deletes_at"].is_null());
    ada.once_more(None).await;
    app.close().await;
}

#[tokio::test]
async fn an_invitation_makes_one_account_of_its_role() {
    let app = App::new().await;
    let root = app.admin("root").await;
    let body = json!({ "email": "grace@example.org", "role": "read-only", "hours": 48 });
    let made = root.post("/admin/invites", body).await.is(201);
    let token = made.text("/url").split_once("/invite?token=").unwrap().1.to_owned();
    let listed = root.all("/admin/invites").await;
    assert_eq!(listed, [made.json["invite"].clone()]);
    let shown = app.anonymous().post("/auth/invite", json!({ "token": token })).await.is(200);
    assert_eq!((&shown.json["email"], &shown.json["role"]), (&json!("grace@example.org"), &json!("read-only")));

    let accept = json!({ "token": token, "password": PASSWORD, "token_delivery": "body" });
    let weak = json!({ "token": token, "password": "1234567890" });
    app.anonymous().post("/auth/accept-invite", weak).await.fails(422, "invalid-request");
    let grace = app.anonymous().post("/auth/accept-invite", accept.clone()).await.is(201);
    assert_eq!((grace.text("/user/email"), grace.text("/user/role")), ("grace@example.org".into(), "read-only".into()));
    app.anonymous().post("/auth/accept-invite", accept).await.fails(403, "link-invalid");
    assert!(root.all("/admin/invites").await.is_empty());
    app.close().await;
}

#[tokio::test]
async fn an_invitation_runs_out_and_can_be_taken_back() {
    let app = App::new().await;
    let root = app.admin("root").await;
    let invite = async || {
        let made = root.post("/admin/invites", json!({ "role": "member", "hours": 1 })).await.is(201);
        let token = made.text("/url").split_once("token=").unwrap().1.to_owned();
        (json!({ "token": token, "email": "new@example.org", "password": PASSWORD }), made.text("/invite/id"))
    };
    let (accept, id) = invite().await;
    root.delete(&format!("/admin/invites/{id}")).await.is(204);
    root.delete(&format!("/admin/invites/{id}")).await.fails(404, "not-found");
    app.anonymous().post("/auth/accept-invite", accept).await.fails(403, "link-invalid");
    let (accept, _) = invite().await;
    let mut nameless = accept.clone();
    nameless.as_object_mut().unwrap().remove("email");
    app.anonymous().post("/auth/accept-invite", nameless).await.fails(422, "invalid-request");
    app.advance(Duration::from_secs(60 * 60));
    app.anonymous().post("/auth/accept-invite", accept).await.fails(403, "link-invalid");
    for hours in [0, 2161] {
        let root = root.0.once_more(None).await;
        root.post("/admin/invites", json!({ "role": "member", "hours": hours })).await.fails(422, "invalid-request");
    }
    app.close().await;
}

#[tokio::test]
async fn a_closed_server_invites_nobody() {
    let app = App::with(|config| config.signup = Signup::Closed).await;
    let root = app.admin("root").await;
    root.post("/admin/invites", json!({ "role": "member" })).await.fails(403, "signup-closed");
    let new = json!({ "email": "new@example.org", "password": PASSWORD });
    app.anonymous().post("/auth/register", new.clone()).await.fails(403, "signup-closed");
    // Not even with an invitation from before it was closed.
    let mut accept = new;
    accept["token"] = json!("from before");
    app.anonymous().post("/auth/accept-invite", accept).await.fails(403, "signup-closed");
    app.anonymous().post("/auth/invite", json!({ "token": "from before" })).await.fails(403, "signup-closed");
    app.close().await;
}
