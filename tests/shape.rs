//! The shape of the house: who may import whom, and who may name which library.
//!
//! Reads the sources as text. `ARCHITECTURE.md` explains the rule; this test is what holds it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Floors from the ground up. A file may import from its own floor (without a circle) and from those below.
const FLOORS: &[(&str, &[&str])] = &[
    (
        "ground",
        &[
            "budgets", "caller", "clock", "config", "data_dir", "error", "fold", "logging", "markup", "metrics",
            "outbound", "seal", "tls",
        ],
    ),
    ("store", &["db"]),
    ("feed", &["feed"]),
    (
        "features",
        &[
            "about",
            "accounts",
            "api_keys",
            "audit",
            "backup",
            "credentials",
            "export",
            "health",
            "housekeeping",
            "idempotency",
            "import",
            "jobs",
            "mail",
            "notebooks",
            "notes",
            "remote_images",
            "saved_searches",
            "search",
            "secrets",
            "sessions",
            "sso",
            "tags",
            "transfers",
        ],
    ),
    ("http", &["http"]),
    ("endpoints", &["*/api", "*/local"]),
    ("routes", &["server"]),
    ("tenant", &["instance"]),
    ("process", &["host"]),
    ("command line", &["cli", "main", "lib"]),
    ("fuzzer", &["fuzzing"]),
];

/// The only places that may name a library.
const LIBRARIES: &[(&[&str], &[&str])] = &[
    (&["poem", "poem_openapi"], &["http/", "*/api", "*/local", "server.rs"]),
    (&["rusqlite", "r2d2", "r2d2_sqlite", "refinery", "tokio_postgres", "tokio_postgres_rustls"], &["db/"]),
    (&["tantivy"], &["search/"]),
    (&["clap", "clap_complete", "indicatif"], &["cli/", "main.rs"]),
    (&["argon2"], &["credentials/password.rs"]),
    (&["totp_rs"], &["credentials/totp.rs"]),
    (&["webauthn_rs"], &["credentials/passkeys.rs"]),
    (&["lettre"], &["mail/smtp.rs"]),
    (&["governor"], &["budgets.rs"]),
    (&["reqwest"], &["outbound/"]),
    (&["openidconnect"], &["sso/oidc.rs"]),
    (&["chacha20poly1305", "hkdf"], &["seal.rs"]),
    (&["jsonwebtoken"], &["sessions/"]),
    (&["tokio_rustls"], &["tls/", "db/postgres/"]),
    (&["x509_parser"], &["tls/"]),
    (&["rust_embed"], &["http/app/"]),
    (&["flate2"], &["http/", "export/", "import/"]),
    (&["rawzip"], &["export/", "import/"]),
    (&["age", "tar", "zstd"], &["backup/"]),
    (&["ammonia", "comrak", "html5ever"], &["markup/"]),
];

/// Lines beyond which a file wants splitting along a seam of meaning.
const LONGEST: usize = 450;

struct Source {
    /// Path below `src/`, as `notes/api.rs`.
    path: String,
    /// The text without comments and without the tests at its end.
    code: String,
    /// All of it.
    text: String,
}

fn sources() -> Vec<Source> {
    fn walk(dir: &Path, out: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                out.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .map(|full| {
            let path = full.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(&full).unwrap();
            let tests = path.ends_with("tests.rs") || path.contains("/tests/") || path.ends_with("_tests.rs");
            let code = if tests { String::new() } else { without_comments(without_tests(&text)) };
            Source { path, code, text }
        })
        .collect()
}

fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]\nmod tests {").map_or(text, |at| &text[..at])
}

fn without_comments(text: &str) -> String {
    text.lines().map(|line| line.find("//").map_or(line, |at| &line[..at])).collect::<Vec<_>>().join("\n")
}

/// The floor of a file, and the room that it belongs to.
fn room(path: &str) -> String {
    let stem = path.trim_end_matches(".rs");
    let (first, last) = (stem.split('/').next().unwrap(), stem.rsplit('/').next().unwrap());
    let endpoint = stem.split('/').nth(1).filter(|second| ["api", "local"].contains(second));
    match endpoint {
        Some(kind) if first != "http" && first != "cli" => format!("{first}/{kind}"),
        _ if stem == last => stem.to_owned(),
        _ => first.to_owned(),
    }
}

fn floor(room: &str) -> usize {
    FLOORS
        .iter()
        .position(|(_, rooms)| {
            rooms.iter().any(|r| match r.strip_prefix("*/") {
                Some(kind) => room.ends_with(&format!("/{kind}")),
                None => *r == room,
            })
        })
        .unwrap_or_else(|| panic!("`{room}` has no floor: give it one in tests/shape.rs and in ARCHITECTURE.md"))
}

