//! Where a note matches: fragments of its text with the ranges to mark.
//!
//! The text comes from the store, not from the index; it is cut by the same analysis, so what was found is what is marked:
//! exact forms, other forms with the same stem, longer words where the query's last word is a beginning, and phrases as a
//! whole. Ranges count Unicode code points of the fragment, the one unit that every client can convert.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use super::analysis::Tokens;
use super::forms::{Forms, Stem};
use super::languages::{self, Detected};
use super::query::{Clause, Place, Query};

/// About how long a fragment of a body is, in characters.
const FRAGMENT_CHARS: usize = 160;

/// How many fragments of a body are shown at most.
const BODY_FRAGMENTS: usize = 2;

/// How many bytes are read on after the first match to find the best place. A match is looked for to the very end.
const LOOK_AHEAD: usize = 64 * 1024;

/// How many matches of one text are weighed against each other.
const MAX_MARKS: usize = 512;

/// How many tokens are remembered with what stemming said of them.
const MOST_STEMMED: usize = 4_096;

/// Which part of the note a fragment was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The title, whole.
    Title,
    /// The body, a piece of it.
    Body,
}

/// A fragment with its matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Highlight {
    /// Where it is from.
    pub part: Part,
    /// How many code points of the title or body stand before the fragment.
    pub offset: usize,
    /// The text, each line break or tab of it replaced by a space.
    pub fragment: String,
    /// What to mark: from and to (exclusive), in code points of the fragment, ascending, apart from each other.
    pub ranges: Vec<(usize, usize)>,
}

/// Finds the matches of one answer, note by note.
pub struct Highlighter<'q> {
    clauses: &'q [Clause],
    /// What counted as the word of each clause.
    forms: &'q [Forms],
    /// What stemming said of the tokens met so far, as they are written, by clause. The notes of an answer say the same words, and one is
    /// stemmed in every language that the person's notes are in.
    stemmed: HashMap<String, Vec<Option<bool>>>,
}

impl<'q> Highlighter<'q> {
    /// For notes that match `query`; `forms` is what counted as the word of each clause
    /// ([`Answer::forms`](super::evaluate::Answer)).
    pub fn new(query: &'q Query, forms: &'q [Forms]) -> Self {
        Self { clauses: query.clauses(), forms, stemmed: HashMap::new() }
    }

    /// The highlights of one note: its title if that matches, then the best pieces of its body in the order of the text.
    pub fn of(&mut self, title: &str, body: &str) -> Vec<Highlight> {
        let mut highlights = Vec::new();
        if self.clauses.is_empty() {
            return highlights;
        }
        let in_title = self.marks(title, Place::Title);
        if !in_title.is_empty() {
            highlights.push(cut(Part::Title, title, 0..title.len(), &in_title));
        }
        let in_body = self.marks(body, Place::Anywhere);
        for group in best_groups(&in_body) {
            highlights.push(cut(Part::Body, body, surroundings(body, &in_body[group]), &in_body));
        }
        highlights
    }

    /// All matches of a text, as far as it is read, by their beginning. What must stand in the title is not looked for elsewhere.
    fn marks(&mut self, text: &str, place: Place) -> Vec<Mark> {
        let clauses = self.clauses;
        let length = |clause: &Clause| if let Clause::Phrase(phrase) = clause { phrase.words.len() } else { 1 };
        let longest = clauses.iter().map(length).max();
        let mut starts: VecDeque<usize> = VecDeque::with_capacity(longest.unwrap_or(1).min(64));
        let mut phrases: Vec<Option<PhraseWalk>> = clauses.iter().map(PhraseWalk::of).collect();
        let mut found: Vec<(Range<usize>, usize)> = Vec::new();
        let (mut tokens, mut folded, mut read_to) = (Tokens::with_parts(text), String::new(), text.len());
        while let Some(token) = tokens.next_into(&mut folded) {
            if token.range.start > read_to || found.len() >= MAX_MARKS {
                break;
            }
            if !token.is_part {
                starts.push_back(token.range.start);
                if starts.len() > longest.unwrap_or(1) {
                    starts.pop_front();
                }
            }
            for (index, clause) in clauses.iter().enumerate() {
                if clause.place() == Place::Title && place != Place::Title {
                    continue;
                }
                match clause {
                    Clause::Word(_) => {
                        let written = &text[token.range.clone()];
                        if self.is_form(index, &folded, written) {
                            found.push((token.range.clone(), index));
                        }
                    }
                    // A phrase is of whole words.
                    Clause::Phrase(_) if token.is_part => {}
                    Clause::Phrase(phrase) => {
                        if phrases.get_mut(index).and_then(Option::as_mut).is_some_and(|walk| walk.ends_with(&folded)) {
                            let start = starts.len().checked_sub(phrase.words.len()).and_then(|at| starts.get(at));
                            found.extend(start.map(|&start| (start..token.range.end, index)));
                        }
                    }
                }
            }
            if !found.is_empty() && read_to == text.len() {
                read_to = token.range.end.saturating_add(LOOK_AHEAD).min(text.len());
            }
        }
        found.sort_by_key(|(range, clause)| (range.start, range.end, *clause));
        with_chars(text, found)
    }

