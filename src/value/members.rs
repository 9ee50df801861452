use super::{Engine, Outcome, TypeRef, Value};
pub fn get(_: &mut dyn Engine, _: &Value, _: &str) -> Outcome<Option<Value>> {
    Ok(None)
}
pub fn set(_: &mut dyn Engine, _: &Value, _: &str, _: Value) -> Outcome<()> {
    Ok(())
}
pub fn call(_: &mut dyn Engine, _: &Value, _: &str, _: Vec<Value>) -> Outcome<Value> {
    Ok(Value::Null)
}
pub fn get_static(_: &mut dyn Engine, _: TypeRef, _: &str) -> Outcome<Option<Value>> {
    Ok(None)
}
pub fn set_static(_: &mut dyn Engine, _: TypeRef, _: &str, _: Value) -> Outcome<()> {
    Ok(())
}
pub fn call_static(_: &mut dyn Engine, _: TypeRef, _: &str, _: Vec<Value>) -> Outcome<Value> {
    Ok(Value::Null)
}
pub fn construct(_: &mut dyn Engine, _: TypeRef, _: Vec<Value>) -> Outcome<Value> {
    Ok(Value::Null)
}
pub fn index(_: &mut dyn Engine, _: &Value, _: &Value) -> Outcome<Value> {
    Ok(Value::Null)
}
pub fn index_set(_: &mut dyn Engine, _: &Value, _: &Value, _: Value) -> Outcome<()> {
    Ok(())
}
