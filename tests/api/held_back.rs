//! Requests whose session ends while their body is on its way: none of them leaves somebody a way in.

use poem::http::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, App, Authenticator, Call, Member, PASSWORD};

const NEW: &str = "a password that nobody else has";

/// Sends it up to its body, changes the password of the account elsewhere, and sends the rest.
async fn over_a_change(call: Call<'_>, elsewhere: &Member<'_>) -> Answer {
    let (call, waits, go) = call.held_back();
    let change = async {
        waits.await.unwrap();
        let change = json!({ "current_password": PASSWORD, "new_password": NEW });
        elsewhere.post("/me/password", change).await.is(204);
        go.send(()).unwrap();
    };
    tokio::join!(call, change).0
}

#[tokio::test]
async fn a_session_that_ended_meanwhile_leaves_no_way_in() {
    let app = App::new().await;
    for what in ["key", "passkey", "totp", "email", "invite"] {
        let thief = match what {
            "invite" => app.admin(what).await.0,
            _ => app.member(what).await,
        };
        let owner = thief.once_more(None).await;
        let mut phone = Authenticator::new("http://localhost:7465");
        let call = match what {
            "key" => thief.post("/me/api-keys", json!({ "name": "planted", "scopes": ["read"] })),
            "passkey" => {
                let begun = thief.call(Method::POST, "/me/passkeys/begin").await.is(200);
                let made = phone.make(&begun.json["options"]);
                thief.post(
                    "/me/passkeys",
                    json!({ "name": "planted", "state": begun.json["state"], "credential": made }),
                )
            }
            "totp" => {
                let enrolled = thief.enrol().await;
                thief.post("/me/totp/confirm", json!({ "code": enrolled.code(&app) }))
            }
            "email" => thief.patch("/me", json!({ "email": "thief@example.org" })),
            _ => thief.post("/admin/invites", json!({ "role": "admin" })),
        };
        let answer = over_a_change(call, &owner).await;
        assert!(matches!(answer.status, 401 | 422), "{what}: {} {}", answer.status, answer.json);
        // The owner goes on, and finds nothing that was planted.
        assert_eq!(owner.all("/me/api-keys").await, Vec::<Value>::new(), "{what}");
        assert_eq!(owner.get("/me/passkeys").await.is(200).json["items"], json!([]), "{what}");
        assert_eq!(owner.get("/me/totp").await.is(200).json["enabled"], false, "{what}");
        assert_eq!(owner.get("/me").await.is(200).json["email"], json!(owner.email), "{what}");
        if what == "invite" {
            assert_eq!(owner.all("/admin/invites").await, Vec::<Value>::new());
        }
    }
    app.close().await;
}