    /// Whether a token is a form of the word of a clause.
    fn is_form(&mut self, clause: usize, folded: &str, written: &str) -> bool {
        let Some(forms) = self.forms.get(clause) else { return false };
        if folded == forms.exact || forms.prefix && folded.starts_with(&forms.exact) {
            return true;
        }
        if forms.typos.iter().any(|typo| typo.word == folded) {
            return true;
        }
        // A stem begins like every word it stands for (but where a language has prefixes), so most tokens need no stemming.
        let begins_alike =
            |stem: &Stem| stem.language.has_prefixes() || folded.as_bytes().first() == stem.stem.as_bytes().first();
        if !forms.stems.iter().any(begins_alike) {
            return false;
        }
        let is_stem = |stem: &Stem| {
            languages::stemming(Some(Detected::surely(stem.language)), written).any(|by| by == stem.language)
                && languages::stem(stem.language, written) == stem.stem
        };
        let tell = || forms.stems.iter().any(|stem| begins_alike(stem) && is_stem(stem));
        if let Some(Some(told)) = self.stemmed.get(written).and_then(|told| told.get(clause)) {
            return *told;
        }
        let told = tell();
        // A note of a megabyte is not remembered whole.
        if self.stemmed.len() < MOST_STEMMED {
            let by_clause = self.stemmed.entry(written.to_owned()).or_insert_with(|| vec![None; self.clauses.len()]);
            if let Some(of_clause) = by_clause.get_mut(clause) {
                *of_clause = Some(told);
            }
        }
        told
    }
}

/// One match.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    bytes: Range<usize>,
    chars: Range<usize>,
    clause: usize,
}

/// Looks for a phrase in one walk over the text (Knuth, Morris, Pratt), however often the phrase repeats its own beginning.
struct PhraseWalk<'q> {
    /// The words that are known whole.
    words: &'q [String],
    /// How the word behind them begins, when that is all that is known of it.
    beginning: Option<&'q String>,
    /// For each word of the phrase: how many of the words up to it are also the phrase's first ones.
    again: Vec<usize>,
    /// How many of the phrase's words the last ones read are.
    matched: usize,
    /// Whether the last words read are all of `words`.
    complete: bool,
}

impl<'q> PhraseWalk<'q> {
    fn of(clause: &'q Clause) -> Option<Self> {
        let Clause::Phrase(phrase) = clause else { return None };
        let (words, beginning) = match phrase.words.split_last() {
            Some((last, head)) if phrase.prefix => (head, Some(last)),
            _ => (&phrase.words[..], None),
        };
        let mut again: Vec<usize> = Vec::with_capacity(words.len());
        for word in words {
            let longest = match again.last() {
                Some(&before) => step(words, &again, before, word),
                None => 0,
            };
            again.push(longest);
        }
        Some(Self { words, beginning, again, matched: 0, complete: words.is_empty() })
    }

    /// Takes the next word of the text; whether the phrase ends with it.
    fn ends_with(&mut self, word: &str) -> bool {
        let follows = self.complete;
        self.matched = step(self.words, &self.again, self.matched, word);
        self.complete = self.matched == self.words.len();
        if self.complete {
            self.matched = self.again.last().copied().unwrap_or(0);
        }
        match self.beginning {
            Some(beginning) => follows && word.starts_with(beginning.as_str()),
            None => self.complete,
        }
    }
}

/// From `matched` words of the phrase to how many they are with `word` behind them.
fn step(words: &[String], again: &[usize], mut matched: usize, word: &str) -> usize {
    loop {
        if words.get(matched).is_some_and(|expected| expected == word) {
            return matched + 1;
        }
        match matched.checked_sub(1).and_then(|last| again.get(last)) {
            Some(&shorter) => matched = shorter,
            None => return 0,
        }
    }
}

fn with_chars(text: &str, found: Vec<(Range<usize>, usize)>) -> Vec<Mark> {
    let (mut bytes_before, mut chars_before) = (0, 0);
    found
        .into_iter()
        .map(|(bytes, clause)| {
            chars_before += count_chars(text, bytes_before..bytes.start);
            bytes_before = bytes.start;
            let chars = chars_before..chars_before + count_chars(text, bytes.clone());
            Mark { bytes, chars, clause }
        })
        .collect()
}

fn count_chars(text: &str, range: Range<usize>) -> usize {
    text.get(range).map_or(0, |piece| piece.chars().count())
}

