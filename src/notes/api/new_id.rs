//! The id that a client chose for a note.
//!
//! Owns what such an id may look like: a UUIDv7 in its one usual form, so that the client finds its note under the very text
//! that it sent, and not from the future, because ids of this house tell roughly when a thing was made. Whether it is free is
//! `notes::store`'s to say.

use std::borrow::Cow;
use std::time::Duration;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
use serde::Serialize;
use serde_json::Value;
use uuid::{Uuid, Variant};

use crate::clock::Timestamp;
use crate::error::{Error, Result};

/// How far the clock of a client may be ahead of ours.
const AHEAD: Duration = Duration::from_secs(24 * 60 * 60);

/// One that would pass, were it not in every copy of the document.
const EXAMPLE: &str = "019ca8bb-b5c0-7cf8-896b-abb0e20dc895";

/// An id as it was sent; [`NewId::checked`] says whether it is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct NewId(String);

impl NewId {
    /// The id, when it may be used at the time `now`.
    ///
    /// # Errors
    /// [`Error::Malformed`] for text in another form, [`Error::Invalid`] for another version and for one from the future.
    pub(super) fn checked(&self, now: Timestamp) -> Result<Uuid> {
        let id = Uuid::try_parse(&self.0).ok().filter(|id| id.hyphenated().to_string() == self.0);
        let id = id.ok_or_else(|| Error::malformed("id", "must be a UUID in lower case with hyphens"))?;
        if id.get_version_num() != 7 || id.get_variant() != Variant::RFC4122 {
            return Err(Error::invalid("id", "must be a UUIDv7 (RFC 9562)"));
        }
        let made = Timestamp::from_micros(millis(id).saturating_mul(1000));
        if made > now.plus(AHEAD) {
            return Err(Error::invalid(
                "id",
                format!("its time, {made}, is more than a day ahead of the server's clock"),
            ));
        }
        Ok(id)
    }
}

/// The first 48 bits of a UUIDv7: milliseconds since the Unix epoch (RFC 9562, 5.7).
fn millis(id: Uuid) -> i64 {
    // 48 bits always fit.
    (id.as_u128() >> 80) as i64
}

impl Type for NewId {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "string(uuid)".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        // Beside the member and not in the example of the whole body: that one has to work every time it is tried.
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            example: Some(Value::from(EXAMPLE)),
            ..MetaSchema::new_with_format("string", "uuid")
        }))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromJSON for NewId {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        match value {
            Some(Value::String(text)) => Ok(Self(text)),
            _ => Err(ParseError::custom("a UUID")),
        }
    }
}

impl ToJSON for NewId {
    fn to_json(&self) -> Option<Value> {
        Some(Value::from(self.0.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-03-01T09:30:00Z, the time in the example.
    const NOW: Timestamp = Timestamp::from_micros(1_772_357_400_000_000);

    fn at(millis: i64) -> NewId {
        let id = uuid::Builder::from_unix_timestamp_millis(u64::try_from(millis).unwrap(), &[7; 10]).into_uuid();
        NewId(id.to_string())
    }

    #[test]
    fn the_usual_form_of_a_uuidv7_passes_and_comes_back_as_it_was_sent() {
        let id = NewId(EXAMPLE.to_owned());
        assert_eq!(id.checked(NOW).unwrap().to_string(), EXAMPLE);
        assert!(at(0).checked(NOW).is_ok(), "the past is no fault: a device may have been offline for long");
    }

    #[test]
    fn another_spelling_is_malformed() {
        let plain = EXAMPLE;
        for text in [
            plain.to_uppercase(),
            plain.replace('-', ""),
            format!("{{{plain}}}"),
            format!("urn:uuid:{plain}"),
            format!(" {plain}"),
            String::new(),
            "seven".to_owned(),
        ] {
            assert!(matches!(NewId(text.clone()).checked(NOW), Err(Error::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn another_version_or_variant_breaks_the_rule() {
        let other = ["00000000-0000-0000-0000-000000000000", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"];
        let other =
            other.into_iter().chain(["9b2fd5c1-3f6c-4c5e-8f6e-0d8f7a1b2c3d", "019ca8bb-b5c0-7cf8-c96b-abb0e20dc895"]);
        for text in other {
            assert!(matches!(NewId(text.to_owned()).checked(NOW), Err(Error::Invalid(_))), "{text}");
        }
    }

    #[test]
    fn a_clock_may_be_a_day_ahead_and_not_more() {
        let day = i64::try_from(AHEAD.as_millis()).unwrap();
        let now = NOW.micros() / 1000;
        assert!(at(now + day).checked(NOW).is_ok());
        assert!(matches!(at(now + day + 1).checked(NOW), Err(Error::Invalid(_))));
        assert!(matches!(at((1 << 48) - 1).checked(NOW), Err(Error::Invalid(_))), "the end of what it can say");
    }
}
