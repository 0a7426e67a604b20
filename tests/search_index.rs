//! The index engine: what it finds, in which order, and that one person's answer is theirs alone.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::fs;
use std::path::Path;

use inkstone::caller::UserId;
use inkstone::clock::Timestamp;
use inkstone::notes::State;
use inkstone::search::evaluate::{Answer, Rank, Request};
use inkstone::search::index::{Failure, Index, Payload, Writer};
use inkstone::search::opening::{self, Opened, Store};
use inkstone::search::places::{ASIDE_PREFIX, DIRECTORY};
use inkstone::search::query::Query;
use inkstone::search::{Document, Effort, Filter, Mode, Sort, States, schema};
use proptest::prelude::*;
use uuid::Uuid;

const ANN: UserId = UserId(Uuid::from_u128(0xA));
const BOB: UserId = UserId(Uuid::from_u128(0xB));
const STORE: Store = Store { epoch: Uuid::from_u128(1), head: 0, floor: 0 };

/// A note of a test, owning its parts.
#[derive(Debug, Clone)]
struct Note {
    id: u128,
    owner: UserId,
    title: String,
    body: String,
    tags: Vec<String>,
    notebook: Option<Uuid>,
    pinned: bool,
    state: State,
    updated_at: i64,
}

fn note(id: u128, title: &str, body: &str) -> Note {
    Note {
        id,
        owner: ANN,
        title: title.to_owned(),
        body: body.to_owned(),
        tags: Vec::new(),
        notebook: None,
        pinned: false,
        state: State::Active,
        updated_at: 1_700_000_000_000_000,
    }
}

impl Note {
    fn document(&self) -> Document<'_> {
        Document {
            id: Uuid::from_u128(self.id),
            owner: self.owner,
            seq: 1,
            title: &self.title,
            body: &self.body,
            tags: &self.tags,
            notebook: self.notebook,
            pinned: self.pinned,
            state: self.state,
            updated_at: Timestamp::from_micros(self.updated_at),
            created_at: Timestamp::from_micros(self.updated_at),
        }
    }
}

fn payload() -> Payload {
    Payload { epoch: STORE.epoch, cursor: 0, fingerprint: schema::fingerprint(), rebuilding: None, deleted_since: None }
}

fn open(directory: &Path) -> Opened {
    opening::open(directory, STORE, Timestamp::from_micros(5), Effort::BesideRequests).unwrap()
}

/// An index of these notes and the directory that it lives in.
fn index_of(notes: &[Note]) -> (tempfile::TempDir, Opened) {
    let directory = tempfile::tempdir().unwrap();
    let mut opened = open(directory.path());
    for note in notes {
        opened.writer.put(&note.document()).unwrap();
    }
    opened.writer.commit(&payload()).unwrap();
    (directory, opened)
}

struct Ask<'a> {
    owner: UserId,
    q: &'a str,
    mode: Mode,
    filter: Filter,
    limit: usize,
    after: Option<Rank>,
}

fn ask(q: &str) -> Ask<'_> {
    Ask { owner: ANN, q, mode: Mode::All, filter: Filter::default(), limit: 100, after: None }
}

impl Ask<'_> {
    fn of(&self, index: &Index) -> Answer {
        let query = Query::parse(self.q).unwrap();
        index
            .answer(&Request {
                owner: self.owner,
                confines: None,
                query: &query,
                mode: self.mode,
                tests: &[],
                filter: &self.filter,
                sort: Sort::Relevance,
                limit: self.limit,
                after: self.after,
            })
            .unwrap()
    }

    fn ids(&self, index: &Index) -> Vec<u128> {
        let answer = self.of(index);
        assert_eq!(answer.total as usize, answer.hits.len(), "{}", self.q);
        answer.hits.iter().map(|hit| hit.id.as_u128()).collect()
    }
}

#[test]
fn words_are_found_in_any_case_accent_and_english_form() {
    let (_directory, opened) = index_of(&[note(1, "Crème brûlée", "Recipes for running late")]);
    for q in ["creme ", "CRÈME BRULEE ", "recipe ", "run ", "brul", "cre\u{301}me", "\"creme brulee\"", "late recipes "]
    {
        assert_eq!(ask(q).ids(&opened.index), [1], "{q}");
    }
    for q in ["cre ", "early", "creme early", "\"brulee creme\"", "!"] {
        assert!(ask(q).ids(&opened.index).is_empty(), "{q}");
    }
}

