//! `+ - * / %` and the signs: integers widen to double when they overflow, decimals and big integers stay.

use crate::value::convert::{self, cast_fault};
use crate::value::error::simple_exception;
use crate::value::{
    Array, DateTime, Engine, ErrorCategory, Fault, Hashtable, Outcome, Str, TimeSpan, TypeRef, Value, enumerate, number,
};
use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive, Zero};
use rust_decimal::Decimal;
use std::rc::Rc;

/// The arithmetic operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Operation {
    /// The method .NET types define it by.
    fn method(self) -> &'static str {
        match self {
            Operation::Add => "op_Addition",
            Operation::Subtract => "op_Subtraction",
            Operation::Multiply => "op_Multiply",
            Operation::Divide => "op_Division",
            Operation::Remainder => "op_Modulus",
        }
    }

    fn real(self, a: f64, b: f64) -> f64 {
        match self {
            Operation::Add => a + b,
            Operation::Subtract => a - b,
            Operation::Multiply => a * b,
            Operation::Divide => a / b,
            Operation::Remainder => a % b,
        }
    }
}

/// `+`.
#[inline]
pub(crate) fn add(engine: &mut dyn Engine, left: &Value, right: &Value) -> Outcome<Value> {
    match (left, right) {
        (Value::I32(a), Value::I32(b)) => Ok(match a.checked_add(*b) {
            Some(sum) => Value::I32(sum),
            None => Value::F64(f64::from(*a) + f64::from(*b)),
        }),
        (Value::F64(a), Value::F64(b)) => Ok(Value::F64(a + b)),
        (Value::Str(a), Value::Str(b)) => Ok(concatenate(a, b)),
        (Value::F64(a), Value::I32(b)) => Ok(Value::F64(a + f64::from(*b))),
        _ => add_other(engine, left, right),
    }
}

fn concatenate(left: &Str, right: &str) -> Value {
    let mut text = String::with_capacity(left.len() + right.len());
    text.push_str(left);
    text.push_str(right);
    Value::Str(Str::from(text))
}

fn add_other(engine: &mut dyn Engine, left: &Value, right: &Value) -> Outcome<Value> {
    match left {
        Value::Null | Value::Nothing => Ok(right.clone()),
        // A value that came with a text of its own counts by what it is.
        Value::Str(text) => Ok(match right {
            Value::Wrapped(wrapped) => concatenate(text, &convert::to_text_with(engine, &wrapped.base, None)?),
            _ => concatenate(text, &convert::to_text_with(engine, right, None)?),
        }),
        Value::Char(_) => {
            let text = convert::to_text(left);
            Ok(concatenate(&text, &convert::to_text_with(engine, right, None)?))
        }
        Value::Array(array) => Ok(append(array.values(), right)),
        Value::Hashtable(table) => merge(table, right),
        Value::Wrapped(wrapped) => add(engine, &wrapped.base, right),
        Value::Native(native) if native.data.kind().implements(TypeRef::ILIST) || native.data.is_enumerable() => {
            Ok(append(native.data.enumerate().unwrap_or_default(), right))
        }
        _ => arithmetic(engine, Operation::Add, left, right),
    }
}

/// A list with the items of another, or one value, behind.
fn append(mut items: Vec<Value>, right: &Value) -> Value {
    match right {
        Value::Array(more) => items.extend(more.items().iter().cloned()),
        other => match enumerate(other) {
            Some(more) => items.extend(more),
            None => items.push(other.clone()),
        },
    }
    Value::Array(Array::objects(items))
}

