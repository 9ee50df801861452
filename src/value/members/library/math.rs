//! `System.Math`.

use super::super::table::{Call, Row, Table, get};
use super::super::thrown;
use crate::value::{Outcome, TypeRef, Value, compare, convert};
use rust_decimal::prelude::{Decimal, RoundingStrategy};
use std::cmp::Ordering;
use std::rc::Rc;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[(TypeRef::MATH, &MATH), (TypeRef::MATHF, &MATHF)];

static MATH: Table = Table {
    statics: STATICS,
    static_properties: &[
        get("E", "double", |_, _| Ok(Value::F64(std::f64::consts::E))),
        get("PI", "double", |_, _| Ok(Value::F64(std::f64::consts::PI))),
        get("Tau", "double", |_, _| Ok(Value::F64(std::f64::consts::TAU))),
    ],
    ..Table::EMPTY
};

/// One-argument functions of `double`.
macro_rules! real {
    ($name:literal, $function:expr) => {
        (concat!("static double ", $name, "(double a)"), |c| Ok(Value::F64($function(c.double(0)))))
    };
}

const STATICS: &[Row] = &[
    ("static int Abs(int value)", |c| absolute_int(c, i64::from(i32::MIN))),
    ("static double Abs(double value)", absolute),
    ("static decimal Abs(decimal value)", absolute),
    ("static long Abs(long value)", |c| absolute_int(c, i64::MIN)),
    ("static float Abs(float value)", absolute),
    ("static int16 Abs(int16 value)", |c| absolute_int(c, i64::from(i16::MIN))),
    ("static sbyte Abs(sbyte value)", |c| absolute_int(c, i64::from(i8::MIN))),
    ("static int Max(int val1, int val2)", |c| larger(c, true)),
    ("static double Max(double val1, double val2)", |c| larger(c, true)),
    ("static long Max(long val1, long val2)", |c| larger(c, true)),
    ("static decimal Max(decimal val1, decimal val2)", |c| larger(c, true)),
    ("static float Max(float val1, float val2)", |c| larger(c, true)),
    ("static byte Max(byte val1, byte val2)", |c| larger(c, true)),
    ("static uint Max(uint val1, uint val2)", |c| larger(c, true)),
    ("static ulong Max(ulong val1, ulong val2)", |c| larger(c, true)),
    ("static int16 Max(int16 val1, int16 val2)", |c| larger(c, true)),
    ("static int Min(int val1, int val2)", |c| larger(c, false)),
    ("static double Min(double val1, double val2)", |c| larger(c, false)),
    ("static long Min(long val1, long val2)", |c| larger(c, false)),
    ("static decimal Min(decimal val1, decimal val2)", |c| larger(c, false)),
    ("static float Min(float val1, float val2)", |c| larger(c, false)),
    ("static byte Min(byte val1, byte val2)", |c| larger(c, false)),
    ("static uint Min(uint val1, uint val2)", |c| larger(c, false)),
    ("static ulong Min(ulong val1, ulong val2)", |c| larger(c, false)),
    ("static int16 Min(int16 val1, int16 val2)", |c| larger(c, false)),
    ("static double Round(double a)", |c| round(c, 0, 0)),
    ("static decimal Round(decimal d)", |c| round(c, 0, 0)),
    ("static double Round(double value, int digits)", |c| round(c, c.int(1), 0)),
    ("static decimal Round(decimal d, int decimals)", |c| round(c, c.int(1), 0)),
    ("static double Round(double value, System.MidpointRounding mode)", |c| round(c, 0, c.int(1))),
    ("static decimal Round(decimal d, System.MidpointRounding mode)", |c| round(c, 0, c.int(1))),
    ("static double Round(double value, int digits, System.MidpointRounding mode)", |c| round(c, c.int(1), c.int(2))),
    ("static decimal Round(decimal d, int decimals, System.MidpointRounding mode)", |c| round(c, c.int(1), c.int(2))),
    ("static double Floor(double d)", |c| Ok(Value::F64(c.double(0).floor()))),
    ("static decimal Floor(decimal d)", |c| decimal_of(c, |d| d.floor())),
    ("static double Ceiling(double a)", |c| Ok(Value::F64(c.double(0).ceil()))),
    ("static decimal Ceiling(decimal d)", |c| decimal_of(c, |d| d.ceil())),
    ("static double Truncate(double d)", |c| Ok(Value::F64(c.double(0).trunc()))),
    ("static decimal Truncate(decimal d)", |c| decimal_of(c, |d| d.trunc())),
    ("static int Sign(int value)", sign),
    ("static int Sign(double value)", sign),
    ("static int Sign(long value)", sign),
    ("static int Sign(decimal value)", sign),
    ("static double Pow(double x, double y)", |c| Ok(Value::F64(c.double(0).powf(c.double(1))))),
    real!("Sqrt", f64::sqrt),
    real!("Cbrt", f64::cbrt),
    real!("Exp", f64::exp),
    real!("Log", f64::ln),
    ("static double Log(double a, double newBase)", |c| Ok(Value::F64(c.double(0).ln() / c.double(1).ln()))),
    real!("Log10", f64::log10),
    real!("Log2", f64::log2),
    real!("Sin", f64::sin),
    real!("Cos", f64::cos),
    real!("Tan", f64::tan),
    real!("Asin", f64::asin),
    real!("Acos", f64::acos),
    real!("Atan", f64::atan),
    real!("Sinh", f64::sinh),
    real!("Cosh", f64::cosh),
    real!("Tanh", f64::tanh),
    ("static double Atan2(double y, double x)", |c| Ok(Value::F64(c.double(0).atan2(c.double(1))))),
    ("static double Hypot(double x, double y)", |c| Ok(Value::F64(c.double(0).hypot(c.double(1))))),
    ("static double IEEERemainder(double x, double y)", |c| {
        let (x, y) = (c.double(0), c.double(1));
        Ok(Value::F64(x - y * (x / y).round_ties_even()))
    }),
    ("static int Clamp(int value, int min, int max)", clamp),
    ("static double Clamp(double value, double min, double max)", clamp),
    ("static long Clamp(long value, long min, long max)", clamp),
    ("static decimal Clamp(decimal value, decimal min, decimal max)", clamp),
    ("static System.Object DivRem(int left, int right)", |c| quotient(c)),
    ("static System.Object DivRem(long left, long right)", |c| quotient(c)),
    ("static int DivRem(int a, int b, [ref] int result)", |c| quotient_by_reference(c)),
    ("static long DivRem(long a, long b, [ref] long result)", |c| quotient_by_reference(c)),
    ("static long BigMul(int a, int b)", |c| Ok(Value::I64(c.int(0) * c.int(1)))),
    real!("Asinh", f64::asinh),
    real!("Acosh", f64::acosh),
    real!("Atanh", f64::atanh),
    real!("BitIncrement", f64::next_up),
    real!("BitDecrement", f64::next_down),
    ("static double CopySign(double x, double y)", |c| Ok(Value::F64(c.double(0).copysign(c.double(1))))),
    ("static double FusedMultiplyAdd(double x, double y, double z)", |c| {
        Ok(Value::F64(c.double(0).mul_add(c.double(1), c.double(2))))
    }),
    ("static int ILogB(double x)", |c| Ok(Value::I32(exponent(c.double(0))))),
    ("static double ScaleB(double x, int n)", |c| Ok(Value::F64(c.double(0) * 2f64.powi(c.int(1) as i32)))),
    ("static double MaxMagnitude(double x, double y)", |c| magnitude(c, true)),
    ("static double MinMagnitude(double x, double y)", |c| magnitude(c, false)),
    real!("ReciprocalEstimate", f64::recip),
];

