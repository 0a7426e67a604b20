//! What is fixed about each kind: its slug, its status, its words.

use poem::http::StatusCode;

use super::{Kind, Row};

impl Kind {
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
            Self::SecondFactorRequired => row(
                S::UNAUTHORIZED,
                "second-factor-required",
                "A second factor is required",
                "What was shown is right, and the account has a second factor. Send `challenge` and a code of one of `methods` to `POST /auth/second-factor` within five minutes.",
            ),
            Self::InvalidCode => row(
                S::UNAUTHORIZED,
                "invalid-code",
                "The code is not right",
                "It is wrong, too old, or it was used before. The next code of the app, or another recovery code, may do.",
            ),
            Self::InvalidPasskey => row(
                S::UNAUTHORIZED,
                "invalid-passkey",
                "The passkey was not accepted",
                "It is not one of this server's, was taken off, or its answer was used before. Begin again, or sign in with the password.",
            ),
            Self::ChallengeExpired => row(
                S::UNAUTHORIZED,
                "challenge-expired",
                "The sign-in took too long",
                "The challenge is older than five minutes, or the credentials were changed meanwhile. Begin with the password again.",
            ),
            Self::SsoRefused => row(
                S::UNAUTHORIZED,
                "sso-refused",
                "The provider's word does not count",
                "What it answered is not signed by it, not for this server or this sign-in, too old, or about a disabled account. Begin again; if that fails too, the server's log has the reason.",
            ),
            Self::SsoUnknown => row(
                S::FORBIDDEN,
                "sso-unknown",
                "Nobody here is linked with that identity",
                "The provider lets nobody make an account here. Whoever has one signs in as usual and links the identity in the settings.",
            ),
            Self::SsoEmailUnverified => row(
                S::FORBIDDEN,
                "sso-email-unverified",
                "The provider does not vouch for the address",
                "An account is made only for an e-mail address that the provider says is verified. Verify it there, or have an administrator make the account.",
            ),
            Self::SsoNotPermitted => row(
                S::FORBIDDEN,
                "sso-not-permitted",
                "The provider's groups do not let in",
                "The provider is set up to let in certain groups, and none of the person's is one of them.",
            ),
            Self::SsoFlowExpired => row(
                S::CONFLICT,
                "sso-flow-expired",
                "The way to the provider was not begun here",
                "It was begun in another browser or longer than ten minutes ago, or this answer was used before. Begin again.",
            ),
            Self::SsoElsewhere => row(
                S::CONFLICT,
                "sso-elsewhere",
                "The app is open under another address",
                "Providers send people back to the server's public URL only. Open the app there and begin again.",
            ),
            Self::SsoEmailTaken => row(
                S::CONFLICT,
                "sso-email-taken",
                "An account has that address",
                "Addresses alone never link. Sign in to that account as usual and link the identity in the settings.",
            ),
            Self::SsoIdentityTaken => row(
                S::CONFLICT,
                "sso-identity-taken",
                "The identity is linked already",
                "It is linked with this account or with another one; unlink it there first.",
            ),
            Self::SsoIssuerTaken => row(
                S::CONFLICT,
                "sso-issuer-taken",
                "Another provider has that issuer",
                "Change that one, or take it away first.",
            ),
            Self::SsoSlugTaken => {
                row(S::CONFLICT, "sso-slug-taken", "Another provider has that short name", "Choose another one.")
            }
            Self::LastWayIn => row(
                S::CONFLICT,
                "last-way-in",
                "It is the last way into the account",
                "Without it nobody could sign in. Choose a password (by the mailed link), make a passkey or link another identity first.",
            ),
            Self::SsoUnreachable => row(
                S::BAD_GATEWAY,
                "sso-unreachable",
                "The provider gives no answer",
                "It cannot be reached, takes too long, or says something that is no OpenID Connect. Later may do; `POST /admin/sso-providers/{id}/check` tells administrators which.",
            ),
            Self::Forbidden => {
                row(S::FORBIDDEN, "forbidden", "Not allowed", "The account is known and its role does not allow this.")
            }
            Self::AccountReadOnly => row(
                S::FORBIDDEN,
                "account-read-only",
                "The account may only read",
                "An administrator can give it another role.",
            ),
            Self::KeyScopeMissing => row(
                S::FORBIDDEN,
                "key-scope-missing",
                "The API key was not made for this",
                "Its scopes do not include what the request does. Make another key.",
            ),
            Self::KeyConfined => row(
                S::FORBIDDEN,
                "key-confined",
                "The API key is confined to some notes",
                "The request concerns more than the tags or notebooks that the key was made for.",
            ),
            Self::SessionRequired => row(
                S::FORBIDDEN,
                "session-required",
                "Only somebody who is signed in may do this",
                "An API key does not do for the account's own affairs. Sign in.",
            ),
            Self::StepUpRequired => row(
                S::FORBIDDEN,
                "step-up-required",
                "Show a credential again",
                "The request wants a credential that was shown within the last ten minutes. Send one to `POST /auth/step-up`, then the request again.",
            ),
            Self::LinkInvalid => row(
                S::FORBIDDEN,
                "link-invalid",
                "The link is not valid",
                "It is unknown, too old, or it was used. Ask for a new one.",
            ),
            Self::CrossSiteRequest => row(
                S::FORBIDDEN,
                "cross-site-request",
                "The request came from another site",
                "Another site's page may change nothing, and a changing request with a cookie must come from the server's own pages. Programs \
                 send `Authorization: Bearer` and no cookie.",
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
            Self::SavedSearchExists => row(
                S::CONFLICT,
                "saved-search-exists",
                "The name is taken",
                "Another saved search has that name; upper and lower case do not tell two apart.",
            ),
            Self::TooManySavedSearches => row(
                S::CONFLICT,
                "too-many-saved-searches",
                "The account has as many saved searches as it may",
                "Delete one that nobody needs any more.",
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
            Self::SecondFactorOn => row(
                S::CONFLICT,
                "second-factor-on",
                "The account has a second factor",
                "Take it off before another one is added.",
            ),
            Self::TooManyApiKeys => row(
                S::CONFLICT,
                "too-many-api-keys",
                "The account has as many API keys as it may",
                "Remove one that nobody needs any more.",
            ),
            Self::MasterKeyShared => row(
                S::CONFLICT,
                "master-key-shared",
                "Other servers need the new master key too",
                "Give all of them the new key as INKSTONE_MASTER_KEY and the present one as INKSTONE_MASTER_KEY_PREVIOUS, restart them, and rotate then.",
            ),
            Self::PasskeysUnavailable => row(
                S::CONFLICT,
                "passkeys-unavailable",
                "The server has no name for passkeys",
                "Whoever runs it can set INKSTONE_PUBLIC_URL to an https address with a name.",
            ),
            Self::PasskeyTaken => row(
                S::CONFLICT,
                "passkey-taken",
                "The passkey is known already",
                "It is an account's already. Take it off there, or use another authenticator.",
            ),
            Self::TooManyPasskeys => row(
                S::CONFLICT,
                "too-many-passkeys",
                "The account has as many passkeys as one may have",
                "Take one off that is no longer used.",
            ),
            Self::MailNotConfigured => row(
                S::CONFLICT,
                "mail-not-configured",
                "The server sends no letters",
                "Whoever runs it can set INKSTONE_SMTP_URL and INKSTONE_MAIL_FROM, or give another password with `inkstone user reset-password`.",
            ),
            Self::ResyncRequired => row(
                S::GONE,
                "resync-required",
                "The change log does not reach back that far",
                "The position is older than the log, or belongs to another store. Read everything anew and go on from the present head.",
            ),
            Self::CursorExpired => row(
                S::GONE,
                "cursor-expired",
                "The list cannot be gone on with from there",
                "The pages of a search belong together for five minutes; the state of the index that they show is no longer kept. Ask again without `cursor`.",
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
            Self::TooManyRequests => row(
                S::TOO_MANY_REQUESTS,
                "too-many-requests",
                "Too many requests",
                "A budget is used up; `Retry-After` says when there is some again. For credentials it counts tries, right ones too.",
            ),
            Self::TooManyStreams => row(
                S::TOO_MANY_REQUESTS,
                "too-many-streams",
                "The account has too many event streams",
                "Close one, or try again after `Retry-After`: places of clients that went away become free.",
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
            Self::RemoteImageRefused => row(
                S::UNPROCESSABLE_ENTITY,
                "remote-image-refused",
                "The picture's address is not asked",
                "It is no http or https URL of a server on the open internet. The administrator of the machine can open networks of their own (`outbound_allow`).",
            ),
            Self::RemoteImageUnreachable => row(
                S::BAD_GATEWAY,
                "remote-image-unreachable",
                "The picture cannot be fetched",
                "Its server cannot be reached, is too slow, leads on too often, or answers without the picture.",
            ),
            Self::RemoteImageUnusable => row(
                S::BAD_GATEWAY,
                "remote-image-unusable",
                "There is no picture to show",
                "What its server sent is no PNG, JPEG, GIF, WebP or AVIF, or has more than 10 MiB.",
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
