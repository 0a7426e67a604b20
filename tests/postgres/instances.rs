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
pub(crate) const HEARD_WITHIN: Duration = Duration::from_secs(5);

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
async fn who_listens_on_one_hears_what_happens_on_the_others() {
    let Some(database) = Database::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let one = Server::start(&setting(dir.path(), "one", &database)).await.unwrap();
    let two = Server::start(&setting(dir.path(), "two", &database)).await.unwrap();
    let ann = Account::register(one.address, "ann@example.com").await.unwrap();
    let listener = Account::login(one.address, "ann@example.com").await.unwrap();
    let mut live = Connection::open(two.address).await.unwrap();
    live.listen(&listener.request("GET", "/api/v1/events", None)).await.unwrap();
    hears(&mut live, "event: hello").await;

    // A note.
    let made = ann.request("POST", "/api/v1/notes", Some(&json!({ "body": "from the other side" })));
    let (status, note) = ask(one.address, &made).await;
    assert_eq!(status, 201, "{note}");
    let (heard, took) = hears(&mut live, note["id"].as_str().unwrap()).await;
    assert!(took < HEARD_WITHIN, "{took:?}");
    let position = heard.lines().rev().find_map(|line| line.strip_prefix("id: ")).unwrap().to_owned();

    // A job, to its end, whoever works it.
    let (status, job) = ask(one.address, &ann.request("POST", "/api/v1/exports", None)).await;
    assert_eq!(status, 202, "{job}");
    hears(&mut live, job["id"].as_str().unwrap()).await;
    let job = ann.request("GET", &format!("/api/v1/jobs/{}", job["id"].as_str().unwrap()), None);
    while ask(two.address, &job).await.1["state"] != "done" {
        hears(&mut live, r#""kind":"job""#).await;
    }

    // Somebody who comes back to the other server goes on where they were.
    let mut again = Connection::open(one.address).await.unwrap();
    let back = ann.request_with("GET", "/api/v1/events", &[("Last-Event-ID", &position)], None);
    again.listen(&back).await.unwrap();
    let (heard, _) = hears(&mut again, r#""kind":"job""#).await;
    assert!(!heard.contains("event: hello") && !heard.contains("event: resync"), "{heard}");
    assert!(!heard.contains(note["id"].as_str().unwrap()), "it was told before: {heard}");

    // The end of the session is the end of the stream.
    assert_eq!(ask(one.address, &listener.request("POST", "/api/v1/auth/logout", None)).await.0, 204);
    let (_, took) = hears(&mut live, "event: bye").await;
    assert!(took < HEARD_WITHIN, "{took:?}");
    tokio::time::timeout(PATIENCE, live.ends()).await.expect("the end in time").unwrap();
    two.terminate().await.unwrap();
    one.terminate().await.unwrap();
}

/// Listens until this comes; what came, and how long that took.
pub(crate) async fn hears(stream: &mut Connection, wanted: &str) -> (String, Duration) {
    let began = Instant::now();
    let heard = tokio::time::timeout(PATIENCE, stream.hear(wanted)).await.expect("an event in time").unwrap();
    (heard, began.elapsed())
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
    let mut live = Connection::open(one.address).await.unwrap();
    live.listen(&ann.request("GET", "/api/v1/events", None)).await.unwrap();
    hears(&mut live, "event: hello").await;
    tokio::task::block_in_place(|| database.halt().unwrap());
    until(one.address, &ready, |status, _| status == 503).await;
    let mut connection = Connection::open(one.address).await.unwrap();
    let answer = connection.exchange(&me).await.unwrap();
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(answer.json().unwrap()["type"], "database-unavailable");
    tokio::task::block_in_place(|| database.resume().unwrap());
    until(one.address, &me, |status, _| status == 200).await;
    until(one.address, &ready, |status, _| status == 200).await;
    // Who listened through all of it need not come back to hear what follows.
    let made = ann.request("POST", "/api/v1/notes", Some(&json!({ "body": "after it" })));
    let (status, note) = ask(one.address, &made).await;
    assert_eq!(status, 201, "{note}");
    hears(&mut live, note["id"].as_str().unwrap()).await;
    one.terminate().await.unwrap();
}
