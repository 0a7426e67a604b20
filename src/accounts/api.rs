//! The endpoints of set-up, registration and the own account.

pub mod admin;
pub mod invites;
pub mod passkeys;
pub mod reset;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use poem::Request;
use poem_openapi::payload::Response;
use poem_openapi::types::{Example, MaybeUndefined};
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::service::{Accounts, Application};
use super::{Email, Name, User};
use crate::clock::Timestamp;
use crate::config::Signup;
use crate::db::Written;
use crate::error::{Error, Forbidden, Result};
use crate::http::access_log::Who;
use crate::http::auth::{self, Auth, Gate, Owns, OwnsFresh, Reads};
use crate::http::json::Json;
use crate::http::patch;
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::http::signed_in::{self, DeliveryParam, RoleView, SignedInView, UserView};
use crate::sessions::Tokens;

/// Serves `/setup`, `/auth/register` and `/me`.
#[derive(Debug, Clone)]
pub struct AccountsApi {
    accounts: Accounts,
    gate: Arc<Gate>,
    signup: Signup,
    /// The path under which the API is reached, for `Location`.
    base: String,
}

/// The first administrator.
#[derive(Object)]
#[oai(rename = "Setup", deny_unknown_fields, example)]
struct SetupBody {
    /// From the link that the server printed when it started.
    token: String,
    /// The address to sign in with.
    email: String,
    /// 10 to 1024 characters.
    password: String,
    /// 1 to 100 characters; absent: the part of the address before the `@`.
    name: Option<String>,
    /// How the tokens are to travel, for as long as the session lasts.
    #[oai(skip_serializing_if_is_none)]
    token_delivery: Option<DeliveryParam>,
}

impl Example for SetupBody {
    fn example() -> Self {
        Self {
            token: "XdfhoB1tQ2vmFh9cRJsMH1bHq1g5xH0pIHcVyLHGGgQ".into(),
            email: "ada@example.org".into(),
            password: "correct horse battery".into(),
            name: Some("Ada".into()),
            token_delivery: None,
        }
    }
}

/// A new account.
#[derive(Object)]
#[oai(rename = "Registration", deny_unknown_fields, example)]
struct RegisterBody {
    /// The address to sign in with.
    email: String,
    /// 10 to 1024 characters.
    password: String,
    /// 1 to 100 characters; absent: the part of the address before the `@`.
    name: Option<String>,
    /// How the tokens are to travel, for as long as the session lasts.
    #[oai(skip_serializing_if_is_none)]
    token_delivery: Option<DeliveryParam>,
}

impl Example for RegisterBody {
    fn example() -> Self {
        Self {
            email: "ada@example.org".into(),
            password: "correct horse battery".into(),
            name: Some("Ada".into()),
            token_delivery: None,
        }
    }
}

/// The token of an invitation's link.
#[derive(Object)]
#[oai(rename = "InviteToken", deny_unknown_fields, example)]
struct InviteTokenBody {
    /// From the link.
    token: String,
}

impl Example for InviteTokenBody {
    fn example() -> Self {
        Self { token: "XdfhoB1tQ2vmFh9cRJsMH1bHq1g5xH0pIHcVyLHGGgQ".into() }
    }
}

/// What an invitation is for.
#[derive(Debug, Object)]
#[oai(rename = "Invited", example)]
struct InvitedView {
    /// The address that it is for; null: whoever has the link chooses one.
    email: Option<String>,
    /// What the account may do.
    role: RoleView,
    /// From when on it is no longer good.
    expires_at: Timestamp,
}

impl Example for InvitedView {
    fn example() -> Self {
        let expires_at = Timestamp::from_micros(1_772_357_400_000_000);
        Self { email: Some("grace@example.org".into()), role: RoleView::Member, expires_at }
    }
}

/// An account to be made with an invitation.
#[derive(Object)]
#[oai(rename = "InviteAcceptance", deny_unknown_fields, example)]
struct AcceptBody {
    /// From the link.
    token: String,
    /// The address to sign in with, when the invitation names none.
    #[oai(skip_serializing_if_is_none)]
    email: Option<String>,
    /// 10 to 1024 characters.
    password: String,
    /// 1 to 100 characters; absent: the part of the address before the `@`.
    name: Option<String>,
    /// How the tokens are to travel, for as long as the session lasts.
    #[oai(skip_serializing_if_is_none)]
    token_delivery: Option<DeliveryParam>,
}

