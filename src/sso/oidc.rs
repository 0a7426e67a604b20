//! OpenID Connect as a relying party: what a provider publishes, where a browser is sent, and what the answer is worth.
//!
//! Owns every request to a provider and every check of what it says (OpenID Connect Core 1.0, 3.1.3.7; Discovery 1.0; RFC 7636; RFC 9207). Only
//! signatures by keys that the provider publishes count: a client's secret, which is a password, signs nothing here.
//!
//! What a reader would get wrong: the published document and keys are remembered, so a provider that has just changed its keys would be
//! refused. A signature that does not fit makes the keys be fetched anew, at most once in [`FRESH`], so that forged tokens cannot make
//! the server ask again and again.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreIdTokenVerifier,
    CoreJsonWebKeySet, CoreJwsSigningAlgorithm as Algorithm, CoreProviderMetadata, CoreTokenResponse,
};
use openidconnect::{
    AccessTokenHash, AsyncHttpClient, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    TokenResponse as _,
};
use parking_lot::Mutex;
use serde_json::{Map, Value};
use url::{Host, Url};

use super::claims::{Person, at, person};
use super::flow::{Flow, Purpose as Why};
use super::{Provider, Settings};
use crate::clock::{Ids, Timestamp};
use crate::outbound::{Limits, Outbound, OutboundError, Purpose};

/// How long what a provider publishes is remembered.
const REMEMBERED: Duration = Duration::from_secs(60 * 60);
/// For how long it is not asked again, whatever tokens say.
const FRESH: Duration = Duration::from_secs(60);
/// A sign-in is answered within a minute or so; a token that was made longer ago, or will be, answers another one.
const OLDEST_TOKEN: Duration = Duration::from_secs(10 * 60);
/// How far the provider's clock may go ahead of ours.
const SKEW: Duration = Duration::from_secs(2 * 60);

/// One request to a provider. Documents are a few kilobytes; keys of big providers some ten.
const LIMITS: Limits = Limits { time: Duration::from_secs(8), body: 512 * 1024, redirects: 0 };
/// Documents may have moved within the provider.
const DOCUMENT: Limits = Limits { redirects: 2, ..LIMITS };

/// How tokens may be signed: by a private key, whose other half the provider publishes.
const ALGORITHMS: [Algorithm; 10] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EcdsaP521Sha512,
    Algorithm::EdDsa,
];

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// Why a provider's answer does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Failure {
    /// It gives none that could.
    #[error("{0}")]
    NoAnswer(String),
    /// It says something that is not to be believed, or refuses.
    #[error("{0}")]
    Refused(String),
}

/// What a provider publishes, for whoever sets it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The name that it gives itself.
    pub issuer: String,
    /// Where browsers are sent.
    pub authorization_endpoint: String,
    /// Where codes are exchanged.
    pub token_endpoint: String,
    /// Where people are signed out.
    pub end_session_endpoint: Option<String>,
    /// How it signs tokens.
    pub signing_algorithms: Vec<String>,
}

/// What a provider publishes.
#[derive(Debug)]
struct Discovered {
    metadata: CoreProviderMetadata,
    end_session: Option<Url>,
    /// Whether it names itself when it sends a browser back.
    names_itself: bool,
}

/// What providers publish, by issuer, and since when it is known.
type Remembered = HashMap<String, (Arc<Discovered>, Timestamp)>;

/// Speaks to providers. Cheap to clone; all clones remember together.
#[derive(Debug, Clone)]
pub(super) struct Oidc {
    outbound: Outbound,
    ids: Ids,
    remembered: Arc<Mutex<Remembered>>,
}

/// A client of a provider.
#[derive(Debug, Clone, Copy)]
pub(super) struct Registration<'a> {
    pub(super) provider: &'a Provider,
    pub(super) secret: &'a str,
    pub(super) redirect: &'a str,
}

/// Whether this can be the name of a provider.
pub(super) fn check_issuer(text: &str) -> Result<(), String> {
    let url = Url::parse(text).map_err(|_| "must be a URL, such as `https://sso.example.org`".to_owned())?;
    if text.len() > 500
        || url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
        || url.password().is_some()
    {
        return Err("must be a URL of at most 500 characters without name, query or fragment".into());
    }
    if is_safe(&url) { Ok(()) } else { Err("must begin with https:// (http:// does on this machine alone)".into()) }
}

/// Whether nobody on the way can listen in.
fn is_safe(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}

