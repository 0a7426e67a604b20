//! The page that the app lives in: the built `index.html`, filled in for each answer.
//!
//! `__BASE__` becomes the path that the server is reached under, `__NONCE__` 128 random bits that the page's policy names too:
//! what does not carry them does not run. `'strict-dynamic'` hands their trust on to what the app's own scripts load, its
//! imports and preloads among them; a worker does not inherit it, so `worker-src` names the place.
//!
//! What a reader would get wrong: the page holds nothing of anybody, and is `no-store` all the same. A browser keeps no page of
//! that kind for its back button, so that after signing out nobody finds the notes that stood in it; and no nonce comes
//! twice. Without a network the service worker brings the page, from a store that these rules do not reach.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use poem::http::{HeaderMap, HeaderValue, header};
use poem::{Response, Result};

use crate::clock::Ids;
use crate::error::Error;
use crate::http::accept_encoding::{Encoding, choose, gzip};
use crate::http::placeholder::escape;

/// The template, cut where the nonce goes.
#[derive(Debug)]
pub(super) struct Shell(Vec<String>);

impl Shell {
    /// `prefix` is empty, or a path such as `/notes`.
    pub(super) fn new(template: &str, prefix: &str) -> Self {
        Self(template.replace("__BASE__", &escape(prefix)).split("__NONCE__").map(str::to_owned).collect())
    }

    pub(super) fn answer(&self, headers: &HeaderMap, ids: &Ids) -> Result<Response> {
        let nonce = URL_SAFE_NO_PAD.encode(ids.bytes::<16>());
        let page = self.0.join(&nonce).into_bytes();
        let encoding = choose(headers, &[Encoding::Gzip, Encoding::Identity]);
        let page = if encoding == Encoding::Gzip {
            gzip(&page, Compression::default()).map_err(Error::internal)?
        } else {
            page
        };
        let policy = HeaderValue::try_from(policy(&nonce)).map_err(Error::internal)?;
        let mut response = Response::builder()
            .content_type("text/html; charset=utf-8")
            .header(header::CONTENT_SECURITY_POLICY, policy)
            .header(header::CACHE_CONTROL, "no-store")
            .header(header::VARY, "Accept-Encoding");
        if let Some(encoding) = encoding.header() {
            response = response.header(header::CONTENT_ENCODING, encoding);
        }
        Ok(response.body(page))
    }
}

/// Trusted Types: text becomes markup through the app's two policies and in no other way.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
         form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; \
         trusted-types inkstone dompurify"
    )
}