#[test]
fn text_without_spaces_is_found_by_any_piece_of_it() {
    let (_directory, opened) =
        index_of(&[note(1, "旅行", "東京タワーに行きました"), note(2, "", "京都と東"), note(3, "🎉", "x")]);
    assert_eq!(ask("東京").ids(&opened.index), [1]);
    assert_eq!(ask("タワー").ids(&opened.index), [1]);
    assert_eq!(ask("東").ids(&opened.index).len(), 2);
    assert_eq!(ask("🎉").ids(&opened.index), [3]);
}

#[test]
fn exact_is_above_another_form_and_that_above_a_longer_word() {
    let (_directory, opened) = index_of(&[
        note(1, "", "runabout hay"),
        note(2, "", "running hay"),
        note(3, "", "run hay"),
        note(4, "run", "hay"),
    ]);
    assert_eq!(ask("run").ids(&opened.index), [4, 3, 2, 1]);
}

#[test]
fn equal_scores_come_latest_first() {
    let mut notes: Vec<Note> = (1..=4).map(|n| note(n, "same", "words")).collect();
    notes[1].updated_at += 10;
    let (_directory, opened) = index_of(&notes);
    assert_eq!(ask("same ").ids(&opened.index), [2, 4, 3, 1]);
}

#[test]
fn any_puts_notes_that_match_more_first() {
    let (_directory, opened) = index_of(&[
        note(1, "rare", ""),
        note(2, "", "some common words here"),
        note(3, "", "common common"),
        note(4, "", "other"),
    ]);
    let any = |q| Ask { mode: Mode::Any, ..ask(q) };
    assert_eq!(any("common words rare ").ids(&opened.index), [2, 1, 3]);
    assert_eq!(any("common ").ids(&opened.index), ask("common ").ids(&opened.index));
    assert_eq!(any("\"words here\" rar").ids(&opened.index).len(), 2);
}

#[test]
fn filters_narrow_hits_total_and_facets() {
    let notebook = Uuid::from_u128(99);
    let mut notes: Vec<Note> = (1..=5).map(|n| note(n, "word", "")).collect();
    notes[0].tags = vec!["Work".to_owned(), "Later".to_owned()];
    notes[1].tags = vec!["Work".to_owned()];
    notes[1].notebook = Some(notebook);
    notes[2].pinned = true;
    notes[3].state = State::Archived;
    notes[4].state = State::Trashed;
    notes[4].tags = vec!["Work".to_owned()];
    notes[0].updated_at = 1_600_000_000_000_000;
    let (_directory, opened) = index_of(&notes);
    let index = &opened.index;
    for q in ["word ", ""] {
        let with = |filter: Filter| Ask { filter, ..ask(q) };
        assert_eq!(with(Filter::default()).of(index).total, 4);
        assert_eq!(with(Filter { tag: Some("work".to_owned()), ..Filter::default() }).ids(index), [2, 1]);
        assert_eq!(with(Filter { notebook: Some(notebook), ..Filter::default() }).ids(index), [2]);
        assert_eq!(with(Filter { pinned: Some(true), ..Filter::default() }).ids(index), [3]);
        assert_eq!(with(Filter { pinned: Some(false), ..Filter::default() }).ids(index), [4, 2, 1]);
        assert_eq!(with(Filter { states: States::only(State::Trashed), ..Filter::default() }).ids(index), [5]);
        let facets = with(Filter::default()).of(index).facets;
        let tags: Vec<_> = facets.tags.iter().map(|facet| (facet.value.as_str(), facet.count)).collect();
        assert_eq!(tags, [("Work", 2), ("Later", 1)]);
        assert_eq!(
            facets.notebooks.iter().map(|facet| (facet.value, facet.count)).collect::<Vec<_>>(),
            [(notebook, 1)]
        );
        assert_eq!(
            facets.years.iter().map(|facet| (facet.value, facet.count)).collect::<Vec<_>>(),
            [(2023, 3), (2020, 1)]
        );
    }
}

