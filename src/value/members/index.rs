//! `value[index]`, read and written: by number from either end, by key, by several at once.

use super::{extension, overload::Site};
use crate::value::{
    Array, Engine, ErrorCategory, Fault, Hashtable, Outcome, Str, TypeRef, Unwind, Value, compare, convert,
};

/// Reads `value[index]`.
pub(crate) fn index(engine: &mut dyn Engine, value: &Value, index: &Value) -> Outcome<Value> {
    if let Some(part) = crate::value::part_of(value) {
        return self::index(engine, &part, index);
    }
    let bare = extension::bare(value);
    let key = extension::bare(index);
    match bare {
        Value::Hashtable(table) => return index_table(engine, table, key),
        Value::Array(array) if array.dimensions.len() > 1 => return multi_get(engine, array, key),
        Value::Native(native) if native.data.dictionary().is_some() => {
            return index_native_dictionary(engine, bare, key);
        }
        _ => {}
    }
    if let Value::Array(list) = key {
        let keys = list.values();
        let found = keys.iter().map(|key| one_of_many(engine, bare, key)).collect::<Outcome<Vec<_>>>()?;
        return Ok(Value::array(found.into_iter().flatten().collect()));
    }
    match bare {
        Value::Array(array) => match position(engine, key, array.len()) {
            Ok(at) => match at.and_then(|at| array.get(at)) {
                Some(item) => Ok(item),
                None => outside(engine, "System.IndexOutOfRangeException"),
            },
            // Text that is no number is no place, which is as good as one out of range.
            Err(Unwind::Fault(_)) if matches!(key, Value::Str(_)) => Ok(Value::Null),
            Err(error) => Err(error),
        },
        Value::Str(text) => index_text(engine, text, key),
        Value::Native(native) => match native.data.at_key(key) {
            Some(found) => Ok(found),
            None => index_native(engine, bare, key),
        },
        Value::Null | Value::Nothing => Fault::new("NullArray", "Null cannot be indexed.").err(),
        _ => single(engine, bare, key),
    }
}

/// What has no items counts as one: its first and its last item are itself, and there is no other.
fn single(engine: &mut dyn Engine, value: &Value, key: &Value) -> Outcome<Value> {
    if [0, -1].iter().any(|place| compare::equals(&Value::I32(*place), key, false)) {
        return Ok(value.clone());
    }
    if engine.strictness() < 2 { Ok(Value::Nothing) } else { cannot_index(value).err() }
}

/// One of several indexes; those out of range are left out.
fn one_of_many(engine: &mut dyn Engine, value: &Value, key: &Value) -> Outcome<Option<Value>> {
    match value {
        Value::Array(array) => match position(engine, key, array.len())?.and_then(|at| array.get(at)) {
            Some(item) => Ok(Some(item)),
            None => outside(engine, "System.IndexOutOfRangeException").map(|_| None),
        },
        Value::Str(text) => {
            let at = position(engine, key, text.utf16_len())?;
            Ok(at.and_then(|at| super::library::string::unit_at(text, at)).map(Value::Char))
        }
        Value::Native(native) if native.data.count().is_some() => {
            let length = native.data.count().unwrap_or(0);
            Ok(position(engine, key, length)?.and_then(|at| native.data.at(at)))
        }
        other => index(engine, other, key).map(Some),
    }
}

/// A place in a sequence of this length: negative from the end; `None` outside.
fn position(engine: &mut dyn Engine, key: &Value, length: usize) -> Outcome<Option<usize>> {
    let number = match key {
        Value::I32(number) => i64::from(*number),
        Value::I64(number) => *number,
        Value::Null | Value::Nothing => {
            return Fault::new("NullArrayIndex", "The index is null; give a number.").err();
        }
        other => whole_number(engine, other)?,
    };
    let from_start = if number < 0 { number + length as i64 } else { number };
    Ok(usize::try_from(from_start).ok().filter(|at| *at < length))
}

fn whole_number(engine: &mut dyn Engine, key: &Value) -> Outcome<i64> {
    let number = convert::to(engine, key, TypeRef::INT32)?;
    Ok(super::table::integer_of(&number).unwrap_or(0))
}

fn index_text(engine: &mut dyn Engine, text: &Str, key: &Value) -> Outcome<Value> {
    let at = position(engine, key, text.utf16_len())?;
    match at.and_then(|at| super::library::string::unit_at(text, at)) {
        Some(unit) => Ok(Value::Char(unit)),
        None => outside(engine, "System.IndexOutOfRangeException"),
    }
}

