//! The commands that need the store, beside a running server and without one: both ways have to answer alike.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says so by panicking")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

fn command(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inkstone"));
    command.args(args).arg("--data-dir").arg(dir).env_clear().stdin(Stdio::null());
    command
}

fn run(dir: &Path, args: &[&str], stdin: &str) -> Output {
    let mut child = command(dir, args)
        .arg("--json")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that asks for nothing may have gone by now.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    child.wait_with_output().unwrap()
}

fn done(dir: &Path, args: &[&str], stdin: &str) -> Value {
    let output = run(dir, args, stdin);
    assert!(output.status.success(), "{args:?}: {output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn failed(dir: &Path, args: &[&str], stdin: &str) -> String {
    let output = run(dir, args, stdin);
    assert_eq!(output.status.code(), Some(1), "{args:?}: {output:?}");
    let last = output.stderr.split(|b| *b == b'\n').rfind(|line| !line.is_empty()).unwrap();
    let error: Value = serde_json::from_slice(last).unwrap();
    error["error"]["slug"].as_str().unwrap().to_owned()
}

/// A server that is stopped by SIGTERM when the test ends.
struct Server {
    child: Child,
    /// Where it says that it is.
    url: String,
}

impl Server {
    fn start(dir: &Path, more: &[&str]) -> Self {
        let args = [&["serve", "--listen", "127.0.0.1:0"], more].concat();
        let mut child = command(dir, &args).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let url = lines.by_ref().find_map(|line| Some(line.unwrap().strip_prefix("Inkstone is ready at ")?.to_owned()));
        let url = url.unwrap_or_else(|| panic!("{:?}", child.wait()));
        // Somebody has to read what it logs.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url }
    }

    fn stop(&mut self) -> std::process::ExitStatus {
        let pid = nix::unistd::Pid::from_raw(self.child.id().try_into().unwrap());
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
        self.child.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn notes() -> tempfile::TempDir {
    let temp = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(temp.path().join("kitchen/drinks")).unwrap();
    std::fs::write(temp.path().join("kitchen/drinks/tea.md"), "---\ntags: [green]\ndate: 2024-05-06\n---\n# Tea\n")
        .unwrap();
    std::fs::write(temp.path().join("kitchen/Shopping list.md"), "- milk\n").unwrap();
    std::fs::write(temp.path().join("broken.md"), b"\xff\xfe").unwrap();
    temp
}

/// An account's notes to a file, back where they came from, and to somebody else.
fn taken_away_and_brought_back(dir: &Path, from: &str, to: &str) {
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("notes.zip");
    let path = file.to_str().unwrap();
    let summary = done(dir, &["export", "--user", from, "--to", path], "");
    assert_eq!((summary["notes"].as_u64(), summary["notebooks"].as_u64()), (Some(2), Some(2)), "{summary}");
    assert_eq!(summary["bytes"].as_u64(), Some(std::fs::metadata(&file).unwrap().len()));
    let before = std::fs::read(&file).unwrap();
    let nowhere = temp.path().join("missing/notes.zip");

    let again = run(dir, &["export", "--user", from, "--to", path], "");
    assert_eq!(again.status.code(), Some(3), "{again:?}");
    assert!(String::from_utf8_lossy(&again.stderr).contains("export-file-exists"), "{again:?}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
    done(dir, &["export", "--user", from, "--to", path, "--overwrite"], "");
    assert_eq!(
        failed(dir, &["export", "--user", "nobody@example.org", "--to", nowhere.to_str().unwrap()], ""),
        "not-found"
    );
    assert_eq!(failed(dir, &["export", "--user", from, "--to", nowhere.to_str().unwrap()], ""), "export-unwritable");
    assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 1, "nothing unfinished is left");

    let streamed = command(dir, &["export", "--user", from, "--to", "-"]).output().unwrap();
    assert!(streamed.status.success() && streamed.stdout.starts_with(b"PK\x03\x04"), "{streamed:?}");
    assert!(String::from_utf8_lossy(&streamed.stderr).contains("2 notes and 2 notebooks exported"), "{streamed:?}");
    assert_eq!(run(dir, &["export", "--user", from, "--to", "-"], "").status.code(), Some(2), "with --json");

    let dry = done(dir, &["import", path, "--dry-run"], "");
    assert_eq!((dry["planned"].as_u64(), dry["notebooks"].as_u64()), (Some(2), Some(2)), "{dry}");
    for (whose, imported) in [(from, 0), (to, 2), (to, 0)] {
        let report = done(dir, &["import", path, "--user", whose, "--format", "inkstone"], "");
        assert_eq!((report["imported"].as_u64(), report["unchanged"].as_u64()), (Some(imported), Some(2 - imported)));
        assert_eq!(report["skipped"].as_array().unwrap().len(), 0, "{report}");
    }
    assert_eq!(
        failed(dir, &["import", dir.to_str().unwrap(), "--user", to, "--format", "inkstone"], ""),
        "import-not-an-export"
    );
    std::fs::write(&file, &before[..before.len() / 2]).unwrap();
    assert_eq!(failed(dir, &["import", path, "--user", to], ""), "import-archive-damaged");
}

/// What a person does from the first account to a searched note, by commands alone.
fn everything_works(dir: &Path) {
    const ADA: &str = "ada@example.org";
    let create = ["user", "create", "--admin", "--email", ADA, "--name", "Ada", "--password-stdin"];
    let ada = done(dir, &create, "correct horse battery\n");
    assert_eq!((ada["email"].as_str(), ada["role"].as_str()), (Some(ADA), Some("admin")));
    assert_eq!(failed(dir, &create, "correct horse battery\n"), "email-taken");
    let short = ["user", "create", "--email", "bob@example.org", "--password-stdin"];
    assert_eq!(failed(dir, &short, "short\n"), "invalid-request");
    done(dir, &short, "another good password\n");

    let emails = || {
        let list = done(dir, &["user", "list"], "");
        let items = list["items"].as_array().unwrap().clone();
        let mut emails: Vec<_> =
            items.iter().map(|u| (u["email"].as_str().unwrap().to_owned(), u["disabled"].as_bool().unwrap())).collect();
        emails.sort();
        emails
    };
    assert_eq!(emails(), [(ADA.to_owned(), false), ("bob@example.org".to_owned(), false)]);
    assert_eq!(failed(dir, &["user", "disable", ADA], ""), "last-admin");
    done(dir, &["user", "disable", "bob@example.org"], "");
    assert_eq!(emails()[1], ("bob@example.org".to_owned(), true));
    done(dir, &["user", "enable", "bob@example.org"], "");
    done(dir, &["user", "reset-password", ADA, "--password-stdin"], "a different good password\n");
    assert_eq!(failed(dir, &["user", "setup-link"], ""), "already-set-up");

    let notes = notes();
    let folder = notes.path().to_str().unwrap();
    let report = done(dir, &["import", folder, "--user", ADA], "");
    assert_eq!((report["imported"].as_u64(), report["unchanged"].as_u64()), (Some(2), Some(0)), "{report}");
    assert_eq!(report["skipped"][0]["reason"], "not-utf8");
    let again = done(dir, &["import", folder, "--user", ADA], "");
    assert_eq!((again["imported"].as_u64(), again["unchanged"].as_u64()), (Some(0), Some(2)), "{again}");
    assert_eq!(failed(dir, &["import", folder, "--user", "nobody@example.org"], ""), "not-found");

    taken_away_and_brought_back(dir, ADA, "bob@example.org");
    let rebuilt = done(dir, &["index", "rebuild"], "");
    assert_eq!((rebuilt["state"].as_str(), rebuilt["notes"].as_u64()), (Some("ready"), Some(4)), "{rebuilt}");
    let verified = done(dir, &["index", "verify"], "");
    assert_eq!((verified["sound"].as_bool(), verified["notes"].as_u64()), (Some(true), Some(4)), "{verified}");
    assert_eq!(done(dir, &["index", "status"], "")["state"], "ready");
    let sampled = done(dir, &["index", "verify", "--sample", "2"], "");
    assert_eq!((&sampled["scope"], &sampled["sound"]), (&json!("sample"), &json!(true)), "{sampled}");
    let since = verified["change"].to_string();
    let nothing_new = done(dir, &["index", "verify", "--since", &since], "");
    assert_eq!((&nothing_new["scope"], &nothing_new["compared"]), (&json!("since"), &json!(0)), "{nothing_new}");
    assert_eq!(failed(dir, &["index", "verify", "--since", "1000000"], ""), "invalid-request");
    for senseless in [&["--sample", "0"][..], &["--sample", "2", "--since", "1"], &["--since", "-1"]] {
        let output = run(dir, &[&["index", "verify"], senseless].concat(), "");
        assert_eq!(output.status.code(), Some(2), "{senseless:?}: {output:?}");
    }
}

#[test]
fn every_command_works_without_a_server() {
    let temp = tempfile::tempdir().unwrap();
    everything_works(&temp.path().join("data"));
}

#[test]
fn every_command_works_beside_a_running_server() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("data");
    let mut server = Server::start(&dir, &[]);
    done(&dir, &["healthcheck"], "");
    everything_works(&dir);
    assert_eq!(done(&dir, &["migrate"], "")["applied"].as_array().unwrap().len(), 0);
    let second = run(&dir, &["serve", "--listen", "127.0.0.1:0"], "");
    assert_eq!(second.status.code(), Some(3), "{second:?}");
    assert!(server.stop().success());
    assert!(!dir.join("control.sock").exists());
}

#[test]
fn a_server_with_tls_says_so_and_is_healthy_over_its_socket() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("data");
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let [cert, key] = ["cert.pem", "key.pem"].map(|name| temp.path().join(name).to_str().unwrap().to_owned());
    std::fs::write(&cert, pair.cert.pem()).unwrap();
    std::fs::write(&key, pair.signing_key.serialize_pem()).unwrap();
    let server = Server::start(&dir, &["--tls-cert", &cert, "--tls-key", &key]);
    assert!(server.url.starts_with("https://127.0.0.1:"), "{}", server.url);
    done(&dir, &["healthcheck"], "");
    let link = done(&dir, &["user", "setup-link"], "");
    assert!(link["url"].as_str().unwrap().starts_with(&format!("{}/setup?token=", server.url)), "{link}");
    let plain = server.url.replace("https:", "http:");
    assert_eq!(failed(&dir, &["healthcheck", "--url", &plain], ""), "server-not-ready");
}

#[test]
fn a_set_up_link_made_without_a_server_is_a_link() {
    let temp = tempfile::tempdir().unwrap();
    let link = done(&temp.path().join("data"), &["user", "setup-link"], "");
    assert!(link["url"].as_str().unwrap().starts_with("http://127.0.0.1:7465/setup?token="), "{link}");
}

#[test]
fn a_log_that_was_changed_or_cut_off_is_found_by_its_command() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("data");
    for name in ["ada", "bob", "eve"] {
        let email = format!("{name}@example.org");
        done(&dir, &["user", "create", "--email", &email, "--password-stdin"], "correct horse battery\n");
    }
    let whole = done(&dir, &["audit", "verify"], "");
    assert_eq!((&whole["whole"], &whole["rows"], &whole["anchors"]), (&Value::from(true), &3.into(), &0.into()));
    done(&dir, &["backup", "create"], "");
    assert_eq!(done(&dir, &["audit", "verify"], "")["anchors"], 1);
    let by_hand = |sql: &str| {
        rusqlite::Connection::open(dir.join("inkstone.db")).unwrap().execute(sql, []).unwrap();
    };
    by_hand("UPDATE audit SET times = 2 WHERE seq = 2");
    assert_eq!(failed(&dir, &["audit", "verify"], ""), "audit-unsound");
    by_hand("UPDATE audit SET times = 1 WHERE seq = 2");
    by_hand("DELETE FROM audit WHERE seq = 3");
    assert_eq!(failed(&dir, &["audit", "verify"], ""), "audit-unsound", "the backup has seen it");
}

#[test]
fn a_turn_of_the_master_key_that_was_cut_short_is_finished_at_the_next_start() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("data");
    done(&dir, &["user", "create", "--email", "ada@example.org", "--password-stdin"], "correct horse battery\n");
    let keys = || {
        let mut names: Vec<String> = std::fs::read_dir(dir.join("keys"))
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let key = || std::fs::read(dir.join("keys/master.key")).unwrap();
    let first = key();
    // As if the process had been killed once the next key was on disk.
    std::fs::write(dir.join("keys/master.key.next"), [9; 32]).unwrap();
    std::fs::set_permissions(dir.join("keys/master.key.next"), std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .unwrap();
    done(&dir, &["user", "list"], "");
    assert_eq!(key(), [9; 32]);
    assert_eq!(keys().len(), 2, "the key before is kept: {:?}", keys());
    let turned = done(&dir, &["keys", "rotate"], "");
    assert_eq!(turned["sealed"], 5);
    assert_eq!(keys().len(), 3);
    assert_ne!(key(), first);
    // Everything opens under the new one alone.
    for name in keys().into_iter().filter(|name| name != "master.key") {
        std::fs::remove_file(dir.join("keys").join(name)).unwrap();
    }
    done(&dir, &["user", "list"], "");
}
