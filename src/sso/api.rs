//! The endpoints of single sign-on for those who come in by it.

pub mod admin;
mod views;

use std::sync::Arc;

use poem::Request;
use poem::http::header;
use poem_openapi::param::Path;
use poem_openapi::payload::Response;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::Serialize;
use uuid::Uuid;

use super::{Begun, Provider, Return, Sso};
use crate::clock::Timestamp;
use crate::credentials::store::identities::Listed;
use crate::http::access_log::Who;
use crate::http::auth::{self, Auth, Gate, Owns, OwnsFresh};
use crate::http::json::Json;
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::http::serialized::Serialized;
use crate::http::signed_in::{self, DeliveryParam, SignedInView, with_cookies};

/// Serves `/auth/sso`, `/auth/step-up/sso` and `/me/identities`.
#[derive(Debug, Clone)]
pub struct SsoApi {
    sso: Sso,
    gate: Arc<Gate>,
    /// The path under which the API is reached, for `Location`.
    base: String,
}

/// A provider of single sign-on, as those see it who come in by it.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(rename = "SsoOffer", example)]
pub struct OfferView {
    /// Its short name, in addresses.
    pub slug: String,
    /// What its button says.
    pub name: String,
    /// What it was set up from, such as `keycloak`; `generic` when from nothing in particular.
    pub preset: String,
}

impl Example for OfferView {
    fn example() -> Self {
        Self { slug: "home".into(), name: "Home".into(), preset: "authentik".into() }
    }
}

impl From<Provider> for OfferView {
    fn from(Provider { slug, name, preset, .. }: Provider) -> Self {
        Self { slug, name, preset }
    }
}

/// Where the browser goes next.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "SsoBegun", example)]
struct BegunView {
    /// A page of the provider. It sends the browser back to the page `/sso/{slug}` of the app, with `code` and `state`.
    url: String,
}

impl Example for BegunView {
    fn example() -> Self {
        Self { url: "https://sso.example.org/authorize?response_type=code&client_id=inkstone&state=in.4Zx".into() }
    }
}

/// What the browser brought back from the provider.
#[derive(Object)]
#[oai(rename = "SsoReturn", deny_unknown_fields, example)]
struct ReturnBody {
    /// The parameter `code` of the address.
    code: String,
    /// The parameter `state`.
    state: String,
    /// The parameter `iss`, when there is one.
    #[oai(skip_serializing_if_is_none)]
    iss: Option<String>,
}

impl Example for ReturnBody {
    fn example() -> Self {
        Self { code: "SplxlOBeZQQYbYS6WxSbIA".into(), state: "in.4Zx".into(), iss: None }
    }
}

/// Where to link an identity.
#[derive(Object)]
#[oai(rename = "IdentityQuestion", deny_unknown_fields, example)]
struct AskBody {
    /// The short name of the provider.
    provider: String,
}

impl Example for AskBody {
    fn example() -> Self {
        Self { provider: "home".into() }
    }
}

/// What the browser brought back from the provider, to link an identity.
#[derive(Object)]
#[oai(rename = "NewIdentity", deny_unknown_fields, example)]
struct NewIdentity {
    /// The short name of the provider.
    provider: String,
    /// The parameter `code` of the address.
    code: String,
    /// The parameter `state`.
    state: String,
    /// The parameter `iss`, when there is one.
    #[oai(skip_serializing_if_is_none)]
    iss: Option<String>,
}

impl Example for NewIdentity {
    fn example() -> Self {
        let ReturnBody { code, state, iss } = ReturnBody::example();
        Self { provider: AskBody::example().provider, code, state, iss }
    }
}

/// What the browser brought back from the provider, to sign in.
#[derive(Object)]
#[oai(rename = "SsoSignIn", deny_unknown_fields, example)]
struct SignInBody {
    /// The parameter `code` of the address.
    code: String,
    /// The parameter `state`.
    state: String,
    /// The parameter `iss`, when there is one.
    #[oai(skip_serializing_if_is_none)]
    iss: Option<String>,
    /// How the tokens are to travel, for as long as the session lasts.
    #[oai(skip_serializing_if_is_none)]
    token_delivery: Option<DeliveryParam>,
}

impl Example for SignInBody {
    fn example() -> Self {
        let ReturnBody { code, state, iss } = ReturnBody::example();
        Self { code, state, iss, token_delivery: Some(DeliveryParam::Cookie) }
    }
}

