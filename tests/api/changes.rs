//! `/changes`: the log as a follower reads it.

use inkstone::feed;
use poem::http::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, App, PASSWORD};

/// The changes after `since`, as (kind, id, op).
async fn since(actor: &impl Actor, since: i64) -> Vec<(String, String, String)> {
    let page = actor.get(&format!("/changes?since={since}&limit=200")).await.is(200);
    assert_eq!(page.json["has_more"], false);
    let text = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
    page.items().iter().map(|item| (text(item, "kind"), text(item, "id"), text(item, "op"))).collect()
}

#[tokio::test]
async fn without_a_position_there_is_the_head_alone() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let made = ann.note(json!({ "body": "1" })).await;
    let answer = ann.get("/changes").await.is(200);
    let store = app.parts().db.epoch();
    assert_eq!(
        answer.json,
        json!({ "store": store, "items": [], "next": made.change(), "head": made.change(), "has_more": false })
    );
    app.close().await;
}

#[tokio::test]
async fn a_follower_reads_in_order_and_page_by_page() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let start = ann.head().await;
    let mut made = Vec::new();
    for n in 0..5 {
        made.push(ann.note(json!({ "body": n.to_string() })).await);
    }
    let (mut at, mut seen) = (start, Vec::new());
    loop {
        let page = ann.get(&format!("/changes?since={at}&limit=2")).await.is(200);
        seen.extend(page.items().to_vec());
        at = page.json["next"].as_i64().unwrap();
        assert_eq!(page.json["head"], start + 5);
        if page.json["has_more"] == false {
            break;
        }
        assert_eq!(page.items().len(), 2);
        assert_eq!(page.items().last().unwrap()["seq"], at);
    }
    assert_eq!(at, start + 5);
    let expected = made.iter().map(|note| {
        json!({ "seq": note.change(), "kind": "note", "id": note.id(), "op": "put", "version": note.json["version"] })
    });
    assert_eq!(seen, expected.collect::<Vec<_>>());
    assert_eq!(ann.get(&format!("/changes?since={at}")).await.is(200).items(), [] as [Value; 0]);
    app.close().await;
}

#[tokio::test]
async fn everybody_reads_their_own_changes_and_skips_those_of_others() {
    let app = App::new().await;
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    let start = ann.head().await;
    let mine = ann.note(json!({ "body": "1" })).await;
    let theirs = bob.note(json!({ "body": "2" })).await;
    assert_eq!(since(&ann, start).await, [("note".into(), mine.id(), "put".into())]);
    assert_eq!(since(&bob, start).await, [("note".into(), theirs.id(), "put".into())]);
    let page = ann.get(&format!("/changes?since={start}")).await.is(200);
    assert_eq!(page.json["next"], theirs.change(), "past the others' changes, so that none of them is looked at again");
    app.close().await;
}

#[tokio::test]
async fn a_position_that_the_log_does_not_reach_means_reading_everything_anew() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for n in 0..5 {
        ann.note(json!({ "body": n.to_string() })).await;
    }
    let head = ann.head().await;
    ann.get(&format!("/changes?since={head}")).await.is(200);
    ann.get(&format!("/changes?since={}", head + 1)).await.fails(410, "resync-required");
    app.parts().db.write(|tx| feed::store::prune(tx, 2, 1_000)).await.unwrap();
    ann.get(&format!("/changes?since={}", head - 3)).await.fails(410, "resync-required");
    ann.get("/changes?since=0").await.fails(410, "resync-required");
    assert_eq!(ann.get(&format!("/changes?since={}", head - 2)).await.is(200).items().len(), 2);
    assert_eq!(ann.note(json!({ "body": "more" })).await.change(), head + 1);
    app.close().await;
}

#[tokio::test]
async fn a_position_of_another_store_means_nothing_here() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let store = app.parts().db.epoch();
    ann.get(&format!("/changes?since=0&store={store}")).await.is(200);
    for path in [format!("/changes?since=0&store={}", ann.id), format!("/changes?store={}", ann.id)] {
        ann.get(&path).await.fails(410, "resync-required");
    }
    app.close().await;
}

#[tokio::test]
async fn a_position_is_a_whole_number_from_nought() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for (query, field) in [
        ("since=-1", "since"),
        ("since=1.5", "since"),
        ("since=", "since"),
        ("since=9223372036854775808", "since"),
        ("store=7", "store"),
        ("limit=0", "limit"),
        ("cursor=x", "cursor"),
    ] {
        ann.get(&format!("/changes?{query}")).await.malformed(field);
    }
    app.close().await;
}

