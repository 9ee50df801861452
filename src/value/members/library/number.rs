//! The number types: text with formats, parsing, limits, and what `double`, `decimal` and `bigint` add.

use super::super::table::{Call, Getter, PropertyRow, Row, Table, get};
use super::super::thrown;
use super::parse_number::{self, Refused, Styles};
use super::psobject::set_reference;
use crate::value::culture::Culture;
use crate::value::{Outcome, TypeRef, Value, compare, convert, format_text};
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};
use std::rc::Rc;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::SBYTE, &SBYTE),
    (TypeRef::BYTE, &BYTE),
    (TypeRef::INT16, &INT16),
    (TypeRef::UINT16, &UINT16),
    (TypeRef::INT32, &INT32),
    (TypeRef::UINT32, &UINT32),
    (TypeRef::INT64, &INT64),
    (TypeRef::UINT64, &UINT64),
    (TypeRef::SINGLE, &SINGLE),
    (TypeRef::DOUBLE, &DOUBLE),
    (TypeRef::DECIMAL, &DECIMAL),
    (TypeRef::BIGINTEGER, &BIGINTEGER),
];

/// The table of an integer type: its limits, and the methods all number types share.
macro_rules! integers {
    ($($table:ident $variant:ident $kind:ident $code:literal;)*) => {
        $(static $table: Table = Table {
            methods: &[
                SHARED[0], SHARED[1], SHARED[2], SHARED[3], SHARED[4],
                ("System.TypeCode GetTypeCode()", |_| Ok(TypeRef::TYPE_CODE.enum_of($code))),
            ],
            statics: STATICS,
            static_properties: &[
                get("MaxValue", "System.Object", |_, _| Ok(Value::$variant($kind::MAX))),
                get("MinValue", "System.Object", |_, _| Ok(Value::$variant($kind::MIN))),
            ],
            ..Table::EMPTY
        };)*
    };
}

integers! {
    SBYTE I8 i8 5;
    BYTE U8 u8 6;
    INT16 I16 i16 7;
    UINT16 U16 u16 8;
    INT32 I32 i32 9;
    UINT32 U32 u32 10;
    INT64 I64 i64 11;
    UINT64 U64 u64 12;
}

const SHARED: &[Row] = &[
    ("string ToString()", |c| {
        crate::value::format_text::format_value(c.this, None, Culture::current()).map(Value::from)
    }),
    ("string ToString(string format)", |c| formatted(c, Culture::current())),
    ("string ToString(System.IFormatProvider provider)", |c| {
        let culture = super::culture::of(c.arg(0));
        Ok(Value::from(format_text::format_value(c.this, None, culture)?))
    }),
    ("string ToString(string format, System.IFormatProvider provider)", |c| {
        let culture = super::culture::of(c.arg(1));
        formatted(c, culture)
    }),
    ("int CompareTo(System.Object value)", |c| {
        if c.arg(0).is_null() {
            return Ok(Value::I32(1));
        }
        let other = convert::to(c.engine, &c.args[0], TypeRef::of(c.this))
            .map_err(|_| thrown(TypeRef::ARGUMENT_EXCEPTION, "The value to compare with must be of the same type."))?;
        Ok(Value::I32(compare::order(c.this, &other, true)? as i32))
    }),
];

/// `ToString(format)`; a format that cannot be read is a `FormatException`.
fn formatted(c: &mut Call<'_>, culture: &Culture) -> Outcome<Value> {
    let format = c.text(0).to_owned();
    Ok(Value::from(format_text::format_value(c.this, Some(&format), culture)?))
}

