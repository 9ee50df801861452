//! Truthiness.

use crate::value::{Engine, Outcome, TypeRef, Value};

/// Whether a value counts as true.
#[inline]
pub(crate) fn to_bool(value: &Value) -> bool {
    match value {
        Value::Bool(v) => *v,
        Value::Null | Value::Nothing => false,
        Value::I32(v) => *v != 0,
        Value::Str(v) => !v.is_empty(),
        _ => other_to_bool(value),
    }
}

fn other_to_bool(value: &Value) -> bool {
    match value {
        Value::Bool(v) => *v,
        Value::Null | Value::Nothing => false,
        Value::Char(v) => *v != 0,
        Value::I8(v) => *v != 0,
        Value::U8(v) => *v != 0,
        Value::I16(v) => *v != 0,
        Value::U16(v) => *v != 0,
        Value::I32(v) => *v != 0,
        Value::U32(v) => *v != 0,
        Value::I64(v) => *v != 0,
        Value::U64(v) => *v != 0,
        Value::F32(v) => *v != 0.0,
        Value::F64(v) => *v != 0.0,
        Value::Enum(v) => v.bits != 0,
        Value::Decimal(v) => !v.is_zero(),
        Value::BigInt(v) => v.sign() != num_bigint::Sign::NoSign,
        Value::Str(v) => !v.is_empty(),
        Value::Array(array) if array.len() > 1 => true,
        Value::Array(array) => list_to_bool(&array.values()),
        Value::Native(native) => match native.data.truth() {
            Some(truth) => truth,
            None => native_to_bool(native),
        },
        Value::Wrapped(wrapped) => to_bool(&wrapped.base),
        Value::DateTime(_)
        | Value::TimeSpan(_)
        | Value::Hashtable(_)
        | Value::Object(_)
        | Value::ScriptBlock(_)
        | Value::Type(_)
        | Value::Error(_)
        | Value::Exception(_) => true,
    }
}

/// A list without items is false, one with a single item is what that is, longer ones are true.
fn list_to_bool(items: &[Value]) -> bool {
    match items {
        [] => false,
        [Value::Array(inner)] => !inner.is_empty(),
        [only] => to_bool(only),
        _ => true,
    }
}

fn native_to_bool(native: &crate::value::Native) -> bool {
    if !native.data.kind().implements(TypeRef::ILIST) {
        return true;
    }
    match native.data.count() {
        Some(0) => false,
        Some(1) => native.data.enumerate().is_none_or(|items| list_to_bool(&items)),
        Some(_) | None => true,
    }
}

/// To `bool`: truthiness.
pub(super) fn convert(_: &mut dyn Engine, value: &Value, _: TypeRef) -> Outcome<Value> {
    Ok(Value::Bool(to_bool(value)))
}

/// A `SwitchParameter`.
pub(super) fn switch(on: bool) -> Outcome<Value> {
    Ok(crate::value::switch_parameter(on))
}

/// To `switch`: truthiness.
pub(super) fn to_switch(_: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    match value {
        Value::Str(_) => Err(super::no_conversion(value, target).into()),
        other => switch(to_bool(other)),
    }
}
