//! The errors of binding: one function per row of PowerShell's ids, with the exception's properties.

use super::signature::{CommandSignature, SetMask};
use crate::value::{ErrorCategory, Exception, Fault, Str, TypeRef, Unwind, Value, types};
use std::rc::Rc;

const ARGUMENT_METADATA: &str = "System.Management.Automation.ArgumentTransformationMetadataException";
const VALIDATION_METADATA: &str = "System.Management.Automation.ValidationMetadataException";
const CAST: &str = "System.Management.Automation.PSInvalidCastException";
const BINDING: &str = "System.Management.Automation.ParameterBindingException";
const VALIDATION: &str = "System.Management.Automation.ParameterBindingValidationException";
const TRANSFORMATION: &str = "System.Management.Automation.ParameterBindingArgumentTransformationException";

fn base(signature: &CommandSignature, id: &'static str, parameter: &str, message: String) -> Fault {
    Fault::new(id, message)
        .category(ErrorCategory::InvalidArgument)
        .exception(BINDING)
        .property("ParameterName", Value::from(parameter))
        .property("ErrorId", Value::from(id))
        .property("CommandName", Value::Str(signature.name.clone()))
}

fn data(fault: Fault, exception: &'static str) -> Fault {
    fault.category(ErrorCategory::InvalidData).exception(exception)
}

/// `-Zed` where no parameter begins so.
pub(crate) fn unknown_parameter(signature: &CommandSignature, name: &str) -> Fault {
    let near = nearest(signature, name).map_or(String::new(), |near| format!(" Did you mean '-{near}'?"));
    let message = format!("{} has no parameter '-{name}'.{near}", command(signature));
    base(signature, "NamedParameterNotFound", name, message)
}

/// An argument that no positional parameter takes.
pub(crate) fn unexpected_argument(signature: &CommandSignature, value: &Value) -> Fault {
    let text = super::assign::text_of(value);
    let message = format!("{} takes no further positional argument; '{text}' is left over.", command(signature));
    base(signature, "PositionalParameterNotFound", &text, message)
}

/// `-W` where several parameters begin so.
pub(crate) fn ambiguous_parameter(signature: &CommandSignature, name: &str, candidates: &[Str]) -> Fault {
    let list: Vec<String> = candidates.iter().map(|c| format!("-{c}")).collect();
    let message = format!("'-{name}' could be any of {}. Write more of the name.", list.join(", "));
    base(signature, "AmbiguousParameter", name, message)
}

/// `-Name` without a value.
pub(crate) fn missing_argument(signature: &CommandSignature, name: &str) -> Fault {
    base(signature, "MissingArgument", name, format!("Parameter '-{name}' needs a value after it."))
}

/// One parameter given twice.
pub(crate) fn already_bound(signature: &CommandSignature, name: &str) -> Fault {
    base(signature, "ParameterAlreadyBound", name, format!("Parameter '-{name}' is given more than once."))
}

/// Parameters that exclude one another, or too few to tell which set is meant.
pub(crate) fn ambiguous_set(signature: &CommandSignature, sets: SetMask) -> Fault {
    let names: Vec<&str> =
        signature.sets.iter().enumerate().filter(|(n, _)| sets & (1 << n) != 0).map(|(_, s)| s.as_str()).collect();
    let message = if names.len() > 1 && sets != 0 {
        format!(
            "{}: the parameters given fit several parameter sets ({}). Give one that only one of them has.",
            command(signature),
            names.join(", ")
        )
    } else {
        format!("{}: the parameters given do not belong together in any parameter set.", command(signature))
    };
    base(signature, "AmbiguousParameterSet", "", message)
}

/// Two parameters at one position.
pub(crate) fn ambiguous_position(signature: &CommandSignature, position: i32, names: &[Str]) -> Fault {
    let names: Vec<&str> = names.iter().map(Str::as_str).collect();
    let message = format!("Position {position} belongs to several parameters at once: {}.", names.join(", "));
    base(signature, "AmbiguousPositionalParameterNoName", "", message)
}

