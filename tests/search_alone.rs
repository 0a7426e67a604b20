//! What one person is told never depends on what others have written, nor on how their notes lie among one's own.
//!
//! Ann's notes are indexed twice: alone, and among thousands of somebody else's with the same and nearly the same words, written
//! in another order, with earlier texts that were replaced and with commits in other places, so that segments and their merges are others.
//! Whatever she can ask has to be answered alike to the last bit. `ALONE_NOTES` says how many the other person has, and `ALONE_SEED`
//! where chance begins.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use std::path::Path;

use inkstone::caller::{Confines, UserId};
use inkstone::clock::Timestamp;
use inkstone::notes::State;
use inkstone::search::correct::corrected;
use inkstone::search::evaluate::{Answer, Rank, Request};
use inkstone::search::index::{Index, Payload};
use inkstone::search::opening::{self, Opened, Store};
use inkstone::search::query::{Query, Reading};
use inkstone::search::{Document, Effort, Filter, Mode, Sort, States, conditions, schema};
use jiff::tz::TimeZone;
use uuid::Uuid;

const ANN: UserId = UserId(Uuid::from_u128(0xA));
const BOB: UserId = UserId(Uuid::from_u128(0xB));
const STORE: Store = Store { epoch: Uuid::from_u128(1), head: 0, floor: 0 };
const NOW: Timestamp = Timestamp::from_micros(1_772_357_400_000_000);

/// Words that have forms, begin alike, and are a typing error away from each other, in several languages and scripts.
const WORDS: &[&str] = &[
    "garden",
    "gardens",
    "gardener",
    "gardening",
    "warden",
    "receive",
    "received",
    "recieve",
    "note",
    "notes",
    "notebook",
    "noted",
    "form",
    "from",
    "farm",
    "fort",
    "plan",
    "plans",
    "planning",
    "plane",
    "river",
    "rivers",
    "driver",
    "Häuser",
    "Haus",
    "hauser",
    "laufen",
    "läuft",
    "gelaufen",
    "café",
    "cafe",
    "Crème",
    "музей",
    "музеи",
    "рынок",
    "東京",
    "京都",
    "タワー",
    "x",
    "2024",
    "fooBar",
    "parseHTML",
    "the",
    "to",
    "and",
    "meeting",
    "budget",
    "insurance",
    "insured",
    "release",
    "releases",
];

const TAGS: &[&str] = &["work", "Work/Deep", "workshop", "home", "été", "home/garden"];

/// Chance that is the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// A word, now and then one of hundreds that begin alike, or with a letter wrong.
    fn word(&mut self) -> String {
        match self.below(10) {
            0 => format!("kar{}", syllables(self.below(600))),
            1 => {
                let mut letters: Vec<char> = self.of(WORDS).chars().collect();
                let at = self.below(letters.len());
                match self.below(3) {
                    0 => letters[at] = char::from(b'a' + self.below(26) as u8),
                    1 => letters.insert(at, char::from(b'a' + self.below(26) as u8)),
                    _ => letters.truncate(at.max(1)),
                }
                letters.into_iter().collect()
            }
            _ => (*self.of(WORDS)).to_owned(),
        }
    }

    fn text(&mut self, most: usize) -> String {
        (0..self.below(most + 1)).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

/// A different end of a word for each number.
fn syllables(mut number: usize) -> String {
    const SYLLABLES: [&str; 8] = ["ba", "de", "gi", "ko", "lu", "ma", "ne", "ri"];
    let mut word = String::new();
    loop {
        word.push_str(SYLLABLES[number % 8]);
        number /= 8;
        if number == 0 {
            return word;
        }
    }
}

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
    created_at: i64,
}

