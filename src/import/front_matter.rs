//! What a Markdown file says about itself before its text: YAML between `---` lines (Jekyll, Obsidian, Pandoc) or TOML between
//! `+++` lines (Hugo).
//!
//! Title, tags, times, `pinned` and `archived` have places of their own in a note. When the block holds nothing else it is
//! taken off the text; when it holds anything more (another key, a comment, a time that cannot be read, a tag
//! that no note can have, two keys for one thing that disagree) the text keeps the whole block, and what was understood is used
//! all the same. Nothing is lost either way.

use serde_json::{Map, Value};

use crate::clock::Timestamp;
use crate::notes::{MAX_TAGS, MAX_TITLE_CHARS};
use crate::tags::TagName;

/// Blocks beyond this are left alone: no person writes them, and parsing costs memory.
const MAX_BLOCK: usize = 64 * 1024;

/// What was understood, and the text that is left.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FrontMatter<'a> {
    /// `title`.
    pub title: Option<String>,
    /// `tags`, `tag`, `keywords`; in order, without `#`, each once.
    pub tags: Vec<String>,
    /// `created`, `created_at`, `date`.
    pub created: Option<Timestamp>,
    /// `updated`, `updated_at`, `modified`, `last_modified`, `lastmod`.
    pub updated: Option<Timestamp>,
    /// `pinned`.
    pub pinned: bool,
    /// `archived`.
    pub archived: bool,
    /// The body of the note: the text after the block, or all of it.
    pub body: &'a str,
    /// The text after the block, whether or not the body keeps the block.
    pub after: &'a str,
}

/// Reads the block at the beginning of `text`, if there is one.
pub fn read(text: &str) -> FrontMatter<'_> {
    let none = FrontMatter { body: text, after: text, ..FrontMatter::default() };
    let Some(block) = Block::find(text, MAX_BLOCK) else { return none };
    let Some(keys) = block.parse() else { return none };
    let mut read = FrontMatter { after: block.after, ..none };
    // `#` after a space or line start opens a comment in both languages (or sits in a quoted text, where keeping is harmless).
    let mut whole = !block.inside.split(['\n', ' ', '\t']).any(|word| word.starts_with('#'));
    whole &= keys.keys().all(|key| UNDERSTOOD.contains(&key.as_str()));
    whole &= read.take_title(&keys);
    whole &= read.take_tags(&keys);
    whole &= take_time(&keys, &["created", "created_at", "date"], &mut read.created);
    whole &= take_time(&keys, &["updated", "updated_at", "modified", "last_modified", "lastmod"], &mut read.updated);
    whole &= take_switch(&keys, "pinned", &mut read.pinned);
    whole &= take_switch(&keys, "archived", &mut read.archived);
    if whole {
        read.body = block.after;
    }
    read
}

const UNDERSTOOD: [&str; 14] = [
    "title",
    "tags",
    "tag",
    "keywords",
    "created",
    "created_at",
    "date",
    "updated",
    "updated_at",
    "modified",
    "last_modified",
    "lastmod",
    "pinned",
    "archived",
];

/// A fenced block and what follows it.
pub(super) struct Block<'a> {
    pub(super) yaml: bool,
    pub(super) inside: &'a str,
    pub(super) after: &'a str,
}

impl<'a> Block<'a> {
    /// The block at the beginning of `text`, of at most `most` bytes.
    pub(super) fn find(text: &'a str, most: usize) -> Option<Self> {
        let start = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (first, rest) = start.split_once('\n')?;
        let yaml = match first.trim_end() {
            "---" => true,
            "+++" => false,
            _ => return None,
        };
        let mut end = 0;
        for line in rest.split_inclusive('\n') {
            let closes = match line.trim_end() {
                "---" | "..." => yaml,
                "+++" => !yaml,
                _ => false,
            };
            if closes {
                return Some(Self { yaml, inside: &rest[..end], after: &rest[end + line.len()..] });
            }
            end += line.len();
            if end > most {
                return None;
            }
        }
        None
    }

    /// The keys in lower case; `None` when this is no mapping of names, or an empty one (two rules above a text look like that).
    pub(super) fn parse(&self) -> Option<Map<String, Value>> {
        let keys: Map<String, Value> = if self.yaml {
            // By way of a mapping of its own kind, which refuses a key that comes twice.
            let mapping: serde_norway::Mapping = serde_norway::from_str(self.inside).ok()?;
            serde_norway::from_value(mapping.into()).ok()?
        } else {
            let table = self.inside.parse::<toml::Table>().ok()?;
            table.into_iter().map(|(key, value)| (key, json(value))).collect()
        };
        let count = keys.len();
        let lower: Map<String, Value> = keys.into_iter().map(|(k, v)| (k.to_lowercase(), v)).collect();
        // Two keys that differ by case alone: whichever is meant, one would be lost.
        (count > 0 && lower.len() == count).then_some(lower)
    }
}

fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(on) => on.into(),
        toml::Value::Datetime(time) => Value::String(time.to_string()),
        toml::Value::Array(items) => items.into_iter().map(json).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, json(value))).collect(),
    }
}

/// A word, number or switch as text; `None` for lists and mappings.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(on) => Some(on.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

// Each `take_*` answers whether all that the block says on the matter found its place.
impl FrontMatter<'_> {
    fn take_title(&mut self, keys: &Map<String, Value>) -> bool {
        match keys.get("title") {
            None | Some(Value::Null) => true,
            Some(value) => {
                let text = text_of(value);
                // A title is one line.
                let line = text.as_deref().map(|t| t.split_whitespace().collect::<Vec<_>>().join(" "));
                self.title = line.clone().filter(|t| !t.is_empty());
                let fits = |t: &String| t.chars().count() <= MAX_TITLE_CHARS && !t.contains(char::is_control);
                text.as_ref().is_some_and(fits) && text == line
            }
        }
    }

    pub(super) fn take_tags(&mut self, keys: &Map<String, Value>) -> bool {
        let mut whole = true;
        for value in ["tags", "tag", "keywords"].iter().filter_map(|key| keys.get(*key)) {
            match value {
                Value::Null => {}
                Value::Array(items) => {
                    for item in items {
                        match text_of(item) {
                            Some(text) => self.add_tag(&text),
                            None => whole = false,
                        }
                    }
                }
                // `a, b c` are two tags and `a b` are two tags: where there are commas, they separate.
                Value::String(text) if text.contains(',') => text.split(',').for_each(|tag| self.add_tag(tag)),
                Value::String(text) => text.split_whitespace().for_each(|tag| self.add_tag(tag)),
                Value::Number(_) | Value::Bool(_) => self.add_tag(&text_of(value).unwrap_or_default()),
                Value::Object(_) => whole = false,
            }
        }
        whole && self.tags.len() <= MAX_TAGS && self.tags.iter().all(|tag| TagName::parse(tag).is_ok())
    }

    fn add_tag(&mut self, text: &str) {
        let tag = text.trim().trim_start_matches('#').trim_matches('/').trim();
        if !tag.is_empty() && !self.tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase()) {
            self.tags.push(tag.to_owned());
        }
    }
}

/// The first readable time among `names`, which mean the same.
pub(super) fn take_time(keys: &Map<String, Value>, names: &[&str], into: &mut Option<Timestamp>) -> bool {
    let mut whole = true;
    for value in names.iter().filter_map(|name| keys.get(*name)) {
        match (time_of(value), *into) {
            (Some(time), None) => *into = Some(time),
            (Some(time), Some(first)) => whole &= time == first,
            (None, _) => whole &= value.is_null(),
        }
    }
    whole
}

fn take_switch(keys: &Map<String, Value>, name: &str, into: &mut bool) -> bool {
    match keys.get(name) {
        None | Some(Value::Null) => true,
        Some(Value::Bool(on)) => {
            *into = *on;
            true
        }
        Some(_) => false,
    }
}

fn time_of(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => time(text),
        // Seconds or milliseconds since 1970, told apart by size; smaller numbers are years or written dates.
        Value::Number(number) => match number.as_i64()? {
            n @ 100_000_000..100_000_000_000 => Some(Timestamp::from_micros(n * 1_000_000)),
            n @ 100_000_000_000..100_000_000_000_000 => Some(Timestamp::from_micros(n * 1000)),
            _ => None,
        },
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// `2026-03-01`, `2026-03-01 09:30`, `2026-03-01T09:30:00+01:00`, `2026-03-01 09:30:00 +0100`, `2026/03/01`,
/// `Sun, 01 Mar 2026 09:30:00 +0100`. Without an offset a time counts as UTC: where the file was written is not known.
fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let tidy = dashed(text);
    let tidy = tidy.replace(" UTC", "Z").replace(" GMT", "Z").replace(" Z", "Z").replace(" +", "+").replace(" -", "-");
    if let Some(time) = Timestamp::parse(&tidy) {
        return Some(time);
    }
    if !tidy.ends_with('Z')
        && let Ok(local) = tidy.parse::<jiff::civil::DateTime>()
    {
        let time = jiff::tz::TimeZone::UTC.to_timestamp(local).ok()?;
        return Some(Timestamp::from_micros(time.as_microsecond()));
    }
    let time = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(Timestamp::from_micros(time.as_microsecond()))
}