/// Which runs of marks make the best fragments, in the order of the text: first the one with the most different clauses (then
/// the most marks, then the earliest), then the one that adds most to it.
fn best_groups(marks: &[Mark]) -> Vec<Range<usize>> {
    let mut chosen: Vec<Range<usize>> = Vec::new();
    let mut shown: Vec<usize> = Vec::new();
    while chosen.len() < BODY_FRAGMENTS {
        let mut best: Option<((usize, usize), Range<usize>)> = None;
        for (first, mark) in marks.iter().enumerate() {
            let near =
                marks[first..].iter().take_while(|m| m.chars.end <= mark.chars.start + FRAGMENT_CHARS).count().max(1);
            let group = first..first + near;
            let too_close = |other: &Range<usize>| match (marks.get(other.start), marks.get(other.end - 1)) {
                (Some(from), Some(to)) => {
                    mark.chars.start < to.chars.end + FRAGMENT_CHARS
                        && from.chars.start < mark.chars.end + FRAGMENT_CHARS
                }
                _ => true,
            };
            if chosen.iter().any(too_close) {
                continue;
            }
            let mut new: Vec<usize> =
                marks[group.clone()].iter().map(|m| m.clause).filter(|c| !shown.contains(c)).collect();
            new.sort_unstable();
            new.dedup();
            let value = (new.len(), near);
            if best.as_ref().is_none_or(|(most, _)| value > *most) {
                best = Some((value, group));
            }
        }
        let Some((_, group)) = best else { break };
        shown.extend(marks[group.clone()].iter().map(|mark| mark.clause));
        chosen.push(group);
    }
    chosen.sort_by_key(|group| group.start);
    chosen
}

/// The piece of `text` around a run of marks: a third of the room before it, the rest after, ends at word boundaries.
fn surroundings(text: &str, group: &[Mark]) -> Range<usize> {
    let (Some(first), Some(last)) = (group.first(), group.iter().max_by_key(|mark| mark.bytes.end)) else {
        return 0..0;
    };
    let room = FRAGMENT_CHARS.saturating_sub(last.chars.end - first.chars.start);
    let (before, after) = (&text[..first.bytes.start], &text[last.bytes.end..]);

    let mut start = before.char_indices().rev().take(room / 3).last().map_or(first.bytes.start, |(at, _)| at);
    if start > 0 {
        // Within a word, begin after it; a piece without any space (a script that has none) begins where it begins.
        start += text[start..first.bytes.start].find(char::is_whitespace).unwrap_or(0);
    }
    let lead = first.chars.start.min(room / 3);
    let mut end = after.char_indices().nth(room - lead).map_or(text.len(), |(at, _)| last.bytes.end + at);
    if end < text.len() {
        end = text[last.bytes.end..end].rfind(char::is_whitespace).map_or(end, |at| last.bytes.end + at);
    }
    let piece = &text[start..end];
    start += piece.len() - piece.trim_start().len();
    end -= piece.len() - piece.trim_end().len();
    start.min(first.bytes.start)..end.max(last.bytes.end)
}

