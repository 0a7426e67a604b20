//! The people and programs that send requests, each with its own kind of credential.

use poem::http::Method;
use serde_json::{Value, json};

use super::App;
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
