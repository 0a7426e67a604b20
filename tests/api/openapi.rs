//! The OpenAPI document: a reviewed file that says of every operation what a client has to know.

use std::collections::HashSet;

use serde_json::Value;

use crate::reviewed;
use crate::support::{Actor as _, App, schema_faults};

/// Every operation with its path and method.
pub(crate) fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().iter().map(|(method, operation)| (path.as_str(), method.as_str(), operation))
        })
        .collect()
}

/// The body that the document gives as an example, which therefore has to work.
pub(crate) fn example(document: &Value, operation: &Value) -> Option<Value> {
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let reference = schema["$ref"].as_str()?.trim_start_matches('#');
    Some(document.pointer(reference).unwrap()["example"].clone())
}

#[tokio::test]
async fn the_reviewed_document_is_what_the_server_says() {
    let app = App::new().await;
    let served = app.anonymous().plain(poem::http::Method::GET, "/api/openapi.json").await.is(200);
    let served = String::from_utf8(served.bytes).unwrap();
    reviewed::reviewed("docs/openapi.json", &format!("{}\n", served.trim_end()));
    app.close().await;
}

#[tokio::test]
async fn every_operation_has_a_name_a_summary_a_section_and_its_answers() {
    let app = App::new().await;
    let document = app.document();
    let sections: HashSet<_> = document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].clone()).collect();
    let mut names = HashSet::new();
    for (path, method, operation) in operations(&document) {
        let what = format!("{method} {path}");
        let name = operation["operationId"].as_str().unwrap_or_else(|| panic!("{what} has no operationId"));
        assert!(names.insert(name), "{name} is there twice");
        let summary = operation["summary"].as_str().unwrap_or_default();
        assert!(summary.ends_with('.') && summary.len() < 80, "{what}: {summary:?}");
        let tags = operation["tags"].as_array().unwrap();
        assert!(tags.len() == 1 && sections.contains(&tags[0]), "{what}: {tags:?}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let told = parameter["description"].as_str().or_else(|| parameter["schema"]["description"].as_str());
            assert!(told.is_some_and(|told| told.ends_with('.')), "{what}: {}", parameter["name"]);
        }
        let answers = operation["responses"].as_object().unwrap();
        assert!(answers.keys().any(|status| status.starts_with('2')), "{what}");
        for (status, answer) in answers {
            if answer["$ref"].is_null() {
                assert!(answer["description"].as_str().is_some_and(|told| !told.is_empty()), "{what}: {status}");
            }
            for (header, told) in answer["headers"].as_object().into_iter().flatten() {
                assert!(told["description"].is_string(), "{what}: {status}: {header}");
                assert!(header.chars().any(char::is_lowercase), "{what}: {header} is shouted");
            }
        }
    }
    app.close().await;
}

#[tokio::test]
async fn every_schema_tells_what_its_members_are() {
    let app = App::new().await;
    let document = app.document();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(schema["description"].is_string(), "{name}");
        for (member, schema) in schema["properties"].as_object().into_iter().flatten() {
            assert!(schema["description"].is_string(), "{name}.{member}");
        }
    }
    app.close().await;
}

#[tokio::test]
async fn every_body_has_an_example_that_fits_its_schema() {
    let app = App::new().await;
    let document = app.document();
    let resolve = |schema: &'_ Value| -> Value {
        let reference = schema["$ref"].as_str().expect("a named schema");
        document.pointer(reference.trim_start_matches('#')).unwrap().clone()
    };
    let mut looked_at = 0;
    for (path, method, operation) in operations(&document) {
        let bodies =
            [&operation["requestBody"]].into_iter().chain(operation["responses"].as_object().unwrap().values());
        for body in bodies {
            let Some(content) = body["content"].as_object() else { continue };
            let media: Vec<_> = content.keys().map(String::as_str).collect();
            if matches!(media.as_slice(), ["application/zip" | "application/octet-stream"]) {
                // Archives have no example.
                continue;
            }
            if media == ["text/html; charset=utf-8"] || media.iter().all(|kind| kind.starts_with("image/")) {
                continue;
            }
            if media == ["text/event-stream"] {
                let example = content["text/event-stream"]["schema"]["example"].as_str().unwrap_or_default();
                assert!(example.contains("\nevent: change\n"), "{method} {path}: {example:?}");
                continue;
            }
            // Beside JSON some lists can be had as a table.
            assert!(
                matches!(media.as_slice(), ["application/json"] | ["application/json", "text/csv"]),
                "{method} {path}"
            );
            let schema = resolve(&content["application/json"]["schema"]);
            let example = &schema["example"];
            assert!(example.is_object(), "{method} {path}: {} has no example", schema["title"]);
            let faults = schema_faults(example, &schema, &document);
            assert!(faults.is_empty(), "{method} {path}: {faults:?}");
            looked_at += 1;
        }
    }
    assert!(looked_at > 30, "{looked_at}");
    app.close().await;
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    fn walk(value: &Value, document: &Value) {
        if let Some(reference) = value["$ref"].as_str() {
            assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
        }
        value.as_object().into_iter().flatten().for_each(|(_, inner)| walk(inner, document));
        value.as_array().into_iter().flatten().for_each(|inner| walk(inner, document));
    }
    let app = App::new().await;
    let document = app.document();
    walk(&document, &document);
    app.close().await;
}
