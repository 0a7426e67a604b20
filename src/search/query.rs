//! The query language, first form: what a typed line asks for.
//!
//! Words must all occur (or any, by the request's mode); `"quoted words"` must stand together; the last word, as long as
//! nothing follows it, also matches words that begin with it, because the person may still be typing. A piece of text in a
//! script without spaces is a phrase of its characters. Everything between words is ignored. There is no way to write a
//! query that fails, except a too long one. What is written twice is one clause that counts twice.

use super::analysis::{self, Token, Tokens, Writing};
use crate::error::{Error, Result};

/// The longest query text, in characters.
pub const MAX_CHARS: usize = 2_000;

/// The most words and phrases of one query.
pub const MAX_CLAUSES: usize = 128;

/// The most words of one phrase: more than anybody quotes, few enough that walking them through a note full of repetitions ends
/// soon.
pub const MAX_PHRASE_WORDS: usize = 128;

/// One thing that a note must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clause {
    /// A word in any form.
    Word {
        /// As the person wrote it, folded.
        exact: String,
        /// What its other forms share.
        stem: String,
        /// Whether words that begin with it count too.
        prefix: bool,
    },
    /// These tokens in this order, in the exact form, in the title or in the body.
    Phrase(Vec<String>),
}

/// A parsed query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    clauses: Vec<Clause>,
    times: Vec<u32>,
    blank: bool,
}

impl Query {
    /// Reads a query text.
    ///
    /// # Errors
    ///
    /// `Malformed` above [`MAX_CHARS`], `Invalid` above [`MAX_CLAUSES`].
    pub fn parse(text: &str) -> Result<Self> {
        if text.chars().count() > MAX_CHARS {
            return Err(Error::malformed("q", format!("at most {MAX_CHARS} characters")));
        }
        let mut clauses = Vec::new();
        let mut in_quotes = false;
        let mut pieces = text.split(is_quote).peekable();
        while let Some(piece) = pieces.next() {
            if in_quotes {
                phrase(piece, &mut clauses);
            } else {
                words(piece, pieces.peek().is_none(), &mut clauses);
            }
            in_quotes = !in_quotes;
        }
        let mut unique: Vec<Clause> = Vec::with_capacity(clauses.len());
        let mut times: Vec<u32> = Vec::with_capacity(clauses.len());
        for clause in clauses {
            match unique.iter().zip(&mut times).find(|(known, _)| **known == clause) {
                Some((_, times)) => *times += 1,
                None => {
                    unique.push(clause);
                    times.push(1);
                }
            }
        }
        let long = |clause: &Clause| matches!(clause, Clause::Phrase(words) if words.len() > MAX_PHRASE_WORDS);
        if unique.iter().any(long) {
            return Err(Error::invalid("q", format!("at most {MAX_PHRASE_WORDS} words in a phrase")));
        }
        if unique.len() > MAX_CLAUSES {
            return Err(Error::invalid("q", format!("at most {MAX_CLAUSES} words and phrases")));
        }
        Ok(Self { clauses: unique, times, blank: text.trim().is_empty() })
    }

    /// What a note must have, in the order written, without repetitions.
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// How often each of the clauses was written, in their order: who repeats a word in a question means it.
    pub fn times(&self) -> &[u32] {
        &self.times
    }

    /// Nothing was asked: every note answers. A text without any word in it (`!!!`) is not blank and finds nothing.
    pub fn is_blank(&self) -> bool {
        self.blank
    }
}

/// Straight quotes and the ones that phones type in their place.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '＂')
}

fn phrase(text: &str, clauses: &mut Vec<Clause>) {
    let mut tokens = Tokens::new(text);
    let mut folded = String::new();
    let mut words = Vec::new();
    while tokens.next_into(&mut folded).is_some() {
        words.push(folded.clone());
    }
    if !words.is_empty() {
        clauses.push(Clause::Phrase(words));
    }
}

