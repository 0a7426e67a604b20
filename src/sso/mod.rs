//! Single sign-on: people who are signed in somewhere else come in by that (OpenID Connect Core 1.0).
//!
//! Owns the table `sso_providers`, what an administrator says about a provider ([`Settings`]), the way to a provider and back ([`flow`])
//! and what its answer is worth ([`oidc`]). That an identity is a credential of an account is `credentials`' and `accounts`'; asking other
//! servers is `outbound`'s.
//!
//! The rules that keep others out:
//!
//! - Who somebody is, is the pair of issuer and subject. An e-mail address never finds an account: where an unknown identity comes with the
//!   address of one, its owner signs in as usual and links it.
//! - The answer counts in the browser that asked, within ten minutes, once: `state`, `nonce` and the verifier of PKCE lie sealed in a
//!   cookie of that browser, and the flow is spent in the transaction that it lets happen.
//! - Everything the provider says is checked against its published keys, for this client, this sign-in and this moment.
//!
//! What a reader would get wrong: the browser comes back to a page of the app and not to an endpoint. The page sends code and state
//! with a request of its own, so the cookies can stay `SameSite=Strict`, nothing changes by a `GET` that another site can start, and what
//! went wrong is told in the reader's language.

pub mod api;
mod claims;
mod flow;
mod oidc;
mod providers;
mod service;
pub mod store;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::caller::Role;
use crate::clock::Timestamp;
use crate::error::{Error, FieldError, Result};

pub use flow::Return;
pub use oidc::Checked;
pub use providers::Counted;
pub use service::{Begun, Finished, Options, Sso};

/// Most characters of a provider's name.
const MAX_NAME_CHARS: usize = 100;
/// Most characters of a client's id and secret, and of a group.
const MAX_TEXT_CHARS: usize = 1000;
/// Most scopes, and most groups with a role.
const MAX_ENTRIES: usize = 100;

/// What the app knows how to set up; it changes nothing here.
pub const PRESETS: [&str; 12] = [
    "generic",
    "authelia",
    "authentik",
    "keycloak",
    "kanidm",
    "pocket-id",
    "zitadel",
    "gitlab",
    "google",
    "microsoft",
    "okta",
    "auth0",
];

/// A group at the provider, and what its members may do here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRole {
    /// The group as the provider writes it.
    pub group: String,
    /// What its members may do.
    pub role: Word,
}

/// A role by its word of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub struct Word(pub Role);

impl From<Word> for &'static str {
    fn from(word: Word) -> Self {
        word.0.as_str()
    }
}

impl TryFrom<String> for Word {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Role::parse(&text).map(Self).ok_or_else(|| format!("unknown role `{text}`"))
    }
}

/// What people may do who come from a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// What is asked for; `openid` always is.
    pub scopes: Vec<String>,
    /// Whether somebody who is linked with no account is made one.
    pub sign_up: bool,
    /// Whether every address that it gives counts as verified.
    pub trusts_email: bool,
    /// Whether its sign-in stands in for the account's own second factor.
    pub trusts_second_factor: bool,
    /// Whether signing out signs out there as well.
    pub logout: bool,
    /// The claim that names groups; `None`: groups decide nothing.
    pub groups_claim: Option<String>,
    /// What groups may do; the most of it counts.
    pub group_roles: Vec<GroupRole>,
    /// What somebody may do who is in none of them; `None`: they are not let in.
    pub default_role: Option<Word>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            scopes: ["openid", "profile", "email"].map(str::to_owned).into(),
            sign_up: false,
            trusts_email: false,
            trusts_second_factor: false,
            logout: false,
            groups_claim: None,
            group_roles: Vec::new(),
            default_role: Some(Word(Role::Member)),
        }
    }
}

/// The part that groups play for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Groups decide nothing: a new account gets this role, an old one keeps its own.
    Free(Role),
    /// Groups decide this.
    Given(Role),
    /// No group lets them in.
    NotPermitted,
}

impl Settings {
    /// What the groups of somebody mean.
    pub fn standing(&self, groups: &[String]) -> Standing {
        let default = self.default_role.map(|word| word.0);
        if self.groups_claim.is_none() {
            return Standing::Free(default.unwrap_or(Role::Member));
        }
        let theirs = self.group_roles.iter().filter(|entry| groups.contains(&entry.group)).map(|entry| entry.role.0);
        theirs.max_by_key(|role| rank(*role)).or(default).map_or(Standing::NotPermitted, Standing::Given)
    }
}

fn rank(role: Role) -> u8 {
    match role {
        Role::ReadOnly => 0,
        Role::Member => 1,
        Role::Admin => 2,
    }
}

/// A provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its id.
    pub id: Uuid,
    /// Its short name, in addresses.
    pub slug: String,
    /// What people read on its button.
    pub name: String,
    /// What it was set up from.
    pub preset: String,
    /// The URL that names it, in every token.
    pub issuer: String,
    /// What it calls this server.
    pub client_id: String,
    /// Whether this server has a secret there.
    pub has_secret: bool,
    /// Whether people can come in by it.
    pub enabled: bool,
    /// What they may do.
    pub settings: Settings,
    /// When it was set up.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A provider as an administrator describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// See [`Provider::slug`].
    pub slug: String,
    /// See [`Provider::name`].
    pub name: String,
    /// See [`Provider::preset`].
    pub preset: String,
    /// See [`Provider::issuer`].
    pub issuer: String,
    /// See [`Provider::client_id`].
    pub client_id: String,
    /// See [`Provider::enabled`].
    pub enabled: bool,
    /// See [`Provider::settings`].
    pub settings: Settings,
}

