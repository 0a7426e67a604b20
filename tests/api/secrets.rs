//! What is sealed, and the turn to another master key.

use poem::http::Method;
use serde_json::json;

use crate::support::{Actor, App, PASSWORD};

#[tokio::test]
async fn after_a_turn_everybody_is_still_signed_in_and_second_factors_still_count() {
    let app = App::new().await;
    if app.parts().db.is_shared() {
        // There the keys come from the settings of all servers, and the turn is refused: see `authorisation`.
        return app.close().await;
    }
    let ada = app.member("ada").await;
    let phone = ada.enrol().await;
    ada.confirm(&phone).await;
    let sealed = async || {
        let sql = "SELECT sealed FROM totp";
        app.parts().db.read(move |tx| tx.query_one(sql, &[], |r| r.blob(0))).await.unwrap()
    };
    let before = sealed().await;
    let turned = app.local_admin().plain(Method::POST, "/local/v1/keys/rotate").await.is(200);
    assert_eq!((&turned.json["sealed"], &turned.json["unopened"]), (&json!(6), &json!(0)), "{}", turned.json);
    assert_ne!(sealed().await, before);
    ada.get("/me").await.is(200);
    ada.renewed().await.get("/me").await.is(200);
    ada.once_more(Some(&phone)).await;
    // A seed that is copied to somebody else's row opens nothing there.
    let eve = app.member("eve").await;
    let theirs = eve.enrol().await;
    eve.confirm(&theirs).await;
    let copy = "UPDATE totp SET sealed = (SELECT o.sealed FROM totp o WHERE o.user_id = $1) WHERE user_id <> $1";
    let id: uuid::Uuid = ada.id.parse().unwrap();
    app.parts().db.write(move |tx| tx.execute(copy, &[id.into()])).await.unwrap();
    let login = json!({ "email": eve.email, "password": PASSWORD });
    let asked = app.anonymous().post("/auth/login", login).await.fails(401, "second-factor-required");
    let answer = json!({ "challenge": asked.json["challenge"], "method": "totp", "code": phone.next_code(&app) });
    app.anonymous().post("/auth/second-factor", answer).await.fails(401, "invalid-code");
    app.close().await;
}
