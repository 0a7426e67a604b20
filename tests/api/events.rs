//! `/events`: the log as it happens.

use std::time::Duration;

use inkstone::feed;
use inkstone::feed::subscribers::MOST_OF_ONE;
use inkstone::sessions::IDLE_LIFETIME;
use poem::http::Method;
use serde_json::{Value, json};

use crate::support::{Actor, App, Event, Events, Member, PASSWORD};

async fn listen(actor: &impl Actor) -> Events {
    actor.get("/events").listen().await
}

async fn resume(actor: &impl Actor, id: &str) -> Events {
    actor.get("/events").header("last-event-id", id).listen().await
}

/// The same as an item of `/changes`.
async fn item(actor: &Member<'_>, seq: i64) -> Value {
    actor.get(&format!("/changes?since={}&limit=1", seq - 1)).await.is(200).items()[0].clone()
}

#[tokio::test]
async fn a_listener_hears_where_it_begins_and_then_what_changes() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let (store, head) = (app.parts().db.epoch(), ann.head().await);
    let answer = ann.get("/events").await.is(200);
    assert_eq!(answer.header("content-type"), Some("text/event-stream"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-accel-buffering"), Some("no"));
    assert_eq!(answer.header("content-encoding"), None);

    let mut events = listen(&ann).await;
    let hello = events.is("hello").await;
    assert_eq!((hello.id, hello.data), (format!("{store}.{head}"), json!({ "store": store, "head": head })));
    let note = ann.note(json!({ "body": "1" })).await;
    let change = events.is("change").await;
    assert_eq!(change.id, format!("{store}.{}", note.change()));
    assert_eq!(change.data, item(&ann, note.change()).await);
    assert_eq!(change.data["id"], note.id());
    let gone = ann.purge(&note.id()).await.change();
    assert_eq!(events.is("change").await.data, item(&ann, gone).await);
    app.close().await;
}

#[tokio::test]
async fn a_listener_goes_on_where_it_was_without_a_gap_or_a_repetition() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let mut first = listen(&ann).await;
    first.is("hello").await;
    let begin = ann.note(json!({ "body": "0" })).await.change();
    let at = first.is("change").await.id;
    drop(first);
    // More than are sent at a time.
    app.import(&ann.email, (0..250).map(|_| json!({}))).await;
    let mut second = resume(&ann, &at).await;
    let more = ann.note(json!({ "body": "last" })).await.change();
    let (mut seen, mut last) = (Vec::new(), None);
    while seen.last() != Some(&more) {
        let Event { id, data, .. } = second.is("change").await;
        seen.push(data["seq"].as_i64().unwrap());
        last = Some(id);
    }
    assert!(seen.is_sorted_by(|a, b| a < b), "in order, and each once");
    let page = ann.get(&format!("/changes?since={begin}&limit=200")).await.is(200);
    let rest = ann.get(&format!("/changes?since={}&limit=200", page.json["next"])).await.is(200);
    let expected: Vec<_> = page.items().iter().chain(rest.items()).map(|item| item["seq"].as_i64().unwrap()).collect();
    assert_eq!(seen, expected);
    // Nothing happened since: it says that the line is open.
    assert_eq!(
        Some(resume(&ann, &last.unwrap()).await.is("beat").await.id),
        Some(format!("{}.{more}", app.parts().db.epoch()))
    );
    app.close().await;
}

#[tokio::test]
async fn a_program_without_headers_says_its_position_in_the_query() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let (store, head) = (app.parts().db.epoch(), ann.head().await);
    let note = ann.note(json!({ "body": "1" })).await.change();
    for path in [format!("/events?since={head}"), format!("/events?since={head}&store={store}")] {
        assert_eq!(ann.get(&path).listen().await.is("change").await.data["seq"], note);
    }
    // A browser comes back to the same address; what it took in since counts.
    let path = format!("/events?since={head}");
    let mut again = ann.get(&path).header("last-event-id", &format!("{store}.{note}")).listen().await;
    again.is("beat").await;
    app.close().await;
}

#[tokio::test]
async fn everybody_hears_of_their_own_changes_alone() {
    let app = App::new().await;
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    let (mut to_ann, mut to_bob) = (listen(&ann).await, listen(&bob).await);
    to_ann.is("hello").await;
    to_bob.is("hello").await;
    let theirs = bob.note(json!({ "body": "2" })).await.id();
    let mine = ann.note(json!({ "body": "1" })).await.id();
    assert_eq!(to_ann.is("change").await.data["id"], mine);
    assert_eq!(to_bob.is("change").await.data["id"], theirs);
    app.close().await;
}