fn merge(left: &Rc<Hashtable>, right: &Value) -> Outcome<Value> {
    let base = if let Value::Wrapped(wrapped) = right { &wrapped.base } else { right };
    if right.is_null() {
        return Ok(Value::Hashtable(left.copy()));
    }
    let Value::Hashtable(more) = base else {
        return Fault::new(
            "AddHashTableToNonHashTable",
            format!("Only a hashtable can be added to a hashtable, not {}.", TypeRef::of(right).name()),
        )
        .err();
    };
    let sum = Hashtable::empty(left.ordered, false);
    for (key, value) in left.pairs().into_iter().chain(more.pairs()) {
        if !sum.add(key.clone(), value) {
            let message = format!("Both hashtables have the key '{}'.", convert::to_text(&key));
            return Fault::new("System.ArgumentException", message)
                .exception("System.ArgumentException")
                .category(ErrorCategory::OperationStopped)
                .err();
        }
    }
    Ok(Value::Hashtable(sum))
}

/// `-`.
#[inline]
pub(crate) fn subtract(engine: &mut dyn Engine, left: &Value, right: &Value) -> Outcome<Value> {
    match (left, right) {
        (Value::I32(a), Value::I32(b)) => Ok(match a.checked_sub(*b) {
            Some(difference) => Value::I32(difference),
            None => Value::F64(f64::from(*a) - f64::from(*b)),
        }),
        (Value::F64(a), Value::F64(b)) => Ok(Value::F64(a - b)),
        _ => arithmetic(engine, Operation::Subtract, left, right),
    }
}

/// `*`: strings and lists repeat.
#[inline]
pub(crate) fn multiply(engine: &mut dyn Engine, left: &Value, right: &Value) -> Outcome<Value> {
    match (left, right) {
        (Value::I32(a), Value::I32(b)) => Ok(match a.checked_mul(*b) {
            Some(product) => Value::I32(product),
            None => Value::F64((i64::from(*a) * i64::from(*b)) as f64),
        }),
        (Value::F64(a), Value::F64(b)) => Ok(Value::F64(a * b)),
        (Value::F64(a), Value::I32(b)) => Ok(Value::F64(a * f64::from(*b))),
        (Value::I32(a), Value::F64(b)) => Ok(Value::F64(f64::from(*a) * b)),
        _ => multiply_other(engine, left, right),
    }
}

/// Most bytes or items a repetition may give.
const LARGEST_REPETITION: u64 = 1 << 31;

fn multiply_other(engine: &mut dyn Engine, left: &Value, right: &Value) -> Outcome<Value> {
    match left {
        Value::Null | Value::Nothing => Ok(Value::Null),
        Value::Str(text) => {
            let times = repetitions(right, text.len())?;
            Ok(Value::Str(Str::from(text.repeat(times))))
        }
        Value::Array(array) => {
            let items = array.values();
            let times = repetitions(right, items.len() * 16)?;
            let repeated = items.iter().cycle().take(items.len() * times).cloned().collect();
            Ok(Value::Array(Array::typed(array.element, repeated)))
        }
        Value::Native(native) if native.data.is_enumerable() && native.data.kind().implements(TypeRef::ILIST) => {
            let items = native.data.enumerate().unwrap_or_default();
            let times = repetitions(right, items.len() * 16)?;
            Ok(Value::array(items.iter().cycle().take(items.len() * times).cloned().collect()))
        }
        Value::Wrapped(wrapped) => multiply(engine, &wrapped.base, right),
        _ => arithmetic(engine, Operation::Multiply, left, right),
    }
}

fn repetitions(right: &Value, size: usize) -> Outcome<usize> {
    let times = convert::to_i32(right)?;
    let out_of_range = || {
        Fault::new("System.ArgumentOutOfRangeException", format!("Cannot repeat {times} times."))
            .exception("System.ArgumentOutOfRangeException")
            .category(ErrorCategory::OperationStopped)
    };
    let count = usize::try_from(times).map_err(|_| out_of_range())?;
    if (count as u64).saturating_mul(size as u64) > LARGEST_REPETITION {
        return out_of_range().err();
    }
    Ok(count)
}

