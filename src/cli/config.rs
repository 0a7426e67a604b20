//! `inkstone config`: which settings are in force, where they were said, and what is wrong with them.

use clap::Subcommand;
use serde_json::json;

use super::failure::Failure;
use super::output::{Output, columns};
use super::settings::{Everywhere, Serving};
use crate::clock::Ids;
use crate::config::{Environment, Resolved, resolve};
use crate::tls::Identity;

/// Show or check the settings.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print every setting, its value and where it was said; secrets are redacted.
    Show(Serving),
    /// Say everything that is wrong with the settings, and with the certificate that they name.
    Check(Serving),
}

/// Touches neither the data directory nor a server.
pub(super) fn run(
    args: Args,
    everywhere: Everywhere,
    environment: &Environment,
    output: Output,
) -> Result<(), Failure> {
    let (Action::Show(serving) | Action::Check(serving)) = &args.action;
    let mut flags = everywhere.0;
    flags.extend(serving.0.clone());
    let resolved = resolve(&flags, environment)?;
    match args.action {
        Action::Show(_) => show(&resolved, output),
        Action::Check(_) => {
            let mut warnings = resolved.warnings;
            if let Some(files) = resolved.config.tls() {
                warnings.extend(Identity::load(&files)?.doubt(Ids::system().now()));
            }
            output.result(&json!({ "valid": true, "warnings": warnings }), || {
                let warnings: String = warnings.iter().map(|w| format!("warning: {w}\n")).collect();
                format!("{warnings}The settings are valid.")
            })
        }
    }
}

fn show(resolved: &Resolved, output: Output) -> Result<(), Failure> {
    let settings: Vec<_> = resolved
        .stated
        .iter()
        .map(|s| {
            let origin = s.origin.to_string();
            json!({ "name": s.setting.name, "value": s.text, "source": origin, "secret": s.setting.secret })
        })
        .collect();
    output.result(&json!({ "settings": settings, "warnings": resolved.warnings }), || {
        let mut rows = vec![vec!["SETTING".to_owned(), "VALUE".to_owned(), "FROM".to_owned()]];
        for s in &resolved.stated {
            rows.push(vec![s.setting.name.into(), s.text.clone().unwrap_or_else(|| "-".into()), s.origin.to_string()]);
        }
        let warnings: String = resolved.warnings.iter().map(|w| format!("warning: {w}\n")).collect();
        columns(&rows) + &warnings
    })
}
