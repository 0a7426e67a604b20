//! The query language: parse and print are inverse, nothing that is typed makes it fail, and what a tree of a query finds is
//! what looking at each note by itself finds.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::collections::{BTreeMap, BTreeSet};

use inkstone::caller::{Confines, UserId};
use inkstone::clock::Timestamp;
use inkstone::fold;
use inkstone::notes::State;
use inkstone::search::analysis::Tokens;
use inkstone::search::evaluate::{Answer, Request};
use inkstone::search::facets::{Facet, Facets};
use inkstone::search::index::Index;
use inkstone::search::languages::{self, ENGLISH};
use inkstone::search::opening::{self, Opened, Store};
use inkstone::search::query::{MAX_CLAUSES, MAX_DEPTH, Part, PartKind, Query, Reading};
use inkstone::search::{Document, Effort, Filter, Mode, Sort, States, conditions, index, schema};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::Value;
use uuid::Uuid;

const ANN: UserId = UserId(Uuid::from_u128(0xA));

fn kind(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Word => "word",
        PartKind::Phrase => "phrase",
        PartKind::Prefix => "prefix",
        PartKind::Filter => "filter",
        PartKind::Or => "or",
        PartKind::Group => "group",
    }
}

#[test]
fn the_rows_that_the_web_app_shares_are_read_as_they_say() {
    let rows: Value = serde_json::from_str(include_str!("fixtures/query_parts.json")).unwrap();
    let rows = rows.as_array().unwrap();
    assert!(rows.len() >= 60);
    for row in rows {
        let q = row["q"].as_str().unwrap();
        let query = Query::parse(q).unwrap();
        let part = |part: &Part| {
            serde_json::json!({
                "kind": kind(part.kind), "start": part.span.start, "end": part.span.end, "negated": part.negated
            })
        };
        let parts: Vec<Value> = query.parts().iter().map(part).collect();
        assert_eq!(Value::from(parts), row["parts"], "{q}");
        let problems: Vec<Value> =
            query.problems().iter().map(|p| serde_json::json!([p.span.start, p.span.end])).collect();
        assert_eq!(Value::from(problems), row["problems"], "{q}");
    }
}

