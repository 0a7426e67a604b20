//! `/notebooks`.

use std::time::Duration;

use poem::http::Method;
use serde_json::{Value, json};

use crate::support::{Actor as _, App, Member};

async fn notebook(ann: &Member<'_>, name: &str, parent: Option<&str>) -> String {
    ann.notebook(json!({ "name": name, "parent_id": parent })).await.id()
}

/// Names below a parent, in their order.
async fn children(ann: &Member<'_>, parent: Option<&str>) -> Vec<String> {
    let all = ann.all("/notebooks").await;
    let here = all.iter().filter(|n| n["parent_id"].as_str() == parent);
    here.map(|n| n["name"].as_str().unwrap().to_owned()).collect()
}

async fn read(ann: &Member<'_>, id: &str) -> Value {
    ann.get(&format!("/notebooks/{id}")).await.is(200).json
}

async fn change(ann: &Member<'_>, id: &str, patch: Value) -> Value {
    ann.patch(&format!("/notebooks/{id}"), patch).await.is(200).json
}

#[tokio::test]
async fn a_new_notebook_says_where_it_is_and_what_it_is() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let made = ann.notebook(json!({ "name": " Recipes " })).await;
    let now = "2026-03-01T09:30:00.000000Z";
    assert_eq!(
        made.json,
        json!({ "id": made.id(), "name": "Recipes", "parent_id": null, "position": 0, "count": 0, "created_at": now,
                "updated_at": now })
    );
    assert_eq!(made.header("location"), Some(format!("/api/v1/notebooks/{}", made.id()).as_str()));
    assert_eq!(made.change(), ann.head().await);
    assert_eq!(read(&ann, &made.id()).await, made.json);
    app.close().await;
}

#[tokio::test]
async fn a_repeated_create_gets_the_first_answer_again() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let create = |name: &str| ann.post("/notebooks", json!({ "name": name })).header("idempotency-key", "k");
    let first = create("Box").await.is(201);
    let again = create("Box").await.is(201);
    assert_eq!((&again.bytes, again.header("location")), (&first.bytes, first.header("location")));
    assert_eq!((again.header("idempotency-replayed"), again.change()), (Some("true"), first.change()));
    create("Other").await.fails(422, "idempotency-key-reused");
    app.close().await;
}

#[tokio::test]
async fn siblings_keep_the_order_that_they_are_put_in() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let a = notebook(&ann, "a", None).await;
    notebook(&ann, "b", None).await;
    let c = notebook(&ann, "c", None).await;
    let first = ann.notebook(json!({ "name": "first", "position": 0 })).await;
    assert_eq!(first.json["position"], 0);
    assert_eq!(children(&ann, None).await, ["first", "a", "b", "c"]);
    assert_eq!(change(&ann, &a, json!({ "position": 2 })).await["position"], 2);
    assert_eq!(children(&ann, None).await, ["first", "b", "a", "c"]);
    assert_eq!(change(&ann, &first.id(), json!({ "position": 99 })).await["position"], 3);
    assert_eq!(children(&ann, None).await, ["b", "a", "c", "first"]);
    assert_eq!(change(&ann, &c, json!({ "position": 0 })).await["position"], 0);
    assert_eq!(children(&ann, None).await, ["c", "b", "a", "first"]);
    let positions = ann.each("/notebooks", "position").await;
    assert_eq!(positions, [0, 1, 2, 3]);
    app.close().await;
}

#[tokio::test]
async fn a_notebook_moves_with_everything_in_it() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let top = notebook(&ann, "top", None).await;
    let inner = notebook(&ann, "inner", Some(&top)).await;
    let leaf = notebook(&ann, "leaf", Some(&inner)).await;
    notebook(&ann, "other", None).await;
    let note = ann.note(json!({ "body": "x", "notebook_id": leaf })).await.id();
    app.advance(Duration::from_secs(1));
    let moved = change(&ann, &inner, json!({ "parent_id": null })).await;
    assert_eq!(
        (&moved["parent_id"], &moved["position"]),
        (&Value::Null, &json!(2)),
        "last, where no place was asked for"
    );
    assert_eq!(moved["updated_at"], "2026-03-01T09:30:01.000000Z");
    assert_eq!(children(&ann, None).await, ["top", "other", "inner"]);
    assert_eq!(read(&ann, &leaf).await["parent_id"], json!(inner));
    assert_eq!(ann.read(&note).await.json["notebook_id"], json!(leaf));
    let back = change(&ann, &inner, json!({ "parent_id": top, "position": 0, "name": "Inside" })).await;
    assert_eq!((&back["parent_id"], &back["name"]), (&json!(top), &json!("Inside")));
    app.close().await;
}

#[tokio::test]
async fn siblings_have_different_names() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let a = notebook(&ann, "Work", None).await;
    let b = notebook(&ann, "Home", None).await;
    for name in ["Work", "WORK", " work "] {
        ann.post("/notebooks", json!({ "name": name })).await.fails(409, "notebook-exists");
        ann.patch(&format!("/notebooks/{b}"), json!({ "name": name })).await.fails(409, "notebook-exists");
    }
    let below = notebook(&ann, "Work", Some(&b)).await;
    ann.patch(&format!("/notebooks/{below}"), json!({ "parent_id": null })).await.fails(409, "notebook-exists");
    assert_eq!(change(&ann, &a, json!({ "name": "WORK" })).await["name"], "WORK");
    change(&ann, &a, json!({ "name": "WORK", "parent_id": null })).await;
    app.close().await;
}

