//! The query language, through `/search`.

use std::time::Duration;

use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

use crate::support::{Actor, Answer, App, Member};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn asking(q: &str, more: &str) -> String {
    format!("/search?q={}{more}", byte_serialize(q.as_bytes()).collect::<String>())
}

/// The titles of what is found, sorted.
async fn found(app: &App, actor: &impl Actor, q: &str, more: &str) -> Vec<String> {
    app.settle().await;
    let mut titles = titles(&actor.get(&asking(q, more)).await.is(200));
    titles.sort();
    titles
}

fn titles(answer: &Answer) -> Vec<String> {
    answer.items().iter().map(|hit| hit["note"]["title"].as_str().unwrap().to_owned()).collect()
}

async fn check(app: &App, actor: &impl Actor, rows: &[(&str, &[&str])]) {
    for (q, expected) in rows {
        assert_eq!(found(app, actor, q, "").await, *expected, "{q}");
    }
}

async fn notes(ann: &Member<'_>, notes: &[(&str, Value)]) {
    for (title, more) in notes {
        let mut new = more.clone();
        new["title"] = json!(title);
        ann.note(new).await;
    }
}

#[tokio::test]
async fn operators_groups_and_prefixes() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    notes(
        &ann,
        &[
            ("a", json!({ "body": "red apple" })),
            ("b", json!({ "body": "red pear" })),
            ("c", json!({ "body": "green apple tree" })),
            ("d", json!({ "body": "blue" })),
        ],
    )
    .await;
    check(
        &app,
        &ann,
        &[
            ("red -apple", &["b"]),
            ("-apple", &["b", "d"]),
            ("-\"apple tree\" apple", &["a"]),
            ("apple OR pear", &["a", "b", "c"]),
            ("red apple OR pear", &["a", "b"]),
            ("(red apple) OR blue ", &["a", "d"]),
            ("-(red OR blue)", &["c"]),
            ("app* -red", &["c"]),
            ("\"green app", &["c"]),
            ("title:a", &["a"]),
            ("title:(a OR b) apple", &["a"]),
            ("-title:a apple", &["c"]),
            ("", &["a", "b", "c", "d"]),
            ("tag:", &["a", "b", "c", "d"]),
            ("!!", &[]),
        ],
    )
    .await;
    let answer = ann.get(&asking("red -apple OR -pear title:b", "")).await.is(200);
    assert_eq!(answer.json["items"][0]["highlights"][0]["field"], "title");
    assert!(!answer.json["items"][0]["highlights"].to_string().contains("[4,8]"), "what is excluded is not marked");
    app.close().await;
}

#[tokio::test]
async fn tags_with_their_children_and_notebooks_with_what_lies_in_them() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let outer = ann.notebook(json!({ "name": "Büro" })).await.id();
    let inner = ann.notebook(json!({ "name": "My projects", "parent_id": outer })).await.id();
    notes(
        &ann,
        &[
            ("a", json!({ "body": "x", "tags": ["Work"], "notebook_id": outer })),
            ("b", json!({ "body": "x", "tags": ["work/deep"], "notebook_id": inner })),
            ("c", json!({ "body": "x", "tags": ["workshop", "two words"] })),
            ("d", json!({ "body": "x" })),
        ],
    )
    .await;
    check(
        &app,
        &ann,
        &[
            ("tag:work", &["a", "b"]),
            ("tag:WORK/Deep", &["b"]),
            ("tag:\"two words\"", &["c"]),
            ("-tag:work", &["c", "d"]),
            ("tag:unknown", &[]),
            ("tag:work OR tag:workshop", &["a", "b", "c"]),
            ("is:untagged", &["d"]),
            ("in:büro", &["a", "b"]),
            ("in:BURO x", &["a", "b"]),
            ("in:\"my projects\"", &["b"]),
            ("in:nowhere", &[]),
            ("-in:büro", &["c", "d"]),
        ],
    )
    .await;
    assert_eq!(found(&app, &ann, "tag:work", "&tag=work").await, ["a"], "the list's filters hold as well");

    // Another person's notebooks have no names here, and a key knows those that it is confined to.
    let stranger = app.stranger().await;
    stranger.note(json!({ "title": "theirs", "body": "x" })).await;
    assert!(found(&app, &stranger, "in:büro", "").await.is_empty());
    let key = ann.key(&["search"], json!({ "notebooks": [inner] })).await.text("/key");
    for (q, expected) in [("in:\"my projects\"", 1), ("in:büro", 0), ("-in:büro", 1), ("tag:work", 1), ("x", 1)] {
        let anonymous = app.anonymous();
        let call = anonymous.call(poem::http::Method::GET, &asking(q, ""));
        let answer = call.header("authorization", &format!("Bearer {key}")).await.is(200);
        assert_eq!(answer.json["total"], expected, "{q}");
    }
    app.close().await;
}

