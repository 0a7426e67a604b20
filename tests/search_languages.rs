//! What counts as a word: in every language, inside of names, and with typing errors.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use inkstone::caller::UserId;
use inkstone::clock::Timestamp;
use inkstone::notes::State;
use inkstone::search::evaluate::{Answer, Request};
use inkstone::search::index::Payload;
use inkstone::search::languages::{self, Detection};
use inkstone::search::opening::{self, Opened, Store};
use inkstone::search::query::Query;
use inkstone::search::{Document, Effort, Filter, Mode, Sort, schema};
use serde::Deserialize;
use uuid::Uuid;

const ANN: UserId = UserId(Uuid::from_u128(0xA));

/// A sentence that somebody may write, and how it may be asked for.
#[derive(Deserialize)]
struct Sentence {
    /// ISO 639-1.
    language: String,
    text: String,
    /// Where spaces do not say what is a word.
    #[serde(default)]
    words: Vec<String>,
    /// Other forms of words in the text.
    #[serde(default)]
    forms: Vec<String>,
}

fn sentences() -> Vec<Sentence> {
    serde_json::from_str(include_str!("fixtures/languages.json")).unwrap()
}

/// Notes, numbered from 1, in an index.
struct Notes {
    _directory: tempfile::TempDir,
    opened: Opened,
}

impl Notes {
    fn of<'t>(notes: impl IntoIterator<Item = (&'t str, &'t str)>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store { epoch: Uuid::from_u128(1), head: 0, floor: 0 };
        let now = Timestamp::from_micros(5);
        let mut opened = opening::open(directory.path(), store, now, Effort::BesideRequests).unwrap();
        for (number, (title, body)) in (1..).zip(notes) {
            let document = Document {
                id: Uuid::from_u128(number),
                owner: ANN,
                seq: 1,
                title,
                body,
                tags: &[],
                notebook: None,
                pinned: false,
                state: State::Active,
                updated_at: now,
                created_at: now,
            };
            opened.writer.put(&document).unwrap();
        }
        let fingerprint = schema::fingerprint();
        let payload = Payload { epoch: store.epoch, cursor: 0, fingerprint, rebuilding: None, deleted_since: None };
        opened.writer.commit(&payload).unwrap();
        Self { _directory: directory, opened }
    }

    /// The numbers of what is found, best first.
    fn find(&self, q: &str) -> Vec<u128> {
        self.answer(q).hits.iter().map(|hit| hit.id.as_u128()).collect()
    }

    fn answer(&self, q: &str) -> Answer {
        let query = Query::parse(q).unwrap();
        let request = Request {
            owner: ANN,
            confines: None,
            query: &query,
            mode: Mode::All,
            tests: &[],
            sort: Sort::Relevance,
            filter: &Filter::default(),
            limit: 1_000,
            after: None,
        };
        self.opened.index.answer(&request).unwrap()
    }
}

#[test]
fn the_language_of_a_sentence_is_known() {
    let detection = Detection::default();
    for Sentence { language, text, .. } in sentences() {
        let found = detection.of("", &text).map(|found| found.language.code);
        assert_eq!(found, Some(language.as_str()), "{text}");
    }
    assert_eq!(detection.of("Todo", ""), None);
    assert_eq!(detection.of("", "```rust\nfn main() { println!(\"Hallo\"); }\n```\n"), None);
}

#[test]
fn a_note_is_found_by_each_of_its_words_in_every_language() {
    let sentences = sentences();
    let notes = Notes::of(sentences.iter().map(|sentence| ("", sentence.text.as_str())));
    for (number, Sentence { text, words, .. }) in (1..).zip(&sentences) {
        let spaced = text.split(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | '，' | '、' | '。' | '।'));
        for word in spaced.chain(words.iter().map(String::as_str)).filter(|word| !word.is_empty()) {
            assert!(notes.find(&format!("{word} ")).contains(&number), "{word} of {text}");
            assert!(notes.find(&format!("\"{word}\"")).contains(&number), "\"{word}\" of {text}");
            if words.is_empty() {
                let begun: String = word.chars().take(3).collect();
                assert!(notes.find(&begun).contains(&number), "{begun}… of {text}");
            }
        }
    }
}

