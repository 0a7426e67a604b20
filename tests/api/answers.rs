//! What every answer says to browsers, whatever it is an answer to: each operation of the document, done and refused in each way, and
//! everything around the API.

use hyper::body::Bytes;
use inkstone::http::app::files::AppFiles;
use poem::http::Method;
use serde_json::json;

use crate::openapi::{example, operations};
use crate::support::{Actor as _, Answer, App};

/// An answer that nobody may keep, or that only its browser may keep and has to ask about.
#[track_caller]
fn is_closed(answer: &Answer, what: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        let lines: Vec<_> = answer.headers.get_all(name).iter().collect();
        assert_eq!(lines, [value], "{name} of {what}: {}", answer.status);
    }
    let policy = answer.header("content-security-policy").unwrap_or_else(|| panic!("{what}"));
    for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{what}: {policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"), "{what}: {policy}");
    let granted = answer.headers.keys().find(|name| name.as_str().starts_with("access-control"));
    assert_eq!(granted, None, "{what}");
    assert_eq!(answer.header("server"), None, "{what}");
    assert_eq!(answer.header("strict-transport-security"), None, "{what}: without TLS it would lock everybody out");
    if !answer.bytes.is_empty() {
        assert!(answer.header("content-type").is_some(), "{what}: nobody is to guess");
    }
}

#[track_caller]
fn is_private(answer: &Answer, what: &str) {
    is_closed(answer, what);
    let kept = answer.header("cache-control").unwrap_or_else(|| panic!("{what}"));
    match answer.header("etag") {
        Some(_) if answer.status < 400 => assert_eq!(kept, "private, no-cache", "{what}"),
        _ => assert!(kept == "no-store" || kept == "no-store, no-transform", "{what}: {kept}"),
    }
}

#[tokio::test]
async fn every_operation_in_every_way_it_can_go() {
    let app = App::with(|config| config.signup = inkstone::config::Signup::Open).await;
    let ann = app.admin("ann").await;
    let document = app.document();
    for (n, (path, method, operation)) in operations(&document).into_iter().enumerate() {
        let id = operation["operationId"].as_str().unwrap();
        let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap();
        let note = ann.note(json!({ "body": "text", "tags": ["a"] })).await.id();
        let path = path.replace("{id}", &note).replace("{name}", "a");
        let body = example(&document, operation).unwrap_or_default();
        let (anonymous, local) = (app.anonymous(), app.local_admin());
        let asked = || anonymous.call(method.clone(), &path);
        is_private(&asked().await, id);
        is_private(&asked().header("authorization", "Bearer not.a.token").await, id);
        is_private(&asked().header("host", "second").await, id);
        is_private(&asked().json(&body).header("sec-fetch-site", "cross-site").await, id);
        if !operation["requestBody"].is_null() {
            is_private(&asked().json(&body).header("content-length", "99999999999").await.is(413), id);
        }
        is_private(&anonymous.call(method.clone(), &format!("{path}?unknown=1")).await, id);
        is_private(&anonymous.call(Method::PUT, &path).await.is(405), id);
        is_private(&anonymous.call(Method::OPTIONS, &path).await.is(405), id);
        is_private(&anonymous.call(method.clone(), &format!("{path}/nowhere")).await, id);
        is_private(&local.call(method.clone(), &path).await, id);
        // Of their own, because it may be the end of the account.
        let ann = app.admin(&format!("ann{n}")).await;
        is_private(&ann.call(method.clone(), &path).body("application/json", "{").await, id);
        let done = ann.call(method.clone(), &path).if_match("*");
        is_private(&if body.is_null() { done.await } else { done.json(&body).await }, id);
    }
    app.close().await;
}

#[tokio::test]
async fn a_download_is_nobody_elses_and_is_saved_under_its_name() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    ann.note(json!({ "body": "<script>alert(1)</script>" })).await;
    let export = ann.export().await;
    let answer = ann.get(&format!("/exports/{export}")).await.is(200);
    is_private(&answer, "an export");
    assert_eq!(answer.header("content-type"), Some("application/zip"));
    assert!(answer.header("content-disposition").unwrap().starts_with("attachment; filename="));
    app.close().await;
}

