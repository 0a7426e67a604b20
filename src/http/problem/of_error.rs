//! Which problem an error is told as.

use std::time::Duration;

use super::{Kind, Problem};
use crate::error::{Conflict, Error, Forbidden, RemoteImage, Unauthenticated};

/// When another try makes sense after the conditions that pass within moments.
const SOON: Duration = Duration::from_secs(1);

/// When another try makes sense after the conditions that a person or a restart has to end.
const LATER: Duration = Duration::from_secs(10);

/// The same after conditions that end when other clients go: a dead connection is noticed when the next beat cannot be sent.
const A_WHILE: Duration = Duration::from_secs(30);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl From<&Error> for Problem {
    fn from(error: &Error) -> Self {
        match error {
            Error::NotFound(what) => Self::new(Kind::NotFound, format!("There is no such {what}.")),
            Error::Malformed(fields) => Self::fields(Kind::MalformedRequest, fields.clone()),
            Error::Invalid(fields) => Self::fields(Kind::InvalidRequest, fields.clone()),
            Error::Unauthenticated(why) => why.into(),
            Error::SecondFactorRequired { challenge, methods } => {
                Self::new(Kind::SecondFactorRequired, "What was shown is right; a second factor is still missing.")
                    .member("challenge", challenge.as_str())
                    .member("methods", methods.clone())
            }
            Error::Throttled { what, retry_after } => {
                Self::new(Kind::TooManyRequests, format!("Too many: {what}.")).retry_after(*retry_after)
            }
            Error::Forbidden(why) => why.into(),
            Error::Conflict(what) => what.into(),
            Error::IdempotencyKeyReused => {
                Self::new(Kind::IdempotencyKeyReused, "This Idempotency-Key came before with another body.")
            }
            Error::PreconditionRequired => {
                Self::new(Kind::PreconditionRequired, "Send If-Match with the ETag that was read, or * to overwrite.")
            }
            Error::ResyncRequired => Self::new(
                Kind::ResyncRequired,
                "The change log does not reach back to that position. Read everything anew.",
            ),
            Error::CursorExpired => Self::new(
                Kind::CursorExpired,
                "The search cannot be gone on with from this cursor any more. Ask again without it.",
            ),
            Error::TooLarge { limit } => {
                Self::new(Kind::TooLarge, format!("At most {limit} bytes are accepted.")).member("limit", *limit)
            }
            Error::Busy { what, retry_after } => {
                Self::new(Kind::Busy, format!("{}: every place is taken.", capitalised(what))).retry_after(*retry_after)
            }
            Error::DatabaseUnavailable { retry_after } => {
                Self::new(Kind::DatabaseUnavailable, "The database does not answer; nothing was done.")
                    .retry_after(*retry_after)
            }
            // Why is in the log, and told to administrators who check the provider: anybody may ask here, and the reason has addresses.
            Error::NoAnswer(_) => Self::new(
                Kind::SsoUnreachable,
                "The provider gives no answer that helps; whoever administers the server can check it.",
            ),
            Error::TooManyStreams { most } => {
                Self::new(Kind::TooManyStreams, format!("An account may have {most} event streams at once."))
                    .retry_after(A_WHILE)
            }
            Error::Deadline => Self::new(Kind::Timeout, "The read took too long and was given up.").retry_after(SOON),
            Error::StorageFull => {
                Self::new(Kind::StorageFull, "Nothing was written, because the disk is full.").retry_after(LATER)
            }
            Error::OutcomeUnknown => {
                Self::new(Kind::OutcomeUnknown, "The change may or may not have been kept. Read before trying again.")
            }
            Error::SearchUnavailable(_) => {
                Self::new(Kind::SearchUnavailable, "The search index is being prepared.").retry_after(SOON)
            }
            Error::RemoteImage(why) => why.into(),
            Error::ShuttingDown => Self::new(Kind::ShuttingDown, "The server is stopping.").retry_after(LATER),
            Error::Damaged => Self::new(
                Kind::StoreDamaged,
                "Damage to the store was found. It takes no writes until its administrator has restored a backup.",
            ),
            Error::Corrupt(_) => Self::new(
                Kind::StoreDamaged,
                "What was asked for is damaged on disk. The server's log has the place under the X-Request-Id of this answer.",
            ),
            Error::Internal(_) => Self::internal(),
        }
    }
}

