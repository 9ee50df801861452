//! Values of parameters on their way out: what the product's own parameter types accept, and the JSON they travel as.

use super::time;
use crate::catalogue::{Noun, Parameter, ValueType};
use crate::value::convert::{to_bool, to_text};
use crate::value::members::library::net;
use crate::value::{ErrorCategory, Fault, Hashtable, Outcome, PsObject, TypeRef, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};

/// Checks a value against the product's own types when it is bound: an enumeration's values (a beginning is enough
/// where it is unambiguous), and objects that must be of the noun.
pub(super) fn accept(noun: &Noun, parameter: &Parameter, value: Value) -> Outcome<Value> {
    match &parameter.kind {
        ValueType::Enumeration(name) => match noun.enumeration(name) {
            Some(values) => one_of(name, values, &value),
            None => Ok(value),
        },
        ValueType::List(item) => match (&**item, &value) {
            (ValueType::Enumeration(name), _) if !value.is_null() => each_of(noun, name, value),
            _ => Ok(value),
        },
        ValueType::ListModifier(_) => list_modifier(&parameter.name, value),
        ValueType::Object if parameter.name == "Instance" => instance(noun, &parameter.type_name, value),
        _ => Ok(value),
    }
}

fn each_of(noun: &Noun, name: &str, value: Value) -> Outcome<Value> {
    let Some(values) = noun.enumeration(name) else { return Ok(value) };
    let items: Outcome<Vec<Value>> = items(&value).iter().map(|item| one_of(name, values, item)).collect();
    items.map(Value::array)
}

fn one_of(name: &str, values: &[String], given: &Value) -> Outcome<Value> {
    let text = text(given);
    let number = match given {
        Value::I32(number) => usize::try_from(*number).ok().and_then(|at| values.get(at)),
        _ => None,
    };
    let is = |known: &&String| known.eq_ignore_ascii_case(&text);
    let begins = |known: &&String| {
        known.get(..text.len()).is_some_and(|start| !text.is_empty() && start.eq_ignore_ascii_case(&text))
    };
    let mut beginnings = values.iter().filter(begins);
    let only = match (beginnings.next(), beginnings.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    };
    match number.or_else(|| values.iter().find(is)).or(only) {
        Some(found) => Ok(Value::from(found.as_str())),
        None => {
            let message = format!("'{text}' is no {name}. Use one of these values: {}.", values.join(", "));
            not_convertible(message, given)
        }
    }
}

/// `-Instance` takes an object of the noun: one that Get or New gave, or one with the same type name.
fn instance(noun: &Noun, type_name: &str, value: Value) -> Outcome<Value> {
    let Value::Object(object) = &value else {
        let message = format!("-Instance takes an object of {}; '{}' is none.", noun.name, text(&value));
        return not_convertible(message, &value);
    };
    let any = matches!(type_name, "PSObject" | "Object");
    if any || noun.types.is_empty() || has_type(object, noun) || property(object, "Identity").is_some() {
        return Ok(value);
    }
    not_convertible(format!("-Instance takes an object of {}, as its Get- cmdlet gives.", noun.name), &value)
}

fn has_type(object: &PsObject, noun: &Noun) -> bool {
    object.extension.get().is_some_and(|extension| {
        let extension = extension.borrow();
        let names = extension.type_names.iter().flatten();
        names.into_iter().any(|name| noun.types.iter().any(|known| known == name.as_str()))
    })
}

/// `@{Add=…; Remove=…}` or `@{Replace=…}`: no other keys, and Replace alone.
fn list_modifier(parameter: &str, value: Value) -> Outcome<Value> {
    const KEYS: [&str; 3] = ["add", "remove", "replace"];
    let Value::Hashtable(table) = &value else { return Ok(value) };
    let keys: Vec<String> = table.keys().iter().map(|key| text(key).to_ascii_lowercase()).collect();
    if let Some(stray) = keys.iter().find(|key| !KEYS.contains(&key.as_str())) {
        let message = format!("'{stray}' is no change of the list -{parameter}. Use Add, Remove or Replace.");
        return unbindable("CannotConvertArgument", message, &value);
    }
    if keys.len() > 1 && keys.iter().any(|key| key == "replace") {
        let message = format!("Replace stands alone: -{parameter} cannot add to or remove from what it replaces.");
        return unbindable("CannotConvertArgument", message, &value);
    }
    Ok(value)
}

fn not_convertible(message: String, value: &Value) -> Outcome<Value> {
    unbindable("CannotConvertArgumentNoMessage", message, value)
}

fn unbindable(id: &str, message: String, value: &Value) -> Outcome<Value> {
    Fault::new(id.to_owned(), message)
        .category(ErrorCategory::InvalidArgument)
        .exception("System.Management.Automation.ParameterBindingException")
        .target(value.clone())
        .err()
}

/// A property of an object, by name in any case.
pub(super) fn property(object: &PsObject, name: &str) -> Option<Value> {
    let shape = object.shape.borrow();
    let at = shape.names.iter().position(|known| known.eq_ignore_ascii_case(name));
    let plain = at.and_then(|at| object.values.borrow().get(at).cloned());
    plain.or_else(|| {
        let extension = object.extension.get()?.borrow();
        let member = extension.members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        match member {
            Some((_, crate::value::Member::Note(value))) => Some(value.clone()),
            _ => None,
        }
    })
}

