//! The forms of a word that a question looks for: as it was written, its stems in the languages of one's own notes, longer words,
//! and words that differ by a typing error.
//!
//! Owns which forms there are. What matches in a segment and what a form is worth are `matches`' and `weights`'.
//!
//! Typing errors are looked for only where the word itself is in few notes ([`TYPOS_BELOW`]): whoever asks for `form` does not mean
//! `from`, `farm` and `fort`, and an answer of mostly other words would have a total and facets that say nothing.

use std::collections::BTreeSet;

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use tantivy::index::InvertedIndexReader;
use tantivy_fst::Automaton;

use super::languages::{self, Detected, Language};
use super::query::Clause;
use super::schema::{SPACE_LEN, keyed, stem_term};
use super::snapshot::{Segment, Snapshot};

/// A word that at least so many of one's notes have is taken as meant.
pub const TYPOS_BELOW: u64 = 10;

/// How many words with typing errors are looked for at most, the nearest first.
const MOST_TYPOS: usize = 200;

/// The fewest letters of a word that may have one error, and two.
const LETTERS_FOR: [usize; 2] = [4, 8];

/// A stem in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stem {
    /// The language that makes it.
    pub language: &'static Language,
    /// Folded.
    pub stem: String,
}

/// A word of one's notes that is nearly the one asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Typo {
    /// How many letters differ: 1 or 2. A swap of neighbours counts as one.
    pub distance: u8,
    /// Folded.
    pub word: String,
}

/// What counts as the word.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Forms {
    /// As written, folded.
    pub exact: String,
    /// In each language of one's notes.
    pub stems: Vec<Stem>,
    /// Whether longer words count.
    pub prefix: bool,
    /// Nearest first; empty where errors are not looked for.
    pub typos: Vec<Typo>,
}

