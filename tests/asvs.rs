//! `docs/asvs.md` says of every item of ASVS 5.0.0, levels 1 and 2, how the server meets it. This holds the page to what is there: each item
//! has one row, and each file and each test that a row names exists.
//!
//! What a row claims of a test is for people to judge; that the test is there and has that name is not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const WORDS: [&str; 4] = ["met", "partly", "not met", "not applicable"];

/// How the paths that are checked begin; anything else in backticks is code.
const FOLDERS: [&str; 9] =
    ["benches/", "docs/", "fuzz/", "migrations/", "packaging/", "src/", "systemd/", "tests/", "web/"];
/// The files at the top that a row may name.
const FILES: [&str; 7] =
    ["ARCHITECTURE.md", "Cargo.lock", "Cargo.toml", "Makefile", "SECURITY.md", "clippy.toml", "deny.toml"];

struct Row {
    item: String,
    level: String,
    status: String,
    place: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn rows() -> Vec<Row> {
    let page = read("docs/asvs.md");
    let rows = page.lines().filter(|line| line.starts_with("| V"));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [item, level, _, status, place] = cells[..] else { panic!("five cells: {line}") };
        Row { item: item.into(), level: level.into(), status: status.into(), place: place.into() }
    })
    .collect()
}

/// What stands in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The paths of a cell, each with the name behind `::`.
fn named(place: &str) -> Vec<(&str, Option<&str>)> {
    let parts = quoted(place).map(|text| match text.split_once("::") {
        Some((path, name)) => (path, Some(name)),
        None => (text, None),
    });
    parts.filter(|(path, _)| FOLDERS.iter().any(|f| path.starts_with(f)) || FILES.contains(path)).collect()
}

#[test]
fn every_item_has_one_row_with_its_level() {
    let list = read("tests/fixtures/asvs-5.0.0.txt");
    let wanted: Vec<(&str, &str)> =
        list.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_once(' ').unwrap()).collect();
    assert_eq!(wanted.len(), 70 + 183, "what the standard has of the levels 1 and 2");
    let rows = rows();
    let told: Vec<(&str, &str)> = rows.iter().map(|row| (row.item.as_str(), row.level.as_str())).collect();
    assert_eq!(told, wanted, "in the standard's order, each once");
}

#[test]
fn a_row_says_how_it_is_and_where_or_why() {
    let mut wrong = Vec::new();
    for Row { item, status, place, .. } in rows() {
        let paths = named(&place);
        let reason = place.split('`').step_by(2).map(str::trim).collect::<String>();
        let good = match status.as_str() {
            "met" => !paths.is_empty(),
            "partly" | "not met" | "not applicable" => reason.len() > 10,
            _ => false,
        };
        if !good {
            wrong.push(format!("{item}: {status}: {place}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_row_names_is_there() {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut wrong = BTreeSet::new();
    for row in rows() {
        for (path, name) in named(&row.place) {
            if !root().join(path).exists() {
                wrong.insert(format!("{}: there is no {path}", row.item));
                continue;
            }
            let Some(name) = name else { continue };
            let text = texts.entry(path.to_owned()).or_insert_with(|| read(path));
            // A function of Rust, or the words of a test of the app.
            let found = match path.ends_with(".rs") {
                true => text.contains(&format!("fn {name}(")),
                false => text.contains(&format!("\"{name}\"")),
            };
            if !found {
                wrong.insert(format!("{}: {path} has no `{name}`", row.item));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_sums_are_right() {
    let (page, rows) = (read("docs/asvs.md"), rows());
    for level in ["1", "2"] {
        let count = |word: &str| rows.iter().filter(|row| row.level == level && row.status == word).count();
        let sums = WORDS.map(|word| count(word).to_string()).join(" | ");
        let line = format!("| Level {level} | {sums} |");
        assert!(page.contains(&line), "the page should say {line}");
    }
}
