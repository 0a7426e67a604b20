//! A provider of OpenID Connect on the loopback. It does what the standard says, unless a test tells it to lie.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

/// What every client here is called, and its secret.
pub(crate) const CLIENT: &str = "inkstone";
pub(crate) const SECRET: &str = "gX1fBat3bV";

/// Keys that sign: PKCS #8, and the public point.
const KEYS: [(&str, &str, &str); 2] = [
    (
        "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgW7mOuj/Ymzd3FsD1rghjg6WQ7bGK5P6I/G8X94fZpxmhRANCAARBreNsM2UJ\
         aAhVUqVcxfTi8x+eOv7qZsE5ycmS5zb8wDSvtn3rKPFEf718TvcsdQdcdfNaTLTPBFYm3e3t7MEZ",
        "Qa3jbDNlCWgIVVKlXMX04vMfnjr-6mbBOcnJkuc2_MA",
        "NK-2feso8UR_vXxO9yx1B1x181pMtM8EVibd7e3swRk",
    ),
    (
        "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbvuddIyUNbXmo4FayyvELhujC1On5DnXaxsz1fkpkdahRANCAATP4PkFgGNe\
         AZRz6h/h7ZIw/JOhb3DGC6ATYDAURU3FhbO+M+oI6MV3tWjfuBD5fKuOwypdC1iGsripvDuVDYny",
        "z-D5BYBjXgGUc-of4e2SMPyToW9wxgugE2AwFEVNxYU",
        "s74z6gjoxXe1aN-4EPl8q47DKl0LWIayuKm8O5UNifI",
    ),
];

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signed {
    /// By a key that is published.
    Well,
    /// Not at all (`alg: none`).
    NotAtAll,
    /// With the client's secret, which the client knows too.
    WithTheSecret,
    /// With a published key, over other claims than those that are sent.
    OverSomethingElse,
}

type Change = Arc<dyn Fn(&mut Value) + Send + Sync>;

/// What a test has told the provider.
struct Told {
    /// The claims about whoever signs in there.
    person: Value,
    /// What `/userinfo` says; null: there is no such place.
    user_info: Value,
    /// Which key signs, and which are published.
    signs_with: usize,
    published: Vec<usize>,
    signed: Signed,
    /// Changes the claims of tokens, the token answer, and what is published.
    claims: Change,
    answer: Change,
    document: Change,
    /// Gives no answers.
    silent: bool,
    /// A code is good as often as somebody likes.
    forgets_codes: bool,
}

struct Grant {
    nonce: String,
    challenge: String,
    redirect_uri: String,
}

struct Inner {
    issuer: String,
    told: Mutex<Told>,
    grants: Mutex<HashMap<String, Grant>>,
    used: Mutex<HashSet<String>>,
    asked: Mutex<HashMap<String, usize>>,
    now: Mutex<i64>,
}

