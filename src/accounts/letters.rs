//! Letters about accounts: a link to choose another password, and an invitation.
//!
//! Asking for a link does the same work, and gets the same answer, whether or not the address has an account: it enqueues a job, and the job
//! finds out. The link is good for [`RESET_LIFETIME`] and once, and only while the credentials are those that it was made for.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::invites;
use super::service::Accounts;
use super::{Email, User};
use crate::audit::{self, Action, By, Entry};
use crate::caller::{Device, UserId};
use crate::clock::Timestamp;
use crate::credentials::password::Password;
use crate::credentials::{self, Flow};
use crate::db::{ReadTx, WriteTx, Written};
use crate::error::{Conflict, Error, Forbidden, Result};
use crate::jobs::{Failed, Handlers, Outcome, Payload, Queue};
use crate::mail::{Letter, MailError, Mailer};
use crate::sessions;

/// How long a link to choose another password is good.
pub const RESET_LIFETIME: Duration = Duration::from_secs(30 * 60);

/// Sends whoever has this address a link to choose another password.
#[derive(Debug, Serialize, Deserialize)]
struct MailReset {
    email: String,
    /// From where it was asked for.
    address: String,
    agent: String,
}

/// Sends an invitation to the address that it is for.
#[derive(Debug, Serialize, Deserialize)]
struct MailInvite {
    invite: Uuid,
}

impl Payload for MailReset {
    const KIND: &'static str = "mail-reset";
    /// Some ten minutes: the link is waited for.
    const ATTEMPTS: i64 = 5;
}

impl Payload for MailInvite {
    const KIND: &'static str = "mail-invite";
}

/// What letters are written with. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Letters {
    accounts: Accounts,
    queue: Queue,
    mailer: Option<Arc<dyn Mailer>>,
    /// Where people reach the server, without a slash at the end.
    url: Arc<str>,
}

impl From<MailError> for Failed {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Again(why) => Self::Again(why),
            MailError::ForGood(why) => Self::ForGood(why),
        }
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

fn put_link(tx: &mut WriteTx<'_>, hash: &[u8], user: UserId, epoch: i64, expires_at: Timestamp) -> Result<()> {
    // The newest letter counts.
    tx.post("DELETE FROM reset_links WHERE user_id = $1", &[user.0.into()])?;
    tx.post(
        "INSERT INTO reset_links (hash, user_id, credentials_epoch, expires_at) VALUES ($1, $2, $3, $4)",
        &[hash.into(), user.0.into(), epoch.into(), expires_at.into()],
    )
}

fn find_link(tx: &mut ReadTx<'_>, hash: &[u8], now: Timestamp) -> Result<Option<(UserId, i64)>> {
    tx.query_opt(
        "SELECT l.user_id, l.credentials_epoch FROM reset_links l JOIN users u ON u.id = l.user_id
         WHERE l.hash = $1 AND l.expires_at > $2 AND l.credentials_epoch = u.credentials_epoch AND u.disabled_at IS NULL",
        &[hash.into(), now.into()],
        |r| Ok((UserId(r.id(0)?), r.int(1)?)),
    )
}

/// Clears away links that had run out at `now`.
///
/// # Errors
/// What the store says.
pub fn purge_expired(tx: &mut WriteTx<'_>, now: Timestamp) -> Result<usize> {
    tx.execute("DELETE FROM reset_links WHERE expires_at <= $1", &[now.into()])
}

impl Letters {
    /// Without a mailer nothing can be asked for.
    pub fn new(accounts: Accounts, queue: Queue, mailer: Option<Arc<dyn Mailer>>, url: &str) -> Self {
        Self { accounts, queue, mailer, url: url.into() }
    }

    /// Whether letters can be sent.
    pub fn can_send(&self) -> bool {
        self.mailer.is_some()
    }

    fn require_mailer(&self) -> Result<()> {
        if self.can_send() { Ok(()) } else { Err(Error::Conflict(Conflict::NoMail)) }
    }

    /// Asks for a link to choose another password, for whoever has this address.
    ///
    /// # Errors
    /// [`Conflict::NoMail`], [`Error::Throttled`], [`Error::Invalid`] for what is no address.
    pub async fn ask_for_reset(&self, email: &str, device: &Device) -> Result<()> {
        self.require_mailer()?;
        let email = Email::parse(email)?;
        self.accounts.verifier.admit(Flow::Reset, Some(email.key()), device).await?;
        let (address, agent) = (device.address().to_owned(), device.agent().to_owned());
        let asked = MailReset { email: email.as_str().to_owned(), address, agent };
        self.queue.add(None, &asked).await.map(drop)
    }

