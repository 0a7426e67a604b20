//! Credentials: everything that somebody can show to be let in, checked in one place.
//!
//! Owns passwords ([`password`]), passkeys ([`passkeys`]), identities elsewhere ([`store::identities`]), time-based codes ([`totp`]), recovery codes ([`recovery`]), their tables
//! and the credential columns of `users`, the step between a password and a second factor ([`challenge`]) and, above all, the
//! [`Verifier`]: it alone checks, so that throttling, equal timing and the record of what was refused cannot be left out by a way
//! in. What follows a check (a session, a changed password) is its caller's, in a transaction that asks again whether what was
//! checked still holds.
//!
//! What a reader would get wrong: a code is not used up by being checked. It is spent in the transaction that it lets happen
//! ([`store::spend`]), by one conditional statement, so that of two requests with the same code one fails.

pub mod api;
mod challenge;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
pub mod letters;
pub mod passkeys;
pub mod password;
mod recovery;
pub mod store;
mod throttle;
mod totp;
mod verifier;

use std::time::Duration;

pub use challenge::Challenge;
pub use recovery::COUNT as RECOVERY_CODES;
pub use store::{Account, Spend};
pub use throttle::Flow;
pub use verifier::{Assertion, Enrolment, FirstCode, Options, Proof, RecoverySet, Verifier};

/// How long a credential that was shown counts as fresh.
pub const FRESH_FOR: Duration = Duration::from_secs(10 * 60);

/// What can be shown besides a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// The password.
    Password,
    /// A code of the authenticator app.
    Totp,
    /// One of the codes that were noted down.
    RecoveryCode,
    /// A key of an authenticator.
    Passkey,
    /// The word of a provider of single sign-on.
    Identity,
}

impl Method {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery-code",
            Self::Passkey => "passkey",
            Self::Identity => "sso",
        }
    }
}
