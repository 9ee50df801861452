//! The proleptic Gregorian calendar of `System.DateTime`: parts, arithmetic, week numbers, and the machine's zone.

use super::{DateKind, DateTime, TimeSpan};
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;

/// Ticks in a microsecond, millisecond, second, minute, hour and day.
pub(crate) const TICKS_PER_MICROSECOND: i64 = 10;
/// Ticks in a millisecond.
pub(crate) const TICKS_PER_MILLISECOND: i64 = 10_000;
/// Ticks in a second.
pub(crate) const TICKS_PER_SECOND: i64 = 10_000_000;
/// Ticks in a minute.
pub(crate) const TICKS_PER_MINUTE: i64 = 60 * TICKS_PER_SECOND;
/// Ticks in an hour.
pub(crate) const TICKS_PER_HOUR: i64 = 60 * TICKS_PER_MINUTE;
/// Ticks in a day.
pub(crate) const TICKS_PER_DAY: i64 = 24 * TICKS_PER_HOUR;
/// Ticks of 1970-01-01.
pub(crate) const UNIX_EPOCH: i64 = 621_355_968_000_000_000;

const DAYS_PER_ERA: i64 = 146_097;

/// A moment taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the parts of a date need no words")]
pub(crate) struct Parts {
    pub(crate) year: i32,
    pub(crate) month: u32,
    pub(crate) day: u32,
    pub(crate) hour: u32,
    pub(crate) minute: u32,
    pub(crate) second: u32,
    /// Ticks within the second.
    pub(crate) fraction: u32,
}

/// True for leap years.
pub(crate) fn is_leap_year(year: i32) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

/// Days in a month (1 to 12); 0 for a month that is not there.
pub(crate) fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap_year(year) => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    }
}

/// Days from 0001-01-01 to a date.
fn days_from_civil(year: i32, month: u32, day: u32) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = (i64::from(month) + 9) % 12;
    let day_of_year = (153 * shifted + 2) / 5 + i64::from(day) - 1;
    era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 306
}

/// The date a number of days after 0001-01-01.
fn civil_from_days(days: i64) -> (i32, u32, u32) {
    let shifted = days + 306;
    let era = shifted.div_euclid(DAYS_PER_ERA);
    let day_of_era = shifted.rem_euclid(DAYS_PER_ERA);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_index + 2) / 5 + 1) as u32;
    let month = (if month_index < 10 { month_index + 3 } else { month_index - 9 }) as u32;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year as i32, month, day)
}

/// Ticks of a date and time, where every part is in its range.
pub(crate) fn ticks_of(parts: Parts) -> Option<i64> {
    let date_ok = (1..=9999).contains(&parts.year)
        && (1..=12).contains(&parts.month)
        && parts.day >= 1
        && parts.day <= days_in_month(parts.year, parts.month);
    let time_ok = parts.hour < 24 && parts.minute < 60 && parts.second < 60;
    (date_ok && time_ok && i64::from(parts.fraction) < TICKS_PER_SECOND).then(|| {
        let seconds = i64::from(parts.hour) * 3600 + i64::from(parts.minute) * 60 + i64::from(parts.second);
        days_from_civil(parts.year, parts.month, parts.day) * TICKS_PER_DAY
            + seconds * TICKS_PER_SECOND
            + i64::from(parts.fraction)
    })
}

/// The calendar year, month and day of ticks.
fn date_of(ticks: i64) -> (i32, u32, u32) {
    civil_from_days(ticks.div_euclid(TICKS_PER_DAY))
}

impl Parts {
    /// Takes ticks apart.
    pub(crate) fn of(ticks: i64) -> Self {
        let (year, month, day) = date_of(ticks);
        let time = ticks.rem_euclid(TICKS_PER_DAY);
        let seconds = time / TICKS_PER_SECOND;
        Self {
            year,
            month,
            day,
            hour: (seconds / 3600) as u32,
            minute: (seconds / 60 % 60) as u32,
            second: (seconds % 60) as u32,
            fraction: (time % TICKS_PER_SECOND) as u32,
        }
    }
}

/// A moment from its parts, kind unspecified.
pub(crate) fn date_time(year: i32, month: u32, day: u32, hour: u32, minute: u32, second: u32) -> Option<DateTime> {
    let ticks = ticks_of(Parts { year, month, day, hour, minute, second, fraction: 0 })?;
    DateTime::new(ticks, DateKind::Unspecified)
}

