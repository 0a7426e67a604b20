//! Who asks: the extractors that give an endpoint its caller.
//!
//! Owns how a credential is found in a request. What an endpoint wants of its caller is [`access`](super::access)'s, whether a credential
//! counts is `sessions`' and `api_keys`' to say. One caller needs none and is minted
//! here: the administrator of the machine, who reaches the API over the control socket and names the account whose space is
//! meant ([`ACCOUNT`]).
//!
//! What a reader would get wrong: `Authorization: Bearer` comes first, and a bad one is refused even when a good cookie came
//! along: the sender named the credential that it meant. Only a cookie's request has to come from one of our own pages.

use std::marker::PhantomData;
use std::sync::Arc;

use poem::http::{HeaderName, header};
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use url::Url;

use crate::accounts::Email;
use crate::accounts::service::Accounts;
use crate::api_keys::{self, Keys};
use crate::caller::{Caller, Device};
use crate::clock::{Ids, Timestamp};
use crate::config::PublicUrl;
use crate::error::{Error, Forbidden, Result, Unauthenticated};
use crate::http::access::fresh;
pub use crate::http::access::{
    ACCESS, Access, Administers, AdministersFresh, BringsIn, FetchesImages, Owns, OwnsFresh, Reads, ReadsAll, Searches,
    TakesAll, Writes, WritesAll,
};
use crate::http::access_log::Who;
use crate::http::budget::Tally;
use crate::http::client_address;
use crate::http::cookies::Cookies;
use crate::http::origin;
use crate::sessions::Sessions;

/// The header that names, by its e-mail address, the account in whose space the administrator of the machine acts. It counts on
/// the control socket alone; elsewhere it is a header like any unknown one.
pub const ACCOUNT: HeaderName = HeaderName::from_static("inkstone-account");

/// What [`Auth`] and the endpoints that sign in and out need. The routes carry one as `Arc<Gate>` in the request's data.
#[derive(Debug)]
pub struct Gate {
    accounts: Accounts,
    sessions: Arc<Sessions>,
    keys: Keys,
    ids: Ids,
    cookies: Cookies,
    public: Option<Url>,
}

impl Gate {
    /// For one store's accounts, sessions, API keys and cookies, reached at `public` when that is configured.
    pub fn new(
        accounts: Accounts,
        sessions: Arc<Sessions>,
        keys: Keys,
        ids: Ids,
        cookies: Cookies,
        public: Option<&PublicUrl>,
    ) -> Self {
        let public = public.and_then(|url| Url::parse(url.origin()).ok());
        Self { accounts, sessions, keys, ids, cookies, public }
    }

    /// The store's cookies.
    pub fn cookies(&self) -> &Cookies {
        &self.cookies
    }

    /// The access token of a request, and whether it came in a cookie.
    pub fn access_token<'r>(&self, request: &'r Request) -> Option<(&'r str, bool)> {
        match bearer(request) {
            Some(token) => Some((token, false)),
            None => self.cookies.access(request).map(|token| (token, true)),
        }
    }

    /// Whose request it is.
    ///
    /// # Errors
    /// [`Unauthenticated::Missing`], [`Unauthenticated::AccountUnnamed`], [`Unauthenticated::InvalidToken`],
    /// [`Forbidden::CrossSite`]; over the control socket also [`Error::NotFound`] and [`Error::Malformed`] for the account named.
    pub async fn caller(&self, request: &Request) -> Result<Caller> {
        let Some((token, cookie)) = self.access_token(request) else {
            return match request.data::<ControlSocket>() {
                Some(ControlSocket) => self.local_admin(request).await,
                None => Err(Error::Unauthenticated(Unauthenticated::Missing)),
            };
        };
        if cookie {
            origin::guard_cookie(request.method(), request.headers(), request.uri(), self.public.as_ref())?;
        }
        let caller = if cookie || !api_keys::token::is_one(token) {
            self.sessions.authenticate(token, device(request)).await?
        } else {
            self.keys.authenticate(token, device(request)).await?
        };
        Who::note(request, caller.user());
        Ok(caller)
    }

    /// The administrator of the machine, in the space of the account that the request names.
    async fn local_admin(&self, request: &Request) -> Result<Caller> {
        let named = request.headers().get(ACCOUNT).ok_or(Error::Unauthenticated(Unauthenticated::AccountUnnamed))?;
        // Header lines are bytes; addresses may hold any script, so they are read as UTF-8.
        let email = std::str::from_utf8(named.as_bytes()).ok().and_then(|text| Email::parse(text).ok());
        let email = email.ok_or_else(|| Error::malformed("Inkstone-Account", "must be an e-mail address"))?;
        let user = self.accounts.find(email).await?;
        Who::note(request, user.id);
        Ok(Caller::local_admin(user.id))
    }

    /// Whether what a caller was minted for still counts: for what outlives its request. `anew` asks the store itself: what is
    /// remembered may be outdated when it ended on another instance.
    ///
    /// # Errors
    /// What the store says.
    pub async fn still_counts(&self, caller: &Caller, anew: bool) -> Result<bool> {
        Ok(self.sessions.still_counts(caller, anew).await? && self.keys.still_counts(caller).await?)
    }

    /// Ends the session whose refresh cookie a request brought, if it still counts. Whoever has just signed in is signed in all the same when
    /// that fails; the session then lives until it has not been used for long enough.
    pub(super) async fn end_former(&self, request: &Request) {
        if let Some(token) = self.cookies.refresh(request)
            && let Err(error) = self.sessions.end_by_refresh(token, device(request)).await
        {
            tracing::warn!(%error, "the session that a browser had before it signed in anew could not be ended");
        }
    }

    /// Refuses another site's page at the endpoints that set or take away cookies.
    ///
    /// # Errors
    /// [`Forbidden::CrossSite`].
    pub fn guard_sign_in(&self, request: &Request) -> Result<()> {
        origin::guard_sign_in(request.headers(), request.uri(), self.public.as_ref())
    }
}

