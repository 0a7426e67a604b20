//! `/exports` and `/import`: archives that go and come, by jobs.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Actor, App, Member};

/// What is there of a member's, less what each server gives by itself.
async fn everything(member: &Member<'_>) -> Vec<Value> {
    let mut all = Vec::new();
    for state in ["active", "archived", "trashed"] {
        for mut note in member.all(&format!("/notes?state={state}&sort=created_at&include=body")).await {
            let note = note.as_object_mut().unwrap();
            note.remove("version");
            all.push(json!(note));
        }
    }
    all.extend(member.all("/notebooks").await);
    all.extend(member.all("/tags").await.into_iter().map(|tag| json!([tag["name"], tag["count"]])));
    all
}

#[tokio::test]
async fn an_export_comes_back_equal_on_another_server() {
    let (app, other) = (App::new().await, App::new().await);
    let ann = app.member("ann").await;
    let recipes = ann.notebook(json!({ "name": "Recipes" })).await.id();
    ann.note(json!({ "body": "# Tea\r\nWater.", "tags": ["Drinks/hot"], "notebook_id": recipes, "pinned": true }))
        .await;
    app.advance(Duration::from_secs(1));
    let archived =
        ann.note(json!({ "title": "Old", "body": "---\ntitle: no front matter of ours\n---\n🎉" })).await.id();
    ann.edit(&archived, json!({ "state": "archived" })).await;
    let trashed = ann.note(json!({ "body": "" })).await.id();
    ann.trash(&trashed).await;

    let begun = ann.post("/exports", Value::Null).await.is(202);
    let id = begun.text("/id");
    assert_eq!(begun.header("location"), Some(format!("/api/v1/exports/{id}").as_str()));
    assert_eq!((&begun.json["kind"], &begun.json["state"]), (&json!("export"), &json!("queued")));
    assert_eq!(ann.post("/exports", Value::Null).await.is(202).text("/id"), id, "one at a time");
    ann.get(&format!("/exports/{id}")).await.fails(409, "export-not-ready");
    app.work_off().await;
    let done = ann.get(&format!("/jobs/{id}")).await.is(200);
    assert_eq!((&done.json["state"], &done.json["result"]["notes"]), (&json!("done"), &json!(3)), "{}", done.json);
    assert_eq!(done.json["progress"], json!({ "done": 3, "total": 3 }));
    let archive = ann.get(&format!("/exports/{id}")).await.is(200);
    assert_eq!(archive.header("content-type"), Some("application/zip"));
    assert_eq!(archive.header("content-disposition"), Some("attachment; filename=\"inkstone-2026-03-01.zip\""));
    assert_eq!(archive.header("content-length"), Some(archive.bytes.len().to_string().as_str()));
    assert!(archive.bytes.starts_with(b"PK"));

    let bob = other.member("bob").await;
    let send = async || bob.post("/import", Value::Null).body("application/zip", archive.bytes.clone()).await;
    let begun = send().await.is(202);
    assert_eq!(begun.header("location"), Some(format!("/api/v1/jobs/{}", begun.text("/id")).as_str()));
    send().await.fails(409, "import-under-way");
    other.work_off().await;
    let job = bob.get(&format!("/jobs/{}", begun.text("/id"))).await.is(200);
    assert_eq!((&job.json["state"], &job.json["result"]["imported"]), (&json!("done"), &json!(3)), "{}", job.json);
    assert_eq!(everything(&bob).await, everything(&ann).await);

    let again = send().await.is(202).text("/id");
    other.work_off().await;
    let job = bob.get(&format!("/jobs/{again}")).await.is(200);
    assert_eq!((&job.json["result"]["imported"], &job.json["result"]["unchanged"]), (&json!(0), &json!(3)));
    app.close().await;
    other.close().await;
}

#[tokio::test]
async fn an_export_is_its_owners_and_waits_for_three_days() {
    let app = App::new().await;
    let (ann, stranger) = (app.member("ann").await, app.stranger().await);
    let id = ann.export().await;
    stranger.get(&format!("/exports/{id}")).await.fails(404, "not-found");
    let job = app.job_of(&ann).await;
    ann.get(&format!("/exports/{job}")).await.fails(404, "not-found");
    app.advance(Duration::from_secs(3 * 24 * 60 * 60 + 60));
    app.work_off().await;
    let ann = app.member("ann").await;
    ann.get(&format!("/exports/{id}")).await.fails(404, "not-found");
    app.close().await;
}

#[tokio::test]
async fn what_is_no_archive_is_not_taken() {
    let app = App::new().await;
    let ann = app.member("ann").await;
    for body in [&b"# Markdown"[..], b"", b"\x1f\x8bgzip"] {
        ann.post("/import", Value::Null).body("application/zip", body).await.fails(422, "invalid-request");
    }
    let broken = ann.post("/import", Value::Null).body("application/zip", &b"PK\x03\x04 and no more"[..]).await.is(202);
    app.work_off().await;
    let job = ann.get(&format!("/jobs/{}", broken.text("/id"))).await.is(200);
    assert_eq!((&job.json["state"], &job.json["attempts"]), (&json!("failed"), &json!(1)), "{}", job.json);
    assert!(job.json["error"].is_string());
    assert!(ann.all("/notes").await.is_empty());
    app.close().await;
}
