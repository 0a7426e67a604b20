//! Pages of other sites that the settings list, and those that they do not.

use inkstone::config::WebOrigin;
use poem::http::Method;
use serde_json::json;

use crate::openapi::operations;
use crate::support::{Actor as _, App};

const LISTED: &str = "https://app.example.org";

async fn listing() -> App {
    App::with(|config| {
        config.cors_origins =
            vec![WebOrigin::parse("http://localhost:5173").unwrap(), WebOrigin::parse(LISTED).unwrap()];
    })
    .await
}

fn preflight<'a>(anonymous: &'a crate::support::Anonymous<'_>, path: &str, origin: &str) -> crate::support::Call<'a> {
    let call = anonymous.call(Method::OPTIONS, path).header("origin", origin);
    call.header("access-control-request-method", "PATCH")
        .header("access-control-request-headers", "authorization,if-match")
}

#[tokio::test]
async fn a_listed_page_may_ask_for_every_operation_with_a_token() {
    let app = listing().await;
    let anonymous = app.anonymous();
    let document = app.document();
    for (path, ..) in operations(&document) {
        let path = path.replace("{id}", "x").replace("{name}", "a");
        let allowed = preflight(&anonymous, &path, LISTED).await.is(204);
        assert_eq!(allowed.header("access-control-allow-origin"), Some(LISTED));
        assert_eq!(allowed.header("access-control-allow-methods"), Some("GET, HEAD, POST, PATCH, DELETE"));
        let headers = allowed.header("access-control-allow-headers").unwrap();
        for needed in ["authorization", "content-type", "if-match", "if-none-match", "idempotency-key"] {
            assert!(headers.split(", ").any(|name| name == needed), "{needed}: {headers}");
        }
        assert_eq!(allowed.header("access-control-max-age"), Some("600"));
        assert_eq!(allowed.header("access-control-allow-credentials"), None, "{path}");
    }
    app.close().await;
}

#[tokio::test]
async fn it_reads_and_writes_and_sees_what_a_program_sees() {
    let app = listing().await;
    let ann = app.member("ann").await;
    let from = [("origin", LISTED), ("sec-fetch-site", "cross-site")];
    let mut made = ann.post("/notes", json!({ "body": "from afar" }));
    for (name, value) in from {
        made = made.header(name, value);
    }
    let made = made.await.is(201);
    let failed = ann.get("/notes?nonsense=1").header("origin", LISTED).await.is(400);
    let refused = app.anonymous().get("/notes").header("origin", LISTED).await.is(401);
    for answer in [&made, &failed, &refused] {
        assert_eq!(answer.header("access-control-allow-origin"), Some(LISTED));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        assert!(answer.headers.get_all("vary").iter().any(|vary| vary == "origin"));
        let exposed = answer.header("access-control-expose-headers").unwrap();
        for name in ["etag", "location", "inkstone-change", "retry-after", "ratelimit"] {
            assert!(exposed.split(", ").any(|known| known == name), "{name}: {exposed}");
        }
    }
    app.close().await;
}

#[tokio::test]
async fn it_has_no_rights_by_cookie_and_does_not_sign_anybody_in() {
    let app = listing().await;
    let cookies = app.page_of("ann").await.cookies;
    let anonymous = app.anonymous();
    let named = json!({ "name": "Eve" });
    for lines in [&[("origin", LISTED)][..], &[("origin", LISTED), ("sec-fetch-site", "cross-site")]] {
        let mut call = anonymous.patch("/me", named.clone()).header("cookie", &cookies);
        for (name, value) in lines {
            call = call.header(name, value);
        }
        call.await.fails(403, "cross-site-request");
    }
    let read = anonymous.get("/me").header("cookie", &cookies).header("origin", LISTED).await.is(200);
    assert_eq!(read.header("access-control-allow-credentials"), None, "so that no browser shows it");
    let login = json!({ "email": "ann@example.org", "password": crate::support::PASSWORD });
    anonymous.post("/auth/login", login).header("origin", LISTED).await.fails(403, "cross-site-request");
    app.close().await;
}

#[tokio::test]
async fn what_is_not_listed_gets_nothing() {
    let app = listing().await;
    let anonymous = app.anonymous();
    for other in [
        "https://evil.example",
        "https://app.example.org.evil.example",
        "https://evil-app.example.org",
        "http://app.example.org",
        "https://app.example.org:8443",
        "HTTPS://APP.EXAMPLE.ORG",
        "https://app.example.org/",
        "https://app.example.org, https://evil.example",
        "null",
        "*",
        "",
    ] {
        let refused = preflight(&anonymous, "/notes", other).await.is(405);
        let read = anonymous.get("/server").header("origin", other).await.is(200);
        for answer in [refused, read] {
            let granted = answer.headers.keys().find(|name| name.as_str().starts_with("access-control"));
            assert_eq!(granted, None, "{other:?}");
            assert!(answer.headers.get_all("vary").iter().any(|vary| vary == "origin"), "{other:?}");
        }
    }
    // Pages, the documentation and the probes are nobody else's in any case.
    for path in ["/", "/api/docs", "/api/openapi.json", "/healthz", "/api/v1x"] {
        let answer = anonymous.plain(Method::GET, path).header("origin", LISTED).await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
    app.close().await;
}

#[tokio::test]
async fn without_a_list_it_is_closed() {
    let app = App::new().await;
    let anonymous = app.anonymous();
    for origin in [LISTED, "http://localhost:7465", "null"] {
        let refused = preflight(&anonymous, "/notes", origin).await.fails(405, "method-not-allowed");
        assert!(refused.headers.keys().all(|name| !name.as_str().starts_with("access-control")), "{origin}");
        assert_eq!(refused.header("vary"), None);
    }
    app.close().await;
}
