//! The second stage: arguments without a name, by position. Where sets differ, the default set is tried first,
//! then the others, first without conversion, then with it.

use super::assign::Coercion;
use super::binding::{BindHost, BindOptions, Binding};
use super::faults;
use super::named::{as_written, bind_or_delay};
use super::signature::{Form, SetMask};
use crate::runtime::argument::{Argument, ArgumentKind};
use crate::value::{Outcome, Str, Unwind, Value};
use std::collections::BTreeMap;

/// Parameters at each position with the sets in which they stand there.
type Positions = BTreeMap<i32, Vec<(u16, SetMask)>>;

/// Binds what has no name to positional parameters; what fits nowhere stays unbound.
pub(super) fn bind(binding: &mut Binding, host: &mut dyn BindHost, options: &BindOptions) -> Outcome<()> {
    if !binding.unbound.iter().any(|a| matches!(a.kind, ArgumentKind::Value { .. })) {
        return Ok(());
    }
    let mut positions = positions_of(binding)?;
    let arguments = std::mem::take(&mut binding.unbound);
    let mut left = Vec::new();
    for argument in arguments {
        let ArgumentKind::Value { value, text } = &argument.kind else {
            left.push(argument);
            continue;
        };
        let Some((_, candidates)) = positions.pop_first() else {
            left.push(argument);
            continue;
        };
        let before = binding.sets;
        match try_candidates(binding, host, options, &candidates, value, text.as_ref()) {
            Ok(true) => {}
            Ok(false) => left.push(argument),
            Err(error) => keep_error(binding, &mut left, argument, error)?,
        }
        if binding.sets != before {
            narrow(&mut positions, binding.sets);
        }
    }
    binding.unbound = left;
    Ok(())
}

/// A conversion that failed is reported only when the argument finds no other home.
fn keep_error(binding: &mut Binding, left: &mut Vec<Argument>, argument: Argument, error: Unwind) -> Outcome<()> {
    if matches!(error, Unwind::Control(_)) {
        return Err(error);
    }
    left.push(argument);
    binding.positional_error.get_or_insert(error);
    Ok(())
}

fn positions_of(binding: &Binding) -> Outcome<Positions> {
    let mut positions = Positions::new();
    for number in binding.open_parameters() {
        if binding.delayed.iter().any(|row| row.0 == number) {
            continue;
        }
        let Some(parameter) = binding.signature.parameter(number) else { continue };
        for membership in parameter.memberships.iter().filter(|m| m.sets & binding.sets != 0 && !m.remaining) {
            let Some(position) = membership.position else { continue };
            let row = positions.entry(position).or_default();
            if row.iter().any(|(other, sets)| *other != number && sets & membership.sets & binding.sets != 0) {
                let mut names: Vec<Str> = row.iter().map(|(n, _)| binding.signature.parameter_name(*n)).collect();
                names.push(parameter.name.clone());
                return faults::ambiguous_position(&binding.signature, position, &names).err();
            }
            row.push((number, membership.sets));
        }
    }
    Ok(positions)
}

/// Drops what is in no set that is still possible.
fn narrow(positions: &mut Positions, sets: SetMask) {
    for row in positions.values_mut() {
        row.retain(|(_, mask)| mask & sets != 0);
    }
    positions.retain(|_, row| !row.is_empty());
}

fn try_candidates(
    binding: &mut Binding,
    host: &mut dyn BindHost,
    options: &BindOptions,
    candidates: &[(u16, SetMask)],
    value: &Value,
    text: Option<&Str>,
) -> Outcome<bool> {
    let single = candidates.len() == 1;
    let default = binding.signature.default_set & binding.sets;
    let mut passes = Vec::with_capacity(4);
    if !single {
        if default != 0 {
            passes.push((default, Coercion::None));
        }
        passes.push((binding.sets, Coercion::None));
        if default != 0 {
            passes.push((default, Coercion::Allowed));
        }
    }
    passes.push((binding.sets, Coercion::Allowed));
    let mut failure = None;
    for (sets, coercion) in passes {
        for (number, mask) in candidates.iter().filter(|(_, mask)| mask & sets != 0) {
            if coercion == Coercion::None && !single && untyped_text(binding, *number, value) {
                continue;
            }
            let value = as_written(&binding.signature, *number, value.clone(), text.cloned());
            match bind_or_delay(binding, host, options, *number, value, coercion) {
                Ok(true) => {
                    if mask & binding.sets != 0 {
                        binding.sets &= mask;
                    }
                    return Ok(true);
                }
                Ok(false) => {}
                Err(Unwind::Control(control)) => return Err(Unwind::Control(control)),
                Err(error) => failure = Some(error),
            }
        }
    }
    failure.map_or(Ok(false), Err)
}

/// A number literal does not count as text before conversion is allowed.
fn untyped_text(binding: &Binding, number: u16, value: &Value) -> bool {
    let text = binding.signature.parameter(number).is_some_and(|p| p.form == Form::Text);
    text && !matches!(value, Value::Str(_))
}
