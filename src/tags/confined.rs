//! Which notes a caller is confined to, as a condition of a statement.
//!
//! Most callers see all notes of their account. An API key may be confined to some tags and notebooks: then every statement that finds
//! notes for it has to say so. It stands here, and not with `notes`, because tags are listed by it too.

use crate::caller::Confines;
use crate::db::Value;

/// A condition on `notes` that holds for those within; its parameters are appended to `values`.
pub fn condition<'a>(confines: &'a Confines, values: &mut Vec<Value<'a>>) -> String {
    let mut places = |new: &mut dyn Iterator<Item = Value<'a>>| {
        let numbers: Vec<String> = new
            .map(|value| {
                values.push(value);
                format!("${}", values.len())
            })
            .collect();
        numbers.join(", ")
    };
    let mut either = Vec::new();
    if !confines.tags.is_empty() {
        let keys = places(&mut confines.tags.iter().map(Value::from));
        either.push(format!(
            "EXISTS (SELECT c.note_id FROM note_tags c JOIN tags d ON d.id = c.tag_id
                     WHERE c.note_id = notes.id AND d.name_key IN ({keys}))"
        ));
    }
    if !confines.notebooks.is_empty() {
        let ids = places(&mut confines.notebooks.iter().map(|id| Value::from(*id)));
        either.push(format!("notes.notebook_id IN ({ids})"));
    }
    format!("({})", either.join(" OR "))
}
