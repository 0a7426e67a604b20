//! A resource that can only be read: GET and HEAD pass, every other method hears which there are.

use poem::http::Method;
use poem::{Endpoint, IntoEndpoint, IntoResponse, Request, Response, Result};

use crate::http::problem::Problem;

/// See the module. poem's own `get` leaves out the `Allow` that RFC 9110 wants in a 405.
#[derive(Debug, Clone)]
pub struct ReadOnly<E>(E);

/// Wraps an endpoint that answers GET. HEAD gets the same answer; `http::listeners` leaves the body out and keeps its length.
pub fn read_only<E: IntoEndpoint>(endpoint: E) -> ReadOnly<E::Endpoint> {
    ReadOnly(endpoint.into_endpoint())
}

impl<E: Endpoint> Endpoint for ReadOnly<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        match *request.method() {
            Method::GET | Method::HEAD => Ok(self.0.call(request).await?.into_response()),
            _ => Err(Problem::method_not_allowed("GET, HEAD").into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use poem::test::TestClient;
    use poem::{EndpointExt as _, endpoint};

    use super::*;
    use crate::http::catch::Catch;

    #[tokio::test]
    async fn reading_passes_and_anything_else_is_405_with_allow() {
        let client = TestClient::new(read_only(endpoint::make_sync(|_| "x")).with(Catch));
        client.get("/").send().await.assert_status_is_ok();
        client.head("/").send().await.assert_status_is_ok();
        let answer = client.post("/").send().await;
        answer.assert_status(poem::http::StatusCode::METHOD_NOT_ALLOWED);
        answer.assert_header("allow", "GET, HEAD");
    }
}
