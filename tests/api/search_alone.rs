//! What one person is told over HTTP is the same beside another who has much of the same.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Actor, App, Member};

const NOTES: &[(&str, &str, &[&str])] = &[
    ("Garden plan", "Receive the plants in March, water the garden", &["home", "home/garden"]),
    ("Häuser", "Die Häuser am Fluss, das Haus am See", &["work"]),
    ("Notes on planning", "Planning is everything, plans are nothing - [ ] plan", &["Work/Deep"]),
    ("", "# Meeting\n\nbudget and release, insurance of the house", &["work"]),
    ("Rivers", "The river, rivers and a driver. https://example.org", &[]),
    ("Garten", "Die Gärtner im Garten, gardeners in the garden", &["été"]),
    ("東京", "東京タワーに行きました", &["home"]),
    ("Gardening", "garden garden gardener", &[]),
];

const QUESTIONS: &[&str] = &[
    "q=",
    "q=garden",
    "q=gard",
    "q=gardne%20",
    "q=recieve%20",
    "q=garden+plan",
    "q=garden+plan+river+budget&mode=any",
    "q=%22the+garden%22",
    "q=haus%20",
    "q=%E6%9D%B1%E4%BA%AC",
    "q=plan+OR+river+-garden",
    "q=title:garden",
    "q=tag:work",
    "q=in:box",
    "q=insurrance+budgett",
    "q=the+a+of+and&mode=any",
    "q=has:link+OR+has:task",
    "q=garden&sort=created",
    "q=is:trashed",
    "q=zzzz",
    "tag=work",
];

const BEGINNINGS: &[&str] = &["ga", "gar", "gard", "pl", "ha", "the+ga", "wo", "riv", "zz"];

/// Writes the notes, and before each of them `beside`.
async fn write(app: &App, ann: &Member<'_>, mut beside: impl AsyncFnMut(usize)) {
    let notebook = ann.notebook(json!({ "name": "Box" })).await.id();
    for (n, (title, body, tags)) in NOTES.iter().enumerate() {
        beside(n).await;
        let place = (n % 3 == 0).then_some(&notebook);
        let title = (!title.is_empty()).then_some(title);
        let new =
            json!({ "title": title, "body": "an earlier text of the garden", "tags": tags, "notebook_id": place });
        let id = ann.note(new).await.id();
        app.settle().await;
        ann.edit(&id, json!({ "body": body, "pinned": n == 4 })).await;
        if n == 7 {
            ann.trash(&id).await;
        }
        app.advance(Duration::from_secs(1));
    }
    app.settle().await;
}

/// The answer without what counts time and changes, ids being named by their order in all answers.
fn plain(value: &Value, names: &mut HashMap<String, usize>) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| !["took_ms", "change", "version", "seq", "next_cursor"].contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), plain(value, names)))
            .collect(),
        Value::Array(items) => items.iter().map(|item| plain(item, names)).collect(),
        Value::String(text) if uuid::Uuid::parse_str(text).is_ok() => {
            let next = names.len();
            json!(*names.entry(text.clone()).or_insert(next))
        }
        other => other.clone(),
    }
}

/// Everything that Ann is told.
async fn told(ann: &Member<'_>) -> Vec<Value> {
    let (mut told, mut names) = (Vec::new(), HashMap::new());
    for question in QUESTIONS {
        let path = format!("/search?{question}&limit=3");
        let mut answer = ann.get(&path).await.is(200);
        told.push(json!([question, plain(&answer.json, &mut names)]));
        while let Some(cursor) = answer.cursor().map(str::to_owned) {
            answer = ann.get(&format!("{path}&cursor={cursor}")).await.is(200);
            told.push(json!([question, plain(&answer.json, &mut names)]));
        }
    }
    for beginning in BEGINNINGS {
        let answer = ann.get(&format!("/search/suggest?q={beginning}")).await.is(200);
        told.push(json!([beginning, plain(&answer.json, &mut names)]));
    }
    told
}

#[tokio::test]
async fn every_answer_is_the_same_beside_another_who_has_the_like() {
    let (alone, beside) = (App::new().await, App::new().await);
    let ann = alone.member("ann").await;
    write(&alone, &ann, async |_| {}).await;
    let expected = told(&ann).await;
    assert!(expected.iter().filter(|answer| answer[1]["total"].as_u64().unwrap_or(0) > 0).count() > 15);

    let (ann, stranger) = (beside.member("ann").await, beside.stranger().await);
    stranger.post("/notebooks", json!({ "name": "Box" })).await.is(201);
    let crowd = async |n: usize| {
        for (at, (title, body, _)) in NOTES.iter().enumerate() {
            let body = format!("{body} {}", "garden gardner gardein plan insurance receiver wordy ".repeat(n + 1));
            let new = json!({ "title": format!("{title} {n}"), "body": body, "tags": ["work", "home/garden", "wort"] });
            let id = stranger.post("/notes", new).await.is(201).id();
            if at % 3 == 0 {
                stranger.edit(&id, json!({ "body": "garden" })).await;
            }
        }
        beside.settle().await;
    };
    write(&beside, &ann, crowd).await;
    for (told, expected) in told(&ann).await.iter().zip(&expected) {
        assert_eq!(told, expected);
    }
    alone.close().await;
    beside.close().await;
}
