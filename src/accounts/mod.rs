//! Accounts: who may sign in, under which address and name.
//!
//! Owns the tables `users`, `setup_links` and `invites`, what a sensible e-mail address and name are, and everything that is done to
//! an account: how it is made ([`service`], [`setup`], [`invites`]), how somebody gets into it ([`sign_in`]), what keeps others out
//! ([`security`]), and what becomes of it ([`life`]). Checking what somebody shows is `credentials`', being signed in is `sessions`';
//! this module builds on both: a disabled account loses its sessions in the transaction that disables it.
//!
//! What a reader would get wrong: two addresses that fold to one key are one account, so an address is compared by
//! [`Email::key`] and never by its text.

pub mod api;
pub mod identities;
pub mod invites;
pub mod letters;
pub mod life;
pub mod local;
pub mod passkeys;
pub mod security;
pub mod service;
pub mod setup;
pub mod sign_in;
pub mod store;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::caller::{Role, UserId};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::fold;

/// Longest e-mail address in characters: what a mail path may hold (RFC 5321, 4.5.3.1.3).
pub const MAX_EMAIL_CHARS: usize = 254;
/// Longest part before the `@` (RFC 5321, 4.5.3.1.1).
const MAX_LOCAL_CHARS: usize = 64;
/// Longest display name in characters.
pub const MAX_NAME_CHARS: usize = 100;

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The address that it signs in with, as it was given.
    pub email: String,
    /// How its owner is called.
    pub name: String,
    /// Whether it has a password; who came by single sign-on has none.
    pub has_password: bool,
    /// What it may do, and whether it may.
    pub standing: Standing,
    /// When it was made.
    pub created_at: Timestamp,
    /// When name, role, password or state last changed.
    pub updated_at: Timestamp,
}

/// Role and status of an account. They change together or not at all, and with them everything that was given out before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What it may do.
    pub role: Role,
    /// Since when it may not sign in.
    pub disabled_at: Option<Timestamp>,
    /// When it goes for good, unless that is taken back.
    pub deletes_at: Option<Timestamp>,
}

impl Standing {
    /// That of a new account.
    pub fn new(role: Role) -> Self {
        Self { role, disabled_at: None, deletes_at: None }
    }

    /// Whether the server can be administered by it, today and next week.
    pub fn administers(&self) -> bool {
        self.role == Role::Admin && self.disabled_at.is_none() && self.deletes_at.is_none()
    }
}

/// A checked e-mail address with its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    address: String,
    key: String,
}

impl Email {
    /// Checks an address; surrounding spaces do not count.
    ///
    /// The check finds slips of the finger. Whether somebody reads what arrives there only a message can tell, and a server
    /// of one's own may well have `root@localhost`.
    ///
    /// # Errors
    /// [`Error::Invalid`] about `email`.
    pub fn parse(text: &str) -> Result<Self> {
        let address: String = text.trim().nfc().collect();
        let refused = |why: &str| Error::invalid("email", why.to_owned());
        if address.is_empty() || address.chars().count() > MAX_EMAIL_CHARS {
            return Err(refused(&format!("must have 1 to {MAX_EMAIL_CHARS} characters")));
        }
        if address.chars().any(fold::is_invisible) {
            return Err(refused("must not contain characters that cannot be seen"));
        }
        let key = fold::name_key(&address);
        // The key as well: a sign in another form may fold to one that divides an address.
        if !is_address(&address) || !is_address(&key) {
            return Err(refused("must have the form `name@example.org`"));
        }
        Ok(Self { address, key })
    }

    /// The address as it was given.
    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// The key under which spellings are the same account.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The part before the `@`.
    fn local(&self) -> &str {
        self.address.rsplit_once('@').map_or(self.as_str(), |(local, _)| local)
    }
}

/// Whether it has the form of an address.
fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let local_ok = dotted(local, |c| !c.is_whitespace() && !c.is_control() && !"@,;:<>()[]\"\\".contains(c));
    let domain_ok = dotted(domain, |c| c.is_alphanumeric() || c == '-' || is_combining_mark(c))
        && domain.split('.').all(|label| !label.starts_with('-') && !label.ends_with('-'));
    local_ok && domain_ok && local.chars().count() <= MAX_LOCAL_CHARS
}

/// Parts between dots, none empty, all of accepted characters.
fn dotted(text: &str, accepted: impl Fn(char) -> bool) -> bool {
    text.split('.').all(|part| !part.is_empty() && part.chars().all(&accepted))
}

/// A checked display name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// Checks a name; surrounding spaces do not count.
    ///
    /// # Errors
    /// [`Error::Invalid`] about `name`.
    pub fn parse(text: &str) -> Result<Self> {
        let name: String = text.trim().nfc().collect();
        if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
            return Err(Error::invalid("name", format!("must have 1 to {MAX_NAME_CHARS} characters")));
        }
        // What turns the direction would turn what stands behind the name in a list as well.
        if name.chars().any(|c| c.is_control() || fold::turns_direction(c)) {
            return Err(Error::invalid("name", "must not contain control characters"));
        }
        Ok(Self(name))
    }

    /// The name of an account that chose none: the part of its address before the `@`.
    pub fn of(email: &Email) -> Self {
        Self(email.local().to_owned())
    }

    /// [`Name::parse`] of what was chosen, else [`Name::of`] the address.
    ///
    /// # Errors
    /// As [`Name::parse`].
    pub fn chosen(name: Option<&str>, email: &Email) -> Result<Self> {
        name.map_or_else(|| Ok(Self::of(email)), Self::parse)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_trimmed_checked_and_folded() {
        let email = Email::parse("  Ada.Lovelace+notes@Example.ORG ").unwrap();
        assert_eq!(email.as_str(), "Ada.Lovelace+notes@Example.ORG");
        assert_eq!(email.key(), "ada.lovelace+notes@example.org");
        assert_eq!(Name::of(&email).as_str(), "Ada.Lovelace+notes");
        for good in ["root@localhost", "jörg@müller.example", "a@b.c", "o'brien@x-y.example", "a@192.0.2.1"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.org", "x".repeat(65));
        let longer = format!("x@{}.org", "y".repeat(254));
        for bad in [
            "",
            " ",
            "ada",
            "@example.org",
            "ada@",
            "a b@example.org",
            "a@b@example.org",
            "a..b@example.org",
            ".a@example.org",
            "a@-x.org",
            "a@x..org",
            "a@x.org.",
            "a\u{0}@x.org",
            "Ada <a@x.org>",
            "a@x_y.org",
            "a\u{200b}@x.org",
            "\u{202e}a@x.org",
            "a\u{ff20}b@x.org",
            "a@b\u{ad}.org",
            &long,
            &longer,
        ] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn one_composition_makes_one_account() {
        assert_eq!(Email::parse("jo\u{308}rg@x.org").unwrap(), Email::parse("jörg@x.org").unwrap());
    }

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(Name::parse(" Ada ").unwrap().as_str(), "Ada");
        for bad in ["", "  ", "a\nb", "a\u{202e}b", &"x".repeat(101)] {
            assert!(Name::parse(bad).is_err(), "{bad}");
        }
    }
}
