//! The members of a merge patch (RFC 7396): absent keeps, a value changes, and `null` clears what can be cleared.

use poem_openapi::types::MaybeUndefined;

use crate::error::{Error, Result};

/// Of a member that can be cleared: `None` keeps, `Some(None)` clears.
pub fn clearable<T>(member: MaybeUndefined<T>) -> Option<Option<T>> {
    match member {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

/// Of one that cannot: `None` keeps.
///
/// # Errors
/// [`Error::Invalid`] about `field` for `null`.
pub fn kept<T>(field: &str, member: MaybeUndefined<T>) -> Result<Option<T>> {
    match member {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => Err(Error::invalid(field, "cannot be cleared")),
        MaybeUndefined::Value(value) => Ok(Some(value)),
    }
}