/// The power of two of a number, as `ILogB` tells it.
fn exponent(number: f64) -> i32 {
    match number {
        0.0 => i32::MIN,
        number if !number.is_finite() => i32::MAX,
        number => number.abs().log2().floor() as i32,
    }
}

/// The number further from zero, or nearer to it.
fn magnitude(c: &mut Call<'_>, larger: bool) -> Outcome<Value> {
    let (left, right) = (c.double(0), c.double(1));
    let left_wins = if larger { left.abs() > right.abs() } else { left.abs() < right.abs() };
    let chosen = match left.abs() == right.abs() {
        true if larger => left.max(right),
        true => left.min(right),
        false if left_wins => left,
        false => right,
    };
    Ok(Value::F64(chosen))
}

/// One-argument functions of `float`.
macro_rules! single {
    ($name:literal, $function:expr) => {
        (concat!("static float ", $name, "(float x)"), |c| Ok(Value::F32($function(c.double(0)) as f32)))
    };
}

static MATHF: Table = Table {
    statics: &[
        single!("Abs", f64::abs),
        single!("Acos", f64::acos),
        single!("Asin", f64::asin),
        single!("Atan", f64::atan),
        single!("Cbrt", f64::cbrt),
        single!("Ceiling", f64::ceil),
        single!("Cos", f64::cos),
        single!("Cosh", f64::cosh),
        single!("Exp", f64::exp),
        single!("Floor", f64::floor),
        single!("Log", f64::ln),
        single!("Log10", f64::log10),
        single!("Log2", f64::log2),
        single!("Round", f64::round_ties_even),
        single!("Sin", f64::sin),
        single!("Sinh", f64::sinh),
        single!("Sqrt", f64::sqrt),
        single!("Tan", f64::tan),
        single!("Tanh", f64::tanh),
        single!("Truncate", f64::trunc),
        ("static float Atan2(float y, float x)", |c| Ok(Value::F32(c.double(0).atan2(c.double(1)) as f32))),
        ("static float Max(float x, float y)", |c| larger(c, true)),
        ("static float Min(float x, float y)", |c| larger(c, false)),
        ("static float Pow(float x, float y)", |c| Ok(Value::F32(c.double(0).powf(c.double(1)) as f32))),
        ("static int Sign(float x)", sign),
    ],
    static_properties: &[
        get("E", "float", |_, _| Ok(Value::F32(std::f32::consts::E))),
        get("PI", "float", |_, _| Ok(Value::F32(std::f32::consts::PI))),
        get("Tau", "float", |_, _| Ok(Value::F32(std::f32::consts::TAU))),
    ],
    ..Table::EMPTY
};

