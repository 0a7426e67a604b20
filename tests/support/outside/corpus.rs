//! Deterministic English-like Markdown: Zipfian words, headings, lists, about 165 words a note, two or three tags.
//!
//! The frequent words are English; the other 40,000 are made of syllables, with the endings that a stemmer takes off, so that
//! word lengths, frequencies and the share of inflected forms resemble real notes while nothing has to be bundled.

use std::collections::{HashMap, HashSet};

use super::chance::Chance;

const FREQUENT: &str = "the of and to in a is that for it as was with be by on not he his but at are this have from or had an \
they which you were all we can will there if been has when who no more out so up what about into than them only some could \
these two may then do first any my now such like our over me even most after also did many off must before through";
const ONSETS: &[&str] = &[
    "b", "br", "c", "ch", "cl", "cr", "d", "dr", "f", "fl", "g", "gl", "gr", "h", "j", "k", "l", "m", "n", "p", "pl",
    "pr", "qu", "r", "s", "sh", "sl", "sp", "st", "str", "t", "th", "tr", "v", "w",
];
const NUCLEI: &[&str] = &["a", "e", "i", "o", "u", "ai", "ea", "ee", "io", "oa", "ou"];
const CODAS: &[&str] = &["", "", "", "n", "r", "l", "s", "t", "m", "nd", "st", "ck", "rt"];
const ENDINGS: &[&str] = &["", "", "", "", "s", "ed", "ing", "ly", "ness", "ment", "tion", "able"];

/// How many words the vocabulary has.
pub const VOCABULARY: usize = 40_000;

/// A note before it is sent.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its title.
    pub title: String,
    /// Its Markdown.
    pub body: String,
    /// Its tags, sorted.
    pub tags: Vec<String>,
}

/// An endless supply of drafts.
pub struct Corpus {
    words: Vec<String>,
    frequent: usize,
    cumulative: Vec<f64>,
    tags: Vec<f64>,
    chance: Chance,
}

impl Corpus {
    /// The corpus of `seed`; the vocabulary is the same for every seed.
    pub fn new(seed: u64) -> Self {
        let words = vocabulary();
        Self {
            frequent: FREQUENT.split_whitespace().count(),
            cumulative: cumulate((0..words.len()).map(|rank| 1.0 / (rank as f64 + 2.7).powf(1.05))),
            tags: cumulate((0..200).map(|rank| 1.0 / (rank as f64 + 1.0))),
            words,
            chance: Chance::new(seed),
        }
    }

    /// The next draft.
    pub fn draft(&mut self) -> Draft {
        let count = self.chance.between(3, 7);
        let title = capital(self.phrase(count));
        let mut left = (165.0 + 40.0 * self.chance.normal()).max(40.0) as usize;
        let mut parts = vec![format!("# {title}\n")];
        while left > 0 {
            let take = left.min(self.chance.between(25, 60));
            left -= take;
            let kind = self.chance.unit();
            parts.push(if kind < 0.25 {
                (0..(take / 8).max(1)).map(|_| format!("- {}\n", self.sentence(8))).collect()
            } else if kind < 0.35 {
                let (heading, text) = (self.phrase(3), self.sentence(take));
                let (bold, code) = (self.phrase(1), self.phrase(1));
                format!("## {heading}\n\n{text} See **{bold}** and `{code}()`.\n")
            } else {
                let sentences: Vec<_> = (0..3).map(|_| self.sentence((take / 3).max(4))).collect();
                sentences.join(" ") + "\n"
            });
        }
        let mut tags: Vec<_> = (0..self.chance.between(2, 3))
            .map(|_| self.words[self.frequent + pick(&self.tags, &mut self.chance)].clone())
            .collect();
        tags.sort();
        tags.dedup();
        Draft { title, body: parts.join("\n"), tags }
    }

    fn phrase(&mut self, words: usize) -> String {
        let mut out = String::new();
        for n in 0..words {
            if n > 0 {
                out.push(' ');
            }
            out.push_str(&self.words[pick(&self.cumulative, &mut self.chance)]);
        }
        out
    }

