//! Where a request ends: shapes on which a proxy and a server may disagree, so that one takes for a request of somebody else's
//! what the other took for a body (request smuggling).

use crate::house::House;
use crate::raw::{LAST, Reply, ask, exchange};

/// What is hidden in a body. It must never be answered as a request.
const HIDDEN: &str = "GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// The head of a request with these lines more.
fn post(lines: &str) -> String {
    format!("POST /api/v1/auth/logout HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n")
}

fn shown(replies: &[Reply]) -> Vec<u16> {
    replies.iter().map(|reply| reply.status).collect()
}

#[tokio::test]
async fn what_does_not_say_where_it_ends_is_refused_and_nothing_behind_it_is_read() {
    let house = House::open().await;
    for lines in [
        // Two lengths.
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        // Lengths that are none.
        "Content-Length: +5\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: 5 5\r\n",
        "Content-Length: \r\n",
        "Content-Length: 5abc\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Content-Length: \u{665}\r\n",
        // Codings that nobody here knows, or that do not end with chunks.
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: \"chunked\"\r\n",
        "Transfer-Encoding: chunked;q=1\r\n",
        "Transfer-Encoding: \u{b}chunked\r\n",
        "Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n",
        // Lines that some readers take for the header and others do not.
        "Transfer-Encoding : chunked\r\n",
        "Content-Length : 5\r\n",
        " Transfer-Encoding: chunked\r\n",
        "X: y\r\n Transfer-Encoding: chunked\r\n",
        "X: y\r\n\tContent-Length: 5\r\n",
        "Transfer-Encoding\r\n: chunked\r\n",
        "Content-Length: 5\rX: y\r\n",
        "Transfer\u{0}-Encoding: chunked\r\n",
        "Content-Length: 5\u{0}\r\n",
        "no colon at all\r\n",
        ": without a name\r\n",
        "Na me: x\r\n",
    ] {
        let replies = ask(house.address(), &format!("{}{HIDDEN}", post(lines))).await;
        assert_eq!(shown(&replies), [400], "{lines:?}: {:?}", shown(&replies));
    }
    house.close().await;
}

#[tokio::test]
async fn chunks_with_a_length_beside_them_are_the_last_that_is_read() {
    let house = House::open().await;
    for lines in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: CHUNKED\r\nContent-Length: 900\r\n",
    ] {
        let replies = ask(house.address(), &format!("{}0\r\n\r\n{HIDDEN}", post(lines))).await;
        assert_eq!(shown(&replies), [204], "{lines:?}: {:?}", shown(&replies));
        assert!(replies[0].head.to_lowercase().contains("connection: close"), "{}", replies[0].head);
    }
    house.close().await;
}

#[tokio::test]
async fn chunks_that_are_not_counted_rightly_end_the_connection() {
    let house = House::open().await;
    for chunks in [
        "zz\r\n{}\r\n0\r\n\r\n",
        "-2\r\n{}\r\n0\r\n\r\n",
        "0x2\r\n{}\r\n0\r\n\r\n",
        "+2\r\n{}\r\n0\r\n\r\n",
        "\r\n{}\r\n0\r\n\r\n",
        "ffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}XX0\r\n\r\n",
        "2\n{}\n0\n\n",
        "2;a=\"\n\"\r\n{}\r\n0\r\n\r\n",
        "2\r{}\r\n0\r\n\r\n",
        "1\r\n{}\r\n0\r\n\r\n",
    ] {
        let head = post("Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n");
        let replies = ask(house.address(), &format!("{head}{chunks}{HIDDEN}")).await;
        assert!(
            replies.len() <= 1 && replies.iter().all(|reply| reply.status == 400),
            "{chunks:?}: {:?}",
            shown(&replies)
        );
    }
    // An extension and a trailer are allowed, and a flood of either is not.
    let many = "x".repeat(1 << 20);
    for (chunks, most) in [
        ("2;name=value\r\n{}\r\n0\r\nTrailer: x\r\n\r\n".to_owned(), 204),
        (format!("2;{many}\r\n{{}}\r\n0\r\n\r\n"), 400),
        (format!("2\r\n{{}}\r\n0\r\nTrailer: {many}\r\n\r\n"), 400),
        (format!("2\r\n{{}}\r\n0\r\n{}\r\n", "a: b\r\n".repeat(100_000)), 400),
    ] {
        let head = post("Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n");
        let replies = ask(house.address(), &format!("{head}{chunks}{HIDDEN}")).await;
        assert!(replies.len() <= 1, "{} bytes: {:?}", chunks.len(), shown(&replies));
        assert!(replies.iter().all(|reply| reply.status <= most), "{} bytes: {:?}", chunks.len(), shown(&replies));
    }
    house.close().await;
}

