//! The calls into the value storey.

use crate::value::{
    Culture, Engine, Member, Outcome, Str, TypeRef, Value, compare, convert, format_text, members, wildcard::Wildcard,
};

pub(crate) use members::{bare, type_names};

/// Types whose text is that of a base: their items are shown by name.
const INHERIT_TEXT: [TypeRef; 3] = [TypeRef::MATCH, TypeRef::GROUP, TypeRef::XMLELEMENT];

/// True where an item of a collection is shown by its own text rather than by a property that names it.
pub(super) fn has_own_text(engine: &mut dyn Engine, value: &Value) -> bool {
    match value {
        Value::Object(object) if object.kind.is_script_class() => {
            convert::to_text_with(engine, value, None).is_ok_and(|text| text.as_str() != object.kind.name())
        }
        Value::Native(native) => {
            let kind = native.data.kind();
            !INHERIT_TEXT.contains(&kind) && native.data.text() != kind.name() && !kind.name().starts_with("System.IO.")
        }
        // A plain table is looked at by its keys, as a custom object is by its properties.
        Value::Hashtable(table) => table.ordered,
        _ => true,
    }
}

/// A value in a format, where it is one.
pub(crate) fn formatted(engine: &mut dyn Engine, value: &Value, format: &str) -> Option<String> {
    let culture = Culture::current();
    if format.contains("{0") || format.contains('}') {
        let filled = format_text::composite(engine, format, std::slice::from_ref(value), culture);
        return filled.ok().map(|text| text.to_string());
    }
    format_text::format_value(value, Some(format), culture).ok()
}

/// The properties that the object or its type shows where nobody chooses.
pub(crate) fn display_names(_: &mut dyn Engine, value: &Value) -> Outcome<Vec<Str>> {
    if let Value::Object(object) = value
        && object.extension.has_members()
        && let Some(names) = own_display_set(value)
    {
        return Ok(names);
    }
    let by_type = members::with_type_data(value);
    Ok(by_type.into_iter().find_map(|data| data.default_display).unwrap_or_default())
}

fn own_display_set(value: &Value) -> Option<Vec<Str>> {
    let own = members::own_members(value);
    let set = own.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("PSStandardMembers"))?.1;
    let Member::MemberSet(inner) = set else { return None };
    let inner = inner.borrow();
    let display = inner.members.iter().find(|(name, _)| name.eq_ignore_ascii_case("DefaultDisplayPropertySet"))?.1;
    match display {
        Member::PropertySet(names) => Some(names.clone()),
        _ => None,
    }
}

/// The items of a collection; the entries of a table.
pub(crate) fn enumerate(value: &Value) -> Option<Vec<Value>> {
    match members::bare(value) {
        Value::Nothing | Value::Str(_) => None,
        Value::Hashtable(_) => members::elements(value),
        Value::Native(native) if native.data.dictionary().is_some() => members::elements(value),
        other => crate::value::enumerate(other),
    }
}

/// Names of properties that match a pattern, in the object's order.
pub(crate) fn matching_names(engine: &mut dyn Engine, value: &Value, pattern: &str) -> Outcome<Vec<Str>> {
    let names = match value {
        Value::Hashtable(table) if !table.ordered => table.keys().iter().map(plain_text).collect(),
        _ => property_names(engine, value)?,
    };
    if pattern == "*" {
        return Ok(names);
    }
    let wanted = Wildcard::new(pattern, false)?;
    Ok(names.into_iter().filter(|name| wanted.matches(name)).collect())
}

/// A setting as text.
pub(crate) fn plain_text(value: &Value) -> Str {
    convert::to_text(value)
}

/// A property's value; `None` where there is none of that name.
pub(crate) fn property(engine: &mut dyn Engine, value: &Value, name: &str) -> Outcome<Option<Value>> {
    if let Value::Object(object) = value
        && !object.extension.has_members()
    {
        let at = object.shape.borrow().names.iter().position(|known| known.eq_ignore_ascii_case(name));
        if let Some(at) = at {
            return Ok(object.values.borrow().get(at).cloned());
        }
    }
    members::get_own(engine, value, name)
}