/// `/`: integers give an integer where it goes evenly, else a double.
#[inline]
pub(crate) fn divide(engine: &mut dyn Engine, left: &Value, right: &Value) -> Outcome<Value> {
    match (left, right) {
        (Value::I32(a), Value::I32(b)) if *b != 0 => Ok(match a.checked_rem(*b) {
            Some(0) => Value::I32(a / b),
            _ => Value::F64(f64::from(*a) / f64::from(*b)),
        }),
        (Value::F64(a), Value::F64(b)) => Ok(Value::F64(a / b)),
        _ => arithmetic(engine, Operation::Divide, left, right),
    }
}

/// `%`.
#[inline]
pub(crate) fn remainder(engine: &mut dyn Engine, left: &Value, right: &Value) -> Outcome<Value> {
    match (left, right) {
        (Value::I32(a), Value::I32(b)) if *b != 0 => Ok(Value::I32(a.wrapping_rem(*b))),
        (Value::F64(a), Value::F64(b)) => Ok(Value::F64(a % b)),
        _ => arithmetic(engine, Operation::Remainder, left, right),
    }
}

/// Kinds of number in the order of promotion.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Int,
    UInt,
    Long,
    ULong,
    Single,
    Double,
    Decimal,
    Big,
}

fn rank(value: &Value) -> Option<Rank> {
    Some(match value {
        Value::I8(_) | Value::U8(_) | Value::I16(_) | Value::U16(_) | Value::I32(_) => Rank::Int,
        Value::U32(_) => Rank::UInt,
        Value::I64(_) => Rank::Long,
        Value::U64(_) => Rank::ULong,
        Value::F32(_) => Rank::Single,
        Value::F64(_) => Rank::Double,
        Value::Decimal(_) => Rank::Decimal,
        Value::BigInt(_) => Rank::Big,
        _ => return None,
    })
}

/// What an operand counts as among numbers: null is zero, a boolean and an enumeration their numbers.
fn operand(value: &Value) -> Option<Value> {
    match value {
        Value::Null | Value::Nothing => Some(Value::I32(0)),
        Value::Bool(v) => Some(Value::I32(i32::from(*v))),
        Value::Char(v) => Some(Value::I32(i32::from(*v))),
        Value::Enum(member) => Some(match i32::try_from(member.bits) {
            Ok(small) => Value::I32(small),
            Err(_) => Value::I64(member.bits),
        }),
        Value::Wrapped(wrapped) => operand(&wrapped.base),
        other => rank(other).map(|_| other.clone()),
    }
}

/// A text as an operand: any number literal; empty is zero.
fn text_operand(text: &Str, wanted: TypeRef) -> Outcome<Value> {
    if text.trim().is_empty() {
        return Ok(Value::I32(0));
    }
    number::scan(text).ok_or_else(|| {
        let id = if wanted == TypeRef::DOUBLE || wanted == TypeRef::SINGLE {
            "InvalidCastFromStringToDoubleOrSingle"
        } else {
            "InvalidCastFromStringToInteger"
        };
        cast_fault(id, &Value::Str(text.clone()), wanted, "the text is not a number").into()
    })
}

/// An operand beside another: text becomes a number, other things what .NET would make of them.
fn right_operand(operation: Operation, left: &Value, right: &Value) -> Outcome<Value> {
    match right {
        Value::Str(text) => text_operand(text, if rank(left).is_some() { TypeRef::of(left) } else { TypeRef::INT32 }),
        other => operand(other).ok_or_else(|| wrong_right(operation, left, right).into()),
    }
}

/// The left operand has operators, but none that takes this right one.
fn wrong_right(operation: Operation, left: &Value, right: &Value) -> Fault {
    if crate::value::is_enumerable(right) || matches!(right, Value::Hashtable(_) | Value::Object(_)) {
        return no_operator(operation, left);
    }
    let message = format!(
        "Cannot convert '{}' ({}) to {} for {}.",
        convert::to_text(right),
        TypeRef::of(right).name(),
        TypeRef::of(left).name(),
        operation.method()
    );
    Fault::new("MethodArgumentConversionInvalidCastArgument", message.clone())
        .exception("System.Management.Automation.MethodException")
        .category(ErrorCategory::NotSpecified)
        .inner(simple_exception("System.Management.Automation.PSInvalidCastException", message))
}

