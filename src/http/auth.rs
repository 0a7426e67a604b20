//! Who asks: the extractors that give an endpoint its caller.
//!
//! Owns how a credential is found in a request. Whether it counts is `sessions`' to say. One caller needs none and is minted
//! here: the administrator of the machine, who reaches the API over the control socket and names the account whose space is
//! meant ([`ACCOUNT`]).
//!
//! What a reader would get wrong: `Authorization: Bearer` comes first, and a bad one is refused even when a good cookie came
//! along: the sender named the credential that it meant. Only a cookie's request has to come from one of our own pages.

use std::sync::Arc;

use poem::http::{HeaderName, header};
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use url::Url;

use crate::accounts::Email;
use crate::accounts::service::Accounts;
use crate::caller::Caller;
use crate::config::PublicUrl;
use crate::error::{Error, Forbidden, Result, Unauthenticated};
use crate::http::access_log::Who;
use crate::http::client_address;
use crate::http::cookies::Cookies;
use crate::http::origin;
use crate::sessions::{Device, Sessions};

/// The header that names, by its e-mail address, the account in whose space the administrator of the machine acts. It counts on
/// the control socket alone; elsewhere it is a header like any unknown one.
pub const ACCOUNT: HeaderName = HeaderName::from_static("inkstone-account");

/// What [`Auth`] and the endpoints that sign in and out need. The routes carry one as `Arc<Gate>` in the request's data.
#[derive(Debug)]
pub struct Gate {
    accounts: Accounts,
    sessions: Arc<Sessions>,
    cookies: Cookies,
    public: Option<Url>,
}

impl Gate {
    /// For one store's accounts, sessions and cookies, reached at `public` when that is configured.
    pub fn new(accounts: Accounts, sessions: Arc<Sessions>, cookies: Cookies, public: Option<&PublicUrl>) -> Self {
        Self { accounts, sessions, cookies, public: public.and_then(|url| Url::parse(url.origin()).ok()) }
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
        let caller = self.sessions.authenticate(token).await?;
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

    /// Refuses another site's page at the endpoints that set or take away cookies.
    ///
    /// # Errors
    /// [`Forbidden::CrossSite`].
    pub fn guard_sign_in(&self, request: &Request) -> Result<()> {
        origin::guard_sign_in(request.headers(), request.uri(), self.public.as_ref())
    }
}

/// The token of `Authorization: Bearer`. Another scheme (a proxy's own `Basic`) is not meant for us; a second line was refused
/// by `http::once`.
fn bearer(request: &Request) -> Option<&str> {
    let line = request.headers().get(header::AUTHORIZATION)?;
    // What is not text cannot be a token, but was meant as one.
    let (scheme, token) = line.to_str().unwrap_or("Bearer").split_once(' ').unwrap_or(("Bearer", ""));
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim())
}

/// What the list of sessions shows of the sender.
pub fn device(request: &Request) -> Device {
    let address = client_address::of(request).map(|address| address.to_string());
    Device::new(request.header(header::USER_AGENT).unwrap_or(""), address.as_deref().unwrap_or("local"))
}

/// The caller of a request that must have one.
#[derive(Debug, Clone, Copy)]
pub struct Auth(pub Caller);

impl<'a> ApiExtractor<'a> for Auth {
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
                    "The `access_token` of a sign-in. It lives for minutes; `POST /auth/refresh` gives the next.",
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
        vec![BEARER, COOKIE]
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        let gate = request.data::<Arc<Gate>>().ok_or_else(|| Error::internal("a route without its gate"))?;
        Ok(Self(gate.caller(request).await?))
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