/// Whether a request names a token itself, which no browser does by itself.
pub(super) fn names_token(request: &Request) -> bool {
    bearer(request).is_some()
}

/// The token of `Authorization: Bearer`. Another scheme (a proxy's own `Basic`) is not meant for us; a second line was refused
/// by `http::once`.
pub(super) fn bearer(request: &Request) -> Option<&str> {
    let line = request.headers().get(header::AUTHORIZATION)?;
    // What is not text cannot be a token, but was meant as one.
    let (scheme, token) = line.to_str().unwrap_or("Bearer").split_once(' ').unwrap_or(("Bearer", ""));
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim())
}

/// Where a request comes from, for lists and the audit log.
pub fn device(request: &Request) -> Device {
    let address = client_address::of(request).map(|address| address.to_string());
    Device::new(request.header(header::USER_AGENT).unwrap_or(""), address.as_deref().unwrap_or("local"))
}

/// The caller of a request, who has what `A` wants.
#[derive(Debug, Clone)]
pub struct Auth<A> {
    /// Who it is.
    pub caller: Caller,
    now: Timestamp,
    access: PhantomData<A>,
}

impl<A> Auth<A> {
    /// Wants a credential that was shown a moment ago, where only a part of what an endpoint does needs one.
    ///
    /// # Errors
    /// [`Forbidden::StepUp`].
    pub fn fresh(&self) -> Result<()> {
        fresh(&self.caller, self.now)
    }
}

impl<'a, A: Access> ApiExtractor<'a> for Auth<A> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        let scheme = |ty, description| MetaSecurityScheme {
            ty,
            description: Some(description),
            name: None,
            key_in: None,
            scheme: None,
            bearer_format: None,
            flows: None,
            openid_connect_url: None,
        };
        registry.create_security_scheme(
            BEARER,
            MetaSecurityScheme {
                scheme: Some("bearer"),
                bearer_format: Some("JWT"),
                ..scheme(
                    "http",
                    "The `access_token` of a sign-in, which lives for minutes (`POST /auth/refresh` gives the next), or an API key \
                     (`POST /me/api-keys`), which does what its scopes say.",
                )
            },
        );
        registry.create_security_scheme(
            COOKIE,
            MetaSecurityScheme {
                name: Some("__Host-inkstone-STORE-access"),
                key_in: Some("cookie"),
                ..scheme(
                    "apiKey",
                    "For pages: set by a sign-in with `token_delivery: cookie`. STORE differs by server. Requests that change \
                     something must come from the server's own pages (`Sec-Fetch-Site` or `Origin`).",
                )
            },
        );
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![BEARER, COOKIE, A::NAME]
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        let gate = request.data::<Arc<Gate>>().ok_or_else(|| Error::internal("a route without its gate"))?;
        let caller = gate.caller(request).await?;
        let now = gate.ids.now();
        Tally::take(request, &caller, A::COST).await?;
        A::check(&caller, now)?;
        Ok(Self { caller, now, access: PhantomData })
    }
}

const BEARER: &str = "bearer";
const COOKIE: &str = "cookie";

/// Put into the data of every request that came over the control socket, and of no other.
#[derive(Debug, Clone, Copy)]
pub struct ControlSocket;

/// Proof that the request came over the control socket, which only the owner of the data directory can open.
#[derive(Debug, Clone, Copy)]
pub struct LocalAdmin(());

impl<'a> FromRequest<'a> for LocalAdmin {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        match request.data::<ControlSocket>() {
            Some(ControlSocket) => Ok(Self(())),
            None => Err(Error::Forbidden(Forbidden::Role).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lines: &[&str]) -> Option<String> {
        let mut request = Request::builder();
        for line in lines {
            request = request.header("authorization", *line);
        }
        bearer(&request.finish()).map(str::to_owned)
    }

    #[test]
    fn the_bearer_token_is_found_and_a_proxys_own_credentials_are_not_taken_for_one() {
        assert_eq!(found(&["Bearer a.b.c"]).as_deref(), Some("a.b.c"));
        assert_eq!(found(&["bearer  a.b.c "]).as_deref(), Some("a.b.c"));
        assert_eq!(found(&["Basic dTpw"]), None);
        assert_eq!(found(&[]), None);
    }

    #[test]
    fn a_broken_authorization_counts_as_a_bad_token_and_not_as_none() {
        for line in ["Bearer", "Bearer ", "a.b.c"] {
            assert_eq!(found(&[line]).as_deref(), Some(""), "{line}");
        }
    }
}
