//! `System.TimeSpan`.

use super::super::super::table::{Call, PropertyRow, Row, Table, get};
use super::super::super::thrown;
use super::super::psobject::set_reference;
use super::{format_text, formats, formatted, not_a, provider, sign};
use crate::value::calendar::{
    TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MICROSECOND, TICKS_PER_MILLISECOND, TICKS_PER_MINUTE, TICKS_PER_SECOND,
};
use crate::value::date_text::{SpanError, parse_exact_span, parse_span};
use crate::value::format_text::{constant, format_timespan};
use crate::value::{Culture, Outcome, TimeSpan, TypeRef, Unwind, Value, convert};

pub(super) static TABLE: Table = Table {
    methods: METHODS,
    statics: STATICS,
    constructors: CONSTRUCTORS,
    properties: PROPERTIES,
    static_properties: &[
        get("Zero", "timespan", |_, _| Ok(Value::TimeSpan(TimeSpan(0)))),
        get("MinValue", "timespan", |_, _| Ok(Value::TimeSpan(TimeSpan(i64::MIN)))),
        get("MaxValue", "timespan", |_, _| Ok(Value::TimeSpan(TimeSpan(i64::MAX)))),
        get("TicksPerDay", "long", |_, _| Ok(Value::I64(TICKS_PER_DAY))),
        get("TicksPerHour", "long", |_, _| Ok(Value::I64(TICKS_PER_HOUR))),
        get("TicksPerMinute", "long", |_, _| Ok(Value::I64(TICKS_PER_MINUTE))),
        get("TicksPerSecond", "long", |_, _| Ok(Value::I64(TICKS_PER_SECOND))),
        get("TicksPerMillisecond", "long", |_, _| Ok(Value::I64(TICKS_PER_MILLISECOND))),
    ],
};

/// The span a value is.
pub(super) fn span_of(value: &Value) -> TimeSpan {
    match value {
        Value::TimeSpan(span) => *span,
        Value::Wrapped(wrapped) => span_of(&wrapped.base),
        _ => TimeSpan(0),
    }
}

fn overflow() -> Unwind {
    thrown(TypeRef::OVERFLOW_EXCEPTION, "The time span is too long.")
}

fn made(ticks: Option<i64>) -> Outcome<Value> {
    ticks.map(|ticks| Value::TimeSpan(TimeSpan(ticks))).ok_or_else(overflow)
}

fn int(number: i64) -> Outcome<Value> {
    Ok(Value::I32(number as i32))
}

fn total(value: &Value, unit: i64) -> Outcome<Value> {
    Ok(Value::F64(span_of(value).total(unit)))
}

const PROPERTIES: &[PropertyRow] = &[
    get("Ticks", "long", |_, v| Ok(Value::I64(span_of(v).0))),
    get("Days", "int", |_, v| int(span_of(v).days())),
    get("Hours", "int", |_, v| int(span_of(v).hours())),
    get("Milliseconds", "int", |_, v| int(span_of(v).milliseconds())),
    get("Microseconds", "int", |_, v| int(span_of(v).0 / TICKS_PER_MICROSECOND % 1000)),
    get("Nanoseconds", "int", |_, v| int(span_of(v).0 % TICKS_PER_MICROSECOND * 100)),
    get("Minutes", "int", |_, v| int(span_of(v).minutes())),
    get("Seconds", "int", |_, v| int(span_of(v).seconds())),
    get("TotalDays", "double", |_, v| total(v, TICKS_PER_DAY)),
    get("TotalHours", "double", |_, v| total(v, TICKS_PER_HOUR)),
    get("TotalMilliseconds", "double", |_, v| total(v, TICKS_PER_MILLISECOND)),
    get("TotalMicroseconds", "double", |_, v| total(v, TICKS_PER_MICROSECOND)),
    get("TotalNanoseconds", "double", |_, v| Ok(Value::F64(span_of(v).0 as f64 * 100.0))),
    get("TotalMinutes", "double", |_, v| total(v, TICKS_PER_MINUTE)),
    get("TotalSeconds", "double", |_, v| total(v, TICKS_PER_SECOND)),
];

const METHODS: &[Row] = &[
    ("timespan Add(timespan ts)", |c| made(span_of(c.this).0.checked_add(span_of(c.arg(0)).0))),
    ("int CompareTo(System.Object value)", |c| {
        let other = convert::to(c.engine, c.args.first().unwrap_or(&Value::Null), TypeRef::TIMESPAN)?;
        Ok(sign(span_of(c.this).cmp(&span_of(&other))))
    }),
    ("timespan Divide(double divisor)", |c| scaled(span_of(c.this).0 as f64 / c.double(0))),
    ("timespan Duration()", |c| made(span_of(c.this).0.checked_abs())),
    ("bool Equals(System.Object value)", |c| {
        Ok(Value::Bool(matches!(c.arg(0), Value::TimeSpan(other) if *other == span_of(c.this))))
    }),
    ("timespan Multiply(double factor)", |c| scaled(span_of(c.this).0 as f64 * c.double(0))),
    ("timespan Negate()", |c| made(span_of(c.this).0.checked_neg())),
    ("timespan Subtract(timespan ts)", |c| made(span_of(c.this).0.checked_sub(span_of(c.arg(0)).0))),
    ("string ToString()", |c| Ok(Value::from(constant(span_of(c.this))))),
    ("string ToString(string format)", |c| {
        formatted(format_timespan(span_of(c.this), format_text(c.arg(0)), Culture::current()))
    }),
    ("string ToString(string format, System.IFormatProvider formatProvider)", |c| {
        formatted(format_timespan(span_of(c.this), format_text(c.arg(0)), provider(c.arg(1))))
    }),
];

