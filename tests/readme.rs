//! What the README tells people to type does what it says.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says so by panicking")]

use std::path::Path;
use std::process::Command;

/// The commands under a heading of the README.
fn commands(heading: &str) -> String {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let section = readme.split(&format!("\n## {heading}\n")).nth(1).unwrap_or_else(|| panic!("no section {heading}"));
    let section = section.split("\n## ").next().unwrap();
    let blocks: Vec<&str> = section.split("```").skip(1).step_by(2).collect();
    assert!(!blocks.is_empty());
    blocks.join("\n")
}

#[test]
fn a_store_is_backed_up_and_restored_in_one_minute() {
    let temp = tempfile::tempdir().unwrap();
    let here = temp.path();
    std::fs::create_dir_all(here.join("target/release")).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_inkstone"), here.join("target/release/inkstone")).unwrap();
    std::fs::write(here.join("tea.md"), "# Tea\n").unwrap();
    let bash = |script: &str| {
        let output = Command::new("bash")
            .args(["-e", "-O", "expand_aliases", "-c", script])
            .current_dir(here)
            .env_remove("INKSTONE_DATA_DIR")
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    bash(
        "./target/release/inkstone user create --email you@example.org --password-stdin --data-dir data <<< 'correct horse battery'
         ./target/release/inkstone import tea.md --user you@example.org --data-dir data",
    );
    let said = bash(&commands("Back up and restore in one minute"));
    assert!(said.contains("The backup is sound. 1 note of 1 account"), "{said}");
    assert!(said.contains("Restored to restored: 1 note of 1 account"), "{said}");
    let users = bash("./target/release/inkstone user list --data-dir restored");
    assert!(users.contains("you@example.org"), "{users}");
}
