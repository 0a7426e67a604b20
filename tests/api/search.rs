//! `/search`.

use std::time::Duration;

use inkstone::search::Effort;
use inkstone::search::opening::{self, Store};
use poem::http::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, App, NOW};

/// The answer once the index shows everything.
async fn search(app: &App, actor: &impl Actor, query: &str) -> Answer {
    app.settle().await;
    actor.get(&format!("/search?{query}")).await.is(200)
}

fn titles(answer: &Answer) -> Vec<&str> {
    answer.items().iter().map(|hit| hit["note"]["title"].as_str().unwrap()).collect()
}

async fn found(app: &App, actor: &impl Actor, query: &str) -> Vec<String> {
    let mut titles: Vec<_> = titles(&search(app, actor, query).await).into_iter().map(str::to_owned).collect();
    titles.sort();
    titles
}

#[tokio::test]
async fn an_answer_has_everything_that_the_contract_names() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let notebook = ann.notebook(json!({ "name": "Box" })).await.id();
    let new = json!({ "title": "Boat plans", "body": "🎉🎉 build a boat", "tags": ["Work"], "notebook_id": notebook });
    let made = ann.note(new).await;
    let answer = search(&app, &ann, "q=boat").await;
    let mut note = made.json.clone();
    note.as_object_mut().unwrap().remove("body");
    note["excerpt"] = json!("🎉🎉 build a boat");
    let highlights = json!([
        { "field": "title", "offset": 0, "fragment": "Boat plans", "ranges": [[0, 4]] },
        { "field": "body", "offset": 0, "fragment": "🎉🎉 build a boat", "ranges": [[11, 15]] },
    ]);
    assert_eq!(answer.items(), [json!({ "note": note, "highlights": highlights })]);
    let facets = json!({
        "tags": [{ "value": "Work", "count": 1 }],
        "notebooks": [{ "value": notebook, "count": 1 }],
        "years": [{ "value": 2026, "count": 1 }],
    });
    assert_eq!(answer.json["facets"], facets);
    for (name, value) in [
        ("total", json!(1)),
        ("total_exact", json!(true)),
        ("next_cursor", Value::Null),
        ("index", json!("ready")),
        ("query", json!({ "parts": [{ "kind": "word", "start": 0, "end": 4, "negated": false }], "problems": [] })),
        ("change", json!(made.change())),
    ] {
        assert_eq!(answer.json[name], value, "{name}");
    }
    assert!(answer.json["took_ms"].as_f64().unwrap() >= 0.0);
    app.close().await;
}

#[tokio::test]
async fn an_answer_is_whole_while_a_new_index_is_made() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    ann.note(json!({ "title": "before", "body": "common" })).await;
    app.settle().await;
    let db = &app.parts().db;
    let store = Store { epoch: db.epoch(), head: db.head(), floor: 0 };
    let held = opening::open_next(&app.data_directory(), store, NOW, Effort::BesideRequests).unwrap();
    let begun = app.local_admin().plain(Method::POST, "/local/v1/index/rebuild").await.is(200);
    assert_eq!((&begun.json["state"], &begun.json["complete"]), (&json!("rebuilding"), &json!(true)));
    let made = ann.note(json!({ "title": "meanwhile", "body": "common" })).await;
    let answer = search(&app, &ann, "q=common").await;
    for (name, value) in
        [("total", json!(2)), ("total_exact", json!(true)), ("index", json!("ready")), ("change", json!(made.change()))]
    {
        assert_eq!(answer.json[name], value, "{name}");
    }
    drop(held);
    assert!(app.parts().search.wait_rebuilt(Duration::from_secs(60)).await);
    let status = app.local_admin().plain(Method::GET, "/local/v1/index").await.is(200);
    assert_eq!((&status.json["state"], &status.json["complete"]), (&json!("ready"), &json!(true)));
    assert_eq!(search(&app, &ann, "q=common").await.json["total"], 2);
    app.close().await;
}

#[tokio::test]
async fn a_year_of_the_facets_narrows_the_answer() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    ann.note(json!({ "title": "old", "body": "apple" })).await;
    app.advance(Duration::from_secs(366 * 24 * 60 * 60));
    let ann = app.member("ann").await;
    ann.note(json!({ "title": "new", "body": "apple" })).await;
    let years = json!([{ "value": 2027, "count": 1 }, { "value": 2026, "count": 1 }]);
    assert_eq!(search(&app, &ann, "q=apple").await.json["facets"]["years"], years);
    assert_eq!(found(&app, &ann, "q=apple&year=2026").await, ["old"]);
    assert_eq!(found(&app, &ann, "year=2027").await, ["new"]);
    assert_eq!(found(&app, &ann, "q=apple&year=1999").await, [] as [&str; 0]);
    ann.get("/search?q=apple&year=last").await.malformed("year");
    app.close().await;
}

