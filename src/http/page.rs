//! Lists in pages: `limit`, opaque cursors, and the JSON of a page.
//!
//! A cursor holds the sort keys of the last item (its keyset) and a fingerprint of the query that it continues. Features
//! choose the keyset's type and read by it; this module only carries it. What a reader would get wrong: a cursor is neither
//! secret nor signed. It says where to go on, never whose items to show, so forging one gains nothing.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use poem_openapi::Object;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{Example, ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToJSON, Type};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// The longest cursor that is looked at: a keyset holds at most a title, an id and a time.
const LONGEST: usize = 4096;

/// Bytes of the query's fingerprint inside a cursor: enough that another query's cursor is never taken by chance.
const FINGERPRINT: usize = 8;

/// The query parameter `limit`: how many items a page may hold, 1 to 200, 50 unless told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(usize);

impl Limit {
    /// The largest page.
    pub const MAX: usize = 200;

    /// The number of items.
    pub fn get(self) -> usize {
        self.0
    }

    /// This, or `most` when that is less; never none.
    #[must_use]
    pub fn at_most(self, most: usize) -> Self {
        Self(self.0.min(most).max(1))
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Type for Limit {
    const IS_REQUIRED: bool = false;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> std::borrow::Cow<'static, str> {
        "Limit".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            description: Some("How many items a page may hold."),
            default: Some(Self::default().0.into()),
            minimum: Some(1.0),
            maximum: Some(Self::MAX as f64),
            ..MetaSchema::new("integer")
        }))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromParameter for Limit {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        match value.parse() {
            Ok(n) if (1..=Self::MAX).contains(&n) && value.bytes().all(|b| b.is_ascii_digit()) => Ok(Self(n)),
            _ => Err(ParseError::custom(format!("must be a whole number from 1 to {}", Self::MAX))),
        }
    }

    fn parse_from_parameters<I: IntoIterator<Item = A>, A: AsRef<str>>(iter: I) -> ParseResult<Self> {
        match iter.into_iter().next() {
            Some(value) => Self::parse_from_parameter(value.as_ref()),
            None => Ok(Self::default()),
        }
    }
}

impl ToJSON for Limit {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.into())
    }
}

/// The query that a list answers: makes and reads the cursors that belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing([u8; FINGERPRINT]);

impl Listing {
    /// `route` names the list; `query` holds every parameter that decides what is listed and in which order (filters and
    /// sort, not `limit` and not `cursor`).
    pub fn new(route: &str, query: &impl Serialize) -> Result<Self> {
        let query = serde_json::to_vec(query).map_err(Error::internal)?;
        let digest = Sha256::new().chain_update(route).chain_update([0]).chain_update(query).finalize();
        let mut fingerprint = [0; FINGERPRINT];
        fingerprint.copy_from_slice(&digest[..FINGERPRINT]);
        Ok(Self(fingerprint))
    }

    /// The cursor behind the item with this keyset.
    pub fn cursor(&self, keyset: &impl Serialize) -> Result<String> {
        let mut bytes = self.0.to_vec();
        serde_json::to_writer(&mut bytes, keyset).map_err(Error::internal)?;
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The keyset in a cursor; a garbled one, one of another query, or one that the server would have written otherwise is malformed.
    pub fn keyset<K: DeserializeOwned + Serialize>(&self, cursor: &str) -> Result<K> {
        let foreign = || Error::malformed("cursor", "must be the `next_cursor` of a page of the same query");
        if cursor.len() > LONGEST {
            return Err(foreign());
        }
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| foreign())?;
        let keyset = bytes.strip_prefix(&self.0).ok_or_else(foreign)?;
        let keyset = serde_json::from_slice(keyset).map_err(|_| foreign())?;
        if self.cursor(&keyset)? == cursor { Ok(keyset) } else { Err(foreign()) }
    }

