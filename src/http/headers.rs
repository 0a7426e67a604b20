//! The headers that every answer carries to keep browsers strict.
//!
//! The defaults fit an API: nothing may be loaded, framed or cached. A page brings its own `Content-Security-Policy`, an
//! asset or a note its own `Cache-Control`; what an answer already says is left as it is. What a reader would get wrong:
//! `no-store` is the default on purpose. Back buttons and shared caches must not show notes after signing out.

use poem::http::uri::Scheme;
use poem::http::{HeaderName, HeaderValue, header};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};

use crate::config::PublicUrl;
use crate::http::host;

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
    // For browsers that know no `frame-ancestors`.
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// What a page may use of the device: all that browsers know by name is closed but copying to the clipboard and filling the
/// screen. A name that they do not know is a warning in each visitor's console, so the list keeps to what today's ones know. Only
/// pages have use for it, and it is long; other answers go without it.
const PERMISSIONS: (HeaderName, HeaderValue) = (
    HeaderName::from_static("permissions-policy"),
    HeaderValue::from_static(
        "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), clipboard-write=(self), \
         compute-pressure=(), cross-origin-isolated=(), display-capture=(), encrypted-media=(), fullscreen=(self), \
         gamepad=(), geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), \
         keyboard-map=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), otp-credentials=(), payment=(), \
         picture-in-picture=(), publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), \
         serial=(), storage-access=(), sync-xhr=(), usb=(), window-management=(), xr-spatial-tracking=()",
    ),
);

/// When browsers are told to come back by HTTPS only (RFC 6797).
///
/// Only where HTTPS is known to work, or people would be locked out; and only for a name in the world. For an address browsers
/// ignore it, and for `localhost` it would hold for whatever else runs on any port of that machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hsts {
    /// The public URL begins with `https`.
    Always,
    /// The public URL says otherwise.
    Never,
    /// Nothing is said: when the request itself came over TLS, to a name.
    OverTls,
}

impl Hsts {
    /// As the public URL says, when one is configured.
    pub fn of(public: Option<&PublicUrl>) -> Self {
        match public {
            None => Self::OverTls,
            Some(url) => match url.origin().strip_prefix("https://") {
                Some(authority) if host::is_public_name(authority) => Self::Always,
                _ => Self::Never,
            },
        }
    }

    fn holds(self, request: &Request) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::OverTls => {
                *request.scheme() == Scheme::HTTPS && host::authority(request).is_some_and(host::is_public_name)
            }
        }
    }
}

/// The layer.
#[derive(Debug, Clone, Copy)]
pub struct SecurityHeaders {
    /// When `Strict-Transport-Security` is sent.
    pub hsts: Hsts,
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
    hsts: Hsts,
}

impl<E: Endpoint> Endpoint for SecurityHeadersEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let hsts = self.hsts.holds(&request);
        let mut response = self.inner.call(request).await?.into_response();
        let page = response.content_type().is_some_and(|media_type| media_type.starts_with("text/html"));
        let headers = response.headers_mut();
        for (name, value) in DEFAULTS {
            headers.entry(name).or_insert(value);
        }
        if !headers.contains_key(header::CACHE_CONTROL) {
            let kept =
                if headers.contains_key(header::ETAG) { REVALIDATE } else { HeaderValue::from_static("no-store") };
            headers.insert(header::CACHE_CONTROL, kept);
        }
        if page {
            let (name, value) = PERMISSIONS;
            headers.entry(name).or_insert(value);
        }
        if hsts {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
        }
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use poem::test::TestClient;
    use poem::web::{LocalAddr, RemoteAddr};
    use poem::{Body, EndpointExt as _, RequestParts, Route, handler};

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
            .content_type("text/html; charset=utf-8")
            .header("content-security-policy", "default-src 'self'")
            .header("cache-control", "x")
            .body("")
    }

    fn client(hsts: Hsts) -> TestClient<impl Endpoint> {
        let app = Route::new().at("/api", poem::get(api)).at("/note", poem::get(note)).at("/page", poem::get(page));
        TestClient::new(app.with(SecurityHeaders { hsts }))
    }

    #[tokio::test]
    async fn an_answer_may_not_be_sniffed_framed_or_kept() {
        let answer = client(Hsts::OverTls).get("/api").send().await;
        answer.assert_header("x-content-type-options", "nosniff");
        answer.assert_header("referrer-policy", "no-referrer");
        answer.assert_header("cache-control", "no-store");
        let policy = answer.0.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        answer.assert_header_is_not_exist("strict-transport-security");
    }

    #[tokio::test]
    async fn an_answer_with_a_tag_is_kept_and_asked_again() {
        client(Hsts::OverTls).get("/note").send().await.assert_header("cache-control", "private, no-cache");
    }

    #[tokio::test]
    async fn what_an_answer_says_itself_stands() {
        let answer = client(Hsts::Always).get("/page").send().await;
        answer.assert_header("content-security-policy", "default-src 'self'");
        answer.assert_header("cache-control", "x");
        answer.assert_header("strict-transport-security", "max-age=31536000");
    }

    #[tokio::test]
    async fn a_page_may_copy_and_not_listen_and_a_lone_answer_has_no_use_for_the_list() {
        let answer = client(Hsts::Never).get("/page").send().await;
        let list = answer.0.header("permissions-policy").unwrap();
        for closed in ["camera=()", "microphone=()", "geolocation=()", "clipboard-read=()", "usb=()"] {
            assert!(list.contains(closed), "{closed}");
        }
        for own in ["clipboard-write", "publickey-credentials-create", "publickey-credentials-get"] {
            assert!(list.contains(&format!("{own}=(self)")), "{own}");
        }
        client(Hsts::Never).get("/api").send().await.assert_header_is_not_exist("permissions-policy");
    }

    #[tokio::test]
    async fn browsers_are_held_to_tls_where_a_name_was_reached_over_it() {
        let told = async |scheme: Scheme, host: &str| {
            let app = Route::new().at("/api", poem::get(api)).with(SecurityHeaders { hsts: Hsts::of(None) });
            let (head, ()) = hyper::Request::get("/api").header("host", host).body(()).unwrap().into_parts();
            let parts = RequestParts::from((head, LocalAddr::default(), RemoteAddr::default(), scheme));
            app.get_response(Request::from_parts(parts, Body::empty()))
                .await
                .headers()
                .contains_key("strict-transport-security")
        };
        assert!(told(Scheme::HTTPS, "notes.example.org").await);
        assert!(!told(Scheme::HTTP, "notes.example.org").await, "a proxy may end TLS there, or nobody does");
        for host in ["192.0.2.7:7465", "localhost:7465", "[::1]:7465"] {
            assert!(!told(Scheme::HTTPS, host).await, "{host}");
        }
    }

    #[test]
    fn the_public_url_decides_when_there_is_one() {
        let of = |url: &str| Hsts::of(Some(&PublicUrl::parse(url).unwrap()));
        assert_eq!(of("https://notes.example.org/notes"), Hsts::Always);
        for url in ["http://notes.example.org", "https://localhost:7465", "https://192.0.2.7", "https://[::1]:80"] {
            assert_eq!(of(url), Hsts::Never, "{url}");
        }
    }
}
