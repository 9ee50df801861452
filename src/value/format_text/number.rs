//! Standard numeric formats: B C D E F G N P R X, and the way to the custom ones.

use super::bad_format;
use super::custom_number;
use crate::value::culture::Culture;
use crate::value::digits::Digits;
use crate::value::{Outcome, Value, number};
use num_traits::ToPrimitive;

/// What is being formatted, by how .NET treats it.
enum Kind<'a> {
    /// Value and width in bits.
    Integer(i128, u32),
    Big(&'a num_bigint::BigInt),
    Double(f64),
    Single(f32),
    Decimal(&'a rust_decimal::Decimal),
}

fn kind_of(value: &Value) -> Kind<'_> {
    match value {
        Value::I8(v) => Kind::Integer(i128::from(*v), 8),
        Value::U8(v) => Kind::Integer(i128::from(*v), 8),
        Value::I16(v) => Kind::Integer(i128::from(*v), 16),
        Value::U16(v) => Kind::Integer(i128::from(*v), 16),
        Value::I32(v) => Kind::Integer(i128::from(*v), 32),
        Value::U32(v) => Kind::Integer(i128::from(*v), 32),
        Value::I64(v) => Kind::Integer(i128::from(*v), 64),
        Value::U64(v) => Kind::Integer(i128::from(*v), 64),
        Value::F32(v) => Kind::Single(*v),
        Value::F64(v) => Kind::Double(*v),
        Value::Decimal(v) => Kind::Decimal(v),
        Value::BigInt(v) => Kind::Big(v),
        _ => Kind::Integer(0, 32),
    }
}

impl Kind<'_> {
    fn floating(&self) -> Option<f64> {
        match self {
            Kind::Double(v) => Some(*v),
            Kind::Single(v) => Some(f64::from(*v)),
            Kind::Integer(..) | Kind::Big(_) | Kind::Decimal(_) => None,
        }
    }

    fn exact(&self) -> Digits {
        match self {
            Kind::Integer(v, _) => Digits::integer(*v),
            Kind::Big(v) => Digits::big(v),
            Kind::Decimal(v) => Digits::decimal(v),
            Kind::Double(v) => Digits::shortest(*v),
            Kind::Single(v) => Digits::shortest_single(*v),
        }
    }

    /// Digits correct to a number of decimals: doubles from their exact value, others half away from zero.
    fn decimals(&self, count: usize) -> Digits {
        match self.floating() {
            Some(value) => Digits::decimals(value, count),
            None => {
                let mut digits = self.exact();
                digits.round_decimals(count);
                digits
            }
        }
    }

    fn significant(&self, count: usize) -> Digits {
        match self.floating() {
            Some(value) => Digits::significant(value, count),
            None => {
                let mut digits = self.exact();
                digits.round_to(count as i32);
                digits
            }
        }
    }

    /// Digits for a custom format.
    fn custom(&self) -> Digits {
        match self {
            Kind::Double(value) => Digits::significant(*value, 15),
            Kind::Single(value) => Digits::significant(f64::from(*value), 7),
            Kind::Integer(..) | Kind::Big(_) | Kind::Decimal(_) => self.exact(),
        }
    }
}

/// A standard format's letter and precision; `None` where the text is a custom format.
fn standard(format: &str) -> Option<(char, Option<usize>)> {
    let mut characters = format.chars();
    let letter = characters.next().filter(char::is_ascii_alphabetic)?;
    let digits = characters.as_str();
    if digits.is_empty() {
        return Some((letter, None));
    }
    (digits.len() <= 9 && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| digits.parse().ok())
        .flatten()
        .map(|precision| (letter, Some(precision)))
}

/// A number by a standard or custom format.
pub(crate) fn format_number(value: &Value, format: &str, culture: &Culture) -> Outcome<String> {
    let kind = kind_of(value);
    if let Some(text) = kind.floating().and_then(|value| special(value, culture)) {
        return Ok(text);
    }
    if format.is_empty() {
        return Ok(with_separator(general(&kind, None, 'E'), culture));
    }
    match standard(format) {
        Some((letter, precision)) => apply_standard(&kind, letter, precision, culture)
            .ok_or_else(|| bad_format(format, value_kind(&kind)).into()),
        None => Ok(custom_number::format(kind.custom(), format, culture)),
    }
}

