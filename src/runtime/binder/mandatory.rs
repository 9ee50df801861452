//! Mandatory parameters that nobody gave: found, asked for, or reported.

use super::assign::{Coercion, assign};
use super::binding::{BindHost, Binding};
use super::faults;
use super::signature::SetMask;
use crate::value::{Outcome, Str};

/// After the command line: asks for what is missing, or says so. What pipeline objects may supply is left to them.
pub(super) fn complete(binding: &mut Binding, host: &mut dyn BindHost, expects_input: bool) -> Outcome<()> {
    let missing = if expects_input { missing_before_input(binding) } else { missing(binding) };
    if missing.is_empty() {
        return Ok(());
    }
    match host.prompt(&binding.signature.clone(), &missing)? {
        Some(values) => {
            for (number, value) in missing.iter().zip(values) {
                assign(binding, host, *number, value, Coercion::Allowed)?;
            }
            Ok(())
        }
        None => faults::missing_mandatory(&binding.signature, &names(binding, &missing)).err(),
    }
}

/// The names of parameters.
pub(super) fn names(binding: &Binding, numbers: &[u16]) -> Vec<Str> {
    numbers.iter().map(|n| binding.signature.parameter_name(*n)).collect()
}

fn open_mandatory(binding: &Binding, sets: SetMask) -> Vec<u16> {
    let given = |n: u16| binding.is_bound(n) || binding.delayed.iter().any(|row| row.0 == n);
    let rows = binding.signature.parameters.iter().enumerate();
    rows.filter(|(n, p)| p.mandatory & sets != 0 && !given(*n as u16)).map(|(n, _)| n as u16).collect()
}

/// What is missing in the sets still possible.
pub(super) fn missing(binding: &Binding) -> Vec<u16> {
    open_mandatory(binding, binding.sets)
}

/// What is missing and cannot come down the pipeline. Sets that lack such a thing are given up while others remain.
fn missing_before_input(binding: &mut Binding) -> Vec<u16> {
    let sets = binding.sets;
    let lacking = |mask: SetMask, binding: &Binding| -> Vec<u16> {
        let stuck = |n: &u16| {
            binding.signature.parameter(*n).is_some_and(|p| (p.by_value | p.by_property) & p.mandatory & mask == 0)
        };
        open_mandatory(binding, mask).into_iter().filter(stuck).collect()
    };
    let all = lacking(sets, binding);
    if all.is_empty() || sets != super::signature::ALL_SETS && super::sets::count(sets) <= 1 {
        return all;
    }
    let bits = (0..binding.signature.sets.len()).map(|n| 1u32 << n).filter(|bit| bit & sets != 0);
    let complete: SetMask = bits.filter(|bit| lacking(*bit, binding).is_empty()).fold(0, |mask, bit| mask | bit);
    if complete != 0 {
        binding.sets = complete;
        return Vec::new();
    }
    let default = binding.signature.default_set & sets;
    if default != 0 {
        binding.sets = default;
        return lacking(default, binding);
    }
    all
}
