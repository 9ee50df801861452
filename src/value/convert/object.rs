//! Everything that is neither number, text, time nor collection: types, patterns, custom objects, and the general
//! ways of .NET: a constructor of one argument, `Parse`, properties from a hashtable.

use super::collection::pairs;
use super::{cast_fault, no_conversion, outside};
use crate::value::members::library::delegate;
use crate::value::pattern::{Options, Pattern};
use crate::value::{Engine, Native, Outcome, PsObject, Shape, Str, TypeRef, Value, members};
use std::cell::RefCell;
use std::rc::Rc;

/// `[pscustomobject]` of a hashtable: an object with its entries as properties. Other values stay.
pub(crate) fn to_custom_object(value: &Value) -> Value {
    let Some(pairs) = pairs(value) else { return value.clone() };
    let mut names: Vec<Str> = Vec::with_capacity(pairs.len());
    let mut values = Vec::with_capacity(pairs.len());
    let mut type_name = None;
    for (key, value) in pairs {
        let name = super::to_text(&key);
        if name.eq_ignore_ascii_case("PSTypeName") {
            type_name = Some(super::to_text(&value));
        } else if let Some(index) = names.iter().position(|known| known.eq_ignore_ascii_case(&name)) {
            if let Some(slot) = values.get_mut(index) {
                *slot = value;
            }
        } else {
            names.push(name);
            values.push(value);
        }
    }
    let object = PsObject::custom(Rc::new(Shape { names }), values);
    if let Some(name) = type_name {
        let base = ["System.Management.Automation.PSCustomObject", "System.Object"];
        let all = std::iter::once(name).chain(base.into_iter().map(Str::from)).collect();
        object.extension.make().borrow_mut().type_names = Some(all);
    }
    Value::Object(object)
}

/// To `pscustomobject`: a dictionary becomes an object of its entries, everything else is one already.
pub(super) fn to_ps_object(_: &mut dyn Engine, value: &Value, _: TypeRef) -> Outcome<Value> {
    Ok(to_custom_object(value))
}

/// To `[ref]`: the value in a reference of its own.
pub(super) fn to_reference(_: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    if target.is_assignable_from(TypeRef::of(value)) {
        return Ok(value.clone());
    }
    Ok(Native::value(members::Reference(RefCell::new(value.clone()))))
}

/// To `PSTypeName`: a type's name, with the type where there is one.
pub(super) fn to_type_name(engine: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    let found = match value {
        Value::Type(kind) => Some(*kind),
        other => engine.resolve_type(&super::to_text(other)),
    };
    let name = found.map_or_else(|| super::to_text(value), |kind| Str::from(kind.full_name().as_ref()));
    let object = PsObject::custom(
        Rc::new(Shape { names: ["Name", "Type"].map(Str::from).to_vec() }),
        vec![Value::Str(name), found.map_or(Value::Null, Value::Type)],
    );
    Ok(Value::Object(Rc::new(PsObject {
        kind: target,
        shape: object.shape.clone(),
        values: object.values.clone(),
        extension: Default::default(),
    })))
}

/// To `type`, by name.
pub(super) fn to_type(engine: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    match value {
        Value::Type(_) => Ok(value.clone()),
        Value::Str(name) => engine
            .resolve_type(name)
            .map(Value::Type)
            .ok_or_else(|| cast_fault("InvalidCastFromStringToType", value, target, "no type has this name").into()),
        _ => Err(no_conversion(value, target).into()),
    }
}

/// To `regex`.
pub(super) fn to_regex(engine: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    let text = super::to_text(value);
    if let Err(crate::value::Unwind::Fault(fault)) = Pattern::cached(&text, Options::NONE) {
        return Err(
            cast_fault("InvalidCastFromStringToRegex", value, target, fault.message.trim_end_matches('.')).into()
        );
    }
    outside::construct(engine, target, vec![Value::Str(text)])
}

/// To `xml`.
pub(super) fn to_xml(engine: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    if TypeRef::of(value).bases().any(|kind| kind == TypeRef::XMLDOCUMENT) {
        return Ok(value.clone());
    }
    let text = super::to_text_with(engine, value, None)?;
    members::library::xml::parse(&text).map_err(|why| match why {
        crate::value::Unwind::Control(control) => crate::value::Unwind::Control(control),
        _ => cast_fault("InvalidCastToXmlDocument", value, target, "the text is not well-formed XML").into(),
    })
}

/// To `uri`, absolute or relative.
pub(super) fn to_uri(engine: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    let text = super::to_text(value);
    let kind = engine.resolve_type("System.UriKind").and_then(|kind| kind.enum_value("RelativeOrAbsolute"));
    let mut arguments = vec![Value::Str(text)];
    arguments.extend(kind);
    outside::construct(engine, target, arguments)
        .map_err(|_| cast_fault("InvalidCastConstructorException", value, target, "the text is not a URI").into())
}

