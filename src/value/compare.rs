//! Equality and order as the comparison operators have them: by the type of the left operand.

use super::collate;
use super::convert::{self, Detached};
use super::error::simple_exception;
use super::{Engine, ErrorCategory, Fault, Outcome, TypeRef, Value};
use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::rc::Rc;

/// `-eq` of two single values.
#[inline]
pub(crate) fn equals(left: &Value, right: &Value, case_sensitive: bool) -> bool {
    match (left, right) {
        (Value::I32(a), Value::I32(b)) => a == b,
        (Value::Str(a), Value::Str(b)) => a.same(b) || collate::equal(a, b, case_sensitive),
        (Value::F64(a), Value::F64(b)) => a == b,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        _ => other_equals(left, right, case_sensitive),
    }
}

fn other_equals(left: &Value, right: &Value, case_sensitive: bool) -> bool {
    match (left, right) {
        (Value::Wrapped(wrapped), other) => return equals(&wrapped.base, other, case_sensitive),
        (other, Value::Wrapped(wrapped)) => return equals(other, &wrapped.base, case_sensitive),
        (Value::Null | Value::Nothing, other) | (other, Value::Null | Value::Nothing) => return other.is_null(),
        (Value::Str(text), other) => {
            return collate::equal(text, &convert::to_text(other), case_sensitive);
        }
        (Value::Char(_), Value::Str(text)) => {
            return collate::equal(&convert::to_text(left), text, case_sensitive);
        }
        (Value::Char(_), Value::Char(_)) => {
            return collate::equal(&convert::to_text(left), &convert::to_text(right), case_sensitive);
        }
        _ => {}
    }
    if let Some(order) = numeric_order(left, right) {
        return order == Some(Ordering::Equal);
    }
    if let Some(same) = same_kind_equals(left, right) {
        return same;
    }
    match convert::to_plain(right, TypeRef::of(left)) {
        Ok(converted) if TypeRef::of(&converted) == TypeRef::of(left) => numeric_order(left, &converted)
            .map(|order| order == Some(Ordering::Equal))
            .or_else(|| same_kind_equals(left, &converted))
            .unwrap_or(false),
        Ok(_) | Err(_) => false,
    }
}

/// Equality of two values of one type; `None` where the types differ.
fn same_kind_equals(left: &Value, right: &Value) -> Option<bool> {
    Some(match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Char(a), Value::Char(b)) => a == b,
        (Value::DateTime(a), Value::DateTime(b)) => a.ticks() == b.ticks(),
        (Value::TimeSpan(a), Value::TimeSpan(b)) => a == b,
        (Value::Enum(a), Value::Enum(b)) if a.kind == b.kind => a.bits == b.bits,
        (Value::Type(a), Value::Type(b)) => a == b,
        (Value::Array(a), Value::Array(b)) => Rc::ptr_eq(a, b),
        (Value::Hashtable(a), Value::Hashtable(b)) => Rc::ptr_eq(a, b),
        (Value::Object(a), Value::Object(b)) => Rc::ptr_eq(a, b),
        (Value::ScriptBlock(a), Value::ScriptBlock(b)) => Rc::ptr_eq(a, b),
        (Value::Error(a), Value::Error(b)) => Rc::ptr_eq(a, b),
        (Value::Exception(a), Value::Exception(b)) => Rc::ptr_eq(a, b),
        (Value::Native(a), Value::Native(b)) if Rc::ptr_eq(a, b) => true,
        (Value::Native(a), Value::Native(b)) if a.data.kind() == b.data.kind() => {
            a.data.equals(&*b.data).unwrap_or(false)
        }
        _ => return None,
    })
}

/// `-eq` with an engine at hand: script classes may define `Equals`.
pub(crate) fn equals_with(engine: &mut dyn Engine, left: &Value, right: &Value, case_sensitive: bool) -> Outcome<bool> {
    match left {
        Value::Object(object) if object.kind != TypeRef::PSCUSTOMOBJECT && !right.is_null() => {
            if let Value::Object(other) = right {
                if Rc::ptr_eq(object, other) {
                    return Ok(true);
                }
            }
            let answer = engine.call_class_method(object.kind, "Equals", Some(left), std::slice::from_ref(right))?;
            Ok(convert::to_bool(&answer))
        }
        _ => Ok(equals(left, right, case_sensitive)),
    }
}

/// A number for comparison.
enum Number {
    Integer(i128),
    Real(f64),
    Decimal(Decimal),
    Big(BigInt),
}

