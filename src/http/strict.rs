//! Holds requests to the OpenAPI document.
//!
//! The contract is strict: an unknown query name, or one given twice that holds one value, is refused instead of ignored, so
//! that a misspelt filter never lists everything. Text in paths and queries must be UTF-8 without U+0000. What a body should
//! be is only handed on to `http::json`, which reads it: after the caller was checked.
//!
//! What a reader would get wrong: the layer sits directly around the `OpenApiService`, so it sees paths without the prefix
//! that the service is nested under.

use std::borrow::Cow;
use std::sync::Arc;

use poem::error::MethodNotAllowedError;
use poem::http::{Method, Uri};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};
use poem_openapi::error::ParseParamError;

use crate::error::{Error, FieldError};
use crate::http::json::Expected;
use crate::http::operations::{Operation, Operations};
use crate::http::problem::Problem;

/// The layer.
#[derive(Debug, Clone)]
pub struct Strict(Arc<Operations>);

impl Strict {
    /// Holds requests to these operations.
    pub fn new(operations: Operations) -> Self {
        Self(Arc::new(operations))
    }
}

impl<E: Endpoint> Middleware<E> for Strict {
    type Output = StrictEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        StrictEndpoint { inner, operations: self.0.clone() }
    }
}

/// See [`Strict`].
#[derive(Debug)]
pub struct StrictEndpoint<E> {
    inner: E,
    operations: Arc<Operations>,
}

impl<E: Endpoint> Endpoint for StrictEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let (uri, method) = (request.uri().clone(), request.method().clone());
        if decode(uri.path(), false).is_none_or(|path| path.contains('\0')) {
            return Err(Error::malformed("path", "must be UTF-8 without U+0000").into());
        }
        // Most reads have neither, and need no look into the table.
        if (uri.query().is_some() || request.content_type().is_some())
            && let Some(operation) = self.operation(&uri, &method)
        {
            check(uri.query().unwrap_or_default(), operation).map_err(Error::Malformed)?;
            if let Some(shape) = operation.body() {
                request.set_data(Expected(shape.clone()));
            }
        }
        match self.inner.call(request).await {
            Ok(answer) => Ok(answer.into_response()),
            Err(error) => Err(self.explain(error, &uri, &method)),
        }
    }
}

impl<E> StrictEndpoint<E> {
    fn operation(&self, uri: &Uri, method: &Method) -> Option<&Operation> {
        self.operations.at(uri.path())?.operation(method)
    }

    /// The same error, or a problem that says more.
    fn explain(&self, error: poem::Error, uri: &Uri, method: &Method) -> poem::Error {
        let explained = if error.is::<MethodNotAllowedError>() {
            self.operations.at(uri.path()).map(|resource| Problem::method_not_allowed(resource.allow()))
        } else if let Some(refused) = error.downcast_ref::<ParseParamError>() {
            self.operation(uri, method).and_then(|operation| faults_of_parameter(operation, refused))
        } else {
            None
        };
        let Some(explained) = explained else { return error };
        let mut explained = poem::Error::from(explained);
        if let Some(pattern) = error.data::<poem::PathPattern>() {
            explained.set_data(pattern.clone());
        }
        explained
    }
}

/// Says what the document wants where poem-openapi only knows the name of a type; a rule with words of its own stands.
fn faults_of_parameter(operation: &Operation, refused: &ParseParamError) -> Option<Problem> {
    let shape = operation.parameter(refused.name)?;
    let missing = refused.reason.contains("expects an input value");
    let own_words = !missing && !matches!(shape, crate::http::shape::Shape::Choice(_));
    let detail = if missing { "is required".to_owned() } else { format!("must be {}", shape.wanted()?) };
    (!own_words).then(|| Error::malformed(refused.name, detail).into())
}

