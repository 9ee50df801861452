//! Reading a property of a piped object or an attribute: one of the object itself, never of its items.

use crate::value::{Engine, Outcome, Value, members};

/// The value of a property; `None` where the object has none of that name, or only a method.
pub(super) fn get(engine: &mut dyn Engine, object: &Value, name: &str) -> Outcome<Option<Value>> {
    let known = members::property_names(object).iter().any(|property| property.eq_ignore_ascii_case(name));
    match known {
        true => members::get_own(engine, object, name),
        false => Ok(None),
    }
}
