//! Values as text: the language's own conversion, in the invariant culture. `.ToString()` is `format_text`'s.

use crate::value::culture::{Culture, INVARIANT};
use crate::value::format_text::{constant, format_date};
use crate::value::{Array, Engine, Hashtable, Member, Outcome, PsObject, Str, TypeRef, Value, number};
use std::fmt::Write;

/// A value as a string, lists joined by blanks. Script classes show their name; see [`to_text_with`].
#[inline]
pub(crate) fn to_text(value: &Value) -> Str {
    match value {
        Value::Str(text) => text.clone(),
        other => {
            let mut text = String::new();
            write_text(other, &mut text);
            Str::from(text)
        }
    }
}

/// A value as a string with an engine at hand: `ToString` of script classes and script methods is called. Lists are
/// joined by `separator`, blanks where it is not given.
#[inline]
pub(crate) fn to_text_with(engine: &mut dyn Engine, value: &Value, separator: Option<&str>) -> Outcome<Str> {
    match value {
        Value::Str(text) => Ok(text.clone()),
        Value::Null | Value::Nothing => Ok(Str::from("")),
        Value::Array(array) => {
            let items = array.values();
            join_text(engine, &items, separator.unwrap_or(" "))
        }
        Value::Native(native) => match native.data.enumerate() {
            Some(items) => join_text(engine, &items, separator.unwrap_or(" ")),
            None => Ok(to_text(value)),
        },
        Value::Object(object) => object_text(engine, value, object),
        Value::Wrapped(wrapped) => match script_to_string(&wrapped.extension) {
            Some(block) => call_text(engine, &block, value),
            None => match own_text(&wrapped.extension) {
                Some(own) => Ok(own),
                None => to_text_with(engine, &wrapped.base, separator),
            },
        },
        _ => Ok(to_text(value)),
    }
}

/// Joins the texts of some items; items that are lists themselves show their type.
pub(crate) fn join_text(engine: &mut dyn Engine, items: &[Value], separator: &str) -> Outcome<Str> {
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(separator);
        }
        match item {
            Value::Object(object) if object.kind == TypeRef::PSCUSTOMOBJECT && !has_to_string(object) => {}
            Value::Object(object) => text.push_str(&object_text(engine, item, object)?),
            other => write_item(other, &mut text),
        }
    }
    Ok(Str::from(text))
}

fn has_to_string(object: &PsObject) -> bool {
    script_to_string(&object.extension).is_some()
}

/// A `ToString` added as a script method.
fn script_to_string(extension: &crate::value::object::ExtensionSlot) -> Option<std::rc::Rc<crate::value::ScriptBlock>> {
    let extension = extension.beyond_shared()?.borrow();
    extension.members.iter().find_map(|(name, member)| match member {
        Member::Method(block) if name.eq_ignore_ascii_case("ToString") => Some(block.clone()),
        _ => None,
    })
}

fn call_text(engine: &mut dyn Engine, block: &std::rc::Rc<crate::value::ScriptBlock>, this: &Value) -> Outcome<Str> {
    let output = engine.invoke(block, &[], Some(this.clone()))?;
    Ok(to_text(&output))
}

fn object_text(engine: &mut dyn Engine, value: &Value, object: &PsObject) -> Outcome<Str> {
    if let Some(block) = script_to_string(&object.extension) {
        return call_text(engine, &block, value);
    }
    if !object.kind.is_script_class() {
        return Ok(to_text(value));
    }
    let text = engine.call_class_method(object.kind, "ToString", Some(value), &[])?;
    Ok(to_text(&text))
}

/// To `string`.
pub(super) fn convert(engine: &mut dyn Engine, value: &Value, _: TypeRef) -> Outcome<Value> {
    to_text_with(engine, value, None).map(Value::Str)
}

/// Appends a value's text.
pub(crate) fn write_text(value: &Value, text: &mut String) {
    match value {
        Value::Null | Value::Nothing => {}
        Value::Bool(v) => text.push_str(if *v { "True" } else { "False" }),
        Value::Char(v) => text.push(char::from_u32(u32::from(*v)).unwrap_or(char::REPLACEMENT_CHARACTER)),
        Value::I32(v) => push(text, v),
        Value::I64(v) => push(text, v),
        Value::I8(v) => push(text, v),
        Value::U8(v) => push(text, v),
        Value::I16(v) => push(text, v),
        Value::U16(v) => push(text, v),
        Value::U32(v) => push(text, v),
        Value::U64(v) => push(text, v),
        Value::F32(v) => text.push_str(&number::single_text(*v)),
        Value::F64(v) => text.push_str(&number::double_text(*v)),
        Value::DateTime(v) => text.push_str(&format_date(*v, "", &INVARIANT).unwrap_or_default()),
        Value::TimeSpan(v) => text.push_str(&constant(*v)),
        Value::Enum(v) => text.push_str(&v.kind.enum_text(v.bits)),
        Value::Decimal(v) => push(text, v),
        Value::BigInt(v) => push(text, v),
        Value::Str(v) => text.push_str(v),
        Value::Array(array) => write_joined(&array.values(), text),
        Value::Hashtable(table) => text.push_str(table_type_name(table)),
        Value::Object(object) => write_object(object, text),
        Value::ScriptBlock(block) => text.push_str(block.text()),
        Value::Type(kind) => text.push_str(&kind.display_name()),
        Value::Error(record) => match &*record.details.borrow() {
            Some((message, _)) => text.push_str(message),
            None => text.push_str(&record.exception.message.borrow()),
        },
        Value::Exception(exception) => write_exception(exception, text),
        Value::Native(native) => match native.data.enumerate() {
            Some(items) => write_joined(&items, text),
            None => write_native(native, text),
        },
        Value::Wrapped(wrapped) => match own_text(&wrapped.extension) {
            Some(own) => text.push_str(&own),
            None => write_text(&wrapped.base, text),
        },
    }
}