/// `2026/03/01` and `2026.03.01` with dashes.
fn dashed(text: &str) -> String {
    match text.get(..10).map(str::as_bytes) {
        Some(&[_, _, _, _, a, _, _, b, _, _]) if a == b && (a == b'/' || a == b'.') => {
            text[..10].replace(a as char, "-") + &text[10..]
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(text: &str) -> Option<String> {
        time(text).map(|t| t.to_string())
    }

    #[test]
    fn a_block_of_known_keys_is_taken_off() {
        let read = read("---\ntitle: Tea\ntags: [green, '#hot/black']\ndate: 2026-03-01\npinned: true\n---\nWater.\n");
        assert_eq!(read.title.as_deref(), Some("Tea"));
        assert_eq!(read.tags, ["green", "hot/black"]);
        assert_eq!(read.created.map(|t| t.to_string()).as_deref(), Some("2026-03-01T00:00:00.000000Z"));
        assert!(read.pinned && !read.archived);
        assert_eq!(read.body, "Water.\n");
    }

    #[test]
    fn toml_says_the_same_between_pluses() {
        let read = read("+++\ntitle = 'Tea'\ntags = ['a', 'b']\ndate = 2026-03-01T10:00:00+01:00\n+++\r\nWater.");
        assert_eq!((read.title.as_deref(), read.body), (Some("Tea"), "Water."));
        assert_eq!(read.created.map(|t| t.to_string()).as_deref(), Some("2026-03-01T09:00:00.000000Z"));
    }

    #[test]
    fn a_block_that_says_more_stays_in_the_text_and_is_used() {
        for extra in [
            "aliases: [Chai]",
            "# steep for five minutes",
            "date: next spring",
            "created: 2026-03-01\ndate: 2026-03-02",
            "pinned: maybe",
            "tags: [{a: b}]",
            "tags: [a//b]",
        ] {
            let text = format!("---\ntitle: Tea\n{extra}\n---\nWater.\n");
            let read = read(&text);
            assert_eq!(
                (read.title.as_deref(), read.body, read.after),
                (Some("Tea"), text.as_str(), "Water.\n"),
                "{extra}"
            );
        }
    }

    #[test]
    fn what_is_no_block_is_text() {
        for text in [
            "",
            "---",
            "---\n",
            "---\n---\nrule above",
            "---\nJust a rule\n\n---\nand another",
            "---\ntitle: never closed\n",
            "--- \ntitle: [\n---\n",
            "----\ntitle: a\n----\n",
            "\n---\ntitle: not first\n---\n",
            "---\ntitle: a\ntitle: b\n---\n",
            "---\ntitle: a\nTitle: b\n---\n",
            "---\n1: a\n---\n",
        ] {
            let read = read(text);
            assert_eq!((read.body, read.title), (text, None), "{text:?}");
        }
    }

    #[test]
    fn windows_lines_and_a_byte_order_mark_do_not_hide_the_block() {
        let read = read("\u{feff}---\r\ntitle: Tea\r\n---\r\nWater.\r\n");
        assert_eq!((read.title.as_deref(), read.body), (Some("Tea"), "Water.\r\n"));
    }

    #[test]
    fn tags_come_as_lists_commas_or_words() {
        let tags = |line: &str| read(&format!("---\n{line}\n---\n")).tags;
        assert_eq!(tags("tags: one two"), ["one", "two"]);
        assert_eq!(tags("tags: one, two words"), ["one", "two words"]);
        assert_eq!(tags("tags:\n  - one\n  - 2026\n  - One"), ["one", "2026"]);
        assert_eq!(tags("tag: '#a/b/'"), ["a/b"]);
        assert_eq!(tags("tags:"), [""; 0]);
    }

    #[test]
    fn times_of_common_shapes_are_read() {
        let nine = Some("2026-03-01T09:30:00.000000Z".to_owned());
        for text in [
            "2026-03-01T09:30:00Z",
            "2026-03-01 09:30",
            "2026-03-01T09:30:00",
            "2026-03-01 09:30:00 UTC",
            "2026-03-01 10:30:00 +0100",
            "2026-03-01T10:30:00+01:00",
            "2026/03/01 09:30",
            "Sun, 01 Mar 2026 10:30:00 +0100",
        ] {
            assert_eq!(micros(text), nine, "{text}");
        }
        for text in ["", "yesterday", "2026-13-01", "2026", "ééééé", "03/01/2026"] {
            assert_eq!(micros(text), None, "{text}");
        }
        assert_eq!(time_of(&1_772_357_400.into()).map(|t| t.to_string()), nine);
        assert_eq!(time_of(&1_772_357_400_000_i64.into()).map(|t| t.to_string()), nine);
        assert_eq!(time_of(&2026.into()), None);
    }

    #[test]
    fn a_block_that_unfolds_without_end_is_left_alone() {
        let mut text = "---\na: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for (next, last) in ('b'..='k').zip('a'..) {
            let refs = vec![format!("*{last}"); 10].join(", ");
            text += &format!("{next}: &{next} [{refs}]\n");
        }
        text += "---\nWater.";
        assert_eq!(read(&text).body, text);
    }
}
