//! The `inkstone` binary: parse, run, exit code; nothing else.

/// Hashing a password takes 19 MiB for a moment, and glibc's allocator keeps such blocks: after 25 sign-ups the process held
/// 357 MB, with jemalloc 9. Idle after lists and searches it holds a third of what mimalloc does. `.cargo/config.toml` has its
/// settings.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> std::process::ExitCode {
    inkstone::cli::main(std::env::args_os())
}
