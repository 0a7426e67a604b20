//! The order of hits: what always holds, and what a person would expect over a small collection of everyday notes.
//!
//! A change of the ranking that moves a golden hit is looked at by a person, who decides whether it is better. Figures over
//! collections with judgements come from `make relevance`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::sync::Arc;

use inkstone::caller::UserId;
use inkstone::clock::Timestamp;
use inkstone::notes::State;
use inkstone::search::evaluate::{Rank, Request};
use inkstone::search::index::{Index, Payload, Writer};
use inkstone::search::query::Query;
use inkstone::search::{Document, Effort, Filter, Mode, Sort, schema};
use uuid::Uuid;

const ANN: UserId = UserId(Uuid::from_u128(0xA));
const DAY: i64 = 24 * 3600 * 1_000_000;
const NOW: i64 = 20_000 * DAY;

#[derive(Debug, Clone)]
struct Note {
    title: String,
    body: String,
    pinned: bool,
    updated_at: i64,
}

fn note(title: &str, body: &str) -> Note {
    Note { title: title.to_owned(), body: body.to_owned(), pinned: false, updated_at: NOW }
}

/// Notes in an index; their ids are their places in the list.
struct Shelf {
    index: Arc<Index>,
    _directory: tempfile::TempDir,
}

impl Shelf {
    /// Each of `commits` is a segment of its own.
    fn of(commits: &[&[Note]]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let index = Index::create(directory.path()).unwrap();
        let mut writer = Writer::open(index.clone(), Effort::BesideRequests).unwrap();
        let mut id = 0;
        for notes in commits {
            for note in *notes {
                writer
                    .add(&Document {
                        id: Uuid::from_u128(id),
                        owner: ANN,
                        seq: 1,
                        title: &note.title,
                        body: &note.body,
                        tags: &[],
                        notebook: None,
                        pinned: note.pinned,
                        state: State::Active,
                        updated_at: Timestamp::from_micros(note.updated_at),
                        created_at: Timestamp::from_micros(note.updated_at),
                    })
                    .unwrap();
                id += 1;
            }
            let payload = Payload {
                epoch: Uuid::nil(),
                cursor: 0,
                fingerprint: schema::fingerprint(),
                rebuilding: None,
                deleted_since: None,
            };
            writer.commit(&payload).unwrap();
        }
        writer.close().unwrap();
        Self { index, _directory: directory }
    }

    fn hits(&self, q: &str, mode: Mode) -> Vec<Rank> {
        let query = Query::parse(q).unwrap();
        let filter = Filter::default();
        let request = Request {
            owner: ANN,
            confines: None,
            query: &query,
            mode,
            tests: &[],
            filter: &filter,
            sort: Sort::Relevance,
            limit: 1_000,
            after: None,
        };
        self.index.answer(&request).unwrap().hits
    }

    /// The places of the notes in the list, best first.
    fn order(&self, q: &str, mode: Mode) -> Vec<usize> {
        self.hits(q, mode).iter().map(|hit| hit.id.as_u128() as usize).collect()
    }
}

fn filler(count: usize) -> Vec<Note> {
    (0..count).map(|n| note(&format!("Filler {n}"), "one more page about this and that, nothing to see")).collect()
}

#[test]
fn the_very_word_beats_another_form_and_that_a_longer_word_whatever_else_speaks_for_them() {
    let loud = |word: &str| Note { pinned: true, ..note(word, &format!("{word} ").repeat(500)) };
    let quiet = |body: &str| Note { updated_at: NOW - 3_000 * DAY, ..note("Notes", body) };
    let long = "and so on for a very long while ".repeat(300);
    let shelf = Shelf::of(&[&[loud("runabout"), loud("running"), quiet(&format!("run {long}"))], &filler(20)]);
    assert_eq!(shelf.order("run", Mode::All), [2, 1, 0]);
    assert_eq!(shelf.order("run", Mode::Any), [2, 1, 0]);
    let shelf = Shelf::of(&[&[loud("runabout"), quiet(&format!("running {long}"))], &filler(20)]);
    assert_eq!(shelf.order("run", Mode::All), [1, 0]);
}

#[test]
fn a_note_with_all_words_as_typed_beats_one_with_all_in_other_forms() {
    let often = "the planned trips, all planned ".repeat(50);
    let shelf = Shelf::of(&[&[note("Planned trips", &often), note("Other", "we plan a trip some day")], &filler(20)]);
    assert_eq!(shelf.order("plan trip ", Mode::All), [1, 0]);
}

