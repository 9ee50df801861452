//! Enumerations: from names, unique beginnings of names, comma lists, numbers.

use super::{cast_fault, no_conversion};
use crate::value::types::EnumInfo;
use crate::value::{EnumValue, Fault, Outcome, TypeRef, Value};
use std::rc::Rc;

/// To an enumeration.
pub(crate) fn to_enum(value: &Value, target: TypeRef) -> Outcome<Value> {
    let Some(info) = target.info().enumeration else { return Err(no_conversion(value, target).into()) };
    match value {
        Value::Str(text) => {
            from_text(text, &info).map(|bits| make(target, bits)).map_err(|why| text_fault(value, target, why).into())
        }
        Value::Array(array) => {
            let items = array.values();
            from_list(&items, target)
        }
        Value::Native(native) if native.data.enumerate().is_some() => {
            from_list(&native.data.enumerate().unwrap_or_default(), target)
        }
        Value::Enum(member) if info.flags => Ok(make(target, member.bits)),
        Value::Bool(_) | Value::Char(_) => Err(no_conversion(value, target).into()),
        other => {
            let bits = super::to_i64(other).map_err(|_| no_conversion(value, target))?;
            if is_defined(&info, bits) {
                return Ok(make(target, bits));
            }
            let why = format!("the number is none of its values; they are {}", names(&info));
            Err(cast_fault("UndefinedIntegerToEnum", value, target, &why).into())
        }
    }
}

fn make(kind: TypeRef, bits: i64) -> Value {
    Value::Enum(Rc::new(EnumValue { kind, bits }))
}

/// Items of a list combine as flags.
fn from_list(items: &[Value], target: TypeRef) -> Outcome<Value> {
    let mut bits = 0;
    for item in items {
        if let Value::Enum(member) = to_enum(item, target)? {
            bits |= member.bits;
        }
    }
    if items.is_empty() { Err(null_fault(target).into()) } else { Ok(make(target, bits)) }
}

/// True where a number is a value of the enumeration, or made up of its flags.
fn is_defined(info: &EnumInfo, bits: i64) -> bool {
    let all = info.members.iter().fold(0, |all, (_, number)| all | number);
    info.members.iter().any(|(_, number)| *number == bits) || (info.flags && bits & !all == 0)
}

/// Why a text is no member.
enum Why {
    Unknown(String),
    Ambiguous(String),
    Number,
}

fn from_text(text: &str, info: &EnumInfo) -> Result<i64, Why> {
    let mut bits = 0;
    for part in text.split(',') {
        bits |= member_bits(part.trim(), info)?;
    }
    Ok(bits)
}

fn member_bits(name: &str, info: &EnumInfo) -> Result<i64, Why> {
    if name.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+') {
        let bits = name.parse().map_err(|_| Why::Number)?;
        return if is_defined(info, bits) { Ok(bits) } else { Err(Why::Number) };
    }
    if let Some((_, bits)) = info.members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        return Ok(*bits);
    }
    let begins = |known: &str| known.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let mut candidates = info.members.iter().filter(|(known, _)| !name.is_empty() && begins(known));
    match (candidates.next(), candidates.next()) {
        (Some((_, bits)), None) => Ok(*bits),
        (Some(_), Some(_)) => Err(Why::Ambiguous(name.to_string())),
        (None, _) => Err(Why::Unknown(name.to_string())),
    }
}

fn names(info: &EnumInfo) -> String {
    let names: Vec<&str> = info.members.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}

fn text_fault(value: &Value, target: TypeRef, why: Why) -> Fault {
    let known = target.info().enumeration.map(|info| names(&info)).unwrap_or_default();
    let (id, why) = match why {
        Why::Unknown(name) => ("", format!("'{name}' is none of its names; they are {known}")),
        Why::Ambiguous(name) => ("", format!("'{name}' begins several of its names; they are {known}")),
        Why::Number => ("EnumerationUndefined", format!("the number is none of its values; they are {known}")),
    };
    let id = if id.is_empty() { "SubstringDisambiguationEnumParseThrewAnException" } else { id };
    cast_fault(id, value, target, &why)
}

/// The fault of `$null` as an enumeration.
pub(super) fn null_fault(target: TypeRef) -> Fault {
    let known = target.info().enumeration.map(|info| names(&info)).unwrap_or_default();
    let why = format!("null is none of its values; they are {known}");
    cast_fault("InvalidCastEnumerationNull", &Value::Null, target, &why)
}
