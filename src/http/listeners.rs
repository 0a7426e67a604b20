//! The accept loop: connections from a bound listener to an endpoint, until told to stop.
//!
//! Owns what poem's own server leaves open: a request's head must arrive in time (a client that sends nothing holds its place
//! for seconds, not for ever), an idle connection is closed, a client that stops reading is cut off, and there is a cap on
//! connections, so that the process never runs out of file descriptors. A TLS handshake is part of all that. Which listeners
//! there are is the command's, and which certificate they show is `tls`'s.
//!
//! Starts from a listener that is already bound and a future that says when to stop, so that tests own both. What a reader
//! would get wrong: dropping the future that [`serve`] returns cuts every connection off at once; to let requests finish, let
//! the shutdown future finish and await `serve` to its end.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use poem::http::uri::Scheme;
use poem::http::{HeaderValue, Method, header};
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, IntoEndpoint, Request};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use self::activity::{Activity, Patience, Verdict, Watched};
use self::handshake::handshake;
use crate::tls::Acceptor;

mod activity;
mod handshake;
#[cfg(test)]
mod tests;

/// A listener that is bound already.
#[derive(Debug)]
pub enum Bound {
    /// TCP, without TLS.
    Tcp(TcpListener),
    /// TCP with TLS.
    Tls(TcpListener, Acceptor),
    /// A Unix socket.
    Unix(UnixListener),
}

/// What connections may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From accepting a connection, or from the first byte of a later request, to the end of the request's head.
    pub head: Duration,
    /// Between requests; also how long a client may leave an answer unread.
    pub idle: Duration,
    /// Open at once; further ones wait in the kernel's backlog.
    pub connections: usize,
    /// How long accepted requests may take to finish after the shutdown signal.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(15),
            // Longer than the 60 s that proxies keep their connections to us, so that they close first.
            idle: Duration::from_secs(75),
            connections: 4096,
            drain: Duration::from_secs(10),
        }
    }
}

/// The largest head of a request; hyper answers 431 beyond it.
const HEAD_BYTES: usize = 64 * 1024;

/// Requests that one HTTP/2 connection may have open.
const STREAMS: u32 = 128;

/// Bytes that a client may send ahead of our reading, in one HTTP/2 request and in all of a connection's. Half of the largest
/// note: an upload over a distance of 100 ms gets 5 MB a second, and a connection that sends and is not read holds a megabyte.
const STREAM_WINDOW: u32 = 512 * 1024;
/// See [`STREAM_WINDOW`].
const CONNECTION_WINDOW: u32 = 1024 * 1024;
/// Bytes of answers that are kept for a slow client of HTTP/2, in each request.
const SEND_BUFFER: usize = 256 * 1024;

/// After accepting failed for want of a file descriptor or of memory: time for others to give theirs back.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// How long connections are still accepted after the shutdown signal. Whoever stands in front, a proxy or a supervisor, hears of the
/// end by connections that are refused; until then a connection that was made is served, not cut off in the kernel's backlog.
const LAST_CALL: Duration = Duration::from_millis(250);

/// How long a connection that was just made may take to send its first request when the server is about to stop: a proxy connects
/// when it has one.
const FIRST_REQUEST: Duration = Duration::from_secs(1);

/// How often a connection without a request is looked at then.
const LOOK: Duration = Duration::from_millis(10);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Serving,
    Draining,
    Over,
}