fn value_kind(kind: &Kind<'_>) -> &'static str {
    match kind {
        Kind::Integer(..) | Kind::Big(_) => "an integer",
        Kind::Double(_) | Kind::Single(_) => "a floating-point number",
        Kind::Decimal(_) => "a decimal number",
    }
}

fn special(value: f64, culture: &Culture) -> Option<String> {
    if value.is_nan() {
        return Some("NaN".to_string());
    }
    value.is_infinite().then(|| format!("{}{}", if value < 0.0 { "-" } else { "" }, culture.infinity))
}

fn with_separator(text: String, culture: &Culture) -> String {
    if culture.decimal_separator == "." { text } else { text.replace('.', culture.decimal_separator) }
}

fn apply_standard(kind: &Kind<'_>, letter: char, precision: Option<usize>, culture: &Culture) -> Option<String> {
    let digits = |default: usize, extra: usize| kind.decimals(precision.unwrap_or(default) + extra);
    match letter.to_ascii_uppercase() {
        'D' => integer_digits(kind, precision),
        'X' => radix(kind, precision, if letter == 'X' { Radix::UpperHex } else { Radix::LowerHex }),
        'B' => radix(kind, precision, Radix::Binary),
        'E' => Some(scientific(kind, precision.unwrap_or(6), letter, culture)),
        'F' => {
            let count = precision.unwrap_or(culture.number_decimals);
            let digits = digits(culture.number_decimals, 0);
            Some(signed(&digits, plain(&digits, count, culture, false)))
        }
        'N' => {
            let count = precision.unwrap_or(culture.number_decimals);
            let digits = digits(culture.number_decimals, 0);
            let hide_sign = digits.is_zero();
            let text = plain(&digits, count, culture, true);
            Some(if hide_sign && kind.floating().is_none() { text } else { signed(&digits, text) })
        }
        'P' => Some(percent(digits(culture.percent_decimals, 2), precision, culture)),
        'C' => Some(currency(&digits(2, 0), precision.unwrap_or(2), culture)),
        'G' => Some(with_separator(general(kind, precision.filter(|p| *p > 0), exponent_letter(letter)), culture)),
        'R' => match kind {
            Kind::Decimal(_) => None,
            Kind::Integer(..) | Kind::Big(_) | Kind::Double(_) | Kind::Single(_) => {
                Some(with_separator(general(kind, None, exponent_letter(letter)), culture))
            }
        },
        _ => None,
    }
}

fn exponent_letter(letter: char) -> char {
    if letter.is_ascii_lowercase() { 'e' } else { 'E' }
}

fn general(kind: &Kind<'_>, precision: Option<usize>, letter: char) -> String {
    match (kind, precision) {
        (Kind::Double(value), None) if letter == 'E' => number::double_round_trip(*value),
        (Kind::Single(value), None) if letter == 'E' => number::single_round_trip(*value),
        (Kind::Double(_), None) => kind.exact().general(15, letter, 2),
        (Kind::Single(_), None) => kind.exact().general(7, letter, 2),
        (Kind::Integer(..) | Kind::Big(_) | Kind::Decimal(_), None) => kind.exact().general(i32::MAX, letter, 2),
        (_, Some(count)) => kind.significant(count).general(count as i32, letter, 2),
    }
}

fn signed(digits: &Digits, text: String) -> String {
    if digits.negative { format!("-{text}") } else { text }
}

/// Whole part, with groups where asked for, and decimals.
fn plain(digits: &Digits, decimals: usize, culture: &Culture, grouped: bool) -> String {
    let whole = digits.whole();
    let mut text = if grouped { group(&whole, culture.group_separator) } else { whole };
    if decimals > 0 {
        text.push_str(culture.decimal_separator);
        text.push_str(&digits.fraction(decimals));
    }
    text
}

/// Puts a separator between groups of three.
pub(super) fn group(whole: &str, separator: &str) -> String {
    let mut text = String::with_capacity(whole.len() + whole.len() / 3 * separator.len());
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text
}

fn percent(mut digits: Digits, precision: Option<usize>, culture: &Culture) -> String {
    if !digits.is_zero() {
        digits.scale += 2;
    }
    let number = plain(&digits, precision.unwrap_or(culture.percent_decimals), culture, true);
    let pattern = if digits.negative { culture.percent_negative } else { culture.percent_positive };
    pattern.replace('n', &number)
}

fn currency(digits: &Digits, decimals: usize, culture: &Culture) -> String {
    let number = plain(digits, decimals, culture, true);
    let pattern = if digits.negative { culture.currency_negative } else { culture.currency_positive };
    pattern
        .chars()
        .map(|part| match part {
            'n' => number.clone(),
            '$' => culture.currency_symbol.to_string(),
            other => other.to_string(),
        })
        .collect()
}

fn scientific(kind: &Kind<'_>, precision: usize, letter: char, culture: &Culture) -> String {
    let digits = kind.significant(precision + 1);
    let exponent = if digits.is_zero() { 0 } else { digits.scale - 1 };
    let mut text = String::new();
    if digits.negative {
        text.push('-');
    }
    let place = |index: i32| if digits.is_zero() { '0' } else { digits.digit_at(digits.scale - index) as char };
    text.push(place(0));
    if precision > 0 {
        text.push_str(culture.decimal_separator);
        text.extend((1..=precision as i32).map(place));
    }
    text.push(letter);
    text.push(if exponent < 0 { '-' } else { '+' });
    text.push_str(&format!("{:03}", exponent.unsigned_abs()));
    text
}

fn integer_digits(kind: &Kind<'_>, precision: Option<usize>) -> Option<String> {
    let digits = match kind {
        Kind::Integer(..) | Kind::Big(_) => kind.exact(),
        Kind::Double(_) | Kind::Single(_) | Kind::Decimal(_) => return None,
    };
    let text = digits.whole();
    let zeros = "0".repeat(precision.unwrap_or(1).saturating_sub(text.len()));
    Some(signed(&digits, format!("{zeros}{text}")))
}

#[derive(Clone, Copy)]
enum Radix {
    UpperHex,
    LowerHex,
    Binary,
}

fn radix(kind: &Kind<'_>, precision: Option<usize>, radix: Radix) -> Option<String> {
    let text = match kind {
        Kind::Integer(value, width) => {
            let bits = (*value as u128) & (u128::MAX >> (128 - width));
            match radix {
                Radix::UpperHex => format!("{bits:X}"),
                Radix::LowerHex => format!("{bits:x}"),
                Radix::Binary => format!("{bits:b}"),
            }
        }
        Kind::Big(value) => big_radix(value, radix),
        Kind::Double(_) | Kind::Single(_) | Kind::Decimal(_) => return None,
    };
    Some(format!("{}{text}", "0".repeat(precision.unwrap_or(1).saturating_sub(text.len()))))
}

/// A big integer's two's complement, with a leading sign digit as .NET writes it.
fn big_radix(value: &num_bigint::BigInt, radix: Radix) -> String {
    if let (Radix::Binary, Some(small)) = (radix, value.to_u64()) {
        return format!("0{small:b}");
    }
    let bytes = value.to_signed_bytes_be();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    let trimmed = match hex.as_bytes() {
        [b'0', second, ..] if *second < b'8' => hex[1..].to_string(),
        [b'F', second, ..] if *second >= b'8' => hex[1..].to_string(),
        _ => hex,
    };
    match radix {
        Radix::UpperHex => trimmed,
        Radix::LowerHex => trimmed.to_ascii_lowercase(),
        Radix::Binary => bytes.iter().map(|byte| format!("{byte:08b}")).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::culture::{EN_US, INVARIANT};
    use std::rc::Rc;

    fn dec(text: &str) -> Value {
        Value::Decimal(Rc::new(text.parse().unwrap_or_default()))
    }

    #[test]
    fn standard_formats() {
        let cases: Vec<(Value, &str, &str)> = vec![
            (1_234_567.891.into(), "N2", "1,234,567.89"),
            (1234.5.into(), "N0", "1,234"),
            (1234.5.into(), "N", "1,234.500"),
            (2.56789.into(), "F3", "2.568"),
            (0.5.into(), "F0", "0"),
            (1.5.into(), "F0", "2"),
            (2.5.into(), "F0", "2"),
            (0.125.into(), "F2", "0.12"),
            (2.675.into(), "F2", "2.67"),
            (42.into(), "D5", "00042"),
            ((-7).into(), "D", "-7"),
            (255.into(), "X", "FF"),
            (255.into(), "x4", "00ff"),
            ((-1).into(), "X8", "FFFFFFFF"),
            (0.1234.into(), "P1", "12.3%"),
            (0.5.into(), "P0", "50%"),
            (0.4567.into(), "P", "45.670%"),
            (1234.5.into(), "C", "$1,234.50"),
            ((-5).into(), "C0", "-$5"),
            (12345.678.into(), "E2", "1.23E+004"),
            (0.00012.into(), "e3", "1.200e-004"),
            (12345.678.into(), "G3", "1.23E+04"),
            (0.1.into(), "G", "0.1"),
            (0.1.into(), "G17", "0.10000000000000001"),
            ((1.0 / 3.0).into(), "R", "0.3333333333333333"),
            (5.into(), "B8", "00000101"),
            (dec("1234"), "N2", "1,234.00"),
            (dec("1.10"), "", "1.10"),
            (1i64.into(), "D3", "001"),
            ((-0.001).into(), "F2", "-0.00"),
            (0.into(), "E2", "0.00E+000"),
        ];
        for (value, format, expected) in cases {
            assert_eq!(format_number(&value, format, &EN_US).ok().as_deref(), Some(expected), "{value:?} {format}");
        }
        assert_eq!(format_number(&1234.5.into(), "N", &INVARIANT).ok().as_deref(), Some("1,234.50"));
        assert!(format_number(&1.5.into(), "D3", &EN_US).is_err());
        assert!(format_number(&1.5.into(), "Q", &EN_US).is_err());
        assert!(format_number(&dec("1"), "X", &EN_US).is_err());
    }

    #[test]
    fn other_cultures() {
        let culture = |name| Culture::by_name(name).unwrap_or(&EN_US);
        for (name, format, expected) in [
            ("de-DE", "N2", "1.234,50"),
            ("fr-FR", "F2", "1234,50"),
            ("de-DE", "C", "1.234,50 €"),
            ("en-GB", "C", "£1,234.50"),
            ("de-DE", "", "1234,5"),
            ("fr-FR", "N1", "1\u{202f}234,5"),
        ] {
            assert_eq!(format_number(&1234.5.into(), format, culture(name)).ok().as_deref(), Some(expected), "{name}");
        }
    }
}
