//! JSON answers in gzip, for those who ask for it.
//!
//! A page of notes shrinks to a quarter, which is what a phone waits for. Short answers stay as they are: there the header costs
//! what the coding saves. Files of the app are compressed when they are built and do not pass here; event streams neither,
//! because a coder holds back what should arrive now.
//!
//! What a reader would get wrong: the entity tag stays that of the plain form. It names a state of the note, by which a client
//! makes its change conditional (RFC 9110 would have another tag for each coding, for the sake of byte ranges, which the API
//! does not serve). And there is nothing to be learnt from the length of an answer (BREACH): cookies are `SameSite=Strict`, so
//! another site's page cannot have its text reflected beside a secret, and answers that hold tokens are never compressed.

use flate2::Compression;
use poem::http::{HeaderValue, header};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};

use crate::error::Error;
use crate::http::accept_encoding::{Encoding, choose, gzip};

/// Answers shorter than this fit into one packet anyway.
const SHORTEST: usize = 1024;

/// From here on the work is too long for a thread that serves others meanwhile: some 2 ms.
const OWN_THREAD: usize = 128 * 1024;

/// The layer.
#[derive(Debug, Clone, Copy)]
pub struct Compress;

impl<E: Endpoint> Middleware<E> for Compress {
    type Output = CompressEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        CompressEndpoint(inner)
    }
}

/// See [`Compress`].
#[derive(Debug)]
pub struct CompressEndpoint<E>(E);

impl<E: Endpoint> Endpoint for CompressEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let wanted = choose(request.headers(), &[Encoding::Gzip, Encoding::Identity]);
        let mut response = self.0.call(request).await?.into_response();
        if !is_compressible(&response) {
            return Ok(response);
        }
        response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        if wanted != Encoding::Gzip {
            return Ok(response);
        }
        let plain = response.take_body().into_bytes().await?;
        if plain.len() < SHORTEST {
            response.set_body(plain);
            return Ok(response);
        }
        let packed = match plain.len() < OWN_THREAD {
            true => gzip(&plain, Compression::fast()),
            false => {
                tokio::task::spawn_blocking(move || gzip(&plain, Compression::fast())).await.map_err(Error::internal)?
            }
        };
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.set_body(packed.map_err(Error::internal)?);
        Ok(response)
    }
}

/// JSON that holds no token. (Answers with tokens are the ones that nobody may keep.)
fn is_compressible(response: &Response) -> bool {
    let is = |name, wanted: &str| {
        response.headers().get(name).is_some_and(|value| value.as_bytes().starts_with(wanted.as_bytes()))
    };
    is(header::CONTENT_TYPE, "application/json")
        && !is(header::CACHE_CONTROL, "no-store")
        && !response.headers().contains_key(header::SET_COOKIE)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;
    use poem::test::TestClient;
    use poem::{EndpointExt as _, endpoint};

    use super::*;

    async fn ask(
        length: usize,
        content_type: &'static str,
        no_store: bool,
        accept: &str,
    ) -> (Option<String>, Option<String>, Vec<u8>) {
        let inner = endpoint::make_sync(move |_| {
            let answer = Response::builder().content_type(content_type).header("etag", "\"v.1\"");
            let answer = if no_store { answer.header("cache-control", "no-store") } else { answer };
            answer.body("x".repeat(length))
        });
        let mut answer =
            TestClient::new(inner.with(Compress)).get("/").header("accept-encoding", accept).send().await.0;
        assert_eq!(answer.header("etag"), Some("\"v.1\""));
        let header = |name: &str| answer.header(name).map(str::to_owned);
        let (coding, vary) = (header("content-encoding"), header("vary"));
        (coding, vary, answer.take_body().into_vec().await.unwrap())
    }

    #[tokio::test]
    async fn long_json_is_packed_for_those_who_ask() {
        for length in [SHORTEST, 3 * OWN_THREAD] {
            let (coding, vary, body) = ask(length, "application/json; charset=utf-8", false, "br, gzip").await;
            assert_eq!((coding.as_deref(), vary.as_deref()), (Some("gzip"), Some("Accept-Encoding")));
            let mut plain = String::new();
            GzDecoder::new(body.as_slice()).read_to_string(&mut plain).unwrap();
            assert_eq!(plain.len(), length);
        }
    }

    #[tokio::test]
    async fn what_is_short_or_not_asked_for_or_holds_tokens_or_is_no_json_stays_plain() {
        for (length, content_type, no_store, accept) in [
            (SHORTEST - 1, "application/json", false, "gzip"),
            (SHORTEST, "application/json", false, "br"),
            (SHORTEST, "application/json", true, "gzip"),
            (SHORTEST, "text/event-stream", false, "gzip"),
        ] {
            let (coding, _, body) = ask(length, content_type, no_store, accept).await;
            assert_eq!((coding, body.len()), (None, length), "{content_type} {accept}");
        }
    }
}
