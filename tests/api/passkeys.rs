//! Passkeys: made, shown instead of a password and after one, and refused.

use std::time::Duration;

use poem::http::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, App, Authenticator, Member, PASSWORD};

/// How a server without a public URL, which listens on the loopback, is reached.
const HERE: &str = "http://localhost:7465";

/// Asks for a passkey and shows one, up to the answer that signs in.
async fn shown(app: &App, authenticator: &mut Authenticator, question: Value) -> Value {
    let begun = app.anonymous().post("/auth/passkey/begin", question).await.is(200);
    let credential = authenticator.show(&begun.json["options"]);
    json!({ "state": begun.json["state"], "credential": credential, "token_delivery": "body" })
}

async fn sign_in(app: &App, authenticator: &mut Authenticator) -> Answer {
    let shown = shown(app, authenticator, json!({})).await;
    app.anonymous().post("/auth/passkey", shown).await
}

async fn challenge(app: &App, member: &Member<'_>) -> Answer {
    let login = json!({ "email": member.email, "password": PASSWORD });
    app.anonymous().post("/auth/login", login).await.fails(401, "second-factor-required")
}

#[tokio::test]
async fn a_passkey_signs_in_without_a_password() {
    let app = App::new().await;
    assert_eq!(app.anonymous().get("/server").await.is(200).json["sign_in"]["passkey"], true);
    let ada = app.member("ada").await;
    let other = ada.again().await;
    let mut phone = Authenticator::new(HERE);
    let added = ada.add_passkey(&mut phone, " Phone ").await.is(201);
    assert_eq!(added.json["passkey"]["name"], "Phone");
    assert_eq!(added.json["recovery_codes"].as_array().unwrap().len(), 10);
    assert_eq!(added.header("cache-control"), Some("no-store"));
    assert_eq!(other.get("/me").await.status, 401, "what was given out before counts no more");

    let signed_in = sign_in(&app, &mut phone).await.is(200);
    assert_eq!(signed_in.json["user"]["email"], json!(ada.email));
    let listed = ada.get("/me/passkeys").await.is(200);
    assert_eq!(listed.json["items"][0]["last_used_at"], json!(app.now().to_string()));
    let activity = ada.all("/me/activity").await;
    assert_eq!(
        (&activity[0]["action"], &activity[0]["details"]["method"]),
        (&json!("session.begun"), &json!("passkey"))
    );
    assert!(activity.iter().any(|row| row["action"] == "passkey.added"), "{activity:?}");
    app.close().await;
}

#[tokio::test]
async fn a_passkey_is_the_second_factor_after_the_password() {
    let app = App::new().await;
    let (ada, bob) = (app.member("ada").await, app.member("bob").await);
    let (mut phone, mut bobs) = (Authenticator::new(HERE), Authenticator::new(HERE));
    let codes = ada.add_passkey(&mut phone, "Phone").await.is(201).json["recovery_codes"].clone();
    bob.add_passkey(&mut bobs, "Phone").await.is(201);

    let asked = challenge(&app, &ada).await;
    assert_eq!(asked.json["methods"], json!(["passkey", "recovery-code"]));
    let question = json!({ "challenge": asked.json["challenge"] });
    let begun = app.anonymous().post("/auth/passkey/begin", question.clone()).await.is(200);
    let allowed = begun.json["options"]["publicKey"]["allowCredentials"].as_array().unwrap();
    assert_eq!(allowed.len(), 1, "only those of the account are asked for");

    let another = shown(&app, &mut bobs, question.clone()).await;
    app.anonymous().post("/auth/passkey", another).await.fails(401, "invalid-passkey");
    let right = shown(&app, &mut phone, question).await;
    assert_eq!(app.anonymous().post("/auth/passkey", right).await.is(200).json["user"]["email"], json!(ada.email));

    // A recovery code stands in for it, once.
    let code = json!({ "challenge": asked.json["challenge"], "method": "recovery-code", "code": codes[0] });
    app.anonymous().post("/auth/second-factor", code.clone()).await.is(200);
    app.anonymous().post("/auth/second-factor", code).await.fails(401, "invalid-code");
    app.close().await;
}

#[tokio::test]
async fn what_a_passkey_signed_lets_in_once_and_not_for_long() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let mut phone = Authenticator::new(HERE);
    ada.add_passkey(&mut phone, "Phone").await.is(201);

    let once = shown(&app, &mut phone, json!({})).await;
    app.anonymous().post("/auth/passkey", once.clone()).await.is(200);
    app.anonymous().post("/auth/passkey", once).await.fails(401, "invalid-passkey");

    let late = shown(&app, &mut phone, json!({})).await;
    app.advance(Duration::from_secs(301));
    app.anonymous().post("/auth/passkey", late).await.fails(401, "challenge-expired");
    app.close().await;
}

