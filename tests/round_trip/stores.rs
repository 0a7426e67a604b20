//! Generated stores: what people write, and what breaks programs that write files.

use inkstone::notebooks::NotebookName;
use inkstone::tags::TagName;
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Fate {
    #[default]
    Active,
    Archived,
    Trashed,
    TrashedArchived,
    Restored,
}

impl Fate {
    pub(crate) fn is_archived(self) -> bool {
        matches!(self, Self::Archived | Self::TrashedArchived)
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct NoteSpec {
    pub(crate) title: Option<String>,
    pub(crate) body: String,
    pub(crate) tags: Vec<String>,
    /// One of those that were made.
    pub(crate) notebook: Option<usize>,
    pub(crate) notebook_id: Option<Uuid>,
    pub(crate) pinned: bool,
    pub(crate) fate: Fate,
    pub(crate) created: i64,
    pub(crate) updated: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct StoreSpec {
    /// Name, parent, place.
    pub(crate) notebooks: Vec<(String, Option<usize>, Option<i64>)>,
    pub(crate) notes: Vec<NoteSpec>,
}

const NAMES: [&str; 40] = [
    "..",
    ".",
    "...",
    ".git",
    "~",
    "-rf",
    "CON",
    "con.md",
    "nul",
    "COM1",
    "LPT¹.txt",
    "a/b\\c:d*e?f\"g<h>i|j",
    "trailing dot.",
    "Tea",
    "tea",
    "TEA",
    "Tea.md",
    "Tea (2)",
    "Cafe\u{301}",
    "Café",
    "👩‍👩‍👧‍👦🇫🇷",
    "שלום: עולם",
    "\u{202e}gpj.exe",
    "\u{feff}mark",
    "\u{2028}line\u{2029}",
    "\u{fffe}\u{ffff}\u{10ffff}",
    "日本語のとても長い題名",
    "__MACOSX",
    "inkstone-export.json",
    "README.txt",
    "notes",
    "trash",
    "---",
    "key: value # no comment",
    "\"quoted\" 'twice' \\n \\u0041",
    "- item",
    "[a, b] {c: d} &e *f !g %h @i `j",
    "yes",
    "2026-01-01",
    "~null",
];

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned),
        2 => "\\PC{1,40}",
        1 => Just("語".repeat(100)),
        1 => Just("𝔘".repeat(100)),
    ]
}

fn title() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        3 => name().prop_map(Some),
        2 => Just(None),
        1 => Just(Some("x".repeat(500))),
        1 => Just(Some("\u{ffff}".repeat(500))),
        1 => Just(Some(" \u{a0}spaces around\u{3000} ".to_owned())),
    ]
}

fn body() -> impl Strategy<Value = String> {
    let hard = vec![
        "",
        "\n",
        "# A heading\n\ntext\n",
        "# Windows\r\n\r\nlines\r\n",
        "---\ntitle: mine\ntags: [a]\n---\nfront matter of its own",
        "---\r\ninkstone: 1\r\nid: 00000000-0000-0000-0000-000000000001\r\n---\r\nthat looks like ours",
        "---\n",
        "+++\ntitle = 'x'\n+++\n",
        "\u{feff}a mark first",
        "\u{feff}---\ntitle: x\n---\n",
        "no line feed at the end",
        "old\rmac\rlines",
        "\u{1}\u{7f}\u{85}\u{2028} controls",
        "  leading and trailing  \n\n\n",
    ];
    prop_oneof![
        4 => prop::sample::select(hard).prop_map(str::to_owned),
        2 => "(?s).{0,80}".prop_map(|text| text.replace('\0', "")),
        1 => Just("long ".repeat(4000)),
    ]
}

fn tag() -> impl Strategy<Value = String> {
    let hard = vec![
        "work",
        "Work",
        "a/b",
        "A / b",
        "#hash",
        "c, d",
        "été",
        "e\u{301}te\u{301}",
        "yes",
        "2026",
        "[x]",
        "\"q\"",
        "\u{feff}m",
        "\\",
        "'",
        "a: b",
        "\u{fffe}",
    ];
    prop_oneof![4 => prop::sample::select(hard).prop_map(str::to_owned), 1 => "\\PC{1,20}"]
        .prop_filter("a tag's name", |tag| TagName::parse(tag).is_ok())
}

fn fate() -> impl Strategy<Value = Fate> {
    prop::sample::select(vec![
        Fate::Active,
        Fate::Active,
        Fate::Archived,
        Fate::Trashed,
        Fate::TrashedArchived,
        Fate::Restored,
    ])
}

/// Microseconds: now, before 1970, before the year 0, after 2107, at odd ones.
fn time() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => 1_500_000_000_000_000..1_800_000_000_000_000_i64,
        1 => prop::sample::select(vec![0, -1, 1, -62_200_000_000_000_001, 9_000_000_000_000_007, 253_402_200_000_000_000]),
    ]
}

fn note() -> impl Strategy<Value = NoteSpec> {
    let times = (time(), time());
    (title(), body(), vec(tag(), 0..5), weighted(0.7, 0..8_usize), any::<bool>(), fate(), times).prop_map(
        |(title, body, tags, notebook, pinned, fate, (created, updated))| NoteSpec {
            title,
            body,
            tags,
            notebook,
            notebook_id: None,
            pinned,
            fate,
            created,
            updated,
        },
    )
}

pub(crate) fn store() -> impl Strategy<Value = StoreSpec> {
    let notebook = (
        name().prop_filter("a notebook's name", |name| NotebookName::parse(name).is_ok()),
        weighted(0.6, 0..8_usize),
        weighted(0.3, 0..4_i64),
    );
    (vec(notebook, 0..12), vec(note(), 0..25)).prop_map(|(notebooks, notes)| StoreSpec { notebooks, notes })
}
