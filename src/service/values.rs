//! Scalar values on the wire: moments, time spans, and the check of a value against a property of the catalogue.

use super::identity;
use crate::api::{Parameters, Problem};
use crate::catalogue::{Noun, Property, ValueType};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use serde_json::{Map, Value, json};

/// A moment as a caller wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    /// Midnight where the caller is: the whole day is meant.
    pub(crate) whole_day: bool,
}

const DAY: i64 = 86_400_000;

impl Moment {
    /// The last millisecond that "until this moment" includes.
    pub(crate) fn end(self) -> i64 {
        if self.whole_day { self.at + DAY - 1 } else { self.at + 999 - self.at.rem_euclid(1000) }
    }
}

/// Reads ISO 8601 (with or without an offset) or `M/d/yyyy [h:mm[:ss] [AM|PM]]`; without an offset it is UTC.
pub(crate) fn moment(text: &str) -> Result<Moment, Problem> {
    let malformed =
        || Problem::new("PC-E25", format!("'{text}' is not a date such as 2015-12-31 or 12/31/2015 5:00 PM."));
    let trimmed = text.trim();
    let (local, offset) = match split_offset(trimmed) {
        Some((local, offset)) => (local, offset),
        None => (trimmed, Offset::UTC),
    };
    let civil = local
        .parse::<DateTime>()
        .ok()
        .or_else(|| local.parse::<Date>().ok().map(|date| date.to_datetime(Time::midnight())));
    let civil = civil.or_else(|| american(local)).ok_or_else(malformed)?;
    let zoned = civil.to_zoned(TimeZone::fixed(offset)).map_err(|_| malformed())?;
    Ok(Moment { at: zoned.timestamp().as_millisecond(), whole_day: civil.time() == Time::midnight() })
}

fn split_offset(text: &str) -> Option<(&str, Offset)> {
    if let Some(local) = text.strip_suffix(['Z', 'z']) {
        return Some((local, Offset::UTC));
    }
    let place =
        text.rfind(['+', '-']).filter(|place| text.get(..*place).is_some_and(|date| date.contains(['T', ':'])))?;
    let (local, offset) = (text.get(..place)?, text.get(place..)?);
    let digits: String = offset.chars().filter(char::is_ascii_digit).collect();
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4).map_or(Ok(0), str::parse).ok()?;
    let seconds = (hours * 60 + minutes) * 60;
    let signed = if offset.starts_with('-') { -seconds } else { seconds };
    Some((local, Offset::from_seconds(signed).ok()?))
}

fn american(text: &str) -> Option<DateTime> {
    let mut words = text.split_whitespace();
    let mut date = words.next()?.split('/');
    let (month, day, year) = (date.next()?.parse().ok()?, date.next()?.parse().ok()?, date.next()?.parse().ok()?);
    let date = Date::new(year, month, day).ok()?;
    let Some(clock) = words.next() else { return Some(date.to_datetime(Time::midnight())) };
    let mut parts = clock.split(':').map(str::parse::<i8>);
    let mut hour = parts.next()?.ok()?;
    let minute = parts.next()?.ok()?;
    let second = parts.next().map_or(Some(0), Result::ok)?;
    match words.next().map(str::to_ascii_uppercase).as_deref() {
        Some("PM") if hour < 12 => hour += 12,
        Some("AM") if hour == 12 => hour = 0,
        _ => {}
    }
    Some(date.to_datetime(Time::new(hour, minute, second, 0).ok()?))
}

/// A moment parameter of a call.
pub(crate) fn moment_parameter(parameters: &Parameters, name: &str) -> Result<Option<Moment>, Problem> {
    parameters.text(name).map(moment).transpose()
}

/// Milliseconds since 1970 as ISO 8601 in UTC.
pub(crate) fn iso(at: i64) -> String {
    jiff::Timestamp::from_millisecond(at).map_or_else(|_| at.to_string(), |stamp| stamp.to_string())
}

/// `[-][d.]hh:mm[:ss[.f]]` (or whole days) as milliseconds.
pub(crate) fn time_span(text: &str) -> Option<i64> {
    let (sign, text) = text.trim().strip_prefix('-').map_or((1, text.trim()), |rest| (-1, rest));
    let (days, clock) = match text.split_once(':') {
        None => return text.parse::<i64>().ok()?.checked_mul(DAY * sign),
        Some((head, _)) => match head.split_once('.') {
            Some((days, _)) => (days.parse::<i64>().ok()?, text.get(days.len() + 1..)?),
            None => (0, text),
        },
    };
    let mut parts = clock.split(':');
    let hours: i64 = parts.next()?.parse().ok()?;
    let minutes: i64 = parts.next()?.parse().ok()?;
    let seconds: f64 = parts.next().map_or(Some(0.0), |part| part.parse().ok())?;
    let sane = (0..24).contains(&hours) && (0..60).contains(&minutes) && (0.0..60.0).contains(&seconds);
    let clock = (hours * 60 + minutes) * 60_000 + (seconds * 1000.0).round() as i64;
    sane.then_some(())?;
    days.checked_mul(DAY)?.checked_add(clock)?.checked_mul(sign)
}