/// Everything that a text names as `crate::..`, as rooms.
fn imports(code: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        let paths: Vec<String> = match rest.strip_prefix('{') {
            None => vec![rest.chars().take_while(|c| c.is_alphanumeric() || "_:".contains(*c)).collect()],
            Some(group) => {
                let mut depth = 0;
                let mut parts = vec![String::new()];
                for c in group.chars() {
                    match c {
                        '}' if depth == 0 => break,
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 0 => parts.push(String::new()),
                        c if depth == 0 => parts.last_mut().unwrap().push(c),
                        _ => {}
                    }
                }
                parts.into_iter().map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect()
            }
        };
        for path in paths {
            let mut parts = path.split("::");
            let first = parts.next().unwrap().to_owned();
            let second = parts.next().unwrap_or_default();
            let endpoint = ["api", "local"].contains(&second) && first != "cli" && first != "http";
            out.insert(if endpoint { format!("{first}/{second}") } else { first });
        }
    }
    out.retain(|room| room.starts_with(|c: char| c.is_lowercase()));
    out
}

fn graph() -> BTreeMap<String, BTreeSet<String>> {
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources() {
        let from = room(&source.path);
        let to: Vec<String> = imports(&source.code).into_iter().filter(|to| *to != from).collect();
        graph.entry(from).or_default().extend(to);
    }
    graph
}

#[test]
fn imports_point_down() {
    let mut wrong = Vec::new();
    for source in sources() {
        let from = room(&source.path);
        for to in imports(&source.code) {
            if floor(&to) > floor(&from) {
                wrong.push(format!("{} imports {to}, which lies above it", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_circle_between_rooms() {
    let graph = graph();
    let mut done = BTreeSet::new();
    fn visit(
        room: &str,
        graph: &BTreeMap<String, BTreeSet<String>>,
        path: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) {
        if let Some(at) = path.iter().position(|p| p == room) {
            panic!("a circle: {} -> {room}", path[at..].join(" -> "));
        }
        if done.contains(room) {
            return;
        }
        path.push(room.to_owned());
        for next in graph.get(room).into_iter().flatten() {
            visit(next, graph, path, done);
        }
        path.pop();
        done.insert(room.to_owned());
    }
    for room in graph.keys() {
        visit(room, &graph, &mut Vec::new(), &mut done);
    }
}

#[test]
fn libraries_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (libraries, rooms) in LIBRARIES {
            let allowed = rooms.iter().any(|r| match r.strip_prefix("*/") {
                Some(endpoint) => room(&source.path).ends_with(&format!("/{endpoint}")),
                None => source.path.starts_with(r),
            });
            for library in *libraries {
                let named = source
                    .code
                    .match_indices(&format!("{library}::"))
                    .any(|(at, _)| !source.code[..at].ends_with(|c: char| c.is_alphanumeric() || "_:".contains(c)));
                if named && !allowed {
                    wrong.push(format!("{} names {library}", source.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_caller_is_minted_where_credentials_are_checked() {
    for source in sources() {
        let allowed = source.path.starts_with("sessions/") || source.path == "caller.rs";
        assert!(allowed || !source.code.contains("Caller::mint("), "{} mints a caller", source.path);
        let allowed = source.path.starts_with("api_keys/") || source.path == "caller.rs";
        assert!(allowed || !source.code.contains("Caller::mint_key("), "{} mints a caller with a key", source.path);
        let allowed = source.path == "http/auth.rs" || source.path == "caller.rs";
        assert!(allowed || !source.code.contains("Caller::local_admin"), "{} mints the local admin", source.path);
    }
}

#[test]
fn no_globals() {
    for source in sources() {
        let allowed = source.path == "db/inside.rs";
        for word in ["static mut ", "lazy_static", "OnceLock<", "LazyLock<", "thread_local!"] {
            let found = source.code.lines().any(|l| {
                l.contains(word)
                    && (l.trim_start().starts_with("static ")
                        || l.contains("thread_local!")
                        || l.contains("pub static "))
            });
            assert!(allowed || !found, "{} keeps a global ({word})", source.path);
        }
    }
}

#[test]
fn every_file_says_what_it_owns_and_stays_readable() {
    for source in sources() {
        assert!(source.text.starts_with("//!"), "{} begins without module docs", source.path);
        let lines = without_tests(&source.text).lines().count();
        let tests = source.code.is_empty();
        assert!(tests || lines <= LONGEST, "{} has {lines} lines: split it along a seam of meaning", source.path);
    }
}
