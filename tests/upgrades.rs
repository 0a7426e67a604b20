//! Upgrades of stores that earlier versions have left: every released schema migrates, survives being killed on the way, and goes
//! back. A fixture is made once, by the program of its time, and never changed; the next schema adds one.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says so by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The key under which the secrets of all fixtures are sealed.
const KEY: [u8; 32] = [
    0x91, 0xd7, 0x50, 0x91, 0x42, 0x9e, 0x28, 0x70, 0x9d, 0xe1, 0xa4, 0x0e, 0x0a, 0x08, 0x19, 0x3c, 0x75, 0x8a, 0x1b,
    0xe7, 0x36, 0x1e, 0xdc, 0x02, 0xcb, 0x53, 0x38, 0x7c, 0x77, 0xae, 0xd2, 0xf7,
];

/// Every schema that was released: its version and its fixture.
const FIXTURES: &[(i64, &str)] = &[
    (2, include_str!("fixtures/schema-v2.sql")),
    (4, include_str!("fixtures/schema-v4.sql")),
    (5, include_str!("fixtures/schema-v5.sql")),
    (6, include_str!("fixtures/schema-v6.sql")),
    (7, include_str!("fixtures/schema-v7.sql")),
];

/// A data directory of that time.
fn data_dir(sql: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    private(dir.path());
    for name in ["backups", "keys"] {
        fs::create_dir(dir.path().join(name)).unwrap();
        private(&dir.path().join(name));
    }
    let key = dir.path().join("keys/master.key");
    fs::write(&key, KEY).unwrap();
    fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let store = rusqlite::Connection::open(dir.path().join("inkstone.db")).unwrap();
    store.execute_batch(sql).unwrap();
    store.execute_batch("PRAGMA journal_mode = WAL").unwrap();
    dir
}

