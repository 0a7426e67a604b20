//! Compares what the server holds with what was promised.
//!
//! Per account: all three lists with bodies (every promised note, byte for byte, and nothing else), single notes and their
//! `ETag`, purged notes, the change log since the last audit, and search. A write whose outcome was open is settled here: the
//! server's present state decides which of its two possible outcomes happened, and any third one is a failure.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::crew::Crew;
use super::writer::{Kept, Open, Place, Promise, Promised, Writer};
use crate::outside::account::Account;
use crate::outside::chance::Chance;
use crate::outside::process::PATIENCE;
use crate::outside::wire::{Connection, encode};

/// How many single notes, purged notes and searches an audit asks for per writer.
const SAMPLE: usize = 6;

/// What one account's change log said last about each note: the change and the version, `None` after its deletion.
type LastSeen = HashMap<String, (i64, Option<String>)>;

/// What audits remember from one to the next.
#[derive(Default)]
pub struct Audit {
    cursors: HashMap<String, i64>,
    seen: HashMap<String, LastSeen>,
    /// Notes compared so far.
    pub notes: u64,
    /// Changes read so far.
    pub changes: u64,
    /// Searches asked so far.
    pub searches: u64,
    /// Open writes that turned out to have happened, and not.
    pub open: (u64, u64),
}

impl Audit {
    /// [`Audit::check_store`] and [`Audit::check_search`].
    ///
    /// # Errors
    /// As theirs.
    pub async fn check(&mut self, address: SocketAddr, crew: &mut Crew, chance: &mut Chance) -> Result<()> {
        self.check_store(address, crew, chance).await?;
        self.check_search(address, crew, chance).await
    }

    /// Checks every account's notes and change log; settles open writes.
    ///
    /// # Errors
    /// Everything found wrong, up to a readable number of lines.
    pub async fn check_store(&mut self, address: SocketAddr, crew: &mut Crew, chance: &mut Chance) -> Result<()> {
        let mut connection = Connection::open(address).await?;
        let mut wrong = Vec::new();
        for pair in crew.writers.chunks_mut(2) {
            let account = pair[0].account.clone();
            let mut held = everything(&mut connection, &account).await?;
            self.notes += held.len() as u64;
            for writer in pair.iter_mut() {
                self.settle(writer, &held)?;
                for (id, kept) in &mut writer.notes {
                    match held.remove(id) {
                        Some(note) if kept.version.is_none() => {
                            kept.version = Some(text(&note, "version")?);
                            wrong.extend(differences(kept, &note).map(|d| format!("note {id}: {d}")));
                        }
                        None => wrong.push(format!("writer {}: note {id} is missing", writer.number)),
                        Some(note) => wrong.extend(differences(kept, &note).map(|d| format!("note {id}: {d}"))),
                    }
                }
            }
            let unknown = held.iter().map(|(id, note)| format!("note {id} was never sent: {:.200}", note.to_string()));
            wrong.extend(unknown);
            self.log(&mut connection, &account, pair, &mut wrong).await?;
            for writer in pair.iter_mut() {
                singles(&mut connection, writer, chance, &mut wrong).await?;
            }
        }
        verdict(&wrong)
    }

    /// Asks search for some of everybody's notes, once the index has caught up.
    ///
    /// # Errors
    /// Everything found wrong, up to a readable number of lines.
    pub async fn check_search(&mut self, address: SocketAddr, crew: &Crew, chance: &mut Chance) -> Result<()> {
        let mut connection = Connection::open(address).await?;
        let mut wrong = Vec::new();
        for writer in &crew.writers {
            self.found(&mut connection, writer, chance, &mut wrong).await?;
        }
        verdict(&wrong)
    }

    /// Decides the open write of `writer` by what is there.
    fn settle(&mut self, writer: &mut Writer, held: &BTreeMap<String, Value>) -> Result<()> {
        let happened = match writer.open.take() {
            None => return Ok(()),
            Some(Open::Create { content, .. }) => {
                let mark = format!("{}\n", content.mark);
                let mut found =
                    held.iter().filter(|(_, note)| note["body"].as_str().is_some_and(|b| b.contains(&mark)));
                let one = found.next();
                ensure!(found.next().is_none(), "the note marked {} exists twice", content.mark);
                if let Some((id, note)) = one {
                    let version = Some(text(note, "version")?);
                    let kept = Kept { content, place: Place::Active, former: Place::Active, version };
                    writer.notes.insert(id.clone(), kept);
                }
                one.is_some()
            }
            Some(Open::Change { id, after: None }) => {
                let purged = !held.contains_key(&id);
                if purged {
                    writer.notes.remove(&id);
                    writer.gone.push(id);
                }
                purged
            }
            Some(Open::Change { id, after: Some(after) }) => {
                let before = writer.notes.get(&id).context("an open change of an unknown note")?;
                let Some(note) = held.get(&id) else { bail!("note {id}, about to be changed, is missing") };
                let version = Some(text(note, "version")?);
                // A write whose predecessor's version was not told is a move between states.
                let moved =
                    note["state"] != before.place.word() || before.version.is_some() && version != before.version;
                if moved {
                    writer.notes.insert(id, Kept { version, ..after });
                }
                moved
            }
        };
        if happened {
            self.open.0 += 1
        } else {
            self.open.1 += 1
        }
        Ok(())
    }

