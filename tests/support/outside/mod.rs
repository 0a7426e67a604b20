//! The server seen from outside: its process, its sockets and its API, for the programs that measure and mistreat it.
//!
//! Owns a raw HTTP/1.1 client ([`wire`]), the life of a server process ([`process`]) and of a database server ([`database`]), signing
//! up and asking ([`account`]), a reproducible chance ([`chance`]) and a reproducible body of text ([`corpus`]). It links nothing of the server: what it
//! knows is the contract, so a defect of ours cannot excuse itself. Each program takes the module by `#[path]`.

#![allow(dead_code, reason = "each program uses its part")]
#![allow(unreachable_pub, reason = "compiled into programs, where nothing is reachable from outside")]

pub mod account;
pub mod chance;
pub mod corpus;
pub mod database;
pub mod process;
pub mod stage;
pub mod trials;
pub mod wire;