impl From<&RemoteImage> for Problem {
    fn from(why: &RemoteImage) -> Self {
        match why {
            RemoteImage::Refused => Self::new(
                Kind::RemoteImageRefused,
                "The address is none on the open internet, or none of http or https.",
            ),
            RemoteImage::Unreachable => {
                Self::new(Kind::RemoteImageUnreachable, "The picture's server did not answer with it in time.")
            }
            RemoteImage::Unusable => {
                Self::new(Kind::RemoteImageUnusable, "What came is none of the kinds of pictures, or too large.")
            }
        }
    }
}

impl From<&Unauthenticated> for Problem {
    fn from(why: &Unauthenticated) -> Self {
        match why {
            Unauthenticated::Missing => Self::new(Kind::AuthenticationRequired, "The request carries no credential."),
            Unauthenticated::AccountUnnamed => Self::new(
                Kind::AuthenticationRequired,
                "Over the control socket, say whose account is meant: the header Inkstone-Account with its e-mail address.",
            ),
            Unauthenticated::InvalidToken => {
                Self::new(Kind::InvalidToken, "The token is malformed or expired, or its session has ended.")
            }
            Unauthenticated::InvalidCredentials => {
                Self::new(Kind::InvalidCredentials, "E-mail and password do not belong together.")
            }
            Unauthenticated::InvalidCode => {
                Self::new(Kind::InvalidCode, "The code is wrong, too old, or was used before.")
            }
            Unauthenticated::InvalidPasskey => {
                Self::new(Kind::InvalidPasskey, "The passkey is not one of this server's, or was not shown for this.")
            }
            Unauthenticated::ChallengeExpired => {
                Self::new(Kind::ChallengeExpired, "The challenge is too old, or the credentials have changed.")
            }
            Unauthenticated::IdentityRefused => Self::new(
                Kind::SsoRefused,
                "What the provider has said does not count here; the server's log has the reason.",
            ),
            Unauthenticated::InvalidRefresh => Self::new(
                Kind::InvalidRefreshToken,
                "The refresh token is unknown, expired, revoked or was used before.",
            ),
        }
    }
}

impl From<&Forbidden> for Problem {
    fn from(why: &Forbidden) -> Self {
        match why {
            Forbidden::Role => Self::new(Kind::Forbidden, "The role of this account does not allow it."),
            Forbidden::ReadOnly => Self::new(Kind::AccountReadOnly, "This account may only read."),
            Forbidden::KeyScope => Self::new(Kind::KeyScopeMissing, "The scopes of this API key do not include it."),
            Forbidden::KeyConfined => {
                Self::new(Kind::KeyConfined, "This API key is confined to some notes, and the request concerns more.")
            }
            Forbidden::SessionOnly => Self::new(Kind::SessionRequired, "An API key does not do for this."),
            Forbidden::StepUp => Self::new(
                Kind::StepUpRequired,
                "This wants a credential that was shown within the last ten minutes: POST /auth/step-up.",
            ),
            Forbidden::Link => Self::new(Kind::LinkInvalid, "The link is unknown, too old or was used."),
            Forbidden::CrossSite => Self::new(
                Kind::CrossSiteRequest,
                "Sec-Fetch-Site or Origin names another site, or neither is there and the request carries a cookie.",
            ),
            Forbidden::SignupClosed => {
                Self::new(Kind::SignupClosed, "An administrator of this server creates accounts.")
            }
            Forbidden::SsoUnknown => Self::new(
                Kind::SsoUnknown,
                "Nobody here is linked with that identity. Whoever has an account signs in as usual and links it in the settings.",
            ),
            Forbidden::SsoEmailUnverified => Self::new(
                Kind::SsoEmailUnverified,
                "The provider gives no e-mail address that it vouches for, so no account can be made.",
            ),
            Forbidden::SsoNotPermitted => {
                Self::new(Kind::SsoNotPermitted, "None of your groups at the provider is let in here.")
            }
            Forbidden::SetupLink => {
                Self::new(Kind::SetupLinkInvalid, "The set-up link is unknown, expired or was used.")
            }
        }
    }
}

