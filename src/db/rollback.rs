//! The way back from a migration: the store becomes again what it was in the snapshot that was taken before.
//!
//! Owns finding the snapshot, saying what would be lost by it, and the exchange of the files. Whether a loss is acceptable is the
//! command's to ask. What a reader would get wrong: nothing is thrown away even then. The store as it was before the way back stays
//! beside the snapshots; and it is exchanged by one rename, so that there is a whole store under its name at every moment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::migrate::{self, copy_into};
use super::refusal::Refusal;
use super::sqlite;
use crate::clock::{Ids, Timestamp};

/// Changes that nobody would miss: signing in, and work in the background.
const HARMLESS: &str = "('session', 'job')";

/// A way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayBack {
    /// The snapshot.
    pub snapshot: PathBuf,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// The schema version now.
    pub from: i64,
    /// The schema version then.
    pub to: i64,
    /// What has changed since: how many things of each kind. Empty when going back loses nothing.
    pub lost: BTreeMap<String, i64>,
}

/// Looks for the newest snapshot with an older schema among `backups`. `None`: there is no way back.
///
/// # Errors
/// A [`Refusal`] when the store or the snapshot cannot be read, or is not whole.
pub fn find(file: &Path, backups: &Path) -> Result<Option<WayBack>, Refusal> {
    let mut conn = sqlite::open_writer(file)?;
    let from = migrate::inspect(file, &mut conn)?.current();
    let older = snapshots(backups).into_iter().filter(|(version, ..)| *version < from);
    let Some((to, taken_at, snapshot)) = older.max_by_key(|(version, taken_at, _)| (*taken_at, *version)) else {
        return Ok(None);
    };
    let mut then = open_reading(&snapshot)?;
    let unreadable = |e: &rusqlite::Error| Refusal::from_open(&snapshot, e);
    let sound: String = then.query_row("PRAGMA quick_check(1)", [], |r| r.get(0)).map_err(|e| unreadable(&e))?;
    if sound != "ok" || migrate::inspect(&snapshot, &mut then)?.current() != to {
        return Err(Refusal::NotADatabase { path: snapshot });
    }
    let identity = "SELECT epoch FROM store WHERE id = 1";
    let epoch = |conn: &Connection| conn.query_row(identity, [], |r| r.get::<_, Vec<u8>>(0));
    if epoch(&conn).map_err(|e| Refusal::from_open(file, &e))? != epoch(&then).map_err(|e| unreadable(&e))? {
        // Another store was put into its place meanwhile.
        return Ok(None);
    }
    let head: i64 =
        then.query_row("SELECT coalesce(max(seq), 0) FROM changes", [], |r| r.get(0)).map_err(|e| unreadable(&e))?;
    let lost = lost(&conn, head).map_err(|e| Refusal::from_open(file, &e))?;
    Ok(Some(WayBack { snapshot, taken_at, from, to, lost }))
}

/// Goes back; returns where the store as it was until now is kept. Nobody may have it open.
///
/// # Errors
/// A [`Refusal`]; the store is then as it was.
pub fn back(file: &Path, way: &WayBack, backups: &Path, ids: &Ids) -> Result<PathBuf, Refusal> {
    let failed = |detail: String| Refusal::SnapshotFailed { detail };
    let now = ids.now().micros();
    let copy = file.with_extension("db.rollback");
    // Of an attempt that was cut short.
    let _ = std::fs::remove_file(&copy);
    copy_into(&open_reading(&way.snapshot)?, &copy)?;
    let renamed = || -> Result<PathBuf, String> {
        let conn = Connection::open(&copy).map_err(|e| e.to_string())?;
        // Another identity: what has followed the store beyond the snapshot (the index, devices) begins anew.
        conn.execute("UPDATE store SET epoch = ?1 WHERE id = 1", [ids.id().as_bytes()]).map_err(|e| e.to_string())?;
        conn.close().map_err(|(_, e)| e.to_string())?;
        std::fs::File::open(&copy).and_then(|f| f.sync_all()).map_err(|e| e.to_string())?;
        // All of the store is in its file afterwards; a log beside it would belong to the other one.
        let conn = sqlite::open_writer(file).map_err(|e| e.to_string())?;
        let busy: i64 =
            conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get(0)).map_err(|e| e.to_string())?;
        if busy != 0 {
            return Err("somebody has the store open".into());
        }
        conn.close().map_err(|(_, e)| e.to_string())?;
        let log = file.with_extension("db-wal");
        if log.exists() {
            return Err(format!("{} is still there: somebody has the store open", log.display()));
        }
        let kept = backups.join(format!("before-rollback-v{}-{now}.db", way.from));
        std::fs::hard_link(file, &kept).map_err(|e| e.to_string())?;
        std::fs::rename(&copy, file).map_err(|e| e.to_string())?;
        for dir in [Some(backups), file.parent()].into_iter().flatten() {
            std::fs::File::open(dir).and_then(|d| d.sync_all()).map_err(|e| e.to_string())?;
        }
        Ok(kept)
    };
    renamed().map_err(|detail| {
        let _ = std::fs::remove_file(&copy);
        failed(detail)
    })
}

/// Snapshots by their names: version, time, path.
fn snapshots(backups: &Path) -> Vec<(i64, Timestamp, PathBuf)> {
    let entries = std::fs::read_dir(backups).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let (version, micros) = name.strip_prefix("before-migration-v")?.strip_suffix(".db")?.split_once('-')?;
            Some((version.parse().ok()?, Timestamp::from_micros(micros.parse().ok()?), entry.path()))
        })
        .collect()
}

fn lost(conn: &Connection, head: i64) -> rusqlite::Result<BTreeMap<String, i64>> {
    let sql =
        format!("SELECT kind, count(DISTINCT id) FROM changes WHERE seq > ?1 AND kind NOT IN {HARMLESS} GROUP BY kind");
    let mut statement = conn.prepare(&sql)?;
    let rows = statement.query_map([head], |r| Ok((r.get(0)?, r.get(1)?)))?;
    rows.collect()
}

fn open_reading(file: &Path) -> Result<Connection, Refusal> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(file, flags).map_err(|e| Refusal::from_open(file, &e))
}
