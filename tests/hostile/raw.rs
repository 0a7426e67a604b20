//! Bytes as they are, and every answer that comes back for them.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long the server may take to close: longer than it gives a head.
const PATIENCE: Duration = Duration::from_secs(40);

/// Asks for the end of the connection, so that everything that was answered is known.
pub(crate) const LAST: &str = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

/// Sends `bytes` and reads until the server closes.
pub(crate) async fn exchange(address: SocketAddr, bytes: &[u8]) -> Vec<Reply> {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let bytes = bytes.to_vec();
    let sending = tokio::spawn(async move {
        // The server may close before it has read everything.
        let _ = writing.write_all(&bytes).await;
        writing
    });
    let mut all = Vec::new();
    let read = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = reading.read(&mut buffer).await {
            all.extend_from_slice(&buffer[..length]);
        }
    };
    tokio::time::timeout(PATIENCE, read).await.expect("the server closes the connection");
    sending.abort();
    replies(&all)
}

/// Sends a request and then [`LAST`]: what is answered to the first, when it was taken for one request.
pub(crate) async fn ask(address: SocketAddr, request: &str) -> Vec<Reply> {
    exchange(address, format!("{request}{LAST}").as_bytes()).await
}

fn replies(mut bytes: &[u8]) -> Vec<Reply> {
    let mut replies = Vec::new();
    while let Some(end) = find(bytes, b"\r\n\r\n") {
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.get(9..12).and_then(|digits| digits.parse().ok()).expect("a status line");
        bytes = &bytes[end + 4..];
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let length: usize = length.unwrap_or(0).min(bytes.len());
        let body = String::from_utf8_lossy(&bytes[..length]).into_owned();
        bytes = &bytes[length..];
        if status >= 200 {
            replies.push(Reply { status, head, body });
        }
    }
    replies
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}