/// The provider. It ends with the test.
pub(crate) struct Provider {
    inner: Arc<Inner>,
    task: JoinHandle<()>,
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Provider {
    /// Starts one; its clock stands at `now`, in seconds.
    pub(crate) async fn start(now: i64) -> Self {
        Self::start_at(now, "").await
    }

    /// Starts one with a path in its name: a port may be another one's soon.
    pub(crate) async fn start_at(now: i64, path: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}{path}", listener.local_addr().unwrap());
        let nothing: Change = Arc::new(|_| {});
        let told = Told {
            person: json!({ "sub": "ada-there", "email": "ada@example.org", "email_verified": true, "name": "Ada" }),
            user_info: Value::Null,
            signs_with: 0,
            published: vec![0],
            signed: Signed::Well,
            claims: Arc::clone(&nothing),
            answer: Arc::clone(&nothing),
            document: nothing,
            silent: false,
            forgets_codes: false,
        };
        let inner = Arc::new(Inner {
            issuer,
            told: Mutex::new(told),
            grants: Mutex::default(),
            used: Mutex::default(),
            asked: Mutex::default(),
            now: Mutex::new(now),
        });
        let serving = Arc::clone(&inner);
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(Arc::clone(&serving).serve(stream));
            }
        });
        Self { inner, task }
    }

    /// The URL that names it.
    pub(crate) fn issuer(&self) -> &str {
        &self.inner.issuer
    }

    fn tell(&self, change: impl FnOnce(&mut Told)) {
        change(&mut self.inner.told.lock().unwrap());
    }

    /// Who signs in there from now on.
    pub(crate) fn knows(&self, person: Value) {
        self.tell(|told| told.person = person);
    }

    /// What it tells besides tokens.
    pub(crate) fn tells(&self, user_info: Value) {
        self.tell(|told| told.user_info = user_info);
    }

    /// Signs with the other key, and publishes it or not.
    pub(crate) fn swaps_keys(&self, publishes: bool) {
        self.tell(|told| {
            told.signs_with = 1;
            told.published = if publishes { vec![1] } else { vec![0] };
        });
    }

    pub(crate) fn signs(&self, signed: Signed) {
        self.tell(|told| told.signed = signed);
    }

    pub(crate) fn claims(&self, change: impl Fn(&mut Value) + Send + Sync + 'static) {
        self.tell(|told| told.claims = Arc::new(change));
    }

    pub(crate) fn answers(&self, change: impl Fn(&mut Value) + Send + Sync + 'static) {
        self.tell(|told| told.answer = Arc::new(change));
    }

    pub(crate) fn publishes(&self, change: impl Fn(&mut Value) + Send + Sync + 'static) {
        self.tell(|told| told.document = Arc::new(change));
    }

    pub(crate) fn falls_silent(&self) {
        self.tell(|told| told.silent = true);
    }

    pub(crate) fn forgets_codes(&self) {
        self.tell(|told| told.forgets_codes = true);
    }

    /// Its clock stands there now, in seconds.
    pub(crate) fn at(&self, now: i64) {
        *self.inner.now.lock().unwrap() = now;
    }

    /// How often a path was asked for.
    pub(crate) fn asked(&self, path: &str) -> usize {
        self.inner.asked.lock().unwrap().get(path).copied().unwrap_or(0)
    }

    /// What somebody's browser comes back with who signs in at `url`: code and state. The request is checked as a provider does.
    pub(crate) fn sign_in(&self, url: &str) -> (String, String) {
        let url = Url::parse(url).unwrap();
        let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
        assert!(url.path().ends_with("/authorize"), "{url}");
        assert_eq!((query["response_type"].as_str(), query["client_id"].as_str()), ("code", CLIENT));
        assert_eq!(query["code_challenge_method"], "S256");
        assert!(query["scope"].split(' ').any(|scope| scope == "openid"), "{}", query["scope"]);
        let mut grants = self.inner.grants.lock().unwrap();
        let code = format!("code-{}", grants.len());
        let (nonce, challenge) = (query["nonce"].clone(), query["code_challenge"].clone());
        grants.insert(code.clone(), Grant { nonce, challenge, redirect_uri: query["redirect_uri"].clone() });
        (code, query["state"].clone())
    }
}

impl Inner {
    async fn serve(self: Arc<Self>, mut stream: TcpStream) {
        let (mut head, mut body) = (Vec::new(), Vec::new());
        while !head.ends_with(b"\r\n\r\n") {
            let Ok(byte) = stream.read_u8().await else { return };
            head.push(byte);
        }
        let head = String::from_utf8(head).unwrap().to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        body.resize(length.unwrap_or(0), 0);
        stream.read_exact(&mut body).await.unwrap();
        let base = Url::parse(&self.issuer).unwrap();
        let path = head.split(' ').nth(1).unwrap();
        let path = path.strip_prefix(base.path().trim_end_matches('/')).unwrap_or(path).to_owned();
        *self.asked.lock().unwrap().entry(path.clone()).or_default() += 1;
        let Some((status, answer)) = self.answer(&path, &head, &body) else { return };
        let text = answer.to_string();
        let head = format!(
            "HTTP/1.1 {status} Fine\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            text.len()
        );
        let _ = stream.write_all(format!("{head}{text}").as_bytes()).await;
    }

