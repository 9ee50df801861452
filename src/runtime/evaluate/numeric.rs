//! The short way for arithmetic: an expression made of numbers, plain variables that hold numbers and operators
//! between them is worked out without making values, and without side effects, so that giving up costs nothing but time.

use crate::runtime::code::{BinaryCode, Node};
use crate::runtime::scope::Slot;
use crate::syntax::{BinaryOperator, CaseSensitivity, Comparison};
use crate::value::operators::ordered;
use crate::value::{Array, Value};

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

    #[inline]
    fn double(self) -> f64 {
        match self {
            Number::Int(n) => f64::from(n),
            Number::Double(n) => n,
        }
    }
}

/// The number that an expression is, where it is one and can be had by looking at slots alone.
#[inline(always)]
pub(in crate::runtime) fn number(slots: &[Slot], node: &Node) -> Option<Number> {
    match node {
        Node::Local(slot, _) => match slots.get(*slot as usize) {
            Some(Slot::Plain(value)) => of_value(value),
            Some(Slot::Boxed(_) | Slot::Unset) | None => None,
        },
        Node::Constant(value) => of_value(value),
        Node::Binary(code) => binary(slots, code),
        other => indexed(slots, other),
    }
}

/// The same for an element of an array.
#[inline(never)]
fn indexed(slots: &[Slot], node: &Node) -> Option<Number> {
    match node {
        Node::Index(pair, false) => with_element(slots, &pair.0, &pair.1, of_value).flatten(),
        _ => None,
    }
}

#[inline(always)]
pub(in crate::runtime) fn of_value(value: &Value) -> Option<Number> {
    match value {
        Value::I32(n) => Some(Number::Int(*n)),
        Value::F64(n) => Some(Number::Double(*n)),
        _ => None,
    }
}

/// Looks at the element that `$array[$index]` names without taking it out; `None` where slots alone do not tell it.
#[inline]
pub(in crate::runtime) fn with_element<R>(
    slots: &[Slot],
    target: &Node,
    index: &Node,
    look: impl FnOnce(&Value) -> R,
) -> Option<R> {
    let (array, at) = place(slots, target, index)?;
    array.with(at, look)
}

/// Puts a value that is a constant, a variable's or a number into `$array[$index]`; false where that takes more than
/// looking at slots, and nothing was done then.
#[inline]
pub(in crate::runtime) fn put_element(slots: &[Slot], target: &Node, index: &Node, value: &Node) -> bool {
    let Some((array, at)) = place(slots, target, index) else { return false };
    let value = match value {
        Node::Binary(code) => binary(slots, code).map(Number::value),
        simple => peek(slots, simple).filter(|value| !matches!(value, Value::Nothing)).cloned(),
    };
    value.is_some_and(|value| array.put(at, value).is_ok())
}

/// The array and the place in it that `$array[$index]` names.
#[inline]
fn place<'s>(slots: &'s [Slot], target: &Node, index: &Node) -> Option<(&'s Array, usize)> {
    let Node::Local(slot, _) = target else { return None };
    let Slot::Plain(Value::Array(array)) = slots.get(*slot as usize)? else { return None };
    let Number::Int(at) = number(slots, index)? else { return None };
    if !array.dimensions.is_empty() {
        return None;
    }
    Some((array, usize::try_from(at).ok()?))
}

/// The truth of a variable or array element that is a boolean.
#[inline]
pub(in crate::runtime) fn truth(slots: &[Slot], node: &Node) -> Option<bool> {
    let of_bool = |value: &Value| match value {
        Value::Bool(truth) => Some(*truth),
        _ => None,
    };
    match node {
        Node::Index(pair, false) => with_element(slots, &pair.0, &pair.1, of_bool).flatten(),
        Node::Local(..) => peek(slots, node).and_then(of_bool),
        _ => None,
    }
}

/// The result of an operator between two numeric expressions.
pub(in crate::runtime) fn binary(slots: &[Slot], code: &BinaryCode) -> Option<Number> {
    if code.misses.get() >= PATIENCE {
        return None;
    }
    let result = match (number(slots, &code.left), number(slots, &code.right)) {
        (Some(left), Some(right)) => arithmetic(code.op, left, right),
        _ => None,
    };
    note(code, result.is_some());
    result
}

#[inline]
fn operands(slots: &[Slot], code: &BinaryCode) -> Option<(Number, Number)> {
    Some((number(slots, &code.left)?, number(slots, &code.right)?))
}

#[inline]
fn note(code: &BinaryCode, success: bool) {
    if !success {
        code.misses.set(code.misses.get().saturating_add(1));
    } else if code.misses.get() != 0 {
        code.misses.set(0);
    }
}

#[inline(always)]
pub(in crate::runtime) fn arithmetic(op: BinaryOperator, left: Number, right: Number) -> Option<Number> {
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
        return ordered(comparison, a, b);
    }
    ordered(comparison, left.double(), right.double())
}
