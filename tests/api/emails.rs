//! Addresses that look alike or are spelt in several ways: one account, a refusal, or an account of its own; never somebody else's.

use inkstone::config::Signup;
use serde_json::json;

use crate::support::{Actor as _, App, PASSWORD};

/// Spellings of one address.
const SAME: &[&str] = &[
    "jörg@müller.example",
    "JÖRG@MÜLLER.EXAMPLE",
    // Composed and decomposed.
    "jo\u{308}rg@mu\u{308}ller.example",
    "Jo\u{308}rg@Müller.example",
    "  jörg@müller.example\n",
    // Full width, and a ligature's like.
    "\u{ff4a}örg@müller.example",
];

/// What looks like it and is another one.
const ALIKE: &[&str] = &[
    "jorg@müller.example",
    "jörg@muller.example",
    // Cyrillic ј and е, Greek ο with a diaeresis, dotless i.
    "\u{458}örg@müller.example",
    "jörg@müll\u{435}r.example",
    "jörg@müller.\u{435}xample",
    "jörg@mu\u{131}ler.example",
];

/// What nobody can type by accident, nor see.
const INVISIBLE: &[&str] = &[
    "j\u{200b}örg@müller.example",
    "jörg\u{200d}@müller.example",
    "jörg\u{feff}@müller.example",
    "\u{202e}grö@müller.example",
    "jörg\u{2060}@müller.example",
    "jö\u{ad}rg@müller.example",
    "jörg\u{2066}x\u{2069}@müller.example",
    "jörg@mül\u{200b}ler.example",
    "jörg\u{e0041}@müller.example",
    "jörg\u{3164}@müller.example",
    "jörg\u{fe0f}@müller.example",
    "jörg@müller\u{3002}example",
    "jörg\u{ff20}müller.example",
    "jörg@müller.example\u{ff20}evil.example",
];

async fn open() -> App {
    App::with(|config| config.signup = Signup::Open).await
}

#[tokio::test]
async fn every_spelling_of_an_address_is_one_account() {
    let app = open().await;
    let anonymous = app.anonymous();
    let with = |email: &str| json!({ "email": email, "password": PASSWORD, "token_delivery": "body" });
    let owner = anonymous.post("/auth/register", with(SAME[0])).await.is(201).text("/user/id");
    for spelling in SAME {
        anonymous.post("/auth/register", with(spelling)).await.fails(409, "email-taken");
        let signed_in = anonymous.post("/auth/login", with(spelling)).from("192.0.2.7").await;
        assert_eq!(signed_in.text("/user/id"), owner, "{spelling:?}");
        app.advance(std::time::Duration::from_secs(60));
    }
    app.close().await;
}

#[tokio::test]
async fn what_looks_alike_never_opens_somebody_elses() {
    let app = open().await;
    let anonymous = app.anonymous();
    let with = |email: &str, password: &str| json!({ "email": email, "password": password, "token_delivery": "body" });
    let owner = anonymous.post("/auth/register", with(SAME[0], PASSWORD)).await.is(201).text("/user/id");
    for alike in ALIKE {
        app.advance(std::time::Duration::from_secs(60));
        anonymous.post("/auth/login", with(alike, PASSWORD)).await.fails(401, "invalid-credentials");
        anonymous.post("/auth/reset", json!({ "email": alike })).await.is(202);
        let theirs = anonymous.post("/auth/register", with(alike, "another good password")).await.is(201);
        assert_ne!(theirs.text("/user/id"), owner, "{alike:?}");
        anonymous.post("/auth/login", with(alike, PASSWORD)).await.fails(401, "invalid-credentials");
    }
    app.work_off().await;
    assert!(app.letters().to(SAME[0]).is_empty(), "no letter about somebody else's request");
    anonymous.post("/auth/login", with(SAME[0], PASSWORD)).await.is(200);
    app.close().await;
}

#[tokio::test]
async fn what_cannot_be_seen_is_no_part_of_an_address() {
    let app = open().await;
    let anonymous = app.anonymous();
    for email in INVISIBLE {
        let new = json!({ "email": email, "password": PASSWORD });
        let refused = anonymous.post("/auth/register", new).await;
        assert_eq!((refused.status, refused.fields()), (422, vec!["email"]), "{email:?}: {}", refused.json);
    }
    app.close().await;
}

#[tokio::test]
async fn a_letter_goes_to_the_address_of_the_account_and_not_to_the_one_that_was_typed() {
    let app = open().await;
    let anonymous = app.anonymous();
    // The letter K has a sign of its own for kelvins, which folds to the same.
    let (own, typed) = ("kelvin@example.org", "\u{212a}elvin@example.org");
    anonymous.post("/auth/register", json!({ "email": own, "password": PASSWORD })).await.is(201);
    anonymous.post("/auth/reset", json!({ "email": typed })).await.is(202);
    app.work_off().await;
    assert_eq!(app.letters().to(own).len(), 1);
    assert!(app.letters().to(typed).is_empty());
    app.close().await;
}