#[tokio::test]
async fn a_position_that_leads_nowhere_is_an_event_and_the_stream_goes_on() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for n in 0..5 {
        ann.note(json!({ "body": n.to_string() })).await;
    }
    let (store, head) = (app.parts().db.epoch(), ann.head().await);
    app.parts().db.write(|tx| feed::store::prune(tx, 2, 1_000)).await.unwrap();
    let other = &ann.id;
    for (position, reason) in [
        (format!("{store}.1"), "out-of-reach"),
        (format!("{store}.{}", head + 1), "out-of-reach"),
        (format!("{other}.{head}"), "another-store"),
    ] {
        let mut events = resume(&ann, &position).await;
        let resync = events.is("resync").await;
        assert_eq!(resync.data, json!({ "reason": reason, "store": store, "head": head }), "{position}");
        assert_eq!(resync.id, format!("{store}.{head}"));
    }
    let mut events = ann.get(&format!("/events?store={other}")).listen().await;
    assert_eq!(events.is("resync").await.data["reason"], "another-store");
    let note = ann.note(json!({ "body": "more" })).await.change();
    assert_eq!(events.is("change").await.data["seq"], note);
    app.close().await;
}

#[tokio::test]
async fn a_position_that_is_none_is_refused() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let store = app.parts().db.epoch();
    for id in ["", "7", "x.7", &format!("{store}"), &format!("{store}.-7"), &format!("{store}.7.7")] {
        ann.get("/events").header("last-event-id", id).await.malformed("Last-Event-ID");
    }
    for (query, field) in [("since=-1", "since"), ("since=x", "since"), ("store=7", "store"), ("limit=1", "limit")] {
        ann.get(&format!("/events?{query}")).await.malformed(field);
    }
    app.close().await;
}

#[tokio::test]
async fn the_end_of_a_session_ends_its_streams_and_no_others() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let other = ann.again().await;
    let (mut stays, mut ends) = (listen(&ann).await, listen(&other).await);
    stays.is("hello").await;
    ends.is("hello").await;
    other.call(Method::POST, "/auth/logout").await.is(204);
    assert_eq!(ends.is("bye").await.data, json!({ "reason": "session-ended" }));
    assert_eq!(ends.next().await, None);
    assert_eq!(stays.is("change").await.data["kind"], "session");
    other.get("/events").await.fails(401, "invalid-token");
    app.close().await;
}

#[tokio::test]
async fn a_stream_outlives_the_token_that_opened_it_and_not_the_session() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let mut events = listen(&ann).await;
    events.is("hello").await;
    app.advance(Duration::from_secs(24 * 60 * 60));
    ann.get("/me").await.fails(401, "invalid-token");
    let other = ann.again().await;
    assert_eq!(events.is("change").await.data["kind"], "session");
    let note = other.note(json!({ "body": "1" })).await.id();
    assert_eq!(events.is("change").await.data["id"], note);
    app.advance(IDLE_LIFETIME);
    ann.again().await;
    events.is("bye").await;
    assert_eq!(events.next().await, None);
    app.close().await;
}

#[tokio::test]
async fn a_new_password_and_a_disabled_account_end_streams() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let other = ann.again().await;
    let (mut stays, mut ends) = (listen(&ann).await, listen(&other).await);
    stays.is("hello").await;
    ends.is("hello").await;
    let passwords = json!({ "current_password": PASSWORD, "new_password": "staple of another stable" });
    ann.post("/me/password", passwords).await.is(204);
    ends.is("bye").await;
    let local = app.local_admin();
    local.plain(Method::POST, "/local/v1/users/disable").json(&json!({ "email": ann.email })).await.is(200);
    while stays.is_not("bye").await {}
    assert_eq!(stays.next().await, None);
    app.close().await;
}

#[tokio::test]
async fn an_account_may_have_so_many_streams() {
    let app = App::new().await;
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    let mut held = Vec::new();
    for _ in 0..MOST_OF_ONE {
        held.push(listen(&ann).await);
    }
    let refused = ann.get("/events").await.fails(429, "too-many-streams");
    assert!(refused.header("retry-after").is_some());
    bob.get("/events").await.is(200);
    held.pop();
    ann.get("/events").await.is(200);
    let metrics = app.local_admin().plain(Method::GET, "/metrics").await.is(200);
    let text = String::from_utf8(metrics.bytes).unwrap();
    assert!(text.contains(&format!("inkstone_event_streams {}\n", MOST_OF_ONE - 1)), "{text}");
    app.close().await;
}

#[tokio::test]
async fn a_server_that_stops_ends_its_streams_without_a_farewell() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    let mut events = listen(&ann).await;
    events.is("hello").await;
    app.parts().subscribers.close();
    assert_eq!(events.next().await, None, "whoever listens comes back");
    ann.get("/events").await.fails(503, "shutting-down");
    app.close().await;
}
