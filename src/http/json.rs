//! JSON bodies, held to their schema.
//!
//! Use this [`Json`] in every `api.rs`, not poem-openapi's of the same name: that one takes `7` and `true` for text, and its
//! refusals seldom name the member at fault. This one compares the body with the schema that the OpenAPI document publishes
//! before it is parsed. The schema comes from the `http::strict` layer; without that layer (a unit test of one API) only
//! poem-openapi's own checks remain.

use std::ops::Deref;
use std::sync::Arc;

use poem::{IntoResponse, Request, RequestBody, Response, Result};
use poem_openapi::error::ContentTypeError;
use poem_openapi::payload::Payload;
use poem_openapi::registry::{MetaRequest, MetaResponse, MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseFromJSON, ToJSON, Type};
use poem_openapi::{ApiExtractor, ApiExtractorType, ApiResponse, ExtractParamOptions, ResponseContent, payload};
use serde_json::Value;

use crate::error::Error;
use crate::http::catch;
use crate::http::problem::{Kind, Problem};
use crate::http::shape::Shape;

mod unique;

/// A JSON request or answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// The shape that a request's body must have; put there by the layer that knows the operation.
#[derive(Debug, Clone)]
pub struct Expected(pub Arc<Shape>);

impl<T: Type> Payload for Json<T> {
    const CONTENT_TYPE: &'static str = "application/json";

    fn check_content_type(content_type: &str) -> bool {
        payload::Json::<T>::check_content_type(content_type)
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<'a, T: ParseFromJSON> ApiExtractor<'a> for Json<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(MetaRequest { description: None, content: Self::media_types(), required: T::IS_REQUIRED })
    }

    async fn from_request(request: &'a Request, body: &mut RequestBody, _: ExtractParamOptions<()>) -> Result<Self> {
        let bytes = match request.content_type() {
            Some(content_type) if Self::check_content_type(content_type) => body.take()?.into_bytes().await?,
            // `Json<Option<T>>`: a request without a body need not say what is not in it.
            None if !T::IS_REQUIRED => match body.take()?.into_bytes().await? {
                bytes if bytes.is_empty() => bytes,
                _ => return Err(ContentTypeError::ExpectContentType.into()),
            },
            Some(content_type) => {
                return Err(ContentTypeError::NotSupported { content_type: content_type.to_owned() }.into());
            }
            None => return Err(ContentTypeError::ExpectContentType.into()),
        };
        let value: Value = match &*bytes {
            [] => Value::Null,
            text => unique::read(text).map_err(|error| Error::malformed("body", error.to_string()))?,
        };
        let absent = value.is_null() && !T::IS_REQUIRED;
        if let Some(Expected(shape)) = request.data::<Expected>()
            && !absent
        {
            let faults = shape.faults(&value);
            if !faults.is_empty() {
                return Err(Problem::fields(Kind::MalformedRequest, faults).into());
            }
        }
        Ok(Self(T::parse_from_json(Some(value)).map_err(|error| catch::payload(error.message()))?))
    }
}

impl<T: ToJSON> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let body = self.0.to_json().unwrap_or_default().to_string();
        Response::builder().content_type(Self::CONTENT_TYPE).body(body)
    }
}

impl<T: ToJSON> ApiResponse for Json<T> {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "",
                status: Some(200),
                status_range: None,
                content: <Self as ResponseContent>::media_types(),
                headers: Vec::new(),
            }],
        }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

#[cfg(test)]
mod tests {
    use poem::test::TestClient;
    use poem::{Endpoint, EndpointExt as _};
    use poem_openapi::payload::PlainText;
    use poem_openapi::{Object, OpenApi, OpenApiService};

    use super::*;
    use crate::http::catch::Catch;
    use crate::http::operations::Operations;
    use crate::http::strict::Strict;

    #[derive(Debug, Object)]
    #[oai(deny_unknown_fields)]
    struct Login {
        email: String,
    }

    struct Api;

    #[OpenApi]
    impl Api {
        #[oai(path = "/login", method = "post")]
        async fn login(&self, body: Json<Login>) -> PlainText<String> {
            PlainText(body.email.clone())
        }

        #[oai(path = "/refresh", method = "post")]
        async fn refresh(&self, body: Json<Option<Login>>) -> PlainText<String> {
            PlainText(body.as_ref().map_or("nobody".to_owned(), |login| login.email.clone()))
        }
    }

    fn client() -> TestClient<impl Endpoint> {
        let service = OpenApiService::new(Api, "t", "1");
        let strict = Strict::new(Operations::read(&service.spec(), "").unwrap());
        TestClient::new(service.with(strict).with(Catch))
    }

    #[tokio::test]
    async fn text_is_text_and_not_a_number() {
        let post = |body: &'static str| async move {
            client().post("/login").content_type("application/json").body(body).send().await
        };
        post(r#"{"email":"a"}"#).await.assert_text("a").await;
        for other in [r#"{"email":"a","email":"b"}"#, r#"{"email":7}"#, r#"{"email":true}"#, "7", "null", ""] {
            post(other).await.assert_status(poem::http::StatusCode::BAD_REQUEST);
        }
    }

    #[tokio::test]
    async fn an_optional_body_may_be_missing_but_not_wrong() {
        client().post("/refresh").send().await.assert_text("nobody").await;
        let post = |body: &'static str| async move {
            client().post("/refresh").content_type("application/json").body(body).send().await
        };
        post("").await.assert_text("nobody").await;
        post(r#"{"email":"a"}"#).await.assert_text("a").await;
        post("{}").await.assert_status(poem::http::StatusCode::BAD_REQUEST);
        let untold = client().post("/refresh").body("{}").send().await;
        untold.assert_status(poem::http::StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
}
