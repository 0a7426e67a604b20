//! The real server among people who mean it harm: bytes on its sockets that no honest client sends.
//!
//! Each test says what the server makes of it: a clear error or an honest answer, the next person served as before ([`house`]), and
//! where there is something to fill, bounded memory. What takes time (heads and bodies that come slowly, resting connections, the cap) is tested
//! beside `http::listeners`, where the clock is the test's own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod bodies;
mod forwarded;
mod framing;
mod heads;
mod house;
mod http2;
#[path = "../support/outside/mod.rs"]
mod outside;
mod paths;
mod questions;
mod raw;
mod tls;
