//! The address under which people reach the server, as far as the server has to know it: for links that it prints, for the
//! origin that browsers send, and for the path that it is served under behind a proxy.

use std::fmt;

use url::{Host, Url};

/// `http` or `https`, host, optional port, optional path; nothing else. Kept without a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    path: String,
    https: bool,
    loopback: bool,
    url: Url,
}

impl PublicUrl {
    /// Reads a URL; the error says what would be accepted.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refused = |why: &str| format!("`{text}` cannot be the public URL: {why}");
        let url = Url::parse(text).map_err(|e| refused(&format!("{e}; write `https://notes.example.org`")))?;
        let https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(refused("it has to begin with http:// or https://")),
        };
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refused("it must end before any `?` or `#`"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused("it must not hold a user name or password"));
        }
        let loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => return Err(refused("it has no host")),
        };
        let path = url.path().trim_end_matches('/');
        // The path becomes a route prefix and a cookie path: what needs escaping in either is asked for no good reason.
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
        if !path.chars().all(plain) || path.contains("//") {
            return Err(refused("its path may hold letters, digits and - . _ ~ only"));
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            path: path.to_owned(),
            https,
            loopback,
            url: url.clone(),
        })
    }

    /// `https://notes.example.org`: what a browser sends as `Origin`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// `/notes`, or empty at the root.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether browsers come over TLS.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// Whether it names this machine only.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// As a parsed URL.
    pub fn url(&self) -> Url {
        self.url.clone()
    }

    /// The full URL of `path`, which begins with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{self}{path}")
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_kept_as_origin_and_path() {
        let url = PublicUrl::parse("https://Notes.example.org:443/team/notes/").unwrap();
        assert_eq!((url.origin(), url.path()), ("https://notes.example.org", "/team/notes"));
        assert_eq!(url.join("/setup"), "https://notes.example.org/team/notes/setup");
        assert!(url.is_https() && !url.is_loopback());
        assert_eq!(PublicUrl::parse("http://127.0.0.1:7465").unwrap().path(), "");
        assert!(PublicUrl::parse("http://[::1]:80").unwrap().is_loopback());
    }

    #[test]
    fn anything_that_is_no_plain_web_address_is_refused() {
        for wrong in [
            "notes.example.org",
            "ftp://a.example",
            "https://a.example/?q",
            "https://a.example/#top",
            "https://me:pw@a.example",
            "https://a.example/a b",
            "https://a.example/a//b",
            "https://",
            "",
        ] {
            assert!(PublicUrl::parse(wrong).is_err(), "{wrong}");
        }
    }
}
