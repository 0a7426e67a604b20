//! Keys and what their values mean.

use super::ast::{Condition, Has, Is};
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
    /// Taken literally, for the reason in this sentence.
    Broken(String),
}

/// What `key:value` means. An empty value never means anything.
pub(super) fn meaning(key: Key, value: &str) -> Meaning {
    let value = value.trim();
    let said = match key {
        Key::Almost(known) => return Meaning::Broken(format!("There is no such filter; `{known}:` is one.")),
        Key::Title if super::lexer::has_word(value) => return Meaning::InTitle,
        Key::Title => Err("`title:` wants a word, a phrase or a group.".to_owned()),
        _ if value.is_empty() => Err(wants(key)),
        Key::Tag => Ok(Condition::Tag(name_key(value.trim_matches('/')))),
        Key::In => Ok(Condition::Notebook(name_key(value))),
        Key::Is => named(&Is::ALL, value).map(Condition::Is).ok_or_else(|| wants(key)),
        Key::Has => named(&Has::ALL, value).map(Condition::Has).ok_or_else(|| wants(key)),
        Key::Created => Dates::parse(value).map(Condition::Created).ok_or_else(|| wants(key)),
        Key::Updated => Dates::parse(value).map(Condition::Updated).ok_or_else(|| wants(key)),
        Key::Lang => language(value).map(Condition::Language).ok_or_else(|| wants(key)),
    };
    match said {
        Ok(Condition::Tag(key)) if key.is_empty() => Meaning::Broken(wants(Key::Tag)),
        Ok(condition) => Meaning::Condition(condition),
        Err(detail) => Meaning::Broken(detail),
    }
}

fn named<T: Copy>(known: &[(&str, T)], value: &str) -> Option<T> {
    known.iter().find(|(name, _)| name.eq_ignore_ascii_case(value)).map(|(_, value)| *value)
}

fn language(value: &str) -> Option<String> {
    let is_code = value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_code.then(|| value.to_ascii_lowercase())
}

/// The sentence that says which values a key takes.
fn wants(key: Key) -> String {
    let names = |names: &mut dyn Iterator<Item = &str>| names.collect::<Vec<_>>().join("`, `");
    match key {
        Key::Tag => "`tag:` wants the name of a tag.".to_owned(),
        Key::In => "`in:` wants the name of a notebook.".to_owned(),
        Key::Is => format!("`is:` wants one of `{}`.", names(&mut Is::ALL.iter().map(|(name, _)| *name))),
        Key::Has => format!("`has:` wants one of `{}`.", names(&mut Has::ALL.iter().map(|(name, _)| *name))),
        Key::Created | Key::Updated => {
            let key = if key == Key::Created { "created" } else { "updated" };
            format!(
                "`{key}:` wants a date such as `2026`, `2026-03`, `>2026-03-14`, `2026-01..2026-02`, `7d`, `yesterday` or \
                 `last-month`."
            )
        }
        Key::Lang => "`lang:` wants the two letters of a language, such as `de`.".to_owned(),
        Key::Title | Key::Almost(_) => String::new(),
    }
}
