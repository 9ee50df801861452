//! Numbers to text and text to numbers, as the language reads and writes them. Conversions between number types
//! are in `convert::number`; format strings in `format_text`.

use super::Value;
use super::digits::Digits;
use num_bigint::BigInt;
use num_traits::{Num, ToPrimitive};
use rust_decimal::Decimal;
use std::rc::Rc;

/// The special texts of not-a-number and the infinities.
fn special(value: f64) -> Option<&'static str> {
    match value {
        v if v.is_nan() => Some("NaN"),
        v if v.is_infinite() && v > 0.0 => Some("Infinity"),
        v if v.is_infinite() => Some("-Infinity"),
        _ => None,
    }
}

/// A double that is a whole number of at most 15 digits, which is written as an integer is.
#[inline]
fn whole(value: f64) -> Option<i64> {
    (value.abs() < 1e15 && value.fract() == 0.0 && (value != 0.0 || value.is_sign_positive())).then_some(value as i64)
}

/// A double as the language's own conversion writes it: 15 significant digits.
pub(crate) fn double_text(value: f64) -> String {
    if let Some(whole) = whole(value) {
        return whole.to_string();
    }
    if let Some(text) = special(value) {
        return text.to_string();
    }
    let mut digits = Digits::shortest(value);
    if digits.digits.len() > 15 || value.is_subnormal() {
        digits = Digits::significant(value, 15);
    }
    digits.general(15, 'E', 2)
}

/// A single as the language's own conversion writes it: 7 significant digits.
pub(crate) fn single_text(value: f32) -> String {
    if let Some(text) = special(f64::from(value)) {
        return text.to_string();
    }
    let mut digits = Digits::shortest_single(value);
    if digits.digits.len() > 7 || value.is_subnormal() {
        digits = Digits::significant(f64::from(value), 7);
    }
    digits.general(7, 'E', 2)
}

/// A double as `.ToString()` writes it: the shortest text that reads back the same.
pub(crate) fn double_round_trip(value: f64) -> String {
    if let Some(whole) = whole(value) {
        return whole.to_string();
    }
    special(value).map_or_else(|| Digits::shortest(value).general(15, 'E', 2), str::to_string)
}

/// A single as `.ToString()` writes it.
pub(crate) fn single_round_trip(value: f32) -> String {
    special(f64::from(value)).map_or_else(|| Digits::shortest_single(value).general(7, 'E', 2), str::to_string)
}

/// Byte multipliers and what they stand for.
const MULTIPLIERS: [(&str, i64); 5] =
    [("kb", 1 << 10), ("mb", 1 << 20), ("gb", 1 << 30), ("tb", 1 << 40), ("pb", 1 << 50)];

/// What a number literal's suffix asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Suffix {
    None,
    Long,
    Decimal,
    BigInt,
    SByte,
    Byte,
    Short,
    UShort,
    Unsigned,
    ULong,
}

/// Suffixes, longest first.
const SUFFIXES: [(&str, Suffix); 9] = [
    ("uy", Suffix::Byte),
    ("us", Suffix::UShort),
    ("ul", Suffix::ULong),
    ("y", Suffix::SByte),
    ("s", Suffix::Short),
    ("u", Suffix::Unsigned),
    ("l", Suffix::Long),
    ("d", Suffix::Decimal),
    ("n", Suffix::BigInt),
];

/// Reads text as the language's number literal: signs, hexadecimal, binary, reals, suffixes and multipliers, with
/// blanks around. `None` where it is not one.
pub(crate) fn scan(text: &str) -> Option<Value> {
    let text = text.trim();
    let (negative, body) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    if let Some(value) = plain_integer(body, negative) {
        return Some(value);
    }
    let lower = body.to_ascii_lowercase();
    let (rest, multiplier) = MULTIPLIERS
        .iter()
        .find_map(|(name, factor)| lower.strip_suffix(name).map(|rest| (rest, *factor)))
        .unwrap_or((&lower, 1));
    if let Some(hex) = rest.strip_prefix("0x") {
        return scan_radix(hex, 16, negative, multiplier);
    }
    if let Some(binary) = rest.strip_prefix("0b") {
        return scan_radix(binary, 2, negative, multiplier);
    }
    scan_decimal(rest, negative, multiplier)
}

