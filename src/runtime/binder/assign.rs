//! Giving a value to a parameter: transformation, conversion, checks. The one way in for every stage.

use super::binding::{BindHost, Binding};
use super::signature::{Check, CommandKind, CommandSignature, CustomCheck, Form, Parameter};
use super::{faults, validate};
use crate::runtime::error_handling::exception_of;
use crate::value::{
    Engine, Exception, Outcome, Str, SwitchParameter, TypeRef, Unwind, Value, convert, enumerate, switch_parameter,
};
use std::borrow::Cow;
use std::rc::Rc;

/// Whether a value may be converted on its way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coercion {
    /// Only a value that is of the type already.
    None,
    /// Whatever conversion gives.
    Allowed,
}

/// Binds a value to a parameter. `false` where conversion would be needed and is not allowed.
pub(crate) fn assign(
    binding: &mut Binding,
    host: &mut dyn BindHost,
    number: u16,
    value: Value,
    coercion: Coercion,
) -> Outcome<bool> {
    let signature = binding.signature.clone();
    if let Some(common) = signature.common_parameter(number) {
        let record = binding.common.get_or_insert_with(Default::default);
        let shown = common.apply(&signature, &value, record)?;
        binding.common_values.retain(|row| row.0 != number);
        binding.common_values.push((number, shown));
        binding.put(number, Value::Null);
        return Ok(true);
    }
    let Some(parameter) = signature.parameter(number) else {
        return Ok(false);
    };
    match converted(&signature, parameter, host.engine(), value, coercion)? {
        Some(value) => {
            binding.put(number, value);
            Ok(true)
        }
        None => Ok(false),
    }
}

/// The value as the parameter takes it: transformed, converted, checked. `None` where it would need a conversion
/// that is not allowed.
pub(crate) fn converted(
    signature: &CommandSignature,
    parameter: &Parameter,
    engine: &mut dyn Engine,
    value: Value,
    coercion: Coercion,
) -> Outcome<Option<Value>> {
    let value = transformed(signature, parameter, engine, value)?;
    if parameter.mandatory != 0 && !parameter.allow_null && has_null_among_texts(parameter, &value) {
        return faults::null_not_allowed(signature, &parameter.name).err();
    }
    let value = match fits(parameter, &value) {
        true => value,
        false if is_element(parameter, &value) => wrapped(parameter, value),
        false if coercion == Coercion::None => return Ok(None),
        false => match signature.kind {
            CommandKind::Cmdlet => coerce_cmdlet(signature, parameter, engine, value)?,
            CommandKind::Simple | CommandKind::Advanced => coerce_script(signature, parameter, engine, value)?,
        },
    };
    if !parameter.checks.is_empty() {
        validate::checks(signature, parameter, engine, &value)?;
    }
    if parameter.mandatory != 0 || signature.kind == CommandKind::Cmdlet && parameter.form.is_collection() {
        not_empty(signature, parameter, &value)?;
    }
    Ok(Some(value))
}

/// True for several texts of which one is null: conversion would make it an empty string.
fn has_null_among_texts(parameter: &Parameter, value: &Value) -> bool {
    let Value::Array(array) = value else { return false };
    let of_text = parameter.kind.info().element.is_some_and(|element| Form::of(element) == Form::Text);
    of_text && array.len() > 1 && array.items().iter().any(Value::is_null)
}

/// Script-class attributes that transform arguments.
fn transformed(
    signature: &CommandSignature,
    parameter: &Parameter,
    engine: &mut dyn Engine,
    mut value: Value,
) -> Outcome<Value> {
    for check in &parameter.checks {
        if let Check::Custom(attribute, CustomCheck::Transform) = check {
            let class = TypeRef::of(attribute);
            value = engine
                .call_class_method(class, "Transform", Some(attribute), &[Value::Null, value])
                .map_err(|error| wrap_transformation(signature, parameter, error))?;
        }
    }
    Ok(value)
}

fn wrap_transformation(signature: &CommandSignature, parameter: &Parameter, error: Unwind) -> Unwind {
    match exception_in(&error) {
        Some(inner) => faults::transformation(signature, &parameter.name, inner).into(),
        None => error,
    }
}

