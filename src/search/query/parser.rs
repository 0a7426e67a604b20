//! Makes a tree of lexemes.
//!
//! A sequence of terms must all match; `OR` binds tighter than the space. Nothing here fails for what was typed, only for how
//! much it is: what is no proper syntax is taken literally and reported.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::ast::{Clause, Condition, Node, Part, PartKind, Phrase, Place, Problem, ProblemKind, Word};
use super::filters::{Key, Meaning, meaning};
use super::lexer::{Kind, Lexed, Lexeme, Value, lex};
use super::segments::segments;
use super::{MAX_CLAUSES, MAX_DEPTH, MAX_PHRASE_WORDS, Query, Reading};
use crate::error::{Error, Result};
use crate::search::analysis::{Tokens, Writing};

/// Reads a text whose length was checked.
pub(super) fn parse(text: &str, reading: Reading) -> Result<Query> {
    let Lexed { lexemes, has_wordless } = lex(text);
    let mut parser = Parser { lexemes, at: 0, reading, query: Query::default() };
    let (terms, _) = parser.sequence(Scope::default())?;
    let mut query = parser.query;
    query.tree = Node::all(terms);
    query.is_blank = query.tree.is_none() && !has_wordless;
    query.problems.sort_by_key(|problem| problem.span.start);
    order(&mut query);
    Ok(query)
}

/// Puts the leaves that are asked for before those that only stand under a minus, each in the order of the text.
fn order(query: &mut Query) {
    let mut asked = Vec::with_capacity(query.leaves.len());
    let mut others = Vec::new();
    if let Some(tree) = &query.tree {
        tree.visit(false, &mut |node, negated| {
            let list = if negated { &mut others } else { &mut asked };
            if let Node::Leaf(leaf) = node
                && !list.contains(leaf)
            {
                list.push(*leaf);
            }
        });
    }
    others.retain(|leaf| !asked.contains(leaf));
    query.asked = asked.len();
    let written = std::mem::take(&mut query.leaves).into_iter().zip(std::mem::take(&mut query.times));
    let mut leaves: Vec<_> = written.map(Some).collect();
    let mut to = vec![0; leaves.len()];
    for (new, old) in asked.into_iter().chain(others).enumerate() {
        if let (Some((leaf, times)), Some(to)) = (leaves.get_mut(old).and_then(Option::take), to.get_mut(old)) {
            query.leaves.push(leaf);
            query.times.push(times);
            *to = new;
        }
    }
    if let Some(tree) = &mut query.tree {
        tree.renumber(&to);
    }
}

/// Where a term stands.
#[derive(Debug, Clone, Copy, Default)]
struct Scope {
    place: Place,
    /// Under a minus, its own or that of a group around it.
    negated: bool,
    depth: usize,
}

/// What a term gives.
enum Operand {
    Node(Node),
    /// Something that is not finished yet and restricts nothing.
    Unfinished,
    /// Nothing at all, such as `()`.
    Absent,
}

struct Parser<'t> {
    lexemes: Vec<Lexeme<'t>>,
    at: usize,
    reading: Reading,
    query: Query,
}

impl<'t> Parser<'t> {
    /// Terms up to the end of the group, or of the text at depth 0; and whether something in it is not finished.
    fn sequence(&mut self, scope: Scope) -> Result<(Vec<Node>, bool)> {
        let (mut terms, mut unfinished) = (Vec::new(), false);
        while let Some(lexeme) = self.peek() {
            match lexeme.kind {
                Kind::Close if scope.depth > 0 => break,
                Kind::Close => {
                    let span = lexeme.span;
                    self.at += 1;
                    let detail = "This parenthesis closes nothing.".to_owned();
                    self.query.problems.push(Problem { span, kind: ProblemKind::ClosesNothing, detail });
                }
                _ => unfinished |= self.alternatives(scope, &mut terms)?,
            }
        }
        Ok((terms, unfinished))
    }