impl DateTime {
    /// Its parts.
    pub(crate) fn parts(self) -> Parts {
        Parts::of(self.ticks())
    }

    /// Same ticks, another kind.
    pub(crate) fn with_kind(self, kind: DateKind) -> Self {
        DateTime::new(self.ticks(), kind).unwrap_or(self)
    }

    /// Ticks later; `None` outside the calendar.
    pub(crate) fn add_ticks(self, ticks: i64) -> Option<Self> {
        DateTime::new(self.ticks().checked_add(ticks)?, self.kind())
    }

    /// A number of units later, as `AddDays` and its kin count: to the tick.
    pub(crate) fn add_units(self, count: f64, unit: i64) -> Option<Self> {
        let whole = count.trunc();
        let ticks = whole * unit as f64 + ((count - whole) * unit as f64).trunc();
        if !ticks.is_finite() || ticks.abs() > super::time::MAX_TICKS as f64 {
            return None;
        }
        let exact = (whole as i128) * i128::from(unit) + ((count - whole) * unit as f64) as i128;
        self.add_ticks(i64::try_from(exact).ok()?)
    }

    /// Months later; the day is cut to the month's last.
    pub(crate) fn add_months(self, months: i32) -> Option<Self> {
        let parts = self.parts();
        let index = i64::from(parts.year) * 12 + i64::from(parts.month) - 1 + i64::from(months);
        let year = i32::try_from(index.div_euclid(12)).ok()?;
        let month = index.rem_euclid(12) as u32 + 1;
        let day = parts.day.min(days_in_month(year, month));
        DateTime::new(ticks_of(Parts { year, month, day, ..parts })?, self.kind())
    }

    /// Years later.
    pub(crate) fn add_years(self, years: i32) -> Option<Self> {
        self.add_months(years.checked_mul(12)?)
    }

    /// Midnight of the day.
    pub(crate) fn date(self) -> Self {
        self.add_ticks(-(self.ticks() % TICKS_PER_DAY)).unwrap_or(self)
    }

    /// 0 for Sunday.
    pub(crate) fn day_of_week(self) -> u32 {
        ((self.ticks() / TICKS_PER_DAY + 1) % 7) as u32
    }

    /// 1 to 366.
    pub(crate) fn day_of_year(self) -> u32 {
        let days = self.ticks() / TICKS_PER_DAY;
        (days - days_from_civil(self.parts().year, 1, 1) + 1) as u32
    }

    /// ISO 8601 year and week.
    pub(crate) fn iso_week(self) -> (i32, u32) {
        let weekday = (self.day_of_week() + 6) % 7;
        let thursday = self.ticks() / TICKS_PER_DAY - i64::from(weekday) + 3;
        let (year, ..) = civil_from_days(thursday);
        (year, ((thursday - days_from_civil(year, 1, 1)) / 7 + 1) as u32)
    }

    /// The present moment by the machine's clock and zone.
    pub(crate) fn now() -> Self {
        Self::utc_now().to_local()
    }

    /// The present moment in universal time.
    pub(crate) fn utc_now() -> Self {
        let nanoseconds = Timestamp::now().as_nanosecond();
        let ticks = (nanoseconds / 100) as i64 + UNIX_EPOCH;
        DateTime::new(ticks, DateKind::Utc).unwrap_or(Self::minimum())
    }

    /// `DateTime.MinValue`.
    pub(crate) fn minimum() -> Self {
        Self(0)
    }

    /// `DateTime.MaxValue`.
    pub(crate) fn maximum() -> Self {
        Self(super::time::MAX_TICKS as u64)
    }

    /// In the machine's zone; an unspecified time is taken as universal.
    pub(crate) fn to_local(self) -> Self {
        if self.kind() == DateKind::Local {
            return self;
        }
        self.add_ticks(utc_offset_ticks(self.ticks())).unwrap_or(self).with_kind(DateKind::Local)
    }

    /// In universal time; an unspecified time is taken as local.
    pub(crate) fn to_universal(self) -> Self {
        if self.kind() == DateKind::Utc {
            return self;
        }
        self.add_ticks(-local_offset_ticks(self.ticks())).unwrap_or(self).with_kind(DateKind::Utc)
    }

