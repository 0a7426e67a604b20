//! `GET /remote-images`, against a server of our own on the loopback, which the tests let the server speak to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::{Actor as _, App};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand so on";

/// The other server: answers by path. What it was told, besides.
async fn elsewhere() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let count = Arc::clone(&count);
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    match stream.read_u8().await {
                        Ok(byte) => head.push(byte),
                        Err(_) => return,
                    }
                }
                count.fetch_add(1, Ordering::SeqCst);
                let head = String::from_utf8(head).unwrap().to_lowercase();
                assert!(
                    !head.contains("cookie") && !head.contains("authorization") && !head.contains("referer"),
                    "{head}"
                );
                let answer = |kind: &str, body: &[u8]| {
                    let length = body.len();
                    let head = format!(
                        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
                    );
                    [head.as_bytes(), body].concat()
                };
                let moved = |to: &str| {
                    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                        .into_bytes()
                };
                let path = head.split(' ').nth(1).unwrap().to_owned();
                let answer = match path.as_str() {
                    "/cat.png" => answer("text/html", PNG),
                    "/cat.svg" => answer("image/png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
                    "/page" => answer("image/png", b"<html><script>x()</script>"),
                    "/once" => moved("/cat.png"),
                    "/round" => moved("/round"),
                    "/inside" => moved("http://169.254.169.254/latest/meta-data"),
                    "/private" => moved("http://10.0.0.1/cat.png"),
                    "/file" => moved("file:///etc/passwd"),
                    "/endless" => {
                        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").await;
                        let _ = stream.write_all(PNG).await;
                        while stream.write_all(&[0; 65536]).await.is_ok() {}
                        return;
                    }
                    "/slow" => std::future::pending().await,
                    _ => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec(),
                };
                let _ = stream.write_all(&answer).await;
            });
        }
    });
    (address, asked)
}

async fn app() -> App {
    App::with(|config| config.outbound_allow = vec!["127.0.0.0/8".parse().unwrap()]).await
}

fn path(url: &str) -> String {
    format!("/remote-images?url={}", url.replace(':', "%3A").replace('/', "%2F"))
}

#[tokio::test]
async fn a_picture_comes_as_what_its_bytes_say_and_does_nothing() {
    let (there, _) = elsewhere().await;
    let app = app().await;
    let ann = app.member("ann").await;
    for way in ["cat.png", "once", "cat.png#part"] {
        let url = format!("http://{there}/{}", way.replace('#', "%23"));
        let answer = ann.get(&path(&url)).from("192.0.2.1").await.is(200);
        assert_eq!((answer.header("content-type"), &answer.bytes[..]), (Some("image/png"), PNG), "{way}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("content-security-policy"), Some("sandbox; default-src 'none'"));
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"));
        assert_eq!(answer.header("cache-control"), Some("private, max-age=86400"));
        assert!(answer.header("ratelimit").unwrap().contains("\"images\";r=29"));
    }
    app.close().await;
}

#[tokio::test]
async fn what_is_no_picture_too_long_or_not_there_is_told_apart() {
    let (there, _) = elsewhere().await;
    let app = app().await;
    let ann = app.member("ann").await;
    for (way, status, slug) in [
        ("cat.svg", 502, "remote-image-unusable"),
        ("page", 502, "remote-image-unusable"),
        ("endless", 502, "remote-image-unusable"),
        ("none", 502, "remote-image-unreachable"),
        ("round", 502, "remote-image-unreachable"),
        ("inside", 422, "remote-image-refused"),
        ("private", 422, "remote-image-refused"),
        ("file", 422, "remote-image-refused"),
    ] {
        ann.get(&path(&format!("http://{there}/{way}"))).await.fails(status, slug);
    }
    ann.get(&path("http://127.0.0.1:1/x")).await.fails(502, "remote-image-unreachable");
    ann.get(&path("")).await.fails(422, "invalid-request");
    ann.get(&path(&format!("http://{there}/{}", "x".repeat(2048)))).await.fails(422, "invalid-request");
    ann.get("/remote-images").await.malformed("url");
    app.close().await;
}

#[tokio::test]
async fn one_that_does_not_answer_is_given_up() {
    let (there, _) = elsewhere().await;
    let app = app().await;
    let ann = app.member("ann").await;
    tokio::time::pause();
    ann.get(&path(&format!("http://{there}/slow"))).await.fails(502, "remote-image-unreachable");
    tokio::time::resume();
    app.close().await;
}

#[tokio::test]
async fn what_only_the_server_can_reach_is_not_asked_and_not_told_apart() {
    let (there, asked) = elsewhere().await;
    let app = App::new().await;
    let ann = app.member("ann").await;
    for url in [
        &format!("http://{there}/cat.png"),
        &format!("http://localhost:{}/cat.png", there.port()),
        &format!("http://[::ffff:127.0.0.1]:{}/cat.png", there.port()),
        &format!("http://2130706433:{}/cat.png", there.port()),
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/x.png",
        "http://[fe80::1]/x.png",
        "http://ann:secret@example.org/x.png",
        "ftp://example.org/x.png",
        "file:///etc/passwd",
        "javascript:x",
        "data:image/png;base64,AAAA",
        "x.png",
        "//example.org/x.png",
    ] {
        ann.get(&path(url)).await.fails(422, "remote-image-refused");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    app.close().await;
}

#[tokio::test]
async fn another_sites_page_gets_nothing_through_it() {
    let (there, asked) = elsewhere().await;
    let app = app().await;
    let ann = app.member("ann").await;
    for site in ["cross-site", "same-site", "none"] {
        let call = ann.get(&path(&format!("http://{there}/cat.png"))).header("sec-fetch-site", site);
        call.await.fails(403, "cross-site-request");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    ann.get(&path(&format!("http://{there}/cat.png"))).header("sec-fetch-site", "same-origin").await.is(200);
    app.close().await;
}
