//! What a query finds, row by row: the rows that the web app's own search, for when the server cannot be asked, is tested with too
//! (`web/src/features/search/device`).

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::collections::BTreeSet;

use inkstone::caller::UserId;
use inkstone::clock::Timestamp;
use inkstone::notebooks::{self, Place};
use inkstone::notes::State;
use inkstone::search::evaluate::Request;
use inkstone::search::index::Payload;
use inkstone::search::opening::{self, Opened, Store};
use inkstone::search::query::{Query, Reading};
use inkstone::search::{Document, Effort, Filter, Mode, Sort, conditions, schema};
use jiff::tz::TimeZone;
use serde::Deserialize;
use uuid::Uuid;

const ANN: UserId = UserId(Uuid::from_u128(0xA));

const STATES: [State; 3] = [State::Active, State::Archived, State::Trashed];

#[derive(Deserialize)]
struct Shared {
    now: String,
    notebooks: Vec<Notebook>,
    notes: Vec<Note>,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Notebook {
    id: String,
    name: String,
    parent_id: Option<String>,
}

#[derive(Deserialize)]
struct Note {
    name: String,
    title: String,
    body: String,
    tags: Vec<String>,
    notebook: Option<String>,
    pinned: bool,
    state: String,
    created: String,
    updated: String,
}

#[derive(Deserialize)]
struct Row {
    q: String,
    #[serde(default)]
    exact: bool,
    finds: BTreeSet<String>,
}

impl Shared {
    fn read() -> Self {
        serde_json::from_str(include_str!("fixtures/query_matches.json")).unwrap()
    }

    /// Notebooks are named by a word there.
    fn notebook(&self, id: &str) -> Uuid {
        let place = self.notebooks.iter().position(|notebook| notebook.id == id).unwrap();
        Uuid::from_u128(place as u128 + 1)
    }

    fn places(&self) -> Vec<Place> {
        let place = |notebook: &Notebook| Place {
            id: self.notebook(&notebook.id),
            parent: notebook.parent_id.as_deref().map(|id| self.notebook(id)),
            name: notebook.name.clone(),
        };
        self.notebooks.iter().map(place).collect()
    }

    /// An index of the notes, numbered from 0, and the directory that it lives in.
    fn index(&self) -> (tempfile::TempDir, Opened) {
        let directory = tempfile::tempdir().unwrap();
        let store = Store { epoch: Uuid::from_u128(1), head: 0, floor: 0 };
        let now = Timestamp::parse(&self.now).unwrap();
        let mut opened = opening::open(directory.path(), store, now, Effort::BesideRequests).unwrap();
        for (number, note) in self.notes.iter().enumerate() {
            let document = Document {
                id: Uuid::from_u128(number as u128),
                owner: ANN,
                seq: 1,
                title: &note.title,
                body: &note.body,
                tags: &note.tags,
                notebook: note.notebook.as_deref().map(|id| self.notebook(id)),
                pinned: note.pinned,
                state: STATES.into_iter().find(|state| state.as_str() == note.state).unwrap(),
                created_at: Timestamp::parse(&note.created).unwrap(),
                updated_at: Timestamp::parse(&note.updated).unwrap(),
            };
            opened.writer.put(&document).unwrap();
        }
        let payload = Payload {
            epoch: store.epoch,
            cursor: 0,
            fingerprint: schema::fingerprint(),
            rebuilding: None,
            deleted_since: None,
        };
        opened.writer.commit(&payload).unwrap();
        (directory, opened)
    }
}

#[test]
fn each_row_finds_its_notes() {
    let shared = Shared::read();
    let (_directory, opened) = shared.index();
    let places = shared.places();
    let now = Timestamp::parse(&shared.now).unwrap();
    assert!(shared.rows.len() >= 100);
    let mut wrong = Vec::new();
    for Row { q, exact, finds } in &shared.rows {
        let query = Query::parse_as(q, Reading { exact: *exact }).unwrap();
        let tests = conditions::tests(&query, now, &TimeZone::UTC, |name| Ok(notebooks::named(&places, name))).unwrap();
        let request = Request {
            owner: ANN,
            confines: None,
            query: &query,
            mode: Mode::All,
            tests: &tests,
            filter: &Filter::default(),
            sort: Sort::Relevance,
            limit: 100,
            after: None,
        };
        let answer = opened.index.answer(&request).unwrap();
        let name = |id: Uuid| shared.notes.get(usize::try_from(id.as_u128()).unwrap()).unwrap().name.clone();
        let found: BTreeSet<String> = answer.hits.iter().map(|rank| name(rank.id)).collect();
        if found != *finds {
            wrong.push(format!("{q:?} finds {found:?}, the row says {finds:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