fn number(value: &Value) -> Option<Number> {
    Some(match value {
        Value::I8(v) => Number::Integer(i128::from(*v)),
        Value::U8(v) => Number::Integer(i128::from(*v)),
        Value::I16(v) => Number::Integer(i128::from(*v)),
        Value::U16(v) => Number::Integer(i128::from(*v)),
        Value::I32(v) => Number::Integer(i128::from(*v)),
        Value::U32(v) => Number::Integer(i128::from(*v)),
        Value::I64(v) => Number::Integer(i128::from(*v)),
        Value::U64(v) => Number::Integer(i128::from(*v)),
        Value::F32(v) => Number::Real(f64::from(*v)),
        Value::F64(v) => Number::Real(*v),
        Value::Decimal(v) => Number::Decimal(**v),
        Value::BigInt(v) => Number::Big((**v).clone()),
        _ => return None,
    })
}

impl Number {
    fn real(&self) -> f64 {
        match self {
            Number::Integer(v) => *v as f64,
            Number::Real(v) => *v,
            Number::Decimal(v) => v.to_f64().unwrap_or(f64::NAN),
            Number::Big(v) => v.to_f64().unwrap_or(f64::INFINITY),
        }
    }

    fn decimal(&self) -> Option<Decimal> {
        match self {
            Number::Integer(v) => Decimal::from_i128(*v),
            Number::Decimal(v) => Some(*v),
            Number::Real(v) => convert::real_to_decimal(*v),
            Number::Big(_) => None,
        }
    }

    fn big(&self) -> Option<BigInt> {
        match self {
            Number::Integer(v) => Some(BigInt::from(*v)),
            Number::Big(v) => Some(v.clone()),
            Number::Real(_) | Number::Decimal(_) => None,
        }
    }
}

/// The order of two numbers: `None` where one is none, `Some(None)` where one is NaN.
fn numeric_order(left: &Value, right: &Value) -> Option<Option<Ordering>> {
    let (left, right) = (number(left)?, number(right)?);
    if let (Number::Integer(a), Number::Integer(b)) = (&left, &right) {
        return Some(Some(a.cmp(b)));
    }
    if matches!(left, Number::Decimal(_)) || matches!(right, Number::Decimal(_)) {
        if let (Some(a), Some(b)) = (left.decimal(), right.decimal()) {
            return Some(Some(a.cmp(&b)));
        }
    }
    if let (Some(a), Some(b)) = (left.big(), right.big()) {
        return Some(Some(a.cmp(&b)));
    }
    Some(left.real().partial_cmp(&right.real()))
}

/// The order of two single values, without an engine. NaN sorts before every number.
pub(crate) fn order(left: &Value, right: &Value, case_sensitive: bool) -> Outcome<Ordering> {
    order_with(&mut Detached, left, right, case_sensitive).map(|order| order.unwrap_or(Ordering::Less))
}

/// The order of two single values; `None` where NaN is among them.
#[inline]
pub(crate) fn order_with(
    engine: &mut dyn Engine,
    left: &Value,
    right: &Value,
    case_sensitive: bool,
) -> Outcome<Option<Ordering>> {
    match (left, right) {
        (Value::I32(a), Value::I32(b)) => Ok(Some(a.cmp(b))),
        (Value::F64(a), Value::F64(b)) => Ok(a.partial_cmp(b)),
        (Value::Str(a), Value::Str(b)) => Ok(Some(collate::order(a, b, case_sensitive))),
        _ => other_order(engine, left, right, case_sensitive),
    }
}

fn other_order(
    engine: &mut dyn Engine,
    left: &Value,
    right: &Value,
    case_sensitive: bool,
) -> Outcome<Option<Ordering>> {
    match (left, right) {
        (Value::Wrapped(wrapped), other) => return order_with(engine, &wrapped.base, other, case_sensitive),
        (other, Value::Wrapped(wrapped)) => return order_with(engine, other, &wrapped.base, case_sensitive),
        (Value::Null | Value::Nothing, other) => return Ok(Some(null_order(other))),
        (other, Value::Null | Value::Nothing) => return Ok(Some(null_order(other).reverse())),
        (Value::Str(text), other) => {
            let other = convert::to_text_with(engine, other, None)?;
            return Ok(Some(collate::order(text, &other, case_sensitive)));
        }
        (Value::Char(_), Value::Str(_) | Value::Char(_)) => {
            return Ok(Some(collate::order(&convert::to_text(left), &convert::to_text(right), case_sensitive)));
        }
        _ => {}
    }
    if let Some(order) = numeric_order(left, right) {
        return Ok(order);
    }
    let kind = TypeRef::of(left);
    let converted = if TypeRef::of(right) == kind {
        right.clone()
    } else {
        match convert::to(engine, right, kind) {
            Ok(converted) => converted,
            Err(super::Unwind::Control(control)) => return Err(super::Unwind::Control(control)),
            Err(_) => return Err(comparison_failure(left, right).into()),
        }
    };
    same_kind_order(engine, left, &converted)?.map_or_else(|| Err(not_comparable(left).into()), |order| Ok(Some(order)))
}

