//! Queries, cursors and limits beyond all measure.

use serde_json::Value;

use crate::house::House;
use crate::outside::wire::encode;

/// A refusal that says what is wrong, or an honest answer.
#[track_caller]
fn is_clear(what: &str, (status, answer): (u16, Value)) {
    match status {
        200 => {}
        400 | 404 | 410 | 422 => {
            assert!(answer["type"].is_string() && answer["detail"].is_string(), "{what}: {answer}");
            assert!(answer.to_string().len() < 16 * 1024, "{what}: the answer repeats what was asked");
        }
        414 | 431 => {}
        _ => panic!("{what}: {status} {answer}"),
    }
}

#[tokio::test]
async fn cursors_and_limits() {
    let house = House::open().await;
    let long = "A".repeat(40_000);
    for list in ["/notes", "/tags", "/notebooks", "/search?q=stay", "/jobs", "/me/sessions", "/me/activity", "/changes"]
    {
        let sign = if list.contains('?') { '&' } else { '?' };
        for query in [
            format!("cursor={long}"),
            "cursor=".to_owned(),
            "cursor=%00".to_owned(),
            "cursor=AAAA".to_owned(),
            "cursor=../../etc/passwd".to_owned(),
            "cursor=%ff%fe".to_owned(),
            "cursor=1&cursor=2".to_owned(),
            "limit=0".to_owned(),
            "limit=-1".to_owned(),
            "limit=201".to_owned(),
            "limit=99999999999999999999999".to_owned(),
            "limit=1e3".to_owned(),
            "limit=0x10".to_owned(),
            "since=-9223372036854775808".to_owned(),
            "since=9223372036854775807".to_owned(),
            format!("{}=1", "n".repeat(10_000)),
            "a=1&".repeat(5_000),
            "%".repeat(1_000),
        ] {
            let target = format!("/api/v1{list}{sign}{query}");
            is_clear(&target.chars().take(90).collect::<String>(), house.asks("GET", &target, None).await);
        }
    }
    house.close().await;
}

#[tokio::test]
async fn searches() {
    let house = House::open().await;
    let words = |count: usize| (0..count).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
    for (what, query) in [
        ("a thousand words", words(1_000)),
        ("five thousand words", words(5_000)),
        ("one long word", "x".repeat(30_000)),
        ("quotes without end", "\"".repeat(10_000)),
        ("a phrase without end", format!("\"{}", words(2_000))),
        ("many short prefixes", "a b c d e f g h i j k l m n o p q r s t u v w x y z ".repeat(100)),
        ("operators", "AND OR NOT ( ) + - * ? ~ ^ : [ ] { } \\ / ".repeat(200)),
        ("brackets in brackets", format!("{}{}", "(".repeat(10_000), ")".repeat(10_000))),
        ("marks on a letter", format!("a{}", "\u{301}".repeat(5_000))),
        ("what unfolds to eighteen letters", "\u{fdfa}".repeat(2_000)),
        ("turns of direction", "\u{202e}\u{2066}\u{2069}".repeat(500)),
        ("no character at all", "\u{0}".to_owned()),
        ("a regular expression", "(a+)+$".repeat(100)),
        ("SQL", "'; DROP TABLE notes; --".to_owned()),
    ] {
        let asked = std::time::Instant::now();
        let grown = house.grows_by(async {
            for more in ["", "&mode=any", "&limit=200"] {
                let target = format!("/api/v1/search?q={}{more}", encode(&query));
                is_clear(what, house.asks("GET", &target, None).await);
            }
        });
        let grown = grown.await;
        assert!(grown < 64, "{what}: {grown} MiB");
        assert!(asked.elapsed() < std::time::Duration::from_secs(20), "{what}: {:?}", asked.elapsed());
    }
    house.close().await;
}
