//! Whether a JSON value is what its OpenAPI schema says. Stricter than clients should be: an unknown member is a fault.

use serde_json::Value;

/// What is wrong with `value`; empty when nothing is.
pub(crate) fn faults(value: &Value, schema: &Value, document: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check(value, schema, document, "$", &mut faults);
    faults
}

fn check(value: &Value, schema: &Value, document: &Value, at: &str, faults: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).expect("a reference leads somewhere");
        return check(value, target, document, at, faults);
    }
    if value.is_null() && schema["nullable"] == true {
        return;
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        check(value, part, document, at, faults);
    }
    if let Some(choices) = schema["enum"].as_array()
        && !choices.contains(value)
    {
        faults.push(format!("{at}: {value} is none of {choices:?}"));
    }
    let fits = match schema["type"].as_str() {
        None => true,
        Some("string") => value.as_str().is_some_and(|text| has_format(text, schema["format"].as_str())),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some(other) => panic!("a schema of the unknown type {other}"),
    };
    if !fits {
        faults.push(format!("{at}: {value} is no {} {}", schema["type"], schema["format"]));
    }
    if let Some(items) = value.as_array() {
        let bound = |name: &str| schema[name].as_u64().and_then(|bound| usize::try_from(bound).ok());
        if bound("minItems").is_some_and(|least| items.len() < least)
            || bound("maxItems").is_some_and(|most| items.len() > most)
        {
            faults.push(format!("{at}: has {} items", items.len()));
        }
        for (n, item) in items.iter().enumerate() {
            check(item, &schema["items"], document, &format!("{at}[{n}]"), faults);
        }
    }
    if let (Some(object), Some(properties)) = (value.as_object(), schema["properties"].as_object()) {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !object.contains_key(name) {
                faults.push(format!("{at}.{name}: is missing"));
            }
        }
        for (name, member) in object {
            match properties.get(name) {
                Some(schema) => check(member, schema, document, &format!("{at}.{name}"), faults),
                None => faults.push(format!("{at}.{name}: is not published")),
            }
        }
    }
}

fn has_format(text: &str, format: Option<&str>) -> bool {
    match format {
        Some("uuid") => uuid::Uuid::try_parse(text).is_ok(),
        Some("date-time") => inkstone::clock::Timestamp::parse(text).is_some(),
        _ => true,
    }
}
