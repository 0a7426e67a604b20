//! How large a request's body may be, how long it may take, and that it holds no U+0000. How many bytes all bodies together
//! may take is [`BodyBudget`]'s.
//!
//! Owns the body's way from the socket to the endpoint. The limits work while the body is read, not before: nothing is
//! buffered here, so a caller whom the endpoint refuses costs no memory. What a reader would get wrong: a body's failure
//! therefore comes out of whoever reads it, wrapped in poem's and the standard library's errors; [`BodyFault::of`] digs it
//! out again for `http::catch`.
//!
//! U+0000 is refused because no PostgreSQL text can hold it. In JSON it can only come as the escape `\u0000`; the raw byte is
//! a syntax error anyway.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http_body_util::BodyExt as _;
use http_body_util::combinators::BoxBody;
use hyper::body::{Body as HyperBody, Bytes, Frame, SizeHint};
use poem::http::header;
use poem::{Body, Endpoint, IntoResponse, Middleware, Request, Response, Result};
use tokio::time::Sleep;

use crate::error::Error;
use crate::http::body_budget::{BodyBudget, Held};
use crate::http::client_address;

/// Bodies that hold a few short members.
pub const SMALL: usize = 64 * 1024;

/// A note: 1 MiB of text, which grows sixfold when every byte of it is a control character that JSON escapes as `\u00xx`,
/// and half a MiB for the other members.
pub const NOTE: usize = 13 * 512 * 1024;

/// A whole body must arrive within this time: the largest note at half a megabit per second.
pub const BODY_TIME: Duration = Duration::from_secs(120);

/// Bodies of whoever is nobody yet: a password of 1,024 characters, each written as two escapes, or a passkey.
pub const ANONYMOUS: usize = 16 * 1024;

/// They must arrive within this time: 16 KiB at 7 kilobits per second.
pub const ANONYMOUS_TIME: Duration = Duration::from_secs(20);

/// Why a body was given up while it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyFault {
    /// More than this many bytes.
    TooLarge(usize),
    /// It took longer than the time for it.
    TooSlow,
    /// A JSON string holds U+0000.
    Nul,
    /// There is no room for it now, because of the other requests' bodies.
    NoRoom,
}

impl fmt::Display for BodyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(limit) => write!(f, "the body is larger than {limit} bytes"),
            Self::TooSlow => f.write_str("the body did not arrive in time"),
            Self::Nul => f.write_str("the body holds U+0000"),
            Self::NoRoom => f.write_str("too many large requests are under way"),
        }
    }
}

impl StdError for BodyFault {}

impl BodyFault {
    /// The fault at the bottom of an error that came out of reading a body.
    pub fn of(error: &(dyn StdError + 'static)) -> Option<Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(fault) = error.downcast_ref::<Self>() {
                return Some(*fault);
            }
            // `io::Error::source` skips the error that it wraps and gives that one's source.
            next = match error.downcast_ref::<io::Error>() {
                Some(io) => io.get_ref().map(|inner| inner as &(dyn StdError + 'static)),
                None => error.source(),
            };
        }
        None
    }
}

/// What bodies may take at one place.
#[derive(Debug, Clone)]
struct Allowance {
    bytes: usize,
    /// The whole body within the time, and in memory; else it goes to a file as it comes, and only pauses are limited.
    whole: bool,
    time: Duration,
    budget: BodyBudget,
}

/// The layer.
#[derive(Debug, Clone)]
pub struct BodyLimits {
    default: Allowance,
    elsewhere: Arc<[(String, Allowance)]>,
}

impl BodyLimits {
    /// `default` bytes everywhere, as long as `budget` has room.
    pub fn new(default: usize, time: Duration, budget: BodyBudget) -> Self {
        let default = Allowance { bytes: default, whole: true, time, budget };
        Self { default, elsewhere: Arc::new([]) }
    }

    /// `limit` bytes for `path` and everything below it, as this layer sees the path.
    #[must_use]
    pub fn at(self, path: &str, limit: usize) -> Self {
        let allowance = Allowance { bytes: limit, ..self.default.clone() };
        self.allow(path, allowance)
    }

    /// `limit` bytes for `path`, whose endpoint writes them to a file as they come: they take no room of the budget, and the time
    /// limits how long the next piece may take.
    #[must_use]
    pub fn streamed_at(self, path: &str, limit: usize) -> Self {
        let allowance = Allowance { bytes: limit, whole: false, ..self.default.clone() };
        self.allow(path, allowance)
    }

    /// For `path` and everything below it, a limit, a time and a budget of its own: where everybody may send, what somebody begins and
    /// does not finish must not be in the way of those who are signed in.
    #[must_use]
    pub fn apart_at(self, path: &str, limit: usize, time: Duration, budget: BodyBudget) -> Self {
        self.allow(path, Allowance { bytes: limit, whole: true, time, budget })
    }

