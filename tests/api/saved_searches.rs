//! Saved searches.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Actor, App, Member};

async fn save(ann: &Member<'_>, name: &str) -> String {
    ann.post("/saved-searches", json!({ "name": name, "query": name })).await.is(201).id()
}

async fn change(ann: &Member<'_>, id: &str, patch: Value) -> Value {
    ann.patch(&format!("/saved-searches/{id}"), patch).await.is(200).json
}

async fn names(ann: &Member<'_>) -> Vec<Value> {
    ann.each("/saved-searches", "name").await
}

#[tokio::test]
async fn a_saved_search_says_where_it_is_and_what_it_asks() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let made =
        ann.post("/saved-searches", json!({ "name": " Tea ", "query": "tea \"in the morning\" " })).await.is(201);
    let now = "2026-03-01T09:30:00.000000Z";
    assert_eq!(
        made.json,
        json!({ "id": made.id(), "name": "Tea", "query": "tea \"in the morning\" ", "state": null, "tag": null,
                "notebook_id": null, "pinned": null, "year": null, "sort": null, "exact": false, "position": 0,
                "created_at": now, "updated_at": now })
    );
    let path = format!("/saved-searches/{}", made.id());
    assert_eq!(made.header("location"), Some(format!("/api/v1{path}").as_str()));
    assert_eq!(made.change(), ann.head().await);
    assert_eq!(ann.get(&path).await.is(200).json, made.json);
    assert_eq!(ann.all("/saved-searches").await, std::slice::from_ref(&made.json));
    app.close().await;
}

#[tokio::test]
async fn it_keeps_filters_and_order_and_lets_go_of_them() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let notebook = ann.notebook(json!({ "name": "Recipes" })).await.id();
    let asked = json!({ "name": "All", "query": "", "state": "archived", "tag": "home/tea", "notebook_id": notebook,
                        "pinned": false, "year": 2026, "sort": "created", "exact": true });
    let made = ann.post("/saved-searches", asked.clone()).await.is(201);
    for (name, value) in asked.as_object().unwrap() {
        assert_eq!(made.json[name], *value, "{name}");
    }
    app.advance(Duration::from_secs(1));
    let nothing =
        json!({ "state": null, "tag": null, "notebook_id": null, "pinned": null, "year": null, "sort": null });
    let bare = change(&ann, &made.id(), nothing.clone()).await;
    for name in nothing.as_object().unwrap().keys() {
        assert_eq!(bare[name], Value::Null, "{name}");
    }
    assert_eq!((&bare["exact"], &bare["name"]), (&json!(true), &json!("All")), "what is not named stays");
    assert_eq!(bare["updated_at"], "2026-03-01T09:30:01.000000Z");
    app.close().await;
}

#[tokio::test]
async fn one_whose_notebook_has_gone_stays_and_can_be_renamed() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let notebook = ann.notebook(json!({ "name": "Recipes" })).await.id();
    let new = json!({ "name": "Tea", "query": "tea", "notebook_id": notebook });
    let id = ann.post("/saved-searches", new).await.is(201).id();
    ann.delete(&format!("/notebooks/{notebook}")).await.is(204);
    assert_eq!(change(&ann, &id, json!({ "name": "Brew" })).await["notebook_id"], json!(notebook));
    change(&ann, &id, json!({ "notebook_id": null })).await;
    ann.patch(&format!("/saved-searches/{id}"), json!({ "notebook_id": notebook })).await.invalid("notebook_id");
    app.close().await;
}

#[tokio::test]
async fn a_repeated_create_gets_the_first_answer_again() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let create =
        |name: &str| ann.post("/saved-searches", json!({ "name": name, "query": "x" })).header("idempotency-key", "k");
    let first = create("One").await.is(201);
    let again = create("One").await.is(201);
    assert_eq!((&again.bytes, again.header("location")), (&first.bytes, first.header("location")));
    assert_eq!((again.header("idempotency-replayed"), again.change()), (Some("true"), first.change()));
    create("Two").await.fails(422, "idempotency-key-reused");
    assert_eq!(names(&ann).await, ["One"]);
    app.close().await;
}

#[tokio::test]
async fn they_keep_the_order_that_they_are_put_in() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let a = save(&ann, "a").await;
    save(&ann, "b").await;
    let c = save(&ann, "c").await;
    let first = json!({ "name": "first", "query": "x", "position": 0 });
    assert_eq!(ann.post("/saved-searches", first).await.is(201).json["position"], 0);
    assert_eq!(names(&ann).await, ["first", "a", "b", "c"]);
    let moved = change(&ann, &a, json!({ "position": 99 })).await;
    assert_eq!((&moved["position"], &moved["updated_at"]), (&json!(3), &moved["created_at"]));
    assert_eq!(names(&ann).await, ["first", "b", "c", "a"]);
    ann.delete(&format!("/saved-searches/{c}")).await.is(204);
    assert_eq!(ann.each("/saved-searches", "position").await, [0, 1, 2]);
    assert_eq!(ann.each("/saved-searches?limit=2", "name").await, ["first", "b", "a"], "in pages too");
    ann.get("/saved-searches?cursor=x").await.malformed("cursor");
    app.close().await;
}

