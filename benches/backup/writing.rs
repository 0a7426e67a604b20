//! Who writes: once, a whole store at a time, past the server; then one note after the other, at a fixed rate, through it.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rusqlite::{Connection as Sqlite, params};
use serde_json::json;

use crate::outside::account::{Account, shown};
use crate::outside::chance::Chance;
use crate::outside::corpus::Corpus;
use crate::outside::wire::{Connection, Raw};

/// Between two writes: fifty a second, more than a house full of people types and far below what the server can do.
const EVERY: Duration = Duration::from_millis(20);
/// Drafts that are used again and again: making text costs more than storing it.
const DRAFTS: usize = 20_000;

/// Writes notes into the file of a server that does not run, until it has about `megabytes`; returns how many.
///
/// Through the API the same takes several times as long, and nothing that is measured here depends on the way they came.
pub fn fill(file: &Path, megabytes: u64) -> Result<usize> {
    let mut corpus = Corpus::new(5);
    let drafts: Vec<_> = (0..DRAFTS).map(|_| corpus.draft()).collect();
    let mut chance = Chance::new(13);
    let mut conn = Sqlite::open(file)?;
    conn.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;")?;
    let owner: Vec<u8> = conn.query_row("SELECT id FROM users LIMIT 1", [], |r| r.get(0))?;
    let first: i64 = conn.query_row("SELECT coalesce(max(seq), 0) + 1 FROM changes", [], |r| r.get(0))?;
    let mut count = 0;
    loop {
        let tx = conn.transaction()?;
        for _ in 0..20_000 {
            let draft = &drafts[chance.below(DRAFTS)];
            // Where the text begins differs, so that no two notes are the same and the archive is no smaller than it should be.
            let words: Vec<&str> = draft.body.split(' ').collect();
            let (a, b) = words.split_at(chance.below(words.len()));
            let body = [b, a].concat().join(" ");
            let (at, seq) = (1_700_000_000_000_i64 + count, first + count);
            let mut id = at.to_be_bytes()[2..].to_vec();
            id.extend([0x70 | (chance.bits() as u8 & 0xF), chance.bits() as u8, 0x80 | (chance.bits() as u8 & 0x3F)]);
            id.extend(&chance.bits().to_le_bytes()[..7]);
            let excerpt: String = body.chars().take(200).collect();
            tx.prepare_cached(
                "INSERT INTO notes (id, owner, title, title_key, title_derived, tags, pinned, state, former_state, version, seq,
                   created_at, updated_at, excerpt, body) VALUES (?1, ?2, ?3, ?4, 1, '', 0, 0, 0, ?1, ?5, ?6, ?6, ?7, ?8)",
            )?
            .execute(params![id, owner, draft.title, draft.title.to_lowercase(), seq, at * 1000, excerpt, body])?;
            tx.prepare_cached("INSERT INTO changes VALUES (?1, 'note', ?2, ?3, 'put', ?2)")?
                .execute(params![seq, id, owner])?;
            count += 1;
        }
        tx.commit()?;
        let pages: i64 = conn.query_row("PRAGMA page_count", [], |r| r.get(0))?;
        if u64::try_from(pages * 4096)? >> 20 >= megabytes {
            break;
        }
    }
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(usize::try_from(count)?)
}

/// Somebody who writes.
pub struct Writer {
    account: Account,
    address: std::cell::Cell<SocketAddr>,
    drafts: Vec<Raw>,
}

impl Writer {
    /// An account of its own.
    pub async fn register(address: SocketAddr) -> Result<Self> {
        let account = Account::register(address, "writer@example.com").await?;
        let mut corpus = Corpus::new(9);
        let drafts = (0..500).map(|_| {
            let draft = corpus.draft();
            account.request("POST", "/api/v1/notes", Some(&json!({ "body": draft.body, "tags": draft.tags })))
        });
        Ok(Self { drafts: drafts.collect(), address: address.into(), account })
    }

    /// The server was started anew, at another address.
    pub async fn returns(&self, address: SocketAddr) -> Result<()> {
        self.address.set(address);
        let mut connection = Connection::open(address).await?;
        self.account.get(&mut connection, "/api/v1/me").await.map(drop)
    }

    /// Writes notes at a fixed rate while `work` is done; the milliseconds that each took from when it was due, so that a
    /// write that waits behind another one counts its wait.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> Result<(T, Vec<f64>)> {
        let mut connection = Connection::open(self.address.get()).await?;
        let mut waits = Vec::new();
        let begin = Instant::now();
        let writes = async {
            for (number, raw) in self.drafts.iter().cycle().enumerate() {
                let due = begin + EVERY * u32::try_from(number)?;
                tokio::time::sleep_until(due.into()).await;
                let answer = connection.exchange(raw).await?;
                ensure!(answer.status == 201, "a write was answered with {}: {}", answer.status, shown(&answer));
                waits.push(due.elapsed().as_secs_f64() * 1e3);
            }
            Ok::<(), anyhow::Error>(())
        };
        let done = tokio::select! {
            done = work => done,
            failed = writes => return Err(failed.err().context("the writer ended")?),
        };
        Ok((done, waits))
    }
}