impl Note {
    fn random(chance: &mut Chance, owner: UserId, id: u128) -> Self {
        const YEAR: usize = 365 * 24 * 3600;
        let created_at = NOW.micros() - chance.below(3 * YEAR) as i64 * 1_000_000;
        let extra = *chance.of(&["", "\n- [ ] open", "\nhttps://example.org/garden", "\n```\nlet note = plan;\n```"]);
        Self {
            id,
            owner,
            title: chance.text(4),
            body: chance.text(40) + extra,
            tags: (0..chance.below(3)).map(|_| (*chance.of(TAGS)).to_owned()).collect(),
            notebook: chance.one_in(3).then(|| Uuid::from_u128(chance.below(4) as u128 + 1)),
            pinned: chance.one_in(8),
            state: *chance.of(&[State::Active, State::Active, State::Active, State::Archived, State::Trashed]),
            // Now and then the same moment, so that ids decide.
            updated_at: if chance.one_in(4) { NOW.micros() } else { created_at },
            created_at,
        }
    }

    fn put(&self, opened: &Opened) {
        let document = Document {
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
            created_at: Timestamp::from_micros(self.created_at),
        };
        opened.writer.put(&document).unwrap();
    }
}

fn open(directory: &Path) -> Opened {
    opening::open(directory, STORE, NOW, Effort::BesideRequests).unwrap()
}

fn commit(opened: &mut Opened) {
    let payload = Payload {
        epoch: STORE.epoch,
        cursor: 0,
        fingerprint: schema::fingerprint(),
        rebuilding: None,
        deleted_since: None,
    };
    opened.writer.commit(&payload).unwrap();
}

/// These notes and no others, as they are.
fn alone(directory: &Path, notes: &[Note]) -> Opened {
    let mut opened = open(directory);
    notes.iter().for_each(|note| note.put(&opened));
    commit(&mut opened);
    opened
}

/// These notes among `others` of somebody else's.
fn crowded(directory: &Path, notes: &[Note], others: usize, chance: &mut Chance) -> Opened {
    let mut opened = open(directory);
    let between = others / (2 * notes.len()).max(1);
    let mut bobs = 0;
    let mut bob = |opened: &Opened, chance: &mut Chance| {
        for _ in 0..=between {
            bobs += 1;
            Note::random(chance, BOB, 1_000_000 + bobs).put(opened);
            if chance.one_in(10) {
                opened.writer.delete(Uuid::from_u128(1_000_000 + chance.below(bobs as usize) as u128));
            }
        }
    };
    // What they were before, and notes that are gone since.
    for note in notes.iter().rev() {
        Note { id: note.id, ..Note::random(chance, ANN, 0) }.put(&opened);
        let gone = Note::random(chance, ANN, note.id + 500_000);
        gone.put(&opened);
        bob(&opened, chance);
        if chance.one_in(25) {
            commit(&mut opened);
        }
    }
    for note in notes {
        note.put(&opened);
        opened.writer.delete(Uuid::from_u128(note.id + 500_000));
        bob(&opened, chance);
        if chance.one_in(25) {
            commit(&mut opened);
        }
    }
    commit(&mut opened);
    opened
}

/// A question in writing: words, phrases, beginnings, errors, filters, alternatives, exclusions.
fn question(chance: &mut Chance, notes: &[Note]) -> String {
    let part = |chance: &mut Chance| match chance.below(16) {
        0..=5 => chance.word(),
        6 => {
            let word: Vec<char> = chance.word().chars().collect();
            word[..=chance.below(word.len())].iter().collect::<String>() + "*"
        }
        7 | 8 => {
            let body = &chance.of(notes).body;
            let words: Vec<&str> = body.split_whitespace().collect();
            let from = chance.below(words.len());
            let to = (from + 1 + chance.below(3)).min(words.len());
            format!("\"{}\"", words.get(from..to).unwrap_or(&[]).join(" ").replace('"', ""))
        }
        9 => format!("title:{}", chance.word()),
        10 => format!("tag:{}", chance.of(TAGS)),
        11 => format!("is:{}", chance.of(&["pinned", "untagged", "archived", "trashed", "active"])),
        12 => format!("has:{}", chance.of(&["link", "task", "code", "image"])),
        13 => (*chance.of(&["created:2025", "updated:7d", "created:<2025-06", "updated:>2025-12-31"])).to_owned(),
        14 => (*chance.of(&["lang:en", "lang:de", "lang:ru", "lang:ja", "in:box"])).to_owned(),
        _ => format!("({} OR {})", chance.word(), chance.word()),
    };
    let mut parts = Vec::new();
    for _ in 0..chance.below(4) {
        let minus = if chance.one_in(7) { "-" } else { "" };
        parts.push(format!("{minus}{}", part(chance)));
    }
    parts.join(if chance.one_in(6) { " OR " } else { " " }) + if chance.one_in(3) { " " } else { "" }
}

