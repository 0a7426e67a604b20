//! A PostgreSQL server of a test's own.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use inkstone::clock::Ids;
use inkstone::db::{Db, Options, Place, ReadTx, Refusal, WriteTx, postgres};
use inkstone::error::Result;
use uuid::Uuid;

/// Ends with the test.
pub(crate) struct Server {
    dir: tempfile::TempDir,
    pub(crate) url: String,
}

fn script(action: &str, dir: &std::path::Path) -> Option<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/postgres");
    let done = Command::new(script).arg(action).arg(dir).output().unwrap();
    if !done.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&done.stderr));
        return None;
    }
    Some(String::from_utf8(done.stdout).unwrap().trim().to_owned())
}

impl Server {
    /// `None`: there is no PostgreSQL here, and nobody asked for it.
    pub(crate) fn start() -> Option<Self> {
        let dir = tempfile::Builder::new().prefix("inkstone-postgres-").tempdir().unwrap();
        // The server is another user.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(dir.path(), open).unwrap();
        match script("start", &dir.path().join("server")) {
            Some(url) => Some(Self { dir, url }),
            None if std::env::var_os("REQUIRE_SERVERS").is_some() => panic!("PostgreSQL did not start"),
            None => {
                eprintln!("ignored: there is no PostgreSQL on this machine");
                None
            }
        }
    }

    /// Takes it away and brings it back.
    pub(crate) fn restart(&self) {
        script("restart", &self.home()).expect("the server comes back");
    }

    /// Takes it away until [`Server::resume`].
    pub(crate) fn halt(&self) {
        script("halt", &self.home()).expect("the server ends");
    }

    /// Brings it back.
    pub(crate) fn resume(&self) {
        script("resume", &self.home()).expect("the server comes back");
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.dir.path().join("server")
    }

    /// The address with another user and database.
    pub(crate) fn url_of(&self, user: &str, database: &str) -> String {
        let at = self.url.split_once('@').unwrap().1.split_once('/').unwrap().0;
        format!("postgres://{user}@{at}/{database}")
    }

    /// Does something as the owner of everything.
    pub(crate) fn run(&self, sql: &str) {
        self.run_in("notes", sql);
    }

    pub(crate) fn run_in(&self, database: &str, sql: &str) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) =
                tokio_postgres::connect(&self.url_of("ink", database), tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            for statement in sql.split(";\n").filter(|s| !s.trim().is_empty()) {
                client.batch_execute(statement).await.unwrap_or_else(|e| panic!("{statement}: {e:?}"));
            }
        });
    }

    pub(crate) fn place(&self) -> postgres::Place {
        place(&self.url, "inkstone")
    }

    /// Another instance on the same store.
    pub(crate) fn open(&self) -> Db {
        open(self.place()).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        script("stop", &self.home());
    }
}

pub(crate) fn place(url: &str, schema: &str) -> postgres::Place {
    postgres::Place { url: url.to_owned().into(), schema: schema.to_owned() }
}

pub(crate) fn open(place: postgres::Place) -> std::result::Result<Db, Refusal> {
    let options = Options::in_dir(&std::env::temp_dir(), Ids::system());
    let fatal: inkstone::db::Fatal = Arc::new(|why| panic!("{why}"));
    Db::open(Options { place: Place::Server(place), readers: 2, fatal, ..options })
}

/// The smallest thing that a test can write: a user and its change.
pub(crate) fn add(tx: &mut WriteTx<'_>, id: Uuid) -> Result<i64> {
    let key = format!("{id}@example.com");
    tx.execute(
        "INSERT INTO users (id, email, email_key, name, role, password, created_at, updated_at)
         VALUES ($1, $2, $2, 'n', 'member', '', 0, 0)",
        &[id.into(), (&key).into()],
    )?;
    let seq = tx.next_change();
    tx.execute(
        "INSERT INTO changes (seq, kind, id, owner, op) VALUES ($1, 'account', $2, $2, 'put')",
        &[seq.into(), id.into()],
    )?;
    Ok(seq)
}

pub(crate) fn count(tx: &mut ReadTx<'_>) -> Result<i64> {
    tx.query_one("SELECT count(*) FROM users", &[], |r| r.int(0))
}