fn no_operator(operation: Operation, left: &Value) -> Fault {
    Fault::new("MethodNotFound", format!("{} has no operator {}.", TypeRef::of(left).name(), operation.method()))
}

fn arithmetic(engine: &mut dyn Engine, operation: Operation, left: &Value, right: &Value) -> Outcome<Value> {
    let right = if let Value::Wrapped(wrapped) = right { &wrapped.base } else { right };
    match left {
        Value::DateTime(date) => return date_arithmetic(operation, *date, left, right),
        Value::TimeSpan(span) => return span_arithmetic(operation, *span, left, right),
        Value::Wrapped(wrapped) => return arithmetic(engine, operation, &wrapped.base, right),
        Value::Enum(member) => return enum_arithmetic(operation, member.kind, left, right),
        // The one operator of a type on the right that takes a number on the left.
        _ if operation == Operation::Multiply && matches!(right, Value::TimeSpan(_)) && rank(left).is_some() => {
            return arithmetic(engine, operation, right, left);
        }
        _ => {}
    }
    let first = match left {
        Value::Str(text) => text_operand(text, TypeRef::INT32)?,
        other => match operand(other) {
            Some(number) => number,
            None => return object_arithmetic(engine, operation, left, right),
        },
    };
    let second = right_operand(operation, &first, right)?;
    numbers(operation, &first, &second)
}

/// Operators of other types, script classes' own among them.
fn object_arithmetic(engine: &mut dyn Engine, operation: Operation, left: &Value, right: &Value) -> Outcome<Value> {
    if let Value::Object(object) = left {
        if object.kind.is_script_class() {
            let arguments = [left.clone(), right.clone()];
            return match engine.call_class_method(object.kind, operation.method(), None, &arguments) {
                Err(crate::value::Unwind::Fault(fault)) if fault.id == "MethodNotFound" => {
                    no_operator(operation, left).err()
                }
                other => other,
            };
        }
    }
    if let Value::Native(native) = left {
        if let Some(result) = native.data.operate(operation.method(), right) {
            return result;
        }
    }
    no_operator(operation, left).err()
}

fn enum_arithmetic(operation: Operation, kind: TypeRef, left: &Value, right: &Value) -> Outcome<Value> {
    let first = operand(left).unwrap_or(Value::I32(0));
    let second = right_operand(operation, &first, right)?;
    let number = numbers(operation, &first, &second)?;
    if matches!(right, Value::Enum(_)) {
        return Ok(number);
    }
    convert::to_enum(&number, kind).or(Ok(number))
}

fn date_arithmetic(operation: Operation, date: DateTime, left: &Value, right: &Value) -> Outcome<Value> {
    let out_of_range = || {
        Fault::new("System.ArgumentOutOfRangeException", "The date lies outside the years 1 to 9999.")
            .exception("System.ArgumentOutOfRangeException")
            .category(ErrorCategory::OperationStopped)
            .into()
    };
    match (operation, right) {
        (Operation::Subtract, Value::DateTime(other)) => Ok(Value::TimeSpan(TimeSpan(date.ticks() - other.ticks()))),
        (Operation::Add | Operation::Subtract, other) => {
            let span = match convert::to_plain(other, TypeRef::TIMESPAN) {
                Ok(Value::TimeSpan(span)) if !matches!(other, Value::Str(_)) || operation == Operation::Add => span,
                _ => return wrong_right_of_method(operation, left, right).err(),
            };
            let ticks = if operation == Operation::Add { span.0 } else { -span.0 };
            date.add_ticks(ticks).map(Value::DateTime).ok_or_else(out_of_range)
        }
        (Operation::Multiply | Operation::Divide | Operation::Remainder, _) => no_operator(operation, left).err(),
    }
}

