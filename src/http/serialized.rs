//! JSON answers that are serialised once.
//!
//! poem-openapi's own `Json` builds a tree of values and prints that; for a page of fifty notes the tree costs more than the
//! notes. [`Serialized`] has the same place in the API document and goes from the value to bytes directly.

use std::marker::PhantomData;

use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::payload::Payload;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use serde::Serialize;

use crate::error::{Error, Result};

/// The bytes of a `T` in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serialized<T> {
    bytes: Vec<u8>,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize> Serialized<T> {
    /// Serialises `value`.
    ///
    /// # Errors
    /// [`Error::Internal`] when it cannot be written as JSON, which is a defect.
    pub fn of(value: &T) -> Result<Self> {
        Ok(Self::from_bytes(serde_json::to_vec(value).map_err(Error::internal)?))
    }
}

impl<T> Serialized<T> {
    /// Takes bytes that were serialised before, as an idempotent create keeps them.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self { bytes, of: PhantomData }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl<T: Type> Payload for Serialized<T> {
    const CONTENT_TYPE: &'static str = "application/json";

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type + Send> IntoResponse for Serialized<T> {
    fn into_response(self) -> Response {
        Response::builder().content_type(<Self as Payload>::CONTENT_TYPE).body(self.bytes)
    }
}

impl<T: Type + Send> ApiResponse for Serialized<T> {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "",
                status: Some(200),
                status_range: None,
                content: vec![MetaMediaType {
                    content_type: <Self as Payload>::CONTENT_TYPE,
                    schema: Self::schema_ref(),
                }],
                headers: vec![],
            }],
        }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}
