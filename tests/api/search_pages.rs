//! The further pages of a search: what they show while notes and index change.

use std::collections::BTreeSet;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use poem::http::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, App, Member};

const MINUTE: Duration = Duration::from_secs(60);

fn ids(answer: &Answer) -> Vec<String> {
    answer.items().iter().map(|hit| hit["note"]["id"].as_str().unwrap().to_owned()).collect()
}

async fn write(ann: &Member<'_>, count: usize) -> Vec<String> {
    let mut written = Vec::new();
    for n in 0..count {
        let body = format!("apple {}", "pear ".repeat(n % 7));
        written.push(ann.note(json!({ "title": format!("Note {n}"), "body": body })).await.id());
    }
    written
}

async fn first(app: &App, actor: &impl Actor, query: &str) -> Answer {
    app.settle().await;
    actor.get(&format!("/search?{query}")).await.is(200)
}

fn after(answer: &Answer, query: &str) -> String {
    format!("/search?{query}&cursor={}", answer.cursor().unwrap())
}

#[tokio::test]
async fn each_note_of_the_first_answer_is_shown_once_while_everything_changes() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    let notes = write(&ann, 14).await;
    for query in ["q=apple", "q=apple+pear&mode=any", "sort=updated", "q=apple&sort=created"] {
        let whole = ids(&first(&app, &ann, &format!("{query}&limit=200")).await);
        let query = format!("{query}&limit=4");
        let mut page = first(&app, &ann, &query).await;
        let (total, change) = (page.json["total"].clone(), page.json["change"].clone());
        let (mut shown, mut pages) = (ids(&page), 1);
        while page.cursor().is_some() {
            // What stands first and last moves, others come, and words weigh otherwise.
            let (top, bottom) = (&notes[pages % notes.len()], &notes[(pages * 7) % notes.len()]);
            ann.edit(top, json!({ "body": format!("apple now {pages}") })).await;
            ann.edit(bottom, json!({ "pinned": pages % 2 == 0, "body": "apple ".repeat(pages) })).await;
            let new = ann.note(json!({ "title": "apple", "body": "apple pear" })).await.id();
            stranger.note(json!({ "title": "apple", "body": "apple pear" })).await;
            if pages == 2 {
                // What is set aside is named by the time.
                app.advance(Duration::from_secs(1));
                app.parts().search.rebuild().await.unwrap();
            }
            app.settle().await;
            page = ann.get(&after(&page, &query)).await.is(200);
            assert_eq!((&page.json["total"], &page.json["change"]), (&total, &change), "{query}");
            shown.extend(ids(&page));
            pages += 1;
            ann.purge(&new).await;
        }
        assert_eq!(shown, whole, "{query}");
    }
    app.close().await;
}

#[tokio::test]
async fn what_is_deleted_or_hidden_meanwhile_is_left_out() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    write(&ann, 9).await;
    let whole = ids(&first(&app, &ann, "q=apple&limit=9").await);
    let page = first(&app, &ann, "q=apple&limit=3").await;
    ann.purge(&whole[3]).await;
    ann.trash(&whole[5]).await;
    ann.edit(&whole[4], json!({ "body": "nothing of it" })).await;
    app.settle().await;
    let next = ann.get(&after(&page, "q=apple&limit=3")).await.is(200);
    assert_eq!(ids(&next), [whole[4].as_str()], "what was found and is still there");
    ann.trash(&whole[6]).await;
    ann.trash(&whole[7]).await;
    ann.trash(&whole[8]).await;
    let last = ann.get(&after(&next, "q=apple&limit=3")).await.is(200);
    assert_eq!((ids(&last).len(), last.cursor()), (0, None));
    app.close().await;
}

#[tokio::test]
async fn a_cursor_lasts_five_minutes_from_its_page_and_says_what_to_do_then() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    write(&ann, 9).await;
    let query = "q=apple&limit=2";
    let mut page = first(&app, &ann, query).await;
    ann.note(json!({ "title": "apple", "body": "" })).await;
    app.settle().await;
    for _ in 0..2 {
        app.advance(MINUTE * 4);
        page = app.member("ann").await.get(&after(&page, query)).await.is(200);
    }
    app.advance(MINUTE * 5);
    let ann = app.member("ann").await;
    let gone = ann.get(&after(&page, query)).await.fails(410, "cursor-expired");
    assert!(gone.text("/detail").contains("Ask again without"), "{}", gone.json);
    first(&app, &ann, query).await;
    app.close().await;
}

#[tokio::test]
async fn where_none_of_ones_notes_was_changed_a_cursor_is_good_for_longer() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    write(&ann, 9).await;
    let whole = ids(&first(&app, &ann, "q=apple&limit=9").await);
    let page = first(&app, &ann, "q=apple&limit=3").await;
    app.stranger().await.note(json!({ "title": "apple", "body": "apple" })).await;
    app.advance(MINUTE * 6);
    app.settle().await;
    let later = app.member("ann").await;
    assert_eq!(ids(&later.get(&after(&page, "q=apple&limit=3")).await.is(200)), whole[3..6]);
    app.advance(MINUTE * 60);
    app.member("ann").await.get(&after(&page, "q=apple&limit=3")).await.fails(410, "cursor-expired");
    app.close().await;
}

