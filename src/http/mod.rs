//! What every endpoint shares.
//!
//! Owns the way from a socket to an endpoint and back: connections, limits, strictness, problems, the headers and the log line
//! of every answer, and the few forms that answers share (pages, entity tags). What an endpoint does is its feature's `api.rs`;
//! which endpoints there are, and the order of these layers around them, is `server`'s.
//!
//! The layers, from the outside in, and why in this order:
//!
//! 0. [`client_address`] finds who sent the request, for everything further in.
//! 1. [`access_log`] gives the request its id and sees every answer, problems included.
//! 2. [`headers`] completes every answer.
//! 3. [`cors`] says which other sites' pages may read it.
//! 4. [`budget`] counts requests, and tells how the budgets stand, also when something went wrong.
//! 5. [`catch`] turns what went wrong further in into a problem.
//! 6. [`once`] refuses headers that came twice.
//! 7. [`origin`] refuses what another site's page would change.
//! 8. [`limits`] watches the body, and [`body_budget`] all of them; around the API alone.
//! 9. [`strict`] knows the OpenAPI document; directly around the `OpenApiService`.
//!
//! What a reader would get wrong: the layers below `catch` and the endpoints answer failures with `Err`, not with a response.

mod accept_encoding;
pub mod access;
pub mod access_log;
pub mod app;
pub mod auth;
pub mod body_budget;
pub mod budget;
pub mod catch;
pub mod client_address;
pub mod compress;
pub mod cookies;
pub mod cors;
pub mod docs_page;
pub mod etag;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
pub mod headers;
mod host;
pub mod json;
pub mod limits;
pub mod listeners;
pub mod once;
pub mod openapi;
pub mod operations;
pub mod optional;
pub mod origin;
pub mod page;
pub mod patch;
pub mod placeholder;
pub mod problem;
pub mod read_only;
pub mod removed;
pub mod request_id;
pub mod sections;
pub mod serialized;
pub mod shape;
pub mod signed_in;
pub mod strict;
mod timestamp;
