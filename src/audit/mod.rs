//! The audit log: what was done that matters to safety, by whom, from where, and how it went.
//!
//! Owns the tables `audit` and `audit_persons`, the words for what is recorded ([`Action`]) and the chain that makes a changed, a
//! removed and a cut-off row show ([`chain`]). A row is written in the transaction of what it records ([`store::record`]), so the
//! one is there exactly when the other is; what failed has no transaction, and `credentials` records it by itself.
//!
//! Rows name people by their ids alone. Addresses, devices and e-mail addresses lie beside the chain, each bound to its row by a
//! salted hash: with the person they can be erased, and the chain still holds. What a reader would get wrong: `details` are part
//! of the chain and stay for ever, so no name, address or text of a person belongs there.

pub mod api;
pub mod chain;
pub mod csv;
pub mod local;
pub mod refusals;
pub mod store;
pub mod verify;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::caller::{Caller, Device, UserId};
use crate::clock::{Ids, Timestamp};

/// Bytes of salt for each person in a row.
const SALT_BYTES: usize = 16;

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word of the contract and of the store.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            /// Reads [`Self::as_str`] back.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }
        }
    };
}

words! {
    /// What was done. The words are the contract's and stay; new ones may come.
    Action {
        /// The first administrator was made with the set-up link.
        SetUp = "setup.done",
        /// A set-up link was made.
        SetupLink = "setup.link-made",
        /// An account was made.
        AccountCreated = "account.created",
        /// It may sign in no more.
        AccountDisabled = "account.disabled",
        /// It may sign in again.
        AccountEnabled = "account.enabled",
        /// It has another role.
        RoleChanged = "account.role-changed",
        /// It has another e-mail address.
        EmailChanged = "account.email-changed",
        /// Its owner wants it gone.
        DeletionRequested = "account.deletion-requested",
        /// It stays after all.
        DeletionWithdrawn = "account.deletion-withdrawn",
        /// It is gone, with everything in it.
        AccountDeleted = "account.deleted",
        /// Somebody signed in.
        SignedIn = "session.begun",
        /// A session was ended by its owner or an administrator.
        SessionEnded = "session.ended",
        /// All other sessions were ended.
        OtherSessionsEnded = "session.others-ended",
        /// An exchanged refresh token came back, so its session was ended.
        TokenReused = "session.token-reused",
        /// A credential was shown again for something that wants it fresh.
        SteppedUp = "session.stepped-up",
        /// A credential was shown and did not count.
        CredentialRefused = "credential.refused",
        /// A credential was not even looked at, because too many had come before.
        CredentialThrottled = "credential.throttled",
        /// The password is another one.
        PasswordChanged = "password.changed",
        /// The password was given anew by an administrator, or by a mailed link.
        PasswordReset = "password.reset",
        /// A link to choose another password was asked for.
        ResetRequested = "password.reset-requested",
        /// A second factor asks from now on.
        TotpAdded = "totp.added",
        /// It asks no more.
        TotpRemoved = "totp.removed",
        /// A passkey was made.
        PasskeyAdded = "passkey.added",
        /// A passkey was taken off.
        PasskeyRemoved = "passkey.removed",
        /// An identity of single sign-on lets in from now on.
        IdentityLinked = "identity.linked",
        /// It lets in no more.
        IdentityUnlinked = "identity.unlinked",
        /// A provider of single sign-on was set up.
        ProviderCreated = "sso-provider.created",
        /// It was changed.
        ProviderChanged = "sso-provider.changed",
        /// It was taken away.
        ProviderRemoved = "sso-provider.removed",
        /// New recovery codes took the place of all before.
        RecoveryRenewed = "recovery-codes.renewed",
        /// A recovery code was used up.
        RecoveryUsed = "recovery-codes.used",
        /// An API key was made.
        KeyCreated = "api-key.created",
        /// An API key counts no more.
        KeyRevoked = "api-key.revoked",
        /// An invitation was made.
        InviteCreated = "invite.created",
        /// An invitation counts no more.
        InviteRevoked = "invite.revoked",
        /// An account was made with an invitation.
        InviteAccepted = "invite.accepted",
        /// Everything of an account was asked for as an archive.
        ExportRequested = "export.requested",
        /// The secrets of the server are sealed under another master key.
        MasterKeyRotated = "master-key.rotated",
    }
}

words! {
    /// How it went.
    Outcome {
        /// It was done.
        Done = "done",
        /// It was refused.
        Refused = "refused",
    }
}

words! {
    /// By which right somebody acted.
    Means {
        /// None: nobody was signed in.
        Nothing = "none",
        /// A session.
        Session = "session",
        /// An API key.
        ApiKey = "api-key",
        /// A link that was mailed or handed over.
        Link = "link",
        /// The administrator of the machine, over the control socket.
        Machine = "machine",
        /// The server by itself.
        Server = "server",
    }
}

