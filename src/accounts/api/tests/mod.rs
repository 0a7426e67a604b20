//! Signing in as clients see it: the real endpoints over a store of their own, with a clock that the tests move.

mod cross_site;
mod local;
mod own_account;
mod set_up;
mod signed_in;

use std::sync::Arc;
use std::time::Duration;

use poem::endpoint::BoxEndpoint;
use poem::http::{HeaderMap, Method, header};
use poem::test::TestClient;
use poem::{EndpointExt as _, Response, Route};
use poem_openapi::OpenApiService;
use serde_json::{Value, json};

use super::AccountsApi;
use crate::accounts::local::LocalAccountsApi;
use crate::accounts::service::{Accounts, Application};
use crate::api_keys::Keys;
use crate::audit::By;
use crate::audit::refusals::Refusals;
use crate::caller::Role;
use crate::clock::{Ids, ManualClock, SeededEntropy, Timestamp};
use crate::config::Signup;
use crate::credentials::password::{Cost, Passwords};
use crate::credentials::{self, Verifier};
use crate::db::{Db, Options};
use crate::http::auth::{ControlSocket, Gate};
use crate::http::catch::Catch;
use crate::http::cookies::Cookies;
use crate::http::operations::Operations;
use crate::http::strict::Strict;
use crate::metrics::{CredentialMetrics, OutboundMetrics};
use crate::outbound::Outbound;
use crate::seal::Keyring;
use crate::sessions::api::SessionsApi;
use crate::sessions::{ACCESS_TTL, Sessions};
use crate::sso::{self, Sso};

const ADA: &str = "ada@example.org";
const PASSWORD: &str = "correct horse battery";
const OTHER: &str = "staple of another stable";

/// A server without a network.
struct House {
    client: TestClient<BoxEndpoint<'static, Response>>,
    clock: Arc<ManualClock>,
    db: Db,
    accounts: Accounts,
    sessions: Arc<Sessions>,
    /// The OpenAPI document.
    spec: Value,
    /// The start of this store's cookie names.
    cookie: String,
    _dir: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    fn slug(&self) -> &str {
        self.body["type"].as_str().unwrap_or_default()
    }

    fn access(&self) -> &str {
        self.body["access_token"].as_str().expect("an access token")
    }

    fn refresh(&self) -> &str {
        self.body["refresh_token"].as_str().expect("a refresh token")
    }

    fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap()).collect()
    }

    /// The `Cookie` header of a browser that got this answer.
    fn cookies(&self) -> String {
        let pairs = self.set_cookies().into_iter().map(|line| line.split(';').next().unwrap());
        pairs.collect::<Vec<_>>().join("; ")
    }

    #[track_caller]
    fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    #[track_caller]
    fn fails(self, status: u16, slug: &str) -> Self {
        assert_eq!((self.status, self.slug()), (status, slug), "{}", self.body);
        self
    }
}

type Lines<'a> = &'a [(&'a str, &'a str)];

/// The sessions of a store, as a server with this master key opens them.
async fn sessions_of(db: &Db, ids: Ids, master: [u8; 32]) -> crate::error::Result<Sessions> {
    let ring = Keyring::new(&master, &[], db.made_at().await.unwrap()).unwrap();
    Sessions::open(db.clone(), ids, &ring, &master, ACCESS_TTL).await
}

/// What checks credentials, at this cost for each password.
async fn verifier_of(db: &Db, ids: Ids, cost: Cost) -> Verifier {
    let options = credentials::Options {
        db: db.clone(),
        ids: ids.clone(),
        passwords: Passwords::start(1, cost, CredentialMetrics::default()).unwrap(),
        ring: Keyring::new(&[3; 32], &[], db.made_at().await.unwrap()).unwrap(),
        refusals: Refusals::new(db.clone(), ids),
        metrics: CredentialMetrics::default(),
        throttle: true,
        reached: "https://notes.example".into(),
        name: "Inkstone",
    };
    Verifier::open(options).await.unwrap()
}

impl House {
    async fn new() -> Self {
        Self::with(Signup::Closed).await
    }

