//! Who asks, and with which rights.
//!
//! A [`Caller`] is proof that a credential was checked. It is minted by `sessions`, and by `http::auth` for the administrator of
//! the machine, alone; `tests/shape.rs` holds that. Every query of a feature takes one, so "whose notes?" cannot be left out.

use std::fmt;

use uuid::Uuid;

/// The id of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(pub Uuid);

/// The id of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub Uuid);

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Their own notes.
    Member,
    /// Their own notes, and the accounts of others.
    Admin,
}

impl Role {
    /// The word of the contract and of the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
        }
    }

    /// Reads [`Role::as_str`] back.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "member" => Some(Self::Member),
            "admin" => Some(Self::Admin),
            _ => None,
        }
    }
}

/// A checked identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    user: UserId,
    session: Option<SessionId>,
    role: Role,
}

impl Caller {
    /// States that a credential was checked. Only `sessions` may say so.
    pub fn mint(user: UserId, session: SessionId, role: Role) -> Self {
        Self { user, session: Some(session), role }
    }

    /// States that the request came from the administrator of the machine, who acts in the space of `user`. Only what guards
    /// the control socket may say so.
    pub fn local_admin(user: UserId) -> Self {
        Self { user, session: None, role: Role::Admin }
    }

    /// Whose notes these are.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// The session that the request belongs to; the administrator of the machine has none.
    pub fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// What the account may do.
    pub fn role(&self) -> Role {
        self.role
    }
}
