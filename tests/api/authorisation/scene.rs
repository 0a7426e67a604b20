//! An owner with what an operation is about, and somebody who asks for it.

use std::time::Duration;

use poem::http::Method;
use serde_json::{Value, json};

use super::tables::Caller;
use crate::support::{Actor, Answer, App, Authenticator, CLIENT, Enrolled, Member, PASSWORD, Provider, SECRET};

/// The directory of an archive without files.
const EMPTY_ZIP: &[u8] = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// An owner with the thing that an operation is about.
pub(super) struct Scene<'a> {
    app: &'a App,
    cell: usize,
    owner: Member<'a>,
    /// The id of what the operation is about, or what else it needs.
    thing: String,
    factor: Option<Enrolled>,
    /// What has the owner's passkey.
    phone: Authenticator,
    /// The provider of single sign-on, and what binds the way there and back to the caller's browser.
    provider: Option<Provider>,
    flow: Option<String>,
}

impl<'a> Scene<'a> {
    pub(super) async fn set(app: &'a App, cell: usize, id: &str) -> Self {
        let owner = app.member(&format!("owner{cell}")).await;
        let mut thing = String::new();
        match id {
            "endSession" => thing = owner.each("/me/sessions", "id").await[0].as_str().unwrap().to_owned(),
            "getNotebook" | "updateNotebook" | "deleteNotebook" => {
                thing = owner.notebook(json!({ "name": "Box" })).await.id();
            }
            "getSavedSearch" | "updateSavedSearch" | "deleteSavedSearch" => {
                thing = owner.post("/saved-searches", json!({ "name": "Tea", "query": "tea" })).await.is(201).id();
            }
            "getJob" => thing = app.job_of(&owner).await,
            "getExport" => thing = owner.export().await,
            "revokeApiKey" => thing = owner.key(&["read"], json!({})).await.text("/api_key/id"),
            "getNote" | "getNoteHtml" | "updateNote" | "deleteNote" | "restoreNote" | "getTag" | "updateTag"
            | "deleteTag" => {
                thing = owner.note(json!({ "body": "text", "tags": ["a"] })).await.id();
            }
            id if id.contains("User") => thing = owner.id.clone(),
            _ => {}
        }
        if id == "restoreNote" {
            owner.trash(&thing).await;
        }
        let factor = match id {
            "confirmTotp" => Some(owner.enrol().await),
            "answerSecondFactor" | "removeTotp" | "renewRecoveryCodes" | "resetUserTotp" | "renamePasskey"
            | "removePasskey" | "signInWithPasskey" => {
                let enrolled = owner.enrol().await;
                owner.confirm(&enrolled).await;
                Some(enrolled)
            }
            _ => None,
        };
        let mut phone = Authenticator::new("http://localhost:7465");
        if matches!(id, "renamePasskey" | "removePasskey" | "signInWithPasskey") {
            thing = owner.add_passkey(&mut phone, "Phone").await.is(201).text("/passkey/id");
        }
        let mut scene = Self { app, cell, owner, thing, factor, phone, provider: None, flow: None };
        if (id.contains("Sso") || id.contains("Link") || id.contains("Identity")) && id != "createSsoProvider" {
            scene.provide(id).await;
        }
        scene
    }

    /// Sets a provider up, and links the owner where that is what the operation is about.
    async fn provide(&mut self, id: &str) {
        let provider = Provider::start_at(self.app.now().seconds(), &format!("/{}", self.slug())).await;
        provider.knows(json!({ "sub": "owner" }));
        let described = json!({
            "slug": self.slug(), "name": "Home", "issuer": provider.issuer(), "client_id": CLIENT, "client_secret": SECRET,
        });
        let admin = self.app.admin("the-one-who-invites").await;
        self.thing = admin.post("/admin/sso-providers", described).await.is(201).id();
        self.provider = Some(provider);
        if matches!(id, "signInWithSso" | "stepUpWithSso" | "unlinkIdentity") {
            let credential = Credential { lines: self.owner.credential(), refresh: None };
            self.thing = self.link(&credential).await.is(201).id();
        }
    }

