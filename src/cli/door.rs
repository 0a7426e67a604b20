//! Ways to the API: over a socket, or inside this process. Both speak in whole requests and whole answers.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Method, Request, header};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

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

/// No answer came; why, in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoAnswer(pub String);

/// A way to the API.
pub trait Door: Send + Sync {
    /// Asks and waits for the whole answer.
    fn send(&self, ask: Ask) -> Pending<'_, Result<Answer, NoAnswer>>;

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

/// One request over one connection.
async fn exchange<S>(stream: S, host: &str, ask: Ask) -> Result<Answer, NoAnswer>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let lost = |what: &str| {
        let what = what.to_owned();
        move |error: hyper::Error| NoAnswer(format!("{what}: {error}"))
    };
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(lost("the server does not speak HTTP"))?;
    let mut request = Request::builder().method(ask.method).uri(&ask.path).header(header::HOST, host);
    if !ask.body.is_empty() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    let request =
        request.body(Full::new(Bytes::from(ask.body))).map_err(|e| NoAnswer(format!("no such request: {e}")))?;
    let answer = async move {
        let response = sender.send_request(request).await.map_err(lost("the server went away"))?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.map_err(lost("the answer broke off"))?;
        Ok(Answer { status, body: body.to_bytes().to_vec() })
    };
    // The connection moves the bytes; it ends when the sender is dropped at the end of `answer`.
    tokio::join!(answer, async {
        let _ = connection.await;
    })
    .0
}