/// What lies past the end: null, or an error of this type where the script asked for strictness of version 3.
fn outside(engine: &mut dyn Engine, exception: &'static str) -> Outcome<Value> {
    if engine.strictness() < 3 {
        return Ok(Value::Null);
    }
    Fault::new(exception, "The index lies outside of the collection; strict mode asks that it lies within.")
        .category(ErrorCategory::OperationStopped)
        .exception(exception)
        .err()
}

/// By key; an ordered table also by number. Several keys give several values.
fn index_table(engine: &mut dyn Engine, table: &Hashtable, key: &Value) -> Outcome<Value> {
    match key {
        Value::Null | Value::Nothing => {
            Fault::new("NullArrayIndex", "The key is null, and a hashtable has no such key.").err()
        }
        Value::Array(keys) => {
            let keys = keys.values();
            let found = keys.iter().map(|key| index_table(engine, table, key)).collect::<Outcome<Vec<_>>>()?;
            Ok(Value::array(found))
        }
        Value::I32(number) if table.ordered => {
            let at = i64::from(*number) + if *number < 0 { table.len() as i64 } else { 0 };
            Ok(usize::try_from(at).ok().and_then(|at| table.entry_at(at)).map(|(_, value)| value).unwrap_or_default())
        }
        key => Ok(table.get(key).unwrap_or_default()),
    }
}

/// A generic dictionary: a missing key reads as null, as the language has it.
fn index_native_dictionary(engine: &mut dyn Engine, value: &Value, key: &Value) -> Outcome<Value> {
    let Value::Native(native) = value else { return Ok(Value::Null) };
    if let Value::Array(keys) = key {
        let keys = keys.values();
        let found = keys.iter().map(|key| index_native_dictionary(engine, value, key));
        return Ok(Value::array(found.collect::<Outcome<Vec<_>>>()?));
    }
    let key = dictionary_key(engine, native.data.kind(), key)?;
    Ok(native.data.dictionary().and_then(|table| table.get(&key)).unwrap_or_default())
}

/// A key in the type that a generic dictionary asks for.
fn dictionary_key(engine: &mut dyn Engine, kind: TypeRef, key: &Value) -> Outcome<Value> {
    match kind.info().arguments.first() {
        Some(wanted) => {
            super::overload::convert_argument(engine, &Site { kind, name: "Item" }, "key", key.clone(), *wanted)
        }
        None => Ok(key.clone()),
    }
}

/// Lists and whatever else counts its items.
fn index_native(engine: &mut dyn Engine, value: &Value, key: &Value) -> Outcome<Value> {
    let Value::Native(native) = value else { return single(engine, value, key) };
    if native.data.indexable()
        && let Some(length) = native.data.count()
    {
        return match position(engine, key, length)?.and_then(|at| native.data.at(at)) {
            Some(item) => Ok(item),
            None => outside(engine, "System.ArgumentOutOfRangeException"),
        };
    }
    match super::table::find_method(native.data.kind(), "get_Item") {
        Some(method) => {
            let site = Site { kind: native.data.kind(), name: "get_Item" };
            super::invoke::invoke(engine, value, &site, method, vec![key.clone()])
        }
        None => single(engine, value, key),
    }
}

/// `$grid[1, 2]`.
fn multi_get(engine: &mut dyn Engine, array: &Array, key: &Value) -> Outcome<Value> {
    match multi_position(engine, array, key)?.and_then(|at| array.get(at)) {
        Some(item) => Ok(item),
        None => outside(engine, "System.IndexOutOfRangeException"),
    }
}