/// A term of a query in writing, and what it means for one note.
#[derive(Debug, Clone)]
enum Term {
    Word(&'static str),
    Prefix(&'static str),
    Phrase(&'static str, &'static str),
    /// The last word is a beginning.
    Beginning(&'static str, &'static str),
    InTitle(Box<Term>),
    Tag(&'static str),
    Is(&'static str),
    Has(&'static str),
    Created(&'static str),
    Not(Box<Term>),
    All(Vec<Term>),
    Any(Vec<Term>),
}

const WORDS: [&str; 8] = ["alpha", "bethel", "bet", "gamlingo", "gam", "running", "runs", "東京"];
const TAGS: [&str; 4] = ["work", "work/deep", "workshop", "été"];

impl Term {
    fn text(&self) -> String {
        let joined = |terms: &[Term], by: &str| terms.iter().map(Term::text).collect::<Vec<_>>().join(by);
        match self {
            Self::Word(word) => (*word).to_owned(),
            Self::Prefix(word) => format!("{word}*"),
            Self::Phrase(one, two) => format!("\"{one} {two}\""),
            Self::Beginning(one, two) => format!("\"{one} {two}*\""),
            Self::InTitle(term) => format!("title:{}", term.text()),
            Self::Tag(tag) => format!("tag:{tag}"),
            Self::Is(is) => format!("is:{is}"),
            Self::Has(has) => format!("has:{has}"),
            Self::Created(dates) => format!("created:{dates}"),
            Self::Not(term) => match &**term {
                Self::Not(_) => format!("-({})", term.text()),
                other => format!("-{}", other.text()),
            },
            Self::All(terms) => format!("({})", joined(terms, " ")),
            Self::Any(terms) => format!("({})", joined(terms, " OR ")),
        }
    }

    fn matches(&self, note: &Note, title_alone: bool) -> bool {
        let anywhere =
            |test: &dyn Fn(&[String]) -> bool| test(&tokens(&note.title)) || !title_alone && test(&tokens(&note.body));
        match self {
            Self::Word(word) if tokens(word).len() > 1 => anywhere(&|text| stands_in(text, &tokens(word), false)),
            Self::Word(word) => anywhere(&|text| text.iter().any(|token| stem(token) == stem(word))),
            Self::Prefix(word) if tokens(word).len() > 1 => anywhere(&|text| stands_in(text, &tokens(word), false)),
            Self::Prefix(word) => {
                anywhere(&|text| text.iter().any(|token| token.starts_with(word) || stem(token) == stem(word)))
            }
            Self::Phrase(one, two) => anywhere(&|text| stands_in(text, &tokens(&format!("{one} {two}")), false)),
            Self::Beginning(one, two) => {
                let words = tokens(&format!("{one} {two}"));
                anywhere(&|text| stands_in(text, &words, *two != "東京"))
            }
            Self::InTitle(term) => term.matches(note, true),
            Self::Tag(tag) => note
                .tags
                .iter()
                .any(|other| other == tag || other.strip_prefix(tag).is_some_and(|r| r.starts_with('/'))),
            Self::Is("pinned") => note.pinned,
            Self::Is("untagged") => note.tags.is_empty(),
            Self::Is(state) => note.state.as_str() == *state,
            Self::Has(has) => note.body.contains(if *has == "link" { "https://" } else { "- [ ]" }),
            Self::Created(year) => note.created_at.to_string().starts_with(year),
            Self::Not(term) => !term.matches(note, title_alone),
            Self::All(terms) => terms.iter().all(|term| term.matches(note, title_alone)),
            Self::Any(terms) => terms.iter().any(|term| term.matches(note, title_alone)),
        }
    }

    /// The states that it names outside of any minus.
    fn states(&self, named: &mut Vec<State>) {
        match self {
            Self::Is("active") => named.push(State::Active),
            Self::Is("archived") => named.push(State::Archived),
            Self::Is("trashed") => named.push(State::Trashed),
            Self::All(terms) | Self::Any(terms) => terms.iter().for_each(|term| term.states(named)),
            _ => {}
        }
    }
}

fn stem(word: &str) -> String {
    languages::stem(ENGLISH, word)
}

fn tokens(text: &str) -> Vec<String> {
    let (mut tokens, mut folded, mut all) = (Tokens::new(text), String::new(), Vec::new());
    while tokens.next_into(&mut folded).is_some() {
        all.push(folded.clone());
    }
    all
}

fn stands_in(text: &[String], words: &[String], last_begins: bool) -> bool {
    text.windows(words.len()).any(|window| {
        window.iter().zip(words).enumerate().all(|(place, (token, word))| {
            token == word || last_begins && place + 1 == words.len() && token.starts_with(word.as_str())
        })
    })
}

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&WORDS[..])
}

fn leaf() -> impl Strategy<Value = Term> {
    prop_oneof![
        4 => word().prop_map(Term::Word),
        1 => word().prop_map(Term::Prefix),
        2 => (word(), word()).prop_map(|(one, two)| Term::Phrase(one, two)),
        1 => (word(), word()).prop_map(|(one, two)| Term::Beginning(one, two)),
        1 => word().prop_map(|word| Term::InTitle(Box::new(Term::Word(word)))),
        1 => (word(), word()).prop_map(|(one, two)| Term::InTitle(Box::new(Term::Beginning(one, two)))),
        1 => prop::sample::select(&TAGS[..]).prop_map(Term::Tag),
        1 => prop::sample::select(&["pinned", "untagged", "active", "archived", "trashed"][..]).prop_map(Term::Is),
        1 => prop::sample::select(&["link", "task"][..]).prop_map(Term::Has),
        1 => prop::sample::select(&["2024", "2025", "2026-01"][..]).prop_map(Term::Created),
    ]
}

fn term() -> impl Strategy<Value = Term> {
    leaf().prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            2 => inner.clone().prop_map(|term| Term::Not(Box::new(term))),
            2 => prop::collection::vec(inner.clone(), 2..4).prop_map(Term::All),
            3 => prop::collection::vec(inner.clone(), 2..4).prop_map(Term::Any),
            1 => prop::collection::vec(word().prop_map(Term::Word), 2..4)
                .prop_map(|words| Term::InTitle(Box::new(Term::All(words)))),
        ]
    })
}

/// A note of a test, owning its parts.
#[derive(Debug, Clone)]
struct Note {
    title: String,
    body: String,
    tags: Vec<String>,
    notebook: Option<Uuid>,
    pinned: bool,
    state: State,
    created_at: Timestamp,
}

fn note() -> impl Strategy<Value = Note> {
    let text = |most: usize| prop::collection::vec(word(), 0..most).prop_map(|words| words.join(" "));
    let extra = prop::sample::select(&["", "\n- [ ] open", "\nhttps://example.org", "\n- [ ] https://example.org"][..]);
    let states = prop::sample::select(&[State::Active, State::Active, State::Archived, State::Trashed][..]);
    let created = prop::sample::select(&["2024-05-05T05:05:05Z", "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z"][..]);
    let tags = prop::sample::subsequence(&TAGS[..], 0..3);
    let notebook = prop::option::of((1..4u128).prop_map(Uuid::from_u128));
    (text(4), text(10), extra, tags, notebook, any::<bool>(), states, created).prop_map(
        |(title, body, extra, tags, notebook, pinned, state, created)| Note {
            notebook,
            title,
            body: format!("{body}{extra}"),
            tags: tags.into_iter().map(str::to_owned).collect(),
            pinned,
            state,
            created_at: Timestamp::parse(created).unwrap(),
        },
    )
}

/// An index of these notes in two commits, some of them written twice, and the directory that it lives in.
fn index_of(notes: &[Note]) -> (tempfile::TempDir, Opened) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store { epoch: Uuid::from_u128(1), head: 0, floor: 0 };
    let mut opened = opening::open(directory.path(), store, Timestamp::from_micros(5), Effort::BesideRequests).unwrap();
    let payload = index::Payload {
        epoch: store.epoch,
        cursor: 0,
        fingerprint: schema::fingerprint(),
        rebuilding: None,
        deleted_since: None,
    };
    let put = |opened: &Opened, number: usize, note: &Note| {
        opened
            .writer
            .put(&Document {
                id: Uuid::from_u128(number as u128 + 1),
                owner: ANN,
                seq: 1,
                title: &note.title,
                body: &note.body,
                tags: &note.tags,
                notebook: note.notebook,
                pinned: note.pinned,
                state: note.state,
                updated_at: note.created_at,
                created_at: note.created_at,
            })
            .unwrap();
    };
    let half = notes.len() / 2;
    for (number, note) in notes.iter().enumerate().take(half) {
        put(&opened, number, note);
    }
    opened.writer.commit(&payload).unwrap();
    for (number, note) in notes.iter().enumerate().skip(half / 2) {
        put(&opened, number, note);
    }
    opened.writer.commit(&payload).unwrap();
    (directory, opened)
}