fn private(dir: &Path) {
    fs::set_permissions(dir, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
}

fn command(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inkstone"));
    command.args(args).arg("--json").arg("--data-dir").arg(dir).env_clear();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(dir: &Path, args: &[&str]) -> Output {
    command(dir, args).output().unwrap()
}

fn done(dir: &Path, args: &[&str]) -> Value {
    let output = run(dir, args);
    assert!(output.status.success(), "{args:?}: {output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn failed(dir: &Path, args: &[&str], exit: i32) -> Value {
    let output = run(dir, args);
    assert_eq!(output.status.code(), Some(exit), "{args:?}: {output:?}");
    let last = output.stderr.split(|b| *b == b'\n').rfind(|line| !line.is_empty()).unwrap();
    serde_json::from_slice::<Value>(last).unwrap()["error"].take()
}

/// What the people of the fixtures have, read from the tables that all versions share.
fn content(dir: &Path) -> Vec<String> {
    let store = rusqlite::Connection::open(dir.join("inkstone.db")).unwrap();
    let mut all = Vec::new();
    for sql in [
        "SELECT hex(id) || ' ' || email || ' ' || name || ' ' || role FROM users ORDER BY id",
        "SELECT hex(id) || ' ' || hex(coalesce(parent_id, x'')) || ' ' || name || ' ' || position FROM notebooks ORDER BY id",
        "SELECT hex(id) || ' ' || title || ' ' || tags || ' ' || hex(coalesce(notebook_id, x'')) || ' ' || pinned || ' ' || state
            || ' ' || former_state || ' ' || hex(version) || ' ' || created_at || ' ' || updated_at || ' '
            || coalesce(trashed_at, 0) || ' ' || hex(body) FROM notes ORDER BY id",
        "SELECT hex(t.id) || ' ' || t.name || ' ' || t.notes || ' ' || hex(n.note_id) FROM tags t JOIN note_tags n
            ON n.tag_id = t.id ORDER BY 1",
        "SELECT seq || ' ' || kind || ' ' || hex(id) || ' ' || op FROM changes WHERE kind <> 'session' ORDER BY seq",
    ] {
        let mut statement = store.prepare(sql).unwrap();
        all.extend(statement.query_map([], |r| r.get::<_, String>(0)).unwrap().map(Result::unwrap));
    }
    assert!(all.len() > 20, "{all:?}");
    all
}

fn snapshots(dir: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(dir.join("backups")).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|file| file.to_str().unwrap().contains("before-migration")).collect()
}

#[test]
fn every_released_schema_migrates_and_works() {
    for (version, sql) in FIXTURES {
        let dir = data_dir(sql);
        let before = content(dir.path());
        let status = done(dir.path(), &["migrate", "status"]);
        assert_eq!(status["version"], *version);
        let dry = done(dir.path(), &["migrate", "--dry-run"]);
        assert!(dry["copy_ms"].is_u64() && dry["steps_ms"].is_u64(), "{dry}");
        assert_eq!(done(dir.path(), &["migrate", "status"])["version"], *version, "a dry run changes nothing");

        let up = done(dir.path(), &["migrate"]);
        assert_eq!(up["applied"].as_array().unwrap().len(), dry["applied"].as_array().unwrap().len());
        assert_eq!(content(dir.path()), before);
        assert_eq!(done(dir.path(), &["migrate", "status"])["pending"], 0);
        // Its people, its sealed keys and its notes are there for the program of today.
        assert_eq!(done(dir.path(), &["user", "list"])["items"].as_array().unwrap().len(), 2);
        let verified = done(dir.path(), &["index", "verify"]);
        assert_eq!(verified["sound"], true, "{verified}");
        assert_eq!(content(dir.path()), before);
    }
}

#[test]
fn a_migration_that_is_killed_anywhere_leaves_the_store_before_it_or_after_it() {
    for (version, sql) in FIXTURES {
        let dir = data_dir(sql);
        let before = content(dir.path());
        let whole = Instant::now();
        done(data_dir(sql).path(), &["migrate"]);
        let whole = whole.elapsed();
        let (mut old, mut new) = (0, 0);
        for n in 0..40 {
            let dir = data_dir(sql);
            let mut child = command(dir.path(), &["migrate"]).spawn().unwrap();
            let until = Instant::now() + whole.mul_f64(f64::from(n) / 40.0);
            while Instant::now() < until && child.try_wait().unwrap().is_none() {
                std::thread::sleep(Duration::from_micros(200));
            }
            child.kill().unwrap();
            child.wait().unwrap();
            let now = done(dir.path(), &["migrate", "status"]);
            if now["version"] == *version {
                old += 1
            } else {
                new += 1
            }
            assert!(now["version"] == *version || now["pending"] == 0, "half a migration: {now}");
            assert_eq!(content(dir.path()), before, "killed after {n}/40");
            done(dir.path(), &["migrate"]);
            assert_eq!(content(dir.path()), before);
        }
        assert!(old > 0, "none of {} kills came before the end", old + new);
    }
}

#[test]
fn a_store_goes_back_to_its_snapshot_while_nothing_newer_was_written() {
    let (version, sql) = FIXTURES[0];
    let dir = data_dir(sql);
    assert_eq!(failed(dir.path(), &["migrate", "rollback"], 1)["slug"], "rollback-no-snapshot");
    let before = content(dir.path());
    done(dir.path(), &["migrate"]);
    let gone_back = done(dir.path(), &["migrate", "rollback"]);
    assert_eq!(gone_back["to"], version);
    assert_eq!(done(dir.path(), &["migrate", "status"])["version"], version);
    assert_eq!(content(dir.path()), before);
    assert!(Path::new(gone_back["kept"].as_str().unwrap()).exists(), "{gone_back}");
    // And up again.
    done(dir.path(), &["migrate"]);
    assert_eq!(content(dir.path()), before);
}

#[test]
fn what_was_written_since_the_snapshot_is_not_lost_unasked() {
    let (version, sql) = FIXTURES[0];
    let dir = data_dir(sql);
    done(dir.path(), &["migrate"]);
    let notes = tempfile::tempdir().unwrap();
    fs::write(notes.path().join("new.md"), "# New since\n").unwrap();
    done(dir.path(), &["import", notes.path().to_str().unwrap(), "--user", "ada@example.org"]);
    let now = content(dir.path());
    let refused = failed(dir.path(), &["migrate", "rollback"], 3);
    assert_eq!(refused["slug"], "rollback-loses-changes");
    assert_eq!(refused["details"]["changed"]["note"], 1, "{refused}");
    assert_eq!(content(dir.path()), now);

    let gone_back = done(dir.path(), &["migrate", "rollback", "--lose-changes"]);
    assert_eq!(done(dir.path(), &["migrate", "status"])["version"], version);
    // What was lost is kept aside, whole.
    let aside = tempfile::tempdir().unwrap();
    fs::copy(gone_back["kept"].as_str().unwrap(), aside.path().join("inkstone.db")).unwrap();
    assert_eq!(content(aside.path()), now);
}

#[test]
fn a_damaged_snapshot_is_not_gone_back_to() {
    let (_, sql) = FIXTURES[0];
    let dir = data_dir(sql);
    done(dir.path(), &["migrate"]);
    let now = content(dir.path());
    let snapshot = snapshots(dir.path()).remove(0);
    let mut bytes = fs::read(&snapshot).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xff);
    fs::write(&snapshot, bytes).unwrap();
    assert_eq!(failed(dir.path(), &["migrate", "rollback"], 3)["slug"], "not-a-database");
    assert_eq!(content(dir.path()), now);
}
