//! What somebody may be about to type: titles, tags, notebooks and words of their own notes.
//!
//! Owns which suggestions there are and their order: notes whose title has all that is typed, tags and notebooks that begin with it,
//! and words that begin like its last one. Everything is under the caller's rights, and nothing depends on what others have.

pub(super) mod words;

use jiff::tz::TimeZone;
use uuid::Uuid;

use super::analysis::{Tokens, Writing};
use super::query::Query;
use super::{Ask, Filter, Mode, Search, Sort};
use crate::caller::Caller;
use crate::db::ReadTx;
use crate::error::Result;
use crate::fold::name_key;
use crate::{notebooks, notes, tags};

/// The fewest characters of a word that is completed: one letter begins half of the dictionary.
const FEWEST_CHARS: usize = 2;

/// How many tags and how many notebooks are looked through.
const MOST_NAMES: i64 = 1_000;

/// What is suggested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A note, by its title.
    Title(Uuid),
    /// A tag.
    Tag,
    /// A notebook.
    Notebook,
    /// A word for the one that is being typed.
    Word,
}

/// A suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What it is.
    pub kind: Kind,
    /// As it is written.
    pub text: String,
    /// How many notes it leads to, those in the trash aside; one for a title.
    pub count: u64,
}

/// What is suggested to `caller` for `typed`: at most `limit` of each kind, titles first, then tags, notebooks and words.
///
/// # Errors
/// As a search: the index is not there, the text is too long, what the store says.
pub fn suggest(
    search: &Search,
    tx: &mut ReadTx<'_>,
    caller: &Caller,
    typed: &str,
    limit: usize,
) -> Result<Vec<Suggestion>> {
    let (asked, last) = read(typed);
    let mut found = Vec::new();
    if asked.is_empty() {
        return Ok(found);
    }
    found.extend(titles(search, tx, caller, &asked, limit)?);
    found.extend(of_names(&name_key(typed.trim()), limit, Kind::Tag, named_tags(tx, caller)?));
    found.extend(of_names(&name_key(typed.trim()), limit, Kind::Notebook, named_notebooks(tx, caller)?));
    if let Some(last) = last.filter(|last| last.chars().count() >= FEWEST_CHARS) {
        for word in search.words(caller, &last, limit)? {
            let spelt = notes::store::get(tx, caller, word.note)?
                .and_then(|note| spelling(&note.title, &word.word).or_else(|| spelling(&note.body, &word.word)));
            found.extend(spelt.map(|text| Suggestion { kind: Kind::Word, text, count: word.count }));
        }
    }
    Ok(found)
}

/// The words of what was typed, as they stand there, and the last one folded where it may still be going on.
fn read(typed: &str) -> (Vec<&str>, Option<String>) {
    let (mut tokens, mut folded, mut words, mut last) = (Tokens::new(typed), String::new(), Vec::new(), None);
    while let Some(token) = tokens.next_into(&mut folded) {
        let goes_on = token.range.end == typed.len() && token.writing == Writing::Spaced;
        last = goes_on.then(|| folded.clone());
        words.extend(typed.get(token.range));
    }
    (words, last)
}

/// Notes that have all words in the title, the last as a beginning.
fn titles(
    search: &Search,
    tx: &mut ReadTx<'_>,
    caller: &Caller,
    words: &[&str],
    limit: usize,
) -> Result<Vec<Suggestion>> {
    let in_title: Vec<String> = words.iter().map(|word| format!("title:{word}")).collect();
    let ask = Ask {
        query: Query::parse(&in_title.join(" "))?,
        mode: Mode::All,
        filter: Filter::default(),
        sort: Sort::Relevance,
        zone: TimeZone::UTC,
        limit,
        after: None,
    };
    let found = search.first(tx, caller, &ask)?;
    let title =
        |hit: super::Hit| Suggestion { kind: Kind::Title(hit.listed.note.id), text: hit.listed.note.title, count: 1 };
    Ok(found.into_iter().map(title).filter(|suggestion| !suggestion.text.is_empty()).collect())
}

fn named_tags(tx: &mut ReadTx<'_>, caller: &Caller) -> Result<Vec<(String, i64)>> {
    let tags = tags::store::list(tx, caller, "", MOST_NAMES)?;
    Ok(tags.into_iter().map(|(_, tag)| (tag.name, tag.count)).collect())
}

fn named_notebooks(tx: &mut ReadTx<'_>, caller: &Caller) -> Result<Vec<(String, i64)>> {
    let notebooks = notebooks::store::list(tx, caller, None, MOST_NAMES)?;
    Ok(notebooks.into_iter().map(|notebook| (notebook.name, notebook.count)).collect())
}

/// Of `names` with the numbers of their notes those that begin with `key`, or have a part after a slash that does; the fullest first.
fn of_names(key: &str, limit: usize, kind: Kind, names: Vec<(String, i64)>) -> Vec<Suggestion> {
    let begins =
        |name: &str| name_key(name).split('/').any(|part| part.starts_with(key)) || name_key(name).starts_with(key);
    let mut found: Vec<_> = names
        .into_iter()
        .filter(|(name, _)| begins(name))
        .map(|(text, count)| Suggestion { kind: kind.clone(), text, count: u64::try_from(count).unwrap_or(0) })
        .collect();
    found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.text.cmp(&b.text)));
    found.truncate(limit);
    found
}

/// How the text spells the folded word, in lower case.
fn spelling(text: &str, word: &str) -> Option<String> {
    let (mut tokens, mut folded) = (Tokens::with_parts(text), String::new());
    while let Some(token) = tokens.next_into(&mut folded) {
        if folded == word {
            return text.get(token.range).map(str::to_lowercase);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_word_at_the_very_end_may_go_on() {
        assert_eq!(read("Two wor"), (vec!["Two", "wor"], Some("wor".to_owned())));
        assert_eq!(read("two words "), (vec!["two", "words"], None));
        assert_eq!(read("wörd!"), (vec!["wörd"], None));
        assert_eq!(read("東京"), (vec!["東", "京"], None));
        assert_eq!(read(" - "), (vec![], None));
    }

    #[test]
    fn a_word_is_spelt_as_a_note_spells_it() {
        assert_eq!(spelling("Die HÄUSER am Fluss", "hauser").as_deref(), Some("häuser"));
        assert_eq!(spelling("call fooBar", "bar").as_deref(), Some("bar"));
        assert_eq!(spelling("nothing", "bar"), None);
    }

    #[test]
    fn names_come_fullest_first_and_by_any_part() {
        let names = [("work", 3), ("home/workshop", 9), ("network", 5)].map(|(name, count)| (name.to_owned(), count));
        let found = of_names("work", 5, Kind::Tag, names.to_vec());
        let texts: Vec<_> = found.iter().map(|found| found.text.as_str()).collect();
        assert_eq!(texts, ["home/workshop", "work"]);
    }
}