/// Milliseconds as `[d.]hh:mm:ss[.fff]`.
pub(crate) fn show_time_span(milliseconds: i64) -> String {
    let sign = if milliseconds < 0 { "-" } else { "" };
    let all = milliseconds.unsigned_abs();
    let (days, rest) = (all / DAY.unsigned_abs(), all % DAY.unsigned_abs());
    let (hours, minutes, seconds, fraction) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000);
    let days = if days > 0 { format!("{days}.") } else { String::new() };
    let fraction = if fraction > 0 { format!(".{fraction:03}0000") } else { String::new() };
    format!("{sign}{days}{hours:02}:{minutes:02}:{seconds:02}{fraction}")
}

/// Range of each whole-number type.
fn type_range(kind: &ValueType) -> Option<(i64, i64)> {
    match kind {
        ValueType::Byte => Some((0, 255)),
        ValueType::Int16 => Some((-32_768, 32_767)),
        ValueType::UInt16 => Some((0, 65_535)),
        ValueType::Int32 => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
        ValueType::UInt32 => Some((0, i64::from(u32::MAX))),
        ValueType::Int64 => Some((i64::MIN, i64::MAX)),
        ValueType::UInt64 => Some((0, i64::MAX)),
        _ => None,
    }
}

/// Checks a value against a property and gives its stored form; `before` is what a list change applies to.
pub(crate) fn check(noun: &Noun, property: &Property, value: &Value, before: &Value) -> Result<Value, Problem> {
    let name = &property.name;
    if property.kind.is_list() {
        return check_list(noun, property, value, before);
    }
    if value.is_null() || value.as_str() == Some("") {
        return match property.required {
            true => Err(bad(name, "it must have a value")),
            false => Ok(Value::Null),
        };
    }
    check_scalar(noun, property, &property.kind, value)
}

fn check_list(noun: &Noun, property: &Property, value: &Value, before: &Value) -> Result<Value, Problem> {
    let parameters = Parameters::default().with("value", value.clone());
    let change = parameters.list_change("value")?.unwrap_or(crate::api::ListChange::Clear);
    let before: Vec<String> = before
        .as_array()
        .map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default();
    let after = change.apply(&before, |left, right| left.eq_ignore_ascii_case(right));
    let item = property.kind.item();
    after
        .iter()
        .map(|text| check_scalar(noun, property, item, &json!(text)))
        .collect::<Result<Vec<_>, _>>()
        .map(Value::Array)
}

fn check_scalar(noun: &Noun, property: &Property, kind: &ValueType, value: &Value) -> Result<Value, Problem> {
    let name = &property.name;
    if let Some(range) = type_range(kind) {
        return check_number(property, value, range);
    }
    match kind {
        ValueType::Boolean | ValueType::Switch => {
            let parameters = Parameters::default().with("value", value.clone());
            let value = parameters.boolean("value").map_err(|_| bad(name, "it must be true or false"))?;
            Ok(json!(value.unwrap_or_default()))
        }
        ValueType::Double => match value.as_f64() {
            Some(_) => Ok(value.clone()),
            None => Err(bad(name, "it must be a number")),
        },
        ValueType::TimeSpan => check_span(property, value),
        ValueType::DateTime => {
            let text = value.as_str().ok_or_else(|| bad(name, "it must be a date"))?;
            Ok(json!(iso(moment(text)?.at)))
        }
        ValueType::Enumeration(values) => check_enumeration(noun, name, values, value),
        _ => check_text(property, kind, value),
    }
}

fn check_number(property: &Property, value: &Value, (lowest, highest): (i64, i64)) -> Result<Value, Problem> {
    let parameters = Parameters::default().with("value", value.clone());
    let not_a_number = || bad(&property.name, "it must be a whole number");
    let number = parameters.integer("value").map_err(|_| not_a_number())?.ok_or_else(not_a_number)?;
    let lowest = property.minimum.as_ref().and_then(Value::as_i64).unwrap_or(lowest);
    let highest = property.maximum.as_ref().and_then(Value::as_i64).unwrap_or(highest);
    match (lowest..=highest).contains(&number) {
        true => Ok(json!(number)),
        false => Err(bad(&property.name, &format!("{number} is not between {lowest} and {highest}"))),
    }
}

