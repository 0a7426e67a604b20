//! The note that a file becomes.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{MAX_FILE, MAX_READ, Reason, exported, front_matter};
use crate::clock::Timestamp;
use crate::notes::derive_title;

/// A note to be made, as it travels to whoever holds the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedNote {
    /// The file, as a path below the imported folder.
    pub source: String,
    /// SHA-256 in lower-case hex over path and content: an import that meets it again adds nothing.
    pub identity: String,
    /// `None` when the title follows from the text.
    pub title: Option<String>,
    /// The text, byte for byte.
    pub body: String,
    /// In the order of the file.
    pub tags: Vec<String>,
    /// Names of nested notebooks, outermost first; empty for none.
    pub notebook: Vec<String>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Whether it is archived.
    pub archived: bool,
    /// Not later than `updated_at`.
    #[serde(serialize_with = "write_time", deserialize_with = "read_time")]
    pub created_at: Timestamp,
    /// When the text last changed.
    #[serde(serialize_with = "write_time", deserialize_with = "read_time")]
    pub updated_at: Timestamp,
    /// What a note of ours brings along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
    /// What was not understood, one sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// What a note that was exported has beyond what any file can have. Its times stand as they were, whichever is later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The id that it had.
    pub id: Option<Uuid>,
    /// The notebook that it lay in. Where there is none of that id, the names in [`PlannedNote::notebook`] lead.
    pub notebook_id: Option<Uuid>,
    /// Whether it lay in the trash; [`PlannedNote::archived`] then tells where it goes back to.
    pub trashed: bool,
    /// Since when, in microseconds since 1970.
    pub trashed_at: Option<i64>,
}

/// [`plan`] for a file of whatever kind: one that `export` has written is known by its mark.
pub fn plan_any(source: &str, modified: Timestamp, content: Vec<u8>) -> Result<PlannedNote, Reason> {
    if content.len() as u64 > MAX_READ {
        return Err(Reason::TooLarge);
    }
    let Some(read) = std::str::from_utf8(&content).ok().and_then(exported::read) else {
        return plan(source, modified, content);
    };
    let note = read?;
    if note.body.len() as u64 > MAX_FILE {
        return Err(Reason::TooLarge);
    }
    if note.body.contains('\0') {
        return Err(Reason::HoldsNul);
    }
    let updated_at = note.updated.unwrap_or(modified);
    Ok(PlannedNote {
        source: source.to_owned(),
        // Not the path: the same note in another place is the same note.
        identity: identity("", &content),
        title: note.title,
        body: note.body,
        tags: note.tags,
        notebook: note.notebook.map_or(Vec::new(), |_| folders(source)),
        pinned: note.pinned,
        archived: note.archived,
        created_at: note.created.unwrap_or(modified.min(updated_at)),
        updated_at,
        kept: Some(Kept {
            id: note.id,
            notebook_id: note.notebook,
            trashed: note.trashed,
            trashed_at: note.trashed_at.map(Timestamp::micros),
        }),
        remarks: note.remarks,
    })
}

fn folders(source: &str) -> Vec<String> {
    source.rsplit_once('/').map_or(Vec::new(), |(folders, _)| folders.split('/').map(str::to_owned).collect())
}

/// Settles the note of the file at `source` (a path with `/` below the imported folder), last changed at `modified`.
pub fn plan(source: &str, modified: Timestamp, content: Vec<u8>) -> Result<PlannedNote, Reason> {
    if content.len() as u64 > MAX_FILE {
        return Err(Reason::TooLarge);
    }
    let identity = identity(source, &content);
    let text = String::from_utf8(content).map_err(|_| Reason::NotUtf8)?;
    // PostgreSQL cannot hold it, so no note may.
    if text.contains('\0') {
        return Err(Reason::HoldsNul);
    }
    let read = front_matter::read(&text);
    let title = title(&read, source);
    let updated_at = read.updated.unwrap_or(modified);
    let created_at = read.created.unwrap_or(modified.min(updated_at));
    Ok(PlannedNote {
        source: source.to_owned(),
        identity,
        title,
        tags: read.tags,
        notebook: folders(source),
        pinned: read.pinned,
        archived: read.archived,
        created_at,
        updated_at: updated_at.max(created_at),
        body: read.body.to_owned(),
        kept: None,
        remarks: Vec::new(),
    })
}

/// What the file calls itself, else its heading, else its name: in most collections the name of a file is the title of the note.
/// `None` where the body leads to the same title by itself.
fn title(read: &front_matter::FrontMatter<'_>, source: &str) -> Option<String> {
    if read.title.is_some() {
        return read.title.clone();
    }
    let title = heading(read.after).unwrap_or_else(|| {
        let name = source.rsplit('/').next().unwrap_or(source);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).trim();
        if stem.is_empty() { name } else { stem }.to_owned()
    });
    (derive_title(read.body) != title).then_some(title)
}

