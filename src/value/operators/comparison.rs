//! Comparisons; a list on the left is filtered.

use crate::syntax::Comparison;
use crate::value::compare::{equals, equals_with, order_with};
use crate::value::wildcard::Wildcard;
use crate::value::{Engine, Outcome, Value, convert, enumerate, is_enumerable};
use std::cmp::Ordering;

/// `-eq`, `-lt`, `-like`, `-contains` and their kin.
#[inline]
pub(crate) fn compare(
    engine: &mut dyn Engine,
    comparison: Comparison,
    case_sensitive: bool,
    left: &Value,
    right: &Value,
) -> Outcome<Value> {
    match (left, right) {
        (Value::I32(a), Value::I32(b)) => {
            if let Some(answer) = ordered(comparison, *a, *b) {
                return Ok(Value::Bool(answer));
            }
        }
        (Value::F64(a), Value::F64(b)) => {
            if let Some(answer) = ordered(comparison, *a, *b) {
                return Ok(Value::Bool(answer));
            }
        }
        _ => {}
    }
    match comparison {
        Comparison::Contains => contains(engine, left, right, case_sensitive).map(Value::Bool),
        Comparison::NotContains => contains(engine, left, right, case_sensitive).map(|found| Value::Bool(!found)),
        Comparison::In => contains(engine, right, left, case_sensitive).map(Value::Bool),
        Comparison::NotIn => contains(engine, right, left, case_sensitive).map(|found| Value::Bool(!found)),
        Comparison::Like | Comparison::NotLike => like(engine, comparison, case_sensitive, left, right),
        _ => filter(engine, left, |engine, item| single(engine, comparison, case_sensitive, item, right)),
    }
}

/// The six comparisons of two numbers of one type; `None` for operators that are not about order.
#[inline]
pub(crate) fn ordered<T: PartialOrd>(comparison: Comparison, a: T, b: T) -> Option<bool> {
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

/// A test on a single value, or the items of a list that pass it.
pub(super) fn filter(
    engine: &mut dyn Engine,
    left: &Value,
    mut test: impl FnMut(&mut dyn Engine, &Value) -> Outcome<bool>,
) -> Outcome<Value> {
    if !is_enumerable(left) || matches!(left, Value::Nothing) {
        return test(engine, left).map(Value::Bool);
    }
    let mut kept = Vec::new();
    for item in enumerate(left).unwrap_or_default() {
        if test(engine, &item)? {
            kept.push(item);
        }
    }
    Ok(Value::array(kept))
}

fn single(
    engine: &mut dyn Engine,
    comparison: Comparison,
    case_sensitive: bool,
    left: &Value,
    right: &Value,
) -> Outcome<bool> {
    let wanted: fn(Ordering) -> bool = match comparison {
        Comparison::Equal => return equals_with(engine, left, right, case_sensitive),
        Comparison::NotEqual => return equals_with(engine, left, right, case_sensitive).map(|equal| !equal),
        Comparison::Greater => Ordering::is_gt,
        Comparison::GreaterOrEqual => Ordering::is_ge,
        Comparison::Less => Ordering::is_lt,
        _ => Ordering::is_le,
    };
    Ok(order_with(engine, left, right, case_sensitive)?.is_some_and(wanted))
}

fn contains(engine: &mut dyn Engine, list: &Value, wanted: &Value, case_sensitive: bool) -> Outcome<bool> {
    if let Value::Array(array) = list {
        // Plain values need no engine, so the items can be looked at where they are.
        if !matches!(wanted, Value::Object(_)) {
            return Ok(array.items().iter().any(|item| equals(item, wanted, case_sensitive)));
        }
    }
    match enumerate(list) {
        Some(items) => {
            for item in &items {
                if equals_with(engine, item, wanted, case_sensitive)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        None => equals_with(engine, list, wanted, case_sensitive),
    }
}

fn like(
    engine: &mut dyn Engine,
    comparison: Comparison,
    case_sensitive: bool,
    left: &Value,
    right: &Value,
) -> Outcome<Value> {
    let pattern = convert::to_text_with(engine, right, None)?;
    let wildcard = Wildcard::new(&pattern, case_sensitive)?;
    let wanted = comparison == Comparison::Like;
    filter(engine, left, |engine, item| match item {
        Value::Str(text) => Ok(wildcard.matches(text) == wanted),
        other => Ok(wildcard.matches(&convert::to_text_with(engine, other, None)?) == wanted),
    })
}
