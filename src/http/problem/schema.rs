//! How a problem is described in the OpenAPI document.
//!
//! The types here are never sent; `Problem::body` writes the JSON that they describe.

use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::{Example, Type as _};
use poem_openapi::{ApiResponse, Object};

use super::{CONTENT_TYPE, Kind, Problem};
use crate::error::Error;

/// A failed request (RFC 9457). `type` is one of the published slugs; clients ignore members that they do not know.
#[derive(Debug, Object)]
#[oai(rename = "Problem", example)]
struct ProblemSchema {
    /// The slug to branch on.
    r#type: String,
    /// What the slug means, the same every time.
    title: String,
    /// The status code of the answer.
    status: u16,
    /// One sentence about this occurrence.
    detail: String,
    /// The members of the request that are at fault; absent when it is about the whole.
    #[oai(skip_serializing_if_is_none)]
    errors: Option<Vec<FieldErrorSchema>>,
    /// With `stale`: the thing as it is now; absent otherwise.
    #[oai(skip_serializing_if_is_none)]
    current: Option<serde_json::Value>,
    /// With `too-large`: how many bytes are accepted; absent otherwise.
    #[oai(skip_serializing_if_is_none)]
    limit: Option<u64>,
    /// With `second-factor-required`: what `POST /auth/second-factor` wants beside the code; absent otherwise.
    #[oai(skip_serializing_if_is_none)]
    challenge: Option<String>,
    /// With `second-factor-required`: what a code may be; absent otherwise.
    #[oai(skip_serializing_if_is_none)]
    methods: Option<Vec<String>>,
}

/// One member of the request and what is wrong with it.
#[derive(Debug, Object)]
#[oai(rename = "FieldError")]
struct FieldErrorSchema {
    /// A body member, a query name or a header.
    field: String,
    /// What would be accepted.
    detail: String,
}

impl Example for ProblemSchema {
    fn example() -> Self {
        let row = Kind::MalformedRequest.row();
        let error = FieldErrorSchema { field: "limit".into(), detail: "must be a whole number from 1 to 200".into() };
        Self {
            r#type: row.slug.into(),
            title: row.title.into(),
            status: row.status.as_u16(),
            detail: format!("{}: {}", error.field, error.detail),
            errors: Some(vec![error]),
            current: None,
            limit: None,
            challenge: None,
            methods: None,
        }
    }
}

/// Adds the schema of a problem to an OpenAPI document's.
pub(in crate::http) fn register(registry: &mut Registry) {
    ProblemSchema::register(registry);
}

fn meta() -> MetaResponses {
    MetaResponses {
        responses: vec![MetaResponse {
            description: "A problem; `type` tells which.",
            // No status and no range is what OpenAPI calls `default`.
            status: None,
            status_range: None,
            content: vec![MetaMediaType { content_type: CONTENT_TYPE, schema: ProblemSchema::schema_ref() }],
            headers: Vec::new(),
        }],
    }
}

impl ApiResponse for Problem {
    fn meta() -> MetaResponses {
        meta()
    }

    fn register(registry: &mut Registry) {
        register(registry);
    }
}

impl ApiResponse for Error {
    fn meta() -> MetaResponses {
        meta()
    }

    fn register(registry: &mut Registry) {
        register(registry);
    }
}