    fn sentence(&mut self, words: usize) -> String {
        capital(self.phrase(words)) + "."
    }
}

/// What people would type to find some of the drafts.
#[derive(Debug, Clone, Default)]
pub struct Queries {
    /// Words of very few notes.
    pub rare: Vec<String>,
    /// Words of a tenth to four tenths of all notes.
    pub common: Vec<String>,
    /// Two words of some per cent of the notes each, that stand together in at least one.
    pub pair: Vec<String>,
    /// What a search field holds while such a word is typed: two letters, three, and so on.
    pub typed: Vec<String>,
}

/// Chooses up to `each` queries of every kind from `bodies`.
pub fn queries<'a>(bodies: impl Iterator<Item = &'a str>, each: usize) -> Queries {
    let sets: Vec<HashSet<String>> = bodies.map(words_of).collect();
    let mut frequency: HashMap<&str, usize> = HashMap::new();
    for word in sets.iter().flatten() {
        *frequency.entry(word).or_default() += 1;
    }
    let (total, frequent) = (sets.len() as f64, FREQUENT.split_whitespace().collect::<HashSet<_>>());
    let band = |low: f64, high: f64| {
        let within = |count: usize| (low * total..=high * total).contains(&(count as f64));
        let mut words: Vec<&str> = frequency
            .iter()
            .filter(|&(word, &count)| within(count) && word.len() > 3 && !frequent.contains(word))
            .map(|(word, _)| *word)
            .collect();
        words.sort_unstable();
        words
    };
    let mut chance = Chance::new(3);
    let mut rare: Vec<&str> =
        frequency.iter().filter(|(word, count)| **count >= 5 && word.len() > 5).map(|(word, _)| *word).collect();
    rare.sort_by_key(|word| (frequency[word], *word));
    rare.truncate(400);
    let (common, middle) = (band(0.10, 0.40), band(0.02, 0.06));
    let sample = |from: &[&str], chance: &mut Chance| -> Vec<String> {
        if from.is_empty() {
            return Vec::new();
        }
        (0..each).map(|_| chance.one_of(from).to_owned()).collect()
    };
    let mut pair = Vec::new();
    for _ in 0..4000 {
        if pair.len() == each || sets.is_empty() {
            break;
        }
        let set = &sets[chance.below(sets.len())];
        let held: Vec<_> = middle.iter().filter(|word| set.contains(**word)).collect();
        if held.len() >= 2 {
            let first = chance.below(held.len() - 1);
            pair.push(format!("{} {}", held[first], held[first + 1]));
        }
    }
    let mut typed = Vec::new();
    while typed.len() < each && !middle.is_empty() {
        let word = chance.one_of(&middle);
        typed.extend((2..word.len()).map(|length| word[..length].to_owned()));
    }
    typed.truncate(each);
    Queries { rare: sample(&rare, &mut chance), common: sample(&common, &mut chance), pair, typed }
}

fn words_of(text: &str) -> HashSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect()
}

fn vocabulary() -> Vec<String> {
    let mut chance = Chance::new(1);
    let mut words: Vec<String> = FREQUENT.split_whitespace().map(str::to_owned).collect();
    let mut seen: HashSet<String> = words.iter().cloned().collect();
    while words.len() < VOCABULARY + 80 {
        let mut word = String::new();
        for _ in 0..chance.between(1, 3) {
            for part in [ONSETS, NUCLEI, CODAS] {
                word.push_str(chance.one_of(part));
            }
        }
        word.push_str(chance.one_of(ENDINGS));
        if (3..=14).contains(&word.len()) && seen.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

fn cumulate(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sum = 0.0;
    weights
        .map(|weight| {
            sum += weight;
            sum
        })
        .collect()
}

fn pick(cumulative: &[f64], chance: &mut Chance) -> usize {
    let at = chance.unit() * cumulative.last().copied().unwrap_or(0.0);
    cumulative.partition_point(|&sum| sum <= at).min(cumulative.len() - 1)
}

fn capital(text: String) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
}
