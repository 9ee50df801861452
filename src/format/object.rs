//! What formatting asks of objects: their type names, properties and texts. The one door to members and conversion.

use super::cells::ELLIPSIS;
use super::expression::{self, Expression};
use super::resolve::Request;
use super::view::Column;
use crate::value::{Engine, Outcome, Str, TypeRef, Value};
use std::fmt::Write as _;

/// What a failed cell shows where errors are to be shown.
const ERROR_MARK: &str = "#ERR";

/// The last part of the type's name.
pub(crate) fn short_type_name(value: &Value) -> Str {
    let names = type_names(value);
    let full = names.first().map_or("PSObject", |name| name.as_str());
    Str::from(full.rsplit('.').next().unwrap_or(full))
}

/// False for objects that certainly have no view: custom objects without type names of their own.
pub(crate) fn may_have_view(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.kind != TypeRef::PSCUSTOMOBJECT || object.extension.is_used(),
        _ => true,
    }
}

/// True for what is written as it is: strings, numbers, truth values, characters, enumeration members.
pub(crate) fn is_scalar(value: &Value) -> bool {
    match value {
        Value::Wrapped(wrapped) => is_scalar(&wrapped.base),
        Value::Bool(_)
        | Value::Char(_)
        | Value::I8(_)
        | Value::U8(_)
        | Value::I16(_)
        | Value::U16(_)
        | Value::I32(_)
        | Value::U32(_)
        | Value::I64(_)
        | Value::U64(_)
        | Value::F32(_)
        | Value::F64(_)
        | Value::Enum(_)
        | Value::Decimal(_)
        | Value::BigInt(_)
        | Value::Str(_) => true,
        Value::Native(native) => native.data.kind() == TypeRef::SECURESTRING,
        _ => false,
    }
}

/// True for strings.
pub(crate) fn is_string(value: &Value) -> bool {
    match value {
        Value::Wrapped(wrapped) => is_string(&wrapped.base),
        Value::Str(_) => true,
        _ => false,
    }
}

/// True where there is nothing to put into columns.
pub(crate) fn has_no_properties(engine: &mut dyn Engine, value: &Value) -> Outcome<bool> {
    match value {
        Value::Object(object) if !object.shape.borrow().names.is_empty() => Ok(false),
        _ => Ok(property_names(engine, value)?.is_empty()),
    }
}

/// The value of an expression; nothing where there is no such property or it failed.
pub(crate) fn value_or_none(engine: &mut dyn Engine, value: &Value, expression: &Expression) -> Outcome<Option<Value>> {
    match expression.value(engine, value) {
        Ok(found) => Ok(found),
        Err(unwind) if expression::is_error(&unwind) => Ok(None),
        Err(unwind) => Err(unwind),
    }
}

/// The text of a table cell.
pub(crate) fn cell(
    engine: &mut dyn Engine,
    value: &Value,
    column: &Column,
    limit: i64,
    request: &Request,
) -> Outcome<Str> {
    let mut text = String::new();
    write_cell(engine, value, column, limit, request, &mut text)?;
    Ok(Str::from(text))
}

/// Writes a table cell; numbers with a fraction get three decimals there.
pub(crate) fn write_cell(
    engine: &mut dyn Engine,
    value: &Value,
    column: &Column,
    limit: i64,
    request: &Request,
    text: &mut String,
) -> Outcome<()> {
    write_field(engine, value, column, Style { limit, decimals: true, display_error: request.display_error }, text)
}

/// Writes the value of a list's line.
pub(crate) fn write_value(
    engine: &mut dyn Engine,
    value: &Value,
    column: &Column,
    limit: i64,
    request: &Request,
    text: &mut String,
) -> Outcome<()> {
    write_field(engine, value, column, Style { limit, decimals: false, display_error: request.display_error }, text)
}

#[derive(Clone, Copy)]
struct Style {
    limit: i64,
    decimals: bool,
    display_error: bool,
}