const STATICS: &[Row] = &[
    ("static System.Object Parse(string s)", |c| parse(c, None, None)),
    ("static System.Object Parse(string s, System.Globalization.NumberStyles style)", |c| parse(c, Some(1), None)),
    ("static System.Object Parse(string s, System.IFormatProvider provider)", |c| parse(c, None, Some(1))),
    (
        "static System.Object Parse(string s, System.Globalization.NumberStyles style, System.IFormatProvider provider)",
        |c| parse(c, Some(1), Some(2)),
    ),
    ("static bool TryParse(string s, [ref] System.Object result)", |c| try_parse(c, None, None, 1)),
    ("static bool TryParse(string s, System.IFormatProvider provider, [ref] System.Object result)", |c| {
        try_parse(c, None, Some(1), 2)
    }),
    (
        "static bool TryParse(string s, System.Globalization.NumberStyles style, System.IFormatProvider provider, [ref] System.Object result)",
        |c| try_parse(c, Some(1), Some(2), 3),
    ),
    ("static System.Object Max(System.Object x, System.Object y)", |c| super::math::larger(c, true)),
    ("static System.Object Min(System.Object x, System.Object y)", |c| super::math::larger(c, false)),
    ("static System.Object Abs(System.Object value)", super::math::absolute),
    ("static System.Object Clamp(System.Object value, System.Object min, System.Object max)", super::math::clamp),
    ("static bool IsNegative(System.Object value)", |c| {
        Ok(Value::Bool(convert::to_f64(c.arg(0)).unwrap_or(0.0) < 0.0))
    }),
    ("static bool IsEvenInteger(System.Object value)", |c| Ok(Value::Bool(c.int(0) % 2 == 0))),
    ("static bool IsOddInteger(System.Object value)", |c| Ok(Value::Bool(c.int(0) % 2 != 0))),
];

/// An integer in one of the fixed-width types, where it fits.
pub(crate) fn narrow(kind: TypeRef, wide: i128) -> Option<Value> {
    type Narrow = fn(i128) -> Option<Value>;
    const TYPES: [(TypeRef, Narrow); 8] = [
        (TypeRef::INT32, |n| i32::try_from(n).ok().map(Value::I32)),
        (TypeRef::INT64, |n| i64::try_from(n).ok().map(Value::I64)),
        (TypeRef::BYTE, |n| u8::try_from(n).ok().map(Value::U8)),
        (TypeRef::UINT32, |n| u32::try_from(n).ok().map(Value::U32)),
        (TypeRef::UINT64, |n| u64::try_from(n).ok().map(Value::U64)),
        (TypeRef::INT16, |n| i16::try_from(n).ok().map(Value::I16)),
        (TypeRef::UINT16, |n| u16::try_from(n).ok().map(Value::U16)),
        (TypeRef::SBYTE, |n| i8::try_from(n).ok().map(Value::I8)),
    ];
    TYPES.iter().find(|(known, _)| *known == kind).and_then(|(_, narrow)| narrow(wide))
}

/// The styles in an argument, where the call has one.
fn styles(c: &Call<'_>, argument: Option<usize>) -> Styles {
    argument.map_or_else(|| Styles::default_of(c.kind), |at| Styles(c.int(at)))
}

fn parse(c: &mut Call<'_>, style: Option<usize>, provider: Option<usize>) -> Outcome<Value> {
    if c.arg(0).is_null() {
        return Err(thrown(TypeRef::ARGUMENT_NULL_EXCEPTION, "There is no text to read a number from."));
    }
    let text = c.text(0);
    let culture = provider.map_or_else(Culture::current, |at| super::culture::of(c.arg(at)));
    parse_number::read(c.kind, text, styles(c, style), culture).map_err(|refused| match refused {
        Refused::Format => thrown(TypeRef::FORMAT_EXCEPTION, format!("'{text}' is not a [{}].", c.kind)),
        Refused::Overflow => thrown(TypeRef::OVERFLOW_EXCEPTION, format!("'{text}' does not fit into [{}].", c.kind)),
    })
}

fn try_parse(c: &mut Call<'_>, style: Option<usize>, provider: Option<usize>, result: usize) -> Outcome<Value> {
    let culture = provider.map_or_else(Culture::current, |at| super::culture::of(c.arg(at)));
    let found = parse_number::read(c.kind, c.text(0), styles(c, style), culture).ok();
    let there = found.is_some();
    set_reference(c.arg(result), found.unwrap_or_else(|| super::super::default_of(c.kind)))?;
    Ok(Value::Bool(there))
}

const REAL_METHODS: &[Row] = &[
    SHARED[0],
    SHARED[1],
    SHARED[2],
    SHARED[3],
    SHARED[4],
    ("System.TypeCode GetTypeCode()", |c| {
        let code = match c.this {
            Value::F32(_) => 13,
            Value::F64(_) => 14,
            _ => 15,
        };
        Ok(TypeRef::TYPE_CODE.enum_of(code))
    }),
];

