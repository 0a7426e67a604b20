//! The endpoints of signing in, refreshing and signing out, and of one's own sessions.
//!
//! What a reader would get wrong: refresh and sign-out take the refresh cookie from programs that state no origin. The cookie
//! is `SameSite=Strict`, browsers state an origin with every POST, and one that names another site is refused.

use std::sync::Arc;

use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Response;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

use super::{IDLE_LIFETIME, Session, Sessions};
use crate::accounts::service::Accounts;
use crate::caller::SessionId;
use crate::clock::Timestamp;
use crate::error::{Error, Result, Unauthenticated};
use crate::http::access_log::Who;
use crate::http::auth::{self, Auth, Gate, Owns};
use crate::http::json::Json;
use crate::http::optional::OptionalJson;
use crate::http::page::{Limit, Listing, Page};
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::http::signed_in::{self, DeliveryParam, SignedInView, with_cookies};
use crate::sso::Sso;

/// Serves `/auth/login`, `/auth/refresh`, `/auth/logout` and `/me/sessions`.
#[derive(Debug, Clone)]
pub struct SessionsApi {
    accounts: Accounts,
    sessions: Arc<Sessions>,
    sso: Sso,
    gate: Arc<Gate>,
}

/// E-mail and password.
#[derive(Object)]
#[oai(rename = "Login", deny_unknown_fields, example)]
struct LoginBody {
    /// The address of the account.
    email: String,
    /// Its password.
    password: String,
    /// How the tokens are to travel, for as long as the session lasts.
    #[oai(skip_serializing_if_is_none)]
    token_delivery: Option<DeliveryParam>,
}

impl Example for LoginBody {
    fn example() -> Self {
        Self { email: "ada@example.org".into(), password: "correct horse battery".into(), token_delivery: None }
    }
}

/// The refresh token, when it is in no cookie.
#[derive(Object)]
#[oai(rename = "Refresh", deny_unknown_fields, example)]
struct RefreshBody {
    /// The newest refresh token of the session; absent: the one in the cookie.
    refresh_token: Option<String>,
}

impl Example for RefreshBody {
    fn example() -> Self {
        Self { refresh_token: Some("AZyou7XAf5C4YBxbfGxzDgAAAAGq9Y2cUb3kXw4nF0v7TzJm".into()) }
    }
}

/// One of the caller's sessions.
#[derive(Debug, Clone, Object, serde::Serialize)]
#[oai(rename = "Session", example)]
struct SessionView {
    /// Its id.
    id: Uuid,
    /// When it began.
    created_at: Timestamp,
    /// When it was last refreshed.
    last_used_at: Timestamp,
    /// When it ends unless it is used before.
    expires_at: Timestamp,
    /// What the device called itself when it signed in.
    agent: String,
    /// The address that it signed in from.
    address: String,
    /// Whether it is the session of this request.
    current: bool,
}

impl Example for SessionView {
    fn example() -> Self {
        let at = Timestamp::from_micros(1_772_357_400_000_000);
        Self {
            id: Uuid::from_u128(0x019c_a8bb_b5c0_7f90_b860_1c5b_7c6c_30ce),
            created_at: at,
            last_used_at: at,
            expires_at: at.plus(IDLE_LIFETIME),
            agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".into(),
            address: "192.0.2.7".into(),
            current: true,
        }
    }
}