fn ask(index: &Index, query: &Query, mode: Mode, sort: Sort) -> Answer {
    ask_of(index, query, mode, sort, &Of { filter: &Filter::default(), confines: None, limit: 100 })
}

/// Of which notes is asked, and for how many.
struct Of<'a> {
    filter: &'a Filter,
    confines: Option<&'a Confines>,
    limit: usize,
}

fn ask_of(index: &Index, query: &Query, mode: Mode, sort: Sort, of: &Of<'_>) -> Answer {
    let now = Timestamp::parse("2026-02-01T00:00:00Z").unwrap();
    let tests = conditions::tests(query, now, &TimeZone::UTC, |_| Ok(Vec::new())).unwrap();
    let request = Request {
        owner: ANN,
        confines: of.confines,
        query,
        mode,
        tests: &tests,
        filter: of.filter,
        sort,
        limit: of.limit,
        after: None,
    };
    index.answer(&request).unwrap()
}

fn found(answer: &Answer) -> BTreeSet<u128> {
    answer.hits.iter().map(|rank| rank.id.as_u128()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn an_index_finds_what_looking_at_each_note_finds(
        notes in prop::collection::vec(note(), 1..24),
        terms in prop::collection::vec(term(), 12),
    ) {
        let (_directory, opened) = index_of(&notes);
        for term in &terms {
            let text = format!("{} ", term.text());
            let Ok(query) = Query::parse(&text) else { continue };
            prop_assert_eq!(query.problems(), &[]);
            let mut named = Vec::new();
            term.states(&mut named);
            let counts = |note: &Note| match &named[..] {
                [] => States::KEPT.has(note.state),
                named => named.contains(&note.state),
            };
            let expected: BTreeSet<u128> = (1..)
                .zip(&notes)
                .filter(|(_, note)| counts(note) && term.matches(note, false))
                .map(|(id, _)| id)
                .collect();
            for sort in [Sort::Relevance, Sort::Created] {
                let answer = ask(&opened.index, &query, Mode::All, sort);
                prop_assert_eq!(&found(&answer), &expected, "{}", text);
                prop_assert_eq!(answer.total, expected.len() as u64);
                prop_assert!(answer.hits.windows(2).all(|pair| pair[0] > pair[1]));
            }
        }
    }
}

/// What the query names of the list's filters.
fn narrowing() -> impl Strategy<Value = Filter> {
    let states = prop::sample::select(vec![States::KEPT, States::KEPT, States::only(State::Archived)]);
    let tag = prop::option::weighted(0.2, prop::sample::select(&TAGS[..]).prop_map(fold::name_key));
    let notebook = prop::option::weighted(0.2, (1..4u128).prop_map(Uuid::from_u128));
    let (pinned, year) = (prop::option::weighted(0.2, any::<bool>()), prop::option::weighted(0.2, 2024..2027i64));
    (states, tag, notebook, pinned, year).prop_map(|(states, tag, notebook, pinned, year)| Filter {
        states,
        tag,
        notebook,
        pinned,
        year,
    })
}

/// The notes that a key is confined to.
fn confines() -> impl Strategy<Value = Option<Confines>> {
    let tags = prop::sample::subsequence(&TAGS[..], 0..3);
    let notebooks = prop::sample::subsequence(vec![1u128, 2, 3], 0..2);
    let confines = (tags, notebooks).prop_map(|(tags, notebooks)| Confines {
        tags: tags.into_iter().map(fold::name_key).collect(),
        notebooks: notebooks.into_iter().map(Uuid::from_u128).collect(),
    });
    prop::option::weighted(0.3, confines.prop_filter("confined to nothing is not confined", |c| !c.is_everything()))
}

/// Whether a note passes filter and confines.
fn is_within(note: &Note, filter: &Filter, confines: Option<&Confines>) -> bool {
    let keys: Vec<String> = note.tags.iter().map(|tag| fold::name_key(tag)).collect();
    let year = i64::from(note.created_at.year());
    filter.tag.as_ref().is_none_or(|tag| keys.contains(tag))
        && filter.notebook.is_none_or(|notebook| note.notebook == Some(notebook))
        && filter.pinned.is_none_or(|pinned| note.pinned == pinned)
        && filter.year.is_none_or(|wanted| year == wanted)
        && confines.is_none_or(|confines| {
            confines.tags.iter().any(|tag| keys.contains(tag))
                || note.notebook.is_some_and(|notebook| confines.notebooks.contains(&notebook))
        })
}

/// How many notes have each value, the most frequent first and equal ones by value.
fn counted<T: Ord + Clone>(values: impl Iterator<Item = T>) -> Vec<Facet<T>> {
    let mut counts: BTreeMap<T, u64> = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    let mut facets: Vec<_> = counts.into_iter().map(|(value, count)| Facet { value, count }).collect();
    facets.sort_by_key(|facet| std::cmp::Reverse(facet.count));
    facets
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn facets_count_what_looking_at_each_note_counts(
        notes in prop::collection::vec(note(), 1..40),
        asked in prop::collection::vec((term(), narrowing(), confines()), 8),
    ) {
        let (_directory, opened) = index_of(&notes);
        for (term, filter, confines) in &asked {
            let text = format!("{} ", term.text());
            let Ok(query) = Query::parse(&text) else { continue };
            let mut named = Vec::new();
            term.states(&mut named);
            let counts = |note: &Note| match &named[..] {
                [_, ..] if filter.states == States::KEPT => named.contains(&note.state),
                _ => filter.states.has(note.state),
            };
            let expected: Vec<&Note> = notes
                .iter()
                .filter(|note| counts(note) && is_within(note, filter, confines.as_ref()) && term.matches(note, false))
                .collect();
            let mut years = counted(expected.iter().map(|note| i64::from(note.created_at.year())));
            years.sort_by_key(|facet| std::cmp::Reverse(facet.value));
            let facets = Facets {
                tags: counted(expected.iter().flat_map(|note| note.tags.clone())),
                notebooks: counted(expected.iter().filter_map(|note| note.notebook)),
                years,
            };
            for limit in [1, 100] {
                let of = Of { filter, confines: confines.as_ref(), limit };
                let answer = ask_of(&opened.index, &query, Mode::All, Sort::Relevance, &of);
                prop_assert_eq!(answer.total, expected.len() as u64, "{} {:?} {:?}", text, filter, confines);
                prop_assert_eq!(&answer.facets, &facets, "{} {:?} {:?}", text, filter, confines);
            }
        }
    }
}

proptest! {
    #[test]
    fn parse_and_print_are_inverse(terms in prop::collection::vec(term(), 1..4), open in any::<bool>()) {
        let text = terms.iter().map(Term::text).collect::<Vec<_>>().join(" ") + if open { "" } else { " " };
        let Ok(query) = Query::parse(&text) else { return Ok(()) };
        let printed = query.to_string();
        let again = Query::parse(&printed).unwrap();
        prop_assert_eq!(again.tree(), query.tree(), "{} -> {}", text, printed);
        prop_assert_eq!(again.leaves(), query.leaves());
        prop_assert_eq!(again.clauses(), query.clauses());
        prop_assert_eq!(again.conditions(), query.conditions());
        prop_assert_eq!(again.problems(), &[]);
        prop_assert_eq!(again.to_string(), printed);
    }

    #[test]
    fn nothing_that_is_typed_makes_it_fail(
        pieces in prop::collection::vec(
            prop_oneof![
                prop::sample::select(&[
                    "(", ")", "-", "\"", "“", "OR", " ", "  ", "*", ":", "tag:", "titel:", "title:", "is:", "is:pinned",
                    "has:", "created:", "2026-02", "..", ">=", "lang:de", "in:", "word", "東京", "🎉", "e\u{301}", "é", "\t",
                    "\u{200D}", "ﷺ", "½", "/",
                ][..]).prop_map(str::to_owned),
                any::<char>().prop_map(String::from),
                "\\PC{0,12}",
            ],
            0..60,
        ),
        exact in any::<bool>(),
    ) {
        let text = pieces.concat();
        let Ok(query) = Query::parse_as(&text, Reading { exact }) else { return Ok(()) };
        let length = text.chars().count();
        let mut before = 0;
        for part in query.parts() {
            prop_assert!(before <= part.span.start && part.span.start < part.span.end && part.span.end <= length);
            before = part.span.end;
        }
        for problem in query.problems() {
            prop_assert!(problem.span.start < problem.span.end && problem.span.end <= length);
            prop_assert!(problem.detail.ends_with('.'));
        }
        prop_assert!(query.leaves().len() + query.conditions().len() <= MAX_CLAUSES);
        prop_assert!(query.clauses().len() <= query.leaves().len());
        let _ = query.to_string();
    }
}

fn plain(title: &str, body: &str) -> Note {
    Note {
        notebook: None,
        title: title.to_owned(),
        body: body.to_owned(),
        tags: Vec::new(),
        pinned: false,
        state: State::Active,
        created_at: Timestamp::parse("2026-01-01T00:00:00Z").unwrap(),
    }
}

#[test]
fn what_is_excluded_earns_nothing() {
    let notes = [plain("", "red dog"), plain("", "red red cat"), plain("red", "blue"), plain("", "green")];
    let (_directory, opened) = index_of(&notes);
    let ranks = |text: &str| ask(&opened.index, &Query::parse(text).unwrap(), Mode::All, Sort::Relevance).hits;
    let all = ranks("red ");
    let without = ranks("red -blue -(dog tree) ");
    assert_eq!(without, all.into_iter().filter(|rank| rank.id != Uuid::from_u128(3)).collect::<Vec<_>>());
}

#[test]
fn any_of_the_words_is_enough_but_what_is_excluded_stays_so() {
    let notes = [plain("", "red dog"), plain("", "red"), plain("", "dog blue"), plain("", "cat")];
    let (_directory, opened) = index_of(&notes);
    let any = |text: &str| {
        let answer = ask(&opened.index, &Query::parse(text).unwrap(), Mode::Any, Sort::Relevance);
        answer.hits.iter().map(|rank| rank.id.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(
        any("red dog "),
        [1, 2, 3],
        "those with more of the words come first, then the rarer word or the shorter note"
    );
    assert_eq!(any("red dog -blue "), [1, 2]);
    assert_eq!(any("red -dog "), [2]);
    assert_eq!(any("red (dog OR cat) "), [4, 1, 2, 3], "one rare word is more than two common ones");
    assert_eq!(any("-red "), [4, 3]);
}

#[test]
fn depth_has_a_limit_that_is_told() {
    let nested = |depth: usize| format!("{}a{}", "-(".repeat(depth), ")".repeat(depth));
    assert!(Query::parse(&nested(MAX_DEPTH)).is_ok());
    assert!(Query::parse(&nested(MAX_DEPTH + 1)).is_err());
}
