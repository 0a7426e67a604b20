//! The API as clients meet it: the real router, in-process, on a data directory of its own, with a clock that the test moves.
//!
//! One module for each part of the URL space, and six that go across it: `problems` (whatever is refused is a problem of
//! the published list), `authorisation` (every operation with every kind of caller), `foreign_ids` (somebody else's ids in every place),
//! `cross_site` (every change, asked for by other sites' pages), `answers` (what each answer says to browsers) and `openapi` (the
//! reviewed document).
//! What a reader would get wrong: each answer of each test is also held to the OpenAPI document, in `support::contract`; a
//! status, a slug or a member that is not published fails the test that meets it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]

mod accounts;
mod admin;
mod answers;
mod api_keys;
mod app;
mod audit;
mod authorisation;
mod budgets;
mod changes;
mod confined;
mod cors;
mod credentials;
mod cross_site;
mod emails;
mod events;
mod foreign_ids;
mod held_back;
mod jobs;
mod letters;
mod notebooks;
mod notes;
mod openapi;
mod passkeys;
mod problems;
mod remote_images;
#[path = "../support/reviewed.rs"]
mod reviewed;
mod saved_searches;
mod search;
mod search_alone;
mod search_pages;
mod search_query;
mod secrets;
mod server;
mod sso;
mod suggest;
mod support;
mod tags;
mod transfers;
