//! The words of a text whose script does not separate them.
//!
//! The index has such texts character by character, so that any piece of them is found whatever a dictionary thinks is a word. A question
//! is cut into words as well: who types `机器学习教程` also means notes that have `机器学习` in one place and `教程` in another. Dictionaries and
//! models are ICU's (`icu_segmenter`): Chinese, Japanese, Thai, Khmer, Lao and Burmese, 2.4 MB of the binary and 2 MB of memory.
//!
//! The other way, pairs of neighbouring characters, needs no dictionary, but takes what straddles two words for a word (`習教`), so that
//! a note must have it; and indexing the words themselves loses every note that a dictionary cuts differently from the question.

use std::ops::Range;

use icu_segmenter::WordSegmenter;
use icu_segmenter::options::WordBreakInvariantOptions;

/// More words than this are taken together, neighbours with neighbours: a pasted sentence is not to be dozens of clauses.
const MOST: usize = 12;

/// The words of the run whose characters stand at `characters` in `text`, as ranges of characters. One word where it cannot be cut.
pub(super) fn segments(text: &str, characters: &[Range<usize>]) -> Vec<Range<usize>> {
    let (Some(first), Some(last)) = (characters.first(), characters.last()) else { return Vec::new() };
    let Some(run) = text.get(first.start..last.end) else { return Vec::new() };
    let segmenter = WordSegmenter::new_auto(WordBreakInvariantOptions::default());
    let breaks: Vec<usize> = segmenter.segment_str(run).map(|at| at + first.start).collect();
    let mut words = Vec::new();
    let mut start = 0;
    for (number, character) in characters.iter().enumerate() {
        if breaks.contains(&character.end) {
            words.push(start..number + 1);
            start = number + 1;
        }
    }
    if start < characters.len() {
        words.push(start..characters.len());
    }
    let together = words.len().div_ceil(MOST).max(1);
    words.chunks(together).filter_map(|group| Some(group.first()?.start..group.last()?.end)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::analysis::Tokens;
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let (mut tokens, mut folded, mut ranges) = (Tokens::new(text), String::new(), Vec::new());
        while let Some(token) = tokens.next_into(&mut folded) {
            ranges.push(token.range);
        }
        segments(text, &ranges)
            .into_iter()
            .map(|word| &text[ranges[word.start].start..ranges[word.end - 1].end])
            .collect()
    }

    #[test]
    fn words_are_those_of_a_dictionary() {
        assert_eq!(words("机器学习教程"), ["机器", "学习", "教程"]);
        assert_eq!(words("東京タワーの高さ"), ["東京", "タワー", "の", "高", "さ"]);
        assert_eq!(words("สูตรอาหารของคุณยาย"), ["สูตร", "อาหาร", "ของ", "คุณยาย"]);
        assert_eq!(words("会议"), ["会议"]);
        assert!(words("").is_empty());
    }

    #[test]
    fn a_pasted_sentence_is_a_dozen_pieces_at_most() {
        let sentence = "机器学习教程".repeat(20);
        assert!(words(&sentence).len() <= MOST);
        assert_eq!(words(&sentence).concat(), sentence);
    }
}