/// Serves `endpoint` until `shutdown` is done and every accepted request is answered, or the time for that is over. Returns
/// how many connections had to be cut off.
pub async fn serve<E>(bound: Bound, endpoint: E, limits: Limits, shutdown: impl Future<Output = ()>) -> usize
where
    E: IntoEndpoint,
    E::Endpoint: 'static,
{
    let server = Arc::new(Server { endpoint: endpoint.into_endpoint(), limits });
    let (phase, _) = watch::channel(Phase::Serving);
    let places = Arc::new(Semaphore::new(limits.connections));

    {
        let begin = |accepted: Accepted, place: OwnedSemaphorePermit| {
            let (server, phase) = (server.clone(), phase.subscribe());
            tokio::spawn(async move {
                server.accepted(accepted, phase).await;
                drop(place);
            });
        };
        // From the signal on, answers say that their connection ends with them; then, a little later, nobody is let in any more.
        let mut shutdown = pin!(async {
            shutdown.await;
            phase.send_replace(Phase::Draining);
            tokio::time::sleep(LAST_CALL).await;
        });
        loop {
            // A place before a connection: beyond the cap nothing is accepted, instead of accepted and dropped.
            let next = async {
                let place = places.clone().acquire_owned().await.ok()?;
                Some((bound.accept().await, place))
            };
            let next = tokio::select! {
                biased;
                () = &mut shutdown => break,
                next = next => next,
            };
            // Only a closed semaphore has no place to give, and nobody closes it.
            let Some((accepted, place)) = next else { break };
            match accepted {
                Ok(accepted) => begin(accepted, place),
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "cannot accept connections; trying again");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        // Those that the kernel has let in already.
        while let Ok(place) = places.clone().try_acquire_owned()
            && let Some(Ok(accepted)) = bound.accept().now_or_never()
        {
            begin(accepted, place);
        }
    }
    drop(bound);

    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    let finished = tokio::time::timeout(limits.drain, places.acquire_many(all)).await;
    if finished.is_ok() {
        return 0;
    }
    let left = limits.connections - places.available_permits();
    tracing::warn!(connections = left, "cut off: they did not finish in time");
    phase.send_replace(Phase::Over);
    left
}

/// The client went away before it was accepted: nothing is wrong with the listener.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(error.kind(), K::ConnectionAborted | K::ConnectionReset | K::ConnectionRefused | K::Interrupted)
}

/// The answer to HEAD: that to GET, its body's length told and the body left out. hyper does so for HTTP/1 alone; on HTTP/2 it
/// would send the body, and clients give such an answer up.
fn without_body(response: hyper::Response<BoxBody<Bytes, io::Error>>) -> hyper::Response<BoxBody<Bytes, io::Error>> {
    let (mut head, body) = response.into_parts();
    if let Some(length) = body.size_hint().exact().filter(|length| *length > 0) {
        head.headers.entry(header::CONTENT_LENGTH).or_insert(HeaderValue::from(length));
    }
    hyper::Response::from_parts(head, Empty::new().map_err(|never: Infallible| match never {}).boxed())
}

enum Accepted {
    Tcp(TcpStream, Ends),
    Tls(TcpStream, Acceptor, Ends),
    Unix(UnixStream, Ends),
}

/// The addresses of a connection, and how it got from one to the other.
#[derive(Clone)]
struct Ends {
    local: LocalAddr,
    remote: RemoteAddr,
    scheme: Scheme,
}

impl Ends {
    fn new(local: io::Result<impl Into<Addr>>, remote: impl Into<Addr>, scheme: Scheme) -> Self {
        let local = local.map(Into::into).unwrap_or_default();
        Self { local: LocalAddr(local), remote: RemoteAddr(remote.into()), scheme }
    }
}

impl Bound {
    async fn accept(&self) -> io::Result<Accepted> {
        Ok(match self {
            Self::Tcp(listener) => {
                let (stream, ends) = tcp(listener, Scheme::HTTP).await?;
                Accepted::Tcp(stream, ends)
            }
            Self::Tls(listener, acceptor) => {
                let (stream, ends) = tcp(listener, Scheme::HTTPS).await?;
                Accepted::Tls(stream, acceptor.clone(), ends)
            }
            Self::Unix(listener) => {
                let (stream, remote) = listener.accept().await?;
                let ends = Ends::new(stream.local_addr(), remote, Scheme::HTTP);
                Accepted::Unix(stream, ends)
            }
        })
    }
}

async fn tcp(listener: &TcpListener, scheme: Scheme) -> io::Result<(TcpStream, Ends)> {
    let (stream, remote) = listener.accept().await?;
    // Answers are written whole; waiting for more would only delay them. A connection that is already gone fails here, which its
    // first read will find.
    let _ = stream.set_nodelay(true);
    let ends = Ends::new(stream.local_addr(), remote, scheme);
    Ok((stream, ends))
}