impl Example for AcceptBody {
    fn example() -> Self {
        Self {
            token: "XdfhoB1tQ2vmFh9cRJsMH1bHq1g5xH0pIHcVyLHGGgQ".into(),
            email: None,
            password: "correct horse battery".into(),
            name: Some("Grace".into()),
            token_delivery: None,
        }
    }
}

/// A merge patch (RFC 7396): absent members keep.
#[derive(Object)]
#[oai(rename = "UserPatch", deny_unknown_fields, example)]
struct UserPatch {
    /// 1 to 100 characters; `null`: the part of the address before the `@`.
    name: MaybeUndefined<String>,
    /// Another address to sign in with. Wants a fresh credential, and ends all other sessions and all API keys.
    #[oai(skip_serializing_if_is_none)]
    email: Option<String>,
}

impl Example for UserPatch {
    fn example() -> Self {
        Self { name: MaybeUndefined::Value("Ada Lovelace".into()), email: None }
    }
}

/// The old password and the new one.
#[derive(Object)]
#[oai(rename = "PasswordChange", deny_unknown_fields, example)]
struct PasswordBody {
    /// The password as it is.
    current_password: String,
    /// 10 to 1024 characters.
    new_password: String,
}

impl Example for PasswordBody {
    fn example() -> Self {
        Self { current_password: "correct horse battery".into(), new_password: "staple of another stable".into() }
    }
}