/// Names of properties, in the object's order.
pub(crate) fn property_names(_: &mut dyn Engine, value: &Value) -> Outcome<Vec<Str>> {
    Ok(members::property_names(value))
}

/// Names of properties in the order they are shown in: those of the object itself, then those its type was given.
pub(crate) fn shown_names(value: &Value) -> Vec<Str> {
    if matches!(value, Value::Object(_)) {
        return members::property_names(value);
    }
    let (own, given): (Vec<_>, Vec<_>) =
        members::properties(value).into_iter().partition(|entry| entry.kind == "Property");
    own.into_iter().chain(given).map(|entry| entry.name).collect()
}

/// A name as the object writes it; a property set gives its members.
pub(crate) fn resolve_name(engine: &mut dyn Engine, value: &Value, name: &str) -> Outcome<Vec<Str>> {
    if let Value::Hashtable(table) = value
        && !table.ordered
        && table.contains_text(name)
    {
        return Ok(vec![Str::from(name)]);
    }
    if let Value::Object(object) = value
        && !object.extension.has_members()
        && let Some(found) = object.shape.borrow().names.iter().find(|known| known.eq_ignore_ascii_case(name))
    {
        return Ok(vec![found.clone()]);
    }
    let names = property_names(engine, value)?;
    if let Some(found) = names.iter().find(|known| known.eq_ignore_ascii_case(name)) {
        return Ok(vec![found.clone()]);
    }
    match members::find_member(value, name) {
        Some(Member::PropertySet(names)) => Ok(names),
        Some(_) => Ok(vec![Str::from(name)]),
        None => Ok(Vec::new()),
    }
}

/// True where two group keys are one.
pub(crate) fn same_key(engine: &mut dyn Engine, left: &Value, right: &Value) -> bool {
    left.is_null() == right.is_null() && compare::equals_with(engine, left, right, false).unwrap_or(false)
}

/// An object's text as a person of the session's culture reads it.
pub(crate) fn text(engine: &mut dyn Engine, value: &Value) -> Outcome<Str> {
    let culture = Culture::current();
    match value {
        Value::Str(text) => Ok(text.clone()),
        Value::Type(kind) => Ok(Str::from(kind.name())),
        Value::F64(number) if number.is_infinite() => Ok(Str::from(if *number < 0.0 { "-∞" } else { "∞" })),
        Value::DateTime(_) => format_text::format_value(value, None, culture).map(Str::from),
        Value::Wrapped(wrapped) if matches!(wrapped.base, Value::DateTime(_)) => text(engine, &wrapped.base),
        Value::Native(native) if !native.data.is_enumerable() => match native.data.format("", culture) {
            Some(formatted) => formatted.map(Str::from),
            None => convert::to_text_with(engine, value, None),
        },
        _ => convert::to_text_with(engine, value, None),
    }
}

/// An object's text as its own `ToString` gives it in the session's culture: all digits of a fraction, dates as
/// people write them. What the language's conversion gives is [`text`] and its kin.
pub(crate) fn own_text(engine: &mut dyn Engine, value: &Value) -> Outcome<Str> {
    match value {
        Value::F32(_) | Value::F64(_) | Value::DateTime(_) => {
            format_text::format_value(value, None, Culture::current()).map(Str::from)
        }
        Value::Wrapped(wrapped) if matches!(wrapped.base, Value::F32(_) | Value::F64(_) | Value::DateTime(_)) => {
            own_text(engine, &wrapped.base)
        }
        Value::Type(kind) => Ok(Str::from(kind.name())),
        _ => convert::to_text_with(engine, value, None),
    }
}

/// A whole number, where a value is one.
pub(crate) fn whole_number(value: &Value) -> Option<i64> {
    convert::to_i64(value).ok()
}

/// A number, whatever its type.
pub(crate) fn number(value: &Value) -> Option<f64> {
    if value.is_null() { None } else { convert::to_f64(value).ok() }
}
