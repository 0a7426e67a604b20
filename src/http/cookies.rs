//! The two cookies that carry tokens, and the one that binds a way to a provider of single sign-on to its browser.
//!
//! Owns their names and attributes. `HttpOnly` keeps scripts from reading them, `SameSite=Strict` keeps other sites' pages
//! from sending them, and where the browser's way to us is safe (TLS, or the same machine) `Secure` with the `__Host-` prefix
//! keeps other hosts of the domain from planting one. On plain HTTP over a network there is no such protection; the cookies
//! then have plain names, and the log says so once.
//!
//! What a reader would get wrong: the names hold a piece of the store's id, because cookies know no ports and two servers on
//! one host would otherwise sign each other's users out. It is the end of the id; its beginning is a time, which two servers
//! that were set up together share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use poem::Request;
use poem::http::uri::Scheme;
use poem::http::{HeaderValue, header};
use uuid::Uuid;

use crate::config::PublicUrl;
use crate::http::host;
use crate::sessions::{Delivery, Tokens};

/// The prefix that binds a cookie to one host; browsers refuse it without `Secure` and `Path=/` (RFC 6265bis, 4.1.3.2).
const HOST_PREFIX: &str = "__Host-";

/// How long a way to a provider may take; what is in the cookie says so too.
const FLOW_AGE: Duration = Duration::from_secs(10 * 60);

/// The cookies of one store.
#[derive(Debug)]
pub struct Cookies {
    access: String,
    refresh: String,
    flow: String,
    https: bool,
    warned: AtomicBool,
}

impl Cookies {
    /// For the store of that epoch, reached at `public` when that is configured.
    pub fn new(store: Uuid, public: Option<&PublicUrl>) -> Self {
        let store = store.simple().to_string();
        let tail = &store[store.len() - 8..];
        Self {
            access: format!("{HOST_PREFIX}inkstone-{tail}-access"),
            refresh: format!("{HOST_PREFIX}inkstone-{tail}-refresh"),
            flow: format!("{HOST_PREFIX}inkstone-{tail}-sso"),
            https: public.is_some_and(PublicUrl::is_https),
            warned: AtomicBool::new(false),
        }
    }

    /// The access token that the browser sent.
    pub fn access<'r>(&self, request: &'r Request) -> Option<&'r str> {
        find(request, self.named(&self.access, request))
    }

    /// The refresh token that the browser sent.
    pub fn refresh<'r>(&self, request: &'r Request) -> Option<&'r str> {
        find(request, self.named(&self.refresh, request))
    }

    /// What binds a way to a provider to this browser.
    pub fn flow<'r>(&self, request: &'r Request) -> Option<&'r str> {
        find(request, self.named(&self.flow, request))
    }

    /// The `Set-Cookie` line that binds one.
    pub fn set_flow(&self, request: &Request, value: &str) -> Option<HeaderValue> {
        self.line(&self.flow, value, FLOW_AGE, request)
    }

    /// The one that takes it away.
    pub fn clear_flow(&self, request: &Request) -> Option<HeaderValue> {
        self.line(&self.flow, "", Duration::ZERO, request)
    }

    /// The `Set-Cookie` lines that deliver tokens.
    pub fn set(&self, request: &Request, tokens: &Tokens) -> Vec<HeaderValue> {
        let access = || self.line(&self.access, &tokens.access, tokens.access_ttl, request);
        let refresh = || self.line(&self.refresh, &tokens.refresh, tokens.refresh_ttl, request);
        let lines = match tokens.delivery {
            Delivery::Cookie => vec![access(), refresh()],
            Delivery::Split => vec![refresh()],
            Delivery::Body => vec![],
        };
        if !lines.is_empty() && !self.is_safe(request) && !self.warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "signing in over plain HTTP: whoever can listen on the network can take over the session; \
                 put TLS in front and set public_url to its https:// address"
            );
        }
        lines.into_iter().flatten().collect()
    }

    /// The `Set-Cookie` lines that take both away.
    pub fn clear(&self, request: &Request) -> Vec<HeaderValue> {
        [&self.access, &self.refresh]
            .into_iter()
            .filter_map(|name| self.line(name, "", Duration::ZERO, request))
            .collect()
    }

    /// One line; `None` when the value could not stand in a header, which no token of ours does.
    fn line(&self, name: &str, value: &str, age: Duration, request: &Request) -> Option<HeaderValue> {
        let secure = if self.is_safe(request) { "; Secure" } else { "" };
        let name = self.named(name, request);
        let age = age.as_secs();
        let line = format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{secure}");
        HeaderValue::try_from(line).ok()
    }

    /// The name for this request's way: with the prefix when it is safe, without when it is not.
    fn named<'n>(&self, name: &'n str, request: &Request) -> &'n str {
        if self.is_safe(request) { name } else { name.trim_start_matches(HOST_PREFIX) }
    }

    /// Whether browsers take this request's way for safe, so that they accept `Secure` cookies on it.
    fn is_safe(&self, request: &Request) -> bool {
        self.https || *request.scheme() == Scheme::HTTPS || host::is_loopback(request)
    }
}

