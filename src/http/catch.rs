//! Turns whatever goes wrong on the way to an answer into a problem.
//!
//! Owns the reading of foreign errors: those of poem and poem-openapi, a body given up on its way, a panic. Our own
//! [`Error`]s and [`Problem`]s pass through `http::problem`. This is the one place where a 500 is logged; the span
//! around it (`http::access_log`) carries the request's id. What a reader would get wrong: an error that an endpoint *returns as its answer* (`Ok`) is not looked at; pages bring
//! their own.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use poem::error as theirs;
use poem::http::StatusCode;
use poem::{Endpoint, IntoResponse, Middleware, PathPattern, Request, Response, Result};
use poem_openapi::error as openapi;

use crate::error::{Error, FieldError, Forbidden, Unauthenticated};
use crate::http::limits::BodyFault;
use crate::http::problem::{Kind, Problem};

/// The layer.
#[derive(Debug, Clone, Copy)]
pub struct Catch;

impl<E: Endpoint> Middleware<E> for Catch {
    type Output = CatchEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        CatchEndpoint(inner)
    }
}

/// See [`Catch`].
#[derive(Debug)]
pub struct CatchEndpoint<E>(E);

impl<E: Endpoint> Endpoint for CatchEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        // `*` and the `host:port` of CONNECT are no paths; poem's router would panic on them.
        if !request.uri().path().starts_with('/') {
            return Ok(Problem::new(Kind::MalformedRequest, "The request names no path.").into_response());
        }
        let mut answer = pin!(self.0.call(request));
        let answer = std::future::poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(cx))) {
            Ok(Poll::Ready(answer)) => Poll::Ready(Ok(answer)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(panic) => Poll::Ready(Err(panic)),
        });
        let error = match answer.await {
            Ok(Ok(answer)) => return Ok(answer.into_response()),
            Ok(Err(error)) => error,
            Err(panic) => {
                tracing::error!(panic = message(&*panic), "an endpoint panicked");
                return Ok(Problem::internal().into_response());
            }
        };
        let pattern = error.data::<PathPattern>().cloned();
        let mut response = match problem(&error) {
            Some(problem) => {
                if problem.kind() == Kind::InternalError {
                    tracing::error!(error = %error, "a request failed");
                }
                problem.into_response()
            }
            None => error.into_response(),
        };
        if let Some(pattern) = pattern {
            response.set_data(pattern);
        }
        Ok(response)
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (None, Some(text)) => text,
        (None, None) => "no message",
    }
}

/// What an error tells; `None` when it carries an answer of its own (a redirect thrown as an error, for instance).
fn problem(error: &poem::Error) -> Option<Problem> {
    if let Some(ours) = error.downcast_ref::<Problem>() {
        return Some(ours.clone());
    }
    if let Some(ours) = error.downcast_ref::<Error>() {
        return Some(ours.into());
    }
    if let Some(fault) = BodyFault::of(error) {
        return Some(given_up(fault));
    }
    from_openapi(error).or_else(|| from_poem(error)).or_else(|| {
        // Made of a bare status or of a response.
        (!error.is_from_response()).then(|| from_status(error))
    })
}

fn given_up(fault: BodyFault) -> Problem {
    match fault {
        BodyFault::TooLarge(limit) => Error::TooLarge { limit }.into(),
        BodyFault::TooSlow => Problem::new(Kind::RequestTimeout, "The body did not arrive in time."),
        BodyFault::NoRoom => {
            Error::Busy { what: "memory for large requests", retry_after: Duration::from_secs(1) }.into()
        }
        BodyFault::Nul => Error::malformed("body", "must not hold U+0000").into(),
    }
}

/// What to say when reading a body failed: for an endpoint that reads it piece by piece.
pub fn body_failed(why: &std::io::Error) -> Problem {
    BodyFault::of(why).map_or_else(|| Error::malformed("body", "broke off").into(), given_up)
}

fn from_openapi(error: &poem::Error) -> Option<Problem> {
    if let Some(e) = error.downcast_ref::<openapi::ParseParamError>() {
        return Some(Error::malformed(e.name, reason(&e.reason)).into());
    }
    if error.is::<openapi::ParsePathError>() {
        // No such thing can exist under a path that holds no id.
        return Some(Error::NotFound("resource").into());
    }
    if let Some(e) = error.downcast_ref::<openapi::ParseRequestPayloadError>() {
        return Some(payload(&e.reason));
    }
    if let Some(e) = error.downcast_ref::<openapi::ParseMultipartError>() {
        return Some(payload(&e.reason));
    }
    if let Some(e) = error.downcast_ref::<openapi::ContentTypeError>() {
        return Some(match e {
            openapi::ContentTypeError::NotSupported { .. } => unsupported_media_type(),
            openapi::ContentTypeError::ExpectContentType => unsupported_media_type(),
        });
    }
    error.is::<openapi::AuthorizationError>().then(|| Error::Unauthenticated(Unauthenticated::Missing).into())
}