#[test]
fn the_title_counts_more_than_any_repetition_in_the_body() {
    let shelf = Shelf::of(&[
        &[note("Other", &"boiler ".repeat(200)), note("The boiler in the cellar", "see inside")],
        &filler(20),
    ]);
    assert_eq!(shelf.order("boiler ", Mode::All), [1, 0]);
    let shelf = Shelf::of(&[
        &[note("Other", "the boiler"), note("Boilers", "see inside"), note("Boiler", "see inside")],
        &filler(20),
    ]);
    assert_eq!(shelf.order("boiler ", Mode::All), [2, 0, 1]);
}

#[test]
fn pinned_and_recent_notes_come_first_among_equals() {
    let plain = note("Oven", "how it works");
    let pinned = Note { pinned: true, ..plain.clone() };
    let old = Note { updated_at: NOW - 400 * DAY, ..plain.clone() };
    let shelf = Shelf::of(&[&[old, plain, pinned], &filler(20)]);
    for mode in [Mode::All, Mode::Any] {
        assert_eq!(shelf.order("oven ", mode), [2, 1, 0]);
    }
}

#[test]
fn age_is_told_by_the_newest_note_and_not_by_a_clock() {
    let mut notes: Vec<Note> = (0..30).map(|n| note(&format!("Day {n}"), "walked the dog, fed the cat")).collect();
    for (n, note) in notes.iter_mut().enumerate() {
        note.updated_at -= (n as i64 * 7 % 30) * 40 * DAY;
        note.pinned = n % 5 == 0;
    }
    let then = Shelf::of(&[&notes]).hits("walked cat ", Mode::All);
    notes.iter_mut().for_each(|note| note.updated_at -= 5_000 * DAY);
    let much_earlier = Shelf::of(&[&notes]).hits("walked cat ", Mode::All);
    let scores = |hits: &[Rank]| hits.iter().map(|hit| (hit.id, hit.score.to_bits())).collect::<Vec<_>>();
    assert_eq!(scores(&then), scores(&much_earlier));
}

#[test]
fn scores_are_the_same_to_the_last_bit_however_segments_fell() {
    let notes = everyday();
    let (head, tail) = notes.split_at(17);
    let whole = Shelf::of(&[&notes]);
    let cut = Shelf::of(&[head, &tail[..1], &tail[1..]]);
    for (q, mode, _) in GOLDEN {
        let bits =
            |shelf: &Shelf| shelf.hits(q, *mode).iter().map(|hit| (hit.id, hit.score.to_bits())).collect::<Vec<_>>();
        assert_eq!(bits(&whole), bits(&cut), "{q}");
    }
}

#[test]
fn of_a_few_words_the_notes_with_more_of_them_come_first_the_rare_ones_above_all() {
    let shelf = Shelf::of(&[
        &[
            note("Garden", "garden garden garden garden"),
            note("Later", "the garden needs a new wheelbarrow"),
            note("Tools", "a wheelbarrow"),
            note("Letter", "nothing but the needs of the day"),
        ],
        &(0..30).map(|n| note(&format!("Bed {n}"), "weeds and snails in this week")).collect::<Vec<_>>(),
    ]);
    let order = shelf.order("garden needs wheelbarrow ", Mode::Any);
    assert_eq!(order[0], 1);
    assert_eq!(order.last(), Some(&3));
}

#[test]
fn the_small_words_of_a_question_do_not_carry_it() {
    let talk = "what is it that you are to do when there is the one and not the other, and how is it to be in the end";
    let mut notes: Vec<Note> = (0..40).map(|n| note(&format!("Talk {n}"), talk)).collect();
    notes.push(note("House", "pressure of the boiler: between 1 and 2 bar; refill at the tap"));
    let shelf = Shelf::of(&[&notes]);
    let question =
        "what is the pressure that the boiler is to have when it is cold and what are you to do when it is not? ";
    assert_eq!(shelf.order(question, Mode::Any)[0], 40);
}

#[test]
fn what_a_question_says_twice_it_means() {
    let shelf = Shelf::of(&[&[note("One", "about invoices"), note("Two", "about receipts")], &filler(30)]);
    let first = |q: &str| shelf.order(q, Mode::Any)[0];
    assert_eq!(first("which receipts go with invoices, and which invoices have been paid already by now "), 0);
    assert_eq!(first("which invoices go with receipts, and which receipts have been paid already by now "), 1);
}

