//! The first stage: arguments with a name, found by exact name, alias or unambiguous beginning.

use super::assign::{Coercion, assign, switch_value};
use super::binding::{BindHost, BindOptions, Binding};
use super::faults;
use super::signature::{ALL_SETS, CommandSignature, Form, folded};
use crate::runtime::argument::{Argument, ArgumentKind};
use crate::value::{Outcome, Str, TypeRef, Value};
use smallvec::SmallVec;

/// The parameter a written name means. `None` where none begins so; an error where several do.
pub(crate) fn resolve_name(signature: &CommandSignature, name: &str) -> Outcome<Option<u16>> {
    let wanted = folded(name);
    if let Some(number) = signature.names.get(&wanted) {
        return Ok(Some(*number));
    }
    let mut found: SmallVec<[u16; 4]> = SmallVec::new();
    for (candidate, number) in &signature.names {
        if candidate.starts_with(&*wanted) && !found.contains(number) {
            found.push(*number);
        }
    }
    if found.len() > 1 {
        // A command's own parameter goes before a common one.
        let own: SmallVec<[u16; 4]> =
            found.iter().copied().filter(|n| signature.common_parameter(*n).is_none()).collect();
        if own.len() == 1 {
            return Ok(own.first().copied());
        }
        found.sort_unstable();
        let names: Vec<Str> = found.iter().map(|n| signature.parameter_name(*n)).collect();
        return faults::ambiguous_parameter(signature, name, &names).err();
    }
    Ok(found.first().copied())
}

/// Binds every argument that names a parameter; the others stay unbound.
pub(super) fn bind(binding: &mut Binding, host: &mut dyn BindHost, options: &BindOptions) -> Outcome<()> {
    let plain = |a: &Argument| matches!(&a.kind, ArgumentKind::Value { text, .. } if !is_end_mark(text.as_ref()));
    if binding.unbound.iter().all(plain) {
        return Ok(());
    }
    let paired = pair(&binding.signature.clone(), std::mem::take(&mut binding.unbound))?;
    let explicit: SmallVec<[u16; 8]> = paired.iter().filter(|p| !p.splatted).filter_map(|p| p.number).collect();
    for item in paired {
        match item.number {
            None => binding.unbound.push(item.argument),
            Some(number) if item.splatted && explicit.contains(&number) => {}
            Some(number) => bind_one(binding, host, options, number, item.value)?,
        }
    }
    Ok(())
}

/// An argument with the parameter it names, and its value.
struct Paired {
    number: Option<u16>,
    value: Value,
    splatted: bool,
    argument: Argument,
}

/// Gives every named parameter its value: its own, true for a switch, or the next argument.
fn pair(signature: &CommandSignature, arguments: Vec<Argument>) -> Outcome<Vec<Paired>> {
    let mut paired = Vec::with_capacity(arguments.len());
    let mut rest = arguments.into_iter().peekable();
    let mut ended = false;
    while let Some(argument) = rest.next() {
        let (name, value, splatted) = match &argument.kind {
            ArgumentKind::Value { text, .. } if !ended && is_end_mark(text.as_ref()) => {
                ended = true;
                continue;
            }
            ArgumentKind::Parameter { value, written, .. } if ended => {
                let as_value =
                    |value: Value| Argument { span: argument.span, kind: ArgumentKind::Value { value, text: None } };
                for value in std::iter::once(Value::Str(written.clone())).chain(value.clone()) {
                    paired.push(Paired {
                        number: None,
                        value: Value::Null,
                        splatted: false,
                        argument: as_value(value),
                    });
                }
                continue;
            }
            ArgumentKind::Value { .. } => {
                paired.push(Paired { number: None, value: Value::Null, splatted: false, argument });
                continue;
            }
            ArgumentKind::Parameter { name, value, splatted, .. } => (name.clone(), value.clone(), *splatted),
        };
        let number = resolve_name(signature, &name)?;
        let mut argument = argument;
        let value = match (number, value) {
            (None, value) => {
                if value.is_none() {
                    keep_following(&mut argument, &mut rest);
                }
                Value::Null
            }
            (Some(_), Some(value)) => value,
            (Some(number), None) if signature.is_switch(number) => switch_value(true),
            (Some(number), None) => following(signature, &name, number, rest.next())?,
        };
        paired.push(Paired { number, value, splatted, argument });
    }
    Ok(paired)
}