    /// Reads the account's change log onwards and holds it against the promises.
    async fn log(
        &mut self,
        connection: &mut Connection,
        account: &Account,
        pair: &mut [Writer],
        wrong: &mut Vec<String>,
    ) -> Result<()> {
        let cursor = self.cursors.entry(account.email.clone()).or_default();
        let seen = self.seen.entry(account.email.clone()).or_default();
        let mut promises: Vec<Promise> = pair.iter_mut().flat_map(|writer| writer.promises.drain(..)).collect();
        promises.sort_by_key(|promise| promise.change);
        let mut promises = promises.into_iter().peekable();
        let mut keep = |promise: Promise, seen: &LastSeen| {
            let last = seen.get(&promise.id);
            let kept = match (&promise.outcome, last) {
                (Promised::Version(version), Some((_, held))) => held.as_ref() == Some(version),
                (Promised::There, Some((_, held))) => held.is_some(),
                (Promised::Gone, Some((_, held))) => held.is_none(),
                (_, None) => false,
            };
            if !kept {
                wrong.push(format!("not kept: {promise:?}; the log has {last:?}"));
            }
        };
        let head = loop {
            let page = account.get(connection, &format!("/api/v1/changes?since={cursor}&limit=200")).await?;
            for item in page["items"].as_array().context("changes without items")? {
                let seq = item["seq"].as_i64().context("a change without seq")?;
                ensure!(seq > *cursor, "change {seq} of {} follows change {cursor}", account.email);
                // The number in an answer is that of the write's last change: all up to it must have been read by then.
                while promises.peek().is_some_and(|promise| promise.change < seq) {
                    promises.next().into_iter().for_each(|promise| keep(promise, seen));
                }
                *cursor = seq;
                self.changes += 1;
                if item["kind"] == "note" {
                    let version = if item["op"] == "delete" { None } else { Some(text(item, "version")?) };
                    seen.insert(text(item, "id")?, (seq, version));
                }
            }
            let head = page["head"].as_i64().context("changes without head")?;
            if page["has_more"] == true {
                continue;
            }
            break head;
        };
        let last = promises.by_ref().map(|promise| (promise.change, keep(promise, seen))).last();
        if let Some((change, ())) = last
            && change > head
        {
            wrong.push(format!("change {change} was acknowledged and the log of {} ends at {head}", account.email));
        }
        let notes: HashMap<_, _> = pair.iter().flat_map(|writer| &writer.notes).collect();
        let gone: std::collections::HashSet<_> = pair.iter().flat_map(|writer| &writer.gone).collect();
        for (id, (seq, version)) in &*seen {
            let now = notes.get(id).and_then(|kept| kept.version.clone());
            if now != *version {
                wrong.push(format!("the log ends with {version:?} of note {id} (change {seq}), the note has {now:?}"));
            }
            if now.is_none() && !gone.contains(id) {
                wrong.push(format!("the log knows a note {id} that was never sent (change {seq})"));
            }
        }
        let unlogged = notes.keys().filter(|id| !seen.contains_key(**id));
        wrong.extend(unlogged.map(|id| format!("note {id} is not in the log")));
        // What is gone and seen to be gone needs no second look.
        seen.retain(|_, (_, version)| version.is_some());
        Ok(())
    }

    /// Asks search for some of the writer's present marks, once the index has caught up.
    async fn found(
        &mut self,
        connection: &mut Connection,
        writer: &Writer,
        chance: &mut Chance,
        wrong: &mut Vec<String>,
    ) -> Result<()> {
        let head = writer.account.get(connection, "/api/v1/changes").await?["head"].as_i64().context("no head")?;
        let ids: Vec<_> = writer.notes.keys().collect();
        for _ in 0..SAMPLE.min(ids.len()) {
            let id = chance.one_of(&ids);
            let kept = &writer.notes[id];
            let (mark, place) = (encode(&kept.content.mark), kept.place.word());
            let target = format!("/api/v1/search?q={mark}&state={place}&after={head}");
            let begin = Instant::now();
            let answer = loop {
                let answer = writer.account.get(connection, &target).await?;
                if answer["change"].as_i64() >= Some(head) {
                    break answer;
                }
                ensure!(begin.elapsed() < PATIENCE, "the index did not reach change {head}");
            };
            self.searches += 1;
            let items = answer["items"].as_array().context("search without items")?;
            let hits: Vec<_> = items.iter().filter_map(|hit| hit["note"]["id"].as_str()).collect();
            if hits != [id.as_str()] {
                wrong.push(format!("searching {} finds {hits:?}, not the note {id}", kept.content.mark));
            }
        }
        Ok(())
    }
}

