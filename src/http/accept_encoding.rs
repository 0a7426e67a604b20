//! `Accept-Encoding`: in which coding an answer is best sent (RFC 9110, 12.5.3).
//!
//! What a reader would get wrong: a request without the header gets the plain form, although the RFC would allow any; programs
//! that do not ask for a coding seldom understand one. And when everything is refused, even the plain form, the plain form is
//! sent all the same: an answer that can perhaps be read serves more than none.

use std::io::{self, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use poem::http::{HeaderMap, HeaderValue, header};

/// A coding that we can send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Brotli.
    Br,
    /// Gzip.
    Gzip,
    /// The plain form.
    Identity,
}

impl Encoding {
    /// The `Content-Encoding` header; `None` for the plain form.
    pub(super) fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Br => Some(HeaderValue::from_static("br")),
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Identity => None,
        }
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Br => &["br"],
            // RFC 9110, 8.4.1.3: a recipient ought to take the second for the first.
            Self::Gzip => &["gzip", "x-gzip"],
            Self::Identity => &["identity"],
        }
    }
}

/// Compresses a whole body. 40 KB take less than a millisecond.
///
/// # Errors
/// None, as long as memory is no file.
pub(super) fn gzip(body: &[u8], level: Compression) -> io::Result<Vec<u8>> {
    let mut out = GzEncoder::new(Vec::with_capacity(body.len() / 3), level);
    out.write_all(body)?;
    out.finish()
}

/// What the sender of these headers likes best among `offered`, which stands in the order of our own preference and ends with
/// [`Encoding::Identity`].
pub(super) fn choose(headers: &HeaderMap, offered: &[Encoding]) -> Encoding {
    let lines: Vec<_> = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok()).collect();
    if lines.is_empty() {
        return Encoding::Identity;
    }
    let mut best = (0, Encoding::Identity);
    for &encoding in offered {
        let weight = weight(&lines, encoding);
        if weight > best.0 {
            best = (weight, encoding);
        }
    }
    best.1
}

/// How much a coding is liked, in thousandths; 0 is a refusal.
fn weight(lines: &[&str], encoding: Encoding) -> u16 {
    let (mut named, mut any) = (None, None);
    for element in lines.iter().flat_map(|line| line.split(',')) {
        let mut parts = element.split(';').map(str::trim);
        let coding = parts.next().unwrap_or_default();
        let mut weight = || parts.find_map(quality).unwrap_or(1000);
        if encoding.names().iter().any(|name| coding.eq_ignore_ascii_case(name)) {
            named = named.or(Some(weight()));
        } else if coding == "*" {
            any = any.or(Some(weight()));
        }
    }
    // The plain form is welcome unless it is refused, but less than anything that is asked for.
    let unnamed = if encoding == Encoding::Identity { 1 } else { 0 };
    named.or(any).unwrap_or(unnamed)
}

/// The value of `q=`; one that cannot be read is a refusal, because its sender meant something by it.
fn quality(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    if !name.trim_end().eq_ignore_ascii_case("q") {
        return None;
    }
    let value = value.trim_start();
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Some(0);
    }
    let thousandths = format!("{fraction:0<3}").parse().unwrap_or(0);
    Some(match (whole, thousandths) {
        ("0", thousandths) => thousandths,
        ("1", 0) => 1000,
        _ => 0,
    })
}

#[cfg(test)]
mod tests {
    use super::Encoding::{Br, Gzip, Identity};
    use super::*;

    fn chosen(lines: &[&str]) -> Encoding {
        let headers =
            lines.iter().map(|line| (header::ACCEPT_ENCODING, HeaderValue::from_str(line).unwrap())).collect();
        choose(&headers, &[Br, Gzip, Identity])
    }

    #[test]
    fn brotli_goes_before_gzip_and_gzip_before_nothing() {
        assert_eq!(chosen(&["gzip, deflate, br, zstd"]), Br);
        assert_eq!(chosen(&["gzip", "br"]), Br);
        assert_eq!(chosen(&["GZIP"]), Gzip);
        assert_eq!(chosen(&["x-gzip"]), Gzip);
        assert_eq!(chosen(&["deflate, zstd"]), Identity);
        assert_eq!(chosen(&["*"]), Br);
        assert_eq!(
            choose(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static("br"))]), &[Identity]),
            Identity
        );
    }

    #[test]
    fn a_request_that_does_not_ask_gets_the_plain_form() {
        assert_eq!(chosen(&[]), Identity);
        assert_eq!(chosen(&[""]), Identity);
    }

    #[test]
    fn weights_decide_and_zero_refuses() {
        assert_eq!(chosen(&["br;q=0.5, gzip;q=0.8"]), Gzip);
        assert_eq!(chosen(&["br ; q=0 , gzip ; Q=0.001"]), Gzip);
        assert_eq!(chosen(&["br;q=0, *;q=0.3"]), Gzip);
        assert_eq!(chosen(&["br;q=0.9, identity;q=1.0"]), Identity);
        assert_eq!(chosen(&["*;q=0"]), Identity, "something has to be sent");
        assert_eq!(chosen(&["br;q=0.000, gzip;q=0"]), Identity);
    }

    #[test]
    fn a_weight_that_cannot_be_read_refuses() {
        for weight in ["high", "1.5", "2", "-1", "0.1234", "", "0.x"] {
            assert_eq!(chosen(&[&format!("br;q={weight}")]), Identity, "{weight}");
        }
    }
}
