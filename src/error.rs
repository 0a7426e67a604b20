//! The one error type of the house.
//!
//! A variant says what happened in the words of the domain; `http::problem` alone turns it into a status code, and the command
//! line into an exit code. Absence inside a feature is an `Option`; it becomes [`Error::NotFound`] where a caller asked by id.

use std::time::Duration;

/// The result of everything that can fail for a reason a caller should hear.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One member of a request and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The name as the caller sent it: a body member (`tags`), a query name (`limit`) or a header.
    pub field: String,
    /// One sentence that says what would be accepted.
    pub detail: String,
}

/// Why a request counts as nobody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unauthenticated {
    /// No credential came with the request.
    Missing,
    /// The administrator of the machine did not say whose account is meant.
    AccountUnnamed,
    /// The token is malformed, forged, expired, or its session has ended.
    InvalidToken,
    /// E-mail and password do not belong together (or the account is disabled: the answer does not tell).
    InvalidCredentials,
    /// A refresh token that is unknown, expired, revoked, or was used before.
    InvalidRefresh,
    /// A code that is wrong, or was used before.
    InvalidCode,
    /// A passkey that is not of this server, or was not shown to it just now.
    InvalidPasskey,
    /// The challenge that a second factor was to answer is too old, or none of ours.
    ChallengeExpired,
    /// What a provider of single sign-on has said does not count.
    IdentityRefused,
}

/// A request that contradicts the present state, each with its own remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// The e-mail address already has an account.
    EmailTaken,
    /// A notebook of that name already stands in that place.
    NotebookExists,
    /// The account has a saved search of that name.
    SavedSearchExists,
    /// The account has as many saved searches as it may.
    TooManySavedSearches,
    /// The id that a new note asks for is, or was, another note's.
    NoteIdInUse,
    /// The note is in the trash: restore it before editing.
    NoteTrashed,
    /// The note is not in the trash, so there is nothing to restore.
    NoteNotTrashed,
    /// The server already has an administrator.
    AlreadySetUp,
    /// The change would leave the server without an administrator.
    LastAdmin,
    /// Passkeys are for a name that browsers know, and the server has none.
    NoPasskeys,
    /// The account has as many passkeys as one may have.
    TooManyPasskeys,
    /// The authenticator's passkey is an account's already.
    PasskeyTaken,
    /// A request with the same idempotency key is still being worked on.
    IdempotencyKeyInUse,
    /// The archive is still being made.
    ExportNotReady,
    /// Another archive of the caller's is being brought in.
    ImportUnderWay,
    /// The account has a second factor already.
    SecondFactorOn,
    /// The account has as many API keys as it may.
    TooManyKeys,
    /// Other servers on the same store would be left without the new master key.
    SharedKey,
    /// The server sends no letters.
    NoMail,
    /// The way to a provider and back was begun in another browser or too long ago, or was gone before.
    SsoFlowExpired,
    /// The page is open under another address than the one that providers know.
    SsoElsewhere,
    /// Somebody from a provider has the address of an account that is not linked with them.
    SsoEmailTaken,
    /// The identity is linked with another account.
    SsoIdentityTaken,
    /// Another provider has that issuer.
    SsoIssuerTaken,
    /// Another provider has that short name.
    SsoSlugTaken,
    /// Nothing else lets the account's owner in.
    LastWayIn,
}

/// Why a caller, known or not, may not do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forbidden {
    /// The caller's role does not allow it.
    Role,
    /// The account may only read.
    ReadOnly,
    /// The API key was not made for this.
    KeyScope,
    /// The API key is confined to some of the notes, and this concerns all.
    KeyConfined,
    /// Only somebody who is signed in may do it, not an API key.
    SessionOnly,
    /// It wants a credential that was shown a moment ago.
    StepUp,
    /// The link is unknown, expired or already used.
    Link,
    /// A state-changing request with a cookie came from another site.
    CrossSite,
    /// Registration is closed on this server.
    SignupClosed,
    /// The set-up link is unknown, expired or already used.
    SetupLink,
    /// Nobody here is linked with the identity, and its provider lets nobody make an account.
    SsoUnknown,
    /// The provider does not vouch for the e-mail address that an account would be made for.
    SsoEmailUnverified,
    /// None of the groups that somebody is in at the provider is let in.
    SsoNotPermitted,
}

