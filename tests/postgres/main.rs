//! The store on a PostgreSQL server: what happens when that server is unfit, goes away, or is shared.
//!
//! What both engines promise alike is in the other programs, which run on either. These tests want PostgreSQL's programs on the machine;
//! `make test` sees to that (`REQUIRE_SERVERS`), elsewhere they say that they were ignored.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod copy;
mod feed;
mod instances;
mod killed;
mod lost;
#[path = "../support/outside/mod.rs"]
mod outside;
mod proxies;
mod refused;
mod server;
mod shared;
