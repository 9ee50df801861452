//! Reading and writing properties: added members first, then a dictionary's keys, then what the type has, then the
//! elements of a collection.

use super::{extension, table};
use crate::value::{
    Engine, ErrorCategory, Fault, Hashtable, Member, Outcome, PsObject, TypeRef, Unwind, Value, convert,
};

/// Reads `value.name`; `None` where there is no such member.
pub(crate) fn get(engine: &mut dyn Engine, value: &Value, name: &str) -> Outcome<Option<Value>> {
    match get_own(engine, value, name)? {
        Some(found) => Ok(Some(found)),
        None => match super::enumerable(value) {
            Some(items) => get_each(engine, items, name),
            None => Ok(None),
        },
    }
}

/// Reads a member of the object itself, never of its elements.
pub(crate) fn get_own(engine: &mut dyn Engine, value: &Value, name: &str) -> Outcome<Option<Value>> {
    if value.is_null() {
        return Ok(None);
    }
    if let Some(member) = extension::find_member(value, name) {
        return read_member(engine, value, name, &member).map(Some);
    }
    let bare = extension::bare(value);
    if let Value::Object(object) = bare
        && let Some(found) = custom_property(object, name)
    {
        return Ok(Some(found));
    }
    if let Some(found) = entry(bare, name) {
        return Ok(Some(found));
    }
    if let Some(found) = adapted(bare).and_then(|data| data.member(name)) {
        return Ok(Some(found));
    }
    if let Some(part) = crate::value::part_of(bare)
        && let Some(found) = get_own(engine, &part, name)?
    {
        return Ok(Some(found));
    }
    let kind = TypeRef::of(bare);
    if let Value::Exception(exception) = bare
        && kind.is_script_class()
        && let Some(found) = exception_property(exception, name)
    {
        return Ok(Some(found));
    }
    if let Some(row) = table::find_property(kind, name) {
        return (row.get)(engine, bare).map(Some);
    }
    if let Value::Exception(exception) = bare
        && let Some(found) = exception_property(exception, name)
    {
        return Ok(Some(found));
    }
    if let Value::Native(native) = bare
        && let Some(found) = native.data.member(name)
    {
        return Ok(Some(found));
    }
    Ok(intrinsic(value, name).or_else(|| method_object(bare, kind, name)))
}

/// The object whose own members stand before those of its type.
fn adapted(value: &Value) -> Option<&dyn crate::value::NativeObject> {
    match value {
        Value::Native(native) if native.data.adapts() => Some(&*native.data),
        _ => None,
    }
}

/// `PSObject` and its kin, which every object has.
fn intrinsic(value: &Value, name: &str) -> Option<Value> {
    const VIEWS: [&str; 4] = ["PSObject", "PSBase", "PSAdapted", "PSExtended"];
    if name.eq_ignore_ascii_case("PSTypeNames") {
        return Some(super::view::type_names_list(value));
    }
    if name.eq_ignore_ascii_case("PSStandardMembers") {
        return standard_members(value);
    }
    let found = VIEWS.iter().position(|known| known.eq_ignore_ascii_case(name))?;
    let as_view = found == 0 || found == 1 && is_custom(value);
    Some(if as_view { super::view::of(value) } else { extension::bare(value).clone() })
}

/// What `Update-TypeData -DefaultDisplayPropertySet` said of the object's type.
fn standard_members(value: &Value) -> Option<Value> {
    const NAME: &str = "DefaultDisplayPropertySet";
    let names = extension::with_type_data(value).into_iter().find_map(|data| data.default_display)?;
    let set = super::view::member(value, NAME, Member::PropertySet(names));
    Some(super::library::psobject::custom(&[(NAME, set)]))
}

/// A method without its parentheses.
fn method_object(value: &Value, kind: TypeRef, name: &str) -> Option<Value> {
    let method = table::find_method(kind, name)?;
    Some(super::view::method(value, method))
}

fn custom_property(object: &PsObject, name: &str) -> Option<Value> {
    let shape = object.shape.borrow();
    let at = shape.names.iter().position(|known| known.eq_ignore_ascii_case(name))?;
    object.values.borrow().get(at).cloned()
}

/// A dictionary's entry under a text key.
fn entry(value: &Value, name: &str) -> Option<Value> {
    match value {
        Value::Hashtable(table) => table.get_text(name),
        Value::Native(native) => native.data.dictionary()?.get_text(name),
        _ => None,
    }
}

