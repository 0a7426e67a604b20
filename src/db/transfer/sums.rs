//! The tables of a store, and the sum of what is in them: a SHA-256 for each over all its rows in the order of its key, which both
//! engines keep alike.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::super::value::{Cell, Row};
use super::super::{migrate, sqlite};
use super::TransferError;
use crate::error::{Error, Result};

/// Every table with its key, those that others refer to first.
pub(super) const TABLES: &[(&str, &str)] = &[
    ("store", "id"),
    ("users", "id"),
    ("sessions", "id"),
    ("signing_keys", "id"),
    ("setup_links", "hash"),
    ("secrets", "name"),
    ("totp", "user_id"),
    ("recovery_codes", "user_id, hash"),
    ("passkeys", "id"),
    ("spent_ceremonies", "hash"),
    ("sso_providers", "id"),
    ("identities", "id"),
    ("api_keys", "id"),
    ("invites", "id"),
    ("reset_links", "hash"),
    ("audit", "seq"),
    ("audit_persons", "seq, part"),
    ("notebooks", "id"),
    ("saved_searches", "id"),
    ("notes", "id"),
    ("tags", "id"),
    ("note_tags", "tag_id, note_id"),
    ("changes", "seq"),
    ("idempotency_keys", "owner, route, key"),
    ("imports", "owner, identity"),
    ("jobs", "id"),
    ("schedules", "name"),
];

/// One table's part of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSum {
    /// How many rows it has.
    pub rows: u64,
    /// SHA-256 over all of them in the order of the key, in hexadecimal digits.
    pub sha256: String,
}

/// What is in a store, by table.
pub type Sums = BTreeMap<&'static str, TableSum>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::db) enum Kind {
    Int,
    Text,
    Blob,
}

/// A table as both engines have it.
#[derive(Debug)]
pub(in crate::db) struct Table {
    pub(super) name: &'static str,
    key: &'static str,
    pub(super) columns: Vec<(String, Kind)>,
}

impl Table {
    fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn select(&self) -> String {
        format!("SELECT {} FROM {} ORDER BY {}", self.names(), self.name, self.key)
    }

    pub(super) fn insert(&self) -> String {
        let places: Vec<_> = (1..=self.columns.len()).map(|n| format!("?{n}")).collect();
        format!("INSERT INTO {} ({}) VALUES ({})", self.name, self.names(), places.join(", "))
    }
}

/// The tables of this program's schema.
pub(super) fn tables() -> Result<Vec<Table>> {
    TABLES
        .iter()
        .map(|(name, key)| {
            let columns = migrate::fresh(&format!("SELECT name || ' ' || type FROM pragma_table_info('{name}')"))
                .map_err(|e| sqlite::error(&e))?;
            let columns = columns
                .iter()
                .map(|column| match column.split_once(' ') {
                    Some((name, "INTEGER")) => Ok((name.to_owned(), Kind::Int)),
                    Some((name, "TEXT")) => Ok((name.to_owned(), Kind::Text)),
                    Some((name, "BLOB")) => Ok((name.to_owned(), Kind::Blob)),
                    _ => Err(Error::internal(format!("a column of an unknown kind: {column}"))),
                })
                .collect::<Result<_>>()?;
            Ok(Table { name, key, columns })
        })
        .collect()
}

/// Sums one table up, row by row.
pub(super) struct Summing {
    rows: u64,
    hasher: Sha256,
}

impl Summing {
    pub(super) fn new() -> Self {
        Self { rows: 0, hasher: Sha256::new() }
    }

    /// Each value as its kind, its length and its bytes: no two rows look alike.
    pub(super) fn take(&mut self, row: &Row<'_>, columns: usize) -> Result<()> {
        self.rows += 1;
        for column in 0..columns {
            match row.value(column)? {
                Cell::Null => self.hasher.update([0]),
                Cell::Int(v) => {
                    self.hasher.update([1]);
                    self.hasher.update(v.to_le_bytes());
                }
                Cell::Text(v) => self.bytes(2, v),
                Cell::Blob(v) => self.bytes(3, v),
                Cell::Other(kind) => return Err(Error::Corrupt(format!("column {column} holds {kind}"))),
            }
        }
        Ok(())
    }

    fn bytes(&mut self, kind: u8, bytes: &[u8]) {
        self.hasher.update([kind]);
        self.hasher.update((bytes.len() as u64).to_le_bytes());
        self.hasher.update(bytes);
    }

    pub(super) fn finish(self) -> TableSum {
        let sha256 = self.hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        TableSum { rows: self.rows, sha256 }
    }
}

/// Whether both stores hold the same.
///
/// # Errors
/// [`TransferError::Differs`] with the first table that does not.
pub fn compare(sent: &Sums, found: &Sums) -> Result<(), TransferError> {
    for (name, _) in TABLES {
        let rows = |sums: &Sums| sums.get(name).map_or(0, |sum| sum.rows);
        if sent.get(name) != found.get(name) {
            return Err(TransferError::Differs { table: name, sent: rows(sent), found: rows(found) });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn every_table_of_the_schema_is_copied() {
        let mut there = migrate::fresh(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'refinery_schema_history'",
        )
        .unwrap();
        let mut copied: Vec<String> = TABLES.iter().map(|(name, _)| (*name).to_owned()).collect();
        there.sort();
        copied.sort();
        assert_eq!(copied, there);
    }

    #[test]
    fn rows_that_could_be_taken_for_one_another_have_other_sums() {
        let conn = Connection::open_in_memory().unwrap();
        let sum = |sql: &str| {
            let mut summing = Summing::new();
            conn.query_row(sql, [], |row| {
                summing.take(&Row::Sqlite(row), 2).unwrap();
                Ok(())
            })
            .unwrap();
            summing.finish().sha256
        };
        let all = [
            "SELECT 'ab', 'c'",
            "SELECT 'a', 'bc'",
            "SELECT 'a', NULL",
            "SELECT NULL, 'a'",
            "SELECT x'61', 'bc'",
            "SELECT 1, 2",
        ];
        let sums: std::collections::HashSet<_> = all.iter().map(|sql| sum(sql)).collect();
        assert_eq!(sums.len(), all.len());
    }
}
