//! The operators: arithmetic, bits, comparison with array filtering, text, types. Variables and control flow
//! (assignment, `$Matches`, short circuits) are the runtime's.

mod arithmetic;
mod bits;
mod comparison;
mod join_split;
mod range;
mod text;
mod types;

pub(crate) use arithmetic::{add, decrement, divide, increment, multiply, negate, plus, remainder, subtract};
pub(crate) use bits::bit_not;
pub(crate) use comparison::{compare, ordered};
pub(crate) use join_split::{join, split, unary_split};
pub(crate) use range::range;
pub(crate) use text::{match_value, replace};
pub(crate) use types::{as_type, is_type};

use super::convert::to_bool;
use super::culture::Culture;
use super::{Engine, Outcome, Value, enumerate, format_text};
use crate::syntax::{BinaryOperator, CaseSensitivity, Comparison, UnaryOperator};

/// A binary operator on two values. `-match` gives its answer only; see [`match_value`] for the captures.
#[inline]
pub(crate) fn binary(engine: &mut dyn Engine, operator: BinaryOperator, left: &Value, right: &Value) -> Outcome<Value> {
    match operator {
        BinaryOperator::Add => add(engine, left, right),
        BinaryOperator::Subtract => subtract(engine, left, right),
        BinaryOperator::Multiply => multiply(engine, left, right),
        BinaryOperator::Divide => divide(engine, left, right),
        BinaryOperator::Remainder => remainder(engine, left, right),
        BinaryOperator::Compare(comparison, case) => {
            binary_comparison(engine, comparison, case == CaseSensitivity::Sensitive, left, right)
        }
        BinaryOperator::Range => range(left, right),
        BinaryOperator::Format => format(engine, left, right),
        BinaryOperator::And => Ok(Value::Bool(to_bool(left) && to_bool(right))),
        BinaryOperator::Or => Ok(Value::Bool(to_bool(left) || to_bool(right))),
        BinaryOperator::Xor => Ok(Value::Bool(to_bool(left) != to_bool(right))),
        BinaryOperator::BitAnd
        | BinaryOperator::BitOr
        | BinaryOperator::BitXor
        | BinaryOperator::ShiftLeft
        | BinaryOperator::ShiftRight => bits::binary(engine, operator, left, right),
        BinaryOperator::Coalesce => Ok(if left.is_null() { right.clone() } else { left.clone() }),
        BinaryOperator::Is => is_type(engine, left, right).map(Value::Bool),
        BinaryOperator::IsNot => is_type(engine, left, right).map(|is| Value::Bool(!is)),
        BinaryOperator::As => as_type(engine, left, right),
        BinaryOperator::Join => join(engine, left, right),
    }
}

fn binary_comparison(
    engine: &mut dyn Engine,
    comparison: Comparison,
    case_sensitive: bool,
    left: &Value,
    right: &Value,
) -> Outcome<Value> {
    match comparison {
        Comparison::Match => Ok(match_value(engine, left, right, case_sensitive, false)?.answer),
        Comparison::NotMatch => Ok(match_value(engine, left, right, case_sensitive, true)?.answer),
        Comparison::Replace => replace(engine, left, right, case_sensitive),
        Comparison::Split => split(engine, left, right, case_sensitive),
        Comparison::Equal
        | Comparison::NotEqual
        | Comparison::Greater
        | Comparison::GreaterOrEqual
        | Comparison::Less
        | Comparison::LessOrEqual
        | Comparison::Like
        | Comparison::NotLike
        | Comparison::Contains
        | Comparison::NotContains
        | Comparison::In
        | Comparison::NotIn => compare(engine, comparison, case_sensitive, left, right),
    }
}

/// A unary operator on a value. The increments give the new value; storing it is the caller's.
pub(crate) fn unary(engine: &mut dyn Engine, operator: UnaryOperator, operand: &Value) -> Outcome<Value> {
    match operator {
        UnaryOperator::Not => Ok(Value::Bool(!to_bool(operand))),
        UnaryOperator::BitNot => bit_not(operand),
        UnaryOperator::Minus => negate(engine, operand),
        UnaryOperator::Plus => plus(engine, operand),
        UnaryOperator::PreIncrement | UnaryOperator::PostIncrement => increment(engine, operand),
        UnaryOperator::PreDecrement | UnaryOperator::PostDecrement => decrement(engine, operand),
        UnaryOperator::Split { .. } => unary_split(engine, operand),
        UnaryOperator::Join => join(engine, operand, &Value::from("")),
    }
}

/// `-f`: a list on the right gives the arguments one by one.
fn format(engine: &mut dyn Engine, left: &Value, right: &Value) -> Outcome<Value> {
    let template = super::convert::to_text_with(engine, left, None)?;
    let arguments = match right {
        Value::Array(_) | Value::Native(_) => enumerate(right).unwrap_or_else(|| vec![right.clone()]),
        single => vec![single.clone()],
    };
    format_text::composite(engine, &template, &arguments, Culture::current()).map(Value::Str)
}

#[cfg(test)]
mod tests;
