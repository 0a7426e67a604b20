//! What poem-openapi cannot say, or says in a way that misleads a generated client.
//!
//! It has no word for `null`, so words decide, and the two cannot disagree. In an answer an optional member is there and may be null,
//! unless its description says when it is `absent`. In a request it may be left out, and null says the same; but in a merge patch,
//! where that would be to clear it, only where its description says what `null` does. Requests are held to the corrected document
//! ([`crate::http::shape`]).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Corrects a whole document.
pub(super) fn correct(document: &mut Value) {
    let requests = schemas_of_requests(document);
    for (name, schema) in super::members(&mut document["components"]["schemas"]) {
        nullable(schema, requests.contains(name));
    }
    let schemas = document["components"]["schemas"].clone();
    for (_, methods) in super::members(&mut document["paths"]) {
        for (_, operation) in super::members(methods) {
            for (_, answer) in at(operation, "responses") {
                describe(answer, &schemas);
                spell_headers(answer);
            }
        }
    }
    tidy(document);
}

/// Names of the schemas that bodies of requests are made of.
fn schemas_of_requests(document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let operations = document["paths"].as_object().into_iter().flatten().filter_map(|(_, methods)| methods.as_object());
    for (_, operation) in operations.flatten() {
        references(&operation["requestBody"], document, &mut found);
    }
    found
}

fn references(value: &Value, document: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            let name =
                object.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix("#/components/schemas/"));
            if let Some(name) = name
                && found.insert(name.to_owned())
            {
                references(&document["components"]["schemas"][name], document, found);
            }
            object.values().for_each(|inner| references(inner, document, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| references(inner, document, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The members of a member, which may be missing: indexing would put a `null` there.
fn at<'a>(value: &'a mut Value, name: &str) -> impl Iterator<Item = (&'a String, &'a mut Value)> {
    value.get_mut(name).into_iter().flat_map(super::members)
}

fn nullable(schema: &mut Value, of_requests: bool) {
    let required: BTreeSet<String> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let is_patch = schema["description"].as_str().is_some_and(|told| told.contains("merge patch"));
    let mut always_there = Vec::new();
    for (name, member) in at(schema, "properties").filter(|(name, _)| !required.contains(*name)) {
        let told = member["description"].as_str().unwrap_or_default();
        let null = match of_requests {
            true => !is_patch || told.contains("`null`"),
            false => !told.to_lowercase().contains("absent"),
        };
        if null {
            member["nullable"] = true.into();
            if !of_requests {
                always_there.push(Value::from(name.clone()));
            }
        }
    }
    if let (Some(required), false) = (schema.get_mut("required").and_then(Value::as_array_mut), always_there.is_empty())
    {
        required.extend(always_there);
    }
}

/// An answer without words of its own says what its body is.
fn describe(answer: &mut Value, schemas: &Value) {
    if answer["description"] != "" {
        return;
    }
    let reference = answer["content"]["application/json"]["schema"]["$ref"].as_str();
    let name = reference.and_then(|to| to.strip_prefix("#/components/schemas/")).unwrap_or_default();
    if let Some(told) = schemas[name]["description"].as_str() {
        answer["description"] = told.into();
    }
}

/// `INKSTONE-CHANGE` becomes `Inkstone-Change`.
fn spell_headers(answer: &mut Value) {
    if let Some(headers) = answer.get_mut("headers").and_then(Value::as_object_mut) {
        *headers = std::mem::take(headers).into_iter().map(|(name, header)| (spelled(&name), header)).collect();
    }
}

fn spelled(name: &str) -> String {
    if name.eq_ignore_ascii_case("etag") {
        return "ETag".to_owned();
    }
    let capitalised = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{}{}", first.to_ascii_uppercase(), rest.to_ascii_lowercase())
    };
    name.split('-').map(capitalised).collect::<Vec<_>>().join("-")
}

/// Leaves out what is so by default, and counts the items of a list as items.
fn tidy(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|name, value| {
                !matches!((name.as_str(), &*value), ("deprecated", Value::Bool(false)) | ("explode", Value::Bool(true)))
            });
            if object.get("type").is_some_and(|ty| ty == "array") {
                for (length, items) in [("minLength", "minItems"), ("maxLength", "maxItems")] {
                    rename(object, length, items);
                }
            }
            object.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn rename(object: &mut Map<String, Value>, from: &str, to: &str) {
    if let Some(value) = object.remove(from) {
        object.insert(to.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn corrected() -> Value {
        let optional = |told: &str| json!({ "type": "string", "description": told });
        let mut document = json!({
            "paths": { "/notes/1": { "patch": {
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Patch" } } } },
                "responses": {},
            } }, "/notes": { "post": {
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/New" } } } },
                "responses": { "200": {
                    "description": "",
                    "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Note" } } },
                    "headers": { "ETAG": { "deprecated": false }, "INKSTONE-CHANGE": {} },
                } },
            } } },
            "components": { "schemas": {
                "New": { "properties": {
                    "title": optional("A title."),
                    "part": { "$ref": "#/components/schemas/Part" },
                } },
                "Patch": { "description": "A merge patch.", "properties": {
                    "title": optional("`null`: taken from the body."),
                    "body": optional("The text."),
                } },
                "Part": { "properties": { "name": optional("A name.") } },
                "Note": { "description": "A note.", "required": ["id"], "properties": {
                    "id": optional("Its id."),
                    "notebook": optional("Where it lies."),
                    "body": optional("The text; absent in lists."),
                    "pair": { "description": "Two.", "type": "array", "minLength": 2, "maxLength": 2 },
                } },
            } },
        });
        correct(&mut document);
        document
    }

    #[test]
    fn optional_members_of_an_answer_are_null_unless_they_are_said_to_be_absent() {
        let note = &corrected()["components"]["schemas"]["Note"];
        assert_eq!(note["required"], json!(["id", "notebook", "pair"]));
        let null = |name: &str| note["properties"][name]["nullable"] == true;
        assert!(null("notebook") && null("pair") && !null("id") && !null("body"));
    }

    #[test]
    fn members_of_a_request_are_null_unless_a_patch_would_clear_what_cannot_be_cleared() {
        let document = corrected();
        let null = |schema: &str, name: &str| {
            document["components"]["schemas"][schema]["properties"][name]["nullable"] == true
        };
        assert!(null("New", "title") && null("Part", "name"));
        assert!(null("Patch", "title") && !null("Patch", "body"));
        assert!(document["components"]["schemas"]["New"]["required"].is_null());
    }

    #[test]
    fn answers_say_what_they_are_and_headers_are_spelled_as_people_do() {
        let answer = &corrected()["paths"]["/notes"]["post"]["responses"]["200"];
        assert_eq!(answer["description"], "A note.");
        assert_eq!(answer["headers"], json!({ "ETag": {}, "Inkstone-Change": {} }));
    }

    #[test]
    fn the_bounds_of_a_list_count_its_items() {
        let pair = &corrected()["components"]["schemas"]["Note"]["properties"]["pair"];
        assert_eq!((&pair["minItems"], &pair["maxItems"], pair.get("maxLength")), (&json!(2), &json!(2), None));
    }
}
