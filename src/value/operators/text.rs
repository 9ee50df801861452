//! `-match` and `-replace`.

use super::comparison::filter;
use crate::value::error::simple_exception;
use crate::value::pattern::{Captures, Found, Options, Pattern, Replacement, next_start};
use crate::value::{Engine, Fault, Outcome, ScriptBlock, Str, Unwind, Value, convert, enumerate, is_enumerable};
use std::rc::Rc;

/// What `-match` gives: its answer, and the captures where a single value matched.
#[derive(Debug)]
pub(crate) struct MatchResult {
    /// True or false, or the items of a list that matched.
    pub(crate) answer: Value,
    /// What `$Matches` becomes; `None` leaves it as it is.
    pub(crate) captures: Option<Captures>,
}

fn options(case_sensitive: bool) -> Options {
    if case_sensitive { Options::NONE } else { Options::IGNORE_CASE }
}

/// The pattern of an operand: text, or a `regex` object with options of its own.
fn pattern_of(engine: &mut dyn Engine, operand: &Value, case_sensitive: bool) -> Outcome<Rc<Pattern>> {
    match operand {
        Value::Str(text) => Pattern::cached(text, options(case_sensitive)),
        Value::Native(native) => match native.data.pattern() {
            Some(pattern) => Ok(pattern),
            None => Pattern::cached(&native.data.text(), options(case_sensitive)),
        },
        other => {
            let text = convert::to_text_with(engine, other, None)?;
            Pattern::cached(&text, options(case_sensitive))
        }
    }
}

/// `-match` and `-notmatch`.
pub(crate) fn match_value(
    engine: &mut dyn Engine,
    left: &Value,
    right: &Value,
    case_sensitive: bool,
    negated: bool,
) -> Outcome<MatchResult> {
    let pattern = pattern_of(engine, right, case_sensitive)?;
    if is_enumerable(left) && !matches!(left, Value::Nothing) {
        let answer = filter(engine, left, |engine, item| {
            let text = convert::to_text_with(engine, item, None)?;
            Ok(pattern.is_match(&text)? != negated)
        })?;
        return Ok(MatchResult { answer, captures: None });
    }
    let input = convert::to_text_with(engine, left, None)?;
    let found = pattern.find_at(&input, 0)?;
    let answer = Value::Bool(found.is_some() != negated);
    Ok(MatchResult { answer, captures: found.map(|found| Captures { input, pattern, found }) })
}

/// What to put in place of a match.
enum With {
    Text(Replacement),
    Script(Rc<ScriptBlock>),
}

/// `-replace`: a pattern, or a pattern and a replacement; each item of a list on its own.
pub(crate) fn replace(engine: &mut dyn Engine, left: &Value, right: &Value, case_sensitive: bool) -> Outcome<Value> {
    let (pattern, replacement) = operands(right)?;
    let pattern = pattern_of(engine, &pattern, case_sensitive).map_err(|unwind| invalid_pattern(&pattern, unwind))?;
    let with = match replacement {
        Value::ScriptBlock(block) => With::Script(block),
        other => With::Text(Replacement::new(&convert::to_text_with(engine, &other, None)?, &pattern)),
    };
    if !is_enumerable(left) {
        return replace_one(engine, left, &pattern, &with);
    }
    let items = enumerate(left).unwrap_or_default();
    let mut replaced = Vec::with_capacity(items.len());
    for item in &items {
        replaced.push(replace_one(engine, item, &pattern, &with)?);
    }
    Ok(Value::array(replaced))
}

fn operands(right: &Value) -> Outcome<(Value, Value)> {
    let Some(parts) = enumerate(right) else { return Ok((right.clone(), Value::from(""))) };
    let mut parts = parts.into_iter();
    match (parts.next(), parts.next(), parts.next()) {
        (Some(pattern), replacement, None) => Ok((pattern, replacement.unwrap_or(Value::from("")))),
        _ => Fault::new("BadReplaceArgument", "-replace takes a pattern and a replacement, no more.")
            .inner(simple_exception("System.ArgumentException", "too many operands"))
            .err(),
    }
}

fn invalid_pattern(pattern: &Value, unwind: Unwind) -> Unwind {
    match unwind {
        Unwind::Fault(fault) => Fault::new("InvalidRegularExpression", fault.message.clone())
            .target(pattern.clone())
            .inner(simple_exception(fault.exception, fault.message))
            .into(),
        Unwind::Error(_) | Unwind::Control(_) => unwind,
    }
}

fn replace_one(engine: &mut dyn Engine, value: &Value, pattern: &Rc<Pattern>, with: &With) -> Outcome<Value> {
    let input = convert::to_text_with(engine, value, None)?;
    let replaced = match with {
        With::Text(replacement) => pattern.replace(&input, replacement, 0, usize::MAX)?,
        With::Script(block) => replace_by_script(engine, &input, pattern, block)?,
    };
    Ok(Value::Str(replaced.map_or(input, Str::from)))
}

fn replace_by_script(
    engine: &mut dyn Engine,
    input: &Str,
    pattern: &Rc<Pattern>,
    block: &Rc<ScriptBlock>,
) -> Outcome<Option<String>> {
    let mut output = String::new();
    let (mut copied, mut at, mut any) = (0, 0, false);
    while let Some(found) = pattern.find_at(input, at)? {
        let (start, end) = found.span();
        output.push_str(input.get(copied..start).unwrap_or(""));
        let this = match_object(pattern, input, found);
        let result = engine.invoke(block, &[], Some(this))?;
        output.push_str(&convert::to_text_with(engine, &result, None)?);
        copied = end;
        at = next_start(input, (start, end));
        any = true;
    }
    if !any {
        return Ok(None);
    }
    output.push_str(input.get(copied..).unwrap_or(""));
    Ok(Some(output))
}

/// The `Match` object a replacement script sees as `$_`.
fn match_object(pattern: &Rc<Pattern>, input: &Str, found: Found) -> Value {
    crate::value::members::library::regex::match_value(Captures {
        input: input.clone(),
        pattern: pattern.clone(),
        found,
    })
}
