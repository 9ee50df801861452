//! `-band`, `-bor`, `-bxor`, `-bnot`, `-shl` and `-shr`.

use crate::syntax::BinaryOperator;
use crate::value::convert;
use crate::value::{Engine, Fault, Outcome, TypeRef, Value, number};

/// The two-operand ones.
#[inline]
pub(super) fn binary(_: &mut dyn Engine, operator: BinaryOperator, left: &Value, right: &Value) -> Outcome<Value> {
    if let (Value::I32(a), Value::I32(b)) = (left, right) {
        return Ok(Value::I32(on_i32(operator, *a, *b)));
    }
    if let Value::Enum(member) = left {
        let right = convert::to_enum(right, member.kind)?;
        let bits = on_i64(operator, member.bits, number_of(&right)?);
        return Ok(member.kind.enum_of(bits));
    }
    if let Value::Enum(member) = right {
        if let Ok(Value::Enum(converted)) = convert::to_enum(left, member.kind) {
            return Ok(member.kind.enum_of(on_i64(operator, converted.bits, member.bits)));
        }
    }
    let (first, second) = (operand(left)?, operand(right)?);
    Ok(match (width(&first), width(&second), is_shift(operator)) {
        (Width::Int, _, true) => Value::I32(on_i32(operator, number_of(&first)? as i32, number_of(&second)? as i32)),
        (Width::UInt, _, true) => shift_u32(operator, number_of(&first)? as u32, number_of(&second)?),
        (Width::ULong, _, true) => shift_u64(operator, number_of(&first)? as u64, number_of(&second)?),
        (Width::Long, _, true) => Value::I64(on_i64(operator, number_of(&first)?, number_of(&second)?)),
        (Width::Int, Width::Int, false) => {
            Value::I32(on_i32(operator, number_of(&first)? as i32, number_of(&second)? as i32))
        }
        (Width::UInt, Width::Int | Width::UInt, false) | (Width::Int, Width::UInt, false) => {
            Value::U32(on_i64(operator, number_of(&first)?, number_of(&second)?) as u32)
        }
        (Width::ULong, _, false) | (_, Width::ULong, false) => {
            Value::U64(on_i64(operator, number_of(&first)?, number_of(&second)?) as u64)
        }
        (Width::Long, _, false) | (_, Width::Long, false) => {
            Value::I64(on_i64(operator, number_of(&first)?, number_of(&second)?))
        }
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Width {
    Int,
    UInt,
    Long,
    ULong,
}

fn width(value: &Value) -> Width {
    match value {
        Value::U32(_) => Width::UInt,
        Value::I64(_) => Width::Long,
        Value::U64(_) => Width::ULong,
        _ => Width::Int,
    }
}

fn is_shift(operator: BinaryOperator) -> bool {
    matches!(operator, BinaryOperator::ShiftLeft | BinaryOperator::ShiftRight)
}

/// An operand as an integer of at least 32 bits; reals are rounded, text is read.
fn operand(value: &Value) -> Outcome<Value> {
    match value {
        Value::I32(_) | Value::U32(_) | Value::I64(_) | Value::U64(_) => Ok(value.clone()),
        Value::Str(text) => match number::scan(text) {
            Some(number) => operand(&number),
            None => convert::to_i32(value).map(Value::I32),
        },
        Value::F32(_) | Value::F64(_) | Value::Decimal(_) => match convert::to_i32(value) {
            Ok(small) => Ok(Value::I32(small)),
            Err(_) => convert::to_i64(value).map(Value::I64),
        },
        Value::BigInt(_) => convert::to_i64(value).map(Value::I64),
        Value::Null | Value::Nothing => Ok(Value::I32(0)),
        Value::Array(_) | Value::Hashtable(_) | Value::Object(_) | Value::ScriptBlock(_) => {
            Fault::new("MethodNotFound", format!("{} has no bitwise operators.", TypeRef::of(value).name())).err()
        }
        other => convert::to_i32(other).map(Value::I32),
    }
}

fn number_of(value: &Value) -> Outcome<i64> {
    match value {
        Value::U64(v) => Ok(*v as i64),
        Value::Enum(member) => Ok(member.bits),
        other => convert::to_i64(other),
    }
}

#[inline]
fn on_i32(operator: BinaryOperator, a: i32, b: i32) -> i32 {
    match operator {
        BinaryOperator::BitAnd => a & b,
        BinaryOperator::BitOr => a | b,
        BinaryOperator::BitXor => a ^ b,
        BinaryOperator::ShiftLeft => a.wrapping_shl(b as u32),
        _ => a.wrapping_shr(b as u32),
    }
}

fn on_i64(operator: BinaryOperator, a: i64, b: i64) -> i64 {
    match operator {
        BinaryOperator::BitAnd => a & b,
        BinaryOperator::BitOr => a | b,
        BinaryOperator::BitXor => a ^ b,
        BinaryOperator::ShiftLeft => a.wrapping_shl(b as u32),
        _ => a.wrapping_shr(b as u32),
    }
}

fn shift_u32(operator: BinaryOperator, a: u32, b: i64) -> Value {
    Value::U32(if operator == BinaryOperator::ShiftLeft { a.wrapping_shl(b as u32) } else { a.wrapping_shr(b as u32) })
}

fn shift_u64(operator: BinaryOperator, a: u64, b: i64) -> Value {
    Value::U64(if operator == BinaryOperator::ShiftLeft { a.wrapping_shl(b as u32) } else { a.wrapping_shr(b as u32) })
}

/// `-bnot`.
pub(crate) fn bit_not(operand_value: &Value) -> Outcome<Value> {
    if let Value::Enum(member) = operand_value {
        return Ok(member.kind.enum_of(!member.bits));
    }
    Ok(match operand(operand_value)? {
        Value::I32(v) => Value::I32(!v),
        Value::U32(v) => Value::U32(!v),
        Value::U64(v) => Value::U64(!v),
        other => Value::I64(!number_of(&other)?),
    })
}