impl From<&Conflict> for Problem {
    fn from(what: &Conflict) -> Self {
        match what {
            Conflict::EmailTaken => Self::new(Kind::EmailTaken, "This e-mail address has an account."),
            Conflict::SavedSearchExists => Self::new(Kind::SavedSearchExists, "Another saved search has this name."),
            Conflict::TooManySavedSearches => {
                Self::new(Kind::TooManySavedSearches, "This account has 100 saved searches.")
            }
            Conflict::NotebookExists => {
                Self::new(Kind::NotebookExists, "A notebook of this name stands in the same place.")
            }
            Conflict::NoteIdInUse => Self::new(Kind::NoteIdInUse, "The id is, or was, that of another note."),
            Conflict::NoteTrashed => Self::new(Kind::NoteTrashed, "The note is in the trash: restore it first."),
            Conflict::NoteNotTrashed => Self::new(Kind::NoteNotTrashed, "The note is not in the trash."),
            Conflict::AlreadySetUp => Self::new(Kind::AlreadySetUp, "The server has an administrator."),
            Conflict::LastAdmin => {
                Self::new(Kind::LastAdmin, "The change would leave the server without an administrator.")
            }
            Conflict::ExportNotReady => {
                Self::new(Kind::ExportNotReady, "The archive is still being made; GET /jobs/{id} tells how far it is.")
                    .retry_after(SOON)
            }
            Conflict::ImportUnderWay => {
                Self::new(Kind::ImportUnderWay, "Another archive is being brought in; send this one when that is done.")
                    .retry_after(LATER)
            }
            Conflict::SecondFactorOn => Self::new(Kind::SecondFactorOn, "This account has a second factor already."),
            Conflict::TooManyKeys => Self::new(Kind::TooManyApiKeys, "This account has 100 API keys."),
            Conflict::SharedKey => Self::new(
                Kind::MasterKeyShared,
                "Other servers may use this store: the new master key has to come from the settings of all of them.",
            ),
            Conflict::NoPasskeys => Self::new(
                Kind::PasskeysUnavailable,
                "Passkeys are for a name over https, or for this machine; the server is reached by neither.",
            ),
            Conflict::TooManyPasskeys => Self::new(Kind::TooManyPasskeys, "This account has 50 passkeys."),
            Conflict::PasskeyTaken => Self::new(Kind::PasskeyTaken, "The authenticator's passkey is known already."),
            Conflict::SsoFlowExpired => Self::new(
                Kind::SsoFlowExpired,
                "The way to the provider was begun in another browser or too long ago, or this answer was used before.",
            ),
            Conflict::SsoElsewhere => Self::new(
                Kind::SsoElsewhere,
                "Providers send people back to the server's public URL; open the app there.",
            ),
            Conflict::SsoEmailTaken => Self::new(
                Kind::SsoEmailTaken,
                "An account has that e-mail address. Sign in to it as usual and link the identity in the settings.",
            ),
            Conflict::SsoIdentityTaken => Self::new(Kind::SsoIdentityTaken, "The identity is linked with an account."),
            Conflict::SsoIssuerTaken => Self::new(Kind::SsoIssuerTaken, "Another provider has that issuer."),
            Conflict::SsoSlugTaken => Self::new(Kind::SsoSlugTaken, "Another provider has that short name."),
            Conflict::LastWayIn => Self::new(Kind::LastWayIn, "Nothing else would let you in any more."),
            Conflict::NoMail => Self::new(Kind::MailNotConfigured, "This server sends no letters."),
            Conflict::IdempotencyKeyInUse => {
                Self::new(Kind::IdempotencyKeyInUse, "A request with this Idempotency-Key has not been answered yet.")
                    .retry_after(SOON)
            }
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
