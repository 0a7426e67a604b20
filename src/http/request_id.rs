//! The id of a request, which ties together the answer, its log lines and what a user reports.
//!
//! An id that comes with the request in `X-Request-Id` (a proxy's) is kept when it is a short token; otherwise a UUIDv7 is
//! made. What a reader would get wrong: it is a label from outside. Nothing may be looked up or decided by it.

use std::fmt;
use std::sync::Arc;

use poem::http::{HeaderMap, HeaderName, HeaderValue};

use crate::clock::Ids;

/// `X-Request-Id`, on requests and on every answer.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken over.
const LONGEST: usize = 64;

/// The id of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id that the request brings, or a new one.
    pub fn of(headers: &HeaderMap, ids: &Ids) -> Self {
        let brought = headers.get(HEADER).and_then(|value| value.to_str().ok()).filter(|id| is_token(id));
        match brought {
            Some(id) => Self(id.into()),
            None => {
                let mut buffer = uuid::Uuid::encode_buffer();
                Self((&*ids.id().hyphenated().encode_lower(&mut buffer)).into())
            }
        }
    }

    /// The id as a header value.
    pub fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Letters, digits and `-._`: safe in any log format.
fn is_token(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{ManualClock, SeededEntropy, Timestamp};

    fn id(brought: Option<&str>) -> String {
        let ids = Ids::new(
            Arc::new(ManualClock::new(Timestamp::from_micros(1_700_000_000_000_000))),
            Arc::new(SeededEntropy::new(1)),
        );
        let headers = brought.map(|id| (HEADER, id.parse().unwrap())).into_iter().collect();
        RequestId::of(&headers, &ids).to_string()
    }

    #[test]
    fn a_short_token_from_outside_is_kept() {
        assert_eq!(id(Some("proxy-7.a_B")), "proxy-7.a_B");
    }

    #[test]
    fn anything_else_gets_a_new_id() {
        for brought in [None, Some(""), Some("a b"), Some("a\"b"), Some("x=1"), Some("é"), Some(&"a".repeat(65))] {
            let id = id(brought);
            assert!(uuid::Uuid::parse_str(&id).is_ok_and(|id| id.get_version_num() == 7), "{brought:?} {id}");
        }
    }
}