    fn slug(&self) -> String {
        format!("p{}", self.cell)
    }

    /// The way to the provider and back; `None` for whoever may not begin.
    async fn way(&mut self, path: &str, body: Option<Value>, credential: &Credential) -> Option<Value> {
        let provider = self.provider.as_ref().unwrap();
        provider.at(self.app.now().seconds());
        let anonymous = self.app.anonymous();
        let mut begin = anonymous.call(Method::POST, path);
        for (name, value) in &credential.lines {
            begin = begin.header(name, value);
        }
        let begun = match body {
            Some(body) => begin.json(&body).await,
            None => begin.await,
        };
        if begun.status != 200 {
            return None;
        }
        let (code, state) = provider.sign_in(&begun.text("/url"));
        self.flow = Some(begun.cookies());
        Some(json!({ "code": code, "state": state }))
    }

    async fn link(&mut self, credential: &Credential) -> Answer {
        let mut body = self.linking(credential).await.unwrap();
        body["provider"] = json!(self.slug());
        let anonymous = self.app.anonymous();
        let mut call = anonymous.post("/me/identities", body);
        for (name, value) in credential.with(self.flow.take()) {
            call = call.header(name, &value);
        }
        call.await
    }

    async fn linking(&mut self, credential: &Credential) -> Option<Value> {
        let question = json!({ "provider": self.slug() });
        self.way("/me/identities/begin", Some(question), credential).await
    }

    /// Sends the request of an operation as `caller`.
    pub(super) async fn play(
        &mut self,
        caller: Caller,
        id: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        // Before what is asked for: getting a credential may take time, or change the account.
        let credential = self.credential(caller).await;
        if matches!(id, "revokeInvite" | "lookAtInvite" | "acceptInvite") {
            self.thing = self.invited(id == "revokeInvite").await;
        }
        if id == "confirmReset" {
            let asked = json!({ "email": self.owner.email });
            self.app.anonymous().post("/auth/reset", asked).await.is(202);
            self.app.work_off().await;
            // Whoever is disabled gets none.
            self.thing = self.app.letters().token(&self.owner.email).unwrap_or_default();
        }
        let path = path.replace("{id}", &self.thing).replace("{name}", "a").replace("{slug}", &self.slug());
        let path = if id == "emptyTrash" { format!("{path}?state=trashed") } else { path };
        // An address that is refused before anybody is asked.
        let path = if id == "getRemoteImage" { format!("{path}?url=ftp://example.org/x.png") } else { path };
        let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap();
        let local = self.app.local_admin();
        let anonymous = self.app.anonymous();
        let mut call = match caller {
            Caller::Socket | Caller::LocalAdmin => local.call(method, &path),
            _ => anonymous.call(method, &path),
        };
        if id == "importNotes" {
            call = call.body("application/zip", EMPTY_ZIP);
        } else if let Some(body) = self.adapt(caller, id, body, &credential).await {
            call = call.json(&body);
        }
        for (name, value) in credential.with(self.flow.take()) {
            call = call.header(name, &value);
        }
        if matches!(id, "updateNote" | "deleteNote") {
            call = call.if_match("*");
        }
        call.await
    }

    /// An invitation's id, or its token.
    async fn invited(&self, id: bool) -> String {
        let admin = self.app.admin("the-one-who-invites").await;
        let made = admin.post("/admin/invites", json!({ "role": "member" })).await.is(201);
        match id {
            true => made.text("/invite/id"),
            false => made.text("/url").split_once("token=").unwrap().1.to_owned(),
        }
    }

