//! Which credential counts, and which requests other sites' pages can make with it.

use super::*;

const OWN: (&str, &str) = ("sec-fetch-site", "same-origin");
const FOREIGN: (&str, &str) = ("sec-fetch-site", "cross-site");

async fn page(house: &House) -> String {
    house.add(ADA, Role::Member).await;
    let body = json!({ "email": ADA, "password": PASSWORD, "token_delivery": "cookie" });
    house.post("/auth/login", body).await.is(200).cookies()
}

#[tokio::test]
async fn a_cookie_reads_from_anywhere_and_changes_from_our_own_pages_alone() {
    let house = House::new().await;
    let cookies = page(&house).await;
    let cookie = ("cookie", cookies.as_str());
    house.send(Method::GET, "/me", None, &[cookie]).await.is(200);
    house.send(Method::GET, "/me", None, &[cookie, FOREIGN]).await.is(200);
    let name = || Some(json!({ "name": "Ada" }));
    for lines in
        [&[cookie][..], &[cookie, FOREIGN], &[cookie, ("origin", "http://evil.example")], &[cookie, ("origin", "null")]]
    {
        house.send(Method::PATCH, "/me", name(), lines).await.fails(403, "cross-site-request");
    }
    house.send(Method::PATCH, "/me", name(), &[cookie, OWN]).await.is(200);
    house.send(Method::PATCH, "/me", name(), &[cookie, ("origin", "http://localhost:7465")]).await.is(200);
}

#[tokio::test]
async fn a_bearer_token_needs_no_origin() {
    let house = House::new().await;
    house.add(ADA, Role::Member).await;
    let line = format!("Bearer {}", house.login(ADA).await.access());
    let lines = [("authorization", line.as_str()), FOREIGN];
    house.send(Method::PATCH, "/me", Some(json!({ "name": "Ada" })), &lines).await.is(200);
}

#[tokio::test]
async fn a_bad_bearer_token_is_refused_though_a_good_cookie_came_along() {
    let house = House::new().await;
    let cookies = page(&house).await;
    let lines = [("cookie", cookies.as_str()), OWN, ("authorization", "Bearer nonsense")];
    house.send(Method::GET, "/me", None, &lines).await.fails(401, "invalid-token");
    let lines = [("cookie", cookies.as_str()), OWN, ("authorization", "Basic dTpw")];
    house.send(Method::GET, "/me", None, &lines).await.is(200);
}

#[tokio::test]
async fn no_credential_is_told_apart_from_a_bad_one() {
    let house = House::new().await;
    let answer = house.send(Method::GET, "/me", None, &[]).await.fails(401, "authentication-required");
    assert_eq!(answer.headers["www-authenticate"], "Bearer");
    let cookie = format!("{}-access=nonsense", house.cookie);
    house.send(Method::GET, "/me", None, &[("cookie", &cookie)]).await.fails(401, "invalid-token");
}

#[tokio::test]
async fn another_sites_page_cannot_sign_its_visitor_in_or_out() {
    let house = House::with(Signup::Open).await;
    let cookies = page(&house).await;
    let login = json!({ "email": ADA, "password": PASSWORD });
    let register = json!({ "email": "eve@example.org", "password": PASSWORD });
    let setup = json!({ "token": "x", "email": "eve@example.org", "password": PASSWORD });
    for (path, body) in [
        ("/auth/login", Some(login)),
        ("/auth/register", Some(register)),
        ("/setup", Some(setup)),
        ("/auth/refresh", None),
        ("/auth/logout", None),
    ] {
        let lines = [("cookie", cookies.as_str()), FOREIGN];
        house.send(Method::POST, path, body, &lines).await.fails(403, "cross-site-request");
    }
    house.send(Method::GET, "/me", None, &[("cookie", &cookies)]).await.is(200);
}

#[tokio::test]
async fn the_document_says_which_credentials_an_operation_takes() {
    let spec = House::new().await.spec;
    let schemes = &spec["components"]["securitySchemes"];
    assert_eq!((&schemes["bearer"]["scheme"], &schemes["cookie"]["in"]), (&json!("bearer"), &json!("cookie")));
    let security = &spec["paths"]["/me"]["get"]["security"];
    assert_eq!((&security[0], &security[1]), (&json!({ "bearer": [] }), &json!({ "cookie": [] })));
    assert!(spec["paths"]["/auth/login"]["post"].get("security").is_none());
    assert_eq!(spec["paths"]["/auth/logout"]["post"]["requestBody"]["required"], json!(false));
}
