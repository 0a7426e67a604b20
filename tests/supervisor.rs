//! The server under a supervisor that speaks systemd's protocol, played by the test.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says so by panicking")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long a message may take: far longer than it does, because other tests may have the machine.
const PATIENCE: Duration = Duration::from_secs(60);

struct Supervised {
    child: Child,
    messages: UnixDatagram,
    _dir: tempfile::TempDir,
}

impl Supervised {
    /// Starts the server by way of a shell, which knows the number of the process that it becomes.
    fn start(script: &str, stdin: Stdio, environment: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("notify");
        let messages = UnixDatagram::bind(&socket).unwrap();
        messages.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script, "sh", env!("CARGO_BIN_EXE_inkstone")]).arg(dir.path().join("data"));
        command.env_clear().env("NOTIFY_SOCKET", &socket).envs(environment.iter().copied());
        let child = command.stdin(stdin).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        Self { child, messages, _dir: dir }
    }

    /// The next message that says this.
    fn hears(&self, wanted: &str) -> String {
        let mut buffer = [0; 4096];
        loop {
            let length = self.messages.recv(&mut buffer).unwrap_or_else(|e| panic!("{wanted}: {e}"));
            let message = String::from_utf8(buffer[..length].to_vec()).unwrap();
            if message.lines().any(|line| line == wanted) {
                return message;
            }
        }
    }

    fn stop(&mut self) {
        let pid = nix::unistd::Pid::from_raw(self.child.id().try_into().unwrap());
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const PLAIN: &str = r#"exec "$1" serve --listen 127.0.0.1:0 --data-dir "$2""#;

#[test]
fn it_says_when_it_is_ready_that_it_lives_and_when_it_stops() {
    let mut server = Supervised::start(PLAIN, Stdio::null(), &[("WATCHDOG_USEC", "400000")]);
    let ready = server.hears("READY=1");
    assert!(ready.contains("STATUS=serving http://127.0.0.1:"), "{ready}");
    for _ in 0..3 {
        server.hears("WATCHDOG=1");
    }
    server.stop();
    server.hears("STOPPING=1");
    assert!(server.child.wait().unwrap().success());
}

#[test]
fn a_writer_that_takes_no_writes_gives_no_sign_of_life() {
    let server = Supervised::start(PLAIN, Stdio::null(), &[("WATCHDOG_USEC", "400000")]);
    server.hears("READY=1");
    server.hears("WATCHDOG=1");
    let lock = lock(&server._dir.path().join("data/inkstone.db"));
    // What was under way when the lock was taken may still come.
    server.messages.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    let mut buffer = [0; 4096];
    assert!((0..5).any(|_| server.messages.recv(&mut buffer).is_err()), "signs of life beside a lock");
    drop(lock);
    server.messages.set_read_timeout(Some(PATIENCE)).unwrap();
    server.hears("WATCHDOG=1");
}

/// Keeps everybody else from writing.
fn lock(file: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(file).unwrap();
    connection.busy_timeout(PATIENCE).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}

#[test]
fn it_serves_on_the_socket_that_it_is_handed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // The supervisor's sockets begin at descriptor 3; the address in the settings does not count.
    let script =
        r#"export LISTEN_PID=$$ LISTEN_FDS=1; exec "$1" serve --listen 127.0.0.1:1 --data-dir "$2" 3<&0 </dev/null"#;
    // It is connected to before the server runs: the connection waits.
    let mut early = TcpStream::connect(address).unwrap();
    early.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    let server = Supervised::start(script, Stdio::from(OwnedFd::from(listener)), &[]);
    server.hears("READY=1");
    early.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answer = String::new();
    early.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