    async fn credential(&self, caller: Caller) -> Credential {
        let bearer = |token: &str, refresh: Option<&str>| Credential {
            lines: vec![("authorization", format!("Bearer {token}"))],
            refresh: refresh.map(str::to_owned),
        };
        let cookie = async |site: Option<&str>| {
            let page = self.owner.page(self.factor.as_ref()).await;
            let mut lines = vec![("cookie", page.cookies.clone())];
            lines.extend(site.map(|site| ("sec-fetch-site", site.to_owned())));
            Credential { lines, refresh: None }
        };
        let key = async |scopes: &[&str], more: Value| {
            let made = self.owner.key(scopes, more).await;
            (made.text("/key"), made.text("/api_key/id"))
        };
        let local = |path: &str, body: Value| {
            let local = self.app.local_admin();
            let path = format!("/local/v1{path}");
            async move { local.plain(Method::POST, &path).json(&body).await.is(200) }
        };
        let role = |role: &str| local("/users/role", json!({ "email": self.owner.email, "role": role }));
        match caller {
            Caller::LocalAdmin | Caller::Pretender => {
                Credential { lines: vec![("inkstone-account", self.owner.email.clone())], refresh: None }
            }
            Caller::Anonymous | Caller::Socket => Credential { lines: Vec::new(), refresh: None },
            Caller::Garbage => bearer("not.a.token", None),
            Caller::GarbageKey => bearer("inkstone_00000000000000000000000000000000abcdefg", None),
            Caller::Owner => bearer(&self.owner.token, Some(&self.owner.refresh)),
            Caller::Expired => {
                self.app.advance(Duration::from_secs(301));
                bearer(&self.owner.token, Some(&self.owner.refresh))
            }
            Caller::Stale => {
                self.app.advance(Duration::from_secs(601));
                let body = json!({ "refresh_token": self.owner.refresh });
                let renewed = self.app.anonymous().post("/auth/refresh", body).await.is(200);
                bearer(&renewed.text("/access_token"), Some(&renewed.text("/refresh_token")))
            }
            Caller::Revoked => {
                let ended = self.owner.once_more(self.factor.as_ref()).await;
                ended.call(Method::POST, "/auth/logout").await.is(204);
                bearer(&ended.token, Some(&ended.refresh))
            }
            Caller::Disabled => {
                local("/users/disable", json!({ "email": self.owner.email })).await;
                bearer(&self.owner.token, Some(&self.owner.refresh))
            }
            Caller::ReadOnly => {
                role("read-only").await;
                let reader = self.owner.once_more(self.factor.as_ref()).await;
                bearer(&reader.token, Some(&reader.refresh))
            }
            Caller::Stranger => {
                let stranger = self.app.member(&format!("stranger{}", self.cell)).await;
                bearer(&stranger.token, Some(&stranger.refresh))
            }
            Caller::Admin => {
                let admin = self.app.admin(&format!("admin{}", self.cell)).await;
                bearer(&admin.0.token, Some(&admin.0.refresh))
            }
            Caller::OwnPage => cookie(Some("same-origin")).await,
            Caller::SilentCookie => cookie(None).await,
            Caller::OtherSite => cookie(Some("cross-site")).await,
            Caller::Key(scopes) => bearer(&key(scopes, json!({})).await.0, None),
            Caller::AdminKey => {
                let admin = self.app.admin(&format!("admin{}", self.cell)).await;
                bearer(&admin.0.key(&["admin"], json!({})).await.text("/key"), None)
            }
            Caller::ConfinedKey => {
                let all = ["read", "write", "search"];
                bearer(&key(&all, json!({ "tags": ["of nothing"] })).await.0, None)
            }
            Caller::ExpiredKey => {
                let until = inkstone::clock::Timestamp::from_micros(self.app.now().micros() + 1_000_000);
                let key = key(&["read"], json!({ "expires_at": until.to_string() })).await.0;
                self.app.advance(Duration::from_secs(1));
                bearer(&key, None)
            }
            Caller::RevokedKey => {
                let (key, id) = key(&["read"], json!({})).await;
                self.owner.delete(&format!("/me/api-keys/{id}")).await.is(204);
                bearer(&key, None)
            }
            Caller::OutdatedKey => {
                let key = key(&["read"], json!({})).await.0;
                role("read-only").await;
                role("member").await;
                bearer(&key, None)
            }
        }
    }