/// The text an object came with.
fn own_text(extension: &crate::value::object::ExtensionSlot) -> Option<Str> {
    extension.beyond_shared().and_then(|extension| extension.borrow().text.clone())
}

fn write_native(native: &crate::value::Native, text: &mut String) {
    match native.data.format("", &INVARIANT) {
        Some(Ok(formatted)) => text.push_str(&formatted),
        Some(Err(_)) | None => text.push_str(&native.data.text()),
    }
}

fn push(text: &mut String, value: impl std::fmt::Display) {
    // Writing to a string cannot fail.
    let _ = write!(text, "{value}");
}

fn write_joined(items: &[Value], text: &mut String) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        write_item(item, text);
    }
}

/// An item of a list: what would unroll or expand in turn shows only its type.
fn write_item(item: &Value, text: &mut String) {
    match item {
        Value::Array(array) => text.push_str(&array_type_name(array)),
        Value::Object(object) if object.kind == TypeRef::PSCUSTOMOBJECT => {}
        Value::Native(native) if native.data.enumerate().is_some() => text.push_str(&native.data.text()),
        other => write_text(other, text),
    }
}

/// `System.Object[]`, `System.Int32[,]` …
pub(crate) fn array_type_name(array: &Array) -> String {
    let commas = ",".repeat(array.dimensions.len().saturating_sub(1));
    format!("{}[{commas}]", array.element.name())
}

fn table_type_name(table: &Hashtable) -> &'static str {
    match (table.ordered, table.keeps_order) {
        (true, _) => TypeRef::ORDERED_DICTIONARY,
        (_, true) => TypeRef::ORDERED_HASHTABLE,
        _ => table.kind.unwrap_or(TypeRef::HASHTABLE),
    }
    .name()
}

/// `@{name=value; …}` for a custom object; a class shows its name.
fn write_object(object: &PsObject, text: &mut String) {
    let kept = object.extension.beyond_shared().and_then(|extension| extension.borrow().text.clone());
    if let Some(kept) = kept {
        text.push_str(&kept);
        return;
    }
    if object.kind != TypeRef::PSCUSTOMOBJECT {
        return write_typed_object(object, text);
    }
    let shape = object.shape.borrow();
    let values = object.values.borrow();
    if shape.names.is_empty() {
        return;
    }
    text.push_str("@{");
    for (index, (name, value)) in shape.names.iter().zip(values.iter()).enumerate() {
        if index > 0 {
            text.push_str("; ");
        }
        text.push_str(name);
        text.push('=');
        write_item(value, text);
    }
    text.push('}');
}

/// Types made of plain properties whose text is one of them.
const SHOWN_BY: [(TypeRef, &str); 10] = [
    (TypeRef::WARNING_RECORD, "Message"),
    (TypeRef::VERBOSE_RECORD, "Message"),
    (TypeRef::DEBUG_RECORD, "Message"),
    (TypeRef::HOST_INFORMATION_MESSAGE, "Message"),
    (TypeRef::INFORMATION_RECORD, "MessageData"),
    (TypeRef::MATCH_INFO, "Line"),
    (TypeRef::COMMAND_INFO, "Name"),
    (TypeRef::PSMODULE_INFO, "Name"),
    (TypeRef::PSDRIVE_INFO, "Name"),
    (TypeRef::MEMBER_DEFINITION, "Definition"),
];

fn write_typed_object(object: &PsObject, text: &mut String) {
    if let Some(own) = own_text(&object.extension) {
        return text.push_str(&own);
    }
    let property = |name: &str| {
        let shape = object.shape.borrow();
        let index = shape.names.iter().position(|known| known.as_str() == name)?;
        object.values.borrow().get(index).cloned()
    };
    let shown =
        SHOWN_BY.iter().find(|(kind, _)| kind.is_assignable_from(object.kind)).and_then(|(_, name)| property(name));
    match shown {
        Some(line) if object.kind == TypeRef::MATCH_INFO => {
            match property("Path").map(|path| to_text(&path)) {
                Some(path) if path.as_str() != "InputStream" => {
                    write_text(&Value::Str(path), text);
                    text.push(':');
                    write_text(&property("LineNumber").unwrap_or(Value::Null), text);
                    text.push(':');
                }
                _ => {}
            }
            write_text(&line, text);
        }
        Some(Value::DateTime(date)) => text.push_str(&format_date(date, "", Culture::current()).unwrap_or_default()),
        Some(value) => write_text(&value, text),
        None if object.kind == TypeRef::PROVIDER_INFO => {
            write_text(&property("ModuleName").unwrap_or_default(), text);
            text.push('\\');
            write_text(&property("Name").unwrap_or_default(), text);
        }
        None => text.push_str(object.kind.name()),
    }
}

fn write_exception(exception: &crate::value::Exception, text: &mut String) {
    text.push_str(exception.kind.name());
    let message = exception.message.borrow();
    if !message.is_empty() {
        text.push_str(": ");
        text.push_str(&message);
    }
    if let Some(inner) = &exception.inner {
        text.push_str("\n ---> ");
        write_exception(inner, text);
    }
}
