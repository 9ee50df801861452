//! `$PSDefaultParameterValues`: values by `Command:Parameter`, wildcards allowed, for what was not given.

use super::assign::{Coercion, assign, text_of};
use super::binding::{BindHost, BindOptions, Binding};
use super::named::resolve_name;
use super::signature::CommandKind;
use crate::value::wildcard::Wildcard;
use crate::value::{Outcome, Unwind, Value, convert};

/// Binds defaults for parameters that are not bound.
pub(super) fn bind(binding: &mut Binding, host: &mut dyn BindHost, options: &BindOptions) -> Outcome<()> {
    let Some(table) = &options.defaults else { return Ok(()) };
    if binding.signature.kind == CommandKind::Simple || binding.signature.name.is_empty() {
        return Ok(());
    }
    let entries: Vec<(Value, Value)> = table.pairs();
    if entries.iter().any(|(key, value)| text_of(key).eq_ignore_ascii_case("Disabled") && convert::to_bool(value)) {
        return Ok(());
    }
    for (key, value) in entries {
        let key = text_of(&key).into_owned();
        let Some((command, parameter)) = key.rsplit_once(':') else { continue };
        if names_command(command, &binding.signature.name) {
            bind_entry(binding, host, parameter.trim().trim_matches(['"', '\'']), value)?;
        }
    }
    Ok(())
}

fn names_command(pattern: &str, name: &str) -> bool {
    let pattern = pattern.trim().trim_matches(['"', '\'']);
    Wildcard::new(pattern, false).is_ok_and(|wildcard| wildcard.matches(name))
}

/// Entries that do not fit are passed over: a default must not break a call that did not ask for it.
fn bind_entry(binding: &mut Binding, host: &mut dyn BindHost, parameter: &str, value: Value) -> Outcome<()> {
    let Ok(Some(number)) = resolve_name(&binding.signature, parameter) else { return Ok(()) };
    let belongs = binding.signature.parameter(number).is_none_or(|p| p.sets & binding.sets != 0);
    if binding.is_bound(number) || !belongs {
        return Ok(());
    }
    let wants_block = binding.signature.parameter(number).is_some_and(|p| p.form == super::Form::Block);
    let value = match value {
        Value::ScriptBlock(block) if !wants_block => host.engine().invoke(&block, &[], None)?,
        other => other,
    };
    let sets = binding.sets;
    match assign(binding, host, number, value, Coercion::Allowed) {
        Ok(_) if binding.sets == 0 => {
            binding.remove(number);
            binding.sets = sets;
        }
        Ok(_) => binding.from_defaults.push(number),
        Err(Unwind::Control(control)) => return Err(Unwind::Control(control)),
        Err(_) => {}
    }
    Ok(())
}
