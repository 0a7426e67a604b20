//! Ways to the API: over a socket, or inside this process. Requests are whole; an answer is whole too, or, when it may be larger
//! than memory, comes in pieces.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;

use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes};
use hyper::client::conn::http1;
use hyper::{Method, Request, header};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::mpsc;

/// An answer to wait for.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A request. The body is JSON, or empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// How.
    pub method: Method,
    /// Path and query, beginning with a slash.
    pub path: String,
    /// What.
    pub body: Vec<u8>,
}

impl Ask {
    /// A request without a body.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), body: Vec::new() }
    }

    /// A request to remove something.
    pub fn delete(path: impl Into<String>) -> Self {
        Self { method: Method::DELETE, path: path.into(), body: Vec::new() }
    }

    /// A request with a JSON body.
    pub fn post(path: impl Into<String>, body: &serde_json::Value) -> Self {
        Self { method: Method::POST, path: path.into(), body: body.to_string().into_bytes() }
    }
}

/// The answer of the API, whatever it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// JSON, problem or nothing.
    pub body: Vec<u8>,
}

/// An answer whose body is on its way.
#[derive(Debug)]
pub struct Streamed {
    /// The HTTP status.
    pub status: u16,
    /// The body, piece by piece. The last is followed by nothing; one that broke off, by the reason. Dropping it ends the answer.
    pub pieces: mpsc::Receiver<Result<Bytes, NoAnswer>>,
}

/// No answer came; why, in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoAnswer(pub String);

/// A way to the API.
pub trait Door: Send + Sync {
    /// Asks and waits for the whole answer.
    fn send(&self, ask: Ask) -> Pending<'_, Result<Answer, NoAnswer>>;

    /// Asks, and waits for the answer's head alone. A way that knows whole answers only gives the body as one piece.
    fn stream(&self, ask: Ask) -> Pending<'_, Result<Streamed, NoAnswer>> {
        Box::pin(async move {
            let Answer { status, body } = self.send(ask).await?;
            let (give, pieces) = mpsc::channel(1);
            // There is room for one, and `pieces` is here.
            let _ = give.try_send(Ok(body.into()));
            Ok(Streamed { status, pieces })
        })
    }

    /// Ends what this way keeps open. What was answered is kept.
    fn close(self: Box<Self>) -> Pending<'static, ()>;
}

/// The control socket of a running server. Each request has a connection of its own.
#[derive(Debug, Clone)]
pub struct Socket(pub PathBuf);

impl Door for Socket {
    fn send(&self, ask: Ask) -> Pending<'_, Result<Answer, NoAnswer>> {
        Box::pin(async move {
            let stream = UnixStream::connect(&self.0).await;
            let stream = stream.map_err(|e| NoAnswer(format!("cannot connect to {}: {e}", self.0.display())))?;
            exchange(stream, "localhost", ask).await
        })
    }

    fn stream(&self, ask: Ask) -> Pending<'_, Result<Streamed, NoAnswer>> {
        Box::pin(async move {
            let stream = UnixStream::connect(&self.0).await;
            let stream = stream.map_err(|e| NoAnswer(format!("cannot connect to {}: {e}", self.0.display())))?;
            begin(stream, "localhost", ask).await
        })
    }

    fn close(self: Box<Self>) -> Pending<'static, ()> {
        Box::pin(async {})
    }
}

/// A server's own address: `host:port`.
#[derive(Debug, Clone)]
pub struct Address(pub String);

impl Door for Address {
    fn send(&self, ask: Ask) -> Pending<'_, Result<Answer, NoAnswer>> {
        Box::pin(async move {
            let stream = TcpStream::connect(&self.0).await;
            let stream = stream.map_err(|e| NoAnswer(format!("cannot connect to {}: {e}", self.0)))?;
            exchange(stream, &self.0, ask).await
        })
    }

    fn close(self: Box<Self>) -> Pending<'static, ()> {
        Box::pin(async {})
    }
}

/// One request over one connection, answered whole.
async fn exchange<S>(stream: S, host: &str, ask: Ask) -> Result<Answer, NoAnswer>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let Streamed { status, mut pieces } = begin(stream, host, ask).await?;
    let mut body = Vec::new();
    while let Some(piece) = pieces.recv().await {
        body.extend_from_slice(&piece?);
    }
    Ok(Answer { status, body })
}

/// One request over one connection, up to the head of its answer.
async fn begin<S>(stream: S, host: &str, ask: Ask) -> Result<Streamed, NoAnswer>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let lost = |what: &str| {
        let what = what.to_owned();
        move |error: hyper::Error| NoAnswer(format!("{what}: {error}"))
    };
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(lost("the server does not speak HTTP"))?;
    // The connection moves the bytes; it ends when the answer is read, or nobody wants it any more.
    tokio::spawn(connection);
    let mut request = Request::builder().method(ask.method).uri(&ask.path).header(header::HOST, host);
    if !ask.body.is_empty() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    let request =
        request.body(Full::new(Bytes::from(ask.body))).map_err(|e| NoAnswer(format!("no such request: {e}")))?;
    let response = sender.send_request(request).await.map_err(lost("the server went away"))?;
    let status = response.status().as_u16();
    Ok(Streamed { status, pieces: pieces(response.into_body()) })
}

/// A body, read by a task of its own as far as the one at the other end follows.
pub(super) fn pieces<B>(mut body: B) -> mpsc::Receiver<Result<Bytes, NoAnswer>>
where
    B: Body<Data = Bytes, Error: std::fmt::Display + Send> + Send + Unpin + 'static,
{
    let (give, pieces) = mpsc::channel(4);
    tokio::spawn(async move {
        while let Some(frame) = body.frame().await {
            let piece = match frame.map(|frame| frame.into_data()) {
                Ok(Ok(data)) => Ok(data),
                // Trailers say nothing here.
                Ok(Err(_)) => continue,
                Err(error) => Err(NoAnswer(format!("the answer broke off: {error}"))),
            };
            let is_last = piece.is_err();
            if give.send(piece).await.is_err() || is_last {
                return;
            }
        }
    });
    pieces
}
