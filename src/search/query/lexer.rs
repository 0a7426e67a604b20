//! Cuts a query text into lexemes, each with the place where it stands.
//!
//! Owns what is syntax and where it may begin: a minus and a key count at the beginning of a term alone (at the start, behind a
//! space or behind an opening parenthesis), so that `well-known` and `12:30` stay what they are. Leaves to the parser what hangs
//! together, and to `filters` what a value means.

use std::iter::Peekable;
use std::str::CharIndices;

use super::ast::Span;
use super::filters::Key;
use crate::search::analysis::Tokens;

/// One piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lexeme<'t> {
    pub(super) kind: Kind<'t>,
    pub(super) span: Span,
    /// A minus stands before it.
    pub(super) negated: bool,
    /// Nothing follows, not even a space.
    pub(super) ends_text: bool,
}

/// What a lexeme is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind<'t> {
    /// `(` or `title:(`
    Open { in_title: bool },
    /// `)`
    Close,
    /// `OR`
    Or,
    /// Something without a space or a quote in it, with at least one word.
    Text(&'t str),
    /// What stands in quotes, with at least one word.
    Quoted { text: &'t str, closed: bool },
    /// A key that is known, or nearly, and its value.
    Keyed { key: Key, name: &'t str, value: Value<'t> },
}

/// What stands behind a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'t> {
    Bare(&'t str),
    Quoted { text: &'t str, closed: bool },
}

impl<'t> Value<'t> {
    pub(super) fn text(self) -> &'t str {
        match self {
            Self::Bare(text) | Self::Quoted { text, .. } => text,
        }
    }
}

/// The lexemes of a text, and whether some of it was neither syntax nor words.
pub(super) struct Lexed<'t> {
    pub(super) lexemes: Vec<Lexeme<'t>>,
    pub(super) has_wordless: bool,
}

/// Straight quotes and the ones that phones type in their place.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '＂')
}

fn is_paren(c: char) -> bool {
    matches!(c, '(' | ')')
}

fn ends_term(c: char) -> bool {
    c.is_whitespace() || is_quote(c) || is_paren(c)
}

/// Whether there is any word in it.
pub(super) fn has_word(text: &str) -> bool {
    Tokens::new(text).next_into(&mut String::new()).is_some()
}

/// Cuts `text`.
pub(super) fn lex(text: &str) -> Lexed<'_> {
    let mut lexer =
        Lexer { text, chars: text.char_indices().peekable(), at: 0, lexemes: Vec::new(), has_wordless: false };
    lexer.run();
    Lexed { lexemes: lexer.lexemes, has_wordless: lexer.has_wordless }
}

struct Lexer<'t> {
    text: &'t str,
    chars: Peekable<CharIndices<'t>>,
    /// How many code points are behind.
    at: usize,
    lexemes: Vec<Lexeme<'t>>,
    has_wordless: bool,
}

impl<'t> Lexer<'t> {
    fn run(&mut self) {
        let mut begins = true;
        while let Some(c) = self.peek() {
            if c.is_whitespace() {
                self.next();
                begins = true;
                continue;
            }
            let start = self.at;
            let mut negated = false;
            if begins && c == '-' && self.minus_counts() {
                self.next();
                negated = true;
            }
            begins = self.term(start, negated, begins);
        }
    }

    /// Takes one term that begins at `start`; says whether another may begin right behind it.
    fn term(&mut self, start: usize, negated: bool, begins: bool) -> bool {
        let Some(c) = self.peek() else { return false };
        if c == '(' {
            self.next();
            self.push(Kind::Open { in_title: false }, start, negated);
            return true;
        }
        if c == ')' {
            self.next();
            self.push(Kind::Close, start, negated);
            return false;
        }
        if is_quote(c) {
            let (text, closed) = self.quoted();
            if has_word(text) {
                self.push(Kind::Quoted { text, closed }, start, negated);
            } else {
                self.has_wordless |= !text.trim().is_empty();
            }
            return false;
        }
        if begins && let Some((key, name)) = self.key() {
            (0..=name.len()).for_each(|_| self.next());
            if key == Key::Title && self.peek() == Some('(') {
                self.next();
                self.push(Kind::Open { in_title: true }, start, negated);
                return true;
            }
            let value = match self.peek() {
                Some(c) if is_quote(c) => {
                    let (text, closed) = self.quoted();
                    Value::Quoted { text, closed }
                }
                _ => Value::Bare(self.bare()),
            };
            self.push(Kind::Keyed { key, name, value }, start, negated);
            return false;
        }
        let text = self.bare();
        if text == "OR" && begins && !negated && self.peek().is_none_or(|c| c.is_whitespace() || is_paren(c)) {
            self.push(Kind::Or, start, false);
        } else if has_word(text) {
            self.push(Kind::Text(text), start, negated);
        } else {
            self.has_wordless |= text != "-";
        }
        false
    }

