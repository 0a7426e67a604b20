//! File names for titles and notebooks: what every file system takes, and a person still recognises.
//!
//! Names are for people alone. An import of the archive reads titles, notebooks and ids from the front matter and the manifest,
//! so a name may be shortened, cleaned and numbered here without anything being lost.
//!
//! What a reader would get wrong: a folder and a file in one place share one set of names (a notebook called `a.md` beside a
//! note called `a`), and names that differ by case or by composition of accents are the same name on Windows and macOS.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use uuid::Uuid;

use super::manifest::{NOTES, TRASH};
use crate::fold::name_key;
use crate::notebooks::Notebook;

/// Longest file name in bytes, ending and number included. File systems take 255 (some that encrypt 143).
const FILE_BYTES: usize = 120;
/// Longest folder below [`NOTES`] in bytes, all levels together: with the file some 230, and Windows takes 260 characters.
const FOLDER_BYTES: usize = 100;
/// A level that would get less than this is not nested further, but put beside.
const LEAST_BYTES: usize = 12;
/// The ending of a note.
const ENDING: &str = ".md";
/// In place of a name that nothing is left of.
const UNTITLED: &str = "Untitled";

/// Names given out so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By a hash of folder and folded name, the last number given to it. Two names that share a hash by chance get different
    /// numbers without need, which harms nobody; the names themselves would cost many times the memory.
    taken: HashMap<u64, u32>,
    folders: HashMap<Uuid, String>,
}

impl Names {
    /// Finds folders for a whole tree, in which each notebook stands behind its parent.
    pub(super) fn of(notebooks: &[Notebook]) -> Self {
        let mut names = Self::default();
        for notebook in notebooks {
            let parent = notebook.parent_id.and_then(|id| names.folders.get(&id)).map_or("", String::as_str).to_owned();
            let folder = names.folder_in(&parent, &notebook.name);
            names.folders.insert(notebook.id, folder);
        }
        names
    }

    /// The folder of a notebook, below [`NOTES`] and [`TRASH`]; empty for none.
    pub(super) fn folder(&self, notebook: Option<Uuid>) -> &str {
        notebook.and_then(|id| self.folders.get(&id)).map_or("", String::as_str)
    }

    fn folder_in(&mut self, parent: &str, name: &str) -> String {
        let mut parent = parent;
        let room = |parent: &str| FOLDER_BYTES.saturating_sub(parent.len() + usize::from(!parent.is_empty()));
        while room(parent) < LEAST_BYTES {
            parent = parent.rsplit_once('/').map_or("", |(above, _)| above);
        }
        let name = self.free(&joined(NOTES, parent), name, "", room(parent));
        self.taken.insert(place(&joined(TRASH, parent), &name), 1);
        joined(parent, &name)
    }

    /// The path in the archive of a note called `title`.
    pub(super) fn file(&mut self, notebook: Option<Uuid>, trashed: bool, title: &str) -> String {
        let folder = joined(if trashed { TRASH } else { NOTES }, self.folder(notebook));
        let name = self.free(&folder, title, ENDING, FILE_BYTES);
        joined(&folder, &name)
    }

    /// A name in `folder` that nothing else has.
    fn free(&mut self, folder: &str, text: &str, ending: &str, most: usize) -> String {
        let mut name = format!("{}{ending}", clean(text, most - ending.len()));
        let plain = place(folder, &name);
        let Some(mut number) = self.taken.get(&plain).copied() else {
            self.taken.insert(plain, 1);
            return name;
        };
        let mut here = plain;
        while self.taken.contains_key(&here) {
            number += 1;
            let end = format!(" ({number}){ending}");
            name = format!("{}{end}", clean(text, most.saturating_sub(end.len())));
            here = place(folder, &name);
        }
        self.taken.insert(plain, number);
        self.taken.insert(here, 1);
        name
    }
}

fn joined(folder: &str, name: &str) -> String {
    match (folder, name) {
        ("", one) | (one, "") => one.to_owned(),
        (folder, name) => format!("{folder}/{name}"),
    }
}

/// The same for names that a file system takes for the same. `DefaultHasher::new` has fixed keys: one store, one archive.
fn place(folder: &str, name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (folder, name_key(name)).hash(&mut hasher);
    hasher.finish()
}

/// At most `most` bytes of `text` that Windows, macOS and Linux take as a name, and that neither hide a file nor turn the line
/// around that it is listed in.
fn clean(text: &str, most: usize) -> String {
    let mut name: String =
        text.chars().filter(|c| !is_unseen(*c)).map(|c| if is_refused(c) { '_' } else { c }).collect();
    // A name that begins with a dot is hidden, and `..` is none.
    if name.trim_start().starts_with('.') {
        name = format!("_{}", name.trim_start());
    }
    name = cut(ended(&name), most);
    // Looked at last: what is left of a long name may be a device's.
    if is_reserved(&name) {
        name = cut(&format!("_{name}"), most);
    }
    if name.is_empty() { UNTITLED.to_owned() } else { name }
}

/// The first `most` bytes of a name, ended as a name ends.
fn cut(name: &str, most: usize) -> String {
    let end = (0..=most.min(name.len())).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0);
    ended(&name[..end]).to_owned()
}

