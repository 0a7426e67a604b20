//! The client against servers of our own on the loopback.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

const LIMITS: Limits = Limits { time: Duration::from_secs(20), body: 1000, redirects: 2 };

/// A server that gives each request the answer that `answer` makes of its head, and closes.
async fn serve(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(byte) => head.push(byte),
                    Err(_) => break,
                }
            }
            let _ = stream.write_all(answer(std::str::from_utf8(&head).unwrap()).as_bytes()).await;
        }
    });
    address
}

fn with_loopback() -> Outbound {
    Outbound::new(&["127.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()], OutboundMetrics::default())
}

fn ask(url: impl AsRef<str>) -> http::Request<Vec<u8>> {
    http::Request::get(url.as_ref()).header("accept", "text/plain").body(Vec::new()).unwrap()
}

async fn sent(client: &Outbound, url: impl AsRef<str>) -> Result<http::Response<Vec<u8>>, OutboundError> {
    client.send(Purpose::SignOn, ask(url), LIMITS).await
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

fn moved(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

#[tokio::test]
async fn the_whole_answer_comes_back() {
    let address = serve(|head| {
        ok(&format!("{} {}", head.contains("Inkstone/") || head.contains("inkstone/"), head.lines().next().unwrap()))
    })
    .await;
    let answer = sent(&with_loopback(), format!("http://{address}/a?b=c")).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(String::from_utf8(answer.into_body()).unwrap(), "true GET /a?b=c HTTP/1.1");
}

#[tokio::test]
async fn what_only_the_server_can_reach_is_asked_nothing() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let address = serve(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        ok("secret")
    })
    .await;
    let client = Outbound::new(&[], OutboundMetrics::default());
    let port = address.port();
    for host in
        ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0"]
    {
        let answer = sent(&client, format!("http://{host}:{port}/")).await;
        assert!(matches!(answer, Err(OutboundError::Forbidden(_))), "{host}: {answer:?}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_answer_leads_to_no_place_that_may_not_be_asked() {
    let address = serve(|head| {
        moved(match head.split(' ').nth(1).unwrap() {
            "/metadata" => "http://169.254.169.254/latest",
            "/file" => "file:///etc/passwd",
            "/name" => "//user:password@127.0.0.1/",
            _ => "/again",
        })
    })
    .await;
    let client = with_loopback();
    let to = |path: &str| sent(&client, format!("http://{address}{path}"));
    assert_eq!(to("/metadata").await.unwrap_err(), OutboundError::Forbidden("169.254.169.254".into()));
    assert!(matches!(to("/file").await.unwrap_err(), OutboundError::Url(_)));
    assert!(matches!(to("/name").await.unwrap_err(), OutboundError::Url(_)));
    assert_eq!(to("/again").await.unwrap_err(), OutboundError::TooManyRedirects(2));
}

#[tokio::test]
async fn redirects_are_followed_without_what_the_request_carried() {
    let address = serve(|head| {
        if head.starts_with("POST /from ") {
            return moved("/to");
        }
        ok(&format!("{} {}", head.lines().next().unwrap(), head.contains("authorization")))
    })
    .await;
    let request = || {
        let request = http::Request::post(format!("http://{address}/from")).header("authorization", "Bearer secret");
        request.body(b"form".to_vec()).unwrap()
    };
    let client = with_loopback();
    let answer = client.send(Purpose::Image, request(), LIMITS).await.unwrap();
    assert_eq!(answer.body(), b"GET /to HTTP/1.1 false");
    let answer = client.send(Purpose::Image, request(), Limits { redirects: 0, ..LIMITS }).await.unwrap();
    assert_eq!(answer.status(), StatusCode::FOUND, "the redirect is the answer");
}

#[tokio::test]
async fn an_answer_has_an_end() {
    let address = serve(|head| match head.split(' ').nth(1).unwrap() {
        "/claims" => "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n".to_owned(),
        _ => format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", "x".repeat(1001)),
    })
    .await;
    let client = with_loopback();
    assert_eq!(sent(&client, format!("http://{address}/claims")).await.unwrap_err(), OutboundError::TooLong(1000));
    assert_eq!(sent(&client, format!("http://{address}/")).await.unwrap_err(), OutboundError::TooLong(1000));
}

#[tokio::test]
async fn a_silent_server_is_left() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let limits = Limits { time: Duration::from_millis(50), ..LIMITS };
    let answer = with_loopback().send(Purpose::SignOn, ask(url), limits).await;
    assert_eq!(answer.unwrap_err(), OutboundError::TimedOut(limits.time));
}

#[tokio::test]
async fn a_closed_port_is_told_in_words() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let answer = sent(&with_loopback(), url).await.unwrap_err();
    assert!(answer.to_string().to_lowercase().contains("refused"), "{answer}");
}

#[test]
fn a_url_is_one_that_the_server_would_ask() {
    let guard = Guard::new(&[]);
    for url in ["https://example.org/", "http://example.org:8080/a", "https://1.1.1.1/"] {
        assert!(guard.url(url).is_ok(), "{url}");
    }
    for url in ["", "example.org", "ftp://example.org/", "https://", "javascript:alert(1)", "https://a:b@example.org/"]
    {
        assert!(matches!(guard.url(url), Err(OutboundError::Url(_))), "{url}");
    }
}