fn exception_property(exception: &crate::value::Exception, name: &str) -> Option<Value> {
    let properties = exception.properties.borrow();
    properties.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
}

/// Reads a member added to the object.
pub(crate) fn read_member(engine: &mut dyn Engine, value: &Value, name: &str, member: &Member) -> Outcome<Value> {
    match member {
        Member::Note(found) => Ok(found.clone()),
        Member::Script(getter, _) => match engine.invoke(getter, &[], Some(value.clone())) {
            // A getter that fails reads as null, as PowerShell has it.
            Err(Unwind::Fault(_) | Unwind::Error(_)) => Ok(Value::Null),
            other => other,
        },
        Member::Alias(target, kind) => {
            let found = get_own(engine, value, target)?.unwrap_or_default();
            match kind {
                Some(kind) => convert::to(engine, &found, *kind),
                None => Ok(found),
            }
        }
        Member::Method(_) | Member::PropertySet(_) | Member::MemberSet(_) => {
            Ok(super::view::member(value, name, member.clone()))
        }
    }
}

/// The member of every element, in one array; null where no element has it.
fn get_each(engine: &mut dyn Engine, items: Vec<Value>, name: &str) -> Outcome<Option<Value>> {
    let mut results = Vec::new();
    let mut found_any = false;
    for item in &items {
        match get(engine, item, name)? {
            Some(found) => {
                found_any = true;
                match super::enumerable(&found) {
                    Some(inner) => results.extend(inner),
                    None if matches!(found, Value::Nothing) => {}
                    None => results.push(found),
                }
            }
            None if engine.strictness() >= 2 => return Ok(None),
            None if is_custom(item) => results.push(Value::Null),
            None => {}
        }
    }
    let all_null = !found_any && results.iter().all(Value::is_null);
    Ok(match results.len() {
        0 if found_any => Some(Value::Nothing),
        0 => None,
        _ if all_null && results.len() == 1 => None,
        1 => results.pop(),
        _ => Some(Value::array(results)),
    })
}

/// Custom objects answer null for a property they lack, even one by one in a collection.
fn is_custom(value: &Value) -> bool {
    matches!(value, Value::Object(object) if object.kind == TypeRef::PSCUSTOMOBJECT)
}

/// Writes `value.name = new`.
pub(crate) fn set(engine: &mut dyn Engine, value: &Value, name: &str, new: Value) -> Outcome<()> {
    if let Some(member) = extension::find_member(value, name) {
        return write_member(engine, value, name, &member, new);
    }
    let bare = extension::bare(value);
    let new = match TypeRef::of(bare) {
        kind if kind.is_script_class() => engine.class_property_value(kind, name, new)?,
        _ => new,
    };
    match bare {
        Value::Object(object) if set_custom(object, name, &new) => return Ok(()),
        Value::Object(_) => {
            if let Some(part) = crate::value::part_of(bare) {
                return set(engine, &part, name, new);
            }
        }
        Value::Hashtable(table) => return set_entry(table, name, new),
        Value::Native(native) => {
            if let Some(table) = native.data.dictionary() {
                table.insert_text(name, new);
                return Ok(());
            }
            if let Some(result) = native.data.set_member(name, &new) {
                return result;
            }
        }
        Value::Exception(exception) => {
            let mut properties = exception.properties.borrow_mut();
            if let Some((_, place)) = properties.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
                *place = new;
                return Ok(());
            }
        }
        _ => {}
    }
    match table::find_property(TypeRef::of(bare), name) {
        Some(row) => set_row(engine, bare, row, new),
        None => property_not_found(value, name),
    }
}

fn set_custom(object: &PsObject, name: &str, new: &Value) -> bool {
    let shape = object.shape.borrow();
    let at = shape.names.iter().position(|known| known.eq_ignore_ascii_case(name));
    let mut values = object.values.borrow_mut();
    match at.and_then(|at| values.get_mut(at)) {
        Some(place) => {
            let old = std::mem::replace(place, new.clone());
            drop(values);
            drop(old);
            true
        }
        None => false,
    }
}

fn set_entry(table: &Hashtable, name: &str, new: Value) -> Outcome<()> {
    table.insert_text(name, new);
    Ok(())
}

