//! Ways out of where one is: paths that mean something else to whoever decodes them once more.

use std::fs;

use crate::house::House;
use crate::raw::exchange;

/// Ways up, as people have written them.
const UP: &[&str] = &[
    "..",
    "%2e%2e",
    "%2E%2e",
    ".%2e",
    "%252e%252e",
    "..;",
    "%c0%ae%c0%ae",
    "%e0%80%ae%e0%80%ae",
    "%uff0e%uff0e",
    "..%00",
    "..%5c",
    "...",
];

/// Dividers of folders, likewise.
const DIVIDERS: &[&str] = &["/", "//", "%2f", "%2F", "\\", "%5c", "%252f", "%c0%af", "/./", ";/"];

#[tokio::test]
async fn no_path_leads_to_a_file_of_the_machine_or_past_a_guard() {
    let house = House::open().await;
    let secret = fs::read_to_string("/etc/passwd").unwrap();
    let secret = secret.lines().next().unwrap();
    for start in ["/", "/assets/", "/api/", "/api/v1/", "/api/v1/exports/", "/api/v1/notes/", "/api/docs/"] {
        let mut requests = String::new();
        for up in UP {
            for divider in DIVIDERS {
                for end in ["etc/passwd", "api/v1/me", "local/v1/users", "data/inkstone.db"] {
                    let path = format!("{start}{}{end}", format!("{up}{divider}").repeat(6));
                    requests.push_str(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
                }
            }
        }
        // hyper refuses what is no target at all and closes; each is asked for itself then.
        for request in requests.split_inclusive("\r\n\r\n") {
            let request = request.replace("Host: localhost\r\n", "Host: localhost\r\nConnection: close\r\n");
            let replies = exchange(house.address(), request.as_bytes()).await;
            assert_eq!(replies.len(), 1, "{request:?}");
            let reply = &replies[0];
            assert!(matches!(reply.status, 200 | 400 | 401 | 404), "{request:?}: {}", reply.status);
            assert!(!reply.body.contains(secret), "{request:?}");
            // What is answered at all is the page of the app, or what stands in for it.
            let page = reply.head.to_lowercase().contains("content-type: text/html");
            assert!(reply.status != 200 || page, "{request:?}: {}", reply.head);
        }
    }
    house.close().await;
}

#[tokio::test]
async fn names_that_are_bytes_are_told_so_and_nothing_else_happens() {
    let house = House::open().await;
    for (target, expected) in [
        ("/api/v1/tags/%00", &[400][..]),
        ("/api/v1/tags/a%00b", &[400]),
        ("/api/v1/tags/%ff", &[400, 404]),
        ("/api/v1/tags/%c0%af", &[400, 404]),
        ("/api/v1/tags/%ed%a0%80", &[400, 404]),
        ("/api/v1/tags/%", &[400, 404]),
        ("/api/v1/tags/%zz", &[400, 404]),
        ("/api/v1/tags/..", &[404]),
        ("/api/v1/tags/%2e%2e%2fnotes", &[404, 422]),
        ("/api/v1/notes/%2e%2e", &[400, 404]),
        ("/api/v1/notes/00000000-0000-7000-8000-00000000000g", &[404]),
        ("/api/v1/notes/{00000000-0000-7000-8000-000000000000}", &[404]),
        ("/api/v1/notes/..%2fme", &[400, 404]),
        ("/api/v1//notes", &[404]),
        ("//api/v1/notes", &[200, 404]),
        ("/api/v1/notes;/", &[404]),
        ("/api/v1/notes/.", &[400, 404]),
        ("/API/V1/NOTES", &[200, 404]),
        ("/api/v1/exports/..%2f..%2fkeys%2fmaster.key", &[400, 404]),
    ] {
        let (status, answer) = house.asks("GET", target, None).await;
        assert!(expected.contains(&status), "{target}: {status} {answer}");
        assert!(answer.get("items").is_none() && answer.get("email").is_none(), "{target}: {answer}");
    }
    house.close().await;
}
