//! The calls into the value storey.

use crate::value::{Engine, Outcome, Str, TypeRef, Value};

pub(super) fn type_names(value: &Value) -> Vec<Str> {
    match value {
        Value::Object(object) => {
            if let Some(names) = object.extension.get().and_then(|e| e.borrow().type_names.clone()) {
                return names;
            }
            let mut names = vec![];
            let mut kind = Some(object.kind);
            while let Some(k) = kind {
                names.push(Str::from(k.name()));
                kind = k.info().base;
            }
            names
        }
        Value::Hashtable(_) => vec![Str::from("System.Collections.Hashtable")],
        _ => vec![],
    }
}

pub(super) fn has_own_text(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.kind == TypeRef::PSCUSTOMOBJECT,
        _ => true,
    }
}

pub(super) fn format(_engine: &mut dyn Engine, value: &Value, _format: &str) -> Option<String> {
    match value {
        Value::F64(v) => Some(format!("{v:.3}")),
        _ => None,
    }
}

/// The properties that the object's type shows where nobody chooses.
pub fn display_names(_engine: &mut dyn Engine, _value: &Value) -> Outcome<Vec<Str>> {
    Ok(Vec::new())
}

/// The items of a collection.
pub fn enumerate(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(array) => Some(array.items().clone()),
        _ => None,
    }
}

/// Names of properties that match a pattern, in the object's order.
pub fn matching_names(engine: &mut dyn Engine, value: &Value, pattern: &str) -> Outcome<Vec<Str>> {
    let names = property_names(engine, value)?;
    let ending = pattern.trim_start_matches('*').to_ascii_lowercase();
    Ok(names.into_iter().filter(|n| n.to_ascii_lowercase().ends_with(&ending)).collect())
}

/// A setting as text.
pub fn plain_text(value: &Value) -> Str {
    match value {
        Value::Str(text) => text.clone(),
        Value::I32(n) => Str::from(n.to_string()),
        _ => Str::from(""),
    }
}

/// A property's value; `None` where there is none of that name.
pub fn property(_engine: &mut dyn Engine, value: &Value, name: &str) -> Outcome<Option<Value>> {
    Ok(match value {
        Value::Object(object) => {
            let shape = object.shape.borrow();
            let at = shape.names.iter().position(|n| n.eq_ignore_ascii_case(name));
            at.and_then(|at| object.values.borrow().get(at).cloned())
        }
        _ => None,
    })
}

/// Names of properties, in the object's order.
pub fn property_names(_engine: &mut dyn Engine, value: &Value) -> Outcome<Vec<Str>> {
    Ok(match value {
        Value::Object(object) => object.shape.borrow().names.clone(),
        _ => Vec::new(),
    })
}

/// A name as the object writes it; a property set gives its members.
pub fn resolve_name(engine: &mut dyn Engine, value: &Value, name: &str) -> Outcome<Vec<Str>> {
    Ok(property_names(engine, value)?.into_iter().filter(|n| n.eq_ignore_ascii_case(name)).collect())
}

/// True where two group keys are one.
pub fn same_key(engine: &mut dyn Engine, left: &Value, right: &Value) -> bool {
    let l = text(engine, left).unwrap_or_else(|_| Str::from(""));
    let r = text(engine, right).unwrap_or_else(|_| Str::from(""));
    left.is_null() == right.is_null() && l.eq_ignore_ascii_case(&r)
}

/// An object's text.
pub fn text(_engine: &mut dyn Engine, value: &Value) -> Outcome<Str> {
    Ok(match value {
        Value::Str(text) => text.clone(),
        Value::Bool(b) => Str::from(if *b { "True" } else { "False" }),
        Value::I32(n) => Str::from(n.to_string()),
        Value::F64(n) => Str::from(n.to_string()),
        _ => Str::from(""),
    })
}

/// A whole number, where a value is one.
pub fn whole_number(value: &Value) -> Option<i64> {
    match value {
        Value::I32(n) => Some(i64::from(*n)),
        Value::I64(n) => Some(*n),
        _ => None,
    }
}

/// A number, whatever its type.
pub fn number(value: &Value) -> Option<f64> {
    match value {
        Value::F64(n) => Some(*n),
        Value::I32(n) => Some(f64::from(*n)),
        Value::I64(n) => Some(*n as f64),
        _ => None,
    }
}

/// A value in a format, where its type has formats.
pub fn formatted(engine: &mut dyn Engine, value: &Value, format_text: &str) -> Option<String> {
    format(engine, value, format_text)
}

/// The type of this full name.
pub fn type_named(_name: &'static str) -> TypeRef {
    TypeRef::OBJECT
}
