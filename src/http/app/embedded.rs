//! The files in the binary.
//!
//! A release build holds them; a debug build reads the folder when it starts, so that a changed app needs no new binary.

use rust_embed::RustEmbed;

/// The build's folder. It may be missing or empty: then there is no app.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
pub(super) struct Dist;
