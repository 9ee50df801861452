//! Dates and times: `DateTime`, `TimeSpan`, `DateTimeOffset`, `DateOnly`, `TimeOnly`, `TimeZoneInfo`, `ISOWeek`.

mod moment;
mod offset;
mod only;
mod span;
mod zone;

use super::super::table::Table;
use super::super::thrown;
use super::culture;
use crate::value::date_text::Styles;
use crate::value::{Culture, Outcome, TypeRef, Unwind, Value};

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::DATETIME, &moment::TABLE),
    (TypeRef::TIMESPAN, &span::TABLE),
    (TypeRef::DATETIMEOFFSET, &offset::TABLE),
    (TypeRef::ISOWEEK, &moment::ISO_WEEK),
    (TypeRef::DATEONLY, &only::DATE),
    (TypeRef::TIMEONLY, &only::TIME),
    (TypeRef::TIMEZONEINFO, &zone::ZONE),
];

/// The culture a format provider means.
fn provider(value: &Value) -> &'static Culture {
    culture::of(value)
}

/// A format argument; null is the general one.
fn format_text(value: &Value) -> &str {
    match value {
        Value::Str(text) => text,
        _ => "",
    }
}

/// A `DateTimeStyles` argument.
fn styles(value: &Value) -> Styles {
    match value {
        Value::Enum(member) => Styles(u32::try_from(member.bits).unwrap_or(0)),
        _ => Styles::default(),
    }
}

/// The formats of a `ParseExact`: one, or several to be tried in turn.
fn formats(value: &Value) -> Vec<String> {
    match value {
        Value::Array(array) => {
            array.items().iter().map(|item| crate::value::convert::to_text(item).to_string()).collect()
        }
        other => vec![format_text(other).to_string()],
    }
}

fn not_a(what: &str, text: &str) -> Unwind {
    thrown(TypeRef::FORMAT_EXCEPTION, format!("'{text}' is not {what}."))
}

fn out_of_range() -> Unwind {
    thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The date lies outside the years 1 to 9999, or is no day.")
}

/// A fault of a format as the exception .NET throws.
fn formatted(text: Outcome<String>) -> Outcome<Value> {
    text.map(Value::from)
}

/// Whether a date is before, at or after another, as `CompareTo` says it.
fn sign(order: std::cmp::Ordering) -> Value {
    Value::I32(order as i32)
}
