//! `Parse` and `TryParse` of the number types: what `NumberStyles` allow and how a culture writes numbers.

use crate::value::culture::Culture;
use crate::value::{TypeRef, Value, number};
use num_bigint::BigInt;
use std::rc::Rc;

/// What is wrong with a text that should be a number.
pub(crate) enum Refused {
    /// It is not written as one.
    Format,
    /// It is one that the type cannot hold.
    Overflow,
}

/// `NumberStyles`, as bits.
#[derive(Clone, Copy)]
pub(crate) struct Styles(pub(crate) i64);

impl Styles {
    const LEADING_WHITE: i64 = 1;
    const TRAILING_WHITE: i64 = 2;
    const LEADING_SIGN: i64 = 4;
    const TRAILING_SIGN: i64 = 8;
    const PARENTHESES: i64 = 16;
    const DECIMAL_POINT: i64 = 32;
    const THOUSANDS: i64 = 64;
    const EXPONENT: i64 = 128;
    const CURRENCY: i64 = 256;
    const HEXADECIMAL: i64 = 512;
    const BINARY: i64 = 1024;

    /// What `Parse` without styles allows.
    pub(crate) fn default_of(kind: TypeRef) -> Styles {
        match kind {
            kind if kind == TypeRef::DOUBLE || kind == TypeRef::SINGLE => Styles(167 | Self::THOUSANDS),
            kind if kind == TypeRef::DECIMAL => Styles(111),
            _ => Styles(7),
        }
    }

    fn allow(self, what: i64) -> bool {
        self.0 & what != 0
    }
}

/// Reads a number of a type.
pub(crate) fn read(kind: TypeRef, text: &str, styles: Styles, culture: &Culture) -> Result<Value, Refused> {
    if styles.allow(Styles::HEXADECIMAL | Styles::BINARY) {
        let text = trimmed(text, styles);
        return read_radix(kind, text, if styles.allow(Styles::BINARY) { 2 } else { 16 });
    }
    let floating = kind == TypeRef::DOUBLE || kind == TypeRef::SINGLE;
    let value = match normalized(text, styles, culture) {
        Some(plain) => plain,
        None if floating => return special(kind, text.trim(), culture).ok_or(Refused::Format),
        None => return Err(Refused::Format),
    };
    if floating {
        let found: f64 = value.parse().map_err(|_| Refused::Format)?;
        return Ok(if kind == TypeRef::SINGLE {
            Value::F32(value.parse().unwrap_or(found as f32))
        } else {
            Value::F64(found)
        });
    }
    if kind == TypeRef::DECIMAL {
        return number::decimal(&value).map(|n| Value::Decimal(Rc::new(n))).ok_or(Refused::Overflow);
    }
    let whole = integer(&value).ok_or(Refused::Overflow)?;
    if kind == TypeRef::BIGINTEGER {
        return Ok(Value::BigInt(Rc::new(whole)));
    }
    let wide = i128::try_from(whole).map_err(|_| Refused::Overflow)?;
    super::number::narrow(kind, wide).ok_or(Refused::Overflow)
}

fn trimmed(text: &str, styles: Styles) -> &str {
    let text = if styles.allow(Styles::LEADING_WHITE) { text.trim_start() } else { text };
    if styles.allow(Styles::TRAILING_WHITE) { text.trim_end() } else { text }
}

fn special(kind: TypeRef, text: &str, culture: &Culture) -> Option<Value> {
    let is = |wanted: &str| text.to_lowercase() == wanted.to_lowercase();
    let negative = format!("-{}", culture.infinity);
    let positive = format!("+{}", culture.infinity);
    let value = match () {
        () if is(culture.infinity) || is(&positive) => f64::INFINITY,
        () if is(&negative) => f64::NEG_INFINITY,
        () if is("NaN") || is("-NaN") || is("+NaN") => f64::NAN,
        () => return None,
    };
    Some(if kind == TypeRef::SINGLE { Value::F32(value as f32) } else { Value::F64(value) })
}

/// The text as `-123.45e-6`, where the styles allow all that is in it.
fn normalized(text: &str, styles: Styles, culture: &Culture) -> Option<String> {
    let mut rest = trimmed(text, styles);
    let mut negative = None;
    let mut parentheses = false;
    loop {
        if let Some(after) = strip_sign(rest).filter(|_| styles.allow(Styles::LEADING_SIGN) && negative.is_none()) {
            negative = Some(after.0);
            rest = after.1;
        } else if let Some(after) =
            rest.strip_prefix('(').filter(|_| styles.allow(Styles::PARENTHESES) && negative.is_none())
        {
            (negative, parentheses) = (Some(true), true);
            rest = after;
        } else if let Some(after) = strip_currency(rest, styles, culture) {
            rest = after.trim_start();
        } else {
            break;
        }
    }
    let (mut plain, mut rest) = digits(rest, styles, culture)?;
    if let Some((exponent, after)) = exponent(rest, styles) {
        plain.push_str(&exponent);
        rest = after;
    }
    loop {
        let blank = rest.trim_start();
        if let Some(after) = strip_sign(blank).filter(|_| styles.allow(Styles::TRAILING_SIGN) && negative.is_none()) {
            negative = Some(after.0);
            rest = after.1;
        } else if let Some(after) = blank.strip_prefix(')').filter(|_| parentheses) {
            parentheses = false;
            rest = after;
        } else if let Some(after) = strip_currency(blank, styles, culture) {
            rest = after;
        } else {
            break;
        }
    }
    let sign = if negative == Some(true) { "-" } else { "" };
    (rest.trim_end_matches('\0').is_empty() && !parentheses).then(|| format!("{sign}{plain}"))
}

