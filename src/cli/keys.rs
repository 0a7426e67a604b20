//! `inkstone keys`: the master key, under which the store's secrets are sealed.

use clap::Subcommand;
use serde_json::json;

use super::Context;
use super::door::Ask;
use super::failure::Failure;
use super::local::Expect;
use super::output::printable;

/// Look after the master key.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Seal all secrets under another master key.
    ///
    /// A key in the data directory is replaced by a new one; the one before is kept beside it, for the backups that were made under it.
    /// Keys of the settings are replaced there: set INKSTONE_MASTER_KEY to the new one and INKSTONE_MASTER_KEY_PREVIOUS to the one before,
    /// restart, and run this. Nobody is signed out.
    Rotate,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    match args.action {
        Action::Rotate => {
            let ask = Ask::post("/local/v1/keys/rotate", &json!({}));
            let turned = context.local(Expect::Store, |api| api.call(ask))?;
            context.output.result(&turned, || {
                let sealed = turned["sealed"].as_u64().unwrap_or_default();
                let mut text = format!("{sealed} secrets are sealed under another master key.");
                match turned["retired"].as_str() {
                    Some(path) => text.push_str(&format!(
                        "\nThe key before is {}. It opens nothing but backups that were made before; remove it when there are \
                         none of those left.",
                        printable(path)
                    )),
                    None => text.push_str("\nINKSTONE_MASTER_KEY_PREVIOUS is not needed any more."),
                }
                if let Some(unopened @ 1..) = turned["unopened"].as_u64() {
                    text.push_str(&format!(
                        "\n{unopened} second factors are under a key that is not here; `inkstone user reset-2fa` takes them off."
                    ));
                }
                text
            })
        }
    }
}