fn wrong_right_of_method(operation: Operation, left: &Value, right: &Value) -> Fault {
    let mut fault = wrong_right(operation, left, right);
    if operation == Operation::Subtract {
        fault.id = "MethodCountCouldNotFindBest".into();
        fault.exception = "System.Management.Automation.MethodException";
    }
    fault
}

fn span_arithmetic(operation: Operation, span: TimeSpan, left: &Value, right: &Value) -> Outcome<Value> {
    let overflow = || overflow_fault("The time span is too long.").into();
    let whole = |ticks: Option<i64>| ticks.map(|ticks| Value::TimeSpan(TimeSpan(ticks))).ok_or_else(overflow);
    let scaled = |factor: f64| {
        let ticks = factor.round_ties_even();
        whole((ticks.is_finite() && ticks.abs() < 9.2e18).then_some(ticks as i64))
    };
    match (operation, right) {
        (Operation::Add, Value::DateTime(date)) => date.add_ticks(span.0).map(Value::DateTime).ok_or_else(overflow),
        (Operation::Add | Operation::Subtract, other) => {
            let Ok(Value::TimeSpan(other)) = convert::to_plain(other, TypeRef::TIMESPAN) else {
                return wrong_right(operation, left, right).err();
            };
            whole(if operation == Operation::Add { span.0.checked_add(other.0) } else { span.0.checked_sub(other.0) })
        }
        (Operation::Divide, Value::TimeSpan(other)) => Ok(Value::F64(span.0 as f64 / other.0 as f64)),
        (Operation::Multiply, factor) => scaled(span.0 as f64 * convert::to_f64(factor)?),
        (Operation::Divide, divisor) => scaled(span.0 as f64 / convert::to_f64(divisor)?),
        (Operation::Remainder, _) => no_operator(operation, left).err(),
    }
}

/// Two numbers of any kinds.
fn numbers(operation: Operation, left: &Value, right: &Value) -> Outcome<Value> {
    let (Some(first), Some(second)) = (rank(left), rank(right)) else {
        return no_operator(operation, left).err();
    };
    match first.max(second) {
        Rank::Big => big(operation, left, right),
        Rank::Decimal => decimal(operation, left, right),
        Rank::Double | Rank::Single => {
            let result = operation.real(real(left), real(right));
            let single = first.max(second) == Rank::Single && first.min(second) == Rank::Single;
            Ok(if single { Value::F32(result as f32) } else { Value::F64(result) })
        }
        Rank::Int | Rank::UInt | Rank::Long | Rank::ULong => {
            integers(operation, integer(left), integer(right), Width::of(first, second, left, right))
        }
    }
}

fn real(value: &Value) -> f64 {
    convert::to_f64(value).unwrap_or(f64::NAN)
}

fn integer(value: &Value) -> i128 {
    match value {
        Value::I8(v) => i128::from(*v),
        Value::U8(v) => i128::from(*v),
        Value::I16(v) => i128::from(*v),
        Value::U16(v) => i128::from(*v),
        Value::I32(v) => i128::from(*v),
        Value::U32(v) => i128::from(*v),
        Value::I64(v) => i128::from(*v),
        Value::U64(v) => i128::from(*v),
        _ => 0,
    }
}

/// The integer type a result is kept in as long as it fits.
#[derive(Clone, Copy)]
enum Width {
    Int,
    UInt,
    Long,
    ULong,
}

impl Width {
    fn of(first: Rank, second: Rank, left: &Value, right: &Value) -> Self {
        let negative = integer(left) < 0 || integer(right) < 0;
        match (first.max(second), first.min(second)) {
            (Rank::Int, _) => Width::Int,
            (Rank::UInt, Rank::UInt) => Width::UInt,
            (Rank::UInt, _) if negative => Width::Long,
            (Rank::UInt, _) => Width::UInt,
            (Rank::ULong, _) if negative => Width::Long,
            (Rank::ULong, _) => Width::ULong,
            _ => Width::Long,
        }
    }