#[derive(ApiResponse)]
enum LoggedIn {
    /// Signed in.
    #[oai(status = 200)]
    Ok(
        Json<SignedInView>,
        /// The change number that the sign-in reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

/// Where to go to sign out at the provider of single sign-on as well.
#[derive(Debug, Clone, Object)]
#[oai(rename = "ProviderLogout", example)]
struct ProviderLogoutView {
    /// A page of the provider. It sends the browser back to the sign-in page.
    provider_logout_url: String,
}

impl Example for ProviderLogoutView {
    fn example() -> Self {
        Self { provider_logout_url: "https://sso.example.org/logout?client_id=inkstone".into() }
    }
}

#[derive(ApiResponse)]
enum SignedOut {
    /// Signed out here; the session came from a provider that is set up to be signed out of too.
    #[oai(status = 200)]
    Elsewhere(
        Json<ProviderLogoutView>,
        /// The change number that it reached.
        #[oai(header = "Inkstone-Change")]
        Option<i64>,
    ),
    /// Signed out, or there was nobody to sign out.
    #[oai(status = 204)]
    Gone(
        /// The change number that it reached; absent when nothing ended.
        #[oai(header = "Inkstone-Change")]
        Option<i64>,
    ),
}

#[derive(ApiResponse)]
enum Ended {
    /// Ended: no token of it counts any more.
    #[oai(status = 204)]
    Gone(
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

impl SessionsApi {
    /// Over the accounts and sessions of one store.
    pub fn new(accounts: Accounts, sessions: Arc<Sessions>, sso: Sso, gate: Arc<Gate>) -> Self {
        Self { accounts, sessions, sso, gate }
    }
}

#[OpenApi]
impl SessionsApi {
    /// Sign in.
    #[oai(path = "/auth/login", method = "post", operation_id = "login", tag = "Section::Auth")]
    async fn login(&self, request: &Request, body: Json<LoginBody>) -> Result<Response<LoggedIn>, Problem> {
        self.gate.guard_sign_in(request)?;
        let LoginBody { email, password, token_delivery } = body.0;
        let delivery = DeliveryParam::of(token_delivery);
        let written = self.accounts.login(&email, &password, delivery, auth::device(request)).await?;
        let (user, tokens) = written.value;
        Who::note(request, user.id);
        Ok(signed_in::begun(&self.gate, request, user, tokens, |body| LoggedIn::Ok(body, written.change)).await)
    }

    /// Exchange the refresh token for new tokens.
    ///
    /// Each refresh token works once. For 30 seconds the exchanged one is given the same successor again, so that a lost answer
    /// or two pages at once do no harm; after that it ends the session, because somebody has a copy. The answer travels as the
    /// sign-in chose.
    #[oai(path = "/auth/refresh", method = "post", operation_id = "refresh", tag = "Section::Auth")]
    async fn refresh(
        &self,
        request: &Request,
        body: OptionalJson<RefreshBody>,
    ) -> Result<Response<Json<SignedInView>>, Problem> {
        self.gate.guard_sign_in(request)?;
        let given = body.0.and_then(|body| body.refresh_token);
        let token = given.as_deref().or_else(|| self.gate.cookies().refresh(request));
        let token = token.ok_or(Error::Unauthenticated(Unauthenticated::Missing))?;
        let (user, tokens) = self.sessions.refresh(token, auth::device(request)).await?;
        Who::note(request, user);
        let user = self.accounts.get(user).await?;
        Ok(signed_in::answer(&self.gate, request, user, tokens, |body| body))
    }

    /// Sign out.
    ///
    /// Ends the session of the access token or of the refresh token, whichever still counts, and takes the cookies away. Whoever came from a
    /// provider of single sign-on that is set up so is told where to sign out there as well.
    #[oai(path = "/auth/logout", method = "post", operation_id = "logout", tag = "Section::Auth")]
    async fn logout(&self, request: &Request, body: OptionalJson<RefreshBody>) -> Result<Response<SignedOut>, Problem> {
        self.gate.guard_sign_in(request)?;
        let (mut change, mut origin) = (None, None);
        if let Some((token, _)) = self.gate.access_token(request) {
            match self.sessions.authenticate(token, auth::device(request)).await {
                Ok(caller) => {
                    Who::note(request, caller.user());
                    if let Some(session) = caller.session() {
                        origin = self.sessions.origin(session).await?;
                        change = gone_is_fine(self.sessions.end(&caller, session).await)?;
                    }
                }
                Err(Error::Unauthenticated(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let given = body.0.and_then(|body| body.refresh_token);
        if let Some(token) = given.as_deref().or_else(|| self.gate.cookies().refresh(request)) {
            origin = self.sessions.origin_by_refresh(token).await?.or(origin);
            change = self.sessions.end_by_refresh(token, auth::device(request)).await?.or(change);
        }
        let url = match origin.filter(|_| change.is_some()) {
            Some(origin) => self.sso.logout_url(&origin).await?,
            None => None,
        };
        let answer = match url {
            Some(provider_logout_url) => SignedOut::Elsewhere(Json(ProviderLogoutView { provider_logout_url }), change),
            None => SignedOut::Gone(change),
        };
        Ok(with_cookies(answer, self.gate.cookies().clear(request)))
    }

    /// List the own sessions.
    ///
    /// The newest first.
    #[oai(path = "/me/sessions", method = "get", operation_id = "listSessions", tag = "Section::Me")]
    async fn list_sessions(
        &self,
        auth: Auth<Owns>,
        limit: Query<Limit>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Json<Page<SessionView>>, Problem> {
        let listing = Listing::new("sessions", &())?;
        let after: Option<(i64, Uuid)> = cursor.0.map(|cursor| listing.keyset(&cursor)).transpose()?;
        let after = after.map(|(time, id)| (Timestamp::from_micros(time), id));
        let most = i64::try_from(limit.0.get() + 1).unwrap_or(i64::MAX);
        let items = self.sessions.list(auth.caller.clone(), after, most).await?;
        let page = listing.page(items, limit.0, |s| (s.created_at.micros(), s.id.0))?;
        let current = auth.caller.session();
        Ok(Json(page.map(|session| view(session, current))))
    }

    /// End one of the own sessions.
    #[oai(path = "/me/sessions/:id", method = "delete", operation_id = "endSession", tag = "Section::Me")]
    async fn end_session(
        &self,
        auth: Auth<Owns>,
        request: &Request,
        /// The session's id; the present one may be ended too.
        id: Path<Uuid>,
    ) -> Result<Response<Ended>, Problem> {
        let id = SessionId(id.0);
        let change = self.sessions.end(&auth.caller, id).await?;
        let own = Some(id) == auth.caller.session();
        let lines = if own { self.gate.cookies().clear(request) } else { Vec::new() };
        Ok(with_cookies(Ended::Gone(change), lines))
    }

    /// End all other own sessions.
    #[oai(path = "/me/sessions", method = "delete", operation_id = "endOtherSessions", tag = "Section::Me")]
    async fn end_other_sessions(&self, auth: Auth<Owns>) -> Result<Ended, Problem> {
        Ok(Ended::Gone(self.sessions.end_others(&auth.caller).await?))
    }
}

/// Whoever signs out twice is signed out.
fn gone_is_fine(outcome: Result<i64>) -> Result<Option<i64>> {
    match outcome {
        Ok(change) => Ok(Some(change)),
        Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn view(session: Session, current: Option<SessionId>) -> SessionView {
    SessionView {
        id: session.id.0,
        created_at: session.created_at,
        last_used_at: session.last_used_at,
        expires_at: session.expires_at,
        agent: session.agent,
        address: session.address,
        current: Some(session.id) == current,
    }
}
