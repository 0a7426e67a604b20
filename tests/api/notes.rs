//! `/notes`.

mod create;
mod html;
mod idempotency;
mod list;
mod patch;
mod read;
mod trash;
