//! Files that a person reviewed and a program must still agree with.

#![expect(clippy::expect_used, clippy::panic, reason = "a helper of tests fails by panicking")]

use std::path::Path;

/// Asserts that the file at `path` (from the repository's root) holds exactly `actual`. With `UPDATE_REVIEWED=1` in the
/// environment the file is rewritten instead, to be looked at in the diff.
pub(crate) fn reviewed(path: &str, actual: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_REVIEWED").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(file.parent().expect("a file in the repository")).expect("the folder can be made");
        std::fs::write(&file, actual).expect("the reviewed file can be written");
        return;
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    if kept == actual {
        return;
    }
    let line = kept.lines().zip(actual.lines()).take_while(|(a, b)| a == b).count();
    panic!(
        "{path} differs from the program at line {}:\n  file:    {}\n  program: {}\nLook at the change, then run \
         UPDATE_REVIEWED=1 cargo test",
        line + 1,
        kept.lines().nth(line).unwrap_or("(end)"),
        actual.lines().nth(line).unwrap_or("(end)"),
    );
}
