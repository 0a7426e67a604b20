//! Second factors, credentials shown again, and how often one may try.

use std::time::Duration;

use poem::http::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, App, Enrolled, Member, PASSWORD};

/// The first half of a sign-in with a second factor.
async fn challenge(app: &App, email: &str) -> String {
    let login = json!({ "email": email, "password": PASSWORD, "token_delivery": "body" });
    let asked = app.anonymous().post("/auth/login", login).await.fails(401, "second-factor-required");
    assert_eq!(asked.json["methods"], json!(["totp", "recovery-code"]));
    asked.text("/challenge")
}

async fn answer(app: &App, challenge: &str, method: &str, code: &str) -> Answer {
    let body = json!({ "challenge": challenge, "method": method, "code": code });
    app.anonymous().post("/auth/second-factor", body).await
}

/// Somebody with a second factor, and the recovery codes.
async fn protected(app: &App) -> (Member<'_>, Enrolled, Vec<String>) {
    let ada = app.member("ada").await;
    let phone = ada.enrol().await;
    let codes = ada.confirm(&phone).await;
    (ada, phone, codes)
}

#[tokio::test]
async fn a_second_factor_asks_once_it_is_confirmed() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let off = json!({ "enabled": false, "enabled_at": null, "recovery_codes": 0 });
    assert_eq!(ada.get("/me/totp").await.is(200).json, off);
    let drawn = ada.call(Method::POST, "/me/totp").await.is(200);
    assert!(drawn.text("/uri").starts_with("otpauth://totp/Inkstone:ada%40example.org?"), "{}", drawn.json);
    assert_eq!(drawn.header("cache-control"), Some("no-store"));
    let phone = Enrolled { secret: drawn.text("/secret") };
    // Nothing is asked for yet.
    ada.again().await;
    ada.post("/me/totp/confirm", json!({ "code": "000000" })).await.fails(422, "invalid-request");
    let codes = ada.confirm(&phone).await;
    assert_eq!(codes.len(), 10);
    assert_eq!(ada.get("/me/totp").await.is(200).json["recovery_codes"], 10);
    ada.call(Method::POST, "/me/totp").await.fails(409, "second-factor-on");

    let challenge = challenge(&app, &ada.email).await;
    answer(&app, &challenge, "totp", "000000").await.fails(401, "invalid-code");
    // The code that confirmed it was used by that.
    answer(&app, &challenge, "totp", &phone.code(&app)).await.fails(401, "invalid-code");
    let code = phone.next_code(&app);
    let signed_in = answer(&app, &challenge, "totp", &code).await.is(200);
    assert_eq!(signed_in.text("/user/email"), ada.email);
    assert!(signed_in.json["access_token"].is_string() && signed_in.json["refresh_token"].is_string());
    answer(&app, &challenge, "totp", &code).await.fails(401, "invalid-code");
    app.close().await;
}

#[tokio::test]
async fn a_code_that_two_send_at_once_lets_one_in() {
    let app = App::new().await;
    let (ada, phone, codes) = protected(&app).await;
    let (one, two) = (challenge(&app, &ada.email).await, challenge(&app, &ada.email).await);
    let code = phone.next_code(&app);
    for (method, code) in [("totp", &code), ("recovery-code", &codes[0])] {
        let (first, second) = tokio::join!(answer(&app, &one, method, code), answer(&app, &two, method, code));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401], "{method}");
    }
    app.close().await;
}

