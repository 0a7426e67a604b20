//! The endpoints of administrators for the accounts of others.

use poem_openapi::param::{Path, Query};
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::Serialize;
use uuid::Uuid;

use crate::accounts::User;
use crate::accounts::life::Change;
use crate::accounts::security::Who;
use crate::accounts::service::Accounts;
use crate::audit::By;
use crate::caller::{Role, UserId};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::http::auth::{Administers, AdministersFresh, Auth};
use crate::http::json::Json;
use crate::http::page::{Limit, Listing, Page};
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::http::serialized::Serialized;
use crate::http::signed_in::RoleView;

/// Serves `/admin/users`.
#[derive(Debug, Clone)]
pub struct AdminApi {
    accounts: Accounts,
}

/// An account as administrators see it.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "Account", example)]
struct AccountView {
    /// Its id.
    id: Uuid,
    /// The address that it signs in with.
    email: String,
    /// How its owner is called.
    name: String,
    /// What it may do.
    role: RoleView,
    /// Since when it may not sign in; null: it may.
    disabled_at: Option<Timestamp>,
    /// When it goes for good, with everything in it; null: it stays.
    deletes_at: Option<Timestamp>,
    /// When it was made.
    created_at: Timestamp,
    /// When its name, role, status or credentials last changed.
    updated_at: Timestamp,
}

impl Example for AccountView {
    fn example() -> Self {
        let at = Timestamp::from_micros(1_772_357_400_000_000);
        Self {
            id: Uuid::from_u128(0x019c_a8bb_b5c0_7836_b25e_7ad3_1c44_90fe),
            email: "ada@example.org".into(),
            name: "Ada".into(),
            role: RoleView::Member,
            disabled_at: None,
            deletes_at: None,
            created_at: at,
            updated_at: at,
        }
    }
}

impl From<User> for AccountView {
    fn from(user: User) -> Self {
        Self {
            id: user.id.0,
            email: user.email,
            name: user.name,
            role: user.standing.role.into(),
            disabled_at: user.standing.disabled_at,
            deletes_at: user.standing.deletes_at,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}

/// A merge patch (RFC 7396): absent members keep.
#[derive(Object)]
#[oai(rename = "AccountPatch", deny_unknown_fields, example)]
struct AccountPatch {
    /// Another role.
    #[oai(skip_serializing_if_is_none)]
    role: Option<RoleView>,
    /// Whether it may not sign in.
    #[oai(skip_serializing_if_is_none)]
    disabled: Option<bool>,
    /// `false`: an account that was to be deleted stays.
    #[oai(skip_serializing_if_is_none)]
    leaving: Option<bool>,
}

impl Example for AccountPatch {
    fn example() -> Self {
        Self { role: Some(RoleView::Member), disabled: Some(false), leaving: None }
    }
}

#[derive(ApiResponse)]
enum Changed {
    /// The account as it is now.
    #[oai(status = 200)]
    Ok(
        Serialized<AccountView>,
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

impl AdminApi {
    /// Over the accounts of one store.
    pub fn new(accounts: Accounts) -> Self {
        Self { accounts }
    }

    async fn change(&self, by: By, id: Uuid, change: Change) -> Result<Changed> {
        let written = self.accounts.change_standing(by, Who::Id(UserId(id)), change).await?;
        Ok(Changed::Ok(Serialized::of(&AccountView::from(written.value))?, written.change))
    }
}

#[OpenApi(tag = "Section::Admin")]
impl AdminApi {
    /// List all accounts.
    ///
    /// The oldest first.
    #[oai(path = "/admin/users", method = "get", operation_id = "listUsers")]
    async fn list_users(
        &self,
        _auth: Auth<Administers>,
        limit: Query<Limit>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Serialized<Page<AccountView>>, Problem> {
        let listing = Listing::new("admin/users", &())?;
        let after: Option<(i64, Uuid)> = cursor.0.map(|cursor| listing.keyset(&cursor)).transpose()?;
        let after = after.map(|(time, id)| (Timestamp::from_micros(time), id));
        let most = i64::try_from(limit.0.get() + 1).unwrap_or(i64::MAX);
        let items = self.accounts.list(after, most).await?;
        let page = listing.page(items, limit.0, |user| (user.created_at.micros(), user.id.0))?;
        Ok(Serialized::of(&page.map(AccountView::from))?)
    }

    /// Read an account.
    #[oai(path = "/admin/users/:id", method = "get", operation_id = "getUser")]
    async fn get_user(
        &self,
        _auth: Auth<Administers>,
        /// The account's id.
        id: Path<Uuid>,
    ) -> Result<Serialized<AccountView>, Problem> {
        Ok(Serialized::of(&AccountView::from(self.accounts.get(UserId(id.0)).await?))?)
    }

    /// Change role or status of an account.
    ///
    /// All its sessions and API keys end. The last administrator stays one.
    #[oai(path = "/admin/users/:id", method = "patch", operation_id = "updateUser")]
    async fn update_user(
        &self,
        auth: Auth<AdministersFresh>,
        /// The account's id.
        id: Path<Uuid>,
        body: Json<AccountPatch>,
    ) -> Result<Changed, Problem> {
        let AccountPatch { role, disabled, leaving } = body.0;
        if leaving == Some(true) {
            return Err(Error::invalid("leaving", "can only be taken back here: DELETE gives an account up").into());
        }
        let change = Change { role: role.map(Role::from), disabled, leaving };
        Ok(self.change(By::caller(&auth.caller), id.0, change).await?)
    }

    /// Delete an account.
    ///
    /// It is disabled now and goes for good in seven days, with everything in it. Until then `PATCH` with `leaving: false` and
    /// `disabled: false` takes that back.
    #[oai(path = "/admin/users/:id", method = "delete", operation_id = "deleteUser")]
    async fn delete_user(
        &self,
        auth: Auth<AdministersFresh>,
        /// The account's id.
        id: Path<Uuid>,
    ) -> Result<Changed, Problem> {
        let change = Change { role: None, disabled: Some(true), leaving: Some(true) };
        Ok(self.change(By::caller(&auth.caller), id.0, change).await?)
    }

    /// End all sessions of an account.
    #[oai(path = "/admin/users/:id/sessions", method = "delete", operation_id = "endUserSessions")]
    async fn end_user_sessions(
        &self,
        auth: Auth<AdministersFresh>,
        /// The account's id.
        id: Path<Uuid>,
    ) -> Result<Done, Problem> {
        let who = Who::Id(UserId(id.0));
        Ok(Done::Done(self.accounts.sign_out(By::caller(&auth.caller), who).await?.change))
    }

    /// Take the second factor of an account off.
    ///
    /// For somebody who has lost the phone and the recovery codes. All sessions and API keys of the account end.
    #[oai(path = "/admin/users/:id/totp", method = "delete", operation_id = "resetUserTotp")]
    async fn reset_user_totp(
        &self,
        auth: Auth<AdministersFresh>,
        /// The account's id.
        id: Path<Uuid>,
    ) -> Result<Done, Problem> {
        let who = Who::Id(UserId(id.0));
        Ok(Done::Done(self.accounts.reset_second_factor(By::caller(&auth.caller), who).await?.change))
    }
}