fn check_span(property: &Property, value: &Value) -> Result<Value, Problem> {
    let name = &property.name;
    let span =
        value.as_str().and_then(time_span).ok_or_else(|| bad(name, "it must be a time span such as 00:30:00"))?;
    let bound = |limit: &Option<Value>| limit.as_ref().and_then(Value::as_str).and_then(time_span);
    let (lowest, highest) = (bound(&property.minimum), bound(&property.maximum));
    if lowest.is_some_and(|lowest| span < lowest) || highest.is_some_and(|highest| span > highest) {
        let show = |limit: Option<i64>| limit.map_or_else(|| "any".to_owned(), show_time_span);
        let text = format!("{} is not between {} and {}", show_time_span(span), show(lowest), show(highest));
        return Err(bad(name, &text));
    }
    Ok(json!(show_time_span(span)))
}

fn check_enumeration(noun: &Noun, name: &str, enumeration: &str, value: &Value) -> Result<Value, Problem> {
    let Some(known) = noun.enumeration(enumeration) else { return Ok(value.clone()) };
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Bool(flag) => if *flag { "True" } else { "False" }.to_owned(),
        other => other.to_string(),
    };
    let exact = known.iter().find(|word| word.eq_ignore_ascii_case(&text));
    let begins = |word: &&String| word.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(&text));
    let mut starting = known.iter().filter(begins);
    let unique = starting.next().filter(|_| starting.next().is_none());
    match exact.or(unique) {
        Some(word) => Ok(json!(word)),
        None => Err(bad(name, &format!("'{text}' is none of {}", known.join(", ")))),
    }
}

fn check_text(property: &Property, kind: &ValueType, value: &Value) -> Result<Value, Problem> {
    let name = &property.name;
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Object(_) | Value::Array(_) => return Ok(value.clone()),
        other => other.to_string(),
    };
    if property.required && text.trim().is_empty() {
        return Err(bad(name, "it must not be blank"));
    }
    if let Some(limit) = property.max_length.filter(|limit| text.chars().count() > *limit) {
        return Err(bad(name, &format!("it is longer than {limit} characters")));
    }
    if let Some(pattern) = &property.pattern {
        let whole = fancy_regex::Regex::new(&format!("^(?:{pattern})$"));
        if !whole.is_ok_and(|regex| regex.is_match(&text).unwrap_or(false)) {
            return Err(bad(name, &format!("'{text}' does not have the form it needs")));
        }
    }
    match kind {
        ValueType::Fqdn => identity::fqdn(&text)?,
        ValueType::Url => require_url(name, &text)?,
        ValueType::SipAddress => return Ok(json!(identity::sip_address(&text)?)),
        _ => &text,
    };
    Ok(json!(text))
}

/// An absolute http or https address.
pub(crate) fn require_url<'a>(name: &str, text: &'a str) -> Result<&'a str, Problem> {
    let good = url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if good { Ok(text) } else { Err(bad(name, &format!("'{text}' is not an absolute http or https address"))) }
}

/// PC-E25 about a property.
pub(crate) fn bad(name: &str, reason: &str) -> Problem {
    Problem::new("PC-E25", format!("The value of {name} is not acceptable: {reason}."))
}

/// The defaults of a noun's properties, under wire names.
pub(crate) fn defaults(noun: &Noun) -> Map<String, Value> {
    let mut body = Map::new();
    for property in noun.properties.iter().filter(|property| property.name != "Identity") {
        let empty_list = property.kind.is_list() && property.default.is_null();
        let value = if empty_list { json!([]) } else { property.default.clone() };
        body.insert(property.wire_name(), value);
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_read() {
        for (text, iso_text, whole_day) in [
            ("2015-12-31", "2015-12-31T00:00:00Z", true),
            ("12/31/2015", "2015-12-31T00:00:00Z", true),
            ("12/31/2015 5:30 PM", "2015-12-31T17:30:00Z", false),
            ("2015-12-31T00:00:00+01:00", "2015-12-30T23:00:00Z", true),
            ("2015-12-31T23:59:00.0000000-05:00", "2016-01-01T04:59:00Z", false),
        ] {
            let read = moment(text).unwrap();
            assert_eq!((iso(read.at).as_str(), read.whole_day), (iso_text, whole_day), "{text}");
        }
        assert!(moment("31/31/2015").is_err());
    }

    #[test]
    fn time_spans_read_and_show() {
        for (text, shown) in
            [("00:30:00", "00:30:00"), ("31.00:00:00", "31.00:00:00"), ("1", "1.00:00:00"), ("1:30", "01:30:00")]
        {
            assert_eq!(show_time_span(time_span(text).unwrap()), shown);
        }
        assert!(time_span("25:00:00").is_none());
    }
}
