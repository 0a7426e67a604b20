//! SQLite FTS5 with its Porter stemmer on the same notes, as an application would use it: the best twenty by `bm25`.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use rusqlite::{Connection, params};

use crate::common::figures::Rate;
use crate::kinds::{Meant, Question};
use crate::outside::corpus::Draft;

/// A filled table.
pub struct Fts {
    connection: Connection,
    /// Rows a second, the commit included.
    pub filled: Rate,
    /// Bytes of the index alone, without the text.
    pub size: u64,
}

impl Fts {
    /// Indexes all drafts in a database of its own.
    pub fn fill(file: &Path, drafts: &[Draft]) -> Result<Self> {
        let mut connection = Connection::open(file)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;
             CREATE VIRTUAL TABLE found USING fts5(title, body, tags, content = '', prefix = '2 3',
               tokenize = 'porter unicode61 remove_diacritics 2')",
        )?;
        let begin = Instant::now();
        let tx = connection.transaction()?;
        {
            let mut insert = tx.prepare("INSERT INTO found (rowid, title, body, tags) VALUES (?1, ?2, ?3, ?4)")?;
            for (at, draft) in drafts.iter().enumerate() {
                insert.execute(params![i64::try_from(at)? + 1, draft.title, draft.body, draft.tags.join(" ")])?;
            }
        }
        tx.commit()?;
        let filled = Rate::of(drafts.len(), begin.elapsed().as_secs_f64());
        connection.execute_batch("INSERT INTO found (found) VALUES ('optimize'); PRAGMA wal_checkpoint(TRUNCATE);")?;
        let size = connection.query_row("SELECT sum(length(block)) FROM found_data", (), |row| row.get::<_, i64>(0))?;
        Ok(Self { connection, filled, size: u64::try_from(size)? })
    }

    /// The time of one answer in milliseconds; not a number for what it cannot do.
    pub fn ask(&self, question: &Question) -> Result<f64> {
        let words = question.words.join(" ");
        let text = match &question.meant {
            Meant::Words => format!("{{title body}} : {words}"),
            Meant::Beginning => format!("{{title body}} : {words}*"),
            Meant::Tagged(tag) => format!("({{title body}} : {words}) AND tags : {tag}"),
            Meant::Phrase => format!("{{title body}} : \"{words}\""),
            Meant::Mistyped => return Ok(f64::NAN),
        };
        let begin = Instant::now();
        let mut asked = self.connection.prepare_cached(
            "SELECT rowid FROM found WHERE found MATCH ?1 ORDER BY bm25(found, 3.0, 1.0, 0.0) LIMIT 20",
        )?;
        let rows = asked.query_map([text], |row| row.get::<_, i64>(0))?.count();
        std::hint::black_box(rows);
        Ok(begin.elapsed().as_secs_f64() * 1e3)
    }
}
