//! The field types that cmdlets declare for their parameters, and how a bound value becomes each.
//! The binder has converted the value to the declared type already, so most of these only look.

use super::cmdlet::Switch;
use crate::value::{
    DateTime, Engine, Hashtable, Outcome, ScriptBlock, Str, TimeSpan, TypeRef, Value, convert, enumerate, types,
};
use std::path::PathBuf;
use std::rc::Rc;

/// A field type of a cmdlet: how it is declared and how a value becomes it.
pub(crate) trait FromValue: Sized {
    /// The type as scripts write it.
    const TYPE: &'static str;
    /// The type of an array of these.
    const ARRAY: &'static str = "object[]";
    /// Converts; an `Err` is a parameter binding error.
    fn from_value(value: Value, engine: &mut dyn Engine) -> Outcome<Self>;
}

/// The value as this type, converted where the binder has not done so.
fn converted(value: Value, kind: &str, engine: &mut dyn Engine) -> Outcome<Value> {
    match types::resolve(kind) {
        Some(kind) => convert::to(engine, &value, kind),
        None => Ok(value),
    }
}

impl FromValue for Value {
    const TYPE: &'static str = "object";
    fn from_value(value: Value, _: &mut dyn Engine) -> Outcome<Self> {
        Ok(value)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    const TYPE: &'static str = T::TYPE;
    const ARRAY: &'static str = T::ARRAY;
    fn from_value(value: Value, engine: &mut dyn Engine) -> Outcome<Self> {
        if value.is_null() { Ok(None) } else { T::from_value(value, engine).map(Some) }
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    const TYPE: &'static str = T::ARRAY;
    fn from_value(value: Value, engine: &mut dyn Engine) -> Outcome<Self> {
        let items = match &value {
            Value::Null | Value::Nothing => return Ok(Vec::new()),
            Value::Array(array) => array.values(),
            other => enumerate(other).unwrap_or_else(|| vec![other.clone()]),
        };
        items.into_iter().map(|item| T::from_value(item, engine)).collect()
    }
}

/// Types whose values carry what the field holds: `FieldType "name" "array name" Variant`.
macro_rules! carried {
    ($($field:ty, $name:literal, $array:literal, $variant:ident;)*) => {$(
        impl FromValue for $field {
            const TYPE: &'static str = $name;
            const ARRAY: &'static str = $array;
            fn from_value(value: Value, engine: &mut dyn Engine) -> Outcome<Self> {
                if let Value::$variant(held) = value {
                    return Ok(held);
                }
                match converted(value, $name, engine)? {
                    Value::$variant(held) => Ok(held),
                    other => unfit(&other, $name),
                }
            }
        }
    )*};
}

carried! {
    i32, "int", "int[]", I32;
    u32, "uint", "uint[]", U32;
    i64, "long", "long[]", I64;
    u64, "ulong", "ulong[]", U64;
    u8, "byte", "byte[]", U8;
    f64, "double", "double[]", F64;
    bool, "bool", "bool[]", Bool;
    u16, "char", "char[]", Char;
    DateTime, "datetime", "datetime[]", DateTime;
    TimeSpan, "timespan", "timespan[]", TimeSpan;
    TypeRef, "type", "type[]", Type;
    Rc<ScriptBlock>, "scriptblock", "scriptblock[]", ScriptBlock;
    Rc<Hashtable>, "hashtable", "hashtable[]", Hashtable;
}

fn unfit<T>(value: &Value, kind: &str) -> Outcome<T> {
    let message = format!("'{}' is not of type {kind}.", convert::to_text(value));
    crate::value::Fault::new("CannotConvertArgumentNoMessage", message).err()
}

impl FromValue for Str {
    const TYPE: &'static str = "string";
    const ARRAY: &'static str = "string[]";
    fn from_value(value: Value, engine: &mut dyn Engine) -> Outcome<Self> {
        match value {
            Value::Str(text) => Ok(text),
            other => convert::to_text_with(engine, &other, None),
        }
    }
}

impl FromValue for String {
    const TYPE: &'static str = "string";
    const ARRAY: &'static str = "string[]";
    fn from_value(value: Value, engine: &mut dyn Engine) -> Outcome<Self> {
        Str::from_value(value, engine).map(|text| text.to_string())
    }
}

impl FromValue for PathBuf {
    const TYPE: &'static str = "string";
    const ARRAY: &'static str = "string[]";
    fn from_value(value: Value, engine: &mut dyn Engine) -> Outcome<Self> {
        Str::from_value(value, engine).map(|text| PathBuf::from(text.as_str()))
    }
}

impl FromValue for usize {
    const TYPE: &'static str = "int";
    const ARRAY: &'static str = "int[]";
    fn from_value(value: Value, engine: &mut dyn Engine) -> Outcome<Self> {
        let number = i32::from_value(value, engine)?;
        usize::try_from(number).or_else(|_| unfit(&Value::I32(number), "a number from 0"))
    }
}

impl FromValue for Switch {
    const TYPE: &'static str = "switch";
    fn from_value(value: Value, _: &mut dyn Engine) -> Outcome<Self> {
        Ok(Switch(convert::to_bool(&value)))
    }
}
