//! Which backups are worth keeping.
//!
//! Days, weeks (from Monday) and months are those of UTC. For each period the newest archive stands for it; periods without any
//! do not count. An archive that one rule keeps is kept.

use std::collections::HashSet;

use jiff::civil::{Date, Weekday};

use crate::clock::Timestamp;
use crate::config::Keep;

/// How many are kept, by each rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    /// The newest.
    pub last: u32,
    /// One a day, of the last days that have one.
    pub daily: u32,
    /// One a week.
    pub weekly: u32,
    /// One a month.
    pub monthly: u32,
}

impl From<Keep> for Policy {
    fn from(Keep { last, daily, weekly, monthly }: Keep) -> Self {
        Self { last, daily, weekly, monthly }
    }
}

impl Policy {
    /// For each of `times`, in any order, whether it stays.
    pub fn keep(&self, times: &[Timestamp]) -> Vec<bool> {
        let mut newest_first: Vec<usize> = (0..times.len()).collect();
        // Of two at the same time the first in the list is the newer one.
        newest_first.sort_by_key(|at| (std::cmp::Reverse(times[*at]), *at));
        let mut keep = vec![false; times.len()];
        for at in newest_first.iter().take(self.last as usize) {
            keep[*at] = true;
        }
        for (most, period) in
            [(self.daily, itself as Period), (self.weekly, monday), (self.monthly, Date::first_of_month)]
        {
            let mut seen = HashSet::new();
            for at in &newest_first {
                if seen.len() < most as usize && seen.insert(period(times[*at].date())) {
                    keep[*at] = true;
                }
            }
        }
        keep
    }
}

/// The first day of the period that a day is in.
type Period = fn(Date) -> Date;

fn itself(day: Date) -> Date {
    day
}

/// The Monday of the week that the day is in.
fn monday(day: Date) -> Date {
    let back = day.weekday().since(Weekday::Monday);
    day.checked_sub(jiff::Span::new().days(i64::from(back))).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kept(policy: Policy, times: &[&str]) -> Vec<String> {
        let parsed: Vec<Timestamp> = times.iter().map(|t| Timestamp::parse(t).unwrap()).collect();
        times.iter().zip(policy.keep(&parsed)).filter(|(_, keep)| *keep).map(|(t, _)| (*t).to_owned()).collect()
    }

    #[test]
    fn the_newest_of_each_day_stands_for_it_and_days_without_one_do_not_count() {
        let times = [
            "2026-08-05T03:00:00Z",
            "2026-08-05T01:00:00Z",
            "2026-08-03T23:59:59Z",
            "2026-08-03T00:00:00Z",
            "2026-08-01T12:00:00Z",
        ];
        assert_eq!(kept(Policy { daily: 2, ..Policy::default() }, &times), [times[0], times[2]]);
        assert_eq!(kept(Policy { daily: 9, ..Policy::default() }, &times), [times[0], times[2], times[4]]);
    }

    #[test]
    fn weeks_begin_on_monday_and_cross_the_year() {
        // 2026-12-28 is a Monday, 2027-01-03 the Sunday of its week.
        let times = ["2027-01-04T00:00:00Z", "2027-01-03T23:00:00Z", "2026-12-28T00:00:00Z", "2026-12-27T23:59:59Z"];
        assert_eq!(kept(Policy { weekly: 3, ..Policy::default() }, &times), [times[0], times[1], times[3]]);
    }

    #[test]
    fn months_and_rules_together() {
        let times = ["2026-08-01T00:00:00Z", "2026-07-31T23:59:59Z", "2026-07-01T00:00:00Z", "2026-05-09T00:00:00Z"];
        assert_eq!(kept(Policy { monthly: 3, ..Policy::default() }, &times), [times[0], times[1], times[3]]);
        assert_eq!(kept(Policy { last: 1, monthly: 2, ..Policy::default() }, &times), [times[0], times[1]]);
        assert_eq!(kept(Policy::default(), &times), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn the_newest_always_stays_and_more_rules_keep_no_less(
            times in proptest::collection::vec(0_i64..4_000_000_000_000_000, 1..40),
            (last, daily, weekly, monthly) in (0_u32..5, 0_u32..5, 0_u32..5, 0_u32..5),
        ) {
            let times: Vec<Timestamp> = times.into_iter().map(Timestamp::from_micros).collect();
            let policy = Policy { last, daily, weekly, monthly };
            let keep = policy.keep(&times);
            let count = keep.iter().filter(|k| **k).count();
            prop_assert!(count <= (last + daily + weekly + monthly) as usize);
            let newest = (0..times.len()).max_by_key(|at| (times[*at], std::cmp::Reverse(*at))).unwrap();
            prop_assert_eq!(keep[newest], last + daily + weekly + monthly > 0);
            let more = Policy { last: last + 1, ..policy }.keep(&times);
            prop_assert!(keep.iter().zip(more).all(|(less, more)| !less || more));
        }
    }
}