    async fn with(signup: Signup) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("backups")).unwrap();
        let clock = Arc::new(ManualClock::new(Timestamp::from_micros(1_772_357_400_000_000)));
        let ids = Ids::new(clock.clone(), Arc::new(SeededEntropy::new(7)));
        let db = Db::open(Options::for_test(dir.path(), ids.clone())).unwrap();
        let sessions = Arc::new(sessions_of(&db, ids.clone(), [3; 32]).await.unwrap());
        let verifier = verifier_of(&db, ids.clone(), Cost { memory: 8, passes: 1 }).await;
        let accounts = Accounts::new(db.clone(), ids.clone(), verifier.clone(), sessions.clone(), "Inkstone");
        let sso = Sso::open(sso::Options {
            db: db.clone(),
            ids: ids.clone(),
            ring: Keyring::new(&[3; 32], &[], db.made_at().await.unwrap()).unwrap(),
            outbound: Outbound::new(&[], OutboundMetrics::default()),
            accounts: accounts.clone(),
            verifier: verifier.clone(),
            reached: "https://notes.example".into(),
        });
        let sso = sso.await.unwrap();
        let keys = Keys::new(db.clone(), ids.clone(), verifier);
        let cookies = Cookies::new(db.epoch(), None);
        let gate = Arc::new(Gate::new(accounts.clone(), sessions.clone(), keys, ids, cookies, None));
        let public = OpenApiService::new(
            (
                SessionsApi::new(accounts.clone(), sessions.clone(), sso, gate.clone()),
                AccountsApi::new(accounts.clone(), gate.clone(), signup, "/api/v1".into()),
            ),
            "t",
            "0",
        );
        let spec = serde_json::from_str(&public.spec()).unwrap();
        let strict =
            Strict::new(Operations::read(&crate::http::openapi::publish(&public.spec()).unwrap(), "").unwrap());
        let url = "https://notes.example".to_owned();
        let local = OpenApiService::new(LocalAccountsApi::new(accounts.clone(), url), "t", "0");
        let routes = Route::new().nest("/api/v1", public.with(strict)).nest("/local/v1", local);
        let client = TestClient::new(routes.data(gate).with(Catch).map_to_response().boxed());
        let store = db.epoch().simple().to_string();
        let cookie = format!("__Host-inkstone-{}", &store[store.len() - 8..]);
        Self { client, clock, db, accounts, sessions, spec, cookie, _dir: dir }
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>, lines: Lines<'_>) -> Answer {
        let path = if path.starts_with("/local") { path.to_owned() } else { format!("/api/v1{path}") };
        let mut request = self.client.request(method, path.as_str()).header("host", "localhost:7465");
        if path.starts_with("/local") {
            request = request.data(ControlSocket);
        }
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body_json(&body);
        }
        let mut response = request.send().await.0;
        let bytes = response.take_body().into_bytes().await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: response.status().as_u16(), headers: response.headers().clone(), body }
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body), &[]).await
    }

    async fn get_as(&self, token: &str, path: &str) -> Answer {
        self.send(Method::GET, path, None, &[("authorization", &format!("Bearer {token}"))]).await
    }

    async fn post_as(&self, token: &str, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body), &[("authorization", &format!("Bearer {token}"))]).await
    }

    async fn delete_as(&self, token: &str, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, &[("authorization", &format!("Bearer {token}"))]).await
    }

    /// An account that nobody is signed in to.
    async fn add(&self, email: &str, role: Role) {
        self.accounts.create(By::machine(), Application::parse(email, None, PASSWORD).unwrap(), role).await.unwrap();
    }

    /// Signs in with both tokens in the body.
    async fn login(&self, email: &str) -> Answer {
        let body = json!({ "email": email, "password": PASSWORD, "token_delivery": "body" });
        self.post("/auth/login", body).await.is(200)
    }

    async fn refresh(&self, token: &str) -> Answer {
        self.post("/auth/refresh", json!({ "refresh_token": token })).await
    }

    fn pass(&self, span: Duration) {
        self.clock.advance(span);
    }
}
