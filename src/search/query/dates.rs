//! Days, months, years and the spans between them, as `created:` and `updated:` name them.
//!
//! A query keeps what was written; which moments that are depends on the time and the place of whoever asks, see
//! [`Dates::range`].

use std::fmt;

use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan, Zoned};

use crate::clock::Timestamp;

/// How many days, weeks, months or years back one may look.
const MOST_BACK: u16 = 9_999;

/// A day, a month or a year of the Gregorian calendar, between the years 1 and 9998.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// `2026`
    Year(i16),
    /// `2026-03`
    Month(i16, i8),
    /// `2026-03-14`
    Day(Date),
}

/// A unit to look back by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// `d`
    Days,
    /// `w`
    Weeks,
    /// `m`
    Months,
    /// `y`
    Years,
}

/// A span that has a name. Weeks begin on Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Named {
    /// The day that it is.
    Today,
    /// The day before.
    Yesterday,
    /// From Monday to Sunday.
    ThisWeek,
    /// The seven days before this week.
    LastWeek,
    /// From the first of the month.
    ThisMonth,
    /// The month before.
    LastMonth,
    /// From the first of January.
    ThisYear,
    /// The year before.
    LastYear,
}

impl Named {
    /// All of them as they are written.
    pub const ALL: [(&'static str, Self); 8] = [
        ("today", Self::Today),
        ("yesterday", Self::Yesterday),
        ("this-week", Self::ThisWeek),
        ("last-week", Self::LastWeek),
        ("this-month", Self::ThisMonth),
        ("last-month", Self::LastMonth),
        ("this-year", Self::ThisYear),
        ("last-year", Self::LastYear),
    ];
}

/// What a filter of dates names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dates {
    /// That day, month or year.
    In(Calendar),
    /// `>`: after the end of it.
    After(Calendar),
    /// `<`: before its beginning.
    Before(Calendar),
    /// `>=`, `<=` and `..`: both ends included; one may be missing, not both.
    Between(Option<Calendar>, Option<Calendar>),
    /// `7d`: within the last so many, counted back from now.
    Within(u16, Unit),
    /// `yesterday`
    Named(Named),
}

/// Moments from the first to before the second, microseconds; `None` has no end on that side.
pub type Range = (Option<i64>, Option<i64>);

impl Dates {
    /// Reads a value; `None` when it names no time.
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        if let Some((_, named)) = Named::ALL.iter().find(|(name, _)| *name == lower) {
            return Some(Self::Named(*named));
        }
        if let Some((first, last)) = lower.split_once("..") {
            let end = |text: &str| if text.is_empty() { Some(None) } else { Calendar::parse(text).map(Some) };
            let (first, last) = (end(first)?, end(last)?);
            return (first.is_some() || last.is_some()).then_some(Self::Between(first, last));
        }
        if let Some(from) = lower.strip_prefix(">=") {
            return Some(Self::Between(Some(Calendar::parse(from)?), None));
        }
        if let Some(until) = lower.strip_prefix("<=") {
            return Some(Self::Between(None, Some(Calendar::parse(until)?)));
        }
        if let Some(after) = lower.strip_prefix('>') {
            return Calendar::parse(after).map(Self::After);
        }
        if let Some(before) = lower.strip_prefix('<') {
            return Calendar::parse(before).map(Self::Before);
        }
        Calendar::parse(&lower).map(Self::In).or_else(|| within(&lower))
    }

    /// The moments that are meant by somebody in `zone` at the time `now`.
    pub fn range(self, now: Timestamp, zone: &TimeZone) -> Range {
        let now = jiff::Timestamp::from_microsecond(now.micros())
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
            .to_zoned(zone.clone());
        match self {
            Self::In(calendar) => days(Some(calendar.first()), Some(calendar.next()), zone),
            Self::After(calendar) => days(Some(calendar.next()), None, zone),
            Self::Before(calendar) => days(None, Some(calendar.first()), zone),
            Self::Between(first, last) => days(first.map(Calendar::first), last.map(Calendar::next), zone),
            Self::Within(count, unit) => (back(&now, span(count, unit)), None),
            Self::Named(named) => {
                let (first, next) = named.days(now.date());
                days(Some(first), Some(next), zone)
            }
        }
    }
}

