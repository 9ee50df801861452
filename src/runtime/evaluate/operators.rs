//! Binary operators: short ways for numbers, the value storey for the rest; `$Matches`; adding in place.

use super::numeric;
use crate::runtime::code::BinaryCode;
use crate::runtime::session::Session;
use crate::runtime::symbol::Symbol;
use crate::syntax::{BinaryOperator, CaseSensitivity, Comparison};
use crate::value::operators::{self, ordered};
use crate::value::{Outcome, TypeRef, Value};
use std::rc::Rc;

/// Integer arithmetic where the result stays a plain number; `None` leaves it to the value storey.
#[inline]
fn int_result(op: BinaryOperator, a: i32, b: i32) -> Option<Value> {
    Some(match op {
        BinaryOperator::Add => Value::I32(a.checked_add(b)?),
        BinaryOperator::Subtract => Value::I32(a.checked_sub(b)?),
        BinaryOperator::Multiply => Value::I32(a.checked_mul(b)?),
        BinaryOperator::Remainder => Value::I32(a.checked_rem(b)?),
        BinaryOperator::Divide => match a.checked_rem(b)? {
            0 => Value::I32(a.checked_div(b)?),
            _ => Value::F64(f64::from(a) / f64::from(b)),
        },
        BinaryOperator::BitAnd => Value::I32(a & b),
        BinaryOperator::BitOr => Value::I32(a | b),
        BinaryOperator::BitXor => Value::I32(a ^ b),
        BinaryOperator::Compare(comparison, _) => Value::Bool(ordered(comparison, a, b)?),
        _ => return None,
    })
}

/// The same for doubles.
#[inline]
fn double_result(op: BinaryOperator, a: f64, b: f64) -> Option<Value> {
    Some(match op {
        BinaryOperator::Add => Value::F64(a + b),
        BinaryOperator::Subtract => Value::F64(a - b),
        BinaryOperator::Multiply => Value::F64(a * b),
        BinaryOperator::Divide if b != 0.0 => Value::F64(a / b),
        BinaryOperator::Compare(Comparison::Less, _) => Value::Bool(a < b),
        BinaryOperator::Compare(Comparison::LessOrEqual, _) => Value::Bool(a <= b),
        BinaryOperator::Compare(Comparison::Greater, _) => Value::Bool(a > b),
        BinaryOperator::Compare(Comparison::GreaterOrEqual, _) => Value::Bool(a >= b),
        _ => return None,
    })
}

#[inline]
fn number_result(op: BinaryOperator, left: &Value, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::I32(a), Value::I32(b)) => int_result(op, *a, *b),
        (Value::F64(a), Value::F64(b)) => double_result(op, *a, *b),
        (Value::I32(a), Value::F64(b)) => double_result(op, f64::from(*a), *b),
        (Value::F64(a), Value::I32(b)) => double_result(op, *a, f64::from(*b)),
        _ => None,
    }
}

impl Session {
    #[inline]
    pub(super) fn eval_binary(&mut self, code: &BinaryCode) -> Outcome<Value> {
        if let BinaryOperator::Compare(..) = code.op {
            if let Some(answer) = numeric::comparison(&self.frame.slots.borrow(), code) {
                return Ok(Value::Bool(answer));
            }
        } else if let Some(number) = numeric::binary(&self.frame.slots.borrow(), code) {
            return Ok(number.value());
        }
        self.eval_operator(code)
    }

    /// An operator whose operands must be evaluated.
    pub(super) fn eval_operator(&mut self, code: &BinaryCode) -> Outcome<Value> {
        let left = self.eval(&code.left)?;
        let right = self.eval(&code.right)?;
        self.apply(code.op, &left, &right)
    }

    /// Applies an operator to values.
    pub(crate) fn apply(&mut self, op: BinaryOperator, left: &Value, right: &Value) -> Outcome<Value> {
        if let Some(value) = number_result(op, left, right) {
            return Ok(value);
        }
        match op {
            BinaryOperator::Add if matches!((left, right), (Value::Str(_), Value::Array(_))) => {
                let text = self.text_of(right)?;
                operators::binary(self, op, left, &Value::Str(text))
            }
            BinaryOperator::Compare(comparison @ (Comparison::Equal | Comparison::NotEqual), case) => {
                if let (Value::Str(a), Value::Str(b)) = (left, right)
                    && let Some(equal) = numeric::equal_texts(a, b, case)
                {
                    return Ok(Value::Bool(equal == (comparison == Comparison::Equal)));
                }
                operators::binary(self, op, left, right)
            }
            BinaryOperator::Compare(Comparison::Match | Comparison::NotMatch, _) => self.eval_match(op, left, right),
            BinaryOperator::Join => {
                let separator = self.text_of(right)?;
                operators::binary(self, op, left, &Value::Str(separator))
            }
            _ => operators::binary(self, op, left, right),
        }
    }

    /// `-match` and `-notmatch`: a match of a single text sets `$Matches`.
    fn eval_match(&mut self, op: BinaryOperator, left: &Value, right: &Value) -> Outcome<Value> {
        let BinaryOperator::Compare(comparison, case) = op else { return Ok(Value::Null) };
        let sensitive = case == CaseSensitivity::Sensitive;
        let negated = comparison == Comparison::NotMatch;
        let result = operators::match_value(self, left, right, sensitive, negated)?;
        if let Some(captures) = result.captures {
            self.frame.put_name(Symbol::MATCHES, Value::Hashtable(captures.to_hashtable()));
        }
        Ok(result.answer)
    }
}

/// `left + right` where nobody else sees `left`: strings and arrays grow in place.
/// Gives both back where they are neither.
pub(in crate::runtime) fn add_in_place(left: Value, right: Value) -> Result<Value, (Value, Value)> {
    match (left, right) {
        (Value::Str(mut text), Value::Str(more)) => {
            text.push_str(&more);
            Ok(Value::Str(text))
        }
        (Value::Str(mut text), Value::I32(n)) => {
            text.push_str(&n.to_string());
            Ok(Value::Str(text))
        }
        (Value::Array(array), right) if grows(&array) => {
            match &right {
                Value::Array(more) if more.dimensions.is_empty() => {
                    let more = more.values();
                    array.items_mut().extend(more);
                }
                Value::Null
                | Value::Bool(_)
                | Value::I32(_)
                | Value::I64(_)
                | Value::F64(_)
                | Value::Str(_)
                | Value::Object(_)
                | Value::Hashtable(_) => array.items_mut().push(right),
                _ => return Err((Value::Array(array), right)),
            }
            Ok(Value::Array(array))
        }
        (left, right) => Err((left, right)),
    }
}

/// True for an `Object[]` that nothing else refers to.
fn grows(array: &Rc<crate::value::Array>) -> bool {
    Rc::strong_count(array) == 1
        && Rc::weak_count(array) == 0
        && array.element == TypeRef::OBJECT
        && array.dimensions.is_empty()
}
