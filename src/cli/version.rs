//! `inkstone version`: what this binary is.

use serde_json::json;

use super::failure::Failure;
use super::output::Output;

/// Prints name and version, and the platform that it was built for.
pub(super) fn run(output: Output) -> Result<(), Failure> {
    let version = env!("CARGO_PKG_VERSION");
    let platform = format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS);
    let value = json!({ "name": "inkstone", "version": version, "platform": platform });
    output.result(&value, || format!("inkstone {version} ({platform})"))
}
