//! What a request leaves in the log, and a certificate.
//!
//! In a program of its own: `tracing` decides once for a whole process which places may log.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use inkstone::caller::UserId;
use inkstone::clock::{Ids, ManualClock, SeededEntropy, Timestamp};
use inkstone::config::TlsFiles;
use inkstone::error::{Error, Result};
use inkstone::http::access_log::{AccessLog, Who};
use inkstone::http::catch::Catch;
use inkstone::tls::Identity;
use inkstone::tls::reload::Follower;
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

/// What was logged by all tests together.
fn log() -> &'static Lines {
    static LOG: OnceLock<Lines> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Lines::default();
        let writer = log.clone();
        tracing_subscriber::fmt().json().with_writer(move || writer.clone()).init();
        log
    })
}

/// The lines with this text in them.
fn lines_with(mark: &str) -> Vec<Value> {
    let text = String::from_utf8(log().0.lock().unwrap().clone()).unwrap();
    text.lines().filter(|line| line.contains(mark)).map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The lines that a request with this id left, however many requests run beside it.
async fn lines(path: &str, id: &str) -> Vec<Value> {
    log();
    let app = Route::new()
        .at("/notes/:id", poem::get(note))
        .at("/broken", poem::get(broken))
        .at("/panics", poem::get(panics))
        .with(Catch)
        .with(AccessLog::new(Ids::system(), Arc::new(|_| {})));
    TestClient::new(app).get(path).header("x-request-id", id).send().await;
    lines_with(id)
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

#[test]
fn a_certificate_that_cannot_be_used_is_told_once_and_its_end_twice() {
    log();
    let folder = tempfile::tempdir().unwrap();
    let files = TlsFiles { cert: folder.path().join("watched.crt"), key: folder.path().join("watched.key") };
    let mut params = rcgen::CertificateParams::new(["watched.example".to_owned()]).unwrap();
    (params.not_before, params.not_after) = (rcgen::date_time_ymd(2026, 3, 1), rcgen::date_time_ymd(2026, 5, 30));
    let key = rcgen::KeyPair::generate().unwrap();
    std::fs::write(&files.cert, params.self_signed(&key).unwrap().pem()).unwrap();
    std::fs::write(&files.key, key.serialize_pem()).unwrap();
    let clock = Arc::new(ManualClock::new(Timestamp::parse("2026-03-01T09:30:00Z").unwrap()));
    let ids = Ids::new(clock.clone(), Arc::new(SeededEntropy::new(1)));
    let mut follower = Follower::new(files.clone(), Identity::load(&files).unwrap(), ids);
    let mut look = |times: usize| {
        for _ in 0..times {
            follower.look();
        }
    };

    for wrong in ["", "still wrong"] {
        std::fs::write(&files.key, wrong).unwrap();
        look(5);
    }
    let told = lines_with("watched.key");
    assert_eq!((told.len(), &told[0]["level"]), (1, &"WARN".into()), "{told:?}");

    std::fs::write(&files.key, key.serialize_pem()).unwrap();
    look(1);
    clock.advance(Duration::from_secs(84 * 86_400));
    look(3);
    clock.advance(Duration::from_secs(30 * 86_400));
    look(3);
    let told: Vec<_> = lines_with("2026-05-30T00:00:00")
        .iter()
        .map(|line| line["fields"]["message"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!(told[0], "TLS is on");
    assert!(told[1].contains("expires soon") && told[2].contains("has expired"), "{told:?}");
}
