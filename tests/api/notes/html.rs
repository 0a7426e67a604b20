//! `GET /notes/{id}/html`.

use serde_json::json;

use crate::support::{Actor as _, App};

#[tokio::test]
async fn a_note_is_read_as_html_that_does_nothing() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let body =
        "---\na: b\n---\n# Tea\n\nx <script>x</script><img src=https://a.test/x.png onerror=x> [y](javascript:x)";
    let made = ann.note(json!({ "body": body })).await;
    let answer = ann.get(&format!("/notes/{}/html", made.id())).await.is(200);
    assert_eq!(answer.etag(), made.etag());
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("sandbox ") && !policy.contains("allow-scripts"), "{policy}");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    let html = std::str::from_utf8(&answer.bytes).unwrap();
    let picture = "<a href=\"https://a.test/x.png\" target=\"_blank\" rel=\"noopener noreferrer nofollow\" referrerpolicy=\"no-referrer\">";
    assert_eq!(html, format!("<h1>Tea</h1>\n<p>x {picture}https://a.test/x.png</a> y</p>\n"));
    app.close().await;
}

#[tokio::test]
async fn whoever_holds_the_state_of_the_note_is_told_so() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let made = ann.note(json!({ "body": "one" })).await;
    let path = format!("/notes/{}/html", made.id());
    let same = ann.get(&path).header("if-none-match", &made.etag()).await.is(304);
    assert_eq!((same.etag(), same.bytes.len()), (made.etag(), 0));
    let changed =
        ann.patch(&format!("/notes/{}", made.id()), json!({ "body": "two" })).if_match(&made.etag()).await.is(200);
    let now = ann.get(&path).header("if-none-match", &made.etag()).await.is(200);
    assert_eq!((now.etag(), &now.bytes[..]), (changed.etag(), &b"<p>two</p>\n"[..]));
    app.close().await;
}
