//! The published list of problems: one row for each way in which a request can fail.
//!
//! Owns slug, status, title and the sentence for `docs/problems.md`. A slug is part of the contract: it is never renamed and
//! never given another status; a new situation gets a new row. What fills a row in one case (detail, fields) is `super`'s.

use std::fmt::Write as _;

use poem::http::StatusCode;

/// A way to fail that clients may branch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is explained by its row in `Kind::row`")]
pub enum Kind {
    MalformedRequest,
    AuthenticationRequired,
    InvalidToken,
    InvalidCredentials,
    InvalidRefreshToken,
    Forbidden,
    CrossSiteRequest,
    SignupClosed,
    SetupLinkInvalid,
    NotFound,
    MethodNotAllowed,
    RequestTimeout,
    EmailTaken,
    NotebookExists,
    NoteIdInUse,
    NoteTrashed,
    NoteNotTrashed,
    AlreadySetUp,
    LastAdmin,
    IdempotencyKeyInUse,
    ExportNotReady,
    ImportUnderWay,
    ResyncRequired,
    Stale,
    TooLarge,
    UnsupportedMediaType,
    InvalidRequest,
    IdempotencyKeyReused,
    PreconditionRequired,
    InternalError,
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
    pub const ALL: [Self; 38] = [
        Self::MalformedRequest,
        Self::AuthenticationRequired,
        Self::InvalidToken,
        Self::InvalidCredentials,
        Self::InvalidRefreshToken,
        Self::Forbidden,
        Self::CrossSiteRequest,
        Self::SignupClosed,
        Self::SetupLinkInvalid,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::RequestTimeout,
        Self::EmailTaken,
        Self::NotebookExists,
        Self::NoteIdInUse,
        Self::NoteTrashed,
        Self::NoteNotTrashed,
        Self::AlreadySetUp,
        Self::LastAdmin,
        Self::IdempotencyKeyInUse,
        Self::ExportNotReady,
        Self::ImportUnderWay,
        Self::ResyncRequired,
        Self::Stale,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::InvalidRequest,
        Self::IdempotencyKeyReused,
        Self::PreconditionRequired,
        Self::InternalError,
        Self::Busy,
        Self::Timeout,
        Self::OutcomeUnknown,
        Self::DatabaseUnavailable,
        Self::SearchUnavailable,
        Self::ShuttingDown,
        Self::StoreDamaged,
        Self::StorageFull,
    ];

