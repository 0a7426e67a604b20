//! `/search/suggest`.

use serde_json::{Value, json};

use crate::support::{Actor, App};

/// `kind text count` of each suggestion.
async fn suggested(app: &App, actor: &impl Actor, query: &str) -> Vec<String> {
    app.settle().await;
    let answer = actor.get(&format!("/search/suggest?{query}")).await.is(200);
    let shape = |item: &Value| {
        format!("{} {} {}", item["kind"].as_str().unwrap(), item["text"].as_str().unwrap(), item["count"])
    };
    answer.items().iter().map(shape).collect()
}

#[tokio::test]
async fn titles_tags_notebooks_and_words_are_suggested() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let notebook = ann.notebook(json!({ "name": "Recherche" })).await.id();
    let note = ann
        .note(json!({ "title": "Recipes of Ada", "body": "Réchauffer, recherche", "tags": ["food/recipes"], "notebook_id": notebook }))
        .await;
    ann.note(json!({ "title": "Other", "body": "réchauffer the recipe" })).await;
    assert_eq!(
        suggested(&app, &ann, "q=rec").await,
        [
            "title Recipes of Ada 1",
            "tag food/recipes 1",
            "notebook Recherche 1",
            "word réchauffer 2",
            "word recherche 1",
            "word recipe 1",
            "word recipes 1",
        ]
    );
    assert_eq!(suggested(&app, &ann, "q=ada%20rec&limit=1").await, ["title Recipes of Ada 1", "word réchauffer 2"]);
    let answer = ann.get("/search/suggest?q=recipes%20of").await.is(200);
    assert_eq!(answer.items()[0]["note_id"], json!(note.id()));
    app.close().await;
}

#[tokio::test]
async fn nothing_is_suggested_of_others_of_the_trash_and_beyond_a_keys_confines() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let bob = app.member("bob").await;
    bob.note(json!({ "title": "Secrets of Bob", "body": "secretive", "tags": ["secrets"] })).await;
    let gone = ann.note(json!({ "title": "Secret", "body": "secretly" })).await;
    ann.delete(&format!("/notes/{}", gone.id())).if_match("*").await.is(204);
    ann.note(json!({ "title": "Sector", "body": "sections", "tags": ["open"] })).await;
    assert_eq!(suggested(&app, &ann, "q=sec").await, ["title Sector 1", "word sections 1", "word sector 1"]);
    assert!(suggested(&app, &ann, "q=").await.is_empty() && suggested(&app, &ann, "").await.is_empty());
    let key = ann.key(&["search"], json!({ "tags": ["other"] })).await.text("/key");
    let anonymous = app.anonymous();
    let call = anonymous.get("/search/suggest?q=sec").header("authorization", &format!("Bearer {key}"));
    assert!(call.await.is(200).items().is_empty());
    assert!(suggested(&app, &ann, "q=s").await.contains(&"title Sector 1".to_owned()));
    app.close().await;
}

#[tokio::test]
async fn too_long_and_too_many_are_refused() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    ann.get(&format!("/search/suggest?q={}", "x".repeat(2_001))).await.malformed("q");
    ann.get("/search/suggest?q=x&limit=21").await.malformed("limit");
    app.close().await;
}

#[tokio::test]
async fn an_empty_answer_says_what_may_have_been_meant() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    ann.note(json!({ "title": "Receive", "body": "a parcel" })).await;
    app.settle().await;
    let answer = ann.get("/search?q=%22recieve%20a%20parcel%22").await.is(200);
    assert_eq!(answer.json["did_you_mean"], "\"receive a parcel\"");
    assert_eq!(ann.get("/search?q=recieve").await.is(200).json["did_you_mean"], Value::Null);
    app.close().await;
}
