//! Login, refresh, logout and the list of sessions.

use super::*;
use crate::caller::Device;
use crate::sessions::{GRACE, IDLE_LIFETIME, LIFETIME};

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let wrong = house.post("/auth/login", json!({ "email": ADA, "password": OTHER })).await;
    let wrong = wrong.fails(401, "invalid-credentials");
    for (email, password) in
        [("eve@example.org", PASSWORD), ("no address", PASSWORD), (ADA, ""), (ADA, &"x".repeat(5000))]
    {
        let answer = house.post("/auth/login", json!({ "email": email, "password": password })).await;
        assert_eq!((answer.status, &answer.body), (401, &wrong.body));
    }
}

#[tokio::test]
async fn the_address_signs_in_in_any_case() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let answer = house.login(" ADA@example.ORG ").await;
    assert_eq!(answer.body["user"]["email"], ADA);
    assert_eq!((&answer.body["token_type"], &answer.body["expires_in"]), (&json!("Bearer"), &json!(300)));
    assert_eq!(answer.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn tokens_travel_as_the_sign_in_chose_and_so_do_their_successors() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    for (delivery, access, refresh, cookies) in [
        (Some("cookie"), false, false, &["access", "refresh"][..]),
        (None, true, false, &["refresh"][..]),
        (Some("body"), true, true, &[][..]),
    ] {
        let mut body = json!({ "email": ADA, "password": PASSWORD });
        if let Some(delivery) = delivery {
            body["token_delivery"] = delivery.into();
        }
        let signed_in = house.post("/auth/login", body).await.is(200);
        let given = signed_in.body["refresh_token"].as_str();
        let next = match given {
            Some(token) => house.refresh(token).await,
            None => {
                let cookies = signed_in.cookies();
                house.send(Method::POST, "/auth/refresh", None, &[("cookie", &cookies)]).await
            }
        };
        for answer in [signed_in, next.is(200)] {
            assert_eq!(answer.body.get("access_token").is_some(), access, "{delivery:?}");
            assert_eq!(answer.body.get("refresh_token").is_some(), refresh, "{delivery:?}");
            let lines = answer.set_cookies();
            assert_eq!(lines.len(), cookies.len(), "{delivery:?}");
            for (line, name) in lines.iter().zip(cookies) {
                assert!(line.starts_with(&format!("{}-{name}=", house.cookie)), "{line}");
                assert!(line.ends_with("; HttpOnly; SameSite=Strict; Secure"), "{line}");
            }
        }
    }
}

#[tokio::test]
async fn a_browser_that_signs_in_anew_leaves_no_session_behind() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let login = |delivery: &str| json!({ "email": ADA, "password": PASSWORD, "token_delivery": delivery });
    let own = ("sec-fetch-site", "same-origin");
    let first = house.post("/auth/login", login("cookie")).await.is(200).cookies();
    let lines = [("cookie", first.as_str()), own];
    let second = house.send(Method::POST, "/auth/login", Some(login("cookie")), &lines).await.is(200).cookies();
    house.send(Method::GET, "/me", None, &lines).await.fails(401, "invalid-token");
    house.send(Method::POST, "/auth/refresh", None, &lines).await.fails(401, "invalid-refresh-token");
    let lines = [("cookie", second.as_str()), own];
    house.send(Method::GET, "/me", None, &lines).await.is(200);
    // A program beside it takes nothing out of its jar, and a refusal ends nothing.
    house.send(Method::POST, "/auth/login", Some(login("body")), &lines).await.is(200);
    let wrong = json!({ "email": ADA, "password": OTHER, "token_delivery": "cookie" });
    house.send(Method::POST, "/auth/login", Some(wrong), &lines).await.fails(401, "invalid-credentials");
    house.send(Method::GET, "/me", None, &lines).await.is(200);
}

#[tokio::test]
async fn an_access_token_expires_and_the_refresh_token_gives_the_next() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let first = house.login(ADA).await;
    house.pass(ACCESS_TTL);
    house.get_as(first.access(), "/me").await.fails(401, "invalid-token");
    let second = house.refresh(first.refresh()).await.is(200);
    assert_ne!(second.refresh(), first.refresh());
    house.get_as(second.access(), "/me").await.is(200);
}

#[tokio::test]
async fn within_the_grace_a_refresh_token_gives_the_same_successor() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let first = house.login(ADA).await;
    let second = house.refresh(first.refresh()).await.is(200);
    house.pass(GRACE - Duration::from_micros(1));
    let repeated = house.refresh(first.refresh()).await.is(200);
    assert_eq!(repeated.refresh(), second.refresh());
    house.refresh(second.refresh()).await.is(200);
}

