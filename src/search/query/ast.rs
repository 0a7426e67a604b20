//! What a query means: leaves, conditions, and the tree over them; and what the text looked like.

use super::dates::Dates;
use crate::notes::State;

/// Where a word or phrase must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Place {
    /// In the title or in the body.
    #[default]
    Anywhere,
    /// In the title.
    Title,
}

/// A word.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Word {
    /// Folded, as the index has exact forms.
    pub exact: String,
    /// In lower case and composed (NFC), with its accents: stemmers want them.
    pub written: String,
    /// Whether words that begin with it count too.
    pub prefix: bool,
    /// Whether this very word is wanted: no other forms, no typing errors.
    pub strict: bool,
    /// Where it must stand.
    pub place: Place,
}

/// Words that stand together, in this order and in these forms.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phrase {
    /// Folded; at least one.
    pub words: Vec<String>,
    /// Whether the last one is a beginning.
    pub prefix: bool,
    /// Where they must stand.
    pub place: Place,
}

/// A leaf of the query: what is looked for in the text of a note.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Clause {
    /// A word in any form.
    Word(Word),
    /// Words in this order.
    Phrase(Phrase),
}

impl Clause {
    /// Where it must stand.
    pub fn place(&self) -> Place {
        match self {
            Self::Word(word) => word.place,
            Self::Phrase(phrase) => phrase.place,
        }
    }
}

/// What a filter asks of a note, its text aside.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Condition {
    /// `tag:`: carries the tag of this key, or one nested in it.
    Tag(String),
    /// `in:`: lies in a notebook of this name, or in one inside of it. The name is trimmed and in lower case (NFKC).
    Notebook(String),
    /// `is:`
    Is(Is),
    /// `has:`
    Has(Has),
    /// `created:`
    Created(Dates),
    /// `updated:`
    Updated(Dates),
    /// `lang:`: written in the language of this code (ISO 639-1, lower case).
    Language(String),
}

/// The values of `is:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Is {
    /// Neither archived nor in the trash.
    Active,
    /// Archived.
    Archived,
    /// In the trash.
    Trashed,
    /// Pinned.
    Pinned,
    /// Without any tag.
    Untagged,
}

impl Is {
    /// The state that it names, if it names one.
    pub fn state(self) -> Option<State> {
        match self {
            Self::Active => Some(State::Active),
            Self::Archived => Some(State::Archived),
            Self::Trashed => Some(State::Trashed),
            Self::Pinned | Self::Untagged => None,
        }
    }

    /// All of them with their names.
    pub const ALL: [(&'static str, Self); 5] = [
        ("active", Self::Active),
        ("archived", Self::Archived),
        ("trashed", Self::Trashed),
        ("pinned", Self::Pinned),
        ("untagged", Self::Untagged),
    ];
}

/// The values of `has:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Has {
    /// A link to somewhere.
    Link,
    /// A task, done or not.
    Task,
    /// An image.
    Image,
    /// A block of code.
    Code,
}

impl Has {
    /// All of them with their names.
    pub const ALL: [(&'static str, Self); 4] =
        [("link", Self::Link), ("task", Self::Task), ("image", Self::Image), ("code", Self::Code)];
}

/// How leaves and conditions hang together. `And` and `Or` have at least two children, none of them of their own kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    /// All of them.
    And(Vec<Node>),
    /// At least one of them.
    Or(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// The leaf of this number in [`Query::leaves`](super::Query::leaves).
    Leaf(usize),
    /// The condition of this number in [`Query::conditions`](super::Query::conditions).
    Filter(usize),
}

impl Node {
    /// All of `children`: flat, without repetitions; `None` of none.
    pub(super) fn all(children: Vec<Self>) -> Option<Self> {
        let mut flat = Vec::with_capacity(children.len());
        for child in children {
            match child {
                Self::And(inner) => inner.into_iter().for_each(|inner| add(&mut flat, inner)),
                other => add(&mut flat, other),
            }
        }
        if flat.len() > 1 { Some(Self::And(flat)) } else { flat.pop() }
    }

    /// At least one of `children`: flat, without repetitions; `None` of none.
    pub(super) fn any(children: Vec<Self>) -> Option<Self> {
        let mut flat = Vec::with_capacity(children.len());
        for child in children {
            match child {
                Self::Or(inner) => inner.into_iter().for_each(|inner| add(&mut flat, inner)),
                other => add(&mut flat, other),
            }
        }
        if flat.len() > 1 { Some(Self::Or(flat)) } else { flat.pop() }
    }

    /// Calls `each` with every leaf and filter, and whether it stands under a `Not`.
    pub fn visit(&self, negated: bool, each: &mut impl FnMut(&Self, bool)) {
        match self {
            Self::And(children) | Self::Or(children) => children.iter().for_each(|child| child.visit(negated, each)),
            Self::Not(child) => child.visit(true, each),
            Self::Leaf(_) | Self::Filter(_) => each(self, negated),
        }
    }

    /// Gives every leaf another number.
    pub(super) fn renumber(&mut self, to: &[usize]) {
        match self {
            Self::And(children) | Self::Or(children) => children.iter_mut().for_each(|child| child.renumber(to)),
            Self::Not(child) => child.renumber(to),
            Self::Leaf(number) => *number = to.get(*number).copied().unwrap_or(*number),
            Self::Filter(_) => {}
        }
    }
}

fn add(children: &mut Vec<Node>, child: Node) {
    if !children.contains(&child) {
        children.push(child);
    }
}

/// A piece of the text, in Unicode code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its first code point.
    pub start: usize,
    /// Behind its last one.
    pub end: usize,
}

/// What a piece of the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// A word, or several that punctuation joins.
    Word,
    /// Quoted words.
    Phrase,
    /// A word with an asterisk.
    Prefix,
    /// A key with its value.
    Filter,
    /// The operator `OR`.
    Or,
    /// A parenthesis, with the minus or the key before it.
    Group,
}

/// A piece of the text and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Where it stands: with its quotes, minus and key.
    pub span: Span,
    /// Whether it begins with a minus.
    pub negated: bool,
}

/// Why a piece of the text is no proper syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// A parenthesis that closes nothing.
    ClosesNothing,
    /// `OR` without something on both sides.
    OneSidedOr,
    /// There is no such key; one that is looks much like it.
    UnknownKey,
    /// The value of `tag:` names no tag.
    NoTag,
    /// The value of `in:` names no notebook.
    NoNotebook,
    /// The value of `title:` has no word.
    NoTitle,
    /// The value of `is:` is none of its list.
    NoState,
    /// The value of `has:` is none of its list.
    NoContent,
    /// The value of `created:` or `updated:` names no time.
    NoDate,
    /// The value of `lang:` is no code of a language.
    NoLanguage,
}

/// A piece of the text that was taken literally because it is no proper syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands.
    pub span: Span,
    /// What is wrong with it.
    pub kind: ProblemKind,
    /// One sentence that says what would be.
    pub detail: String,
}