#[inline]
fn plain_integer(body: &str, negative: bool) -> Option<Value> {
    if body.is_empty() || body.len() > 9 || !body.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i32 = body.parse().ok()?;
    Some(Value::I32(if negative { -number } else { number }))
}

fn split_suffix(text: &str) -> (&str, Suffix) {
    SUFFIXES
        .iter()
        .find_map(|(name, suffix)| text.strip_suffix(name).map(|rest| (rest, *suffix)))
        .unwrap_or((text, Suffix::None))
}

fn scan_radix(text: &str, radix: u32, negative: bool, multiplier: i64) -> Option<Value> {
    let valid = |digits: &str| !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    // In hexadecimal `d` is a digit before it is a suffix.
    let (digits, suffix) = if valid(text) { (text, Suffix::None) } else { split_suffix(text) };
    if !valid(digits) {
        return None;
    }
    let mut number = BigInt::from_str_radix(digits, radix).ok()?;
    let bits = digits.len() as u32 * if radix == 16 { 4 } else { 1 };
    let width = match suffix {
        Suffix::SByte => 8,
        Suffix::Short => 16,
        Suffix::None if bits <= 32 => 32,
        Suffix::None | Suffix::Long => 64,
        Suffix::Byte | Suffix::UShort | Suffix::Unsigned | Suffix::ULong | Suffix::Decimal | Suffix::BigInt => 0,
    };
    if width > 0 && bits >= width && number.bit(u64::from(width) - 1) && number.bits() <= u64::from(width) {
        number -= BigInt::from(1) << width;
    }
    typed_integer(number * multiplier * if negative { -1 } else { 1 }, suffix)
}

fn typed_integer(number: BigInt, suffix: Suffix) -> Option<Value> {
    match suffix {
        Suffix::None => Some(narrowest(number)),
        Suffix::Long => number.to_i64().map(Value::I64),
        Suffix::SByte => number.to_i8().map(Value::I8),
        Suffix::Byte => number.to_u8().map(Value::U8),
        Suffix::Short => number.to_i16().map(Value::I16),
        Suffix::UShort => number.to_u16().map(Value::U16),
        Suffix::ULong => number.to_u64().map(Value::U64),
        Suffix::Unsigned => number.to_u32().map(Value::U32).or_else(|| number.to_u64().map(Value::U64)),
        Suffix::BigInt => Some(Value::BigInt(Rc::new(number))),
        Suffix::Decimal => decimal(&number.to_string()).map(|value| Value::Decimal(Rc::new(value))),
    }
}

fn narrowest(number: BigInt) -> Value {
    if let Some(value) = number.to_i32() {
        return Value::I32(value);
    }
    if let Some(value) = number.to_i64() {
        return Value::I64(value);
    }
    match decimal(&number.to_string()) {
        Some(value) => Value::Decimal(Rc::new(value)),
        None => Value::F64(number.to_f64().unwrap_or(f64::INFINITY)),
    }
}

fn is_real(text: &str) -> bool {
    let (mantissa, exponent) = text.split_once('e').map_or((text, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_ok = exponent.is_none_or(|e| {
        let e = e.strip_prefix(['+', '-']).unwrap_or(e);
        !e.is_empty() && digits(e)
    });
    digits(whole) && digits(fraction) && (whole.len() + fraction.len() > 0) && exponent_ok
}

fn scan_decimal(text: &str, negative: bool, multiplier: i64) -> Option<Value> {
    let (digits, suffix) = if is_real(text) { (text, Suffix::None) } else { split_suffix(text) };
    if !is_real(digits) {
        return None;
    }
    let sign = if negative { "-" } else { "" };
    if suffix == Suffix::Decimal {
        let value = decimal(&format!("{sign}{digits}"))?.checked_mul(Decimal::from(multiplier))?;
        return Some(Value::Decimal(Rc::new(value)));
    }
    if digits.contains(['.', 'e']) {
        let value = format!("{sign}{digits}").parse::<f64>().ok()? * multiplier as f64;
        return if suffix == Suffix::None {
            Some(Value::F64(value))
        } else {
            typed_integer(num_traits::FromPrimitive::from_f64(value.round_ties_even())?, suffix)
        };
    }
    let number: BigInt = format!("{sign}{digits}").parse().ok()?;
    typed_integer(number * multiplier, suffix)
}

/// Reads a decimal: digits, point, exponent, sign; thousands separators are taken out by the caller.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    if text.contains(['e', 'E']) {
        return Decimal::from_scientific(text).ok();
    }
    text.parse().ok()
}

