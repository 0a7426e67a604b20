//! A forgotten password, and invitations by mail.

use std::time::Duration;

use inkstone::mail::MailError;
use serde_json::json;

use crate::support::{Actor, App, PASSWORD};

const NEW: &str = "a password that I know";

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_link_that_works_once() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    assert_eq!(app.anonymous().get("/server").await.is(200).json["sign_in"]["password_reset"], true);
    let anonymous = app.anonymous();
    anonymous.post("/auth/reset", json!({ "email": "ADA@example.org" })).from("192.0.2.9").await.is(202);
    app.work_off().await;
    let activity = ada.all("/me/activity").await;
    assert_eq!(
        (&activity[0]["action"], &activity[0]["subject"]["email"]),
        (&json!("password.reset-requested"), &json!(ada.email))
    );
    let letter = app.letters().to("ada@example.org").pop().unwrap();
    assert!(letter.text.contains("/reset?token=") && letter.text.contains("half an hour"), "{letter:?}");
    let token = app.letters().token("ada@example.org").unwrap();
    let choose = |password: &str| json!({ "token": token, "new_password": password });
    app.anonymous().post("/auth/reset/confirm", choose("short")).await.fails(422, "invalid-request");
    app.anonymous().post("/auth/reset/confirm", choose(NEW)).await.is(204);
    app.anonymous().post("/auth/reset/confirm", choose(NEW)).await.fails(403, "link-invalid");
    ada.get("/me").await.fails(401, "invalid-token");
    let login = |password: &str| json!({ "email": ada.email, "password": password });
    app.anonymous().post("/auth/login", login(PASSWORD)).await.fails(401, "invalid-credentials");
    app.anonymous().post("/auth/login", login(NEW)).await.is(200);
    app.close().await;
}

#[tokio::test]
async fn a_new_password_by_link_takes_no_second_factor_off() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let phone = ada.enrol().await;
    ada.confirm(&phone).await;
    app.anonymous().post("/auth/reset", json!({ "email": ada.email })).await.is(202);
    app.work_off().await;
    let token = app.letters().token(&ada.email).unwrap();
    let choose = |password: &str| json!({ "token": token, "new_password": password });
    // Nor may it be a password that everybody knows, or could guess from the address.
    for bad in ["1234567890", "ada-2026-!", "Inkstone123"] {
        app.anonymous().post("/auth/reset/confirm", choose(bad)).await.invalid("new_password");
    }
    app.anonymous().post("/auth/reset/confirm", choose(NEW)).await.is(204);
    let login = json!({ "email": ada.email, "password": NEW });
    app.anonymous().post("/auth/login", login).await.fails(401, "second-factor-required");
    app.close().await;
}

#[tokio::test]
async fn a_link_is_good_for_half_an_hour_and_the_newest_alone() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let ask = async || {
        app.anonymous().post("/auth/reset", json!({ "email": ada.email })).await.is(202);
        app.work_off().await;
        app.letters().token(&ada.email).unwrap()
    };
    let confirm = async |token: &str| {
        app.anonymous().post("/auth/reset/confirm", json!({ "token": token, "new_password": NEW })).await
    };
    let (first, second) = (ask().await, ask().await);
    confirm(&first).await.fails(403, "link-invalid");
    app.advance(Duration::from_secs(30 * 60));
    confirm(&second).await.fails(403, "link-invalid");
    // A change of the password ends a link as well.
    let third = ask().await;
    let ada = ada.once_more(None).await;
    ada.post("/me/password", json!({ "current_password": PASSWORD, "new_password": NEW })).await.is(204);
    confirm(&third).await.fails(403, "link-invalid");
    app.close().await;
}

#[tokio::test]
async fn nobody_is_told_who_has_an_account() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    app.local_admin()
        .plain(poem::http::Method::POST, "/local/v1/users/disable")
        .json(&json!({ "email": ada.email }))
        .await
        .is(200);
    for email in [&ada.email, "nobody@example.org"] {
        let answer = app.anonymous().post("/auth/reset", json!({ "email": email })).await.is(202);
        assert!(answer.bytes.is_empty());
        app.work_off().await;
        assert!(app.letters().to(email).is_empty());
    }
    app.anonymous().post("/auth/reset", json!({ "email": "no address" })).await.fails(422, "invalid-request");
    for _ in 0..3 {
        app.anonymous().post("/auth/reset", json!({ "email": ada.email })).from("192.0.2.1").await.is(202);
    }
    let more = app.anonymous();
    more.post("/auth/reset", json!({ "email": ada.email })).from("192.0.2.1").await.fails(429, "too-many-requests");
    app.close().await;
}

#[tokio::test]
async fn a_letter_that_cannot_go_now_goes_later() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    app.letters().close(Some(MailError::Again("the server is away".into())));
    app.anonymous().post("/auth/reset", json!({ "email": ada.email })).await.is(202);
    app.work_off().await;
    assert!(app.letters().to(&ada.email).is_empty());
    app.letters().close(None);
    app.advance(Duration::from_secs(60 * 60));
    app.work_off().await;
    assert_eq!(app.letters().to(&ada.email).len(), 1);
    app.close().await;
}

#[tokio::test]
async fn an_invitation_is_sent_with_a_link_of_its_own() {
    let app = App::new().await;
    let root = app.admin("root").await;
    let invite = json!({ "email": "grace@example.org", "role": "member", "send": true });
    let made = root.post("/admin/invites", invite).await.is(201);
    assert!(made.json["url"].is_null());
    app.work_off().await;
    let token = app.letters().token("grace@example.org").unwrap();
    let accept = json!({ "token": token, "password": PASSWORD });
    app.anonymous().post("/auth/accept-invite", accept).await.is(201);
    root.post("/admin/invites", json!({ "role": "member", "send": true })).await.fails(422, "invalid-request");
    app.close().await;
}

#[tokio::test]
async fn a_server_without_mail_says_so() {
    let app = App::without_mail().await;
    assert_eq!(app.anonymous().get("/server").await.is(200).json["sign_in"]["password_reset"], false);
    app.anonymous().post("/auth/reset", json!({ "email": "ada@example.org" })).await.fails(409, "mail-not-configured");
    let root = app.admin("root").await;
    let invite = json!({ "email": "grace@example.org", "role": "member", "send": true });
    root.post("/admin/invites", invite).await.fails(409, "mail-not-configured");
    app.close().await;
}