/// The bare `--`, after which nothing is a parameter's name.
fn is_end_mark(text: Option<&Str>) -> bool {
    text.is_some_and(|text| text.as_str() == "--")
}

/// A name that nobody knows keeps the value after it.
fn keep_following(argument: &mut Argument, rest: &mut std::iter::Peekable<std::vec::IntoIter<Argument>>) {
    let follows = |a: &Argument| matches!(&a.kind, ArgumentKind::Value { text, .. } if !is_end_mark(text.as_ref()));
    if let (Some(next), ArgumentKind::Parameter { value, .. }) = (rest.next_if(follows), &mut argument.kind)
        && let ArgumentKind::Value { value: following, .. } = next.kind
    {
        *value = Some(following);
    }
}

/// The argument after a name, as its value.
fn following(signature: &CommandSignature, name: &str, number: u16, next: Option<Argument>) -> Outcome<Value> {
    let missing = || faults::missing_argument(signature, name);
    match next.map(|argument| argument.kind) {
        None => missing().err(),
        Some(ArgumentKind::Value { value, text }) => {
            if is_end_mark(text.as_ref()) {
                return missing().err();
            }
            Ok(as_written(signature, number, value, text))
        }
        Some(ArgumentKind::Parameter { name: other, value, written, .. }) => {
            if value.is_some() || resolve_name(signature, &other)?.is_some() {
                return missing().err();
            }
            Ok(Value::Str(written))
        }
    }
}

/// A number literal keeps its text where text is wanted.
pub(super) fn as_written(signature: &CommandSignature, number: u16, value: Value, text: Option<Str>) -> Value {
    match (text, signature.parameter(number)) {
        (Some(text), Some(parameter)) if wants_text(parameter) => Value::Str(text),
        _ => value,
    }
}

fn wants_text(parameter: &super::Parameter) -> bool {
    match parameter.form {
        Form::Array => parameter.kind.info().element.is_some_and(reads_text),
        _ => reads_text(parameter.kind),
    }
}

/// True for types that a number literal becomes by way of what was written.
pub(crate) fn reads_text(kind: TypeRef) -> bool {
    Form::of(kind) == Form::Text || READ_FROM_TEXT.contains(&kind)
}

/// Types that a number becomes by way of its text: `-Version 2.0` means the text.
const READ_FROM_TEXT: [TypeRef; 3] = [TypeRef::VERSION, TypeRef::SEMANTIC_VERSION, TypeRef::IPADDRESS];

fn bind_one(
    binding: &mut Binding,
    host: &mut dyn BindHost,
    options: &BindOptions,
    number: u16,
    value: Value,
) -> Outcome<()> {
    if binding.is_bound(number) || binding.delayed.iter().any(|row| row.0 == number) {
        let name = binding.signature.parameter_name(number);
        return faults::already_bound(&binding.signature, &name).err();
    }
    bind_or_delay(binding, host, options, number, value, Coercion::Allowed)?;
    if binding.sets == 0 {
        return faults::ambiguous_set(&binding.signature, 0).err();
    }
    Ok(())
}

/// Binds a value; a script block for a parameter that takes pipeline input waits for each object instead.
pub(super) fn bind_or_delay(
    binding: &mut Binding,
    host: &mut dyn BindHost,
    options: &BindOptions,
    number: u16,
    value: Value,
    coercion: Coercion,
) -> Outcome<bool> {
    let signature = binding.signature.clone();
    if let (Value::ScriptBlock(block), Some(parameter)) = (&value, signature.parameter(number)) {
        let pipeline = (parameter.by_value | parameter.by_property) & binding.sets & ALL_SETS != 0;
        if pipeline && signature.is_advanced() && !matches!(parameter.form, Form::Object | Form::Block) {
            if !options.expects_input {
                return faults::block_without_input(&signature, &parameter.name).err();
            }
            binding.delayed.push((number, block.clone()));
            binding.sets &= parameter.sets;
            return Ok(true);
        }
    }
    assign(binding, host, number, value, coercion)
}