/// Mandatory parameters that nobody gave, in a shell that cannot ask.
pub(crate) fn missing_mandatory(signature: &CommandSignature, names: &[Str]) -> Fault {
    let text: String = names.iter().map(|n| format!(" {n}")).collect();
    let list: Vec<String> = names.iter().map(|n| format!("-{n}")).collect();
    let message = format!("{} needs {}; it was not given.", command(signature), list.join(" and "));
    base(signature, "MissingMandatoryParameter", &text, message)
}

/// A script's type constraint or transformation refused the value, with the exception that says so.
pub(crate) fn transformation(signature: &CommandSignature, name: &str, inner: Rc<Exception>) -> Fault {
    let message = format!("Parameter '-{name}' does not take this value: {}", inner.message.borrow());
    data(base(signature, "ParameterArgumentTransformationError", name, message), TRANSFORMATION).inner(inner)
}

/// What a type constraint says of a conversion that failed.
pub(crate) fn refused_cast(cause: Rc<Exception>) -> Rc<Exception> {
    let kind = types::resolve(ARGUMENT_METADATA).unwrap_or(TypeRef::RUNTIME_EXCEPTION);
    let message = cause.message.borrow().clone();
    Rc::new(Exception::new(kind, message, Some(cause)))
}

/// True where a transformation failed because the value cannot become what is wanted.
pub(crate) fn is_cast(fault: &Fault) -> bool {
    fault.inner.as_ref().is_some_and(|inner| inner.kind.name() == ARGUMENT_METADATA && inner.inner.is_some())
}

/// An object without the type name that `[PSTypeName()]` asks for.
pub(crate) fn type_name(signature: &CommandSignature, name: &str, wanted: &str) -> Fault {
    let message = format!("Parameter '-{name}' takes only objects with the type name '{wanted}'.");
    data(base(signature, "MismatchedPSTypeName", name, message), TRANSFORMATION)
}

/// A cmdlet's parameter cannot be of this value.
pub(crate) fn cannot_convert(
    signature: &CommandSignature,
    name: &str,
    value: &Value,
    kind: &str,
    why: Option<&str>,
) -> Fault {
    let text = super::assign::text_of(value);
    let why = why.map_or(String::new(), |why| format!(" {why}"));
    let message = format!("Parameter '-{name}' needs a value of type {kind}; '{text}' cannot become one.{why}");
    base(signature, "CannotConvertArgumentNoMessage", name, message).target(Value::Null)
}

/// A cmdlet's field refused a value that its declared type let through.
pub(crate) fn refused_by_field(signature: &CommandSignature, number: u16, value: &Value, error: Unwind) -> Unwind {
    let about_binding = |fault: &Fault| fault.exception.contains("ParameterBinding");
    match error {
        Unwind::Fault(fault) if !about_binding(&fault) => {
            let kind = signature.parameter(number).map_or("object".into(), |p| p.kind.display_name());
            let name = signature.parameter_name(number);
            cannot_convert(signature, &name, value, &kind, Some(&fault.message)).into()
        }
        other => other,
    }
}

/// A switch or Boolean got something that is neither.
pub(crate) fn cannot_convert_boolean(signature: &CommandSignature, name: &str, value: &Value) -> Fault {
    let text = super::assign::text_of(value);
    let message = format!("Parameter '-{name}' takes $true or $false, not '{text}'.");
    base(signature, "CannotConvertArgument", name, message)
}

/// Many values for a parameter that takes one.
pub(crate) fn cannot_convert_collection(signature: &CommandSignature, name: &str) -> Fault {
    base(signature, "CannotConvertArgument", name, format!("Parameter '-{name}' takes one string, not an array."))
}

/// Setting the parameter failed.
pub(crate) fn failed(signature: &CommandSignature, name: &str, why: &str) -> Fault {
    let message = format!("Parameter '-{name}' could not be set: {why}.");
    base(signature, "ParameterBindingFailed", name, message).category(ErrorCategory::WriteError)
}