#[test]
fn pages_join_without_gap_or_repetition() {
    let notes: Vec<Note> =
        (1..=57).map(|n| note(n, "", &format!("word {} filler", "word ".repeat(n as usize % 7)))).collect();
    let (_directory, opened) = index_of(&notes);
    for (q, mode) in [("word ", Mode::All), ("", Mode::All), ("word filler ", Mode::Any)] {
        let whole = Ask { mode, ..ask(q) }.of(&opened.index).hits;
        assert_eq!(whole.len(), 57);
        let mut joined: Vec<Rank> = Vec::new();
        loop {
            let page = Ask { mode, limit: 10, after: joined.last().copied(), ..ask(q) }.of(&opened.index);
            assert_eq!(page.total, 57);
            joined.extend(&page.hits);
            assert_eq!(page.more, joined.len() < 57);
            if !page.more {
                break;
            }
        }
        assert_eq!(joined, whole);
    }
}

#[test]
fn a_replaced_or_deleted_note_answers_no_more() {
    let (_directory, mut opened) = index_of(&[note(1, "old words", ""), note(2, "other words", "")]);
    opened.writer.put(&note(1, "new", "").document()).unwrap();
    opened.writer.delete(Uuid::from_u128(2));
    opened.writer.commit(&payload()).unwrap();
    assert!(ask("words ").ids(&opened.index).is_empty());
    assert_eq!(ask("new ").ids(&opened.index), [1]);
    assert_eq!(opened.index.notes(), 1);
}

