//! Backups as people make them: the real binary, beside a running server and without one.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says so by panicking")]

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

const ADA: &str = "ada@example.org";
const PASSWORD: &str = "correct horse battery";

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inkstone"));
    command.args(args).env_clear().env("HOME", "/nonexistent").stdin(Stdio::null());
    command
}

fn run(args: &[&str], stdin: &str) -> Output {
    let mut child = command(args)
        .arg("--json")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    child.wait_with_output().unwrap()
}

fn done(args: &[&str], stdin: &str) -> Value {
    let output = run(args, stdin);
    assert!(output.status.success(), "{args:?}: {output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Exit code and slug.
fn failed(args: &[&str], stdin: &str) -> (i32, String) {
    let output = run(args, stdin);
    assert!(output.stdout.is_empty(), "{args:?}: {output:?}");
    let last = output.stderr.split(|b| *b == b'\n').rfind(|line| !line.is_empty()).unwrap();
    let error: Value = serde_json::from_slice(last).unwrap_or_else(|e| panic!("{e}: {output:?}"));
    (output.status.code().unwrap(), error["error"]["slug"].as_str().unwrap().to_owned())
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A directory with a store of two notes.
struct Desk {
    temp: tempfile::TempDir,
    data: PathBuf,
}

impl Desk {
    fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        let data = temp.path().join("data");
        let this = Self { temp, data };
        let create = ["user", "create", "--admin", "--email", ADA, "--password-stdin", "--data-dir", text(&this.data)];
        done(&create, PASSWORD);
        this.import("tea.md", "# Tea\n\nGreen, from the mountains.\n");
        this.import("milk.md", "Buy milk and bread.\n");
        this
    }

    fn import(&self, name: &str, body: &str) {
        let file = self.temp.path().join(name);
        std::fs::write(&file, body).unwrap();
        let report = done(&["import", text(&file), "--user", ADA, "--data-dir", text(&self.data)], "");
        assert_eq!(report["imported"], 1, "{report}");
    }

    fn backup(&self, more: &[&str], stdin: &str) -> PathBuf {
        let created = done(&[&["backup", "create", "--data-dir", text(&self.data)], more].concat(), stdin);
        PathBuf::from(created["archive"].as_str().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }
}

struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(dir: &Path) -> Self {
        let args = ["serve", "--listen", "127.0.0.1:0", "--data-dir", text(dir)];
        let mut child = command(&args).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let url = lines.by_ref().find_map(|line| Some(line.unwrap().strip_prefix("Inkstone is ready at ")?.to_owned()));
        let url = url.unwrap_or_else(|| panic!("{:?}", child.wait()));
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url }
    }

    /// Status and body of a request, by a client of a few lines.
    fn ask(&self, method: &str, path: &str, token: Option<&str>, body: &str) -> (u16, Value) {
        use std::io::Read;
        let address = self.url.strip_prefix("http://").unwrap();
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        let bearer = token.map(|t| format!("Authorization: Bearer {t}\r\n")).unwrap_or_default();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n{bearer}\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    fn sign_in(&self) -> Value {
        let body = format!(r#"{{"email":"{ADA}","password":"{PASSWORD}","token_delivery":"body"}}"#);
        let (status, tokens) = self.ask("POST", "/api/v1/auth/login", None, &body);
        assert_eq!(status, 200, "{tokens}");
        tokens
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_backup_made_beside_a_running_server_restores_everything_but_the_sessions() {
    let desk = Desk::new();
    let server = Server::start(&desk.data);
    let old = server.sign_in();
    let archive = desk.backup(&[], "");
    // After the backup: not in it.
    desk.import("later.md", "Too late.\n");
    let mode = std::fs::metadata(&archive).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let proof = done(&["backup", "verify", text(&archive)], "");
    assert_eq!((proof["sound"].as_bool(), proof["searched"].as_u64()), (Some(true), Some(2)), "{proof}");
    assert_eq!(proof["manifest"]["counts"]["notes"], 2);

    let restored = desk.path("restored");
    let report = done(&["restore", text(&archive), "--data-dir", text(&restored)], "");
    assert_eq!((report["indexed"].as_u64(), report["keys"].as_str()), (Some(2), Some("new")), "{report}");
    assert_ne!(report["epoch"], report["manifest"]["store"]["epoch"]);
    assert_eq!(std::fs::metadata(&restored).unwrap().permissions().mode() & 0o777, 0o700);
    assert_ne!(
        std::fs::read(desk.data.join("keys/master.key")).unwrap(),
        std::fs::read(restored.join("keys/master.key")).unwrap()
    );
    assert_eq!(done(&["index", "verify", "--data-dir", text(&restored)], "")["sound"], true);

    let second = Server::start(&restored);
    let refresh = format!(r#"{{"refresh_token":{}}}"#, old["refresh_token"]);
    assert_eq!(second.ask("POST", "/api/v1/auth/refresh", None, &refresh).0, 401);
    assert_eq!(second.ask("GET", "/api/v1/notes", old["access_token"].as_str(), "").0, 401);
    let new = second.sign_in();
    let (_, found) = second.ask("GET", "/api/v1/search?q=mountains", new["access_token"].as_str(), "");
    assert_eq!(found["total"], 1, "{found}");
    // Nobody there was disturbed.
    assert_eq!(
        server.ask("GET", "/api/v1/notes", old["access_token"].as_str(), "").1["items"].as_array().unwrap().len(),
        3
    );
}

#[test]
fn keys_go_along_sealed_and_come_back_with_the_passphrase() {
    let desk = Desk::new();
    let archive = desk.backup(&["--with-keys", "--passphrase-stdin"], "open sesame\n");
    let key = std::fs::read(desk.data.join("keys/master.key")).unwrap();
    let restored = desk.path("restored");
    let restore = |more: &[&str], stdin: &str| {
        let args = [&["restore", text(&archive), "--data-dir", text(&restored)], more].concat();
        run(&args, stdin)
    };
    let slug = |more: &[&str], stdin: &str| {
        let args = [&["restore", text(&archive), "--data-dir", text(&restored)], more].concat();
        let slug = failed(&args, stdin);
        assert!(!restored.exists());
        slug
    };
    assert_eq!(slug(&[], ""), (2, "backup-keys-locked".into()));
    assert_eq!(slug(&["--dry-run"], ""), (2, "backup-keys-locked".into()));
    assert_eq!(slug(&["--passphrase-stdin"], "wrong\n"), (1, "backup-keys-closed".into()));
    assert_eq!(done(&["backup", "verify", text(&archive)], "")["keys"], "sealed");
    assert_eq!(done(&["backup", "verify", text(&archive), "--passphrase-stdin"], "open sesame")["keys"], "opened");

    let file = desk.path("passphrase");
    std::fs::write(&file, "open sesame\n").unwrap();
    let output = restore(&["--passphrase-file", text(&file)], "");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(std::fs::read(restored.join("keys/master.key")).unwrap(), key);
    Server::start(&restored).sign_in();

    std::fs::remove_dir_all(&restored).unwrap();
    let output = restore(&["--without-keys"], "");
    assert!(output.status.success(), "{output:?}");
    assert_ne!(std::fs::read(restored.join("keys/master.key")).unwrap(), key);
    Server::start(&restored).sign_in();

    let plain = desk.backup(&[], "");
    let args = ["backup", "verify", text(&plain), "--passphrase-stdin"];
    assert_eq!(failed(&args, "open sesame"), (2, "backup-keys-absent".into()));
}

#[test]
fn a_store_is_restored_into_an_empty_directory_only() {
    let desk = Desk::new();
    let archive = desk.backup(&[], "");
    let before = names(&desk.data);
    let over = ["restore", text(&archive), "--data-dir", text(&desk.data)];
    assert_eq!(failed(&over, ""), (3, "data-dir-not-empty".into()));
    assert_eq!(names(&desk.data), before);
    let empty = desk.path("empty");
    std::fs::create_dir(&empty).unwrap();
    let dry = done(&["restore", text(&archive), "--data-dir", text(&empty), "--dry-run"], "");
    assert_eq!((dry["dry_run"].as_bool(), dry["searched"].as_u64()), (Some(true), Some(2)), "{dry}");
    assert_eq!(names(&empty), Vec::<String>::new());
    let later = done(&["restore", text(&archive), "--data-dir", text(&empty), "--index-later"], "");
    assert_eq!(later["indexed"], Value::Null);
    assert_eq!(names(&empty), ["backups", "inkstone.db", "inkstone.lock", "keys"]);
    assert_eq!(done(&["index", "verify", "--data-dir", text(&empty)], "")["sound"], true);
}

#[test]
fn a_damaged_archive_is_refused_with_exit_code_3_and_nothing_is_written() {
    let desk = Desk::new();
    let archive = desk.backup(&[], "");
    let good = std::fs::read(&archive).unwrap();
    let (file, target) = (desk.path("damaged.tar.zst"), desk.path("target"));
    let mut turned = good.clone();
    turned[good.len() / 2] ^= 4;
    let cases = [
        (turned, "backup-damaged"),
        (good[..good.len() - 1].to_vec(), "backup-damaged"),
        (good[..good.len() / 2].to_vec(), "backup-damaged"),
        (Vec::new(), "backup-not-an-archive"),
        (b"# A note, and no archive\n".repeat(20), "backup-not-an-archive"),
    ];
    for (bytes, slug) in cases {
        std::fs::write(&file, bytes).unwrap();
        let before = names(desk.temp.path());
        assert_eq!(failed(&["backup", "verify", text(&file)], ""), (3, slug.into()));
        assert_eq!(failed(&["restore", text(&file), "--data-dir", text(&target)], ""), (3, slug.into()));
        assert_eq!(names(desk.temp.path()), before);
    }
    assert_eq!(failed(&["backup", "verify", text(&desk.path("missing"))], ""), (1, "backup-io".into()));
    assert_eq!(failed(&["backup", "verify", "/dev/zero"], ""), (3, "backup-not-an-archive".into()));
}

#[test]
fn a_store_with_a_text_that_is_not_what_was_written_is_no_backup_and_the_server_names_the_last_good_one() {
    let desk = Desk::new();
    let archive = desk.backup(&[], "");
    // A newer one, of which the disk has lost a piece.
    let torn = desk.backup(&[], "");
    let good = std::fs::read(&torn).unwrap();
    std::fs::write(&torn, &good[..good.len() - 1]).unwrap();
    let store = desk.data.join("inkstone.db");
    let file = rusqlite::Connection::open(&store).unwrap();
    assert_eq!(file.execute("UPDATE notes SET body = replace(body, 'Green', 'Black')", []).unwrap(), 2);
    drop(file);
    let create = ["backup", "create", "--data-dir", text(&desk.data)];
    assert_eq!(failed(&create, ""), (3, "backup-store-damaged".into()));
    assert_eq!(names(&desk.data.join("backups")).iter().filter(|name| name.ends_with(".zst")).count(), 2);

    let server = Server::start(&desk.data);
    let token = server.sign_in()["access_token"].as_str().unwrap().to_owned();
    let (status, listed) = server.ask("GET", "/api/v1/notes", Some(&token), "");
    let ids: Vec<&str> = listed["items"].as_array().unwrap().iter().map(|note| note["id"].as_str().unwrap()).collect();
    assert_eq!((status, ids.len()), (200, 2));
    let read: Vec<u16> =
        ids.iter().map(|id| server.ask("GET", &format!("/api/v1/notes/{id}"), Some(&token), "").0).collect();
    assert!(read.contains(&503) && read.contains(&200), "{read:?}");
    // It is looked for in the background, archive by archive.
    let detail = std::iter::repeat_with(|| {
        server.ask("GET", "/readyz", None, "").1["checks"]["integrity"]["detail"].to_string()
    })
    .find(|detail| detail.contains("newest good backup"))
    .unwrap();
    assert!(detail.contains("read-only") && detail.contains(text(&archive)), "{detail}");
    drop(server);

    // One that does not even open says so, too.
    std::fs::write(&store, vec![7; 8192]).unwrap();
    let output = run(&["serve", "--listen", "127.0.0.1:0", "--data-dir", text(&desk.data)], "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("not-a-database") && said.contains("inkstone restore"), "{said}");
}

#[test]
fn backups_are_listed_and_pruned_and_nothing_else_is_touched() {
    let desk = Desk::new();
    let data = ["--data-dir", text(&desk.data)];
    let with = |words: &[&str]| [words, &data].concat().iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    let ask = |words: &[&str]| {
        let all = with(words);
        done(&all.iter().map(String::as_str).collect::<Vec<_>>(), "")
    };
    assert_eq!(ask(&["backup", "list"])["archives"].as_array().unwrap().len(), 0);
    let made: Vec<String> = (0..4).map(|_| text(&desk.backup(&[], "")).to_owned()).collect();
    let backups = desk.data.join("backups");
    // Another store's, a damaged one, and files that are none.
    let other = Desk::new();
    let foreign = other.backup(&["--to", text(&backups)], "");
    let damaged = backups.join("inkstone-2020-01-01T000000Z-00000000.tar.zst");
    std::fs::write(&damaged, "not one").unwrap();
    std::fs::write(backups.join("before-migration-v1-5.db"), "").unwrap();

    let list = ask(&["backup", "list"]);
    assert_eq!((list["archives"].as_array().unwrap().len(), list["others"].as_u64()), (6, Some(1)), "{list}");
    assert_eq!(list["archives"][5]["problem"]["slug"], "backup-not-an-archive");

    let before = names(&backups);
    let words = |paths: &Value| -> Vec<String> {
        paths.as_array().unwrap().iter().map(|p| p.as_str().unwrap().to_owned()).collect()
    };
    let dry = ask(&["backup", "prune", "--keep-last", "2", "--dry-run"]);
    assert_eq!(words(&dry["removed"]), [made[1].clone(), made[0].clone()]);
    assert_eq!(names(&backups), before);
    let none: Vec<String> = with(&["backup", "prune", "--keep-last", "0"]);
    let none: Vec<&str> = none.iter().map(String::as_str).collect();
    assert_eq!(failed(&none, ""), (3, "backup-none-left".into()));
    assert_eq!(names(&backups), before);
    let pruned = ask(&["backup", "prune", "--keep-last", "1", "--keep-daily", "7"]);
    assert_eq!(words(&pruned["kept"]), [made[3].clone()]);
    assert!(foreign.exists() && damaged.exists() && backups.join("before-migration-v1-5.db").exists());
    assert_eq!(pruned["passed_over"].as_array().unwrap().len(), 2, "{pruned}");
    let bare: Vec<String> = with(&["backup", "prune"]);
    assert_eq!(failed(&bare.iter().map(String::as_str).collect::<Vec<_>>(), ""), (2, "usage".into()));
}

#[test]
fn a_backup_goes_where_it_is_told_and_urls_are_refused() {
    let desk = Desk::new();
    let place = desk.path("usb/stick");
    let archive = desk.backup(&["--to", text(&place)], "");
    assert_eq!(archive.parent(), Some(place.as_path()));
    assert_eq!(names(&place).len(), 2, "the archive and the file that is locked");
    for to in ["s3://bucket/notes", "https://example.org/b"] {
        let args = ["backup", "create", "--to", to, "--data-dir", text(&desk.data)];
        assert_eq!(failed(&args, ""), (2, "backup-destination-url".into()));
    }
    let nowhere = desk.path("nowhere");
    assert_eq!(failed(&["backup", "create", "--data-dir", text(&nowhere)], ""), (1, "store-missing".into()));
    assert!(!nowhere.exists());
    let nonsense = ["backup", "create", "--with-keys", "--recipient", "age1nonsense", "--data-dir", text(&desk.data)];
    assert_eq!(failed(&nonsense, ""), (2, "backup-key-unusable".into()));
    let bare = ["backup", "create", "--with-keys", "--data-dir", text(&desk.data)];
    assert_eq!(failed(&bare, ""), (2, "usage".into()));
}

#[test]
fn the_settings_say_where_backups_go_and_a_place_that_cannot_be_written_is_told_at_the_start() {
    let desk = Desk::new();
    let place = desk.path("another-disk");
    let answer = |args: &[&str]| {
        let output =
            command(args).args(["--json", "--data-dir", text(&desk.data)]).env("INKSTONE_BACKUP_DIR", &place).output();
        serde_json::from_slice::<Value>(&output.unwrap().stdout).unwrap()
    };
    let created = answer(&["backup", "create"]);
    assert!(created["archive"].as_str().unwrap().starts_with(text(&place)), "{created}");
    assert_eq!(answer(&["backup", "list"])["archives"].as_array().unwrap().len(), 1);
    assert!(!desk.data.join("backups").exists() || names(&desk.data.join("backups")).is_empty());

    std::fs::write(desk.path("file"), "").unwrap();
    let within = desk.path("file/backups");
    let args = ["serve", "--listen", "127.0.0.1:0", "--data-dir", text(&desk.data), "--backup-daily", "02:30"];
    let mut child = command(&args).args(["--backup-dir", text(&within)]).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let said: Vec<String> = lines.take_while(|line| !line.starts_with("Inkstone is ready")).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(said.iter().any(|line| line.contains("backup_daily") && line.contains("file/backups")), "{said:?}");
}

#[test]
fn attachments_go_along_when_there_are_any() {
    let desk = Desk::new();
    let blobs = desk.data.join("blobs/ab");
    std::fs::create_dir_all(&blobs).unwrap();
    std::fs::write(blobs.join("cdef"), "a picture").unwrap();
    std::fs::write(blobs.join(".draft"), "being uploaded").unwrap();
    std::os::unix::fs::symlink("/etc/hostname", blobs.join("link")).unwrap();
    let created = done(&["backup", "create", "--data-dir", text(&desk.data)], "");
    assert_eq!(created["left_out"].as_array().unwrap().len(), 1, "{created}");
    let archive = created["archive"].as_str().unwrap();
    let restored = desk.path("restored");
    done(&["restore", archive, "--data-dir", text(&restored)], "");
    assert_eq!(names(&restored.join("blobs/ab")), ["cdef"]);
    assert_eq!(std::fs::read_to_string(restored.join("blobs/ab/cdef")).unwrap(), "a picture");
}

/// Only root can become another user, so anybody else has nothing to try here.
#[test]
fn what_root_restores_into_the_directory_of_another_user_belongs_to_that_user() {
    use std::os::unix::fs::{MetadataExt, chown};
    const NOBODY: u32 = 65534;
    let desk = Desk::new();
    let archive = desk.backup(&[], "");
    let target = desk.path("service");
    std::fs::create_dir(&target).unwrap();
    if chown(&target, Some(NOBODY), Some(NOBODY)).is_err() {
        return;
    }
    std::fs::set_permissions(desk.temp.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    done(&["restore", text(&archive), "--data-dir", text(&target)], "");
    for entry in walkdir::WalkDir::new(&target) {
        let found = entry.unwrap().metadata().unwrap();
        assert_eq!((found.uid(), found.mode() & 0o077), (NOBODY, 0));
    }
}
