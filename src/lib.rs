//! Inkstone: a notes server that you run yourself.

pub mod about;
pub mod accounts;
pub mod caller;
pub mod cli;
pub mod clock;
pub mod config;
pub mod data_dir;
pub mod db;
pub mod error;
pub mod feed;
pub mod fold;
pub mod health;
pub mod host;
pub mod http;
pub mod idempotency;
pub mod import;
pub mod instance;
pub mod logging;
pub mod metrics;
pub mod notebooks;
pub mod notes;
pub mod search;
pub mod server;
pub mod sessions;
pub mod tags;
