//! An engine for conversions that need none.

use crate::value::{Engine, Fault, Outcome, ScriptBlock, TypeRef, Value};
use std::path::PathBuf;
use std::rc::Rc;

/// Stands where a conversion asks for an engine and there is no session; running script code through it fails.
#[derive(Debug)]
pub(crate) struct Detached;

fn no_session<T>() -> Outcome<T> {
    Fault::new("NoSession", "Script code cannot run here: there is no session.").err()
}

impl Engine for Detached {
    fn invoke(&mut self, _: &Rc<ScriptBlock>, _: &[Value], _: Option<Value>) -> Outcome<Value> {
        no_session()
    }
    fn call_class_method(&mut self, _: TypeRef, _: &str, _: Option<&Value>, _: &[Value]) -> Outcome<Value> {
        no_session()
    }
    fn new_class_instance(&mut self, _: TypeRef, _: &[Value]) -> Outcome<Value> {
        no_session()
    }
    fn current_directory(&self) -> PathBuf {
        PathBuf::from(".")
    }
    fn resolve_type(&mut self, name: &str) -> Option<TypeRef> {
        crate::value::types::resolve(name)
    }
}
