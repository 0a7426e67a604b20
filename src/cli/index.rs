//! `inkstone index`: the search index, which is derived from the notes and can be made again at any time.

use std::time::{Duration, Instant};

use clap::Subcommand;
use serde_json::{Value, json};

use super::Context;
use super::door::Ask;
use super::failure::Failure;
use super::local::{Expect, LocalApi};
use super::output::columns;
use super::progress::Progress;

/// Look at the search index, compare it with the notes, or make it anew.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Say whether the index is ready and how far it reaches.
    Status,
    /// Compare the index with the store, note by note, and its files with their checksums; exit code 1 when they differ.
    Verify {
        /// Compare so many notes and so many index entries, picked by chance, and how many there are; no files.
        #[arg(long, value_name = "N", conflicts_with = "since", value_parser = clap::value_parser!(u32).range(1..=100_000))]
        sample: Option<u32>,
        /// Compare only what has changed after this change number (`change` in the result of an earlier one); no files.
        #[arg(long, value_name = "CHANGE", value_parser = clap::value_parser!(i64).range(0..))]
        since: Option<i64>,
    },
    /// Make the index anew from the notes. Searches are answered from the old one until the new one takes its place; only where that is
    /// not whole itself do they say that they may be incomplete.
    Rebuild {
        /// Return at once instead of waiting until it is done.
        #[arg(long)]
        no_wait: bool,
    },
}

/// Pause between two looks at the state of the index.
const PAUSE: Duration = Duration::from_millis(200);
/// How long a store that was just opened may take to open its index.
const OPENING: Duration = Duration::from_secs(10);

/// Works on the index through whoever holds it.
pub(super) fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    match args.action {
        Action::Status => {
            let status = context.local(Expect::Store, opened)?;
            context.output.result(&status, || table(&status))
        }
        Action::Verify { sample, since } => verify(sample, since, context),
        Action::Rebuild { no_wait } => {
            let status = context.local(Expect::Store, |api| {
                api.call(Ask::post("/local/v1/index/rebuild", &json!({})))?;
                if no_wait { status(api) } else { rebuilt(api, context) }
            })?;
            context.output.result(&status, || match state(&status) {
                "ready" => format!("The index is new and complete: {} notes.", number(&status, "notes")),
                _ => "The index is being made anew; `inkstone index status` says how far it is.".to_owned(),
            })
        }
    }
}

fn status(api: &LocalApi) -> Result<Value, Failure> {
    api.call(Ask::get("/local/v1/index"))
}

/// The status once the index was opened: a command without a server asks within milliseconds of the start.
fn opened(api: &LocalApi) -> Result<Value, Failure> {
    let until = Instant::now() + OPENING;
    loop {
        let status = status(api)?;
        if state(&status) != "opening" || Instant::now() > until {
            return Ok(status);
        }
        std::thread::sleep(PAUSE);
    }
}

/// The status once everything is in.
fn rebuilt(api: &LocalApi, context: &Context) -> Result<Value, Failure> {
    let mut progress = Progress::begin(context.output, "indexing", 0);
    loop {
        let status = status(api)?;
        match state(&status) {
            "ready" => return Ok(status),
            "unavailable" | "stopped" => {
                let why = status.get("problem").and_then(Value::as_str).unwrap_or("it was stopped");
                return Err(Failure::failed("index-unavailable", format!("the index is not being made: {why}")));
            }
            _ => match status.get("problem").and_then(Value::as_str) {
                Some(why) => {
                    let message = format!("the new index does not come on: {why}");
                    return Err(Failure::failed("index-unavailable", message)
                        .hint("a running server goes on trying; `inkstone index status` says how far it is"));
                }
                None => progress.at(number(&status, "done"), number(&status, "total")),
            },
        }
        std::thread::sleep(PAUSE);
    }
}

fn verify(sample: Option<u32>, since: Option<i64>, context: &Context) -> Result<(), Failure> {
    let path = match (sample, since) {
        (Some(size), _) => format!("/local/v1/index/verify?sample={size}"),
        (None, Some(change)) => format!("/local/v1/index/verify?since={change}"),
        (None, None) => "/local/v1/index/verify".to_owned(),
    };
    let report = context.local(Expect::Store, |api| {
        opened(api)?;
        api.call(Ask::post(path.clone(), &json!({})))
    })?;
    if report.get("sound").and_then(Value::as_bool) == Some(true) {
        return context.output.result(&report, || agreement(&report, since));
    }
    let not = not_compared(&report).map(|not| format!("\n{not}")).unwrap_or_default();
    Err(Failure::failed(
        "index-unsound",
        format!("the index differs from the store\n{}{not}", table(&report).trim_end()),
    )
    .hint("`inkstone index rebuild` makes it anew; the notes themselves are not affected")
    .details(report))
}

