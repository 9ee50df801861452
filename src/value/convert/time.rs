//! Dates and spans from text and ticks.

use super::{cast_fault, no_conversion, number, to_text};
use crate::value::culture::INVARIANT;
use crate::value::date_text::{SpanError, Styles, parse_date, parse_span};
use crate::value::{DateKind, DateTime, Engine, Outcome, TimeSpan, TypeRef, Value};

const PARSE_ID: &str = "InvalidCastParseTargetInvocationWithFormatProvider";

/// To `datetime`.
pub(super) fn to_date(engine: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    match value {
        Value::Str(text) => parse_date(text, &INVARIANT, Styles::default()).map(Value::DateTime).ok_or_else(|| {
            cast_fault(PARSE_ID, value, target, "the text is not a date; write it as 2024-12-31T23:59:59").into()
        }),
        Value::Native(_) | Value::Object(_) | Value::Hashtable(_) => super::object::convert(engine, value, target),
        Value::I8(_)
        | Value::U8(_)
        | Value::I16(_)
        | Value::U16(_)
        | Value::I32(_)
        | Value::U32(_)
        | Value::I64(_)
        | Value::U64(_) => {
            let ticks = number::to_i64(value)?;
            DateTime::new(ticks, DateKind::Unspecified).map(Value::DateTime).ok_or_else(|| {
                cast_fault("InvalidCastConstructorException", value, target, "the ticks are outside the calendar")
                    .into()
            })
        }
        Value::F32(_) | Value::F64(_) | Value::Decimal(_) => to_date(engine, &Value::Str(to_text(value)), target),
        _ => Err(no_conversion(value, target).into()),
    }
}

/// To `timespan`.
pub(super) fn to_span(engine: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    match value {
        Value::Str(text) => parse_span(text).map(Value::TimeSpan).map_err(|error| {
            let why = match error {
                SpanError::Format => "the text is not a time span; write it as 1.02:03:04",
                SpanError::Overflow => "a part of the time span is out of its range",
            };
            cast_fault(PARSE_ID, value, target, why).into()
        }),
        Value::Native(_) | Value::Object(_) | Value::Hashtable(_) => super::object::convert(engine, value, target),
        Value::I8(_)
        | Value::U8(_)
        | Value::I16(_)
        | Value::U16(_)
        | Value::I32(_)
        | Value::U32(_)
        | Value::I64(_)
        | Value::U64(_) => number::to_i64(value).map(|ticks| Value::TimeSpan(TimeSpan(ticks))),
        // A fraction has no constructor: it goes by way of its text.
        Value::F32(_) | Value::F64(_) | Value::Decimal(_) => to_span(engine, &Value::Str(to_text(value)), target),
        _ => Err(no_conversion(value, target).into()),
    }
}
