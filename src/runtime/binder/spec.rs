//! The signature of a compiled-in cmdlet, from its declaration.

use super::script::type_or_object;
use super::signature::{ALL_SETS, Check, CommandKind, CommandSignature, Membership, Parameter};
use crate::runtime::cmdlet::{CmdletSpec, ParameterSpec, SetMembership, Validation};
use crate::value::{Str, Value};

/// The signature of a cmdlet.
pub(crate) fn from_cmdlet(spec: &CmdletSpec) -> CommandSignature {
    let mut signature = CommandSignature::new(spec.name, CommandKind::Cmdlet, Vec::new());
    signature.error_suffix = Str::from(spec.class);
    signature.should_process = spec.should_process;
    signature.impact = spec.impact;
    signature.outputs = spec.outputs.iter().map(|name| Value::from(*name)).collect();
    if let Some(set) = spec.default_set {
        let bit = signature.set_bit(set);
        signature.default_set = if bit == ALL_SETS { 0 } else { bit };
    }
    let parameters: Vec<Parameter> = spec.parameters.iter().map(|p| parameter(&mut signature, p)).collect();
    signature.parameters = parameters;
    signature.index();
    signature
}

fn parameter(signature: &mut CommandSignature, spec: &ParameterSpec) -> Parameter {
    let mut parameter = Parameter::new(spec.name, spec.kind.unwrap_or_else(|| type_or_object(spec.type_name)));
    parameter.aliases = spec.aliases.iter().map(|alias| Str::from(*alias)).collect();
    parameter.memberships = spec.sets.iter().map(|set| membership(signature, set)).collect();
    parameter.checks = spec.validation.iter().map(check).collect();
    parameter.allow_null = spec.allow_null;
    parameter.allow_empty_collection = spec.allow_empty;
    parameter.allow_empty_string = spec.allow_empty;
    parameter.hidden = spec.hidden;
    parameter.summarize();
    parameter
}

fn membership(signature: &mut CommandSignature, spec: &SetMembership) -> Membership {
    Membership {
        sets: signature.set_bit(spec.set),
        mandatory: spec.mandatory,
        position: spec.position.map(i32::from),
        by_value: spec.by_value,
        by_property: spec.by_property,
        remaining: spec.remaining,
    }
}

fn check(validation: &Validation) -> Check {
    match *validation {
        Validation::NotNull => Check::NotNull,
        Validation::NotNullOrEmpty => Check::NotNullOrEmpty,
        Validation::NotNullOrWhiteSpace => Check::NotNullOrWhiteSpace,
        Validation::Range(low, high) => Check::Range(Value::F64(low), Value::F64(high)),
        Validation::Count(low, high) => Check::Count(low as i64, high as i64),
        Validation::Set(values) => Check::Set(values.iter().map(|v| Str::from(*v)).collect(), true),
        Validation::Pattern(pattern) => Check::Pattern(Str::from(pattern), true),
    }
}