/// Converts to the property's type and writes; a failure is a `SetValueInvocationException`.
fn set_row(engine: &mut dyn Engine, value: &Value, row: &table::PropertyRow, new: Value) -> Outcome<()> {
    let Some(setter) = row.set else {
        let text = format!("'{}' of [{}] can be read but not written.", row.name, TypeRef::of(value));
        return Fault::new("PropertyAssignmentException", text)
            .exception("System.Management.Automation.SetValueInvocationException")
            .category(ErrorCategory::InvalidOperation)
            .err();
    };
    let wanted = crate::value::types::resolve(row.kind).unwrap_or(TypeRef::OBJECT);
    let converted = if new.is_null() && !wanted.is_value_type() && wanted != TypeRef::STRING {
        Ok(new)
    } else if wanted == TypeRef::OBJECT {
        Ok(new)
    } else {
        convert::to(engine, &new, wanted)
    };
    converted.and_then(|new| setter(engine, value, new)).map_err(|unwind| set_failed(unwind, row.name))
}

/// What a setter throws, as scripts see it.
pub(crate) fn set_failed(unwind: Unwind, name: &str) -> Unwind {
    let Some(inner) = super::invoke::exception_of(&unwind) else { return unwind };
    let text = format!("'{name}' could not be set: {}", inner.message.borrow());
    Fault::new("ExceptionWhenSetting", text)
        .exception("System.Management.Automation.SetValueInvocationException")
        .category(ErrorCategory::NotSpecified)
        .inner(inner)
        .into()
}

fn write_member(engine: &mut dyn Engine, value: &Value, name: &str, member: &Member, new: Value) -> Outcome<()> {
    match member {
        Member::Note(_) => {
            extension::replace_note(value, name, new);
            Ok(())
        }
        Member::Script(_, Some(setter)) => {
            let result = engine.invoke(setter, &[new], Some(value.clone()));
            result.map(|_| ()).map_err(|unwind| set_failed(unwind, name))
        }
        Member::Alias(target, _) => set(engine, value, target, new),
        Member::Script(_, None) => {
            let text = format!("The script property '{name}' has no setter.");
            Fault::new("SetWithoutSetterException", text)
                .exception("System.Management.Automation.SetValueException")
                .category(ErrorCategory::NotSpecified)
                .err()
        }
        _ => {
            let text = format!("'{name}' can be read but not written.");
            Fault::new("PropertyAssignmentException", text)
                .exception("System.Management.Automation.SetValueException")
                .err()
        }
    }
}

/// Custom objects answer as a setter that failed would; other types say that they have no such property.
fn property_not_found(value: &Value, name: &str) -> Outcome<()> {
    let text = format!("[{}] has no property '{name}' that could be set.", TypeRef::of(value));
    let open = is_custom(value) || adapted(extension::bare(value)).is_some();
    let (id, exception) = match open {
        true => ("ExceptionWhenSetting", "System.Management.Automation.SetValueInvocationException"),
        false => ("PropertyAssignmentException", "System.Management.Automation.RuntimeException"),
    };
    let fault = Fault::new(id, text).exception(exception);
    fault.category(if open { ErrorCategory::NotSpecified } else { ErrorCategory::InvalidOperation }).err()
}

/// Reads `[kind]::name`; `None` where there is no such member.
pub(crate) fn get_static(engine: &mut dyn Engine, kind: TypeRef, name: &str) -> Outcome<Option<Value>> {
    if kind.is_enum()
        && let Some(member) = kind.enum_value(name)
    {
        return Ok(Some(member));
    }
    if kind.is_script_class()
        && let Some(value) = engine.class_static(kind, name)
    {
        return Ok(Some(value));
    }
    if let Some(row) = table::find_static_property(kind, name) {
        return (row.get)(engine, &Value::Type(kind)).map(Some);
    }
    let methods = table::find_static_method(kind, name);
    Ok(methods.map(|method| super::view::method(&Value::Type(kind), method)))
}

/// Writes `[kind]::name = new`.
pub(crate) fn set_static(engine: &mut dyn Engine, kind: TypeRef, name: &str, new: Value) -> Outcome<()> {
    if kind.is_script_class()
        && let Some(result) = engine.set_class_static(kind, name, new.clone())
    {
        return result;
    }
    match table::find_static_property(kind, name) {
        Some(row) => set_row(engine, &Value::Type(kind), row, new),
        None => {
            let text = format!("[{kind}] has no static property '{name}' that could be set.");
            Fault::new("PropertyNotFound", text).category(ErrorCategory::InvalidOperation).err()
        }
    }
}
