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
    /// Compare the index with the store, note by note; exit code 1 when they differ.
    Verify,
    /// Make the index anew from the notes. Search goes on meanwhile and says that it is incomplete.
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
        Action::Verify => verify(context),
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
            _ => progress.at(number(&status, "done"), number(&status, "total")),
        }
        std::thread::sleep(PAUSE);
    }
}

fn verify(context: &Context) -> Result<(), Failure> {
    let report = context.local(Expect::Store, |api| {
        opened(api)?;
        api.call(Ask::post("/local/v1/index/verify", &json!({})))
    })?;
    if report.get("sound").and_then(Value::as_bool) == Some(true) {
        return context
            .output
            .result(&report, || format!("Index and store agree on {} notes.", number(&report, "notes")));
    }
    Err(Failure::failed("index-unsound", format!("the index differs from the store\n{}", table(&report).trim_end()))
        .hint("`inkstone index rebuild` makes it anew; the notes themselves are not affected")
        .details(report))
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
    fn a_status_is_shown_member_by_member_without_empty_ones() {
        let text = table(&json!({ "state": "ready", "set_aside": null, "damaged_files": [], "notes": 3 }));
        assert_eq!(text, "state  ready\nnotes  3\n");
    }
}
