//! Notebooks: a tree of named places for notes.
//!
//! Owns the table `notebooks`. Siblings have different names and a place each: 0, 1, 2, .. without gaps. A note lies in one notebook or in none;
//! deleting a notebook never deletes a note: its notes go to the parent or to the trash, its notebooks go to the parent.

pub mod api;
pub mod store;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::error::{Error, FieldError, Result};
use crate::fold::{MAX_KEY_BYTES, name_key};

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