#[test]
fn one_note_full_of_a_word_does_not_change_its_weight_for_the_others() {
    let base = |loud: &str| {
        let mut notes = vec![note("One", "the kettle and a spoon"), note("Two", "the spoon and a ladle")];
        notes.extend((0..6).map(|n| note(&format!("Kettle {n}"), "a kettle")));
        notes.extend((0..6).map(|n| note(&format!("Ladle {n}"), "a ladle")));
        notes.push(note("Loud", loud));
        notes.extend(filler(30));
        let shelf = Shelf::of(&[&notes]);
        shelf.order("kettle ladle spoon fork ", Mode::Any).into_iter().filter(|at| *at < 2).collect::<Vec<_>>()
    };
    assert_eq!(base("kettle kettle kettle kettle"), base(&"kettle ".repeat(4_000)));
}

/// What a person keeps, in the languages of a family.
fn everyday() -> Vec<Note> {
    [
        ("Shopping list", "- [ ] oat milk\n- [ ] bread\n- [ ] apples\n- [ ] coffee beans"),
        ("Apple pie", "Peel and slice six apples, butter, sugar, cinnamon. Bake for 45 minutes at 180 degrees."),
        ("Pancakes", "Flour, milk, two eggs, a pinch of salt. Bake the pancakes in butter. Apples go well with it."),
        ("Sourdough bread", "Feed the starter in the evening. Flour, water, salt. Bake the bread in a hot pot for 40 minutes."),
        ("Wi-Fi and router", "The router stands in the hall. Guest network: password is on the fridge. Restart the router when the network is slow."),
        ("Boiler", "Pressure between 1 and 2 bar. Refill with the hose. Service every year in September, call Mr Novak."),
        ("Meeting with Anna", "Roadmap for the spring release: search first, then sharing. Anna writes the budget. Next meeting in two weeks."),
        ("Team meeting 14 March", "Release moved to April. Tom fixes the import. Budget approved."),
        ("Meeting notes template", "# Topic\n# Decisions\n# Next steps"),
        ("Budget 2026", "Rent, insurance, food, holidays. The insurance goes up in July. Savings for a new boiler."),
        ("Insurance", "Household insurance: policy number 7731, runs until June. Liability insurance with the bank. Cancel insurance three months ahead."),
        ("Car", "Winter tyres from October. Insurance 88 a month. Next inspection in May."),
        ("Trip to Lisbon", "Flight on Friday at 7. Hotel near the river. Tram 28, custard tarts, the castle."),
        ("Packing list", "Passport, charger, toothbrush, swimming trunks, book, hiking boots."),
        ("Hiking in the Alps", "Day 1: up to the hut, five hours. Day 2: the ridge. Boots, rain jacket, map. The hut takes cash only."),
        ("Running plan", "Monday easy run, Wednesday intervals, Saturday long run. Half marathon in October."),
        ("Running shoes", "Size 43, bought in May. Change after 800 km."),
        ("Knee pain", "After the long run on Saturday. Doctor says rest, then strength training. Physiotherapy on Tuesdays."),
        ("Doctor", "Dr Weber, telephone 555 0142. Blood test in autumn. Vaccination against tetanus until 2031."),
        ("Books to read", "The Leopard, Middlemarch, The Left Hand of Darkness. Return Middlemarch to the library."),
        ("Library", "Card number 20391. Books for four weeks, can be renewed twice."),
        ("PostgreSQL backup", "pg_dump -Fc notes > notes.dump; pg_restore --clean. A backup that was never restored is no backup."),
        ("Backup of the laptop", "Every Sunday to the external disk. Restore test in January."),
        ("SQLite tips", "PRAGMA journal_mode=WAL; VACUUM INTO 'copy.db' makes a backup while it runs."),
        ("Rust errors", "thiserror for libraries, anyhow for programs. The question mark operator converts errors."),
        ("Git", "git rebase -i main, git bisect to find the commit that broke it, git reflog when all seems lost."),
        ("Tax return", "Receipts in the blue folder. Travel to work, home office days, donations. Deadline 31 July."),
        ("Receipts", "Boiler service 180, laptop 1240, donation to the library 50."),
        ("Birthday of Mum", "12 June. A book or a day in the garden. Cake with cherries."),
        ("Garden", "Sow tomatoes in March, plant them out in May. Water the tomatoes in the morning. Cherries ripen in June."),
        ("Tomatensuppe", "Tomaten, Zwiebeln, Knoblauch und Brühe 20 Minuten kochen, dann pürieren. Mit Basilikum servieren."),
        ("Steuererklärung", "Belege im blauen Ordner. Fahrten zur Arbeit, Spenden. Abgabe bis 31. Juli."),
        ("Elternabend", "Klassenfahrt im Mai nach Hamburg, 180 Euro. Neue Lehrerin für Mathematik. Kuchen für das Schulfest."),
        ("Crème brûlée", "Crème, jaunes d'œufs, sucre, vanille. Au four une heure, puis caraméliser le sucre."),
        ("Voyage à Paris", "Train à 9 h, hôtel près du canal. Musée le matin, marché le dimanche."),
        ("Receta de gazpacho", "Tomates, pepino, pimiento, ajo, aceite y pan. Servir muy frío."),
        ("Отпуск", "Поезд в Казань в пятницу, гостиница у реки. Музей и рынок."),
        ("買い物リスト", "牛乳、パン、りんご、コーヒー豆"),
        ("東京旅行", "東京タワー、浅草、上野の美術館。ホテルは駅の近く。"),
        ("Zakupy", "Mleko, chleb, jabłka, kawa. Ciasto na urodziny mamy."),
    ]
    .into_iter()
    .map(|(title, body)| note(title, body))
    .collect()
}