impl Forms {
    /// What counts as the word of `clause`, typing errors aside, for somebody whose notes are in `languages`. Nothing does for a phrase.
    pub fn of(clause: &Clause, languages: &[&'static Language]) -> Self {
        match clause {
            Clause::Word(word) if word.strict => Self::strict(&word.exact, word.prefix),
            Clause::Word(word) => Self::strict(&word.exact, word.prefix).with_stems(&word.written, languages),
            Clause::Phrase(_) => Self::default(),
        }
    }

    /// The very word and, if `prefix`, longer ones.
    pub fn strict(exact: &str, prefix: bool) -> Self {
        Self { exact: exact.to_owned(), prefix, ..Self::default() }
    }

    /// Adds the stems of `written` in `languages`.
    pub fn with_stems(mut self, written: &str, languages: &[&'static Language]) -> Self {
        for language in languages {
            for by in languages::stemming(Some(Detected::surely(language)), written) {
                let stem = Stem { language: by, stem: languages::stem(by, written) };
                if !self.stems.contains(&stem) {
                    self.stems.push(stem);
                }
            }
        }
        self
    }

    /// The terms of the stems.
    pub(super) fn stem_terms(&self, space: &str) -> Vec<String> {
        self.stems.iter().map(|Stem { language, stem }| stem_term(space, language, stem)).collect()
    }
}

/// A bound above every term that begins with `term`: UTF-8 has no byte 0xFF.
pub(super) fn after_all_longer(term: &str) -> Vec<u8> {
    let mut bound = term.as_bytes().to_vec();
    bound.push(0xFF);
    bound
}

/// How many errors a word may have. Numbers are meant as they are, and a character of a running text has no letters to get wrong.
pub(super) fn errors_allowed(folded: &str) -> u8 {
    if !folded.chars().all(char::is_alphabetic) {
        return 0;
    }
    let letters = folded.chars().count();
    LETTERS_FOR.iter().filter(|&&fewest| letters >= fewest).count() as u8
}

/// Whether any note of a space has the very word.
pub(super) fn is_known(snapshot: &Snapshot, space: &str, folded: &str) -> tantivy::Result<bool> {
    let term = keyed(space, folded);
    for segment in &snapshot.segments {
        for field in [snapshot.fields.title, snapshot.fields.body] {
            let index = segment.reader.inverted_index(field)?;
            if let Some(info) = index.terms().get(&term)?
                && segment.has_alive(&index, &info)?
            {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The words of a space's titles and bodies that are within `errors` of `folded`, nearest first; with `prefix` also those whose
/// beginning is. The word itself, and with `prefix` what begins with it, is none of them.
pub(super) fn typos(
    snapshot: &Snapshot,
    space: &str,
    folded: &str,
    errors: u8,
    prefix: bool,
) -> tantivy::Result<Vec<Typo>> {
    let Some(builder) = errors.checked_sub(1).and_then(|at| snapshot.automata.0.get(usize::from(at))) else {
        return Ok(Vec::new());
    };
    let near = Near { space, dfa: if prefix { builder.build_prefix_dfa(folded) } else { builder.build_dfa(folded) } };
    let mut found = BTreeSet::new();
    for segment in &snapshot.segments {
        for field in [snapshot.fields.title, snapshot.fields.body] {
            let index = segment.reader.inverted_index(field)?;
            near.collect(segment, &index, &mut found)?;
        }
    }
    let is_other = |typo: &Typo| typo.distance > 0 && !(prefix && typo.word.starts_with(folded));
    Ok(found.into_iter().filter(is_other).take(MOST_TYPOS).collect())
}

/// Makes what recognises words with one error and with two. Its tables are dear to make, and serve every word.
pub(super) struct Automata([LevenshteinAutomatonBuilder; 2]);

impl Default for Automata {
    fn default() -> Self {
        Self([1, 2].map(|errors| LevenshteinAutomatonBuilder::new(errors, true)))
    }
}

/// Accepts the terms of a space whose word the automaton accepts.
struct Near<'s> {
    space: &'s str,
    dfa: DFA,
}

impl Near<'_> {
    fn collect(
        &self,
        segment: &Segment,
        index: &InvertedIndexReader,
        found: &mut BTreeSet<Typo>,
    ) -> tantivy::Result<()> {
        let mut near = index.terms().search(self).into_stream()?;
        while near.advance() {
            let Some(word) = near.key().get(SPACE_LEN..).and_then(|word| str::from_utf8(word).ok()) else { continue };
            if let Distance::Exact(distance) = self.dfa.eval(word)
                && segment.has_alive(index, near.value())?
            {
                found.insert(Typo { distance, word: word.to_owned() });
            }
        }
        Ok(())
    }
}

/// How far a term has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Read {
    /// So many bytes, all of the space so far.
    Space(usize),
    /// The space, and of the word what the automaton remembers.
    Word(u32),
    /// It is of another space.
    Other,
}

impl Automaton for &Near<'_> {
    type State = Read;

    fn start(&self) -> Read {
        Read::Space(0)
    }

    fn is_match(&self, state: &Read) -> bool {
        matches!(state, Read::Word(state) if matches!(self.dfa.distance(*state), Distance::Exact(_)))
    }

    fn can_match(&self, state: &Read) -> bool {
        match state {
            Read::Space(_) => true,
            Read::Word(state) => *state != SINK_STATE,
            Read::Other => false,
        }
    }

    fn accept(&self, state: &Read, byte: u8) -> Read {
        match *state {
            Read::Space(read) if self.space.as_bytes().get(read) != Some(&byte) => Read::Other,
            Read::Space(read) if read + 1 == self.space.len() => Read::Word(self.dfa.initial_state()),
            Read::Space(read) => Read::Space(read + 1),
            Read::Word(state) => Read::Word(self.dfa.transition(state, byte)),
            Read::Other => Read::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_and_numbers_are_meant_as_they_are() {
        assert_eq!([errors_allowed("cat"), errors_allowed("note"), errors_allowed("notebook")], [0, 1, 2]);
        assert_eq!([errors_allowed("2024"), errors_allowed("utf8decode")], [0, 0]);
    }

    #[test]
    fn a_word_has_a_stem_in_each_language_that_makes_another_of_it() {
        let codes = ["en", "de", "ru"].map(|code| languages::by_code(code).unwrap());
        let forms = Forms::strict("hauser", false).with_stems("Häuser", &codes);
        let stems: Vec<_> = forms.stems.iter().map(|s| (s.language.code, s.stem.as_str())).collect();
        assert_eq!(stems, [("en", "hauser"), ("de", "haus")]);
    }
}
