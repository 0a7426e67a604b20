//! How a command reaches the store: through the server that runs on the data directory, or by opening it in this process.
//!
//! Owns the choice between the two and turns answers into results or failures. A command cannot tell which way it went: both
//! are a [`Door`], and both lead to the same routes under `/local/v1`.

use std::ops::ControlFlow;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::door::{Answer, Ask, Door, NoAnswer, Socket, Streamed};
use super::failure::Failure;
use crate::config::Config;
use crate::data_dir::{self, DataDir, DataDirError, Lock};

/// How long a command waits while somebody holds the directory and does not answer: a server on its way up or down, or
/// another command.
const PATIENCE: Duration = Duration::from_secs(5);

/// What opens a store in this process: settings, the directory, and the proof that nobody else uses it.
pub type Opener = fn(&Config, DataDir, Lock, &tokio::runtime::Runtime) -> Result<Box<dyn Door>, Failure>;

/// What a command expects of a data directory on which no server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// It is worth making a store for.
    AnyDirectory,
    /// There has to be a store: a mistyped path must not turn into an empty one.
    Store,
}

/// The API of the local administrator.
pub struct LocalApi {
    runtime: tokio::runtime::Runtime,
    door: Box<dyn Door>,
}

impl LocalApi {
    /// Runs `work` with a way to the store, and closes that way whatever `work` answers.
    pub fn with<T>(
        config: &Config,
        expect: Expect,
        open: Opener,
        work: impl FnOnce(&Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let api = Self::connect(config, expect, open)?;
        let outcome = work(&api);
        api.runtime.block_on(api.door.close());
        outcome
    }

    fn connect(config: &Config, expect: Expect, open: Opener) -> Result<Self, Failure> {
        let names = DataDir::at(&config.data_dir)?;
        let socket = names.control_socket();
        if answers(&socket) {
            return Self::over(Box::new(Socket(socket)));
        }
        // No server: work in the directory as its owner, who must be able to open what is made here. No thread runs yet.
        data_dir::become_owner(&config.data_dir)?;
        // Where this user may not look there may well be a store: opening the directory says whose it is.
        if expect == Expect::Store
            && config.database_url.is_none()
            && matches!(names.database().try_exists(), Ok(false))
        {
            let dir = config.data_dir.display();
            return Err(Failure::failed("store-missing", format!("there is no store in {dir}"))
                .hint("say with --data-dir where it is; `inkstone serve` makes a new one"));
        }
        let dir = DataDir::open(&config.data_dir)?;
        let until = Instant::now() + PATIENCE;
        let lock = loop {
            match dir.lock(Duration::from_millis(100)) {
                Ok(lock) => break lock,
                Err(DataDirError::InUse { .. }) if answers(&socket) => return Self::over(Box::new(Socket(socket))),
                Err(DataDirError::InUse { .. }) if Instant::now() < until => {}
                Err(error) => return Err(error.into()),
            }
        };
        let runtime = runtime()?;
        let door = open(config, dir, lock, &runtime)?;
        Ok(Self { runtime, door })
    }

    /// By a way that is open already.
    pub fn over(door: Box<dyn Door>) -> Result<Self, Failure> {
        Ok(Self { runtime: runtime()?, door })
    }

    /// Asks, and expects a success with a JSON body (or none: [`Value::Null`]).
    pub fn call(&self, ask: Ask) -> Result<Value, Failure> {
        let answer = self.runtime.block_on(self.door.send(ask)).map_err(|lost| unreachable(&lost))?;
        understand(&answer)
    }

    /// Asks, and hands a success over piece by piece as it comes. What `take` answers with ends it.
    pub fn stream<T>(
        &self,
        ask: Ask,
        mut take: impl FnMut(&[u8]) -> Result<ControlFlow<T>, Failure>,
    ) -> Result<Option<T>, Failure> {
        let Streamed { status, mut pieces } =
            self.runtime.block_on(self.door.stream(ask)).map_err(|lost| unreachable(&lost))?;
        let mut next = || self.runtime.block_on(pieces.recv()).transpose().map_err(|lost| unreachable(&lost));
        if !(200..300).contains(&status) {
            let mut body = Vec::new();
            while let Some(piece) = next()? {
                body.extend_from_slice(&piece);
            }
            return understand(&Answer { status, body }).map(|_| None);
        }
        while let Some(piece) = next()? {
            if let ControlFlow::Break(done) = take(&piece)? {
                return Ok(Some(done));
            }
        }
        Ok(None)
    }
}

fn unreachable(lost: &NoAnswer) -> Failure {
    Failure::failed("server-unreachable", lost.to_string())
        .hint("if the server was stopping, run the same command again")
}

/// The runtime of a command. Two threads, because a store in this process answers beside the one who asks.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| Failure::failed("no-threads", format!("cannot start threads: {e}")))
}

