//! Reading back what `export` has written: the file of a note that carries the mark of our format in its front matter.
//!
//! The mark counts wherever the file is met: in our archive, in a folder that it was unpacked to, or by itself. People go on
//! working on such files, so this reads any YAML, takes what other programs make of our keys, and leaves keys that are not
//! ours in the text of the note.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::Reason;
use super::front_matter::{Block, FrontMatter, take_time, text_of};
use crate::clock::Timestamp;
use crate::export::manifest::{KEYS, MARK, VERSION};

/// Longest block that is looked at: a hundred tags of a hundred characters, each escaped, and the longest title.
pub(super) const MAX_BLOCK: usize = 128 * 1024;

/// What a marked file says.
#[derive(Debug, Default)]
pub(super) struct Exported {
    pub(super) title: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) created: Option<Timestamp>,
    pub(super) updated: Option<Timestamp>,
    pub(super) pinned: bool,
    pub(super) archived: bool,
    pub(super) trashed: bool,
    pub(super) trashed_at: Option<Timestamp>,
    pub(super) notebook: Option<Uuid>,
    pub(super) id: Option<Uuid>,
    /// The text of the note.
    pub(super) body: String,
    /// What could not be understood, one sentence each.
    pub(super) remarks: Vec<String>,
}

/// Reads a marked file; `None` for any other.
pub(super) fn read(text: &str) -> Option<Result<Exported, Reason>> {
    let block = Block::find(text, MAX_BLOCK)?;
    if !block.yaml || !block.inside.lines().any(|line| key_of(line).as_deref() == Some(MARK)) {
        return None;
    }
    let keys = block.parse()?;
    match keys.get(MARK)?.as_u64()? {
        VERSION => Some(Ok(understood(&keys, &block))),
        newer if newer > VERSION => Some(Err(Reason::Newer)),
        _ => None,
    }
}

fn understood(keys: &Map<String, Value>, block: &Block<'_>) -> Exported {
    let mut note = Exported { body: body(block), ..Exported::default() };
    let mut unclear = Vec::new();
    note.title = keys.get("title").and_then(text_of).filter(|title| !title.is_empty());
    match keys.get("tags") {
        // As they are: a tag may begin with a hash or have spaces in it.
        Some(Value::Array(tags)) => note.tags = tags.iter().filter_map(text_of).collect(),
        Some(_) => {
            let mut loose = FrontMatter::default();
            if !loose.take_tags(keys) {
                unclear.push("tags");
            }
            note.tags = loose.tags;
        }
        None => {}
    }
    for (key, into) in
        [("created", &mut note.created), ("updated", &mut note.updated), ("trashed", &mut note.trashed_at)]
    {
        if !take_time(keys, &[key], into) {
            unclear.push(key);
        }
    }
    for (key, into) in [("notebook", &mut note.notebook), ("id", &mut note.id)] {
        if let Some(value) = keys.get(key).filter(|value| !value.is_null()) {
            *into = value.as_str().and_then(|text| Uuid::parse_str(text).ok());
            if into.is_none() {
                unclear.push(key);
            }
        }
    }
    let word = |key: &str| keys.get(key).and_then(Value::as_str).unwrap_or_default();
    note.pinned = keys.get("pinned").and_then(Value::as_bool).unwrap_or(false);
    match word("state") {
        "" | "active" => {}
        "archived" => note.archived = true,
        "trashed" => (note.trashed, note.archived) = (true, word("before_trash") == "archived"),
        _ => unclear.push("state"),
    }
    note.remarks = unclear.iter().map(|key| format!("`{key}` in its front matter could not be read")).collect();
    note
}

/// The text behind the block; keys of others stay above it in a block of their own.
fn body(block: &Block<'_>) -> String {
    let mut others = String::new();
    let mut is_ours = true;
    for line in block.inside.split_inclusive('\n') {
        let goes_on = line.trim().is_empty() || line.starts_with([' ', '\t', '-', ']', '}']);
        if !goes_on {
            is_ours = key_of(line).is_some_and(|key| KEYS.contains(&key.as_str()));
        }
        if !is_ours {
            others.push_str(line);
        }
    }
    if others.trim().is_empty() { block.after.to_owned() } else { format!("---\n{others}---\n{}", block.after) }
}

/// The key that a line of a block begins with, in lower case.
fn key_of(line: &str) -> Option<String> {
    let (key, _) = line.split_once(':')?;
    Some(key.trim_end().trim_matches(['"', '\'']).to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "00000000-0000-0000-0000-000000000007";

    fn exported(text: &str) -> Exported {
        read(text).expect("marked").expect("of this version")
    }

    #[test]
    fn only_a_marked_file_is_ours() {
        for text in ["text", "---\ntitle: x\n---\n", "---\ninkstone: no\n---\n", "---\nx: |\n  inkstone: 1\n---\n"] {
            assert!(read(text).is_none(), "{text}");
        }
        assert!(matches!(read("---\ninkstone: 2\n---\n"), Some(Err(Reason::Newer))));
    }

    #[test]
    fn the_body_is_every_byte_behind_the_block() {
        for body in ["", "\n", "---\ntitle: mine\n---\ntext", "\u{feff}---\r\n", "a\r\nb\u{2028}\n\n", "---\n"] {
            let note = exported(&format!("---\nid: {ID}\ninkstone: 1\n---\n{body}"));
            assert_eq!((note.body.as_str(), note.id), (body, Uuid::parse_str(ID).ok()));
        }
    }

    #[test]
    fn texts_come_back_with_every_escape() {
        let note = exported(
            "---\ntitle: \"a \\\"b\\\" \\\\ \\uFEFF\\U0010FFFFé: #\"\ntags: [\"#a\", \"b , c\"]\ninkstone: 1\n---\n",
        );
        assert_eq!(note.title.as_deref(), Some("a \"b\" \\ \u{feff}\u{10ffff}é: #"));
        assert_eq!(note.tags, ["#a", "b , c"]);
    }

    #[test]
    fn what_an_editor_made_of_our_keys_is_still_understood() {
        let note = exported(
            "\u{feff}---\r\ntitle: Tea\r\ntags:\r\n  - one\r\n  - 2026\r\ncreated: 2020-01-01\r\nstate: trashed\r\n\
             before_trash: archived\r\naliases:\r\n  - Chai\r\ninkstone: 1\r\n---\r\nWater.",
        );
        assert_eq!((note.title.as_deref(), note.tags.len()), (Some("Tea"), 2));
        assert_eq!(note.created.map(|t| t.to_string()).as_deref(), Some("2020-01-01T00:00:00.000000Z"));
        assert!(note.trashed && note.archived);
        assert_eq!(note.body, "---\naliases:\r\n  - Chai\r\n---\nWater.", "a key of others stays in the text");
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let note = exported("---\nid: seven\ncreated: once\nstate: lost\ntags: {a: b}\ninkstone: 1\n---\nx");
        assert_eq!((note.id, note.remarks.len(), note.body.as_str()), (None, 4, "x"), "{:?}", note.remarks);
    }
}
