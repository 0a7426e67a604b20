//! The three that are compared. All get the same documents, with the same titles, and every word of a question as often as it
//! stands there.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Result;
use inkstone::caller::UserId;
use inkstone::clock::Timestamp;
use inkstone::notes::State;
use inkstone::search::evaluate::Request;
use inkstone::search::index::{Index, Payload, Writer};
use inkstone::search::query::Query;
use inkstone::search::{Document, Effort, Filter, Mode, Sort, schema};
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::collection::{Collection, words};

/// The one owner of all documents.
const OWNER: UserId = UserId(Uuid::from_u128(1));

/// Ranks documents.
pub trait Engine {
    /// For the tables.
    fn name(&self) -> &'static str;

    /// The numbers of the best `limit` documents that have any of the words, best first.
    fn ask(&self, words: &[String], limit: usize) -> Result<Vec<u64>>;
}

/// The product's own engine, without server and store.
pub struct Inkstone {
    index: Arc<Index>,
    cut: Cell<usize>,
    _folder: tempfile::TempDir,
}

impl Inkstone {
    /// Indexes the collection.
    pub fn of(collection: &Collection) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let index = Index::create(folder.path())?;
        let mut writer = Writer::open(index.clone(), Effort::BesideRequests)?;
        for document in &collection.documents {
            writer.add(&Document {
                id: Uuid::from_u128(u128::from(document.id)),
                owner: OWNER,
                seq: 1,
                title: &document.title,
                body: &document.body,
                tags: &[],
                notebook: None,
                pinned: false,
                state: State::Active,
                // All of one age: the collection knows no other.
                updated_at: Timestamp::from_micros(1_700_000_000_000_000),
                created_at: Timestamp::from_micros(1_700_000_000_000_000),
            })?;
        }
        writer.commit(&Payload {
            epoch: Uuid::nil(),
            cursor: 0,
            fingerprint: schema::fingerprint(),
            rebuilding: None,
            deleted_since: None,
        })?;
        writer.close()?;
        Ok(Self { index, cut: Cell::new(0), _folder: folder })
    }

    /// How many questions were too long.
    pub fn cut(&self) -> usize {
        self.cut.get()
    }
}

impl Engine for Inkstone {
    fn name(&self) -> &'static str {
        "Inkstone"
    }

    fn ask(&self, words: &[String], limit: usize) -> Result<Vec<u64>> {
        let mut asked = words;
        // The space behind the last word says that it is whole.
        let query = loop {
            match Query::parse(&format!("{} ", asked.join(" "))) {
                Ok(query) => break query,
                Err(why) => asked = asked.split_last().map(|(_, shorter)| shorter).ok_or(why)?,
            }
        };
        self.cut.set(self.cut.get() + usize::from(asked.len() < words.len()));
        let answer = self.index.answer(&Request {
            owner: OWNER,
            confines: None,
            query: &query,
            mode: Mode::Any,
            tests: &[],
            filter: &Filter::default(),
            sort: Sort::Relevance,
            limit,
            after: None,
        })?;
        Ok(answer.hits.iter().map(|hit| hit.id.as_u128() as u64).collect())
    }
}

/// SQLite's full-text search with Porter's stemmer and its own `bm25`.
pub struct SqliteFts(Connection);

impl SqliteFts {
    /// Indexes the collection in memory.
    pub fn of(collection: &Collection) -> Result<Self> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(
            "CREATE VIRTUAL TABLE notes USING fts5(title, body, tokenize = 'porter unicode61'); BEGIN",
        )?;
        {
            let mut insert = connection.prepare("INSERT INTO notes (rowid, title, body) VALUES (?1, ?2, ?3)")?;
            for document in &collection.documents {
                insert.execute(params![document.id as i64, document.title, document.body])?;
            }
        }
        connection.execute_batch("COMMIT")?;
        Ok(Self(connection))
    }
}

impl Engine for SqliteFts {
    fn name(&self) -> &'static str {
        "SQLite FTS5, Porter"
    }

    fn ask(&self, words: &[String], limit: usize) -> Result<Vec<u64>> {
        let any = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" OR ");
        let mut select = self
            .0
            .prepare_cached("SELECT rowid FROM notes WHERE notes MATCH ?1 ORDER BY bm25(notes), rowid LIMIT ?2")?;
        let found = select.query_map(params![any, limit as i64], |row| row.get::<_, i64>(0))?;
        Ok(found.map(|id| id.map(|id| id as u64)).collect::<rusqlite::Result<_>>()?)
    }
}

/// Okapi BM25 over the words as they stand, k1 1.2 and b 0.75.
pub struct PlainBm25 {
    /// Of each word, the places of its documents in `documents`, and how often it is in them.
    postings: HashMap<String, Vec<(usize, f64)>>,
    /// Number and length.
    documents: Vec<(u64, f64)>,
    average: f64,
}

impl PlainBm25 {
    /// Indexes the bodies, which begin with the titles.
    pub fn of(collection: &Collection) -> Self {
        let mut postings: HashMap<String, Vec<(usize, f64)>> = HashMap::new();
        let mut documents = Vec::with_capacity(collection.documents.len());
        for (at, document) in collection.documents.iter().enumerate() {
            let text = words(&document.body);
            documents.push((document.id, text.len() as f64));
            let mut counts: HashMap<String, f64> = HashMap::new();
            for word in text {
                *counts.entry(word).or_default() += 1.0;
            }
            for (word, count) in counts {
                postings.entry(word).or_default().push((at, count));
            }
        }
        let average = documents.iter().map(|(_, length)| length).sum::<f64>() / documents.len().max(1) as f64;
        Self { postings, documents, average }
    }
}

impl Engine for PlainBm25 {
    fn name(&self) -> &'static str {
        "BM25, no stemming"
    }

    fn ask(&self, words: &[String], limit: usize) -> Result<Vec<u64>> {
        let (k1, b, all) = (1.2, 0.75, self.documents.len() as f64);
        let mut scores = vec![0.0; self.documents.len()];
        for list in words.iter().filter_map(|word| self.postings.get(word)) {
            let matching = list.len() as f64;
            let idf = (1.0 + (all - matching + 0.5) / (matching + 0.5)).ln();
            for &(at, count) in list {
                let length = self.documents[at].1 / self.average;
                scores[at] += idf * count * (k1 + 1.0) / (count + k1 * (1.0 - b + b * length));
            }
        }
        let mut found: Vec<usize> = (0..scores.len()).filter(|&at| scores[at] > 0.0).collect();
        found.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
        Ok(found.into_iter().take(limit).map(|at| self.documents[at].0).collect())
    }
}
