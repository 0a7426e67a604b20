//! Letters to people: a link to choose another password, an invitation.
//!
//! Owns what a letter is and how one is sent ([`Mailer`]); over SMTP that is [`smtp`]. Letters are sent by jobs, so a server that cannot be
//! reached is tried again, and nobody waits for one. What a letter says is its sender's.
//!
//! What a reader would get wrong: a job's payload lies in the store, so no link stands in it. A link is drawn when its letter is sent, and
//! the store keeps its hash.

pub mod smtp;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::config::Config;

/// A letter of plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// To which address.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub text: String,
}

/// Why a letter did not go out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// It may do so later.
    #[error("{0}")]
    Again(String),
    /// It never will: the address or the letter is refused.
    #[error("{0}")]
    ForGood(String),
}

/// A letter on its way.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), MailError>> + Send + 'a>>;

/// Sends letters.
pub trait Mailer: fmt::Debug + Send + Sync + 'static {
    /// Hands a letter over to whoever delivers it.
    fn send(&self, letter: Letter) -> Sending<'_>;
}

/// How this server sends letters; `None`: it does not.
pub type Post = Option<Arc<dyn Mailer>>;

/// What the settings say. They were checked before.
pub fn of(config: &Config) -> Post {
    let (url, from) = (config.smtp_url.as_ref()?, config.mail_from.as_deref()?);
    match smtp::Smtp::new(url, from) {
        Ok(smtp) => Some(Arc::new(smtp)),
        Err(why) => {
            tracing::error!("letters cannot be sent: {why}");
            None
        }
    }
}
