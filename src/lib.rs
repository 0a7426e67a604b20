//! Inkstone: a notes server that you run yourself.

pub mod accounts;
pub mod caller;
pub mod clock;
pub mod config;
pub mod data_dir;
pub mod db;
pub mod error;
pub mod feed;
pub mod fold;
pub mod idempotency;
pub mod import;
pub mod metrics;
pub mod notebooks;
pub mod notes;
pub mod sessions;
pub mod tags;