/// `Abs` of whole numbers; the least one has no positive counterpart.
fn absolute_int(c: &mut Call<'_>, least: i64) -> Outcome<Value> {
    match c.int(0) {
        number if number == least => {
            Err(thrown(TypeRef::OVERFLOW_EXCEPTION, "The least number of the type has no positive counterpart."))
        }
        _ => absolute(c),
    }
}

/// `Abs` of any number.
pub(crate) fn absolute(c: &mut Call<'_>) -> Outcome<Value> {
    let overflow = || thrown(TypeRef::OVERFLOW_EXCEPTION, "The number has no positive counterpart in its type.");
    Ok(match c.take(0) {
        Value::I32(n) => Value::I32(n.checked_abs().ok_or_else(overflow)?),
        Value::I64(n) => Value::I64(n.checked_abs().ok_or_else(overflow)?),
        Value::I16(n) => Value::I16(n.checked_abs().ok_or_else(overflow)?),
        Value::I8(n) => Value::I8(n.checked_abs().ok_or_else(overflow)?),
        Value::F64(n) => Value::F64(n.abs()),
        Value::F32(n) => Value::F32(n.abs()),
        Value::Decimal(n) => Value::Decimal(Rc::new(n.abs())),
        other => other,
    })
}

/// `Max` or `Min`; not-a-number wins over numbers.
pub(crate) fn larger(c: &mut Call<'_>, larger: bool) -> Outcome<Value> {
    let (left, right) = (c.take(0), c.take(1));
    if matches!(left, Value::F64(n) if n.is_nan()) {
        return Ok(left);
    }
    if matches!(right, Value::F64(n) if n.is_nan()) {
        return Ok(right);
    }
    let order = compare::order(&left, &right, true)?;
    let left_wins = if larger { order != Ordering::Less } else { order != Ordering::Greater };
    Ok(if left_wins { left } else { right })
}

