//! The endpoints of administrators for invitations. Accepting one is among those of signing in.

use std::time::Duration;

use poem_openapi::param::{Path, Query};
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::Serialize;
use uuid::Uuid;

use crate::accounts::Email;
use crate::accounts::invites::{Invite, LIFETIME, LONGEST};
use crate::accounts::letters::Letters;
use crate::accounts::service::Accounts;
use crate::clock::Timestamp;
use crate::config::Signup;
use crate::error::{Conflict, Error, Forbidden, Result};
use crate::http::auth::{Administers, AdministersFresh, Auth};
use crate::http::json::Json;
use crate::http::page::{Limit, Listing, Page};
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::http::serialized::Serialized;
use crate::http::signed_in::RoleView;

/// Serves `/admin/invites`.
#[derive(Debug, Clone)]
pub struct InvitesApi {
    accounts: Accounts,
    letters: Letters,
    signup: Signup,
    /// Where people reach the server, for links.
    url: String,
}

/// An invitation to be made.
#[derive(Object)]
#[oai(rename = "NewInvite", deny_unknown_fields, example)]
struct NewInviteBody {
    /// The address that it is for; absent: whoever has the link chooses one.
    #[oai(skip_serializing_if_is_none)]
    email: Option<String>,
    /// What the account may do.
    role: RoleView,
    /// For how many hours the link is good, 1 to 2160; absent: seven days.
    #[oai(skip_serializing_if_is_none)]
    hours: Option<u32>,
    /// Whether to send the link to `email`; the answer then has none.
    #[oai(default)]
    send: bool,
}

impl Example for NewInviteBody {
    fn example() -> Self {
        Self { email: Some("grace@example.org".into()), role: RoleView::Member, hours: Some(48), send: false }
    }
}

/// An invitation.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "Invite", example)]
struct InviteView {
    /// Its id.
    id: Uuid,
    /// The address that it is for; null: whoever has the link chooses one.
    email: Option<String>,
    /// What the account may do.
    role: RoleView,
    /// Who made it; null when that account is gone.
    made_by: Option<Uuid>,
    /// When.
    created_at: Timestamp,
    /// From when on it is no longer good.
    expires_at: Timestamp,
}

impl Example for InviteView {
    fn example() -> Self {
        let at = Timestamp::from_micros(1_772_357_400_000_000);
        Self {
            id: Uuid::from_u128(0x019c_a8bb_b5c0_7e20_b860_1c5b_7c6c_30ce),
            email: Some("grace@example.org".into()),
            role: RoleView::Member,
            made_by: Some(Uuid::from_u128(0x019c_a8bb_b5c0_7836_b25e_7ad3_1c44_90fe)),
            created_at: at,
            expires_at: at.plus(LIFETIME),
        }
    }
}

impl From<Invite> for InviteView {
    fn from(invite: Invite) -> Self {
        Self {
            id: invite.id,
            email: invite.email,
            role: invite.role.into(),
            made_by: invite.made_by.map(|user| user.0),
            created_at: invite.created_at,
            expires_at: invite.expires_at,
        }
    }
}

/// An invitation that was just made.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "InviteMade", example)]
struct InvitationView {
    /// The link to hand over, which is never shown again; null when it was sent.
    url: Option<String>,
    /// What is listed of it.
    invite: InviteView,
}

impl Example for InvitationView {
    fn example() -> Self {
        let url = "https://notes.example.org/invite?token=XdfhoB1tQ2vmFh9cRJsMH1bHq1g5xH0pIHcVyLHGGgQ".to_owned();
        Self { url: Some(url), invite: InviteView::example() }
    }
}

#[derive(ApiResponse)]
enum Invited {
    /// Made. This is the only time that the link is shown.
    #[oai(status = 201)]
    Created(
        Serialized<InvitationView>,
        /// `no-store`.
        #[oai(header = "Cache-Control")]
        String,
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

#[derive(ApiResponse)]
enum Done {
    /// Done.
    #[oai(status = 204)]
    Done(
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

impl InvitesApi {
    /// `url` is where people reach the server, without a slash at the end.
    pub fn new(accounts: Accounts, letters: Letters, signup: Signup, url: String) -> Self {
        Self { accounts, letters, signup, url }
    }
}

#[OpenApi(tag = "Section::Admin")]
impl InvitesApi {
    /// List invitations.
    ///
    /// The newest first: those that nobody has used.
    #[oai(path = "/admin/invites", method = "get", operation_id = "listInvites")]
    async fn list_invites(
        &self,
        _auth: Auth<Administers>,
        limit: Query<Limit>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Serialized<Page<InviteView>>, Problem> {
        let listing = Listing::new("admin/invites", &())?;
        let before: Option<(i64, Uuid)> = cursor.0.map(|cursor| listing.keyset(&cursor)).transpose()?;
        let before = before.map(|(time, id)| (Timestamp::from_micros(time), id));
        let most = i64::try_from(limit.0.get() + 1).unwrap_or(i64::MAX);
        let items = self.accounts.invites(before, most).await?;
        let page = listing.page(items, limit.0, |invite| (invite.created_at.micros(), invite.id))?;
        Ok(Serialized::of(&page.map(InviteView::from))?)
    }

    /// Invite somebody.
    ///
    /// Unless the server's sign-up is closed.
    #[oai(path = "/admin/invites", method = "post", operation_id = "createInvite")]
    async fn create_invite(&self, auth: Auth<AdministersFresh>, body: Json<NewInviteBody>) -> Result<Invited, Problem> {
        if self.signup == Signup::Closed {
            return Err(Error::Forbidden(Forbidden::SignupClosed).into());
        }
        let NewInviteBody { email, role, hours, send } = body.0;
        if send && email.is_none() {
            return Err(Error::invalid("email", "is needed for an invitation that is to be sent").into());
        }
        if send && !self.letters.can_send() {
            return Err(Error::Conflict(Conflict::NoMail).into());
        }
        let email = email.map(|email| Email::parse(&email)).transpose()?;
        let lifetime = hours.map_or(LIFETIME, |hours| Duration::from_secs(u64::from(hours) * 60 * 60));
        if lifetime.is_zero() || lifetime > LONGEST {
            return Err(Error::invalid("hours", "must be 1 to 2160").into());
        }
        let written = self.accounts.invite(&auth.caller, email, role.into(), lifetime).await?;
        let (invitation, change) = (written.value, written.change);
        let url = (!send).then(|| invitation.url(&self.url));
        if send {
            self.letters.send_invite(invitation.invite.id).await?;
        }
        let view = InvitationView { url, invite: invitation.invite.into() };
        Ok(Invited::Created(Serialized::of(&view)?, "no-store".into(), change))
    }

    /// Take an invitation back.
    #[oai(path = "/admin/invites/:id", method = "delete", operation_id = "revokeInvite")]
    async fn revoke_invite(
        &self,
        auth: Auth<AdministersFresh>,
        /// The invitation's id.
        id: Path<Uuid>,
    ) -> Result<Done, Problem> {
        Ok(Done::Done(self.accounts.revoke_invite(&auth.caller, id.0).await?.change))
    }
}
