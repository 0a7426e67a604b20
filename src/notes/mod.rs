//! Notes: what one is, and the rules that its parts keep.
//!
//! Owns the table `notes` and everything that can be said of a note by itself. Tags and notebooks have rooms of their own; this
//! one calls them in the same transaction. A body is kept byte for byte: nothing here trims, normalises or re-wraps it.
//!
//! What a reader would get wrong: `version` names a state of the note itself and moves with each operation on it; `seq` is the
//! last change that touched what the note *shows*, a renamed tag included. Conditional writes compare the version alone.

pub mod api;
pub mod bulk;
pub mod carry;
mod list;
pub mod store;
mod text;
mod text_sum;
pub mod trash;

use std::borrow::Cow;

use uuid::Uuid;

use crate::caller::UserId;
use crate::clock::Timestamp;
use crate::error::{Error, FieldError, Result};
use crate::tags::TagName;

pub use list::{Direction, ListQuery, PinnedFilter, Position, SortKey, page, with_bodies};
pub use text::{derive_title, excerpt};

/// Largest body in bytes: 1 MiB.
pub const MAX_BODY_BYTES: usize = 1 << 20;
/// Longest title in characters.
pub const MAX_TITLE_CHARS: usize = 500;
/// Most tags on one note.
pub const MAX_TAGS: usize = 100;

/// Where a note stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// In use.
    Active,
    /// Kept out of the way, found by search.
    Archived,
    /// On its way out; can be restored.
    Trashed,
}

impl State {
    /// The number that the store keeps.
    pub fn code(self) -> i64 {
        match self {
            Self::Active => 0,
            Self::Archived => 1,
            Self::Trashed => 2,
        }
    }

    /// Reads [`State::code`] back.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for any other number.
    pub fn from_code(code: i64) -> Result<Self> {
        match code {
            0 => Ok(Self::Active),
            1 => Ok(Self::Archived),
            2 => Ok(Self::Trashed),
            other => Err(Error::Corrupt(format!("a note in the unknown state {other}"))),
        }
    }

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
            Self::Trashed => "trashed",
        }
    }

    /// Whether the note counts among a tag's or notebook's notes.
    pub fn is_live(self) -> bool {
        self != Self::Trashed
    }
}

/// A note as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: Uuid,
    /// Its title; empty when none was given and the body has no line to take one from.
    pub title: String,
    /// Whether the title was taken from the body.
    pub title_derived: bool,
    /// The Markdown text, exactly as it came.
    pub body: String,
    /// Names of its tags, in the order of their keys.
    pub tags: Vec<String>,
    /// The notebook that it lies in.
    pub notebook_id: Option<Uuid>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Active, archived or in the trash.
    pub state: State,
    /// Names the note's present state; another one after each operation on it.
    pub version: Uuid,
    /// The last change that touched what the note shows.
    pub seq: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its title, body, tags or notebook last changed.
    pub updated_at: Timestamp,
    /// When it went to the trash.
    pub trashed_at: Option<Timestamp>,
}

/// Where a note stood, and since when: all of it that is neither its content nor the server's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// Active, archived or in the trash.
    pub state: State,
    /// Where it goes back to from the trash; elsewhere the same as `state`.
    pub former: State,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its title, body, tags or notebook last changed.
    pub updated_at: Timestamp,
    /// When it went to the trash.
    pub trashed_at: Option<Timestamp>,
}

/// A note in a list: an excerpt in place of the body, unless the body was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The note; its body is empty when `excerpt` is given.
    pub note: Note,
    /// The first words of the body.
    pub excerpt: Option<String>,
}

/// The parts of a note that a caller sends, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// A title, or `None` to have one derived.
    pub title: Option<String>,
    /// The text.
    pub body: String,
    /// The tags.
    pub tags: Vec<TagName>,
    /// The notebook.
    pub notebook_id: Option<Uuid>,
    /// Whether it is pinned.
    pub pinned: bool,
}

impl Content {
    /// Checks the parts of a new note.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that is wrong at once; [`Error::TooLarge`] for the body.
    pub fn new(
        title: Option<String>,
        body: String,
        tags: &[String],
        notebook_id: Option<Uuid>,
        pinned: bool,
    ) -> Result<Self> {
        check_body(&body)?;
        let mut wrong = Vec::new();
        let title = check_title(title, &mut wrong);
        let tags = check_tags(tags, &mut wrong);
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        Ok(Self { title, body, tags, notebook_id, pinned })
    }
}

/// A merge patch, checked: `None` keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edit {
    /// `Some(None)` goes back to a derived title.
    pub title: Option<Option<String>>,
    /// A new text.
    pub body: Option<String>,
    /// New tags, all of them.
    pub tags: Option<Vec<TagName>>,
    /// `Some(None)` takes it out of its notebook.
    pub notebook_id: Option<Option<Uuid>>,
    /// Pin or unpin.
    pub pinned: Option<bool>,
    /// Active or archived; the trash has operations of its own.
    pub state: Option<State>,
}

