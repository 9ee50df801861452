//! The validation attributes: each a check of a value, with the error ids of binding and of later assignments.

use super::faults;
use super::signature::{Check, CommandSignature, CustomCheck, Parameter, RangeKind};
use crate::value::pattern::{Options, Pattern};
use crate::value::{
    Engine, ErrorCategory, Fault, Outcome, Str, TypeRef, Unwind, Value, compare, convert, enumerate, members,
};
use std::cmp::Ordering;

/// Runs the checks of a parameter; the error is a binding error.
pub(super) fn checks(
    signature: &CommandSignature,
    parameter: &Parameter,
    engine: &mut dyn Engine,
    value: &Value,
) -> Outcome<()> {
    for check in &parameter.checks {
        if let Check::TypeName(name) = check
            && !has_type_name(value, name)
        {
            return faults::type_name(signature, &parameter.name, name).err();
        }
        match refusal(check, engine, value) {
            Ok(None) => {}
            Ok(Some(why)) => {
                return faults::validation(signature, &parameter.name, faults::refused_check(&why)).err();
            }
            Err(error) => {
                return Err(match super::assign::exception_in(&error) {
                    Some(inner) => faults::validation(signature, &parameter.name, inner).into(),
                    None => error,
                });
            }
        }
    }
    Ok(())
}