fn scaled(ticks: f64) -> Outcome<Value> {
    let ticks = ticks.round_ties_even();
    made((ticks.is_finite() && ticks.abs() < 9.2e18).then_some(ticks as i64))
}

fn units(c: &Call<'_>, unit: i64) -> Outcome<Value> {
    TimeSpan::from_units(c.double(0), unit).map(Value::TimeSpan).ok_or_else(overflow)
}

fn failed(error: SpanError, text: &str) -> Unwind {
    match error {
        SpanError::Format => not_a("a time span", text),
        SpanError::Overflow => thrown(TypeRef::OVERFLOW_EXCEPTION, format!("A part of '{text}' is out of its range.")),
    }
}

fn parsed(c: &Call<'_>) -> Outcome<Value> {
    parse_span(c.text(0)).map(Value::TimeSpan).map_err(|error| failed(error, c.text(0)))
}

fn exact(c: &Call<'_>) -> Result<TimeSpan, SpanError> {
    let mut last = SpanError::Format;
    for format in formats(c.arg(1)) {
        match parse_exact_span(c.text(0), &format) {
            Ok(span) => return Ok(span),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn answer(c: &Call<'_>, found: Option<TimeSpan>, place: usize) -> Outcome<Value> {
    set_reference(c.arg(place), Value::TimeSpan(found.unwrap_or(TimeSpan(0))))?;
    Ok(Value::Bool(found.is_some()))
}

const STATICS: &[Row] = &[
    ("static int Compare(timespan t1, timespan t2)", |c| Ok(sign(span_of(c.arg(0)).cmp(&span_of(c.arg(1)))))),
    ("static timespan FromDays(double value)", |c| units(c, TICKS_PER_DAY)),
    ("static timespan FromHours(double value)", |c| units(c, TICKS_PER_HOUR)),
    ("static timespan FromMinutes(double value)", |c| units(c, TICKS_PER_MINUTE)),
    ("static timespan FromSeconds(double value)", |c| units(c, TICKS_PER_SECOND)),
    ("static timespan FromMilliseconds(double value)", |c| units(c, TICKS_PER_MILLISECOND)),
    ("static timespan FromMicroseconds(double value)", |c| units(c, TICKS_PER_MICROSECOND)),
    ("static timespan FromTicks(long value)", |c| made(Some(c.int(0)))),
    ("static timespan Parse(string s)", |c| parsed(c)),
    ("static timespan Parse(string input, System.IFormatProvider formatProvider)", |c| parsed(c)),
    ("static timespan ParseExact(string input, string format, System.IFormatProvider formatProvider)", |c| {
        exact(c).map(Value::TimeSpan).map_err(|error| failed(error, c.text(0)))
    }),
    ("static timespan ParseExact(string input, string[] formats, System.IFormatProvider formatProvider)", |c| {
        exact(c).map(Value::TimeSpan).map_err(|error| failed(error, c.text(0)))
    }),
    ("static bool TryParse(string s, [ref] timespan result)", |c| {
        let found = parse_span(c.text(0)).ok();
        answer(c, found, 1)
    }),
    ("static bool TryParse(string input, System.IFormatProvider formatProvider, [ref] timespan result)", |c| {
        let found = parse_span(c.text(0)).ok();
        answer(c, found, 2)
    }),
    (
        "static bool TryParseExact(string input, string format, System.IFormatProvider formatProvider, [ref] timespan result)",
        |c| {
            let found = exact(c).ok();
            answer(c, found, 3)
        },
    ),
];

/// Days, hours, minutes, seconds and milliseconds of the arguments from a place on.
fn from_parts(c: &Call<'_>, units: &[i64]) -> Outcome<Value> {
    let ticks =
        units.iter().enumerate().map(|(index, unit)| i128::from(c.int(index)) * i128::from(*unit)).sum::<i128>();
    made(i64::try_from(ticks).ok())
}

const CONSTRUCTORS: &[Row] = &[
    ("timespan()", |_| made(Some(0))),
    ("timespan(long ticks)", |c| made(Some(c.int(0)))),
    ("timespan(int hours, int minutes, int seconds)", |c| {
        from_parts(c, &[TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND])
    }),
    ("timespan(int days, int hours, int minutes, int seconds)", |c| {
        from_parts(c, &[TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND])
    }),
    ("timespan(int days, int hours, int minutes, int seconds, int milliseconds)", |c| {
        from_parts(c, &[TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND, TICKS_PER_MILLISECOND])
    }),
];