#[tokio::test]
async fn a_recovery_code_stands_in_once_and_new_ones_end_the_old() {
    let app = App::new().await;
    let (ada, phone, codes) = protected(&app).await;
    let asked = challenge(&app, &ada.email).await;
    // However it is typed.
    answer(&app, &asked, "recovery-code", &codes[3].to_uppercase().replace('-', " ")).await.is(200);
    answer(&app, &asked, "recovery-code", &codes[3]).await.fails(401, "invalid-code");
    assert_eq!(ada.get("/me/totp").await.is(200).json["recovery_codes"], 9);
    let renewed = ada.call(Method::POST, "/me/recovery-codes").await.is(200);
    answer(&app, &asked, "recovery-code", &codes[4]).await.fails(401, "invalid-code");
    let first = renewed.json["recovery_codes"][0].as_str().unwrap();
    answer(&app, &asked, "recovery-code", first).await.is(200);
    // Without the second factor there is nothing to recover.
    ada.call(Method::DELETE, "/me/totp").await.is(204);
    ada.call(Method::POST, "/me/recovery-codes").await.fails(404, "not-found");
    ada.again().await;
    drop(phone);
    app.close().await;
}

#[tokio::test]
async fn a_challenge_is_good_for_five_minutes_and_one_password() {
    let app = App::new().await;
    let (ada, phone, _) = protected(&app).await;
    let old = challenge(&app, &ada.email).await;
    app.advance(Duration::from_secs(301));
    answer(&app, &old, "totp", &phone.code(&app)).await.fails(401, "challenge-expired");
    let ada = ada.once_more(Some(&phone)).await;
    let before = challenge(&app, &ada.email).await;
    let change = json!({ "current_password": PASSWORD, "new_password": "another fine password" });
    ada.post("/me/password", change).await.is(204);
    answer(&app, &before, "totp", &phone.next_code(&app)).await.fails(401, "challenge-expired");
    for nothing in ["", "x", &"A".repeat(200)] {
        answer(&app, nothing, "totp", "000000").await.fails(401, "challenge-expired");
    }
    app.close().await;
}

#[tokio::test]
async fn what_matters_wants_a_fresh_credential() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    // Signing in counts as one, for ten minutes.
    ada.post("/me/api-keys", json!({ "name": "k", "scopes": ["read"] })).await.is(201);
    app.advance(Duration::from_secs(601));
    let ada = ada.renewed().await;
    let stale: Vec<(Method, &str, Option<Value>)> = vec![
        (Method::POST, "/me/api-keys", Some(json!({ "name": "k", "scopes": ["read"] }))),
        (Method::PATCH, "/me", Some(json!({ "email": "lovelace@example.org" }))),
        (Method::POST, "/me/totp", None),
        (Method::POST, "/exports", None),
        (Method::DELETE, "/me", None),
    ];
    for (method, path, body) in &stale {
        let call = ada.call(method.clone(), path);
        let call = match body {
            Some(body) => call.json(body),
            None => call,
        };
        call.await.fails(403, "step-up-required");
    }
    // The name is no secret.
    ada.patch("/me", json!({ "name": "Lovelace" })).await.is(200);
    ada.post("/auth/step-up", json!({ "method": "password", "password": "not it at all" }))
        .await
        .fails(401, "invalid-credentials");
    ada.post("/auth/step-up", json!({ "method": "totp" })).await.fails(422, "invalid-request");
    ada.post("/auth/step-up", json!({ "method": "totp", "code": "000000" })).await.fails(401, "invalid-code");
    ada.call(Method::POST, "/exports").await.fails(403, "step-up-required");
    ada.post("/auth/step-up", json!({ "method": "password", "password": PASSWORD })).await.is(204);
    ada.call(Method::POST, "/exports").await.is(202);
    ada.patch("/me", json!({ "email": "lovelace@example.org" })).await.is(200);
    assert_eq!(ada.get("/me").await.is(200).text("/email"), "lovelace@example.org");
    app.close().await;
}

