//! The checksum of a note's text: what tells that the disk gave back something else than was written.
//!
//! XXH3-64 (twox-hash) over the note's id, the title, a zero byte (which no text can hold) and the body, kept as a signed integer. The
//! id belongs to it because a damaged index leads to another note's row. It finds damage, not malice; whoever can write the store's
//! file can write the sum as well.

use std::hash::Hasher as _;
use twox_hash::XxHash3_64;

use uuid::Uuid;

use crate::error::{Error, Result};

/// The sum of a note.
pub(super) fn of(id: Uuid, title: &str, body: &str) -> i64 {
    let mut hasher = XxHash3_64::with_seed(0);
    hasher.write(id.as_bytes());
    hasher.write(title.as_bytes());
    hasher.write(&[0]);
    hasher.write(body.as_bytes());
    i64::from_ne_bytes(hasher.finish().to_ne_bytes())
}

/// Compares a note's text with the sum that was kept; `None` when none was yet.
///
/// # Errors
/// [`Error::Corrupt`].
pub(super) fn verify(id: Uuid, title: &str, body: &str, kept: Option<i64>) -> Result<()> {
    match kept {
        Some(sum) if sum != of(id, title, body) => {
            Err(Error::Corrupt(format!("the text of note {id} is not what was written")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_of_this_format_for_ever() {
        // Stores hold these numbers.
        let id = Uuid::from_u128(7);
        assert_eq!(of(id, "Tea", "Water."), 7819050933369105421);
        assert_ne!(of(id, "a", "b"), of(id, "ab", ""));
        assert_ne!(of(id, "a", "b"), of(id, "a", "c"));
        assert_ne!(of(id, "a", "b"), of(Uuid::from_u128(8), "a", "b"));
    }
}
