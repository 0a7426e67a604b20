//! JSON that no honest program writes.

use serde_json::{Value, json};

use crate::house::House;
use crate::raw::exchange;

/// Sends a note that is this text; status and answer. The answer may come before all of it was read.
async fn note(house: &House, body: &str) -> (u16, Value) {
    let lines = [("Content-Type", "application/json"), ("Connection", "close")];
    let bare = house.ada.request_with("POST", "/api/v1/notes", &lines, None);
    let mut request = bare[..bare.len() - 2].to_vec();
    request.extend_from_slice(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    let replies = exchange(house.address(), &request).await;
    assert_eq!(replies.len(), 1);
    (replies[0].status, serde_json::from_str(&replies[0].body).unwrap())
}

/// The slug of a problem and the members that it names.
fn told(problem: &Value) -> (&str, Vec<&str>) {
    let errors = problem["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    (problem["type"].as_str().unwrap_or_default(), errors.iter().filter_map(|e| e["field"].as_str()).collect())
}

#[tokio::test]
async fn deep_wide_and_endless_json_is_told_what_is_wrong_with_it() {
    let house = House::open().await;
    let deep = |open: &str, close: &str| format!("{{\"body\":{}{}}}", open.repeat(100_000), close.repeat(100_000));
    let keys = (0..100_000).map(|n| format!("\"k{n}\":1")).collect::<Vec<_>>().join(",");
    for (what, body, status) in [
        ("arrays in arrays", deep("[", "]"), 400),
        ("objects in objects", deep("{\"a\":", "}"), 400),
        ("arrays that never end", format!("{{\"body\":{}", "[".repeat(1_000_000)), 400),
        ("a hundred thousand members", format!("{{\"body\":\"\",{keys}}}"), 400),
        ("a member with a long name", format!("{{\"body\":\"\",\"{}\":1}}", "k".repeat(1 << 20)), 400),
        ("one member twice", "{\"body\":\"a\",\"body\":\"b\"}".to_owned(), 400),
        ("one member twice, once escaped", "{\"body\":\"a\",\"\\u0062ody\":\"b\"}".to_owned(), 400),
        ("a number of many digits", format!("{{\"body\":{}}}", "9".repeat(1_000_000)), 400),
        ("a number with a vast exponent", "{\"body\":1e999999999}".to_owned(), 400),
        ("a number for a switch", "{\"body\":\"\",\"pinned\":1e400}".to_owned(), 400),
        ("half a pair of surrogates", "{\"body\":\"\\ud800\"}".to_owned(), 400),
        ("bytes behind the end", format!("{{\"body\":\"\"}}{}", " x".repeat(1000)), 400),
        ("a comment", "{/**/\"body\":\"\"}".to_owned(), 400),
        ("not a number", "{\"body\":NaN}".to_owned(), 400),
        ("a title of a megabyte", format!("{{\"body\":\"\",\"title\":\"{}\"}}", "t".repeat(1 << 20)), 422),
        ("a body of two megabytes", format!("{{\"body\":\"{}\"}}", "b".repeat(2 << 20)), 413),
        ("a hundred thousand tags", format!("{{\"body\":\"\",\"tags\":[{}]}}", vec!["\"t\""; 100_000].join(",")), 422),
        ("more than is taken", format!("{{\"body\":\"{}\"}}", "b".repeat(8 << 20)), 413),
        ("only spaces", " ".repeat(1 << 20), 400),
    ] {
        let grown = house.grows_by(async {
            let (told_status, problem) = note(&house, &body).await;
            assert_eq!(told_status, status, "{what}: {problem}");
            let (slug, fields) = told(&problem);
            assert!(!slug.is_empty(), "{what}");
            assert!(status == 413 || !fields.is_empty(), "{what}: {problem}");
            assert!(problem.to_string().len() < 16 * 1024, "{what}: the answer repeats what was sent");
        });
        let grown = grown.await;
        assert!(grown < 64, "{what}: {grown} MiB");
    }
    house.close().await;
}

#[tokio::test]
async fn numbers_that_do_not_fit_are_told_apart_from_none() {
    let house = House::open().await;
    for (member, value) in [
        ("position", json!(9_223_372_036_854_775_807_u64)),
        ("position", json!(18_446_744_073_709_551_615_u64)),
        ("position", json!(-1e300)),
        ("position", json!(0.5)),
        ("position", json!("0")),
    ] {
        let mut new = json!({ "name": format!("{value}") });
        new[member] = value.clone();
        let (status, problem) = house.asks("POST", "/api/v1/notebooks", Some(&new)).await;
        assert!(matches!(status, 201 | 400 | 422), "{value}: {status} {problem}");
        assert!(status == 201 || told(&problem).1 == [member] || told(&problem).1 == ["body"], "{value}: {problem}");
    }
    house.close().await;
}

#[tokio::test]
async fn bodies_that_many_begin_and_nobody_finishes_leave_room_for_others() {
    use tokio::io::AsyncWriteExt as _;
    let house = House::open().await;
    let mut open = Vec::new();
    let grown = house.grows_by(async {
        // By nobody in particular: each as much as a sign-in may send, but for its last byte.
        let head = "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 16384\r\n\r\n";
        let body = format!("{{\"email\":\"{}", "x".repeat(16_000));
        for _ in 0..1_500 {
            let mut stream = tokio::net::TcpStream::connect(house.address()).await.unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            // Beyond the common budget the server may have answered and closed.
            let _ = stream.write_all(body.as_bytes()).await;
            open.push(stream);
        }
        house.goes_on().await;
        let note = json!({ "body": "n".repeat(1 << 20) });
        let (status, problem) = house.asks("POST", "/api/v1/notes", Some(&note)).await;
        assert_eq!(status, 201, "{problem}");
    });
    let grown = grown.await;
    assert!(grown < 160, "{grown} MiB");
    drop(open);
    house.close().await;
}
