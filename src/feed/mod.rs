//! The change log: what changed, in which order, for whom.
//!
//! Every change that a user could see is one row, written in the transaction that makes the change and numbered by it, so a
//! reader that has seen *n* never meets a smaller number later. The log says *that* something changed, never what is in it: a
//! follower (the search index, a browser, a device) keeps a cursor, reads from there and asks the store for the present content.
//!
//! Owns the table `changes`, its floor, how those inside the house read on ([`cursor`]), and who is to be told at once
//! ([`subscribers`]). Leases, counters and times of last use are no changes.

pub mod api;
pub mod cursor;
pub mod store;
pub mod subscribers;

use uuid::Uuid;

use crate::caller::UserId;
use crate::error::{Error, Result};

/// What kind of thing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A note.
    Note,
    /// A tag.
    Tag,
    /// A notebook.
    Notebook,
    /// A saved search.
    SavedSearch,
    /// The account itself: name, role, password.
    Account,
    /// A session.
    Session,
    /// A job.
    Job,
    /// An API key.
    ApiKey,
}

impl Kind {
    /// The word of the contract and of the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Tag => "tag",
            Self::Notebook => "notebook",
            Self::SavedSearch => "saved-search",
            Self::Account => "account",
            Self::Session => "session",
            Self::Job => "job",
            Self::ApiKey => "api-key",
        }
    }

    fn parse(text: &str) -> Result<Self> {
        Ok(match text {
            "note" => Self::Note,
            "tag" => Self::Tag,
            "notebook" => Self::Notebook,
            "saved-search" => Self::SavedSearch,
            "account" => Self::Account,
            "session" => Self::Session,
            "job" => Self::Job,
            "api-key" => Self::ApiKey,
            other => return Err(Error::Corrupt(format!("a change of the unknown kind `{other}`"))),
        })
    }
}

/// What happened to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// It is there, new or changed: read it again.
    Put,
    /// It is gone, or its owner may no longer see it: a tombstone.
    Delete,
}

impl Op {
    /// The word of the contract and of the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Put => "put",
            Self::Delete => "delete",
        }
    }

    fn parse(text: &str) -> Result<Self> {
        match text {
            "put" => Ok(Self::Put),
            "delete" => Ok(Self::Delete),
            other => Err(Error::Corrupt(format!("a change with the unknown operation `{other}`"))),
        }
    }
}

/// One row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number.
    pub seq: i64,
    /// What kind of thing.
    pub kind: Kind,
    /// Which.
    pub id: Uuid,
    /// Who sees it.
    pub owner: UserId,
    /// What happened.
    pub op: Op,
    /// The thing's content state after it, for things that have versions.
    pub version: Option<Uuid>,
}
