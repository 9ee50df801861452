//! Types that fields of cmdlets can have. The binder has converted a value to the declared type already; what is
//! left is to take it out.

use super::cmdlet::{Block, FromValue, Switch};
use crate::value::{Engine, ErrorCategory, Fault, Outcome, Str, Value};

impl FromValue for Str {
    const TYPE: &'static str = "string";
    fn from_value(value: Value, _: &mut dyn Engine) -> Outcome<Self> {
        match value {
            Value::Str(text) => Ok(text),
            Value::Null | Value::Nothing => Ok(Str::from("")),
            other => unexpected("string", &other),
        }
    }
}

impl FromValue for Switch {
    const TYPE: &'static str = "switch";
    fn from_value(value: Value, _: &mut dyn Engine) -> Outcome<Self> {
        match value {
            Value::Bool(on) => Ok(Switch(on)),
            Value::Native(native) => Ok(Switch(native.data.text() == "True")),
            Value::Null | Value::Nothing => Ok(Switch(false)),
            other => unexpected("switch", &other),
        }
    }
}

impl FromValue for Block {
    const TYPE: &'static str = "scriptblock";
    fn from_value(value: Value, _: &mut dyn Engine) -> Outcome<Self> {
        match value {
            Value::ScriptBlock(block) => Ok(block),
            other => unexpected("script block", &other),
        }
    }
}

fn unexpected<T>(wanted: &str, value: &Value) -> Outcome<T> {
    Fault::new("CannotConvertArgumentNoMessage", format!("A {wanted} is needed here."))
        .category(ErrorCategory::InvalidArgument)
        .exception("System.Management.Automation.ParameterBindingException")
        .target(value.clone())
        .err()
}
