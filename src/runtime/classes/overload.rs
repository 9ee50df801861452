//! Which overload of a method a call means: by number of arguments, then by how far each is from its parameter's type.

use super::MethodInfo;
use crate::runtime::Session;
use crate::value::{Fault, Outcome, TypeRef, Unwind, Value, convert};
use std::rc::Rc;

/// How far a value is from a type; `None` where it cannot become one.
fn distance(session: &mut Session, value: &Value, kind: TypeRef) -> Option<u32> {
    if value.is_null() {
        return Some(if kind.is_value_type() { 12 } else { 1 });
    }
    let given = TypeRef::of(value);
    if given == kind {
        return Some(0);
    }
    if kind == TypeRef::OBJECT {
        return Some(9);
    }
    if kind.is_assignable_from(given) {
        let steps = given.bases().position(|base| base == kind).unwrap_or(1);
        return Some(1 + steps.min(5) as u32);
    }
    if given.is_number() && kind.is_number() {
        return Some(if kind == TypeRef::DOUBLE || kind == TypeRef::INT64 { 7 } else { 8 });
    }
    let cost = if kind == TypeRef::STRING { 11 } else { 10 };
    matches!(convert::try_to(session, value, kind), Ok(Some(_))).then_some(cost)
}

/// The overload for these arguments.
pub(super) fn choose(
    session: &mut Session,
    candidates: &[Rc<MethodInfo>],
    name: &str,
    args: &[Value],
) -> Outcome<Rc<MethodInfo>> {
    let mut fitting = candidates.iter().filter(|method| method.parameters.len() == args.len());
    let Some(first) = fitting.next() else {
        let message = format!("No overload of '{name}' takes {} argument(s).", args.len());
        return Fault::new("MethodCountCouldNotFindBest", message)
            .category(crate::value::ErrorCategory::NotSpecified)
            .exception("System.Management.Automation.MethodException")
            .err();
    };
    let others: Vec<Rc<MethodInfo>> = fitting.cloned().collect();
    if others.is_empty() {
        return Ok(first.clone());
    }
    let mut best: Option<(u32, Rc<MethodInfo>)> = None;
    for method in std::iter::once(first.clone()).chain(others) {
        let mut total = Some(0);
        for (value, (_, kind)) in args.iter().zip(&method.parameters) {
            total = total.zip(distance(session, value, *kind)).map(|(sum, cost)| sum + cost);
        }
        if let Some(total) = total
            && best.as_ref().is_none_or(|(least, _)| total < *least)
        {
            best = Some((total, method));
        }
    }
    Ok(best.map_or_else(|| first.clone(), |(_, method)| method))
}

/// An argument as its parameter takes it.
pub(super) fn argument(session: &mut Session, value: Value, name: &str, kind: TypeRef, method: &str) -> Outcome<Value> {
    if kind == TypeRef::OBJECT || TypeRef::of(&value) == kind && !value.is_null() {
        return Ok(value);
    }
    if value.is_null() && kind == TypeRef::STRING {
        return Ok(Value::str(""));
    }
    if value.is_null() && !kind.is_value_type() {
        return Ok(Value::Null);
    }
    match convert::to(session, &value, kind) {
        Ok(value) => Ok(value),
        Err(Unwind::Control(control)) => Err(Unwind::Control(control)),
        Err(_) => {
            let message = format!(
                "Argument '{name}' of '{method}' must be of type [{}]; '{}' cannot become one.",
                kind.display_name(),
                convert::to_text(&value)
            );
            Fault::new("MethodArgumentConversionInvalidCastArgument", message)
                .category(crate::value::ErrorCategory::NotSpecified)
                .exception("System.Management.Automation.MethodException")
                .err()
        }
    }
}