/// What is asked, and the titles that come first. Fewer than three where no more match.
const GOLDEN: &[(&str, Mode, &[&str])] = &[
    ("apples ", Mode::All, &["Apple pie", "Shopping list", "Pancakes"]),
    ("apple ", Mode::All, &["Apple pie", "Shopping list", "Pancakes"]),
    ("boiler ", Mode::All, &["Boiler", "Receipts", "Budget 2026"]),
    ("insurance ", Mode::All, &["Insurance", "Budget 2026", "Car"]),
    ("meeting ", Mode::All, &["Meeting notes template", "Meeting with Anna", "Team meeting 14 March"]),
    ("meet", Mode::All, &["Meeting notes template", "Meeting with Anna", "Team meeting 14 March"]),
    ("run ", Mode::All, &["Running plan", "Knee pain", "Running shoes"]),
    ("running ", Mode::All, &["Running plan", "Running shoes"]),
    ("backup ", Mode::All, &["PostgreSQL backup", "Backup of the laptop", "SQLite tips"]),
    ("restore backup ", Mode::All, &["PostgreSQL backup", "Backup of the laptop"]),
    ("release budget ", Mode::All, &["Team meeting 14 March", "Meeting with Anna"]),
    ("\"long run\"", Mode::All, &["Running plan", "Knee pain"]),
    ("tom", Mode::All, &["Team meeting 14 March", "Tomatensuppe"]),
    ("tomaten ", Mode::All, &["Tomatensuppe"]),
    ("creme ", Mode::All, &["Crème brûlée"]),
    ("belege ", Mode::All, &["Steuererklärung"]),
    ("музей ", Mode::All, &["Отпуск"]),
    ("東京", Mode::All, &["東京旅行"]),
    ("パン", Mode::All, &["買い物リスト"]),
    ("ciasto mamy ", Mode::All, &["Zakupy"]),
    ("hiking boots ", Mode::Any, &["Hiking in the Alps", "Packing list"]),
    ("blue folder receipts ", Mode::Any, &["Tax return", "Receipts"]),
    ("what is the pressure of the boiler supposed to be? ", Mode::Any, &["Boiler"]),
    ("when do I have to cancel the insurance of the car? ", Mode::Any, &["Insurance", "Car"]),
    ("how do I restore a backup of the notes database? ", Mode::Any, &["PostgreSQL backup", "Backup of the laptop"]),
    ("which books do I have to return to the library? ", Mode::Any, &["Books to read"]),
    ("wann ist die Klassenfahrt nach Hamburg und was kostet sie? ", Mode::Any, &["Elternabend"]),
    (
        "what did Anna and the team decide about the budget for the release? ",
        Mode::Any,
        &["Meeting with Anna", "Team meeting 14 March"],
    ),
    ("how long do I bake the bread, and how hot? ", Mode::Any, &["Sourdough bread"]),
];

#[test]
fn golden_rankings() {
    let notes = everyday();
    let shelf = Shelf::of(&[&notes]);
    let wrong: Vec<String> = GOLDEN
        .iter()
        .filter_map(|(q, mode, expected)| {
            let order = shelf.order(q, *mode);
            let found: Vec<&str> = order.iter().take(3).map(|&at| notes[at].title.as_str()).collect();
            (!found.starts_with(expected)).then(|| format!("{q}: {expected:?}, but {found:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
