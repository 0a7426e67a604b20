//! Tags: names on notes, nested by `/`.
//!
//! Owns `tags` and `note_tags`. A tag exists while a note carries it. Two spellings that fold to one key are one tag, under the
//! spelling that came first.

pub mod api;
pub mod confined;
pub mod store;

use uuid::Uuid;

use crate::fold::{MAX_KEY_BYTES, name_key};

/// Longest name in characters.
pub const MAX_NAME_CHARS: usize = 100;

/// A checked name with its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagName {
    name: String,
    key: String,
}

impl TagName {
    /// Checks a name; surrounding spaces do not count.
    ///
    /// # Errors
    /// What the name must be, to be read after the name itself.
    pub fn parse(text: &str) -> Result<Self, String> {
        let name = text.trim();
        if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
            return Err(format!("must have 1 to {MAX_NAME_CHARS} characters"));
        }
        if name.chars().any(char::is_control) {
            return Err("must not contain control characters".into());
        }
        if name.split('/').any(|part| part.trim().is_empty()) {
            return Err("must have a name on both sides of each `/`".into());
        }
        let key = name_key(name);
        // What looks like one character may fold to many, a separator among them.
        if key.len() > MAX_KEY_BYTES {
            return Err(format!("must have 1 to {MAX_NAME_CHARS} characters"));
        }
        if key.split('/').any(|part| part.trim().is_empty()) {
            return Err("must have a name on both sides of each `/`".into());
        }
        Ok(Self { name: name.to_owned(), key })
    }

    /// The name as it was written.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The key under which spellings are the same.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// A tag as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its id, which the change log speaks of.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Notes outside the trash that carry it.
    pub count: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_checked_and_folded() {
        let tag = TagName::parse("  Work/Été ").unwrap();
        assert_eq!((tag.as_str(), tag.key()), ("Work/Été", "work/été"));
        let (long, unfolding) = ("x".repeat(101), "\u{fdfa}".repeat(100));
        for bad in ["", "  ", "a//b", "/a", "a/", "a\nb", "\u{ff0f}", "a\u{ff0f}/b", &long, &unfolding] {
            assert!(TagName::parse(bad).is_err(), "{bad}");
        }
    }
}