fn from_poem(error: &poem::Error) -> Option<Problem> {
    if error.is::<theirs::NotFoundError>() || error.is::<theirs::ParsePathError>() {
        return Some(Error::NotFound("resource").into());
    }
    if error.is::<theirs::MethodNotAllowedError>() {
        return Some(Problem::new(Kind::MethodNotAllowed, "The resource does not have this method."));
    }
    if let Some(e) = error.downcast_ref::<theirs::ParseQueryError>() {
        return Some(Error::malformed("query", e.to_string()).into());
    }
    if let Some(e) = error.downcast_ref::<theirs::ReadBodyError>() {
        return Some(match e {
            theirs::ReadBodyError::BodyHasBeenTaken => Problem::internal(),
            theirs::ReadBodyError::Utf8(_) => Error::malformed("body", "must be UTF-8").into(),
            theirs::ReadBodyError::PayloadTooLarge => Problem::new(Kind::TooLarge, "The body is too large."),
            // The client went away or broke the transfer encoding; nobody reads this answer.
            theirs::ReadBodyError::Io(_) => Error::malformed("body", "must be complete").into(),
        });
    }
    if let Some(e) = error.downcast_ref::<theirs::ParseJsonError>() {
        return Some(match e {
            theirs::ParseJsonError::Parse(e) => Error::malformed("body", e.to_string()).into(),
            theirs::ParseJsonError::InvalidContentType(_) | theirs::ParseJsonError::ContentTypeRequired => {
                unsupported_media_type()
            }
        });
    }
    if let Some(e) = error.downcast_ref::<theirs::ParseTypedHeaderError>() {
        return Some(Error::malformed("header", e.to_string()).into());
    }
    None
}

