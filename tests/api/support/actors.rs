//! The people and programs that send requests, each with its own kind of credential.

use std::time::Duration;

use poem::http::Method;
use serde_json::{Value, json};

use super::App;
use super::authenticator::Authenticator;
use super::call::{Answer, Call, Door};

/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Somebody who sends requests.
pub(crate) trait Actor {
    /// The server that they use.
    fn app(&self) -> &App;

    /// What stands in the headers of each of their requests.
    fn credential(&self) -> Vec<(&'static str, String)>;

    /// The way in that they take.
    fn door(&self) -> Door {
        Door::Public
    }

    /// A request to a path below `/api/v1`.
    fn call(&self, method: Method, path: &str) -> Call<'_> {
        let path = format!("{}/api/v1{path}", self.app().prefix);
        self.plain(method, &path)
    }

    /// A request to a path from the root.
    fn plain(&self, method: Method, path: &str) -> Call<'_> {
        let mut call = Call::new(self.app(), self.door(), method, path);
        for (name, value) in self.credential() {
            call = call.header(name, &value);
        }
        call
    }

    fn get(&self, path: &str) -> Call<'_> {
        self.call(Method::GET, path)
    }

    fn post(&self, path: &str, body: Value) -> Call<'_> {
        self.call(Method::POST, path).json(&body)
    }

    fn patch(&self, path: &str, body: Value) -> Call<'_> {
        self.call(Method::PATCH, path).json(&body)
    }

    fn delete(&self, path: &str) -> Call<'_> {
        self.call(Method::DELETE, path)
    }

    /// Makes a note.
    async fn note(&self, new: Value) -> Answer {
        self.post("/notes", new).await.is(201)
    }

    /// Makes a notebook.
    async fn notebook(&self, new: Value) -> Answer {
        self.post("/notebooks", new).await.is(201)
    }

    /// Reads a note.
    async fn read(&self, id: &str) -> Answer {
        self.get(&format!("/notes/{id}")).await.is(200)
    }

    /// Changes a note, whatever its version.
    async fn edit(&self, id: &str, patch: Value) -> Answer {
        self.patch(&format!("/notes/{id}"), patch).if_match("*").await.is(200)
    }

    /// Moves a note to the trash.
    async fn trash(&self, id: &str) -> Answer {
        self.delete(&format!("/notes/{id}")).if_match("*").await.is(204)
    }

    /// Removes a note for good.
    async fn purge(&self, id: &str) -> Answer {
        self.delete(&format!("/notes/{id}?permanent=true")).if_match("*").await.is(204)
    }

    /// The newest change number.
    async fn head(&self) -> i64 {
        self.get("/changes").await.is(200).json["head"].as_i64().unwrap()
    }

    /// All items of a list, page by page.
    async fn all(&self, path: &str) -> Vec<Value> {
        let sign = if path.contains('?') { '&' } else { '?' };
        let mut items = Vec::new();
        let mut page = self.get(path).await.is(200);
        loop {
            items.extend(page.items().iter().cloned());
            let Some(cursor) = page.cursor() else { return items };
            page = self.get(&format!("{path}{sign}cursor={cursor}")).await.is(200);
        }
    }

    /// One member of all items of a list.
    async fn each(&self, path: &str, member: &str) -> Vec<Value> {
        self.all(path).await.into_iter().map(|item| item[member].clone()).collect()
    }
}

/// No credential.
pub(crate) struct Anonymous<'a>(pub(super) &'a App);

impl Actor for Anonymous<'_> {
    fn app(&self) -> &App {
        self.0
    }

    fn credential(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// A program with a Bearer token.
pub(crate) struct Member<'a> {
    app: &'a App,
    pub(crate) email: String,
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) refresh: String,
}

impl<'a> Member<'a> {
    pub(super) async fn sign_in(app: &'a App, name: &str, admin: bool) -> Self {
        let email = account(app, name, admin).await;
        let login = json!({ "email": email, "password": PASSWORD, "token_delivery": "body" });
        let answer = app.anonymous().post("/auth/login", login).await.is(200);
        Self {
            app,
            email,
            id: answer.text("/user/id"),
            token: answer.text("/access_token"),
            refresh: answer.text("/refresh_token"),
        }
    }

    /// Signs in once more, with the second factor where there is one.
    pub(crate) async fn once_more(&self, factor: Option<&Enrolled>) -> Self {
        let answer = self.sign_in_again("body", factor).await;
        Self {
            app: self.app,
            email: self.email.clone(),
            id: self.id.clone(),
            token: answer.text("/access_token"),
            refresh: answer.text("/refresh_token"),
        }
    }

    /// The same session with a new access token.
    pub(crate) async fn renewed(&self) -> Self {
        let body = json!({ "refresh_token": self.refresh });
        let answer = self.app.anonymous().post("/auth/refresh", body).await.is(200);
        Self {
            app: self.app,
            email: self.email.clone(),
            id: self.id.clone(),
            token: answer.text("/access_token"),
            refresh: answer.text("/refresh_token"),
        }
    }