#[tokio::test]
async fn pages_files_and_probes() {
    let template = ("index.html".to_owned(), Bytes::from_static(b"<!doctype html><html><head></head></html>"));
    let files = ["assets/main-1.js", "assets/main-1.css", "sw.js", "icon.svg", "manifest.webmanifest", "robots.txt"];
    let files = files.map(|name| (name.to_owned(), Bytes::from_static(b"x")));
    let app = App::serving(AppFiles::of(files.into_iter().chain([template])), |_| {}).await;
    let browser = app.anonymous();
    for (path, status, kept) in [
        ("/", 200, "no-store"),
        ("/notes/some", 200, "no-store"),
        ("/setup?token=x", 200, "no-store"),
        ("/assets/main-1.js", 200, "public, max-age=31536000, immutable"),
        ("/assets/main-1.css", 200, "public, max-age=31536000, immutable"),
        ("/sw.js", 200, "no-cache"),
        ("/icon.svg", 200, "no-cache"),
        ("/manifest.webmanifest", 200, "no-cache"),
        ("/robots.txt", 200, "no-cache"),
        ("/assets/missing.js", 404, "no-store"),
        ("/healthz", 200, "no-store"),
        ("/readyz", 200, "no-store"),
        ("/metrics", 404, "no-store"),
        ("/api/docs", 200, "no-cache"),
        ("/api/openapi.json", 200, "no-cache"),
        ("/api/nowhere", 404, "no-store"),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let answer = browser.plain(method, path).await;
            assert!(answer.status == status, "{path}: {}", answer.status);
            is_closed(&answer, path);
            assert_eq!(answer.header("cache-control"), Some(kept), "{path}");
        }
        let refused = browser.plain(Method::POST, path).await;
        is_private(&refused, path);
        assert!(matches!(refused.status, 404 | 405), "{path}: {}", refused.status);
    }
    app.close().await;
}

#[tokio::test]
async fn a_failure_inside_is_closed_as_well() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let id = ann.note(json!({ "body": "text" })).await.id();
    app.settle().await;
    let spoil = app.parts().db.write(|tx| tx.execute("UPDATE notes SET version = $1", &[b"short".as_slice().into()]));
    spoil.await.unwrap();
    is_private(&ann.get(&format!("/notes/{id}")).await.is(503), "a damaged note");
    is_private(&ann.post("/notes", json!({ "body": "" })).await.is(503), "a store that takes no writes");
    app.close().await;
}

#[tokio::test]
async fn redirects_stay_on_this_server() {
    let settings = |config: &mut inkstone::config::Config| {
        config.public_url = Some(inkstone::config::PublicUrl::parse("https://x.example/notes").unwrap());
    };
    let template = ("index.html".to_owned(), Bytes::from_static(b"<!doctype html>"));
    let app = App::serving(AppFiles::of([template]), settings).await;
    let browser = app.anonymous();
    let here = url::Url::parse("https://x.example/notes").unwrap();
    let mut seen = 0;
    for path in [
        "/notes",
        "/notes?next=https://evil.example",
        "/notes?//evil.example",
        "/notes?\\evil.example",
        "/notes/api/docs/",
        "//evil.example",
        "//evil.example/..",
        "/notes//evil.example",
        "/notes//evil.example/",
        "/notes/%2f%2fevil.example",
        "/notes/\\evil.example",
        "/notes/%5cevil.example",
        "/notes/..//evil.example",
        "/\\evil.example",
        "/notes/api/docs//evil.example",
    ] {
        let answer = browser.plain(Method::GET, path).header("x-forwarded-host", "evil.example").await;
        let Some(location) = answer.header("location") else {
            assert!(!(300..400).contains(&answer.status), "{path}: {}", answer.status);
            continue;
        };
        seen += 1;
        assert!(url::Url::parse(location).is_err(), "{path} leads to {location}, which names a server");
        let reached = here.join(path).unwrap().join(location).unwrap();
        assert_eq!(reached.origin(), here.origin(), "{path} leads to {location}");
        assert!(reached.path().starts_with("/notes/"), "{path} leads to {location}");
    }
    assert!(seen >= 4, "{seen}");
    app.close().await;
}
