//! What conversion asks of the members of types.

use crate::value::pattern::Captures;
use crate::value::{Engine, Fault, Outcome, TypeRef, Value};

pub(super) fn construct(_: &mut dyn Engine, target: TypeRef, _: Vec<Value>) -> Outcome<Value> {
    Fault::new("MethodNotFound", format!("{} has no such constructor.", target.name())).err()
}
pub(super) fn call(_: &mut dyn Engine, value: &Value, name: &str, _: Vec<Value>) -> Outcome<Value> {
    Fault::new("MethodNotFound", format!("{} has no method {name}.", TypeRef::of(value).name())).err()
}
pub(super) fn call_static(_: &mut dyn Engine, target: TypeRef, name: &str, _: Vec<Value>) -> Outcome<Value> {
    Fault::new("MethodNotFound", format!("{} has no method {name}.", target.name())).err()
}
pub(super) fn set(_: &mut dyn Engine, value: &Value, name: &str, _: Value) -> Outcome<()> {
    Fault::new("PropertyNotFound", format!("{} has no property {name}.", TypeRef::of(value).name())).err()
}
pub(super) fn parse_takes_provider(_: TypeRef) -> Option<bool> {
    None
}
pub(super) fn has_constructor_for(_: TypeRef, _: TypeRef) -> bool {
    false
}
pub(crate) fn match_object(captures: Captures) -> Value {
    Value::Hashtable(captures.to_hashtable())
}
