//! Pages of other sites that may use the API (CORS): those of the origins that the settings list, and without such a list nobody's.
//!
//! Owns the answer to a browser's question beforehand (preflight) and the headers by which it shows an answer to such a page. They
//! may use Bearer tokens alone: no answer allows credentials, so browsers send no cookie along and show no answer to a request
//! that has one. What signs in stays closed to them (`http::origin`): a page takes an API key, which its owner can take back.
//!
//! What a reader would get wrong: this grants and never refuses. What a page that is not listed sends is answered as ever, without
//! these headers; that it changes nothing is `http::origin`'s.

use std::sync::Arc;

use poem::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};

use crate::config::WebOrigin;

/// What requests of the API use, over what every page may send.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PATCH, DELETE");
/// See [`METHODS`].
const REQUEST_HEADERS: HeaderValue = HeaderValue::from_static(
    "authorization, content-type, if-match, if-none-match, idempotency-key, last-event-id, x-request-id",
);
/// Headers of answers that scripts may read, over what they may read of any answer.
const ANSWER_HEADERS: HeaderValue = HeaderValue::from_static(
    "etag, location, inkstone-change, retry-after, ratelimit, ratelimit-policy, www-authenticate, x-request-id, \
     content-disposition, allow",
);
/// Seconds for which a browser may remember that it has asked.
const REMEMBERED: HeaderValue = HeaderValue::from_static("600");

/// The layer. Belongs around everything that answers, so that a page can read problems, too.
#[derive(Debug, Clone)]
pub struct Cors {
    /// Whose pages.
    pub origins: Arc<[WebOrigin]>,
    /// The path that everything of the API begins with.
    pub below: String,
}

impl<E: Endpoint> Middleware<E> for Cors {
    type Output = CorsEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        CorsEndpoint { inner, layer: self.clone() }
    }
}

/// See [`Cors`].
#[derive(Debug)]
pub struct CorsEndpoint<E> {
    inner: E,
    layer: Cors,
}

impl<E: Endpoint> Endpoint for CorsEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let Cors { origins, below } = &self.layer;
        if origins.is_empty() || !request.uri().path().starts_with(below.as_str()) {
            return Ok(self.inner.call(request).await?.into_response());
        }
        let origin = request.headers().get(header::ORIGIN).filter(|sent| is_listed(origins, sent)).cloned();
        let mut response = match is_preflight(&request) && origin.is_some() {
            true => allowed(),
            false => self.inner.call(request).await?.into_response(),
        };
        let headers = response.headers_mut();
        // Whatever is kept of it between here and the page: it would be another one for another page.
        headers.append(header::VARY, HeaderValue::from_static("origin"));
        if let Some(origin) = origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, ANSWER_HEADERS);
        }
        Ok(response)
    }
}

fn is_listed(origins: &[WebOrigin], sent: &HeaderValue) -> bool {
    origins.iter().any(|origin| origin.as_str().as_bytes() == sent.as_bytes())
}

/// Whether a browser asks what a page may send, before it sends it (Fetch, 3.3.2).
fn is_preflight(request: &Request) -> bool {
    *request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn allowed() -> Response {
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS),
        (header::ACCESS_CONTROL_MAX_AGE, REMEMBERED),
    ];
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().extend(HeaderMap::from_iter(headers));
    response
}