    /// The document's example, made to fit where it names somebody or something.
    async fn adapt(
        &mut self,
        caller: Caller,
        id: &str,
        example: Option<Value>,
        credential: &Credential,
    ) -> Option<Value> {
        let mut body = example?;
        match id {
            "register" | "acceptInvite" => body["email"] = json!(format!("new{}@example.org", self.cell)),
            "login" => {
                body["email"] = json!(self.owner.email);
                body["password"] = json!(PASSWORD);
            }
            "answerSecondFactor" => {
                let login = json!({ "email": self.owner.email, "password": PASSWORD });
                let asked = self.app.anonymous().post("/auth/login", login).await;
                body["challenge"] = asked.json["challenge"].clone();
                if body["challenge"].is_null() {
                    // Whoever is disabled does not come so far.
                    body["challenge"] = json!("none");
                }
                body["code"] = json!(self.factor.as_ref().unwrap().next_code(self.app));
            }
            "confirmTotp" => body["code"] = json!(self.factor.as_ref().unwrap().code(self.app)),
            "stepUp" => body["password"] = json!(PASSWORD),
            "signInWithPasskey" => {
                let begun = self.app.anonymous().post("/auth/passkey/begin", json!({})).await.is(200);
                body["credential"] = self.phone.show(&begun.json["options"]);
                body["state"] = begun.json["state"].clone();
            }
            "addPasskey" => {
                let (local, anonymous) = (self.app.local_admin(), self.app.anonymous());
                let mut begin = match caller {
                    Caller::Socket | Caller::LocalAdmin => local.call(Method::POST, "/me/passkeys/begin"),
                    _ => anonymous.call(Method::POST, "/me/passkeys/begin"),
                };
                for (name, value) in &credential.lines {
                    begin = begin.header(name, value);
                }
                let begun = begin.await;
                // Whoever may not begin does not come so far either.
                if begun.status == 200 {
                    body["credential"] = self.phone.make(&begun.json["options"]);
                    body["state"] = begun.json["state"].clone();
                }
            }
            "signInWithSso" => {
                let nobody = Credential { lines: Vec::new(), refresh: None };
                let path = format!("/auth/sso/{}/begin", self.slug());
                body = self.way(&path, None, &nobody).await.unwrap();
            }
            "beginLink" => body["provider"] = json!(self.slug()),
            "linkIdentity" => {
                body = self.linking(credential).await.unwrap_or(body);
                body["provider"] = json!(self.slug());
            }
            "stepUpWithSso" => {
                if matches!(caller, Caller::Stranger | Caller::Admin) {
                    self.provider.as_ref().unwrap().knows(json!({ "sub": "somebody else" }));
                    self.link(credential).await.is(201);
                }
                let path = format!("/auth/step-up/sso/{}/begin", self.slug());
                body = self.way(&path, None, credential).await.unwrap_or(body);
            }
            "createSsoProvider" => {
                body["slug"] = json!(format!("n{}", self.cell));
                body["issuer"] = json!(format!("https://sso{}.example.org", self.cell));
            }
            "changePassword" => body["current_password"] = json!(PASSWORD),
            "refresh" | "logout" => {
                return credential.refresh.as_ref().map(|token| json!({ "refresh_token": token }));
            }
            _ => {}
        }
        if matches!(id, "lookAtInvite" | "acceptInvite" | "confirmReset") {
            body["token"] = json!(self.thing);
        }
        Some(body)
    }
}

/// What a caller shows of themselves.
struct Credential {
    lines: Vec<(&'static str, String)>,
    refresh: Option<String>,
}

impl Credential {
    /// The header lines, with one cookie more.
    fn with(&self, flow: Option<String>) -> Vec<(&'static str, String)> {
        let mut lines = self.lines.clone();
        if let Some(flow) = flow {
            match lines.iter_mut().find(|(name, _)| *name == "cookie") {
                Some((_, cookies)) => *cookies = format!("{cookies}; {flow}"),
                None => lines.push(("cookie", flow)),
            }
        }
        lines
    }
}
