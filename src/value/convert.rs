//! Conversion of values to types, as `LanguagePrimitives.ConvertTo` has it: casts, typed variables and parameters.
//! Conversions of arguments to .NET methods choose among overloads first and are `members`'s.

mod boolean;
mod collection;
mod detached;
mod enumeration;
mod number;
mod object;
mod outside;
mod text;
mod time;

pub(crate) use boolean::to_bool;
pub(crate) use detached::Detached;
pub(crate) use enumeration::to_enum;
pub(crate) use number::real_to_decimal;
pub(crate) use number::{to_decimal, to_f64, to_i32, to_i64};
pub(crate) use object::to_custom_object;
pub(crate) use text::{array_type_name, to_text, to_text_with, write_text};

use super::error::simple_exception;
use super::{Engine, ErrorCategory, Exception, Fault, Outcome, TypeRef, Value};
use std::borrow::Cow;
use std::rc::Rc;

/// How a conversion to one type is done.
type Converter = fn(&mut dyn Engine, &Value, TypeRef) -> Outcome<Value>;

/// Target types with conversions of their own, most asked for first. Everything else goes through constructors,
/// `Parse` and property setting.
const CONVERTERS: &[(TypeRef, Converter)] = &[
    (TypeRef::STRING, text::convert),
    (TypeRef::INT32, number::convert),
    (TypeRef::BOOLEAN, boolean::convert),
    (TypeRef::DOUBLE, number::convert),
    (TypeRef::INT64, number::convert),
    (TypeRef::DATETIME, time::to_date),
    (TypeRef::SWITCH_PARAMETER, boolean::to_switch),
    (TypeRef::CHAR, number::to_char),
    (TypeRef::BYTE, number::convert),
    (TypeRef::DECIMAL, number::convert),
    (TypeRef::TIMESPAN, time::to_span),
    (TypeRef::HASHTABLE, collection::to_hashtable),
    (TypeRef::ORDERED_DICTIONARY, collection::to_ordered),
    (TypeRef::DEFAULT_PARAMETER_DICTIONARY, collection::to_parameter_defaults),
    (TypeRef::ARRAY, collection::to_object_array),
    (TypeRef::TYPE, object::to_type),
    (TypeRef::REGEX, object::to_regex),
    (TypeRef::UINT32, number::convert),
    (TypeRef::UINT64, number::convert),
    (TypeRef::INT16, number::convert),
    (TypeRef::UINT16, number::convert),
    (TypeRef::SBYTE, number::convert),
    (TypeRef::SINGLE, number::convert),
    (TypeRef::BIGINTEGER, number::convert),
    (TypeRef::XMLDOCUMENT, object::to_xml),
    (TypeRef::URI, object::to_uri),
    (TypeRef::PSCUSTOMOBJECT, object::to_ps_object),
    (TypeRef::PSREFERENCE, object::to_reference),
    (TypeRef::PSTYPENAME, object::to_type_name),
    (TypeRef::IENUMERABLE, collection::to_enumerable),
    (TypeRef::ICOLLECTION, collection::to_enumerable),
    (TypeRef::ILIST, collection::to_enumerable),
];

/// Converts a value to a type, as a cast does.
#[inline]
pub(crate) fn to(engine: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    match value {
        Value::Null | Value::Nothing => from_null(target),
        _ if target == TypeRef::OBJECT || target == TypeRef::PSOBJECT => Ok(value.clone()),
        // A conversion takes the value itself; what was added to it stays behind.
        Value::Wrapped(wrapped) => {
            let base = wrapped.base.clone();
            to(engine, &base, target)
        }
        _ if TypeRef::of(value) == target => Ok(value.clone()),
        _ => to_other(engine, value, target),
    }
}

/// Converts without an engine: for places that have none at hand. What needs one (script classes) fails.
pub(crate) fn to_plain(value: &Value, target: TypeRef) -> Outcome<Value> {
    to(&mut Detached, value, target)
}

