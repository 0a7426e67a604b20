//! Single sign-on: linking, signing in, signing up, groups and signing out, with a provider that keeps to the standard; and what happens
//! when it does not.

use std::time::Duration;

use poem::http::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Admin, Answer, App, CLIENT, Member, NOW, PASSWORD, Provider, SECRET, Signed};

/// A server that may speak to the loopback, with one provider; `more` is said of it besides.
async fn with_provider(more: Value) -> (App, Provider) {
    let app = App::with(|config| config.outbound_allow = vec!["127.0.0.0/8".parse().unwrap()]).await;
    let provider = Provider::start(NOW.seconds()).await;
    describe(&app.admin("root").await, "home", &provider, more).await.is(201);
    (app, provider)
}

async fn describe(admin: &Admin<'_>, slug: &str, provider: &Provider, more: Value) -> Answer {
    let mut described = json!({
        "slug": slug, "name": "Home", "issuer": provider.issuer(), "client_id": CLIENT, "client_secret": SECRET,
    });
    for (name, value) in more.as_object().unwrap() {
        described[name] = value.clone();
    }
    admin.post("/admin/sso-providers", described).await
}

/// The way to the provider and back: what the page of the app sends then, and the cookie of its browser.
struct Way {
    body: Value,
    cookies: String,
}

async fn way(by: &impl Actor, path: &str, provider: &Provider) -> Way {
    let begun = by.call(Method::POST, &format!("{path}/begin")).await.is(200);
    let (code, state) = provider.sign_in(&begun.text("/url"));
    Way { body: json!({ "code": code, "state": state }), cookies: begun.cookies() }
}

async fn sign_in(app: &App, provider: &Provider) -> Answer {
    let mut way = way(&app.anonymous(), "/auth/sso/home", provider).await;
    way.body["token_delivery"] = json!("body");
    app.anonymous().post("/auth/sso/home", way.body).header("cookie", &way.cookies).await
}

/// The same to link an identity.
async fn linking(member: &Member<'_>, provider: &Provider) -> Way {
    let begun = member.post("/me/identities/begin", json!({ "provider": "home" })).await.is(200);
    let (code, state) = provider.sign_in(&begun.text("/url"));
    Way { body: json!({ "provider": "home", "code": code, "state": state }), cookies: begun.cookies() }
}

async fn link(member: &Member<'_>, provider: &Provider) -> Answer {
    let way = linking(member, provider).await;
    member.post("/me/identities", way.body).header("cookie", &way.cookies).await
}

#[tokio::test]
async fn whoever_is_linked_signs_in_by_the_provider() {
    let (app, provider) = with_provider(json!({})).await;
    let offered = app.anonymous().get("/server").await.is(200);
    assert_eq!(offered.json["sign_in"]["providers"], json!([{ "slug": "home", "name": "Home", "preset": "generic" }]));
    let ada = app.member("ada").await;
    sign_in(&app, &provider).await.fails(403, "sso-unknown");
    let other = ada.again().await;
    let linked = link(&ada, &provider).await.is(201);
    assert_eq!(linked.json["provider"]["slug"], "home");
    assert_eq!(linked.json["email"], "ada@example.org");
    assert_eq!(other.get("/me").await.status, 401, "what was given out before counts no more");

    let signed_in = sign_in(&app, &provider).await.is(200);
    assert_eq!(signed_in.json["user"]["id"], json!(ada.id));
    assert!(signed_in.set_cookies().iter().any(|line| line.contains("-sso=;") && line.contains("Max-Age=0")));
    let listed = ada.get("/me/identities").await.is(200);
    assert_eq!(listed.json["items"][0]["last_used_at"], json!(app.now().to_string()));
    assert_eq!(listed.json["can_unlink"], true);
    let activity = ada.all("/me/activity").await;
    assert_eq!(activity[0]["details"]["method"], "sso");

    // The same person with another address there is the same person here.
    provider.knows(json!({ "sub": "ada-there", "email": "lovelace@example.net" }));
    assert_eq!(sign_in(&app, &provider).await.is(200).json["user"]["email"], json!(ada.email));
    assert_eq!(ada.get("/me/identities").await.json["items"][0]["email"], "lovelace@example.net");

    let path = format!("/me/identities/{}", listed.text("/items/0/id"));
    ada.delete(&path).await.is(204);
    sign_in(&app, &provider).await.fails(403, "sso-unknown");
    ada.delete(&path).await.fails(404, "not-found");
    app.close().await;
}