const REAL_STATICS: &[Row] = &[
    STATICS[0],
    STATICS[1],
    STATICS[2],
    STATICS[3],
    STATICS[4],
    STATICS[5],
    STATICS[6],
    STATICS[7],
    STATICS[8],
    STATICS[9],
    ("static bool IsNaN(double d)", |c| Ok(Value::Bool(c.double(0).is_nan()))),
    ("static bool IsInfinity(double d)", |c| Ok(Value::Bool(c.double(0).is_infinite()))),
    ("static bool IsPositiveInfinity(double d)", |c| Ok(Value::Bool(c.double(0) == f64::INFINITY))),
    ("static bool IsNegativeInfinity(double d)", |c| Ok(Value::Bool(c.double(0) == f64::NEG_INFINITY))),
    ("static bool IsFinite(double d)", |c| Ok(Value::Bool(c.double(0).is_finite()))),
    ("static bool IsInteger(double d)", |c| Ok(Value::Bool(c.double(0).fract() == 0.0))),
    ("static bool IsNegative(double d)", |c| Ok(Value::Bool(c.double(0).is_sign_negative()))),
];

static SINGLE: Table = Table {
    methods: REAL_METHODS,
    statics: REAL_STATICS,
    static_properties: &[
        get("MaxValue", "float", |_, _| Ok(Value::F32(f32::MAX))),
        get("MinValue", "float", |_, _| Ok(Value::F32(f32::MIN))),
        get("Epsilon", "float", |_, _| Ok(Value::F32(f32::from_bits(1)))),
        get("NaN", "float", |_, _| Ok(Value::F32(f32::NAN))),
        get("PositiveInfinity", "float", |_, _| Ok(Value::F32(f32::INFINITY))),
        get("NegativeInfinity", "float", |_, _| Ok(Value::F32(f32::NEG_INFINITY))),
    ],
    ..Table::EMPTY
};

static DOUBLE: Table = Table {
    methods: REAL_METHODS,
    statics: REAL_STATICS,
    static_properties: &[
        get("MaxValue", "double", |_, _| Ok(Value::F64(f64::MAX))),
        get("MinValue", "double", |_, _| Ok(Value::F64(f64::MIN))),
        get("Epsilon", "double", |_, _| Ok(Value::F64(f64::from_bits(1)))),
        get("NaN", "double", |_, _| Ok(Value::F64(f64::NAN))),
        get("PositiveInfinity", "double", |_, _| Ok(Value::F64(f64::INFINITY))),
        get("NegativeInfinity", "double", |_, _| Ok(Value::F64(f64::NEG_INFINITY))),
        get("Pi", "double", |_, _| Ok(Value::F64(std::f64::consts::PI))),
        get("E", "double", |_, _| Ok(Value::F64(std::f64::consts::E))),
    ],
    ..Table::EMPTY
};

fn decimal(value: &Value) -> rust_decimal::Decimal {
    convert::to_decimal(value).unwrap_or_default()
}

fn from_decimal(value: rust_decimal::Decimal) -> Value {
    Value::Decimal(Rc::new(value))
}

