//! Arrays and hashtables.

use super::no_conversion;
use crate::value::{Array, Engine, Hashtable, Outcome, TypeRef, Value, enumerate};
use std::rc::Rc;

/// To an array: items converted one by one; a single value becomes an array of one.
pub(super) fn to_array(engine: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    let Some(element) = target.info().element else { return Err(no_conversion(value, target).into()) };
    let items = match value {
        Value::Str(text) if element == TypeRef::CHAR => text.encode_utf16().map(Value::Char).collect(),
        other => enumerate(other).unwrap_or_else(|| vec![other.clone()]),
    };
    if element == TypeRef::OBJECT {
        return Ok(Value::array(items));
    }
    let mut converted = Vec::with_capacity(items.len());
    for item in &items {
        converted.push(super::to(engine, item, element)?);
    }
    Ok(Value::Array(Array::typed(element, converted)))
}

/// To `array`: what is one already stays, others become an array of one.
pub(super) fn to_object_array(_: &mut dyn Engine, value: &Value, _: TypeRef) -> Outcome<Value> {
    match value {
        Value::Array(_) => Ok(value.clone()),
        other => Ok(Value::array(enumerate(other).unwrap_or_else(|| vec![other.clone()]))),
    }
}

/// To one of the untyped collection interfaces.
pub(super) fn to_enumerable(engine: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    if target.is_assignable_from(TypeRef::of(value)) {
        return Ok(value.clone());
    }
    to_object_array(engine, value, target)
}

/// Keys and values of any dictionary.
pub(super) fn pairs(value: &Value) -> Option<Vec<(Value, Value)>> {
    match value {
        Value::Hashtable(table) => Some(table.pairs()),
        Value::Native(native) => native.data.pairs(),
        Value::Wrapped(wrapped) => pairs(&wrapped.base),
        _ => None,
    }
}

fn to_table(value: &Value, target: TypeRef, ordered: bool) -> Outcome<Value> {
    match pairs(value) {
        Some(pairs) => Ok(Value::Hashtable(Hashtable::from_pairs(ordered, pairs))),
        None if matches!(value, Value::Object(_)) => {
            let why = "write the properties as @{ Name = value }, or copy them from $object.PSObject.Properties";
            Err(super::cast_fault("InvalidCastConstructorException", value, target, why).into())
        }
        None => Err(no_conversion(value, target).into()),
    }
}

/// To `hashtable`.
pub(super) fn to_hashtable(_: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    to_table(value, target, false)
}

/// To what `$PSDefaultParameterValues` is.
pub(super) fn to_parameter_defaults(_: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    let Some(pairs) = pairs(value) else { return Err(no_conversion(value, target).into()) };
    let table = Hashtable::parameter_defaults();
    for (key, value) in pairs {
        table.insert(key, value);
    }
    Ok(Value::Hashtable(table))
}

/// To `[ordered]`: the order of an ordered dictionary, or that of a plain table.
pub(super) fn to_ordered(_: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    to_table(value, target, true)
}

/// The items of a value as an array of an element type, for constructors that take a collection.
pub(super) fn items_as(engine: &mut dyn Engine, value: &Value, element: TypeRef) -> Outcome<Rc<Array>> {
    let items = enumerate(value).unwrap_or_else(|| vec![value.clone()]);
    let mut converted = Vec::with_capacity(items.len());
    for item in &items {
        converted.push(super::to(engine, item, element)?);
    }
    Ok(Array::typed(element, converted))
}
