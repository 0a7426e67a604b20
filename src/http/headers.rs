//! The headers that every answer carries to keep browsers strict.
//!
//! The defaults fit an API: nothing may be loaded, framed or cached. A page brings its own `Content-Security-Policy`, an
//! asset or a note its own `Cache-Control`; what an answer already says is left as it is. What a reader would get wrong:
//! `no-store` is the default on purpose. Back buttons and shared caches must not show notes after signing out.

use poem::http::{HeaderName, HeaderValue, header};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};

/// For answers with an `ETag`: kept by the browser alone and asked again before each use.
pub const REVALIDATE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// For files whose name changes with their content.
pub const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

const DEFAULTS: [(HeaderName, HeaderValue); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ),
];

/// The layer.
#[derive(Debug, Clone, Copy)]
pub struct SecurityHeaders {
    /// Whether browsers are told to come back by HTTPS only: when the public URL says `https`, and never otherwise, because
    /// a server that is reached without TLS would lock its users out.
    pub hsts: bool,
}

impl<E: Endpoint> Middleware<E> for SecurityHeaders {
    type Output = SecurityHeadersEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        SecurityHeadersEndpoint { inner, hsts: self.hsts }
    }
}

/// See [`SecurityHeaders`].
#[derive(Debug)]
pub struct SecurityHeadersEndpoint<E> {
    inner: E,
    hsts: bool,
}

impl<E: Endpoint> Endpoint for SecurityHeadersEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let mut response = self.inner.call(request).await?.into_response();
        let headers = response.headers_mut();
        for (name, value) in DEFAULTS {
            headers.entry(name).or_insert(value);
        }
        if !headers.contains_key(header::CACHE_CONTROL) {
            let kept =
                if headers.contains_key(header::ETAG) { REVALIDATE } else { HeaderValue::from_static("no-store") };
            headers.insert(header::CACHE_CONTROL, kept);
        }
        if self.hsts {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
        }
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use poem::test::TestClient;
    use poem::{EndpointExt as _, Route, handler};

    use super::*;

    #[handler]
    fn api() -> &'static str {
        "{}"
    }

    #[handler]
    fn note() -> Response {
        Response::builder().header("etag", "\"a.1\"").body("{}")
    }

    #[handler]
    fn page() -> Response {
        Response::builder()
            .header("content-security-policy", "default-src 'self'")
            .header("cache-control", "x")
            .body("")
    }

    fn client(hsts: bool) -> TestClient<impl Endpoint> {
        let app = Route::new().at("/api", poem::get(api)).at("/note", poem::get(note)).at("/page", poem::get(page));
        TestClient::new(app.with(SecurityHeaders { hsts }))
    }

    #[tokio::test]
    async fn an_answer_may_not_be_sniffed_framed_or_kept() {
        let answer = client(false).get("/api").send().await;
        answer.assert_header("x-content-type-options", "nosniff");
        answer.assert_header("referrer-policy", "no-referrer");
        answer.assert_header("cache-control", "no-store");
        let policy = answer.0.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        answer.assert_header_is_not_exist("strict-transport-security");
    }

    #[tokio::test]
    async fn an_answer_with_a_tag_is_kept_and_asked_again() {
        client(false).get("/note").send().await.assert_header("cache-control", "private, no-cache");
    }

    #[tokio::test]
    async fn what_an_answer_says_itself_stands() {
        let answer = client(true).get("/page").send().await;
        answer.assert_header("content-security-policy", "default-src 'self'");
        answer.assert_header("cache-control", "x");
        answer.assert_header("strict-transport-security", "max-age=31536000");
    }
}
