//! The shape that a JSON value should have, read from its OpenAPI schema, and what is wrong with one that has not.
//!
//! It may know less than the schema (validators, formats of our own): what it finds wrong is wrong, and what it lets pass is
//! still checked by poem-openapi, which turns the value into a type.

use serde_json::Value;

use crate::error::FieldError;

/// How deep schemas are followed: none of ours nests deeper, and a recursive one must end.
const DEPTH: usize = 6;

/// What a value should be.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Anything: nothing is said, or more than this module reads.
    Any,
    /// Text, perhaps a UUID.
    Text {
        /// Whether it must be a UUID.
        uuid: bool,
    },
    /// One of these.
    Choice(Vec<String>),
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// A list of these.
    List(Box<Shape>),
    /// An object with these members, and others only when `open`.
    Object {
        /// The known members.
        members: Vec<Member>,
        /// Whether there may be others.
        open: bool,
    },
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    name: String,
    required: bool,
    /// Whether it may be null.
    nullable: bool,
    shape: Shape,
}

impl Shape {
    /// Reads a schema of `document`.
    pub fn read(schema: &Value, document: &Value) -> Self {
        Self::read_to(schema, document, DEPTH)
    }

    fn read_to(schema: &Value, document: &Value, depth: usize) -> Self {
        if depth == 0 {
            return Self::Any;
        }
        let read = |schema: &Value| Self::read_to(schema, document, depth - 1);
        if let Some(reference) = schema["$ref"].as_str() {
            let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
            return target.map_or(Self::Any, read);
        }
        // A reference with a description beside it is written as `allOf` of both.
        if let Some(first) = schema["allOf"].get(0) {
            return read(first);
        }
        if let Some(choices) = schema["enum"].as_array() {
            return Self::Choice(choices.iter().filter_map(|c| c.as_str().map(str::to_owned)).collect());
        }
        match schema["type"].as_str() {
            Some("string") => Self::Text { uuid: schema["format"] == "uuid" },
            Some("integer") => Self::Whole,
            Some("number") => Self::Number,
            Some("boolean") => Self::Bool,
            Some("array") => Self::List(Box::new(read(&schema["items"]))),
            Some("object") => {
                let required: Vec<_> = schema["required"].as_array().into_iter().flatten().collect();
                let members = schema["properties"].as_object().into_iter().flatten().map(|(name, schema)| Member {
                    name: name.clone(),
                    required: required.iter().any(|r| *r == name),
                    nullable: schema["nullable"] == true,
                    shape: read(schema),
                });
                Self::Object { members: members.collect(), open: !schema["additionalProperties"].is_null() }
            }
            _ => Self::Any,
        }
    }

    /// Whether it is a list, so that a query may repeat its name.
    pub fn is_list(&self) -> bool {
        matches!(self, Self::List(_))
    }

    /// What would be accepted, for the sentence "must be …".
    pub fn wanted(&self) -> Option<String> {
        Some(match self {
            Self::Any => return None,
            Self::Text { uuid: false } => "text".into(),
            Self::Text { uuid: true } => "a UUID".into(),
            Self::Choice(choices) => format!("one of {}", choices.join(", ")),
            Self::Whole => "a whole number".into(),
            Self::Number => "a number".into(),
            Self::Bool => "true or false".into(),
            Self::List(item) => match item.wanted() {
                Some(item) => format!("a list, each {item}"),
                None => "a list".into(),
            },
            Self::Object { .. } => "an object".into(),
        })
    }

    /// Everything that is wrong with `value`, under the names that the client sent.
    pub fn faults(&self, value: &Value) -> Vec<FieldError> {
        let mut faults = Vec::new();
        self.collect(value, "", &mut faults);
        faults
    }

