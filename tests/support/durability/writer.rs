//! One writer: creates, patches, archives, trashes, restores and purges notes of its own, one request at a time, and knows
//! afterwards which of them are promised.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::draw::{Content, Draw};
use super::ledger::Ledger;
use crate::outside::account::{Account, shown};
use crate::outside::chance::Chance;
use crate::outside::wire::Connection;

/// Above this many notes a writer rather purges, so that an audit stays short however long a run is.
const ENOUGH: usize = 120;

/// Where a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In use.
    Active,
    /// Put away.
    Archived,
    /// In the trash.
    Trashed,
}

impl Place {
    /// The word of the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
            Self::Trashed => "trashed",
        }
    }
}

/// A note as it must be.
#[derive(Debug, Clone)]
pub struct Kept {
    /// What was sent last.
    pub content: Content,
    /// Where it is.
    pub place: Place,
    /// Where it was before the trash.
    pub former: Place,
    /// The version that the last acknowledged write named; `None` after one that names none (moving to the trash).
    pub version: Option<String>,
}

/// A write whose answer has not come.
#[derive(Debug, Clone)]
pub enum Open {
    /// A note that may exist by now.
    Create {
        /// What was sent.
        content: Content,
        /// Under which idempotency key.
        key: String,
    },
    /// A note that may have moved on.
    Change {
        /// Which.
        id: String,
        /// What it is then; `None`: purged. The version in it is the one before.
        after: Option<Kept>,
    },
}

/// An acknowledged write, as the change log must know it.
#[derive(Debug, Clone)]
pub struct Promise {
    /// The number in the answer's `Inkstone-Change`.
    pub change: i64,
    /// The note.
    pub id: String,
    /// What the note is after it.
    pub outcome: Promised,
}

/// What an answer says about the note after the write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Promised {
    /// It is there in this version.
    Version(String),
    /// It is there in a version that the answer does not name.
    There,
    /// It is gone.
    Gone,
}

/// How one request ended.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Acknowledged,
    /// The server said that it did not do it, and why (the problem's slug).
    Refused(String),
    /// No answer, or one that leaves it open.
    Unknown,
}

/// Why a writer stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The connection broke, or the server could not tell: one write may be open.
    Cut,
    /// The server refused, with this slug; nothing is open.
    Refused(String),
    /// It had done as many as it was told.
    Done,
}

/// A writer and everything it was promised.
pub struct Writer {
    /// Its number.
    pub number: usize,
    /// In whose name it writes; several writers may share one.
    pub account: Account,
    /// The notes that must be there.
    pub notes: BTreeMap<String, Kept>,
    /// The notes that must not be there any more.
    pub gone: Vec<String>,
    /// The one write whose outcome is open.
    pub open: Option<Open>,
    /// Acknowledged since the last audit.
    pub promises: Vec<Promise>,
    /// How many writes were acknowledged in all.
    pub acknowledged: u64,
    /// How many asks were made in all.
    pub asked: u64,
    chance: Chance,
    draw: Draw,
    ledger: Ledger,
}

impl Writer {
    /// A writer without notes.
    pub fn new(number: usize, account: Account, seed: u64, ledger: Ledger) -> Self {
        let chance = Chance::new(seed).fork(number as u64 + 1);
        let draw = Draw::new(number, seed.wrapping_mul(1000).wrapping_add(number as u64));
        Self {
            number,
            account,
            notes: BTreeMap::new(),
            gone: Vec::new(),
            open: None,
            promises: Vec::new(),
            acknowledged: 0,
            asked: 0,
            chance,
            draw,
            ledger,
        }
    }

    /// Writes until something stops it, `at_most` times.
    ///
    /// # Errors
    /// An answer that no correct server gives.
    pub async fn write(&mut self, address: SocketAddr, at_most: u64) -> Result<Stop> {
        let Ok(mut connection) = Connection::open(address).await else { return Ok(Stop::Cut) };
        for _ in 0..at_most {
            match self.step(&mut connection).await? {
                Outcome::Acknowledged => {}
                Outcome::Refused(slug) => return Ok(Stop::Refused(slug)),
                Outcome::Unknown => return Ok(Stop::Cut),
            }
        }
        Ok(Stop::Done)
    }

    /// One write of a kind that chance decides.
    async fn step(&mut self, connection: &mut Connection) -> Result<Outcome> {
        let ids: Vec<&String> = self.notes.keys().collect();
        let kind = self.chance.below(100);
        if ids.is_empty() || (kind < 40 && ids.len() < ENOUGH) {
            let content = self.draw.content(&mut self.chance);
            let key = format!("{}-{}", content.mark, self.chance.bits());
            return self.create(connection, content, key).await;
        }
        let id = self.chance.one_of(&ids).clone();
        let Some(now) = self.notes.get(&id).cloned() else { bail!("a writer lost its own note") };
        let mut after = now.clone();
        match (now.place, kind) {
            (Place::Trashed, ..50) => {
                after.place = now.former;
                self.change(connection, "POST", &format!("/api/v1/notes/{id}/restore"), &id, &now, None, Some(after))
                    .await
            }
            (Place::Trashed, _) | (_, 85..) => {
                self.change(connection, "DELETE", &format!("/api/v1/notes/{id}?permanent=true"), &id, &now, None, None)
                    .await
            }
            (_, 70..) => {
                (after.former, after.place) = (now.place, Place::Trashed);
                self.change(connection, "DELETE", &format!("/api/v1/notes/{id}"), &id, &now, None, Some(after)).await
            }
            (_, 60..) => {
                after.place = if now.place == Place::Active { Place::Archived } else { Place::Active };
                let patch = json!({ "state": after.place.word() });
                self.change(connection, "PATCH", &format!("/api/v1/notes/{id}"), &id, &now, Some(patch), Some(after))
                    .await
            }
            _ => {
                after.content = self.draw.content(&mut self.chance);
                let patch = as_json(&after.content);
                self.change(connection, "PATCH", &format!("/api/v1/notes/{id}"), &id, &now, Some(patch), Some(after))
                    .await
            }
        }
    }

