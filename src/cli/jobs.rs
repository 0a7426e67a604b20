//! `inkstone jobs`: work in the background, and what was given up.

use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Context;
use super::door::Ask;
use super::failure::Failure;
use super::local::Expect;
use super::output::{columns, minute, printable};

/// Look at background work, and take care of what was given up.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List jobs, the newest first.
    List {
        /// Only those in this state; `failed` are the ones that were given up.
        #[arg(long)]
        state: Option<State>,
        /// At most so many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=200))]
        limit: u16,
    },
    /// Try a job that was given up again, from its first attempt on.
    Requeue {
        /// The job's id.
        id: Uuid,
    },
    /// Remove a job that has ended.
    Discard {
        /// The job's id.
        id: Uuid,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum State {
    Queued,
    Running,
    Done,
    Failed,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// Without a server nothing runs; the list can be looked at, and a job that is requeued begins when the server does.
pub(super) fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    match args.action {
        Action::List { state, limit } => list(context, state, limit),
        Action::Requeue { id } => {
            let ask = Ask::post(format!("/local/v1/jobs/{id}/requeue"), &json!({}));
            context.local(Expect::Store, |api| api.call(ask))?;
            context.output.result(&json!({ "id": id }), || format!("{id} waits to be run again."))
        }
        Action::Discard { id } => {
            context.local(Expect::Store, |api| api.call(Ask::delete(format!("/local/v1/jobs/{id}"))))?;
            context.output.result(&json!({ "id": id }), || format!("{id} is removed."))
        }
    }
}

fn list(context: &Context, state: Option<State>, limit: u16) -> Result<(), Failure> {
    let filter = state.map(|state| format!("&state={}", state.word())).unwrap_or_default();
    let page =
        context.local(Expect::Store, |api| api.call(Ask::get(format!("/local/v1/jobs?limit={limit}{filter}"))))?;
    let items = page["items"].as_array().cloned().unwrap_or_default();
    context.output.result(&json!({ "items": items }), || match items.as_slice() {
        [] => "There are no such jobs.".to_owned(),
        items => {
            let head = ["ID", "KIND", "STATE", "PROGRESS", "RUNS", "CREATED", "ERROR"].map(str::to_owned).to_vec();
            columns(&std::iter::once(head).chain(items.iter().map(|item| row(&item["job"]))).collect::<Vec<_>>())
        }
    })
}

fn row(job: &Value) -> Vec<String> {
    let text = |name: &str| printable(job[name].as_str().unwrap_or_default());
    let progress = match (job["progress"]["done"].as_i64(), job["progress"]["total"].as_i64()) {
        (Some(done), Some(total)) => format!("{done} of {total}"),
        (Some(done), None) => done.to_string(),
        (None, _) => String::new(),
    };
    let runs = job["attempts"].to_string();
    vec![text("id"), text("kind"), text("state"), progress, runs, minute(&text("created_at")), text("error")]
}
