//! Problems of the service as PowerShell errors.

use crate::api::Problem;
use crate::value::{ErrorCategory, Fault, Value};
use serde_json::Value as Json;

/// Categories of the error catalogue by name.
const CATEGORIES: &[(&str, ErrorCategory)] = &[
    ("ObjectNotFound", ErrorCategory::ObjectNotFound),
    ("InvalidArgument", ErrorCategory::InvalidArgument),
    ("InvalidOperation", ErrorCategory::InvalidOperation),
    ("InvalidData", ErrorCategory::InvalidData),
    ("InvalidResult", ErrorCategory::InvalidResult),
    ("ResourceUnavailable", ErrorCategory::ResourceUnavailable),
    ("ResourceExists", ErrorCategory::ResourceExists),
    ("ResourceBusy", ErrorCategory::ResourceBusy),
    ("PermissionDenied", ErrorCategory::PermissionDenied),
    ("AuthenticationError", ErrorCategory::AuthenticationError),
    ("ConnectionError", ErrorCategory::ConnectionError),
    ("LimitsExceeded", ErrorCategory::LimitsExceeded),
    ("OperationTimeout", ErrorCategory::OperationTimeout),
    ("OperationStopped", ErrorCategory::OperationStopped),
    ("NotImplemented", ErrorCategory::NotImplemented),
    ("SecurityError", ErrorCategory::SecurityError),
];

/// The exception type of everything the service refuses.
pub(super) const EXCEPTION: &str = "Pcsh.ManagementException";

/// The error of a problem: its id, category and target, all faults in the message.
pub(super) fn fault(problem: &Problem) -> Fault {
    let category = CATEGORIES.iter().find(|(name, _)| *name == problem.category);
    let category = category.map_or(ErrorCategory::NotSpecified, |(_, category)| *category);
    let target = target(&problem.target);
    let message = std::iter::once(problem.detail.clone())
        .chain(problem.faults.iter().map(|fault| format!("  {fault}")))
        .collect::<Vec<_>>()
        .join("\n");
    Fault::new(problem.id.clone(), message)
        .category(category)
        .exception(EXCEPTION)
        .target(target.clone())
        .property("Id", problem.id.as_str())
        .property("Status", i32::from(problem.status))
        .property("Target", target)
}

fn target(target: &Json) -> Value {
    match target {
        Json::Null => Value::Null,
        Json::String(text) => Value::from(text.as_str()),
        other => Value::from(other.to_string()),
    }
}