    /// The row of the table.
    pub const fn row(self) -> Row {
        const fn row(status: StatusCode, slug: &'static str, title: &'static str, meaning: &'static str) -> Row {
            Row { slug, status, title, meaning }
        }
        use StatusCode as S;
        match self {
            Self::MalformedRequest => row(
                S::BAD_REQUEST,
                "malformed-request",
                "The request cannot be read",
                "Broken syntax, an unknown or wrongly typed name, a missing member, a cursor of another query. `errors` says which. The same request will never succeed.",
            ),
            Self::AuthenticationRequired => {
                row(S::UNAUTHORIZED, "authentication-required", "Sign in first", "No credential came with the request.")
            }
            Self::InvalidToken => row(
                S::UNAUTHORIZED,
                "invalid-token",
                "The access token is not valid",
                "The token is malformed or expired, or its session has ended. Refresh once; if that fails too, sign in again.",
            ),
            Self::InvalidCredentials => row(
                S::UNAUTHORIZED,
                "invalid-credentials",
                "E-mail or password is wrong",
                "They do not belong together, or the account is disabled: the answer does not tell which.",
            ),
            Self::InvalidRefreshToken => row(
                S::UNAUTHORIZED,
                "invalid-refresh-token",
                "The refresh token is not valid",
                "It is unknown, expired or revoked, or it was used before. Sign in again.",
            ),
            Self::Forbidden => {
                row(S::FORBIDDEN, "forbidden", "Not allowed", "The account is known and its role does not allow this.")
            }
            Self::CrossSiteRequest => row(
                S::FORBIDDEN,
                "cross-site-request",
                "The request came from another site",
                "A changing request with a cookie must come from the server's own pages. Programs send `Authorization: Bearer` and no cookie.",
            ),
            Self::SignupClosed => row(
                S::FORBIDDEN,
                "signup-closed",
                "Registration is closed",
                "An administrator of this server creates accounts.",
            ),
            Self::SetupLinkInvalid => row(
                S::FORBIDDEN,
                "setup-link-invalid",
                "The set-up link is not valid",
                "It is unknown, older than 30 minutes, or it was used. `inkstone user setup-link` makes a new one.",
            ),
            Self::NotFound => row(
                S::NOT_FOUND,
                "not-found",
                "Not found",
                "There is no such thing, or none that the caller may know of.",
            ),
            Self::MethodNotAllowed => row(
                S::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "The method is not allowed here",
                "The `Allow` header names the methods that are.",
            ),
            Self::RequestTimeout => row(
                S::REQUEST_TIMEOUT,
                "request-timeout",
                "The request body did not arrive in time",
                "The connection was too slow or stalled. Nothing was done; send the request again.",
            ),
            Self::EmailTaken => row(
                S::CONFLICT,
                "email-taken",
                "The e-mail address has an account",
                "Sign in with it, or use another address.",
            ),
            Self::NotebookExists => row(
                S::CONFLICT,
                "notebook-exists",
                "The name is taken",
                "A notebook of that name stands in the same place; upper and lower case do not tell two apart.",
            ),
            Self::NoteIdInUse => row(
                S::CONFLICT,
                "note-id-in-use",
                "The id is taken",
                "The `id` of the new note is, or was, that of another one. Read it: if it is there, an earlier try may have made it. Otherwise choose a new id.",
            ),
            Self::NoteTrashed => {
                row(S::CONFLICT, "note-trashed", "The note is in the trash", "Restore it before changing it.")
            }
            Self::NoteNotTrashed => {
                row(S::CONFLICT, "note-not-trashed", "The note is not in the trash", "There is nothing to restore.")
            }
            Self::AlreadySetUp => row(
                S::CONFLICT,
                "already-set-up",
                "The server is set up",
                "It has an administrator, so the first one cannot be made again.",
            ),
            Self::LastAdmin => row(
                S::CONFLICT,
                "last-admin",
                "The last administrator stays",
                "The change would leave the server without an administrator.",
            ),
            Self::ExportNotReady => row(
                S::CONFLICT,
                "export-not-ready",
                "The export is still being made",
                "Ask `GET /jobs/{id}` how far it is, and fetch it when that is `done`.",
            ),
            Self::ImportUnderWay => row(
                S::CONFLICT,
                "import-under-way",
                "Another import is under way",
                "Nothing was taken. Send the archive when the import before is done.",
            ),
            Self::IdempotencyKeyInUse => row(
                S::CONFLICT,
                "idempotency-key-in-use",
                "The same request is being worked on",
                "A request with this `Idempotency-Key` has not been answered yet. Repeat it after `Retry-After` to get its answer.",
            ),
            Self::ResyncRequired => row(
                S::GONE,
                "resync-required",
                "The change log does not reach back that far",
                "The position is older than the log, or belongs to another store. Read everything anew and go on from the present head.",
            ),
            Self::Stale => row(
                S::PRECONDITION_FAILED,
                "stale",
                "It was changed in the meantime",
                "The `If-Match` version is not the current one. `current` holds what is; merge, then send the change with its `ETag`.",
            ),
            Self::TooLarge => {
                row(S::PAYLOAD_TOO_LARGE, "too-large", "Too large", "`limit` says how many bytes are accepted.")
            }
            Self::UnsupportedMediaType => row(
                S::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "The body's media type is not accepted",
                "Send `Content-Type: application/json`.",
            ),
            Self::InvalidRequest => row(
                S::UNPROCESSABLE_ENTITY,
                "invalid-request",
                "The request breaks a rule",
                "It can be read, and a value is not acceptable. `errors` says which and why.",
            ),
            Self::IdempotencyKeyReused => row(
                S::UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                "The idempotency key belongs to another request",
                "The key came before with another body. Use a new key for a new request.",
            ),
            Self::PreconditionRequired => row(
                S::PRECONDITION_REQUIRED,
                "precondition-required",
                "If-Match is required",
                "Send the `ETag` that was read, or `*` to overwrite whatever is there.",
            ),
            Self::InternalError => row(
                S::INTERNAL_SERVER_ERROR,
                "internal-error",
                "Something went wrong on the server",
                "A defect, or a failure of the machine. The log has the reason under the `X-Request-Id` of the answer.",
            ),
            Self::Busy => row(
                S::SERVICE_UNAVAILABLE,
                "busy",
                "The server is busy",
                "Nothing was done. Try again after `Retry-After`.",
            ),
            Self::Timeout => row(
                S::SERVICE_UNAVAILABLE,
                "timeout",
                "The answer took too long",
                "Reading was given up after its deadline. Try again after `Retry-After`, or ask for less.",
            ),
            Self::OutcomeUnknown => row(
                S::SERVICE_UNAVAILABLE,
                "outcome-unknown",
                "The outcome is unknown",
                "The store did not say whether the change was kept. Read before trying again; a repeated create with the same `Idempotency-Key` is safe.",
            ),
            Self::DatabaseUnavailable => row(
                S::SERVICE_UNAVAILABLE,
                "database-unavailable",
                "The database cannot be reached",
                "The server keeps its notes in a database server that does not answer now. Nothing was done. Try again after `Retry-After`.",
            ),
            Self::SearchUnavailable => row(
                S::SERVICE_UNAVAILABLE,
                "search-unavailable",
                "Search is not available now",
                "The index is being prepared and comes back by itself. Notes can be read and written meanwhile.",
            ),
            Self::ShuttingDown => row(
                S::SERVICE_UNAVAILABLE,
                "shutting-down",
                "The server is stopping",
                "Nothing was done. Try again after `Retry-After`.",
            ),
            Self::StoreDamaged => row(
                S::SERVICE_UNAVAILABLE,
                "store-damaged",
                "The store is damaged",
                "Nothing was written, or what was asked for cannot be read. What is whole can be read and exported; a backup has to be restored.",
            ),
            Self::StorageFull => row(
                S::INSUFFICIENT_STORAGE,
                "storage-full",
                "The disk is full",
                "Nothing was written; reading goes on. Writing resumes by itself when there is room.",
            ),
        }
    }
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
