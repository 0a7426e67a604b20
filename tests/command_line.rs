//! The binary as scripts and people see it: exit codes, streams, slugs.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says so by panicking")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Runs the binary with nothing of this process's surroundings.
fn inkstone(args: &[&str]) -> Output {
    command(args).output().unwrap()
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inkstone"));
    command.args(args).env_clear().env("HOME", "/nonexistent").stdin(Stdio::null());
    command
}

fn out(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {output:?}"))
}

/// Exit code and slug of a failure with `--json`; its standard output has to be empty.
fn failure(output: &Output) -> (i32, String) {
    assert!(output.stdout.is_empty(), "{output:?}");
    let last = output.stderr.split(|b| *b == b'\n').rfind(|line| !line.is_empty()).unwrap();
    let error: Value = serde_json::from_slice(last).unwrap_or_else(|e| panic!("{e}: {output:?}"));
    (output.status.code().unwrap(), error["error"]["slug"].as_str().unwrap().to_owned())
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_result_is_one_json_object_on_standard_output() {
    let version = inkstone(&["version", "--json"]);
    assert_eq!(out(&version)["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(version.stdout.iter().filter(|b| **b == b'\n').count(), 1);
    let script = inkstone(&["completions", "zsh"]);
    assert!(script.status.success() && script.stdout.starts_with(b"#compdef inkstone"));
}

#[test]
fn a_command_line_that_makes_no_sense_is_exit_code_2() {
    assert_eq!(failure(&inkstone(&["--json", "fly"])), (2, "usage".into()));
    assert_eq!(inkstone(&["fly"]).status.code(), Some(2));
    assert_eq!(inkstone(&[]).status.code(), Some(2));
    assert_eq!(inkstone(&["--help"]).status.code(), Some(0));
}

#[test]
fn settings_are_shown_with_where_they_were_said_and_secrets_are_not() {
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("inkstone.toml");
    std::fs::write(&file, "signup = 'open'\nmetrics_token = 'a-secret-0123456789'\n").unwrap();
    let output = command(&["config", "show", "--json", "--listen", "127.0.0.1:1"])
        .env("INKSTONE_CONFIG", &file)
        .env("INKSTONE_LOG_LEVEL", "debug")
        .output()
        .unwrap();
    assert!(!String::from_utf8_lossy(&output.stdout).contains("a-secret"));
    let shown = out(&output);
    let said = |name: &str| {
        let settings = shown["settings"].as_array().unwrap();
        let setting = settings.iter().find(|s| s["name"] == name).unwrap();
        (setting["value"].as_str().unwrap_or("-").to_owned(), setting["source"].as_str().unwrap().to_owned())
    };
    assert_eq!(said("listen"), ("127.0.0.1:1".into(), "--listen".into()));
    assert_eq!(said("log_level"), ("debug".into(), "INKSTONE_LOG_LEVEL".into()));
    assert_eq!(said("signup"), ("open".into(), path(&file).into()));
    assert_eq!(said("metrics_token"), ("[redacted]".into(), path(&file).into()));
    assert_eq!(said("disk_reserve"), ("32MiB".into(), "default".into()));
}

#[test]
fn wrong_settings_are_exit_code_2_and_all_named() {
    let output = command(&["config", "check", "--json"])
        .env("INKSTONE_LISTEN", "nowhere")
        .env("INKSTONE_SIGNUP", "maybe")
        .output()
        .unwrap();
    assert_eq!(failure(&output), (2, "config-value-invalid".into()));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("nowhere") && text.contains("maybe"), "{text}");
}

#[test]
fn an_unsafe_data_directory_is_exit_code_3() {
    let temp = tempfile::tempdir().unwrap();
    let long = temp.path().join("x".repeat(110));
    let output = inkstone(&["user", "setup-link", "--json", "--data-dir", path(&long)]);
    assert_eq!(failure(&output), (3, "data-dir-path-too-long".into()));
    let file = temp.path().join("file");
    std::fs::write(&file, "").unwrap();
    let output = inkstone(&["user", "setup-link", "--json", "--data-dir", path(&file)]);
    assert_eq!(failure(&output), (3, "data-dir-not-a-directory".into()));
}

#[test]
fn a_mistyped_data_directory_does_not_become_an_empty_store() {
    let temp = tempfile::tempdir().unwrap();
    let typo = temp.path().join("typo");
    for command in [["user", "list"], ["user", "disable"]] {
        let mut args = command.to_vec();
        if command[1] == "disable" {
            args.push("ada@example.org");
        }
        args.extend(["--json", "--data-dir", path(&typo)]);
        assert_eq!(failure(&inkstone(&args)), (1, "store-missing".into()));
    }
    assert!(!typo.exists());
}

#[test]
fn a_health_check_without_a_server_fails() {
    let temp = tempfile::tempdir().unwrap();
    let output = inkstone(&["healthcheck", "--json", "--data-dir", path(temp.path())]);
    assert_eq!(failure(&output), (1, "server-unreachable".into()));
    let output = inkstone(&["healthcheck", "--json", "--url", "https://example.org"]);
    assert_eq!(failure(&output), (2, "healthcheck-url".into()));
}

#[test]
fn a_health_check_follows_what_the_server_says() {
    use std::io::{BufRead, BufReader};
    for (status, code) in [("200 OK", 0), ("503 Service Unavailable", 1)] {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/notes", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let first = lines.next().unwrap().unwrap();
            while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}").unwrap();
            first
        });
        assert_eq!(inkstone(&["healthcheck", "--url", &url]).status.code(), Some(code));
        assert_eq!(server.join().unwrap(), "GET /notes/readyz HTTP/1.1");
    }
}

