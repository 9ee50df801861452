//! What conversion asks of the members of types.

use crate::value::{Engine, Outcome, TypeRef, Value, members};

pub(super) use members::{call_static, construct, has_constructor_for, set};

/// Types whose `Parse` also takes a format provider, which conversion then gives the invariant culture.
const WITH_PROVIDER: [TypeRef; 5] =
    [TypeRef::GUID, TypeRef::DATETIMEOFFSET, TypeRef::DATEONLY, TypeRef::TIMEONLY, TypeRef::BIGINTEGER];

/// Whether a type has a static `Parse` of one text, and whether it takes a format provider too.
pub(super) fn parse_takes_provider(target: TypeRef) -> Option<bool> {
    let method = members::find_static_method(target, "Parse")?;
    let alone = method.overloads.iter().any(|overload| overload.parameters.len() == 1);
    alone.then(|| WITH_PROVIDER.contains(&target))
}

/// Makes an object of a script class, or of a type, without arguments.
pub(super) fn construct_empty(engine: &mut dyn Engine, target: TypeRef) -> Outcome<Value> {
    if target.is_script_class() {
        return engine.new_class_instance(target, &[]);
    }
    construct(engine, target, Vec::new())
}