static DECIMAL: Table = Table {
    methods: REAL_METHODS,
    statics: &[
        STATICS[0],
        STATICS[1],
        STATICS[2],
        STATICS[3],
        STATICS[4],
        STATICS[5],
        STATICS[6],
        ("static decimal Round(decimal d)", |c| Ok(from_decimal(decimal(c.arg(0)).round()))),
        ("static decimal Round(decimal d, int decimals)", |c| {
            Ok(from_decimal(decimal(c.arg(0)).round_dp(u32::try_from(c.int(1)).unwrap_or(0))))
        }),
        ("static decimal Round(decimal d, System.MidpointRounding mode)", |c| {
            Ok(from_decimal(super::math::round_decimal(decimal(c.arg(0)), 0, c.int(1))))
        }),
        ("static decimal Round(decimal d, int decimals, System.MidpointRounding mode)", |c| {
            let places = u32::try_from(c.int(1)).unwrap_or(0);
            Ok(from_decimal(super::math::round_decimal(decimal(c.arg(0)), places, c.int(2))))
        }),
        ("static decimal Floor(decimal d)", |c| Ok(from_decimal(decimal(c.arg(0)).floor()))),
        ("static decimal Ceiling(decimal d)", |c| Ok(from_decimal(decimal(c.arg(0)).ceil()))),
        ("static decimal Truncate(decimal d)", |c| Ok(from_decimal(decimal(c.arg(0)).trunc()))),
        ("static decimal Negate(decimal d)", |c| Ok(from_decimal(-decimal(c.arg(0))))),
        ("static decimal Abs(decimal value)", |c| Ok(from_decimal(decimal(c.arg(0)).abs()))),
        ("static int ToInt32(decimal d)", |c| Ok(Value::I32(decimal(c.arg(0)).trunc().to_i32().unwrap_or(0)))),
        ("static double ToDouble(decimal d)", |c| Ok(Value::F64(decimal(c.arg(0)).to_f64().unwrap_or(0.0)))),
        ("static int[] GetBits(decimal d)", |c| {
            let bytes = decimal(c.arg(0)).serialize();
            let part = |at: usize| {
                let four = [0, 1, 2, 3].map(|offset| bytes.get(at + offset).copied().unwrap_or(0));
                Value::I32(i32::from_le_bytes(four))
            };
            let parts = vec![part(4), part(8), part(12), part(0)];
            Ok(Value::Array(crate::value::Array::typed(TypeRef::INT32, parts)))
        }),
        ("static int Compare(decimal d1, decimal d2)", |c| {
            Ok(Value::I32(decimal(c.arg(0)).cmp(&decimal(c.arg(1))) as i32))
        }),
    ],
    constructors: &[
        ("decimal(int value)", |c| Ok(from_decimal(c.int(0).into()))),
        ("decimal(double value)", |c| convert::to_plain(c.arg(0), TypeRef::DECIMAL)),
    ],
    properties: &[get("Scale", "byte", |_, value| Ok(Value::U8(decimal(value).scale() as u8)))],
    static_properties: &[
        get("MaxValue", "decimal", |_, _| Ok(from_decimal(rust_decimal::Decimal::MAX))),
        get("MinValue", "decimal", |_, _| Ok(from_decimal(rust_decimal::Decimal::MIN))),
        get("Zero", "decimal", |_, _| Ok(from_decimal(rust_decimal::Decimal::ZERO))),
        get("One", "decimal", |_, _| Ok(from_decimal(rust_decimal::Decimal::ONE))),
        get("MinusOne", "decimal", |_, _| Ok(from_decimal(rust_decimal::Decimal::NEGATIVE_ONE))),
    ],
};

fn big(value: &Value) -> BigInt {
    match value {
        Value::BigInt(number) => (**number).clone(),
        other => BigInt::from(super::super::integer_of(other).unwrap_or(0)),
    }
}

fn from_big(value: BigInt) -> Value {
    Value::BigInt(Rc::new(value))
}

fn divisible(c: &Call<'_>, argument: usize) -> Outcome<BigInt> {
    let divisor = big(c.arg(argument));
    if divisor.is_zero() {
        return Err(thrown(TypeRef::DIVIDE_BY_ZERO_EXCEPTION, "The divisor is zero."));
    }
    Ok(divisor)
}

const BIG_IS: &[PropertyRow] = &[
    get("IsZero", "bool", |_, value| Ok(Value::Bool(big(value).is_zero()))),
    get("IsOne", "bool", |_, value| Ok(Value::Bool(big(value) == BigInt::from(1)))),
    get("IsEven", "bool", |_, value| Ok(Value::Bool((big(value) % 2u8).is_zero()))),
    get("IsPowerOfTwo", "bool", |_, value| {
        let number = big(value);
        Ok(Value::Bool(number.is_positive() && number.magnitude().count_ones() == 1))
    }),
    get("Sign", "int", |_, value| Ok(Value::I32(big(value).signum().to_i32().unwrap_or(0)))),
];

const ZERO: Getter = |_, _| Ok(from_big(BigInt::ZERO));

