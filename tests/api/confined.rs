//! A key that is confined to some notes, through every way that leads to notes.

use poem::http::Method;
use serde_json::{Value, json};

use crate::openapi::operations;
use crate::support::{Actor, Answer, App, Member};

/// A program with a key.
struct Program<'a> {
    app: &'a App,
    key: String,
}

impl Program<'_> {
    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let anonymous = self.app.anonymous();
        let call = anonymous.call(method, path).header("authorization", &format!("Bearer {}", self.key)).if_match("*");
        match body {
            Some(body) => call.json(&body).await,
            None => call.await,
        }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }
}

async fn program<'a>(app: &'a App, owner: &Member<'_>, confines: Value) -> Program<'a> {
    Program { app, key: owner.key(&["read", "write", "search"], confines).await.text("/key") }
}

#[tokio::test]
async fn it_sees_finds_and_counts_its_tags_and_nothing_else() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let secret = ada.notebook(json!({ "name": "Secret" })).await.id();
    let within = ada.note(json!({ "body": "# Kingfisher\n\nblue", "tags": ["Birds", "water"] })).await.id();
    let without =
        ada.note(json!({ "body": "# Diary\n\nblue hour", "tags": ["private"], "notebook_id": secret })).await.id();
    let trashed = ada.note(json!({ "body": "an old birds note", "tags": ["birds"] })).await.id();
    ada.trash(&trashed).await;
    app.settle().await;
    let program = program(&app, &ada, json!({ "tags": ["birds"] })).await;

    // Seen and listed.
    assert_eq!(program.get(&format!("/notes/{within}")).await.is(200).text("/title"), "Kingfisher");
    program.get(&format!("/notes/{without}")).await.fails(404, "not-found");
    let ids = |answer: &Answer| answer.items().iter().map(|item| item["id"].clone()).collect::<Vec<_>>();
    for query in ["", "?pinned=first", "?sort=title", "?include=body", "?tag=birds", "?tag=water"] {
        assert_eq!(ids(&program.get(&format!("/notes{query}")).await.is(200)), [json!(within)], "{query}");
    }
    for query in ["?tag=private", &format!("?notebook_id={secret}"), "?state=archived"] {
        assert!(program.get(&format!("/notes{query}")).await.is(200).items().is_empty(), "{query}");
    }
    assert_eq!(ids(&program.get("/notes?state=trashed").await.is(200)), [json!(trashed)]);

    // Found and counted.
    let found = program.get("/search?q=blue").await.is(200);
    assert_eq!((&found.json["total"], found.text("/items/0/note/id")), (&json!(1), within.clone()));
    assert!(!found.json.to_string().contains("private") && !found.json.to_string().contains(&secret), "{}", found.json);
    for nothing in ["/search?q=hour", "/search?q=tag:private", "/search?q=diary&mode=any", "/search?q=&tag=private"] {
        assert_eq!(program.get(nothing).await.is(200).json["total"], 0, "{nothing}");
    }
    assert_eq!(program.get("/search?q=").await.is(200).json["total"], 1);

    // Suggested: the names of its own notes' tags, with the numbers of those.
    let tags = program.get("/tags").await.is(200);
    let names: Vec<_> = tags.items().iter().map(|tag| (tag["name"].clone(), tag["count"].clone())).collect();
    assert_eq!(names, [(json!("Birds"), json!(1)), (json!("water"), json!(1))]);
    program.get("/tags/private").await.fails(404, "not-found");
    assert!(program.get("/notebooks").await.is(200).items().is_empty());
    program.get("/saved-searches").await.fails(403, "key-confined");
    program.get(&format!("/notebooks/{secret}")).await.fails(404, "not-found");

    // Changed.
    let edit = json!({ "body": "# Kingfisher\n\nbright blue" });
    program.send(Method::PATCH, &format!("/notes/{within}"), Some(edit.clone())).await.is(200);
    program.send(Method::PATCH, &format!("/notes/{without}"), Some(edit)).await.fails(404, "not-found");
    program.send(Method::DELETE, &format!("/notes/{without}"), None).await.fails(404, "not-found");
    program.send(Method::POST, &format!("/notes/{trashed}/restore"), None).await.is(200);
    program.send(Method::POST, "/notes", Some(json!({ "body": "x", "tags": ["BIRDS"] }))).await.is(201);
    program.send(Method::POST, "/notes", Some(json!({ "body": "x" }))).await.fails(403, "key-confined");
    assert_eq!(ada.read(&without).await.text("/title"), "Diary");
    app.close().await;
}

#[tokio::test]
async fn it_sees_its_notebooks_and_not_what_lies_inside_of_them() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let open = ada.notebook(json!({ "name": "Open" })).await.id();
    let inner = ada.notebook(json!({ "name": "Inner", "parent_id": open })).await.id();
    let within = ada.note(json!({ "body": "here", "notebook_id": open })).await.id();
    ada.note(json!({ "body": "here too", "notebook_id": inner })).await;
    ada.note(json!({ "body": "here as well" })).await;
    app.settle().await;
    let program = program(&app, &ada, json!({ "notebooks": [open] })).await;
    let notes = program.get("/notes").await.is(200);
    assert_eq!(notes.items().iter().map(|n| n["id"].clone()).collect::<Vec<_>>(), [json!(within)]);
    assert_eq!(program.get("/search?q=here").await.is(200).json["total"], 1);
    let notebooks = program.get("/notebooks").await.is(200);
    assert_eq!(notebooks.items().iter().map(|n| n["name"].clone()).collect::<Vec<_>>(), [json!("Open")]);
    // Moved away, it is out of sight.
    ada.edit(&within, json!({ "notebook_id": null })).await;
    program.get(&format!("/notes/{within}")).await.fails(404, "not-found");
    app.close().await;
}

/// Whatever operations there will be: none of them says a word of what lies outside.
#[tokio::test]
async fn no_operation_lets_anything_else_through() {
    let app = App::new().await;
    let ada = app.member("ada").await;
    let notebook = ada.notebook(json!({ "name": "Zanzibar" })).await.id();
    let hidden =
        ada.note(json!({ "body": "# Zanzibar\n\nzanzibar", "tags": ["zanzibar"], "notebook_id": notebook })).await.id();
    ada.note(json!({ "body": "seen", "tags": ["seen"] })).await;
    let (job, export) = (app.job_of(&ada).await, ada.export().await);
    app.settle().await;
    let program = program(&app, &ada, json!({ "tags": ["seen"] })).await;
    let document = app.document();
    for (path, method, operation) in operations(&document) {
        if method != "get" || operation.get("security").is_none() {
            continue;
        }
        for id in [&hidden, &notebook, &job, &export] {
            let path = path.replace("{id}", id).replace("{name}", "zanzibar");
            let path = if path == "/search" { "/search?q=zanzibar".to_owned() } else { path };
            let answer = program.get(&path).await;
            let text = String::from_utf8_lossy(&answer.bytes).to_lowercase();
            let told = text.contains("zanzibar") || text.contains(&hidden) || text.contains(&notebook);
            assert!(!told, "{path}: {text}");
        }
    }
    app.close().await;
}