#[test]
fn a_note_is_found_by_other_forms_of_its_words_in_every_language_with_a_stemmer() {
    let sentences = sentences();
    let notes = Notes::of(sentences.iter().map(|sentence| ("", sentence.text.as_str())));
    let mut missed = Vec::new();
    for (number, Sentence { language, forms, .. }) in (1..).zip(&sentences) {
        assert!(!forms.is_empty() || languages::by_code(language).unwrap().is_plain(), "{language}");
        for form in forms {
            if !notes.find(&format!("{form} ")).contains(&number) {
                missed.push(format!("{language}: {form}"));
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn words_of_two_languages_in_one_note_are_found_in_their_forms() {
    let notes =
        Notes::of([("", "Вчера мы обсуждали новые планы: deploying the containers"), ("", "会議の notebooks を整理")]);
    assert_eq!(notes.find("планом "), [1]);
    assert_eq!(notes.find("deploy container "), [1]);
    assert_eq!(notes.find("notebook "), [2]);
}

#[test]
fn words_inside_of_names_paths_and_addresses_are_found() {
    let text = "fooBar parseHTMLDocument snake_case_name src/search/forms.rs https://example.org/a/deep-link?id=7 \
        ada.lovelace@example.com";
    let notes = Notes::of([("", text), ("", "nothing of it")]);
    for q in [
        "foo ",
        "bar ",
        "fooBar ",
        "html ",
        "document ",
        "snake ",
        "case ",
        "snake_case_name ",
        "forms.rs ",
        "search ",
        "src/search ",
        "example.org ",
        "deep ",
        "deep-link ",
        "lovelace ",
        "ada.lovelace@example.com ",
        "\"parseHTMLDocument\"",
        "parseh",
    ] {
        assert_eq!(notes.find(q), [1], "{q}");
    }
}

#[test]
fn typing_errors_are_forgiven_from_four_letters_and_two_from_eight() {
    let notes = Notes::of([("", "receive a notebook"), ("", "the cat sat in 2024")]);
    for q in ["recieve ", "recive ", "recceive ", "xeceive ", "recieve", "notebbok ", "ntoebook ", "noetbokk "] {
        assert_eq!(notes.find(q), [1], "{q}");
    }
    assert_eq!(notes.find("notebook recie"), [1], "a word that is still typed");
    for q in ["cet ", "2025 ", "rxcxive ", "\"recieve\"", "nxtxbxok "] {
        assert!(notes.find(q).is_empty(), "{q}");
    }
}

#[test]
fn the_very_word_is_above_another_form_above_a_longer_one_above_an_error() {
    let notes = Notes::of([
        ("", "hay conect hay"),
        ("", "hay connectable-ish connectomes hay"),
        ("", "hay connecting hay"),
        ("", "hay connect hay"),
        ("", "hay cannect hay"),
    ]);
    assert_eq!(notes.find("connect")[..3], [4, 3, 2]);
    assert_eq!(notes.find("connect").len(), 5);
}

#[test]
fn errors_are_not_looked_for_where_many_notes_have_the_word() {
    let mut texts = vec![("", "from")];
    texts.extend(std::iter::repeat_n(("", "form"), 10));
    assert_eq!(Notes::of(texts.clone()).find("form ").len(), 10);
    texts.pop();
    assert_eq!(Notes::of(texts).find("form ").len(), 10);
}

#[test]
fn what_was_meant_is_told_when_nothing_is_found() {
    let notes = Notes::of([("", "receive a notebook from the cat"), ("", "received")]);
    let corrections = |q| -> Vec<String> {
        notes.answer(q).corrections.into_iter().map(|c| format!("{} {}", c.word, c.instead)).collect()
    };
    assert_eq!(corrections("\"recieve a notebook\""), ["recieve receive"]);
    assert_eq!(corrections("cet "), ["cet cat"]);
    assert!(corrections("cat receive absent ").is_empty(), "nothing is near");
    assert!(corrections("cat ").is_empty(), "something was found");
}
