//! The accept loop over real sockets. Time stands still and jumps to the next timer when everybody waits.

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use poem::{Request, Route, handler};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::*;

#[handler]
fn hello(request: &Request) -> String {
    format!("hello {:?}", request.version())
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
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let (gate, opened) = oneshot::channel();
    let (enter, entered) = oneshot::channel();
    let gated = Gate(parking_lot::Mutex::new(Some((enter, opened))));
    let app = Route::new().at("/", poem::get(hello)).at("/gate", gated);
    let shutdown = async { drop(stopped.await) };
    let server = tokio::spawn(serve(Bound::Tcp(listener), app, limits, shutdown));
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
async fn beyond_the_cap_a_connection_waits_for_a_place() {
    let running = start(Limits { connections: 1, ..Limits::default() }).await;
    let mut first = TcpStream::connect(running.address).await.unwrap();
    send(&mut first, "/").await;
    read_to(&mut first, "hello HTTP/1.1").await;
    let mut second = TcpStream::connect(running.address).await.unwrap();
    send(&mut second, "/").await;
    let waited = tokio::time::timeout(Duration::from_secs(5), read_to(&mut second, "hello HTTP/1.1")).await;
    assert!(waited.is_err(), "no place yet");
    drop(first);
    assert!(read_to(&mut second, "hello HTTP/1.1").await.starts_with("HTTP/1.1 200"));
}
