//! `/notes`.

mod create;
mod idempotency;
mod list;
mod patch;
mod read;
mod trash;
