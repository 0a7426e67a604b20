//! Heads without end.

use crate::house::House;
use crate::raw::exchange;

#[tokio::test]
async fn a_head_beyond_its_size_or_with_too_many_lines_is_431() {
    let house = House::open().await;
    let request = |lines: &str| format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}\r\n");
    let long = |bytes: usize| format!("X-Long: {}\r\n", "x".repeat(bytes));
    for (lines, status) in [
        (long(8 * 1024), 200),
        ("a: b\r\n".repeat(90), 200),
        ("a: b\r\n".repeat(200), 431),
        ("a: b\r\n".repeat(1_000_000), 431),
        (long(200 * 1024), 431),
        (long(16 << 20), 431),
        (format!("Cookie: {}\r\n", "a=b; ".repeat(100_000)), 431),
        (format!("Authorization: Bearer {}\r\n", "x".repeat(300_000)), 431),
    ] {
        let grown = house.grows_by(async {
            let replies = exchange(house.address(), request(&lines).as_bytes()).await;
            assert_eq!(replies.len(), 1, "{} bytes", lines.len());
            assert_eq!(replies[0].status, status, "{} bytes", lines.len());
        });
        let grown = grown.await;
        assert!(grown < 24, "{} bytes of head took {grown} MiB", lines.len());
    }
    let long = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "x".repeat(1 << 20));
    let replies = exchange(house.address(), long.as_bytes()).await;
    assert!(replies.iter().all(|reply| matches!(reply.status, 414 | 431)), "{replies:?}");
    house.close().await;
}

#[tokio::test]
async fn many_heads_that_are_not_finished_take_a_bounded_part_of_memory() {
    use tokio::io::AsyncWriteExt as _;
    const CONNECTIONS: usize = 400;
    let house = House::open().await;
    let mut open = Vec::new();
    let grown = house.grows_by(async {
        let head = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: {}", "x".repeat(60 * 1024));
        for _ in 0..CONNECTIONS {
            let mut stream = tokio::net::TcpStream::connect(house.address()).await.unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            open.push(stream);
        }
        house.goes_on().await;
    });
    // Each may hold its head and what reads it: 200 KiB.
    let grown = grown.await;
    assert!(grown < 80, "{CONNECTIONS} heads of 60 KiB took {grown} MiB");
    drop(open);
    house.close().await;
}