/// A check of an attribute refused the value, with the exception that says so.
pub(crate) fn validation(signature: &CommandSignature, name: &str, inner: Rc<Exception>) -> Fault {
    let message = format!("Parameter '-{name}' does not take this value: {}", inner.message.borrow());
    data(base(signature, "ParameterArgumentValidationError", name, message), VALIDATION).inner(inner)
}

/// A check's own exception.
pub(crate) fn refused_check(why: &str) -> Rc<Exception> {
    crate::value::simple_exception(VALIDATION_METADATA, why)
}

/// The exception of a conversion that cannot be.
pub(crate) fn cast_exception(why: impl Into<String>) -> Rc<Exception> {
    crate::value::simple_exception(CAST, why)
}

/// `$null` for a parameter that does not take it.
pub(crate) fn null_not_allowed(signature: &CommandSignature, name: &str) -> Fault {
    let message = format!("Parameter '-{name}' does not take $null.");
    data(base(signature, "ParameterArgumentValidationErrorNullNotAllowed", name, message), VALIDATION)
}

/// An empty string for a parameter that does not take it.
pub(crate) fn empty_string_not_allowed(signature: &CommandSignature, name: &str) -> Fault {
    let message = format!("Parameter '-{name}' does not take an empty string.");
    data(base(signature, "ParameterArgumentValidationErrorEmptyStringNotAllowed", name, message), VALIDATION)
}

/// An empty array or collection for a parameter that does not take it.
pub(crate) fn empty_collection_not_allowed(signature: &CommandSignature, name: &str, array: bool) -> Fault {
    let id = match array {
        true => "ParameterArgumentValidationErrorEmptyArrayNotAllowed",
        false => "ParameterArgumentValidationErrorEmptyCollectionNotAllowed",
    };
    data(base(signature, id, name, format!("Parameter '-{name}' does not take an empty collection.")), VALIDATION)
}

/// A pipeline object that fits no parameter.
pub(crate) fn input_not_bound(signature: &CommandSignature, object: &Value) -> Fault {
    let kind = TypeRef::of(object).name();
    let message = match !signature.pipeline.is_empty() {
        true => format!("{} has no parameter that takes a piped object of type {kind}.", command(signature)),
        false => format!("{} takes no pipeline input.", command(signature)),
    };
    base(signature, "InputObjectNotBound", "", message).target(object.clone())
}

/// A pipeline object was bound, but mandatory parameters are still without a value.
pub(crate) fn input_missing_mandatory(signature: &CommandSignature, object: &Value, names: &[Str]) -> Fault {
    let list: Vec<String> = names.iter().map(|n| format!("-{n}")).collect();
    let message = format!("{}: the piped object does not supply {}.", command(signature), list.join(" and "));
    base(signature, "InputObjectMissingMandatory", &list.join(" "), message).target(object.clone())
}

/// A script block stands for a parameter's value per object, but nothing is piped.
pub(crate) fn block_without_input(signature: &CommandSignature, name: &str) -> Fault {
    let message = format!("The script block for '-{name}' is evaluated per piped object, and nothing is piped.");
    base(signature, "ScriptBlockArgumentNoInput", name, message).category(ErrorCategory::MetadataError)
}

/// A script block for a parameter gave nothing.
pub(crate) fn block_without_output(signature: &CommandSignature, name: &str) -> Fault {
    let message = format!("The script block for '-{name}' gave no value for this object.");
    base(signature, "ScriptBlockArgumentNoOutput", name, message)
}

fn command(signature: &CommandSignature) -> &str {
    if signature.name.is_empty() { "The script block" } else { &signature.name }
}

/// The declared name closest to a misspelt one.
fn nearest(signature: &CommandSignature, name: &str) -> Option<Str> {
    let known = signature.parameters.iter().filter(|p| !p.hidden).map(|p| p.name.as_str());
    crate::runtime::nearest::nearest(name, known, 1).pop().map(Str::from)
}