#[tokio::test]
async fn an_address_alone_never_leads_to_an_account() {
    let (app, provider) = with_provider(json!({ "sign_up": true })).await;
    let ada = app.member("ada").await;
    for (email, verified) in [("ada@example.org", json!(true)), ("ADA@example.org", json!(true))] {
        provider.knows(json!({ "sub": "somebody", "email": email, "email_verified": verified }));
        sign_in(&app, &provider).await.fails(409, "sso-email-taken");
    }
    for (email, verified) in [
        (json!("new@example.org"), json!(false)),
        (json!("new@example.org"), Value::Null),
        (Value::Null, json!(true)),
        (json!("no address"), json!(true)),
    ] {
        provider.knows(json!({ "sub": "somebody", "email": email, "email_verified": verified }));
        sign_in(&app, &provider).await.fails(403, "sso-email-unverified");
    }
    assert_eq!(ada.get("/me/identities").await.json["items"], json!([]));
    assert_eq!(app.admin("root").await.all("/admin/users").await.len(), 2);
    app.close().await;
}

#[tokio::test]
async fn where_it_is_allowed_an_account_is_made_that_has_no_password() {
    let (app, provider) = with_provider(json!({ "sign_up": true, "default_role": "read-only" })).await;
    provider.knows(json!({ "sub": "bob", "email": "bob@example.org", "email_verified": true, "name": "Bob" }));
    let made = sign_in(&app, &provider).await.is(200);
    assert_eq!(
        (made.text("/user/name"), made.text("/user/role"), &made.json["user"]["has_password"]),
        ("Bob".into(), "read-only".into(), &json!(false))
    );
    assert_eq!(sign_in(&app, &provider).await.is(200).json["user"]["id"], made.json["user"]["id"]);
    for password in ["", PASSWORD] {
        let login = json!({ "email": "bob@example.org", "password": password });
        app.anonymous().post("/auth/login", login).await.fails(401, "invalid-credentials");
    }
    let bearer = format!("Bearer {}", made.text("/access_token"));
    let anonymous = app.anonymous();
    let of_bob = |method: Method, path: &str| anonymous.call(method, path).header("authorization", &bearer);
    let listed = of_bob(Method::GET, "/me/identities").await.is(200);
    assert_eq!(listed.json["can_unlink"], false);
    let path = format!("/me/identities/{}", listed.text("/items/0/id"));
    of_bob(Method::DELETE, &path).await.fails(409, "last-way-in");
    let change = json!({ "current_password": "", "new_password": "a password of my own" });
    of_bob(Method::POST, "/me/password").json(&change).await.invalid("current_password");

    // The mailed link gives it one.
    app.anonymous().post("/auth/reset", json!({ "email": "bob@example.org" })).await.is(202);
    app.work_off().await;
    let token = app.letters().token("bob@example.org").unwrap();
    let confirm = json!({ "token": token, "new_password": "a password of my own" });
    app.anonymous().post("/auth/reset/confirm", confirm).await.is(204);
    let login = json!({ "email": "bob@example.org", "password": "a password of my own" });
    let signed_in = app.anonymous().post("/auth/login", login).await.is(200);
    assert_eq!(signed_in.json["user"]["has_password"], true);
    app.close().await;
}