/// True where the value can stand as it is.
pub(super) fn fits(parameter: &Parameter, value: &Value) -> bool {
    if !parameter.typed {
        return true;
    }
    match (parameter.form, value) {
        (Form::Object, _) => true,
        (Form::Text, Value::Str(_)) | (Form::Bool, Value::Bool(_)) | (Form::Block, Value::ScriptBlock(_)) => true,
        (Form::Switch, Value::Native(_)) => switch_of(value).is_some(),
        (Form::Text | Form::Bool | Form::Switch | Form::Block, _) => false,
        (_, Value::Null | Value::Nothing) => false,
        (Form::Array, Value::Array(array)) => {
            array.dimensions.len() <= 1
                && parameter.kind.info().element.is_some_and(|element| {
                    element == array.element || !element.is_value_type() && element.is_assignable_from(array.element)
                })
        }
        (Form::Array, _) => false,
        (Form::Collection | Form::Other, _) => {
            parameter.conversions.is_empty() && parameter.kind.is_assignable_from(TypeRef::of(value))
        }
    }
}

/// True for one item where an array of such items is wanted: wrapping it is no conversion.
fn is_element(parameter: &Parameter, value: &Value) -> bool {
    if parameter.form != Form::Array || value.is_null() || !parameter.conversions.is_empty() {
        return false;
    }
    let given = TypeRef::of(value);
    let element = parameter.kind.info().element;
    element.is_some_and(|element| element == given || element != TypeRef::OBJECT && element.is_assignable_from(given))
}

fn wrapped(parameter: &Parameter, value: Value) -> Value {
    let element = parameter.kind.info().element.unwrap_or(TypeRef::OBJECT);
    Value::Array(crate::value::Array::typed(element, vec![value]))
}

/// A script parameter's type constraint.
fn coerce_script(
    signature: &CommandSignature,
    parameter: &Parameter,
    engine: &mut dyn Engine,
    value: Value,
) -> Outcome<Value> {
    let refuse = |why: String| {
        let inner = faults::refused_cast(faults::cast_exception(why));
        Err(faults::transformation(signature, &parameter.name, inner).into())
    };
    match parameter.form {
        Form::Switch => {
            return match as_switch(&value) {
                Some(on) => Ok(switch_value(on)),
                None => refuse(format!("a switch takes $true or $false, not '{}'.", text_of(&value))),
            };
        }
        Form::Bool => {
            return match as_bool(&value) {
                Some(on) => Ok(Value::Bool(on)),
                None => refuse(format!("it takes $true, $false or a number, not '{}'.", text_of(&value))),
            };
        }
        Form::Text if value.is_null() => return Ok(Value::str("")),
        Form::Text if signature.kind == CommandKind::Advanced && matches!(value, Value::Array(_)) => {
            return refuse("a single string is wanted, and this is an array.".to_owned());
        }
        Form::Array | Form::Collection if value.is_null() => return Ok(Value::Null),
        _ => {}
    }
    let mut result = value;
    for kind in parameter.conversions.iter().chain(std::iter::once(&parameter.kind)) {
        result = match convert::to(engine, &result, *kind) {
            Ok(value) => value,
            Err(error) => {
                return Err(match exception_in(&error) {
                    Some(cause) => {
                        let cause = cause.inner.clone().unwrap_or(cause);
                        faults::transformation(signature, &parameter.name, faults::refused_cast(cause)).into()
                    }
                    None => error,
                });
            }
        };
    }
    Ok(result)
}

/// A cmdlet parameter's conversion.
fn coerce_cmdlet(
    signature: &CommandSignature,
    parameter: &Parameter,
    engine: &mut dyn Engine,
    value: Value,
) -> Outcome<Value> {
    let name = &parameter.name;
    match parameter.form {
        Form::Switch | Form::Bool => {
            let read = if parameter.form == Form::Switch { as_switch(&value) } else { as_bool(&value) };
            if value.is_null() && parameter.form == Form::Bool {
                return faults::null_not_allowed(signature, name).err();
            }
            return match read {
                Some(on) if parameter.form == Form::Switch => Ok(switch_value(on)),
                Some(on) => Ok(Value::Bool(on)),
                None => faults::cannot_convert_boolean(signature, name, &value).err(),
            };
        }
        Form::Text if value.is_null() && parameter.mandatory != 0 && !parameter.allow_null => {
            return faults::null_not_allowed(signature, name).err();
        }
        Form::Text if value.is_null() => return Ok(Value::str("")),
        Form::Text if matches!(value, Value::Array(_)) => {
            return faults::cannot_convert_collection(signature, name).err();
        }
        Form::Array | Form::Collection if value.is_null() => return Ok(Value::Null),
        Form::Other if value.is_null() && !parameter.kind.is_value_type() => return Ok(Value::Null),
        _ => {}
    }
    convert::to(engine, &value, parameter.kind).map_err(|error| match message_of(&error) {
        Some(message) => {
            faults::cannot_convert(signature, name, &value, &parameter.kind.display_name(), Some(&message)).into()
        }
        None => error,
    })
}