/// Who did it.
#[derive(Debug, Clone)]
pub struct By {
    user: Option<UserId>,
    means: Means,
    device: Device,
}

impl By {
    /// Whoever the request's credential stands for.
    pub fn caller(caller: &Caller) -> Self {
        let means = match caller.grant() {
            Some(_) => Means::ApiKey,
            None if caller.is_machine() => Means::Machine,
            None => Means::Session,
        };
        // The administrator of the machine acts in the space of an account, and is not its owner.
        let user = (means != Means::Machine).then(|| caller.user());
        Self { user, means, device: caller.device().clone() }
    }

    /// Somebody who is nobody yet.
    pub fn nobody(device: Device) -> Self {
        Self { user: None, means: Means::Nothing, device }
    }

    /// The owner of an account, by a credential that was shown just now.
    pub fn owner(user: UserId, device: Device) -> Self {
        Self { user: Some(user), means: Means::Nothing, device }
    }

    /// Whoever has a link.
    pub fn link(user: Option<UserId>, device: Device) -> Self {
        Self { user, means: Means::Link, device }
    }

    /// The administrator of the machine.
    pub fn machine() -> Self {
        Self { user: None, means: Means::Machine, device: Device::local() }
    }

    /// The server, of its own accord.
    pub fn server() -> Self {
        Self { user: None, means: Means::Server, device: Device::local() }
    }
}

/// What is to be recorded: everything but the row's place in the chain. Made before the transaction, which may run twice.
#[derive(Debug, Clone)]
pub struct Entry {
    at: Timestamp,
    action: Action,
    outcome: Outcome,
    by: By,
    subject: Option<UserId>,
    target: Option<Uuid>,
    times: i64,
    details: Map<String, Value>,
    salts: [[u8; SALT_BYTES]; 2],
}

impl Entry {
    /// Something that was done.
    pub fn new(ids: &Ids, action: Action, by: By) -> Self {
        Self {
            at: ids.now(),
            action,
            outcome: Outcome::Done,
            by,
            subject: None,
            target: None,
            times: 1,
            details: Map::new(),
            salts: [ids.bytes(), ids.bytes()],
        }
    }

    /// The same about something else that was done.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.action = action;
        self
    }

    /// It was refused, `times` times since `first`.
    #[must_use]
    pub fn refused(mut self, times: u64, first: Timestamp) -> Self {
        self.outcome = Outcome::Refused;
        self.times = i64::try_from(times).unwrap_or(i64::MAX);
        if times > 1 {
            self = self.detail("first_at", first.to_string());
        }
        self
    }

    /// Whose account it concerns.
    #[must_use]
    pub fn about(mut self, user: UserId) -> Self {
        self.subject = Some(user);
        self
    }

    /// Which thing it concerns: a session, a key, an invitation.
    #[must_use]
    pub fn target(mut self, id: Uuid) -> Self {
        self.target = Some(id);
        self
    }

    /// What more there is to say. Never anything by which a person could be known.
    #[must_use]
    pub fn detail(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }
}

/// A row as people read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number; none is left out.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// What: one of [`Action`]'s words, or one of a later version.
    pub action: String,
    /// How it went: one of [`Outcome`]'s words.
    pub outcome: String,
    /// By which right: one of [`Means`]' words.
    pub credential: String,
    /// Who.
    pub actor: Option<UserId>,
    /// Whose account it concerns.
    pub subject: Option<UserId>,
    /// Which thing it concerns.
    pub target: Option<Uuid>,
    /// How often it happened.
    pub times: i64,
    /// What more there is to say: a JSON object.
    pub details: String,
    /// The actor as a person, until that was erased.
    pub actor_person: Option<Person>,
    /// The subject as a person, until that was erased.
    pub subject_person: Option<Person>,
}

/// What is known of a person in a row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// The e-mail address of the account at that time; empty: nobody was signed in.
    pub name: String,
    /// Where the request came from.
    pub address: String,
    /// What the device called itself.
    pub agent: String,
}

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this action.
    pub action: Option<Action>,
    /// Only this outcome.
    pub outcome: Option<Outcome>,
    /// Only what this account did.
    pub actor: Option<UserId>,
    /// Only what concerns this account.
    pub subject: Option<UserId>,
    /// Only what this account did or what concerns it.
    pub of: Option<UserId>,
    /// Not before this time.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_and_is_there_once() {
        let mut words: Vec<_> = Action::ALL.iter().map(|a| a.as_str()).collect();
        assert!(Action::ALL.iter().all(|a| Action::parse(a.as_str()) == Some(*a)));
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Action::ALL.len());
        assert_eq!(Action::parse("note.read"), None);
    }
}
