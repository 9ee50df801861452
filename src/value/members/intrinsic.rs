//! `.Where()` and `.ForEach()`, which every value has.

use super::{access, invoke};
use crate::value::{Engine, ErrorCategory, Fault, Outcome, ScriptBlock, TypeRef, Value, convert};
use std::rc::Rc;

/// Calls an intrinsic method; `None` where the name is none.
pub(crate) fn call(engine: &mut dyn Engine, value: &Value, name: &str, args: &[Value]) -> Option<Outcome<Value>> {
    if name.eq_ignore_ascii_case("Where") {
        return Some(filter(engine, value, args));
    }
    name.eq_ignore_ascii_case("ForEach").then(|| for_each(engine, value, args))
}

/// The items of a collection, or the one value.
fn items_of(value: &Value) -> Vec<Value> {
    match value {
        Value::Null | Value::Nothing => Vec::new(),
        value => super::enumerable(value).unwrap_or_else(|| vec![value.clone()]),
    }
}

/// Which items `.Where` keeps.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Default,
    First,
    Last,
    SkipUntil,
    Until,
    Split,
}

const MODES: [Mode; 6] = [Mode::Default, Mode::First, Mode::Last, Mode::SkipUntil, Mode::Until, Mode::Split];

fn filter(engine: &mut dyn Engine, value: &Value, args: &[Value]) -> Outcome<Value> {
    let Some(Value::ScriptBlock(block)) = args.first() else {
        return bad_argument("Where needs a script block that says which items to keep.").err();
    };
    let mode = match args.get(1) {
        Some(mode) => mode_of(engine, mode)?,
        None => Mode::Default,
    };
    let limit = match args.get(2) {
        Some(count) => {
            let count = convert::to(engine, count, TypeRef::INT32)?;
            usize::try_from(super::integer_of(&count).unwrap_or(0)).unwrap_or(0)
        }
        None => 0,
    };
    let items = items_of(value);
    match mode {
        Mode::Split => split(engine, block, items, limit),
        Mode::Last => last(engine, block, items, limit.max(1)),
        _ => select(engine, block, items, mode, limit),
    }
}

fn mode_of(engine: &mut dyn Engine, mode: &Value) -> Outcome<Mode> {
    let member = convert::to(engine, mode, TypeRef::WHERE_OPERATOR_SELECTION_MODE)?;
    let number = super::integer_of(&member).unwrap_or(0);
    Ok(usize::try_from(number).ok().and_then(|n| MODES.get(n)).copied().unwrap_or(Mode::Default))
}

fn holds(engine: &mut dyn Engine, block: &Rc<ScriptBlock>, item: &Value) -> Outcome<bool> {
    let result = engine.invoke(block, &[], Some(item.clone()))?;
    Ok(convert::to_bool(&result))
}

fn select(
    engine: &mut dyn Engine,
    block: &Rc<ScriptBlock>,
    items: Vec<Value>,
    mode: Mode,
    limit: usize,
) -> Outcome<Value> {
    let limit = if mode == Mode::First { limit.max(1) } else { limit };
    let full = |kept: &Vec<Value>| limit > 0 && kept.len() >= limit;
    let mut kept = Vec::new();
    let mut passed = false;
    for item in items {
        if full(&kept) {
            break;
        }
        let keep = match mode {
            Mode::SkipUntil => {
                passed = passed || holds(engine, block, &item)?;
                passed
            }
            Mode::Until => {
                if holds(engine, block, &item)? {
                    break;
                }
                true
            }
            _ => holds(engine, block, &item)?,
        };
        if keep {
            kept.push(item);
        }
    }
    Ok(super::library::list::collection(kept))
}

fn last(engine: &mut dyn Engine, block: &Rc<ScriptBlock>, items: Vec<Value>, limit: usize) -> Outcome<Value> {
    let mut kept = Vec::new();
    for item in items {
        if holds(engine, block, &item)? {
            kept.push(item);
        }
    }
    let skip = kept.len().saturating_sub(limit);
    Ok(super::library::list::collection(kept.split_off(skip)))
}

fn split(engine: &mut dyn Engine, block: &Rc<ScriptBlock>, items: Vec<Value>, limit: usize) -> Outcome<Value> {
    let (mut kept, mut rest) = (Vec::new(), Vec::new());
    for item in items {
        let room = limit == 0 || kept.len() < limit;
        if room && holds(engine, block, &item)? {
            kept.push(item);
        } else {
            rest.push(item);
        }
    }
    let halves = vec![super::library::list::collection(kept), super::library::list::collection(rest)];
    Ok(super::library::list::collection(halves))
}

/// A script block for each item, a type to convert to, or a member to read, write or call.
fn for_each(engine: &mut dyn Engine, value: &Value, args: &[Value]) -> Outcome<Value> {
    let Some((what, rest)) = args.split_first() else {
        return bad_argument("ForEach needs a script block, a type or a member name.").err();
    };
    let mut results = Vec::new();
    for item in items_of(value) {
        let result = match what {
            Value::ScriptBlock(block) => engine.invoke(block, rest, Some(item))?,
            Value::Type(kind) => convert::to(engine, &item, *kind)?,
            name => for_member(engine, &item, &convert::to_text(name), rest)?,
        };
        match super::enumerable(&result).filter(|_| matches!(what, Value::ScriptBlock(_))) {
            Some(inner) => results.extend(inner),
            None if matches!(result, Value::Nothing) => {}
            None => results.push(result),
        }
    }
    Ok(super::library::list::collection(results))
}

/// Properties are read, or written where a value is given; methods are called.
fn for_member(engine: &mut dyn Engine, item: &Value, name: &str, rest: &[Value]) -> Outcome<Value> {
    let method = super::find_method(TypeRef::of(item), name).is_some();
    if !method && let Some(found) = access::get_own(engine, item, name)? {
        return match rest.first() {
            Some(new) => access::set(engine, item, name, new.clone()).map(|()| Value::Nothing),
            None => Ok(found),
        };
    }
    invoke::call(engine, item, name, rest.to_vec())
}

fn bad_argument(message: &str) -> Fault {
    Fault::new("MethodCountCouldNotFindBest", message)
        .exception("System.Management.Automation.MethodException")
        .category(ErrorCategory::NotSpecified)
}
