//! How a query was read, as an answer tells it.

use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use serde::Serialize;

use crate::search::query::{Part, PartKind, Problem, ProblemKind, Query};

/// What a piece of the query text is.
#[derive(Debug, Clone, Copy, Enum, Serialize)]
#[oai(rename = "QueryPartKind", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
enum PartKindView {
    /// A word, or several that punctuation joins.
    Word,
    /// Quoted words.
    Phrase,
    /// A word with an asterisk behind it.
    Prefix,
    /// A key with its value, such as `tag:work`.
    Filter,
    /// The operator `OR`.
    Or,
    /// A parenthesis, with the minus or the key that stands before it.
    Group,
}

/// A piece of the query text.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "QueryPart")]
struct PartView {
    /// What it is.
    kind: PartKindView,
    /// Its first Unicode code point in `q`.
    start: u32,
    /// Behind its last one.
    end: u32,
    /// Whether it begins with a minus.
    negated: bool,
}

/// Why a piece of the query text was taken literally. More of them may come: say `detail` for one that is not known.
#[derive(Debug, Clone, Copy, Enum, Serialize)]
#[oai(rename = "QueryProblemKind", rename_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
enum ProblemKindView {
    /// A parenthesis closes nothing.
    ClosesNothing,
    /// `OR` has nothing on one of its sides.
    OneSidedOr,
    /// There is no such key before a colon, but one that looks much like it.
    UnknownKey,
    /// The value of `tag:` names no tag.
    NoTag,
    /// The value of `in:` names no notebook.
    NoNotebook,
    /// The value of `title:` has no word.
    NoTitle,
    /// `is:` does not know its value.
    NoState,
    /// `has:` does not know its value.
    NoContent,
    /// The value of `created:` or `updated:` names no time.
    NoDate,
    /// The value of `lang:` is not the two letters of a language.
    NoLanguage,
}

/// A piece of the query text that was taken literally.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "QueryProblem")]
struct ProblemView {
    /// Its first Unicode code point in `q`.
    start: u32,
    /// Behind its last one.
    end: u32,
    /// What is wrong with it.
    kind: ProblemKindView,
    /// The same in one English sentence, which says what would be understood. What is quoted of the language stands in backticks.
    detail: String,
}

/// How the query text was read.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "QueryReading", example)]
pub(super) struct QueryView {
    /// The text in pieces, in its order, apart from each other; what is neither word nor syntax is none.
    parts: Vec<PartView>,
    /// What was taken literally because it is no proper syntax, in the order of the text.
    problems: Vec<ProblemView>,
}

/// A number of code points.
pub(super) fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl QueryView {
    pub(super) fn of(query: &Query) -> Self {
        let part = |part: &Part| PartView {
            kind: match part.kind {
                PartKind::Word => PartKindView::Word,
                PartKind::Phrase => PartKindView::Phrase,
                PartKind::Prefix => PartKindView::Prefix,
                PartKind::Filter => PartKindView::Filter,
                PartKind::Or => PartKindView::Or,
                PartKind::Group => PartKindView::Group,
            },
            start: narrow(part.span.start),
            end: narrow(part.span.end),
            negated: part.negated,
        };
        let problem = |problem: &Problem| ProblemView {
            start: narrow(problem.span.start),
            end: narrow(problem.span.end),
            kind: match problem.kind {
                ProblemKind::ClosesNothing => ProblemKindView::ClosesNothing,
                ProblemKind::OneSidedOr => ProblemKindView::OneSidedOr,
                ProblemKind::UnknownKey => ProblemKindView::UnknownKey,
                ProblemKind::NoTag => ProblemKindView::NoTag,
                ProblemKind::NoNotebook => ProblemKindView::NoNotebook,
                ProblemKind::NoTitle => ProblemKindView::NoTitle,
                ProblemKind::NoState => ProblemKindView::NoState,
                ProblemKind::NoContent => ProblemKindView::NoContent,
                ProblemKind::NoDate => ProblemKindView::NoDate,
                ProblemKind::NoLanguage => ProblemKindView::NoLanguage,
            },
            detail: problem.detail.clone(),
        };
        Self {
            parts: query.parts().iter().map(part).collect(),
            problems: query.problems().iter().map(problem).collect(),
        }
    }
}

impl Example for QueryView {
    fn example() -> Self {
        Self {
            parts: vec![
                PartView { kind: PartKindView::Word, start: 0, end: 3, negated: false },
                PartView { kind: PartKindView::Word, start: 4, end: 15, negated: false },
            ],
            problems: vec![ProblemView {
                start: 4,
                end: 15,
                kind: ProblemKindView::UnknownKey,
                detail: "There is no such filter; `tag:` is one.".to_owned(),
            }],
        }
    }
}
