//! The answer that signs somebody in, the same after login, registration, set-up and refresh.
//!
//! Owns which token goes where: into the body, into a cookie, or nowhere that a script could read. The choice was made at
//! sign-in and belongs to the session from then on, so a page that chose cookies can never be handed a token.

use poem::Request;
use poem::http::{HeaderValue, header};
use poem_openapi::payload::Response;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::accounts::User;
use crate::caller::Role;
use crate::clock::Timestamp;
use crate::http::auth::Gate;
use crate::http::json::Json;
use crate::sessions::{Delivery, Tokens};

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, serde::Serialize)]
#[oai(rename = "Role", rename_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum RoleView {
    /// Reads own notes.
    ReadOnly,
    /// Own notes.
    Member,
    /// Own notes, and the accounts of others.
    Admin,
}

impl From<Role> for RoleView {
    fn from(role: Role) -> Self {
        match role {
            Role::ReadOnly => Self::ReadOnly,
            Role::Member => Self::Member,
            Role::Admin => Self::Admin,
        }
    }
}

impl From<RoleView> for Role {
    fn from(role: RoleView) -> Self {
        match role {
            RoleView::ReadOnly => Self::ReadOnly,
            RoleView::Member => Self::Member,
            RoleView::Admin => Self::Admin,
        }
    }
}

/// An account as its owner sees it.
#[derive(Debug, Clone, Object)]
#[oai(rename = "User", example)]
pub struct UserView {
    /// Its id.
    pub id: Uuid,
    /// The address that it signs in with.
    pub email: String,
    /// How its owner is called.
    pub name: String,
    /// Whether it has a password. An account that was made by single sign-on has none.
    pub has_password: bool,
    /// What it may do.
    pub role: RoleView,
    /// When it goes for good, with everything in it; null: it stays.
    pub deletes_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its name, role, status or credentials last changed.
    pub updated_at: Timestamp,
}

impl Example for UserView {
    fn example() -> Self {
        let at = Timestamp::from_micros(1_772_357_400_000_000);
        Self {
            id: Uuid::from_u128(0x019c_a8bb_b5c0_7836_b25e_7ad3_1c44_90fe),
            email: "ada@example.org".into(),
            name: "Ada".into(),
            has_password: true,
            role: RoleView::Member,
            deletes_at: None,
            created_at: at,
            updated_at: at,
        }
    }
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            id: user.id.0,
            email: user.email,
            name: user.name,
            has_password: user.has_password,
            role: user.standing.role.into(),
            deletes_at: user.standing.deletes_at,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}

/// How tokens reach the client. Absent: the access token in the body, the refresh token in a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "TokenDelivery", rename_all = "lowercase")]
pub enum DeliveryParam {
    /// Both in cookies, none in the body: for pages.
    Cookie,
    /// Both in the body, no cookie: for programs.
    Body,
}

impl DeliveryParam {
    /// What was asked for.
    pub fn of(asked: Option<Self>) -> Delivery {
        match asked {
            None => Delivery::Split,
            Some(Self::Cookie) => Delivery::Cookie,
            Some(Self::Body) => Delivery::Body,
        }
    }
}

/// What a sign-in gives.
#[derive(Debug, Object)]
#[oai(rename = "SignedIn", example)]
pub struct SignedInView {
    /// Goes into `Authorization: Bearer`; absent when it is in a cookie.
    #[oai(skip_serializing_if_is_none)]
    access_token: Option<String>,
    /// Always `Bearer`.
    token_type: String,
    /// Seconds for which the access token is good.
    expires_in: u64,
    /// Goes to `POST /auth/refresh`; absent when it is in a cookie.
    #[oai(skip_serializing_if_is_none)]
    refresh_token: Option<String>,
    /// Who signed in.
    user: UserView,
}

impl Example for SignedInView {
    fn example() -> Self {
        Self {
            access_token: Some("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImtpZCI6IuKApiJ9.e30.c2lnbmF0dXJl".into()),
            token_type: "Bearer".into(),
            expires_in: 300,
            refresh_token: None,
            user: UserView::example(),
        }
    }
}

/// The answer: `shape` makes the endpoint's own response of the body.
pub fn answer<R>(
    gate: &Gate,
    request: &Request,
    user: User,
    tokens: Tokens,
    shape: impl FnOnce(Json<SignedInView>) -> R,
) -> Response<R> {
    let lines = gate.cookies().set(request, &tokens);
    let Tokens { access, access_ttl, refresh, refresh_ttl: _, delivery } = tokens;
    let (access_token, refresh_token) = match delivery {
        Delivery::Cookie => (None, None),
        Delivery::Split => (Some(access), None),
        Delivery::Body => (Some(access), Some(refresh)),
    };
    let body = SignedInView {
        access_token,
        token_type: "Bearer".into(),
        expires_in: access_ttl.as_secs(),
        refresh_token,
        user: user.into(),
    };
    with_cookies(shape(Json(body)), lines)
}

/// The answer to a sign-in, as [`answer`]. A session that the browser came with ends: its cookies are overwritten, so nobody could sign it
/// out any more.
pub async fn begun<R>(
    gate: &Gate,
    request: &Request,
    user: User,
    tokens: Tokens,
    shape: impl FnOnce(Json<SignedInView>) -> R,
) -> Response<R> {
    if tokens.delivery != Delivery::Body {
        gate.end_former(request).await;
    }
    answer(gate, request, user, tokens, shape)
}

/// An answer that sets cookies and is not to be kept by anybody (RFC 6749, 5.1).
pub fn with_cookies<R>(answer: R, lines: Vec<HeaderValue>) -> Response<R> {
    let answer = Response::new(answer).header(header::CACHE_CONTROL, "no-store");
    lines.into_iter().fold(answer, |answer, line| answer.header(header::SET_COOKIE, line))
}
