//! A PostgreSQL server of a test's own.

use std::sync::Arc;

use inkstone::clock::Ids;
use inkstone::db::{Db, Options, Place, ReadTx, Refusal, WriteTx, postgres};
use inkstone::error::Result;
use uuid::Uuid;

use super::outside::database::{Commits, Database};

/// The server; ends with the test.
pub(crate) struct Server(Database);

impl std::ops::Deref for Server {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.0
    }
}

impl Server {
    /// `None`: there is no PostgreSQL here, and nobody asked for it.
    pub(crate) fn start() -> Option<Self> {
        match Database::launch(Commits::HandedOver) {
            Ok(database) => Some(Self(database)),
            Err(why) if std::env::var_os("REQUIRE_SERVERS").is_some() => panic!("PostgreSQL did not start: {why}"),
            Err(why) => {
                eprintln!("ignored: {why}");
                None
            }
        }
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
