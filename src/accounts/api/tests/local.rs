//! What the command line does over the control socket.

use super::*;

#[tokio::test]
async fn accounts_are_made_and_listed() {
    let house = House::new().await;
    let body = json!({ "email": ADA, "password": PASSWORD, "admin": true });
    let made = house.post("/local/v1/users", body.clone()).await.is(201);
    assert_eq!((&made.body["role"], &made.body["disabled"]), (&json!("admin"), &json!(false)));
    house.post("/local/v1/users", body).await.fails(409, "email-taken");
    let body = json!({ "email": "grace@example.org", "password": PASSWORD, "name": "Grace" });
    house.pass(Duration::from_secs(1));
    house.post("/local/v1/users", body).await.is(201);
    let page = house.send(Method::GET, "/local/v1/users?limit=1", None, &[]).await.is(200);
    assert_eq!(page.body["items"][0]["email"], ADA);
    let path = format!("/local/v1/users?limit=1&cursor={}", page.body["next_cursor"].as_str().unwrap());
    let page = house.send(Method::GET, &path, None, &[]).await.is(200);
    assert_eq!((&page.body["items"][0]["name"], &page.body["next_cursor"]), (&json!("Grace"), &Value::Null));
}

#[tokio::test]
async fn disabling_ends_sessions_at_once_and_signing_in() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let signed_in = house.login(ADA).await;
    house.get_as(signed_in.access(), "/me").await.is(200);
    let name = json!({ "email": "ADA@example.org" });
    let disabled = house.post("/local/v1/users/disable", name.clone()).await.is(200);
    assert_eq!(disabled.body["disabled"], true);
    house.get_as(signed_in.access(), "/me").await.fails(401, "invalid-token");
    house.refresh(signed_in.refresh()).await.fails(401, "invalid-refresh-token");
    let login = json!({ "email": ADA, "password": PASSWORD });
    house.post("/auth/login", login).await.fails(401, "invalid-credentials");

    house.post("/local/v1/users/enable", name).await.is(200);
    house.get_as(signed_in.access(), "/me").await.fails(401, "invalid-token");
    house.login(ADA).await;
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let house = House::new().await;
    house.add(ADA, Role::Admin).await;
    let ada = json!({ "email": ADA });
    house.post("/local/v1/users/disable", ada.clone()).await.fails(409, "last-admin");
    house.add("grace@example.org", Role::Admin).await;
    house.post("/local/v1/users/disable", ada).await.is(200);
    let grace = json!({ "email": "grace@example.org" });
    house.post("/local/v1/users/disable", grace).await.fails(409, "last-admin");
    let nobody = json!({ "email": "nobody@example.org" });
    house.post("/local/v1/users/disable", nobody).await.fails(404, "not-found");
}

#[tokio::test]
async fn a_reset_password_ends_all_sessions() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let signed_in = house.login(ADA).await;
    house.post("/local/v1/users/password", json!({ "email": ADA, "password": OTHER })).await.is(204);
    house.get_as(signed_in.access(), "/me").await.fails(401, "invalid-token");
    house.post("/auth/login", json!({ "email": ADA, "password": OTHER })).await.is(200);
}

#[tokio::test]
async fn a_set_up_link_is_made_until_there_is_an_administrator() {
    let house = House::new().await;
    let made = house.post("/local/v1/setup-link", json!({})).await.is(201);
    let token = made.body["url"].as_str().unwrap().strip_prefix("https://notes.example/setup?token=").unwrap();
    assert_eq!(made.body["expires_at"], "2026-03-01T10:00:00.000000Z");
    house.post("/setup", json!({ "token": token, "email": ADA, "password": PASSWORD })).await.is(201);
    house.post("/local/v1/setup-link", json!({})).await.fails(409, "already-set-up");
}

#[tokio::test]
async fn nothing_of_it_is_reached_from_elsewhere() {
    let house = House::new().await;
    house.add(ADA, Role::Admin).await;
    let token = house.login(ADA).await.access().to_owned();
    let answer = house.client.get("/local/v1/users").header("authorization", format!("Bearer {token}")).send().await;
    assert_eq!(answer.0.status().as_u16(), 403);
}