/// The fragment of `bytes` with those of the marks that lie in it.
fn cut(part: Part, text: &str, bytes: Range<usize>, marks: &[Mark]) -> Highlight {
    let mut inside = marks.iter().filter(|m| m.bytes.start >= bytes.start && m.bytes.end <= bytes.end).peekable();
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    let offset = inside.peek().map_or(0, |first| first.chars.start - count_chars(text, bytes.start..first.bytes.start));
    for mark in inside {
        let (from, to) = (mark.chars.start - offset, mark.chars.end - offset);
        match ranges.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => ranges.push((from, to)),
        }
    }
    let fragment = text[bytes].chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    Highlight { part, offset, fragment, ranges }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(title: &str, body: &str, query: &str) -> Vec<Highlight> {
        let query = Query::parse(query).unwrap();
        let forms: Vec<Forms> = query.clauses().iter().map(|clause| Forms::of(clause, &[languages::ENGLISH])).collect();
        Highlighter::new(&query, &forms).of(title, body)
    }

    /// The fragment with its marks in brackets.
    fn shown(title: &str, body: &str, query: &str) -> Vec<String> {
        marked(title, body, query)
            .iter()
            .map(|h| {
                let chars: Vec<char> = h.fragment.chars().collect();
                let mut out = String::new();
                let mut at = 0;
                for &(from, to) in &h.ranges {
                    assert!(at <= from && from < to && to <= chars.len(), "{h:?}");
                    out.extend(&chars[at..from]);
                    out.push('[');
                    out.extend(&chars[from..to]);
                    out.push(']');
                    at = to;
                }
                out.extend(&chars[at..]);
                out
            })
            .collect()
    }

    #[test]
    fn every_form_that_matches_is_marked() {
        assert_eq!(shown("", "He runs. Running, I ran to Run", "run "), ["He [runs]. [Running], I ran to [Run]"]);
        assert_eq!(shown("", "note noted notable", "not"), ["[note] [noted] [notable]"]);
        assert_eq!(shown("", "Café CAFE\u{301} cafe", "cafe "), ["[Café] [CAFE\u{301}] [cafe]"]);
    }

    #[test]
    fn phrases_are_marked_as_a_whole() {
        assert_eq!(shown("", "big red, Red-Dog red dog", "\"red dog\""), ["big red, [Red-Dog] [red dog]"]);
        assert_eq!(shown("", "a a a b", "\"a a b\""), ["a [a a b]"]);
        assert_eq!(shown("", "a b a b a c", "\"a b a c\""), ["a b [a b a c]"]);
        assert_eq!(shown("", "x a a a x", "\"a a\""), ["x [a a a] x"], "each place where it stands");
        assert_eq!(shown("", "我住在東京都", "東京"), ["我住在[東京]都"]);
        assert_eq!(shown("", "big red, a big redwood", "\"a big red"), ["big red, [a big redwood]"]);
        assert_eq!(shown("", "reds and red", "\"red"), ["[reds] and [red]"]);
    }

    #[test]
    fn the_title_is_shown_whole_when_it_matches() {
        let title = format!("{} needle", "hay ".repeat(100));
        assert_eq!(shown(&title, "nothing", "needle "), [title.replace("needle", "[needle]")]);
        assert_eq!(shown("hay", "a needle", "needle "), ["a [needle]"]);
        assert!(shown("hay", "nothing", "needle ").is_empty());
    }

    #[test]
    fn what_must_stand_in_the_title_is_marked_there_alone() {
        assert_eq!(shown("red dog", "red dog", "title:red dog "), ["[red] [dog]", "red [dog]"]);
    }

    #[test]
    fn what_is_excluded_is_not_marked() {
        assert_eq!(shown("", "red dog, blue", "red -dog -(blue -sea) "), ["[red] dog, blue"]);
    }

    #[test]
    fn ranges_count_code_points() {
        let found = marked("", "🎉🎉 é x", "x ");
        assert_eq!(found[0].ranges, [(5, 6)]);
        assert_eq!(found[0].fragment, "🎉🎉 é x");
        assert_eq!(found[0].offset, 0);
        let body = format!("é\n{} needle", "日本 ".repeat(200));
        let found = marked("", &body, "needle ");
        let from_there: String = body.chars().skip(found[0].offset).collect();
        assert!(from_there.starts_with(&found[0].fragment), "the fragment stands where its offset says");
    }

    #[test]
    fn a_fragment_is_about_as_long_as_said_and_ends_between_words() {
        let body = format!("{}needle {}", "before ".repeat(200), "after ".repeat(200));
        let found = marked("", &body, "needle ");
        assert_eq!(found.len(), 1);
        let fragment = &found[0].fragment;
        let chars = fragment.chars().count();
        assert!((120..=FRAGMENT_CHARS).contains(&chars), "{chars}");
        assert!(fragment.starts_with("before") && fragment.ends_with("after"), "{fragment}");
    }

    #[test]
    fn line_breaks_become_spaces_one_for_one() {
        assert_eq!(shown("", "one\r\ntwo\tneedle", "needle "), ["one  two [needle]"]);
    }

    #[test]
    fn the_densest_places_are_chosen_and_shown_in_order() {
        let gap = "hay ".repeat(200);
        let body = format!("red {gap} red blue {gap} blue {gap} green");
        let found = shown("", &body, "red blue green ");
        assert_eq!(found.len(), 2);
        assert!(found[0].contains("[red] [blue]") && found[1].contains("[green]"), "{found:?}");
    }

    #[test]
    fn a_match_at_the_end_of_a_long_body_is_found() {
        let body = format!("{} needle", "hay ".repeat(250_000));
        let found = shown("", &body, "needle ");
        assert_eq!(found.len(), 1);
        assert!(found[0].ends_with("[needle]"));
    }

    #[test]
    fn a_phrase_that_repeats_itself_is_found_in_one_walk() {
        let body = format!("{}b", "a ".repeat(250_000));
        let found = shown("", &body, &format!("\"{}b\"", "a ".repeat(100)));
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn text_without_spaces_is_cut_between_characters() {
        let body = format!("{}東京{}", "前".repeat(500), "後".repeat(500));
        let found = shown("", &body, "東京");
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("[東京]"));
        assert!(found[0].chars().count() <= FRAGMENT_CHARS + 2);
    }

    #[test]
    fn nothing_is_marked_without_words() {
        assert!(shown("title", "body", "").is_empty());
        assert!(shown("title", "body", "!").is_empty());
    }
}
