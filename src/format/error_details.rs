//! Everything that is known of an error: the view of `Get-Error` and of `$ErrorView = 'DetailedView'`.

use super::object;
use crate::value::{Engine, Outcome, Str, Value};

/// How deep objects inside an error are followed.
const DEPTH: usize = 4;
/// What is left out: the error again, and what nobody reads.
const HIDDEN: [&str; 9] = [
    "ErrorRecord",
    "PSMessageDetails",
    "PipelineIterationInfo",
    "MyCommand",
    "BoundParameters",
    "UnboundArguments",
    "Data",
    "StackTrace",
    "DisplayScriptPosition",
];

/// The properties of an error, those of objects inside it indented below their names.
pub(crate) fn text(engine: &mut dyn Engine, value: &Value) -> Outcome<String> {
    let mut text = String::new();
    write(engine, value, 0, 0, &mut text)?;
    Ok(text)
}

fn write(engine: &mut dyn Engine, value: &Value, indent: usize, depth: usize, text: &mut String) -> Outcome<()> {
    let mut shown: Vec<(Str, Value)> = Vec::new();
    if matches!(value, Value::Exception(_)) {
        let kind = object::type_names(value).into_iter().next().unwrap_or_default();
        shown.push((Str::from("Type"), Value::Str(kind)));
    }
    for name in object::property_names(engine, value)? {
        if HIDDEN.iter().any(|hidden| name.eq_ignore_ascii_case(hidden)) {
            continue;
        }
        let found = object::property(engine, value, &name).ok().flatten().unwrap_or_default();
        if !found.is_null() && !matches!(&found, Value::Str(text) if text.is_empty()) {
            shown.push((name, found));
        }
    }
    let widest = shown.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, found) in shown {
        let start = format!("{}{:<widest$} : ", " ".repeat(indent), name.as_str());
        text.push_str(&start);
        if is_nested(engine, &found)? && depth < DEPTH {
            text.push('\n');
            write(engine, &found, indent + 4, depth + 1, text)?;
            continue;
        }
        let mut content = String::new();
        object::write_text(engine, &found, -1, false, &mut content)?;
        let below = " ".repeat(start.chars().count());
        text.push_str(&content.replace('\n', &format!("\n{below}")));
        text.push('\n');
    }
    Ok(())
}

/// Exceptions, and what knows where an error happened, are shown with what they hold.
fn is_nested(engine: &mut dyn Engine, value: &Value) -> Outcome<bool> {
    let name = object::type_names(value).into_iter().next().unwrap_or_default();
    let known = matches!(value, Value::Exception(_)) || name.ends_with("InvocationInfo");
    Ok(known && !object::property_names(engine, value)?.is_empty())
}