    fn allow(mut self, path: &str, allowance: Allowance) -> Self {
        self.elsewhere = self.elsewhere.iter().cloned().chain([(path.to_owned(), allowance)]).collect();
        self
    }

    fn allowance(&self, path: &str) -> &Allowance {
        let below =
            |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let found = self.elsewhere.iter().find(|(prefix, _)| below(prefix));
        found.map_or(&self.default, |(_, allowance)| allowance)
    }
}

impl<E: Endpoint> Middleware<E> for BodyLimits {
    type Output = BodyLimitsEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        BodyLimitsEndpoint { inner, layer: self.clone() }
    }
}

/// See [`BodyLimits`].
#[derive(Debug)]
pub struct BodyLimitsEndpoint<E> {
    inner: E,
    layer: BodyLimits,
}

impl<E: Endpoint> Endpoint for BodyLimitsEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let body = request.take_body();
        if body.is_empty() {
            return Ok(self.inner.call(request).await?.into_response());
        }
        let Allowance { bytes: limit, whole, time, budget } = self.layer.allowance(request.uri().path()).clone();
        let stated = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
        if stated.is_some_and(|length| length > limit as u64) {
            // Before a byte is read; a client that sent `Expect: 100-continue` saves itself the upload.
            return Err(Error::TooLarge { limit }.into());
        }
        // Until the answer is there: the endpoint may hold the body in memory after it was read.
        let held = budget.open(client_address::of(&request));
        let guarded = Guarded {
            inner: body.into(),
            held: Arc::clone(&held),
            limit,
            left: limit,
            whole,
            time,
            deadline: None,
            scan: request.content_type().is_some_and(is_json).then(NulScan::default),
        };
        request.set_body(Body::from(guarded.boxed()));
        let answer = self.inner.call(request).await;
        drop(held);
        Ok(answer?.into_response())
    }
}

fn is_json(content_type: &str) -> bool {
    content_type.split(';').next().is_some_and(|media| media.trim().to_ascii_lowercase().ends_with("json"))
}

/// A body that watches itself.
struct Guarded {
    inner: BoxBody<Bytes, io::Error>,
    held: Arc<Held>,
    limit: usize,
    left: usize,
    whole: bool,
    time: Duration,
    /// Set when the body is first waited for: most are there at once and need no timer.
    deadline: Option<Pin<Box<Sleep>>>,
    scan: Option<NulScan>,
}