#[test]
fn a_dry_import_counts_and_names_what_is_skipped() {
    let temp = tempfile::tempdir().unwrap();
    std::fs::create_dir(temp.path().join("kitchen")).unwrap();
    std::fs::write(temp.path().join("kitchen/tea.md"), "# Tea\n").unwrap();
    std::fs::write(temp.path().join("photo.jpg"), "").unwrap();
    std::fs::write(temp.path().join("latin1.md"), b"caf\xe9").unwrap();
    let report = out(&inkstone(&["import", path(temp.path()), "--dry-run", "--json"]));
    assert_eq!((report["planned"].as_u64(), report["imported"].as_u64()), (Some(1), Some(0)));
    let skipped: Vec<(&str, &str)> = report["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| (s["source"].as_str().unwrap(), s["reason"].as_str().unwrap()))
        .collect();
    assert_eq!(skipped, [("latin1.md", "not-utf8"), ("photo.jpg", "not-markdown")]);
    let gone = inkstone(&["import", "/nonexistent", "--dry-run", "--json"]);
    assert_eq!(failure(&gone), (1, "import-path-unreadable".into()));
}

#[test]
fn a_store_is_migrated_once_and_says_where_it_stands() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("data");
    let migrate = |args: &[&str]| {
        let mut all = vec!["migrate", "--json", "--data-dir", path(&dir)];
        all.extend(args);
        out(&inkstone(&all))
    };
    let steps = migrate(&["status"])["pending"].as_u64().unwrap();
    assert!(steps > 0 && !dir.exists());
    assert_eq!(migrate(&["--dry-run"])["applied"].as_array().unwrap().len() as u64, steps);
    assert!(!dir.join("inkstone.db").exists());
    assert_eq!(migrate(&[])["applied"].as_array().unwrap().len() as u64, steps);
    assert_eq!(migrate(&["up"])["applied"].as_array().unwrap().len(), 0);
    assert_eq!(migrate(&["status"])["pending"], 0);
    assert_eq!(std::fs::metadata(dir.join("keys/master.key")).unwrap().len(), 32);
    std::fs::write(dir.join("inkstone.db"), "not a database, but long enough to look at".repeat(50)).unwrap();
    let refused = inkstone(&["migrate", "--json", "--data-dir", path(&dir)]);
    assert_eq!(failure(&refused), (3, "not-a-database".into()));
}

/// Only root can become another user, so anybody else has nothing to try here.
#[test]
fn what_root_does_in_the_directory_of_another_user_belongs_to_that_user() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    const NOBODY: u32 = 65534;
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("data");
    std::fs::create_dir(&dir).unwrap();
    if chown(&dir, Some(NOBODY), Some(NOBODY)).is_err() {
        return;
    }
    std::fs::set_permissions(temp.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let output = inkstone(&["migrate", "--json", "--data-dir", path(&dir)]);
    assert!(output.status.success(), "{output:?}");
    let mut seen = 0;
    for entry in walkdir::WalkDir::new(&dir) {
        let entry = entry.unwrap();
        let found = entry.metadata().unwrap();
        assert_eq!(found.uid(), NOBODY, "{}", entry.path().display());
        assert_eq!(found.mode() & 0o077, 0, "{}", entry.path().display());
        seen += 1;
    }
    assert!(seen >= 5, "{seen}");
}

