//! The change log while servers that write are killed: nothing acknowledged is missing, nothing came twice, and followers of any server
//! see the same.
//!
//! Writers keep a key for each note (`Idempotency-Key`) and send it again, to another server, when the line broke; so each note has to
//! be there exactly once, whatever the killed server had done with it. `FEED_KILLS` sets how often; the gate runs a short form.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use inkstone::feed;
use serde_json::{Value, json};

use super::instances::setting;
use super::outside::account::Account;
use super::outside::process::{PATIENCE, Server, Setting};
use super::outside::wire::Connection;
use super::proxies::free;
use super::server::Server as Database;

const SERVERS: usize = 3;
const WRITERS: usize = 16;
/// Kills of the short form.
const KILLS: usize = 4;
/// Notes between two kills.
const BETWEEN_KILLS: usize = 250;
/// Before somebody whose server is gone asks the next.
const PAUSE: Duration = Duration::from_millis(10);

/// What all writers and followers share.
struct Crew {
    ann: Account,
    addresses: Vec<SocketAddr>,
    written: AtomicUsize,
    over: AtomicBool,
    /// The change up to which followers have to come; 0 while that is not known.
    last: AtomicI64,
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_servers_leave_no_gap_and_nothing_twice() {
    let Some(database) = Database::start() else { return };
    let kills = std::env::var("FEED_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(KILLS);
    let dir = tempfile::tempdir().unwrap();
    let settings: Vec<Setting> = (0..SERVERS).map(|n| setting(dir.path(), &format!("server{n}"), &database)).collect();
    let addresses: Vec<SocketAddr> = (0..SERVERS).map(|_| free()).collect();
    let mut servers = Vec::new();
    for (setting, address) in settings.iter().zip(&addresses) {
        servers.push(Server::start_on(setting, *address).await.unwrap());
    }
    let ann = Account::register(addresses[0], "ann@example.com").await.unwrap();
    let (written, over, last) = (AtomicUsize::new(0), AtomicBool::new(false), AtomicI64::new(0));
    let crew = Arc::new(Crew { ann, addresses, written, over, last });
    let writers: Vec<_> = (0..WRITERS).map(|n| tokio::spawn(write(Arc::clone(&crew), n))).collect();
    let followers: Vec<_> = (0..SERVERS).map(|n| tokio::spawn(follow(Arc::clone(&crew), n))).collect();

    for kill in 0..kills {
        let (began, wanted) = (Instant::now(), (kill + 1) * BETWEEN_KILLS);
        while crew.written.load(Ordering::Relaxed) < wanted {
            assert!(began.elapsed() < PATIENCE, "the writers are stuck");
            tokio::time::sleep(PAUSE).await;
        }
        let n = kill % SERVERS;
        servers.remove(n).kill().unwrap();
        servers.insert(n, Server::start_on(&settings[n], crew.addresses[n]).await.unwrap());
    }
    crew.over.store(true, Ordering::Relaxed);
    let mut acknowledged = HashSet::new();
    for writer in writers {
        for id in writer.await.unwrap() {
            assert!(acknowledged.insert(id), "two answers for one note");
        }
    }

    // What is in the log of everybody, read beside the servers.
    let db = tokio::task::block_in_place(|| database.open());
    let mut log = Vec::new();
    loop {
        let after = log.last().map_or(0, |change: &feed::Change| change.seq);
        let more = db.read(move |tx| feed::store::since(tx, after, 1_000)).await.unwrap();
        if more.is_empty() {
            break;
        }
        log.extend(more);
    }
    assert!(log.iter().zip(1..).all(|(change, n)| change.seq == n), "none skipped, none out of order");
    let notes: Vec<String> =
        log.iter().filter(|change| change.kind == feed::Kind::Note).map(|change| change.id.to_string()).collect();
    assert_eq!(notes.len(), acknowledged.len(), "each note was made once");
    assert!(notes.iter().all(|id| acknowledged.contains(id)), "and is the one that was acknowledged");

    let last = log.iter().rfind(|change| change.kind == feed::Kind::Note).unwrap().seq;
    crew.last.store(last, Ordering::Relaxed);
    for (n, follower) in followers.into_iter().enumerate() {
        let seen = tokio::time::timeout(PATIENCE, follower).await.unwrap().unwrap();
        assert_eq!(seen, notes, "as server {n} has told it all the while");
    }
    println!("{} notes, {} changes, {kills} kills", notes.len(), log.len());
    db.close().await;
    for server in servers {
        server.terminate().await.unwrap();
    }
}

/// Makes notes until it is over; each is sent until there is an answer, to the next server when one breaks off.
async fn write(crew: Arc<Crew>, number: usize) -> Vec<String> {
    let (mut made, mut at) = (Vec::new(), number);
    while !crew.over.load(Ordering::Relaxed) {
        let key = format!("{number}-{}", made.len());
        let note = json!({ "body": format!("note {key}") });
        let raw = crew.ann.request_with("POST", "/api/v1/notes", &[("Idempotency-Key", &key)], Some(&note));
        loop {
            match ask(crew.addresses[at % SERVERS], &raw).await {
                Some((201, note)) => {
                    made.push(note["id"].as_str().unwrap().to_owned());
                    crew.written.fetch_add(1, Ordering::Relaxed);
                    break;
                }
                // The server is about to end, or the same note is still being made.
                Some((409 | 503, _)) => {}
                Some((status, body)) => panic!("{status}: {body}"),
                None => at += 1,
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
    made
}

/// Reads one server's log of changes all the while; which notes came, in the order that they came.
async fn follow(crew: Arc<Crew>, number: usize) -> Vec<String> {
    let (mut seen, mut at) = (Vec::new(), 0);
    loop {
        let last = crew.last.load(Ordering::Relaxed);
        if last > 0 && at >= last {
            return seen;
        }
        let raw = crew.ann.request("GET", &format!("/api/v1/changes?since={at}&limit=200"), None);
        match ask(crew.addresses[number], &raw).await {
            Some((200, page)) => {
                for change in page["items"].as_array().unwrap() {
                    let seq = change["seq"].as_i64().unwrap();
                    assert!(seq > at, "{seq} after {at}");
                    at = seq;
                    if change["kind"] == "note" {
                        seen.push(change["id"].as_str().unwrap().to_owned());
                    }
                }
            }
            Some((503, _)) | None => {}
            Some((status, body)) => panic!("{status}: {body}"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// `None`: there was no answer.
async fn ask(address: SocketAddr, raw: &[u8]) -> Option<(u16, Value)> {
    let mut connection = Connection::open(address).await.ok()?;
    let answer = connection.exchange(raw).await.ok()?;
    Some((answer.status, answer.json().unwrap_or(Value::Null)))
}
