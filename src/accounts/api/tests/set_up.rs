//! The first administrator and registration.

use super::*;
use crate::accounts::setup::LINK_LIFETIME;

fn first(token: &str) -> Value {
    json!({ "token": token, "email": ADA, "password": PASSWORD, "name": "Ada" })
}

#[tokio::test]
async fn the_link_makes_the_first_administrator_once() {
    let house = House::new().await;
    let link = house.accounts.new_setup_link().await.unwrap();
    let made = house.post("/setup", first(link.token())).await.is(201);
    assert_eq!(made.headers["location"], "/api/v1/me");
    assert_eq!((&made.body["user"]["role"], &made.body["user"]["name"]), (&json!("admin"), &json!("Ada")));
    assert!(made.headers["inkstone-change"].to_str().unwrap().parse::<i64>().unwrap() > 0);
    house.get_as(made.access(), "/me").await.is(200);

    let again = json!({ "token": link.token(), "email": "eve@example.org", "password": PASSWORD });
    house.post("/setup", again).await.fails(409, "already-set-up");
    assert!(house.accounts.new_setup_link().await.is_err());
}

#[tokio::test]
async fn a_link_expires_and_a_newer_one_replaces_it() {
    let house = House::new().await;
    let old = house.accounts.new_setup_link().await.unwrap();
    let new = house.accounts.new_setup_link().await.unwrap();
    house.post("/setup", first(old.token())).await.fails(403, "setup-link-invalid");
    house.post("/setup", first("guess")).await.fails(403, "setup-link-invalid");
    house.pass(LINK_LIFETIME);
    house.post("/setup", first(new.token())).await.fails(403, "setup-link-invalid");
}

#[tokio::test]
async fn a_refused_set_up_leaves_the_link_usable() {
    let house = House::with(Signup::Open).await;
    house.add(ADA, Role::Member).await;
    let link = house.accounts.new_setup_link().await.unwrap();
    house.post("/setup", first(link.token())).await.fails(409, "email-taken");
    let other = json!({ "token": link.token(), "email": "grace@example.org", "password": PASSWORD });
    house.post("/setup", other).await.is(201);
}

#[tokio::test]
async fn two_requests_with_one_link_make_one_administrator() {
    let house = House::new().await;
    let link = house.accounts.new_setup_link().await.unwrap();
    let body = |email: &str| json!({ "token": link.token(), "email": email, "password": PASSWORD });
    let (a, b) = tokio::join!(house.post("/setup", body("a@x.org")), house.post("/setup", body("b@x.org")));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
}

#[tokio::test]
async fn an_administrator_from_the_command_line_ends_the_link() {
    let house = House::new().await;
    let link = house.accounts.new_setup_link().await.unwrap();
    house.add("root@localhost", Role::Admin).await;
    house.post("/setup", first(link.token())).await.fails(409, "already-set-up");
}

#[tokio::test]
async fn registration_is_closed_unless_opened_and_makes_members() {
    let registration = json!({ "email": ADA, "password": PASSWORD });
    let closed = House::new().await;
    closed.post("/auth/register", registration.clone()).await.fails(403, "signup-closed");

    let open = House::with(Signup::Open).await;
    let made = open.post("/auth/register", registration.clone()).await.is(201);
    assert_eq!((&made.body["user"]["role"], &made.body["user"]["name"]), (&json!("member"), &json!("ada")));
    open.get_as(made.access(), "/me").await.is(200);
    let again = json!({ "email": "ADA@Example.org", "password": PASSWORD });
    open.post("/auth/register", again).await.fails(409, "email-taken");
}

#[tokio::test]
async fn everything_that_is_wrong_with_an_application_is_said_at_once() {
    let house = House::with(Signup::Open).await;
    let body = json!({ "email": "ada", "password": "short", "name": " " });
    let answer = house.post("/auth/register", body).await.fails(422, "invalid-request");
    let fields: Vec<_> = answer.body["errors"].as_array().unwrap().iter().map(|e| e["field"].clone()).collect();
    assert_eq!(fields, [json!("email"), json!("name"), json!("password")]);
    let unknown = json!({ "email": ADA, "password": PASSWORD, "admin": true });
    house.post("/auth/register", unknown).await.fails(400, "malformed-request");
}