#[tokio::test]
async fn nobody_goes_on_in_what_is_kept_for_another() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    write(&ann, 9).await;
    let theirs = write_for(&stranger).await;
    let page = first(&app, &ann, "q=apple&limit=3").await;
    // As long as nothing changes it is a place in their own answer.
    let place = stranger.get(&after(&page, "q=apple&limit=3")).await.is(200);
    assert!(ids(&place).iter().all(|id| theirs.contains(id)));
    stranger.note(json!({ "title": "apple", "body": "" })).await;
    app.settle().await;
    stranger.get(&after(&page, "q=apple&limit=3")).await.fails(410, "cursor-expired");
    ann.get(&after(&page, "q=apple&limit=3")).await.is(200);
    app.close().await;
}

async fn write_for(stranger: &impl Actor) -> BTreeSet<String> {
    let mut written = BTreeSet::new();
    for n in 0..5 {
        let new = json!({ "title": format!("Other {n}"), "body": "apple apple apple" });
        written.insert(stranger.post("/notes", new).await.is(201).id());
    }
    written
}

#[tokio::test]
async fn a_key_that_goes_on_with_its_owners_cursor_stays_within_its_confines() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    write(&ann, 6).await;
    let mut within = BTreeSet::new();
    for n in 0..3 {
        within.insert(ann.note(json!({ "title": format!("w {n}"), "body": "apple", "tags": ["work"] })).await.id());
    }
    let page = first(&app, &ann, "q=apple&limit=1").await;
    ann.note(json!({ "title": "apple", "body": "apple", "tags": ["work"] })).await;
    app.settle().await;
    let key = ann.key(&["read", "search"], json!({ "tags": ["work"] })).await.text("/key").to_owned();
    let anonymous = app.anonymous();
    let path = after(&page, "q=apple&limit=1").replace("limit=1", "limit=50");
    let call = anonymous.call(Method::GET, &path).header("authorization", &format!("Bearer {key}"));
    let answer = call.await.is(200);
    assert!(ids(&answer).iter().all(|id| within.contains(id)), "{}", answer.json);
    app.close().await;
}

#[tokio::test]
async fn who_asks_much_loses_their_own_oldest_and_nobody_elses() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    write(&ann, 3).await;
    write_for(&stranger).await;
    let theirs = first(&app, &stranger, "q=apple&limit=1").await;
    let oldest = first(&app, &ann, "q=apple&limit=1").await;
    for n in 0..34 {
        ann.note(json!({ "title": format!("apple {n}"), "body": "" })).await;
        first(&app, &ann, "q=apple&limit=1").await;
    }
    ann.get(&after(&oldest, "q=apple&limit=1")).await.fails(410, "cursor-expired");
    stranger.get(&after(&theirs, "q=apple&limit=1")).await.is(200);
    let metrics = &app.parts().metrics.search;
    assert!(metrics.pins_evicted.get() > 0 && metrics.pins.get() > 1);
    app.close().await;
}

#[tokio::test]
async fn only_a_page_that_has_a_next_one_is_kept() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    write(&ann, 3).await;
    first(&app, &ann, "q=apple&limit=3").await;
    ann.get("/search/suggest?q=note&limit=1").await.is(200);
    assert_eq!(app.parts().metrics.search.pins.get(), 0);
    first(&app, &ann, "q=apple&limit=2").await;
    first(&app, &ann, "q=note&limit=1").await;
    assert_eq!(app.parts().metrics.search.pins.get(), 1, "one for both");
    app.close().await;
}

#[tokio::test]
async fn a_cursor_that_somebody_made_up_finds_nothing_out() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    write(&ann, 9).await;
    let query = "q=apple+updated:%3E2000&limit=3";
    let page = first(&app, &ann, query).await;
    let bytes = URL_SAFE_NO_PAD.decode(page.cursor().unwrap()).unwrap();
    let keyset: Vec<Value> = serde_json::from_slice(&bytes[8..]).unwrap();
    let forged = |at: usize, value: Value| {
        let mut keyset = keyset.clone();
        keyset[at] = value;
        let text = serde_json::to_vec(&keyset).unwrap();
        format!("/search?{query}&cursor={}", URL_SAFE_NO_PAD.encode([&bytes[..8], &text].concat()))
    };
    for time in [i64::MIN, -1, 0, i64::MAX, keyset[5].as_i64().unwrap() + 1] {
        ann.get(&forged(5, json!(time))).await.fails(410, "cursor-expired");
    }
    ann.note(json!({ "title": "apple", "body": "" })).await;
    app.settle().await;
    for change in [i64::MIN, 0, 1, i64::MAX] {
        ann.get(&forged(4, json!(change))).await.is(200);
        let path = forged(3, json!(uuid::Uuid::nil()));
        ann.get(&path).await.fails(410, "cursor-expired");
    }
    ann.get(&forged(0, json!(u64::MAX))).await.is(200);
    ann.get(&forged(0, json!("0"))).await.malformed("cursor");
    app.close().await;
}