    /// How far local time is ahead of universal time at this moment.
    pub(crate) fn offset(self) -> TimeSpan {
        match self.kind() {
            DateKind::Utc => TimeSpan(0),
            DateKind::Local | DateKind::Unspecified => TimeSpan(local_offset_ticks(self.ticks())),
        }
    }
}

/// The machine zone's offset at a moment in universal ticks.
pub(crate) fn utc_offset_ticks(ticks: i64) -> i64 {
    let seconds = (ticks - UNIX_EPOCH).div_euclid(TICKS_PER_SECOND);
    Timestamp::from_second(seconds)
        .map(|moment| i64::from(TimeZone::system().to_offset(moment).seconds()) * TICKS_PER_SECOND)
        .unwrap_or(0)
}

/// The machine zone's offset at a moment in local ticks; the standard one where a clock change makes it doubtful.
pub(crate) fn local_offset_ticks(ticks: i64) -> i64 {
    let parts = Parts::of(ticks);
    let civil = civil::DateTime::new(
        parts.year as i16,
        parts.month as i8,
        parts.day as i8,
        parts.hour as i8,
        parts.minute as i8,
        parts.second as i8,
        0,
    );
    civil
        .ok()
        .and_then(|civil| TimeZone::system().to_ambiguous_timestamp(civil).later().ok().map(|moment| (civil, moment)))
        .map(|(_, moment)| i64::from(TimeZone::system().to_offset(moment).seconds()) * TICKS_PER_SECOND)
        .unwrap_or(0)
}

impl TimeSpan {
    /// Whole days.
    pub(crate) fn days(self) -> i64 {
        self.0 / TICKS_PER_DAY
    }
    /// Hours beyond the days.
    pub(crate) fn hours(self) -> i64 {
        self.0 / TICKS_PER_HOUR % 24
    }
    /// Minutes beyond the hours.
    pub(crate) fn minutes(self) -> i64 {
        self.0 / TICKS_PER_MINUTE % 60
    }
    /// Seconds beyond the minutes.
    pub(crate) fn seconds(self) -> i64 {
        self.0 / TICKS_PER_SECOND % 60
    }
    /// Milliseconds beyond the seconds.
    pub(crate) fn milliseconds(self) -> i64 {
        self.0 / TICKS_PER_MILLISECOND % 1000
    }
    /// The whole span in a unit.
    pub(crate) fn total(self, unit: i64) -> f64 {
        self.0 as f64 / unit as f64
    }
    /// A number of units, to the tick; `None` where it does not fit.
    pub(crate) fn from_units(count: f64, unit: i64) -> Option<Self> {
        let ticks = count * unit as f64;
        (ticks.is_finite() && ticks.abs() < 9.3e18).then(|| TimeSpan(ticks.round_ties_even() as i64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_round_trip() {
        for (ticks, expected) in [
            (0, (1, 1, 1)),
            (UNIX_EPOCH, (1970, 1, 1)),
            (638_452_084_294_560_000, (2024, 3, 5)),
            (crate::value::time::MAX_TICKS, (9999, 12, 31)),
        ] {
            let parts = Parts::of(ticks);
            assert_eq!((parts.year, parts.month, parts.day), expected);
            assert_eq!(ticks_of(parts), Some(ticks));
        }
    }

    #[test]
    fn calendar_arithmetic() {
        let leap = date_time(2024, 2, 29, 0, 0, 0).unwrap_or(DateTime::minimum());
        assert_eq!(leap.day_of_week(), 4);
        assert_eq!(leap.day_of_year(), 60);
        assert_eq!(leap.add_years(1).map(|d| d.parts().day), Some(28));
        assert_eq!(leap.add_months(-1).map(|d| (d.parts().month, d.parts().day)), Some((1, 29)));
        for (year, month, day, week) in
            [(2024, 1, 1, (2024, 1)), (2021, 1, 3, (2020, 53)), (2024, 12, 30, (2025, 1)), (2023, 1, 1, (2022, 52))]
        {
            assert_eq!(date_time(year, month, day, 0, 0, 0).map(DateTime::iso_week), Some(week));
        }
        assert!(date_time(2023, 2, 29, 0, 0, 0).is_none());
    }
}