    /// Sends a new note under `key`; a repetition of an open one must give the same note.
    async fn create(&mut self, connection: &mut Connection, content: Content, key: String) -> Result<Outcome> {
        let body = as_json(&content);
        let headers = [("Idempotency-Key", key.as_str())];
        let ask = self.account.request_with("POST", "/api/v1/notes", &headers, Some(&body));
        self.open = Some(Open::Create { content: content.clone(), key: key.clone() });
        let (outcome, answer) = self.ask(connection, "POST", "/api/v1/notes", &ask, Some(&body)).await?;
        if outcome == Outcome::Acknowledged {
            let id = answer.note["id"].as_str().context("a created note without an id")?.to_owned();
            let version = answer.version.context("a created note without a version")?;
            let outcome = Promised::Version(version.clone());
            self.promises.push(Promise { change: answer.change, id: id.clone(), outcome });
            let version = Some(version);
            self.notes.insert(id, Kept { content, place: Place::Active, former: Place::Active, version });
        }
        Ok(outcome)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one request, and what it should lead to")]
    async fn change(
        &mut self,
        connection: &mut Connection,
        method: &str,
        target: &str,
        id: &str,
        now: &Kept,
        patch: Option<Value>,
        after: Option<Kept>,
    ) -> Result<Outcome> {
        let etag = now.version.as_ref().map_or_else(|| "*".to_owned(), |version| format!("\"{version}\""));
        // Restoring needs no condition; sending one where none is wanted would test the wrong thing.
        let headers: &[(&str, &str)] = if method == "POST" { &[] } else { &[("If-Match", &etag)] };
        let ask = self.account.request_with(method, target, headers, patch.as_ref());
        self.open = Some(Open::Change { id: id.to_owned(), after: after.clone() });
        let (outcome, answer) = self.ask(connection, method, target, &ask, patch.as_ref()).await?;
        if outcome == Outcome::Acknowledged {
            let outcome = match (&after, &answer.version) {
                (None, _) => Promised::Gone,
                (Some(_), Some(version)) => Promised::Version(version.clone()),
                (Some(_), None) => Promised::There,
            };
            self.promises.push(Promise { change: answer.change, id: id.to_owned(), outcome });
            match after {
                Some(kept) => {
                    self.notes.insert(id.to_owned(), Kept { version: answer.version, ..kept });
                }
                None => {
                    self.notes.remove(id);
                    self.gone.push(id.to_owned());
                }
            }
        }
        Ok(outcome)
    }

    /// Sends `ask`; `self.open` says what it is, and is cleared when the answer settles it.
    async fn ask(
        &mut self,
        connection: &mut Connection,
        method: &str,
        target: &str,
        ask: &[u8],
        body: Option<&Value>,
    ) -> Result<(Outcome, Acknowledgement)> {
        self.asked += 1;
        self.ledger.intend(self.number, self.asked, &json!({ "method": method, "target": target, "body": body }))?;
        let Ok(answer) = connection.exchange(ask).await else {
            return Ok((Outcome::Unknown, Acknowledgement::default()));
        };
        let value = answer.json().unwrap_or_default();
        let change = answer.header("Inkstone-Change").and_then(|c| c.parse().ok());
        let line = json!({ "status": answer.status, "change": change, "id": value["id"], "version": value["version"],
            "problem": value["type"] });
        self.ledger.answered(self.number, self.asked, &line)?;
        let slug = value["type"].as_str().unwrap_or_default().to_owned();
        match (answer.status, slug.as_str()) {
            (200 | 201 | 204, _) => {
                let etag =
                    answer.header("ETag").and_then(|tag| tag.trim_matches('"').split('.').next()).map(str::to_owned);
                let version = value["version"].as_str().map(str::to_owned).or(etag);
                self.open = None;
                self.acknowledged += 1;
                let change = change.context("an acknowledged write without Inkstone-Change")?;
                Ok((Outcome::Acknowledged, Acknowledgement { change, version, note: value }))
            }
            (503, "outcome-unknown") => Ok((Outcome::Unknown, Acknowledgement::default())),
            (507, _) | (503, _) => {
                self.open = None;
                Ok((Outcome::Refused(slug), Acknowledgement::default()))
            }
            (status, _) => {
                bail!("writer {}: {method} {target} answered {status}: {}", self.number, shown(&answer))
            }
        }
    }

    /// Sends an open creation again under its key, as a client does that never heard an answer.
    ///
    /// # Errors
    /// An answer other than the creation's own.
    pub async fn send_again(&mut self, address: SocketAddr) -> Result<()> {
        let Some(Open::Create { content, key }) = self.open.clone() else { return Ok(()) };
        let mut connection = Connection::open(address).await?;
        match self.create(&mut connection, content, key).await? {
            Outcome::Acknowledged => Ok(()),
            other => bail!("writer {}: repeating an open creation ended with {other:?}", self.number),
        }
    }
}

#[derive(Default)]
struct Acknowledgement {
    change: i64,
    version: Option<String>,
    note: Value,
}

fn as_json(content: &Content) -> Value {
    json!({ "title": content.title, "body": content.body, "tags": content.tags, "pinned": content.pinned })
}
