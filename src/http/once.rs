//! Requests that mean one thing, whoever reads them.
//!
//! Two lines of a header that names one thing have two meanings: which one counts would depend on who reads it, a proxy or this
//! server, and whoever can add a line could decide. The same is true of a request that does not say which host it is for
//! (RFC 9112, 3.2). So such a request is refused before anybody looks. What hyper cannot make sense of, it has refused before; for a
//! body whose end is told in two ways see `listeners`.

use poem::http::{HeaderName, Version, header};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};

use crate::error::Error;
use crate::http::auth::ACCOUNT;
use crate::http::host;

/// Each with the name that a refusal shows.
const SINGLE: [(HeaderName, &str); 4] = [
    (header::HOST, "Host"),
    (header::AUTHORIZATION, "Authorization"),
    (HeaderName::from_static("idempotency-key"), "Idempotency-Key"),
    (ACCOUNT, "Inkstone-Account"),
];

/// The layer.
#[derive(Debug, Clone, Copy)]
pub struct Once;

impl<E: Endpoint> Middleware<E> for Once {
    type Output = OnceEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        OnceEndpoint(inner)
    }
}

/// See [`Once`].
#[derive(Debug)]
pub struct OnceEndpoint<E>(E);

impl<E: Endpoint> Endpoint for OnceEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        for (name, shown) in &SINGLE {
            if request.headers().get_all(name).iter().nth(1).is_some() {
                return Err(Error::malformed(*shown, "must be sent once").into());
            }
        }
        if request.version() != Version::HTTP_10 && host::authority(&request).is_none() {
            return Err(Error::malformed("Host", "must be sent").into());
        }
        Ok(self.0.call(request).await?.into_response())
    }
}

#[cfg(test)]
mod tests {
    use poem::test::TestClient;
    use poem::{EndpointExt as _, endpoint};

    use super::*;
    use crate::http::catch::Catch;

    #[tokio::test]
    async fn a_second_line_is_refused_and_a_list_of_other_headers_is_not() {
        let client = TestClient::new(endpoint::make_sync(|_| "x").with(Once).with(Catch));
        for name in ["host", "authorization", "idempotency-key", "inkstone-account"] {
            let get = || if name == "host" { client.get("/") } else { client.get("/").header("host", "a") };
            get().header(name, "a").send().await.assert_status_is_ok();
            let answer = get().header(name, "a").header(name, "a").send().await;
            answer.assert_status(poem::http::StatusCode::BAD_REQUEST);
            assert!(answer.0.into_body().into_string().await.unwrap().contains("must be sent once"));
        }
        client
            .get("/")
            .header("host", "a")
            .header("cookie", "a=b")
            .header("cookie", "c=d")
            .send()
            .await
            .assert_status_is_ok();
    }

    #[tokio::test]
    async fn a_request_names_its_host() {
        let client = TestClient::new(endpoint::make_sync(|_| "x").with(Once).with(Catch));
        client.get("/").send().await.assert_status(poem::http::StatusCode::BAD_REQUEST);
        client.get("http://a/").send().await.assert_status_is_ok();
    }
}
