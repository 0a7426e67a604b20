//! Saved searches: what somebody looks for again and again, under a name.
//!
//! Owns the table `saved_searches`. A saved search is the question alone, as `GET /search` takes it: it holds no answer, and asking it
//! belongs to `search`. Those of one person have different names and a place each: 0, 1, 2, .. without gaps.

pub mod api;
pub mod store;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::fold::{MAX_KEY_BYTES, name_key};
use crate::notes::State;
use crate::tags::TagName;

/// Longest name in characters.
pub const MAX_NAME_CHARS: usize = 100;
/// Longest text of a search in characters, as searching has it.
pub const MAX_QUERY_CHARS: usize = 2000;
/// How many of them one person may have.
pub const MAX_SEARCHES: usize = 100;

/// A checked name with its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchName {
    name: String,
    key: String,
}

impl SearchName {
    /// Checks a name; surrounding spaces do not count.
    ///
    /// # Errors
    /// [`Error::Invalid`] about `name`.
    pub fn parse(text: &str) -> Result<Self> {
        let name = text.trim();
        let key = name_key(name);
        if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || key.len() > MAX_KEY_BYTES {
            return Err(Error::invalid("name", format!("must have 1 to {MAX_NAME_CHARS} characters")));
        }
        if name.chars().any(char::is_control) {
            return Err(Error::invalid("name", "must not contain control characters"));
        }
        Ok(Self { name: name.to_owned(), key })
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

/// The order of what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Best first.
    Relevance,
    /// Latest change first.
    Updated,
    /// Newest first.
    Created,
}

impl Sort {
    /// The word of the contract and of the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Updated => "updated",
            Self::Created => "created",
        }
    }

    /// Reads [`Sort::as_str`] back.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Relevance, Self::Updated, Self::Created].into_iter().find(|sort| sort.as_str() == text)
    }
}

/// What is searched for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// The text of the search; empty: the filters alone.
    pub query: String,
    /// Which state; `None`: the search's own choice.
    pub state: Option<State>,
    /// Only notes with this tag, by its name.
    pub tag: Option<String>,
    /// Only notes of this notebook, which may be gone.
    pub notebook_id: Option<Uuid>,
    /// Only pinned notes, or only others.
    pub pinned: Option<bool>,
    /// Only notes last changed in this calendar year (UTC).
    pub year: Option<i64>,
    /// The order; `None`: the search's own choice.
    pub sort: Option<Sort>,
    /// Whether words are taken as they are written.
    pub exact: bool,
}

impl Question {
    /// Checks what does not need the store, and takes the tag's name in its proper spelling.
    ///
    /// # Errors
    /// [`Error::Invalid`] about `query`, `tag` or `year`.
    pub fn checked(mut self) -> Result<Self> {
        if self.query.chars().count() > MAX_QUERY_CHARS {
            return Err(Error::invalid("query", format!("must have at most {MAX_QUERY_CHARS} characters")));
        }
        let tag = self.tag.as_deref().map(TagName::parse).transpose().map_err(|why| Error::invalid("tag", why))?;
        self.tag = tag.map(|tag| tag.as_str().to_owned());
        if self.year.is_some_and(|year| !(1..=9999).contains(&year)) {
            return Err(Error::invalid("year", "must be 1 to 9999"));
        }
        Ok(self)
    }
}

/// A saved search as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedSearch {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What it asks.
    pub question: Question,
    /// Its place, 0 first.
    pub position: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its name or its question last changed; being put in another place does not count.
    pub updated_at: Timestamp,
}

/// A merge patch: `None` keeps, `Some(None)` clears.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edit {
    /// A new name.
    pub name: Option<SearchName>,
    /// Another text.
    pub query: Option<String>,
    /// Another state.
    pub state: Option<Option<State>>,
    /// Another tag.
    pub tag: Option<Option<String>>,
    /// Another notebook.
    pub notebook_id: Option<Option<Uuid>>,
    /// Pinned or not.
    pub pinned: Option<Option<bool>>,
    /// Another year.
    pub year: Option<Option<i64>>,
    /// Another order.
    pub sort: Option<Option<Sort>>,
    /// Whether words are taken as they are written.
    pub exact: Option<bool>,
    /// A new place; beyond the end means last.
    pub position: Option<i64>,
}

impl Edit {
    /// The question after it.
    ///
    /// # Errors
    /// As [`Question::checked`].
    pub fn apply(&self, old: &Question) -> Result<Question> {
        Question {
            query: self.query.clone().unwrap_or_else(|| old.query.clone()),
            state: self.state.unwrap_or(old.state),
            tag: self.tag.clone().unwrap_or_else(|| old.tag.clone()),
            notebook_id: self.notebook_id.unwrap_or(old.notebook_id),
            pinned: self.pinned.unwrap_or(old.pinned),
            year: self.year.unwrap_or(old.year),
            sort: self.sort.unwrap_or(old.sort),
            exact: self.exact.unwrap_or(old.exact),
        }
        .checked()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_checked_and_folded() {
        let name = SearchName::parse("  Été ").unwrap();
        assert_eq!((name.as_str(), name.key()), ("Été", "été"));
        for bad in ["", " ", "two\nlines", &"x".repeat(101), &"\u{fdfa}".repeat(100)] {
            assert!(SearchName::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_text_is_counted_in_characters() {
        let of = |query: String| Question { query, ..Question::default() }.checked();
        assert!(of("é".repeat(2000)).is_ok());
        assert!(of("é".repeat(2001)).is_err());
    }

    #[test]
    fn a_patch_keeps_what_it_does_not_name_and_clears_what_it_says() {
        let old = Question { query: "tea".into(), tag: Some("home".into()), exact: true, ..Question::default() };
        assert_eq!(Edit::default().apply(&old).unwrap(), old);
        let edit = Edit { tag: Some(None), sort: Some(Some(Sort::Updated)), ..Edit::default() };
        let new = edit.apply(&old).unwrap();
        assert_eq!(new, Question { tag: None, sort: Some(Sort::Updated), ..old });
    }
}
