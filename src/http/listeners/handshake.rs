//! The beginning of a connection that should speak TLS.
//!
//! Whoever types `http://` in front of the address gets an answer that can be read, instead of a connection that breaks off for no
//! reason. The first byte tells: a TLS client begins with a handshake record, and no HTTP request begins with that byte.
//! Handshakes that fail are the client's affair (a scanner, a certificate that it does not trust) and are told at `debug` alone.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::tls::{Acceptor, Secured};

/// The type of a TLS record that carries a handshake (RFC 8446, 5.1).
const HANDSHAKE_RECORD: u8 = 22;

/// To a request without TLS.
const PLAIN: &str = "This port speaks HTTPS: begin the address with https://\n";

/// How long, and for how many bytes, the rest of a plain request is listened to.
const FAREWELL: Duration = Duration::from_secs(2);
/// See [`FAREWELL`].
const FAREWELL_BYTES: u64 = 64 * 1024;

/// The secured connection; `None` when it does not come about.
pub(super) async fn handshake(stream: TcpStream, acceptor: &Acceptor) -> Option<Secured> {
    let mut first = [0];
    // A client that went away without a word left nothing to peek at.
    if stream.peek(&mut first).await.ok()? == 0 {
        return None;
    }
    if first[0] != HANDSHAKE_RECORD {
        refuse(stream).await;
        return None;
    }
    match acceptor.accept(stream).await {
        Ok(secured) => Some(secured),
        Err(why) => {
            tracing::debug!(%why, "a TLS handshake failed");
            None
        }
    }
}

/// Says what the port speaks, and closes so that it is heard: closing on unread bytes would take the answer back on its way.
async fn refuse(mut stream: TcpStream) {
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{PLAIN}",
        PLAIN.len()
    );
    let farewell = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await?;
        tokio::io::copy(&mut stream.take(FAREWELL_BYTES), &mut tokio::io::sink()).await
    };
    // Whether it was heard makes no difference.
    let _ = tokio::time::timeout(FAREWELL, farewell).await;
}
