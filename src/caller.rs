//! Who asks, from where, and with which rights.
//!
//! A [`Caller`] is proof that a credential was checked. It is minted by `sessions` and `api_keys`, and by `http::auth` for the
//! administrator of the machine, alone; `tests/shape.rs` holds that. Every query of a feature takes one, so "whose notes?" cannot
//! be left out.

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::fold;

/// The id of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct UserId(pub Uuid);

/// The id of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct SessionId(pub Uuid);

/// The id of an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub Uuid);

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

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Read their own notes.
    ReadOnly,
    /// Their own notes.
    Member,
    /// Their own notes, and the accounts of others.
    Admin,
}

impl Role {
    /// The word of the contract and of the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadOnly => "read-only",
            Self::Member => "member",
            Self::Admin => "admin",
        }
    }

    /// Reads [`Role::as_str`] back.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "read-only" => Some(Self::ReadOnly),
            "member" => Some(Self::Member),
            "admin" => Some(Self::Admin),
            _ => None,
        }
    }

    /// Whether notes may be written.
    pub fn writes(self) -> bool {
        self != Self::ReadOnly
    }
}

/// Longest description of a device that is kept, in characters.
const MAX_AGENT_CHARS: usize = 200;

/// Where a request came from, so that people recognise it in lists. No right follows from it. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    agent: Arc<str>,
    address: Arc<str>,
}

impl Device {
    /// From the `User-Agent` and the peer's address; long and unprintable text is cut.
    pub fn new(agent: &str, address: &str) -> Self {
        let clean =
            |text: &str| text.chars().filter(|c| !c.is_control()).take(MAX_AGENT_CHARS).collect::<String>().into();
        Self { agent: clean(agent), address: clean(address) }
    }

    /// This machine itself, by no request.
    pub fn local() -> Self {
        Self::new("", "local")
    }

    /// What it calls itself.
    pub fn agent(&self) -> &str {
        &self.agent
    }

    /// The address that it came from.
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// What an API key may do, at most: its owner's role bounds it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes {
    /// Read notes, tags, notebooks and the change log.
    pub read: bool,
    /// Make, change and remove notes, tags and notebooks.
    pub write: bool,
    /// Search.
    pub search: bool,
    /// Administer the accounts of others.
    pub admin: bool,
}

/// The notes that an API key is confined to; of both kinds none: all of its owner's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Confines {
    /// Notes with one of these tags: their folded names.
    pub tags: Vec<String>,
    /// Notes in one of these notebooks, not in those inside of them.
    pub notebooks: Vec<Uuid>,
}

impl Confines {
    /// Whether every note of the owner's is within.
    pub fn is_everything(&self) -> bool {
        self.tags.is_empty() && self.notebooks.is_empty()
    }

    /// Whether a note with these tags in this notebook is within.
    pub fn admit<'t>(&self, mut tags: impl Iterator<Item = &'t str>, notebook: Option<Uuid>) -> bool {
        notebook.is_some_and(|id| self.notebooks.contains(&id))
            || tags.any(|tag| self.tags.contains(&fold::name_key(tag)))
    }
}

/// What an API key was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Which key.
    pub key: KeyId,
    /// What it may do.
    pub scopes: Scopes,
    /// On which notes.
    pub confines: Confines,
    /// Requests a minute, when the key has a budget of its own.
    pub budget: Option<u32>,
}

/// The credential that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Credential {
    Session { id: SessionId, verified_at: Timestamp },
    Key(Arc<Grant>),
    Machine,
}

/// A checked identity. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    user: UserId,
    role: Role,
    credential: Credential,
    device: Device,
}

impl Caller {
    /// States that a session was checked whose owner last showed a credential at `verified_at`. Only `sessions` may say so.
    pub fn mint(user: UserId, role: Role, session: SessionId, verified_at: Timestamp, device: Device) -> Self {
        Self { user, role, credential: Credential::Session { id: session, verified_at }, device }
    }

    /// States that an API key was checked. Only `api_keys` may say so.
    pub fn mint_key(user: UserId, role: Role, grant: Arc<Grant>, device: Device) -> Self {
        Self { user, role, credential: Credential::Key(grant), device }
    }

    /// States that the request came from the administrator of the machine, who acts in the space of `user`. Only what guards
    /// the control socket may say so.
    pub fn local_admin(user: UserId) -> Self {
        Self { user, role: Role::Admin, credential: Credential::Machine, device: Device::local() }
    }

    /// Whose notes these are.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// The session that the request belongs to, if any.
    pub fn session(&self) -> Option<SessionId> {
        match self.credential {
            Credential::Session { id, .. } => Some(id),
            Credential::Key(_) | Credential::Machine => None,
        }
    }

    /// When the owner of the session last showed a credential; `None` without a session.
    pub fn verified_at(&self) -> Option<Timestamp> {
        match self.credential {
            Credential::Session { verified_at, .. } => Some(verified_at),
            Credential::Key(_) | Credential::Machine => None,
        }
    }

    /// What the API key was made for, when it is one.
    pub fn grant(&self) -> Option<&Arc<Grant>> {
        match &self.credential {
            Credential::Key(grant) => Some(grant),
            Credential::Session { .. } | Credential::Machine => None,
        }
    }

    /// The notes that the caller is confined to; `None`: all of its own.
    pub fn confines(&self) -> Option<&Confines> {
        self.grant().map(|grant| &grant.confines).filter(|confines| !confines.is_everything())
    }

    /// Whether it is the administrator of the machine.
    pub fn is_machine(&self) -> bool {
        self.credential == Credential::Machine
    }

    /// What the account may do.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Where the request came from.
    pub fn device(&self) -> &Device {
        &self.device
    }
}
