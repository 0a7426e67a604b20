//! What has to hold of API keys, whatever comes. See [`crate::fuzzing`].

use std::sync::Arc;

use super::token::{PREFIX, draw, hash, is_one};
use crate::clock::{Ids, ManualClock, SeededEntropy, Timestamp};
use crate::credentials::letters;

/// A key is one in its one form, and with any other letter in it none.
pub(crate) fn keys(data: &[u8]) {
    let mut number = [0; 8];
    let taken = data.len().min(8);
    number[..taken].copy_from_slice(&data[..taken]);
    let clock = Arc::new(ManualClock::new(Timestamp::from_micros(0)));
    let key = draw(&Ids::new(clock, Arc::new(SeededEntropy::new(u64::from_be_bytes(number)))));
    assert!(is_one(&key) && hash(&key).is_some(), "{key}");
    let at = usize::from(number[0]) % key.len();
    let other = if key.as_bytes()[at] == b'0' { "1" } else { "0" };
    assert_eq!(hash(&[&key[..at], other, &key[at + 1..]].concat()), None, "{key} bent at {at}");

    let Ok(text) = std::str::from_utf8(data) else { return };
    if hash(text).is_some() {
        let rest = text.strip_prefix(PREFIX).unwrap_or_default();
        assert!(rest.len() == 39 && letters::are(rest), "the form that programs look for: {text}");
    }
}
