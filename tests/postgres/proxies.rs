//! The configurations of `packaging/`, in front of real servers: nobody notices a rolling restart, and the client keeps its address.

use std::collections::HashSet;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::mpsc::UnboundedSender;

use super::instances::{HEARD_WITHIN, hears, setting};
use super::outside::account::Account;
use super::outside::process::{PATIENCE, Server, Setting};
use super::outside::wire::{Connection, request};
use super::server::Server as Database;

/// Restarts of each server, and clients that write meanwhile.
const ROUNDS: usize = 3;
const CLIENTS: usize = 4;
/// Between two looks at a log.
const GLANCE: Duration = Duration::from_millis(20);

/// A proxy with a configuration of `packaging/`, its addresses exchanged for those of the test.
struct Proxy {
    child: Child,
    address: SocketAddr,
    _dir: tempfile::TempDir,
}

pub(crate) fn free() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

impl Proxy {
    fn nginx(servers: [SocketAddr; 2]) -> Option<Self> {
        Self::start(
            "nginx/inkstone.conf",
            "listen 80;",
            |address| format!("listen {address};"),
            servers,
            |dir, conf| {
                let whole = format!(
                    "daemon off; pid {0}/pid; error_log {0}/log; events {{}} http {{ access_log off; \
                 client_body_temp_path {0}/body; proxy_temp_path {0}/proxy; include {1}; }}",
                    dir.display(),
                    conf.display()
                );
                let main = dir.join("main.conf");
                std::fs::write(&main, whole).unwrap();
                let mut command = Command::new("nginx");
                command.arg("-p").arg(dir).arg("-e").arg(dir.join("log")).arg("-c").arg(main);
                command
            },
        )
    }

    fn haproxy(servers: [SocketAddr; 2]) -> Option<Self> {
        Self::start(
            "haproxy/haproxy.cfg",
            "bind :80",
            |address| format!("bind {address}"),
            servers,
            |_, conf| {
                let mut command = Command::new("haproxy");
                command.arg("-db").arg("-f").arg(conf);
                command
            },
        )
    }

