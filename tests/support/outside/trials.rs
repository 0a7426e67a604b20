//! The outside of a test program without the usual harness: names, filters and the closing line that `cargo test` users know.

use std::process::ExitCode;

use anyhow::Result;

/// How a trial ended when it did not fail.
pub enum Verdict {
    /// It did what its name says.
    Passed,
    /// It could not be made here, or was not asked for: why.
    Ignored(String),
}

/// One named trial.
pub struct Trial {
    /// The behaviour that it shows.
    pub name: &'static str,
    /// The program.
    pub run: fn() -> Result<Verdict>,
}

/// Says of all trials that they could not be made, and why.
#[must_use]
pub fn ignore(trials: &[Trial], why: &str) -> ExitCode {
    report(trials, |_| Ok(Verdict::Ignored(why.to_owned())))
}

/// Runs the trials whose names match the command line; the exit code says whether all of them passed.
#[must_use]
pub fn main(trials: &[Trial]) -> ExitCode {
    report(trials, |trial| (trial.run)())
}

fn report(trials: &[Trial], run: impl Fn(&Trial) -> Result<Verdict>) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|a| a == "--list") {
        trials.iter().for_each(|trial| println!("{}: test", trial.name));
        return ExitCode::SUCCESS;
    }
    let exact = arguments.iter().any(|a| a == "--exact");
    let filters: Vec<_> = arguments.iter().filter(|a| !a.starts_with('-')).collect();
    let wanted = |name: &str| {
        filters.is_empty() || filters.iter().any(|f| if exact { name == f.as_str() } else { name.contains(f.as_str()) })
    };
    let (mut passed, mut failed, mut ignored, mut filtered) = (0, 0, 0, 0);
    for trial in trials {
        if !wanted(trial.name) {
            filtered += 1;
            continue;
        }
        println!("test {} ...", trial.name);
        match run(trial) {
            Ok(Verdict::Passed) => {
                passed += 1;
                println!("test {} ... ok", trial.name);
            }
            Ok(Verdict::Ignored(why)) => {
                ignored += 1;
                println!("test {} ... ignored, {why}", trial.name);
            }
            Err(error) => {
                failed += 1;
                println!("test {} ... FAILED\n{error:#}", trial.name);
            }
        }
    }
    let word = if failed == 0 { "ok" } else { "FAILED" };
    println!(
        "\ntest result: {word}. {passed} passed; {failed} failed; {ignored} ignored; 0 measured; {filtered} filtered out\n"
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The number in an environment variable, or `default` when it is not set.
pub fn number(variable: &str, default: u64) -> Result<u64> {
    match std::env::var(variable) {
        Ok(text) => text.parse().map_err(|_| anyhow::anyhow!("{variable} wants a number, not `{text}`")),
        Err(_) => Ok(default),
    }
}