#[tokio::test]
async fn states_pins_and_contents() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let archived = ann.note(json!({ "title": "archived", "body": "x" })).await.id();
    let trashed = ann.note(json!({ "title": "trashed", "body": "x" })).await.id();
    ann.edit(&archived, json!({ "state": "archived" })).await;
    ann.trash(&trashed).await;
    notes(
        &ann,
        &[
            ("pinned", json!({ "body": "x", "pinned": true })),
            ("link", json!({ "body": "x https://example.org" })),
            ("task", json!({ "body": "x\n\n- [ ] milk" })),
            ("image", json!({ "body": "x ![a](b.png)" })),
            ("code", json!({ "body": "x\n```\n- [ ] no\n```" })),
        ],
    )
    .await;
    check(
        &app,
        &ann,
        &[
            ("is:pinned", &["pinned"]),
            ("is:trashed x", &["trashed"]),
            ("is:archived", &["archived"]),
            ("is:trashed OR is:archived", &["archived", "trashed"]),
            ("-is:archived -is:active", &[]),
            ("has:link", &["link"]),
            ("has:task", &["task"]),
            ("has:image", &["image"]),
            ("has:code", &["code"]),
            ("is:active -has:link -has:task -has:image -has:code", &["pinned"]),
        ],
    )
    .await;
    assert!(found(&app, &ann, "is:trashed", "&state=active").await.is_empty(), "the list's filter holds as well");
    assert_eq!(found(&app, &ann, "-is:archived x", "").await.len(), 5);
    assert!(found(&app, &ann, "lang:de", "&tz=Europe/Berlin").await.is_empty());
    app.close().await;
}

#[tokio::test]
async fn dates_are_those_of_whoever_asks() {
    let app = App::new().await;
    // 1 March 2026, 09:30 UTC.
    let ann = app.member("ann").await;
    ann.note(json!({ "title": "first", "body": "x" })).await;
    app.advance(DAY * 31 + DAY / 2);
    let ann = app.member("ann").await;
    ann.note(json!({ "title": "second", "body": "x" })).await;
    app.advance(DAY / 24 * 3);
    let ann = app.member("ann").await;
    check(
        &app,
        &ann,
        &[
            ("created:2026", &["first", "second"]),
            ("created:2026-03", &["first"]),
            ("created:2026-04-01", &["second"]),
            ("created:2026-04-02", &[]),
            ("updated:>2026-03", &["second"]),
            ("updated:>=2026-03-01", &["first", "second"]),
            ("updated:<2026-03-02", &["first"]),
            ("updated:..2026-03", &["first"]),
            ("created:2026-03-01..2026-04", &["first", "second"]),
            ("created:7d", &["second"]),
            ("created:5w", &["first", "second"]),
            ("created:today", &[]),
            ("created:yesterday", &["second"]),
            ("-created:last-month", &["second"]),
            ("created:this-year", &["first", "second"]),
        ],
    )
    .await;
    assert_eq!(found(&app, &ann, "created:today", "&tz=America/New_York").await, ["second"]);
    assert_eq!(found(&app, &ann, "created:2026-04-02", "&tz=Asia/Tokyo").await, ["second"]);
    app.close().await;
}