/// What is left has a status and words for programmers, which stay out of the answer.
fn from_status(error: &poem::Error) -> Problem {
    match error.status() {
        StatusCode::UNAUTHORIZED => Error::Unauthenticated(Unauthenticated::Missing).into(),
        StatusCode::FORBIDDEN => Error::Forbidden(Forbidden::Role).into(),
        StatusCode::NOT_FOUND => Error::NotFound("resource").into(),
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::new(Kind::MethodNotAllowed, "The resource does not have this method.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Kind::TooLarge, "The body is too large."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => unsupported_media_type(),
        StatusCode::SERVICE_UNAVAILABLE => Error::ShuttingDown.into(),
        status if status.is_client_error() => Error::malformed("request", "cannot be read").into(),
        _ => Problem::internal(),
    }
}

fn unsupported_media_type() -> Problem {
    Problem::new(Kind::UnsupportedMediaType, "Send the body as application/json.")
}

/// poem-openapi says of a body what it is called in the code; the words that a client can use are inside.
pub(super) fn payload(text: &str) -> Problem {
    if let Some((field, rule)) = quoted(text, "field `", "` verification failed. ") {
        return Problem::fields(Kind::InvalidRequest, vec![FieldError { field, detail: rule }]);
    }
    if let Some((field, _)) = quoted(text, "unknown field `", "`") {
        return Error::malformed(field, "no such member").into();
    }
    if let Some((field, _)) = quoted(text, "properties `", "` is read only") {
        return Error::malformed(field, "cannot be set").into();
    }
    Error::malformed("body", reason(text)).into()
}

/// The text between `before` and `after`, and what follows.
fn quoted(text: &str, before: &str, after: &str) -> Option<(String, String)> {
    let (_, rest) = text.split_once(before)?;
    let (inside, rest) = rest.split_once(after)?;
    Some((inside.to_owned(), without_trail(rest).to_owned()))
}

fn without_trail(text: &str) -> &str {
    text.split(" (occurred while").next().unwrap_or_default()
}

/// The reason without the names of our types and without the value that came, which may be long or a password:
/// `failed to parse "NoteId": invalid length (occurred while …)`, `Expected input type "string", found 7.`.
fn reason(text: &str) -> String {
    if text.starts_with("Expected input type") {
        return "has the wrong type".to_owned();
    }
    if text.contains("expects an input value") {
        return "is required".to_owned();
    }
    let text = without_trail(text);
    let text = match text.strip_prefix("failed to parse \"") {
        Some(rest) => rest.split_once("\": ").map_or(text, |(_, reason)| reason),
        None => text,
    };
    text.strip_prefix("verification failed. ").unwrap_or(text).trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use poem::test::{TestClient, TestResponse};
    use poem::{EndpointExt as _, Route, handler};
    use poem_openapi::param::{Path, Query};
    use poem_openapi::payload::Json;
    use poem_openapi::types::Example;
    use poem_openapi::{Object, OpenApi, OpenApiService};
    use uuid::Uuid;

    use super::*;
    use crate::http::page::Limit;

    #[derive(Object)]
    #[oai(deny_unknown_fields)]
    struct New {
        #[oai(validator(max_length = 5))]
        title: String,
        count: Option<u32>,
    }

    impl Example for New {
        fn example() -> Self {
            Self { title: "a".into(), count: None }
        }
    }

    struct Api;

    #[OpenApi]
    impl Api {
        #[oai(path = "/notes", method = "post")]
        async fn create(&self, body: Json<New>) -> Result<()> {
            let _ = (&body.title, body.count);
            Ok(())
        }

        #[oai(path = "/notes", method = "get")]
        async fn list(&self, limit: Query<Limit>) -> Result<()> {
            let _ = limit.0;
            Ok(())
        }

        #[oai(path = "/notes/:id", method = "get")]
        async fn get(&self, id: Path<Uuid>) -> Result<()> {
            Err(match id.0.is_nil() {
                true => Error::internal("the disk says /dev/secret"),
                false => Error::NotFound("note"),
            })?
        }
    }

    #[handler]
    fn panics() {
        panic!("boom");
    }

    #[handler]
    fn redirects() -> Result<()> {
        Err(poem::Error::from_response(poem::web::Redirect::see_other("/x").into_response()))
    }

    fn client() -> TestClient<impl Endpoint> {
        let app = Route::new()
            .nest("/api", OpenApiService::new(Api, "t", "1"))
            .at("/panics", poem::get(panics))
            .at("/redirects", poem::get(redirects));
        TestClient::new(app.with(Catch))
    }

    async fn told(answer: TestResponse) -> (u16, String, String, String) {
        answer.assert_content_type("application/problem+json");
        let status = answer.0.status().as_u16();
        let json: serde_json::Value =
            serde_json::from_slice(&answer.0.into_body().into_bytes().await.unwrap()).unwrap();
        assert_eq!(json["status"], status);
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let error = &json["errors"][0];
        (status, text(&json["type"]), text(&error["field"]), text(&error["detail"]))
    }

    fn owned(status: u16, kind: &str, field: &str, detail: &str) -> (u16, String, String, String) {
        (status, kind.into(), field.into(), detail.into())
    }

    #[tokio::test]
    async fn a_path_without_an_id_is_not_found() {
        let answer = client().get("/api/notes/seven").send().await;
        assert_eq!(told(answer).await, owned(404, "not-found", "", ""));
        assert_eq!(told(client().get("/nowhere").send().await).await.0, 404);
    }

    #[tokio::test]
    async fn a_bad_query_names_its_parameter() {
        let answer = client().get("/api/notes?limit=0").send().await;
        assert_eq!(
            told(answer).await,
            owned(400, "malformed-request", "limit", "must be a whole number from 1 to 200")
        );
    }

    #[tokio::test]
    async fn a_bad_body_names_its_member_where_the_message_does() {
        for (body, expected) in [
            (r#"{"title":"a","x":1}"#, owned(400, "malformed-request", "x", "no such member")),
            (r#"{"title":"abcdef"}"#, owned(422, "invalid-request", "title", "maxLength(5)")),
            (r#"{"title":[7]}"#, owned(400, "malformed-request", "body", "has the wrong type")),
            ("{", owned(400, "malformed-request", "body", "EOF while parsing an object at line 1 column 1")),
        ] {
            let answer = client().post("/api/notes").content_type("application/json").body(body).send().await;
            assert_eq!(told(answer).await, expected, "{body}");
        }
    }

    #[tokio::test]
    async fn another_media_type_is_415_and_another_method_405() {
        assert_eq!(told(client().post("/api/notes").send().await).await.0, 415);
        let answer = client().post("/api/notes").content_type("text/plain").body("x").send().await;
        assert_eq!(told(answer).await.1, "unsupported-media-type");
        assert_eq!(told(client().put("/api/notes").send().await).await.1, "method-not-allowed");
    }

    #[tokio::test]
    async fn a_panic_and_a_defect_are_500_without_a_word_of_the_inside() {
        assert_eq!(told(client().get("/panics").send().await).await.1, "internal-error");
        let answer = client().get(format!("/api/notes/{}", Uuid::nil())).send().await;
        answer.assert_status(StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!answer.0.into_body().into_string().await.unwrap().contains("secret"));
    }

    #[tokio::test]
    async fn an_answer_thrown_as_an_error_stays_as_it_is() {
        client().get("/redirects").send().await.assert_status(StatusCode::SEE_OTHER);
    }

    #[tokio::test]
    async fn a_target_that_is_no_path_is_refused() {
        let app = Route::new().nest("/", Route::new()).with(Catch);
        for target in ["*", "example.org:443"] {
            let request = Request::builder().uri(target.parse().unwrap()).finish();
            assert_eq!(app.get_response(request).await.status(), 400, "{target}");
        }
    }
}
