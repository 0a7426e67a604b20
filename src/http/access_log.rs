//! The outermost layer: gives a request its id, measures it, writes its access line and reports it for metrics.
//!
//! One line per request goes to `tracing` under the target `access`, at the end of the answer's head: a stream that is still
//! running then is not waited for. The path is logged without its query, because queries hold search words and set-up
//! tokens. What a reader would get wrong: the user is known only inside, after the credential was checked; so the layer puts
//! an empty [`Who`] into the request, and the extractor that learns the user writes it there.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use http_body_util::combinators::BoxBody;
use hyper::body::{Body as _, Bytes};
use poem::http::{Method, StatusCode};
use poem::{Body, Endpoint, IntoResponse, Middleware, PathPattern, Request, Response, Result};
use tracing::Instrument as _;

use crate::caller::UserId;
use crate::clock::Ids;
use crate::http::client_address;
use crate::http::request_id::{self, RequestId};

/// Bytes of a path that a line shows; the longest that leads anywhere, without escapes, has some 120.
const PATH_BYTES: usize = 512;

/// The place in a request where the extractor that learns the user writes it for the access line.
#[derive(Debug, Clone, Default)]
pub struct Who(Arc<OnceLock<UserId>>);

impl Who {
    /// States whose request it is.
    pub fn note(request: &Request, user: UserId) {
        if let Some(who) = request.data::<Self>() {
            // A second extractor of the same request finds the same user.
            let _ = who.0.set(user);
        }
    }
}

/// What is known of a request when its answer's head is ready.
#[derive(Debug, Clone)]
pub struct Observed {
    /// The method.
    pub method: Method,
    /// The route's pattern (`/api/v1/notes/:param0`), never the path itself: a bounded set, fit for a metric's label.
    pub operation: Option<Arc<str>>,
    /// The status of the answer.
    pub status: StatusCode,
    /// From the first byte that we saw of the request to the answer's head.
    pub duration: Duration,
    /// The length of the answer's body when it is known beforehand.
    pub bytes: Option<u64>,
}

/// Is told of every request; must be quick.
pub type Observer = Arc<dyn Fn(&Observed) + Send + Sync>;

/// The layer.
#[derive(Clone)]
pub struct AccessLog {
    ids: Ids,
    observer: Observer,
}

impl std::fmt::Debug for AccessLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccessLog")
    }
}

impl AccessLog {
    /// Takes ids from `ids` and tells `observer` of every request.
    pub fn new(ids: Ids, observer: Observer) -> Self {
        Self { ids, observer }
    }
}

impl<E: Endpoint> Middleware<E> for AccessLog {
    type Output = AccessLogEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        AccessLogEndpoint { inner, layer: self.clone() }
    }
}

/// See [`AccessLog`].
#[derive(Debug)]
pub struct AccessLogEndpoint<E> {
    inner: E,
    layer: AccessLog,
}

impl<E: Endpoint> Endpoint for AccessLogEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let begun = Instant::now();
        let id = RequestId::of(request.headers(), &self.layer.ids);
        let who = Who::default();
        request.set_data(id.clone());
        request.set_data(who.clone());
        let method = request.method().clone();
        // Cheap: both are shared with the request.
        let uri = request.uri().clone();
        let remote = client_address::of(&request);

        // At the highest level, so that whatever is logged inside carries the id at every setting.
        let span = tracing::error_span!("request", request_id = %id);
        let answer = self.inner.call(request).instrument(span).await;
        let mut response = answer.map_or_else(|error| error.into_response(), IntoResponse::into_response);

        let observed = Observed {
            method,
            operation: response.data::<PathPattern>().map(|pattern| pattern.0.clone()),
            status: response.status(),
            duration: begun.elapsed(),
            bytes: body_length(&mut response),
        };
        (self.layer.observer)(&observed);
        tracing::info!(
            target: "access",
            method = observed.method.as_str(),
            path = shortened(uri.path()),
            status = observed.status.as_u16(),
            micros = observed.duration.as_micros() as u64,
            bytes = observed.bytes,
            remote = remote.map(tracing::field::display),
            user = who.0.get().map(tracing::field::display),
            request_id = %id,
        );
        if let Some(value) = id.header() {
            response.headers_mut().insert(request_id::HEADER, value);
        }
        Ok(response)
    }
}

/// As much of a path as a line needs; a path is ASCII, and as long as its sender likes.
fn shortened(path: &str) -> &str {
    &path[..path.floor_char_boundary(PATH_BYTES)]
}

/// The length that the body states. poem hides it, so the body is taken out and put back, which moves one pointer.
fn body_length(response: &mut Response) -> Option<u64> {
    let body: BoxBody<Bytes, std::io::Error> = response.take_body().into();
    let length = body.size_hint().exact();
    response.set_body(Body::from(body));
    length
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use poem::test::TestClient;
    use poem::{EndpointExt as _, Route, handler};
    use uuid::Uuid;

    use super::*;

    #[handler]
    fn note(request: &Request) -> &'static str {
        Who::note(request, UserId(Uuid::nil()));
        "four"
    }

    #[handler]
    fn broken() -> Result<()> {
        Err(StatusCode::IM_A_TEAPOT.into())
    }

    fn client() -> (TestClient<impl Endpoint>, Arc<Mutex<Vec<Observed>>>) {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let observer = {
            let seen = seen.clone();
            Arc::new(move |o: &Observed| seen.lock().unwrap().push(o.clone()))
        };
        let app = Route::new().at("/notes/:id", poem::get(note)).at("/broken", poem::get(broken));
        (TestClient::new(app.with(AccessLog::new(Ids::system(), observer))), seen)
    }

    #[tokio::test]
    async fn every_answer_carries_its_request_id() {
        let (client, _) = client();
        let answer = client.get("/notes/7").send().await;
        assert_eq!(answer.0.header("x-request-id").unwrap().len(), 36);
        let answer = client.get("/broken").header("x-request-id", "mine").send().await;
        answer.assert_header("x-request-id", "mine");
        answer.assert_status(StatusCode::IM_A_TEAPOT);
    }

    #[test]
    fn a_line_does_not_grow_with_the_path() {
        assert_eq!(shortened("/notes/7"), "/notes/7");
        assert_eq!(shortened(&"/a".repeat(30_000)).len(), PATH_BYTES);
    }

    #[tokio::test]
    async fn the_observer_hears_the_route_and_not_the_path() {
        let (client, seen) = client();
        client.get("/notes/secret?q=secret").send().await;
        let seen = seen.lock().unwrap();
        assert_eq!(seen[0].operation.as_deref(), Some("/notes/:id"));
        assert_eq!((seen[0].status, seen[0].bytes), (StatusCode::OK, Some(4)));
    }
}
