//! The OpenAPI document as a table: path, methods, query names, body.
//!
//! Read once at start. poem's router decides where a request goes; this table only tells what the document says of the place,
//! so that requests can be held to it. A path that is not in the document is nobody's business here.

use std::sync::Arc;

use poem::http::Method;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::http::shape::Shape;

/// All operations of a document.
#[derive(Debug, Clone)]
pub struct Operations(Vec<Resource>);

/// One path of the document.
#[derive(Debug, Clone)]
pub struct Resource {
    segments: Vec<Segment>,
    operations: Vec<Operation>,
    allow: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Parameter,
}

/// One method of one path.
#[derive(Debug, Clone)]
pub struct Operation {
    method: Method,
    /// The query and header parameters by name.
    query: Vec<(String, Shape)>,
    headers: Vec<(String, Shape)>,
    /// The JSON body, when there is one.
    body: Option<Arc<Shape>>,
}

impl Operations {
    /// Reads the JSON of a document. `prefix` is cut off its paths: what stands before the paths that the layer sees.
    pub fn read(document: &str, prefix: &str) -> Result<Self> {
        let document: Value = serde_json::from_str(document).map_err(Error::internal)?;
        let paths =
            document["paths"].as_object().ok_or_else(|| Error::internal("an OpenAPI document without paths"))?;
        let mut resources: Vec<_> = paths
            .iter()
            .map(|(path, methods)| Resource::read(path.strip_prefix(prefix).unwrap_or(path), methods, &document))
            .collect();
        // `/notes/count` goes before `/notes/{id}`, as in the router.
        resources.sort_by_key(|resource| resource.segments.iter().filter(|s| **s == Segment::Parameter).count());
        Ok(Self(resources))
    }

    /// The resource at a path as it was sent, percent signs and all.
    pub fn at(&self, path: &str) -> Option<&Resource> {
        self.0.iter().find(|resource| resource.matches(path))
    }
}

impl Resource {
    fn read(path: &str, methods: &Value, document: &Value) -> Self {
        let segments = segments(path).map(|segment| match segment.starts_with('{') {
            true => Segment::Parameter,
            false => Segment::Literal(segment.to_owned()),
        });
        let operations: Vec<_> = methods
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(method, operation)| {
                let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).ok()?;
                Some(Operation::read(method, operation, document))
            })
            .collect();
        let mut allow: Vec<_> = operations.iter().map(|operation| operation.method.as_str()).collect();
        if allow.contains(&"GET") {
            // The router answers it by GET.
            allow.push("HEAD");
        }
        allow.sort_unstable();
        let allow = allow.join(", ");
        Self { segments: segments.collect(), operations, allow }
    }

    fn matches(&self, path: &str) -> bool {
        let mut sent = segments(path);
        self.segments.iter().all(|segment| match (segment, sent.next()) {
            (Segment::Literal(literal), Some(sent)) => literal == sent,
            (Segment::Parameter, Some(sent)) => !sent.is_empty(),
            (_, None) => false,
        }) && sent.next().is_none()
    }

    /// The methods for an `Allow` header.
    pub fn allow(&self) -> &str {
        &self.allow
    }

    /// The operation that answers a method.
    pub fn operation(&self, method: &Method) -> Option<&Operation> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        self.operations.iter().find(|operation| operation.method == *method)
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

impl Operation {
    fn read(method: Method, operation: &Value, document: &Value) -> Self {
        let named = |place: &str| {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            parameters
                .filter(|parameter| parameter["in"] == place)
                .filter_map(|p| Some((p["name"].as_str()?.to_owned(), Shape::read(&p["schema"], document))))
                .collect()
        };
        let content = operation["requestBody"]["content"].as_object().into_iter().flatten();
        let body = content
            .filter(|(media, _)| media.starts_with("application/json"))
            .map(|(_, body)| Arc::new(Shape::read(&body["schema"], document)))
            .next();
        Self { method, query: named("query"), headers: named("header"), body }
    }

    /// What a query name holds; `None` for a name that the operation does not have.
    pub fn query(&self, name: &str) -> Option<&Shape> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, shape)| shape)
    }

    /// The query names, for telling which there are.
    pub fn query_names(&self) -> impl Iterator<Item = &str> {
        self.query.iter().map(|(name, _)| name.as_str())
    }

    /// What a query or header parameter holds.
    pub fn parameter(&self, name: &str) -> Option<&Shape> {
        let header = || self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, shape)| shape);
        self.query(name).or_else(header)
    }

    /// What the JSON body holds.
    pub fn body(&self) -> Option<&Arc<Shape>> {
        self.body.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"{ "paths": {
        "/v1/notes": { "get": { "parameters": [
            { "in": "query", "name": "limit", "schema": { "type": "integer" } },
            { "in": "query", "name": "tag", "schema": { "type": "array", "items": { "type": "string" } } },
            { "in": "header", "name": "IF-MATCH", "schema": { "type": "string" } }
        ] }, "post": { "requestBody": { "content": { "application/json; charset=utf-8": { "schema": { "type": "object" } } } } } },
        "/v1/notes/{id}": { "patch": {} },
        "/v1/notes/count": { "get": {} }
    } }"#;

    fn operations() -> Operations {
        Operations::read(DOCUMENT, "/v1").unwrap()
    }

    #[test]
    fn a_path_is_found_by_its_segments_and_literals_go_first() {
        let operations = operations();
        assert_eq!(operations.at("/notes").unwrap().allow(), "GET, HEAD, POST");
        assert_eq!(operations.at("/notes/7").unwrap().allow(), "PATCH");
        assert_eq!(operations.at("/notes/a%2Fb").unwrap().allow(), "PATCH");
        assert_eq!(operations.at("/notes/count").unwrap().allow(), "GET, HEAD");
        for other in ["/", "/notes/", "/notes/7/x", "/note", "", "/v1/notes"] {
            assert!(operations.at(other).is_none(), "{other}");
        }
    }

    #[test]
    fn an_operation_knows_its_names_and_its_body() {
        let operations = operations();
        let notes = operations.at("/notes").unwrap();
        let list = notes.operation(&Method::HEAD).unwrap();
        assert_eq!(list.query("limit"), Some(&Shape::Whole));
        assert!(list.query("tag").unwrap().is_list());
        assert!(list.query("if-match").is_none() && list.parameter("if-match").is_some());
        assert!(list.body().is_none() && notes.operation(&Method::POST).unwrap().body().is_some());
    }
}