    /// Whether the minus that comes next stands directly before a word, phrase, filter or parenthesis.
    fn minus_counts(&self) -> bool {
        let mut rest = self.chars.clone();
        rest.next();
        match rest.next() {
            Some((at, c)) => is_quote(c) || c == '(' || has_word_first(&self.text[at..]),
            None => false,
        }
    }

    /// The key that comes next, when it is one of ours or nearly; without its colon.
    fn key(&self) -> Option<(Key, &'t str)> {
        let rest = self.rest();
        let name = rest.get(..rest.bytes().take_while(u8::is_ascii_alphabetic).count())?;
        let is_key = rest.as_bytes().get(name.len()) == Some(&b':');
        let key = if is_key { Key::named(name) } else { None };
        key.map(|key| (key, name))
    }

    /// Up to the next space, quote or parenthesis.
    fn bare(&mut self) -> &'t str {
        let rest = self.rest();
        let mut length = rest.len();
        while let Some(&(at, c)) = self.chars.peek() {
            if ends_term(c) {
                length = at - (self.text.len() - rest.len());
                break;
            }
            self.next();
        }
        rest.get(..length).unwrap_or(rest)
    }

    /// From a quote to the next one or to the end.
    fn quoted(&mut self) -> (&'t str, bool) {
        self.next();
        let rest = self.rest();
        while let Some(&(at, c)) = self.chars.peek() {
            self.next();
            if is_quote(c) {
                return (rest.get(..at - (self.text.len() - rest.len())).unwrap_or(rest), true);
            }
        }
        (rest, false)
    }

    fn rest(&self) -> &'t str {
        let at = self.chars.clone().next().map_or(self.text.len(), |(at, _)| at);
        self.text.get(at..).unwrap_or("")
    }

    fn peek(&mut self) -> Option<char> {
        self.chars.peek().map(|(_, c)| *c)
    }

    fn next(&mut self) {
        if self.chars.next().is_some() {
            self.at += 1;
        }
    }

    fn push(&mut self, kind: Kind<'t>, start: usize, negated: bool) {
        let ends_text = self.peek().is_none();
        self.lexemes.push(Lexeme { kind, span: Span { start, end: self.at }, negated, ends_text });
    }
}

/// Whether `text` begins with a word.
fn has_word_first(text: &str) -> bool {
    Tokens::new(text).next_into(&mut String::new()).is_some_and(|token| token.range.start == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each lexeme by its text.
    fn cut(text: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        lex(text).lexemes.iter().map(|l| chars[l.span.start..l.span.end].iter().collect()).collect()
    }

    #[test]
    fn terms_end_at_spaces_quotes_and_parentheses() {
        assert_eq!(cut("a\"b c\"d(e)f"), ["a", "\"b c\"", "d", "(", "e", ")", "f"]);
        assert_eq!(cut("tag:a/b(x) tag:\"a b\"c"), ["tag:a/b", "(", "x", ")", "tag:\"a b\"", "c"]);
        assert_eq!(cut("title:(a \"b"), ["title:(", "a", "\"b"]);
    }

    #[test]
    fn a_minus_counts_directly_before_a_term_and_at_its_beginning() {
        let negated = |text: &str| lex(text).lexemes.iter().map(|l| l.negated).collect::<Vec<_>>();
        assert_eq!(negated("-a -\"b\" -(c) -tag:d"), [true, true, true, false, false, true]);
        assert_eq!(negated("(-a)"), [false, true, false]);
        assert_eq!(negated("a-b - c --d \"x\"-e"), [false; 5]);
    }

    #[test]
    fn keys_count_at_the_beginning_of_a_term() {
        let keyed = |text: &str| lex(text).lexemes.iter().filter(|l| matches!(l.kind, Kind::Keyed { .. })).count();
        assert_eq!(keyed("tag:a TAG:b -is:c (in:d)"), 4);
        assert_eq!(keyed("http://x note:y x,tag:z \"a\"tag:b 12:30 tag :c"), 0);
    }

    #[test]
    fn spans_count_code_points() {
        let spans: Vec<_> = lex("🎉é \"日本\" x").lexemes.iter().map(|l| (l.span.start, l.span.end)).collect();
        assert_eq!(spans, [(0, 2), (3, 7), (8, 9)]);
    }

    #[test]
    fn what_is_neither_word_nor_syntax_is_told() {
        for (text, wordless) in
            [("", false), ("- ", false), ("\"\"", false), ("!", true), ("\"!\"", true), ("a !", true)]
        {
            assert_eq!(lex(text).has_wordless, wordless, "{text}");
        }
    }
}
