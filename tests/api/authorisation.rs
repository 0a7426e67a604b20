//! Every operation of the document, with every kind of caller.
//!
//! The table is the claim; the test sends a request for each of its cells, on an owner's own things made for that cell, and
//! fails when the document has an operation without a row or the table a row without an operation.

use std::collections::BTreeSet;
use std::time::Duration;

use inkstone::config::Signup;
use poem::http::Method;
use serde_json::{Value, json};

use crate::openapi::operations;
use crate::support::{Actor, Answer, App, Call, Member, PASSWORD};

/// Who calls, in the order of the table's columns.
const CALLERS: [Caller; 13] = [
    Caller::Anonymous,
    Caller::Garbage,
    Caller::Expired,
    Caller::Revoked,
    Caller::Owner,
    Caller::Stranger,
    Caller::Admin,
    Caller::OwnPage,
    Caller::SilentCookie,
    Caller::OtherSite,
    Caller::Socket,
    Caller::LocalAdmin,
    Caller::Pretender,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    /// No credential.
    Anonymous,
    /// A Bearer token that is none.
    Garbage,
    /// The owner's token after its five minutes.
    Expired,
    /// The token of a session that its owner has ended.
    Revoked,
    /// Whose things they are.
    Owner,
    /// Another member.
    Stranger,
    /// An administrator.
    Admin,
    /// The owner's browser on one of the server's own pages.
    OwnPage,
    /// The owner's cookie from something that does not say where it comes from.
    SilentCookie,
    /// The owner's cookie from another site's page.
    OtherSite,
    /// The control socket, without a credential and without naming an account.
    Socket,
    /// The control socket, naming the owner's account.
    LocalAdmin,
    /// The owner's account named over the network.
    Pretender,
}

/// The status that each caller gets.
#[rustfmt::skip]
const TABLE: &[(&str, [u16; 13])] = &[
    //                   anonymous      expired       owner        admin       silent cookie
    //                        garbage        revoked       stranger     own page      other site  socket  local admin  pretender
    ("getServer",        [200,    200,    200,   200,  200,   200,  200,   200,  200,   200,   200,    200,   200]),
    ("setUp",            [201,    201,    201,   201,  201,   201,  409,   201,  201,   403,   201,    201,   201]),
    ("register",         [201,    201,    201,   201,  201,   201,  201,   201,  201,   403,   201,    201,   201]),
    ("login",            [200,    200,    200,   200,  200,   200,  200,   200,  200,   403,   200,    200,   200]),
    ("refresh",          [401,    401,    200,   401,  200,   200,  200,   200,  200,   403,   401,    401,   401]),
    ("logout",           [204,    204,    204,   204,  204,   204,  204,   204,  204,   403,   204,    204,   204]),
    ("getMe",            [401,    401,    401,   401,  200,   200,  200,   200,  200,   200,   401,    200,   401]),
    ("updateMe",         [401,    401,    401,   401,  200,   200,  200,   200,  403,   403,   401,    200,   401]),
    ("changePassword",   [401,    401,    401,   401,  204,   204,  204,   204,  403,   403,   401,    204,   401]),
    ("listSessions",     [401,    401,    401,   401,  200,   200,  200,   200,  200,   200,   401,    200,   401]),
    ("endOtherSessions", [401,    401,    401,   401,  204,   204,  204,   204,  403,   403,   401,    204,   401]),
    ("endSession",       [401,    401,    401,   401,  204,   404,  404,   204,  403,   403,   401,    204,   401]),
    ("createNote",       [401,    401,    401,   401,  201,   201,  201,   201,  403,   403,   401,    201,   401]),
    ("listNotes",        [401,    401,    401,   401,  200,   200,  200,   200,  200,   200,   401,    200,   401]),
    ("getNote",          [401,    401,    401,   401,  200,   404,  404,   200,  200,   200,   401,    200,   401]),
    ("updateNote",       [401,    401,    401,   401,  200,   404,  404,   200,  403,   403,   401,    200,   401]),
    ("deleteNote",       [401,    401,    401,   401,  204,   404,  404,   204,  403,   403,   401,    204,   401]),
    ("emptyTrash",       [401,    401,    401,   401,  200,   200,  200,   200,  403,   403,   401,    200,   401]),
    ("restoreNote",      [401,    401,    401,   401,  200,   404,  404,   200,  403,   403,   401,    200,   401]),
    ("listTags",         [401,    401,    401,   401,  200,   200,  200,   200,  200,   200,   401,    200,   401]),
    ("getTag",           [401,    401,    401,   401,  200,   404,  404,   200,  200,   200,   401,    200,   401]),
    ("updateTag",        [401,    401,    401,   401,  200,   404,  404,   200,  403,   403,   401,    200,   401]),
    ("deleteTag",        [401,    401,    401,   401,  204,   404,  404,   204,  403,   403,   401,    204,   401]),
    ("createNotebook",   [401,    401,    401,   401,  201,   201,  201,   201,  403,   403,   401,    201,   401]),
    ("listNotebooks",    [401,    401,    401,   401,  200,   200,  200,   200,  200,   200,   401,    200,   401]),
    ("getNotebook",      [401,    401,    401,   401,  200,   404,  404,   200,  200,   200,   401,    200,   401]),
    ("updateNotebook",   [401,    401,    401,   401,  200,   404,  404,   200,  403,   403,   401,    200,   401]),
    ("deleteNotebook",   [401,    401,    401,   401,  204,   404,  404,   204,  403,   403,   401,    204,   401]),
    ("searchNotes",      [401,    401,    401,   401,  200,   200,  200,   200,  200,   200,   401,    200,   401]),
    ("listJobs",         [401,    401,    401,   401,  200,   200,  200,   200,  200,   200,   401,    200,   401]),
    ("getJob",           [401,    401,    401,   401,  200,   404,  404,   200,  200,   200,   401,    200,   401]),
    ("createExport",     [401,    401,    401,   401,  202,   202,  202,   202,  403,   403,   401,    202,   401]),
    ("getExport",        [401,    401,    401,   401,  200,   404,  404,   200,  200,   200,   401,    200,   401]),
    ("importNotes",      [401,    401,    401,   401,  202,   202,  202,   202,  403,   403,   401,    202,   401]),
    ("listChanges",      [401,    401,    401,   401,  200,   200,  200,   200,  200,   200,   401,    200,   401]),
];