fn strip_sign(text: &str) -> Option<(bool, &str)> {
    let negative = text.strip_prefix(['-', '\u{2212}']).map(|rest| (true, rest));
    negative.or_else(|| text.strip_prefix('+').map(|rest| (false, rest)))
}

fn strip_currency<'a>(text: &'a str, styles: Styles, culture: &Culture) -> Option<&'a str> {
    if styles.allow(Styles::CURRENCY) { text.strip_prefix(culture.currency_symbol) } else { None }
}

/// Digits with separators and a decimal point; what follows them.
fn digits<'a>(text: &'a str, styles: Styles, culture: &Culture) -> Option<(String, &'a str)> {
    let mut plain = String::with_capacity(text.len());
    let (mut rest, mut point, mut any) = (text, false, false);
    loop {
        if let Some(digit) = rest.chars().next().filter(char::is_ascii_digit) {
            plain.push(digit);
            any = true;
            rest = rest.get(1..)?;
        } else if let Some(after) =
            rest.strip_prefix(culture.decimal_separator).filter(|_| styles.allow(Styles::DECIMAL_POINT) && !point)
        {
            if plain.is_empty() {
                plain.push('0');
            }
            plain.push('.');
            point = true;
            rest = after;
        } else if let Some(after) =
            strip_group(rest, culture).filter(|_| styles.allow(Styles::THOUSANDS) && any && !point)
        {
            rest = after;
        } else {
            break;
        }
    }
    if plain.ends_with('.') {
        plain.push('0');
    }
    any.then_some((plain, rest))
}

/// The group separator; a plain blank does for the blanks that do not break.
fn strip_group<'a>(text: &'a str, culture: &Culture) -> Option<&'a str> {
    let blank = matches!(culture.group_separator, "\u{a0}" | "\u{202f}");
    let exact = text.strip_prefix(culture.group_separator);
    exact.or_else(|| {
        text.strip_prefix([' ', '\u{a0}', '\u{202f}'])
            .filter(|rest| blank && rest.starts_with(|c: char| c.is_ascii_digit()))
    })
}

fn exponent(text: &str, styles: Styles) -> Option<(String, &str)> {
    let after = text.strip_prefix(['e', 'E']).filter(|_| styles.allow(Styles::EXPONENT))?;
    let (negative, after) = strip_sign(after).unwrap_or((false, after));
    let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    let (digits, rest) = after.split_at(end);
    let sign = if negative { "-" } else { "" };
    (!digits.is_empty()).then(|| (format!("e{sign}{digits}"), rest))
}

/// The whole number a normalized text means; `None` where a fraction is left.
fn integer(text: &str) -> Option<BigInt> {
    const LARGEST_EXPONENT: i32 = 100_000;
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().ok().filter(|e: &i32| e.abs() <= LARGEST_EXPONENT)?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let places = i32::try_from(fraction.len()).ok()?;
    let digits: BigInt = format!("{whole}{fraction}").parse().ok()?;
    let shift = exponent - places;
    if shift >= 0 {
        return Some(digits * BigInt::from(10).pow(shift.unsigned_abs()));
    }
    let divisor = BigInt::from(10).pow(shift.unsigned_abs());
    (&digits % &divisor == BigInt::ZERO).then(|| digits / divisor)
}

fn read_radix(kind: TypeRef, text: &str, radix: u32) -> Result<Value, Refused> {
    let bits_each = if radix == 16 { 4 } else { 1 };
    if text.is_empty() || !text.chars().all(|c| c.is_digit(radix)) {
        return Err(Refused::Format);
    }
    if kind == TypeRef::BIGINTEGER {
        let number = BigInt::parse_bytes(text.as_bytes(), radix).ok_or(Refused::Format)?;
        // The first digit's high bit is the sign.
        let width = text.len() as u64 * bits_each;
        let negative = number.bit(width - 1);
        return Ok(Value::BigInt(Rc::new(if negative { number - (BigInt::from(1) << width) } else { number })));
    }
    let wide = u64::from_str_radix(text, radix).map_err(|_| Refused::Overflow)?;
    let signed: Option<Value> = match kind {
        kind if kind == TypeRef::INT32 => u32::try_from(wide).ok().map(|n| Value::I32(n as i32)),
        kind if kind == TypeRef::INT64 => Some(Value::I64(wide as i64)),
        kind if kind == TypeRef::INT16 => u16::try_from(wide).ok().map(|n| Value::I16(n as i16)),
        kind if kind == TypeRef::SBYTE => u8::try_from(wide).ok().map(|n| Value::I8(n as i8)),
        kind => super::number::narrow(kind, i128::from(wide)),
    };
    signed.ok_or(Refused::Overflow)
}
