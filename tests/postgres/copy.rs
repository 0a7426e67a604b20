//! A whole store from a data directory to a database server and back, and from an archive to either.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use super::outside::account::PASSWORD;
use super::server::{Server, open, place};

fn inkstone(data: &Path, server: Option<&Server>, schema: &str, args: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inkstone"));
    command.args(args).arg("--json").arg("--data-dir").arg(data).env("INKSTONE_DATABASE_SCHEMA", schema);
    command.env("INKSTONE_DISK_RESERVE", "0").stdin(std::process::Stdio::piped());
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    if let Some(server) = server {
        command.env("INKSTONE_DATABASE_URL", &server.url);
    }
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn done(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Exit code and slug.
fn failed(output: &Output) -> (i32, String) {
    // Warnings of the log may come before it.
    let said = String::from_utf8_lossy(&output.stderr);
    let said: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    (output.status.code().unwrap(), said["error"]["slug"].as_str().unwrap().to_owned())
}

#[test]
fn a_store_goes_over_and_back_and_its_archives_fit_both() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let (first, back, notes) = (dir.path().join("first"), dir.path().join("back"), dir.path().join("notes"));
    std::fs::create_dir_all(notes.join("Work/Deep")).unwrap();
    for n in 0..40 {
        let place = ["", "Work", "Work/Deep"][n % 3];
        let text = format!("---\ntags: [a, b{n}]\n---\n# Note {n} \u{1f980} \u{5e9}\n\ntext {n}\n");
        std::fs::write(notes.join(place).join(format!("n{n}.md")), text).unwrap();
    }
    let local = |data: &Path, args: &[&str], input: &str| inkstone(data, None, "inkstone", args, input);
    let shared = |data: &Path, args: &[&str]| inkstone(data, Some(&server), "inkstone", args, "");
    let user = ["user", "create", "--admin", "--email", "ann@example.com", "--password-stdin"];
    done(&local(&first, &user, PASSWORD));
    done(&local(&first, &["import", notes.to_str().unwrap(), "--user", "ann@example.com"], ""));

    let (from, to) = (format!("sqlite:{}", first.display()), format!("sqlite:{}", back.display()));
    let over = done(&shared(&first, &["store", "copy", "--from", &from, "--to", "postgres:"]));
    assert_eq!((&over["notes"], &over["tables"]["notes"]["rows"]), (&Value::from(40), &Value::from(40)));
    let again = shared(&first, &["store", "copy", "--from", &from, "--to", "postgres:"]);
    assert_eq!(failed(&again), (3, "store-not-empty".to_owned()));
    let listed = done(&shared(&first, &["user", "list"]));
    assert!(listed.to_string().contains("ann@example.com"), "{listed}");

    let held = open(place(&server.url, "inkstone")).unwrap();
    let in_use = shared(&back, &["store", "copy", "--from", "postgres:", "--to", &to]);
    assert_eq!(failed(&in_use), (3, "store-in-use".to_owned()));
    drop(held);
    let returned = loop {
        // The connections of the store that was just let go end in their own time.
        let output = shared(&back, &["store", "copy", "--from", "postgres:", "--to", &to]);
        if output.status.success() {
            break done(&output);
        }
        assert_eq!(failed(&output).1, "store-in-use");
    };
    assert_eq!(returned["tables"], over["tables"], "what came back is what went over, row by row");
    let again = shared(&back, &["store", "copy", "--from", "postgres:", "--to", &to]);
    assert_eq!(failed(&again), (3, "store-not-empty".to_owned()));

    // One archive of the server's store, proven, and restored to a file and to another schema.
    let archive = done(&shared(&first, &["backup", "create"]))["archive"].as_str().unwrap().to_owned();
    assert_eq!(done(&shared(&first, &["backup", "verify", &archive]))["manifest"]["counts"]["notes"], 40);
    for (name, database) in [("file", None), ("schema", Some(&server))] {
        let data = dir.path().join(name);
        let restored = done(&inkstone(&data, database, "restored", &["restore", &archive], ""));
        assert_eq!((&restored["indexed"], &restored["manifest"]["counts"]["notes"]), (&40.into(), &40.into()));
        assert_eq!(data.join("inkstone.db").exists(), database.is_none());
        let listed = done(&inkstone(&data, database, "restored", &["user", "list"], ""));
        assert!(listed.to_string().contains("ann@example.com"), "{name}: {listed}");
        let index = done(&inkstone(&data, database, "restored", &["index", "verify"], ""));
        assert_eq!(index["notes"], 40, "{name}: {index}");
    }
    let occupied = inkstone(&dir.path().join("third"), Some(&server), "restored", &["restore", &archive], "");
    assert_eq!(failed(&occupied), (3, "store-not-empty".to_owned()));
}
