//! What is asked, by kind: for the server as `q`, for the two other engines in their own terms.

use crate::outside::chance::Chance;
use crate::outside::corpus::{Draft, Queries};

/// How many questions of each kind that is made here.
const EACH: usize = 40;

/// One question.
#[derive(Debug, Clone)]
pub struct Question {
    /// As it is typed.
    pub q: String,
    /// The words that must be there.
    pub words: Vec<String>,
    /// How they are meant.
    pub meant: Meant,
}

/// How the words of a question are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// As words of the language.
    Words,
    /// The one word is the beginning of one.
    Beginning,
    /// As words, with this tag.
    Tagged(String),
    /// One after the other.
    Phrase,
    /// With a typing error, which only the server forgives.
    Mistyped,
}

/// Questions of one kind, and the most that the service's own time should be in the middle.
pub struct Kind {
    /// For the table.
    pub name: &'static str,
    /// In milliseconds.
    pub aim: f64,
    /// At least one.
    pub questions: Vec<Question>,
}

/// All kinds that these notes have questions for.
pub fn kinds(queries: &Queries, drafts: &[Draft]) -> Vec<Kind> {
    let mut chance = Chance::new(11);
    let whole = |text: &String| Question {
        // The space says that the word is whole.
        q: format!("{text} "),
        words: text.split(' ').map(str::to_owned).collect(),
        meant: Meant::Words,
    };
    let common_pairs = queries.common.windows(2).map(|pair| pair.join(" ")).collect::<Vec<_>>();
    let typed = |text: &String| Question { q: text.clone(), words: vec![text.clone()], meant: Meant::Beginning };
    let tagged = |(at, text): (usize, &String)| {
        let tag = drafts[at * 7 % drafts.len()].tags[0].clone();
        Question {
            q: format!("{text} tag:{tag} updated:>=2020-01-01"),
            words: vec![text.clone()],
            meant: Meant::Tagged(tag),
        }
    };
    let mut phrases = Vec::new();
    while phrases.len() < EACH {
        let body = &drafts[chance.below(drafts.len())].body;
        let words: Vec<_> = body.split(' ').collect();
        let at = chance.below(words.len().saturating_sub(2).max(1));
        if let Some([first, second]) = words.get(at..at + 2)
            && [first, second].iter().all(|word| word.len() > 2 && word.chars().all(|c| c.is_ascii_lowercase()))
        {
            let words = vec![(*first).to_owned(), (*second).to_owned()];
            phrases.push(Question { q: format!("\"{first} {second}\""), words, meant: Meant::Phrase });
        }
    }
    let mistyped = |text: &String| {
        let mut letters: Vec<char> = text.chars().collect();
        let at = letters.len() / 2;
        letters[at] = if letters[at] == 'x' { 'q' } else { 'x' };
        let word: String = letters.into_iter().collect();
        Question { q: format!("{word} "), words: vec![word], meant: Meant::Mistyped }
    };
    let all = [
        ("rare word", 2.0, queries.rare.iter().map(whole).collect::<Vec<_>>()),
        ("common word", 2.0, queries.common.iter().map(whole).collect()),
        ("two words", 2.0, queries.pair.iter().map(whole).collect()),
        ("two common words", 2.0, common_pairs.iter().map(whole).collect()),
        ("prefix, while typing", 2.0, queries.typed.iter().map(typed).collect()),
        ("word, tag and date", 2.0, queries.common.iter().enumerate().map(tagged).collect()),
        ("typing error", 5.0, queries.rare.iter().map(mistyped).collect()),
        ("phrase", 10.0, phrases),
    ];
    all.into_iter()
        .filter(|(.., questions)| !questions.is_empty())
        .map(|(name, aim, questions)| Kind { name, aim, questions })
        .collect()
}