#[tokio::test]
async fn hits_come_by_time_when_asked() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let first = ann.note(json!({ "title": "one", "body": "word" })).await.id();
    for title in ["two", "three"] {
        app.advance(Duration::from_secs(1));
        ann.note(json!({ "title": title, "body": "word word word" })).await;
    }
    app.advance(Duration::from_secs(1));
    ann.edit(&first, json!({ "body": "word, edited" })).await;
    app.settle().await;
    let by = async |sort: &str| titles(&ann.get(&format!("/search?q=word&sort={sort}")).await.is(200));
    assert_eq!(by("updated").await, ["one", "three", "two"]);
    assert_eq!(by("created").await, ["three", "two", "one"]);
    assert_eq!(by("relevance").await.len(), 3);
    for sort in ["updated", "created"] {
        let whole = ann.get(&format!("/search?q=word&sort={sort}")).await.is(200);
        assert_eq!(ann.all(&format!("/search?q=word&sort={sort}&limit=1")).await, whole.items());
    }
    app.close().await;
}

#[tokio::test]
async fn exact_takes_words_as_they_are() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    notes(&ann, &[("a", json!({ "body": "he runs" })), ("b", json!({ "body": "Run!" }))]).await;
    assert_eq!(found(&app, &ann, "run", "").await, ["a", "b"]);
    assert_eq!(found(&app, &ann, "run", "&exact=true").await, ["b"]);
    assert_eq!(found(&app, &ann, "ru", "&exact=true").await, [] as [&str; 0]);
    assert_eq!(found(&app, &ann, "runs OR run", "&exact=true").await, ["a", "b"]);
    app.close().await;
}

#[tokio::test]
async fn what_is_half_typed_is_told_and_refused_on_demand() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    ann.note(json!({ "title": "pin", "body": "é is pin" })).await;
    app.settle().await;
    let answer = ann.get(&asking("é is:pin -\"a b\" (x OR", "&mode=any")).await.is(200);
    let parts = answer.json["query"]["parts"].as_array().unwrap().clone();
    let shape: Vec<_> =
        parts.iter().map(|p| format!("{} {}-{} {}", p["kind"], p["start"], p["end"], p["negated"])).collect();
    assert_eq!(
        shape,
        [
            "\"word\" 0-1 false",
            "\"word\" 2-8 false",
            "\"phrase\" 9-15 true",
            "\"group\" 16-17 false",
            "\"word\" 17-18 false",
            "\"word\" 19-21 false",
        ]
    );
    let problems = answer.json["query"]["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 2);
    assert_eq!((&problems[0]["start"], &problems[0]["end"]), (&json!(2), &json!(8)));
    assert_eq!(problems[0]["kind"], "no-state");
    assert!(problems[0]["detail"].as_str().unwrap().contains("`pinned`"), "it says what would be understood");
    assert_eq!(answer.json["total"], 1, "taken literally");
    let refused = ann.get(&asking("é is:pin", "&strict=true")).await.malformed("q");
    assert!(refused.json.to_string().contains("`is:pin`"), "{}", refused.json);
    for fine in ["is:pinned", "http://x note:y", "tag:", "a-b (c"] {
        ann.get(&asking(fine, "&strict=true")).await.is(200);
    }
    app.close().await;
}

#[tokio::test]
async fn notes_are_found_by_their_language() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    ann.note(json!({ "title": "Haus", "body": "Die Häuser am Fluss wurden von freundlichen Handwerkern gestrichen." }))
        .await;
    ann.note(json!({ "title": "House", "body": "The houses at the river were painted by friendly craftsmen." })).await;
    app.settle().await;
    let titles = async |q: &str| -> Vec<String> {
        let answer = ann.get(&format!("/search?q={q}")).await.is(200);
        answer.items().iter().map(|hit| hit["note"]["title"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(titles("lang:de").await, ["Haus"]);
    assert_eq!(titles("-lang:de").await, ["House"]);
    assert!(titles("lang:fr").await.is_empty());
    app.close().await;
}
