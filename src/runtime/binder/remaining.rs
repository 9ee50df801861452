//! What is left after names and positions: for the parameter that takes remaining arguments, for `$args`, or an error.

use super::assign::{Coercion, assign};
use super::binding::{BindHost, Binding};
use super::faults;
use super::signature::{CommandKind, Form};
use crate::runtime::argument::{Argument, ArgumentKind};
use crate::value::members::library::list::List;
use crate::value::{Extension, Member, Outcome, Str, TypeRef, Unwind, Value, Wrapped, convert, is_enumerable, types};
use std::rc::Rc;
use std::sync::LazyLock;

/// The name of the note that marks a parameter's name among `$args`, so that splatting them restores it.
pub(crate) const PARAMETER_MARK: &str = "<CommandParameterName>";

/// The name of the note that keeps the text of a number.
const LITERAL_MARK: &str = "<LiteralText>";

/// What an untyped parameter gets that takes all that remains.
static LIST: LazyLock<Option<TypeRef>> = LazyLock::new(|| types::resolve("System.Collections.Generic.List[object]"));

/// Binds what is left over.
pub(super) fn bind(binding: &mut Binding, host: &mut dyn BindHost) -> Outcome<()> {
    if binding.unbound.is_empty() {
        return Ok(());
    }
    if binding.signature.has_remaining {
        let open = binding.open_parameters();
        let sets = binding.sets;
        let takes = |n: &u16| binding.signature.parameter(*n).is_some_and(|p| p.is_remaining(sets));
        let mut takers = open.into_iter().filter(takes);
        let (first, second) = (takers.next(), takers.next());
        drop(takers);
        if second.is_some() {
            return faults::ambiguous_set(&binding.signature, sets).err();
        }
        if let Some(number) = first {
            return take_all(binding, host, number);
        }
    }
    if binding.signature.kind == CommandKind::Simple {
        if let Some(error) = binding.positional_error.take() {
            return Err(error);
        }
        let mut unbound = std::mem::take(&mut binding.unbound);
        for argument in &mut unbound {
            if let ArgumentKind::Value { value, text: Some(text) } = &mut argument.kind {
                *value = as_written(std::mem::take(value), Some(text));
            }
        }
        binding.rest = as_values(unbound);
        return Ok(());
    }
    refuse(binding)
}

fn take_all(binding: &mut Binding, host: &mut dyn BindHost, number: u16) -> Outcome<()> {
    // A value that a check refused is refused, not one that remains.
    match binding.positional_error.take() {
        Some(Unwind::Fault(fault)) if fault.id.starts_with("ParameterArgumentValidationError") => {
            return Err(Unwind::Fault(fault));
        }
        _ => {}
    }
    let mut unbound = std::mem::take(&mut binding.unbound);
    if binding.signature.kind == CommandKind::Cmdlet {
        unbound.iter_mut().for_each(keep_literal);
    }
    let items = as_values(unbound);
    let value = match items.as_slice() {
        [only] if is_enumerable(only) => only.clone(),
        _ => listed(binding, number, items),
    };
    assign(binding, host, number, value, Coercion::Allowed)?;
    Ok(())
}

/// Many arguments as one: a list, or the array that a parameter wants anyway.
fn listed(binding: &Binding, number: u16, items: Vec<Value>) -> Value {
    let wants_array = binding.signature.parameter(number).is_some_and(|p| p.form == Form::Array);
    match *LIST {
        Some(list) if !wants_array => List::value(list, items),
        _ => Value::array(items),
    }
}

/// The first thing left over, as an error.
fn refuse(binding: &mut Binding) -> Outcome<()> {
    let signature = binding.signature.clone();
    let named = binding.unbound.iter().find_map(|argument| match &argument.kind {
        ArgumentKind::Parameter { name, .. } => Some(name.clone()),
        ArgumentKind::Value { .. } => None,
    });
    if let Some(name) = named {
        return faults::unknown_parameter(&signature, &name).err();
    }
    if let Some(error) = binding.positional_error.take() {
        return Err(error);
    }
    match binding.unbound.first().map(|argument| &argument.kind) {
        Some(ArgumentKind::Value { value, .. }) => faults::unexpected_argument(&signature, value).err(),
        _ => Ok(()),
    }
}

/// Arguments as plain values: names with their dash, marked, so that `@args` passes them on as names.
pub(crate) fn as_values(arguments: Vec<Argument>) -> Vec<Value> {
    let mut values = Vec::with_capacity(arguments.len());
    for argument in arguments {
        match argument.kind {
            ArgumentKind::Value { value, .. } => values.push(value),
            ArgumentKind::Parameter { name, value, written, .. } => {
                values.push(marked(written, &name));
                values.extend(value);
            }
        }
    }
    values
}

/// A number among remaining arguments goes on with the text it was written as, where that says more.
fn keep_literal(argument: &mut Argument) {
    let ArgumentKind::Value { value, text: Some(text) } = &mut argument.kind else { return };
    if !matches!(value, Value::Str(_)) && convert::to_text(value).as_str() != text.as_str() {
        let wrapped = Wrapped { base: value.clone(), extension: Default::default() };
        let note = (Str::from(LITERAL_MARK), Member::Note(Value::Str(text.clone())));
        wrapped.extension.make().borrow_mut().members.extend([note]);
        *value = Value::Wrapped(Rc::new(wrapped));
    }
}

/// A number among `$args` shows as it was written, and programs get it so: `1.50`, `0x10`, `.5`.
pub(crate) fn as_written(value: Value, text: Option<&Str>) -> Value {
    let Some(text) = text else { return value };
    if matches!(value, Value::Str(_) | Value::Wrapped(_)) || convert::to_text(&value).as_str() == text.as_str() {
        return value;
    }
    let wrapped = Wrapped { base: value, extension: Default::default() };
    wrapped.extension.make().borrow_mut().text = Some(text.clone());
    Value::Wrapped(Rc::new(wrapped))
}

/// The text a number among arguments was written as, where it is not the number's own.
pub(crate) fn literal_text(value: &Value) -> Option<Str> {
    let Value::Wrapped(wrapped) = value else { return None };
    let extension = wrapped.extension.beyond_shared()?.borrow();
    match extension.members.get(LITERAL_MARK) {
        Some(Member::Note(text)) => Some(convert::to_text(text)),
        _ if matches!(wrapped.base, Value::Str(_)) => None,
        _ => extension.text.clone(),
    }
}

/// Text that remembers it was a parameter's name.
fn marked(written: Str, name: &Str) -> Value {
    let wrapped = Wrapped { base: Value::Str(written), extension: Default::default() };
    let mut extension = Extension::default();
    extension.members.insert(Str::from(PARAMETER_MARK), Member::Note(Value::Str(name.clone())));
    *wrapped.extension.make().borrow_mut() = extension;
    Value::Wrapped(Rc::new(wrapped))
}
