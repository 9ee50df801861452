//! Numbers in all directions: rounding to even, checked ranges, text.

use super::{cast_fault, no_conversion};
use crate::value::{Engine, Fault, Outcome, Str, TypeRef, Value, number};
use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};
use rust_decimal::Decimal;
use std::rc::Rc;

/// A number on its way to another type, exact as far as that goes.
enum Source {
    Integer(i128),
    Real(f64),
    Decimal(Decimal),
    Big(BigInt),
}

fn source(value: &Value) -> Option<Source> {
    Some(match value {
        Value::Bool(v) => Source::Integer(i128::from(*v)),
        Value::Char(v) => Source::Integer(i128::from(*v)),
        Value::I8(v) => Source::Integer(i128::from(*v)),
        Value::U8(v) => Source::Integer(i128::from(*v)),
        Value::I16(v) => Source::Integer(i128::from(*v)),
        Value::U16(v) => Source::Integer(i128::from(*v)),
        Value::I32(v) => Source::Integer(i128::from(*v)),
        Value::U32(v) => Source::Integer(i128::from(*v)),
        Value::I64(v) => Source::Integer(i128::from(*v)),
        Value::U64(v) => Source::Integer(i128::from(*v)),
        Value::F32(v) => Source::Real(f64::from(*v)),
        Value::F64(v) => Source::Real(*v),
        Value::Enum(v) => Source::Integer(i128::from(v.bits)),
        Value::Decimal(v) => Source::Decimal(**v),
        Value::BigInt(v) => Source::Big((**v).clone()),
        _ => return None,
    })
}

impl Source {
    /// Rounded half to even.
    fn integer(&self) -> Option<i128> {
        match self {
            Source::Integer(v) => Some(*v),
            Source::Real(v) => v.is_finite().then(|| v.round_ties_even()).and_then(|v| v.to_i128()),
            Source::Decimal(v) => v.round().to_i128(),
            Source::Big(v) => v.to_i128(),
        }
    }

    fn real(&self) -> f64 {
        match self {
            Source::Integer(v) => *v as f64,
            Source::Real(v) => *v,
            Source::Decimal(v) => v.to_string().parse().unwrap_or(f64::NAN),
            Source::Big(v) => v.to_f64().unwrap_or(f64::INFINITY),
        }
    }

    fn decimal(&self) -> Option<Decimal> {
        match self {
            Source::Integer(v) => Decimal::from_i128(*v),
            Source::Real(v) => real_to_decimal(*v),
            Source::Decimal(v) => Some(*v),
            Source::Big(v) => v.to_i128().and_then(Decimal::from_i128),
        }
    }

    fn big(&self) -> Option<BigInt> {
        match self {
            Source::Integer(v) => Some(BigInt::from(*v)),
            Source::Real(v) => BigInt::from_f64(v.trunc()),
            Source::Decimal(v) => v.trunc().to_i128().map(BigInt::from),
            Source::Big(v) => Some(v.clone()),
        }
    }
}

/// A double as a decimal of at most 15 significant digits, as .NET converts it.
pub(crate) fn real_to_decimal(value: f64) -> Option<Decimal> {
    if !value.is_finite() {
        return None;
    }
    let text = format!("{value:.14e}");
    let decimal = Decimal::from_scientific(&text).ok()?;
    Some(decimal.normalize())
}

/// To any numeric type.
pub(super) fn convert(_: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    if let Value::Str(text) = value {
        return from_text(text, target);
    }
    let Some(source) = source(value) else {
        return match value {
            Value::TimeSpan(_) | Value::DateTime(_) => Err(invalid_convertible(value, target).into()),
            _ => Err(no_conversion(value, target).into()),
        };
    };
    fit(&source, target).ok_or_else(|| invalid_convertible(value, target).into())
}

fn invalid_convertible(value: &Value, target: TypeRef) -> Fault {
    cast_fault("InvalidCastIConvertible", value, target, "it does not fit")
}

/// A numeric type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    F32,
    F64,
    Decimal,
    Big,
}

const KINDS: [(TypeRef, Kind); 12] = [
    (TypeRef::INT32, Kind::I32),
    (TypeRef::INT64, Kind::I64),
    (TypeRef::DOUBLE, Kind::F64),
    (TypeRef::BYTE, Kind::U8),
    (TypeRef::DECIMAL, Kind::Decimal),
    (TypeRef::SINGLE, Kind::F32),
    (TypeRef::UINT32, Kind::U32),
    (TypeRef::UINT64, Kind::U64),
    (TypeRef::INT16, Kind::I16),
    (TypeRef::UINT16, Kind::U16),
    (TypeRef::SBYTE, Kind::I8),
    (TypeRef::BIGINTEGER, Kind::Big),
];

fn kind_of(target: TypeRef) -> Option<Kind> {
    KINDS.iter().find(|(known, _)| *known == target).map(|(_, kind)| *kind)
}

/// A number in a target type; `None` where it does not fit.
fn fit(source: &Source, target: TypeRef) -> Option<Value> {
    let integer = || source.integer();
    match kind_of(target)? {
        Kind::I32 => integer()?.to_i32().map(Value::I32),
        Kind::I64 => integer()?.to_i64().map(Value::I64),
        Kind::F64 => Some(Value::F64(source.real())),
        Kind::U8 => integer()?.to_u8().map(Value::U8),
        Kind::Decimal => source.decimal().map(|v| Value::Decimal(Rc::new(v))),
        Kind::F32 => Some(Value::F32(source.real() as f32)),
        Kind::U32 => integer()?.to_u32().map(Value::U32),
        Kind::U64 => integer()?.to_u64().map(Value::U64),
        Kind::I16 => integer()?.to_i16().map(Value::I16),
        Kind::U16 => integer()?.to_u16().map(Value::U16),
        Kind::I8 => integer()?.to_i8().map(Value::I8),
        Kind::Big => source.big().map(|v| Value::BigInt(Rc::new(v))),
    }
}