fn write_field(
    engine: &mut dyn Engine,
    value: &Value,
    column: &Column,
    style: Style,
    text: &mut String,
) -> Outcome<()> {
    let found = match column.expression.value(engine, value) {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(()),
        Err(unwind) if expression::is_error(&unwind) => {
            if style.display_error {
                text.push_str(ERROR_MARK);
            }
            return Ok(());
        }
        Err(unwind) => return Err(unwind),
    };
    if let Some(format) = &column.format
        && let Some(formatted) = members::formatted(engine, &found, format)
    {
        text.push_str(&formatted);
        return Ok(());
    }
    write_text(engine, &found, style.limit, style.decimals, text)
}

/// Writes a value as a cell shows it: a collection as `{a, b…}`, anything else as its text.
pub(crate) fn write_text(
    engine: &mut dyn Engine,
    value: &Value,
    limit: i64,
    decimals: bool,
    text: &mut String,
) -> Outcome<()> {
    match value {
        Value::Null | Value::Nothing => return Ok(()),
        Value::Str(content) => text.push_str(content),
        Value::I32(number) => {
            // Writing to a string cannot fail.
            let _ = write!(text, "{number}");
        }
        Value::F32(_) | Value::F64(_) | Value::Decimal(_) if decimals => match members::formatted(engine, value, "F") {
            Some(formatted) => text.push_str(&formatted),
            None => text.push_str(&members::text(engine, value)?),
        },
        Value::Wrapped(wrapped)
            if decimals && matches!(wrapped.base, Value::F32(_) | Value::F64(_) | Value::Decimal(_)) =>
        {
            return write_text(engine, &wrapped.base, limit, decimals, text);
        }
        _ => match enumerate(value) {
            Some(items) => write_items(engine, &items, limit, text)?,
            None => match members::text(engine, value) {
                Ok(content) => text.push_str(&content),
                Err(unwind) if expression::is_error(&unwind) => {}
                Err(unwind) => return Err(unwind),
            },
        },
    }
    Ok(())
}

fn write_items(engine: &mut dyn Engine, items: &[Value], limit: i64, text: &mut String) -> Outcome<()> {
    text.push('{');
    for (at, item) in items.iter().enumerate() {
        if usize::try_from(limit).is_ok_and(|limit| at == limit) {
            text.push_str(ELLIPSIS);
            break;
        }
        if at > 0 {
            text.push_str(", ");
        }
        text.push_str(&item_text(engine, item)?);
    }
    text.push('}');
    Ok(())
}

/// How an item of a collection is shown: as its text where its type has one, else by a property that names it.
fn item_text(engine: &mut dyn Engine, item: &Value) -> Outcome<Str> {
    if item.is_null() {
        return Ok(Str::from("$null"));
    }
    if !members::has_own_text(engine, item)
        && let Some(name) = naming_property(engine, item)?
    {
        let named = value_or_none(engine, item, &Expression::Name(name))?.unwrap_or(Value::Null);
        return text(engine, &named);
    }
    text(engine, item)
}

/// Patterns of properties that name an object, best first.
const NAMING: [&str; 6] = ["name", "id", "key", "*key", "*name", "*id"];

/// The property that names an object, where there is one.
pub(crate) fn naming_property(engine: &mut dyn Engine, value: &Value) -> Outcome<Option<Str>> {
    let names = match value {
        Value::Hashtable(table) if !table.ordered => table.keys().iter().map(plain_text).collect(),
        _ => property_names(engine, value)?,
    };
    Ok(NAMING.iter().find_map(|pattern| {
        let found = names.iter().find(|name| {
            let name = name.to_ascii_lowercase();
            match pattern.strip_prefix('*') {
                Some(ending) => name.ends_with(ending),
                None => name == *pattern,
            }
        });
        found.cloned()
    }))
}

pub(crate) use members::{
    bare, display_names, enumerate, formatted, matching_names, number, own_text, plain_text, property, property_names,
    resolve_name, same_key, shown_names, text, type_names, whole_number,
};

/// The calls into the value storey.
mod members;
