//! The short way for arithmetic: an expression made of numbers, plain variables that hold numbers and operators
//! between them is worked out without making values, and without side effects, so that giving up costs nothing but time.

use crate::runtime::code::{BinaryCode, Node};
use crate::runtime::scope::Slot;
use crate::syntax::{BinaryOperator, CaseSensitivity, Comparison};
use crate::value::Value;

/// A plain number.
#[derive(Clone, Copy, Debug)]
pub(in crate::runtime) enum Number {
    Int(i32),
    Double(f64),
}

/// After so many failures in a row an expression is taken for something other than arithmetic.
const PATIENCE: u8 = 4;

impl Number {
    pub(in crate::runtime) fn value(self) -> Value {
        match self {
            Number::Int(n) => Value::I32(n),
            Number::Double(n) => Value::F64(n),
        }
    }

    fn double(self) -> f64 {
        match self {
            Number::Int(n) => f64::from(n),
            Number::Double(n) => n,
        }
    }
}

/// The number that an expression is, where it is one and can be had by looking at slots alone.
#[inline]
pub(in crate::runtime) fn number(slots: &[Slot], node: &Node) -> Option<Number> {
    match node {
        Node::Constant(value) => of_value(value),
        Node::Local(slot, _) => match slots.get(*slot as usize)? {
            Slot::Plain(value) => of_value(value),
            Slot::Boxed(_) | Slot::Unset => None,
        },
        Node::Binary(code) => binary(slots, code),
        Node::Index(pair, false) => element(slots, &pair.0, &pair.1),
        _ => None,
    }
}

#[inline]
fn of_value(value: &Value) -> Option<Number> {
    match value {
        Value::I32(n) => Some(Number::Int(*n)),
        Value::F64(n) => Some(Number::Double(*n)),
        _ => None,
    }
}

/// `$array[$index]` where the element is a number.
fn element(slots: &[Slot], target: &Node, index: &Node) -> Option<Number> {
    let Node::Local(slot, _) = target else { return None };
    let Slot::Plain(Value::Array(array)) = slots.get(*slot as usize)? else { return None };
    let Number::Int(at) = number(slots, index)? else { return None };
    if !array.dimensions.is_empty() {
        return None;
    }
    array.items().get(usize::try_from(at).ok()?).and_then(of_value)
}

/// The result of an operator between two numeric expressions.
pub(in crate::runtime) fn binary(slots: &[Slot], code: &BinaryCode) -> Option<Number> {
    if code.misses.get() >= PATIENCE {
        return None;
    }
    let result = operands(slots, code).and_then(|(left, right)| arithmetic(code.op, left, right));
    note(code, result.is_some());
    result
}

fn operands(slots: &[Slot], code: &BinaryCode) -> Option<(Number, Number)> {
    Some((number(slots, &code.left)?, number(slots, &code.right)?))
}

fn note(code: &BinaryCode, success: bool) {
    if !success {
        code.misses.set(code.misses.get().saturating_add(1));
    } else if code.misses.get() != 0 {
        code.misses.set(0);
    }
}

#[inline]
fn arithmetic(op: BinaryOperator, left: Number, right: Number) -> Option<Number> {
    if let (Number::Int(a), Number::Int(b)) = (left, right) {
        return Some(Number::Int(match op {
            BinaryOperator::Add => a.checked_add(b)?,
            BinaryOperator::Subtract => a.checked_sub(b)?,
            BinaryOperator::Multiply => a.checked_mul(b)?,
            BinaryOperator::Remainder => a.checked_rem(b)?,
            BinaryOperator::Divide => {
                return Some(match a.checked_rem(b)? {
                    0 => Number::Int(a.checked_div(b)?),
                    _ => Number::Double(f64::from(a) / f64::from(b)),
                });
            }
            BinaryOperator::BitAnd => a & b,
            BinaryOperator::BitOr => a | b,
            BinaryOperator::BitXor => a ^ b,
            _ => return None,
        }));
    }
    let (a, b) = (left.double(), right.double());
    Some(Number::Double(match op {
        BinaryOperator::Add => a + b,
        BinaryOperator::Subtract => a - b,
        BinaryOperator::Multiply => a * b,
        BinaryOperator::Divide if b != 0.0 => a / b,
        _ => return None,
    }))
}

/// The answer of a comparison between two numeric expressions, or of `-eq` and `-ne` between plain strings.
pub(in crate::runtime) fn comparison(slots: &[Slot], code: &BinaryCode) -> Option<bool> {
    let BinaryOperator::Compare(comparison, case) = code.op else { return None };
    if code.misses.get() < PATIENCE {
        let result = operands(slots, code).and_then(|(left, right)| compare(comparison, left, right));
        note(code, result.is_some());
        if result.is_some() {
            return result;
        }
    }
    let (Value::Str(left), Value::Str(right)) = (peek(slots, &code.left)?, peek(slots, &code.right)?) else {
        return None;
    };
    let wanted = match comparison {
        Comparison::Equal => true,
        Comparison::NotEqual => false,
        _ => return None,
    };
    equal_texts(left, right, case).map(|equal| equal == wanted)
}

/// A value that stands in a slot or in the code.
fn peek<'v>(slots: &'v [Slot], node: &'v Node) -> Option<&'v Value> {
    match node {
        Node::Constant(value) => Some(value),
        Node::Local(slot, _) => match slots.get(*slot as usize)? {
            Slot::Plain(value) => Some(value),
            Slot::Boxed(_) | Slot::Unset => None,
        },
        _ => None,
    }
}

/// Equality of printable ASCII texts; anything else is left to the language's full comparison.
pub(in crate::runtime) fn equal_texts(left: &str, right: &str, case: CaseSensitivity) -> Option<bool> {
    let plain = |text: &str| text.bytes().all(|b| (0x20..0x7f).contains(&b));
    if left.len() > 64 || right.len() > 64 || !plain(left) || !plain(right) {
        return None;
    }
    Some(match case {
        CaseSensitivity::Sensitive => left == right,
        CaseSensitivity::Insensitive => left.eq_ignore_ascii_case(right),
    })
}

fn compare(comparison: Comparison, left: Number, right: Number) -> Option<bool> {
    if let (Number::Int(a), Number::Int(b)) = (left, right) {
        return super::operators::compare_ints(comparison, a, b);
    }
    let (a, b) = (left.double(), right.double());
    Some(match comparison {
        Comparison::Equal => a == b,
        Comparison::NotEqual => a != b,
        Comparison::Less => a < b,
        Comparison::LessOrEqual => a <= b,
        Comparison::Greater => a > b,
        Comparison::GreaterOrEqual => a >= b,
        _ => return None,
    })
}
