//! The `inkstone` binary: parse, run, exit code; nothing else.

use std::process::ExitCode;

use inkstone::cli::failure::Failure;

fn main() -> ExitCode {
    inkstone::cli::main(std::env::args_os(), |config, _, _, _| {
        let dir = config.data_dir.display();
        Err(Failure::failed("server-not-running", format!("no server runs on {dir}")))
    })
}