#[tokio::test]
async fn ranges_count_code_points_of_the_fragment() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for body in ["🎉 needle", "👩‍👩‍👧 e\u{301} needle 🎉 needle", "日本語 needle", "a\r\n\r\nneedle 🎉"]
    {
        ann.note(json!({ "title": "x", "body": body })).await;
    }
    let answer = search(&app, &ann, "q=needle").await;
    assert_eq!(answer.items().len(), 4);
    for hit in answer.items() {
        let highlight = &hit["highlights"][0];
        let fragment: Vec<char> = highlight["fragment"].as_str().unwrap().chars().collect();
        let ranges = highlight["ranges"].as_array().unwrap();
        assert!(!ranges.is_empty());
        for range in ranges {
            let at = |n: usize| usize::try_from(range[n].as_u64().unwrap()).unwrap();
            assert_eq!(fragment[at(0)..at(1)].iter().collect::<String>(), "needle", "{hit}");
        }
    }
    app.close().await;
}

#[tokio::test]
async fn a_search_after_a_change_shows_it() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for n in 0..3 {
        let made = ann.note(json!({ "title": format!("apple {n}"), "body": "" })).await;
        let ask = || ann.get(&format!("/search?q=apple&after={}", made.change()));
        let mut answer = ask().await.is(200);
        // It waits for two seconds; a machine that is busy with other tests may need more, and then the answer says so.
        while answer.json["change"].as_i64().unwrap() < made.change() {
            answer = ask().await.is(200);
        }
        assert_eq!(answer.json["total"], n + 1);
    }
    ann.get("/search?q=apple&after=soon").await.malformed("after");
    app.close().await;
}

#[tokio::test]
async fn every_way_to_change_a_note_is_followed() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let id = ann.note(json!({ "title": "one", "body": "apple", "tags": ["fruit"] })).await.id();
    assert_eq!(found(&app, &ann, "q=apple&tag=fruit").await, ["one"]);
    ann.edit(&id, json!({ "body": "pear" })).await;
    assert_eq!(found(&app, &ann, "q=apple").await, [] as [&str; 0]);
    assert_eq!(found(&app, &ann, "q=pear").await, ["one"]);
    ann.patch("/tags/fruit", json!({ "name": "food" })).await.is(200);
    assert_eq!(found(&app, &ann, "q=pear&tag=food").await, ["one"]);
    assert_eq!(found(&app, &ann, "q=pear&tag=fruit").await, [] as [&str; 0]);
    ann.edit(&id, json!({ "state": "archived" })).await;
    assert_eq!(found(&app, &ann, "q=pear").await, ["one"], "the archive is searched");
    assert_eq!(found(&app, &ann, "q=pear&state=active").await, [] as [&str; 0]);
    ann.trash(&id).await;
    assert_eq!(found(&app, &ann, "q=pear").await, [] as [&str; 0], "the trash is not");
    assert_eq!(found(&app, &ann, "q=pear&state=trashed").await, ["one"]);
    ann.purge(&id).await;
    assert_eq!(found(&app, &ann, "q=pear&state=trashed").await, [] as [&str; 0]);
    app.close().await;
}

#[tokio::test]
async fn words_phrases_prefixes_and_the_mode() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for (title, body) in [("both", "red apples and a pear"), ("apple", "apple red"), ("pear", "a Péar tree")] {
        ann.note(json!({ "title": title, "body": body })).await;
    }
    for (query, expected) in [
        ("q=red+apple", &["apple", "both"][..]),
        ("q=apple+pear", &["both"]),
        ("q=apple+pear&mode=any", &["apple", "both", "pear"]),
        ("q=apple+pear&mode=all", &["both"]),
        ("q=%22red+apples%22", &["both"]),
        ("q=%22apple+red%22", &["apple"]),
        ("q=PEAR", &["both", "pear"]),
        ("q=app", &["apple", "both"]),
        ("q=app+red", &[]),
        ("q=nothing", &[]),
        ("q=", &["apple", "both", "pear"]),
        ("", &["apple", "both", "pear"]),
        ("q=%21%21", &[]),
    ] {
        assert_eq!(found(&app, &ann, query).await, expected, "{query}");
    }
    app.close().await;
}

