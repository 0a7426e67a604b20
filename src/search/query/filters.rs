//! Keys and what their values mean.

use super::ast::{Condition, Has, Is, ProblemKind};
use super::dates::Dates;
use crate::fold::name_key;

/// A word before a colon that means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Tag,
    In,
    Title,
    Is,
    Has,
    Created,
    Updated,
    Lang,
    /// None of them, one letter away from this one.
    Almost(&'static str),
}

const KEYS: [(&str, Key); 8] = [
    ("tag", Key::Tag),
    ("in", Key::In),
    ("title", Key::Title),
    ("is", Key::Is),
    ("has", Key::Has),
    ("created", Key::Created),
    ("updated", Key::Updated),
    ("lang", Key::Lang),
];

impl Key {
    /// The key of that name in any case, or the one that was probably meant.
    pub(super) fn named(name: &str) -> Option<Self> {
        let longest = KEYS.iter().map(|(known, _)| known.len()).max().unwrap_or(0);
        if name.is_empty() || name.len() > longest + 1 {
            return None;
        }
        let name = name.to_ascii_lowercase();
        let exact = KEYS.iter().find(|(known, _)| *known == name).map(|(_, key)| *key);
        exact.or_else(|| {
            // An edit is a letter more, less, other, or two that changed places.
            let near = KEYS.iter().find(|(known, _)| strsim::osa_distance(known, &name) == 1);
            near.map(|(known, _)| Self::Almost(known))
        })
    }
}

/// What a filter means, or why it means nothing.
pub(super) enum Meaning {
    Condition(Condition),
    /// Words that must stand in the title.
    InTitle,
    /// Taken literally, for this reason, and the same in a sentence.
    Broken(ProblemKind, String),
}

/// What `key:value` means. An empty value never means anything.
pub(super) fn meaning(key: Key, value: &str) -> Meaning {
    let value = value.trim();
    let said = match key {
        Key::Title if super::lexer::has_word(value) => return Meaning::InTitle,
        Key::Title | Key::Almost(_) => None,
        _ if value.is_empty() => None,
        Key::Tag => Some(name_key(value.trim_matches('/'))).filter(|name| !name.is_empty()).map(Condition::Tag),
        Key::In => Some(Condition::Notebook(name_key(value))),
        Key::Is => named(&Is::ALL, value).map(Condition::Is),
        Key::Has => named(&Has::ALL, value).map(Condition::Has),
        Key::Created => Dates::parse(value).map(Condition::Created),
        Key::Updated => Dates::parse(value).map(Condition::Updated),
        Key::Lang => language(value).map(Condition::Language),
    };
    said.map_or_else(|| broken(key), Meaning::Condition)
}

fn named<T: Copy>(known: &[(&str, T)], value: &str) -> Option<T> {
    known.iter().find(|(name, _)| name.eq_ignore_ascii_case(value)).map(|(_, value)| *value)
}

fn language(value: &str) -> Option<String> {
    let is_code = value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_code.then(|| value.to_ascii_lowercase())
}

/// What is wrong with a value, and the sentence that says which ones the key takes.
fn broken(key: Key) -> Meaning {
    let names = |names: &mut dyn Iterator<Item = &str>| names.collect::<Vec<_>>().join("`, `");
    let (kind, detail) = match key {
        Key::Tag => (ProblemKind::NoTag, "`tag:` wants the name of a tag.".to_owned()),
        Key::In => (ProblemKind::NoNotebook, "`in:` wants the name of a notebook.".to_owned()),
        Key::Title => (ProblemKind::NoTitle, "`title:` wants a word, a phrase or a group.".to_owned()),
        Key::Is => {
            let names = names(&mut Is::ALL.iter().map(|(name, _)| *name));
            (ProblemKind::NoState, format!("`is:` wants one of `{names}`."))
        }
        Key::Has => {
            let names = names(&mut Has::ALL.iter().map(|(name, _)| *name));
            (ProblemKind::NoContent, format!("`has:` wants one of `{names}`."))
        }
        Key::Created | Key::Updated => {
            let key = if key == Key::Created { "created" } else { "updated" };
            let detail = format!(
                "`{key}:` wants a date such as `2026`, `2026-03`, `>2026-03-14`, `2026-01..2026-02`, `7d`, `yesterday` or \
                 `last-month`."
            );
            (ProblemKind::NoDate, detail)
        }
        Key::Lang => (ProblemKind::NoLanguage, "`lang:` wants the two letters of a language, such as `de`.".to_owned()),
        Key::Almost(known) => (ProblemKind::UnknownKey, format!("There is no such filter; `{known}:` is one.")),
    };
    Meaning::Broken(kind, detail)
}