#[tokio::test]
async fn one_length_said_twice_is_one_length() {
    let house = House::open().await;
    let head = post("Content-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 2\r\n");
    let replies = ask(house.address(), &format!("{head}{{}}")).await;
    assert_eq!(shown(&replies), [204, 200], "{replies:?}");
    house.close().await;
}

#[tokio::test]
async fn a_body_on_a_request_that_has_use_for_none_is_no_next_request() {
    let house = House::open().await;
    for method in ["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "BREW"] {
        let head =
            format!("{method} /api/v1/server HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", HIDDEN.len());
        let replies = ask(house.address(), &format!("{head}{HIDDEN}")).await;
        assert!(matches!(replies.len(), 1 | 2), "{method}: {:?}", shown(&replies));
        assert!(
            replies[0].status == if matches!(method, "GET" | "HEAD") { 200 } else { 405 },
            "{method}: {:?}",
            shown(&replies)
        );
        assert!(
            replies.get(1).is_none_or(|last| last.status == 200 && last.body.contains("ok")),
            "{method}: {:?}",
            shown(&replies)
        );
    }
    house.close().await;
}

#[tokio::test]
async fn first_lines_that_are_none() {
    let house = House::open().await;
    let version = |line: &str| format!("{line}\r\nHost: localhost\r\n\r\n");
    for request in [
        version("GET / HTTP/1.1 x"),
        version("GET  / HTTP/1.1"),
        version("GET /healthz"),
        version("GET /healthz HTTP/0.9"),
        version("GET /healthz HTTP/1.2"),
        version("GET /healthz HTTP/2.0"),
        version("GET /healthz http/1.1"),
        version("GET /a b HTTP/1.1"),
        version("GET /\u{0} HTTP/1.1"),
        version("G\u{0}T / HTTP/1.1"),
        version("/ GET HTTP/1.1"),
        version("GET /healthz\rHTTP/1.1"),
        "\u{1}\u{2}\u{3}\u{4}\r\n\r\n".to_owned(),
        "SSH-2.0-OpenSSH_9.2\r\n\r\n".to_owned(),
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\r\n\r\n".to_owned(),
        // A host is named, once.
        "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned(),
        "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n".to_owned(),
    ] {
        let replies = ask(house.address(), &format!("{request}{HIDDEN}")).await;
        assert!(replies.len() <= 1, "{request:?}: {:?}", shown(&replies));
        assert!(replies.iter().all(|reply| matches!(reply.status, 400 | 505)), "{request:?}: {:?}", shown(&replies));
    }
    house.close().await;
}

#[tokio::test]
async fn targets_in_other_forms_reach_this_server_and_no_other() {
    let house = House::open().await;
    for (target, expected) in [
        // To a proxy one speaks so; this server is none, and answers for itself.
        ("GET http://localhost/healthz", &[200][..]),
        ("GET http://evil.example/healthz", &[200]),
        ("GET https://evil.example/nowhere.js", &[404]),
        ("CONNECT evil.example:443", &[400, 404, 405]),
        ("GET evil.example:443", &[400, 404]),
        ("OPTIONS *", &[400, 404, 405]),
        ("GET *", &[400, 404]),
        ("GET //evil.example/", &[200, 404]),
        ("GET file:///etc/passwd", &[400, 404]),
    ] {
        let request = format!("{target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let replies = exchange(house.address(), request.as_bytes()).await;
        assert_eq!(replies.len(), 1, "{target}: {:?}", shown(&replies));
        assert!(expected.contains(&replies[0].status), "{target}: {:?}", shown(&replies));
        assert!(!replies[0].body.contains("root:"), "{target}");
    }
    house.close().await;
}

#[tokio::test]
async fn requests_in_a_row_are_answered_in_their_order() {
    let house = House::open().await;
    let many = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(2_000);
    let replies = exchange(house.address(), format!("{many}{LAST}").as_bytes()).await;
    assert_eq!(replies.len(), 2_001);
    assert!(replies.iter().all(|reply| reply.status == 200));
    house.close().await;
}
