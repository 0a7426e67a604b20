//! A server with one honest person, who is served before, during and after.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::outside::account::Account;
use crate::outside::process::{Server, Setting};
use crate::outside::wire::{Connection, Raw};

const MIB: u64 = 1 << 20;

/// Close it at the end of its test.
pub(crate) struct House {
    server: Server,
    /// The honest person.
    pub(crate) ada: Account,
    note: String,
    dir: tempfile::TempDir,
}

impl House {
    /// With settings as the programs have them.
    pub(crate) async fn open() -> Self {
        Self::with(|setting| setting).await
    }

    /// With more settings.
    pub(crate) async fn with(more: impl FnOnce(Setting) -> Setting) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let setting = Setting::new(env!("CARGO_BIN_EXE_inkstone"), dir.path().join("data"), dir.path().join("log"));
        let setting = more(setting.with("INKSTONE_DISK_RESERVE", "0"));
        let server = Server::start(&setting).await.unwrap();
        let ada = Account::register(server.address, "ada@example.org").await.unwrap();
        let mut connection = Connection::open(server.address).await.unwrap();
        let made = ada.request("POST", "/api/v1/notes", Some(&json!({ "body": "here to stay" })));
        let note = connection.exchange(&made).await.unwrap().json().unwrap()["id"].as_str().unwrap().to_owned();
        Self { server, ada, note, dir }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// The honest person reads their note, on a connection of their own.
    pub(crate) async fn goes_on(&self) {
        let mut connection = Connection::open(self.address()).await.unwrap();
        let note = self.ada.get(&mut connection, &format!("/api/v1/notes/{}", self.note)).await.unwrap();
        assert_eq!(note["body"], "here to stay");
    }

    /// One request as that person; status and answer.
    pub(crate) async fn asks(&self, method: &str, target: &str, body: Option<&Value>) -> (u16, Value) {
        self.sends(&self.ada.request(method, target, body)).await
    }

    /// One request as it is; status and answer.
    pub(crate) async fn sends(&self, request: &Raw) -> (u16, Value) {
        let mut connection = Connection::open(self.address()).await.unwrap();
        let answer = connection.exchange(request).await.unwrap();
        (answer.status, answer.json().unwrap_or(Value::Null))
    }

    /// Does something, and says by how many MiB the server's memory has been above what it was before.
    pub(crate) async fn grows_by(&self, doing: impl Future<Output = ()>) -> u64 {
        self.server.forget_peak().unwrap();
        let before = self.server.memory().unwrap().resident;
        doing.await;
        self.server.memory().unwrap().peak.saturating_sub(before) / MIB
    }

    /// Ends it, and wants it to have had no accident.
    pub(crate) async fn close(self) {
        self.goes_on().await;
        self.server.terminate().await.unwrap();
        let log = std::fs::read_to_string(self.dir.path().join("log")).unwrap();
        let accident = log.lines().find(|line| line.contains("panicked") || line.contains("ERROR"));
        assert_eq!(accident, None);
    }
}
