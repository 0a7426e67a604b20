//! What a request leaves in the log.
//!
//! In a program of its own: `tracing` decides once for a whole process which places may log.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use inkstone::caller::UserId;
use inkstone::clock::Ids;
use inkstone::error::{Error, Result};
use inkstone::http::access_log::{AccessLog, Who};
use inkstone::http::catch::Catch;
use poem::test::TestClient;
use poem::{EndpointExt as _, Request, Route, handler};
use serde_json::Value;
use uuid::Uuid;

#[handler]
fn note(request: &Request) -> &'static str {
    Who::note(request, UserId(Uuid::nil()));
    "four"
}

#[handler]
fn broken() -> Result<()> {
    Err(Error::internal("the disk is on fire"))
}

#[handler]
fn panics() {
    assert_eq!(1, 2, "sums");
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The lines that a request with this id left, however many requests run beside it.
async fn lines(path: &str, id: &str) -> Vec<Value> {
    static LOG: OnceLock<Lines> = OnceLock::new();
    let log = LOG.get_or_init(|| {
        let log = Lines::default();
        let writer = log.clone();
        tracing_subscriber::fmt().json().with_writer(move || writer.clone()).init();
        log
    });
    let app = Route::new()
        .at("/notes/:id", poem::get(note))
        .at("/broken", poem::get(broken))
        .at("/panics", poem::get(panics))
        .with(Catch)
        .with(AccessLog::new(Ids::system(), Arc::new(|_| {})));
    TestClient::new(app).get(path).header("x-request-id", id).send().await;
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    text.lines().filter(|line| line.contains(id)).map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn the_access_line_names_the_user_and_leaves_the_query_out() {
    let lines = lines("/notes/7?token=secret", "ordinary").await;
    assert_eq!(lines.len(), 1);
    let fields = &lines[0]["fields"];
    assert_eq!(
        (&lines[0]["target"], &fields["method"], &fields["path"]),
        (&"access".into(), &"GET".into(), &"/notes/7".into())
    );
    assert_eq!((&fields["status"], &fields["bytes"]), (&200.into(), &4.into()));
    assert_eq!(fields["user"], Uuid::nil().to_string());
    assert!(!lines[0].to_string().contains("secret"));
}

#[tokio::test]
async fn a_failure_of_ours_is_logged_once_with_its_reason_and_the_id() {
    let lines = lines("/broken", "failing").await;
    assert_eq!(lines.len(), 2, "the reason and the access line");
    assert_eq!((&lines[0]["level"], &lines[0]["span"]["request_id"]), (&"ERROR".into(), &"failing".into()));
    assert_eq!(lines[0]["fields"]["error"], "internal error: the disk is on fire");
    assert_eq!(lines[1]["fields"]["status"], 500);
}

#[tokio::test]
async fn a_panic_is_logged_with_its_message() {
    let lines = lines("/panics", "panicking").await;
    assert!(lines[0]["fields"]["panic"].as_str().unwrap().contains("sums"));
    assert_eq!(lines[1]["fields"]["status"], 500);
}