fn verdict(wrong: &[String]) -> Result<()> {
    let shown = wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    ensure!(wrong.is_empty(), "{} things are wrong:\n{shown}", wrong.len());
    Ok(())
}

/// Some of the writer's notes by id, with their `ETag`; some purged ones, which must be gone.
async fn singles(
    connection: &mut Connection,
    writer: &Writer,
    chance: &mut Chance,
    wrong: &mut Vec<String>,
) -> Result<()> {
    let ids: Vec<_> = writer.notes.keys().collect();
    for _ in 0..SAMPLE.min(ids.len()) {
        let id = chance.one_of(&ids);
        let kept = &writer.notes[id];
        let ask = writer.account.request("GET", &format!("/api/v1/notes/{id}"), None);
        let answer = connection.exchange(&ask).await?;
        let tag = answer.header("ETag").unwrap_or_default().to_owned();
        if answer.status != 200 || !tag.starts_with(&format!("\"{}.", kept.version.as_deref().unwrap_or_default())) {
            wrong.push(format!("GET note {id}: {} with ETag {tag}, not version {:?}", answer.status, kept.version));
        }
        wrong.extend(differences(kept, &answer.json()?).map(|d| format!("GET note {id}: {d}")));
    }
    for _ in 0..SAMPLE.min(writer.gone.len()) {
        let id = &writer.gone[chance.below(writer.gone.len())];
        let ask = writer.account.request("GET", &format!("/api/v1/notes/{id}"), None);
        let status = connection.exchange(&ask).await?.status;
        if status != 404 {
            wrong.push(format!("purged note {id} answers {status}"));
        }
    }
    Ok(())
}

/// All notes of the account, wherever they are, with bodies.
async fn everything(connection: &mut Connection, account: &Account) -> Result<BTreeMap<String, Value>> {
    let mut all = BTreeMap::new();
    for place in [Place::Active, Place::Archived, Place::Trashed] {
        let mut cursor = String::new();
        loop {
            let target = format!("/api/v1/notes?state={}&include=body&limit=100{cursor}", place.word());
            let mut page = account.get(connection, &target).await?;
            let next = page["next_cursor"].as_str().map(|next| format!("&cursor={}", encode(next)));
            let Value::Array(items) = page["items"].take() else { bail!("{target} has no items") };
            for note in items {
                let id = text(&note, "id")?;
                ensure!(all.insert(id.clone(), note).is_none(), "note {id} is listed twice");
            }
            match next {
                Some(next) => cursor = next,
                None => break,
            }
        }
    }
    Ok(all)
}

/// What is wrong with `note`, one phrase each.
fn differences(kept: &Kept, note: &Value) -> impl Iterator<Item = String> + use<> {
    let content = &kept.content;
    let mut out = Vec::new();
    if note["body"] != content.body.as_str() {
        let held = note["body"].as_str().unwrap_or_default();
        let at = content
            .body
            .bytes()
            .zip(held.bytes())
            .position(|(a, b)| a != b)
            .unwrap_or(content.body.len().min(held.len()));
        out.push(format!(
            "the body has {} bytes, {} were promised; they part at byte {at}",
            held.len(),
            content.body.len()
        ));
    }
    match &content.title {
        Some(title) if note["title"] != title.as_str() => {
            out.push(format!("title {}, promised {title:?}", note["title"]))
        }
        None if note["title_derived"] != true => {
            out.push("the title was not given, and is not marked as derived".to_owned())
        }
        _ => {}
    }
    let mut tags: Vec<_> = note["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    tags.sort_unstable();
    if tags != content.tags {
        out.push(format!("tags {tags:?}, promised {:?}", content.tags));
    }
    for (name, held, promised) in [
        ("pinned", note["pinned"].to_string(), content.pinned.to_string()),
        ("state", note["state"].as_str().unwrap_or_default().to_owned(), kept.place.word().to_owned()),
        ("version", note["version"].as_str().unwrap_or_default().to_owned(), kept.version.clone().unwrap_or_default()),
    ] {
        if held != promised {
            out.push(format!("{name} {held}, promised {promised}"));
        }
    }
    out.into_iter()
}

fn text(value: &Value, name: &str) -> Result<String> {
    Ok(value[name].as_str().with_context(|| format!("no `{name}` in {value:.200}"))?.to_owned())
}