/// Reads a double as .NET's invariant `double.Parse` does: blanks around, thousands separators, exponent, and the
/// names of the special values.
pub(crate) fn double(text: &str) -> Option<f64> {
    let text = text.trim();
    match text.to_ascii_lowercase().trim_start_matches(['+', '-']) {
        "nan" => return Some(f64::NAN),
        "infinity" | "\u{221e}" => {
            return Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY });
        }
        _ => {}
    }
    let plain = without_thousands(text)?;
    let lower = plain.to_ascii_lowercase();
    is_real(lower.trim_start_matches(['+', '-']).trim_end_matches('.')).then_some(())?;
    (lower.len() - lower.trim_start_matches(['+', '-']).len() <= 1).then_some(())?;
    lower.parse().ok()
}

/// Takes out the commas that stand in the whole part after a digit.
pub(crate) fn without_thousands(text: &str) -> Option<std::borrow::Cow<'_, str>> {
    if !text.contains(',') {
        return Some(text.into());
    }
    let (whole, rest) = text.find(['.', 'e', 'E']).map_or((text, ""), |at| text.split_at(at));
    let starts_with_digit = whole.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit());
    (starts_with_digit && !rest.contains(',')).then(|| format!("{}{rest}", whole.replace(',', "")).into())
}

/// Reads an integer in plain decimal digits with a sign and blanks around.
#[inline]
pub(crate) fn integer(text: &str) -> Option<i128> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_written_with_fifteen_digits() {
        let cases: &[(f64, &str, &str)] = &[
            (1.0, "1", "1"),
            (0.1 + 0.2, "0.3", "0.30000000000000004"),
            (1.0 / 3.0, "0.333333333333333", "0.3333333333333333"),
            (1e15, "1E+15", "1E+15"),
            (1e14, "100000000000000", "100000000000000"),
            (1e20, "1E+20", "1E+20"),
            (1e-5, "1E-05", "1E-05"),
            (0.0001, "0.0001", "0.0001"),
            (-0.0, "-0", "-0"),
            (123456789012345680.0, "1.23456789012346E+17", "1.2345678901234568E+17"),
            (1234567890123.456, "1234567890123.46", "1234567890123.456"),
            (f64::NAN, "NaN", "NaN"),
            (f64::NEG_INFINITY, "-Infinity", "-Infinity"),
            (1.5e-7, "1.5E-07", "1.5E-07"),
            (100.0 / 3.0, "33.3333333333333", "33.333333333333336"),
        ];
        for (value, language, dotnet) in cases {
            assert_eq!(double_text(*value), *language);
            assert_eq!(double_round_trip(*value), *dotnet);
        }
    }

    #[test]
    fn number_literals_are_scanned() {
        let cases = [
            ("42", "I32(42)"),
            (" -7 ", "I32(-7)"),
            ("+7", "I32(7)"),
            ("0x1F", "I32(31)"),
            ("-0x1F", "I32(-31)"),
            ("0xFFFFFFFF", "I32(-1)"),
            ("0b101", "I32(5)"),
            ("1kb", "I32(1024)"),
            ("1.5kb", "F64(1536.0)"),
            ("2147483648", "I64(2147483648)"),
            ("1e3", "F64(1000.0)"),
            (".5", "F64(0.5)"),
            ("5.", "F64(5.0)"),
            ("1l", "I64(1)"),
            ("255uy", "U8(255)"),
            ("1.50d", "Decimal(1.50)"),
            ("99999999999999999999", "Decimal(99999999999999999999)"),
        ];
        for (text, expected) in cases {
            assert_eq!(scan(text).map(|value| format!("{value:?}")).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "abc", "1_000", "$5", "(5)", "5 6", "0x", "1,234", "e5"] {
            assert!(scan(text).is_none(), "{text}");
        }
    }

    #[test]
    fn doubles_are_read() {
        let cases = [
            ("1,234", Some(1234.0)),
            ("1.5", Some(1.5)),
            ("5.", Some(5.0)),
            ("x", None),
            ("1e3", Some(1000.0)),
            ("--1", None),
        ];
        for (text, expected) in cases {
            assert_eq!(double(text), expected, "{text}");
        }
    }
}
