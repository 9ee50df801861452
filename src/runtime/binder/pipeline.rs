//! Per pipeline object: by value and by property name, first without conversion, then with it; script blocks that
//! were given in place of values are evaluated for the object. Before the next object all of it is undone.

use super::assign::{Coercion, assign};
use super::binding::{BindHost, Binding};
use super::member;
use super::signature::SetMask;
use super::{faults, mandatory, sets};
use crate::value::{Outcome, Unwind, Value};

/// The order in which ways of binding are tried.
const STEPS: [(Way, Coercion); 4] = [
    (Way::Value, Coercion::None),
    (Way::Property, Coercion::None),
    (Way::Value, Coercion::Allowed),
    (Way::Property, Coercion::Allowed),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Value,
    Property,
}

/// Undoes what the last pipeline object bound; gives the numbers of the parameters concerned, whose defaults the
/// caller puts back.
pub(crate) fn restore(binding: &mut Binding) -> smallvec::SmallVec<[u16; 4]> {
    let undone = std::mem::take(&mut binding.from_pipeline);
    for number in &undone {
        binding.remove(*number);
    }
    binding.sets = binding.sets_before_input;
    undone
}

/// Binds an object where the one before it bound the only parameter that takes pipeline input, and this one fits that
/// parameter as it is: everything else stays as it was. `None` where the whole way must be gone.
pub(crate) fn rebind(binding: &mut Binding, host: &mut dyn BindHost, object: &Value) -> Option<u16> {
    let ([last], [only]) = (binding.from_pipeline.as_slice(), binding.signature.pipeline.as_slice()) else {
        return None;
    };
    let number = *only;
    let by_value = binding.signature.parameter(number).is_some_and(|p| p.by_value & binding.sets != 0);
    if *last != number || !by_value || !binding.delayed.is_empty() {
        return None;
    }
    match assign(binding, host, number, object.clone(), Coercion::None) {
        Ok(true) => Some(number),
        Ok(false) | Err(_) => None,
    }
}

/// Binds one pipeline object. `Err` is an error about this object, to be written without ending the pipeline.
pub(crate) fn bind_object(binding: &mut Binding, host: &mut dyn BindHost, object: &Value) -> Outcome<()> {
    let mut bound = bind_delayed(binding, host, object)?;
    if !binding.signature.pipeline.is_empty() {
        if binding.prioritized != 0 && !bound {
            bound = bind_in(binding, host, object, binding.prioritized)?;
        }
        if !bound || !binding.delayed.is_empty() || binding.prioritized == 0 {
            bound |= bind_in(binding, host, object, binding.sets)?;
        }
    }
    if !bound {
        return faults::input_not_bound(&binding.signature, object).err();
    }
    sets::validate(binding, false, true)?;
    let missing = mandatory::missing(binding);
    if !missing.is_empty() {
        let names = mandatory::names(binding, &missing);
        return faults::input_missing_mandatory(&binding.signature, object, &names).err();
    }
    Ok(())
}

fn bind_in(binding: &mut Binding, host: &mut dyn BindHost, object: &Value, possible: SetMask) -> Outcome<bool> {
    let mut bound = false;
    for (way, coercion) in STEPS {
        let default = binding.signature.default_set & possible & binding.sets;
        let mut here = default != 0 && step(binding, host, object, way, coercion, default)?;
        if !here {
            here = step(binding, host, object, way, coercion, possible & binding.sets)?;
        }
        if here {
            bound = true;
            if binding.sets == 0 {
                return faults::ambiguous_set(&binding.signature, 0).err();
            }
        }
    }
    Ok(bound)
}

fn step(
    binding: &mut Binding,
    host: &mut dyn BindHost,
    object: &Value,
    way: Way,
    coercion: Coercion,
    possible: SetMask,
) -> Outcome<bool> {
    let mut bound = false;
    let signature = binding.signature.clone();
    for &number in &signature.pipeline {
        let Some(parameter) = signature.parameters.get(number as usize) else { continue };
        let mask = if way == Way::Value { parameter.by_value } else { parameter.by_property };
        let delayed = binding.delayed.iter().any(|row| row.0 == number);
        if mask & possible & binding.sets == 0 || delayed || binding.is_bound(number) && !by_default(binding, number) {
            continue;
        }
        let value = match way {
            Way::Value => Some(object.clone()),
            Way::Property => property(binding, host, number, object)?,
        };
        let Some(value) = value else { continue };
        bound |= try_assign(binding, host, (way, number), value, coercion, mask)?;
    }
    Ok(bound)
}

/// A default parameter value gives way to what is piped.
fn by_default(binding: &Binding, number: u16) -> bool {
    binding.from_defaults.contains(&number)
}

fn try_assign(
    binding: &mut Binding,
    host: &mut dyn BindHost,
    (way, number): (Way, u16),
    value: Value,
    coercion: Coercion,
    mask: SetMask,
) -> Outcome<bool> {
    match assign(binding, host, number, value, coercion) {
        Ok(true) => {
            binding.sets &= mask;
            binding.from_pipeline.push(number);
            Ok(true)
        }
        Ok(false) => Ok(false),
        Err(error) if does_not_fit(&error, way) => Ok(false),
        Err(error) => Err(error),
    }
}

/// An object that cannot be converted is one that does not fit; other refusals are errors, and so is a property that a
/// type constraint of a script refuses.
fn does_not_fit(error: &Unwind, way: Way) -> bool {
    let Unwind::Fault(fault) = error else { return false };
    match &*fault.id {
        "CannotConvertArgumentNoMessage" | "CannotConvertArgument" => true,
        "ParameterArgumentTransformationError" => way == Way::Value && faults::is_cast(fault),
        _ => false,
    }
}

/// The object's property of the parameter's name or an alias.
fn property(binding: &Binding, host: &mut dyn BindHost, number: u16, object: &Value) -> Outcome<Option<Value>> {
    if object.is_null() {
        return Ok(None);
    }
    let signature = binding.signature.clone();
    let Some(parameter) = signature.parameter(number) else { return Ok(None) };
    for name in std::iter::once(&parameter.name).chain(&parameter.aliases) {
        if let Some(value) = own_property(host, object, name)? {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// A property proper: the keys of a hashtable do not count, nor does a getter that fails.
fn own_property(host: &mut dyn BindHost, object: &Value, name: &str) -> Outcome<Option<Value>> {
    if let Value::Hashtable(table) = object
        && table.extension.get().is_none()
        && !["Count", "Keys", "Values"].iter().any(|known| known.eq_ignore_ascii_case(name))
    {
        return Ok(None);
    }
    match member::get(host.engine(), object, name) {
        Ok(found) => Ok(found),
        Err(Unwind::Control(control)) => Err(Unwind::Control(control)),
        Err(_) => Ok(None),
    }
}

/// Script blocks in place of values.
fn bind_delayed(binding: &mut Binding, host: &mut dyn BindHost, object: &Value) -> Outcome<bool> {
    let delayed = binding.delayed.clone();
    for (number, block) in &delayed {
        let value = host.engine().invoke(block, &[], Some(object.clone()))?;
        if matches!(value, Value::Nothing) {
            let name = binding.signature.parameter_name(*number);
            return faults::block_without_output(&binding.signature, &name).err();
        }
        assign(binding, host, *number, value, Coercion::Allowed)?;
        binding.from_pipeline.push(*number);
    }
    Ok(!delayed.is_empty())
}
