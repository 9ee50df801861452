//! Completers that scripts registered or wrote as attributes of parameters.

use super::command_line::{Bound, CommandLine};
use super::site::{Site, source_of};
use super::{CompletionResult, ResultType};
use crate::runtime::{Collector, Session};
use crate::value::{Hashtable, ScriptBlock, TypeRef, Value, convert, members};
use std::collections::HashMap;
use std::rc::Rc;

/// What `Register-ArgumentCompleter` keeps, by names in lower case.
#[derive(Clone, Default)]
pub(crate) struct Completers {
    /// `command:parameter`, or `parameter` for all commands.
    pub(crate) parameters: HashMap<String, Rc<ScriptBlock>>,
    /// Programs.
    pub(crate) native: HashMap<String, Rc<ScriptBlock>>,
    /// Programs that have none.
    pub(crate) fallback: Option<Rc<ScriptBlock>>,
}

/// The completer of a parameter, if any is registered.
pub(super) fn registered(session: &mut Session, command: &str, parameter: &str) -> Option<Rc<ScriptBlock>> {
    let completers = session.extension::<Completers>();
    let full = format!("{command}:{parameter}").to_lowercase();
    completers.parameters.get(&full).or_else(|| completers.parameters.get(&parameter.to_lowercase())).cloned()
}

/// The completer of a program, if any is registered.
pub(super) fn native(session: &mut Session, command: &str) -> Option<Rc<ScriptBlock>> {
    let completers = session.extension::<Completers>();
    let name = command.rsplit('/').next().unwrap_or(command).to_lowercase();
    let stem = name.split('.').next().unwrap_or(&name).to_owned();
    let found = completers.native.get(&name).or_else(|| completers.native.get(&stem));
    found.or(completers.fallback.as_ref()).cloned()
}

/// Runs a parameter's completer; `None` where it gives nothing.
pub(super) fn run_parameter(
    session: &mut Session,
    block: &Rc<ScriptBlock>,
    names: (&str, &str),
    site: &Site<'_>,
    line: &CommandLine,
    bound: &Bound,
) -> Option<Vec<CompletionResult>> {
    let arguments = parameter_arguments(session, names, site, line, bound);
    run(session, block, &arguments)
}

/// `CommandName, ParameterName, WordToComplete, CommandAst, FakeBoundParameters`.
pub(super) fn parameter_arguments(
    session: &mut Session,
    (command, parameter): (&str, &str),
    site: &Site<'_>,
    line: &CommandLine,
    bound: &Bound,
) -> [Value; 5] {
    let tree = command_tree(session, site, line);
    let table = bound_table(session, site, bound);
    [Value::str(command), Value::str(parameter), Value::str(site.written()), tree, table]
}

/// Runs a program's completer with the word, the tree of the command and the cursor.
pub(super) fn run_native(
    session: &mut Session,
    block: &Rc<ScriptBlock>,
    site: &Site<'_>,
    line: &CommandLine,
) -> Option<Vec<CompletionResult>> {
    let tree = command_tree(session, site, line);
    let cursor = site.before().encode_utf16().count() as i32;
    run(session, block, &[Value::str(site.written()), tree, Value::I32(cursor)])
}

/// What a completer gave, as proposals; an empty text means that there are none.
fn run(session: &mut Session, block: &Rc<ScriptBlock>, arguments: &[Value]) -> Option<Vec<CompletionResult>> {
    let mut output = Collector::default();
    // A completer that fails has nothing to propose; the prompt is no place for its error.
    if session.run_block_with(block, arguments, None, &mut output).is_err() {
        return None;
    }
    proposals(&output.into_items())
}

/// Objects as proposals.
pub(super) fn proposals(items: &[Value]) -> Option<Vec<CompletionResult>> {
    match items {
        [Value::Null] => return Some(Vec::new()),
        [Value::Str(text)] if text.is_empty() => return Some(Vec::new()),
        _ => {}
    }
    let results: Vec<CompletionResult> = items.iter().filter_map(proposal).collect();
    (!results.is_empty()).then_some(results)
}

fn proposal(item: &Value) -> Option<CompletionResult> {
    if item.is_null() {
        return None;
    }
    if TypeRef::of(item) == TypeRef::COMPLETION_RESULT {
        let text = |name: &str| {
            let found = members::get(&mut convert::Detached, item, name).ok().flatten().unwrap_or_default();
            convert::to_text(&found).to_string()
        };
        let found =
            CompletionResult::new(text("CompletionText"), text("ListItemText"), ResultType::Text, text("ToolTip"));
        return Some(CompletionResult { origin: Some(item.clone()), ..found });
    }
    let text = convert::to_text(item).to_string();
    let found = || CompletionResult::new(text.clone(), text.clone(), ResultType::Text, text.clone());
    (!text.is_empty()).then(found)
}

/// The `CommandAst` of the command that the cursor is in.
fn command_tree(session: &mut Session, site: &Site<'_>, line: &CommandLine) -> Value {
    const FIND: &str = "param($text, $start) \
        $ast = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref]$null, [ref]$null); \
        $ast.Find({ param($node) $node -is [System.Management.Automation.Language.CommandAst] -and \
            $node.Extent.StartOffset -eq $start }, $true)";
    let start = site.text.get(..line.start).unwrap_or("").encode_utf16().count() as i32;
    let Ok(block) = session.parse_block(source_of(FIND)) else { return Value::Null };
    let mut output = Collector::default();
    match session.run_block_with(&block, &[Value::str(site.text), Value::I32(start)], None, &mut output) {
        Ok(()) => output.into_value(),
        Err(_) => Value::Null,
    }
}

/// What is bound so far, where its value can be read off the text.
fn bound_table(session: &mut Session, site: &Site<'_>, bound: &Bound) -> Value {
    use super::infer::{Inference, Known};
    let table = Hashtable::plain();
    for (number, ranges) in &bound.values {
        let name = bound.signature.parameter_name(*number).to_string();
        if ranges.is_empty() {
            if bound.signature.is_switch(*number) {
                table.insert_text(name, Value::Bool(true));
            }
            continue;
        }
        let mut values: Vec<Value> = Vec::new();
        for range in ranges {
            let written = site.text.get(range.clone()).unwrap_or("");
            if written.starts_with(['$', '(', '[', '@', '{']) {
                let known = Inference::new(session, site).of_range(range.clone());
                values.extend(known.into_iter().find_map(|known| match known {
                    Known::Value(value) => Some(value),
                    _ => None,
                }));
            } else if let Ok(number) = written.parse::<i32>() {
                values.push(Value::I32(number));
            } else {
                values.push(Value::str(super::names::unquoted(written).1));
            }
        }
        let value = if values.len() == 1 { values.pop().unwrap_or_default() } else { Value::array(values) };
        table.insert_text(name, value);
    }
    Value::Hashtable(table)
}
