//! The endpoints of set-up, registration and the own account.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use poem::Request;
use poem_openapi::payload::Response;
use poem_openapi::types::{Example, MaybeUndefined};
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::service::{Accounts, Application};
use super::{Name, User};
use crate::config::Signup;
use crate::db::Written;
use crate::error::{Error, Forbidden, Result};
use crate::http::access_log::Who;
use crate::http::auth::{self, Auth, Gate};
use crate::http::json::Json;
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::http::signed_in::{self, DeliveryParam, SignedInView, UserView};
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

/// A merge patch (RFC 7396): absent members keep, `null` clears.
#[derive(Object)]
#[oai(rename = "UserPatch", deny_unknown_fields, example)]
struct UserPatch {
    /// 1 to 100 characters; `null`: the part of the address before the `@`.
    name: MaybeUndefined<String>,
}

impl Example for UserPatch {
    fn example() -> Self {
        Self { name: MaybeUndefined::Value("Ada Lovelace".into()) }
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

    fn created(&self, request: &Request, written: Written<(User, Tokens)>) -> Response<Created> {
        let (user, tokens) = written.value;
        Who::note(request, user.id);
        let location = format!("{}/me", self.base);
        signed_in::answer(&self.gate, request, user, tokens, |body| Created::Created(body, location, written.change))
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
        Ok(self.created(request, written))
    }

    /// Make an account.
    ///
    /// When the server's sign-up is open. The account is a member's, never an administrator's.
    #[oai(path = "/auth/register", method = "post", operation_id = "register", tag = "Section::Auth")]
    async fn register(&self, request: &Request, body: Json<RegisterBody>) -> Result<Response<Created>, Problem> {
        self.gate.guard_sign_in(request)?;
        match self.signup {
            Signup::Open => {}
            Signup::Closed => return Err(Error::Forbidden(Forbidden::SignupClosed).into()),
        }
        let RegisterBody { email, password, name, token_delivery } = body.0;
        let application = Application::parse(&email, name.as_deref(), &password)?;
        let delivery = DeliveryParam::of(token_delivery);
        let written = self.accounts.register(application, delivery, auth::device(request)).await?;
        Ok(self.created(request, written))
    }

    /// Read the own account.
    #[oai(path = "/me", method = "get", operation_id = "getMe", tag = "Section::Me")]
    async fn get_me(&self, auth: Auth) -> Result<Shown, Problem> {
        let user = self.accounts.get(auth.0.user()).await?;
        Ok(Shown::Ok(Json(user.into()), "no-store".into()))
    }

    /// Change the own account.
    #[oai(path = "/me", method = "patch", operation_id = "updateMe", tag = "Section::Me")]
    async fn update_me(&self, auth: Auth, body: Json<UserPatch>) -> Result<Changed, Problem> {
        let name = match body.0.name {
            MaybeUndefined::Undefined => {
                // An empty patch changes nothing, and says up to where nothing was changed.
                let user = self.accounts.get(auth.0.user()).await?;
                return Ok(Changed::Ok(Json(user.into()), self.accounts.head()));
            }
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(name) => Some(Name::parse(&name)?),
        };
        let written = self.accounts.rename(auth.0, name).await?;
        Ok(Changed::Ok(Json(written.value.into()), written.change))
    }

    /// Change the own password.
    ///
    /// Ends all other sessions.
    #[oai(path = "/me/password", method = "post", operation_id = "changePassword", tag = "Section::Me")]
    async fn change_password(&self, auth: Auth, body: Json<PasswordBody>) -> Result<PasswordChanged, Problem> {
        let PasswordBody { current_password, new_password } = body.0;
        let written = self.accounts.change_password(auth.0, &current_password, &new_password).await?;
        Ok(PasswordChanged::Done(written.change))
    }
}