/// Whether a server listens there. A socket that a killed server has left behind refuses.
fn answers(socket: &Path) -> bool {
    UnixStream::connect(socket).is_ok()
}

/// A success as its JSON, a problem (RFC 9457) as a failure under the problem's own slug.
fn understand(answer: &Answer) -> Result<Value, Failure> {
    let json = serde_json::from_slice::<Value>(&answer.body);
    if (200..300).contains(&answer.status) {
        return match json {
            Ok(value) => Ok(value),
            Err(_) if answer.body.is_empty() => Ok(Value::Null),
            Err(_) => Err(Failure::failed("answer-unreadable", "the server's answer is not JSON")
                .hint("is the server of the same version as this command?")),
        };
    }
    let problem = json.unwrap_or_default();
    let text = |name: &str| problem.get(name).and_then(Value::as_str).filter(|t| !t.is_empty());
    let Some(slug) = text("type") else {
        return Err(Failure::failed("answer-unreadable", format!("the server answered with status {}", answer.status))
            .hint("is the server of the same version as this command?"));
    };
    let fields = problem.get("errors").and_then(Value::as_array).into_iter().flatten().map(|field| {
        let part = |name: &str| field.get(name).and_then(Value::as_str).unwrap_or_default();
        format!("{}: {}", part("field"), part("detail"))
    });
    // The detail says the same of the fields, on one line.
    let message = match fields.collect::<Vec<_>>() {
        none if none.is_empty() => text("detail").or_else(|| text("title")).unwrap_or(slug).to_owned(),
        fields => fields.join("\n"),
    };
    Err(Failure::failed(slug.to_owned(), message).details(problem))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::failure::Exit;

    fn answer(status: u16, body: &str) -> Result<Value, Failure> {
        understand(&Answer { status, body: body.as_bytes().to_vec() })
    }

    #[test]
    fn a_success_is_its_json_or_nothing() {
        assert_eq!(answer(200, "{\"a\":1}").unwrap()["a"], 1);
        assert_eq!(answer(204, "").unwrap(), Value::Null);
        assert_eq!(answer(200, "<html>").unwrap_err().slug, "answer-unreadable");
    }

    #[test]
    fn a_problem_is_a_failure_under_its_slug_with_each_field() {
        let problem = r#"{"type":"invalid-request","title":"Invalid","status":422,
            "detail":"email: must hold an @; password: is too short",
            "errors":[{"field":"email","detail":"must hold an @"},{"field":"password","detail":"is too short"}]}"#;
        let failure = answer(422, problem).unwrap_err();
        assert_eq!((failure.slug.as_ref(), failure.exit), ("invalid-request", Exit::Failed));
        assert_eq!(failure.message, "email: must hold an @\npassword: is too short");
        assert_eq!(
            answer(404, r#"{"type":"not-found","detail":"No such account."}"#).unwrap_err().message,
            "No such account."
        );
        assert_eq!(answer(502, "bad gateway").unwrap_err().slug, "answer-unreadable");
    }

    #[test]
    fn a_socket_left_behind_is_not_a_server() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("control.sock");
        assert!(!answers(&path));
        let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
        assert!(answers(&path));
        drop(listener);
        assert!(!answers(&path));
    }

    #[test]
    fn a_request_over_a_socket_is_answered_whole() {
        use std::io::{Read, Write};
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("control.sock");
        let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut seen = vec![0; 4096];
            let mut length = 0;
            while !seen[..length].ends_with(b"{\"a\":1}") {
                length += stream.read(&mut seen[length..]).unwrap();
            }
            stream.write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 10\r\n\r\n{\"id\":\"x\"}").unwrap();
            String::from_utf8(seen[..length].to_vec()).unwrap()
        });
        let api = LocalApi::over(Box::new(Socket(path))).unwrap();
        let value = api.call(Ask::post("/local/v1/users", &serde_json::json!({ "a": 1 }))).unwrap();
        assert_eq!(value["id"], "x");
        let request = server.join().unwrap().to_lowercase();
        assert!(request.starts_with("post /local/v1/users http/1.1\r\n"), "{request}");
        assert!(request.contains("content-type: application/json\r\n"), "{request}");
        let failure = api.call(Ask::get("/")).unwrap_err();
        assert_eq!(failure.slug, "server-unreachable");
    }
}
