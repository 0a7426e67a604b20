//! A note as a file: front matter that every editor shows, and below it the body, byte for byte.
//!
//! The front matter is YAML of one kind only: a line for each key, texts in double quotes with the escapes of JSON (which are
//! those of YAML too), lists in brackets. So it is read by any YAML parser, and could be by a program without one.

use std::fmt::Write;

use super::manifest::{MARK, VERSION};
use crate::notes::{Note, State};

/// Writes the file of a note. `former` is the state that it goes back to from the trash.
pub(super) fn write(note: &Note, former: State, out: &mut String) {
    out.push_str("---\n");
    if !note.title_derived {
        out.push_str("title: ");
        quoted(&note.title, out);
        out.push('\n');
    }
    if !note.tags.is_empty() {
        out.push_str("tags: [");
        for (n, tag) in note.tags.iter().enumerate() {
            if n > 0 {
                out.push_str(", ");
            }
            quoted(tag, out);
        }
        out.push_str("]\n");
    }
    // Writing into a text cannot fail.
    let _ = write!(out, "created: {}\nupdated: {}\n", note.created_at, note.updated_at);
    if note.pinned {
        out.push_str("pinned: true\n");
    }
    if note.state != State::Active {
        let _ = writeln!(out, "state: {}", note.state.as_str());
    }
    if let Some(at) = note.trashed_at {
        let _ = writeln!(out, "trashed: {at}");
    }
    if note.state == State::Trashed && former != State::Active {
        let _ = writeln!(out, "before_trash: {}", former.as_str());
    }
    if let Some(notebook) = note.notebook_id {
        let _ = writeln!(out, "notebook: {notebook}");
    }
    let _ = write!(out, "id: {}\n{MARK}: {VERSION}\n---\n", note.id);
    out.push_str(&note.body);
}

/// In double quotes. What an editor would not show, or a parser of YAML not take, is escaped.
fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if is_escaped(c) => {
                let _ = if u32::from(c) > 0xffff {
                    write!(out, "\\U{:08X}", u32::from(c))
                } else {
                    write!(out, "\\u{:04X}", u32::from(c))
                };
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

fn is_escaped(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{a0}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{feff}' | '\u{fdd0}'..='\u{fdef}')
        || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::clock::Timestamp;

    fn note() -> Note {
        Note {
            id: Uuid::from_u128(7),
            title: "Tea".into(),
            title_derived: true,
            body: "# Tea\r\n".into(),
            tags: Vec::new(),
            notebook_id: None,
            pinned: false,
            state: State::Active,
            version: Uuid::nil(),
            seq: 1,
            created_at: Timestamp::from_micros(1),
            updated_at: Timestamp::from_micros(1_772_357_400_123_456),
            trashed_at: None,
        }
    }

    fn written(note: &Note, former: State) -> String {
        let mut out = String::new();
        write(note, former, &mut out);
        out
    }

    #[test]
    fn a_plain_note_says_only_what_it_has() {
        assert_eq!(
            written(&note(), State::Active),
            "---\ncreated: 1970-01-01T00:00:00.000001Z\nupdated: 2026-03-01T09:30:00.123456Z\n\
             id: 00000000-0000-0000-0000-000000000007\ninkstone: 1\n---\n# Tea\r\n"
        );
    }

    #[test]
    fn everything_that_a_note_can_have_is_written() {
        let note = Note {
            title: "a \"b\" \\ \u{feff}\u{10ffff}é: #".into(),
            title_derived: false,
            tags: vec!["a/b".into(), "c, d".into()],
            notebook_id: Some(Uuid::from_u128(9)),
            pinned: true,
            state: State::Trashed,
            trashed_at: Some(Timestamp::from_micros(5)),
            body: "---\ntitle: x\n---\n".into(),
            ..note()
        };
        assert_eq!(
            written(&note, State::Archived),
            "---\ntitle: \"a \\\"b\\\" \\\\ \\uFEFF\\U0010FFFFé: #\"\ntags: [\"a/b\", \"c, d\"]\n\
             created: 1970-01-01T00:00:00.000001Z\nupdated: 2026-03-01T09:30:00.123456Z\npinned: true\nstate: trashed\n\
             trashed: 1970-01-01T00:00:00.000005Z\nbefore_trash: archived\nnotebook: 00000000-0000-0000-0000-000000000009\n\
             id: 00000000-0000-0000-0000-000000000007\ninkstone: 1\n---\n---\ntitle: x\n---\n"
        );
    }
}