static BIGINTEGER: Table = Table {
    methods: &[
        SHARED[0],
        SHARED[1],
        SHARED[2],
        SHARED[3],
        SHARED[4],
        ("byte[] ToByteArray()", |c| Ok(super::array::bytes(big(c.this).to_signed_bytes_le()))),
    ],
    statics: &[
        STATICS[0],
        STATICS[1],
        STATICS[2],
        STATICS[3],
        STATICS[4],
        STATICS[5],
        STATICS[6],
        ("static bigint Pow(bigint value, int exponent)", |c| match u32::try_from(c.int(1)) {
            Ok(exponent) if exponent <= MOST_DIGITS => Ok(from_big(big(c.arg(0)).pow(exponent))),
            _ => Err(thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The exponent is out of range.")),
        }),
        ("static bigint ModPow(bigint value, bigint exponent, bigint modulus)", |c| {
            let modulus = divisible(c, 2)?;
            let exponent = big(c.arg(1));
            if exponent.is_negative() {
                return Err(thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The exponent is negative."));
            }
            Ok(from_big(big(c.arg(0)).modpow(&exponent, &modulus)))
        }),
        ("static bigint GreatestCommonDivisor(bigint left, bigint right)", |c| {
            let (mut left, mut right) = (big(c.arg(0)).abs(), big(c.arg(1)).abs());
            while !right.is_zero() {
                let rest = &left % &right;
                left = std::mem::replace(&mut right, rest);
            }
            Ok(from_big(left))
        }),
        ("static bigint Abs(bigint value)", |c| Ok(from_big(big(c.arg(0)).abs()))),
        ("static bigint Negate(bigint value)", |c| Ok(from_big(-big(c.arg(0))))),
        ("static bigint Add(bigint left, bigint right)", |c| Ok(from_big(big(c.arg(0)) + big(c.arg(1))))),
        ("static bigint Subtract(bigint left, bigint right)", |c| Ok(from_big(big(c.arg(0)) - big(c.arg(1))))),
        ("static bigint Multiply(bigint left, bigint right)", |c| Ok(from_big(big(c.arg(0)) * big(c.arg(1))))),
        ("static bigint Divide(bigint dividend, bigint divisor)", |c| Ok(from_big(big(c.arg(0)) / divisible(c, 1)?))),
        ("static bigint Remainder(bigint dividend, bigint divisor)", |c| {
            Ok(from_big(big(c.arg(0)) % divisible(c, 1)?))
        }),
        ("static bigint Max(bigint left, bigint right)", |c| Ok(from_big(big(c.arg(0)).max(big(c.arg(1)))))),
        ("static bigint Min(bigint left, bigint right)", |c| Ok(from_big(big(c.arg(0)).min(big(c.arg(1)))))),
        ("static int Compare(bigint left, bigint right)", |c| Ok(Value::I32(big(c.arg(0)).cmp(&big(c.arg(1))) as i32))),
        ("static double Log10(bigint value)", |c| Ok(Value::F64(big(c.arg(0)).to_f64().map_or(f64::NAN, f64::log10)))),
        ("static double Log(bigint value)", |c| Ok(Value::F64(big(c.arg(0)).to_f64().map_or(f64::NAN, f64::ln)))),
    ],
    constructors: &[
        ("bigint(int value)", |c| Ok(from_big(c.int(0).into()))),
        ("bigint(long value)", |c| Ok(from_big(c.int(0).into()))),
        ("bigint(byte[] value)", |c| Ok(from_big(BigInt::from_signed_bytes_le(&super::array::bytes_of(c.arg(0)))))),
        ("bigint(double value)", |c| convert::to_plain(c.arg(0), TypeRef::BIGINTEGER)),
    ],
    properties: BIG_IS,
    static_properties: &[
        get("Zero", "bigint", ZERO),
        get("One", "bigint", |_, _| Ok(from_big(BigInt::from(1)))),
        get("MinusOne", "bigint", |_, _| Ok(from_big(BigInt::from(-1)))),
    ],
};

/// A power beyond this would fill memory before anyone could read it.
const MOST_DIGITS: u32 = 1_000_000;
