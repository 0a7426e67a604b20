//! The own account: name and password.

use super::*;

async fn patch(house: &House, token: &str, body: Value) -> Answer {
    house.send(Method::PATCH, "/me", Some(body), &[("authorization", &format!("Bearer {token}"))]).await
}

#[tokio::test]
async fn the_own_account_is_shown_without_its_password() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let token = house.login(ADA).await.access().to_owned();
    let me = house.get_as(&token, "/me").await.is(200);
    assert_eq!(me.headers["cache-control"], "no-store");
    let mut members: Vec<_> = me.body.as_object().unwrap().keys().cloned().collect();
    members.sort();
    assert_eq!(members, ["created_at", "deletes_at", "email", "has_password", "id", "name", "role", "updated_at"]);
}

#[tokio::test]
async fn the_name_is_changed_cleared_and_checked() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let token = house.login(ADA).await.access().to_owned();
    let renamed = patch(&house, &token, json!({ "name": " Ada Lovelace " })).await.is(200);
    assert_eq!(renamed.body["name"], "Ada Lovelace");
    let kept = patch(&house, &token, json!({})).await.is(200);
    assert_eq!(kept.body["name"], "Ada Lovelace");
    assert_eq!(kept.headers["inkstone-change"], renamed.headers["inkstone-change"]);
    assert_eq!(patch(&house, &token, json!({ "name": null })).await.is(200).body["name"], "ada");
    patch(&house, &token, json!({ "name": "" })).await.fails(422, "invalid-request");
    patch(&house, &token, json!({ "role": "admin" })).await.fails(400, "malformed-request");
}

#[tokio::test]
async fn a_password_change_ends_all_other_sessions_and_keeps_this_one() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let (here, there) = (house.login(ADA).await, house.login(ADA).await);
    house.get_as(there.access(), "/me").await.is(200);
    let change = json!({ "current_password": PASSWORD, "new_password": OTHER });
    house.post_as(here.access(), "/me/password", change).await.is(204);

    house.get_as(there.access(), "/me").await.fails(401, "invalid-token");
    house.refresh(there.refresh()).await.fails(401, "invalid-refresh-token");
    house.get_as(here.access(), "/me").await.is(200);
    let next = house.refresh(here.refresh()).await.is(200);
    house.get_as(next.access(), "/me").await.is(200);

    let old = json!({ "email": ADA, "password": PASSWORD });
    house.post("/auth/login", old).await.fails(401, "invalid-credentials");
    house.post("/auth/login", json!({ "email": ADA, "password": OTHER })).await.is(200);
}

#[tokio::test]
async fn a_password_change_wants_the_old_one_and_a_good_new_one() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let token = house.login(ADA).await.access().to_owned();
    for (current, new, field) in [(OTHER, OTHER, "current_password"), (PASSWORD, "short", "new_password")] {
        let body = json!({ "current_password": current, "new_password": new });
        let answer = house.post_as(&token, "/me/password", body).await.fails(422, "invalid-request");
        assert_eq!(answer.body["errors"][0]["field"], field);
    }
    house.login(ADA).await;
}

#[tokio::test]
async fn a_sign_in_makes_an_outdated_hash_costlier() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let stored = || async {
        let sql = "SELECT password FROM users";
        house.db.read(move |tx| tx.query_one(sql, &[], |r| r.text(0))).await.unwrap()
    };
    assert!(stored().await.contains("m=8,t=1,p=1"));
    let ids = Ids::new(house.clock.clone(), Arc::new(SeededEntropy::new(99)));
    let verifier = verifier_of(&house.db, ids, Cost { memory: 16, passes: 1 }).await;
    let dearer = Accounts { verifier, ..house.accounts.clone() };
    let device = crate::caller::Device::local();
    dearer.login(ADA, PASSWORD, crate::sessions::Delivery::Body, device).await.unwrap();
    assert!(stored().await.contains("m=16,t=1,p=1"));
    house.login(ADA).await;
}
