//! Who sent a request, when proxies stand in between.
//!
//! A proxy appends the address of whoever connected to it to `X-Forwarded-For`; everything before that is what the sender claims. So
//! the list counts only as far as trusted proxies have written it: from the right, starting with the peer of the connection, as long
//! as an address is a trusted one. The first that is not is the client. Without trusted proxies the header means nothing.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;
use poem::http::HeaderMap;
use poem::{Endpoint, Middleware, Request, Result};

const HEADER: &str = "x-forwarded-for";

/// Addresses looked at in a list; a longer one is nobody's honest way here.
const MOST_HOPS: usize = 32;

/// Finds the client's address and puts it into the request. Belongs outside of everything that wants it.
#[derive(Debug, Clone)]
pub struct FindClient {
    /// The proxies whose word counts.
    pub trusted: Arc<[IpNet]>,
}

/// The address that was found, in the data of a request. Without one it is the connection's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client(pub IpAddr);

/// The address of whoever sent the request; `None` over the control socket.
pub fn of(request: &Request) -> Option<IpAddr> {
    let found = request.data::<Client>().map(|client| client.0);
    found.or_else(|| peer(request))
}

fn peer(request: &Request) -> Option<IpAddr> {
    request.remote_addr().as_socket_addr().map(|address| address.ip().to_canonical())
}

impl<E: Endpoint> Middleware<E> for FindClient {
    type Output = FindClientEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        FindClientEndpoint { inner, trusted: Arc::clone(&self.trusted) }
    }
}

/// See [`FindClient`].
#[derive(Debug)]
pub struct FindClientEndpoint<E> {
    inner: E,
    trusted: Arc<[IpNet]>,
}

impl<E: Endpoint> Endpoint for FindClientEndpoint<E> {
    type Output = E::Output;

    async fn call(&self, mut request: Request) -> Result<Self::Output> {
        if !self.trusted.is_empty()
            && let Some(peer) = peer(&request)
        {
            let client = client(peer, request.headers(), &self.trusted);
            request.set_data(Client(client));
        }
        self.inner.call(request).await
    }
}

pub(super) fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    // Several lines are one list.
    let lines: Vec<&str> = headers.get_all(HEADER).iter().map(|line| line.to_str().unwrap_or("")).collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(',')).take(MOST_HOPS);
    let mut at = peer;
    for hop in hops {
        if !is_trusted(&at) {
            break;
        }
        // What a trusted proxy has written is an address. Anything else, and the last hop that is known for sure is the answer.
        let Some(before) = address(hop.trim()) else { break };
        at = before;
    }
    at
}

/// `192.0.2.1`, `2001:db8::1`, and with a port as some proxies write it: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
fn address(text: &str) -> Option<IpAddr> {
    let plain = text.parse().ok();
    let with_port = || text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    plain.or_else(with_port).or_else(in_brackets).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;

    use super::*;

    fn found(peer: &str, lines: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(HEADER, HeaderValue::from_str(line).unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn the_client_is_the_rightmost_hop_that_is_not_trusted() {
        let proxies = &["10.0.0.0/8", "2001:db8::/32"][..];
        for (peer, lines, client) in [
            ("10.0.0.1", &["192.0.2.7"][..], "192.0.2.7"),
            ("10.0.0.1", &["203.0.113.1, 192.0.2.7"], "192.0.2.7"),
            ("10.0.0.1", &["203.0.113.1", "192.0.2.7, 10.0.0.2"], "192.0.2.7"),
            ("2001:db8::1", &["192.0.2.7:4711"], "192.0.2.7"),
            ("10.0.0.1", &["[2001:db9::5]:4711"], "2001:db9::5"),
            ("10.0.0.1", &["::ffff:192.0.2.7"], "192.0.2.7"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["1.2.3.4, unknown"], "10.0.0.1"),
            ("10.0.0.1", &["1.2.3.4, evil\t"], "10.0.0.1"),
            ("10.0.0.1", &["1.2.3.4, , 10.0.0.2"], "10.0.0.2"),
        ] {
            assert_eq!(found(peer, lines, proxies), client, "{peer} {lines:?}");
        }
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(found("192.0.2.9", &["127.0.0.1"], &["10.0.0.0/8"]), "192.0.2.9");
        assert_eq!(found("10.0.0.1", &["1.2.3.4"], &[]), "10.0.0.1");
    }

    #[test]
    fn a_list_without_end_is_looked_at_for_so_long() {
        let long = vec!["10.0.0.2"; 10_000].join(",");
        assert_eq!(found("10.0.0.1", &[&format!("1.2.3.4,{long}")], &["10.0.0.0/8"]), "10.0.0.2");
    }
}