/// The heading that a text begins with, or one of the first level near its top; a section further down names no text.
fn heading(text: &str) -> Option<String> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().skip_while(|line| line.trim().is_empty());
    let first = lines.next()?.trim();
    let depth = first.bytes().take_while(|b| *b == b'#').count();
    let marked = (1..=6).contains(&depth) && first[depth..].starts_with([' ', '\t']);
    let rule = lines.next().map_or("", str::trim);
    let underlined = !rule.is_empty() && (rule.bytes().all(|b| b == b'=') || rule.bytes().all(|b| b == b'-'));
    let title = if marked || underlined {
        derive_title(first)
    } else {
        let derived = derive_title(text);
        let is_top = |line: &str| line.starts_with("# ") && derive_title(line) == derived;
        if text.lines().take(64).any(is_top) { derived } else { return None }
    };
    (!title.is_empty()).then_some(title)
}

fn identity(source: &str, content: &[u8]) -> String {
    use std::fmt::Write;
    let digest = Sha256::new().chain_update(source).chain_update([0]).chain_update(content).finalize();
    digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing into a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn write_time<S: Serializer>(time: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(time)
}

fn read_time<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(from)?;
    Timestamp::parse(&text).ok_or_else(|| serde::de::Error::custom("not an RFC 3339 time"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODIFIED: Timestamp = Timestamp::from_micros(1_772_357_400_123_456);

    fn planned(source: &str, text: &str) -> PlannedNote {
        plan(source, MODIFIED, text.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn folders_become_notebooks_and_the_text_is_kept_byte_for_byte() {
        let text = "# Tea\r\n\r\ntrailing spaces  \n\ttab\u{a0}\u{2028}no last line feed";
        let note = planned("kitchen/drinks/tea.md", text);
        assert_eq!(note.notebook, ["kitchen", "drinks"]);
        assert_eq!(note.body, text);
        assert_eq!((note.created_at, note.updated_at), (MODIFIED, MODIFIED));
        assert_eq!(planned("tea.md", text).notebook, [""; 0]);
    }

    #[test]
    fn the_title_is_stated_else_the_heading_else_the_file_name() {
        let shown = |text: &str| {
            let note = planned("a/Shopping list.md", text);
            note.title.unwrap_or_else(|| format!("derived: {}", derive_title(&note.body)))
        };
        assert_eq!(shown("---\ntitle: Stated\n---\n# Heading\n"), "Stated");
        assert_eq!(shown("\n\n## The *heading* ##\n\n# Later\n"), "derived: The heading");
        assert_eq!(shown("[![badge](a.svg)](b)\n\n# Heading\n"), "derived: Heading");
        assert_eq!(shown("Heading\n=======\n\n## Section\n"), "Heading");
        assert_eq!(shown("---\nkey: kept\n---\n# Heading ##\n"), "derived: Heading");
        assert_eq!(shown("+++\nkey = 'kept'\n+++\n- milk\n"), "Shopping list");
        for text in ["- milk\n", "", "#nospace\n", "####### seven\n", "#\n", "words\n\n---\n", "- milk\n\n## Later\n"] {
            assert_eq!(shown(text), "Shopping list", "{text:?}");
        }
        assert_eq!(planned("x/.md", "- milk").title.as_deref(), Some(".md"));
    }

    #[test]
    fn a_note_is_never_created_after_it_was_updated() {
        let times = |keys: &str| {
            let note = planned("a.md", &format!("---\n{keys}\n---\n"));
            assert!(note.created_at <= note.updated_at);
            (note.created_at.year(), note.updated_at.year())
        };
        assert_eq!(times("created: 2020-01-01\nupdated: 2021-01-01"), (2020, 2021));
        assert_eq!(times("created: 2020-01-01"), (2020, 2026));
        assert_eq!(times("updated: 2020-01-01"), (2020, 2020));
        assert_eq!(times("created: 2030-01-01"), (2030, 2030));
        assert_eq!(times("created: 2022-01-01\nupdated: 2021-01-01"), (2022, 2022));
    }

    #[test]
    fn what_no_note_can_hold_is_refused_with_its_reason() {
        let refused = |content: Vec<u8>| plan("a.md", MODIFIED, content).unwrap_err();
        assert_eq!(refused(vec![0xff, 0xfe, b'a', 0]), Reason::NotUtf8);
        assert_eq!(refused(b"a\0b".to_vec()), Reason::HoldsNul);
        assert_eq!(refused(vec![b'a'; MAX_FILE as usize + 1]), Reason::TooLarge);
        assert!(plan("a.md", MODIFIED, vec![b'a'; MAX_FILE as usize]).is_ok());
    }

    #[test]
    fn the_identity_follows_path_and_content_alone() {
        let one = planned("a.md", "x").identity;
        assert_eq!(one, plan("a.md", Timestamp::default(), b"x".to_vec()).unwrap().identity);
        assert_ne!(one, planned("b.md", "x").identity);
        assert_ne!(one, planned("a.md", "y").identity);
        assert_eq!(one.len(), 64);
    }

    #[test]
    fn a_planned_note_survives_its_journey_as_json() {
        let note = planned("a/b.md", "---\ntags: x\ncreated: 2020-01-01\n---\ntext");
        let json = serde_json::to_string(&note).unwrap();
        assert_eq!(serde_json::from_str::<PlannedNote>(&json).unwrap(), note);
        assert!(json.contains("\"created_at\":\"2020-01-01T00:00:00.000000Z\""), "{json}");
    }
}
