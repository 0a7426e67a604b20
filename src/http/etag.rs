//! Entity tags and the conditions made of them.
//!
//! Owns the tag `"<version>.<seq>"` and the two headers that carry tags back. A read (`If-None-Match`) compares all of a tag:
//! any change, of the note or of what is shown with it, makes it new. A write (`If-Match`) compares the version alone, so
//! that renaming a tag on many notes makes no open edit stale.
//!
//! What a reader would get wrong: weak tags are accepted in `If-Match` although RFC 9110 asks for a strong comparison there,
//! because proxies that compress weaken tags on the way; the version names the content, whatever its encoding.

use std::fmt;

use poem::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::error::{Error, Result};

/// The tag of one state of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ETag {
    version: String,
    seq: i64,
}

impl ETag {
    /// `version` names the content (no quotes, no dots, visible ASCII), `seq` the change that it was last touched by.
    pub fn new(version: impl Into<String>, seq: i64) -> Self {
        Self { version: version.into(), seq }
    }

    /// The tag as a header value; `None` when the version is no token, which only corrupt data could cause.
    pub fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.to_string()).ok()
    }

    /// The inside of the quotes.
    fn opaque(&self) -> String {
        format!("{}.{}", self.version, self.seq)
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}.{}\"", self.version, self.seq)
    }
}

/// `If-Match`: the states that a write may replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IfMatch {
    /// `*`: whatever is there, on purpose.
    Any,
    /// One of these versions.
    Versions(Vec<String>),
}

impl IfMatch {
    /// Reads the header's value; broken syntax is malformed.
    pub fn parse(value: &str) -> Result<Self> {
        Ok(match tags(value, "If-Match")? {
            Tags::Any => Self::Any,
            Tags::Listed(tags) => Self::Versions(tags.into_iter().map(version).collect()),
        })
    }

    /// Reads the header of a request, which may come in several lines. `None` when it is absent.
    pub fn from_headers(headers: &HeaderMap) -> Result<Option<Self>> {
        lines(headers, header::IF_MATCH).map(|value| Self::parse(&value)).transpose()
    }

    /// Reads the header and insists on it: [`Error::PreconditionRequired`] when it is absent.
    pub fn required(headers: &HeaderMap) -> Result<Self> {
        Self::from_headers(headers)?.ok_or(Error::PreconditionRequired)
    }

    /// Whether the state with this version may be replaced.
    pub fn allows(&self, version: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Versions(versions) => versions.iter().any(|v| v == version),
        }
    }
}

/// `If-None-Match`: the states that the reader already holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IfNoneMatch {
    /// `*`: any state.
    Any,
    /// These states, by the whole tag.
    Tags(Vec<String>),
}

impl IfNoneMatch {
    /// Reads the header's value; broken syntax is malformed.
    pub fn parse(value: &str) -> Result<Self> {
        Ok(match tags(value, "If-None-Match")? {
            Tags::Any => Self::Any,
            Tags::Listed(tags) => Self::Tags(tags),
        })
    }

    /// Reads the header of a request, which may come in several lines. `None` when it is absent.
    pub fn from_headers(headers: &HeaderMap) -> Result<Option<Self>> {
        lines(headers, header::IF_NONE_MATCH).map(|value| Self::parse(&value)).transpose()
    }

    /// Whether the reader holds this state, so that 304 is the answer.
    pub fn holds(&self, etag: &ETag) -> bool {
        self.names(&etag.opaque())
    }

    /// As [`IfNoneMatch::holds`], for a tag of another making: the inside of its quotes.
    pub fn names(&self, tag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|held| held == tag),
        }
    }
}

enum Tags {
    Any,
    Listed(Vec<String>),
}

/// What stands before the first dot of a tag.
fn version(tag: String) -> String {
    match tag.split_once('.') {
        Some((version, _)) => version.to_owned(),
        None => tag,
    }
}

/// All lines of a header as the one list that they are (RFC 9110, 5.2); a line that is no text makes the list unreadable.
fn lines(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let lines: Vec<_> = headers.get_all(name).iter().map(|line| line.to_str().unwrap_or("\u{fffd}")).collect();
    (!lines.is_empty()).then(|| lines.join(","))
}

/// The tags of a list, without `W/` and quotes.
fn tags(list: &str, field: &'static str) -> Result<Tags> {
    let malformed = || Error::malformed(field, "must be a list of quoted entity tags, such as \"a1.7\", or *");
    let mut rest = list.trim();
    if rest == "*" {
        return Ok(Tags::Any);
    }
    let mut listed = Vec::new();
    while !rest.is_empty() {
        // Empty elements of a list are to be ignored (RFC 9110, 5.6.1).
        if let Some(more) = rest.strip_prefix(',') {
            rest = more.trim_start();
            continue;
        }
        let quoted = rest.strip_prefix("W/").unwrap_or(rest).strip_prefix('"').ok_or_else(malformed)?;
        let (tag, after) = quoted.split_once('"').ok_or_else(malformed)?;
        if !tag.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(malformed());
        }
        listed.push(tag.to_owned());
        rest = after.trim_start();
        if !rest.is_empty() && !rest.starts_with(',') {
            return Err(malformed());
        }
    }
    if listed.is_empty() { Err(malformed()) } else { Ok(Tags::Listed(listed)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name.clone(), line.parse().unwrap());
        }
        headers
    }

    fn if_match(lines: &[&str]) -> Result<Option<IfMatch>> {
        IfMatch::from_headers(&headers(header::IF_MATCH, lines))
    }

    #[test]
    fn a_write_compares_the_version_and_not_the_sequence() {
        let condition = if_match(&["\"abc.7\""]).unwrap().unwrap();
        assert!(condition.allows("abc"));
        assert!(!condition.allows("abd"));
        assert!(if_match(&["\"abc\""]).unwrap().unwrap().allows("abc"), "a tag without a sequence is fine");
    }

    #[test]
    fn weak_tags_lists_and_several_lines_are_accepted() {
        let condition = if_match(&["W/\"a.1\" , \"b.2\",", "\"c.3\""]).unwrap().unwrap();
        assert_eq!(condition, IfMatch::Versions(vec!["a".into(), "b".into(), "c".into()]));
    }

    #[test]
    fn a_star_overwrites_on_purpose() {
        assert_eq!(if_match(&["*"]).unwrap(), Some(IfMatch::Any));
        assert!(IfMatch::Any.allows("anything"));
    }

    #[test]
    fn absence_is_told_from_nonsense() {
        assert_eq!(if_match(&[]).unwrap(), None);
        assert!(matches!(IfMatch::required(&HeaderMap::new()), Err(Error::PreconditionRequired)));
        for nonsense in ["abc.7", "\"abc.7", "\"a\" \"b\"", "", "*, \"a\"", "\"a\", *", "\"a b\"", ","] {
            assert!(matches!(if_match(&[nonsense]), Err(Error::Malformed(_))), "{nonsense}");
        }
        assert!(matches!(if_match(&["*", "\"a\""]), Err(Error::Malformed(_))));
    }

    #[test]
    fn a_read_compares_all_of_the_tag() {
        let etag = ETag::new("abc", 7);
        assert_eq!(etag.header().unwrap(), "\"abc.7\"");
        let holds = |line| {
            let headers = headers(header::IF_NONE_MATCH, &[line]);
            IfNoneMatch::from_headers(&headers).unwrap().unwrap().holds(&etag)
        };
        assert!(holds("\"abc.7\"") && holds("W/\"abc.7\"") && holds("\"x\", \"abc.7\"") && holds("*"));
        assert!(!holds("\"abc.8\"") && !holds("\"abc\""));
    }
}
