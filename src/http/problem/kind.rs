//! The published list of problems: one row for each way in which a request can fail.
//!
//! Owns slug, status, title and the sentence for `docs/problems.md`. A slug is part of the contract: it is never renamed and
//! never given another status; a new situation gets a new row. What fills a row in one case (detail, fields) is `super`'s.

use std::fmt::Write as _;

use poem::http::StatusCode;

mod rows;

/// A way to fail that clients may branch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is explained by its row in `Kind::row`")]
pub enum Kind {
    MalformedRequest,
    AuthenticationRequired,
    InvalidToken,
    InvalidCredentials,
    InvalidRefreshToken,
    SecondFactorRequired,
    InvalidCode,
    InvalidPasskey,
    ChallengeExpired,
    SsoRefused,
    Forbidden,
    AccountReadOnly,
    KeyScopeMissing,
    KeyConfined,
    SessionRequired,
    StepUpRequired,
    LinkInvalid,
    CrossSiteRequest,
    SignupClosed,
    SetupLinkInvalid,
    SsoUnknown,
    SsoEmailUnverified,
    SsoNotPermitted,
    NotFound,
    MethodNotAllowed,
    RequestTimeout,
    EmailTaken,
    NotebookExists,
    SavedSearchExists,
    TooManySavedSearches,
    NoteIdInUse,
    NoteTrashed,
    NoteNotTrashed,
    AlreadySetUp,
    LastAdmin,
    IdempotencyKeyInUse,
    ExportNotReady,
    ImportUnderWay,
    SecondFactorOn,
    TooManyApiKeys,
    MasterKeyShared,
    MailNotConfigured,
    PasskeysUnavailable,
    PasskeyTaken,
    TooManyPasskeys,
    SsoFlowExpired,
    SsoElsewhere,
    SsoEmailTaken,
    SsoIdentityTaken,
    SsoIssuerTaken,
    SsoSlugTaken,
    LastWayIn,
    ResyncRequired,
    CursorExpired,
    Stale,
    TooLarge,
    UnsupportedMediaType,
    InvalidRequest,
    IdempotencyKeyReused,
    RemoteImageRefused,
    PreconditionRequired,
    TooManyRequests,
    TooManyStreams,
    InternalError,
    RemoteImageUnreachable,
    RemoteImageUnusable,
    SsoUnreachable,
    Busy,
    Timeout,
    OutcomeUnknown,
    DatabaseUnavailable,
    SearchUnavailable,
    ShuttingDown,
    StoreDamaged,
    StorageFull,
}

/// What is fixed about a [`Kind`].
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The `type` member: a relative reference that stays as it is.
    pub slug: &'static str,
    /// The status code that always comes with the slug.
    pub status: StatusCode,
    /// The `title` member: the same for every occurrence.
    pub title: &'static str,
    /// For the published list: when it happens and what to do about it.
    pub meaning: &'static str,
}

impl Kind {
    /// Every kind, by status code and in the order of the published list.
    pub const ALL: [Self; 75] = [
        Self::MalformedRequest,
        Self::AuthenticationRequired,
        Self::InvalidToken,
        Self::InvalidCredentials,
        Self::InvalidRefreshToken,
        Self::SecondFactorRequired,
        Self::InvalidCode,
        Self::InvalidPasskey,
        Self::ChallengeExpired,
        Self::SsoRefused,
        Self::Forbidden,
        Self::AccountReadOnly,
        Self::KeyScopeMissing,
        Self::KeyConfined,
        Self::SessionRequired,
        Self::StepUpRequired,
        Self::LinkInvalid,
        Self::CrossSiteRequest,
        Self::SignupClosed,
        Self::SetupLinkInvalid,
        Self::SsoUnknown,
        Self::SsoEmailUnverified,
        Self::SsoNotPermitted,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::RequestTimeout,
        Self::EmailTaken,
        Self::NotebookExists,
        Self::SavedSearchExists,
        Self::TooManySavedSearches,
        Self::NoteIdInUse,
        Self::NoteTrashed,
        Self::NoteNotTrashed,
        Self::AlreadySetUp,
        Self::LastAdmin,
        Self::IdempotencyKeyInUse,
        Self::ExportNotReady,
        Self::ImportUnderWay,
        Self::SecondFactorOn,
        Self::TooManyApiKeys,
        Self::MasterKeyShared,
        Self::MailNotConfigured,
        Self::PasskeysUnavailable,
        Self::PasskeyTaken,
        Self::TooManyPasskeys,
        Self::SsoFlowExpired,
        Self::SsoElsewhere,
        Self::SsoEmailTaken,
        Self::SsoIdentityTaken,
        Self::SsoIssuerTaken,
        Self::SsoSlugTaken,
        Self::LastWayIn,
        Self::ResyncRequired,
        Self::CursorExpired,
        Self::Stale,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::InvalidRequest,
        Self::IdempotencyKeyReused,
        Self::RemoteImageRefused,
        Self::PreconditionRequired,
        Self::TooManyRequests,
        Self::TooManyStreams,
        Self::InternalError,
        Self::RemoteImageUnreachable,
        Self::RemoteImageUnusable,
        Self::SsoUnreachable,
        Self::Busy,
        Self::Timeout,
        Self::OutcomeUnknown,
        Self::DatabaseUnavailable,
        Self::SearchUnavailable,
        Self::ShuttingDown,
        Self::StoreDamaged,
        Self::StorageFull,
    ];
}

/// The text of `docs/problems.md`.
pub fn published_list() -> String {
    let mut text = String::from(
        "# Problems\n\n\
         Every failed request is answered with `application/problem+json` (RFC 9457):\n\n\
         ```json\n\
         {\n  \"type\": \"malformed-request\",\n  \"title\": \"The request cannot be read\",\n  \"status\": 400,\n  \
         \"detail\": \"limit: must be a whole number from 1 to 200\",\n  \
         \"errors\": [{ \"field\": \"limit\", \"detail\": \"must be a whole number from 1 to 200\" }]\n}\n\
         ```\n\n\
         Branch on `type`: a slug from this list keeps its meaning and its status. `title` and `detail` are for people and may\n\
         change. `errors` names the members of the request that are at fault; `limit` (413) and `current` (412) come with their\n\
         problems alone. A client meets slugs that it does not know by their status.\n\n\
         | Status | `type` | Title | When, and what to do |\n|---|---|---|---|\n",
    );
    for kind in Kind::ALL {
        let row = kind.row();
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "| {} | `{}` | {} | {} |", row.status.as_u16(), row.slug, row.title, row.meaning);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_list_names_every_kind_once_and_orders_by_status() {
        let slugs: HashSet<_> = Kind::ALL.iter().map(|kind| kind.row().slug).collect();
        assert_eq!(slugs.len(), Kind::ALL.len());
        assert_eq!(Kind::ALL.len(), Kind::StorageFull as usize + 1, "the last variant is listed last");
        assert!(Kind::ALL.is_sorted_by_key(|kind| kind.row().status.as_u16()));
    }

    #[test]
    fn slugs_are_lower_case_words_joined_by_hyphens() {
        for kind in Kind::ALL {
            let slug = kind.row().slug;
            assert!(slug.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{slug}");
            assert!(!kind.row().title.ends_with('.') && kind.row().meaning.ends_with('.'), "{slug}");
        }
    }
}