    fn collect(&self, value: &Value, name: &str, faults: &mut Vec<FieldError>) {
        let fits = match self {
            Self::Any => true,
            Self::Text { uuid } => value.as_str().is_some_and(|text| !uuid || uuid::Uuid::try_parse(text).is_ok()),
            Self::Choice(choices) => value.as_str().is_some_and(|text| choices.iter().any(|c| c == text)),
            Self::Whole => value.is_i64() || value.is_u64(),
            Self::Number => value.is_number(),
            Self::Bool => value.is_boolean(),
            Self::List(item) => match value.as_array() {
                Some(items) => {
                    for (at, value) in items.iter().enumerate() {
                        item.collect(value, &format!("{name}[{at}]"), faults);
                    }
                    return;
                }
                None => false,
            },
            Self::Object { members, open } => match value.as_object() {
                Some(object) => {
                    let path =
                        |member: &str| if name.is_empty() { member.to_owned() } else { format!("{name}.{member}") };
                    for member in members {
                        match object.get(&member.name) {
                            None if !member.required => {}
                            Some(Value::Null) if member.nullable => {}
                            Some(Value::Null) if !member.required => faults.push(FieldError {
                                field: path(&member.name),
                                detail: "cannot be null; leave it out".into(),
                            }),
                            None => faults.push(FieldError { field: path(&member.name), detail: "is required".into() }),
                            Some(value) => member.shape.collect(value, &path(&member.name), faults),
                        }
                    }
                    for unknown in object.keys().filter(|key| !open && !members.iter().any(|m| m.name == **key)) {
                        faults.push(FieldError { field: path(unknown), detail: "no such member".into() });
                    }
                    return;
                }
                None => false,
            },
        };
        if !fits {
            let field = if name.is_empty() { "body" } else { name };
            faults.push(FieldError {
                field: field.to_owned(),
                detail: format!("must be {}", self.wanted().unwrap_or_default()),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shape() -> Shape {
        let document = json!({ "components": { "schemas": {
            "State": { "type": "string", "enum": ["active", "trashed"] },
            "Note": {
                "type": "object",
                "required": ["body"],
                "properties": {
                    "body": { "type": "string" },
                    "pinned": { "type": "boolean", "nullable": true },
                    "count": { "type": "integer" },
                    "notebook_id": { "type": "string", "format": "uuid" },
                    "tags": { "type": "array", "items": { "type": "string" } },
                    "state": { "allOf": [{ "$ref": "#/components/schemas/State" }, { "description": "x" }] },
                    "parent": { "$ref": "#/components/schemas/Note" },
                },
            },
        } } });
        Shape::read(&json!({ "$ref": "#/components/schemas/Note" }), &document)
    }

    fn faults(value: Value) -> Vec<(String, String)> {
        shape().faults(&value).into_iter().map(|f| (f.field, f.detail)).collect()
    }

    fn fault(field: &str, detail: &str) -> Vec<(String, String)> {
        vec![(field.into(), detail.into())]
    }

    #[test]
    fn a_value_that_fits_has_no_faults() {
        assert_eq!(faults(json!({ "body": "", "pinned": null, "tags": ["a"], "state": "active", "count": 3 })), []);
    }

    #[test]
    fn each_fault_is_named_by_its_member() {
        assert_eq!(faults(json!({})), fault("body", "is required"));
        assert_eq!(faults(json!({ "body": null })), fault("body", "must be text"));
        assert_eq!(faults(json!({ "body": "", "count": null })), fault("count", "cannot be null; leave it out"));
        assert_eq!(faults(json!({ "body": "", "pinned": "yes" })), fault("pinned", "must be true or false"));
        assert_eq!(faults(json!({ "body": "", "count": 1.5 })), fault("count", "must be a whole number"));
        assert_eq!(faults(json!({ "body": "", "tags": ["a", 7] })), fault("tags[1]", "must be text"));
        assert_eq!(faults(json!({ "body": "", "tags": "a" })), fault("tags", "must be a list, each text"));
        assert_eq!(faults(json!({ "body": "", "notebook_id": "x" })), fault("notebook_id", "must be a UUID"));
        assert_eq!(faults(json!({ "body": "", "state": "x" })), fault("state", "must be one of active, trashed"));
        assert_eq!(faults(json!({ "body": "", "titel": "x" })), fault("titel", "no such member"));
        assert_eq!(faults(json!({ "body": "", "parent": {} })), fault("parent.body", "is required"));
        assert_eq!(faults(json!([])), fault("body", "must be an object"));
    }

    #[test]
    fn all_faults_are_told_at_once() {
        assert_eq!(faults(json!({ "pinned": 1, "x": 2 })).len(), 3);
    }
}
