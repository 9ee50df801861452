//! A manifest's cmdlet as a declaration that the binder understands. A declaration is made once, when the cmdlet's
//! name is first used, and lives as long as the process, like those that are compiled in.

use super::cmdlet::ManifestCmdlet;
use crate::catalogue::{Cmdlet, Impact, Membership, Noun, Parameter, ValueType};
use crate::runtime::{CmdletSpec, ConfirmImpact, ParameterSpec, SetMembership};
use crate::value::TypeRef;
use crate::value::types::ScriptTypeInfo;
use std::sync::{Arc, Mutex, PoisonError};

/// A cmdlet with the noun it belongs to: what its declaration is made from.
pub(super) struct Declared {
    pub(super) noun: Arc<Noun>,
    pub(super) cmdlet: Cmdlet,
}

/// The module that the cmdlets are listed under.
pub(super) const MODULE: &str = "SkypeForBusiness";

/// Makes the declaration.
pub(super) fn declare(noun: Arc<Noun>, cmdlet: Cmdlet) -> &'static CmdletSpec {
    let declared: &'static Declared = Box::leak(Box::new(Declared { noun, cmdlet }));
    let cmdlet = &declared.cmdlet;
    let name: &'static str = Box::leak(cmdlet.name().into_boxed_str());
    Box::leak(Box::new(CmdletSpec {
        name,
        class: name,
        module: MODULE,
        parameters: leak(cmdlet.parameters.iter().map(|p| parameter(&declared.noun, p))),
        default_set: cmdlet.default_set.as_deref(),
        should_process: cmdlet.should_process,
        impact: impact(cmdlet.impact),
        synopsis: &cmdlet.synopsis,
        examples: leak(cmdlet.examples.iter().map(|example| (example.code.as_str(), example.shows.as_str()))),
        outputs: leak(cmdlet.outputs.iter().map(String::as_str)),
        data: Some(declared),
        make: ManifestCmdlet::make,
    }))
}

/// What a declaration was made from.
pub(super) fn declared(spec: &CmdletSpec) -> Option<&'static Declared> {
    spec.data.and_then(|data| data.downcast_ref())
}

fn leak<T>(items: impl Iterator<Item = T>) -> &'static [T] {
    Box::leak(items.collect::<Vec<T>>().into_boxed_slice())
}

fn impact(impact: Impact) -> ConfirmImpact {
    match impact {
        Impact::Low => ConfirmImpact::Low,
        Impact::Medium => ConfirmImpact::Medium,
        Impact::High => ConfirmImpact::High,
    }
}

fn parameter(noun: &Noun, parameter: &'static Parameter) -> ParameterSpec {
    let sets = leak(parameter.sets.iter().map(|membership| set_membership(parameter, membership)));
    let takes_nothing = parameter.kind.is_list();
    let mut spec = ParameterSpec::new(&parameter.name).typed(binder_type(&parameter.kind)).sets(sets);
    spec.kind = enumeration(noun, &parameter.kind);
    spec.aliases = leak(parameter.aliases.iter().map(String::as_str));
    spec.allow_null = takes_nothing;
    spec.allow_empty = takes_nothing;
    spec
}

fn set_membership(parameter: &'static Parameter, membership: &'static Membership) -> SetMembership {
    SetMembership {
        set: &membership.set,
        mandatory: membership.required,
        position: membership.position,
        by_value: parameter.by_value,
        by_property: parameter.by_property,
        remaining: false,
    }
}

/// The enumerations of manifests as types, each made once.
static ENUMERATIONS: Mutex<Vec<(Vec<String>, TypeRef)>> = Mutex::new(Vec::new());

/// The type of an enumeration, or of a list of its values. One that has the value False takes `$false` as well, which
/// no enumeration does: it is read by `argument`.
fn enumeration(noun: &Noun, kind: &ValueType) -> Option<TypeRef> {
    match kind {
        ValueType::Enumeration(name) => {
            let values = noun.enumeration(name).filter(|values| !values.iter().any(|value| value == "False"))?;
            Some(enumeration_type(name, values))
        }
        ValueType::List(item) => enumeration(noun, item).map(TypeRef::array_of),
        _ => None,
    }
}

fn enumeration_type(name: &str, values: &[String]) -> TypeRef {
    let mut known = ENUMERATIONS.lock().unwrap_or_else(PoisonError::into_inner);
    let same = |(members, kind): &&(Vec<String>, TypeRef)| kind.name() == name && members == values;
    if let Some((_, kind)) = known.iter().find(same) {
        return *kind;
    }
    let kind = TypeRef::declare(ScriptTypeInfo {
        hidden: Vec::new(),
        name: name.to_owned(),
        base: None,
        interfaces: Vec::new(),
        members: Some(values.iter().cloned().zip(0..).collect()),
        flags: false,
        underlying: None,
    });
    known.push((values.to_vec(), kind));
    kind
}

/// The type that the binder converts to. Where the product's own types take more than one form (users, enumerations,
/// changes to lists) the value is taken as it is and read by `argument`.
fn binder_type(kind: &ValueType) -> &'static str {
    match kind {
        ValueType::Switch => "switch",
        ValueType::Boolean => "bool",
        ValueType::Byte => "byte",
        ValueType::UInt16 => "uint16",
        ValueType::UInt32 => "uint32",
        ValueType::UInt64 => "uint64",
        ValueType::Int16 => "int16",
        ValueType::Int32 => "int",
        ValueType::Int64 => "long",
        ValueType::Double => "double",
        ValueType::DateTime => "datetime",
        ValueType::TimeSpan => "timespan",
        ValueType::Guid => "guid",
        ValueType::Hashtable => "hashtable",
        ValueType::String
        | ValueType::Fqdn
        | ValueType::SipAddress
        | ValueType::Url
        | ValueType::Identity
        | ValueType::Filter => "string",
        ValueType::List(item) if **item == ValueType::Byte => "byte[]",
        ValueType::List(item) if **item == ValueType::String => "string[]",
        ValueType::User
        | ValueType::Unlimited
        | ValueType::Credential
        | ValueType::Xml
        | ValueType::Object
        | ValueType::Enumeration(_)
        | ValueType::ListModifier(_)
        | ValueType::List(_) => "object",
    }
}
