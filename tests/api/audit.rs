//! The audit log: what is in it, who sees it, and whether it holds.

use inkstone::audit;
use poem::http::Method;
use serde_json::{Value, json};

use crate::support::{Actor, App, PASSWORD};

fn actions(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_matters_is_recorded_with_who_what_when_from_where_and_how_it_went() {
    let app = App::new().await;
    let root = app.admin("root").await;
    let ada = app.member("ada").await;
    let wrong = json!({ "email": ada.email, "password": "wrong password" });
    for _ in 0..3 {
        let anonymous = app.anonymous();
        let call = anonymous.post("/auth/login", wrong.clone()).from("192.0.2.7").header("user-agent", "Guesser");
        call.await.fails(401, "invalid-credentials");
    }
    let change = json!({ "current_password": PASSWORD, "new_password": "another fine password" });
    ada.post("/me/password", change).header("user-agent", "Firefox").from("192.0.2.8").await.is(204);

    let entries = root.all("/admin/audit").await;
    let seqs: Vec<i64> = entries.iter().map(|entry| entry["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, (1..=seqs.len() as i64).rev().collect::<Vec<_>>(), "the newest first, without gaps");
    let refused = entries.iter().find(|entry| entry["outcome"] == "refused").unwrap();
    assert_eq!(
        (&refused["action"], &refused["times"], &refused["address"], &refused["agent"], &refused["subject"]["email"]),
        (&json!("credential.refused"), &json!(3), &json!("192.0.2.7"), &json!("Guesser"), &json!(ada.email)),
    );
    assert_eq!(refused["actor"], json!({ "id": null, "email": null }));
    assert_eq!(refused["details"]["flow"], "sign-in");
    let changed = entries.iter().find(|entry| entry["action"] == "password.changed").unwrap();
    assert_eq!(
        (&changed["actor"]["email"], &changed["credential"], &changed["address"], &changed["agent"]),
        (&json!(ada.email), &json!("session"), &json!("192.0.2.8"), &json!("Firefox")),
    );
    let made = entries.iter().find(|entry| entry["action"] == "account.created").unwrap();
    assert_eq!(made["credential"], "machine");
    app.close().await;
}

#[tokio::test]
async fn it_is_filtered_paged_and_taken_away_as_csv() {
    let app = App::new().await;
    let root = app.admin("root").await;
    let ada = app.member("ada").await;
    app.advance(std::time::Duration::from_secs(60));
    for _ in 0..3 {
        ada.once_more(None).await;
    }
    let root = root.0.once_more(None).await;
    let begun = root.all("/admin/audit?action=session.begun&limit=2").await;
    assert_eq!(actions(&begun), ["session.begun"; 6]);
    let of_ada = root.all(&format!("/admin/audit?actor={}&action=session.begun", ada.id)).await;
    assert_eq!(of_ada.len(), 4);
    let later = root.all(&format!("/admin/audit?actor={}&from=2026-03-01T09:31:00Z", ada.id)).await;
    assert_eq!(later.len(), 3);
    let before = root.all(&format!("/admin/audit?subject={}&to=2026-03-01T09:31:00Z", ada.id)).await;
    assert_eq!(actions(&before), ["session.begun", "account.created"]);
    root.get("/admin/audit?action=nothing").await.fails(400, "malformed-request");
    root.get("/admin/audit?from=today").await.fails(400, "malformed-request");

    let csv = root.get("/admin/audit?format=csv&action=session.begun").await.is(200);
    assert_eq!(csv.header("content-disposition"), Some("attachment; filename=\"inkstone-audit.csv\""));
    let text = String::from_utf8(csv.bytes.clone()).unwrap();
    let lines: Vec<&str> = text.split("\r\n").filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), 7, "{text}");
    assert!(lines[0].starts_with("seq,at,action,"), "{text}");
    assert!(lines[1..].iter().all(|line| line.contains(",session.begun,done,")), "{text}");
    app.close().await;
}

#[tokio::test]
async fn everybody_sees_their_own_activity_and_no_more() {
    let app = App::new().await;
    let root = app.admin("root").await;
    let ada = app.member("ada").await;
    root.patch(&format!("/admin/users/{}", ada.id), json!({ "role": "read-only" })).await.is(200);
    let ada = ada.once_more(None).await;
    let own = ada.all("/me/activity").await;
    assert_eq!(actions(&own), ["session.begun", "account.role-changed", "session.begun", "account.created"]);
    assert_eq!(own[1]["actor"], json!({ "id": null, "email": null }), "which administrator it was is not told");
    assert_eq!(own[0]["actor"]["email"], ada.email);
    let stranger = app.stranger().await;
    assert_eq!(actions(&stranger.all("/me/activity").await), ["session.begun", "account.created"]);
    app.close().await;
}

#[tokio::test]
async fn a_changed_a_removed_and_a_cut_off_row_show() {
    use audit::verify::{Anchor, Finding, verify};
    let app = App::new().await;
    let ada = app.member("ada").await;
    for _ in 0..4 {
        ada.once_more(None).await;
    }
    let db = app.parts().db.clone();
    let whole = db.read(|tx| verify(tx, &[])).await.unwrap();
    assert!(whole.findings.is_empty() && whole.rows == 6, "{whole:?}");
    let anchor = Anchor { name: "backup".into(), seq: whole.last, hash: whole.hash };
    let findings = async |anchors: Vec<Anchor>| db.read(move |tx| verify(tx, &anchors)).await.unwrap().findings;
    assert!(findings(vec![anchor.clone()]).await.is_empty());

    let run = async |sql: &'static str| db.write(move |tx| tx.execute(sql, &[])).await.unwrap();
    run("UPDATE audit_persons SET name = 'eve@example.org' WHERE seq = 2 AND part = 'actor'").await;
    assert_eq!(findings(vec![]).await, [Finding::PersonChanged { seq: 2, part: "actor" }]);
    run("DELETE FROM audit_persons WHERE seq = 2").await;
    assert!(findings(vec![]).await.is_empty(), "a person may be erased");
    run("UPDATE audit SET outcome = 'refused' WHERE seq = 3").await;
    assert_eq!(findings(vec![]).await, [Finding::Changed { seq: 3 }]);
    run("UPDATE audit SET outcome = 'done' WHERE seq = 3").await;
    run("DELETE FROM audit WHERE seq = 4").await;
    assert_eq!(findings(vec![]).await, [Finding::Missing { from: 4, to: 4 }]);
    run("DELETE FROM audit WHERE seq > 3").await;
    assert!(findings(vec![]).await.is_empty(), "what is cut off does not show by itself");
    let expected = Finding::Truncated { last: 3, seen: 6, anchor: "backup".into() };
    assert_eq!(findings(vec![anchor.clone()]).await, [expected]);
    // The log goes on, and comes to the number that the backup has seen with another row.
    for _ in 0..3 {
        ada.once_more(None).await;
    }
    assert_eq!(findings(vec![anchor]).await, [Finding::Rewritten { seq: 6, anchor: "backup".into() }]);
    app.close().await;
}

#[tokio::test]
async fn an_attack_does_not_fill_the_log() {
    let app = App::new().await;
    let root = app.admin("root").await;
    for n in 0..500 {
        let body = json!({ "email": format!("user{n}@example.org"), "password": "wrong password" });
        let address = format!("192.0.{}.{}", n / 250, n % 250);
        app.anonymous().post("/auth/login", body).from(&address).await.fails(401, "invalid-credentials");
    }
    let refused = root.all("/admin/audit?outcome=refused").await;
    assert_eq!(refused.iter().map(|entry| entry["times"].as_i64().unwrap()).sum::<i64>(), 500);
    assert!(refused.len() <= 65, "{} rows", refused.len());
    assert!(refused.iter().any(|entry| entry["address"] == "several"), "{refused:?}");
    assert!(root.call(Method::GET, "/me/activity").await.is(200).items().len() < 5);
    app.close().await;
}