struct Ask {
    query: Query,
    mode: Mode,
    sort: Sort,
    filter: Filter,
    confines: Option<Confines>,
    limit: usize,
}

impl Ask {
    fn random(chance: &mut Chance, text: &str) -> Option<Self> {
        let query = Query::parse_as(text, Reading { exact: chance.one_in(8) }).ok()?;
        let mut filter = Filter::default();
        match chance.below(12) {
            0 => filter.tag = Some("work".to_owned()),
            1 => filter.notebook = Some(Uuid::from_u128(2)),
            2 => filter.year = Some(2025),
            3 => filter.pinned = Some(chance.one_in(2)),
            4 => filter.states = States::only(State::Archived),
            _ => {}
        }
        let confines =
            Confines { tags: vec!["work".to_owned(), "home".to_owned()], notebooks: vec![Uuid::from_u128(3)] };
        Some(Self {
            query,
            mode: *chance.of(&[Mode::All, Mode::All, Mode::Any]),
            sort: *chance.of(&[Sort::Relevance, Sort::Relevance, Sort::Updated, Sort::Created]),
            filter,
            confines: chance.one_in(6).then_some(confines),
            limit: 1 + chance.below(30),
        })
    }

    /// All pages of the answer.
    fn of(&self, index: &Index) -> Vec<Answer> {
        let names = |_: &str| Ok(vec![Uuid::from_u128(1), Uuid::from_u128(2)]);
        let tests = conditions::tests(&self.query, NOW, &TimeZone::UTC, names).unwrap();
        let mut pages: Vec<Answer> = Vec::new();
        loop {
            let after: Option<Rank> = pages.last().and_then(|page| page.hits.last().copied());
            let request = Request {
                owner: ANN,
                confines: self.confines.as_ref(),
                query: &self.query,
                mode: self.mode,
                tests: &tests,
                filter: &self.filter,
                sort: self.sort,
                limit: self.limit,
                after,
            };
            let page = index.answer(&request).unwrap();
            let is_last = !page.more;
            pages.push(page);
            if is_last {
                return pages;
            }
        }
    }
}

/// What is asked of both.
struct Same<'i> {
    alone: &'i Index,
    crowded: &'i Index,
}

impl Same<'_> {
    /// How many of the questions were answered with something, and how many with a correction.
    fn answers(&self, chance: &mut Chance, notes: &[Note], questions: usize) -> (usize, usize) {
        let (mut found, mut meant) = (0, 0);
        for _ in 0..questions {
            let text = question(chance, notes);
            let Some(ask) = Ask::random(chance, &text) else { continue };
            let (alone, crowded) = (ask.of(self.alone), ask.of(self.crowded));
            assert_eq!(alone, crowded, "{text:?} {:?} {:?} {:?}", ask.mode, ask.sort, ask.filter);
            let bits = |pages: &[Answer]| -> Vec<u64> {
                pages.iter().flat_map(|page| &page.hits).map(|hit| hit.score.to_bits()).collect()
            };
            assert_eq!(bits(&alone), bits(&crowded), "{text:?}");
            found += usize::from(alone[0].total > 0);
            meant += usize::from(corrected(&text, &alone[0].corrections).is_some());
        }
        (found, meant)
    }

    fn words(&self, chance: &mut Chance, beginnings: usize) -> usize {
        let mut found = 0;
        let confines = Confines { tags: vec!["work".to_owned()], notebooks: Vec::new() };
        for _ in 0..beginnings {
            let word = if chance.one_in(4) { "karba".to_owned() } else { chance.word().to_lowercase() };
            let beginning: String = word.chars().take(1 + chance.below(4)).collect();
            let limit = 1 + chance.below(20);
            let confines = chance.one_in(3).then_some(&confines);
            let words = |index: &Index| index.words(ANN, confines, &beginning, limit).unwrap();
            assert_eq!(words(self.alone), words(self.crowded), "{beginning}");
            found += words(self.alone).len();
        }
        found
    }
}