/// Without what Windows drops at an end, and without a joiner that has lost what it joined.
fn ended(name: &str) -> &str {
    name.trim_start().trim_end_matches(|c: char| c.is_whitespace() || c == '.' || c == '\u{200d}')
}

fn is_refused(c: char) -> bool {
    c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
}

/// Marks of direction, separators of lines, byte order marks, and code points that are no characters. The joiners stay: words of
/// some scripts and half of all emoji are made with them.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '\u{fdd0}'..='\u{fdef}' | '\u{fff9}'..='\u{fffc}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Whether Windows takes the name for a device, whatever follows its first dot.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_uppercase();
    if ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&stem.as_str()) {
        return true;
    }
    let number = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    number.is_some_and(|n| matches!(n.chars().collect::<Vec<_>>()[..], ['0'..='9' | '¹' | '²' | '³']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    fn notebook(id: u128, parent: Option<u128>, name: &str) -> Notebook {
        Notebook {
            id: Uuid::from_u128(id),
            name: name.into(),
            parent_id: parent.map(Uuid::from_u128),
            position: 0,
            count: 0,
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
        }
    }

    fn files(titles: &[&str]) -> Vec<String> {
        let mut names = Names::default();
        titles.iter().map(|title| names.file(None, false, title)).collect()
    }

    #[test]
    fn what_is_left_of_a_long_name_is_no_device_either() {
        assert_eq!(clean(&format!("CON{}x", " ".repeat(200)), 100), "_CON");
        assert_eq!(clean(&format!("nul.{}", "x".repeat(200)), 20).len(), 20);
        assert!(clean(&format!("nul.{}", "x".repeat(200)), 20).starts_with("_nul."));
    }

    #[test]
    fn titles_that_file_systems_take_are_names_as_they_are() {
        for title in ["Tea", "Été à la mer", "日本語", "שלום עולם", "👩‍👩‍👧 family", "a.b", "100 %", "#tag [x]", "~"]
        {
            assert_eq!(files(&[title]), [format!("notes/{title}.md")]);
        }
    }

    #[test]
    fn what_a_file_system_refuses_is_replaced() {
        for (title, name) in [
            ("a/b\\c:d*e?f\"g<h>i|j", "a_b_c_d_e_f_g_h_i_j"),
            ("", "Untitled"),
            (" . ", "_"),
            ("..", "_"),
            (".hidden", "_.hidden"),
            ("dots... ", "dots"),
            ("CON", "_CON"),
            ("con.txt", "_con.txt"),
            ("Lpt9", "_Lpt9"),
            ("com³", "_com³"),
            ("COM10", "COM10"),
            ("console", "console"),
            ("\u{feff}a\u{202e}b\u{2028}\u{fffe}c", "abc"),
            ("tab\tnew\nline", "tab_new_line"),
        ] {
            assert_eq!(files(&[title]), [format!("notes/{name}.md")], "{title:?}");
        }
    }

    #[test]
    fn names_that_some_file_system_takes_for_the_same_are_numbered() {
        assert_eq!(
            files(&["Tea", "tea", "TEA", "Tea (2)", "Cafe\u{301}", "café", "a:b", "a?b"]),
            [
                "notes/Tea.md",
                "notes/tea (2).md",
                "notes/TEA (3).md",
                "notes/Tea (2) (2).md",
                "notes/Cafe\u{301}.md",
                "notes/café (2).md",
                "notes/a_b.md",
                "notes/a_b (2).md",
            ]
        );
    }

    #[test]
    fn long_names_are_cut_between_characters_and_still_differ() {
        let title = "語".repeat(300);
        let names = files(&[&title, &title]);
        assert!(names.iter().all(|n| n.len() <= "notes/".len() + FILE_BYTES && n.ends_with(".md")), "{names:?}");
        assert_ne!(names[0], names[1]);
    }

    #[test]
    fn notebooks_are_folders_beside_notes_of_the_same_name() {
        let tree = [
            notebook(1, None, "Work"),
            notebook(2, Some(1), ".."),
            notebook(3, None, "a.md"),
            notebook(4, None, "WORK"),
        ];
        let mut names = Names::of(&tree);
        assert_eq!(names.folder(Some(Uuid::from_u128(2))), "Work/_");
        assert_eq!(names.folder(Some(Uuid::from_u128(4))), "WORK (2)");
        assert_eq!(names.file(None, false, "a"), "notes/a (2).md");
        assert_eq!(names.file(Some(Uuid::from_u128(2)), true, "x"), "trash/Work/_/x.md");
    }

    #[test]
    fn the_deepest_nesting_of_the_longest_names_still_fits_a_path() {
        let name = "𝔘".repeat(100);
        let tree: Vec<Notebook> = (1..=20).map(|n| notebook(n, (n > 1).then(|| n - 1), &name)).collect();
        let mut names = Names::of(&tree);
        let mut seen = std::collections::HashSet::new();
        for notebook in &tree {
            assert!(seen.insert(names.folder(Some(notebook.id)).to_owned()));
            let path = names.file(Some(notebook.id), false, &name);
            assert!(path.len() <= "notes/".len() + FOLDER_BYTES + 1 + FILE_BYTES, "{path}");
        }
    }
}