    /// A page of items that were read one beyond the limit: the one too many tells that there is more, and is left out.
    pub fn page<T, K: Serialize>(&self, mut items: Vec<T>, limit: Limit, keyset: impl Fn(&T) -> K) -> Result<Paged<T>> {
        let more = items.len() > limit.get();
        items.truncate(limit.get());
        let next_cursor = match items.last() {
            Some(last) if more => Some(self.cursor(&keyset(last))?),
            _ => None,
        };
        Ok(Paged { items, next_cursor })
    }
}

/// A page before its items are turned into what the API shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paged<T> {
    /// The items in order.
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end.
    pub next_cursor: Option<String>,
}

impl<T> Paged<T> {
    /// The page as the API shows it.
    pub fn map<U: ParseFromJSON + ToJSON + Example>(self, show: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(show).collect(), next_cursor: self.next_cursor }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Object)]
#[oai(example)]
pub struct Page<T: ParseFromJSON + ToJSON + Example> {
    /// The items in order.
    pub items: Vec<T>,
    /// Send it as `cursor` for the next page; null at the end.
    pub next_cursor: Option<String>,
}

impl<T: ParseFromJSON + ToJSON + Example> Example for Page<T> {
    fn example() -> Self {
        Self { items: vec![T::example()], next_cursor: None }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn limit(text: &str) -> Option<usize> {
        Limit::parse_from_parameters([text]).ok().map(Limit::get)
    }

    #[test]
    fn a_limit_is_1_to_200_and_50_unless_told() {
        assert_eq!(Limit::parse_from_parameters(Vec::<String>::new()).unwrap().get(), 50);
        assert_eq!((limit("1"), limit("200")), (Some(1), Some(200)));
        for bad in ["0", "201", "-1", "+5", "5.0", "", " 5", "many", "99999999999999999999999"] {
            assert_eq!(limit(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_cursor_brings_its_keyset_back() {
        let listing = Listing::new("notes", &json!({ "state": "active" })).unwrap();
        let keyset = (1_700_000_000_000_000_i64, "ä title".to_owned());
        let cursor = listing.cursor(&keyset).unwrap();
        assert!(cursor.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        assert_eq!(listing.keyset::<(i64, String)>(&cursor).unwrap(), keyset);
    }

    #[test]
    fn a_cursor_of_another_query_or_garbage_is_malformed() {
        let listing = Listing::new("notes", &json!({ "state": "active" })).unwrap();
        let others = [
            Listing::new("notes", &json!({ "state": "trashed" })).unwrap().cursor(&7).unwrap(),
            Listing::new("tags", &json!({ "state": "active" })).unwrap().cursor(&7).unwrap(),
            listing.cursor(&"text").unwrap(),
            URL_SAFE_NO_PAD.encode([listing.0.as_slice(), b" 7"].concat()),
            URL_SAFE_NO_PAD.encode([listing.0.as_slice(), b"-0"].concat()),
            String::new(),
            "AAAA".into(),
            "not base64!".into(),
            "A".repeat(LONGEST + 1),
        ];
        for cursor in others {
            let error = listing.keyset::<i64>(&cursor).unwrap_err();
            assert!(matches!(&error, Error::Malformed(fields) if fields[0].field == "cursor"), "{error}");
        }
    }

    #[test]
    fn the_item_too_many_tells_that_there_is_more() {
        let listing = Listing::new("notes", &()).unwrap();
        let two = Limit::parse_from_parameter("2").unwrap();
        let page = listing.page(vec![1, 2, 3], two, |n| *n).unwrap();
        assert_eq!(page.items, [1, 2]);
        assert_eq!(listing.keyset::<i32>(&page.next_cursor.unwrap()).unwrap(), 2);
        assert_eq!(listing.page(vec![1, 2], two, |n| *n).unwrap().next_cursor, None);
        assert_eq!(listing.page(Vec::<i32>::new(), two, |n| *n).unwrap().next_cursor, None);
        assert_eq!((two.at_most(5), two.at_most(1).get(), two.at_most(0).get()), (two, 1, 1));
    }
}
