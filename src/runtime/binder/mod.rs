//! The parameter binder. Arguments meet a command's signature in stages, each a function from state to state:
//! named, positional, default values, dynamic parameters, remaining arguments, mandatory parameters; then, per
//! object, the pipeline. Nothing is executed but what attributes and `dynamicparam` themselves demand.

mod assign;
mod binding;
mod common;
mod defaults;
pub(crate) mod faults;
mod mandatory;
mod member;
mod named;
mod pipeline;
mod plan;
mod positional;
mod remaining;
mod script;
mod sets;
mod signature;
mod spec;
#[cfg(test)]
mod tests;
pub(crate) mod usage;
mod validate;

pub(super) use assign::message_of;
pub(crate) use assign::{as_bool, as_switch};
pub(crate) use binding::{BindHost, BindOptions, Binding};
pub(crate) use named::reads_text;
pub(crate) use pipeline::{bind_object, rebind, restore};
pub(crate) use plan::Plan;
pub(crate) use remaining::{as_written, literal_text};
pub(crate) use script::{SignatureHost, check, from_script, parameter_from_attributes};
pub(crate) use signature::{
    ALL_SETS, ALL_SETS_NAME, Check, CommandKind, CommandSignature, Form, Membership, Parameter, RangeKind, SetMask,
    all_sets_name,
};
pub(crate) use spec::from_cmdlet;
pub(crate) use validate::check_assignment;

use crate::runtime::argument::Argument;
use crate::value::Outcome;
use std::rc::Rc;

/// Binds the arguments of a command line. Pipeline objects are bound afterwards, one by one, with [`bind_object`].
pub(crate) fn bind(
    signature: Rc<CommandSignature>,
    arguments: Vec<Argument>,
    options: &BindOptions,
    host: &mut dyn BindHost,
) -> Outcome<Binding> {
    let mut binding = Binding::new(signature, arguments);
    named::bind(&mut binding, host, options)?;
    positional::bind(&mut binding, host, options)?;
    defaults::bind(&mut binding, host, options)?;
    let has_sets = !binding.signature.sets.is_empty();
    if has_sets {
        sets::validate(&mut binding, true, false)?;
    }
    if options.has_dynamic {
        bind_dynamic(&mut binding, host, options)?;
    }
    remaining::bind(&mut binding, host)?;
    if has_sets {
        settle_sets(&mut binding, options)?;
    }
    mandatory::complete(&mut binding, host, options.expects_input)?;
    if has_sets && sets::count(binding.sets) == 1 && binding.sets != ALL_SETS {
        binding.chosen = binding.sets;
    }
    binding.sets_before_input = binding.sets;
    Ok(binding)
}

/// Chooses the parameter set, or keeps several where pipeline objects decide.
fn settle_sets(binding: &mut Binding, options: &BindOptions) -> Outcome<()> {
    let input = options.expects_input;
    let possible = sets::validate(binding, input, !input)?;
    if possible > 1 && input {
        let taking = sets::taking_input(binding);
        if taking != binding.sets {
            binding.sets = taking;
            sets::validate(binding, true, false)?;
        }
    }
    Ok(())
}

/// Runs `dynamicparam` and binds again with what it declares.
fn bind_dynamic(binding: &mut Binding, host: &mut dyn BindHost, options: &BindOptions) -> Outcome<()> {
    let dynamic = host.dynamic_parameters(binding)?;
    if dynamic.is_empty() {
        return Ok(());
    }
    let declared = binding.signature.parameters.len() as u16;
    let added = dynamic.len() as u16;
    // Common parameters are numbered after all others, so those already bound move up.
    let shift = |number: &mut u16| {
        if *number >= declared {
            *number += added;
        }
    };
    binding.order.iter_mut().for_each(shift);
    binding.common_values.iter_mut().for_each(|row| shift(&mut row.0));
    binding.signature = Rc::new(binding.signature.with_dynamic(dynamic));
    binding.values.resize(binding.signature.parameters.len(), crate::value::Value::Null);
    binding.positional_error = None;
    named::bind(binding, host, options)?;
    positional::bind(binding, host, options)?;
    defaults::bind(binding, host, options)
}
