//! `/jobs`, and what the house does by schedule.

use std::time::Duration;

use inkstone::backup::Place;
use inkstone::config::Keep;
use poem::http::Method;
use serde_json::{Value, json};

use crate::support::{Actor as _, App};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test]
async fn jobs_are_their_owners_and_come_newest_first() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    let mut ids = Vec::new();
    for _ in 0..3 {
        app.advance(Duration::from_secs(1));
        ids.insert(0, json!(app.job_of(&ann).await));
    }
    app.job_of(&stranger.0).await;
    assert_eq!(ann.each("/jobs", "id").await, ids);
    let page = ann.get("/jobs?limit=2").await.is(200);
    assert_eq!(page.items().len(), 2);
    let next = page.json["next_cursor"].as_str().unwrap();
    assert_eq!(ann.get(&format!("/jobs?limit=2&cursor={next}")).await.is(200).items()[0]["id"], ids[2]);
    ann.get("/jobs?cursor=x").await.malformed("cursor");

    let path = format!("/jobs/{}", ids[0].as_str().unwrap());
    let job = ann.get(&path).await.is(200);
    for (name, value) in [
        ("kind", json!("waiting")),
        ("state", json!("queued")),
        ("progress", json!({ "done": 0, "total": null })),
        ("attempts", json!(0)),
        ("result", Value::Null),
        ("error", Value::Null),
    ] {
        assert_eq!(job.json[name], value, "{name}");
    }
    stranger.get(&path).await.fails(404, "not-found");
    ann.get("/jobs/x").await.fails(404, "not-found");
    app.close().await;
}

#[tokio::test]
async fn whoever_asked_hears_of_a_job_in_the_change_log() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    let (before, theirs) = (ann.head().await, stranger.head().await);
    let id = app.job_of(&ann).await;
    app.work_off().await;
    let changes = ann.get(&format!("/changes?since={before}")).await.is(200);
    let seen: Vec<_> = changes.items().iter().map(|c| (&c["kind"], &c["id"], &c["op"])).collect();
    let put = (&json!("job"), &json!(id), &json!("put"));
    assert_eq!(seen, [put, put, put], "asked for, begun, waiting again");
    assert!(stranger.get(&format!("/changes?since={theirs}")).await.is(200).items().is_empty());
    app.close().await;
}

#[tokio::test]
async fn a_dead_letter_is_seen_requeued_and_removed_over_the_control_socket() {
    let app = App::new().await;
    let id = app.dead_letter().await;
    let local = app.local_admin();
    let dead = || local.plain(Method::GET, "/local/v1/jobs?state=failed");
    let listed = dead().await.is(200);
    assert_eq!((&listed.items()[0]["job"]["id"], &listed.items()[0]["owner"]), (&json!(id), &Value::Null));
    local.plain(Method::POST, &format!("/local/v1/jobs/{id}/requeue")).await.is(204);
    assert!(dead().await.is(200).items().is_empty());
    local.plain(Method::DELETE, &format!("/local/v1/jobs/{id}")).await.fails(404, "not-found");
    app.work_off().await;
    local.plain(Method::DELETE, &format!("/local/v1/jobs/{id}")).await.is(204);
    assert!(dead().await.is(200).items().is_empty());
    app.close().await;
}

#[tokio::test]
async fn a_note_is_purged_when_it_has_lain_in_the_trash_for_30_days() {
    let app = App::new().await;
    app.work_off().await;
    let ann = app.member("ann").await;
    let (old, young, kept) = (
        ann.note(json!({ "body": "old", "tags": ["t"] })).await.id(),
        ann.note(json!({ "body": "young", "tags": ["t"] })).await.id(),
        ann.note(json!({ "body": "kept", "tags": ["t"] })).await.id(),
    );
    ann.trash(&old).await;
    app.advance(DAY);
    let ann = app.member("ann").await;
    ann.trash(&young).await;
    app.advance(29 * DAY - Duration::from_secs(1));
    app.work_off().await;
    let ann = app.member("ann").await;
    assert_eq!(ann.all("/notes?state=trashed").await.len(), 2, "a second too early");
    app.advance(Duration::from_secs(60 * 60));
    app.work_off().await;
    let ann = app.member("ann").await;
    assert_eq!(ann.each("/notes?state=trashed", "id").await, [json!(young)]);
    assert_eq!(ann.each("/notes", "id").await, [json!(kept)]);
    ann.get(&format!("/notes/{old}")).await.fails(404, "not-found");
    app.close().await;
}

