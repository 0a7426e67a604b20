//! The route table and the order of the layers around it.
//!
//! Outermost first: request id and access line, security headers, other sites' pages, failures as problems, headers that came
//! twice, where a changing request was started, then the routes; around the API itself, the body's limits, compression of its
//! answers and what holds a request to the published document. Rights are not a layer: each endpoint takes the caller that it
//! needs, and one that takes none is public.

use std::net::SocketAddr;
use std::sync::Arc;

use http_body_util::BodyExt as _;
use http_body_util::combinators::BoxBody;
use hyper::body::Bytes;
use ipnet::IpNet;
use poem::endpoint::{BoxEndpoint, EndpointExt};
use poem::http::{Method, header};
use poem::web::Redirect;
use poem::{Endpoint, IntoResponse, Request, Response, Route, get, post};
use poem_openapi::{OpenApi, OpenApiService};
use secrecy::SecretString;

use crate::about::About;
use crate::about::api::AboutApi;
use crate::accounts::api::AccountsApi;
use crate::accounts::api::admin::AdminApi;
use crate::accounts::api::invites::InvitesApi;
use crate::accounts::api::passkeys::PasskeysApi;
use crate::accounts::api::reset::ResetApi;
use crate::accounts::letters::Letters;
use crate::accounts::local::LocalAccountsApi;
use crate::accounts::service::Accounts;
use crate::api_keys::Keys;
use crate::api_keys::api::ApiKeysApi;
use crate::audit::api::AuditApi;
use crate::audit::local::AuditLocal;
use crate::audit::refusals::Refusals;
use crate::clock::Ids;
use crate::config::{PublicUrl, Signup, WebOrigin};
use crate::credentials::api::CredentialsApi;
use crate::db::Db;
use crate::error::Result;
use crate::export;
use crate::export::api::ExportsApi;
use crate::feed::api::ChangesApi;
use crate::feed::api::events::EventsApi;
use crate::feed::subscribers::Subscribers;
use crate::health::Health;
use crate::health::api::{MetricsToken, guarded_metrics, healthz, open_metrics, readyz};
use crate::http::access_log::{AccessLog, Observed};
use crate::http::app::files::AppFiles;
use crate::http::auth::{ControlSocket, Gate};
use crate::http::body_budget::BodyBudget;
use crate::http::budget::{CountRequests, RequestBudgets};
use crate::http::catch::Catch;
use crate::http::client_address::FindClient;
use crate::http::compress::Compress;
use crate::http::cors::Cors;
use crate::http::headers::{Hsts, SecurityHeaders};
use crate::http::limits::{ANONYMOUS, ANONYMOUS_TIME, BODY_TIME, BodyLimits, NOTE, SMALL};
use crate::http::once::Once;
use crate::http::operations::Operations;
use crate::http::origin::OwnPages;
use crate::http::strict::Strict;
use crate::http::{app, docs_page, openapi, placeholder};
use crate::idempotency::InFlight;
use crate::import;
use crate::import::api::ImportApi;
use crate::jobs::Queue;
use crate::jobs::api::JobsApi;
use crate::jobs::local::LocalJobsApi;
use crate::metrics::{HttpMetrics, Metrics, RequestLabels};
use crate::notebooks::api::NotebooksApi;
use crate::notes::api::{NoteHtmlApi, NotesApi};
use crate::outbound::Outbound;
use crate::remote_images::api::RemoteImagesApi;
use crate::saved_searches::api::SavedSearchesApi;
use crate::search::Search;
use crate::search::api::SearchApi;
use crate::search::api::suggestions::SuggestApi;
use crate::search::local::IndexLocal;
use crate::secrets::Rotator;
use crate::secrets::local::KeysLocal;
use crate::sessions::Sessions;
use crate::sessions::api::SessionsApi;
use crate::sso::Sso;
use crate::sso::api::SsoApi;
use crate::sso::api::admin::ProvidersApi;
use crate::tags::api::TagsApi;
use crate::transfers::Transfers;

/// Bytes of a batch that the command line imports in one request.
const IMPORT_BATCH: usize = 32 << 20;

/// Bytes of an archive that is sent to be brought in: more than anybody has written, less than fills a small disk.
const ARCHIVE: usize = 2 << 30;

/// Bytes of bodies that requests from outside may have in memory at once: ten of the largest notes, or sixty of a megabyte. A
/// body that is being read is held about three times over (as bytes, as JSON, as a note).
const BODIES: usize = 64 << 20;

/// The same for those who are nobody yet.
const ANONYMOUS_BODIES: usize = 16 << 20;

/// The same for the control socket: one import and what else its owner does.
const LOCAL_BODIES: usize = 2 * IMPORT_BATCH;

/// What a reader of the published document has to know before its operations.
const DESCRIPTION: &str = "\
A notes server that you run yourself.