/// Null against something: before everything but negative numbers.
fn null_order(other: &Value) -> Ordering {
    match number(other) {
        Some(number) => 0f64
            .partial_cmp(&number.real())
            .map_or(Ordering::Less, |order| if order == Ordering::Equal { Ordering::Less } else { order }),
        None if other.is_null() => Ordering::Equal,
        None => Ordering::Less,
    }
}

fn same_kind_order(engine: &mut dyn Engine, left: &Value, right: &Value) -> Outcome<Option<Ordering>> {
    Ok(match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Char(a), Value::Char(b)) => Some(a.cmp(b)),
        (Value::DateTime(a), Value::DateTime(b)) => Some(a.ticks().cmp(&b.ticks())),
        (Value::TimeSpan(a), Value::TimeSpan(b)) => Some(a.cmp(b)),
        (Value::Enum(a), Value::Enum(b)) => Some(a.bits.cmp(&b.bits)),
        (Value::Native(a), Value::Native(b)) if Rc::ptr_eq(a, b) => Some(Ordering::Equal),
        (Value::Native(a), Value::Native(b)) => a.data.compare(&*b.data),
        (Value::Object(a), _) if a.kind.implements(TypeRef::ICOMPARABLE) => {
            let answer = engine.call_class_method(a.kind, "CompareTo", Some(left), std::slice::from_ref(right))?;
            Some(convert::to_i32(&answer)?.cmp(&0))
        }
        (left, right) => match (numeric_order(left, right), same_kind_equals(left, right)) {
            (Some(order), _) => order,
            (None, Some(true)) => Some(Ordering::Equal),
            (None, Some(false) | None) => None,
        },
    })
}

/// Two values of one type that has no order.
fn not_comparable(left: &Value) -> Fault {
    let message = format!("Values of {} have no order; compare a property of them instead.", TypeRef::of(left).name());
    Fault::new("NotIcomparable", message.clone())
        .category(ErrorCategory::InvalidOperation)
        .inner(simple_exception("System.Management.Automation.ExtendedTypeSystemException", message))
}

/// The right operand cannot become the left one's type.
fn comparison_failure(left: &Value, right: &Value) -> Fault {
    let message = format!(
        "Cannot compare {} '{}' with '{}': the right side does not convert to that type.",
        TypeRef::of(left).name(),
        convert::to_text(left),
        convert::to_text(right)
    );
    Fault::new("ComparisonFailure", message.clone())
        .category(ErrorCategory::InvalidOperation)
        .inner(simple_exception("System.Management.Automation.PSInvalidCastException", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality() {
        let cases: Vec<(Value, Value, bool)> = vec![
            (1.into(), "1".into(), true),
            ("1".into(), 1.into(), true),
            (1.into(), 1i64.into(), true),
            (1.into(), 1.0.into(), true),
            ("a".into(), "A".into(), true),
            (Value::Char(97), "A".into(), true),
            (true.into(), 1.into(), true),
            (true.into(), "false".into(), true),
            (1.into(), "abc".into(), false),
            (Value::Null, 0.into(), false),
            (Value::Null, Value::Nothing, true),
            ("".into(), Value::Null, false),
            (f64::NAN.into(), f64::NAN.into(), false),
        ];
        for (left, right, expected) in cases {
            assert_eq!(equals(&left, &right, false), expected, "{left:?} {right:?}");
        }
        assert!(!equals(&"a".into(), &"A".into(), true));
    }

    #[test]
    fn ordering() {
        let less: Vec<(Value, Value)> = vec![
            (1.into(), "2".into()),
            ("10".into(), 9.into()),
            (Value::Null, 1.into()),
            (Value::Null, "a".into()),
            ((-1).into(), Value::Null),
            ("a".into(), "B".into()),
            (1.5.into(), 2.into()),
            (false.into(), true.into()),
        ];
        for (left, right) in less {
            assert_eq!(order(&left, &right, false).ok(), Some(Ordering::Less), "{left:?} {right:?}");
        }
        assert!(order(&1.into(), &"abc".into(), false).is_err());
        assert!(order(&Value::array(vec![]), &Value::array(vec![]), false).is_err());
    }
}
