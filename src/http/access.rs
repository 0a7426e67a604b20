//! What an endpoint wants of its caller.
//!
//! Each endpoint names one of these in its signature (`Auth<Reads>`), so that none can be without; `http::openapi` derives from it how a
//! caller who has less is refused, and `http::budget` what a request costs.

use crate::caller::{Caller, Role, Scopes};
use crate::clock::Timestamp;
use crate::credentials::FRESH_FOR;
use crate::error::{Error, Forbidden, Result};
use crate::http::budget::Cost;

/// How the names of what operations want begin, where the document that is being made has them among its credentials.
pub const ACCESS: &str = "access:";

/// What a request needs of its caller. Each endpoint names it in its signature, so that none can be without.
pub trait Access: Send + Sync + 'static {
    /// How the document calls it while it is made: [`ACCESS`] and a word. `http::openapi` reads from it which problems there can be.
    const NAME: &'static str;

    /// What a request costs its account.
    const COST: Cost;

    /// Refuses a caller who has less.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    fn check(caller: &Caller, now: Timestamp) -> Result<()>;
}

fn scope(caller: &Caller, has: impl Fn(Scopes) -> bool) -> Result<()> {
    match caller.grant() {
        Some(grant) if !has(grant.scopes) => Err(Error::Forbidden(Forbidden::KeyScope)),
        _ => Ok(()),
    }
}

fn unconfined(caller: &Caller) -> Result<()> {
    match caller.confines() {
        Some(_) => Err(Error::Forbidden(Forbidden::KeyConfined)),
        None => Ok(()),
    }
}

pub(super) fn fresh(caller: &Caller, now: Timestamp) -> Result<()> {
    match caller.verified_at() {
        Some(at) if now >= at.plus(FRESH_FOR) => Err(Error::Forbidden(Forbidden::StepUp)),
        _ => Ok(()),
    }
}

/// Reads notes and what belongs to them. A key that is confined to some of them reaches the endpoint, which has to see to that.
#[derive(Debug, Clone, Copy)]
pub struct Reads;

impl Access for Reads {
    const NAME: &'static str = "access:reads";
    const COST: Cost = Cost::Read;

    fn check(caller: &Caller, _: Timestamp) -> Result<()> {
        scope(caller, |scopes| scopes.read)
    }
}

/// Has pictures of other servers fetched, which costs the machine more than reading does.
#[derive(Debug, Clone, Copy)]
pub struct FetchesImages;

impl Access for FetchesImages {
    const NAME: &'static str = "access:reads-all";
    const COST: Cost = Cost::Image;

    fn check(caller: &Caller, now: Timestamp) -> Result<()> {
        ReadsAll::check(caller, now)
    }
}

/// [`Reads`] what concerns all notes.
#[derive(Debug, Clone, Copy)]
pub struct ReadsAll;

impl Access for ReadsAll {
    const NAME: &'static str = "access:reads-all";
    const COST: Cost = Cost::Read;

    fn check(caller: &Caller, now: Timestamp) -> Result<()> {
        Reads::check(caller, now)?;
        unconfined(caller)
    }
}

/// Makes, changes and removes notes. A key that is confined to some of them reaches the endpoint, which has to see to that.
#[derive(Debug, Clone, Copy)]
pub struct Writes;

impl Access for Writes {
    const NAME: &'static str = "access:writes";
    const COST: Cost = Cost::Write;

    fn check(caller: &Caller, _: Timestamp) -> Result<()> {
        scope(caller, |scopes| scopes.write)?;
        if caller.role().writes() { Ok(()) } else { Err(Error::Forbidden(Forbidden::ReadOnly)) }
    }
}

/// [`Writes`] what concerns all notes.
#[derive(Debug, Clone, Copy)]
pub struct WritesAll;

impl Access for WritesAll {
    const NAME: &'static str = "access:writes-all";
    const COST: Cost = Cost::Write;

    fn check(caller: &Caller, now: Timestamp) -> Result<()> {
        Writes::check(caller, now)?;
        unconfined(caller)
    }
}

/// Searches notes. A key that is confined to some of them reaches the endpoint, which has to see to that.
#[derive(Debug, Clone, Copy)]
pub struct Searches;

impl Access for Searches {
    const NAME: &'static str = "access:searches";
    const COST: Cost = Cost::Search;

    fn check(caller: &Caller, _: Timestamp) -> Result<()> {
        scope(caller, |scopes| scopes.search)
    }
}

/// Everything of an account, to take it away: as [`ReadsAll`], and a credential that was shown a moment ago.
#[derive(Debug, Clone, Copy)]
pub struct TakesAll;

impl Access for TakesAll {
    const NAME: &'static str = "access:takes-all";
    const COST: Cost = Cost::Carry;

    fn check(caller: &Caller, now: Timestamp) -> Result<()> {
        ReadsAll::check(caller, now)?;
        fresh(caller, now)
    }
}

/// The account's own affairs, for somebody who is signed in.
#[derive(Debug, Clone, Copy)]
pub struct Owns;

impl Access for Owns {
    const NAME: &'static str = "access:owns";
    const COST: Cost = Cost::Read;

    fn check(caller: &Caller, _: Timestamp) -> Result<()> {
        match caller.grant() {
            Some(_) => Err(Error::Forbidden(Forbidden::SessionOnly)),
            None => Ok(()),
        }
    }
}

/// [`WritesAll`] at once, out of an archive.
#[derive(Debug, Clone, Copy)]
pub struct BringsIn;

impl Access for BringsIn {
    const NAME: &'static str = "access:writes-all";
    const COST: Cost = Cost::Carry;

    fn check(caller: &Caller, now: Timestamp) -> Result<()> {
        WritesAll::check(caller, now)
    }
}

/// [`Owns`], and a credential that was shown a moment ago.
#[derive(Debug, Clone, Copy)]
pub struct OwnsFresh;

impl Access for OwnsFresh {
    const NAME: &'static str = "access:owns-fresh";
    const COST: Cost = Cost::Write;

    fn check(caller: &Caller, now: Timestamp) -> Result<()> {
        Owns::check(caller, now)?;
        fresh(caller, now)
    }
}

/// Looks at the accounts of others.
#[derive(Debug, Clone, Copy)]
pub struct Administers;

impl Access for Administers {
    const NAME: &'static str = "access:administers";
    const COST: Cost = Cost::Read;

    fn check(caller: &Caller, _: Timestamp) -> Result<()> {
        if caller.role() != Role::Admin {
            return Err(Error::Forbidden(Forbidden::Role));
        }
        scope(caller, |scopes| scopes.admin)
    }
}

/// Changes the accounts of others: as [`Administers`], and a credential that was shown a moment ago, unless it is a key that was made
/// for this.
#[derive(Debug, Clone, Copy)]
pub struct AdministersFresh;

impl Access for AdministersFresh {
    const NAME: &'static str = "access:administers-fresh";
    const COST: Cost = Cost::Write;

    fn check(caller: &Caller, now: Timestamp) -> Result<()> {
        Administers::check(caller, now)?;
        fresh(caller, now)
    }
}
