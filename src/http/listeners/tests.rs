//! The accept loop over real sockets. Time stands still and jumps to the next timer when everybody waits.

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo};
use poem::{Endpoint, Request, Route, handler};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::connection::FIRST_REQUEST;
use super::*;
use crate::clock::Ids;
use crate::tls::Identity;
use crate::tls::reload::Follower;
use crate::tls::testing::{Pair, folder};

#[handler]
fn hello(request: &Request) -> String {
    format!("hello {:?}", request.version())
}

#[handler]
fn scheme(request: &Request) -> String {
    request.scheme().to_string()
}

#[handler]
fn length(body: Vec<u8>) -> String {
    body.len().to_string()
}

/// Says that a request has come in, and answers it when the gate opens.
struct Gate(parking_lot::Mutex<Option<(oneshot::Sender<()>, oneshot::Receiver<()>)>>);

impl Endpoint for Gate {
    type Output = String;

    async fn call(&self, _: Request) -> poem::Result<String> {
        let (entered, opened) = self.0.lock().take().unwrap();
        entered.send(()).unwrap();
        opened.await.unwrap();
        Ok("finished".to_owned())
    }
}

struct Running {
    address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<usize>,
    entered: oneshot::Receiver<()>,
    gate: oneshot::Sender<()>,
}

async fn start(limits: Limits) -> Running {
    start_on(limits, Bound::Tcp).await
}

/// With TLS, and the pair that is shown.
async fn start_tls(limits: Limits) -> (Running, Pair) {
    let (_folder, files) = folder();
    let pair = Pair::new();
    pair.write(&files);
    let follower = Follower::new(files.clone(), Identity::load(&files).unwrap(), Ids::system());
    let acceptor = follower.acceptor().unwrap();
    (start_on(limits, |listener| Bound::Tls(listener, acceptor)).await, pair)
}

async fn start_on(limits: Limits, bound: impl FnOnce(TcpListener) -> Bound) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let (gate, opened) = oneshot::channel();
    let (enter, entered) = oneshot::channel();
    let gated = Gate(parking_lot::Mutex::new(Some((enter, opened))));
    let app = Route::new()
        .at("/", poem::get(hello))
        .at("/any", poem::endpoint::make_sync(|_| "as to GET"))
        .at("/scheme", poem::get(scheme))
        .at("/length", poem::post(length))
        .at("/gate", gated);
    let shutdown = async { drop(stopped.await) };
    let server = tokio::spawn(serve(bound(listener), app, limits, shutdown));
    Running { address, stop, server, entered, gate }
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), path: &str) {
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
}

/// Reads until `end` has come, or to the end of the connection.
async fn read_to(stream: &mut (impl AsyncRead + Unpin), end: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 1024];
    while !text.ends_with(end) || end.is_empty() {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => break,
            Ok(n) => text.push_str(&String::from_utf8_lossy(&buffer[..n])),
        }
    }
    text
}

#[tokio::test(start_paused = true)]
async fn a_connection_serves_one_request_after_another() {
    let running = start(Limits::default()).await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    for _ in 0..3 {
        send(&mut stream, "/").await;
        assert!(read_to(&mut stream, "hello HTTP/1.1").await.starts_with("HTTP/1.1 200 OK"));
    }
}

