//! What has to hold of cookies, credentials in headers, cursors and entity tags, whatever comes. See [`crate::fuzzing`].

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;
use poem::Request;
use poem::http::{HeaderMap, HeaderValue};
use poem_openapi::types::ParseFromParameter as _;
use uuid::Uuid;

use super::auth::bearer;
use super::client_address::client as client_of;
use super::cookies::Cookies;
use super::etag::{ETag, IfMatch, IfNoneMatch};
use super::page::{Limit, Listing};
use crate::config::PublicUrl;

/// A token of ours: letters that no cookie has to quote.
const TOKEN: &str = "eyJ0eXAiOiJKV1Qi.e30.c2ln_-";

/// What is found was sent under that name; what was set is found among everything else.
pub(crate) fn cookies(data: &[u8]) {
    let store = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_1234_abcd);
    let public = PublicUrl::parse("https://notes.example.org").ok();
    let near = Cookies::new(store, None);
    for (cookies, host, prefix) in
        [(Cookies::new(store, public.as_ref()), "notes.example.org", "__Host-"), (near, "192.0.2.7", "")]
    {
        let name = format!("{prefix}inkstone-1234abcd-access");
        let request = |lines: &[&[u8]]| {
            let mut request = Request::builder().uri_str("/api/v1/me").header("host", host).finish();
            for line in lines {
                request.headers_mut().append("cookie", HeaderValue::from_bytes(line).ok()?);
            }
            Some(request)
        };
        // A NUL between two lines, so that the fuzzer can send several.
        let lines: Vec<&[u8]> = data.split(|byte| *byte == 0).collect();
        let Some(sent) = request(&lines) else { return };
        let found = cookies.access(&sent);
        if let Some(found) = found {
            assert!(!found.contains(';'), "{found}");
            let pair = format!("{name}={found}");
            let said = lines.iter().filter_map(|line| std::str::from_utf8(line).ok());
            assert!(said.flat_map(|line| line.split(';')).any(|part| part.trim() == pair), "{pair}");
        }
        // Beside a cookie of that name it is not for us to say which one the browser means; the first is taken.
        let ours = format!("{name}={TOKEN}");
        let lines: Vec<&[u8]> = lines.into_iter().chain([ours.as_bytes()]).collect();
        let Some(sent) = request(&lines) else { return };
        assert_eq!(cookies.access(&sent), found.or(Some(TOKEN)));
    }

    let Ok(line) = HeaderValue::from_bytes(data) else { return };
    let mut request = Request::builder().finish();
    request.headers_mut().insert("authorization", line);
    if let Some(token) = bearer(&request) {
        assert_eq!(token.trim(), token);
        let mut again = Request::builder().finish();
        let Ok(line) = HeaderValue::from_str(&format!("Bearer {token}")) else { return };
        again.headers_mut().insert("authorization", line);
        assert_eq!(bearer(&again), Some(token));
    }
}

/// Whoever is no trusted proxy is the client; behind trusted ones it is an address that was written there.
pub(crate) fn client(data: &[u8]) {
    let trusted: Vec<IpNet> = "10.0.0.0/8".parse().into_iter().collect();
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == 0) {
        let Ok(line) = HeaderValue::from_bytes(line) else { return };
        headers.append("x-forwarded-for", line);
    }
    let stranger = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 9));
    let proxy = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
    assert_eq!(client_of(stranger, &headers, &trusted), stranger);
    assert_eq!(client_of(proxy, &headers, &[]), proxy);
    let found = client_of(proxy, &headers, &trusted);
    assert_eq!(found.to_canonical(), found);
    // One more that a trusted proxy has written counts for more than all before.
    headers.append("x-forwarded-for", HeaderValue::from_static("203.0.113.5, 10.0.0.2"));
    assert_eq!(client_of(proxy, &headers, &trusted), IpAddr::V4(Ipv4Addr::new(203, 0, 113, 5)));
}

/// An accepted cursor is what the server would write; a tag of ours is recognised by both conditions.
pub(crate) fn cursors(data: &[u8]) {
    let Ok(listing) = Listing::new("notes", &"fuzz") else { return };
    let Ok(text) = std::str::from_utf8(data) else { return };
    type Keyset = (Option<bool>, Option<i64>, Option<String>, Uuid);
    if let Ok(keyset) = listing.keyset::<Keyset>(text) {
        assert_eq!(listing.cursor(&keyset).ok().as_deref(), Some(text));
    }
    if let Ok(keyset) = listing.keyset::<(i64, Uuid)>(text) {
        assert_eq!(listing.cursor(&keyset).ok().as_deref(), Some(text));
    }
    let keyset: Keyset = (None, Some(7), Some(text.chars().take(500).collect()), Uuid::nil());
    if let Ok(cursor) = listing.cursor(&keyset)
        && cursor.len() <= 4096
    {
        assert_eq!(listing.keyset::<Keyset>(&cursor).ok(), Some(keyset));
        assert!(Listing::new("notes", &"other").is_ok_and(|other| other.keyset::<Keyset>(&cursor).is_err()));
    }
    if let Ok(limit) = Limit::parse_from_parameter(text) {
        assert!((1..=Limit::MAX).contains(&limit.get()), "{text}");
    }

    let version: String = text.chars().filter(char::is_ascii_alphanumeric).take(32).collect();
    let tag = ETag::new(version.clone(), 7);
    if !version.is_empty() {
        for written in [tag.to_string(), format!("W/{tag}"), format!("\"x.1\", {tag}")] {
            assert!(IfMatch::parse(&written).is_ok_and(|held| held.allows(&version)), "{written}");
            assert!(IfNoneMatch::parse(&written).is_ok_and(|held| held.holds(&tag)), "{written}");
        }
    }
    // Whatever it is, both read it as tags or both do not.
    assert_eq!(IfMatch::parse(text).is_ok(), IfNoneMatch::parse(text).is_ok(), "{text}");
}
