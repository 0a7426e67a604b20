//! What has to hold of challenges and codes, whatever comes. See [`crate::fuzzing`].

use std::sync::Arc;

use uuid::Uuid;
use zeroize::Zeroizing;

use super::challenge::{Challenge, LIFETIME, Sealer};
use super::totp::Seed;
use super::{letters, recovery};
use crate::caller::UserId;
use crate::clock::{Ids, ManualClock, SeededEntropy, Timestamp};
use crate::sessions::Delivery;

const NOW: Timestamp = Timestamp::from_micros(1_772_357_400_000_000);

/// A challenge opens as it was sealed and in no other form; codes are read as people type them and never as anything else.
pub(crate) fn codes(data: &[u8]) {
    let mut number = [0; 8];
    let taken = data.len().min(8);
    number[..taken].copy_from_slice(&data[..taken]);
    let number = u64::from_be_bytes(number);
    let ids = Ids::new(Arc::new(ManualClock::new(NOW)), Arc::new(SeededEntropy::new(number)));
    let sealer = Sealer::new(Zeroizing::new([1; 32]));
    let delivery = [Delivery::Cookie, Delivery::Split, Delivery::Body][(number % 3) as usize];
    let user = UserId(Uuid::from_u128(u128::from(number)));
    let challenge =
        Challenge { user, epoch: number.cast_signed(), delivery, provider: Some(user.0).filter(|id| !id.is_nil()) };
    let sealed = sealer.seal(&ids, challenge).unwrap_or_else(|e| unreachable!("{e}"));
    assert_eq!(sealer.open(&sealed, NOW), Some((challenge, NOW.plus(LIFETIME))));
    assert_eq!(sealer.open(&sealed, NOW.plus(LIFETIME)), None);
    let at = (number % sealed.len() as u64) as usize;
    let other = if sealed.as_bytes()[at] == b'A' { "B" } else { "A" };
    assert_eq!(sealer.open(&[&sealed[..at], other, &sealed[at + 1..]].concat(), NOW), None, "bent at {at}");

    let Ok(text) = std::str::from_utf8(data) else { return };
    assert_eq!(sealer.open(text, NOW), None, "nobody has the key");

    if let Some(hash) = recovery::hash(user, text) {
        let plain: String = text.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        assert!(plain.len() == 16, "{text}");
        for same in [plain.to_uppercase(), plain.to_lowercase(), format!(" {plain}\n"), plain.replace('0', "O")] {
            assert_eq!(recovery::hash(user, &same), Some(hash), "{same}");
        }
        assert_ne!(recovery::hash(UserId(Uuid::from_u128(u128::from(number) + 1)), text), Some(hash));
    }
    let random: Vec<u8> = data.iter().copied().chain([0; 16]).take(16).collect();
    assert!(recovery::hash(user, &letters::of(&random)).is_some());

    let seed = Seed::of(Zeroizing::new(b"12345678901234567890".to_vec()));
    if let Some(step) = seed.step(text, NOW) {
        let digits: String = text.split_whitespace().collect();
        assert!(digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit()), "{text}");
        assert!((step - NOW.seconds() / 30).abs() <= 1, "{step}");
    }
}