/// True where a value, or each item of a list, carries a type name.
fn has_type_name(value: &Value, name: &str) -> bool {
    let named = |value: &Value| {
        value.is_null() || members::type_names(value).iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    match value {
        Value::Array(array) => array.items().iter().all(named),
        value => named(value),
    }
}

/// Runs one check for an assignment to a variable that carries it.
pub(crate) fn check_assignment(check: &Check, name: &str, engine: &mut dyn Engine, value: &Value) -> Outcome<()> {
    let why = match refusal(check, engine, value) {
        Ok(None) => return Ok(()),
        Ok(Some(why)) => why,
        Err(error) => match super::assign::message_of(&error) {
            Some(message) => message.to_string(),
            None => return Err(error),
        },
    };
    Fault::new("ValidateSetFailure", format!("${name} does not take this value: {why}"))
        .category(ErrorCategory::MetadataError)
        .exception("System.Management.Automation.ValidationMetadataException")
        .err()
}

/// Why a check refuses a value; `None` where it does not.
fn refusal(check: &Check, engine: &mut dyn Engine, value: &Value) -> Outcome<Option<String>> {
    match check {
        Check::NotNull => Ok(not_null(value)),
        Check::NotNullOrEmpty => Ok(not_empty(value, false)),
        Check::NotNullOrWhiteSpace => Ok(not_empty(value, true)),
        Check::Count(low, high) => Ok(count(value, *low, *high)),
        Check::Custom(_, CustomCheck::Transform) | Check::Nothing | Check::Transformation | Check::TypeName(_) => {
            Ok(None)
        }
        Check::Custom(attribute, CustomCheck::Arguments) => {
            let arguments = [value.clone(), Value::Null];
            engine.call_class_method(TypeRef::of(attribute), "Validate", Some(attribute), &arguments)?;
            Ok(None)
        }
        Check::Range(..)
        | Check::RangeKind(_)
        | Check::Length(..)
        | Check::Set(..)
        | Check::Generated(..)
        | Check::Pattern(..)
        | Check::Script(_)
        | Check::Worded(..)
        | Check::Drive(_)
        | Check::Custom(_, CustomCheck::Elements) => each_element(check, engine, value),
    }
}

/// These look at each item of a collection, and refuse null.
fn each_element(check: &Check, engine: &mut dyn Engine, value: &Value) -> Outcome<Option<String>> {
    if value.is_null() {
        return Ok(Some("it is null.".to_owned()));
    }
    let items: Vec<Value> = match value {
        Value::Str(_) | Value::Hashtable(_) => vec![value.clone()],
        other => match enumerate(other) {
            Some(items) => items,
            None => vec![value.clone()],
        },
    };
    for item in &items {
        if let Some(why) = element(check, engine, item)? {
            return Ok(Some(why));
        }
    }
    Ok(None)
}

fn element(check: &Check, engine: &mut dyn Engine, item: &Value) -> Outcome<Option<String>> {
    match check {
        Check::Range(low, high) => range(low, high, item, engine),
        Check::RangeKind(kind) => range_kind(*kind, item),
        Check::Length(low, high) => Ok(length(item, *low, *high)),
        Check::Set(values, ignore_case) => Ok(in_set(item, values, *ignore_case)),
        Check::Generated(generator, ignore_case) => {
            let class = TypeRef::of(generator);
            let values = engine.call_class_method(class, "GetValidValues", Some(generator), &[])?;
            let texts: Vec<Str> =
                enumerate(&values).unwrap_or_else(|| vec![values]).iter().map(convert::to_text).collect();
            Ok(in_set(item, &texts, *ignore_case))
        }
        Check::Pattern(pattern, ignore_case) => matches_pattern(item, pattern, *ignore_case),
        Check::Worded(check, message) => {
            let refused = element(check, engine, item)?.is_some();
            Ok(refused.then(|| worded(check, message, item)))
        }
        Check::Script(block) => {
            let result = engine.invoke(block, &[], Some(item.clone()))?;
            let refused = !convert::to_bool(&result);
            Ok(refused.then(|| format!("the script {{{}}} did not accept it.", block.text().trim())))
        }
        Check::Drive(drives) => Ok(on_drive(item, drives)),
        Check::Custom(attribute, _) => {
            let class = TypeRef::of(attribute);
            engine.call_class_method(class, "ValidateElement", Some(attribute), std::slice::from_ref(item))?;
            Ok(None)
        }
        _ => Ok(None),
    }
}

/// The author's message: `{0}` is the value, `{1}` what it was checked against.
fn worded(check: &Check, message: &str, item: &Value) -> String {
    let against = match check {
        Check::Set(values, _) => values.iter().map(Str::as_str).collect::<Vec<_>>().join(","),
        Check::Pattern(pattern, _) => pattern.to_string(),
        Check::Script(block) => block.text().to_string(),
        _ => String::new(),
    };
    message.replace("{0}", &convert::to_text(item)).replace("{1}", &against)
}

fn not_null(value: &Value) -> Option<String> {
    let null_item = |value: &Value| match value {
        Value::Array(array) => array.items().iter().any(Value::is_null),
        _ => false,
    };
    if value.is_null() {
        return Some("it is null.".to_owned());
    }
    null_item(value).then(|| "one of its items is null.".to_owned())
}

fn not_empty(value: &Value, or_blank: bool) -> Option<String> {
    let refused = |value: &Value| match value {
        Value::Null | Value::Nothing => true,
        Value::Str(text) => text.is_empty() || or_blank && text.trim().is_empty(),
        _ => false,
    };
    if refused(value) {
        return Some("it is null or empty.".to_owned());
    }
    let items = match value {
        Value::Str(_) => return None,
        Value::Hashtable(table) if table.is_empty() => Some(Vec::new()),
        Value::Hashtable(_) => return None,
        other => enumerate(other),
    }?;
    if items.is_empty() {
        return Some("it is an empty collection.".to_owned());
    }
    items.iter().any(refused).then(|| "one of its items is null or empty.".to_owned())
}

fn count(value: &Value, low: i64, high: i64) -> Option<String> {
    let number = match value {
        Value::Null | Value::Nothing => 0,
        Value::Array(array) => array.len() as i64,
        Value::Str(_) => return Some("it is not a collection.".to_owned()),
        other => match enumerate(other) {
            Some(items) => items.len() as i64,
            None => return Some("it is not a collection.".to_owned()),
        },
    };
    let refused = number < low || number > high;
    refused.then(|| format!("it has {number} items; between {low} and {high} are wanted."))
}

fn range(low: &Value, high: &Value, item: &Value, engine: &mut dyn Engine) -> Outcome<Option<String>> {
    let kind = TypeRef::of(low);
    let given = match item {
        Value::Enum(member) => Value::I64(member.bits),
        other => other.clone(),
    };
    let converted = if TypeRef::of(&given) == kind || given_is_number(&given) && kind.is_number() {
        given
    } else {
        match convert::to(engine, &given, kind) {
            Ok(value) => value,
            Err(Unwind::Control(control)) => return Err(Unwind::Control(control)),
            Err(_) => return Ok(Some(format!("it cannot be compared with {}.", convert::to_text(low)))),
        }
    };
    let below = compare::order(&converted, low, false)? == Ordering::Less;
    let above = compare::order(&converted, high, false)? == Ordering::Greater;
    Ok((below || above).then(|| {
        let (low, high) = (convert::to_text(low), convert::to_text(high));
        format!("{} lies outside {low} to {high}.", convert::to_text(item))
    }))
}

fn given_is_number(value: &Value) -> bool {
    TypeRef::of(value).is_number()
}

fn range_kind(kind: RangeKind, item: &Value) -> Outcome<Option<String>> {
    if !given_is_number(item) {
        return Ok(Some("it is not a number.".to_owned()));
    }
    let order = compare::order(item, &Value::I32(0), false)?;
    let fine = match kind {
        RangeKind::Positive => order == Ordering::Greater,
        RangeKind::NonNegative => order != Ordering::Less,
        RangeKind::Negative => order == Ordering::Less,
        RangeKind::NonPositive => order != Ordering::Greater,
    };
    Ok((!fine).then(|| format!("{} is not {kind:?}.", convert::to_text(item))))
}

fn length(item: &Value, low: i64, high: i64) -> Option<String> {
    let Value::Str(text) = item else {
        return Some("only text has a length.".to_owned());
    };
    let number = text.utf16_len() as i64;
    let refused = number < low || number > high;
    refused.then(|| format!("'{text}' is {number} characters long; {low} to {high} are wanted."))
}

fn in_set(item: &Value, values: &[Str], ignore_case: bool) -> Option<String> {
    let text = convert::to_text(item);
    let same = |value: &Str| match ignore_case {
        true => value.eq_ignore_ascii_case(&text) || value.to_lowercase() == text.to_lowercase(),
        false => value.as_str() == text.as_str(),
    };
    if values.iter().any(same) {
        return None;
    }
    let list: Vec<&str> = values.iter().map(Str::as_str).collect();
    Some(format!("'{text}' is none of {}.", list.join(", ")))
}

fn matches_pattern(item: &Value, pattern: &str, ignore_case: bool) -> Outcome<Option<String>> {
    let text = convert::to_text(item);
    let options = if ignore_case { Options::IGNORE_CASE } else { Options::NONE };
    let found = Pattern::cached(pattern, options)?.is_match(&text)?;
    Ok((!found).then(|| format!("'{text}' does not match the pattern {pattern}.")))
}

fn on_drive(item: &Value, drives: &[Str]) -> Option<String> {
    let text = convert::to_text(item);
    let drive = text.split_once(':').map_or("/", |(drive, _)| drive);
    let fine = drives.iter().any(|d| d.eq_ignore_ascii_case(drive));
    (!fine).then(|| format!("'{text}' is on none of the drives that are allowed."))
}