#[tokio::test(start_paused = true)]
async fn http2_is_spoken_without_being_asked() {
    let running = start(Limits::default()).await;
    let io = TokioIo::new(TcpStream::connect(running.address).await.unwrap());
    let (mut client, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    let request = hyper::Request::get("http://x/").body(Empty::<Bytes>::new()).unwrap();
    let body = client.send_request(request).await.unwrap().into_body().collect().await.unwrap();
    assert_eq!(body.to_bytes(), "hello HTTP/2.0");
}

#[tokio::test(start_paused = true)]
async fn head_tells_the_length_and_sends_no_body_in_either_version() {
    let running = start(Limits::default()).await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(b"HEAD /any HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let answer = read_to(&mut stream, "").await;
    assert!(answer.contains("content-length: 9\r\n") && answer.ends_with("\r\n\r\n"), "{answer}");

    let io = TokioIo::new(TcpStream::connect(running.address).await.unwrap());
    let (mut client, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    let request = hyper::Request::head("http://x/any").body(Empty::<Bytes>::new()).unwrap();
    let answer = client.send_request(request).await.unwrap();
    assert_eq!(answer.headers()["content-length"], "9");
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "");
}

#[tokio::test(start_paused = true)]
async fn a_unix_socket_is_served_alike() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("control.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let app = Route::new().at("/", poem::get(hello));
    tokio::spawn(serve(Bound::Unix(listener), app, Limits::default(), std::future::pending()));
    let mut stream = UnixStream::connect(&path).await.unwrap();
    send(&mut stream, "/").await;
    assert!(read_to(&mut stream, "hello HTTP/1.1").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_end_and_an_idle_connection_are_closed() {
    let running = start(Limits::default()).await;
    let begun = tokio::time::Instant::now();
    for sent in ["", "GET / HT", "PRI * HTTP/2.0\r\n"] {
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        assert_eq!(read_to(&mut stream, "").await, "", "{sent:?}");
    }
    assert!(begun.elapsed() <= Duration::from_secs(3 * 20), "{:?}", begun.elapsed());

    let mut stream = TcpStream::connect(running.address).await.unwrap();
    send(&mut stream, "/").await;
    read_to(&mut stream, "hello HTTP/1.1").await;
    let begun = tokio::time::Instant::now();
    assert_eq!(read_to(&mut stream, "").await, "");
    assert!((70..=80).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn shutdown_lets_accepted_requests_finish_and_accepts_no_more() {
    let running = start(Limits::default()).await;
    let mut idle = TcpStream::connect(running.address).await.unwrap();
    send(&mut idle, "/").await;
    read_to(&mut idle, "hello HTTP/1.1").await;
    let mut busy = TcpStream::connect(running.address).await.unwrap();
    send(&mut busy, "/gate").await;
    running.entered.await.unwrap();

    running.stop.send(()).unwrap();
    assert_eq!(read_to(&mut idle, "").await, "", "an idle connection is closed at once");
    let mut late = TcpStream::connect(running.address).await.unwrap();
    send(&mut late, "/").await;
    let answer = read_to(&mut late, "").await;
    assert!(answer.ends_with("hello HTTP/1.1"), "served at the last call, and closed: {answer}");
    // What comes in the last moment is let in, so this asks behind it.
    tokio::time::sleep(LAST_CALL * 2).await;
    assert!(TcpStream::connect(running.address).await.is_err(), "the listener is gone");
    running.gate.send(()).unwrap();
    let answer = read_to(&mut busy, "").await;
    assert!(answer.contains("connection: close") && answer.ends_with("finished"), "{answer}");
    assert_eq!(running.server.await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_finish_in_time_is_cut_off() {
    let running = start(Limits::default()).await;
    let mut busy = TcpStream::connect(running.address).await.unwrap();
    send(&mut busy, "/gate").await;
    running.entered.await.unwrap();
    running.stop.send(()).unwrap();
    assert_eq!(running.server.await.unwrap(), 1);
    assert_eq!(read_to(&mut busy, "").await, "");
}

#[tokio::test(start_paused = true)]
async fn beyond_the_cap_a_connection_waits_for_those_that_are_answered() {
    let running = start(Limits { connections: 1, ..Limits::default() }).await;
    let mut first = TcpStream::connect(running.address).await.unwrap();
    send(&mut first, "/gate").await;
    running.entered.await.unwrap();
    let mut second = TcpStream::connect(running.address).await.unwrap();
    send(&mut second, "/").await;
    let waited = tokio::time::timeout(Duration::from_secs(5), read_to(&mut second, "hello HTTP/1.1")).await;
    assert!(waited.is_err(), "no place yet");
    running.gate.send(()).unwrap();
    assert!(read_to(&mut first, "finished").await.starts_with("HTTP/1.1 200"));
    assert!(read_to(&mut second, "hello HTTP/1.1").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn beyond_the_cap_whoever_waits_makes_room() {
    let running = start(Limits { connections: 4, ..Limits::default() }).await;
    let begun = std::time::Instant::now();
    let mut slow = Vec::new();
    // Nothing at all; a head and a body that do not end; resting after an answer.
    for sent in [
        "",
        "GET / HT",
        "POST /length HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n1234",
        "GET / HTTP/1.1\r\nhost: x\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        if sent.starts_with("GET / HTTP") {
            read_to(&mut stream, "hello HTTP/1.1").await;
        }
        slow.push(stream);
    }
    for _ in 0..20 {
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        send(&mut stream, "/").await;
        assert!(read_to(&mut stream, "hello HTTP/1.1").await.starts_with("HTTP/1.1 200"));
        slow.push(stream);
    }
    assert!(
        begun.elapsed() < Limits::default().head,
        "none of the times for slow clients was over: {:?}",
        begun.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn a_client_of_http2_that_opens_no_window_is_cut_off() {
    let running = start(Limits::default()).await;
    let io = TokioIo::new(TcpStream::connect(running.address).await.unwrap());
    let mut builder = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
    builder.initial_stream_window_size(0).initial_connection_window_size(0).adaptive_window(false);
    let (mut client, connection) = builder.handshake(io).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = hyper::Request::get("http://x/").body(Empty::<Bytes>::new()).unwrap();
    let answer = client.send_request(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    let begun = tokio::time::Instant::now();
    assert!(answer.into_body().collect().await.is_err());
    let _ = connection.await;
    assert!((70..=100).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn over_tls_both_versions_of_http_are_spoken_and_the_request_knows() {
    let (running, pair) = start_tls(Limits::default()).await;
    let mut stream = pair.connect(TcpStream::connect(running.address).await.unwrap(), &["http/1.1"]).await.unwrap();
    for (path, answer) in [("/", "hello HTTP/1.1"), ("/scheme", "https")] {
        send(&mut stream, path).await;
        assert!(read_to(&mut stream, answer).await.starts_with("HTTP/1.1 200 OK"), "{path}");
    }

    let stream = pair.connect(TcpStream::connect(running.address).await.unwrap(), &["h2", "http/1.1"]).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]), "the newer one goes first");
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    for (path, answer) in [("/", "hello HTTP/2.0"), ("/scheme", "https")] {
        let request = hyper::Request::get(format!("https://localhost{path}")).body(Empty::<Bytes>::new()).unwrap();
        let body = client.send_request(request).await.unwrap().into_body().collect().await.unwrap();
        assert_eq!(body.to_bytes(), answer);
    }
}

#[tokio::test]
async fn a_client_without_protocols_gets_http_1_and_one_with_strange_ones_none() {
    let (running, pair) = start_tls(Limits::default()).await;
    let mut stream = pair.connect(TcpStream::connect(running.address).await.unwrap(), &[]).await.unwrap();
    send(&mut stream, "/").await;
    assert!(read_to(&mut stream, "hello HTTP/1.1").await.starts_with("HTTP/1.1 200 OK"));
    assert!(pair.connect(TcpStream::connect(running.address).await.unwrap(), &["spdy/3"]).await.is_err());
}

#[tokio::test]
async fn a_request_without_tls_hears_what_the_port_speaks() {
    let (running, pair) = start_tls(Limits::default()).await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    send(&mut stream, "/").await;
    let answer = read_to(&mut stream, "").await;
    assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n") && answer.contains("https://"), "{answer}");
    // And a client that trusts another certificate does no harm to the next one.
    assert!(Pair::new().connect(TcpStream::connect(running.address).await.unwrap(), &[]).await.is_err());
    let mut stream = pair.connect(TcpStream::connect(running.address).await.unwrap(), &[]).await.unwrap();
    send(&mut stream, "/").await;
    assert!(read_to(&mut stream, "hello HTTP/1.1").await.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_does_not_end_is_cut_off() {
    let (running, _pair) = start_tls(Limits::default()).await;
    // Nothing, and the beginning of a handshake record.
    for sent in [&b""[..], &[22, 3, 1, 2, 0, 1]] {
        let begun = tokio::time::Instant::now();
        let mut stalling = TcpStream::connect(running.address).await.unwrap();
        stalling.write_all(sent).await.unwrap();
        assert_eq!(read_to(&mut stalling, "").await, "");
        assert_eq!(begun.elapsed().as_secs(), Limits::default().head.as_secs());
    }
}

#[tokio::test]
async fn a_handshake_that_does_not_end_makes_room_at_the_cap() {
    let (running, pair) = start_tls(Limits { connections: 1, ..Limits::default() }).await;
    for sent in [&b""[..], &[22, 3, 1, 2, 0, 1]] {
        let mut stalling = TcpStream::connect(running.address).await.unwrap();
        stalling.write_all(sent).await.unwrap();
        let mut stream = pair.connect(TcpStream::connect(running.address).await.unwrap(), &[]).await.unwrap();
        send(&mut stream, "/").await;
        assert!(read_to(&mut stream, "hello HTTP/1.1").await.starts_with("HTTP/1.1 200 OK"));
        assert_eq!(read_to(&mut stalling, "").await, "");
    }
}

#[tokio::test(start_paused = true)]
async fn after_the_handshake_a_head_has_what_is_left_of_the_time() {
    let (running, pair) = start_tls(Limits::default()).await;
    let begun = tokio::time::Instant::now();
    let mut stream = pair.connect(TcpStream::connect(running.address).await.unwrap(), &[]).await.unwrap();
    stream.write_all(b"GET / HT").await.unwrap();
    assert_eq!(read_to(&mut stream, "").await, "");
    assert!(begun.elapsed() <= Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn shutdown_waits_for_a_handshake_for_a_moment_only() {
    let (running, _pair) = start_tls(Limits::default()).await;
    let mut stalling = TcpStream::connect(running.address).await.unwrap();
    stalling.write_all(&[22]).await.unwrap();
    let begun = tokio::time::Instant::now();
    running.stop.send(()).unwrap();
    assert_eq!(running.server.await.unwrap(), 0);
    assert!(begun.elapsed() <= LAST_CALL + FIRST_REQUEST, "{:?}", begun.elapsed());
}