#[tokio::test]
async fn after_the_grace_a_used_refresh_token_ends_the_session() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let (stolen, other) = (house.login(ADA).await, house.login(ADA).await);
    let second = house.refresh(stolen.refresh()).await.is(200);
    house.pass(GRACE);
    house.refresh(stolen.refresh()).await.fails(401, "invalid-refresh-token");
    house.get_as(second.access(), "/me").await.fails(401, "invalid-token");
    house.refresh(second.refresh()).await.fails(401, "invalid-refresh-token");
    house.get_as(other.access(), "/me").await.is(200);
}

#[tokio::test]
async fn an_older_generation_ends_the_session_even_within_the_grace() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let first = house.login(ADA).await;
    let second = house.refresh(first.refresh()).await.is(200);
    let third = house.refresh(second.refresh()).await.is(200);
    house.refresh(first.refresh()).await.fails(401, "invalid-refresh-token");
    house.refresh(third.refresh()).await.fails(401, "invalid-refresh-token");
}

#[tokio::test]
async fn a_forged_refresh_token_ends_nothing() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let signed_in = house.login(ADA).await;
    let forged = format!("{}A", &signed_in.refresh()[..69]);
    let forged = if forged == signed_in.refresh() { format!("{}B", &forged[..69]) } else { forged };
    for token in [forged.as_str(), "", "nonsense", signed_in.access()] {
        house.refresh(token).await.fails(401, "invalid-refresh-token");
    }
    house.send(Method::POST, "/auth/refresh", None, &[]).await.fails(401, "authentication-required");
    house.get_as(signed_in.access(), "/me").await.is(200);
    house.refresh(signed_in.refresh()).await.is(200);
}

#[tokio::test]
async fn a_session_ends_when_idle_and_at_its_age() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let idle = house.login(ADA).await;
    let mut used = house.login(ADA).await;
    let step = IDLE_LIFETIME - Duration::from_secs(1);
    let steps = LIFETIME.as_secs() / step.as_secs();
    for _ in 0..steps {
        house.pass(step);
        used = house.refresh(used.refresh()).await.is(200);
    }
    house.refresh(idle.refresh()).await.fails(401, "invalid-refresh-token");
    house.pass(LIFETIME - step * u32::try_from(steps).unwrap());
    house.refresh(used.refresh()).await.fails(401, "invalid-refresh-token");
}

async fn rows(house: &House) -> i64 {
    house.db.read(|tx| tx.query_one("SELECT count(*) FROM sessions", &[], |r| r.int(0))).await.unwrap()
}

#[tokio::test]
async fn an_expired_session_is_cleared_away_by_its_owners_next_sign_in() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    house.login(ADA).await;
    house.pass(IDLE_LIFETIME);
    house.login(ADA).await;
    assert_eq!(rows(&house).await, 1);
}

#[tokio::test]
async fn expired_sessions_of_the_absent_are_cleared_away_bit_by_bit() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    for _ in 0..3 {
        house.login(ADA).await;
    }
    house.pass(IDLE_LIFETIME - Duration::from_secs(1));
    assert_eq!(house.sessions.purge_expired(2).await.unwrap(), 0);
    house.pass(Duration::from_secs(1));
    assert_eq!(house.sessions.purge_expired(2).await.unwrap(), 2);
    assert_eq!(house.sessions.purge_expired(2).await.unwrap(), 1);
    assert_eq!(rows(&house).await, 0);
}

#[tokio::test]
async fn signing_out_ends_the_access_token_at_once_and_may_be_repeated() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let signed_in = house.login(ADA).await;
    house.get_as(signed_in.access(), "/me").await.is(200);
    let line = format!("Bearer {}", signed_in.access());
    for _ in 0..2 {
        let out = house.send(Method::POST, "/auth/logout", None, &[("authorization", &line)]).await.is(204);
        assert!(out.set_cookies().iter().all(|line| line.contains("=; Path=/; Max-Age=0")));
        assert_eq!(out.set_cookies().len(), 2);
    }
    house.get_as(signed_in.access(), "/me").await.fails(401, "invalid-token");
    house.refresh(signed_in.refresh()).await.fails(401, "invalid-refresh-token");
}

