//! JSON bodies, held to their schema.
//!
//! Use this [`Json`] in every `api.rs`, not poem-openapi's of the same name: that one takes `7` and `true` for text, and its
//! refusals seldom name the member at fault. This one compares the body with the schema that the OpenAPI document publishes
//! before it is parsed. The schema comes from the `http::strict` layer; without that layer (a unit test of one API) only
//! poem-openapi's own checks remain.

use std::ops::Deref;
use std::sync::Arc;

use poem::{FromRequest, IntoResponse, Request, RequestBody, Response, Result};
use poem_openapi::payload::{ParsePayload, Payload};
use poem_openapi::registry::{MetaResponse, MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseFromJSON, ToJSON, Type};
use poem_openapi::{ApiResponse, ResponseContent, impl_apirequest_for_payload, payload};
use serde_json::Value;

use crate::error::Error;
use crate::http::catch;
use crate::http::problem::{Kind, Problem};
use crate::http::shape::Shape;

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

impl<T: ParseFromJSON> ParsePayload for Json<T> {
    const IS_REQUIRED: bool = T::IS_REQUIRED;

    async fn from_request(request: &Request, body: &mut RequestBody) -> Result<Self> {
        let bytes = Vec::<u8>::from_request(request, body).await?;
        let value: Value = match &*bytes {
            [] => Value::Null,
            text => serde_json::from_slice(text).map_err(|error| Error::malformed("body", error.to_string()))?,
        };
        if let Some(Expected(shape)) = request.data::<Expected>() {
            let faults = shape.faults(&value);
            if !faults.is_empty() {
                return Err(Problem::fields(Kind::MalformedRequest, faults).into());
            }
        }
        Ok(Self(T::parse_from_json(Some(value)).map_err(|error| catch::payload(error.message()))?))
    }
}

impl_apirequest_for_payload!(Json<T>, T: ParseFromJSON);

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