#[tokio::test]
async fn only_what_looks_different_is_a_change() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let (a, b, c) = (save(&ann, "a").await, save(&ann, "b").await, save(&ann, "c").await);
    let since = |from: i64| {
        let ann = &ann;
        async move {
            let page = ann.get(&format!("/changes?since={from}")).await.is(200);
            let row = |item: &Value| (item["kind"].clone(), item["id"].clone(), item["op"].clone());
            page.items().iter().map(row).collect::<Vec<_>>()
        }
    };
    let row = |id: &str, op: &str| (json!("saved-search"), json!(id), json!(op));
    let head = ann.head().await;
    change(&ann, &b, json!({ "position": 0 })).await;
    assert_eq!(since(head).await, [row(&b, "put"), row(&a, "put")]);
    let head = ann.head().await;
    ann.patch(&format!("/saved-searches/{c}"), json!({ "name": "c", "query": "c", "position": 2 })).await.is(200);
    assert_eq!(since(head).await, [], "as it was");
    ann.delete(&format!("/saved-searches/{a}")).await.is(204);
    assert_eq!(since(head).await, [row(&a, "delete"), row(&c, "put")]);
    app.close().await;
}

#[tokio::test]
async fn those_of_one_person_have_different_names() {
    let app = App::new().await;
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    let a = save(&ann, "Café").await;
    let b = save(&ann, "b").await;
    save(&bob, "Café").await;
    for name in ["Café", "CAFÉ", " cafe\u{301} "] {
        ann.post("/saved-searches", json!({ "name": name, "query": "" })).await.fails(409, "saved-search-exists");
        ann.patch(&format!("/saved-searches/{b}"), json!({ "name": name })).await.fails(409, "saved-search-exists");
    }
    assert_eq!(change(&ann, &a, json!({ "name": "CAFÉ" })).await["name"], "CAFÉ");
    app.close().await;
}

#[tokio::test]
async fn one_account_has_at_most_a_hundred() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let mut last = String::new();
    for n in 0..100 {
        last = save(&ann, &format!("n{n}")).await;
    }
    let more = json!({ "name": "more", "query": "" });
    ann.post("/saved-searches", more.clone()).await.fails(409, "too-many-saved-searches");
    change(&ann, &last, json!({ "name": "still mine" })).await;
    ann.delete(&format!("/saved-searches/{last}")).await.is(204);
    ann.post("/saved-searches", more).await.is(201);
    app.close().await;
}

#[tokio::test]
async fn nobody_sees_those_of_others() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    let path = format!("/saved-searches/{}", save(&ann, "a").await);
    let theirs = stranger.notebook(json!({ "name": "Theirs" })).await.id();
    assert!(stranger.all("/saved-searches").await.is_empty());
    stranger.get(&path).await.fails(404, "not-found");
    stranger.patch(&path, json!({ "name": "x" })).await.fails(404, "not-found");
    stranger.delete(&path).await.fails(404, "not-found");
    for notebook in [&theirs, &ann.id] {
        ann.patch(&path, json!({ "notebook_id": notebook })).await.invalid("notebook_id");
        let new = json!({ "name": "x", "query": "", "notebook_id": notebook });
        ann.post("/saved-searches", new).await.invalid("notebook_id");
    }
    app.close().await;
}

#[tokio::test]
async fn what_a_saved_search_cannot_be() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let path = format!("/saved-searches/{}", save(&ann, "a").await);
    for (body, field) in [
        (json!({ "name": "", "query": "" }), "name"),
        (json!({ "name": "x".repeat(101), "query": "" }), "name"),
        (json!({ "name": "two\nlines", "query": "" }), "name"),
        (json!({ "name": "b", "query": "é".repeat(2001) }), "query"),
        (json!({ "name": "b", "query": "", "tag": "a//b" }), "tag"),
        (json!({ "name": "b", "query": "", "year": 0 }), "year"),
        (json!({ "name": "b", "query": "", "position": -1 }), "position"),
    ] {
        ann.post("/saved-searches", body.clone()).await.invalid(field);
        ann.patch(&path, body).await.invalid(field);
    }
    for (body, field) in [
        (json!({ "name": "b", "query": 7 }), "query"),
        (json!({ "name": "b", "query": "", "sort": "best" }), "sort"),
        (json!({ "name": "b", "query": "", "state": "gone" }), "state"),
        (json!({ "name": "b", "query": "", "colour": "red" }), "colour"),
    ] {
        ann.post("/saved-searches", body.clone()).await.malformed(field);
        ann.patch(&path, body).await.malformed(field);
    }
    for member in ["name", "query", "exact", "position"] {
        ann.patch(&path, json!({ (member): null })).await.malformed(member);
    }
    ann.post("/saved-searches", json!({ "name": "b" })).await.malformed("query");
    ann.post("/saved-searches", json!({ "name": "é", "query": "é".repeat(2000) })).await.is(201);
    app.close().await;
}