/// The error id of text that is no number of a kind.
fn text_id(target: TypeRef) -> &'static str {
    match kind_of(target) {
        Some(Kind::F64 | Kind::F32) => "InvalidCastFromStringToDoubleOrSingle",
        Some(Kind::Decimal) => "InvalidCastFromStringToDecimal",
        Some(Kind::Big) => "InvalidCastParseTargetInvocationWithFormatProvider",
        _ => "InvalidCastFromStringToInteger",
    }
}

fn from_text(text: &Str, target: TypeRef) -> Outcome<Value> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        let zero =
            if target == TypeRef::BIGINTEGER && text.is_empty() { None } else { fit(&Source::Integer(0), target) };
        return zero.ok_or_else(|| text_fault(text, target).into());
    }
    let value = match kind_of(target) {
        Some(Kind::Decimal) => text_to_decimal(trimmed),
        Some(Kind::F64 | Kind::F32) => number::double(trimmed).map(Source::Real).or_else(|| scanned(trimmed)),
        // As the language reads literals: what a decimal cannot hold passes through a double.
        Some(Kind::Big) => scanned(trimmed).or_else(|| trimmed.replace(',', "").parse().ok().map(Source::Big)),
        _ => text_to_integer(trimmed, target),
    };
    value.and_then(|source| fit(&source, target)).ok_or_else(|| text_fault(text, target).into())
}

fn text_fault(text: &Str, target: TypeRef) -> Fault {
    cast_fault(text_id(target), &Value::Str(text.clone()), target, "the text is not a number of that type")
}

fn scanned(text: &str) -> Option<Source> {
    source(&number::scan(text)?)
}

fn text_to_decimal(text: &str) -> Option<Source> {
    let plain = number::without_thousands(text)?;
    number::decimal(&plain).map(|number| Source::Decimal(number.normalize())).or_else(|| scanned(text))
}

/// Integers read plain digits, hexadecimal as bits of the target's width, then number literals, then reals.
fn text_to_integer(text: &str, target: TypeRef) -> Option<Source> {
    if let Some(integer) = number::integer(text) {
        return Some(Source::Integer(integer));
    }
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).or_else(|| text.strip_prefix('#'));
    if let Some(digits) = hex {
        return hexadecimal(digits, target).map(Source::Integer).or_else(|| scanned(text));
    }
    scanned(text).or_else(|| number::double(text).map(Source::Real))
}

fn hexadecimal(digits: &str, target: TypeRef) -> Option<i128> {
    if digits.is_empty() {
        return Some(0);
    }
    let bits = i128::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with(['+', '-']))?;
    let width = match kind_of(target) {
        Some(Kind::I32) => 32,
        Some(Kind::I64) => 64,
        Some(Kind::I16) => 16,
        Some(Kind::I8) => 8,
        _ => return Some(bits),
    };
    let limit = 1i128 << width;
    Some(if bits >= limit / 2 && bits < limit { bits - limit } else { bits })
}

/// To `char`: one character of text, or a number of a UTF-16 unit.
pub(super) fn to_char(_: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    match value {
        Value::Str(text) => {
            let mut units = text.encode_utf16();
            match (units.next(), units.next()) {
                (Some(unit), None) => Ok(Value::Char(unit)),
                _ => {
                    let why = "a character is text of length one";
                    Err(cast_fault("InvalidCastParseTargetInvocation", value, target, why).into())
                }
            }
        }
        Value::F32(_) | Value::F64(_) | Value::Decimal(_) | Value::Bool(_) => {
            Err(invalid_convertible(value, target).into())
        }
        other => match source(other) {
            Some(source) => source
                .integer()
                .and_then(|unit| u16::try_from(unit).ok())
                .map(Value::Char)
                .ok_or_else(|| invalid_convertible(value, target).into()),
            None => Err(no_conversion(value, target).into()),
        },
    }
}

/// To `int`, as a cast does.
#[inline]
pub(crate) fn to_i32(value: &Value) -> Outcome<i32> {
    match value {
        Value::I32(v) => Ok(*v),
        other => match super::to_plain(other, TypeRef::INT32)? {
            Value::I32(v) => Ok(v),
            _ => Err(no_conversion(value, TypeRef::INT32).into()),
        },
    }
}

/// To `long`, as a cast does.
pub(crate) fn to_i64(value: &Value) -> Outcome<i64> {
    match value {
        Value::I32(v) => Ok(i64::from(*v)),
        Value::I64(v) => Ok(*v),
        other => match super::to_plain(other, TypeRef::INT64)? {
            Value::I64(v) => Ok(v),
            _ => Err(no_conversion(value, TypeRef::INT64).into()),
        },
    }
}

/// To `double`, as a cast does.
pub(crate) fn to_f64(value: &Value) -> Outcome<f64> {
    match value {
        Value::F64(v) => Ok(*v),
        Value::I32(v) => Ok(f64::from(*v)),
        other => match super::to_plain(other, TypeRef::DOUBLE)? {
            Value::F64(v) => Ok(v),
            _ => Err(no_conversion(value, TypeRef::DOUBLE).into()),
        },
    }
}

/// To `decimal`, as a cast does.
pub(crate) fn to_decimal(value: &Value) -> Outcome<Decimal> {
    match super::to_plain(value, TypeRef::DECIMAL)? {
        Value::Decimal(v) => Ok(*v),
        _ => Err(no_conversion(value, TypeRef::DECIMAL).into()),
    }
}
