//! A planned note made to fit the rules of this server.
//!
//! Files obey no rules: a folder's name may be longer than a notebook's, a tag may hold a line break. What does not fit is cut
//! to fit and said so in a remark; the text itself is never touched.

use uuid::Uuid;

use super::{Kept, PlannedNote};
use crate::caller::UserId;
use crate::clock::{Ids, Timestamp};
use crate::error::{Error, Result};
use crate::notebooks::{self, NotebookName};
use crate::notes::{Content, Draws, MAX_TAGS, MAX_TITLE_CHARS, Past, State};
use crate::tags::{self, TagName};

/// Everything that the write needs, drawn and checked before it.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub(super) identity: Vec<u8>,
    /// A new id, for a note that brings none or cannot have its own.
    pub(super) id: Uuid,
    pub(super) content: Content,
    pub(super) past: Past,
    pub(super) kept: Option<Kept>,
    pub(super) notebook: Vec<(NotebookName, Uuid)>,
    pub(super) draws: Draws,
    /// What did not fit, one sentence each.
    pub remarks: Vec<String>,
}

impl Prepared {
    /// Checks `planned` and draws ids for what it may create.
    ///
    /// # Errors
    /// [`Error::TooLarge`] and [`Error::Malformed`] for a text that no note can hold.
    pub fn new(planned: PlannedNote, owner: UserId, ids: &Ids) -> Result<Self> {
        let mut remarks = planned.remarks;
        let identity = unhex(&planned.identity)?;
        let title = planned.title.map(|title| fit(&title, MAX_TITLE_CHARS, "the title", &mut remarks));
        let tags = fitting_tags(planned.tags, planned.kept.is_some(), &mut remarks);
        let mut notebook = Vec::new();
        for (depth, folder) in planned.notebook.iter().enumerate() {
            if depth + 1 >= notebooks::MAX_DEPTH {
                remarks.push(format!("the folder is nested deeper than {} notebooks", notebooks::MAX_DEPTH - 1));
                break;
            }
            notebook.push((fitting_name(folder, &mut remarks)?, ids.id()));
        }
        let draws =
            Draws { owner, now: ids.now(), version: ids.id(), tag_ids: tags.iter().map(|_| ids.id()).collect() };
        let former = if planned.archived { State::Archived } else { State::Active };
        let is_trashed = planned.kept.as_ref().is_some_and(|kept| kept.trashed);
        let since = planned.kept.as_ref().and_then(|kept| kept.trashed_at).map(Timestamp::from_micros);
        let past = Past {
            state: if is_trashed { State::Trashed } else { former },
            former,
            created_at: planned.created_at,
            updated_at: planned.updated_at,
            trashed_at: is_trashed.then(|| since.unwrap_or(draws.now)),
        };
        Ok(Self {
            identity,
            id: ids.id(),
            content: Content::new(title, planned.body, &tags, None, planned.pinned)?,
            past,
            kept: planned.kept,
            notebook,
            draws,
            remarks,
        })
    }

    /// Bytes that the write brings along, roughly.
    pub fn weight(&self) -> usize {
        self.content.body.len() * 2
    }
}

/// A name that a notebook can have.
pub(super) fn fitting_name(name: &str, remarks: &mut Vec<String>) -> Result<NotebookName> {
    let name = fit(name, notebooks::MAX_NAME_CHARS, "a folder's name", remarks);
    let name = if name.trim().is_empty() { "untitled".to_owned() } else { name };
    NotebookName::parse(&name)
}

/// At most `chars` characters, none of them a control character.
fn fit(text: &str, chars: usize, what: &str, remarks: &mut Vec<String>) -> String {
    let fitted: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(chars).collect();
    if fitted != text {
        remarks.push(format!("{what} was shortened or cleaned: {fitted}"));
    }
    fitted
}

/// `exact`: they were tags before, and are not tidied.
fn fitting_tags(tags: Vec<String>, exact: bool, remarks: &mut Vec<String>) -> Vec<String> {
    let mut kept = Vec::with_capacity(tags.len());
    for tag in tags {
        if kept.len() == MAX_TAGS {
            remarks.push(format!("more than {MAX_TAGS} tags: `{tag}` was left out"));
            continue;
        }
        if exact && TagName::parse(&tag).is_ok() {
            kept.push(tag);
            continue;
        }
        let parts: Vec<&str> = tag.split('/').map(str::trim).filter(|part| !part.is_empty()).collect();
        let name = fit(&parts.join("/"), tags::MAX_NAME_CHARS, "a tag", remarks);
        match TagName::parse(&name) {
            Ok(_) => kept.push(name),
            Err(why) => remarks.push(format!("the tag `{tag}` was left out: it {why}")),
        }
    }
    kept
}

fn unhex(text: &str) -> Result<Vec<u8>> {
    let wrong = || Error::malformed("identity", "64 hexadecimal digits");
    if text.len() != 64 || !text.is_ascii() {
        return Err(wrong());
    }
    (0..64).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| wrong())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_cut_and_said_and_the_text_stays() {
        let planned = PlannedNote {
            source: "a.md".into(),
            identity: "ab".repeat(32),
            title: Some("x".repeat(600)),
            body: "\u{feff}text\r\n".into(),
            tags: vec!["a//b".into(), "new\nline".into(), "/".into()],
            notebook: vec!["n".repeat(300), " ".into()],
            pinned: false,
            archived: true,
            created_at: Timestamp::from_micros(1),
            updated_at: Timestamp::from_micros(2),
            kept: None,
            remarks: Vec::new(),
        };
        let prepared = Prepared::new(planned, UserId(Uuid::nil()), &Ids::system()).unwrap();
        assert_eq!(prepared.content.body, "\u{feff}text\r\n");
        assert_eq!(prepared.content.tags.iter().map(TagName::as_str).collect::<Vec<_>>(), ["a/b", "new line"]);
        assert_eq!(prepared.notebook.len(), 2);
        assert_eq!(prepared.remarks.len(), 4, "{:?}", prepared.remarks);
    }
}
