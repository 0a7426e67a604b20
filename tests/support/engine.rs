//! The engine that the tests run on: SQLite, or the PostgreSQL server that `TEST_POSTGRES` names.
//!
//! Every test of behaviour runs on both: `make test` runs the same programs twice.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use inkstone::db::{Place, postgres};

/// The address of the server; `None`: SQLite.
pub(crate) fn url() -> Option<String> {
    std::env::var("TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}

/// A schema of its own for each directory, as each directory has a file of its own.
pub(crate) fn schema(dir: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    (dir, std::process::id()).hash(&mut hasher);
    format!("test_{:016x}", hasher.finish())
}

/// Where the store of a test in `dir` is.
#[allow(dead_code, reason = "some programs set the two settings instead")]
pub(crate) fn place(dir: &Path) -> Place {
    match url() {
        Some(url) => Place::Server(postgres::Place { url: url.into(), schema: schema(dir) }),
        None => Place::File { file: dir.join("inkstone.db"), backups: dir.join("backups") },
    }
}
