//! The query language: what a typed line asks for.
//!
//! Words must all occur (or any, by the request's mode); `"quoted words"` must stand together; a minus excludes; `OR` between
//! two terms lets either do; parentheses group; `key:value` filters. The last word, as long as nothing follows it, also matches
//! words that begin with it, because the person may still be typing. `docs/search.md` is the reference for people.
//!
//! - `lexer` cuts the text, `parser` makes a tree of it, `filters` and [`dates`] say what values mean;
//! - [`ast`] holds what comes out: leaves, conditions, the tree, and the parts and problems of the text;
//! - `print` makes a text of it again.
//!
//! What a reader would get wrong: no text is an error, however broken, except one that is too much. What is no proper syntax is
//! taken literally and listed in [`Query::problems`]. And nothing here knows the time or the store: dates stay as they were
//! written, notebooks are names.

pub mod ast;
pub mod dates;
mod filters;
mod lexer;
mod parser;
mod print;
mod segments;

pub use ast::{Clause, Condition, Has, Is, Node, Part, PartKind, Phrase, Place, Problem, ProblemKind, Span, Word};

use crate::error::{Error, Result};

/// The longest query text, in characters.
pub const MAX_CHARS: usize = 2_000;

/// The most words, phrases and filters of one query.
pub const MAX_CLAUSES: usize = 128;

/// The most words of one phrase: more than anybody quotes, few enough that walking them through a note full of repetitions ends
/// soon.
pub const MAX_PHRASE_WORDS: usize = 128;

/// The most parentheses inside of each other.
pub const MAX_DEPTH: usize = 16;

/// How a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// The very words alone: no other forms, no typing errors, and the last word is whole.
    pub exact: bool,
}

/// A parsed query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// Those that are asked for come first.
    leaves: Vec<Clause>,
    /// How often each of them was written.
    times: Vec<u32>,
    asked: usize,
    conditions: Vec<Condition>,
    tree: Option<Node>,
    parts: Vec<Part>,
    problems: Vec<Problem>,
    is_blank: bool,
}

impl Query {
    /// Reads a query text.
    ///
    /// # Errors
    ///
    /// `Malformed` above [`MAX_CHARS`], `Invalid` above [`MAX_CLAUSES`], [`MAX_PHRASE_WORDS`] or [`MAX_DEPTH`].
    pub fn parse(text: &str) -> Result<Self> {
        Self::parse_as(text, Reading::default())
    }

    /// Reads a query text in another way than the usual.
    ///
    /// # Errors
    ///
    /// As [`Query::parse`].
    pub fn parse_as(text: &str, reading: Reading) -> Result<Self> {
        if text.chars().count() > MAX_CHARS {
            return Err(Error::malformed("q", format!("at most {MAX_CHARS} characters")));
        }
        parser::parse(text, reading)
    }

    /// The words and phrases that are asked for, in the order written, without repetitions: those that score and are marked.
    pub fn clauses(&self) -> &[Clause] {
        self.leaves.get(..self.asked).unwrap_or(&self.leaves)
    }

    /// How often each of the leaves was written, in their order: who repeats a word in a question means it.
    pub fn times(&self) -> &[u32] {
        &self.times
    }

    /// All words and phrases: [`Query::clauses`], then those that only stand under a minus.
    pub fn leaves(&self) -> &[Clause] {
        &self.leaves
    }

    /// What the filters ask, without repetitions.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// How it hangs together; `None` when there is nothing to look for.
    pub fn tree(&self) -> Option<&Node> {
        self.tree.as_ref()
    }

    /// The tree as what must all hold.
    pub fn conjuncts(&self) -> &[Node] {
        match &self.tree {
            Some(Node::And(children)) => children,
            Some(other) => std::slice::from_ref(other),
            None => &[],
        }
    }

    /// Whether anything of `node` is asked for: a word or phrase that no minus excludes.
    pub fn is_asked(&self, node: &Node) -> bool {
        let mut found = false;
        node.visit(false, &mut |node, negated| found |= !negated && matches!(node, Node::Leaf(_)));
        found
    }

    /// The text in pieces, in its order; what is neither word nor syntax is none.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// What was taken literally because it is no proper syntax, in the order of the text.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Nothing was asked: every note answers. A text without any word in it (`!!!`) is not blank and finds nothing.
    pub fn is_blank(&self) -> bool {
        self.is_blank
    }
}

#[cfg(test)]
mod tests;
