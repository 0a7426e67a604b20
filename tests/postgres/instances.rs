//! Real servers, several of them, on one store.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::outside::account::Account;
use super::outside::process::{PATIENCE, Server, Setting};
use super::outside::wire::{Connection, Raw};
use super::server::Server as Database;

/// One key for all, as an administrator hands it out.
const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// What the product promises of a session that was ended elsewhere, and a moment for a machine that is busy.
const HEARD_WITHIN: Duration = Duration::from_secs(5);

pub(crate) fn setting(dir: &Path, name: &str, database: &Database) -> Setting {
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_inkstone"));
    Setting::new(binary, dir.join(name), dir.join(format!("{name}.log")))
        .with("INKSTONE_DATABASE_URL", &database.url)
        .with("INKSTONE_MASTER_KEY", KEY)
        .with("INKSTONE_DISK_RESERVE", "0")
}

async fn ask(address: SocketAddr, raw: &Raw) -> (u16, Value) {
    let mut connection = Connection::open(address).await.unwrap();
    let answer = connection.exchange(raw).await.unwrap();
    (answer.status, answer.json().unwrap_or(Value::Null))
}

/// Asks until the answer is this one; how long that took.
async fn until(address: SocketAddr, raw: &Raw, wanted: impl Fn(u16, &Value) -> bool) -> Duration {
    let began = Instant::now();
    loop {
        let (status, body) = ask(address, raw).await;
        if wanted(status, &body) {
            return began.elapsed();
        }
        assert!(began.elapsed() < PATIENCE, "{status}: {body}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_on_one_counts_on_the_others_at_once() {
    let Some(database) = Database::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let one = Server::start(&setting(dir.path(), "one", &database)).await.unwrap();
    let two = Server::start(&setting(dir.path(), "two", &database)).await.unwrap();

    // A note that one server took is read, searched and counted on the other.
    let ann = Account::register(one.address, "ann@example.com").await.unwrap();
    let made = ann.request("POST", "/api/v1/notes", Some(&json!({ "body": "# Kingfisher\n\nblue" })));
    let (status, note) = ask(one.address, &made).await;
    assert_eq!(status, 201, "{note}");
    let path = format!("/api/v1/notes/{}", note["id"].as_str().unwrap());
    assert_eq!(ask(two.address, &ann.request("GET", &path, None)).await.0, 200);
    let search = ann.request("GET", "/api/v1/search?q=kingfisher", None);
    until(two.address, &search, |status, body| status == 200 && body["total"] == 1).await;

    // A session that is ended on one is refused on the other, which had it in its memory.
    let again = Account::login(one.address, "ann@example.com").await.unwrap();
    let me = again.request("GET", "/api/v1/me", None);
    assert_eq!(ask(two.address, &me).await.0, 200);
    assert_eq!(ask(one.address, &again.request("POST", "/api/v1/auth/logout", None)).await.0, 204);
    let heard = until(two.address, &me, |status, _| status == 401).await;
    assert!(heard < HEARD_WITHIN, "{heard:?}");

    // Work that was asked for on one is seen on the other, whoever does it.
    let (status, job) = ask(one.address, &ann.request("POST", "/api/v1/exports", None)).await;
    assert_eq!(status, 202, "{job}");
    let job = ann.request("GET", &format!("/api/v1/jobs/{}", job["id"].as_str().unwrap()), None);
    until(two.address, &job, |status, body| status == 200 && body["state"] == "done").await;

    // One is killed; the other goes on, and takes everything.
    one.kill().unwrap();
    let more = ann.request("POST", "/api/v1/notes", Some(&json!({ "body": "after it" })));
    assert_eq!(ask(two.address, &more).await.0, 201);
    two.terminate().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_with_another_key_does_not_start() {
    let Some(database) = Database::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let one = Server::start(&setting(dir.path(), "one", &database)).await.unwrap();
    let other = setting(dir.path(), "two", &database).with("INKSTONE_MASTER_KEY", KEY.replace("00", "01"));
    assert!(Server::start(&other).await.is_err());
    let log = std::fs::read_to_string(dir.path().join("two.log")).unwrap();
    assert!(log.contains("INKSTONE_MASTER_KEY"), "{log}");
    one.terminate().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_database_is_away_says_so_and_comes_back_with_it() {
    let Some(database) = Database::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let one = Server::start(&setting(dir.path(), "one", &database)).await.unwrap();
    let ann = Account::register(one.address, "ann@example.com").await.unwrap();
    let me = ann.request("GET", "/api/v1/notes", None);
    let ready = super::outside::wire::request("GET", "/readyz", &[], None);
    assert_eq!(ask(one.address, &ready).await.0, 200);
    tokio::task::block_in_place(|| database.halt());
    until(one.address, &ready, |status, _| status == 503).await;
    let mut connection = Connection::open(one.address).await.unwrap();
    let answer = connection.exchange(&me).await.unwrap();
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(answer.json().unwrap()["type"], "database-unavailable");
    tokio::task::block_in_place(|| database.resume());
    until(one.address, &me, |status, _| status == 200).await;
    until(one.address, &ready, |status, _| status == 200).await;
    one.terminate().await.unwrap();
}