fn words(text: &str, is_last: bool, clauses: &mut Vec<Clause>) {
    let mut tokens = Tokens::new(text);
    let mut folded = String::new();
    let mut run: Vec<String> = Vec::new();
    let mut previous_end = 0;
    let mut last: Option<Token> = None;
    while let Some(token) = tokens.next_into(&mut folded) {
        if token.range.start != previous_end || token.writing == Writing::Spaced {
            end_run(&mut run, clauses);
        }
        previous_end = token.range.end;
        match token.writing {
            Writing::Continuous => run.push(folded.clone()),
            Writing::Spaced => clauses.push(word(&folded, false)),
        }
        last = Some(token);
    }
    end_run(&mut run, clauses);
    // Whatever is not a space may be the beginning of more of the same: `don'`, `node.`.
    if let (true, Some(token), Some(Clause::Word { prefix, .. })) = (is_last, last, clauses.last_mut())
        && token.writing == Writing::Spaced
        && !text.ends_with(char::is_whitespace)
    {
        *prefix = true;
    }
}

fn end_run(run: &mut Vec<String>, clauses: &mut Vec<Clause>) {
    match run.len() {
        0 => {}
        // One character is a word like any other; several are a phrase.
        1 => clauses.extend(run.pop().map(|only| word(&only, false))),
        _ => clauses.push(Clause::Phrase(std::mem::take(run))),
    }
}

fn word(folded: &str, prefix: bool) -> Clause {
    Clause::Word { exact: folded.to_owned(), stem: analysis::stem(folded).into_owned(), prefix }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `word`, `prefix*`, `[a phrase]`.
    fn shape(text: &str) -> Vec<String> {
        Query::parse(text)
            .unwrap()
            .clauses()
            .iter()
            .map(|clause| match clause {
                Clause::Word { exact, prefix: false, .. } => exact.clone(),
                Clause::Word { exact, prefix: true, .. } => format!("{exact}*"),
                Clause::Phrase(words) => format!("[{}]", words.join(" ")),
            })
            .collect()
    }

    #[test]
    fn the_last_word_is_a_prefix_until_something_follows_it() {
        assert_eq!(shape("Big Note"), ["big", "note*"]);
        assert_eq!(shape("big note "), ["big", "note"]);
        assert_eq!(shape("big \"note"), ["big", "[note]"]);
        assert_eq!(shape("note \"big\""), ["note", "[big]"]);
        assert_eq!(shape("\"big\" note"), ["[big]", "note*"]);
    }

    #[test]
    fn quotes_make_phrases_and_an_unclosed_one_runs_to_the_end() {
        assert_eq!(shape("a \"b c\" d"), ["a", "[b c]", "d*"]);
        assert_eq!(shape("“b c” d "), ["[b c]", "d"]);
        assert_eq!(shape("\"b c"), ["[b c]"]);
        assert_eq!(shape("\"\" \"!\""), Vec::<String>::new());
    }

    #[test]
    fn pieces_of_a_compound_are_words_of_their_own() {
        assert_eq!(shape("node.js"), ["node", "js*"]);
        assert_eq!(shape("l'arbre "), ["l", "arbre"]);
    }

    #[test]
    fn text_without_spaces_is_a_phrase_of_its_characters() {
        assert_eq!(shape("東京タワー"), ["[東 京 タ ワ ー]"]);
        assert_eq!(shape("東京 駅"), ["[東 京]", "駅"]);
        assert_eq!(shape("iPhone手机"), ["iphone", "[手 机]"]);
        assert_eq!(shape("手机case"), ["[手 机]", "case*"]);
    }

    #[test]
    fn repeated_words_count_once() {
        assert_eq!(shape("the the the "), ["the"]);
        assert_eq!(Query::parse("a note is a note ").unwrap().times(), [2, 2, 1]);
    }

    #[test]
    fn blank_is_everything_and_punctuation_is_nothing() {
        assert!(Query::parse(" \t ").unwrap().is_blank());
        let marks = Query::parse("!?").unwrap();
        assert!(!marks.is_blank() && marks.clauses().is_empty());
    }

    #[test]
    fn too_long_queries_say_so() {
        assert!(matches!(Query::parse(&"x".repeat(MAX_CHARS + 1)), Err(Error::Malformed(_))));
        let many = (0..=MAX_CLAUSES).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
        assert!(matches!(Query::parse(&many), Err(Error::Invalid(_))));
        let phrase = format!("\"{}\"", "a b ".repeat(MAX_PHRASE_WORDS));
        assert!(matches!(Query::parse(&phrase), Err(Error::Invalid(_))));
    }
}
