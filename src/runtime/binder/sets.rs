//! Which parameter set is meant: narrowing, the default set, and the error where it cannot be told.

use super::binding::Binding;
use super::faults;
use super::signature::{ALL_SETS, SetMask};
use crate::value::Outcome;

/// Number of sets in a mask; everything counts as one.
pub(super) fn count(mask: SetMask) -> usize {
    if mask == ALL_SETS { 1 } else { mask.count_ones() as usize }
}

/// Checks that a set can still be chosen, and chooses where it is clear. Gives the number still possible.
///
/// `before_input`: pipeline objects may still decide. `settle`: the default set is taken where it is possible.
pub(super) fn validate(binding: &mut Binding, before_input: bool, settle: bool) -> Outcome<usize> {
    let signature = binding.signature.clone();
    let default = signature.default_set;
    let possible = count(binding.sets);
    if possible == 0 {
        return faults::ambiguous_set(&signature, 0).err();
    }
    if binding.sets == ALL_SETS {
        return validate_all(binding, before_input, settle);
    }
    if possible == 1 {
        binding.chosen = binding.sets;
        return Ok(1);
    }
    if !before_input && binding.sets & default != 0 {
        binding.chosen = default;
        if settle {
            binding.sets = default;
            return Ok(1);
        }
        return Ok(possible);
    }
    if before_input && some_open_takes_input(binding) {
        return Ok(possible);
    }
    if before_input && binding.sets & default != 0 {
        // Without a parameter that input could fill, the default decides at the end of the command line.
        binding.chosen = default;
        return Ok(possible);
    }
    resolve_by_mandatory(binding)
}

/// Nothing given belongs to a named set yet.
fn validate_all(binding: &mut Binding, before_input: bool, settle: bool) -> Outcome<usize> {
    let signature = binding.signature.clone();
    let number = signature.sets.len().max(1);
    if before_input && some_open_takes_input(binding) {
        return Ok(number);
    }
    if signature.default_set != 0 {
        binding.chosen = signature.default_set;
        if settle {
            binding.sets = signature.default_set;
            return Ok(1);
        }
        return Ok(number);
    }
    if number > 1 {
        return resolve_by_mandatory(binding);
    }
    binding.chosen = match signature.sets.len() {
        1 => 1,
        _ => ALL_SETS,
    };
    Ok(1)
}

/// Of several sets without a default, the one that lacks nothing mandatory.
fn resolve_by_mandatory(binding: &mut Binding) -> Outcome<usize> {
    let signature = binding.signature.clone();
    let named = match signature.sets.len() {
        0 => ALL_SETS,
        n => ALL_SETS >> (32 - n.min(32)),
    };
    let mut left = binding.sets & named;
    for parameter in open(binding) {
        left &= !parameter.mandatory;
    }
    if left.count_ones() == 1 {
        (binding.sets, binding.chosen) = (left, left);
        return Ok(1);
    }
    faults::ambiguous_set(&signature, binding.sets & named).err()
}

/// The parameters not given yet, of the sets still possible.
fn open(binding: &Binding) -> impl Iterator<Item = &super::Parameter> {
    let given = |n: u16| binding.is_bound(n) || binding.delayed.iter().any(|row| row.0 == n);
    let rows = binding.signature.parameters.iter().enumerate();
    rows.filter(move |(n, p)| p.sets & binding.sets != 0 && !given(*n as u16)).map(|(_, p)| p)
}

/// True where a piped object could still fill something.
pub(super) fn some_open_takes_input(binding: &Binding) -> bool {
    open(binding).any(|p| (p.by_value | p.by_property) & binding.sets != 0)
}

/// The possible sets that have a parameter for pipeline input open; all of them where none has.
pub(super) fn taking_input(binding: &Binding) -> SetMask {
    let mut taking = 0;
    for parameter in open(binding) {
        let mask = (parameter.by_value | parameter.by_property) & binding.sets;
        if mask == ALL_SETS || parameter.by_value == ALL_SETS || parameter.by_property == ALL_SETS {
            return binding.sets;
        }
        taking |= mask;
    }
    let delayed = binding.delayed.iter().filter_map(|(n, _)| binding.signature.parameter(*n));
    let held = delayed.fold(0, |mask, p| mask | p.sets & binding.sets);
    if taking | held == 0 { binding.sets } else { taking | held }
}