#[tokio::test]
async fn every_write_tells_its_number_and_the_log_has_it() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let mut seen: Vec<(String, String)> = Vec::new();
    let mut check = async |what: &str, answer: Answer| {
        assert!(answer.status < 300, "{what}: {}", answer.json);
        let change = answer.change();
        assert_eq!(change, ann.head().await, "{what}: the newest there is");
        let page = ann.get(&format!("/changes?since={}", change - 1)).await.is(200);
        let item = page.items().first().unwrap_or_else(|| panic!("{what} left nothing in the log"));
        assert_eq!(item["seq"], change, "{what}");
        let text = |name: &str| item[name].as_str().unwrap().to_owned();
        seen.push((text("kind"), text("op")));
        answer
    };
    let note = check("createNote", ann.note(json!({ "body": "1", "tags": ["a", "b"] })).await).await.id();
    check("updateNote", ann.edit(&note, json!({ "body": "2" })).await).await;
    check("deleteNote", ann.trash(&note).await).await;
    let restore = ann.call(Method::POST, &format!("/notes/{note}/restore")).await;
    check("restoreNote", restore).await;
    check("updateTag", ann.patch("/tags/a", json!({ "name": "c" })).await).await;
    check("updateTag", ann.patch("/tags/c", json!({ "name": "C" })).await).await;
    check("deleteTag", ann.delete("/tags/c").await).await;
    let notebook = check("createNotebook", ann.notebook(json!({ "name": "a" })).await).await.id();
    check("updateNotebook", ann.patch(&format!("/notebooks/{notebook}"), json!({ "name": "b" })).await).await;
    check("deleteNotebook", ann.delete(&format!("/notebooks/{notebook}")).await).await;
    let search = json!({ "name": "a", "query": "a" });
    let search = check("createSavedSearch", ann.post("/saved-searches", search).await.is(201)).await.id();
    let search = format!("/saved-searches/{search}");
    check("updateSavedSearch", ann.patch(&search, json!({ "name": "b" })).await).await;
    check("deleteSavedSearch", ann.delete(&search).await).await;
    check("deleteNote?permanent", ann.purge(&note).await).await;
    check("updateMe", ann.patch("/me", json!({ "name": "Ann" })).await).await;
    let other = ann.again().await;
    let sessions = ann.all("/me/sessions").await;
    let session = sessions.iter().find(|s| s["current"] == false).unwrap()["id"].as_str().unwrap();
    check("endSession", ann.delete(&format!("/me/sessions/{session}")).await).await;
    other.get("/me").await.fails(401, "invalid-token");
    ann.again().await;
    check("endOtherSessions", ann.delete("/me/sessions").await).await;
    let login = json!({ "email": ann.email, "password": PASSWORD });
    check("login", app.anonymous().post("/auth/login", login).await).await;
    let passwords = json!({ "current_password": PASSWORD, "new_password": "staple of another stable" });
    check("changePassword", ann.post("/me/password", passwords).await).await;
    for kind in ["note", "notebook", "saved-search", "tag", "account", "session"] {
        assert!(seen.iter().any(|(seen, _)| seen == kind), "{kind}: {seen:?}");
    }
    app.close().await;
}

#[tokio::test]
async fn a_renamed_tag_is_a_change_of_each_of_its_notes() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let one = ann.note(json!({ "body": "1", "tags": ["a"] })).await;
    let two = ann.note(json!({ "body": "2", "tags": ["a"] })).await;
    ann.note(json!({ "body": "3" })).await;
    let start = ann.head().await;
    let old = ann.get("/tags/a").await.is(200).id();
    let new = ann.patch("/tags/a", json!({ "name": "b" })).await.is(200).id();
    let mut seen = since(&ann, start).await;
    seen.sort();
    let put = |kind: &str, id: String| (kind.to_owned(), id, "put".to_owned());
    let mut expected =
        vec![put("note", one.id()), put("note", two.id()), put("tag", new), ("tag".into(), old, "delete".into())];
    expected.sort();
    assert_eq!(seen, expected);
    let page = ann.get(&format!("/changes?since={start}")).await.is(200);
    let versions: Vec<_> = page.items().iter().filter(|i| i["kind"] == "note").map(|i| &i["version"]).collect();
    assert_eq!(versions, [&one.json["version"], &two.json["version"]]);
    app.close().await;
}