/// Reproducible words of a small vocabulary.
fn words(seed: u64, count: usize) -> String {
    const VOCABULARY: [&str; 16] = [
        "note", "notes", "noted", "garden", "gardens", "plan", "planning", "red", "blue", "river", "rivers", "東京",
        "café", "run", "running", "x",
    ];
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            VOCABULARY[(state >> 40) as usize % VOCABULARY.len()]
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn corpus(owner: UserId, from: u128, count: u128) -> Vec<Note> {
    (from..from + count)
        .map(|n| Note {
            owner,
            tags: (0..n % 3).map(|tag| format!("Tag{}", (n + tag) % 5)).collect(),
            notebook: (n % 4 == 0).then(|| Uuid::from_u128(n % 8)),
            pinned: n % 11 == 0,
            state: if n % 13 == 0 { State::Archived } else { State::Active },
            updated_at: 1_600_000_000_000_000 + (n % 37) as i64 * 1_000_000_000_000,
            ..note(n, &words(n as u64, n as usize % 5), &words(n as u64 + 7_000, n as usize % 60))
        })
        .collect()
}

/// Everything that Ann can be told, in every mode.
fn all_answers(index: &Index) -> Vec<Answer> {
    let mut answers = Vec::new();
    for q in ["", "note ", "not", "garden plan", "\"red blue\" run", "東京 ", "cafe x r", "\"note\" g", "nothing"] {
        for mode in [Mode::All, Mode::Any] {
            for filter in [Filter::default(), Filter { tag: Some("tag1".to_owned()), ..Filter::default() }] {
                answers.push(Ask { mode, filter, limit: 40, ..ask(q) }.of(index));
            }
        }
    }
    assert!(answers.iter().filter(|answer| answer.total > 0).count() > 20);
    answers
}

#[test]
fn an_answer_does_not_depend_on_what_others_have_written() {
    let ann = corpus(ANN, 1, 300);
    let (_alone, alone) = index_of(&ann);
    let mut both = corpus(BOB, 10_000, 10_000);
    both.splice(4_000..4_000, ann);
    let (_crowded, crowded) = index_of(&both);
    assert_eq!(all_answers(&alone.index), all_answers(&crowded.index));
}

#[test]
fn an_answer_does_not_depend_on_how_the_index_came_about() {
    let ann = corpus(ANN, 1, 300);
    let (_at_once, at_once) = index_of(&ann);

    // In pieces, out of order, with other texts first, with deletions, among others' notes, and with merges under way.
    let directory = tempfile::tempdir().unwrap();
    let mut opened = open(directory.path());
    let mut order: Vec<&Note> = ann.iter().rev().collect();
    order.rotate_left(101);
    for (n, note) in order.iter().enumerate() {
        let before = Note { body: words(n as u64, 80), title: "draft note".to_owned(), ..(*note).clone() };
        opened.writer.put(&before.document()).unwrap();
        opened.writer.put(&corpus(BOB, 50_000 + n as u128, 1)[0].document()).unwrap();
        opened.writer.put(&corpus(ANN, 90_000 + n as u128, 1)[0].document()).unwrap();
        if n % 23 == 0 {
            opened.writer.commit(&payload()).unwrap();
        }
    }
    for (n, note) in order.iter().enumerate() {
        opened.writer.put(&note.document()).unwrap();
        opened.writer.delete(Uuid::from_u128(90_000 + n as u128));
        if n % 41 == 0 {
            opened.writer.commit(&payload()).unwrap();
        }
    }
    opened.writer.commit(&payload()).unwrap();
    assert_eq!(all_answers(&at_once.index), all_answers(&opened.index));

    for segment in opened.writer.segments_with_deletions().unwrap() {
        opened.writer.rewrite(segment);
    }
    opened.writer.close().unwrap();
    opened.index.refresh().unwrap();
    assert_eq!(all_answers(&at_once.index), all_answers(&opened.index));
}

/// One step of a history: a note of Ann or Bob is written or deleted, and perhaps committed.
#[derive(Debug, Clone)]
struct Step {
    bob: bool,
    note: u128,
    text: Option<u64>,
    commit: bool,
}

fn step() -> impl Strategy<Value = Step> {
    (any::<bool>(), 1..25u128, proptest::option::weighted(0.8, 0..1_000u64), proptest::bool::weighted(0.1))
        .prop_map(|(bob, note, text, commit)| Step { bob, note, text, commit })
}

impl Step {
    fn id(&self) -> u128 {
        self.note + if self.bob { 1_000 } else { 0 }
    }

    fn note(&self) -> Option<Note> {
        let owner = if self.bob { BOB } else { ANN };
        self.text.map(|text| {
            let tags = vec![format!("Tag{}", text % 3)];
            let updated_at = 1_600_000_000_000_000 + (text % 5) as i64 * 20_000_000_000_000;
            let (title, body) = (words(text, text as usize % 4), words(text + 1, text as usize % 30));
            Note { owner, tags, updated_at, ..note(self.id(), &title, &body) }
        })
    }
}

proptest! {
    // Each case commits several times, and a commit waits for the disk.
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn an_answer_depends_on_ones_own_present_notes_alone(history in proptest::collection::vec(step(), 1..80)) {
        let directory = tempfile::tempdir().unwrap();
        let mut opened = open(directory.path());
        let mut anns = std::collections::BTreeMap::new();
        for step in &history {
            match step.note() {
                Some(note) => opened.writer.put(&note.document()).unwrap(),
                None => opened.writer.delete(Uuid::from_u128(step.id())),
            }
            if step.commit {
                opened.writer.commit(&payload()).unwrap();
            }
            if !step.bob {
                anns.insert(step.id(), step.note());
            }
        }
        opened.writer.commit(&payload()).unwrap();
        let anns: Vec<Note> = anns.into_values().flatten().collect();
        let (_clean, clean) = index_of(&anns);
        for q in ["", "note ", "not", "garden plan", "\"red blue\" r", "東京", "x run"] {
            for mode in [Mode::All, Mode::Any] {
                let ask = Ask { mode, limit: 7, ..ask(q) };
                prop_assert_eq!(ask.of(&clean.index), ask.of(&opened.index), "{}", q);
            }
        }
    }
}

#[test]
fn nobody_finds_what_is_not_theirs() {
    let (_directory, opened) = index_of(&[note(1, "secret", "words")]);
    for q in ["", "secret ", "s", "\"secret\""] {
        assert_eq!(Ask { owner: BOB, ..ask(q) }.of(&opened.index), Answer::default(), "{q}");
    }
    let forged = format!("{}secret", schema::space(ANN));
    assert!(Ask { owner: BOB, ..ask(&forged) }.ids(&opened.index).is_empty());
}

#[test]
fn an_index_is_gone_on_with_after_a_restart() {
    let (directory, opened) = index_of(&[note(1, "kept", "")]);
    drop(opened);
    let again = open(directory.path());
    assert_eq!((again.set_aside, again.payload), (None, payload()));
    assert_eq!(ask("kept ").ids(&again.index), [1]);
}

#[test]
fn a_file_that_an_interrupted_writer_left_behind_does_not_stop_the_next_one() {
    let notes = [note(1, "One", "alpha"), note(2, "Two", "beta")];
    let (directory, opened) = index_of(&notes);
    opened.writer.close().unwrap();
    drop(opened.index);
    let index = directory.path().join(DIRECTORY);
    let segment = fs::read_dir(&index)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .find_map(|name| name.strip_suffix(".idx").map(str::to_owned))
        .unwrap();
    // Which operation the interrupted commit had reached does not matter: any may be reached again.
    for operation in 0..50 {
        fs::write(index.join(format!("{segment}.{operation}.del")), "half").unwrap();
    }
    fs::write(index.join(".tmpHalf"), "half").unwrap();

    let mut opened = open(directory.path());
    opened.writer.delete(Uuid::from_u128(1));
    opened.writer.commit(&payload()).unwrap();
    assert_eq!(ask("").ids(&opened.index), [2]);
    assert!(!index.join(".tmpHalf").exists());
}

fn asides(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(ASIDE_PREFIX))
        .collect();
    names.sort();
    names
}