#[tokio::test]
async fn a_change_of_credentials_ends_everything_that_was_given_out_before() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    for change in ["password", "totp", "email", "leave"] {
        let ada = ada.once_more(None).await;
        let other = ada.once_more(None).await;
        let page = ada.page(None).await;
        let key = ada.key(&["read"], json!({})).await.text("/key");
        let reads = async |credential: &str| {
            app.anonymous().get("/notes").header("authorization", &format!("Bearer {credential}")).await.status
        };
        let mut stream = other.get("/events").listen().await;
        assert_eq!((reads(&other.token).await, reads(&key).await, page.get("/notes").await.status), (200, 200, 200));
        match change {
            "password" => {
                for (from, to) in [(PASSWORD, "another fine password"), ("another fine password", PASSWORD)] {
                    let body = json!({ "current_password": from, "new_password": to });
                    ada.post("/me/password", body).await.is(204);
                }
            }
            "totp" => {
                let phone = ada.enrol().await;
                ada.confirm(&phone).await;
                ada.call(Method::DELETE, "/me/totp").await.is(204);
            }
            "email" => {
                ada.patch("/me", json!({ "email": "lovelace@example.org" })).await.is(200);
                ada.patch("/me", json!({ "email": ada.email })).await.is(200);
            }
            _ => {
                ada.call(Method::DELETE, "/me").await.is(200);
                ada.call(Method::POST, "/me/keep").await.is(200);
            }
        }
        assert_eq!(
            (reads(&other.token).await, reads(&key).await, page.get("/notes").await.status),
            (401, 401, 401),
            "{change}"
        );
        let refresh = json!({ "refresh_token": other.refresh });
        app.anonymous().post("/auth/refresh", refresh).await.fails(401, "invalid-refresh-token");
        while let Some(event) = stream.next().await {
            assert_ne!(event.name, "note", "{event:?}");
        }
        // The session that did it goes on.
        ada.get("/notes").await.is(200);
    }
    app.close().await;
}

#[tokio::test]
async fn five_tries_a_minute_at_one_account_from_one_place() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let try_from = async |email: &str, password: &str, address: &str| {
        let body = json!({ "email": email, "password": password });
        app.anonymous().post("/auth/login", body).from(address).await
    };
    // Known or not, right or wrong: the same.
    for email in [&ada.email, "nobody@example.org", "no address"] {
        for _ in 0..5 {
            try_from(email, "wrong password", "192.0.2.1").await.fails(401, "invalid-credentials");
        }
        let refused = try_from(email, PASSWORD, "192.0.2.1").await.fails(429, "too-many-requests");
        assert_eq!(refused.header("retry-after"), Some("12"));
    }
    // The owner is somewhere else and gets in.
    try_from(&ada.email, PASSWORD, "192.0.2.2").await.is(200);
    app.advance(Duration::from_secs(12));
    try_from(&ada.email, PASSWORD, "192.0.2.1").await.is(200);
    try_from(&ada.email, PASSWORD, "192.0.2.1").await.fails(429, "too-many-requests");
    app.close().await;
}

#[tokio::test]
async fn a_parallel_burst_of_guesses_passes_no_more_than_the_limit() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let guesses = (0..40).map(|n| {
        let body = json!({ "email": ada.email, "password": format!("wrong password {n}") });
        async { app.anonymous().post("/auth/login", body).from("2001:db8::1").await.status }
    });
    let answers = futures_util::future::join_all(guesses).await;
    assert_eq!(answers.iter().filter(|status| **status == 401).count(), 5, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 35, "{answers:?}");
    app.close().await;
}

#[tokio::test]
async fn a_known_and_an_unknown_account_cost_the_same_work() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    app.local_admin().plain(Method::POST, "/local/v1/users/disable").json(&json!({ "email": ada.email })).await.is(200);
    let hashes = || app.parts().metrics.credentials.hashes.get();
    for email in [&ada.email, "nobody@example.org", "no address"] {
        let before = hashes();
        let body = json!({ "email": email, "password": PASSWORD });
        let answer = app.anonymous().post("/auth/login", body).await.fails(401, "invalid-credentials");
        assert_eq!(hashes() - before, 1, "{email}");
        assert_eq!(answer.json["detail"], "E-mail and password do not belong together.");
    }
    app.close().await;
}
