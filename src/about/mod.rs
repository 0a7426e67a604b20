//! What the server is and offers, for anybody who asks: the first request of every client.

pub mod api;

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Whether people may register by themselves.
    pub signup_open: bool,
}
