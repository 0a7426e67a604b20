//! Inkstone: a notes server that you run yourself.
//!
//! The map of the house, from the ground up; a module imports from its own floor, without a circle, and from those below
//! (`tests/shape.rs` holds it, `ARCHITECTURE.md` explains it).
//!
//! | Floor | Modules |
//! |---|---|
//! | ground | [`clock`], [`error`], [`caller`], [`config`], [`data_dir`], [`fold`], [`logging`], [`metrics`], [`tls`] |
//! | store | [`db`]: the only one that names an engine |
//! | feed | [`feed`]: the change log |
//! | features | [`notes`], [`tags`], [`notebooks`], [`accounts`], [`sessions`], [`search`], [`saved_searches`], [`import`], [`export`], [`idempotency`], [`backup`], [`jobs`], [`transfers`], [`housekeeping`], [`health`], [`about`] |
//! | http | [`http`]: what every endpoint shares |
//! | endpoints | `api` and `local` in each feature |
//! | routes | [`server`]: the route table |
//! | tenant | [`instance`]: one store and everything on it |
//! | process | [`host`]: what a process owns once |
//! | command line | [`cli`] |

pub mod about;
pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod backup;
pub mod budgets;
pub mod caller;
pub mod cli;
pub mod clock;
pub mod config;
pub mod credentials;
pub mod data_dir;
pub mod db;
pub mod error;
pub mod export;
pub mod feed;
pub mod fold;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
pub mod health;
pub mod host;
pub mod housekeeping;
pub mod http;
pub mod idempotency;
pub mod import;
pub mod instance;
pub mod jobs;
pub mod logging;
pub mod mail;
pub mod markup;
pub mod metrics;
pub mod notebooks;
pub mod notes;
pub mod outbound;
pub mod remote_images;
pub mod saved_searches;
pub mod seal;
pub mod search;
pub mod secrets;
pub mod server;
pub mod sessions;
pub mod sso;
pub mod tags;
pub mod tls;
pub mod transfers;

#[cfg(test)]
extern crate self as inkstone;
