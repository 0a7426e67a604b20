//! What the machine and the engine can do here: flushes of the disk, and rows through SQLite with nothing around it.
//!
//! The same schema (the migrations themselves), the same pragmas, the same statements that a new note needs. Two shapes: the
//! note's row alone, and the note with its tags and its row in the change log, which is what a create writes.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::{Connection, params};

use crate::common::figures::Rate;
use crate::outside::chance::Chance;
use crate::outside::corpus::Draft;

/// Flushes a second of a file that is overwritten in place, 4 KiB each.
pub fn flushes(folder: &Path, time: Duration) -> Result<Rate> {
    let file = File::create(folder.join("flushes"))?;
    let (page, begin) = ([7_u8; 4096], Instant::now());
    file.write_all_at(&page, 0)?;
    file.sync_all()?;
    let mut count = 0;
    while begin.elapsed() < time {
        file.write_all_at(&page, 0)?;
        file.sync_data()?;
        count += 1;
    }
    Ok(Rate::of(count, begin.elapsed().as_secs_f64()))
}

/// What of a note is inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Its row in `notes`.
    Row,
    /// Its row, its tags and its change.
    Whole,
}

/// A database of its own, with sixteen owners who have used all tags before.
pub struct RawStore {
    connection: Connection,
    chance: Chance,
    owners: Vec<[u8; 16]>,
    seq: i64,
    drafts: Vec<Draft>,
    next: usize,
}

impl RawStore {
    /// Makes the file anew.
    pub fn create(file: &Path, drafts: &[Draft]) -> Result<Self> {
        for end in ["", "-wal", "-shm"] {
            let mut path = file.as_os_str().to_owned();
            path.push(end);
            if Path::new(&path).exists() {
                std::fs::remove_file(&path)?;
            }
        }
        let connection = Connection::open(file)?;
        connection.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.execute_batch(include_str!("../../migrations/sqlite/V1__house.sql"))?;
        let mut store =
            Self { connection, chance: Chance::new(11), owners: Vec::new(), seq: 0, drafts: drafts.to_vec(), next: 0 };
        store.connection.execute_batch("BEGIN")?;
        let mut tags: Vec<&String> = drafts.iter().flat_map(|draft| &draft.tags).collect();
        tags.sort();
        tags.dedup();
        for number in 0..16 {
            let owner = id(&mut store.chance, 0);
            store.connection.execute(
                "INSERT INTO users (id, email, email_key, name, role, password, created_at, updated_at)
                 VALUES (?1, ?2, ?2, 'x', 'member', 'x', 0, 0)",
                params![owner, format!("u{number}@example.com")],
            )?;
            for tag in &tags {
                let sql = "INSERT INTO tags (id, owner, name, name_key, notes) VALUES (?1, ?2, ?3, ?3, 0)";
                store.connection.prepare_cached(sql)?.execute(params![id(&mut store.chance, 0), owner, tag])?;
            }
            store.owners.push(owner);
        }
        store.connection.execute_batch("COMMIT")?;
        Ok(store)
    }

    /// Notes a second, `batch` to a transaction.
    pub fn insert(&mut self, shape: Shape, batch: usize, time: Duration) -> Result<Rate> {
        let (mut count, begin) = (0, Instant::now());
        while begin.elapsed() < time {
            self.connection.execute_batch("BEGIN IMMEDIATE")?;
            for _ in 0..batch {
                self.one(shape)?;
            }
            self.connection.execute_batch("COMMIT")?;
            count += batch;
        }
        Ok(Rate::of(count, begin.elapsed().as_secs_f64()))
    }

    fn one(&mut self, shape: Shape) -> Result<()> {
        self.seq += 1;
        let (seq, draft) = (self.seq, &self.drafts[self.next % self.drafts.len()]);
        self.next += 1;
        let owner = self.owners[self.chance.below(self.owners.len())];
        let (note, version) = (id(&mut self.chance, seq), id(&mut self.chance, seq));
        let excerpt: String = draft.body.chars().take(240).collect();
        self.connection
            .prepare_cached(
                "INSERT INTO notes (id, owner, title, title_key, title_derived, tags, notebook_id, pinned, state, former_state,
                                    version, seq, created_at, updated_at, trashed_at, excerpt, body)
                 VALUES (?1, ?2, ?3, ?4, 0, ?5, NULL, 0, 0, 0, ?6, ?7, ?7, ?7, NULL, ?8, ?9)",
            )?
            .execute(params![
                note,
                owner,
                draft.title,
                draft.title.to_lowercase(),
                draft.tags.join("\n"),
                version,
                seq,
                excerpt,
                draft.body
            ])?;
        if shape == Shape::Row {
            return Ok(());
        }
        for tag in &draft.tags {
            let sql = "UPDATE tags SET notes = notes + 1 WHERE owner = ?1 AND name_key = ?2 RETURNING id";
            let tag: [u8; 16] =
                self.connection.prepare_cached(sql)?.query_row(params![owner, tag], |row| row.get(0))?;
            let sql = "INSERT INTO note_tags (tag_id, note_id) VALUES (?1, ?2)";
            self.connection.prepare_cached(sql)?.execute(params![tag, note])?;
        }
        let sql = "INSERT INTO changes (seq, kind, id, owner, op, version) VALUES (?1, 'note', ?2, ?3, 'put', ?4)";
        self.connection.prepare_cached(sql)?.execute(params![seq, note, owner, version])?;
        Ok(())
    }
}

/// An id in the order of time, as the server makes them.
fn id(chance: &mut Chance, time: i64) -> [u8; 16] {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&((1_700_000_000_000 + time) << 16).to_be_bytes());
    id[8..].copy_from_slice(&chance.bits().to_be_bytes());
    id
}
