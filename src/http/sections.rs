//! The sections of the API document.

use poem_openapi::Tags;

/// One section.
#[derive(Debug, Clone, Copy, Tags)]
pub enum Section {
    /// Set-up, sign-in, refresh and sign-out.
    Auth,
    /// The caller's own account.
    Me,
    /// Write, read, change and remove notes.
    Notes,
    /// Names on notes.
    Tags,
    /// Places for notes.
    Notebooks,
    /// Find notes.
    Search,
    /// What changed, in order.
    Changes,
    /// Work in the background.
    Jobs,
    /// The accounts of others, and what was done: for administrators.
    Admin,
    /// What the server is and offers.
    Server,
}
