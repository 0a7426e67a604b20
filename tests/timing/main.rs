//! Whether somebody can tell from the time of an answer who has an account: asks in turns with an address that has one and with one
//! that has none, and compares.
//!
//! `TIMINGS` is the number of each; without it nothing is compared, because times say nothing on a machine that does something else.
//! What is compared is the chance that of two answers the slower one is the known address's (the area under the ROC curve, which is
//! the Mann-Whitney statistic divided by the number of pairs): at 0.5 the times tell nothing.

#[path = "../support/outside/mod.rs"]
mod outside;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, ensure};
use outside::account::Account;
use outside::process::{Server, Setting};
use outside::trials::{self, Trial, Verdict};
use outside::wire::{Connection, Raw, request};
use serde_json::{Value, json};

const KNOWN: &str = "known@example.com";
/// Of the same length, as a guesser would choose it.
const UNKNOWN: &str = "nobdy@example.com";
/// How far from a half the chance may be. By luck alone it is within 0.03 in 999 of 1,000 runs of 2,000 each.
const TELLS_NOTHING: f64 = 0.03;
/// Answers before those that count: caches, and what is made at its first use.
const WARM: usize = 20;

fn main() -> ExitCode {
    trials::main(&[
        Trial {
            name: "the_time_of_a_refused_sign_in_does_not_tell_who_has_an_account",
            run: || {
                compare(
                    "sign-in",
                    "/api/v1/auth/login",
                    401,
                    |email| json!({ "email": email, "password": "a wrong guess" }),
                )
            },
        },
        Trial {
            name: "the_time_of_asking_for_a_link_does_not_tell_who_has_an_account",
            run: || compare("reset", "/api/v1/auth/reset", 202, |email| json!({ "email": email })),
        },
    ])
}

fn compare(name: &str, path: &str, status: u16, body: fn(&str) -> Value) -> Result<Verdict> {
    let count = usize::try_from(trials::number("TIMINGS", 0)?)?;
    if count == 0 {
        return Ok(Verdict::Ignored("set TIMINGS=2000, on a machine that does nothing else".into()));
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("timing-{name}-{}", std::process::id()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let [known, unknown] = runtime.block_on(ask(&folder, path, status, body, count))?;
    std::fs::remove_dir_all(&folder)?;
    let chance = chance_that_the_first_is_slower(&known, &unknown);
    println!(
        "{count} each: known {:.3} ms, unknown {:.3} ms in the middle; the slower is the known one in {:.1} of 100 pairs",
        middle(&known),
        middle(&unknown),
        chance * 100.0
    );
    ensure!((chance - 0.5).abs() < TELLS_NOTHING, "times tell who has an account: {chance:.3}");
    Ok(Verdict::Passed)
}

/// Milliseconds of the answers, for the known address and for the unknown one.
async fn ask(folder: &Path, path: &str, status: u16, body: fn(&str) -> Value, count: usize) -> Result<[Vec<f64>; 2]> {
    let binary = std::env::var_os("INKSTONE_BIN").map_or_else(|| env!("CARGO_BIN_EXE_inkstone").into(), PathBuf::from);
    // Nobody takes letters there: a job that cannot deliver is done again later, and costs those who ask nothing.
    let setting = Setting::new(binary, folder.join("data"), folder.join("server.log"))
        .with("INKSTONE_SMTP_URL", "smtp://127.0.0.1:9")
        .with("INKSTONE_MAIL_FROM", "notes@example.com");
    let server = Server::start(&setting).await?;
    Account::register(server.address, KNOWN).await?;
    let mut connection = Connection::open(server.address).await?;
    let asks: [Raw; 2] = [KNOWN, UNKNOWN].map(|email| request("POST", path, &[], Some(&body(email))));
    let mut times = [Vec::with_capacity(count), Vec::with_capacity(count)];
    for round in 0..WARM + count {
        // Who is first changes, so that neither always comes after the other.
        for who in [round % 2, 1 - round % 2] {
            let sent = Instant::now();
            let answer = connection.exchange(&asks[who]).await?;
            let took = sent.elapsed().as_secs_f64() * 1e3;
            ensure!(answer.status == status, "{path} answered {}", answer.status);
            if round >= WARM {
                times[who].push(took);
            }
        }
    }
    server.terminate().await?;
    Ok(times)
}

/// Of all pairs, those in which `first` took longer; equal ones count half.
fn chance_that_the_first_is_slower(first: &[f64], second: &[f64]) -> f64 {
    let mut sorted = second.to_vec();
    sorted.sort_by(f64::total_cmp);
    let wins: f64 = first
        .iter()
        .map(|time| {
            let below = sorted.partition_point(|other| other < time);
            let equal = sorted.partition_point(|other| other <= time) - below;
            below as f64 + equal as f64 / 2.0
        })
        .sum();
    wins / (first.len() * second.len()) as f64
}

fn middle(all: &[f64]) -> f64 {
    let mut sorted = all.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