/// Who somebody is elsewhere.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "Identity", example)]
struct IdentityView {
    /// Its id.
    id: Uuid,
    /// The provider that vouches for it; null: it was taken away here, so the identity lets nobody in.
    provider: Option<OfferView>,
    /// The URL that names the provider.
    issuer: String,
    /// The address that the provider gave last; it decides nothing.
    email: Option<String>,
    /// When it was linked.
    linked_at: Timestamp,
    /// When somebody was last let in by it; null: never.
    last_used_at: Option<Timestamp>,
}

impl Example for IdentityView {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x019c_a8bb_b5c0_7836_b25e_7ad3_1c44_90f5),
            provider: Some(OfferView::example()),
            issuer: "https://sso.example.org".into(),
            email: Some("ada@example.org".into()),
            linked_at: Timestamp::from_micros(1_772_357_400_000_000),
            last_used_at: None,
        }
    }
}

impl IdentityView {
    fn of(listed: Listed, provider: Option<Provider>) -> Self {
        let Listed { id, issuer, email, linked_at, last_used_at } = listed;
        Self { id, provider: provider.map(Into::into), issuer, email, linked_at, last_used_at }
    }
}

/// All identities of an account, oldest first.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "Identities", example)]
struct IdentitiesView {
    /// They.
    items: Vec<IdentityView>,
    /// Whether the account can do without one of them: `false` when nothing else lets its owner in.
    can_unlink: bool,
}

impl Example for IdentitiesView {
    fn example() -> Self {
        Self { items: vec![IdentityView::example()], can_unlink: true }
    }
}

#[derive(ApiResponse)]
enum BegunResponse {
    /// Go there. A cookie binds the way to this browser, for ten minutes.
    #[oai(status = 200)]
    Ok(Serialized<BegunView>),
}

