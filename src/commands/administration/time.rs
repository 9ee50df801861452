//! Moments on the wire (RFC 3339 in universal time, `[d.]hh:mm:ss`) and as values.

use crate::value::{DateKind, DateTime, TimeSpan};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Ticks of 1970-01-01.
const UNIX_EPOCH: i64 = 621_355_968_000_000_000;
const TICKS_PER_SECOND: i64 = 10_000_000;
const TICKS_PER_DAY: i64 = 86_400 * TICKS_PER_SECOND;

/// A moment as the wire has it. A time without a zone is one of this machine.
pub(super) fn to_wire(moment: DateTime) -> Option<String> {
    let ticks = moment.ticks().checked_sub(UNIX_EPOCH)?;
    let as_if_utc = timestamp(ticks)?;
    let instant = match moment.kind() {
        DateKind::Utc => as_if_utc,
        DateKind::Local | DateKind::Unspecified => {
            let civil = TimeZone::UTC.to_datetime(as_if_utc);
            TimeZone::system().to_ambiguous_timestamp(civil).compatible().ok()?
        }
    };
    Some(instant.to_string())
}

/// The last moment of a day that was given without a time of day; any other moment as it is.
pub(super) fn end_of_day(moment: DateTime) -> DateTime {
    if moment.ticks() % TICKS_PER_DAY != 0 {
        return moment;
    }
    DateTime::new(moment.ticks().saturating_add(TICKS_PER_DAY - 1), moment.kind()).unwrap_or(moment)
}

/// A moment of the wire in this machine's zone.
pub(super) fn from_wire(text: &str) -> Option<DateTime> {
    let instant: Timestamp = text.parse().ok()?;
    let civil = TimeZone::system().to_datetime(instant);
    let local = TimeZone::UTC.to_ambiguous_timestamp(civil).compatible().ok()?;
    let ticks = i64::try_from(local.as_nanosecond() / 100).ok()?.checked_add(UNIX_EPOCH)?;
    DateTime::new(ticks, DateKind::Local)
}

fn timestamp(ticks: i64) -> Option<Timestamp> {
    Timestamp::from_nanosecond(i128::from(ticks) * 100).ok()
}

/// A span as the wire has it.
pub(super) fn span_to_wire(span: TimeSpan) -> String {
    let sign = if span.0 < 0 { "-" } else { "" };
    let ticks = span.0.unsigned_abs();
    let (seconds, fraction) = (ticks / 10_000_000, ticks % 10_000_000);
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let days = if days > 0 { format!("{days}.") } else { String::new() };
    let fraction = if fraction > 0 { format!(".{fraction:07}") } else { String::new() };
    format!("{sign}{days}{:02}:{:02}:{:02}{fraction}", rest / 3600, rest / 60 % 60, rest % 60)
}

/// A span of the wire.
pub(super) fn span_from_wire(text: &str) -> Option<TimeSpan> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let mut fields = text.split(':');
    let (first, minutes, seconds) = (fields.next()?, fields.next()?, fields.next()?);
    let (days, hours) = first.split_once('.').unwrap_or(("0", first));
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let number = |text: &str| text.parse::<i64>().ok();
    let fraction = number(&format!("{fraction:0<7}").chars().take(7).collect::<String>())?;
    let whole = ((number(days)? * 24 + number(hours)?) * 60 + number(minutes)?) * 60 + number(seconds)?;
    let ticks = whole.checked_mul(TICKS_PER_SECOND)?.checked_add(fraction)?;
    Some(TimeSpan(if negative { -ticks } else { ticks }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_go_there_and_back() {
        for text in ["00:15:00", "30.00:00:00", "00:00:01.5000000", "-1.02:03:04", "00:00:00"] {
            assert_eq!(span_from_wire(text).map(span_to_wire).as_deref(), Some(text));
        }
        assert!(span_from_wire("half an hour").is_none());
    }

    #[test]
    fn moments_go_there_and_back() {
        for text in ["2016-05-02T00:00:00Z", "2026-11-21T05:04:10.25Z"] {
            assert_eq!(from_wire(text).and_then(to_wire).as_deref(), Some(text));
        }
        assert!(from_wire("yesterday").is_none());
    }

    #[test]
    fn a_day_without_a_time_means_the_whole_day() {
        let midnight = DateTime::new(735_000 * TICKS_PER_DAY, DateKind::Unspecified).map(end_of_day);
        assert_eq!(midnight.map(|m| m.ticks() % TICKS_PER_DAY), Some(TICKS_PER_DAY - 1));
    }
}