#[tokio::test]
async fn a_notebook_cannot_lie_in_itself_nor_in_a_strangers() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    let theirs = stranger.notebook(json!({ "name": "Theirs" })).await.id();
    let a = notebook(&ann, "a", None).await;
    let b = notebook(&ann, "b", Some(&a)).await;
    let c = notebook(&ann, "c", Some(&b)).await;
    for parent in [&a, &b, &c, &theirs, &ann.id] {
        ann.patch(&format!("/notebooks/{a}"), json!({ "parent_id": parent })).await.invalid("parent_id");
    }
    ann.post("/notebooks", json!({ "name": "x", "parent_id": theirs })).await.invalid("parent_id");
    stranger.get(&format!("/notebooks/{a}")).await.fails(404, "not-found");
    stranger.patch(&format!("/notebooks/{a}"), json!({ "name": "x" })).await.fails(404, "not-found");
    stranger.delete(&format!("/notebooks/{a}")).await.fails(404, "not-found");
    app.close().await;
}

#[tokio::test]
async fn notebooks_nest_twenty_deep_whether_made_or_moved_there() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let mut chain: Vec<String> = Vec::new();
    for n in 0..20 {
        chain.push(notebook(&ann, &format!("deep {n}"), chain.last().map(String::as_str)).await);
    }
    ann.post("/notebooks", json!({ "name": "x", "parent_id": chain[19] })).await.invalid("parent_id");
    // A notebook with two levels inside fits below seventeen others, not below eighteen.
    let top = notebook(&ann, "top", None).await;
    let middle = notebook(&ann, "middle", Some(&top)).await;
    notebook(&ann, "bottom", Some(&middle)).await;
    notebook(&ann, "side", Some(&top)).await;
    ann.patch(&format!("/notebooks/{top}"), json!({ "parent_id": chain[17] })).await.invalid("parent_id");
    change(&ann, &top, json!({ "parent_id": chain[16] })).await;
    change(&ann, &middle, json!({ "name": "renamed", "position": 0 })).await;
    app.close().await;
}

#[tokio::test]
async fn a_notebook_counts_its_own_notes_outside_the_trash() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let a = notebook(&ann, "a", None).await;
    let b = notebook(&ann, "b", Some(&a)).await;
    let note = ann.note(json!({ "body": "1", "notebook_id": a })).await.id();
    ann.note(json!({ "body": "2", "notebook_id": b })).await;
    let counts = || async { (read(&ann, &a).await["count"].clone(), read(&ann, &b).await["count"].clone()) };
    assert_eq!(counts().await, (json!(1), json!(1)));
    ann.edit(&note, json!({ "state": "archived" })).await;
    assert_eq!(counts().await, (json!(1), json!(1)));
    ann.trash(&note).await;
    assert_eq!(counts().await, (json!(0), json!(1)));
    ann.call(Method::POST, &format!("/notes/{note}/restore")).await.is(200);
    ann.edit(&note, json!({ "notebook_id": b })).await;
    assert_eq!(counts().await, (json!(0), json!(2)));
    ann.purge(&note).await;
    assert_eq!(counts().await, (json!(0), json!(1)));
    app.close().await;
}

#[tokio::test]
async fn a_deleted_notebook_leaves_its_notes_to_its_parent() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for (query, nested) in [("", true), ("?notes=parent", true), ("?notes=parent", false)] {
        let parent = if nested { Some(notebook(&ann, "parent", None).await) } else { None };
        let id = notebook(&ann, "going", parent.as_deref()).await;
        let kept = ann.note(json!({ "body": "1", "notebook_id": id })).await;
        let trashed = ann.note(json!({ "body": "2", "notebook_id": id })).await.id();
        ann.trash(&trashed).await;
        let gone = ann.delete(&format!("/notebooks/{id}{query}")).await.is(204);
        assert_eq!(gone.change(), ann.head().await);
        let now = ann.read(&kept.id()).await;
        assert_eq!(now.json["notebook_id"], json!(parent));
        assert_eq!((&now.json["state"], &now.json["version"]), (&json!("active"), &kept.json["version"]));
        let restored = ann.call(Method::POST, &format!("/notes/{trashed}/restore")).await.is(200);
        assert_eq!(
            restored.json["notebook_id"],
            json!(parent),
            "from the trash, too, it comes to a place that is there"
        );
        ann.get(&format!("/notebooks/{id}")).await.fails(404, "not-found");
        ann.delete(&format!("/notebooks/{id}")).await.fails(404, "not-found");
        if let Some(parent) = parent {
            ann.delete(&format!("/notebooks/{parent}")).await.is(204);
        }
    }
    app.close().await;
}

