//! Number literals: their shape (nom) and their value (about_Numeric_Literals). Knows nothing of tokens around them.

use super::ast::Number;
use nom::{
    IResult, Parser,
    branch::alt,
    bytes::complete::{tag_no_case, take_while1},
    character::complete::{char, digit1, hex_digit1, one_of},
    combinator::{opt, recognize, value},
};
use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed, ToPrimitive};
use rust_decimal::Decimal;
use std::rc::Rc;

/// A literal read from the start of a text.
#[derive(Debug, PartialEq)]
pub(super) struct Literal {
    /// How many bytes it took.
    pub(super) length: usize,
    /// Its value; `None` where the suffix names a type that cannot hold it.
    pub(super) value: Option<Number>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Suffix {
    None,
    I8,
    U8,
    I16,
    U16,
    I64,
    U32,
    U64,
    BigInt,
    Decimal,
}

#[derive(Clone, Copy)]
enum Digits<'t> {
    Hex(&'t str),
    Binary(&'t str),
    Integer(&'t str),
    Real(&'t str),
}

/// Reads the longest number at the start of `text`, sign included; `None` where there is none.
/// What may follow a number is the lexer's business.
pub(super) fn literal(text: &str) -> Option<Literal> {
    if let Some(plain) = plain_integer(text) {
        return Some(plain);
    }
    let (rest, (sign, digits, suffix, multiplier)) =
        (opt(one_of("+-")), digits, suffix, multiplier).parse(text).ok()?;
    let value = evaluate(sign == Some('-'), digits, suffix, multiplier);
    Some(Literal { length: text.len() - rest.len(), value })
}

/// The common case without allocation: up to nine decimal digits with nothing attached.
fn plain_integer(text: &str) -> Option<Literal> {
    let bytes = text.as_bytes();
    let count = bytes.iter().take(10).take_while(|b| b.is_ascii_digit()).count();
    let attached = bytes.get(count).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'.');
    if count == 0 || count > 9 || attached {
        return None;
    }
    let value = bytes.iter().take(count).fold(0, |n, b| n * 10 + i32::from(b - b'0'));
    Some(Literal { length: count, value: Some(Number::I32(value)) })
}

fn digits(text: &str) -> IResult<&str, Digits<'_>> {
    alt((
        (tag_no_case("0x"), hex_digit1).map(|(_, digits)| Digits::Hex(digits)),
        (tag_no_case("0b"), take_while1(|c| c == '0' || c == '1')).map(|(_, digits)| Digits::Binary(digits)),
        decimal_digits,
    ))
    .parse(text)
}

fn decimal_digits(text: &str) -> IResult<&str, Digits<'_>> {
    let (rest, whole) = opt(digit1).parse(text)?;
    let (rest, fraction) = opt(recognize(fraction)).parse(rest)?;
    if whole.is_none() && fraction.is_none_or(|f| f.len() < 2) {
        return Err(nom::Err::Error(nom::error::Error::new(text, nom::error::ErrorKind::Digit)));
    }
    let (rest, exponent) = opt(recognize((one_of("eE"), opt(one_of("+-")), digit1))).parse(rest)?;
    let taken = &text[..text.len() - rest.len()];
    let real = fraction.is_some() || exponent.is_some();
    Ok((rest, if real { Digits::Real(taken) } else { Digits::Integer(taken) }))
}

/// A point and digits after it; not the first point of `1..5`.
fn fraction(text: &str) -> IResult<&str, &str> {
    let (rest, _) = char('.').parse(text)?;
    if rest.starts_with('.') {
        return Err(nom::Err::Error(nom::error::Error::new(text, nom::error::ErrorKind::Char)));
    }
    let (rest, _) = opt(digit1).parse(rest)?;
    Ok((rest, &text[..text.len() - rest.len()]))
}

fn suffix(text: &str) -> IResult<&str, Suffix> {
    let (rest, found) = opt(alt((
        value(Suffix::U8, tag_no_case("uy")),
        value(Suffix::U16, tag_no_case("us")),
        value(Suffix::U64, tag_no_case("ul")),
        value(Suffix::U32, tag_no_case("u")),
        value(Suffix::I8, tag_no_case("y")),
        value(Suffix::I16, tag_no_case("s")),
        value(Suffix::I64, tag_no_case("l")),
        value(Suffix::BigInt, tag_no_case("n")),
        value(Suffix::Decimal, tag_no_case("d")),
    )))
    .parse(text)?;
    Ok((rest, found.unwrap_or(Suffix::None)))
}

fn multiplier(text: &str) -> IResult<&str, i64> {
    let (rest, found) = opt(alt((
        value(1 << 10, tag_no_case("kb")),
        value(1 << 20, tag_no_case("mb")),
        value(1 << 30, tag_no_case("gb")),
        value(1 << 40, tag_no_case("tb")),
        value(1 << 50, tag_no_case("pb")),
    )))
    .parse(text)?;
    Ok((rest, found.unwrap_or(1)))
}

fn evaluate(negative: bool, digits: Digits<'_>, suffix: Suffix, multiplier: i64) -> Option<Number> {
    let whole = match digits {
        Digits::Real(text) if suffix == Suffix::Decimal => return decimal(negative, text, multiplier),
        Digits::Integer(text) if suffix == Suffix::Decimal => return decimal(negative, text, multiplier),
        Digits::Real(text) => return real(negative, text, suffix, multiplier),
        Digits::Integer(text) => text.parse::<BigInt>().ok()?,
        Digits::Hex(text) => radix(text, 16, 8, suffix)?,
        Digits::Binary(text) => radix(text, 2, 32, suffix)?,
    };
    let whole = whole * multiplier;
    if suffix == Suffix::None && fills_long(&digits) {
        return whole.to_i64().map(|n| Number::I64(if negative { n.wrapping_neg() } else { n }));
    }
    integer(if negative { -whole } else { whole }, suffix)
}

/// True for sixteen hexadecimal or sixty-four binary digits: they are a `long`, whatever their value.
fn fills_long(digits: &Digits<'_>) -> bool {
    match digits {
        Digits::Hex(text) => text.len() == 16,
        Digits::Binary(text) => text.len() == 64,
        Digits::Real(_) | Digits::Integer(_) => false,
    }
}

/// Hexadecimal and binary digits that fill a whole machine word carry their sign in the top bit.
fn radix(text: &str, base: u32, word: usize, suffix: Suffix) -> Option<BigInt> {
    let magnitude = BigInt::parse_bytes(text.as_bytes(), base)?;
    let unsigned = matches!(suffix, Suffix::U8 | Suffix::U16 | Suffix::U32 | Suffix::U64);
    let bits = text.len() * if base == 2 { 1 } else { 4 };
    let fills_word = match suffix {
        _ if base == 2 => matches!(bits, 8 | 16) || bits.is_multiple_of(word),
        Suffix::I64 => bits == 64,
        Suffix::I16 => bits == 16,
        Suffix::I8 => bits == 8,
        _ => text.len().is_multiple_of(word),
    };
    let top_bit = text.bytes().next().is_some_and(|b| if base == 2 { b == b'1' } else { b >= b'8' });
    Some(if !unsigned && fills_word && top_bit { magnitude - (BigInt::from(1) << bits) } else { magnitude })
}

fn integer(whole: BigInt, suffix: Suffix) -> Option<Number> {
    match suffix {
        Suffix::None => Some(narrowest(&whole)),
        Suffix::I8 => whole.to_i8().map(Number::I8),
        Suffix::U8 => whole.to_u8().map(Number::U8),
        Suffix::I16 => whole.to_i16().map(Number::I16),
        Suffix::U16 => whole.to_u16().map(Number::U16),
        Suffix::I64 => whole.to_i64().map(Number::I64),
        Suffix::U32 => whole.to_u32().map(Number::U32).or_else(|| whole.to_u64().map(Number::U64)),
        Suffix::U64 => whole.to_u64().map(Number::U64),
        Suffix::BigInt => Some(Number::BigInt(whole.to_string().into())),
        Suffix::Decimal => fits_decimal(&whole).then(|| Number::Decimal(whole.to_string().into())),
    }
}

/// int, then long, then decimal, then double.
fn narrowest(whole: &BigInt) -> Number {
    if let Some(n) = whole.to_i32() {
        Number::I32(n)
    } else if let Some(n) = whole.to_i64() {
        Number::I64(n)
    } else if fits_decimal(whole) {
        Number::Decimal(whole.to_string().into())
    } else {
        Number::F64(whole.to_f64().unwrap_or(f64::INFINITY))
    }
}

fn fits_decimal(whole: &BigInt) -> bool {
    whole.abs().bits() <= 96
}

fn real(negative: bool, text: &str, suffix: Suffix, multiplier: i64) -> Option<Number> {
    let magnitude = text.parse::<f64>().ok()? * multiplier as f64;
    let number = if negative { -magnitude } else { magnitude };
    if suffix == Suffix::None {
        return Some(Number::F64(number));
    }
    let whole = BigInt::from_f64(number.round_ties_even())?;
    integer(whole, suffix)
}

fn decimal(negative: bool, text: &str, multiplier: i64) -> Option<Number> {
    let parsed = if text.contains(['e', 'E']) { Decimal::from_scientific(text) } else { Decimal::from_str_exact(text) };
    let parsed = parsed.ok().or_else(|| text.parse().ok())?;
    let mut result = parsed.checked_mul(Decimal::from(multiplier))?;
    result.set_sign_negative(negative && !result.is_zero());
    Some(Number::Decimal(Rc::from(result.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_types() {
        let big = |text: &str| Number::BigInt(text.into());
        let dec = |text: &str| Number::Decimal(text.into());
        for (text, expected) in [
            ("1", Number::I32(1)),
            ("2147483647", Number::I32(i32::MAX)),
            ("2147483648", Number::I64(2147483648)),
            ("-2147483648", Number::I32(i32::MIN)),
            ("9223372036854775808", dec("9223372036854775808")),
            ("99999999999999999999999999999", dec("99999999999999999999999999999").clone_or_double()),
            ("0xFF", Number::I32(255)),
            ("0xFFFFFFFF", Number::I32(-1)),
            ("0x80000000", Number::I32(i32::MIN)),
            ("0xFFFFFFFFu", Number::U32(u32::MAX)),
            ("0b11111111", Number::I32(-1)),
            ("0b1111", Number::I32(15)),
            ("0b11111111uy", Number::U8(255)),
            ("1kb", Number::I32(1024)),
            ("1.5kb", Number::F64(1536.0)),
            (".5", Number::F64(0.5)),
            ("1.", Number::F64(1.0)),
            ("1e3", Number::F64(1000.0)),
            ("1e3l", Number::I64(1000)),
            ("1.50D", dec("1.50")),
            ("1dkb", dec("1024")),
            ("-128y", Number::I8(-128)),
            ("1us", Number::U16(1)),
            ("4294967296U", Number::U64(4294967296)),
            ("123456789012345678901234567890n", big("123456789012345678901234567890")),
        ] {
            let found = literal(text).unwrap_or_else(|| panic!("{text} is no number"));
            assert_eq!((found.length, found.value), (text.len(), Some(expected)), "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_has_no_value() {
        for text in ["256uy", "128y", "70000s", "99999999999999999999l", "-1u", "1e30d"] {
            assert_eq!(literal(text).map(|l| l.value), Some(None), "{text}");
        }
    }

    #[test]
    fn a_range_is_not_a_fraction() {
        assert_eq!(literal("1..5"), Some(Literal { length: 1, value: Some(Number::I32(1)) }));
        assert_eq!(literal("."), None);
        assert_eq!(literal("abc"), None);
    }

    impl Number {
        /// 29 digits may still lie beyond 96 bits.
        fn clone_or_double(self) -> Number {
            match &self {
                Number::Decimal(text) => narrowest(&text.parse().unwrap_or_default()),
                other => other.clone(),
            }
        }
    }
}