#[test]
fn an_index_of_no_use_is_set_aside_and_begun_anew() {
    let meta = |directory: &Path| directory.join(DIRECTORY).join("meta.json");
    type Harm<'a> = (&'a str, Store, &'a dyn Fn(&Path));
    let first_with = |directory: &Path, extension: &str| {
        std::fs::read_dir(directory.join(DIRECTORY))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.extension().is_some_and(|found| found == extension))
            .unwrap()
    };
    let harms: [Harm<'_>; 7] = [
        ("foreign", Store { epoch: Uuid::from_u128(2), ..STORE }, &|_| {}),
        ("ahead", Store { head: -1, ..STORE }, &|_| {}),
        ("below the floor", Store { head: 9, floor: 5, ..STORE }, &|_| {}),
        ("no meta", STORE, &|directory| std::fs::remove_file(meta(directory)).unwrap()),
        ("torn meta", STORE, &|directory| std::fs::write(meta(directory), "{").unwrap()),
        ("missing segment file", STORE, &|directory| std::fs::remove_file(first_with(directory, "term")).unwrap()),
        ("torn segment file", STORE, &|directory| std::fs::write(first_with(directory, "idx"), [7; 40]).unwrap()),
    ];
    for (name, store, harm) in harms {
        let (directory, opened) = index_of(&[note(1, "old", "")]);
        drop(opened);
        harm(directory.path());
        let again = opening::open(directory.path(), store, Timestamp::from_micros(77), Effort::BesideRequests).unwrap();
        assert!(again.set_aside.is_some(), "{name}");
        assert_eq!(again.payload.rebuilding, Some(Uuid::nil()), "{name}");
        assert_eq!((again.payload.epoch, again.payload.cursor), (store.epoch, store.head), "{name}");
        assert_eq!(again.index.notes(), 0, "{name}");
        assert_eq!(asides(directory.path()).len(), 1, "{name}");
    }
}

#[test]
fn only_the_newest_index_that_was_set_aside_is_kept() {
    let (directory, opened) = index_of(&[]);
    drop(opened);
    for (at, epoch) in [(100, 2), (200, 3)] {
        let store = Store { epoch: Uuid::from_u128(epoch), ..STORE };
        opening::open(directory.path(), store, Timestamp::from_micros(at), Effort::BesideRequests).unwrap();
    }
    assert_eq!(asides(directory.path()), [format!("{ASIDE_PREFIX}{:020}", 200)]);
}

#[test]
fn a_held_lock_is_no_reason_to_throw_the_index_away() {
    let (directory, opened) = index_of(&[note(1, "kept", "")]);
    let second = opening::open(directory.path(), STORE, Timestamp::from_micros(9), Effort::BesideRequests);
    assert!(matches!(second, Err(Failure::Unavailable(_))), "{second:?}");
    assert!(asides(directory.path()).is_empty());
    assert_eq!(ask("kept ").ids(&opened.index), [1]);
}

#[test]
fn damage_inside_a_file_is_found_by_its_checksum() {
    let (directory, opened) = index_of(&[note(1, "word", "text of some length")]);
    assert!(opened.index.damaged_files().unwrap().is_empty());
    let index = opened.index.clone();
    let path = std::fs::read_dir(directory.path().join(DIRECTORY))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|found| found == "term"))
        .unwrap();
    let mut content = std::fs::read(&path).unwrap();
    content[3] ^= 0xFF;
    std::fs::write(&path, content).unwrap();
    assert_eq!(index.damaged_files().unwrap().len(), 1);
    drop::<Writer>(opened.writer);
}