impl Oidc {
    pub(super) fn new(outbound: Outbound, ids: Ids) -> Self {
        Self { outbound, ids, remembered: Arc::default() }
    }

    /// Forgets what was published under a name: somebody wants to know how it is now.
    pub(super) fn forget(&self, issuer: &str) {
        self.remembered.lock().remove(issuer);
    }

    /// Where a browser is sent to begin.
    pub(super) async fn authorization_url(&self, to: Registration<'_>, flow: &Flow) -> Result<Url, Failure> {
        let found = self.discovered(&to.provider.issuer, REMEMBERED).await?;
        let client = client(&found, to)?;
        let (state, nonce) = (CsrfToken::new(flow.state.clone()), Nonce::new(flow.nonce.clone()));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(flow.verifier.clone()));
        let request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || state, move || nonce)
            .add_scopes(to.provider.settings.scopes.iter().filter(|scope| *scope != "openid").cloned().map(Scope::new))
            .set_pkce_challenge(challenge);
        // Whoever is to show that they are here signs in there again, however long they have been signed in.
        let request = match flow.purpose {
            Why::StepUp(..) => request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO),
            Why::SignIn | Why::Link(..) => request,
        };
        Ok(request.url().0)
    }

    /// Who came back, by the code that they brought along.
    pub(super) async fn person(
        &self,
        to: Registration<'_>,
        flow: &Flow,
        code: &str,
        iss: Option<&str>,
    ) -> Result<Person, Failure> {
        let found = self.discovered(&to.provider.issuer, REMEMBERED).await?;
        // Of several providers, the one that the way was begun to must be the one that ends it.
        match iss {
            Some(iss) if iss != to.provider.issuer => {
                return Err(Failure::Refused(format!(
                    "`{iss}` sent the browser back, and not `{}`",
                    to.provider.issuer
                )));
            }
            None if found.names_itself => {
                return Err(Failure::Refused(
                    "the provider did not name itself (`iss`), although it says it does".into(),
                ));
            }
            _ => {}
        }
        let answer: CoreTokenResponse = client(&found, to)?
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|e| Failure::NoAnswer(e.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(flow.verifier.clone()))
            .request_async(self)
            .await
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(said) => Failure::Refused(format!("it refuses the code: {said}")),
                RequestTokenError::Request(error) => Failure::NoAnswer(error.to_string()),
                RequestTokenError::Parse(error, _) => {
                    Failure::NoAnswer(format!("its token answer cannot be read: {error}"))
                }
                RequestTokenError::Other(what) => Failure::NoAnswer(what),
            })?;
        let id_token = answer.id_token().ok_or_else(|| Failure::Refused("its answer holds no ID token".into()))?;
        let claims = match self.verified(&found, to, id_token, &answer, flow) {
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                let found = self.discovered(&to.provider.issuer, FRESH).await?;
                self.verified(&found, to, id_token, &answer, flow)
            }
            other => other,
        };
        let claims = claims.map_err(|error| Failure::Refused(told(&error)))?;
        let more = self.user_info(&found, &answer, &claims, &to.provider.settings).await?;
        person(&to.provider.issuer, &to.provider.settings, &claims, &more, id_token.to_string())
            .ok_or_else(|| Failure::Refused("the token names nobody (`sub`)".into()))
    }

    /// The claims of a token that is by this provider, for this client, about this flow, of now.
    fn verified(
        &self,
        found: &Discovered,
        to: Registration<'_>,
        id_token: &CoreIdToken,
        answer: &CoreTokenResponse,
        flow: &Flow,
    ) -> Result<Map<String, Value>, ClaimsVerificationError> {
        let (issuer, keys) = (found.metadata.issuer().clone(), found.metadata.jwks().clone());
        let id = ClientId::new(to.provider.client_id.clone());
        let now = self.ids.now();
        let (oldest, newest) = (now.minus(OLDEST_TOKEN), now.plus(SKEW));
        let today = chrono::DateTime::from_timestamp_micros(now.micros()).unwrap_or_default();
        let stepping_up = matches!(flow.purpose, Why::StepUp(..));
        let verifier = CoreIdTokenVerifier::new_public_client(id, issuer, keys)
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || today)
            // Some providers do not tell when it was.
            .set_auth_time_verifier_fn(move |signed_in| match signed_in {
                Some(time) if stepping_up && Timestamp::from_micros(time.timestamp_micros()) < oldest => {
                    Err("they signed in there long ago".into())
                }
                _ => Ok(()),
            })
            .set_issue_time_verifier_fn(move |issued| {
                let issued = Timestamp::from_micros(issued.timestamp_micros());
                if (oldest..=newest).contains(&issued) { Ok(()) } else { Err("it was not issued now".into()) }
            });
        let claims = id_token.claims(&verifier, &Nonce::new(flow.nonce.clone()))?;
        if let Some(expected) = claims.access_token_hash() {
            let other = |e: &dyn std::error::Error| ClaimsVerificationError::Other(e.to_string());
            let algorithm = id_token.signing_alg().map_err(|e| other(&e))?;
            let key = id_token.signing_key(&verifier).map_err(ClaimsVerificationError::SignatureVerification)?;
            let actual = AccessTokenHash::from_token(answer.access_token(), algorithm, key).map_err(|e| other(&e))?;
            if actual != *expected {
                return Err(ClaimsVerificationError::Other("the access token is another one's".into()));
            }
        }
        let text = id_token.to_string();
        let payload = text.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
        let claims = payload.and_then(|json| serde_json::from_slice(&json).ok());
        claims.ok_or_else(|| ClaimsVerificationError::Other("its claims are no JSON".into()))
    }

    /// What the provider tells besides the token, when something is missing there.
    async fn user_info(
        &self,
        found: &Discovered,
        answer: &CoreTokenResponse,
        claims: &Map<String, Value>,
        settings: &Settings,
    ) -> Result<Map<String, Value>, Failure> {
        let groups = settings.groups_claim.as_ref().is_none_or(|claim| at(claims, claim).is_some());
        let Some(endpoint) = found.metadata.userinfo_endpoint().filter(|_| !claims.contains_key("email") || !groups)
        else {
            return Ok(Map::new());
        };
        let token = format!("Bearer {}", answer.access_token().secret());
        let told = match self.document(endpoint.as_str(), Some(&token), LIMITS).await {
            // Who it is, is known; without an address nobody signs up, and that is said.
            Err(_) if groups => return Ok(Map::new()),
            told => told?,
        };
        // What is said about somebody else is no use (Core, 5.3.2).
        if told.get("sub") != claims.get("sub") {
            return Err(Failure::Refused("what it tells besides the token is about somebody else".into()));
        }
        Ok(told)
    }

    /// Where a browser is sent to sign out there as well; `None`: the provider has no such place.
    pub(super) async fn logout_url(&self, provider: &Provider, id_token: Option<&str>, back: &str) -> Option<Url> {
        let found = self.discovered(&provider.issuer, REMEMBERED).await.ok()?;
        let mut url = found.end_session.clone()?;
        url.query_pairs_mut()
            .append_pair("client_id", &provider.client_id)
            .append_pair("post_logout_redirect_uri", back);
        if let Some(id_token) = id_token {
            url.query_pairs_mut().append_pair("id_token_hint", id_token);
        }
        Some(url)
    }

    /// What a provider publishes now.
    pub(super) async fn check(&self, issuer: &str) -> Result<Checked, Failure> {
        self.forget(issuer);
        let found = self.discovered(issuer, REMEMBERED).await?;
        let metadata = &found.metadata;
        let word = |algorithm: &Algorithm| serde_json::to_value(algorithm).ok()?.as_str().map(str::to_owned);
        let token_endpoint = metadata.token_endpoint().map(|url| url.as_str().to_owned());
        let token_endpoint = token_endpoint.ok_or_else(|| Failure::NoAnswer("it has no token endpoint".into()))?;
        if !metadata.id_token_signing_alg_values_supported().iter().any(|offered| ALGORITHMS.contains(offered)) {
            return Err(Failure::NoAnswer("it signs its tokens in no way that counts here".into()));
        }
        Ok(Checked {
            issuer: metadata.issuer().as_str().to_owned(),
            authorization_endpoint: metadata.authorization_endpoint().as_str().to_owned(),
            token_endpoint,
            end_session_endpoint: found.end_session.as_ref().map(ToString::to_string),
            signing_algorithms: metadata.id_token_signing_alg_values_supported().iter().filter_map(word).collect(),
        })
    }

    async fn discovered(&self, issuer: &str, at_most: Duration) -> Result<Arc<Discovered>, Failure> {
        let now = self.ids.now();
        if let Some((found, since)) = self.remembered.lock().get(issuer)
            && now < since.plus(at_most)
        {
            return Ok(Arc::clone(found));
        }
        let found = Arc::new(self.discover(issuer).await?);
        self.remembered.lock().insert(issuer.to_owned(), (Arc::clone(&found), now));
        Ok(found)
    }

    async fn discover(&self, issuer: &str) -> Result<Discovered, Failure> {
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let document = self.document(&url, None, DOCUMENT).await?;
        let place = |name: &str| -> Result<Option<Url>, Failure> {
            let Some(text) = document.get(name).and_then(Value::as_str) else { return Ok(None) };
            let url = Url::parse(text).ok().filter(is_safe);
            url.map(Some).ok_or_else(|| Failure::NoAnswer(format!("its `{name}` is no https: URL")))
        };
        for endpoint in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint"] {
            place(endpoint)?;
        }
        let (end_session, jwks) = (place("end_session_endpoint")?, place("jwks_uri")?);
        let names_itself =
            document.get("authorization_response_iss_parameter_supported").and_then(Value::as_bool).unwrap_or(false);
        let metadata: CoreProviderMetadata = serde_json::from_value(Value::Object(document))
            .map_err(|e| Failure::NoAnswer(format!("{url} is no description of a provider: {e}")))?;
        if metadata.issuer().as_str() != issuer {
            let named = metadata.issuer().as_str();
            return Err(Failure::NoAnswer(format!("{url} is about the issuer `{named}`: that is what has to be set")));
        }
        let jwks = jwks.ok_or_else(|| Failure::NoAnswer("it publishes no keys".into()))?;
        let keys = Value::Object(self.document(jwks.as_str(), None, DOCUMENT).await?);
        let keys: CoreJsonWebKeySet =
            serde_json::from_value(keys).map_err(|e| Failure::NoAnswer(format!("its keys cannot be read: {e}")))?;
        Ok(Discovered { metadata: metadata.set_jwks(keys), end_session, names_itself })
    }

    async fn document(&self, url: &str, token: Option<&str>, limits: Limits) -> Result<Map<String, Value>, Failure> {
        let mut request = hyper::http::Request::get(url).header("accept", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", token);
        }
        let request = request.body(Vec::new()).map_err(|e| Failure::NoAnswer(format!("{url}: {e}")))?;
        let answer = self.ask(request, limits).await.map_err(|e| Failure::NoAnswer(format!("{url}: {e}")))?;
        if !answer.status().is_success() {
            return Err(Failure::NoAnswer(format!("{url} answers {}", answer.status())));
        }
        serde_json::from_slice(answer.body())
            .map_err(|e| Failure::NoAnswer(format!("{url} answers no JSON object: {e}")))
    }

    async fn ask(&self, request: HttpRequest, limits: Limits) -> Result<HttpResponse, OutboundError> {
        if !Url::parse(&request.uri().to_string()).is_ok_and(|url| is_safe(&url)) {
            return Err(OutboundError::Url("a provider is asked over https: alone"));
        }
        self.outbound.send(Purpose::SignOn, request, limits).await
    }
}