#[tokio::test]
async fn a_copy_whose_counter_has_not_gone_on_is_refused() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let mut phone = Authenticator::new(HERE);
    ada.add_passkey(&mut phone, "Phone").await.is(201);
    let mut copy = phone.clone();
    sign_in(&app, &mut phone).await.is(200);
    sign_in(&app, &mut phone).await.is(200);
    sign_in(&app, &mut copy).await.fails(401, "invalid-passkey");
    // Whoever has the right one goes on.
    sign_in(&app, &mut phone).await.is(200);
    app.close().await;
}

#[tokio::test]
async fn what_is_not_shown_to_this_site_by_somebody_who_is_there_does_not_count() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let mut phone = Authenticator::new(HERE);
    ada.add_passkey(&mut phone, "Phone").await.is(201);

    let mut elsewhere = phone.clone();
    elsewhere.origin = "https://evil.example".into();
    elsewhere.counter += 10;
    sign_in(&app, &mut elsewhere).await.fails(401, "invalid-passkey");
    let mut silent = phone.clone();
    silent.verifies = false;
    silent.counter += 20;
    sign_in(&app, &mut silent).await.fails(401, "invalid-passkey");
    let mut forged = Authenticator::new(HERE);
    forged.id.clone_from(&phone.id);
    forged.counter = 99;
    sign_in(&app, &mut forged).await.fails(401, "invalid-passkey");
    let mut unknown = Authenticator::new(HERE);
    sign_in(&app, &mut unknown).await.fails(401, "invalid-passkey");
    sign_in(&app, &mut phone).await.is(200);

    for nonsense in [json!({}), json!(null), json!("x"), json!({ "id": 7 })] {
        let begun = app.anonymous().post("/auth/passkey/begin", json!({})).await.is(200);
        let body = json!({ "state": begun.json["state"], "credential": nonsense });
        app.anonymous().post("/auth/passkey", body).await.fails(401, "challenge-expired");
    }
    let body = json!({ "state": "x", "credential": phone.show(&json!({ "publicKey": { "rpId": "localhost", "challenge": "" } })) });
    app.anonymous().post("/auth/passkey", body).await.fails(401, "challenge-expired");
    app.close().await;
}

#[tokio::test]
async fn a_passkey_that_is_taken_off_lets_nobody_in() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let (mut phone, mut key) = (Authenticator::new(HERE), Authenticator::new(HERE));
    let first = ada.add_passkey(&mut phone, "Phone").await.is(201);
    let second = ada.add_passkey(&mut key, "Key").await.is(201);
    assert_eq!(second.json["recovery_codes"], Value::Null, "there are some already");
    let id = second.text("/passkey/id");
    let path = format!("/me/passkeys/{id}");
    assert_eq!(ada.patch(&path, json!({ "name": "Old key" })).await.is(200).json["name"], "Old key");
    ada.delete(&path).await.is(204);
    ada.delete(&path).await.fails(404, "not-found");
    sign_in(&app, &mut key).await.fails(401, "invalid-passkey");
    assert_eq!(ada.get("/me/totp").await.is(200).json["recovery_codes"], 10, "one second factor is left");

    ada.delete(&format!("/me/passkeys/{}", first.text("/passkey/id"))).await.is(204);
    assert_eq!(ada.get("/me/totp").await.is(200).json["recovery_codes"], 0);
    let login = json!({ "email": ada.email, "password": PASSWORD });
    app.anonymous().post("/auth/login", login).await.is(200);
    app.close().await;
}

#[tokio::test]
async fn a_passkey_is_made_for_whoever_asked_and_once() {
    let app = App::new().await;
    let (ada, bob) = (app.member("ada").await, app.member("bob").await);
    let mut phone = Authenticator::new(HERE);
    let begun = ada.call(Method::POST, "/me/passkeys/begin").await.is(200);
    let made =
        json!({ "name": "Phone", "state": begun.json["state"], "credential": phone.make(&begun.json["options"]) });
    bob.post("/me/passkeys", made.clone()).await.invalid("credential");
    ada.post("/me/passkeys", made.clone()).await.is(201);
    // The ceremony is over: what was given out before the first passkey counts no more.
    ada.post("/me/passkeys", made).await.invalid("credential");
    let again = ada.call(Method::POST, "/me/passkeys/begin").await.is(200);
    let body =
        json!({ "name": "Phone", "state": again.json["state"], "credential": phone.make(&again.json["options"]) });
    ada.post("/me/passkeys", body).await.fails(409, "passkey-taken");
    let again = ada.call(Method::POST, "/me/passkeys/begin").await.is(200);
    let known = again.json["options"]["publicKey"]["excludeCredentials"].as_array().unwrap();
    assert_eq!(known.len(), 1, "an authenticator that has one makes no other");
    let mut silent = Authenticator::new(HERE);
    silent.verifies = false;
    ada.add_passkey(&mut silent, "Silent").await.invalid("credential");
    let mut elsewhere = Authenticator::new("https://evil.example");
    ada.add_passkey(&mut elsewhere, "Elsewhere").await.invalid("credential");
    let mut nameless = Authenticator::new(HERE);
    ada.add_passkey(&mut nameless, " ").await.invalid("name");
    app.close().await;
}

