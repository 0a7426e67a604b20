//! What is around the API: probes, metrics, pages, headers, and life under a path.

use inkstone::config::PublicUrl;
use poem::http::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, App, PASSWORD};

/// A path from the root, without a credential.
async fn plain(app: &App, path: &str) -> Answer {
    app.anonymous().plain(Method::GET, path).await
}

#[tokio::test]
async fn the_server_tells_what_it_is_and_offers() {
    let app = App::new().await;
    let told = app.anonymous().get("/server").await.is(200);
    assert_eq!(
        told.json,
        json!({
            "name": "Inkstone",
            "version": env!("CARGO_PKG_VERSION"),
            "store": app.parts().db.epoch(),
            "setup_required": true,
            "sign_in": { "password": true, "password_reset": true, "passkey": true, "providers": [], "signup": "invite" },
            "limits": { "note_body_bytes": 1_048_576, "note_title_chars": 500, "note_tags": 100, "page_items": 200 },
        })
    );
    app.member("ann").await;
    assert_eq!(app.anonymous().get("/server").await.json["setup_required"], true, "a member is no administrator");
    app.admin("root").await;
    assert_eq!(app.anonymous().get("/server").await.json["setup_required"], false);
    app.close().await;

    let open = App::with(|config| config.signup = inkstone::config::Signup::Open).await;
    assert_eq!(open.anonymous().get("/server").await.json["sign_in"]["signup"], "open");
    open.close().await;
}

#[tokio::test]
async fn probes_tell_alive_and_ready() {
    let app = App::new().await;
    app.settle().await;
    for actor in ["public", "local"] {
        let ask = async |path: &str| match actor {
            "public" => app.anonymous().plain(Method::GET, path).await,
            _ => app.local_admin().plain(Method::GET, path).await,
        };
        assert_eq!(ask("/healthz").await.is(200).bytes, b"ok\n");
        let ready = ask("/readyz").await.is(200).json;
        assert_eq!(ready["status"], "ready");
        let mut checks: Vec<_> = ready["checks"].as_object().unwrap().keys().cloned().collect();
        checks.sort();
        assert_eq!(checks, ["disk", "index", "integrity", "schema", "store"]);
        assert!(ready["checks"].as_object().unwrap().values().all(|check| check["ok"] == true), "{ready}");
        assert_eq!(ready["checks"]["index"]["detail"], "current");
    }
    app.close().await;
}

#[tokio::test]
async fn a_store_that_takes_no_writes_is_not_ready_and_alive() {
    let app = App::new().await;
    app.parts().db.close().await;
    assert_eq!(plain(&app, "/readyz").await.is(503).json["status"], "unready");
    plain(&app, "/healthz").await.is(200);
    app.close().await;
}

#[tokio::test]
async fn metrics_are_for_those_who_know_the_token() {
    let token = "a token of the metrics";
    let app = App::with(|config| config.metrics_token = Some(token.into())).await;
    plain(&app, "/metrics").await.is(404);
    for bad in ["Bearer", "Bearer x", "Bearer a token of the metricsx", "Basic a token of the metrics", token] {
        app.anonymous().plain(Method::GET, "/metrics").header("authorization", bad).await.is(404);
    }
    let ann = app.member("ann").await;
    ann.plain(Method::GET, "/metrics").await.is(404);
    ann.note(json!({ "body": "" })).await;
    let line = format!("Bearer {token}");
    let told = app.anonymous().plain(Method::GET, "/metrics").header("authorization", &line).await.is(200);
    assert!(told.header("content-type").unwrap().starts_with("application/openmetrics-text"));
    let text = String::from_utf8(told.bytes).unwrap();
    assert!(text.contains("method=\"POST\"") && text.ends_with("# EOF\n"), "{text}");
    assert!(!text.contains(&ann.id), "a label is a route, never a path");
    app.local_admin().plain(Method::GET, "/metrics").await.is(200);
    app.close().await;

    let closed = App::new().await;
    for bad in ["Bearer ", "Bearer", &line] {
        closed.anonymous().plain(Method::GET, "/metrics").header("authorization", bad).await.is(404);
    }
    closed.close().await;
}

#[tokio::test]
async fn every_kind_of_answer_is_closed_to_browsers_mischief() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let id = ann.note(json!({ "body": "" })).await.id();
    let anonymous = app.anonymous();
    for (answer, cache) in [
        (ann.get(&format!("/notes/{id}")).await.is(200), "private, no-cache"),
        (ann.get(&format!("/notes/{id}")).header("if-none-match", "*").await.is(304), "private, no-cache"),
        (ann.get("/notes").await.is(200), "no-store"),
        (ann.get("/me").await.is(200), "no-store"),
        (ann.post("/notes", json!({ "body": 7 })).await.is(400), "no-store"),
        (anonymous.get("/notes").await.is(401), "no-store"),
        (anonymous.get("/nowhere").await.is(404), "no-store"),
        (plain(&app, "/").await.is(200), "no-store"),
        (plain(&app, "/nowhere").await.is(404), "no-store"),
        (plain(&app, "/setup?token=x").await.is(200), "no-store"),
        (plain(&app, "/healthz").await.is(200), "no-store"),
        (plain(&app, "/api/docs").await.is(200), "no-cache"),
        (plain(&app, "/api/openapi.json").await.is(200), "no-cache"),
    ] {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", cache),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name} of {}", String::from_utf8_lossy(&answer.bytes));
        }
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"), "{policy}");
        assert_eq!(answer.header("strict-transport-security"), None, "without TLS it would lock everybody out");
    }
    app.close().await;
}