#[tokio::test]
async fn the_house_looks_after_itself_by_schedule() {
    let app = App::new().await;
    assert_eq!(app.work_off().await, 0, "nothing is due at once");
    app.advance(DAY);
    app.work_off().await;
    let done = app.local_admin().plain(Method::GET, "/local/v1/jobs?state=done").await.is(200);
    let mut kinds: Vec<_> = done.items().iter().map(|item| item["job"]["kind"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["check-integrity", "delete-accounts", "purge-trash", "sweep"]);
    let checked = done.items().iter().find(|item| item["job"]["kind"] == "check-integrity").unwrap();
    assert_eq!(checked["job"]["result"], json!({ "sound": true, "texts": 0 }));
    app.close().await;
}

#[tokio::test]
async fn the_nightly_check_finds_a_text_that_is_not_what_was_written() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for n in 0..3 {
        ann.note(json!({ "body": format!("text {n}") })).await;
    }
    let damage = "UPDATE notes SET body = 'something else' WHERE id = (SELECT id FROM notes ORDER BY id LIMIT 1)";
    app.parts().db.write(move |tx| tx.execute(damage, &[])).await.unwrap();
    ann.plain(Method::GET, "/readyz").await.is(200);
    app.work_off().await;
    app.advance(DAY);
    // What it finds ends all writing; whether another job wants to begin afterwards is chance.
    let _ = app.try_work_off().await;
    let ready = ann.plain(Method::GET, "/readyz").await.is(503);
    let detail = ready.json["checks"]["integrity"]["detail"].as_str().unwrap();
    assert!(detail.contains("is not what was written"), "{detail}");

    // Whoever is signed in goes on reading for longer than an access token lives, and nothing can be written.
    for _ in 0..2 {
        let renewed = app.anonymous().post("/auth/refresh", json!({ "refresh_token": ann.refresh })).await.is(200);
        assert_eq!(renewed.text("/refresh_token"), ann.refresh, "nothing was exchanged");
        let bearer = format!("Bearer {}", renewed.text("/access_token"));
        app.anonymous().get("/notes").header("authorization", &bearer).await.is(200);
        let write = app.anonymous().post("/notes", json!({ "body": "more" })).header("authorization", &bearer).await;
        write.fails(503, "store-damaged");
    }
    app.close().await;
}

#[tokio::test]
async fn backups_are_made_by_schedule_proven_and_thinned_out() {
    let place = tempfile::tempdir().unwrap();
    let app = App::with(|config| {
        config.backup_daily = Some(150);
        config.backup_dir = Some(place.path().join("backups"));
        config.backup_keep = Some(Keep { last: 2, ..Keep::default() });
    })
    .await;
    let ann = app.member("ann").await;
    ann.note(json!({ "title": "Tea", "body": "Green, from the mountains." })).await;
    assert_eq!(app.work_off().await, 0, "nothing is due at once");
    for _ in 0..3 {
        app.advance(DAY);
        app.work_off().await;
    }
    let done = app.local_admin().plain(Method::GET, "/local/v1/jobs?state=done").await.is(200);
    let made: Vec<_> = done.items().iter().map(|item| &item["job"]).filter(|job| job["kind"] == "backup").collect();
    let removed: Vec<_> = made.iter().map(|job| job["result"]["removed"].as_array().unwrap().len()).collect();
    assert_eq!(removed, [1, 0, 0], "the newest first");
    for job in &made {
        assert_eq!((&job["result"]["notes"], &job["result"]["searched"]), (&json!(1), &json!(1)));
    }
    let listing = Place::at(place.path().join("backups")).list().unwrap();
    let kept: Vec<_> = listing.archives.iter().map(|listed| listed.path.display().to_string()).collect();
    assert_eq!(kept, [&made[0], &made[1]].map(|job| job["result"]["archive"].as_str().unwrap().to_owned()));
    app.close().await;
}
