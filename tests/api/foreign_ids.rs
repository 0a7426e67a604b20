//! Ids of somebody else's things, in every place of every request that takes an id.
//!
//! The places are read from the document, so a new parameter or member is tried without anybody thinking of it. What is promised: the
//! answer is the one that an id gets which nobody has, and of the owner's things nothing changes.

use poem::http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::openapi::{example, operations};
use crate::support::{Actor, Answer, App, Authenticator, Member};

/// Where an operation takes an id.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Path,
    Query(String),
    Member(String),
    /// One of a list.
    Item(String),
}

/// What a name says although it is written like an id.
const NO_THING_OF_SOMEBODY: &[&str] = &[
    // The number of the database; whoever knows the server has it.
    "store",
];

#[tokio::test]
async fn ids_of_others_are_ids_that_nobody_has() {
    let app = App::new().await;
    let document = app.document();
    let owner = app.member("owner").await;
    let things = things_of(&owner).await;
    let before = all_of(&owner, &things).await;
    let near = Uuid::parse_str(&things[0].1).unwrap().as_u128();
    let mut places_tried = 0_u128;
    for (path, method, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap();
        for place in places(&document, operation) {
            places_tried += 1;
            // Somebody new for each place, who has nothing from the place before.
            let stranger = app.member(&format!("stranger{places_tried}")).await;
            let request = Request { id, method, path, body: example(&document, operation), place };
            let nobodys = request.send(&stranger, &Uuid::from_u128(near ^ places_tried).to_string()).await;
            for (what, thing) in &things {
                let answer = request.send(&stranger, thing).await;
                if id == "createNote" && request.place == Place::Member("id".into()) && what.ends_with("note") {
                    // The one place that tells whether an id is taken, because it chooses one.
                    assert_eq!(answer.1["type"], "note-id-in-use", "{what}");
                    continue;
                }
                assert_eq!(answer, nobodys, "{id} with a {what} of somebody else's in {:?}", request.place);
            }
        }
    }
    assert!(places_tried > 20, "the document names the places: {places_tried}");
    assert_eq!(all_of(&owner, &things).await, before, "nothing of the owner's has changed");
    app.close().await;
}

/// Something of each kind that has an id.
async fn things_of(owner: &Member<'_>) -> Vec<(&'static str, String)> {
    let mut phone = Authenticator::new("http://localhost:7465");
    let passkey = owner.add_passkey(&mut phone, "Phone").await.is(201).text("/passkey/id");
    let notebook = owner.notebook(json!({ "name": "Box" })).await.id();
    let trashed = owner.note(json!({ "body": "thrown away" })).await.id();
    owner.trash(&trashed).await;
    vec![
        ("note", owner.note(json!({ "body": "words", "tags": ["a"], "notebook_id": notebook })).await.id()),
        ("trashed note", trashed),
        ("notebook", notebook),
        ("saved search", owner.post("/saved-searches", json!({ "name": "Tea", "query": "tea" })).await.is(201).id()),
        ("export", owner.export().await),
        ("API key", owner.key(&["read"], json!({})).await.text("/api_key/id")),
        ("passkey", passkey),
        ("session", owner.each("/me/sessions", "id").await[0].as_str().unwrap().to_owned()),
        ("account", owner.id.clone()),
    ]
}

/// Everything that the owner finds.
async fn all_of(owner: &Member<'_>, things: &[(&'static str, String)]) -> Vec<Value> {
    let mut found = Vec::new();
    for list in
        ["/notes", "/notes?state=trashed", "/notebooks", "/tags", "/me/api-keys", "/me/sessions", "/me/passkeys"]
    {
        found.extend(owner.all(list).await);
    }
    found.extend(owner.all("/saved-searches").await);
    found.push(owner.get("/me").await.is(200).json);
    let changes = owner.get("/changes?since=0").await.is(200).json;
    assert!(changes["items"][0].is_object(), "{changes}");
    found.push(changes["items"].clone());
    let export = things.iter().find(|(what, _)| *what == "export").unwrap();
    found.push(owner.get(&format!("/jobs/{}", export.1)).await.is(200).json);
    found
}

struct Request<'a> {
    id: &'a str,
    method: &'a str,
    path: &'a str,
    body: Option<Value>,
    place: Place,
}

impl Request<'_> {
    /// The answer to the request with that id in its place, without what differs from one request to the next.
    async fn send(&self, stranger: &Member<'_>, id: &str) -> (u16, Value) {
        let path = match &self.place {
            Place::Path => self.path.replace("{id}", id),
            Place::Query(name) => format!("{}?{name}={id}", self.path),
            Place::Member(_) | Place::Item(_) => match self.path.contains("{id}") {
                // Of one's own, so that it is the body that decides.
                true => self.path.replace("{id}", &self.own_thing(stranger).await),
                false => self.path.to_owned(),
            },
        };
        let path = match (self.id, self.path.contains("{name}")) {
            ("searchNotes", _) => format!("{path}&q=words"),
            (_, true) => path.replace("{name}", "a"),
            _ => path,
        };
        let mut body = self.body.clone();
        if let (Some(body), Place::Member(name)) = (&mut body, &self.place) {
            body[name] = json!(id);
        }
        if let (Some(body), Place::Item(name)) = (&mut body, &self.place) {
            body[name] = json!([id]);
        }
        let method = Method::from_bytes(self.method.to_ascii_uppercase().as_bytes()).unwrap();
        let mut call = stranger.call(method, &path).header("if-match", "*");
        if let Some(body) = &body {
            call = call.json(body);
        }
        without_what_differs(&call.await, id)
    }

    async fn own_thing(&self, stranger: &Member<'_>) -> String {
        if self.path.contains("/saved-searches/") {
            let count = stranger.all("/saved-searches").await.len();
            let new = json!({ "name": format!("Search {count}"), "query": "words" });
            return stranger.post("/saved-searches", new).await.is(201).id();
        }
        match self.path.contains("/notebooks/") {
            true => {
                let count = stranger.all("/notebooks").await.len();
                stranger.notebook(json!({ "name": format!("Box {count}") })).await.id()
            }
            false => stranger.note(json!({ "body": "my own" })).await.id(),
        }
    }
}

fn without_what_differs(answer: &Answer, id: &str) -> (u16, Value) {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(members) => {
                for name in ["id", "change", "took_ms", "etag", "head", "version", "key", "hint"] {
                    members.remove(name);
                }
                members.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut json: Value = serde_json::from_str(&answer.json.to_string().replace(id, "THE-ID")).unwrap();
    strip(&mut json);
    (answer.status, json)
}

/// Every place of an operation that takes an id, as the document has it.
fn places(document: &Value, operation: &Value) -> Vec<Place> {
    let is_id = |schema: &Value| schema["format"] == "uuid";
    let mut places = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap();
        if !is_id(&parameter["schema"]) || NO_THING_OF_SOMEBODY.contains(&name) {
            continue;
        }
        match parameter["in"].as_str().unwrap() {
            "path" => places.push(Place::Path),
            "query" => places.push(Place::Query(name.to_owned())),
            other => panic!("an id in a {other}: {name}"),
        }
    }
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let reference = schema["$ref"].as_str().unwrap_or_default().trim_start_matches('#');
    let members = document.pointer(reference).and_then(|schema| schema["properties"].as_object());
    for (name, schema) in members.into_iter().flatten() {
        if is_id(schema) {
            places.push(Place::Member(name.clone()));
        } else if is_id(&schema["items"]) {
            places.push(Place::Item(name.clone()));
        }
    }
    places
}
