//! Proposals as scripts see them: `CommandCompletion` and `CompletionResult`, and the static methods that make them.

use super::{Completion, CompletionResult, ResultType, complete, files, names, types, variables};
use crate::runtime::{Session, object};
use crate::value::members::library::list;
use crate::value::{ErrorCategory, Fault, Outcome, TypeRef, Value, convert, members};

/// The body of `TabExpansion2`, which scripts may replace.
pub(crate) const TAB_EXPANSION: &str = "[CmdletBinding(DefaultParameterSetName = 'ScriptInputSet')]
[OutputType([System.Management.Automation.CommandCompletion])]
param(
    [Parameter(ParameterSetName = 'ScriptInputSet', Mandatory, Position = 0)]
    [AllowEmptyString()] [string] $inputScript,
    [Parameter(ParameterSetName = 'ScriptInputSet', Position = 1)] [int] $cursorColumn = $inputScript.Length,
    [Parameter(ParameterSetName = 'AstInputSet', Mandatory, Position = 0)]
    [System.Management.Automation.Language.Ast] $ast,
    [Parameter(ParameterSetName = 'AstInputSet', Mandatory, Position = 1)]
    [System.Management.Automation.Language.Token[]] $tokens,
    [Parameter(ParameterSetName = 'AstInputSet', Mandatory, Position = 2)]
    [System.Management.Automation.Language.IScriptPosition] $positionOfCursor,
    [Parameter(ParameterSetName = 'ScriptInputSet', Position = 2)]
    [Parameter(ParameterSetName = 'AstInputSet', Position = 3)] [Hashtable] $options = $null
)
if ($PSCmdlet.ParameterSetName -eq 'ScriptInputSet') {
    [System.Management.Automation.CommandCompletion]::CompleteInput($inputScript, $cursorColumn, $options)
} else {
    [System.Management.Automation.CommandCompletion]::CompleteInput($ast, $tokens, $positionOfCursor, $options)
}";

/// Static methods of `CommandCompletion` and `CompletionCompleters`; `None` for names that are none of theirs.
pub(crate) fn answer(session: &mut Session, method: &str, arguments: &[Value]) -> Option<Outcome<Value>> {
    if method.eq_ignore_ascii_case("CompleteInput") {
        return Some(complete_input(session, arguments));
    }
    let word = arguments.first().map(convert::to_text).unwrap_or_default();
    results_by_name(session, method, &word).map(Ok)
}

/// `[CommandCompletion]::CompleteInput(text, cursor, options)`, also with a tree and a position instead of the text.
fn complete_input(session: &mut Session, arguments: &[Value]) -> Outcome<Value> {
    let first = arguments.first().cloned().unwrap_or_default();
    let needed = if matches!(first, Value::Str(_)) { 1 } else { 3 };
    if arguments.iter().take(needed).any(Value::is_null) || arguments.len() < needed {
        return Fault::new(
            "PSArgumentNullException",
            "CompleteInput needs a text, or a tree with tokens and a position.",
        )
        .category(ErrorCategory::InvalidArgument)
        .exception("System.Management.Automation.PSArgumentNullException")
        .err();
    }
    let (text, cursor) = match &first {
        Value::Str(text) => (text.to_string(), arguments.get(1).and_then(members::integer_of).unwrap_or(0)),
        tree => {
            let extent = members::get(session, tree, "Extent")?.unwrap_or_default();
            let text = members::get(session, &extent, "Text")?.unwrap_or_default();
            let position = arguments.get(2).cloned().unwrap_or_default();
            let offset = members::get(session, &position, "Offset")?.unwrap_or_default();
            (convert::to_text(&text).to_string(), members::integer_of(&offset).unwrap_or(0))
        }
    };
    let units = usize::try_from(cursor).ok().filter(|units| *units <= text.encode_utf16().count());
    let Some(units) = units else {
        return Fault::new("PSInvalidOperationException", format!("There is no place {cursor} in the text."))
            .category(ErrorCategory::InvalidOperation)
            .exception("System.Management.Automation.PSInvalidOperationException")
            .err();
    };
    let found = complete(session, &text, byte_offset(&text, units));
    Ok(completion_object(&text, &found))
}

/// `[CompletionCompleters]::CompleteOperator("")` and its kin; `None` for other names.
fn results_by_name(session: &mut Session, method: &str, word: &str) -> Option<Value> {
    let site = super::site::Site::new(word, word.len());
    let found = match method.to_ascii_lowercase().as_str() {
        "completeoperator" => names::operators(word),
        "completecommand" => names::commands(session, &site, word),
        "completefilename" => files::complete(session, word, false, false),
        "completetype" => types::named(session, None, word),
        "completevariable" => {
            let text = format!("${word}");
            variables::complete(session, &super::site::Site::new(&text, text.len()))
        }
        _ => return None,
    };
    Some(Value::array(found.iter().map(result_object).collect()))
}

/// The byte at which a text has this many UTF-16 units before it.
fn byte_offset(text: &str, units: usize) -> usize {
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        if seen >= units {
            return at;
        }
        seen += c.len_utf16();
    }
    text.len()
}

fn completion_object(text: &str, found: &Completion) -> Value {
    let units = |range: std::ops::Range<usize>| text.get(range).unwrap_or("").encode_utf16().count() as i32;
    let matches = found.results.iter().map(result_object).collect();
    object(
        "System.Management.Automation.CommandCompletion",
        vec![
            ("CurrentMatchIndex", Value::I32(-1)),
            ("ReplacementIndex", Value::I32(units(0..found.start))),
            ("ReplacementLength", Value::I32(units(found.start..found.start + found.length))),
            ("CompletionMatches", list::collection(matches)),
        ],
    )
}

fn result_object(result: &CompletionResult) -> Value {
    if let Some(origin) = &result.origin {
        return origin.clone();
    }
    object(
        "System.Management.Automation.CompletionResult",
        vec![
            ("CompletionText", Value::str(result.text.as_str())),
            ("ListItemText", Value::str(result.shown.as_str())),
            ("ResultType", kind_value(result.kind)),
            ("ToolTip", Value::str(if result.tip.is_empty() { &*result.text } else { &*result.tip })),
        ],
    )
}

fn kind_value(kind: ResultType) -> Value {
    TypeRef::COMPLETION_RESULT_TYPE.enum_of(kind as i64)
}