    /// Gives an account the password that was chosen with a link. All its sessions and keys end; the second factor stays.
    ///
    /// # Errors
    /// [`Forbidden::Link`], [`Error::Throttled`], [`Error::Invalid`].
    pub async fn reset(&self, token: &str, password: &str, device: &Device) -> Result<Written<()>> {
        let accounts = &self.accounts;
        accounts.verifier.admit(Flow::Link, None, device).await?;
        let (hash, now) = (hash(token), accounts.ids.now());
        let Some((user, epoch)) = accounts.db.read(move |tx| find_link(tx, &hash, now)).await? else {
            accounts.verifier.refuse(Action::CredentialRefused, Flow::Link, "link", None, device);
            return Err(Error::Forbidden(Forbidden::Link));
        };
        let User { email, name, .. } = accounts.get(user).await?;
        let password = Password::choose("new_password", password, &[&email, &name])?;
        let hashed = accounts.verifier.passwords().hash(&password, accounts.ids.bytes()).await?;
        let cache = accounts.sessions.cache().clone();
        let by = By::link(Some(user), device.clone());
        let entry = Entry::new(&accounts.ids, Action::PasswordReset, by).about(user);
        accounts
            .db
            .write(move |tx| {
                let gone = || Error::Forbidden(Forbidden::Link);
                find_link(tx, &hash, now)?.ok_or_else(gone)?;
                credentials::store::set_password(tx, user, epoch, &hashed, now)?.ok_or_else(gone)?;
                tx.post("DELETE FROM reset_links WHERE user_id = $1", &[user.0.into()])?;
                sessions::store::end_all(tx, &cache, user, None)?;
                audit::store::record(tx, &entry)
            })
            .await
    }

    /// Has an invitation sent to the address that it is for. The link that was drawn with it is then another one.
    ///
    /// # Errors
    /// [`Conflict::NoMail`].
    pub async fn send_invite(&self, invite: Uuid) -> Result<()> {
        self.require_mailer()?;
        self.queue.add(None, &MailInvite { invite }).await.map(drop)
    }

    /// Adds the handlers.
    #[must_use]
    pub fn handle(&self, handlers: Handlers) -> Handlers {
        let (resets, invites) = (self.clone(), self.clone());
        handlers
            .on(move |asked: MailReset, _| {
                let letters = resets.clone();
                async move { letters.mail_reset(asked).await }
            })
            .on(move |MailInvite { invite }, _| {
                let letters = invites.clone();
                async move { letters.mail_invite(invite).await }
            })
    }

    async fn send(&self, letter: Letter) -> Result<(), Failed> {
        let mailer = self.mailer.as_ref().ok_or_else(|| Failed::ForGood("no mail is configured any more".into()))?;
        Ok(mailer.send(letter).await?)
    }

    fn draw(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.accounts.ids.bytes::<32>())
    }

    async fn mail_reset(&self, MailReset { email, address, agent }: MailReset) -> Outcome {
        let accounts = &self.accounts;
        let key = Email::parse(&email)?;
        let found = accounts.db.read(move |tx| credentials::store::by_email_key(tx, key.key())).await?;
        // Nobody has the address, or whoever has it may not sign in: nobody is to know.
        let Some(found) = found.filter(|found| found.active) else { return Ok(json!({ "sent": false })) };
        let token = self.draw();
        let (hash, expires_at) = (hash(&token), accounts.ids.now().plus(RESET_LIFETIME));
        // Recorded here and not when it was asked for, where an address without an account would cost less.
        let by = By::nobody(Device::new(&agent, &address));
        let entry = Entry::new(&accounts.ids, Action::ResetRequested, by).about(found.user);
        let put = move |tx: &mut WriteTx<'_>| {
            put_link(tx, &hash, found.user, found.epoch, expires_at)?;
            audit::store::record(tx, &entry)
        };
        accounts.db.write(put).await?;
        let User { email, name, .. } = accounts.get(found.user).await?;
        let url = format!("{}/reset?token={token}", self.url);
        let text = format!(
            "Hello {name},\n\nsomebody asked for a new password for your notes at {}. To choose one, open\n\n{url}\n\nwithin half an hour. The \
             link works once.\n\nIf that was not you, nothing has changed and you need not do anything.\n",
            self.url
        );
        self.send(Letter { to: email, subject: "Choose a new password".into(), text }).await?;
        Ok(json!({ "sent": true }))
    }

    async fn mail_invite(&self, id: Uuid) -> Outcome {
        let accounts = &self.accounts;
        let token = self.draw();
        let (hash, now) = (hash(&token), accounts.ids.now());
        let renewed = accounts.db.write(move |tx| invites::renew(tx, id, &hash, now)).await?.value;
        let Some(invite) = renewed else { return Ok(json!({ "sent": false })) };
        let Some(to) = invite.email else { return Err(Failed::ForGood("the invitation names no address".into())) };
        let url = format!("{}/invite?token={token}", self.url);
        let text = format!(
            "Hello,\n\nyou are invited to keep your notes at {}. To make an account, open\n\n{url}\n\nuntil {}. The link works once.\n",
            self.url, invite.expires_at
        );
        self.send(Letter { to, subject: "You are invited".into(), text }).await?;
        Ok(json!({ "sent": true }))
    }
}