/// The place of several indexes in row-major order; `None` outside.
fn multi_position(engine: &mut dyn Engine, array: &Array, key: &Value) -> Outcome<Option<usize>> {
    let keys = match key {
        Value::Array(keys) => keys.values(),
        one => vec![one.clone()],
    };
    if keys.len() != array.dimensions.len() {
        let text = format!("The array has {} dimensions; give as many indexes.", array.dimensions.len());
        return Fault::new("NeedMultidimensionalIndex", text).err();
    }
    let mut at = 0usize;
    for (key, size) in keys.iter().zip(&array.dimensions) {
        match position(engine, key, *size as usize)? {
            Some(place) => at = at.saturating_mul(*size as usize).saturating_add(place),
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}

/// Writes `value[index] = new`.
pub(crate) fn index_set(engine: &mut dyn Engine, value: &Value, index: &Value, new: Value) -> Outcome<()> {
    if let Some(part) = crate::value::part_of(value) {
        return index_set(engine, &part, index, new);
    }
    let bare = extension::bare(value);
    let key = extension::bare(index);
    match bare {
        Value::Hashtable(table) => set_table(table, key, new),
        Value::Array(array) => set_array(engine, array, key, new),
        Value::Native(native) if native.data.dictionary().is_some() => set_native_dictionary(engine, bare, key, new),
        Value::Native(native) if native.data.count().is_some() && native.data.indexable() => {
            let length = native.data.count().unwrap_or(0);
            let element = native.data.kind().info().arguments.first().copied().unwrap_or(TypeRef::OBJECT);
            let new = convert_element(engine, &new, element)?;
            match position(engine, key, length)? {
                Some(at) if native.data.set_at(at, new) => Ok(()),
                Some(_) => cannot_index(bare).err(),
                None => list_range(key).err(),
            }
        }
        Value::Native(native) => match super::table::find_method(native.data.kind(), "set_Item") {
            Some(method) => {
                let site = Site { kind: native.data.kind(), name: "set_Item" };
                super::invoke::invoke(engine, bare, &site, method, vec![key.clone(), new]).map(|_| ())
            }
            None => cannot_index(bare).err(),
        },
        Value::Null | Value::Nothing => Fault::new("NullArray", "Null cannot be indexed.").err(),
        _ => cannot_index(bare).err(),
    }
}

fn set_table(table: &Hashtable, key: &Value, new: Value) -> Outcome<()> {
    match key {
        Value::Null | Value::Nothing => {
            Fault::new("NullArrayIndex", "The key is null; a hashtable needs one that is not.").err()
        }
        Value::I32(number) if table.ordered => {
            let placed = usize::try_from(*number).is_ok_and(|at| table.set_at(at, new));
            if placed { Ok(()) } else { list_range(key).err() }
        }
        key => {
            table.insert(key.clone(), new);
            Ok(())
        }
    }
}

fn set_array(engine: &mut dyn Engine, array: &Array, key: &Value, new: Value) -> Outcome<()> {
    let several = matches!(key, Value::Array(_));
    if several && array.dimensions.len() < 2 {
        return Fault::new(
            "ArraySliceAssignmentFailed",
            "Several places cannot be assigned at once; assign one by one.",
        )
        .err();
    }
    let new = convert_element(engine, &new, array.element)?;
    let at = if several { multi_position(engine, array, key)? } else { position(engine, key, array.len())? };
    let done = at.is_some_and(|at| array.set(at, new).is_ok());
    match done {
        true => Ok(()),
        false => Fault::new(
            "System.IndexOutOfRangeException",
            format!("The index {} is outside the array, which has {} elements.", convert::to_text(key), array.len()),
        )
        .exception("System.IndexOutOfRangeException")
        .category(ErrorCategory::OperationStopped)
        .err(),
    }
}

fn convert_element(engine: &mut dyn Engine, new: &Value, element: TypeRef) -> Outcome<Value> {
    if element == TypeRef::OBJECT || TypeRef::of(new) == element && !new.is_null() {
        return Ok(new.clone());
    }
    convert::to(engine, new, element)
}

fn set_native_dictionary(engine: &mut dyn Engine, value: &Value, key: &Value, new: Value) -> Outcome<()> {
    let Value::Native(native) = value else { return Ok(()) };
    let kind = native.data.kind();
    let key = dictionary_key(engine, kind, key)?;
    let wanted = kind.info().arguments.get(1).copied().unwrap_or(TypeRef::OBJECT);
    let new = convert_element(engine, &new, wanted)?;
    if let Some(table) = native.data.dictionary() {
        table.insert(key, new);
    }
    Ok(())
}

fn list_range(key: &Value) -> Fault {
    Fault::new(
        "System.ArgumentOutOfRangeException",
        format!("The index {} is outside the collection.", convert::to_text(key)),
    )
    .exception("System.ArgumentOutOfRangeException")
    .category(ErrorCategory::OperationStopped)
}

fn cannot_index(value: &Value) -> Fault {
    Fault::new("CannotIndex", format!("[{}] cannot be indexed.", TypeRef::of(value)))
}
