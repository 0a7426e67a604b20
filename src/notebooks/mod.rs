//! Notebooks: a tree of named places for notes.
//!
//! Owns the table `notebooks`. Siblings have different names and a place each: 0, 1, 2, .. without gaps. A note lies in one notebook or in none;
//! deleting a notebook never deletes a note: its notes go to the parent or to the trash, its notebooks go to the parent.

pub mod api;
pub mod store;

use std::collections::HashSet;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::error::{Error, FieldError, Result};
use crate::fold::{MAX_KEY_BYTES, name_key, sort_key};

/// Longest name in characters.
pub const MAX_NAME_CHARS: usize = 100;
/// Deepest nesting.
pub const MAX_DEPTH: usize = 20;

/// A notebook as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notebook {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The notebook around it.
    pub parent_id: Option<Uuid>,
    /// Its place among its siblings, 0 first.
    pub position: i64,
    /// Notes outside the trash that lie directly in it.
    pub count: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its name or parent last changed; being put in another place among its siblings does not count.
    pub updated_at: Timestamp,
}

/// Where a notebook is and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its id.
    pub id: Uuid,
    /// The notebook around it.
    pub parent: Option<Uuid>,
    /// Its name.
    pub name: String,
}

/// Those of `all` that `name` stands for, and all that lie in them at any depth. The name itself comes before one that differs by
/// accents.
pub fn named(all: &[Place], name: &str) -> Vec<Uuid> {
    let matching = |key: fn(&str) -> String| -> Vec<Uuid> {
        let wanted = key(name.trim());
        all.iter().filter(|place| key(&place.name) == wanted).map(|place| place.id).collect()
    };
    let mut found = matching(name_key);
    if found.is_empty() {
        found = matching(sort_key);
    }
    let mut known: HashSet<Uuid> = found.iter().copied().collect();
    let mut at = 0;
    while let Some(&outer) = found.get(at) {
        at += 1;
        found.extend(all.iter().filter(|place| place.parent == Some(outer) && known.insert(place.id)).map(|p| p.id));
    }
    found
}

/// A checked name with its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotebookName {
    name: String,
    key: String,
}

impl NotebookName {
    /// Checks a name; surrounding spaces do not count.
    ///
    /// # Errors
    /// [`Error::Invalid`] about `name`.
    pub fn parse(text: &str) -> Result<Self> {
        let name = text.trim();
        let key = name_key(name);
        let detail = if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || key.len() > MAX_KEY_BYTES {
            format!("must have 1 to {MAX_NAME_CHARS} characters")
        } else if name.chars().any(char::is_control) {
            "must not contain control characters".into()
        } else {
            return Ok(Self { name: name.to_owned(), key });
        };
        Err(Error::Invalid(vec![FieldError { field: "name".into(), detail }]))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The key under which spellings are the same.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// A merge patch, checked: `None` keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edit {
    /// A new name.
    pub name: Option<NotebookName>,
    /// `Some(None)` moves it to the top.
    pub parent_id: Option<Option<Uuid>>,
    /// A new place among its siblings; beyond the end means last.
    pub position: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(id: u128, parent: Option<u128>, name: &str) -> Place {
        Place { id: Uuid::from_u128(id), parent: parent.map(Uuid::from_u128), name: name.to_owned() }
    }

    #[test]
    fn a_name_stands_for_its_notebooks_and_for_what_lies_in_them() {
        let all = [
            place(1, None, "Work"),
            place(2, Some(1), "Café"),
            place(3, Some(2), "deep"),
            place(4, None, "cafe"),
            place(5, Some(4), "WORK"),
            place(6, None, "Été"),
        ];
        let ids = |name: &str| named(&all, name).iter().map(|id| id.as_u128()).collect::<Vec<_>>();
        assert_eq!(ids("work"), [1, 5, 2, 3]);
        assert_eq!(ids("CAFÉ"), [2, 3]);
        assert_eq!(ids("cafe"), [4, 5], "the very name comes first");
        assert_eq!(ids("ete"), [6], "accents are folded where no name is the very one");
        assert!(ids("nowhere").is_empty());
    }
}