#[derive(ApiResponse)]
enum SignedIn {
    /// Signed in.
    #[oai(status = 200)]
    Ok(
        Json<SignedInView>,
        /// The change number that the sign-in reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

#[derive(ApiResponse)]
enum Shown<T: poem_openapi::types::Type + Send> {
    /// What there is.
    #[oai(status = 200)]
    Ok(
        Serialized<T>,
        /// `no-store`.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

#[derive(ApiResponse)]
enum Linked {
    /// Linked. All other sessions and all API keys have ended.
    #[oai(status = 201)]
    Created(
        Serialized<IdentityView>,
        /// Where it is.
        #[oai(header = "Location")]
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
        /// The change number that it reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

impl SsoApi {
    /// `base` is the API's path as clients see it, such as `/api/v1`.
    pub fn new(sso: Sso, gate: Arc<Gate>, base: String) -> Self {
        Self { sso, gate, base }
    }

    fn begun(&self, request: &Request, begun: Begun) -> Result<Response<BegunResponse>, Problem> {
        let Begun { url, cookie } = begun;
        let answer = BegunResponse::Ok(Serialized::of(&BegunView { url })?);
        Ok(with_cookies(answer, self.gate.cookies().set_flow(request, &cookie).into_iter().collect()))
    }

    fn back(&self, request: &Request, code: String, state: String, iss: Option<String>) -> Return {
        Return { code, state, iss, cookie: self.gate.cookies().flow(request).map(str::to_owned) }
    }
}

/// What the page that asks says it belongs to.
fn origin(request: &Request) -> Option<String> {
    request.headers().get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or("null").to_owned())
}

#[OpenApi]
impl SsoApi {
    /// Begin to sign in at a provider.
    #[oai(path = "/auth/sso/:slug/begin", method = "post", operation_id = "beginSso", tag = "Section::Auth")]
    async fn begin_sso(
        &self,
        request: &Request,
        /// Of the provider.
        slug: Path<String>,
    ) -> Result<Response<BegunResponse>, Problem> {
        self.gate.guard_sign_in(request)?;
        let begun = self.sso.begin(&slug.0, origin(request).as_deref(), &auth::device(request)).await?;
        self.begun(request, begun)
    }

    /// Sign in with what a provider has said.
    ///
    /// Where the provider lets people sign up, an account is made for whoever is linked with none.
    #[oai(path = "/auth/sso/:slug", method = "post", operation_id = "signInWithSso", tag = "Section::Auth")]
    async fn sign_in_with_sso(
        &self,
        request: &Request,
        /// Of the provider.
        slug: Path<String>,
        body: Json<SignInBody>,
    ) -> Result<Response<SignedIn>, Problem> {
        self.gate.guard_sign_in(request)?;
        let SignInBody { code, state, iss, token_delivery } = body.0;
        let back = self.back(request, code, state, iss);
        let delivery = DeliveryParam::of(token_delivery);
        let written = self.sso.sign_in(&slug.0, &back, delivery, auth::device(request)).await?;
        let (user, tokens) = written.value;
        Who::note(request, user.id);
        let answer =
            signed_in::begun(&self.gate, request, user, tokens, |body| SignedIn::Ok(body, written.change)).await;
        // The way is at its end.
        let clear = self.gate.cookies().clear_flow(request);
        Ok(clear.into_iter().fold(answer, |answer, line| answer.header(header::SET_COOKIE, line)))
    }

    /// Begin to show at a provider that the account's owner is here.
    ///
    /// For accounts without a password.
    #[oai(
        path = "/auth/step-up/sso/:slug/begin",
        method = "post",
        operation_id = "beginSsoStepUp",
        tag = "Section::Auth"
    )]
    async fn begin_sso_step_up(
        &self,
        auth: Auth<Owns>,
        request: &Request,
        /// Of the provider.
        slug: Path<String>,
    ) -> Result<Response<BegunResponse>, Problem> {
        let begun = self.sso.begin_step_up(&auth.caller, &slug.0, origin(request).as_deref()).await?;
        self.begun(request, begun)
    }

    /// Show a credential again, by a provider.
    ///
    /// What answers `step-up-required`, as `POST /auth/step-up` does.
    #[oai(path = "/auth/step-up/sso/:slug", method = "post", operation_id = "stepUpWithSso", tag = "Section::Auth")]
    async fn step_up_with_sso(
        &self,
        auth: Auth<Owns>,
        request: &Request,
        /// Of the provider.
        slug: Path<String>,
        body: Json<ReturnBody>,
    ) -> Result<Response<Done>, Problem> {
        let ReturnBody { code, state, iss } = body.0;
        let back = self.back(request, code, state, iss);
        let change = self.sso.step_up(auth.caller, &slug.0, &back).await?;
        Ok(with_cookies(Done::Done(change), self.gate.cookies().clear_flow(request).into_iter().collect()))
    }

    /// List the own identities elsewhere.
    #[oai(path = "/me/identities", method = "get", operation_id = "listIdentities", tag = "Section::Me")]
    async fn list_identities(&self, auth: Auth<Owns>) -> Result<Shown<IdentitiesView>, Problem> {
        let (items, can_unlink) = self.sso.identities(auth.caller.user()).await?;
        let items = items.into_iter().map(|(listed, provider)| IdentityView::of(listed, provider)).collect();
        Ok(Shown::Ok(Serialized::of(&IdentitiesView { items, can_unlink })?, "no-store".into()))
    }

    /// Begin to link an identity.
    #[oai(path = "/me/identities/begin", method = "post", operation_id = "beginLink", tag = "Section::Me")]
    async fn begin_link(
        &self,
        auth: Auth<OwnsFresh>,
        request: &Request,
        body: Json<AskBody>,
    ) -> Result<Response<BegunResponse>, Problem> {
        let begun = self.sso.begin_link(&auth.caller, &body.0.provider, origin(request).as_deref()).await?;
        self.begun(request, begun)
    }

    /// Link an identity.
    ///
    /// From now on it signs in without a password. All other sessions and all API keys end.
    #[oai(path = "/me/identities", method = "post", operation_id = "linkIdentity", tag = "Section::Me")]
    async fn link_identity(
        &self,
        auth: Auth<OwnsFresh>,
        request: &Request,
        body: Json<NewIdentity>,
    ) -> Result<Response<Linked>, Problem> {
        let NewIdentity { provider, code, state, iss } = body.0;
        let back = self.back(request, code, state, iss);
        let written = self.sso.link(auth.caller, &provider, &back).await?;
        let (listed, provider) = written.value;
        let location = format!("{}/me/identities/{}", self.base, listed.id);
        let view = IdentityView::of(listed, Some(provider));
        let answer = Linked::Created(Serialized::of(&view)?, location, written.change);
        Ok(with_cookies(answer, self.gate.cookies().clear_flow(request).into_iter().collect()))
    }

    /// Unlink an identity.
    ///
    /// All other sessions and all API keys end. The last way into an account stays.
    #[oai(path = "/me/identities/:id", method = "delete", operation_id = "unlinkIdentity", tag = "Section::Me")]
    async fn unlink_identity(
        &self,
        auth: Auth<OwnsFresh>,
        /// Of the identity.
        id: Path<Uuid>,
    ) -> Result<Done, Problem> {
        Ok(Done::Done(self.sso.unlink(auth.caller, id.0).await?))
    }
}