/// `Clamp`.
pub(crate) fn clamp(c: &mut Call<'_>) -> Outcome<Value> {
    let (value, least, most) = (c.take(0), c.take(1), c.take(2));
    if compare::order(&least, &most, true)? == Ordering::Greater {
        return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The least allowed value is larger than the largest."));
    }
    if compare::order(&value, &least, true)? == Ordering::Less {
        return Ok(least);
    }
    Ok(if compare::order(&value, &most, true)? == Ordering::Greater { most } else { value })
}

fn sign(c: &mut Call<'_>) -> Outcome<Value> {
    if c.double(0).is_nan() {
        return Err(thrown(TypeRef::ARITHMETIC_EXCEPTION, "Not-a-number has no sign."));
    }
    Ok(Value::I32(compare::order(c.arg(0), &Value::I32(0), true)? as i32))
}

fn decimal_of(c: &mut Call<'_>, function: impl FnOnce(Decimal) -> Decimal) -> Outcome<Value> {
    Ok(Value::Decimal(Rc::new(function(convert::to_decimal(c.arg(0))?))))
}

fn round(c: &mut Call<'_>, digits: i64, mode: i64) -> Outcome<Value> {
    match c.arg(0) {
        Value::Decimal(number) => {
            let places = u32::try_from(digits).ok().filter(|places| *places <= 28).ok_or_else(bad_digits)?;
            Ok(Value::Decimal(Rc::new(round_decimal(**number, places, mode))))
        }
        _ => {
            let places =
                i32::try_from(digits).ok().filter(|places| (0..=15).contains(places)).ok_or_else(bad_digits)?;
            Ok(Value::F64(round_double(c.double(0), places, mode)))
        }
    }
}

fn bad_digits() -> crate::value::Unwind {
    thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The number of digits is out of range.")
}

/// Rounds as .NET does: scaled by a power of ten, which is not the same as rounding the decimal text.
fn round_double(value: f64, digits: i32, mode: i64) -> f64 {
    const EXACT: f64 = 1e16;
    if value.abs() >= EXACT || !value.is_finite() {
        return value;
    }
    let scale = 10f64.powi(digits);
    let scaled = value * scale;
    let rounded = match mode {
        1 => scaled.round(),
        2 => scaled.trunc(),
        3 => scaled.floor(),
        4 => scaled.ceil(),
        _ => scaled.round_ties_even(),
    };
    rounded / scale
}

/// Rounds a decimal by `MidpointRounding`.
pub(crate) fn round_decimal(value: Decimal, places: u32, mode: i64) -> Decimal {
    let strategy = match mode {
        1 => RoundingStrategy::MidpointAwayFromZero,
        2 => RoundingStrategy::ToZero,
        3 => RoundingStrategy::ToNegativeInfinity,
        4 => RoundingStrategy::ToPositiveInfinity,
        _ => RoundingStrategy::MidpointNearestEven,
    };
    value.round_dp_with_strategy(places, strategy)
}

fn divided(c: &Call<'_>) -> Outcome<(Value, Value)> {
    if c.int(1) == 0 {
        return Err(thrown(TypeRef::DIVIDE_BY_ZERO_EXCEPTION, "The divisor is zero."));
    }
    let (whole, rest) = (c.int(0).wrapping_div(c.int(1)), c.int(0).wrapping_rem(c.int(1)));
    let narrow = |number: i64| match c.arg(0) {
        Value::I32(_) => Value::I32(number as i32),
        _ => Value::I64(number),
    };
    Ok((narrow(whole), narrow(rest)))
}

fn quotient(c: &mut Call<'_>) -> Outcome<Value> {
    let (whole, rest) = divided(c)?;
    Ok(super::tuple::value_tuple(vec![whole, rest]))
}

fn quotient_by_reference(c: &mut Call<'_>) -> Outcome<Value> {
    let (whole, rest) = divided(c)?;
    super::psobject::set_reference(c.arg(2), rest)?;
    Ok(whole)
}
