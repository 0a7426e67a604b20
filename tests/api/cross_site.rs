//! What other sites' pages can have changed: nothing. Every operation of the document that changes something, asked for by each kind of
//! page that is not ours and with each kind of credential that a browser sends by itself.
//!
//! The list of operations is the document's, so a route that comes without the defence fails here on the day that it comes.

use poem::http::Method;
use serde_json::{Value, json};

use crate::openapi::{example, operations};
use crate::support::{Actor as _, Answer, App, Member};

/// Pages that are not ours, by what their browser says of them.
const FOREIGN: &[&[(&str, &str)]] = &[
    &[("sec-fetch-site", "cross-site")],
    // Another host of the same domain, which somebody else may run.
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "none")],
    &[("origin", "https://evil.example")],
    &[("origin", "https://sibling.localhost:7465")],
    &[("origin", "http://localhost:7466")],
    // A sandboxed frame, or a redirect.
    &[("origin", "null")],
    &[("origin", "")],
    // The browser's word counts more than what is claimed beside it.
    &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:7465")],
];

/// An operation that changes something, with a request that would do it as far as its form goes.
struct Changing {
    id: String,
    method: Method,
    path: String,
    body: Option<Value>,
    signed_in: bool,
}

fn changing(app: &App, note: &str) -> Vec<Changing> {
    let document = app.document();
    let all = operations(&document).into_iter().filter(|(_, method, _)| !matches!(*method, "get" | "head"));
    all.map(|(path, method, operation)| Changing {
        id: operation["operationId"].as_str().unwrap().to_owned(),
        method: Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap(),
        path: path.replace("{id}", note).replace("{name}", "a"),
        body: example(&document, operation),
        signed_in: !operation["security"].is_null(),
    })
    .collect()
}

impl Changing {
    async fn asked(&self, app: &App, lines: &[(&str, &str)]) -> Answer {
        let anonymous = app.anonymous();
        let mut call = anonymous.call(self.method.clone(), &self.path).if_match("*");
        if let Some(body) = &self.body {
            call = call.json(body);
        }
        for (name, value) in lines {
            call = call.header(name, value);
        }
        call.await
    }
}

/// What there is of somebody, to compare with afterwards.
async fn standing(ann: &Member<'_>) -> Vec<Value> {
    let mut told = vec![json!(ann.head().await)];
    for path in ["/me", "/me/sessions", "/me/api-keys", "/me/passkeys", "/me/totp", "/jobs", "/me/activity"] {
        let mut answer = ann.get(path).await.is(200).json;
        // Reading is a use of the session.
        for session in answer["items"].as_array_mut().into_iter().flatten() {
            session.as_object_mut().unwrap().remove("last_used_at");
        }
        told.push(answer);
    }
    told
}

#[tokio::test]
async fn no_other_sites_page_changes_anything() {
    let app = App::with(|config| config.signup = inkstone::config::Signup::Open).await;
    let ann = app.member("ann").await;
    let note = ann.note(json!({ "body": "text", "tags": ["a"] })).await.id();
    let cookies = ann.page(None).await.cookies;
    let before = standing(&ann).await;
    let operations = changing(&app, &note);
    assert!(operations.len() > 40, "{}", operations.len());
    for operation in &operations {
        for lines in FOREIGN {
            for cookie in [None, Some(("cookie", cookies.as_str()))] {
                let lines: Vec<_> = lines.iter().copied().chain(cookie).collect();
                let answer = operation.asked(&app, &lines).await;
                let told = (answer.status, answer.slug());
                assert_eq!(told, (403, "cross-site-request"), "{} with {lines:?}", operation.id);
                assert!(answer.set_cookies().is_empty(), "{}", operation.id);
            }
        }
        if operation.signed_in {
            let silent = operation.asked(&app, &[("cookie", &cookies)]).await;
            assert_eq!((silent.status, silent.slug()), (403, "cross-site-request"), "{}", operation.id);
        }
    }
    assert_eq!(standing(&ann).await, before, "something was changed");
    assert!(app.letters().to("ann@example.org").is_empty());
    app.close().await;
}

#[tokio::test]
async fn our_own_pages_and_programs_are_not_taken_for_others() {
    let own: &[&[(&str, &str)]] = &[&[("sec-fetch-site", "same-origin")], &[("origin", "http://localhost:7465")]];
    let app = App::new().await;
    let ann = app.member("ann").await;
    let note = ann.note(json!({ "body": "text", "tags": ["a"] })).await.id();
    for (n, operation) in changing(&app, &note).into_iter().enumerate() {
        for lines in own {
            // Any of them may be the end of the account.
            let cookies = app.page_of(&format!("own{n}-{}", lines[0].0)).await.cookies;
            let lines: Vec<_> = lines.iter().copied().chain([("cookie", cookies.as_str())]).collect();
            assert_ne!(operation.asked(&app, &lines).await.slug(), "cross-site-request", "{}", operation.id);
        }
        for lines in FOREIGN {
            let lines: Vec<_> = lines.iter().copied().chain([("authorization", "Bearer not.a.token")]).collect();
            let answer = operation.asked(&app, &lines).await;
            if operation.signed_in {
                assert_eq!((answer.status, answer.slug()), (401, "invalid-token"), "{}: a token decides", operation.id);
            }
        }
    }
    app.close().await;
}

#[tokio::test]
async fn what_is_no_operation_is_defended_alike() {
    let app = App::new().await;
    let page = app.page_of("ann").await.cookies;
    let anonymous = app.anonymous();
    for path in ["/", "/api/v1/nowhere", "/api/docs", "/healthz", "/metrics", "/local/v1/users", "/assets/x.js"] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let call = anonymous.plain(method.clone(), path).header("cookie", &page);
            let answer = call.header("sec-fetch-site", "cross-site").await;
            assert_eq!((answer.status, answer.slug()), (403, "cross-site-request"), "{method} {path}");
        }
    }
    app.close().await;
}

#[tokio::test]
async fn reading_from_elsewhere_is_possible_and_shows_nobody_anything() {
    let app = App::new().await;
    let page = app.page_of("ann").await.cookies;
    let document = app.document();
    let anonymous = app.anonymous();
    for (path, _, operation) in operations(&document).into_iter().filter(|(_, method, _)| *method == "get") {
        let path = path.replace("{id}", "01890000-0000-7000-8000-000000000000").replace("{name}", "a");
        for lines in FOREIGN {
            let mut call = anonymous.get(&path).header("cookie", &page);
            for (name, value) in *lines {
                call = call.header(name, value);
            }
            let answer = call.await;
            assert_ne!(answer.status, 500, "{}", operation["operationId"]);
            let shown = answer.headers.keys().find(|name| name.as_str().starts_with("access-control"));
            assert_eq!(shown, None, "{}", operation["operationId"]);
            assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"));
        }
    }
    app.close().await;
}