impl<'c> AsyncHttpClient<'c> for Oidc {
    type Error = OutboundError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, OutboundError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request, LIMITS))
    }
}

fn client(found: &Discovered, to: Registration<'_>) -> Result<Client, Failure> {
    let secret = Some(to.secret).filter(|secret| !secret.is_empty());
    let redirect = RedirectUrl::new(to.redirect.to_owned()).map_err(|e| Failure::NoAnswer(e.to_string()))?;
    // What providers take when they do not say (Discovery, 3).
    let methods = found.metadata.token_endpoint_auth_methods_supported();
    let basic = methods.is_none_or(|all| all.is_empty() || all.contains(&CoreClientAuthMethod::ClientSecretBasic));
    let client = CoreClient::from_provider_metadata(
        found.metadata.clone(),
        ClientId::new(to.provider.client_id.clone()),
        secret.map(|secret| ClientSecret::new(secret.to_owned())),
    );
    Ok(client.set_redirect_uri(redirect).set_auth_type(if basic { AuthType::BasicAuth } else { AuthType::RequestBody }))
}

fn told(error: &ClaimsVerificationError) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_named_by_a_url_that_nobody_can_listen_in_on() {
        for good in [
            "https://sso.example.org",
            "https://sso.example.org/realms/home/",
            "http://localhost:8080",
            "http://127.0.0.1:1/a",
        ] {
            assert_eq!(check_issuer(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "sso.example.org",
            "http://sso.example.org",
            "http://10.0.0.1",
            "ftp://localhost",
            "https://a:b@example.org",
            "https://example.org/?a",
            "https://example.org/#a",
            "javascript:alert(1)",
        ] {
            assert!(check_issuer(bad).is_err(), "{bad}");
        }
    }
}
