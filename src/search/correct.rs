//! What was probably meant when nothing is found: the nearest words of one's own notes.
//!
//! Goes further than the typing errors that a search forgives by itself ([`forms`]): also in quotes, in short words, and
//! with an edit more.

use super::analysis::Tokens;
use super::forms::{self, Typo};
use super::query::Clause;
use super::snapshot::Snapshot;

/// The fewest letters of a word for one edit, and for two.
const LETTERS_FOR: [usize; 2] = [3, 5];

/// A word that no note has, and what it may have been meant to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// As asked, folded.
    pub word: String,
    /// As some note has it, folded.
    pub instead: String,
}

/// For each word of these clauses, which match nothing, that no note has, the nearest one that some note has.
pub(super) fn corrections<'q>(
    snapshot: &Snapshot,
    space: &str,
    clauses: impl Iterator<Item = &'q Clause>,
) -> tantivy::Result<Vec<Correction>> {
    let mut found: Vec<Correction> = Vec::new();
    for clause in clauses {
        let words = match clause {
            Clause::Word(word) => std::slice::from_ref(&word.exact),
            Clause::Phrase(phrase) => &phrase.words[..],
        };
        for word in words {
            if found.iter().any(|known| known.word == *word) || forms::is_known(snapshot, space, word)? {
                continue;
            }
            if let Some(nearest) = nearest(snapshot, space, word)? {
                found.push(Correction { word: word.clone(), instead: nearest.word });
            }
        }
    }
    Ok(found)
}

/// The nearest word with the same first letter, if there is one as near: errors are seldom in the first.
fn nearest(snapshot: &Snapshot, space: &str, word: &str) -> tantivy::Result<Option<Typo>> {
    if !word.chars().all(char::is_alphabetic) {
        return Ok(None);
    }
    let letters = word.chars().count();
    let most = LETTERS_FOR.iter().filter(|&&fewest| letters >= fewest).count() as u8;
    for errors in 1..=most {
        let near = forms::typos(snapshot, space, word, errors, false)?;
        let alike = near.iter().find(|typo| typo.word.chars().next() == word.chars().next());
        if let Some(typo) = alike.or(near.first()) {
            return Ok(Some(typo.clone()));
        }
    }
    Ok(None)
}

/// The text of a query with the corrections in it; `None` when there are none.
pub fn corrected(text: &str, corrections: &[Correction]) -> Option<String> {
    let (mut tokens, mut folded) = (Tokens::new(text), String::new());
    let (mut corrected, mut copied, mut is_other) = (String::new(), 0, false);
    while let Some(token) = tokens.next_into(&mut folded) {
        let Some(correction) = corrections.iter().find(|correction| correction.word == folded) else { continue };
        corrected.push_str(text.get(copied..token.range.start)?);
        corrected.push_str(&correction.instead);
        copied = token.range.end;
        is_other = true;
    }
    corrected.push_str(text.get(copied..)?);
    is_other.then_some(corrected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_replaced_where_they_stand() {
        let corrections = [Correction { word: "recieve".to_owned(), instead: "receive".to_owned() }];
        let corrected = |text| corrected(text, &corrections);
        assert_eq!(corrected("\"I Recieve\" tag:x").as_deref(), Some("\"I receive\" tag:x"));
        assert_eq!(corrected("nothing of it"), None);
    }
}
