//! Writing while something breaks, and asking afterwards whether a promise was.
//!
//! Owns the [`ledger`] (what was intended, what was acknowledged), the [`writer`]s that keep it, the [`draw`]ing of what they
//! write, and the [`audit`] that compares it with what the server holds. What breaks, and how, is left to the programs.
//!
//! Every writer has notes of its own and one request open at a time. So after a break there is at most one write per writer
//! whose outcome is open, and everything else has exactly one right answer.

#![allow(dead_code, reason = "each program uses its part")]
#![allow(unreachable_pub, reason = "compiled into programs, where nothing is reachable from outside")]

pub mod audit;
pub mod crew;
pub mod draw;
pub mod ledger;
pub mod writer;