/// What is known when nothing was found wrong.
fn agreement(report: &Value, since: Option<i64>) -> String {
    let agree = match since {
        Some(change) => {
            format!(
                "Index and store agree on the {} notes that changed after change {change}.",
                number(report, "compared")
            )
        }
        None if number(report, "compared") == number(report, "notes") => {
            format!("Index and store agree on {} notes.", number(report, "notes"))
        }
        None => {
            format!("Index and store agree on {} of {} notes.", number(report, "compared"), number(report, "notes"))
        }
    };
    match not_compared(report) {
        Some(not) => format!("{agree}\n{not}"),
        None => agree,
    }
}

/// What a comparison of a part leaves open.
fn not_compared(report: &Value) -> Option<String> {
    let counts = match report.get("counts_differ") {
        Some(Value::Bool(_)) => "",
        _ => ", how many there are (too much was written meanwhile)",
    };
    match report.get("scope").and_then(Value::as_str) {
        Some("sample") => Some(format!("Not compared: notes that were not picked{counts}, the files of the index.")),
        Some("since") => {
            let next = report.get("change").and_then(Value::as_i64).unwrap_or(0);
            Some(format!(
                "Not compared: notes that have not changed since, the files of the index. Next time: --since {next}"
            ))
        }
        _ => None,
    }
}

fn state(status: &Value) -> &str {
    status.get("state").and_then(Value::as_str).unwrap_or_default()
}

fn number(value: &Value, name: &str) -> u64 {
    value.get(name).and_then(Value::as_u64).unwrap_or(0)
}

/// Every member that says something, one a line.
fn table(value: &Value) -> String {
    let mut rows = Vec::new();
    for (name, member) in value.as_object().into_iter().flatten() {
        let text = match member {
            Value::Null => continue,
            Value::String(text) => text.clone(),
            Value::Array(items) if items.is_empty() => continue,
            other => other.to_string(),
        };
        rows.push(vec![name.replace('_', " "), text]);
    }
    columns(&rows)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::cli::door::{Answer, Door, NoAnswer, Pending};
    use crate::cli::output::Output;
    use crate::config::{Environment, Flags, resolve};

    /// Answers each request with the next of some bodies.
    struct Script(Mutex<Vec<Value>>);

    impl Door for Script {
        fn send(&self, _: Ask) -> Pending<'_, Result<Answer, NoAnswer>> {
            let body = self.0.lock().unwrap().remove(0).to_string().into_bytes();
            Box::pin(async { Ok(Answer { status: 200, body }) })
        }

        fn close(self: Box<Self>) -> Pending<'static, ()> {
            Box::pin(async {})
        }
    }

    fn waited(answers: Vec<Value>) -> Result<Value, Failure> {
        let settings = resolve(&Flags::new(), &Environment::given([("HOME", "/nowhere")], [])).unwrap();
        let context = Context { config: settings.config, output: Output::new(true), open: |_, _, _, _| unreachable!() };
        rebuilt(&LocalApi::over(Box::new(Script(Mutex::new(answers)))).unwrap(), &context)
    }

    #[test]
    fn a_rebuild_is_waited_for_until_the_index_is_ready() {
        let going = json!({ "state": "rebuilding", "done": 5, "total": 10 });
        assert_eq!(waited(vec![going, json!({ "state": "ready", "notes": 10 })]).unwrap()["notes"], 10);
    }

    #[test]
    fn a_rebuild_that_cannot_go_on_is_a_failure_with_its_reason() {
        let failure = waited(vec![json!({ "state": "unavailable", "problem": "permission denied" })]).unwrap_err();
        assert_eq!(failure.slug, "index-unavailable");
        assert!(failure.message.ends_with("permission denied"));
    }

    #[test]
    fn a_rebuild_beside_that_does_not_come_on_is_a_failure_with_its_reason() {
        let stuck = json!({ "state": "rebuilding", "done": 5, "total": 10, "problem": "disk full" });
        assert!(waited(vec![stuck]).unwrap_err().message.ends_with("disk full"));
    }

    #[test]
    fn a_comparison_of_a_part_says_what_it_leaves_open() {
        let all = json!({ "scope": "all", "compared": 9, "notes": 9, "counts_differ": null });
        assert_eq!(agreement(&all, None), "Index and store agree on 9 notes.");
        let sample = json!({ "scope": "sample", "compared": 3, "notes": 9, "counts_differ": false });
        let said =
            "Index and store agree on 3 of 9 notes.\nNot compared: notes that were not picked, the files of the index.";
        assert_eq!(agreement(&sample, None), said);
        let since = json!({ "scope": "since", "compared": 2, "notes": 9, "change": 41, "counts_differ": null });
        assert!(
            agreement(&since, Some(7))
                .starts_with("Index and store agree on the 2 notes that changed after change 7.\nNot")
        );
        assert!(agreement(&since, Some(7)).ends_with("Next time: --since 41"));
    }

    #[test]
    fn a_status_is_shown_member_by_member_without_empty_ones() {
        let text = table(&json!({ "state": "ready", "set_aside": null, "damaged_files": [], "notes": 3 }));
        assert_eq!(text, "state  ready\nnotes  3\n");
    }
}
