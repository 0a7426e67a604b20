//! What holds for every answer, whatever the test is about.
//!
//! An answer of an operation must be one that the OpenAPI document describes: its status, its members, its headers, and for a
//! problem its slug. Every answer has its security headers and a request id.

use std::collections::HashMap;

use inkstone::http::problem::Kind;
use poem::http::Method;
use serde_json::Value;

use super::call::Door;
use super::{Answer, schema};

/// The document as a table of answers.
pub(super) struct Contract {
    operations: Vec<Operation>,
    document: Value,
}

struct Operation {
    id: String,
    method: Method,
    segments: Vec<String>,
    answers: HashMap<u16, Described>,
    /// Whether it also answers a table.
    tables: bool,
}

struct Described {
    /// The schema of the JSON body.
    body: Option<Value>,
    headers: Vec<String>,
    slugs: Vec<String>,
}

impl Contract {
    pub(super) fn read(document: &str) -> Self {
        let document: Value = serde_json::from_str(document).unwrap();
        let mut operations = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                operations.push(Operation::read(path, method, operation, &document));
            }
        }
        Self { operations, document }
    }

    /// Fails the test when the answer breaks the contract.
    pub(super) fn hold(&self, prefix: &str, door: Door, method: &Method, target: &str, answer: &Answer) {
        let path = target.split('?').next().unwrap();
        let told = || format!("{method} {target}: {} {}", answer.status, String::from_utf8_lossy(&answer.bytes));
        for name in
            ["x-request-id", "content-security-policy", "x-content-type-options", "referrer-policy", "cache-control"]
        {
            assert!(answer.headers.contains_key(name), "no {name}: {}", told());
        }
        let Some(path) = path.strip_prefix(prefix) else { return };
        if answer.status >= 400 && (door == Door::Local || path.starts_with("/api")) {
            problem(answer, &told);
        }
        let Some(path) = path.strip_prefix("/api/v1") else { return };
        if let Some(operation) = self.operations.iter().find(|operation| operation.is(method, path)) {
            operation.hold(&self.document, method, answer, &told);
        }
    }
}

/// A refusal is a problem of the published list.
fn problem(answer: &Answer, told: &impl Fn() -> String) {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", told());
    let slug = answer.slug();
    let row = Kind::ALL.iter().map(|kind| kind.row()).find(|row| row.slug == slug);
    let row = row.unwrap_or_else(|| panic!("an unpublished slug: {}", told()));
    assert_eq!((row.status.as_u16(), row.title), (answer.status, answer.text("/title").as_str()), "{}", told());
    assert_eq!(answer.json["status"], answer.status, "{}", told());
    assert!(answer.json["detail"].is_string(), "{}", told());
    assert_eq!(answer.status == 401, answer.headers.contains_key("www-authenticate"), "{}", told());
    assert_eq!(answer.status == 405, answer.headers.contains_key("allow"), "{}", told());
}

impl Operation {
    fn read(path: &str, method: &str, operation: &Value, document: &Value) -> Self {
        let mut answers = HashMap::new();
        for (status, answer) in operation["responses"].as_object().unwrap() {
            if let Ok(status) = status.parse() {
                answers.insert(status, Described::read(answer, document));
            }
        }
        let tables = operation["responses"]["200"]["content"]["text/csv"].is_object();
        Self {
            tables,
            id: operation["operationId"].as_str().unwrap_or(path).to_owned(),
            method: Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap(),
            segments: path.split('/').map(str::to_owned).collect(),
            answers,
        }
    }

    fn is(&self, method: &Method, path: &str) -> bool {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        let sent: Vec<_> = path.split('/').collect();
        self.method == *method
            && self.segments.len() == sent.len()
            && self.segments.iter().zip(sent).all(|(known, sent)| known == sent || known.starts_with('{'))
    }

    fn hold(&self, document: &Value, method: &Method, answer: &Answer, told: &impl Fn() -> String) {
        if answer.slug() == "internal-error" {
            // Any operation can fail so; the document says it once, for all.
            return;
        }
        let Some(described) = self.answers.get(&answer.status) else {
            panic!("{} does not publish this status: {}", self.id, told());
        };
        if answer.status >= 400 {
            let published = described.slugs.iter().any(|slug| slug == answer.slug());
            assert!(published, "{} does not publish this slug: {}", self.id, told());
        }
        for name in &described.headers {
            assert!(answer.headers.contains_key(name), "{} publishes {name}: {}", self.id, told());
        }
        match &described.body {
            None => assert!(answer.bytes.is_empty(), "{} publishes no body: {}", self.id, told()),
            // The server leaves the body out when it writes the answer.
            Some(_) if method == Method::HEAD => {}
            // A table, for lists that can be had as one.
            Some(_) if answer.header("content-type") == Some("text/csv") && self.tables => {}
            // An archive, not JSON.
            Some(schema) if schema["format"] == "binary" => assert!(!answer.bytes.is_empty(), "{}", told()),
            // A piece of a page.
            Some(schema) if answer.header("content-type") == Some("text/html; charset=utf-8") => {
                assert_eq!(schema["type"], "string", "{}", told());
            }
            // Events, which the tests of the stream read.
            Some(_) if answer.header("content-type") == Some("text/event-stream") => {
                assert!(answer.bytes.starts_with(b"retry: "), "{}", told());
            }
            Some(schema) => {
                let faults = schema::faults(&answer.json, schema, document);
                assert!(faults.is_empty(), "{} publishes another body: {faults:?}: {}", self.id, told());
            }
        }
    }
}

impl Described {
    fn read(answer: &Value, document: &Value) -> Self {
        let answer = match answer["$ref"].as_str() {
            Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
            None => answer,
        };
        let content = answer["content"].as_object().and_then(|content| content.iter().next());
        let body = content.map(|(_, body)| body["schema"].clone());
        let headers = answer["headers"].as_object().into_iter().flatten();
        let headers = headers.filter(|(_, header)| header["required"] == true).map(|(name, _)| name.to_lowercase());
        let slugs = content.and_then(|(_, body)| body["examples"].as_object()).into_iter().flatten();
        Self { body, headers: headers.collect(), slugs: slugs.map(|(slug, _)| slug.clone()).collect() }
    }
}
