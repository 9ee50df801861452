//! What a pipeline unrolls: arrays and collections, but not strings, hashtables or XML nodes.

use super::Value;

/// The items a value unrolls into; `None` where it is one thing.
#[inline]
pub(crate) fn enumerate(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(array) => Some(array.values()),
        Value::Native(native) => native.data.enumerate(),
        Value::Wrapped(wrapped) => enumerate(&wrapped.base),
        Value::Nothing => Some(Vec::new()),
        Value::Object(_) => enumerate(&super::part_of(value)?),
        _ => None,
    }
}

/// True where a value would be unrolled.
#[inline]
pub(crate) fn is_enumerable(value: &Value) -> bool {
    match value {
        Value::Array(_) | Value::Nothing => true,
        Value::Native(native) => native.data.is_enumerable(),
        Value::Wrapped(wrapped) => is_enumerable(&wrapped.base),
        Value::Object(_) => super::part_of(value).is_some_and(|part| is_enumerable(&part)),
        _ => false,
    }
}

/// A number that changes with every change that makes going on with an enumeration of the value fail.
pub(crate) fn generation(value: &Value) -> u32 {
    match value {
        Value::Native(native) => native.data.generation(),
        Value::Hashtable(table) => table.generation(),
        Value::Wrapped(wrapped) => generation(&wrapped.base),
        _ => 0,
    }
}