    /// A page of theirs.
    pub(crate) async fn page(&self, factor: Option<&Enrolled>) -> CookieMember<'a> {
        let answer = self.sign_in_again("cookie", factor).await;
        CookieMember { app: self.app, cookies: answer.cookies() }
    }

    async fn sign_in_again(&self, delivery: &str, factor: Option<&Enrolled>) -> Answer {
        let anonymous = self.app.anonymous();
        let login = json!({ "email": self.email, "password": PASSWORD, "token_delivery": delivery });
        let answer = anonymous.post("/auth/login", login).header("sec-fetch-site", "same-origin").await;
        match (factor, answer.status) {
            (Some(factor), 401) => {
                let answered = json!({
                    "challenge": answer.json["challenge"], "method": "totp", "code": factor.next_code(self.app),
                });
                anonymous.post("/auth/second-factor", answered).header("sec-fetch-site", "same-origin").await.is(200)
            }
            _ => answer.is(200),
        }
    }

    /// Draws a second factor, which asks for nothing yet.
    pub(crate) async fn enrol(&self) -> Enrolled {
        let drawn = self.call(Method::POST, "/me/totp").await.is(200);
        Enrolled { secret: drawn.text("/secret") }
    }

    /// Lets the second factor ask from now on; the recovery codes.
    pub(crate) async fn confirm(&self, factor: &Enrolled) -> Vec<String> {
        let confirmed = self.post("/me/totp/confirm", json!({ "code": factor.code(self.app) })).await.is(200);
        let codes = confirmed.json["recovery_codes"].as_array().unwrap().iter();
        codes.map(|code| code.as_str().unwrap().to_owned()).collect()
    }

    /// Makes an API key; `more` are further members of what is asked for.
    pub(crate) async fn key(&self, scopes: &[&str], more: Value) -> Answer {
        let mut body = json!({ "name": "a key", "scopes": scopes });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.post("/me/api-keys", body).await.is(201)
    }

    /// Makes a passkey, as the name says.
    pub(crate) async fn add_passkey(&self, authenticator: &mut Authenticator, name: &str) -> Answer {
        let begun = self.call(Method::POST, "/me/passkeys/begin").await.is(200);
        let made = authenticator.make(&begun.json["options"]);
        self.post("/me/passkeys", json!({ "name": name, "state": begun.json["state"], "credential": made })).await
    }

    /// An export of theirs that is done.
    pub(crate) async fn export(&self) -> String {
        let id = self.post("/exports", Value::Null).await.is(202).text("/id");
        self.app.work_off().await;
        id
    }

    /// The same person, signed in once more.
    pub(crate) async fn again(&self) -> Self {
        Self::sign_in(self.app, self.email.split('@').next().unwrap(), false).await
    }
}

/// A second factor on somebody's phone.
pub(crate) struct Enrolled {
    pub(crate) secret: String,
}

impl Enrolled {
    /// What the phone shows now.
    pub(crate) fn code(&self, app: &App) -> String {
        let secret = totp_rs::Secret::try_from_base32(&self.secret).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).build_noncompliant();
        totp.generate(u64::try_from(app.now().seconds()).unwrap()).to_string()
    }

    /// What it shows in a moment, for a code that was not used yet.
    pub(crate) fn next_code(&self, app: &App) -> String {
        app.advance(Duration::from_secs(30));
        self.code(app)
    }
}

impl Actor for Member<'_> {
    fn app(&self) -> &App {
        self.app
    }

    fn credential(&self) -> Vec<(&'static str, String)> {
        vec![("authorization", format!("Bearer {}", self.token))]
    }
}

/// One of the server's own pages in a browser.
pub(crate) struct CookieMember<'a> {
    app: &'a App,
    pub(crate) cookies: String,
}

impl<'a> CookieMember<'a> {
    pub(super) async fn sign_in(app: &'a App, name: &str) -> Self {
        let email = account(app, name, false).await;
        let login = json!({ "email": email, "password": PASSWORD, "token_delivery": "cookie" });
        let answer = app.anonymous().post("/auth/login", login).header("sec-fetch-site", "same-origin").await.is(200);
        Self { app, cookies: answer.cookies() }
    }
}

impl Actor for CookieMember<'_> {
    fn app(&self) -> &App {
        self.app
    }

    fn credential(&self) -> Vec<(&'static str, String)> {
        vec![("cookie", self.cookies.clone()), ("sec-fetch-site", "same-origin".into())]
    }
}

/// Another member.
pub(crate) struct Stranger<'a>(pub(crate) Member<'a>);

impl Actor for Stranger<'_> {
    fn app(&self) -> &App {
        self.0.app()
    }

    fn credential(&self) -> Vec<(&'static str, String)> {
        self.0.credential()
    }
}

/// An administrator.
pub(crate) struct Admin<'a>(pub(crate) Member<'a>);

impl Actor for Admin<'_> {
    fn app(&self) -> &App {
        self.0.app()
    }

    fn credential(&self) -> Vec<(&'static str, String)> {
        self.0.credential()
    }
}

/// The command line on the control socket.
pub(crate) struct LocalAdmin<'a>(pub(super) &'a App);

impl Actor for LocalAdmin<'_> {
    fn app(&self) -> &App {
        self.0
    }

    fn credential(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn door(&self) -> Door {
        Door::Local
    }
}

/// The address of the account `name`, which is made when it is missing.
async fn account(app: &App, name: &str, admin: bool) -> String {
    let email = format!("{name}@example.org");
    let new = json!({ "email": email, "password": PASSWORD, "admin": admin });
    let made = app.local_admin().plain(Method::POST, "/local/v1/users").json(&new).await;
    assert!(matches!(made.status, 201 | 409), "{}", made.json);
    email
}
