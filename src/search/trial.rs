//! Whether notes are found: a sample goes into an index of its own, and each is looked for by its own words.
//!
//! For proving that a store which was restored can be searched, without building the index of all of it.

use std::path::Path;

use uuid::Uuid;

use super::analysis::Tokens;
use super::evaluate::Request;
use super::index::{Effort, Failure, Index, Payload, Writer};
use super::query::Query;
use super::{Document, Filter, Mode, Sort, States, schema};
use crate::caller::UserId;
use crate::notes::Note;

/// Words of a note that it is looked for by: enough to set it apart from most others.
const WORDS: usize = 8;

/// A sample in an index of its own.
#[derive(Debug)]
pub struct Trial {
    notes: Vec<(UserId, Note)>,
    index: std::sync::Arc<Index>,
}

impl Trial {
    /// Builds the index of `notes` in the empty directory `directory`.
    ///
    /// # Errors
    /// What the index says.
    pub fn prepare(directory: &Path, notes: Vec<(UserId, Note)>) -> Result<Self, Failure> {
        let index = Index::create(directory)?;
        let mut writer = Writer::open(index.clone(), Effort::BesideRequests)?;
        for (owner, note) in &notes {
            writer.add(&Document::of(*owner, note))?;
        }
        writer.commit(&Payload {
            epoch: Uuid::nil(),
            cursor: 0,
            fingerprint: schema::fingerprint(),
            rebuilding: None,
            deleted_since: None,
        })?;
        writer.close()?;
        Ok(Self { notes, index })
    }

    /// Looks for the note with this number (from 0); `None` when it has no word to look for, otherwise whether it was found.
    ///
    /// # Errors
    /// What the index says.
    pub fn finds(&self, number: usize) -> Result<Option<bool>, Failure> {
        let Some((owner, note)) = self.notes.get(number) else { return Ok(None) };
        let text = words(&format!("{}\n{}", note.title, note.body));
        // A space at the end: the last word is a word and no beginning of one.
        let query = Query::parse(&format!("{text} ")).map_err(|e| Failure::Unavailable(e.to_string()))?;
        if query.is_blank() {
            return Ok(None);
        }
        let filter = Filter { states: States::only(note.state), ..Filter::default() };
        let request = Request {
            owner: *owner,
            confines: None,
            query: &query,
            tests: &[],
            mode: Mode::All,
            filter: &filter,
            sort: Sort::Relevance,
            limit: self.notes.len(),
            after: None,
        };
        let answer = self.index.answer(&request)?;
        Ok(Some(answer.hits.iter().any(|hit| hit.id == note.id)))
    }
}

/// The first words of `text`, as they stand there.
fn words(text: &str) -> String {
    let (mut tokens, mut folded, mut found) = (Tokens::new(text), String::new(), Vec::new());
    let mut length = 0;
    while found.len() < WORDS {
        let Some(token) = tokens.next_into(&mut folded) else { break };
        let word = &text[token.range];
        length += word.chars().count() + 1;
        // What is longer than a query may be is not asked for.
        if length > super::query::MAX_CHARS / 2 {
            break;
        }
        // As it stands it would be an operator.
        found.push(if word == "OR" { "or" } else { word });
    }
    found.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_first_ones_as_they_stand() {
        assert_eq!(words("# Crème brûlée, don't 3.14"), "Crème brûlée don t 3 14");
        assert_eq!(words("*** --- !!!"), "");
        assert_eq!(words(&"x".repeat(5000)), "");
    }
}