fn given<T: std::str::FromStr>(name: &str, otherwise: T) -> T {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name}: not a number")))
}

#[test]
fn everything_that_one_is_told_is_the_same_beside_another_who_has_thousands_of_like_notes() {
    let mut chance = Chance(given("ALONE_SEED", 1));
    let others = given("ALONE_NOTES", 2_000);
    let notes: Vec<Note> = (1..=300).map(|id| Note::random(&mut chance, ANN, id)).collect();
    let directories = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let alone = alone(directories[0].path(), &notes);
    let mut crowded = crowded(directories[1].path(), &notes, others, &mut chance);
    assert!(crowded.index.notes() as usize > others * 3 / 4);

    let same = Same { alone: &alone.index, crowded: &crowded.index };
    let (found, meant) = same.answers(&mut chance, &notes, 400);
    assert!(found > 100 && meant > 0, "{found} {meant}");
    assert!(same.words(&mut chance, 60) > 60);

    // Once more when what was deleted has left the index.
    for segment in crowded.writer.segments_with_deletions().unwrap() {
        crowded.writer.rewrite(segment);
    }
    crowded.writer.close().unwrap();
    crowded.index.refresh().unwrap();
    let same = Same { alone: &alone.index, crowded: &crowded.index };
    same.answers(&mut chance, &notes, 100);
    same.words(&mut chance, 30);
}

#[test]
fn words_are_suggested_by_the_notes_that_are_there_however_many_begin_alike() {
    // More words than are looked at closely, each in one note; the deleted texts have others more often.
    let note = |id: u128, body: String| Note {
        id,
        owner: ANN,
        title: String::new(),
        body,
        tags: Vec::new(),
        notebook: None,
        pinned: false,
        state: State::Active,
        updated_at: id as i64,
        created_at: id as i64,
    };
    let notes: Vec<Note> = (0..400).map(|n| note(n as u128 + 1, format!("kar{}", syllables(n)))).collect();
    let directories = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let clean = alone(directories[0].path(), &notes);
    let mut worn = open(directories[1].path());
    let (replaced, kept) = notes.split_at(390);
    kept.iter().for_each(|note| note.put(&worn));
    for n in 0..replaced.len() {
        note(n as u128 + 1, format!("kar{} kar{}", syllables(399 - n), syllables(350 + n % 50))).put(&worn);
    }
    commit(&mut worn);
    replaced.iter().rev().for_each(|note| note.put(&worn));
    commit(&mut worn);
    let words = |index: &Index| index.words(ANN, None, "kar", 20).unwrap();
    assert_eq!(words(&clean.index).len(), 20);
    assert_eq!(words(&clean.index), words(&worn.index));
}

#[test]
fn a_suggested_word_is_spelt_by_the_same_note_wherever_it_lies() {
    let mut chance = Chance(7);
    let mut notes: Vec<Note> = (1..=3).map(|id| Note::random(&mut chance, ANN, id)).collect();
    for (note, body) in notes.iter_mut().zip(["Häuser", "hauser", "HAUSER"]) {
        *note = Note { title: String::new(), body: body.to_owned(), state: State::Active, ..note.clone() };
    }
    let words = |order: &[usize]| {
        let directory = tempfile::tempdir().unwrap();
        let mut opened = open(directory.path());
        for at in order {
            notes[*at].put(&opened);
            commit(&mut opened);
        }
        opened.index.words(ANN, None, "hau", 5).unwrap()
    };
    assert_eq!(words(&[0, 1, 2])[0].note.as_u128(), 3);
    assert_eq!(words(&[0, 1, 2]), words(&[2, 0, 1]));
}
