//! What the server is and offers, for anybody who asks: the first request of every client.

pub mod api;

use crate::config::Signup;

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Who may make an account.
    pub signup: Signup,
    /// Whether a forgotten password can be replaced by a mailed link.
    pub password_reset: bool,
    /// Whether the server is reached in a way that browsers know passkeys for.
    pub passkey: bool,
}
