//! One connection, from its first byte to its last answer.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use poem::http::{HeaderValue, Method, header};
use poem::{Body, Endpoint, Request};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

use super::accept::{Accepted, Ends};
use super::activity::{Activity, Patience, Verdict, Watched};
use super::handshake::handshake;
use super::protocol::Protocol;
use super::{Limits, Phase};

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

/// How long a connection that was just made may take to send its first request when the server is about to stop: a proxy connects
/// when it has one.
pub(super) const FIRST_REQUEST: Duration = Duration::from_secs(1);

/// How often a connection without a request is looked at then.
const LOOK: Duration = Duration::from_millis(10);

/// Waits until the server is about to stop, and for as long as a first request may take then.
async fn last_call(phase: &mut watch::Receiver<Phase>) {
    let _ = phase.wait_for(|phase| *phase != Phase::Serving).await;
    tokio::time::sleep(FIRST_REQUEST).await;
}

pub(super) struct Server<E> {
    pub(super) endpoint: E,
    pub(super) limits: Limits,
}

impl<E: Endpoint + 'static> Server<E> {
    /// Serves what was accepted to its end.
    pub(super) async fn accepted(
        self: Arc<Self>,
        accepted: Accepted,
        activity: Arc<Activity>,
        mut phase: watch::Receiver<Phase>,
    ) {
        match accepted {
            // Each in a box of its own size: the task would else have room for the largest of the three, twice over.
            Accepted::Tcp(stream, ends) => {
                let spoken = tokio::time::timeout(self.limits.head, Protocol::peeked(&stream));
                let protocol = tokio::select! {
                    biased;
                    spoken = spoken => spoken.ok(),
                    () = last_call(&mut phase) => None,
                    () = activity.is_told_to_go() => None,
                };
                if let Some(protocol) = protocol {
                    Box::pin(self.connection(stream, protocol, ends, activity, phase)).await;
                }
            }
            Accepted::Unix(stream, ends) => {
                Box::pin(self.connection(stream, Protocol::Any, ends, activity, phase)).await;
            }
            Accepted::Tls(stream, acceptor, ends) => {
                // The head that follows has what is left of the time: the connection's activity began before.
                let handshake = Box::pin(tokio::time::timeout(self.limits.head, handshake(stream, &acceptor)));
                let secured = tokio::select! {
                    biased;
                    secured = handshake => secured.ok().flatten(),
                    // Nothing was asked yet, so little is owed.
                    () = last_call(&mut phase) => None,
                    () = activity.is_told_to_go() => None,
                };
                if let Some(stream) = secured {
                    let protocol = Protocol::agreed(&stream);
                    Box::pin(self.connection(stream, protocol, ends, activity, phase)).await;
                }
            }
        }
    }

    /// Serves one connection to its end.
    async fn connection<S>(
        self: Arc<Self>,
        stream: S,
        protocol: Protocol,
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
                let last = ends_ambiguously(&request);
                // In a box: hyper keeps a place for it as long as the connection lives, and what a request takes while it is
                // answered would lie under each stream that only waits.
                Box::pin(async move {
                    let mut request = Request::from((request, ends.local, ends.remote, ends.scheme));
                    let body: BoxBody<Bytes, io::Error> = request.take_body().into();
                    if !body.is_end_stream() {
                        request.set_body(Body::from(busy.coming(body).boxed()));
                    }
                    let response = server.endpoint.get_response(request).await;
                    let response = hyper::Response::from(response);
                    let mut response = if head { without_body(response) } else { response };
                    if last {
                        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                    }
                    // The request ends when its answer has been handed over to the last byte.
                    Ok::<_, Infallible>(response.map(|body| busy.until_sent(body)))
                })
            }
        });
        let mut builder = auto::Builder::new(TokioExecutor::new());
        if protocol == Protocol::One {
            builder = builder.http1_only();
        }
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
                () = activity.is_told_to_go() => return,
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

/// Whether a proxy may have seen another end of this request, and taken what follows for a part of it or for a request of somebody
/// else's (request smuggling). That is so when a length is told beside the chunks; hyper goes by the chunks and hides the length,
/// so every body in chunks is taken for such a one. Nothing is read behind it (RFC 9112, 6.3).
fn ends_ambiguously<B>(request: &hyper::Request<B>) -> bool {
    request.headers().contains_key(header::TRANSFER_ENCODING)
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