/// What a mandatory parameter refuses: null, empty text, empty collections, and such items within.
fn not_empty(signature: &CommandSignature, parameter: &Parameter, value: &Value) -> Outcome<()> {
    let name = &parameter.name;
    if parameter.mandatory == 0 {
        return Ok(());
    }
    if value.is_null() {
        return if parameter.allow_null { Ok(()) } else { faults::null_not_allowed(signature, name).err() };
    }
    let empty_text = |value: &Value| matches!(value, Value::Str(text) if text.is_empty());
    if parameter.form == Form::Text {
        let refused = empty_text(value) && !parameter.allow_empty_string;
        return if refused { faults::empty_string_not_allowed(signature, name).err() } else { Ok(()) };
    }
    if !parameter.form.is_collection() {
        return Ok(());
    }
    let items = match value {
        Value::Array(array) => array.values(),
        other => enumerate(other).unwrap_or_default(),
    };
    if items.is_empty() && !parameter.allow_empty_collection {
        return faults::empty_collection_not_allowed(signature, name, parameter.form == Form::Array).err();
    }
    let of_text = parameter.kind.info().element.is_some_and(|e| Form::of(e) == Form::Text);
    for item in &items {
        if item.is_null() && !parameter.allow_null {
            return faults::null_not_allowed(signature, name).err();
        }
        if of_text && empty_text(item) && !parameter.allow_empty_string {
            return faults::empty_string_not_allowed(signature, name).err();
        }
    }
    Ok(())
}

/// A value as a switch: Booleans and switches only, null is off.
pub(crate) fn as_switch(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(on) => Some(*on),
        Value::Null | Value::Nothing => Some(false),
        Value::Wrapped(wrapped) => as_switch(&wrapped.base),
        other => switch_of(other),
    }
}

/// A value as a Boolean argument: Booleans, switches and numbers.
pub(crate) fn as_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Null | Value::Nothing => None,
        Value::I8(n) => Some(*n != 0),
        Value::U8(n) => Some(*n != 0),
        Value::I16(n) => Some(*n != 0),
        Value::U16(n) => Some(*n != 0),
        Value::I32(n) => Some(*n != 0),
        Value::U32(n) => Some(*n != 0),
        Value::I64(n) => Some(*n != 0),
        Value::U64(n) => Some(*n != 0),
        Value::F32(n) => Some(*n != 0.0),
        Value::F64(n) => Some(*n != 0.0),
        Value::Decimal(n) => Some(!n.is_zero()),
        other => as_switch(other),
    }
}

/// A switch's value.
pub(super) fn switch_value(on: bool) -> Value {
    switch_parameter(on)
}

/// The state of a switch's value; `None` for anything else.
fn switch_of(value: &Value) -> Option<bool> {
    match value {
        Value::Native(native) => native.downcast::<SwitchParameter>().map(|switch| switch.is_present),
        _ => None,
    }
}

/// A value as text, for messages and names.
pub(super) fn text_of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Str(text) => Cow::Borrowed(text.as_str()),
        other => Cow::Owned(convert::to_text(other).to_string()),
    }
}

/// The exception of an error; `None` for what is not an error.
pub(super) fn exception_in(error: &Unwind) -> Option<Rc<Exception>> {
    match error {
        Unwind::Fault(fault) => Some(Rc::new(exception_of(fault))),
        Unwind::Error(record) => Some(record.exception.clone()),
        Unwind::Control(_) => None,
    }
}

/// The message of an error; `None` for what is not an error.
pub(in crate::runtime) fn message_of(error: &Unwind) -> Option<Str> {
    match error {
        Unwind::Fault(fault) => Some(Str::from(fault.message.as_str())),
        Unwind::Error(record) => Some(record.exception.message.borrow().clone()),
        Unwind::Control(_) => None,
    }
}