#[tokio::test]
async fn groups_decide_the_role_at_each_sign_in() {
    let roles = json!([{ "group": "ops", "role": "admin" }, { "group": "staff", "role": "member" }]);
    let groups = json!({
        "sign_up": true, "groups_claim": "realm_access.groups", "group_roles": roles, "default_role": null,
    });
    let (app, provider) = with_provider(groups).await;
    let person = |groups: &[&str]| {
        json!({ "sub": "carol", "email": "carol@example.org", "email_verified": true,
                "realm_access": { "groups": groups } })
    };
    provider.knows(person(&[]));
    sign_in(&app, &provider).await.fails(403, "sso-not-permitted");
    provider.knows(person(&["staff", "choir"]));
    let first = sign_in(&app, &provider).await.is(200);
    assert_eq!(first.text("/user/role"), "member");
    provider.knows(person(&["staff", "ops"]));
    let second = sign_in(&app, &provider).await.is(200);
    assert_eq!(second.text("/user/role"), "admin");
    let bearer = format!("Bearer {}", first.text("/access_token"));
    assert_eq!(app.anonymous().get("/me").header("authorization", &bearer).await.status, 401, "of the former role");
    provider.knows(person(&[]));
    sign_in(&app, &provider).await.fails(403, "sso-not-permitted");

    // What the token does not tell is asked for.
    provider.knows(json!({ "sub": "carol", "email": "carol@example.org", "email_verified": true }));
    provider.tells(json!({ "sub": "carol", "realm_access": { "groups": ["staff"] } }));
    assert_eq!(sign_in(&app, &provider).await.is(200).text("/user/role"), "member");
    provider.tells(json!({ "sub": "mallory", "realm_access": { "groups": ["ops"] } }));
    sign_in(&app, &provider).await.fails(401, "sso-refused");
    app.close().await;
}

#[tokio::test]
async fn the_last_administrator_stays_one_whatever_groups_say() {
    let roles = json!({ "groups_claim": "groups", "group_roles": [{ "group": "ops", "role": "admin" }] });
    let (app, provider) = with_provider(roles).await;
    let root = app.admin("root").await;
    provider.knows(json!({ "sub": "root", "groups": [] }));
    link(&root.0, &provider).await.is(201);
    assert_eq!(sign_in(&app, &provider).await.is(200).text("/user/role"), "admin");
    let other = app.admin("other").await;
    assert_eq!(sign_in(&app, &provider).await.is(200).text("/user/role"), "member");
    other.get("/admin/users").await.is(200);
    app.close().await;
}

#[tokio::test]
async fn the_own_second_factor_is_asked_for_unless_the_provider_is_trusted_with_it() {
    let (app, provider) = with_provider(json!({})).await;
    let ada = app.member("ada").await;
    link(&ada, &provider).await.is(201);
    let factor = ada.enrol().await;
    ada.confirm(&factor).await;
    let asked = sign_in(&app, &provider).await.fails(401, "second-factor-required");
    assert_eq!(asked.json["methods"], json!(["totp", "recovery-code"]));
    let answer = json!({ "challenge": asked.json["challenge"], "method": "totp", "code": factor.next_code(&app) });
    app.anonymous().post("/auth/second-factor", answer).await.is(200);

    let root = app.admin("root").await;
    let id = root.get("/admin/sso-providers").await.text("/items/0/id");
    root.patch(&format!("/admin/sso-providers/{id}"), json!({ "trusts_second_factor": true })).await.is(200);
    sign_in(&app, &provider).await.is(200);
    app.close().await;
}

