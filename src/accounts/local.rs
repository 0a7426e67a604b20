//! The endpoints of accounts for the command line, under `/local/v1` on the control socket.
//!
//! Whoever can open the socket owns the data directory and could change the store by hand; going through the server keeps its
//! caches and followers true.

use poem_openapi::param::Query;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

use super::life::Change;
use super::security::Who;
use super::service::{Accounts, Application};
use super::{Email, User};
use crate::audit::By;
use crate::caller::Role;
use crate::clock::Timestamp;
use crate::credentials::password::Password;
use crate::error::Result;
use crate::http::auth::LocalAdmin;
use crate::http::json::Json;
use crate::http::page::{Limit, Listing, Page};
use crate::http::problem::Problem;
use crate::http::signed_in::{RoleView, UserView};

/// Serves `/users` and `/setup-link`.
#[derive(Debug, Clone)]
pub struct LocalAccountsApi {
    accounts: Accounts,
    /// Where people reach the server, for the set-up link.
    url: String,
}

/// An account as an administrator sees it.
#[derive(Debug, Object)]
#[oai(rename = "Account", example)]
struct AccountView {
    id: Uuid,
    email: String,
    name: String,
    role: RoleView,
    created_at: Timestamp,
    disabled: bool,
}

impl Example for AccountView {
    fn example() -> Self {
        let UserView { id, email, name, role, created_at, .. } = UserView::example();
        Self { id, email, name, role, created_at, disabled: false }
    }
}

impl From<User> for AccountView {
    fn from(user: User) -> Self {
        Self {
            id: user.id.0,
            email: user.email,
            name: user.name,
            role: user.standing.role.into(),
            created_at: user.created_at,
            disabled: user.standing.disabled_at.is_some(),
        }
    }
}

/// An account to be made.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct NewAccount {
    email: String,
    name: Option<String>,
    password: String,
    #[oai(default)]
    admin: bool,
    #[oai(default)]
    read_only: bool,
}

/// The account that is meant.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct AccountName {
    email: String,
}

/// Another role.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct AccountRole {
    email: String,
    role: RoleView,
}

/// A new password.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct AccountPassword {
    email: String,
    password: String,
}

/// A new set-up link.
#[derive(Object)]
struct SetupLinkView {
    url: String,
    expires_at: Timestamp,
}

#[derive(ApiResponse)]
enum Created {
    /// Made.
    #[oai(status = 201)]
    Created(Json<AccountView>, #[oai(header = "Inkstone-Change")] i64),
}

#[derive(ApiResponse)]
enum Changed {
    /// As it is now.
    #[oai(status = 200)]
    Ok(Json<AccountView>, #[oai(header = "Inkstone-Change")] i64),
}

#[derive(ApiResponse)]
enum Done {
    /// Done.
    #[oai(status = 204)]
    Done(#[oai(header = "Inkstone-Change")] i64),
}

#[derive(ApiResponse)]
enum LinkMade {
    /// Made; older links stop working.
    #[oai(status = 201)]
    Created(Json<SetupLinkView>),
}

impl LocalAccountsApi {
    /// `url` is where people reach the server, without a slash at the end.
    pub fn new(accounts: Accounts, url: String) -> Self {
        Self { accounts, url }
    }

    async fn set_disabled(&self, email: &str, disabled: bool) -> Result<Changed, Problem> {
        let change = Change { disabled: Some(disabled), ..Change::default() };
        let written = self.accounts.change_standing(By::machine(), Who::Email(Email::parse(email)?), change).await?;
        Ok(Changed::Ok(Json(written.value.into()), written.change))
    }
}

#[OpenApi]
impl LocalAccountsApi {
    /// Make an account, an administrator's too.
    #[oai(path = "/users", method = "post", operation_id = "localCreateUser")]
    async fn create_user(&self, _admin: LocalAdmin, body: Json<NewAccount>) -> Result<Created, Problem> {
        let NewAccount { email, name, password, admin, read_only } = body.0;
        let application = Application::parse(&email, name.as_deref(), &password)?;
        let role = match (admin, read_only) {
            (true, _) => Role::Admin,
            (false, true) => Role::ReadOnly,
            (false, false) => Role::Member,
        };
        let written = self.accounts.create(By::machine(), application, role).await?;
        Ok(Created::Created(Json(written.value.into()), written.change))
    }

    /// List the accounts, the oldest first.
    #[oai(path = "/users", method = "get", operation_id = "localListUsers")]
    async fn list_users(
        &self,
        _admin: LocalAdmin,
        limit: Query<Limit>,
        cursor: Query<Option<String>>,
    ) -> Result<Json<Page<AccountView>>, Problem> {
        let listing = Listing::new("local/users", &())?;
        let after: Option<(i64, Uuid)> = cursor.0.map(|cursor| listing.keyset(&cursor)).transpose()?;
        let after = after.map(|(time, id)| (Timestamp::from_micros(time), id));
        let most = i64::try_from(limit.0.get() + 1).unwrap_or(i64::MAX);
        let items = self.accounts.list(after, most).await?;
        let page = listing.page(items, limit.0, |u| (u.created_at.micros(), u.id.0))?;
        Ok(Json(page.map(AccountView::from)))
    }

    /// Let an account sign in no more; its sessions end.
    #[oai(path = "/users/disable", method = "post", operation_id = "localDisableUser")]
    async fn disable_user(&self, _admin: LocalAdmin, body: Json<AccountName>) -> Result<Changed, Problem> {
        self.set_disabled(&body.0.email, true).await
    }

    /// Let an account sign in again.
    #[oai(path = "/users/enable", method = "post", operation_id = "localEnableUser")]
    async fn enable_user(&self, _admin: LocalAdmin, body: Json<AccountName>) -> Result<Changed, Problem> {
        self.set_disabled(&body.0.email, false).await
    }

    /// Give an account another password; its sessions end.
    #[oai(path = "/users/password", method = "post", operation_id = "localResetPassword")]
    async fn reset_password(&self, _admin: LocalAdmin, body: Json<AccountPassword>) -> Result<Done, Problem> {
        let email = Email::parse(&body.0.email)?;
        let password = Password::choose("password", &body.0.password, &[email.as_str()])?;
        Ok(Done::Done(self.accounts.reset_password(email, &password).await?.change))
    }

    /// Take an account's second factor off; its sessions end.
    #[oai(path = "/users/totp", method = "delete", operation_id = "localResetTotp")]
    async fn reset_totp(&self, _admin: LocalAdmin, email: Query<String>) -> Result<Done, Problem> {
        let who = Who::Email(Email::parse(&email.0)?);
        Ok(Done::Done(self.accounts.reset_second_factor(By::machine(), who).await?.change))
    }

    /// Give an account another role; its sessions end.
    #[oai(path = "/users/role", method = "post", operation_id = "localSetRole")]
    async fn set_role(&self, _admin: LocalAdmin, body: Json<AccountRole>) -> Result<Changed, Problem> {
        let change = Change { role: Some(body.0.role.into()), ..Change::default() };
        let who = Who::Email(Email::parse(&body.0.email)?);
        let written = self.accounts.change_standing(By::machine(), who, change).await?;
        Ok(Changed::Ok(Json(written.value.into()), written.change))
    }

    /// Make a set-up link.
    #[oai(path = "/setup-link", method = "post", operation_id = "localSetupLink")]
    async fn make_setup_link(&self, _admin: LocalAdmin) -> Result<LinkMade, Problem> {
        let link = self.accounts.new_setup_link().await?;
        let view = SetupLinkView { url: link.url(&self.url), expires_at: link.expires_at };
        Ok(LinkMade::Created(Json(view)))
    }
}