/// Why a picture of another server cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemoteImage {
    /// It is at no address that the server asks.
    Refused,
    /// Its server does not answer, or not with it.
    Unreachable,
    /// What came is no picture, or too large.
    Unusable,
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such thing, or none that the caller may know of.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The request cannot be read: syntax, an unknown or wrongly typed name, a foreign cursor.
    #[error("malformed request: {}", list(.0))]
    Malformed(Vec<FieldError>),
    /// The request can be read and breaks a rule.
    #[error("invalid request: {}", list(.0))]
    Invalid(Vec<FieldError>),
    /// The caller is not known.
    #[error("not authenticated: {0:?}")]
    Unauthenticated(Unauthenticated),
    /// What was shown is right, and a second factor is still missing.
    #[error("a second factor is required")]
    SecondFactorRequired {
        /// What the second factor answers.
        challenge: String,
        /// What it may be, in the words of the contract.
        methods: Vec<&'static str>,
    },
    /// Too many tries, or too many requests.
    #[error("too many: {what}")]
    Throttled {
        /// What there is too much of.
        what: &'static str,
        /// When another try makes sense.
        retry_after: Duration,
    },
    /// The caller is known and may not.
    #[error("forbidden: {0:?}")]
    Forbidden(Forbidden),
    /// The present state does not allow it.
    #[error("conflict: {0:?}")]
    Conflict(Conflict),
    /// An idempotency key came back with another request.
    #[error("the idempotency key was used for another request")]
    IdempotencyKeyReused,
    /// A conditional request lacks its condition.
    #[error("the request needs If-Match")]
    PreconditionRequired,
    /// The reader's position is older than the change log's floor, or of another store.
    #[error("the change log no longer reaches back to that position")]
    ResyncRequired,
    /// What the cursor goes on in is no longer kept.
    #[error("the list cannot be gone on with from that cursor any more")]
    CursorExpired,
    /// Larger than `limit` bytes.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// The largest accepted size in bytes.
        limit: usize,
    },
    /// Every place is taken; worth another try after `retry_after`.
    #[error("busy: {what}")]
    Busy {
        /// What is full, for the log and the detail.
        what: &'static str,
        /// When another try makes sense.
        retry_after: Duration,
    },
    /// The database server cannot be reached now; nothing was done.
    #[error("the database server cannot be reached")]
    DatabaseUnavailable {
        /// When another try makes sense.
        retry_after: Duration,
    },
    /// Somebody else's server, which this one has to ask, gives no answer that helps.
    #[error("another server gives no answer: {0}")]
    NoAnswer(String),
    /// The account has as many event streams as it may.
    #[error("the account has {most} event streams")]
    TooManyStreams {
        /// How many it may have.
        most: usize,
    },
    /// The read took longer than its deadline and was given up.
    #[error("the read was given up after its deadline")]
    Deadline,
    /// The disk is full: nothing was written, reading goes on.
    #[error("the disk is full")]
    StorageFull,
    /// Damage to the store was found: it takes no writes until it is restored, reading goes on.
    #[error("the store is damaged and takes no writes")]
    Damaged,
    /// The answer to a commit was lost: it may or may not have happened.
    #[error("the outcome of the write is unknown")]
    OutcomeUnknown,
    /// The search index cannot answer now; it comes back by itself.
    #[error("search is unavailable: {0}")]
    SearchUnavailable(String),
    /// A picture of another server cannot be shown.
    #[error("remote image: {0:?}")]
    RemoteImage(RemoteImage),
    /// The server is shutting down.
    #[error("shutting down")]
    ShuttingDown,
    /// Stored data contradicts itself.
    #[error("corrupt: {0}")]
    Corrupt(String),
    /// A defect of ours, or a failure of the machine with no better name.
    #[error("internal error: {0}")]
    Internal(String),
}

impl Error {
    /// A broken rule about one member.
    pub fn invalid(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), detail: detail.into() }])
    }

    /// An unreadable member.
    pub fn malformed(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Malformed(vec![FieldError { field: field.into(), detail: detail.into() }])
    }

    /// A failure with no better name; `what` goes to the log, never to the caller.
    pub fn internal(what: impl std::fmt::Display) -> Self {
        Self::Internal(what.to_string())
    }
}

fn list(fields: &[FieldError]) -> String {
    fields.iter().map(|f| format!("{}: {}", f.field, f.detail)).collect::<Vec<_>>().join("; ")
}