/// The value of a parameter as it travels.
pub(super) fn to_json(parameter: &Parameter, value: &Value) -> Json {
    match &parameter.kind {
        ValueType::DateTime if parameter.name == "EndDate" => match crate::value::members::bare(value) {
            Value::DateTime(moment) => time::to_wire(time::end_of_day(*moment)).map_or(Json::Null, Json::from),
            other => plain(other),
        },
        ValueType::User | ValueType::Identity | ValueType::String => identity_text(value),
        ValueType::Credential => credential(value),
        ValueType::Switch => Json::from(truth(value)),
        ValueType::ListModifier(_) => list_change(value),
        ValueType::List(item) if **item == ValueType::Byte => bytes(value),
        ValueType::List(_) if !value.is_null() => Json::from_iter(items(value).iter().map(identity_text)),
        _ => plain(value),
    }
}

/// The text that stands for a value: of an object its Identity.
fn identity_text(value: &Value) -> Json {
    match value {
        Value::Null | Value::Nothing => Json::Null,
        Value::Object(object) => match property(object, "Identity").or_else(|| property(object, "SipAddress")) {
            Some(identity) => Json::from(text(&identity)),
            None => Json::from(text(value)),
        },
        other => Json::from(text(other)),
    }
}

fn credential(value: &Value) -> Json {
    if value.is_null() {
        return Json::Null;
    }
    let (user, password) = user_and_password(value);
    serde_json::json!({ "userName": user, "password": password })
}

/// The user and the password of a credential, of an object with these two properties, or of a user's name alone.
pub(super) fn user_and_password(value: &Value) -> (String, Option<String>) {
    match value {
        Value::Object(object) => {
            let field = |name| property(object, name).map(|value| text(&value));
            (field("UserName").unwrap_or_default(), field("Password"))
        }
        other => match net::user_and_password(other) {
            Some((user, password)) => (user, Some(password)),
            None => (text(other), None),
        },
    }
}

fn list_change(value: &Value) -> Json {
    match value {
        Value::Null | Value::Nothing => Json::Null,
        Value::Hashtable(table) => modifier(table),
        other => Json::from_iter(items(other).iter().map(identity_text)),
    }
}

fn modifier(table: &Hashtable) -> Json {
    let entry = |key: &Value, value: &Value| {
        let entries = items(value).iter().filter(|item| !item.is_null()).map(identity_text).collect();
        (text(key).to_ascii_lowercase(), Json::Array(entries))
    };
    Json::Object(table.pairs().iter().map(|(key, value)| entry(key, value)).collect())
}

fn bytes(value: &Value) -> Json {
    let byte = |item: &Value| match item {
        Value::U8(byte) => Some(*byte),
        Value::I32(number) => u8::try_from(*number).ok(),
        _ => None,
    };
    let bytes: Vec<u8> = items(value).iter().filter_map(byte).collect();
    Json::from(STANDARD.encode(bytes))
}

/// The items of a list; a single value counts as a list of one.
pub(super) fn items(value: &Value) -> Vec<Value> {
    match value {
        Value::Null | Value::Nothing => Vec::new(),
        Value::Array(array) => array.values(),
        Value::Native(native) => native.data.enumerate().unwrap_or_else(|| vec![value.clone()]),
        other => vec![other.clone()],
    }
}

/// True where a switch is on; one that comes as an object says so by its text.
pub(super) fn truth(value: &Value) -> bool {
    match value {
        Value::Native(native) => native.data.text() == "True",
        other => to_bool(other),
    }
}

/// Any value as JSON: text, numbers, lists and objects by their properties, names in the form of the wire.
pub(super) fn plain(value: &Value) -> Json {
    match value {
        Value::Wrapped(wrapped) => plain(&wrapped.base),
        Value::Null | Value::Nothing => Json::Null,
        Value::Bool(flag) => Json::from(*flag),
        Value::I8(n) => Json::from(*n),
        Value::U8(n) => Json::from(*n),
        Value::I16(n) => Json::from(*n),
        Value::U16(n) => Json::from(*n),
        Value::I32(n) => Json::from(*n),
        Value::U32(n) => Json::from(*n),
        Value::I64(n) => Json::from(*n),
        Value::U64(n) => Json::from(*n),
        Value::F32(n) => Json::from(*n),
        Value::F64(n) => Json::from(*n),
        Value::DateTime(moment) => time::to_wire(*moment).map_or(Json::Null, Json::from),
        Value::TimeSpan(span) => Json::from(time::span_to_wire(*span)),
        Value::Array(array) if array.element == TypeRef::BYTE => bytes(value),
        Value::Array(array) => Json::from_iter(array.items().iter().map(plain)),
        Value::Hashtable(table) => Json::Object(
            table.pairs().iter().map(|(key, value)| (crate::api::camel(&text(key)), plain(value))).collect(),
        ),
        Value::Object(object) => Json::Object(properties(object)),
        Value::Native(native) => match native.data.enumerate() {
            Some(items) => Json::from_iter(items.iter().map(plain)),
            None => Json::from(native.data.text()),
        },
        other => Json::from(text(other)),
    }
}

fn properties(object: &PsObject) -> Map<String, Json> {
    let shape = object.shape.borrow().clone();
    let values = object.values.borrow();
    shape.names.iter().zip(values.iter()).map(|(name, value)| (crate::api::camel(name), plain(value))).collect()
}

/// The text of a value, as a command line would give it.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null | Value::Nothing => String::new(),
        Value::Str(text) => text.to_string(),
        Value::ScriptBlock(block) => block.text().trim().to_owned(),
        Value::Wrapped(wrapped) => text(&wrapped.base),
        Value::Native(native) => net::plain_text(value).unwrap_or_else(|| native.data.text()),
        Value::Object(object) => property(object, "Identity").map(|v| text(&v)).unwrap_or_default(),
        other => to_text(other).to_string(),
    }
}