/// `7d`, `2w`, `3m`, `1y`.
fn within(text: &str) -> Option<Dates> {
    let unit = match text.chars().last()? {
        'd' => Unit::Days,
        'w' => Unit::Weeks,
        'm' => Unit::Months,
        'y' => Unit::Years,
        _ => return None,
    };
    let count = number(text.get(..text.len() - 1)?, 1..=4)?;
    (1..=MOST_BACK).contains(&count).then_some(Dates::Within(count, unit))
}

/// Digits alone, so many of them.
fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<u16> {
    let is_number = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

impl Calendar {
    fn parse(text: &str) -> Option<Self> {
        let mut fields = text.split('-');
        let year = i16::try_from(number(fields.next()?, 4..=4)?).ok().filter(|year| (1..=9_998).contains(year))?;
        let Some(month) = fields.next() else { return Some(Self::Year(year)) };
        let month = i8::try_from(number(month, 2..=2)?).ok().filter(|month| (1..=12).contains(month))?;
        let Some(day) = fields.next() else { return Some(Self::Month(year, month)) };
        let day = i8::try_from(number(day, 2..=2)?).ok()?;
        let day = Date::new(year, month, day).ok()?;
        fields.next().is_none().then_some(Self::Day(day))
    }

    /// Its first day.
    fn first(self) -> Date {
        match self {
            Self::Year(year) => date(year, 1, 1),
            Self::Month(year, month) => date(year, month, 1),
            Self::Day(day) => day,
        }
    }

    /// The day after its last one.
    fn next(self) -> Date {
        let length = match self {
            Self::Year(_) => 1.year(),
            Self::Month(..) => 1.month(),
            Self::Day(_) => 1.day(),
        };
        self.first().saturating_add(length)
    }
}

impl Named {
    /// Its first day, and the day after its last one.
    fn days(self, today: Date) -> (Date, Date) {
        let (first, length) = match self {
            Self::Today => (today, 1.day()),
            Self::Yesterday => (today.saturating_sub(1.day()), 1.day()),
            Self::ThisWeek => (monday(today), 1.week()),
            Self::LastWeek => (monday(today).saturating_sub(1.week()), 1.week()),
            Self::ThisMonth => (today.first_of_month(), 1.month()),
            Self::LastMonth => (today.first_of_month().saturating_sub(1.month()), 1.month()),
            Self::ThisYear => (today.first_of_year(), 1.year()),
            Self::LastYear => (today.first_of_year().saturating_sub(1.year()), 1.year()),
        };
        (first, first.saturating_add(length))
    }
}

fn monday(day: Date) -> Date {
    let since = day.weekday().since(Weekday::Monday);
    day.saturating_sub(i64::from(since).days())
}

/// From the beginning of one day to before the beginning of another.
fn days(first: Option<Date>, next: Option<Date>, zone: &TimeZone) -> Range {
    let begins = |day: Date| {
        // A day may begin later than midnight, where the clocks go forward then.
        day.to_zoned(zone.clone()).ok().map(|at| at.timestamp().as_microsecond())
    };
    (first.and_then(begins), next.and_then(begins))
}

fn span(count: u16, unit: Unit) -> Span {
    let count = i64::from(count);
    match unit {
        Unit::Days => count.days(),
        Unit::Weeks => count.weeks(),
        Unit::Months => count.months(),
        Unit::Years => count.years(),
    }
}

/// `None`, no bound, before the beginning of all calendars.
fn back(now: &Zoned, span: Span) -> Option<i64> {
    now.checked_sub(span).ok().map(|at| at.timestamp().as_microsecond())
}

impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

impl fmt::Display for Dates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::In(calendar) => write!(f, "{calendar}"),
            Self::After(calendar) => write!(f, ">{calendar}"),
            Self::Before(calendar) => write!(f, "<{calendar}"),
            Self::Between(first, last) => {
                first.map_or(Ok(()), |first| write!(f, "{first}"))?;
                f.write_str("..")?;
                last.map_or(Ok(()), |last| write!(f, "{last}"))
            }
            Self::Within(count, unit) => {
                let unit = match unit {
                    Unit::Days => 'd',
                    Unit::Weeks => 'w',
                    Unit::Months => 'm',
                    Unit::Years => 'y',
                };
                write!(f, "{count}{unit}")
            }
            Self::Named(named) => {
                Named::ALL.iter().find(|(_, known)| known == named).map_or(Ok(()), |(name, _)| f.write_str(name))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `text` means in `zone` on Wednesday, 4 March 2026, 12:00 UTC; seconds.
    fn range(text: &str, zone: &str) -> (String, String) {
        let now = Timestamp::parse("2026-03-04T12:00:00Z").unwrap();
        let (from, until) = Dates::parse(text).unwrap().range(now, &TimeZone::get(zone).unwrap());
        let said = |micros: Option<i64>| {
            micros.map_or("-".to_owned(), |m| Timestamp::from_micros(m).to_string().replace(":00.000000Z", ""))
        };
        (said(from), said(until))
    }

    #[test]
    fn each_form_means_its_moments() {
        for (text, from, until) in [
            ("2026", "2026-01-01T00:00", "2027-01-01T00:00"),
            ("2026-02", "2026-02-01T00:00", "2026-03-01T00:00"),
            ("2026-12", "2026-12-01T00:00", "2027-01-01T00:00"),
            ("2024-02-29", "2024-02-29T00:00", "2024-03-01T00:00"),
            (">2026-01-01", "2026-01-02T00:00", "-"),
            (">2025", "2026-01-01T00:00", "-"),
            (">=2026-01-01", "2026-01-01T00:00", "-"),
            ("<2026-02", "-", "2026-02-01T00:00"),
            ("<=2026-02", "-", "2026-03-01T00:00"),
            ("2026-01-01..2026-02", "2026-01-01T00:00", "2026-03-01T00:00"),
            ("..2025", "-", "2026-01-01T00:00"),
            ("2025..", "2025-01-01T00:00", "-"),
            ("7d", "2026-02-25T12:00", "-"),
            ("2w", "2026-02-18T12:00", "-"),
            ("1m", "2026-02-04T12:00", "-"),
            ("1Y", "2025-03-04T12:00", "-"),
            ("today", "2026-03-04T00:00", "2026-03-05T00:00"),
            ("Yesterday", "2026-03-03T00:00", "2026-03-04T00:00"),
            ("this-week", "2026-03-02T00:00", "2026-03-09T00:00"),
            ("last-week", "2026-02-23T00:00", "2026-03-02T00:00"),
            ("this-month", "2026-03-01T00:00", "2026-04-01T00:00"),
            ("last-month", "2026-02-01T00:00", "2026-03-01T00:00"),
            ("this-year", "2026-01-01T00:00", "2027-01-01T00:00"),
            ("last-year", "2025-01-01T00:00", "2026-01-01T00:00"),
        ] {
            assert_eq!(range(text, "UTC"), (from.to_owned(), until.to_owned()), "{text}");
        }
    }

    #[test]
    fn days_are_those_of_whoever_asks() {
        let (from, until) = range("today", "Europe/Berlin");
        assert_eq!((&*from, &*until), ("2026-03-03T23:00", "2026-03-04T23:00"));
        let (from, until) = range("2026-03-29", "Europe/Berlin");
        assert_eq!((&*from, &*until), ("2026-03-28T23:00", "2026-03-29T22:00"), "the clocks go forward on that day");
        let (from, _) = range("2026-04-24", "Africa/Cairo");
        assert_eq!(from, "2026-04-23T22:00", "midnight is skipped there, the day begins at one");
        assert_eq!(range("today", "Pacific/Auckland").0, "2026-03-04T11:00", "a day later already");
    }

    #[test]
    fn what_names_no_time_is_none() {
        for text in [
            "",
            "soon",
            "..",
            ">",
            "<=",
            "20",
            "20260",
            "2026-3",
            "2026-13",
            "2026-00",
            "2026-02-30",
            "2026-02-1",
            "2026-01-01-01",
            "0000",
            "9999",
            "0d",
            "d",
            "10000d",
            "-7d",
            "+7d",
            "7 d",
            "2026-01..soon",
            "a..2026",
            "٢٠٢٦",
        ] {
            assert_eq!(Dates::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_longest_way_back_and_the_last_years_are_no_failure() {
        for text in ["9999y", "9999m", "9999w", "9999d", "9998-12-31", "0001", "9998"] {
            range(text, "Pacific/Kiritimati");
            range(text, "Pacific/Pago_Pago");
        }
        assert_eq!(range("9999y", "UTC").1, "-");
    }
}