    /// A term, or several with `OR` between them; says whether it is not finished.
    fn alternatives(&mut self, scope: Scope, terms: &mut Vec<Node>) -> Result<bool> {
        let mut sides = Vec::new();
        match self.operand(scope)? {
            Operand::Node(node) => sides.push(node),
            Operand::Unfinished => return Ok(true),
            Operand::Absent => return Ok(false),
        }
        let mut literal = None;
        while let Some(or) = self.peek().filter(|lexeme| lexeme.kind == Kind::Or).cloned() {
            self.at += 1;
            let part = self.query.parts.len();
            self.part(PartKind::Or, &or);
            let other = match self.peek().map(|lexeme| &lexeme.kind) {
                None | Some(Kind::Or | Kind::Close) => Operand::Absent,
                Some(_) => self.operand(scope)?,
            };
            match other {
                Operand::Node(node) => sides.push(node),
                Operand::Unfinished => break,
                Operand::Absent => {
                    if let Some(part) = self.query.parts.get_mut(part) {
                        part.kind = PartKind::Word;
                    }
                    literal = self.literal_or(&or, scope)?;
                    break;
                }
            }
        }
        terms.extend(Node::any(sides));
        terms.extend(literal);
        Ok(false)
    }

    /// One term.
    fn operand(&mut self, scope: Scope) -> Result<Operand> {
        let Some(lexeme) = self.peek().cloned() else { return Ok(Operand::Absent) };
        self.at += 1;
        let scope = Scope { negated: scope.negated || lexeme.negated, ..scope };
        let operand = match lexeme.kind {
            Kind::Open { in_title } => self.group(&lexeme, in_title, scope)?,
            // Asked for by `alternatives` and `sequence` only where it has no side.
            Kind::Or => {
                self.part(PartKind::Word, &lexeme);
                self.literal_or(&lexeme, scope)?.map_or(Operand::Absent, Operand::Node)
            }
            Kind::Close => Operand::Absent,
            Kind::Text(text) => {
                let star = has_star(text);
                self.part(if star { PartKind::Prefix } else { PartKind::Word }, &lexeme);
                let is_open = lexeme.ends_text && !scope.negated;
                node(self.words(text, star, is_open, scope.place)?)
            }
            Kind::Quoted { text, closed } => {
                self.part(PartKind::Phrase, &lexeme);
                let is_open = !closed && !scope.negated;
                node(self.phrase(text, is_open, scope.place)?)
            }
            Kind::Keyed { key, name, value } => self.filter(&lexeme, key, name, value, scope)?,
        };
        Ok(match operand {
            Operand::Node(node) if lexeme.negated => Operand::Node(Node::Not(Box::new(node))),
            other => other,
        })
    }

    fn group(&mut self, open: &Lexeme<'t>, in_title: bool, scope: Scope) -> Result<Operand> {
        self.part(PartKind::Group, open);
        let depth = scope.depth + 1;
        if depth > MAX_DEPTH {
            return Err(Error::invalid("q", format!("at most {MAX_DEPTH} parentheses inside of each other")));
        }
        let place = if in_title { Place::Title } else { scope.place };
        let (terms, unfinished) = self.sequence(Scope { place, depth, ..scope })?;
        let closed = self.peek().cloned();
        if let Some(close) = &closed {
            self.at += 1;
            self.part(PartKind::Group, close);
        }
        Ok(match Node::all(terms) {
            Some(node) => Operand::Node(node),
            None if unfinished || closed.is_none() => Operand::Unfinished,
            None => Operand::Absent,
        })
    }

