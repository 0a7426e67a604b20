//! Which HTTP a connection speaks, found out before hyper looks.
//!
//! hyper finds out by itself, by reading what may be the beginning of HTTP/2 and putting it back. What it put back does not fit
//! beside the first read of its buffer, which it then doubles and keeps: 10 KB of memory for each connection, and half of what an
//! idle event stream takes. So it is told where that is possible: TLS has agreed on the protocol, and the first bytes on a TCP
//! connection can be looked at without taking them.

use tokio::net::TcpStream;

use crate::tls::Secured;

/// What is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    /// HTTP/1.
    One,
    /// Anything that hyper knows.
    Any,
}

/// How HTTP/2 begins (RFC 9113, 3.4), as far as no request of HTTP/1 does that is sent in earnest.
const TWO: &[u8] = b"PRI";

impl Protocol {
    /// By the first bytes; waits for them.
    pub(super) async fn peeked(stream: &TcpStream) -> Self {
        let mut first = [0; TWO.len()];
        match stream.peek(&mut first).await {
            Ok(length) => Self::of(&first[..length]),
            // The first read finds what is wrong.
            Err(_) => Self::Any,
        }
    }

    /// By what the two sides of a handshake agreed on.
    pub(super) fn agreed(stream: &Secured) -> Self {
        // Without an agreement it is HTTP/1: over TLS, HTTP/2 has to be asked for.
        match stream.get_ref().1.alpn_protocol() {
            Some(b"h2") => Self::Any,
            Some(_) | None => Self::One,
        }
    }

    fn of(first: &[u8]) -> Self {
        if TWO.starts_with(first) { Self::Any } else { Self::One }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_of_http_1_is_known_by_its_first_letters() {
        for first in ["GET", "POS", "PUT", "PAT", "G", "\r\n"] {
            assert_eq!(Protocol::of(first.as_bytes()), Protocol::One, "{first}");
        }
        for first in ["PRI", "PR", "P", ""] {
            assert_eq!(Protocol::of(first.as_bytes()), Protocol::Any, "{first}");
        }
    }
}