#[tokio::test]
async fn a_passkey_that_was_begun_before_the_password_was_changed_is_not_kept() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let mut thiefs = Authenticator::new(HERE);
    let begun = ada.call(Method::POST, "/me/passkeys/begin").await.is(200);
    let made = thiefs.make(&begun.json["options"]);
    let change = json!({ "current_password": PASSWORD, "new_password": "a password that nobody else has" });
    ada.post("/me/password", change).await.is(204);
    // With a session that still counts, so that it is the ceremony that is refused.
    let body = json!({ "name": "Thief's", "state": begun.json["state"], "credential": made });
    ada.post("/me/passkeys", body).await.invalid("credential");
    app.close().await;
}

#[tokio::test]
async fn a_passkey_is_shown_again_before_what_matters() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let mut phone = Authenticator::new(HERE);
    ada.add_passkey(&mut phone, "Phone").await.is(201);
    app.advance(Duration::from_secs(601));
    let ada = ada.renewed().await;
    ada.call(Method::POST, "/me/passkeys/begin").await.fails(403, "step-up-required");
    let begun = ada.call(Method::POST, "/auth/step-up/passkey").await.is(200);
    let credential = phone.show(&begun.json["options"]);
    let body = json!({ "method": "passkey", "state": begun.json["state"], "credential": credential });
    ada.post("/auth/step-up", json!({ "method": "passkey", "state": "x" })).await.invalid("credential");
    ada.post("/auth/step-up", body.clone()).await.is(204);
    ada.post("/auth/step-up", body).await.fails(401, "invalid-passkey");
    ada.call(Method::POST, "/me/passkeys/begin").await.is(200);

    // What was asked for to sign in shows nothing here, and the other way round.
    let to_sign_in = shown(&app, &mut phone, json!({})).await;
    let body = json!({ "method": "passkey", "state": to_sign_in["state"], "credential": to_sign_in["credential"] });
    ada.post("/auth/step-up", body).await.fails(401, "challenge-expired");
    let begun = ada.call(Method::POST, "/auth/step-up/passkey").await.is(200);
    let body = json!({ "state": begun.json["state"], "credential": phone.show(&begun.json["options"]) });
    app.anonymous().post("/auth/passkey", body).await.fails(401, "challenge-expired");
    app.close().await;
}

#[tokio::test]
async fn whoever_is_locked_out_is_let_in_by_an_administrator() {
    let app = App::new().await;
    let (ada, admin) = (app.member("ada").await, app.admin("root").await);
    let mut phone = Authenticator::new(HERE);
    ada.add_passkey(&mut phone, "Phone").await.is(201);
    admin.delete(&format!("/admin/users/{}/totp", ada.id)).await.is(204);
    sign_in(&app, &mut phone).await.fails(401, "invalid-passkey");
    let login = json!({ "email": ada.email, "password": PASSWORD });
    app.anonymous().post("/auth/login", login).await.is(200);
    let rows = admin.all("/admin/audit?action=passkey.removed").await;
    assert_eq!(rows[0]["details"]["passkeys"], 1, "{rows:?}");
    app.close().await;
}

#[tokio::test]
async fn a_disabled_account_is_out_with_its_passkeys() {
    let app = App::new().await;
    let (ada, admin) = (app.member("ada").await, app.admin("root").await);
    let mut phone = Authenticator::new(HERE);
    ada.add_passkey(&mut phone, "Phone").await.is(201);
    let asked = shown(&app, &mut phone, json!({})).await;
    admin.patch(&format!("/admin/users/{}", ada.id), json!({ "disabled": true })).await.is(200);
    app.anonymous().post("/auth/passkey", asked).await.fails(401, "invalid-passkey");
    app.close().await;
}

#[tokio::test]
async fn a_server_without_a_name_has_no_passkeys() {
    let app = App::with(|config| config.listen = "192.0.2.1:80".parse().unwrap()).await;
    let ada = app.member("ada").await;
    assert_eq!(app.anonymous().get("/server").await.is(200).json["sign_in"]["passkey"], false);
    ada.call(Method::POST, "/me/passkeys/begin").await.fails(409, "passkeys-unavailable");
    app.anonymous().post("/auth/passkey/begin", json!({})).await.fails(409, "passkeys-unavailable");
    app.close().await;
}