impl Edit {
    /// Checks the parts that are there.
    ///
    /// # Errors
    /// As [`Content::new`]; also when `state` asks for the trash.
    pub fn checked(
        title: Option<Option<String>>,
        body: Option<String>,
        tags: Option<&[String]>,
        notebook_id: Option<Option<Uuid>>,
        pinned: Option<bool>,
        state: Option<State>,
    ) -> Result<Self> {
        if let Some(body) = &body {
            check_body(body)?;
        }
        let mut wrong = Vec::new();
        let title = title.map(|t| check_title(t, &mut wrong));
        let tags = tags.map(|t| check_tags(t, &mut wrong));
        if state == Some(State::Trashed) {
            let detail = "to move a note to the trash, DELETE it".to_owned();
            wrong.push(FieldError { field: "state".into(), detail });
        }
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        Ok(Self { title, body, tags, notebook_id, pinned, state })
    }
}

/// What a conditional write demands of the note that it finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Precondition {
    /// `*`: overwrite on purpose.
    Any,
    /// One of these versions, as [`version_text`] writes them.
    OneOf(Vec<String>),
}

impl Precondition {
    /// Whether `version` meets it.
    pub fn met_by(&self, version: Uuid) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(versions) => versions.contains(&version_text(version)),
        }
    }
}

/// What came of a conditional write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Done; the note as it is now.
    Done(Note),
    /// Refused: somebody else was faster. The note as it is.
    Stale(Note),
}

/// Values that a write needs and must not draw inside its closure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draws {
    /// Whose note.
    pub owner: UserId,
    /// The time.
    pub now: Timestamp,
    /// The version that the note will have.
    pub version: Uuid,
    /// Ids for tags that do not exist yet, one for each name sent.
    pub tag_ids: Vec<Uuid>,
}

/// A version as the contract writes it: 32 hexadecimal digits.
pub fn version_text(version: Uuid) -> String {
    version.simple().to_string()
}

fn check_body(body: &str) -> Result<()> {
    if body.len() > MAX_BODY_BYTES {
        return Err(Error::TooLarge { limit: MAX_BODY_BYTES });
    }
    if body.contains('\0') {
        return Err(Error::malformed("body", "must not contain U+0000"));
    }
    Ok(())
}

fn check_title(title: Option<String>, wrong: &mut Vec<FieldError>) -> Option<String> {
    let title = title.filter(|t| !t.trim().is_empty())?;
    let mut refuse = |detail: String| wrong.push(FieldError { field: "title".into(), detail });
    if title.chars().count() > MAX_TITLE_CHARS {
        refuse(format!("must be at most {MAX_TITLE_CHARS} characters"));
    } else if title.chars().any(char::is_control) {
        refuse("must not contain line breaks or other control characters".into());
    }
    Some(title)
}

fn check_tags(tags: &[String], wrong: &mut Vec<FieldError>) -> Vec<TagName> {
    let mut refuse = |detail: String| wrong.push(FieldError { field: "tags".into(), detail });
    // Before anything is looked at: comparing each with all others is for a hundred names, not for a hundred thousand.
    if tags.len() > MAX_TAGS {
        refuse(format!("must be at most {MAX_TAGS}"));
        return Vec::new();
    }
    let mut names: Vec<TagName> = Vec::with_capacity(tags.len());
    for tag in tags {
        match TagName::parse(tag) {
            Ok(name) if names.iter().any(|n| n.key() == name.key()) => {}
            Ok(name) => names.push(name),
            Err(why) => refuse(format!("`{}` {why}", shortened(tag))),
        }
    }
    names.sort_by(|a, b| a.key().cmp(b.key()));
    names
}

/// A name as far as a message needs it.
fn shortened(tag: &str) -> Cow<'_, str> {
    match tag.char_indices().nth(crate::tags::MAX_NAME_CHARS) {
        Some((end, _)) => Cow::Owned(format!("{}…", &tag[..end])),
        None => Cow::Borrowed(tag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(title: &str, body: &str, tags: &[&str]) -> Result<Content> {
        let tags: Vec<String> = tags.iter().map(|t| (*t).to_owned()).collect();
        Content::new(Some(title.into()), body.into(), &tags, None, false)
    }

    #[test]
    fn a_blank_title_counts_as_none_and_tags_that_differ_in_case_are_one() {
        let c = content("  ", "text", &["Work", "work", "a/b"]).unwrap();
        assert_eq!(c.title, None);
        assert_eq!(c.tags.iter().map(TagName::as_str).collect::<Vec<_>>(), ["a/b", "Work"]);
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let Err(Error::Invalid(errors)) = content(&"x".repeat(501), "text", &["", "a//b"]) else { panic!("accepted") };
        assert_eq!(errors.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["title", "tags", "tags"]);
    }

    #[test]
    fn too_many_tags_are_refused_in_one_sentence() {
        let tags: Vec<String> = (0..200_000).map(|n| format!("{n}//")).collect();
        let Err(Error::Invalid(errors)) = Content::new(None, String::new(), &tags, None, false) else {
            panic!("accepted")
        };
        assert_eq!(errors.len(), 1);
    }

    #[test]
    fn a_refusal_repeats_only_the_beginning_of_a_long_name() {
        let Err(Error::Invalid(errors)) = content("t", "", &[&"long".repeat(10_000)]) else { panic!("accepted") };
        assert!(errors[0].detail.len() < 200, "{}", errors[0].detail);
    }

    #[test]
    fn a_body_may_have_exactly_one_mebibyte() {
        assert!(content("t", &"x".repeat(MAX_BODY_BYTES), &[]).is_ok());
        assert!(matches!(content("t", &"x".repeat(MAX_BODY_BYTES + 1), &[]), Err(Error::TooLarge { .. })));
        assert!(matches!(content("t", "a\0b", &[]), Err(Error::Malformed(_))));
    }
}
