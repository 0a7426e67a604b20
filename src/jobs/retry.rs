//! How long a job that failed waits before it is tried again.

use std::time::Duration;

/// The wait after the first failure.
const FIRST: Duration = Duration::from_secs(10);
/// The longest wait.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// The wait after the failure of run `attempt` (1 is the first): it doubles each time, up to an hour. Between half and all of that
/// by `chance`, so that jobs that failed together are not tried together.
pub(super) fn wait(attempt: i64, chance: [u8; 2]) -> Duration {
    let doublings = u32::try_from(attempt.saturating_sub(1).clamp(0, 20)).unwrap_or(0);
    let whole = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    let half = whole / 2;
    half + half.mul_f64(f64::from(u16::from_le_bytes(chance)) / f64::from(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour_and_are_spread() {
        let (least, most) = ([0, 0], [255, 255]);
        assert_eq!((wait(1, least), wait(1, most)), (Duration::from_secs(5), Duration::from_secs(10)));
        assert_eq!((wait(3, least), wait(3, most)), (Duration::from_secs(20), Duration::from_secs(40)));
        for attempt in [10, 100, i64::MAX] {
            assert_eq!(wait(attempt, most), LONGEST, "{attempt}");
        }
        assert_eq!(wait(0, most), FIRST);
    }
}