#[tokio::test]
async fn the_table_has_a_row_for_every_operation() {
    let app = App::new().await;
    let document = app.document();
    let known: BTreeSet<_> = operations(&document).iter().map(|(_, _, o)| o["operationId"].as_str().unwrap()).collect();
    let rows: BTreeSet<_> = TABLE.iter().map(|(operation, _)| *operation).collect();
    assert_eq!(rows, known, "the operations of the document and the rows of this table");
    assert_eq!(rows.len(), TABLE.len(), "one row each");
    app.close().await;
}

#[tokio::test]
async fn every_caller_gets_what_the_table_says() {
    let app = App::with(|config| config.signup = Signup::Open).await;
    let document = app.document();
    let mut wrong = Vec::new();
    let mut cell = 0;
    for (id, expected) in TABLE.iter().filter(|(id, _)| *id != "setUp") {
        let (path, method, operation) =
            operations(&document).into_iter().find(|(_, _, o)| o["operationId"] == *id).unwrap();
        for (caller, expected) in CALLERS.iter().zip(expected) {
            cell += 1;
            let scene = Scene::set(&app, cell, id).await;
            let body = example(&document, operation);
            let answer = scene.play(*caller, id, method, path, body).await;
            if answer.status != *expected {
                wrong.push(format!("{id} by {caller:?}: {} instead of {expected} {}", answer.status, answer.json));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    app.close().await;
}

#[tokio::test]
async fn the_first_administrator_is_made_by_whoever_has_the_link() {
    let (id, expected) = TABLE.iter().find(|(id, _)| *id == "setUp").unwrap();
    for (caller, expected) in CALLERS.iter().zip(expected) {
        // Works once for each server.
        let app = App::new().await;
        let document = app.document();
        let (path, method, operation) =
            operations(&document).into_iter().find(|(_, _, o)| o["operationId"] == *id).unwrap();
        let link = app.parts().accounts.new_setup_link().await.unwrap();
        let mut body = example(&document, operation).unwrap();
        body["token"] = json!(link.token());
        let scene = Scene::set(&app, 1, id).await;
        let answer = scene.play(*caller, id, method, path, Some(body)).await;
        assert_eq!(answer.status, *expected, "{caller:?}: {}", answer.json);
        app.close().await;
    }
}

/// The body that the document gives as an example, which therefore has to work.
fn example(document: &Value, operation: &Value) -> Option<Value> {
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let reference = schema["$ref"].as_str()?.trim_start_matches('#');
    Some(document.pointer(reference).unwrap()["example"].clone())
}

/// The directory of an archive without files.
const EMPTY_ZIP: &[u8] = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// An owner with one of each thing.
struct Scene<'a> {
    app: &'a App,
    cell: usize,
    owner: Member<'a>,
    note: String,
    notebook: String,
    session: String,
    job: String,
    export: String,
}

impl<'a> Scene<'a> {
    async fn set(app: &'a App, cell: usize, id: &str) -> Self {
        let owner = app.member(&format!("owner{cell}")).await;
        let session = owner.each("/me/sessions", "id").await[0].as_str().unwrap().to_owned();
        let note = owner.note(json!({ "body": "text", "tags": ["a"] })).await.id();
        let notebook = owner.notebook(json!({ "name": "Box" })).await.id();
        let job = app.job_of(&owner).await;
        let export = if id == "getExport" { owner.export().await } else { String::new() };
        if id == "restoreNote" {
            owner.trash(&note).await;
        }
        Self { app, cell, owner, note, notebook, session, job, export }
    }

    /// Sends the request of an operation as `caller`.
    async fn play(&self, caller: Caller, id: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        let name = self.owner.email.split('@').next().unwrap().to_owned();
        // Signing in comes before time passes: a session of its own for each credential that is spent here.
        let credential = self.credential(caller, &name).await;
        let thing = if path.starts_with("/me/sessions") {
            &self.session
        } else if path.starts_with("/notebooks") {
            &self.notebook
        } else if path.starts_with("/exports") {
            &self.export
        } else if path.starts_with("/jobs") {
            &self.job
        } else {
            &self.note
        };
        let path = path.replace("{id}", thing).replace("{name}", "a");
        let path = if id == "emptyTrash" { format!("{path}?state=trashed") } else { path };
        let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap();
        let local = self.app.local_admin();
        let anonymous = self.app.anonymous();
        let mut call = match caller {
            Caller::Socket | Caller::LocalAdmin => local.call(method, &path),
            _ => anonymous.call(method, &path),
        };
        for (name, value) in &credential.lines {
            call = call.header(name, value);
        }
        if id == "importNotes" {
            call = call.body("application/zip", EMPTY_ZIP);
        } else if let Some(body) = self.adapt(id, body, &credential) {
            call = call.json(&body);
        }
        if matches!(id, "updateNote" | "deleteNote") {
            call = call.if_match("*");
        }
        call.await
    }

    async fn credential(&self, caller: Caller, name: &str) -> Credential {
        let bearer = |token: &str, refresh: Option<&str>| Credential {
            lines: vec![("authorization", format!("Bearer {token}"))],
            refresh: refresh.map(str::to_owned),
        };
        let cookie = async |site: Option<&str>| {
            let page = self.app.page_of(name).await;
            let mut lines = vec![("cookie", page.cookies.clone())];
            lines.extend(site.map(|site| ("sec-fetch-site", site.to_owned())));
            Credential { lines, refresh: None }
        };
        match caller {
            Caller::LocalAdmin | Caller::Pretender => {
                Credential { lines: vec![("inkstone-account", self.owner.email.clone())], refresh: None }
            }
            Caller::Anonymous | Caller::Socket => Credential { lines: Vec::new(), refresh: None },
            Caller::Garbage => bearer("not.a.token", None),
            Caller::Owner => bearer(&self.owner.token, Some(&self.owner.refresh)),
            Caller::Expired => {
                self.app.advance(Duration::from_secs(301));
                bearer(&self.owner.token, Some(&self.owner.refresh))
            }
            Caller::Revoked => {
                let ended = self.owner.again().await;
                ended.call(Method::POST, "/auth/logout").await.is(204);
                bearer(&ended.token, Some(&ended.refresh))
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
        }
    }

    /// The document's example, made to fit where it names somebody or something.
    fn adapt(&self, id: &str, example: Option<Value>, credential: &Credential) -> Option<Value> {
        let mut body = example?;
        match id {
            "register" => body["email"] = json!(format!("new{}@example.org", self.cell)),
            "login" => {
                body["email"] = json!(self.owner.email);
                body["password"] = json!(PASSWORD);
            }
            "changePassword" => body["current_password"] = json!(PASSWORD),
            "refresh" | "logout" => {
                return credential.refresh.as_ref().map(|token| json!({ "refresh_token": token }));
            }
            _ => {}
        }
        Some(body)
    }
}

/// What a caller shows of themselves.
struct Credential {
    lines: Vec<(&'static str, String)>,
    refresh: Option<String>,
}

fn with<'a>(call: Call<'a>, body: Option<&Value>) -> Call<'a> {
    match body {
        Some(body) => call.json(body),
        None => call,
    }
}

/// What only the command line reaches, with a body that does it.
fn local_operations(email: &str) -> Vec<(Method, &'static str, Option<Value>, u16)> {
    let account = json!({ "email": email });
    vec![
        (Method::POST, "/users", Some(json!({ "email": "made@example.org", "password": PASSWORD })), 201),
        (Method::GET, "/users", None, 200),
        (Method::POST, "/users/disable", Some(account.clone()), 200),
        (Method::POST, "/users/enable", Some(account), 200),
        (Method::POST, "/users/password", Some(json!({ "email": email, "password": "yet another password" })), 204),
        (Method::POST, "/setup-link", None, 201),
        (Method::GET, "/index", None, 200),
        (Method::POST, "/index/verify", None, 200),
        (Method::POST, "/index/rebuild", None, 200),
        (Method::GET, "/jobs", None, 200),
        (Method::POST, "/jobs/{id}/requeue", None, 204),
        (Method::DELETE, "/jobs/{id}", None, 204),
        (Method::POST, "/import", Some(json!({ "email": email, "notes": [] })), 200),
    ]
}

#[tokio::test]
async fn what_the_command_line_may_nobody_else_reaches() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    app.settle().await;
    let document: Value = serde_json::from_str(&inkstone::server::local_document(app.parts())).unwrap();
    let known: BTreeSet<_> = operations(&document).iter().map(|(path, method, _)| format!("{method} {path}")).collect();
    let rows =
        local_operations(&ann.email).into_iter().map(|(method, path, ..)| format!("{method} {path}").to_lowercase());
    // The import is an endpoint without a document: its batches are too large to be read through one.
    let rows: BTreeSet<_> = rows.filter(|row| row != "post /import").collect();
    assert_eq!(rows, known, "the local operations and the rows for them");
    for (method, path, body, expected) in local_operations(&ann.email) {
        let path = if path.contains("{id}") { path.replace("{id}", &app.dead_letter().await) } else { path.to_owned() };
        let local = app.local_admin();
        let paths = [format!("/local/v1{path}"), format!("/api/v1/local/v1{path}"), format!("/api/v1{path}")];
        // People have jobs of their own, and import archives, under the same names.
        let elsewhere = if path.starts_with("/jobs") || path == "/import" { &paths[..2] } else { &paths };
        for elsewhere in elsewhere {
            let refused = with(ann.plain(method.clone(), elsewhere), body.as_ref()).await;
            assert_eq!(refused.status, 404, "{method} {elsewhere}: {}", refused.json);
        }
        let answer = with(local.plain(method.clone(), &paths[0]), body.as_ref()).await;
        assert_eq!(answer.status, expected, "{method} {path}: {}", answer.json);
        app.settle().await;
    }
    app.close().await;
}

#[tokio::test]
async fn the_administrator_of_the_machine_says_whose_account_is_meant() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let note = ann.note(json!({ "body": "Ann's" })).await.id();
    let path = format!("/notes/{note}");
    let local = app.local_admin();
    let as_account = |email: &str| local.call(Method::GET, &path).header("inkstone-account", email);
    as_account(&ann.email.to_uppercase()).await.is(200);
    as_account("nobody@example.org").await.fails(404, "not-found");
    as_account("Ann").await.fails(400, "malformed-request");
    let bob = app.member("bob").await;
    as_account(&bob.email).await.fails(404, "not-found");
    let unnamed = local.call(Method::GET, &path).await.fails(401, "authentication-required");
    assert!(unnamed.json["detail"].as_str().unwrap().contains("Inkstone-Account"), "{}", unnamed.json);
    // A token says more than a name: it is what counts when both come.
    let both = local.call(Method::GET, &path).header("inkstone-account", &ann.email);
    both.header("authorization", &format!("Bearer {}", bob.token)).await.fails(404, "not-found");
    app.close().await;
}