**Signing in.** `POST /auth/login` gives an access token for `Authorization: Bearer`. It lives for minutes; `POST /auth/refresh` \
gives the next. Programs use an API key (`POST /me/api-keys`) in its place.

**Requests** are strict: a member or a query name that is not described here is refused. Clients, in turn, ignore members of \
answers and values of enumerations that they do not know; more may come.

**Errors** are `application/problem+json` (RFC 9457) with a `type` from a published list.

**Lists** come in pages: send `next_cursor` as `cursor`, with the same filters and order, until it is null.

**Changing a note** takes its `ETag` as `If-Match`, so that nothing is overwritten unseen. Renaming a tag or a notebook makes \
no such tag stale.

**Budgets.** Every answer says in `RateLimit` how many more requests there may be; beyond, the answer is 429 with `Retry-After`.

**Every write** answers with `Inkstone-Change`, its number in the change log. `GET /changes` tells what happened since a number, \
`GET /events` tells it as it happens, and a search with `after` waits until it shows one.";

/// What the routes are made of. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Time and ids.
    pub ids: Ids,
    /// Counters.
    pub metrics: Metrics,
    /// Opens `/metrics` on the main listener.
    pub metrics_token: Option<SecretString>,
    /// The browser app, when this build has one.
    pub app: AppFiles,
    /// How people reach the server.
    pub public_url: Option<PublicUrl>,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Whether it speaks TLS there.
    pub tls: bool,
    /// Proxies whose word on the client's address counts.
    pub trusted_proxies: Arc<[IpNet]>,
    /// Pages of other sites that may use the API.
    pub cors_origins: Arc<[WebOrigin]>,
    /// Who may register.
    pub signup: Signup,
    /// Finds credentials in requests.
    pub gate: Arc<Gate>,
    /// How it is.
    pub health: Health,
    /// Work in the background.
    pub queue: Queue,
    /// Archives that come and go.
    pub transfers: Transfers,
    /// Creates under way.
    pub in_flight: InFlight,
    /// Accounts.
    pub accounts: Accounts,
    /// Sessions.
    pub sessions: Arc<Sessions>,
    /// Single sign-on.
    pub sso: Sso,
    /// API keys.
    pub keys: Keys,
    /// Letters about accounts.
    pub letters: Letters,
    /// How many requests there may be; `None`: as many as somebody likes.
    pub request_budgets: Option<RequestBudgets>,
    /// Asks others.
    pub outbound: Outbound,
    /// Turns the store to another master key.
    pub rotator: Rotator,
    /// What was refused and is not written down yet.
    pub refusals: Refusals,
    /// The index.
    pub search: Search,
    /// Who listens to the change log.
    pub subscribers: Subscribers,
    /// The store.
    pub db: Db,
}

impl Parts {
    /// The path that the server is reached under: empty, or `/notes`.
    fn prefix(&self) -> &str {
        self.public_url.as_ref().map_or("", PublicUrl::path)
    }

    /// Where people reach the server, for links: the public URL, else the address that it listens on.
    pub fn base_url(&self) -> String {
        base_url(self.public_url.as_ref(), self.tls, self.listen)
    }
}

/// Where people reach a server, for links: the public URL, else the address that it listens on.
pub fn base_url(public: Option<&PublicUrl>, tls: bool, listen: SocketAddr) -> String {
    let scheme = if tls { "https" } else { "http" };
    public.map_or_else(|| format!("{scheme}://{listen}"), ToString::to_string)
}