#[tokio::test]
async fn signing_out_works_by_the_refresh_token_alone() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let by_body = house.login(ADA).await;
    house.pass(ACCESS_TTL);
    let line = format!("Bearer {}", by_body.access());
    let body = json!({ "refresh_token": by_body.refresh() });
    let out = house.send(Method::POST, "/auth/logout", Some(body), &[("authorization", &line)]).await.is(204);
    assert!(out.headers.contains_key("inkstone-change"));
    house.refresh(by_body.refresh()).await.fails(401, "invalid-refresh-token");

    let by_cookie = house.post("/auth/login", json!({ "email": ADA, "password": PASSWORD })).await.is(200);
    house.send(Method::POST, "/auth/logout", None, &[("cookie", &by_cookie.cookies())]).await.is(204);
    house.get_as(by_cookie.access(), "/me").await.fails(401, "invalid-token");
}

#[tokio::test]
async fn own_sessions_are_listed_newest_first_and_ended_one_by_one() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    house.add("grace@example.org", Role::Member).await;
    let mut mine = Vec::new();
    for _ in 0..3 {
        mine.push(house.login(ADA).await);
        house.pass(Duration::from_secs(1));
    }
    let theirs = house.login("grace@example.org").await;
    let me = mine[1].access();
    let listed = house.get_as(me, "/me/sessions?limit=2").await.is(200);
    let items = listed.body["items"].as_array().unwrap();
    let current: Vec<_> = items.iter().map(|s| s["current"].as_bool().unwrap()).collect();
    assert_eq!(current, [false, true]);
    let rest = format!("/me/sessions?cursor={}", listed.body["next_cursor"].as_str().unwrap());
    let rest = house.get_as(me, &rest).await.is(200);
    assert_eq!((rest.body["items"].as_array().unwrap().len(), &rest.body["next_cursor"]), (1, &Value::Null));

    let newest = format!("/me/sessions/{}", items[0]["id"].as_str().unwrap());
    house.delete_as(theirs.access(), &newest).await.fails(404, "not-found");
    house.delete_as(me, &newest).await.is(204);
    house.delete_as(me, &newest).await.fails(404, "not-found");
    house.get_as(mine[2].access(), "/me").await.fails(401, "invalid-token");

    let own = format!("/me/sessions/{}", items[1]["id"].as_str().unwrap());
    let gone = house.delete_as(me, &own).await.is(204);
    assert_eq!(gone.set_cookies().len(), 2, "the own cookies go with the own session");
    house.get_as(me, "/me").await.fails(401, "invalid-token");
    house.get_as(mine[0].access(), "/me").await.is(200);
}

#[tokio::test]
async fn all_other_sessions_end_together() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let (one, two, three) = (house.login(ADA).await, house.login(ADA).await, house.login(ADA).await);
    for session in [&one, &two, &three] {
        house.get_as(session.access(), "/me").await.is(200);
    }
    house.delete_as(two.access(), "/me/sessions").await.is(204);
    house.get_as(one.access(), "/me").await.fails(401, "invalid-token");
    house.get_as(three.access(), "/me").await.fails(401, "invalid-token");
    house.get_as(two.access(), "/me").await.is(200);
}

#[tokio::test]
async fn tokens_outlive_a_restart_and_another_master_key_is_refused() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let signed_in = house.login(ADA).await;
    let ids = || Ids::new(house.clock.clone(), Arc::new(SeededEntropy::new(99)));
    let again = sessions_of(&house.db, ids(), [3; 32]).await.unwrap();
    assert!(again.authenticate(signed_in.access(), Device::local()).await.is_ok());
    assert!(again.refresh(signed_in.refresh(), Device::local()).await.is_ok());
    let foreign = sessions_of(&house.db, ids(), [4; 32]).await;
    assert!(matches!(foreign, Err(crate::error::Error::Corrupt(_))));
}

#[tokio::test]
async fn another_instance_that_remembers_a_session_hears_that_it_was_renewed_elsewhere() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let signed_in = house.login(ADA).await;
    let ids = Ids::new(house.clock.clone(), Arc::new(SeededEntropy::new(99)));
    let elsewhere = sessions_of(&house.db, ids, [3; 32]).await.unwrap();
    assert!(elsewhere.authenticate(signed_in.access(), Device::local()).await.is_ok());
    house.pass(IDLE_LIFETIME - Duration::from_secs(1));
    let renewed = house.refresh(signed_in.refresh()).await.is(200);
    house.pass(Duration::from_secs(2));
    assert!(
        elsewhere.authenticate(renewed.access(), Device::local()).await.is_ok(),
        "what it remembers has run out, the session has not"
    );
}
