//! Says what the binary embeds, so that it is built anew when that changes.
//!
//! The browser app is built by itself, into `web/dist`; without it the server shows pages that stand in. The folder is made
//! when it is missing: cargo takes a watched path that does not exist for a change, and would build everything each time.

fn main() {
    // A source tree that cannot be written to is built without the app all the same.
    let _ = std::fs::create_dir_all("web/dist");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=web/dist");
    println!("cargo::rerun-if-changed=migrations");
}
