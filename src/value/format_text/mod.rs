//! .NET format strings: `ToString(format, culture)` of numbers, dates, spans, guids and enumerations, and the
//! composite formatting behind `-f`. Layout of objects as tables is `format`'s.

mod composite;
mod custom_number;
mod date;
mod enumeration;
mod number;
mod pieces;
mod timespan;

pub(crate) use composite::composite;
pub(crate) use date::{expand_pattern, format_date, format_date_offset};
pub(crate) use enumeration::format_enum;
pub(crate) use number::format_number;
pub(crate) use timespan::{constant, format_timespan};

pub(super) use pieces::{Piece, Pieces};

use super::culture::Culture;
use super::{Fault, Outcome, Value, convert};

/// The fault of a format string that cannot be read.
pub(super) fn bad_format(format: &str, kind: &str) -> Fault {
    Fault::new("FormatException", format!("'{format}' is not a format for {kind}.")).exception("System.FormatException")
}

/// `ToString(format, culture)`: values without formats of their own ignore it, as in .NET.
pub(crate) fn format_value(value: &Value, format: Option<&str>, culture: &Culture) -> Outcome<String> {
    let format = format.unwrap_or("");
    match value {
        Value::Null | Value::Nothing => Ok(String::new()),
        Value::I32(number) if format.is_empty() => Ok(number.to_string()),
        Value::I8(_)
        | Value::U8(_)
        | Value::I16(_)
        | Value::U16(_)
        | Value::I32(_)
        | Value::U32(_)
        | Value::I64(_)
        | Value::U64(_)
        | Value::F32(_)
        | Value::F64(_)
        | Value::Decimal(_)
        | Value::BigInt(_) => format_number(value, format, culture),
        Value::DateTime(date) => format_date(*date, format, culture),
        Value::TimeSpan(span) => format_timespan(*span, format, culture),
        Value::Enum(member) => format_enum(member, format),
        Value::Wrapped(wrapped) => format_value(&wrapped.base, Some(format), culture),
        Value::Native(native) => match native.data.format(format, culture) {
            Some(text) => text,
            None => Ok(native.data.text()),
        },
        Value::Type(kind) => Ok(kind.name().to_string()),
        Value::Array(array) => Ok(convert::array_type_name(array)),
        Value::Bool(_)
        | Value::Char(_)
        | Value::Str(_)
        | Value::Hashtable(_)
        | Value::Object(_)
        | Value::ScriptBlock(_)
        | Value::Error(_)
        | Value::Exception(_) => Ok(convert::to_text(value).as_str().to_string()),
    }
}