#[tokio::test]
async fn what_the_provider_says_counts_in_the_browser_that_asked_once_and_for_ten_minutes() {
    let (app, provider) = with_provider(json!({})).await;
    provider.forgets_codes();
    let ada = app.member("ada").await;
    link(&ada, &provider).await.is(201);
    let anonymous = app.anonymous();
    let finish = |body: &Value, cookies: &str| anonymous.post("/auth/sso/home", body.clone()).header("cookie", cookies);

    let mine = way(&anonymous, "/auth/sso/home", &provider).await;
    let theirs = way(&anonymous, "/auth/sso/home", &provider).await;
    // In a browser that began nothing, or something else.
    finish(&mine.body, "").await.fails(409, "sso-flow-expired");
    finish(&mine.body, &theirs.cookies).await.fails(409, "sso-flow-expired");
    // For something else.
    let linking = linking(&ada, &provider).await;
    let body = json!({ "code": linking.body["code"], "state": linking.body["state"] });
    finish(&body, &linking.cookies).await.fails(409, "sso-flow-expired");
    // A code of another flow: the verifier of PKCE does not fit.
    let swapped = json!({ "code": theirs.body["code"], "state": mine.body["state"] });
    finish(&swapped, &mine.cookies).await.fails(401, "sso-refused");
    // Once.
    finish(&mine.body, &mine.cookies).await.is(200);
    finish(&mine.body, &mine.cookies).await.fails(409, "sso-flow-expired");
    // In time.
    app.advance(Duration::from_secs(10 * 60));
    finish(&theirs.body, &theirs.cookies).await.fails(409, "sso-flow-expired");
    app.close().await;
}

#[tokio::test]
async fn linking_belongs_to_the_session_that_began_it() {
    let (app, provider) = with_provider(json!({})).await;
    let (ada, eve) = (app.member("ada").await, app.member("eve").await);
    let way = linking(&eve, &provider).await;
    // Somebody makes Ada's browser end what another account began.
    ada.post("/me/identities", way.body.clone()).header("cookie", &way.cookies).await.fails(409, "sso-flow-expired");
    eve.post("/me/identities", way.body).header("cookie", &way.cookies).await.is(201);
    link(&ada, &provider).await.fails(409, "sso-identity-taken");
    link(&eve, &provider).await.fails(409, "sso-identity-taken");
    // Long after a credential was shown, not without another one.
    app.advance(Duration::from_secs(11 * 60));
    let late = eve.renewed().await;
    late.post("/me/identities/begin", json!({ "provider": "home" })).await.fails(403, "step-up-required");
    let id = late.get("/me/identities").await.text("/items/0/id");
    late.delete(&format!("/me/identities/{id}")).await.fails(403, "step-up-required");
    app.close().await;
}

#[tokio::test]
async fn whoever_has_no_password_shows_at_the_provider_that_they_are_here() {
    let (app, provider) = with_provider(json!({})).await;
    let ada = app.member("ada").await;
    link(&ada, &provider).await.is(201);
    app.advance(Duration::from_secs(11 * 60));
    let late = ada.renewed().await;
    late.call(Method::POST, "/me/passkeys/begin").await.fails(403, "step-up-required");
    let shown = way(&late, "/auth/step-up/sso/home", &provider).await;
    provider.at(app.now().seconds());
    late.post("/auth/step-up/sso/home", shown.body).header("cookie", &shown.cookies).await.is(204);
    late.call(Method::POST, "/me/passkeys/begin").await.is(200);

    // Having signed in there long ago is not being here.
    let begun = late.call(Method::POST, "/auth/step-up/sso/home/begin").await.is(200);
    let url = begun.text("/url");
    assert!(url.contains("prompt=login") && url.contains("max_age=0"), "{url}");
    provider.at(app.now().seconds());
    provider.claims(|claims| claims["auth_time"] = json!(claims["iat"].as_i64().unwrap() - 3600));
    let shown = way(&late, "/auth/step-up/sso/home", &provider).await;
    let answer = late.post("/auth/step-up/sso/home", shown.body).header("cookie", &shown.cookies).await;
    answer.fails(401, "sso-refused");
    provider.claims(|_| {});

    // Somebody else at the provider is not the owner.
    provider.knows(json!({ "sub": "eve-there" }));
    let shown = way(&late, "/auth/step-up/sso/home", &provider).await;
    let answer = late.post("/auth/step-up/sso/home", shown.body).header("cookie", &shown.cookies).await;
    answer.fails(401, "sso-refused");
    app.close().await;
}

