//! The origin of a web page as browsers send it: scheme, host and port.

use url::Url;

/// An origin, written as browsers write it in `Origin`: `https://app.example.org`, without the port that the scheme has anyway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebOrigin(String);

impl WebOrigin {
    /// Reads one; the error says what would be accepted.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refused = |why: &str| Err(format!("`{text}` is no origin: {why}; write such as `https://app.example.org`"));
        if text == "*" || text.eq_ignore_ascii_case("null") {
            return refused("each origin has to be named");
        }
        let url = match Url::parse(text) {
            Ok(url) => url,
            Err(why) => return refused(&why.to_string()),
        };
        if !matches!(url.scheme(), "http" | "https") {
            return refused("it has to begin with https:// or http://");
        }
        if url.host_str().is_some_and(|host| host.contains('*')) {
            return refused("each origin has to be named");
        }
        let origin = url.origin().ascii_serialization();
        // A slash at the end is how addresses are copied from a browser. Anything else would be promised and not heeded.
        if url.as_str().strip_suffix('/') != Some(origin.as_str()) || text.contains(['?', '#', '@', '\\']) {
            return refused("it ends behind the host and its port");
        }
        Ok(Self(origin))
    }

    /// As browsers write it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_kept_as_browsers_write_it() {
        for (text, origin) in [
            ("https://app.example.org", "https://app.example.org"),
            ("https://App.Example.org:443/", "https://app.example.org"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("http://[::1]:80", "http://[::1]"),
            ("https://müller.example", "https://xn--mller-kva.example"),
        ] {
            assert_eq!(WebOrigin::parse(text).unwrap().as_str(), origin);
        }
    }

    #[test]
    fn what_is_no_origin_is_refused_with_a_reason() {
        for wrong in [
            "",
            "*",
            "null",
            "app.example.org",
            "https://*.example.org",
            "https://app.example.org/path",
            "https://app.example.org/?q",
            "https://app.example.org#x",
            "https://me@app.example.org",
            "https://app.example.org//",
            "https:\\\\app.example.org",
            "file:///x",
            "chrome-extension://abcdef",
            "ftp://app.example.org",
        ] {
            let why = WebOrigin::parse(wrong).unwrap_err();
            assert!(why.contains("https://app.example.org"), "{wrong}: {why}");
        }
    }
}