impl Description {
    /// Checks all members at once.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that is wrong.
    pub fn check(mut self) -> Result<Self> {
        let mut wrong = Vec::new();
        let mut say = |field: &str, detail: String| wrong.push(FieldError { field: field.into(), detail });
        let slug_ok = self.slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !slug_ok || !(1..=32).contains(&self.slug.len()) {
            say("slug", "must have 1 to 32 of the characters a-z, 0-9 and -".into());
        }
        self.name = self.name.trim().to_owned();
        if !text_ok(&self.name, MAX_NAME_CHARS) {
            say("name", format!("must have 1 to {MAX_NAME_CHARS} characters, none of them a control character"));
        }
        if !PRESETS.contains(&self.preset.as_str()) {
            say("preset", format!("must be one of: {}", PRESETS.join(", ")));
        }
        if let Err(why) = oidc::check_issuer(&self.issuer) {
            say("issuer", why);
        }
        if !text_ok(&self.client_id, MAX_TEXT_CHARS) {
            say("client_id", format!("must have 1 to {MAX_TEXT_CHARS} characters, none of them a control character"));
        }
        let settings = &mut self.settings;
        if !settings.scopes.iter().any(|scope| scope == "openid") {
            settings.scopes.insert(0, "openid".into());
        }
        // RFC 6749, appendix A.4.
        let scope_ok = |c: char| matches!(c, '!' | '#'..='[' | ']'..='~');
        if settings.scopes.len() > MAX_ENTRIES
            || settings.scopes.iter().any(|s| s.is_empty() || !s.chars().all(scope_ok))
        {
            say("scopes", format!("must be at most {MAX_ENTRIES} names without spaces, such as `email`"));
        }
        if settings.groups_claim.as_ref().is_some_and(|claim| !text_ok(claim, MAX_TEXT_CHARS)) {
            say("groups_claim", "must be the name of a claim, such as `groups`, or null".into());
        }
        let groups = &settings.group_roles;
        if groups.len() > MAX_ENTRIES || groups.iter().any(|entry| !text_ok(&entry.group, MAX_TEXT_CHARS)) {
            say("group_roles", format!("must be at most {MAX_ENTRIES} groups with a role each"));
        }
        if settings.groups_claim.is_none() && !groups.is_empty() {
            say("group_roles", "want the name of the claim that names groups, in `groups_claim`".into());
        }
        if settings.groups_claim.is_none() && settings.default_role.is_none() {
            say("default_role", "must be a role where groups decide nothing".into());
        }
        if wrong.is_empty() { Ok(self) } else { Err(Error::Invalid(wrong)) }
    }
}

fn text_ok(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(groups: &[(&str, Role)], default: Option<Role>) -> Settings {
        let group_roles = groups.iter().map(|(group, role)| GroupRole { group: (*group).into(), role: Word(*role) });
        Settings {
            groups_claim: Some("groups".into()),
            group_roles: group_roles.collect(),
            default_role: default.map(Word),
            ..Settings::default()
        }
    }

    #[test]
    fn of_several_groups_the_one_that_may_most_counts() {
        let settings = with(&[("staff", Role::Member), ("ops", Role::Admin), ("guests", Role::ReadOnly)], None);
        let standing = |groups: &[&str]| settings.standing(&groups.iter().map(|g| (*g).to_owned()).collect::<Vec<_>>());
        assert_eq!(standing(&["guests", "ops", "staff"]), Standing::Given(Role::Admin));
        assert_eq!(standing(&["guests"]), Standing::Given(Role::ReadOnly));
        assert_eq!(standing(&["Staff"]), Standing::NotPermitted);
        assert_eq!(standing(&[]), Standing::NotPermitted);
        let settings = with(&[("ops", Role::Admin)], Some(Role::ReadOnly));
        assert_eq!(settings.standing(&[]), Standing::Given(Role::ReadOnly));
        assert_eq!(Settings::default().standing(&["ops".into()]), Standing::Free(Role::Member));
    }

    #[test]
    fn settings_read_back_as_they_were_written() {
        let settings = with(&[("staff", Role::Member)], Some(Role::ReadOnly));
        let text = serde_json::to_string(&settings).unwrap();
        assert!(text.contains(r#""role":"member""#), "{text}");
        assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
    }

    #[test]
    fn a_description_is_checked_whole() {
        let good = Description {
            slug: "home".into(),
            name: " Home ".into(),
            preset: "keycloak".into(),
            issuer: "https://sso.example.org/realms/home".into(),
            client_id: "inkstone".into(),
            enabled: true,
            settings: Settings { scopes: vec!["email".into()], ..Settings::default() },
        };
        let checked = good.clone().check().unwrap();
        assert_eq!((checked.name.as_str(), checked.settings.scopes.join(" ").as_str()), ("Home", "openid email"));
        let bad = Description {
            slug: "No spaces".into(),
            name: "\u{7}".into(),
            preset: "netscape".into(),
            issuer: "http://sso.example.org".into(),
            client_id: String::new(),
            enabled: true,
            settings: Settings {
                scopes: vec!["two words".into()],
                group_roles: vec![GroupRole { group: String::new(), role: Word(Role::Admin) }],
                default_role: None,
                ..Settings::default()
            },
        };
        let Err(Error::Invalid(wrong)) = bad.check() else { panic!("it was taken") };
        let mut fields: Vec<_> = wrong.iter().map(|w| w.field.as_str()).collect();
        fields.dedup();
        assert_eq!(fields, ["slug", "name", "preset", "issuer", "client_id", "scopes", "group_roles", "default_role"]);
    }
}