    fn start(
        name: &str,
        port: &str,
        on: impl Fn(SocketAddr) -> String,
        servers: [SocketAddr; 2],
        command: impl Fn(&Path, &Path) -> Command,
    ) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let address = free();
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging").join(name)).unwrap();
        assert!(text.contains(port) && text.contains("127.0.0.1:7465") && text.contains("127.0.0.1:7466"), "{name}");
        let text = text
            .replace(port, &on(address))
            .replace("127.0.0.1:7465", &servers[0].to_string())
            .replace("127.0.0.1:7466", &servers[1].to_string());
        let conf = dir.path().join("conf");
        std::fs::File::create(&conf).unwrap().write_all(text.as_bytes()).unwrap();
        let started = command(dir.path(), &conf).stdin(Stdio::null()).spawn();
        match started {
            Ok(child) => Some(Self { child, address, _dir: dir }),
            Err(why) if std::env::var_os("REQUIRE_SERVERS").is_some() => panic!("{name}: {why}"),
            Err(why) => {
                eprintln!("ignored: {name}: {why}");
                None
            }
        }
    }

    async fn ready(&self) {
        let began = Instant::now();
        let ask = request("GET", "/readyz", &[], None);
        loop {
            if let Ok(mut connection) = Connection::open(self.address).await
                && connection.exchange(&ask).await.is_ok_and(|answer| answer.status == 200)
            {
                return;
            }
            assert!(began.elapsed() < PATIENCE);
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.child.id()).unwrap());
        let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM);
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_nginx_a_rolling_restart_fails_no_request() {
    rolling(Proxy::nginx).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_haproxy_a_rolling_restart_fails_no_request() {
    rolling(Proxy::haproxy).await;
}

/// Listens through a proxy, and comes back after the last event when the line ends; tells which notes changed.
async fn follow(ann: Account, at: SocketAddr, told: UnboundedSender<String>) {
    let mut position: Option<String> = None;
    loop {
        let mut live = Connection::open(at).await.unwrap();
        let mut headers = vec![("Connection", "close")];
        headers.extend(position.as_deref().map(|id: &str| ("Last-Event-ID", id)));
        live.listen(&ann.request_with("GET", "/api/v1/events?since=0", &headers, None)).await.unwrap();
        while let Ok(event) = live.hear("\n\n").await {
            assert!(!event.contains("event: resync"), "{event}");
            if let Some((_, id)) = event.split_once("id: ") {
                position = Some(id.lines().next().unwrap_or_default().to_owned());
            }
            if let Some((_, note)) = event.split_once(r#""kind":"note","id":""#)
                && told.send(note.split('"').next().unwrap_or_default().to_owned()).is_err()
            {
                return;
            }
        }
    }
}

/// How many notes that server has taken, by its access lines.
fn served(setting: &Setting) -> usize {
    let log = std::fs::read_to_string(&setting.log).unwrap();
    log.lines().filter(|line| line.contains("POST") && line.contains("/api/v1/notes\"")).count()
}

async fn rolling(proxy: impl Fn([SocketAddr; 2]) -> Option<Proxy>) {
    let Some(database) = Database::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let addresses = [free(), free()];
    let settings: Vec<Setting> = ["one", "two"]
        .iter()
        .zip(addresses)
        .map(|(name, _)| setting(dir.path(), name, &database).with("INKSTONE_TRUSTED_PROXIES", "127.0.0.1"))
        .collect();
    let mut servers = Vec::new();
    for (setting, address) in settings.iter().zip(addresses) {
        servers.push(Some(Server::start_on(setting, address).await.unwrap()));
    }
    let Some(proxy) = proxy(addresses) else { return };
    proxy.ready().await;

    // A client is known by the address that the proxy saw; what it says of itself is not believed.
    let ann = Account::register(proxy.address, "ann@example.com").await.unwrap();
    let elsewhere = "127.0.0.9".parse().unwrap();
    let mut connection = Connection::open_from(elsewhere, proxy.address).await.unwrap();
    let forged = [("X-Forwarded-For", "203.0.113.9")];
    let login = json!({ "email": "ann@example.com", "password": super::outside::account::PASSWORD });
    let answer = connection.exchange(&request("POST", "/api/v1/auth/login", &forged, Some(&login))).await.unwrap();
    assert_eq!(answer.status, 200);
    let sessions = ann.get(&mut connection, "/api/v1/me/sessions").await.unwrap();
    let addresses_seen: Vec<_> = sessions["items"].as_array().unwrap().iter().map(|s| s["address"].clone()).collect();
    assert_eq!(addresses_seen, ["127.0.0.9", "127.0.0.1"], "the newest first");

    let (over, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|n| {
            let (ann, over, written, at) = (ann.clone(), Arc::clone(&over), Arc::clone(&written), proxy.address);
            tokio::spawn(async move {
                let write = ann.request("POST", "/api/v1/notes", Some(&json!({ "body": format!("by {n}") })));
                while !over.load(Ordering::Relaxed) {
                    let mut connection = Connection::open(at).await.unwrap();
                    let answer = connection.exchange(&write).await.unwrap();
                    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(answer.body()));
                    written.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let listener = tokio::spawn(follow(ann.clone(), proxy.address, told));
    for _ in 0..ROUNDS {
        for n in 0..servers.len() {
            servers[n].take().unwrap().terminate().await.unwrap();
            let before = served(&settings[n]);
            servers[n] = Some(Server::start_on(&settings[n], addresses[n]).await.unwrap());
            // The other one is only stopped when this one takes part again.
            let began = Instant::now();
            while served(&settings[n]) < before + 10 {
                assert!(clients.iter().all(|client| !client.is_finished()), "a client has met a failure");
                assert!(began.elapsed() < PATIENCE, "the proxy does not come back to a server that is ready");
                tokio::time::sleep(GLANCE).await;
            }
        }
    }
    over.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
    let mut connection = Connection::open(proxy.address).await.unwrap();
    let written = written.load(Ordering::Relaxed);
    // Whoever listened all the while, coming back to whichever server there was, heard of each note once.
    let mut notes = HashSet::new();
    while notes.len() < written {
        let note = tokio::time::timeout(PATIENCE, heard.recv()).await.expect("an event in time").unwrap();
        assert!(notes.insert(note), "told twice");
    }
    listener.abort();
    let (whole, took) = {
        let mut live = Connection::open(proxy.address).await.unwrap();
        live.listen(&ann.request("GET", "/api/v1/events", None)).await.unwrap();
        hears(&mut live, "event: hello").await;
        let made = ann.request("POST", "/api/v1/notes", Some(&json!({ "body": "now" })));
        assert_eq!(connection.exchange(&made).await.unwrap().status, 201);
        hears(&mut live, "event: change").await
    };
    assert!(took < HEARD_WITHIN, "the proxy keeps events back: {took:?}: {whole}");
    for server in servers.into_iter().flatten() {
        server.terminate().await.unwrap();
    }
}
