//! Archives that are not what was written: cut off, with bits turned, or made to do harm. None is ever accepted, none ends the
//! process, and none leaves anything behind.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says so by panicking")]
#![allow(unreachable_pub, reason = "a program of its own, where nothing is reachable from outside")]

mod damage;
mod hostile;
mod support;