/// Waits until the server is about to stop, and for as long as a first request may take then.
async fn last_call(phase: &mut watch::Receiver<Phase>) {
    let _ = phase.wait_for(|phase| *phase != Phase::Serving).await;
    tokio::time::sleep(FIRST_REQUEST).await;
}

struct Server<E> {
    endpoint: E,
    limits: Limits,
}

impl<E: Endpoint + 'static> Server<E> {
    /// Serves what was accepted to its end.
    async fn accepted(self: Arc<Self>, accepted: Accepted, mut phase: watch::Receiver<Phase>) {
        let activity = Arc::new(Activity::new());
        match accepted {
            Accepted::Tcp(stream, ends) => self.connection(stream, ends, activity, phase).await,
            Accepted::Unix(stream, ends) => self.connection(stream, ends, activity, phase).await,
            Accepted::Tls(stream, acceptor, ends) => {
                // The head that follows has what is left of the time: the connection's activity began before.
                let handshake = tokio::time::timeout(self.limits.head, handshake(stream, &acceptor));
                let secured = tokio::select! {
                    biased;
                    secured = handshake => secured.ok().flatten(),
                    // Nothing was asked yet, so little is owed.
                    () = last_call(&mut phase) => None,
                };
                if let Some(stream) = secured {
                    self.connection(stream, ends, activity, phase).await;
                }
            }
        }
    }

    /// Serves one connection to its end.
    async fn connection<S>(
        self: Arc<Self>,
        stream: S,
        ends: Ends,
        activity: Arc<Activity>,
        mut phase: watch::Receiver<Phase>,
    ) where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let patience = Patience { head: self.limits.head, idle: self.limits.idle };
        let service = service_fn({
            let activity = activity.clone();
            move |request: hyper::Request<Incoming>| {
                let (server, ends) = (self.clone(), ends.clone());
                let busy = activity.begin(request.version());
                let head = request.method() == Method::HEAD;
                async move {
                    let request = Request::from((request, ends.local, ends.remote, ends.scheme));
                    let response = server.endpoint.get_response(request).await;
                    let response = hyper::Response::from(response);
                    let response = if head { without_body(response) } else { response };
                    // The request ends when its answer has been handed over to the last byte.
                    Ok::<_, Infallible>(response.map(|body| busy.until_sent(body)))
                }
            }
        });
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder.http1().max_buf_size(HEAD_BYTES);
        builder
            .http2()
            .max_header_list_size(HEAD_BYTES as u32)
            .max_concurrent_streams(STREAMS)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_send_buf_size(SEND_BUFFER);
        let io = TokioIo::new(Watched::new(stream, activity.clone()));
        let mut connection = pin!(builder.serve_connection(io, service));

        let mut tick = tokio::time::interval(patience.tick());
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut closing = false;
        let mut draining = *phase.borrow_and_update() != Phase::Serving;
        let mut deadline = tokio::time::Instant::now() + FIRST_REQUEST;
        loop {
            // Ended before its first request, a connection would take that one along unseen.
            if draining && !closing && (activity.has_begun() || tokio::time::Instant::now() >= deadline) {
                closing = true;
                connection.as_mut().graceful_shutdown();
            }
            tokio::select! {
                biased;
                // Errors of a connection are the client's (a reset, nonsense instead of HTTP) and worth no line.
                _ = connection.as_mut() => return,
                changed = phase.changed() => {
                    if changed.is_err() || *phase.borrow_and_update() == Phase::Over {
                        return;
                    }
                    if !draining {
                        (draining, deadline) = (true, tokio::time::Instant::now() + FIRST_REQUEST);
                    }
                }
                () = tokio::time::sleep(LOOK), if draining && !closing => {}
                _ = tick.tick() => match activity.verdict(patience) {
                    Verdict::Alive => {}
                    Verdict::Idle if !closing => {
                        closing = true;
                        connection.as_mut().graceful_shutdown();
                    }
                    Verdict::Idle | Verdict::Stuck => return,
                },
            }
        }
    }
}
