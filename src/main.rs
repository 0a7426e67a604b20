//! The `inkstone` binary: parse, run, exit code; nothing else.

fn main() -> std::process::ExitCode {
    inkstone::cli::main(std::env::args_os())
}