/// The API that the document describes. `base` is the path that clients see before the document's own paths.
fn api(parts: &Parts) -> OpenApiService<impl OpenApi + use<>, ()> {
    let base = format!("{}/api/v1", parts.prefix());
    let (db, ids) = (&parts.db, &parts.ids);
    let about = About {
        signup: parts.signup,
        password_reset: parts.letters.can_send(),
        passkey: parts.accounts.knows_passkeys(),
    };
    let routes = (
        AboutApi::new(about, db.clone()),
        AccountsApi::new(parts.accounts.clone(), Arc::clone(&parts.gate), parts.signup, base.clone()),
        ResetApi::new(parts.letters.clone()),
        SessionsApi::new(
            parts.accounts.clone(),
            Arc::clone(&parts.sessions),
            parts.sso.clone(),
            Arc::clone(&parts.gate),
        ),
        (
            CredentialsApi::new(parts.accounts.clone(), Arc::clone(&parts.gate)),
            PasskeysApi::new(parts.accounts.clone(), Arc::clone(&parts.gate), base.clone()),
            SsoApi::new(parts.sso.clone(), Arc::clone(&parts.gate), base.clone()),
        ),
        ApiKeysApi::new(parts.keys.clone()),
        (
            AdminApi::new(parts.accounts.clone()),
            InvitesApi::new(parts.accounts.clone(), parts.letters.clone(), parts.signup, parts.base_url()),
            AuditApi::new(db.clone(), parts.refusals.clone()),
            ProvidersApi::new(parts.sso.clone(), base.clone()),
        ),
        (NotesApi::new(db.clone(), ids.clone(), parts.in_flight.clone(), base.clone()), NoteHtmlApi::new(db.clone())),
        (TagsApi::new(db.clone(), ids.clone()), RemoteImagesApi::new(parts.outbound.clone(), Arc::clone(&parts.gate))),
        NotebooksApi::new(db.clone(), ids.clone(), parts.in_flight.clone(), base.clone()),
        (
            SearchApi::new(db.clone(), parts.search.clone()),
            SuggestApi::new(db.clone(), parts.search.clone()),
            SavedSearchesApi::new(db.clone(), ids.clone(), parts.in_flight.clone(), base.clone()),
        ),
        ChangesApi::new(db.clone()),
        EventsApi::new(
            db.clone(),
            ids.clone(),
            Arc::clone(&parts.gate),
            parts.subscribers.clone(),
            parts.metrics.feed.clone(),
        ),
        JobsApi::new(db.clone()),
        ExportsApi::new(db.clone(), parts.queue.clone(), parts.transfers.clone(), base.clone()),
        ImportApi::new(db.clone(), parts.queue.clone(), parts.transfers.clone(), base.clone()),
    );
    OpenApiService::new(routes, "Inkstone", env!("CARGO_PKG_VERSION")).description(DESCRIPTION).server(base)
}

/// The published document.
///
/// # Errors
/// [`crate::error::Error::Internal`] when it cannot be written, which is a defect.
pub fn document(parts: &Parts) -> Result<String> {
    openapi::publish(&api(parts).spec())
}

/// What people and programs reach.
///
/// # Errors
/// As [`document`].
pub fn public(parts: &Parts) -> Result<BoxEndpoint<'static, Response>> {
    let routes = routes(parts)?.at("/metrics", get(guarded_metrics));
    let routes = docs_page::mount(routes, document(parts)?);
    let routes = match parts.app.is_built() {
        true => app::mount(routes, &parts.app, parts.prefix(), parts.ids.clone()),
        false => placeholder::mount(routes, parts.public_url.as_ref().map(PublicUrl::url).as_ref()),
    };
    let routes = match parts.prefix() {
        "" => routes,
        // The proxy does not strip the path; probes on this machine ask without it.
        prefix => Route::new().nest(prefix, routes).at("/healthz", get(healthz)).at("/readyz", get(readyz)),
    };
    let prefix = parts.prefix().to_owned();
    Ok(layered(parts, routes.before(move |request| with_slash(request, prefix.clone()))))
}

/// What the command line reaches over the control socket: the same API, in the space of any account that a request names, and
/// what only an administrator of the machine may do.
///
/// # Errors
/// As [`document`].
pub fn local(parts: &Parts) -> Result<LocalRouter> {
    let routes = routes(parts)?.nest("/local/v1", local_routes(parts)?).at("/metrics", get(open_metrics));
    Ok(LocalRouter(Arc::new(layered(parts, routes.data(ControlSocket)))))
}

/// The metrics and the probes alone, for a listener of their own.
pub fn metrics(parts: &Parts) -> BoxEndpoint<'static, Response> {
    let routes = Route::new().at("/metrics", get(open_metrics)).at("/healthz", get(healthz)).at("/readyz", get(readyz));
    layered(parts, routes)
}

/// A path that everything lies below, without its slash, leads to the one with it: relative addresses would miss it otherwise.
async fn with_slash(request: Request, prefix: String) -> poem::Result<Request> {
    let uri = request.uri();
    if prefix.is_empty() || uri.path() != prefix {
        return Ok(request);
    }
    let query = uri.query().map_or(String::new(), |query| format!("?{query}"));
    Err(poem::Error::from_response(Redirect::permanent(format!("{prefix}/{query}")).into_response()))
}

fn routes(parts: &Parts) -> Result<Route> {
    let api = api(parts);
    let operations = Operations::read(&openapi::publish(&api.spec())?, "")?;
    let anonymous = BodyBudget::in_shares(ANONYMOUS_BODIES);
    let limits = BodyLimits::new(SMALL, BODY_TIME, BodyBudget::new(BODIES))
        .at("/notes", NOTE)
        .streamed_at("/import", ARCHIVE)
        .apart_at("/auth", ANONYMOUS, ANONYMOUS_TIME, anonymous.clone())
        .apart_at("/setup", ANONYMOUS, ANONYMOUS_TIME, anonymous);
    let api = api.with(Strict::new(operations)).with(limits).with(Compress);
    Ok(Route::new().nest("/api/v1", api).at("/healthz", get(healthz)).at("/readyz", get(readyz)))
}