#[tokio::test]
async fn a_deleted_notebook_may_take_its_notes_to_the_trash() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let parent = notebook(&ann, "parent", None).await;
    let id = notebook(&ann, "going", Some(&parent)).await;
    let inner = notebook(&ann, "inner", Some(&id)).await;
    let note = ann.note(json!({ "body": "1", "notebook_id": id, "tags": ["a"] })).await.id();
    let archived = ann.note(json!({ "body": "2", "notebook_id": id })).await.id();
    ann.edit(&archived, json!({ "state": "archived" })).await;
    let deeper = ann.note(json!({ "body": "3", "notebook_id": inner })).await.id();
    ann.delete(&format!("/notebooks/{id}?notes=trash")).await.is(204);
    for id in [&note, &archived] {
        let now = ann.read(id).await;
        assert_eq!((&now.json["state"], &now.json["notebook_id"]), (&json!("trashed"), &json!(parent)));
    }
    assert_eq!(ann.get("/tags/a").await.is(200).json["count"], 0);
    assert_eq!(ann.read(&deeper).await.json["state"], "active", "its notebooks keep theirs");
    assert_eq!(read(&ann, &inner).await["parent_id"], json!(parent));
    let restored = ann.call(Method::POST, &format!("/notes/{archived}/restore")).await.is(200);
    assert_eq!(restored.json["state"], "archived");
    ann.delete(&format!("/notebooks/{parent}?notes=burn")).await.malformed("notes");
    app.close().await;
}

#[tokio::test]
async fn notebooks_inside_a_deleted_one_move_up_and_get_a_number_where_the_name_is_taken() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    notebook(&ann, "Plans", None).await;
    notebook(&ann, "plans (2)", None).await;
    let going = notebook(&ann, "going", None).await;
    let plans = notebook(&ann, "Plans", Some(&going)).await;
    let same = notebook(&ann, "going", Some(&going)).await;
    notebook(&ann, "zoo", Some(&going)).await;
    notebook(&ann, "below", Some(&plans)).await;
    ann.delete(&format!("/notebooks/{going}")).await.is(204);
    assert_eq!(children(&ann, None).await, ["Plans", "plans (2)", "Plans (3)", "going", "zoo"]);
    assert_eq!(children(&ann, Some(&plans)).await, ["below"]);
    assert_eq!(read(&ann, &same).await["name"], "going", "the name of the deleted one is free");
    assert_eq!(ann.each("/notebooks?limit=200", "position").await, [0, 0, 1, 2, 3, 4]);
    app.close().await;
}

#[tokio::test]
async fn more_notes_than_fit_into_one_transaction_move_up() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    app.import(&ann.email, (0..405).map(|_| json!({ "notebook": ["outer", "inner"] }))).await;
    let all = ann.all("/notebooks").await;
    let id = |name: &str| all.iter().find(|n| n["name"] == name).unwrap()["id"].as_str().unwrap().to_owned();
    ann.delete(&format!("/notebooks/{}", id("inner"))).await.is(204);
    assert_eq!(read(&ann, &id("outer")).await["count"], 405);
    ann.delete(&format!("/notebooks/{}?notes=trash", id("outer"))).await.is(204);
    assert_eq!(ann.all("/notes?state=trashed&limit=200").await.len(), 405);
    app.close().await;
}

#[tokio::test]
async fn the_list_comes_in_pages() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let mut made = Vec::new();
    for n in 0..7 {
        made.push(json!(notebook(&ann, &format!("n{n}"), None).await));
    }
    assert_eq!(ann.each("/notebooks?limit=3", "id").await, made);
    ann.get("/notebooks?cursor=x").await.malformed("cursor");
    ann.get("/notebooks?limit=201").await.malformed("limit");
    ann.get("/notebooks?parent_id=x").await.malformed("parent_id");
    app.close().await;
}

#[tokio::test]
async fn what_a_notebook_cannot_be() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let id = notebook(&ann, "a", None).await;
    for (body, field) in [
        (json!({ "name": "" }), "name"),
        (json!({ "name": " " }), "name"),
        (json!({ "name": "x".repeat(101) }), "name"),
        (json!({ "name": "two\nlines" }), "name"),
        (json!({ "name": "b", "position": -1 }), "position"),
    ] {
        ann.post("/notebooks", body.clone()).await.invalid(field);
        ann.patch(&format!("/notebooks/{id}"), body).await.invalid(field);
    }
    for member in ["name", "position"] {
        ann.patch(&format!("/notebooks/{id}"), json!({ (member): null })).await.malformed(member);
    }
    for (body, field) in [
        (json!({ "name": 7 }), "name"),
        (json!({ "name": "b", "parent_id": "x" }), "parent_id"),
        (json!({ "name": "b", "position": "first" }), "position"),
        (json!({ "name": "b", "colour": "red" }), "colour"),
    ] {
        ann.post("/notebooks", body.clone()).await.malformed(field);
        ann.patch(&format!("/notebooks/{id}"), body).await.malformed(field);
    }
    ann.post("/notebooks", json!({})).await.malformed("name");
    let head = ann.head().await;
    assert_eq!(ann.patch(&format!("/notebooks/{id}"), json!({})).await.is(200).change(), head);
    app.close().await;
}
