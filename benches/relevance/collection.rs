//! The files of a collection.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use inkstone::notes::derive_title;
use inkstone::search::analysis::Tokens;

/// A document.
pub struct Document {
    /// Its number.
    pub id: u64,
    /// As the product derives it.
    pub title: String,
    /// The text, its first line included.
    pub body: String,
}

/// A question with answers that people found.
pub struct Question {
    /// Folded, without punctuation (which could be syntax), repeated words again.
    pub words: Vec<String>,
    /// The documents that answer it.
    pub relevant: HashSet<u64>,
}

/// A document and words that somebody might remember of it.
pub struct KnownItem {
    /// The document's number.
    pub document: u64,
    /// Two or three that are rare, one of them from the title where there is one.
    pub words: Vec<String>,
}

/// All of it.
pub struct Collection {
    /// In the order of the file.
    pub documents: Vec<Document>,
    /// Those that have a judgement, in the order of their numbers.
    pub questions: Vec<Question>,
}

impl Collection {
    /// Reads `*.ALL`, `*.QRY` and `*.REL` in `folder`.
    pub fn read(folder: &Path) -> Result<Self> {
        let documents = records(&file(folder, "ALL")?)?
            .into_iter()
            .map(|(id, body)| Document { id, title: derive_title(&body), body })
            .collect();
        let mut relevant: BTreeMap<u64, HashSet<u64>> = BTreeMap::new();
        for line in file(folder, "REL")?.lines() {
            let mut numbers = line.split_whitespace().map(str::parse);
            match (numbers.next(), numbers.next()) {
                (Some(Ok(question)), Some(Ok(document))) => relevant.entry(question).or_default().insert(document),
                (None, _) => continue,
                _ => bail!("no judgement: {line:?}"),
            };
        }
        let texts: BTreeMap<u64, String> = records(&file(folder, "QRY")?)?.into_iter().collect();
        let questions = texts
            .into_iter()
            .filter_map(|(id, text)| Some(Question { words: words(&text), relevant: relevant.remove(&id)? }))
            .collect();
        Ok(Self { documents, questions })
    }

    /// At most `most` documents that can be asked for, spread over the collection; the same every time.
    pub fn known_items(&self, most: usize) -> Vec<KnownItem> {
        let texts: Vec<Vec<String>> = self.documents.iter().map(|document| words(&document.body)).collect();
        let mut holders: HashMap<&str, usize> = HashMap::new();
        for text in &texts {
            for word in text.iter().map(String::as_str).collect::<BTreeSet<_>>() {
                *holders.entry(word).or_default() += 1;
            }
        }
        let rare = |word: &String| {
            word.len() > 3
                && (2..=self.documents.len() / 40).contains(&holders.get(word.as_str()).copied().unwrap_or(0))
        };
        let mut draw = Draw(1);
        let step = self.documents.len().div_ceil(most.max(1)).max(1);
        self.documents
            .iter()
            .zip(&texts)
            .step_by(step)
            .filter_map(|(document, text)| {
                let mut chosen = Vec::new();
                let titles: Vec<String> = words(&document.title).into_iter().filter(rare).collect();
                let bodies: Vec<String> = text.iter().filter(|word| rare(word)).cloned().collect();
                let wanted = 2 + draw.below(2);
                for from in [&titles, &bodies, &bodies, &bodies, &bodies] {
                    if chosen.len() < wanted && !from.is_empty() {
                        let word = &from[draw.below(from.len())];
                        if !chosen.contains(word) {
                            chosen.push(word.clone());
                        }
                    }
                }
                (chosen.len() >= 2).then_some(KnownItem { document: document.id, words: chosen })
            })
            .collect()
    }
}

/// The words of a text, folded.
pub fn words(text: &str) -> Vec<String> {
    let (mut tokens, mut folded, mut all) = (Tokens::new(text), String::new(), Vec::new());
    while tokens.next_into(&mut folded).is_some() {
        all.push(folded.clone());
    }
    all
}

/// Numbers that look like chance and are the same every time (xorshift).
pub struct Draw(pub u64);

impl Draw {
    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % bound as u64) as usize
    }
}

fn file(folder: &Path, end: &str) -> Result<String> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found.eq_ignore_ascii_case(end)) {
            return Ok(String::from_utf8_lossy(&fs::read(path)?).into_owned());
        }
    }
    bail!("there is no file that ends in .{end}")
}

/// Records of `.I number`, `.W`, text. Other fields (`.T`, `.A`) are text as well; `.X` has references and is passed over.
fn records(text: &str) -> Result<Vec<(u64, String)>> {
    let mut all: Vec<(u64, String)> = Vec::new();
    let mut passing = false;
    for line in text.lines() {
        if let Some(number) = line.strip_prefix(".I") {
            all.push((number.trim().parse().with_context(|| format!("no number: {line:?}"))?, String::new()));
            passing = false;
        } else if line.len() == 2 && line.starts_with('.') {
            passing = matches!(line, ".X" | ".B" | ".N");
        } else if let (Some((_, text)), false) = (all.last_mut(), passing) {
            text.push_str(line);
            text.push('\n');
        }
    }
    Ok(all)
}