/// What only the command line reaches, but for import and export.
fn local_api(parts: &Parts) -> OpenApiService<impl OpenApi + use<>, ()> {
    let routes = (
        LocalAccountsApi::new(parts.accounts.clone(), parts.base_url()),
        IndexLocal::new(parts.search.clone()),
        LocalJobsApi::new(parts.db.clone(), parts.ids.clone(), parts.queue.clone()),
        AuditLocal::new(parts.db.clone()),
        KeysLocal::new(parts.rotator.clone()),
    );
    OpenApiService::new(routes, "Inkstone, for the administrator of the machine", env!("CARGO_PKG_VERSION"))
}

/// The operations that only the command line reaches, as a document that nobody is served.
pub fn local_document(parts: &Parts) -> String {
    local_api(parts).spec()
}

fn local_routes(parts: &Parts) -> Result<impl Endpoint + use<>> {
    let budget = BodyBudget::new(LOCAL_BODIES);
    let import = post(import::local::import).with(BodyLimits::new(IMPORT_BATCH, BODY_TIME, budget.clone()));
    let notebooks = post(import::local::notebooks).with(BodyLimits::new(IMPORT_BATCH, BODY_TIME, budget.clone()));
    let searches = post(import::local::saved_searches).with(BodyLimits::new(IMPORT_BATCH, BODY_TIME, budget.clone()));
    let export = post(export::local::export).with(BodyLimits::new(SMALL, BODY_TIME, budget.clone()));
    let api = local_api(parts);
    let operations = Operations::read(&openapi::publish(&api.spec())?, "")?;
    let api = api.with(Strict::new(operations)).with(BodyLimits::new(SMALL, BODY_TIME, budget));
    let routes = Route::new()
        .at("/import", import)
        .at("/import/notebooks", notebooks)
        .at("/import/saved-searches", searches)
        .at("/export", export);
    Ok(routes.nest("/", api))
}

fn layered(parts: &Parts, routes: impl Endpoint + 'static) -> BoxEndpoint<'static, Response> {
    let below = format!("{}/api/v1/", parts.prefix());
    routes
        .data(parts.health.clone())
        .data(parts.metrics.clone())
        .data(MetricsToken(parts.metrics_token.clone()))
        .data(parts.db.clone())
        .data(parts.ids.clone())
        .data(Arc::clone(&parts.gate))
        .with(OwnPages { public: parts.public_url.as_ref().map(PublicUrl::url) })
        .with(Once)
        .with(Catch)
        .map_to_response()
        .with(CountRequests { budgets: parts.request_budgets.clone(), below: below.clone() })
        .with(Cors { origins: Arc::clone(&parts.cors_origins), below })
        .with(SecurityHeaders { hsts: Hsts::of(parts.public_url.as_ref()) })
        .with(AccessLog::new(parts.ids.clone(), observer(parts.metrics.http.clone())))
        .with(FindClient { trusted: Arc::clone(&parts.trusted_proxies) })
        .map_to_response()
        .boxed()
}

fn observer(metrics: HttpMetrics) -> Arc<dyn Fn(&Observed) + Send + Sync> {
    Arc::new(move |seen: &Observed| {
        let route = seen.operation.as_deref().unwrap_or("unknown").to_owned();
        let labels = RequestLabels { route, method: seen.method.as_str().to_owned(), status: seen.status.as_u16() };
        metrics.requests.get_or_create(&labels).inc();
        metrics.duration.observe(seen.duration.as_secs_f64());
    })
}

/// The routes of the command line: served on the control socket, or asked inside the process.
#[derive(Clone)]
pub struct LocalRouter(Arc<BoxEndpoint<'static, Response>>);

impl std::fmt::Debug for LocalRouter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LocalRouter")
    }
}

impl LocalRouter {
    /// One request with a JSON body (or none); status and body of the answer.
    ///
    /// # Errors
    /// When the path is no path, or the answer breaks off.
    pub async fn ask(&self, method: Method, path: &str, body: Vec<u8>) -> Result<(u16, Vec<u8>), std::io::Error> {
        let (status, body) = self.open(method, path, body).await?;
        Ok((status, body.collect().await?.to_bytes().to_vec()))
    }

    /// [`LocalRouter::ask`] for an answer that may be larger than memory: its body is yet to be read.
    ///
    /// # Errors
    /// When the path is no path.
    pub async fn open(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<(u16, BoxBody<Bytes, std::io::Error>), std::io::Error> {
        let mut request = Request::builder().method(method).uri_str(path).header(header::HOST, "localhost");
        if !body.is_empty() {
            request = request.content_type("application/json");
        }
        let mut response = self.0.get_response(request.body(body)).await;
        Ok((response.status().as_u16(), response.take_body().into()))
    }
}

impl Endpoint for LocalRouter {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        self.0.call(request).await
    }
}