    /// The value in this type, or as a double where it does not fit.
    fn fit(self, result: i128) -> Option<Value> {
        match self {
            Width::Int => i32::try_from(result).ok().map(Value::I32),
            Width::UInt => u32::try_from(result).ok().map(Value::U32),
            Width::Long => i64::try_from(result).ok().map(Value::I64),
            Width::ULong => u64::try_from(result).ok().map(Value::U64),
        }
    }
}

fn integers(operation: Operation, left: i128, right: i128, width: Width) -> Outcome<Value> {
    let result = match operation {
        Operation::Add => left + right,
        Operation::Subtract => left - right,
        Operation::Multiply => {
            let product = left.saturating_mul(right);
            return Ok(width.fit(product).unwrap_or_else(|| Value::F64(truncating_real(product, width))));
        }
        Operation::Divide | Operation::Remainder if right == 0 => return division_by_zero().err(),
        Operation::Divide if left % right == 0 => left / right,
        Operation::Divide => return Ok(Value::F64(left as f64 / right as f64)),
        Operation::Remainder => left % right,
    };
    Ok(width.fit(result).unwrap_or(Value::F64(result as f64)))
}

/// A product too wide for its type as a double: 64-bit products pass through a big integer, whose conversion cuts
/// bits off instead of rounding.
fn truncating_real(product: i128, width: Width) -> f64 {
    match width {
        Width::Int | Width::UInt => product as f64,
        Width::Long | Width::ULong => {
            let bits = 128 - product.unsigned_abs().leading_zeros();
            let cut = bits.saturating_sub(53);
            let magnitude = (product.unsigned_abs() >> cut << cut) as f64;
            if product < 0 { -magnitude } else { magnitude }
        }
    }
}

fn division_by_zero() -> Fault {
    let message = "Cannot divide by zero.";
    Fault::new("RuntimeException", message)
        .category(ErrorCategory::NotSpecified)
        .inner(simple_exception("System.DivideByZeroException", message))
}

fn overflow_fault(message: &str) -> Fault {
    Fault::new("RuntimeException", message)
        .category(ErrorCategory::NotSpecified)
        .inner(simple_exception("System.OverflowException", message))
}

fn decimal(operation: Operation, left: &Value, right: &Value) -> Outcome<Value> {
    let operand = |value: &Value| -> Outcome<Decimal> {
        match value {
            Value::Decimal(v) => Ok(**v),
            other => convert::to_decimal(other),
        }
    };
    let (a, b) = (operand(left)?, operand(right)?);
    if b.is_zero() && matches!(operation, Operation::Divide | Operation::Remainder) {
        return division_by_zero().err();
    }
    let result = match operation {
        Operation::Add => a.checked_add(b),
        Operation::Subtract => a.checked_sub(b),
        Operation::Multiply => a.checked_mul(b),
        Operation::Divide => {
            a.checked_div(b).map(|quotient| shortest_scale(quotient, a.scale().saturating_sub(b.scale())))
        }
        Operation::Remainder => a.checked_rem(b).map(|mut rest| {
            if rest.scale() < a.scale().max(b.scale()) {
                rest.rescale(a.scale().max(b.scale()));
            }
            rest
        }),
    };
    result
        .map(|value| Value::Decimal(Rc::new(value)))
        .ok_or_else(|| overflow_fault("The result is too large for a decimal.").into())
}

/// A quotient with no more zeros at its end than the operands' scales ask for.
fn shortest_scale(quotient: Decimal, preferred: u32) -> Decimal {
    let mut shortest = quotient.normalize();
    if shortest.scale() < preferred {
        shortest.rescale(preferred);
    }
    shortest
}