impl HyperBody for Guarded {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = &mut *self;
        let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(cx) else {
            let time = this.time;
            ready!(this.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(time))).as_mut().poll(cx));
            return Poll::Ready(Some(Err(io::Error::other(BodyFault::TooSlow))));
        };
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
        {
            match this.left.checked_sub(data.len()) {
                Some(left) => this.left = left,
                None => return Poll::Ready(Some(Err(io::Error::other(BodyFault::TooLarge(this.limit))))),
            }
            if !this.whole {
                this.deadline = None;
            } else if !this.held.take(data.len()) {
                return Poll::Ready(Some(Err(io::Error::other(BodyFault::NoRoom))));
            }
            if this.scan.as_mut().is_some_and(|scan| scan.finds_nul(data)) {
                return Poll::Ready(Some(Err(io::Error::other(BodyFault::Nul))));
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// Finds the escape `\u0000` in JSON text that comes in pieces: the matched length of `\u0000`, and whether the backslash
/// before was itself escaped.
#[derive(Debug, Default)]
struct NulScan {
    matched: usize,
}

impl NulScan {
    fn finds_nul(&mut self, piece: &[u8]) -> bool {
        const ESCAPE: &[u8] = b"\\u0000";
        let mut rest = piece;
        while !rest.is_empty() {
            if self.matched == 0 {
                // The common case: no backslash in sight.
                let Some(at) = rest.iter().position(|&b| b == b'\\') else { return false };
                rest = &rest[at + 1..];
                self.matched = 1;
                continue;
            }
            let byte = rest[0];
            rest = &rest[1..];
            if byte == ESCAPE[self.matched] {
                self.matched += 1;
                if self.matched == ESCAPE.len() {
                    return true;
                }
            } else {
                // After a lone backslash any other byte ends the escape (a second backslash too: it is an escaped one).
                // Further in, a backslash begins the next escape.
                self.matched = usize::from(self.matched > 1 && byte == b'\\');
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use poem::test::TestClient;
    use poem::web::Data;
    use poem::{EndpointExt as _, handler};
    use tokio::sync::Semaphore;

    use super::*;
    use crate::http::catch::Catch;

    #[handler]
    async fn length(body: Vec<u8>) -> String {
        body.len().to_string()
    }

    fn client() -> TestClient<impl Endpoint> {
        let limits = BodyLimits::new(10, BODY_TIME, BodyBudget::new(40)).at("/notes", 20);
        let app = poem::Route::new().at("/notes/:id", poem::post(length)).at("/notesx", poem::post(length));
        TestClient::new(app.at("/small", poem::post(length)).with(limits).with(Catch))
    }

    #[tokio::test]
    async fn a_body_up_to_the_limit_passes_and_one_byte_more_is_413() {
        for (path, limit) in [("/small", 10), ("/notesx", 10), ("/notes/7", 20)] {
            client().post(path).body(vec![b'x'; limit]).send().await.assert_status_is_ok();
            let answer = client().post(path).body(vec![b'x'; limit + 1]).send().await;
            answer.assert_status(poem::http::StatusCode::PAYLOAD_TOO_LARGE);
            answer.json().await.value().object().get("limit").assert_i64(limit as i64);
        }
    }

    #[tokio::test]
    async fn a_stated_length_beyond_the_limit_is_refused_unread() {
        let answer = client().post("/small").header("content-length", "11").body("x").send().await;
        answer.assert_status(poem::http::StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_408() {
        let (reader, _writer) = tokio::io::duplex(8);
        let answer = client().post("/small").body(Body::from_async_read(reader)).send().await;
        answer.assert_status(poem::http::StatusCode::REQUEST_TIMEOUT);
        answer.assert_content_type("application/problem+json");
    }

    #[tokio::test]
    async fn bodies_beyond_the_common_budget_are_told_to_come_again() {
        #[handler]
        async fn wait(Data(gate): Data<&Arc<Semaphore>>, body: Vec<u8>) -> String {
            let _passed = gate.acquire().await;
            body.len().to_string()
        }
        let gate = Arc::new(Semaphore::new(0));
        let limits = BodyLimits::new(20, BODY_TIME, BodyBudget::new(30));
        let app = poem::Route::new().at("/", poem::post(wait)).data(Arc::clone(&gate)).with(limits).with(Catch);
        let client = TestClient::new(app);
        let send = || client.post("/").body(vec![b'x'; 20]).send();
        let (first, ()) = tokio::join!(send(), async {
            let refused = send().await;
            refused.assert_status(poem::http::StatusCode::SERVICE_UNAVAILABLE);
            assert!(refused.0.header("retry-after").is_some());
            gate.add_permits(1);
        });
        first.assert_status_is_ok();
        send().await.assert_status_is_ok();
    }

    #[tokio::test(start_paused = true)]
    async fn bodies_apart_leave_room_and_time_to_the_others() {
        let (reader, _writer) = tokio::io::duplex(8);
        let limits = BodyLimits::new(20, BODY_TIME, BodyBudget::new(20)).apart_at(
            "/auth",
            10,
            ANONYMOUS_TIME,
            BodyBudget::new(10),
        );
        let app = poem::Route::new().at("/auth/login", poem::post(length)).at("/small", poem::post(length));
        let client = TestClient::new(app.with(limits).with(Catch));
        client
            .post("/auth/login")
            .body(vec![b'x'; 11])
            .send()
            .await
            .assert_status(poem::http::StatusCode::PAYLOAD_TOO_LARGE);
        let since = tokio::time::Instant::now();
        let slow = client.post("/auth/login").body(Body::from_async_read(reader)).send().await;
        slow.assert_status(poem::http::StatusCode::REQUEST_TIMEOUT);
        assert_eq!(since.elapsed(), ANONYMOUS_TIME);
        client.post("/small").body(vec![b'x'; 20]).send().await.assert_status_is_ok();
    }

    #[tokio::test]
    async fn nul_is_refused_in_json_alone() {
        let text = r#""\u0000""#;
        let answer = client().post("/small").content_type("application/json").body(text).send().await;
        answer.assert_status(poem::http::StatusCode::BAD_REQUEST);
        client().post("/small").content_type("text/plain").body(text).send().await.assert_status_is_ok();
    }

    fn finds_nul(text: &str) -> bool {
        let whole = NulScan::default().finds_nul(text.as_bytes());
        let mut scan = NulScan::default();
        let by_byte = text.bytes().any(|b| scan.finds_nul(&[b]));
        assert_eq!(whole, by_byte, "{text}: pieces make no difference");
        whole
    }

    #[test]
    fn an_escaped_backslash_before_it_makes_it_harmless() {
        for (text, nul) in [
            (r"\u0000", true),
            (r"a\\\u0000", true),
            (r"\n\u0000", true),
            (r"\u00\u0000", true),
            (r"\u000\u0000", true),
            (r"\\u0000", false),
            (r"\\\\u0000", false),
            (r"\u0001\u000a", false),
            (r"\u000", false),
            (r"u0000", false),
            ("plain", false),
        ] {
            assert_eq!(finds_nul(text), nul, "{text}");
        }
    }
}
