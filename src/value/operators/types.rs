//! `-is`, `-isnot` and `-as`.

use crate::value::convert;
use crate::value::{Engine, ErrorCategory, Fault, Outcome, TypeRef, Value, simple_exception};

/// The type an operand names.
fn type_operand(engine: &mut dyn Engine, operand: &Value) -> Outcome<TypeRef> {
    match operand {
        Value::Type(kind) => Ok(*kind),
        Value::Wrapped(wrapped) => type_operand(engine, &wrapped.base),
        other => {
            let name = convert::to_text(other);
            engine.resolve_type(&name).ok_or_else(|| {
                Fault::new("RuntimeException", format!("'{name}' on the right is not the name of a type."))
                    .category(ErrorCategory::NotSpecified)
                    .into()
            })
        }
    }
}

/// `-is`.
pub(crate) fn is_type(engine: &mut dyn Engine, left: &Value, right: &Value) -> Outcome<bool> {
    let wanted = type_operand(engine, right)?;
    if left.is_null() {
        return Ok(false);
    }
    if wanted == TypeRef::PSOBJECT || wanted == TypeRef::PSCUSTOMOBJECT {
        return Ok(matches!(left, Value::Object(object) if object.kind == TypeRef::PSCUSTOMOBJECT)
            || matches!(left, Value::Wrapped(_)));
    }
    Ok(wanted.is_assignable_from(TypeRef::of(left)))
}

/// `-as`: null where the conversion cannot be.
pub(crate) fn as_type(engine: &mut dyn Engine, left: &Value, right: &Value) -> Outcome<Value> {
    let wanted = match right {
        Value::Str(name) if engine.resolve_type(name).is_none() => {
            let message = format!("'{name}' on the right of -as is not the name of a type.");
            return Fault::new("InvalidCastFromStringToType", message.clone())
                .category(ErrorCategory::InvalidArgument)
                .inner(simple_exception("System.Management.Automation.PSInvalidCastException", message))
                .err();
        }
        right => type_operand(engine, right)?,
    };
    Ok(convert::try_to(engine, left, wanted)?.unwrap_or(Value::Null))
}
