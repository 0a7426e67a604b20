//! What repeats, and when it is due next.
//!
//! A schedule is part of the program; only its next time is in the store. So a server that was off at the time catches up once
//! when it comes back, and several instances start one job between them.

use std::time::Duration;

use super::Payload;
use crate::clock::Timestamp;
use crate::error::{Error, Result};

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// With this much time between two beginnings.
    Interval(Duration),
    /// Once a day, so many minutes after midnight UTC.
    Day(u16),
}

const MINUTE: i64 = 60 * 1_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

impl Every {
    /// The first time after `now`. Times that were missed are not made up for.
    pub(super) fn next(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Interval(span) => now.plus(span),
            Self::Day(minute) => {
                let midnight = now.micros().div_euclid(DAY) * DAY;
                let today = midnight + i64::from(minute) * MINUTE;
                Timestamp::from_micros(if today > now.micros() { today } else { today + DAY })
            }
        }
    }
}

/// A job that is enqueued again and again.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// Its name in the store.
    pub(super) name: &'static str,
    pub(super) every: Every,
    pub(super) kind: &'static str,
    pub(super) payload: String,
}

impl Schedule {
    /// Enqueues `payload` every so often.
    ///
    /// # Errors
    /// [`Error::Internal`] when the payload cannot be written as JSON, which is a defect.
    pub fn new<P: Payload>(name: &'static str, every: Every, payload: &P) -> Result<Self> {
        let payload = serde_json::to_string(payload).map_err(Error::internal)?;
        Ok(Self { name, every, kind: P::KIND, payload })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_day_begins_at_its_minute_today_or_tomorrow() {
        let night = Every::Day(3 * 60 + 30);
        assert_eq!(night.next(at("2026-03-01T00:00:00Z")), at("2026-03-01T03:30:00Z"));
        assert_eq!(night.next(at("2026-03-01T03:30:00Z")), at("2026-03-02T03:30:00Z"));
        assert_eq!(night.next(at("2026-03-31T23:59:59Z")), at("2026-04-01T03:30:00Z"));
    }

    #[test]
    fn missed_times_are_not_made_up_for() {
        let hour = Every::Interval(Duration::from_secs(3600));
        assert_eq!(hour.next(at("2026-03-01T09:30:00Z")), at("2026-03-01T10:30:00Z"));
    }
}
