//! The host that a request was sent to.
//!
//! HTTP/2 names it in `:authority`, which arrives in the URI; HTTP/1.1 in `Host`. It is the sender's word: fit for deciding what a
//! browser will make of an answer, not for deciding who may do what.

use std::net::IpAddr;

use poem::Request;
use poem::http::header;

/// Host and port as they were sent.
pub(super) fn authority(request: &Request) -> Option<&str> {
    match request.uri().authority() {
        Some(authority) => Some(authority.as_str()),
        None => request.header(header::HOST),
    }
}

/// Whether the request was sent to this very machine, as far as a browser can tell: its way is safe then without TLS.
pub(super) fn is_loopback(request: &Request) -> bool {
    authority(request).is_some_and(|authority| match Host::of(authority) {
        Host::Address(address) => address.is_loopback(),
        Host::Name(name) => names_loopback(&name),
    })
}

/// Whether a host is a name in the world: neither an address nor this very machine.
pub(super) fn is_public_name(authority: &str) -> bool {
    match Host::of(authority) {
        Host::Address(_) => false,
        Host::Name(name) => !name.is_empty() && !names_loopback(&name),
    }
}

fn names_loopback(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

enum Host {
    Address(IpAddr),
    /// In lower case.
    Name(String),
}

impl Host {
    fn of(authority: &str) -> Self {
        let host = match authority.rfind(':') {
            // The colons of an IPv6 address are followed by its closing bracket.
            Some(at) if !authority[at..].contains(']') => &authority[..at],
            _ => authority,
        };
        let name = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        name.parse().map_or(Self::Name(name), Self::Address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_name_is_neither_an_address_nor_this_machine() {
        for name in ["notes.example.org", "Notes.LAN:7465", "localhost.example"] {
            assert!(is_public_name(name), "{name}");
        }
        for other in
            ["192.0.2.7", "192.0.2.7:7465", "[2001:db8::1]:443", "localhost", "A.Localhost:80", "127.0.0.1", ""]
        {
            assert!(!is_public_name(other), "{other}");
        }
    }

    #[test]
    fn http2_names_the_host_in_the_uri() {
        let request = Request::builder().uri_str("https://localhost:7465/x").header("host", "notes.lan").finish();
        assert_eq!(authority(&request), Some("localhost:7465"));
        assert!(is_loopback(&request));
    }
}