#[derive(ApiResponse)]
enum Created {
    /// Made and signed in.
    #[oai(status = 201)]
    Created(
        Json<SignedInView>,
        /// Where the account is.
        #[oai(header = "Location")]
        String,
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

#[derive(ApiResponse)]
enum Shown {
    /// The account.
    #[oai(status = 200)]
    Ok(
        Json<UserView>,
        /// `no-store`.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

#[derive(ApiResponse)]
enum Changed {
    /// The account as it is now.
    #[oai(status = 200)]
    Ok(
        Json<UserView>,
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

#[derive(ApiResponse)]
enum PasswordChanged {
    /// Changed. All other sessions have ended; this one goes on with the tokens that it has.
    #[oai(status = 204)]
    Done(
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

impl AccountsApi {
    /// `base` is the API's path as clients see it, such as `/api/v1`.
    pub fn new(accounts: Accounts, gate: Arc<Gate>, signup: Signup, base: String) -> Self {
        Self { accounts, gate, signup, base }
    }

    /// Invitations from before the server was closed count no more either.
    fn require_open_door(&self) -> Result<()> {
        match self.signup {
            Signup::Closed => Err(Error::Forbidden(Forbidden::SignupClosed)),
            Signup::Invite | Signup::Open => Ok(()),
        }
    }

    async fn created(&self, request: &Request, written: Written<(User, Tokens)>) -> Response<Created> {
        let (user, tokens) = written.value;
        Who::note(request, user.id);
        let location = format!("{}/me", self.base);
        signed_in::begun(&self.gate, request, user, tokens, |body| Created::Created(body, location, written.change))
            .await
    }
}

#[OpenApi]
impl AccountsApi {
    /// Make the first administrator.
    ///
    /// Works once, with the link that the server prints when it starts without an administrator. The link is good for 30
    /// minutes; `inkstone user setup-link` makes another.
    #[oai(path = "/setup", method = "post", operation_id = "setUp", tag = "Section::Auth")]
    async fn set_up(&self, request: &Request, body: Json<SetupBody>) -> Result<Response<Created>, Problem> {
        self.gate.guard_sign_in(request)?;
        let SetupBody { token, email, password, name, token_delivery } = body.0;
        let application = Application::parse(&email, name.as_deref(), &password)?;
        let delivery = DeliveryParam::of(token_delivery);
        let written = self.accounts.set_up(&token, application, delivery, auth::device(request)).await?;
        Ok(self.created(request, written).await)
    }

    /// Make an account.
    ///
    /// When the server's sign-up is open. The account is a member's, never an administrator's.
    #[oai(path = "/auth/register", method = "post", operation_id = "register", tag = "Section::Auth")]
    async fn register(&self, request: &Request, body: Json<RegisterBody>) -> Result<Response<Created>, Problem> {
        self.gate.guard_sign_in(request)?;
        match self.signup {
            Signup::Open => {}
            Signup::Invite | Signup::Closed => return Err(Error::Forbidden(Forbidden::SignupClosed).into()),
        }
        let RegisterBody { email, password, name, token_delivery } = body.0;
        let application = Application::parse(&email, name.as_deref(), &password)?;
        let delivery = DeliveryParam::of(token_delivery);
        let written = self.accounts.register(application, delivery, auth::device(request)).await?;
        Ok(self.created(request, written).await)
    }

    /// Look at an invitation.
    #[oai(path = "/auth/invite", method = "post", operation_id = "lookAtInvite", tag = "Section::Auth")]
    async fn look_at_invite(
        &self,
        request: &Request,
        body: Json<InviteTokenBody>,
    ) -> Result<Json<InvitedView>, Problem> {
        self.require_open_door()?;
        let invite = self.accounts.look_at_invite(&body.0.token, &auth::device(request)).await?;
        Ok(Json(InvitedView { email: invite.email, role: invite.role.into(), expires_at: invite.expires_at }))
    }

    /// Make an account with an invitation.
    #[oai(path = "/auth/accept-invite", method = "post", operation_id = "acceptInvite", tag = "Section::Auth")]
    async fn accept_invite(&self, request: &Request, body: Json<AcceptBody>) -> Result<Response<Created>, Problem> {
        self.gate.guard_sign_in(request)?;
        self.require_open_door()?;
        let AcceptBody { token, email, password, name, token_delivery } = body.0;
        let (delivery, device) = (DeliveryParam::of(token_delivery), auth::device(request));
        let asked = (email.as_deref(), name.as_deref(), password.as_str());
        let written = self.accounts.accept_invite(&token, asked, delivery, device).await?;
        Ok(self.created(request, written).await)
    }

    /// Read the own account.
    #[oai(path = "/me", method = "get", operation_id = "getMe", tag = "Section::Me")]
    async fn get_me(&self, auth: Auth<Reads>) -> Result<Shown, Problem> {
        let user = self.accounts.get(auth.caller.user()).await?;
        Ok(Shown::Ok(Json(user.into()), "no-store".into()))
    }

    /// Change the own account.
    #[oai(path = "/me", method = "patch", operation_id = "updateMe", tag = "Section::Me")]
    async fn update_me(&self, auth: Auth<Owns>, body: Json<UserPatch>) -> Result<Changed, Problem> {
        let name =
            patch::clearable(body.0.name).map(|name| name.map(|name| Name::parse(&name)).transpose()).transpose()?;
        let email = body.0.email.map(|email| Email::parse(&email)).transpose()?;
        if email.is_some() {
            auth.fresh()?;
        }
        if name.is_none() && email.is_none() {
            // An empty patch changes nothing, and says up to where nothing was changed.
            let user = self.accounts.get(auth.caller.user()).await?;
            return Ok(Changed::Ok(Json(user.into()), self.accounts.head()));
        }
        let written = self.accounts.edit(auth.caller, name, email).await?;
        Ok(Changed::Ok(Json(written.value.into()), written.change))
    }

    /// Delete the own account.
    ///
    /// It goes for good in seven days, with everything in it; until then it can be used, and `POST /me/keep` takes that back. All other
    /// sessions and all API keys end.
    #[oai(path = "/me", method = "delete", operation_id = "deleteMe", tag = "Section::Me")]
    async fn delete_me(&self, auth: Auth<OwnsFresh>) -> Result<Changed, Problem> {
        let written = self.accounts.leave(auth.caller, true).await?;
        Ok(Changed::Ok(Json(written.value.into()), written.change))
    }

    /// Keep the own account.
    ///
    /// Takes back that it was to be deleted.
    #[oai(path = "/me/keep", method = "post", operation_id = "keepMe", tag = "Section::Me")]
    async fn keep_me(&self, auth: Auth<Owns>) -> Result<Changed, Problem> {
        let written = self.accounts.leave(auth.caller, false).await?;
        Ok(Changed::Ok(Json(written.value.into()), written.change))
    }

    /// Change the own password.
    ///
    /// Ends all other sessions and all API keys.
    #[oai(path = "/me/password", method = "post", operation_id = "changePassword", tag = "Section::Me")]
    async fn change_password(&self, auth: Auth<Owns>, body: Json<PasswordBody>) -> Result<PasswordChanged, Problem> {
        let PasswordBody { current_password, new_password } = body.0;
        let written = self.accounts.change_password(auth.caller, &current_password, &new_password).await?;
        Ok(PasswordChanged::Done(written.change))
    }
}