fn big(operation: Operation, left: &Value, right: &Value) -> Outcome<Value> {
    let operand = |value: &Value| -> Option<BigInt> {
        match value {
            Value::BigInt(v) => Some((**v).clone()),
            Value::F64(v) => BigInt::from_f64(v.trunc()),
            Value::F32(v) => BigInt::from_f32(v.trunc()),
            Value::Decimal(v) => v.trunc().to_i128().map(BigInt::from),
            other => Some(BigInt::from(integer(other))),
        }
    };
    let (Some(a), Some(b)) = (operand(left), operand(right)) else {
        return Err(
            cast_fault("InvalidCastIConvertible", right, TypeRef::BIGINTEGER, "it is not a whole number").into()
        );
    };
    if b.is_zero() && matches!(operation, Operation::Divide | Operation::Remainder) {
        return division_by_zero().err();
    }
    let result = match operation {
        Operation::Add => a + b,
        Operation::Subtract => a - b,
        Operation::Multiply => a * b,
        Operation::Divide => a / b,
        Operation::Remainder => a % b,
    };
    Ok(Value::BigInt(Rc::new(result)))
}

/// Unary `-`.
#[inline]
pub(crate) fn negate(engine: &mut dyn Engine, operand: &Value) -> Outcome<Value> {
    match operand {
        Value::I32(v) => Ok(v.checked_neg().map_or(Value::F64(-f64::from(*v)), Value::I32)),
        Value::F64(v) => Ok(Value::F64(-v)),
        Value::F32(v) => Ok(Value::F32(-v)),
        Value::I8(v) if *v != i8::MIN => Ok(Value::I8(-v)),
        Value::I16(v) if *v != i16::MIN => Ok(Value::I16(-v)),
        Value::Decimal(v) => Ok(Value::Decimal(Rc::new(-**v))),
        Value::BigInt(v) => Ok(Value::BigInt(Rc::new(-(**v).clone()))),
        Value::TimeSpan(v) => Ok(Value::TimeSpan(TimeSpan(v.0.wrapping_neg()))),
        other => subtract(engine, &Value::I32(0), other),
    }
}

/// Unary `+`: a number of whatever it is.
pub(crate) fn plus(engine: &mut dyn Engine, operand: &Value) -> Outcome<Value> {
    if rank(operand).is_some() || matches!(operand, Value::TimeSpan(_)) {
        return Ok(operand.clone());
    }
    add(engine, &Value::I32(0), operand)
}

/// `++`.
#[inline]
pub(crate) fn increment(engine: &mut dyn Engine, operand: &Value) -> Outcome<Value> {
    step(engine, operand, Operation::Add)
}

/// `--`.
#[inline]
pub(crate) fn decrement(engine: &mut dyn Engine, operand: &Value) -> Outcome<Value> {
    step(engine, operand, Operation::Subtract)
}

#[inline]
fn step(engine: &mut dyn Engine, operand: &Value, operation: Operation) -> Outcome<Value> {
    match operand {
        Value::I32(v) => {
            let stepped = if operation == Operation::Add { v.checked_add(1) } else { v.checked_sub(1) };
            let change = if operation == Operation::Add { 1.0 } else { -1.0 };
            Ok(stepped.map_or_else(|| Value::F64(f64::from(*v) + change), Value::I32))
        }
        Value::Null | Value::Nothing => Ok(Value::I32(if operation == Operation::Add { 1 } else { -1 })),
        other if rank(other).is_some() => arithmetic(engine, operation, other, &Value::I32(1)),
        Value::Bool(_) | Value::Char(_) | Value::Enum(_) => arithmetic(engine, operation, operand, &Value::I32(1)),
        other => Fault::new(
            "OperatorRequiresNumber",
            format!("++ and -- work on numbers, and this is {}.", TypeRef::of(other).name()),
        )
        .err(),
    }
}
