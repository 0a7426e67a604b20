//! Failures as RFC 9457 `application/problem+json`.
//!
//! Owns how an [`Error`] is told to a client: the [`Kind`] (slug, status, title) and what fills it in one case. It does not
//! decide what went wrong (features do) and it does not log: `http::catch` logs a 500 once.
//!
//! What a reader would get wrong: the text inside [`Error::Internal`], [`Error::Corrupt`] and [`Error::SearchUnavailable`] is
//! for the log. It never reaches the client, not even in `detail`.

mod kind;
mod of_error;
mod schema;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use poem::error::ResponseError;
use poem::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use serde_json::{Map, Value, json};

pub use kind::{Kind, Row, published_list};
pub(super) use schema::register;

use crate::error::{Error, FieldError};

/// The media type of every problem.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// Members at fault that one answer names.
const FAULTS: usize = 20;

/// Characters of a member's name, and of what is said of it.
const FAULT_CHARS: usize = 500;

/// One occurrence of a [`Kind`], ready to be sent.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    kind: Kind,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    members: Map<String, Value>,
    headers: HeaderMap,
}

fn shortened(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(FAULT_CHARS) {
        text.truncate(end);
        text.push('…');
    }
    text
}

impl Problem {
    /// A problem whose detail is one sentence about this occurrence.
    pub fn new(kind: Kind, detail: impl Into<Cow<'static, str>>) -> Self {
        let mut headers = HeaderMap::new();
        if kind.row().status == StatusCode::UNAUTHORIZED {
            // RFC 9110 wants a challenge with every 401; `Bearer` makes no browser open a window.
            let challenge = match kind {
                Kind::InvalidToken => "Bearer error=\"invalid_token\"",
                _ => "Bearer",
            };
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        Self(Box::new(Parts { kind, detail: detail.into(), errors: Vec::new(), members: Map::new(), headers }))
    }

    /// A conditional request that came too late: 412 with what is there now, and its `ETag`.
    pub fn stale(current: Value, etag: &str) -> Self {
        Self::new(Kind::Stale, "The version in If-Match is not the current one.")
            .member("current", current)
            .header_text(header::ETAG, etag)
    }

    /// A method that the resource does not have: 405 with those that it has.
    pub fn method_not_allowed(allow: &str) -> Self {
        Self::new(Kind::MethodNotAllowed, format!("Allowed here: {allow}.")).header_text(header::ALLOW, allow)
    }

    /// With the members of the request that are at fault, the first [`FAULTS`] of them; the detail repeats them for people who
    /// read only that. An answer is never much larger than what it answers, whatever names the request made up.
    pub fn fields(kind: Kind, errors: Vec<FieldError>) -> Self {
        let more = errors.len().saturating_sub(FAULTS);
        let shortened = |e: FieldError| FieldError { field: shortened(e.field), detail: shortened(e.detail) };
        let errors: Vec<FieldError> = errors.into_iter().take(FAULTS).map(shortened).collect();
        let mut detail = errors.iter().map(|e| format!("{}: {}", e.field, e.detail)).collect::<Vec<_>>().join("; ");
        if more > 0 {
            detail.push_str(&format!("; and {more} more"));
        }
        let mut problem = Self::new(kind, detail);
        problem.0.errors = errors;
        problem
    }

    /// With an extension member of the problem's JSON.
    #[must_use]
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.members.insert(name.to_owned(), value.into());
        self
    }

    /// With a header of the answer.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    /// With `Retry-After`, in whole seconds and at least one.
    #[must_use]
    pub fn retry_after(self, after: Duration) -> Self {
        let seconds = after.as_millis().div_ceil(1000).clamp(1, 3600);
        self.header(header::RETRY_AFTER, HeaderValue::from(seconds as u64))
    }

    /// Which kind it is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The sentence about this occurrence.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The members of the request that are at fault.
    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }

    /// A header from text that we made ourselves; text that cannot be a header is left out rather than failing the answer.
    fn header_text(self, name: HeaderName, value: &str) -> Self {
        match HeaderValue::from_str(value) {
            Ok(value) => self.header(name, value),
            Err(_) => self,
        }
    }

    fn body(&self) -> Vec<u8> {
        let row = self.0.kind.row();
        let mut object = Map::new();
        object.insert("type".to_owned(), row.slug.into());
        object.insert("title".to_owned(), row.title.into());
        object.insert("status".to_owned(), row.status.as_u16().into());
        object.insert("detail".to_owned(), Value::from(&*self.0.detail));
        if !self.0.errors.is_empty() {
            let errors = self.0.errors.iter().map(|e| json!({ "field": e.field, "detail": e.detail })).collect();
            object.insert("errors".to_owned(), Value::Array(errors));
        }
        object.extend(self.0.members.clone());
        Value::Object(object).to_string().into_bytes()
    }
}

