//! Where a request was started: by one of our own pages, by somebody else's, or by a program.
//!
//! Owns the rule that protects people from other sites' pages (CSRF). [`OwnPages`] is around everything: a changing request of
//! [`Origin::Foreign`] is refused, whatever route it is for and whoever sends it, unless it names a Bearer token, which no page can
//! be made to send by accident. `http::auth` wants more of a cookie: there a changing request must be [`Origin::Own`]. An endpoint
//! that sets cookies refuses [`Origin::Foreign`] with a token, too.
//!
//! `Sec-Fetch-Site` decides when it is there: browsers send it and no page can write it. Only `same-origin` is ours.
//! `same-site` is another host under the same domain, which others may run. `none` means that no page started the request
//! (address bar, bookmark); that happens for GET alone, so a changing request that says `none` comes from an extension or
//! from somebody who fakes it, and neither gets the cookie's rights. Browsers leave the header out on plain HTTP to anything
//! but loopback; there `Origin` decides.

use poem::http::{HeaderMap, Method, Uri, header};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};
use url::Url;

use crate::error::{Error, Forbidden, Result};
use crate::http::auth;

/// Who started a request, as far as the browser tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// One of this server's own pages.
    Own,
    /// Something else in a browser.
    Foreign,
    /// The request does not say: a program, or a very old browser.
    Unstated,
}

impl Origin {
    /// Reads the request's headers. `public` is the server's public URL when one is configured; without it the request's own
    /// `Host` is taken, which needs a proxy to pass it on unchanged.
    pub fn of(headers: &HeaderMap, uri: &Uri, public: Option<&Url>) -> Self {
        if let Some(site) = headers.get("sec-fetch-site") {
            return if site == "same-origin" { Self::Own } else { Self::Foreign };
        }
        let Some(origin) = headers.get(header::ORIGIN) else { return Self::Unstated };
        // `null` (a sandboxed page, a redirect) is no URL and so nobody's.
        let Some(origin) = origin.to_str().ok().and_then(|text| Url::parse(text).ok()) else { return Self::Foreign };
        let own = match public {
            Some(public) => origin.origin() == public.origin(),
            None => names_host(&origin, headers, uri),
        };
        if own { Self::Own } else { Self::Foreign }
    }
}

/// Refuses a changing request that authenticates by cookie unless one of our own pages started it.
pub fn guard_cookie(method: &Method, headers: &HeaderMap, uri: &Uri, public: Option<&Url>) -> Result<()> {
    if method.is_safe() {
        return Ok(());
    }
    match Origin::of(headers, uri, public) {
        Origin::Own => Ok(()),
        Origin::Foreign | Origin::Unstated => Err(Error::Forbidden(Forbidden::CrossSite)),
    }
}

/// Refuses a request to an endpoint that sets cookies when another site's page started it: otherwise that page could sign
/// its visitor in to an account of its choice. Programs, which state no origin, may sign in.
pub fn guard_sign_in(headers: &HeaderMap, uri: &Uri, public: Option<&Url>) -> Result<()> {
    match Origin::of(headers, uri, public) {
        Origin::Own | Origin::Unstated => Ok(()),
        Origin::Foreign => Err(Error::Forbidden(Forbidden::CrossSite)),
    }
}

/// The layer. Belongs around every route, so that none can be without it.
#[derive(Debug, Clone)]
pub struct OwnPages {
    /// The server's public URL.
    pub public: Option<Url>,
}

impl<E: Endpoint> Middleware<E> for OwnPages {
    type Output = OwnPagesEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        OwnPagesEndpoint { inner, layer: self.clone() }
    }
}

/// See [`OwnPages`].
#[derive(Debug)]
pub struct OwnPagesEndpoint<E> {
    inner: E,
    layer: OwnPages,
}

impl<E: Endpoint> Endpoint for OwnPagesEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if !request.method().is_safe() && !auth::names_token(&request) {
            guard_sign_in(request.headers(), request.uri(), self.layer.public.as_ref())?;
        }
        Ok(self.inner.call(request).await?.into_response())
    }
}