/// A certificate for `localhost` with its key, in a folder.
fn pair(folder: &Path, name: &str, until: (i32, u8, u8)) -> [String; 2] {
    let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.not_after = rcgen::date_time_ymd(until.0, until.1, until.2);
    let key = rcgen::KeyPair::generate().unwrap();
    let files = ["crt", "key"].map(|ending| folder.join(format!("{name}.{ending}")));
    std::fs::write(&files[0], params.self_signed(&key).unwrap().pem()).unwrap();
    std::fs::write(&files[1], key.serialize_pem()).unwrap();
    files.map(|file| path(&file).to_owned())
}

#[test]
fn a_certificate_is_judged_before_anything_is_opened() {
    let temp = tempfile::tempdir().unwrap();
    let [cert, key] = &pair(temp.path(), "one", (4000, 1, 1));
    let [_, other] = &pair(temp.path(), "two", (4000, 1, 1));
    let [old, old_key] = &pair(temp.path(), "old", (2020, 1, 1));
    let missing = path(&temp.path().join("missing")).to_owned();
    let data = temp.path().join("data");
    let check = |cert: &str, key: &str| inkstone(&["config", "check", "--json", "--tls-cert", cert, "--tls-key", key]);

    assert_eq!(out(&check(cert, key))["warnings"], serde_json::json!([]));
    let warned = out(&check(old, old_key));
    assert!(warned["warnings"][0].as_str().unwrap().contains("expired"), "{warned}");
    for (cert, key, slug) in [
        (&missing, key, "tls-file-unreadable"),
        (cert, &missing, "tls-file-unreadable"),
        (key, key, "tls-certificate-missing"),
        (cert, cert, "tls-key-missing"),
        (cert, other, "tls-key-mismatch"),
    ] {
        assert_eq!(failure(&check(cert, key)), (2, slug.to_owned()));
        let serve = inkstone(&["serve", "--json", "--data-dir", path(&data), "--tls-cert", cert, "--tls-key", key]);
        assert_eq!(failure(&serve), (2, slug.to_owned()));
    }
    let half = inkstone(&["serve", "--json", "--data-dir", path(&data), "--tls-cert", cert]);
    assert_eq!(failure(&half), (2, "config-tls-incomplete".to_owned()));
    assert!(!data.exists());
}

/// The list is for scripts: a slug that is missing from it, or is only in it, is a promise that nobody keeps.
#[test]
fn the_published_slugs_are_those_of_the_sources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    let mut sources: Vec<String> = [
        "src/data_dir/mod.rs",
        "src/db/refusal.rs",
        "src/db/transfer/mod.rs",
        "src/config/layers.rs",
        "src/tls/mod.rs",
    ]
    .map(read)
    .to_vec();
    for entry in std::fs::read_dir(root.join("src/cli")).unwrap() {
        sources.push(std::fs::read_to_string(entry.unwrap().path()).unwrap());
    }
    // There, every arm with a word is a slug.
    sources.push(read("src/backup/error.rs").replace(" => ", " { .. } => "));
    let mut used = std::collections::BTreeSet::new();
    for source in &sources {
        let code = source.split("mod tests {").next().unwrap();
        for before in ["failed(", "usage(", "refused(", "slug: ", "complain(", "{ .. } => ", "(_) => ", "(..) => "] {
            for rest in code.split(before).skip(1) {
                let Some(word) = rest.trim_start().strip_prefix('"').and_then(|r| r.split('"').next()) else {
                    continue;
                };
                if !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
                    used.insert(word.to_owned());
                }
            }
        }
    }
    let page = read("docs/command-line.md");
    let listed = page.lines().filter(|l| l.starts_with("| ")).filter_map(|l| l.split('`').nth(1));
    let listed: std::collections::BTreeSet<String> = listed.filter(|w| *w != "slug").map(str::to_owned).collect();
    assert_eq!(used, listed);
}