impl Problem {
    /// A 500 that tells nothing of the inside.
    pub fn internal() -> Self {
        Self::new(Kind::InternalError, "The server's log has the reason under the X-Request-Id of this answer.")
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.kind.row().slug, self.0.detail)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status(&self) -> StatusCode {
        self.0.kind.row().status
    }

    fn as_response(&self) -> Response {
        let mut response = Response::builder().status(self.status()).content_type(CONTENT_TYPE).body(self.body());
        response.headers_mut().extend(self.0.headers.clone());
        response
    }
}

/// So that `?` carries an [`Error`] out of an endpoint that returns `poem::Result`.
impl ResponseError for Error {
    fn status(&self) -> StatusCode {
        Problem::from(self).status()
    }

    fn as_response(&self) -> Response {
        Problem::from(self).as_response()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.as_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Conflict, Unauthenticated};

    async fn json(problem: Problem) -> (Response, Value) {
        let mut response = problem.as_response();
        let body = response.take_body().into_bytes().await.unwrap();
        (response, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_problem_carries_slug_title_status_detail_and_fields() {
        let (response, body) = json(Error::invalid("title", "at most 500 characters").into()).await;
        assert_eq!(response.status(), 422);
        assert_eq!(response.content_type(), Some(CONTENT_TYPE));
        assert_eq!(
            body,
            json!({
                "type": "invalid-request",
                "title": "The request breaks a rule",
                "status": 422,
                "detail": "title: at most 500 characters",
                "errors": [{ "field": "title", "detail": "at most 500 characters" }],
            })
        );
    }

    #[test]
    fn a_request_full_of_faults_gets_a_short_answer() {
        let errors = (0..50_000).map(|n| FieldError { field: "x".repeat(9_000), detail: format!("{n}") }).collect();
        let problem = Problem::fields(Kind::MalformedRequest, errors);
        assert_eq!(problem.errors().len(), FAULTS);
        assert!(problem.detail().ends_with("; and 49980 more"));
        assert!(problem.body().len() < 4 * FAULTS * FAULT_CHARS);
    }

    #[tokio::test]
    async fn a_failure_tells_nothing_of_the_inside() {
        let inside = [
            (Error::internal("secret path /var/x"), 500, "internal-error"),
            (Error::Corrupt("row 7 of users".into()), 503, "store-damaged"),
        ];
        for (error, status, slug) in inside {
            let (response, body) = json(error.into()).await;
            assert_eq!(response.status(), status);
            assert_eq!(body["type"], slug);
            assert!(!body.to_string().contains("secret") && !body.to_string().contains("users"));
        }
    }

    #[tokio::test]
    async fn every_401_carries_a_challenge() {
        use Unauthenticated as U;
        for why in [U::Missing, U::AccountUnnamed, U::InvalidToken, U::InvalidCredentials, U::InvalidRefresh] {
            let (response, _) = json(Error::Unauthenticated(why).into()).await;
            assert_eq!(response.status(), 401);
            assert!(response.header("www-authenticate").unwrap().starts_with("Bearer"));
        }
    }

    #[tokio::test]
    async fn what_passes_says_when_to_try_again() {
        let busy = Error::Busy { what: "the write queue", retry_after: Duration::from_millis(1200) };
        let (response, body) = json(busy.into()).await;
        assert_eq!(response.header("retry-after"), Some("2"));
        assert_eq!(body["detail"], "The write queue: every place is taken.");
        for error in [
            Error::Deadline,
            Error::StorageFull,
            Error::SearchUnavailable("building".into()),
            Error::ShuttingDown,
            Error::Conflict(Conflict::IdempotencyKeyInUse),
        ] {
            let (response, _) = json(error.into()).await;
            assert!(response.header("retry-after").is_some(), "{}", response.status());
        }
    }

    #[tokio::test]
    async fn a_stale_edit_gets_what_is_there_now() {
        let (response, body) = json(Problem::stale(json!({ "id": "x" }), "\"v.3\"")).await;
        assert_eq!(response.status(), 412);
        assert_eq!(response.header("etag"), Some("\"v.3\""));
        assert_eq!(body["current"]["id"], "x");
    }

    #[tokio::test]
    async fn too_large_names_its_limit() {
        let (response, body) = json(Error::TooLarge { limit: 10 }.into()).await;
        assert_eq!((response.status().as_u16(), &body["limit"]), (413, &json!(10)));
    }

    #[test]
    fn an_error_leaves_an_endpoint_by_question_mark() {
        fn endpoint() -> poem::Result<()> {
            Err(Error::PreconditionRequired)?
        }
        assert_eq!(endpoint().unwrap_err().status(), 428);
    }
}