    fn answer(&self, path: &str, head: &str, body: &[u8]) -> Option<(u16, Value)> {
        let told = self.told.lock().unwrap();
        if told.silent {
            return None;
        }
        Some(match path {
            "/.well-known/openid-configuration" => {
                let at = |path: &str| format!("{}{path}", self.issuer);
                let mut document = json!({
                    "issuer": self.issuer,
                    "authorization_endpoint": at("/authorize"),
                    "token_endpoint": at("/token"),
                    "userinfo_endpoint": at("/userinfo"),
                    "jwks_uri": at("/keys"),
                    "end_session_endpoint": at("/logout"),
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["ES256"],
                });
                (told.document)(&mut document);
                (200, document)
            }
            "/keys" => {
                let key = |n: &usize| {
                    let (_, x, y) = KEYS[*n];
                    json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": format!("k{n}"), "x": x, "y": y })
                };
                (200, json!({ "keys": told.published.iter().map(key).collect::<Vec<_>>() }))
            }
            "/token" => self.token(&told, head, body),
            "/userinfo" => {
                assert!(head.contains("authorization: bearer access-"), "{head}");
                match &told.user_info {
                    Value::Null => (404, json!({})),
                    said => (200, said.clone()),
                }
            }
            _ => (404, json!({})),
        })
    }

    fn token(&self, told: &Told, head: &str, body: &[u8]) -> (u16, Value) {
        let form: HashMap<String, String> = url::form_urlencoded::parse(body).into_owned().collect();
        let client = base64::engine::general_purpose::STANDARD.encode(format!("{CLIENT}:{SECRET}")).to_lowercase();
        if !head.contains(&format!("authorization: basic {client}")) {
            return (401, json!({ "error": "invalid_client" }));
        }
        let grants = self.grants.lock().unwrap();
        let Some(grant) = grants.get(&form["code"]) else { return (400, json!({ "error": "invalid_grant" })) };
        let first = self.used.lock().unwrap().insert(form["code"].clone()) || told.forgets_codes;
        let verifier = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
        if !first || verifier != grant.challenge || form["redirect_uri"] != grant.redirect_uri {
            return (400, json!({ "error": "invalid_grant" }));
        }
        let now = *self.now.lock().unwrap();
        let mut claims = told.person.clone();
        claims["iss"] = json!(self.issuer);
        claims["aud"] = json!(CLIENT);
        claims["nonce"] = json!(grant.nonce);
        claims["iat"] = json!(now);
        claims["exp"] = json!(now + 300);
        (told.claims)(&mut claims);
        let mut answer = json!({
            "access_token": format!("access-{}", form["code"]), "token_type": "Bearer", "expires_in": 300,
            "id_token": signed(told, &claims),
        });
        (told.answer)(&mut answer);
        (200, answer)
    }
}

fn signed(told: &Told, claims: &Value) -> String {
    let key = base64::engine::general_purpose::STANDARD.decode(KEYS[told.signs_with].0).unwrap();
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some(format!("k{}", told.signs_with));
    let well = |claims: &Value| jsonwebtoken::encode(&header, claims, &EncodingKey::from_ec_der(&key)).unwrap();
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    match told.signed {
        Signed::Well => well(claims),
        Signed::NotAtAll => format!("{}.{}.", part(&json!({ "alg": "none", "typ": "JWT" })), part(claims)),
        Signed::WithTheSecret => {
            let key = EncodingKey::from_secret(SECRET.as_bytes());
            jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).unwrap()
        }
        Signed::OverSomethingElse => {
            let other = well(&json!({ "sub": "somebody else" }));
            let (head, signature) = (other.split('.').next().unwrap(), other.rsplit('.').next().unwrap());
            format!("{head}.{}.{signature}", part(claims))
        }
    }
}
