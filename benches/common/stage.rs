//! The store that is measured: who is in it, what they have written, and the plans of requests against it.

use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::load::{Plan, send_all};
use crate::outside::account::Account;
use crate::outside::corpus::{Corpus, Draft, Queries, queries};
use crate::outside::process::Server;
use crate::outside::wire::{Connection, Raw, encode, request};

/// How many accounts create notes; each connection cycles through them.
const WRITERS: usize = 16;
/// How many notes the account has that lists and reads.
const LISTED: usize = 10_000;
/// How many queries of each kind.
const QUERIES: usize = 40;

/// The accounts and what they own.
pub struct Stage {
    /// Owns the notes that are searched.
    pub searcher: Account,
    /// The notes that are searched, as they were sent.
    pub drafts: Rc<Vec<Draft>>,
    /// What is searched for.
    pub queries: Queries,
    /// Notes a second while filling, through the API over 64 connections.
    pub filling: f64,
    reader: Account,
    read: Vec<String>,
    writers: Vec<Account>,
}

impl Stage {
    /// Registers everybody and fills the store through the API.
    pub async fn set(server: &Server, notes: usize) -> Result<Self> {
        let searcher = Account::register(server.address, "searcher@example.com").await?;
        let reader = Account::register(server.address, "reader@example.com").await?;
        let mut writers = Vec::new();
        for number in 0..WRITERS {
            writers.push(Account::register(server.address, &format!("writer{number}@example.com")).await?);
        }
        let mut corpus = Corpus::new(7);
        let drafts: Rc<Vec<_>> = Rc::new((0..notes).map(|_| corpus.draft()).collect());
        let listed: Vec<_> = (0..LISTED.min(notes)).map(|_| corpus.draft()).collect();
        let (count, by) = (listed.len(), reader.clone());
        let ids = send_all(server.address, count, 64, move |at| create(&by, &listed[at]), note_id).await?;
        let (begin, by, all) = (Instant::now(), searcher.clone(), drafts.clone());
        send_all(server.address, notes, 64, move |at| create(&by, &all[at]), |_| Ok(())).await?;
        let filling = notes as f64 / begin.elapsed().as_secs_f64();
        let queries = queries(drafts.iter().map(|draft| draft.body.as_str()), QUERIES);
        // A thousand notes spread over all of the reader's.
        let read = ids.into_iter().step_by((count / 1000).max(1)).collect();
        Ok(Self { searcher, drafts, queries, filling, reader, read, writers })
    }

    /// The lightest answer behind the same middleware.
    pub fn hello() -> Result<Plan> {
        Plan::new(vec![request("GET", "/healthz", &[], None)])
    }

    /// New notes in the writers' names.
    pub fn creates(&self) -> Result<Plan> {
        let drafts = self.drafts.iter().take(3000).enumerate();
        Plan::new(drafts.map(|(at, draft)| create(&self.writers[at % self.writers.len()], draft)).collect())
    }

    /// Single notes.
    pub fn reads(&self) -> Result<Plan> {
        Plan::new(self.read.iter().map(|id| self.reader.request("GET", &format!("/api/v1/notes/{id}"), None)).collect())
    }

    /// The first fifty notes.
    pub fn lists(&self) -> Result<Plan> {
        Plan::new(vec![self.reader.request("GET", "/api/v1/notes?limit=50", None)])
    }

    /// The first twenty hits of each.
    pub fn searches(&self, words: &[String]) -> Result<Plan> {
        let ask = |words: &String| format!("/api/v1/search?limit=20&q={}", encode(words));
        Plan::new(words.iter().map(|words| self.searcher.request("GET", &ask(words), None)).collect())
    }

    /// What is offered for each beginning.
    pub fn suggestions(&self, beginnings: &[String]) -> Result<Plan> {
        let ask = |text: &String| format!("/api/v1/search/suggest?q={}", encode(text));
        Plan::new(beginnings.iter().map(|text| self.searcher.request("GET", &ask(text), None)).collect())
    }

    /// A request that only a server answers that reads its store and knows its sessions.
    pub async fn real_request(&self, server: &Server) -> Result<Raw> {
        let mut connection = Connection::open(server.address).await?;
        let list = self.searcher.get(&mut connection, "/api/v1/notes?limit=1").await?;
        let id = list["items"][0]["id"].as_str().context("the searcher has no notes")?;
        Ok(self.searcher.request("GET", &format!("/api/v1/notes/{id}"), None))
    }

    /// Makes a note and asks until search finds it; milliseconds from its acknowledgement.
    pub async fn until_found(&self, server: &Server, number: usize) -> Result<f64> {
        let mut connection = Connection::open(server.address).await?;
        let word = format!("novel{number}{}z", std::process::id());
        let note = json!({ "title": "New", "body": format!("A note with {word} in it."), "tags": ["new"] });
        connection.exchange(&self.searcher.request("POST", "/api/v1/notes", Some(&note))).await?;
        let begin = Instant::now();
        loop {
            let found = self.searcher.get(&mut connection, &format!("/api/v1/search?q={word}")).await?;
            if found["total"].as_u64() > Some(0) {
                return Ok(begin.elapsed().as_secs_f64() * 1e3);
            }
            ensure!(begin.elapsed() < Duration::from_secs(30), "a new note was not found within 30 s");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

/// Waits until the index has reached the store's last change.
pub async fn indexed(server: &Server) -> Result<()> {
    let begin = Instant::now();
    while server.metric("inkstone_search_cursor").await? < server.metric("inkstone_store_head").await? {
        ensure!(begin.elapsed() < Duration::from_secs(600), "the index did not catch up within ten minutes");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

fn create(account: &Account, draft: &Draft) -> Raw {
    let note = json!({ "title": draft.title, "body": draft.body, "tags": draft.tags });
    account.request("POST", "/api/v1/notes", Some(&note))
}

fn note_id(body: &[u8]) -> Result<String> {
    let note: Value = serde_json::from_slice(body)?;
    Ok(note["id"].as_str().context("a created note without an id")?.to_owned())
}
