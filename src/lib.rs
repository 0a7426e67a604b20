//! Inkstone: a notes server that you run yourself.

pub mod caller;
pub mod clock;
pub mod error;
pub mod http;