#[tokio::test]
async fn the_lists_filters_hold_here_too() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let notebook = ann.notebook(json!({ "name": "Box" })).await.id();
    ann.note(json!({ "title": "a", "body": "word", "tags": ["t"], "pinned": true })).await;
    ann.note(json!({ "title": "b", "body": "word", "tags": ["t/u"], "notebook_id": notebook })).await;
    ann.note(json!({ "title": "c", "body": "word" })).await;
    for (filter, expected) in [
        ("tag=T", &["a"][..]),
        ("tag=t%2Fu", &["b"]),
        ("tag=unknown", &[]),
        ("pinned=true", &["a"]),
        ("pinned=false", &["b", "c"]),
        (&format!("notebook_id={notebook}"), &["b"]),
        (&format!("notebook_id={notebook}&pinned=true"), &[]),
        ("state=active", &["a", "b", "c"]),
        ("state=trashed", &[]),
    ] {
        assert_eq!(found(&app, &ann, &format!("q=word&{filter}")).await, expected, "{filter}");
        let answer = search(&app, &ann, filter).await;
        assert_eq!(answer.json["total"], expected.len(), "{filter}");
        assert!(answer.items().iter().all(|hit| hit["highlights"] == json!([])), "nothing was looked for");
    }
    app.close().await;
}

#[tokio::test]
async fn others_notes_are_not_found_and_leave_no_trace() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    ann.note(json!({ "title": "mine", "body": "secret word", "tags": ["hidden"] })).await;
    stranger.note(json!({ "title": "theirs", "body": "another word" })).await;
    let answer = search(&app, &stranger, "q=word").await;
    assert_eq!((titles(&answer), &answer.json["total"]), (vec!["theirs"], &json!(1)));
    for query in ["q=secret", "q=sec", "tag=hidden", "q=%22secret+word%22"] {
        let answer = search(&app, &stranger, query).await;
        assert_eq!((answer.items().len(), &answer.json["total"]), (0, &json!(0)), "{query}");
        assert_eq!(answer.json["facets"], json!({ "tags": [], "notebooks": [], "years": [] }), "{query}");
    }
    app.close().await;
}

#[tokio::test]
async fn pages_join_to_the_whole_and_a_cursor_belongs_to_its_query() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for n in 0..9 {
        ann.note(json!({ "title": format!("word {n}"), "body": "word ".repeat(n) })).await;
        app.advance(Duration::from_secs(1));
    }
    for query in ["q=word", "q=", "q=word+x&mode=any"] {
        let whole = search(&app, &ann, query).await;
        assert_eq!(whole.json["total"], 9);
        assert_eq!(ann.all(&format!("/search?{query}&limit=2")).await, whole.items(), "{query}");
    }
    let page = ann.get("/search?q=word&limit=2").await.is(200);
    let cursor = page.cursor().unwrap();
    ann.get(&format!("/search?q=word&limit=5&cursor={cursor}")).await.is(200);
    for other in [
        "q=words",
        "q=word&sort=updated",
        "q=word&exact=true",
        "q=word&tz=Europe/Berlin",
        "q=word&mode=any",
        "q=word&tag=a",
        "q=word&state=active",
        "q=word&pinned=true",
        "",
    ] {
        ann.get(&format!("/search?{other}&cursor={cursor}")).await.malformed("cursor");
    }
    ann.get("/search?q=word&cursor=x").await.malformed("cursor");
    app.close().await;
}

#[tokio::test]
async fn what_cannot_be_looked_for() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    app.settle().await;
    let words = (0..129).map(|n| format!("w{n}")).collect::<Vec<_>>().join("+");
    ann.get(&format!("/search?q={}", "x".repeat(2_001))).await.malformed("q");
    ann.get(&format!("/search?q={words}")).await.invalid("q");
    ann.get("/search?tag=a//b").await.invalid("tag");
    ann.get("/search?tz=Mars/Olympus").await.invalid("tz");
    ann.get(&format!("/search?q={}a", "(".repeat(17))).await.invalid("q");
    for (query, field) in [
        ("q=a%00b", "q"),
        ("q=a&q=b", "q"),
        ("query=a", "query"),
        ("mode=most", "mode"),
        ("state=gone", "state"),
        ("pinned=first", "pinned"),
        ("limit=0", "limit"),
        ("sort=title", "sort"),
        ("exact=maybe", "exact"),
        ("strict=1", "strict"),
    ] {
        ann.get(&format!("/search?{query}")).await.malformed(field);
    }
    app.close().await;
}
