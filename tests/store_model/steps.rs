//! What people do, generated: a history is a list of these.
//!
//! Things are named by numbers into whatever exists at that moment, other people's things included, so that any history can be
//! cut and shrunk and still means something.

use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;

/// Which of two people.
pub(crate) type Who = usize;
/// Which of the things that exist; beyond them, one that does not.
pub(crate) type Pick = usize;

/// What a conditional write says.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Condition {
    None,
    Any,
    Current,
    Outdated,
}

#[derive(Debug, Clone)]
pub(crate) struct NoteParts {
    pub(crate) title: Option<String>,
    pub(crate) body: String,
    pub(crate) tags: Vec<String>,
    pub(crate) notebook: Option<Pick>,
    pub(crate) pinned: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct NoteEdit {
    pub(crate) title: Option<Option<String>>,
    pub(crate) body: Option<String>,
    pub(crate) tags: Option<Vec<String>>,
    pub(crate) notebook: Option<Option<Pick>>,
    pub(crate) pinned: Option<bool>,
    pub(crate) archived: Option<bool>,
}

#[derive(Debug, Clone)]
pub(crate) struct NotebookEdit {
    pub(crate) name: Option<String>,
    pub(crate) parent: Option<Option<Pick>>,
    pub(crate) position: Option<i64>,
}

/// How a write fails after its work is done.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Failure {
    Error,
    Panic,
    /// A statement fails and the closure goes on as if nothing were.
    Swallowed,
}

/// A step that is one write.
#[derive(Debug, Clone)]
pub(crate) enum Single {
    Create(NoteParts),
    Edit(Pick, Condition, NoteEdit),
    Trash(Pick, Condition),
    Restore(Pick),
    Purge(Pick, Condition),
    NewNotebook { name: String, parent: Option<Pick>, position: Option<i64> },
    EditNotebook(Pick, NotebookEdit),
}

/// A step of a history.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Single(Who, Single),
    Failing(Who, Single, Failure),
    RenameTag(Who, String, String),
    RemoveTag(Who, String),
    DeleteNotebook(Who, Pick, bool),
    Import(Who, usize),
    Wait(u64),
}

/// Files that an import may meet, some of them in the same folders and under the same tags as other steps use.
pub(crate) const FILES: [(&str, &str); 6] = [
    ("a.md", "# At the top\n\ntext"),
    ("one/b.md", "---\ntags: [Work, x/y]\n---\nIn a folder"),
    ("One/c.md", "---\ntags: [work]\npinned: true\n---\nIn the same folder, spelled otherwise"),
    ("one/two/d.md", "Deeper"),
    ("two/e.md", "---\narchived: true\ncreated: 2020-01-01\n---\nOld"),
    ("one/two/f.md", "---\ntitle: Stated\n---\n"),
];

/// Names that clash by case, composition and nesting.
fn tag() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["work", "Work", "WORK", "x/y", "X/y", "été", "e\u{301}te\u{301}", "z"])
        .prop_map(str::to_owned)
}

fn notebook_name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["one", "One", "two", "two (2)", "three", "Ärger"]).prop_map(str::to_owned)
}

fn title() -> impl Strategy<Value = Option<String>> {
    prop::sample::select(vec![None, Some("Same"), Some("same"), Some("Élan"), Some("elan"), Some(" "), Some("zebra 9")])
        .prop_map(|title: Option<&str>| title.map(str::to_owned))
}

fn body() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("# Heading\n\nand text\r\n".to_owned()),
        Just("same".to_owned()),
        "[a-c ü\n]{0,12}",
        Just("long ".repeat(1000)),
    ]
}

fn pick() -> impl Strategy<Value = Pick> {
    0..12_usize
}

fn condition() -> impl Strategy<Value = Condition> {
    prop_oneof![
        1 => Just(Condition::None),
        4 => Just(Condition::Any),
        4 => Just(Condition::Current),
        1 => Just(Condition::Outdated),
    ]
}

fn parts() -> impl Strategy<Value = NoteParts> {
    (title(), body(), vec(tag(), 0..4), weighted(0.6, pick()), prop::bool::weighted(0.2))
        .prop_map(|(title, body, tags, notebook, pinned)| NoteParts { title, body, tags, notebook, pinned })
}

fn note_edit() -> impl Strategy<Value = NoteEdit> {
    let (tags, notebook) = (weighted(0.5, vec(tag(), 0..4)), weighted(0.3, weighted(0.7, pick())));
    let flags = (weighted(0.2, any::<bool>()), weighted(0.2, any::<bool>()));
    (weighted(0.3, title()), weighted(0.4, body()), tags, notebook, flags).prop_map(
        |(title, body, tags, notebook, (pinned, archived))| NoteEdit { title, body, tags, notebook, pinned, archived },
    )
}

fn notebook_edit() -> impl Strategy<Value = NotebookEdit> {
    let parent = weighted(0.5, weighted(0.7, pick()));
    (weighted(0.4, notebook_name()), parent, weighted(0.5, 0..5_i64))
        .prop_map(|(name, parent, position)| NotebookEdit { name, parent, position })
}

/// A step that is one write.
pub(crate) fn single() -> impl Strategy<Value = Single> {
    prop_oneof![
        6 => parts().prop_map(Single::Create),
        6 => (pick(), condition(), note_edit()).prop_map(|(note, on, edit)| Single::Edit(note, on, edit)),
        3 => (pick(), condition()).prop_map(|(note, on)| Single::Trash(note, on)),
        2 => pick().prop_map(Single::Restore),
        1 => (pick(), condition()).prop_map(|(note, on)| Single::Purge(note, on)),
        3 => (notebook_name(), weighted(0.6, pick()), of(0..4_i64))
            .prop_map(|(name, parent, position)| Single::NewNotebook { name, parent, position }),
        3 => (pick(), notebook_edit()).prop_map(|(notebook, edit)| Single::EditNotebook(notebook, edit)),
    ]
}

/// Any step.
pub(crate) fn step() -> impl Strategy<Value = Step> {
    let failure = prop_oneof![Just(Failure::Error), Just(Failure::Panic), Just(Failure::Swallowed)];
    prop_oneof![
        20 => (0..2_usize, single()).prop_map(|(who, single)| Step::Single(who, single)),
        3 => (0..2_usize, single(), failure).prop_map(|(who, single, how)| Step::Failing(who, single, how)),
        2 => (0..2_usize, tag(), tag()).prop_map(|(who, from, to)| Step::RenameTag(who, from, to)),
        1 => (0..2_usize, tag()).prop_map(|(who, name)| Step::RemoveTag(who, name)),
        2 => (0..2_usize, pick(), any::<bool>()).prop_map(|(who, id, trash)| Step::DeleteNotebook(who, id, trash)),
        3 => (0..2_usize, 0..FILES.len()).prop_map(|(who, file)| Step::Import(who, file)),
        2 => (1..5_000_u64).prop_map(Step::Wait),
    ]
}