/// Everything that is wrong with the names of a query.
fn check(query: &str, operation: &Operation) -> Result<(), Vec<FieldError>> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, detail: String| faults.push(FieldError { field: field.to_owned(), detail });
    let mut given: Vec<Cow<'_, str>> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (Some(name), Some(value)) = (decode(name, true), decode(value, true)) else {
            fault("query", "must be percent-encoded UTF-8".to_owned());
            continue;
        };
        match operation.query(&name) {
            None => fault(&name, unknown(operation)),
            Some(_) if value.contains('\0') => fault(&name, "must not hold U+0000".to_owned()),
            Some(shape) if !shape.is_list() && given.contains(&name) => fault(&name, "must be given once".to_owned()),
            Some(_) => given.push(name),
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn unknown(operation: &Operation) -> String {
    match operation.query_names().collect::<Vec<_>>().join(", ") {
        names if names.is_empty() => "this operation has no query parameters".to_owned(),
        names => format!("no such parameter; there are {names}"),
    }
}

/// Percent-decodes; in a query `+` is a space. `None` when the bytes are not UTF-8. A stray percent sign stands for itself,
/// as in the parser that reads the query afterwards.
fn decode(text: &str, query: bool) -> Option<Cow<'_, str>> {
    if !text.bytes().any(|b| b == b'%' || (query && b == b'+')) {
        return Some(Cow::Borrowed(text));
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = |i: usize| bytes.get(i).and_then(|b| char::from(*b).to_digit(16));
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
                continue;
            }
            (b'+', _, _) if query => out.push(b' '),
            _ => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8(out).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use poem::test::{TestClient, TestResponse};
    use poem::{EndpointExt as _, Route};
    use poem_openapi::param::{Path, Query};
    use poem_openapi::payload::PlainText;
    use poem_openapi::{Enum, Object, OpenApi, OpenApiService};

    use super::*;
    use crate::http::body_budget::BodyBudget;
    use crate::http::catch::Catch;
    use crate::http::json::Json;
    use crate::http::limits::{BODY_TIME, BodyLimits, SMALL};
    use crate::http::page::Limit;

    #[derive(Enum)]
    #[oai(rename_all = "snake_case")]
    enum State {
        Active,
        Trashed,
    }

    #[derive(Object)]
    #[oai(deny_unknown_fields)]
    struct New {
        body: String,
        #[oai(default)]
        tags: Vec<String>,
        #[oai(validator(maximum(value = "5")))]
        count: Option<u32>,
    }

    struct Api;

    #[OpenApi]
    impl Api {
        #[oai(path = "/notes", method = "get")]
        async fn list(
            &self,
            limit: Query<Limit>,
            tag: Query<Vec<String>>,
            q: Query<Option<String>>,
            state: Query<Option<State>>,
        ) -> PlainText<String> {
            let _ = state.0.map(|state| matches!(state, State::Active | State::Trashed));
            PlainText(format!("{} {:?} {:?}", limit.0, tag.0, q.0))
        }

        #[oai(path = "/notes", method = "post")]
        async fn create(&self, body: Json<New>) -> PlainText<String> {
            PlainText(format!("{} {:?} {:?}", body.0.body, body.0.tags, body.0.count))
        }

        #[oai(path = "/tags/:name", method = "get")]
        async fn tag(&self, name: Path<String>) -> PlainText<String> {
            PlainText(name.0)
        }
    }

    fn client() -> TestClient<impl Endpoint> {
        let service = OpenApiService::new(Api, "t", "1");
        let strict = Strict::new(Operations::read(&service.spec(), "").unwrap());
        let service = service.with(strict).with(BodyLimits::new(SMALL, BODY_TIME, BodyBudget::new(SMALL)));
        TestClient::new(Route::new().nest("/api/v1", service).with(Catch))
    }

    async fn faults(answer: TestResponse) -> (u16, Vec<(String, String)>) {
        let status = answer.0.status().as_u16();
        let json: serde_json::Value =
            serde_json::from_slice(&answer.0.into_body().into_bytes().await.unwrap()).unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let errors = json["errors"].as_array().cloned().unwrap_or_default();
        (status, errors.iter().map(|e| (text(&e["field"]), text(&e["detail"]))).collect())
    }

    async fn get(path_and_query: &str) -> (u16, Vec<(String, String)>) {
        faults(client().get(format!("/api/v1{path_and_query}")).send().await).await
    }

    fn refused(field: &str, detail: &str) -> (u16, Vec<(String, String)>) {
        (400, vec![(field.into(), detail.into())])
    }

    #[tokio::test]
    async fn known_names_pass_and_lists_may_repeat() {
        let answer = client().get("/api/v1/notes?limit=3&tag=a&tag=b%2Fc&q=x+y%26").send().await;
        answer.assert_status_is_ok();
        answer.assert_text(r#"3 ["a", "b/c"] Some("x y&")"#).await;
    }

    #[tokio::test]
    async fn unknown_and_repeated_names_are_refused() {
        let unknown = "no such parameter; there are limit, tag, q, state";
        assert_eq!(get("/notes?limt=3").await, refused("limt", unknown));
        assert_eq!(get("/notes?limit=1&limit=1").await, refused("limit", "must be given once"));
        assert_eq!(get("/notes?q=a&%71=b").await, refused("q", "must be given once"));
        assert_eq!(get("/tags/a?x").await, refused("x", "this operation has no query parameters"));
        assert_eq!(get("/notes?a=1&b=2").await.1.len(), 2, "all of them at once");
    }

    #[tokio::test]
    async fn nul_and_broken_utf8_are_refused() {
        assert_eq!(get("/notes?q=a%00b").await, refused("q", "must not hold U+0000"));
        assert_eq!(get("/notes?q=%ff").await, refused("query", "must be percent-encoded UTF-8"));
        assert_eq!(get("/tags/a%00").await, refused("path", "must be UTF-8 without U+0000"));
        assert_eq!(get("/tags/%ff").await.0, 404, "the router reads no name there");
        client().get("/api/v1/tags/a%2Fb").send().await.assert_text("a/b").await;
    }

    #[tokio::test]
    async fn a_wrong_value_says_what_the_document_wants() {
        assert_eq!(get("/notes?state=old").await, refused("state", "must be one of active, trashed"));
        assert_eq!(get("/notes?limit=x").await, refused("limit", "must be a whole number from 1 to 200"));
    }

    #[tokio::test]
    async fn a_refused_body_names_its_members() {
        let post = |body: &'static str| async move {
            faults(client().post("/api/v1/notes").content_type("application/json").body(body).send().await).await
        };
        assert_eq!(post("{}").await, refused("body", "is required"));
        assert_eq!(post(r#"{"body":7}"#).await, refused("body", "must be text"));
        assert_eq!(post(r#"{"body":"","tags":[1]}"#).await, refused("tags[0]", "must be text"));
        assert_eq!(post(r#"{"body":"","x":1}"#).await, refused("x", "no such member"));
        assert_eq!(post(r#"{"body":"","count":9}"#).await.0, 422, "a broken rule is not a malformed request");
        assert_eq!(post(r#"{"body":"\u0000"}"#).await.0, 400);
    }

    #[tokio::test]
    async fn another_method_hears_which_there_are() {
        let answer = client().put("/api/v1/notes").send().await;
        answer.assert_status(poem::http::StatusCode::METHOD_NOT_ALLOWED);
        answer.assert_header("allow", "GET, HEAD, POST");
    }
}