#[tokio::test]
async fn signing_out_leads_to_the_provider_where_it_is_wanted() {
    let (app, provider) = with_provider(json!({ "logout": true })).await;
    let ada = app.member("ada").await;
    link(&ada, &provider).await.is(201);
    let signed_in = sign_in(&app, &provider).await.is(200);
    let bearer = format!("Bearer {}", signed_in.text("/access_token"));
    let out = app.anonymous().post("/auth/logout", json!({})).header("authorization", &bearer).await.is(200);
    let url = url::Url::parse(&out.text("/provider_logout_url")).unwrap();
    assert!(url.as_str().starts_with(&format!("{}/logout?", provider.issuer())), "{url}");
    let query: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(query["client_id"], CLIENT);
    assert!(query["post_logout_redirect_uri"].ends_with("/login"));
    assert_eq!(query["id_token_hint"].split('.').count(), 3);
    assert_eq!(app.anonymous().get("/me").header("authorization", &bearer).await.status, 401);
    // A session of the password's own ends here.
    ada.post("/auth/logout", json!({})).await.is(204);
    app.close().await;
}

#[tokio::test]
async fn a_lying_provider_lets_nobody_in() {
    let (app, provider) = with_provider(json!({ "sign_up": true })).await;
    let ada = app.member("ada").await;
    link(&ada, &provider).await.is(201);
    sign_in(&app, &provider).await.is(200);

    type Lie = fn(&mut Value);
    let lies: [(&str, Lie); 14] = [
        ("another nonce", |claims| claims["nonce"] = json!("other")),
        ("no nonce", |claims| drop(claims.as_object_mut().unwrap().remove("nonce"))),
        ("another audience", |claims| claims["aud"] = json!("other")),
        ("one audience more", |claims| claims["aud"] = json!([CLIENT, "other"])),
        ("no audience", |claims| drop(claims.as_object_mut().unwrap().remove("aud"))),
        ("another issuer", |claims| claims["iss"] = json!("https://sso.example.org")),
        ("almost the issuer", |claims| claims["iss"] = json!(format!("{}/", claims["iss"].as_str().unwrap()))),
        ("no issuer", |claims| drop(claims.as_object_mut().unwrap().remove("iss"))),
        ("expired", |claims| claims["exp"] = json!(NOW.seconds() - 1)),
        ("no end", |claims| drop(claims.as_object_mut().unwrap().remove("exp"))),
        ("made long ago", |claims| claims["iat"] = json!(NOW.seconds() - 3600)),
        ("made in the future", |claims| claims["iat"] = json!(NOW.seconds() + 3600)),
        ("nobody", |claims| drop(claims.as_object_mut().unwrap().remove("sub"))),
        ("another access token", |claims| claims["at_hash"] = json!("AAAAAAAAAAAAAAAAAAAAAA")),
    ];
    for (what, lie) in lies {
        provider.claims(lie);
        let answer = sign_in(&app, &provider).await;
        assert!(
            matches!((answer.status, answer.slug()), (401, "sso-refused") | (502, "sso-unreachable")),
            "{what}: {} {}",
            answer.status,
            answer.json
        );
    }
    provider.claims(|_| {});
    for signed in [Signed::NotAtAll, Signed::WithTheSecret, Signed::OverSomethingElse] {
        provider.signs(signed);
        let answer = sign_in(&app, &provider).await;
        assert!(matches!(answer.status, 401 | 502), "{signed:?}: {} {}", answer.status, answer.json);
    }
    provider.signs(Signed::Well);
    provider.answers(|answer| drop(answer.as_object_mut().unwrap().remove("id_token")));
    sign_in(&app, &provider).await.fails(401, "sso-refused");
    provider.answers(|answer| *answer = json!("no object"));
    sign_in(&app, &provider).await.fails(502, "sso-unreachable");
    provider.answers(|_| {});
    sign_in(&app, &provider).await.is(200);

    // None of it is lost on whoever runs the server.
    let refused = app.admin("root").await.get("/admin/audit?action=credential.refused").await;
    app.parts().refusals.flush().await.unwrap();
    drop(refused);
    let rows = app.admin("root").await.all("/admin/audit?action=credential.refused").await;
    assert!(rows.iter().any(|row| row["details"]["method"] == "sso"), "{rows:?}");
    app.close().await;
}