fn find<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    request
        .headers()
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORE: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_1234_abcd);

    fn cookies(public: Option<&str>) -> Cookies {
        Cookies::new(STORE, public.map(|url| PublicUrl::parse(url).unwrap()).as_ref())
    }

    fn request(host: &str) -> Request {
        Request::builder().uri_str("/api/v1/auth/login").header("host", host).finish()
    }

    fn tokens(delivery: Delivery) -> Tokens {
        Tokens {
            access: "a.b.c".into(),
            access_ttl: Duration::from_secs(300),
            refresh: "r".into(),
            refresh_ttl: Duration::from_secs(86400),
            delivery,
        }
    }

    fn lines(cookies: &Cookies, host: &str, delivery: Delivery) -> Vec<String> {
        cookies.set(&request(host), &tokens(delivery)).iter().map(|v| v.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn under_https_and_on_loopback_cookies_are_bound_to_the_host() {
        let expected = [
            "__Host-inkstone-1234abcd-access=a.b.c; Path=/; Max-Age=300; HttpOnly; SameSite=Strict; Secure",
            "__Host-inkstone-1234abcd-refresh=r; Path=/; Max-Age=86400; HttpOnly; SameSite=Strict; Secure",
        ];
        assert_eq!(lines(&cookies(Some("https://notes.example")), "notes.example", Delivery::Cookie), expected);
        for host in ["localhost", "localhost:7465", "a.localhost", "127.0.0.1:7465", "127.9.9.9", "[::1]:7465", "[::1]"]
        {
            assert_eq!(lines(&cookies(None), host, Delivery::Cookie), expected, "{host}");
        }
    }

    #[test]
    fn on_a_plain_network_they_are_plain() {
        let expected = ["inkstone-1234abcd-refresh=r; Path=/; Max-Age=86400; HttpOnly; SameSite=Strict"];
        for host in ["192.0.2.7:7465", "notes.lan", "localhost.example", "127.0.0.1.example", "[2001:db8::1]:80", "["] {
            assert_eq!(lines(&cookies(None), host, Delivery::Split), expected, "{host}");
        }
        assert_eq!(lines(&cookies(Some("http://notes.lan")), "notes.lan", Delivery::Split), expected);
    }

    #[test]
    fn tokens_for_the_body_set_none() {
        assert!(lines(&cookies(None), "localhost", Delivery::Body).is_empty());
    }

    #[test]
    fn the_warning_about_plain_cookies_is_given_once() {
        let cookies = cookies(None);
        lines(&cookies, "localhost", Delivery::Cookie);
        assert!(!cookies.warned.load(Ordering::Relaxed));
        lines(&cookies, "notes.lan", Delivery::Cookie);
        assert!(cookies.warned.load(Ordering::Relaxed));
    }

    #[test]
    fn a_token_is_found_under_the_name_of_its_store_and_way() {
        let with = |host: &str, cookie: &str| {
            Request::builder().header("host", host).header("cookie", "x=y; malformed").header("cookie", cookie).finish()
        };
        let cookies = cookies(None);
        let bound = "a=b; __Host-inkstone-1234abcd-access=t.o.k; c=d";
        assert_eq!(cookies.access(&with("localhost", bound)), Some("t.o.k"));
        assert_eq!(cookies.refresh(&with("localhost", bound)), None);
        assert_eq!(cookies.access(&with("notes.lan", "inkstone-1234abcd-access=t")), Some("t"));
        assert_eq!(cookies.access(&with("localhost", "inkstone-1234abcd-access=t")), None, "planted by another host");
        assert_eq!(cookies.access(&with("localhost", "__Host-inkstone-00000000-access=t")), None, "another server's");
    }

    #[test]
    fn clearing_expires_both() {
        let cleared = cookies(None).clear(&request("localhost"));
        assert_eq!(cleared.len(), 2);
        for line in cleared {
            assert!(line.to_str().unwrap().contains("=; Path=/; Max-Age=0;"));
        }
    }
}