/// Whether the origin names the host that the request was sent to. The scheme is left out of it: behind a proxy that ends
/// TLS we cannot know it. An absent port is the scheme's own.
fn names_host(origin: &Url, headers: &HeaderMap, uri: &Uri) -> bool {
    // HTTP/2 sends `:authority`, which arrives in the URI.
    let sent_to = match uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => headers.get(header::HOST).and_then(|host| host.to_str().ok()),
    };
    let Some(host) = sent_to.and_then(|host| Url::parse(&format!("{}://{host}", origin.scheme())).ok()) else {
        return false;
    };
    matches!(origin.scheme(), "http" | "https") && origin.origin() == host.origin()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(public: Option<&str>, lines: &[(&'static str, &str)]) -> Origin {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        let public = public.map(|url| Url::parse(url).unwrap());
        Origin::of(&headers, &Uri::from_static("/api/v1/notes"), public.as_ref())
    }

    #[test]
    fn the_browsers_own_word_decides() {
        assert_eq!(origin(None, &[("sec-fetch-site", "same-origin")]), Origin::Own);
        for site in ["cross-site", "same-site", "none", "", "Same-Origin"] {
            let lines = [("sec-fetch-site", site), ("origin", "http://a.example"), ("host", "a.example")];
            assert_eq!(origin(None, &lines), Origin::Foreign, "{site:?}");
        }
    }

    #[test]
    fn without_it_the_origin_must_be_the_public_one() {
        let public = Some("https://notes.example/sub/path");
        assert_eq!(origin(public, &[("origin", "https://notes.example")]), Origin::Own);
        assert_eq!(origin(public, &[("origin", "https://notes.example:443")]), Origin::Own);
        for other in ["http://notes.example", "https://notes.example:444", "https://evil.example", "null", "", "x"] {
            let lines = [("origin", other), ("host", "evil.example")];
            assert_eq!(origin(public, &lines), Origin::Foreign, "{other:?}");
        }
    }

    #[test]
    fn or_name_the_host_that_the_request_was_sent_to() {
        let at = |origin_header, host| origin(None, &[("origin", origin_header), ("host", host)]);
        assert_eq!(at("http://192.0.2.7:7465", "192.0.2.7:7465"), Origin::Own);
        assert_eq!(at("https://notes.lan", "notes.lan"), Origin::Own);
        assert_eq!(at("https://Notes.lan", "notes.LAN:443"), Origin::Own);
        assert_eq!(at("http://[::1]:7465", "[::1]:7465"), Origin::Own);
        assert_eq!(at("http://notes.lan:8080", "notes.lan"), Origin::Foreign);
        assert_eq!(at("http://evil.example", "notes.lan"), Origin::Foreign);
        assert_eq!(at("chrome-extension://abcdef", "abcdef"), Origin::Foreign);
        assert_eq!(origin(None, &[("origin", "http://notes.lan")]), Origin::Foreign, "no host to compare with");
    }

    #[test]
    fn http2_names_the_host_in_the_uri() {
        let headers = HeaderMap::from_iter([(header::ORIGIN, "https://notes.lan".parse().unwrap())]);
        assert_eq!(Origin::of(&headers, &Uri::from_static("https://notes.lan/api"), None), Origin::Own);
        assert_eq!(Origin::of(&headers, &Uri::from_static("https://evil.lan/api"), None), Origin::Foreign);
    }

    #[test]
    fn a_cookie_needs_our_own_page_to_change_anything() {
        let uri = Uri::from_static("/");
        let foreign = HeaderMap::from_iter([("sec-fetch-site".parse().unwrap(), "cross-site".parse().unwrap())]);
        let silent = HeaderMap::new();
        assert!(guard_cookie(&Method::GET, &foreign, &uri, None).is_ok());
        assert!(guard_cookie(&Method::POST, &foreign, &uri, None).is_err());
        assert!(guard_cookie(&Method::DELETE, &silent, &uri, None).is_err());
        assert!(guard_sign_in(&silent, &uri, None).is_ok(), "a program may sign in");
        assert!(guard_sign_in(&foreign, &uri, None).is_err());
    }
}