#[tokio::test]
async fn new_keys_count_once_they_are_published_and_forged_ones_never() {
    let (app, provider) = with_provider(json!({})).await;
    let ada = app.member("ada").await;
    link(&ada, &provider).await.is(201);
    provider.swaps_keys(false);
    let before = provider.asked("/keys");
    for _ in 0..5 {
        sign_in(&app, &provider).await.fails(401, "sso-refused");
    }
    assert_eq!(provider.asked("/keys"), before, "forged tokens do not make the server ask again and again");
    provider.swaps_keys(true);
    app.advance(Duration::from_secs(61));
    provider.at(app.now().seconds());
    sign_in(&app, &provider).await.is(200);
    assert_eq!(provider.asked("/keys"), before + 1);
    app.close().await;
}

#[tokio::test]
async fn a_provider_names_itself_where_it_says_so() {
    let (app, provider) = with_provider(json!({})).await;
    let ada = app.member("ada").await;
    provider.publishes(|document| document["authorization_response_iss_parameter_supported"] = json!(true));
    app.admin("root").await; // Signed in again: what the provider publishes was not asked for before.
    for (iss, status) in [(json!("https://sso.example.org"), 401), (Value::Null, 401), (json!(provider.issuer()), 201)]
    {
        let mut way = linking(&ada, &provider).await;
        if !iss.is_null() {
            way.body["iss"] = iss;
        }
        let answer = ada.post("/me/identities", way.body).header("cookie", &way.cookies).await;
        assert_eq!(answer.status, status, "{}", answer.json);
    }
    app.close().await;
}

#[tokio::test]
async fn a_provider_that_gives_no_answer_is_told_in_words() {
    let (app, provider) = with_provider(json!({})).await;
    let root = app.admin("root").await;
    let id = root.get("/admin/sso-providers").await.text("/items/0/id");
    let path = format!("/admin/sso-providers/{id}/check");
    let check = async || root.call(Method::POST, &path).await.is(200).json;
    let good = check().await;
    assert_eq!((&good["reachable"], &good["signing_algorithms"]), (&json!(true), &json!(["ES256"])));

    type Lie = fn(&mut Value);
    let lies: [(&str, Lie, &str); 7] = [
        ("issuer", |d| d["issuer"] = json!("https://sso.example.org"), "is about the issuer `https://sso.example.org`"),
        ("plain http elsewhere", |d| d["token_endpoint"] = json!("http://sso.example.org/token"), "no https: URL"),
        ("a file", |d| d["jwks_uri"] = json!("file:///etc/passwd"), "no https: URL"),
        ("hidden keys", |d| d["jwks_uri"] = json!("https://169.254.169.254/keys"), "not on the open internet"),
        ("no keys", |d| drop(d.as_object_mut().unwrap().remove("jwks_uri")), "no description of a provider"),
        ("no token endpoint", |d| drop(d.as_object_mut().unwrap().remove("token_endpoint")), "no token endpoint"),
        (
            "secrets that sign",
            |d| d["id_token_signing_alg_values_supported"] = json!(["HS256"]),
            "in no way that counts",
        ),
    ];
    for (what, lie, told) in lies {
        provider.publishes(lie);
        let said = check().await;
        assert_eq!(said["reachable"], false, "{what}: {said}");
        assert!(said["problem"].as_str().unwrap().contains(told), "{what}: {said}");
    }
    provider.publishes(|_| {});
    provider.falls_silent();
    assert_eq!(check().await["reachable"], false);
    app.anonymous().call(Method::POST, "/auth/sso/home/begin").await.fails(502, "sso-unreachable");
    app.close().await;
}

