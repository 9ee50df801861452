//! What conversion asks of the members of types.

use crate::value::members;
use crate::value::pattern::Captures;
use crate::value::{Engine, Outcome, TypeRef, Value};

pub(super) fn construct(engine: &mut dyn Engine, target: TypeRef, arguments: Vec<Value>) -> Outcome<Value> {
    members::construct(engine, target, arguments)
}
pub(super) fn call(engine: &mut dyn Engine, value: &Value, name: &str, arguments: Vec<Value>) -> Outcome<Value> {
    members::call(engine, value, name, arguments)
}
pub(super) fn call_static(
    engine: &mut dyn Engine,
    target: TypeRef,
    name: &str,
    arguments: Vec<Value>,
) -> Outcome<Value> {
    members::call_static(engine, target, name, arguments)
}
pub(super) fn set(engine: &mut dyn Engine, value: &Value, name: &str, new: Value) -> Outcome<()> {
    members::set(engine, value, name, new)
}

/// Whether the type has a static `Parse` of one text, and whether one with a format provider too.
pub(super) fn parse_takes_provider(target: TypeRef) -> Option<bool> {
    let method = members::find_static_method(target, "Parse")?;
    let takes = |count: usize| method.overloads.iter().any(|overload| overload.parameters.len() == count);
    takes(1).then(|| takes(2))
}

/// Whether the type has a constructor of one argument that a value of `given` fits.
pub(super) fn has_constructor_for(target: TypeRef, given: TypeRef) -> bool {
    members::has_constructor_for(target, given)
}

pub(crate) fn match_object(captures: Captures) -> Value {
    Value::Hashtable(captures.to_hashtable())
}
