//! `..`: numbers and characters, up or down.

use crate::value::convert;
use crate::value::error::simple_exception;
use crate::value::{ErrorCategory, Fault, Outcome, TypeRef, Value};

/// Longest range that is made.
const LONGEST: i64 = 1 << 28;

/// First and last of an integer range, for loops that need no array; `None` for a range of characters.
pub(crate) fn range_bounds(left: &Value, right: &Value) -> Outcome<Option<(i32, i32)>> {
    if let (Value::I32(first), Value::I32(last)) = (left, right) {
        return Ok(Some((*first, *last)));
    }
    if character(left).is_some() && character(right).is_some() {
        return Ok(None);
    }
    Ok(Some((bound(left)?, bound(right)?)))
}

fn bound(value: &Value) -> Outcome<i32> {
    let raw = |name: &'static str, message: String| {
        Fault::new(name, message).exception(name).category(ErrorCategory::OperationStopped)
    };
    match value {
        Value::Array(_) | Value::Hashtable(_) | Value::Object(_) | Value::ScriptBlock(_) => raw(
            "System.InvalidCastException",
            format!("A range runs between numbers, and this is {}.", TypeRef::of(value).name()),
        )
        .err(),
        Value::Str(text) => convert::to_i32(value).map_err(|_| {
            raw("System.FormatException", format!("'{text}' is not a number to begin or end a range.")).into()
        }),
        other => convert::to_i32(other).map_err(|_| {
            raw(
                "System.OverflowException",
                format!("{} is too large to begin or end a range.", convert::to_text(other)),
            )
            .into()
        }),
    }
}

/// A bound as a character: a `char`, or text of length one that is no digit.
fn character(value: &Value) -> Option<u16> {
    match value {
        Value::Char(unit) => Some(*unit),
        Value::Str(text) => {
            let mut units = text.encode_utf16();
            let unit = units.next().filter(|_| units.next().is_none())?;
            (!text.bytes().all(|byte| byte.is_ascii_digit())).then_some(unit)
        }
        _ => None,
    }
}

/// The array of a range.
pub(crate) fn range(left: &Value, right: &Value) -> Outcome<Value> {
    match range_bounds(left, right)? {
        Some((first, last)) => {
            let length = (i64::from(last) - i64::from(first)).abs() + 1;
            if length > LONGEST {
                return too_long(length).err();
            }
            let items: Vec<Value> = if first <= last {
                (first..=last).map(Value::I32).collect()
            } else {
                (last..=first).rev().map(Value::I32).collect()
            };
            Ok(Value::array(items))
        }
        None => {
            let (first, last) = (character(left).unwrap_or(0), character(right).unwrap_or(0));
            let items = if first <= last {
                (first..=last).map(Value::Char).collect()
            } else {
                (last..=first).rev().map(Value::Char).collect()
            };
            Ok(Value::array(items))
        }
    }
}

fn too_long(length: i64) -> Fault {
    let message = format!("A range of {length} items is too long to make; use a for loop.");
    Fault::new("RuntimeException", message.clone()).inner(simple_exception("System.OutOfMemoryException", message))
}