fn to_other(engine: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    if let Some((_, converter)) = CONVERTERS.iter().find(|(kind, _)| *kind == target) {
        return converter(engine, value, target);
    }
    if target.is_assignable_from(TypeRef::of(value)) {
        return Ok(value.clone());
    }
    if let Some(inner) = target.nullable_of() {
        return to(engine, value, inner);
    }
    if target.is_enum() {
        return enumeration::to_enum(value, target);
    }
    if target.is_array() {
        return collection::to_array(engine, value, target);
    }
    object::convert(engine, value, target)
}

/// What `$null` becomes.
fn from_null(target: TypeRef) -> Outcome<Value> {
    if target == TypeRef::STRING {
        return Ok(Value::from(""));
    }
    if target == TypeRef::BOOLEAN {
        return Ok(Value::Bool(false));
    }
    if target == TypeRef::CHAR {
        return Ok(Value::Char(0));
    }
    if target == TypeRef::SWITCH_PARAMETER {
        return boolean::switch(false);
    }
    if target.is_number() {
        return number::convert(&mut Detached, &Value::I32(0), target);
    }
    if target == TypeRef::PSREFERENCE {
        return object::to_reference(&mut Detached, &Value::Null, target);
    }
    if target.is_enum() {
        return Err(enumeration::null_fault(target).into());
    }
    if target.is_value_type() && target.nullable_of().is_none() {
        return Err(cast_fault("InvalidCastFromNull", &Value::Null, target, "null is not a value of it").into());
    }
    Ok(Value::Null)
}

/// The fault of a cast that cannot be: id, and the reason in a few words.
pub(crate) fn cast_fault(id: impl Into<Cow<'static, str>>, value: &Value, target: TypeRef, why: &str) -> Fault {
    let text = to_text(value);
    let shown = shorten(&text);
    let from = if value.is_null() { "null".to_string() } else { TypeRef::of(value).name().to_string() };
    let message = format!("Cannot convert '{shown}' ({from}) to {}: {why}.", target.name());
    let id = id.into();
    let cause = cause_of(&id, value, &text).map(|name| simple_exception(name, why));
    let cast = Exception::new(TypeRef::PSINVALID_CAST_EXCEPTION, message.as_str(), cause);
    Fault::new(id, message).category(ErrorCategory::InvalidArgument).inner(Rc::new(cast))
}

/// The exception of .NET that a failed cast rests on.
fn cause_of(id: &str, value: &Value, text: &str) -> Option<&'static str> {
    let is_number = || text.trim().parse::<f64>().is_ok();
    Some(match id {
        "InvalidCastFromStringToInteger"
        | "InvalidCastFromStringToDoubleOrSingle"
        | "InvalidCastFromStringToDecimal"
            if is_number() =>
        {
            "System.OverflowException"
        }
        "InvalidCastIConvertible" if TypeRef::of(value).is_number() => "System.OverflowException",
        "InvalidCastIConvertible" => "System.InvalidCastException",
        "InvalidCastToXmlDocument" => "System.Xml.XmlException",
        "InvalidCastFromStringToInteger" | "InvalidCastParseTargetInvocation" => "System.FormatException",
        "InvalidCastFromStringToDoubleOrSingle" | "InvalidCastFromStringToDecimal" => "System.FormatException",
        "InvalidCastParseTargetInvocationWithFormatProvider" => "System.FormatException",
        _ => return None,
    })
}

/// A long value's beginning, for messages.
fn shorten(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 120;
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => Cow::Owned(format!("{}…", text.get(..at).unwrap_or(""))),
        None => Cow::Borrowed(text),
    }
}

/// The fault of a conversion for which there is no way at all.
pub(super) fn no_conversion(value: &Value, target: TypeRef) -> Fault {
    cast_fault("ConvertToFinalInvalidCastException", value, target, "there is no conversion between these types")
}

/// Converts for `-as`: `None` where it cannot be. What leaves a script early still does.
pub(crate) fn try_to(engine: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Option<Value>> {
    match to(engine, value, target) {
        Ok(converted) => Ok(Some(converted)),
        Err(super::Unwind::Control(control)) => Err(super::Unwind::Control(control)),
        Err(super::Unwind::Fault(_) | super::Unwind::Error(_)) => Ok(None),
    }
}

#[cfg(test)]
mod tests;