    fn filter(&mut self, lexeme: &Lexeme<'t>, key: Key, name: &str, value: Value<'t>, scope: Scope) -> Result<Operand> {
        let text = value.text();
        let may_go_on = !matches!(value, Value::Quoted { closed: true, .. });
        if text.is_empty() && lexeme.ends_text && may_go_on {
            self.part(PartKind::Filter, lexeme);
            return Ok(Operand::Unfinished);
        }
        let is_open = lexeme.ends_text && !scope.negated;
        match meaning(key, text) {
            Meaning::Condition(condition) => {
                self.part(PartKind::Filter, lexeme);
                Ok(Operand::Node(self.condition(condition)?))
            }
            Meaning::InTitle => {
                self.part(PartKind::Filter, lexeme);
                Ok(node(match value {
                    Value::Bare(text) => self.words(text, has_star(text), is_open, Place::Title)?,
                    Value::Quoted { closed, .. } => self.phrase(text, is_open && !closed, Place::Title)?,
                }))
            }
            Meaning::Broken(kind, detail) => {
                self.part(PartKind::Word, lexeme);
                self.query.problems.push(Problem { span: lexeme.span, kind, detail });
                let mut all = Vec::new();
                all.extend(self.words(name, false, false, scope.place)?);
                all.extend(match value {
                    Value::Bare(text) => self.words(text, has_star(text), is_open, scope.place)?,
                    Value::Quoted { closed, .. } => self.phrase(text, is_open && !closed, scope.place)?,
                });
                Ok(node(Node::all(all)))
            }
        }
    }

    fn literal_or(&mut self, or: &Lexeme<'t>, scope: Scope) -> Result<Option<Node>> {
        let detail = "`OR` wants something on both sides.".to_owned();
        self.query.problems.push(Problem { span: or.span, kind: ProblemKind::OneSidedOr, detail });
        self.words("OR", false, or.ends_text && !scope.negated, scope.place)
    }

    /// The words of a text without quotes. With a `star` at its end, or as long as it `is_open`, the last word is a beginning.
    fn words(&mut self, text: &str, star: bool, is_open: bool, place: Place) -> Result<Option<Node>> {
        let strict = self.reading.exact;
        let mut tokens = Tokens::new(text);
        let mut folded = String::new();
        let mut found: Vec<Node> = Vec::new();
        let mut last_word: Option<Word> = None;
        let mut run = Run::default();
        let (mut previous_end, mut last) = (0, Writing::Continuous);
        while let Some(token) = tokens.next_into(&mut folded) {
            if token.range.start != previous_end || token.writing == Writing::Spaced {
                found.extend(self.end_word(&mut last_word)?);
                found.extend(self.end_run(&mut run, text, place)?);
            }
            previous_end = token.range.end;
            last = token.writing;
            let written = text.get(token.range.clone()).unwrap_or("").to_lowercase().nfc().collect();
            let word = Word { exact: folded.clone(), written, prefix: false, strict, place };
            match token.writing {
                Writing::Continuous => run.push(word, token.range),
                Writing::Spaced => last_word = Some(word),
            }
        }
        // Whatever is not a space may be the beginning of more of the same: `don'`, `node.`.
        if let (Writing::Spaced, Some(word)) = (last, &mut last_word) {
            word.prefix = star || is_open && !strict;
        }
        found.extend(self.end_word(&mut last_word)?);
        run.is_open = is_open && !strict;
        found.extend(self.end_run(&mut run, text, place)?);
        Ok(Node::all(found))
    }

    fn end_word(&mut self, word: &mut Option<Word>) -> Result<Option<Node>> {
        word.take().map(|word| self.leaf(Clause::Word(word))).transpose()
    }