#[tokio::test]
async fn a_provider_in_a_hidden_network_is_not_asked() {
    let app = App::new().await;
    let provider = Provider::start(NOW.seconds()).await;
    let root = app.admin("root").await;
    let id = describe(&root, "home", &provider, json!({})).await.is(201).id();
    // Where the provider lies is no stranger's business; who has set it up is told what to do.
    let answer = app.anonymous().call(Method::POST, "/auth/sso/home/begin").await.fails(502, "sso-unreachable");
    assert!(!answer.text("/detail").contains("127.0.0.1"), "{}", answer.json);
    let checked = root.call(Method::POST, &format!("/admin/sso-providers/{id}/check")).await.is(200);
    assert!(checked.text("/problem").contains("outbound_allow"), "{}", checked.json);
    assert_eq!(provider.asked("/.well-known/openid-configuration"), 0);
    app.close().await;
}

#[tokio::test]
async fn administrators_describe_providers_and_secrets_are_not_shown() {
    let (app, provider) = with_provider(json!({ "preset": "keycloak" })).await;
    let root = app.admin("root").await;
    let listed = root.get("/admin/sso-providers").await.is(200);
    let (id, secret) = (listed.text("/items/0/id"), SECRET.as_bytes());
    assert!(!listed.bytes.windows(secret.len()).any(|window| window == secret));
    assert_eq!(listed.json["items"][0]["has_secret"], true);
    assert!(listed.text("/items/0/redirect_uri").ends_with("/sso/home"));
    assert_eq!(listed.json["items"][0]["preset"], "keycloak");

    describe(&root, "home", &provider, json!({ "issuer": "https://other.example.org" }))
        .await
        .fails(409, "sso-slug-taken");
    describe(&root, "other", &provider, json!({})).await.fails(409, "sso-issuer-taken");
    describe(&root, "a b", &provider, json!({})).await.invalid("slug");
    describe(&root, "other", &provider, json!({ "issuer": "http://10.0.0.1" })).await.invalid("issuer");

    let path = format!("/admin/sso-providers/{id}");
    let changed = root
        .patch(&path, json!({ "name": "At home", "client_secret": null, "default_role": "read-only" }))
        .await
        .is(200);
    assert_eq!((changed.text("/name"), &changed.json["has_secret"]), ("At home".into(), &json!(false)));
    root.patch(&path, json!({ "name": null })).await.malformed("name");
    root.patch(&path, json!({ "default_role": null })).await.invalid("default_role");
    let off = root.patch(&path, json!({ "enabled": false })).await.is(200);
    assert_eq!(off.json["default_role"], "read-only", "what was not said stays");
    assert_eq!(app.anonymous().get("/server").await.json["sign_in"]["providers"], json!([]));
    app.anonymous().call(Method::POST, "/auth/sso/home/begin").await.fails(404, "not-found");
    root.delete(&path).await.is(204);
    root.get(&path).await.fails(404, "not-found");
    let actions = root.all("/admin/audit").await;
    for action in ["sso-provider.created", "sso-provider.changed", "sso-provider.removed"] {
        assert!(actions.iter().any(|row| row["action"] == action), "{action}");
    }
    app.close().await;
}

#[tokio::test]
async fn the_way_begins_only_where_it_leads_back_to() {
    let (app, _provider) = with_provider(json!({})).await;
    let anonymous = app.anonymous();
    let begin = |origin: &str| {
        let call = anonymous.call(Method::POST, "/auth/sso/home/begin").header("sec-fetch-site", "same-origin");
        call.header("origin", origin)
    };
    begin("http://localhost:7465").await.fails(409, "sso-elsewhere");
    let begun = begin("http://127.0.0.1:7465").await.is(200);
    let cookie = begun.set_cookies().remove(0).to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Secure", "Max-Age=600", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(cookie.starts_with("__Host-inkstone-"), "{cookie}");
    app.close().await;
}