/// Any other type.
pub(super) fn convert(engine: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    if target.is_assignable_from(TypeRef::of(value)) {
        return Ok(value.clone());
    }
    if let Some(collection) = to_collection(engine, value, target)? {
        return Ok(collection);
    }
    if let Some(block) = delegate::block_of(value) {
        if target == TypeRef::SCRIPTBLOCK {
            return Ok(Value::ScriptBlock(block));
        }
        if target.bases().any(|kind| kind == TypeRef::DELEGATE) {
            return Ok(delegate::value(target, block));
        }
    }
    if let Some(version) = members::library::version::version_of_semantic(value).filter(|_| target == TypeRef::VERSION)
    {
        return Ok(version);
    }
    if let Some(number) = members::integer_of(value).filter(|_| target == TypeRef::IPADDRESS) {
        return outside::construct(engine, target, vec![Value::I64(number)]);
    }
    if target == TypeRef::VERSION && TypeRef::of(value).is_number() {
        let text = Value::Str(super::to_text(value));
        return parse(engine, &text, target)?.ok_or_else(|| no_conversion(value, target).into());
    }
    if let Value::Str(_) = value {
        if let Some(parsed) = parse(engine, value, target)? {
            return Ok(parsed);
        }
    }
    if let Some(built) = from_constructor(engine, value, target)? {
        return Ok(built);
    }
    from_properties(engine, value, target)
}

/// Collections from lists: `List[T]`, `HashSet[T]`, `ArrayList` …
fn to_collection(engine: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Option<Value>> {
    let is_list = crate::value::is_enumerable(value);
    let element = match target.info().arguments {
        [element] if target.implements(TypeRef::IENUMERABLE) => *element,
        [] if [TypeRef::ARRAYLIST, TypeRef::QUEUE, TypeRef::STACK].contains(&target) => TypeRef::OBJECT,
        _ => return Ok(None),
    };
    if target.info().kind == crate::value::TypeKind::Interface {
        let items = super::collection::items_as(engine, value, element)?;
        return Ok(Some(Value::Array(items)));
    }
    if !is_list && target.is_number() {
        return Ok(None);
    }
    let items = super::collection::items_as(engine, value, element)?;
    outside::construct(engine, target, vec![Value::Array(items)]).map(Some)
}

/// Whether a failure ends the attempt, or only means that there is no such way.
fn attempt(outcome: Outcome<Value>) -> Outcome<Result<Value, crate::value::Unwind>> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(crate::value::Unwind::Control(control)) => Err(crate::value::Unwind::Control(control)),
        Err(other) => Ok(Err(other)),
    }
}

/// A static `Parse(string)` or `Parse(string, IFormatProvider)`.
fn parse(engine: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Option<Value>> {
    let Some(with_provider) = outside::parse_takes_provider(target) else { return Ok(None) };
    match attempt(outside::call_static(engine, target, "Parse", vec![value.clone()]))? {
        Ok(parsed) => Ok(Some(parsed)),
        Err(_) => {
            let id = if with_provider {
                "InvalidCastParseTargetInvocationWithFormatProvider"
            } else {
                "InvalidCastParseTargetInvocation"
            };
            Err(cast_fault(id, value, target, "the text is not one").into())
        }
    }
}

/// A constructor that takes the value alone.
fn from_constructor(engine: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Option<Value>> {
    if !outside::has_constructor_for(target, TypeRef::of(value)) {
        return Ok(None);
    }
    match attempt(outside::construct(engine, target, vec![value.clone()]))? {
        Ok(built) => Ok(Some(built)),
        Err(_) => {
            Err(cast_fault("InvalidCastConstructorException", value, target, "its constructor refused it").into())
        }
    }
}

/// A new object whose properties are set from a hashtable's or custom object's.
fn from_properties(engine: &mut dyn Engine, value: &Value, target: TypeRef) -> Outcome<Value> {
    let properties = match value {
        Value::Object(object) if object.kind == TypeRef::PSCUSTOMOBJECT => {
            let names = object.shape.borrow().names.clone();
            names.into_iter().zip(object.values.borrow().iter().cloned()).collect()
        }
        other => pairs(other)
            .map(|pairs| pairs.into_iter().map(|(key, value)| (super::to_text(&key), value)).collect::<Vec<_>>())
            .ok_or_else(|| no_conversion(value, target))?,
    };
    let fail = |why: &str| cast_fault("ObjectCreationError", value, target, why);
    if target.info().kind == crate::value::TypeKind::Interface || target == TypeRef::TYPE {
        return Err(no_conversion(value, target).into());
    }
    let made = match attempt(outside::construct_empty(engine, target))? {
        Ok(made) => made,
        Err(_) if matches!(value, Value::Hashtable(_) | Value::Object(_)) => {
            return Err(fail("it has no constructor without arguments").into());
        }
        Err(_) => return Err(no_conversion(value, target).into()),
    };
    for (name, property) in properties {
        let set = outside::set(engine, &made, &name, property).map(|()| Value::Null);
        if attempt(set)?.is_err() {
            return Err(fail(&format!("its property '{name}' cannot be set to that value")).into());
        }
    }
    Ok(made)
}