    /// What a run of a script without spaces asks for: its characters together, or its words, wherever they stand.
    fn end_run(&mut self, run: &mut Run, text: &str, place: Place) -> Result<Option<Node>> {
        let Run { mut words, ranges, is_open } = std::mem::take(run);
        if words.len() < 2 {
            // One character is a word like any other.
            return words.pop().map(|word| self.leaf(Clause::Word(Word { prefix: is_open, ..word }))).transpose();
        }
        let strict = words.iter().any(|word| word.strict);
        let characters: Vec<String> = words.into_iter().map(|word| word.exact).collect();
        let whole = self.leaf(Clause::Phrase(Phrase { words: characters.clone(), prefix: is_open, place }))?;
        let pieces = if strict { Vec::new() } else { segments(text, &ranges) };
        if pieces.len() < 2 {
            return Ok(Some(whole));
        }
        let mut of_words = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let prefix = is_open && piece.end == characters.len();
            let words = characters.get(piece).unwrap_or_default().to_vec();
            of_words.push(self.leaf(Clause::Phrase(Phrase { words, prefix, place }))?);
        }
        Ok(Node::any(vec![whole, Node::all(of_words).unwrap_or(Node::Or(Vec::new()))]))
    }

    /// The phrase in a pair of quotes. With an asterisk at its end, or as long as it `is_open`, the last word is a beginning.
    fn phrase(&mut self, text: &str, is_open: bool, place: Place) -> Result<Option<Node>> {
        let mut tokens = Tokens::new(text);
        let mut folded = String::new();
        let mut words = Vec::new();
        let (mut end, mut writing) = (0, Writing::Continuous);
        while let Some(token) = tokens.next_into(&mut folded) {
            words.push(folded.clone());
            (end, writing) = (token.range.end, token.writing);
        }
        if words.is_empty() {
            return Ok(None);
        }
        if words.len() > MAX_PHRASE_WORDS {
            return Err(Error::invalid("q", format!("at most {MAX_PHRASE_WORDS} words in a phrase")));
        }
        let star = text.get(end..) == Some("*");
        let is_open = is_open && !self.reading.exact && !text.ends_with(char::is_whitespace);
        let prefix = star || is_open && writing == Writing::Spaced;
        self.leaf(Clause::Phrase(Phrase { words, prefix, place })).map(Some)
    }

    fn leaf(&mut self, clause: Clause) -> Result<Node> {
        let Query { leaves, times, .. } = &mut self.query;
        let known = leaves.iter().position(|leaf| *leaf == clause);
        let number = known.unwrap_or_else(|| {
            leaves.push(clause);
            times.push(0);
            leaves.len() - 1
        });
        if let Some(times) = times.get_mut(number) {
            *times += 1;
        }
        self.check_count().map(|()| Node::Leaf(number))
    }

    fn condition(&mut self, condition: Condition) -> Result<Node> {
        let conditions = &mut self.query.conditions;
        let known = conditions.iter().position(|other| *other == condition);
        let number = known.unwrap_or_else(|| {
            conditions.push(condition);
            conditions.len() - 1
        });
        self.check_count().map(|()| Node::Filter(number))
    }

    fn check_count(&self) -> Result<()> {
        if self.query.leaves.len() + self.query.conditions.len() > MAX_CLAUSES {
            return Err(Error::invalid("q", format!("at most {MAX_CLAUSES} words, phrases and filters")));
        }
        Ok(())
    }

    fn peek(&self) -> Option<&Lexeme<'t>> {
        self.lexemes.get(self.at)
    }

    fn part(&mut self, kind: PartKind, lexeme: &Lexeme<'_>) {
        self.query.parts.push(Part { kind, span: lexeme.span, negated: lexeme.negated });
    }
}

fn node(node: Option<Node>) -> Operand {
    node.map_or(Operand::Absent, Operand::Node)
}

/// Whether an asterisk follows the last word directly and ends the text.
fn has_star(text: &str) -> bool {
    let Some(head) = text.strip_suffix('*') else { return false };
    let (mut tokens, mut folded, mut end, mut writing) = (Tokens::new(head), String::new(), 0, Writing::Continuous);
    while let Some(token) = tokens.next_into(&mut folded) {
        (end, writing) = (token.range.end, token.writing);
    }
    end == head.len() && end > 0 && writing == Writing::Spaced
}

/// Characters of a script without spaces that stand together.
#[derive(Default)]
struct Run {
    words: Vec<Word>,
    /// Where each of them stands in the text, in bytes.
    ranges: Vec<Range<usize>>,
    /// Whether more of it may follow.
    is_open: bool,
}

impl Run {
    fn push(&mut self, word: Word, range: Range<usize>) {
        self.words.push(word);
        self.ranges.push(range);
    }
}