#[tokio::test]
async fn a_request_keeps_the_id_that_it_came_with() {
    let app = App::new().await;
    let kept = app.anonymous().get("/server").header("x-request-id", "proxy-7").await;
    assert_eq!(kept.header("x-request-id"), Some("proxy-7"));
    let (one, two) = (app.anonymous().get("/server").await, app.anonymous().get("/server").await);
    assert_ne!(one.header("x-request-id"), two.header("x-request-id"));
    app.close().await;
}

#[tokio::test]
async fn the_document_and_its_page_are_served() {
    let app = App::new().await;
    let document = plain(&app, "/api/openapi.json").await.is(200);
    assert_eq!(document.json, app.document());
    let page = plain(&app, "/api/docs").await.is(200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    app.close().await;
}

#[tokio::test]
async fn the_setup_page_does_not_show_its_token() {
    let app = App::new().await;
    let page = plain(&app, "/setup?token=s3cret").await.is(200);
    assert!(!String::from_utf8(page.bytes).unwrap().contains("s3cret"));
    app.close().await;
}

#[tokio::test]
async fn under_a_path_everything_is_under_the_path() {
    let app = App::with(|config| config.public_url = Some(PublicUrl::parse("https://x.example/notes/").unwrap())).await;
    let ann = app.member("ann").await;
    let made = ann.note(json!({ "body": "# Here" })).await;
    let location = made.header("location").unwrap();
    assert_eq!(location, format!("/notes/api/v1/notes/{}", made.id()));
    assert_eq!(ann.plain(Method::GET, location).await.is(200).bytes, made.bytes);
    let notebook = ann.notebook(json!({ "name": "Box" })).await;
    assert_eq!(notebook.header("location").unwrap(), format!("/notes/api/v1/notebooks/{}", notebook.id()));
    assert_eq!(app.document()["servers"], json!([{ "url": "/notes/api/v1" }]));
    for path in
        ["/notes/", "/notes/setup", "/notes/api/docs", "/notes/api/openapi.json", "/notes/healthz", "/notes/readyz"]
    {
        plain(&app, path).await.is(200);
    }
    let home = String::from_utf8(plain(&app, "/notes/").await.bytes).unwrap();
    assert!(home.contains("href=\"/notes/api/docs\""));
    for path in ["/", "/api/docs", "/api/v1/server", "/notesx", "/setup"] {
        plain(&app, path).await.is(404);
    }
    // Probes on the same machine do not know the path.
    plain(&app, "/healthz").await.is(200);
    plain(&app, "/readyz").await.is(200);
    app.close().await;
}

#[tokio::test]
async fn behind_tls_cookies_are_secure_and_browsers_are_told_to_stay() {
    let app = App::with(|config| config.public_url = Some(PublicUrl::parse("https://x.example/notes/").unwrap())).await;
    app.member("ann").await;
    let login = json!({ "email": "ann@example.org", "password": PASSWORD, "token_delivery": "cookie" });
    let signed_in =
        app.anonymous().post("/auth/login", login.clone()).without("host").header("host", "10.0.0.7").await.is(200);
    for line in signed_in.set_cookies() {
        assert!(
            line.starts_with("__Host-inkstone-") && line.contains("Path=/;") && line.ends_with("; Secure"),
            "{line}"
        );
    }
    assert_eq!(signed_in.header("strict-transport-security"), Some("max-age=31536000"));
    let (cookies, anonymous) = (signed_in.cookies(), app.anonymous());
    let rename = |origin: &str| {
        let body = json!({ "name": "Ann" });
        anonymous.patch("/me", body).header("cookie", &cookies).header("origin", origin)
    };
    rename("https://x.example").await.is(200);
    for other in ["http://x.example", "https://localhost:7465", "https://y.example", "https://x.example:444"] {
        rename(other).await.fails(403, "cross-site-request");
    }
    app.close().await;

    let http = App::with(|config| config.public_url = Some(PublicUrl::parse("http://notes.lan").unwrap())).await;
    http.member("ann").await;
    let plain = http.anonymous().post("/auth/login", login).without("host").header("host", "notes.lan").await.is(200);
    for line in plain.set_cookies() {
        assert!(line.starts_with("inkstone-") && line.ends_with("; HttpOnly; SameSite=Strict"), "{line}");
    }
    assert_eq!(plain.header("strict-transport-security"), None);
    http.close().await;
}

#[tokio::test]
async fn the_metrics_listener_serves_metrics_and_probes_and_nothing_else() {
    use poem::{Endpoint as _, Request};
    let app = App::new().await;
    let listener = inkstone::server::metrics(app.parts());
    let ask = async |path: &str| {
        listener.get_response(Request::builder().uri_str(path).header("host", "x").finish()).await.status().as_u16()
    };
    for (path, status) in [("/metrics", 200), ("/healthz", 200), ("/readyz", 200), ("/", 404), ("/api/v1/server", 404)]
    {
        assert_eq!(ask(path).await, status, "{path}");
    }
    drop(listener);
    app.close().await;
}

#[tokio::test]
async fn the_control_socket_has_the_same_api() {
    let app = App::new().await;
    assert_eq!(app.local_admin().get("/server").await.is(200).json["name"], "Inkstone");
    app.local_admin().get("/notes").await.fails(401, "authentication-required");
    assert_eq!(plain(&app, "/local/v1/users").await.is(404).json, Value::Null, "a page like any unknown address");
    app.close().await;
}
