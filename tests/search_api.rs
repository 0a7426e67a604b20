//! `GET /search` through its endpoint: the shape of the answer and what is refused.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod search_house;

use inkstone::caller::Caller;
use inkstone::search::api::SearchApi;
use inkstone::search::local::IndexLocal;
use poem::http::StatusCode;
use poem::test::TestClient;
use poem::{Endpoint, EndpointExt};
use poem_openapi::OpenApiService;
use search_house::{House, PATIENCE};
use serde_json::{Value, json};

fn client(house: &House, caller: Caller) -> TestClient<impl Endpoint> {
    let api = SearchApi::new(house.db.clone(), house.search.clone());
    TestClient::new(OpenApiService::new(api, "test", "1").data(caller))
}

async fn get(house: &House, query: &str) -> (StatusCode, Value) {
    let response = client(house, house.ann).get(format!("/search?{query}")).send().await.0;
    let status = response.status();
    let text = response.into_body().into_string().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

async fn ok(house: &House, query: &str) -> Value {
    let (status, answer) = get(house, query).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

#[tokio::test]
async fn an_answer_has_the_shape_of_the_contract() {
    let house = House::open().await;
    let id = house.write("Big plans", "# Big\nplans for a 🎉 boat", &["Work"]).await;
    let answer = ok(&house, &format!("q=boat%20plan&after={}", house.db.head())).await;
    let hit = &answer["items"][0];
    assert_eq!(hit["note"]["id"], json!(id));
    assert!(hit["note"].get("body").is_none() && hit["note"]["excerpt"].is_string());
    assert_eq!(
        hit["highlights"],
        json!([
            { "field": "title", "fragment": "Big plans", "ranges": [[4, 9]] },
            { "field": "body", "fragment": "# Big plans for a 🎉 boat", "ranges": [[6, 11], [20, 24]] },
        ])
    );
    assert_eq!(
        answer["facets"],
        json!({
            "tags": [{ "value": "Work", "count": 1 }],
            "notebooks": [],
            "years": [{ "value": 2023, "count": 1 }],
        })
    );
    assert_eq!(
        (&answer["total"], &answer["total_exact"], &answer["next_cursor"], &answer["index"], &answer["change"]),
        (&json!(1), &json!(true), &Value::Null, &json!("ready"), &json!(house.db.head()))
    );
    assert!(answer["took_ms"].is_number());
}

#[tokio::test]
async fn pages_follow_each_other_by_cursor_and_a_foreign_cursor_is_refused() {
    let house = House::open().await;
    for n in 0..7 {
        house.write(&format!("word {n}"), &"word ".repeat(n), &[]).await;
    }
    assert!(house.search.settle(PATIENCE).await);
    let whole = ok(&house, "q=word").await;
    let first = ok(&house, "q=word&limit=4").await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = ok(&house, &format!("q=word&limit=4&cursor={cursor}")).await;
    let mut joined = first["items"].as_array().unwrap().clone();
    joined.extend(second["items"].as_array().unwrap().clone());
    assert_eq!(&joined, whole["items"].as_array().unwrap());
    assert_eq!((&second["total"], &second["next_cursor"]), (&json!(7), &Value::Null));
    assert_eq!(get(&house, &format!("q=words&cursor={cursor}")).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused() {
    let house = House::open().await;
    let long = "x".repeat(1_001);
    assert_eq!(get(&house, &format!("q={long}")).await.0, StatusCode::BAD_REQUEST);
    let many = (0..40).map(|n| format!("w{n}")).collect::<Vec<_>>().join("%20");
    assert_eq!(get(&house, &format!("q={many}")).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(get(&house, "tag=%20").await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn filters_are_those_of_the_list() {
    let house = House::open().await;
    house.write("one", "", &["a/b"]).await;
    house.write("two", "", &[]).await;
    assert!(house.search.settle(PATIENCE).await);
    for (query, total) in [
        ("", 2),
        ("tag=A%2Fb", 1),
        ("tag=a", 0),
        ("pinned=true", 0),
        ("pinned=false&q=one", 1),
        ("state=trashed", 0),
        ("q=one%20two", 0),
        ("q=one%20two&mode=any", 2),
        ("notebook_id=00000000-0000-0000-0000-000000000001", 0),
    ] {
        assert_eq!(ok(&house, query).await["total"], total, "{query}");
    }
}

#[tokio::test]
async fn the_local_routes_look_after_the_index() {
    let house = House::open().await;
    house.write("one", "", &[]).await;
    assert!(house.search.settle(PATIENCE).await);
    let local = TestClient::new(OpenApiService::new(IndexLocal::new(house.search.clone()), "test", "1"));
    let status = local.get("/index").send().await.json().await;
    status.value().object().get("state").assert_string("ready");
    status.value().object().get("notes").assert_i64(1);
    let report = local.post("/index/verify").send().await.json().await;
    report.value().object().get("sound").assert_bool(true);
    local.post("/index/rebuild").send().await.assert_status_is_ok();
    assert!(house.search.settle(PATIENCE).await);
    let status = local.get("/index").send().await.json().await;
    status.value().object().get("notes").assert_i64(1);
    status.value().object().get("set_aside").assert_string("a new one was asked for");
}
