//! Variables: those the text declares before the cursor, then the session's, then the automatic ones and drives.

use super::site::{Element, Site};
use super::types::short_name;
use super::{Completion, CompletionResult, ResultType};
use crate::runtime::providers::{Provider, items};
use crate::runtime::{Session, Symbol};
use crate::syntax::TokenKind;
use crate::value::TypeRef;
use crate::value::wildcard::Wildcard;
use std::collections::HashSet;
use std::ops::Range;

/// Variables that every session has, whether set or not.
const AUTOMATIC: &[&str] = &[
    "$",
    "?",
    "^",
    "_",
    "args",
    "ConfirmPreference",
    "ConsoleFileName",
    "DebugPreference",
    "Error",
    "ErrorActionPreference",
    "ErrorView",
    "Event",
    "EventArgs",
    "EventSubscriber",
    "ExecutionContext",
    "false",
    "foreach",
    "HOME",
    "Host",
    "InformationPreference",
    "input",
    "IsCoreCLR",
    "IsLinux",
    "IsMacOS",
    "IsWindows",
    "LASTEXITCODE",
    "LogEngineLifecycleEvent",
    "Matches",
    "MaximumHistoryCount",
    "MyInvocation",
    "NestedPromptLevel",
    "null",
    "OFS",
    "OutputEncoding",
    "PID",
    "PROFILE",
    "ProgressPreference",
    "PSBoundParameters",
    "PSCmdlet",
    "PSCommandPath",
    "PSCulture",
    "PSDefaultParameterValues",
    "PSEdition",
    "PSEmailServer",
    "PSHOME",
    "PSItem",
    "PSLogUserData",
    "PSModuleAutoLoadingPreference",
    "PSNativeCommandArgumentPassing",
    "PSNativeCommandUseErrorActionPreference",
    "PSScriptRoot",
    "PSSenderInfo",
    "PSSessionApplicationName",
    "PSSessionConfigurationName",
    "PSSessionOption",
    "PSStyle",
    "PSUICulture",
    "PSVersionTable",
    "PWD",
    "Sender",
    "ShellId",
    "StackTrace",
    "switch",
    "this",
    "true",
    "VerbosePreference",
    "WarningPreference",
    "WhatIfPreference",
];

const SCOPES: [&str; 6] = ["Global:", "Local:", "Script:", "Private:", "Using:", "Variable:"];

/// A variable that the text declares.
#[derive(Debug)]
pub(super) struct Declared {
    pub(super) name: String,
    /// The type it is given, as written.
    pub(super) type_name: Option<String>,
    /// What is assigned to it.
    pub(super) value: Option<Range<usize>>,
    /// It is each item of that.
    pub(super) is_item: bool,
}

/// Proposals for a variable within an expandable string, at a stretch of it.
pub(super) fn within_string(session: &mut Session, site: &Site<'_>, range: Range<usize>) -> Completion {
    let written = site.text.get(range.clone()).unwrap_or("");
    let results = named(session, site, written);
    Completion { start: range.start, length: range.len(), results }
}

/// Proposals for the variable at the cursor.
pub(super) fn complete(session: &mut Session, site: &Site<'_>) -> Vec<CompletionResult> {
    let in_parameters = site.groups.len() > 1
        && site.inner().opener == "("
        && site.groups.get(site.groups.len() - 2).is_some_and(|outer| {
            outer
                .elements
                .last()
                .is_some_and(|last| last.kind == TokenKind::Keyword && site.slice(last).eq_ignore_ascii_case("param"))
        });
    let assigns = site.follows("=");
    if in_parameters && !assigns || is_class_property(site) {
        return Vec::new();
    }
    named(session, site, site.written())
}

fn is_class_property(site: &Site<'_>) -> bool {
    let Some(outer) = site.groups.len().checked_sub(2).and_then(|at| site.groups.get(at)) else { return false };
    let in_class = outer
        .elements
        .iter()
        .rev()
        .take(4)
        .any(|element| element.kind == TokenKind::Keyword && site.slice(element).eq_ignore_ascii_case("class"));
    in_class && site.inner().opener == "{" && site.statement().is_empty()
}

/// The characters that a variable's name may have without braces.
fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '?' | '$' | '^'))
}

struct Writer {
    sigil: &'static str,
    braces: bool,
    seen: HashSet<String>,
    results: Vec<CompletionResult>,
}

impl Writer {
    fn add(&mut self, full: &str, shown: &str, tip: String) {
        let braced = self.braces || !is_plain(full);
        let text = if braced { format!("{}{{{full}}}", self.sigil) } else { format!("{}{full}", self.sigil) };
        if self.seen.insert(text.to_lowercase()) {
            self.results.push(CompletionResult::new(text, shown, ResultType::Variable, tip));
        }
    }
}

fn named(session: &mut Session, site: &Site<'_>, written: &str) -> Vec<CompletionResult> {
    let sigil = if written.starts_with('@') { "@" } else { "$" };
    let body = written.trim_start_matches(['$', '@']);
    let braces = body.starts_with('{');
    let name = body.trim_start_matches('{').trim_end_matches('}');
    let mut writer = Writer { sigil, braces, seen: HashSet::new(), results: Vec::new() };
    let (scope, rest) = name.rfind(':').map_or(("", name), |at| name.split_at(at + 1));
    let Ok(pattern) = Wildcard::new(&format!("{rest}*"), false) else { return Vec::new() };
    for declared in unique(declarations(site)) {
        if pattern.matches(&declared.name) && (scope.is_empty() || is_scope(scope)) {
            let tip = match declared_type(session, site, &declared) {
                Some(kind) => format!("[{kind}]${}", declared.name),
                None => declared.name.clone(),
            };
            writer.add(&format!("{scope}{}", declared.name), &declared.name, tip);
        }
    }
    if scope.is_empty() || is_scope(scope) {
        of_session(session, scope, &pattern, &mut writer);
    } else {
        of_drive(session, scope, &pattern, &mut writer);
    }
    if scope.is_empty() {
        automatic(session, rest, &pattern, &mut writer);
    }
    writer.results
}

fn is_scope(scope: &str) -> bool {
    SCOPES.iter().any(|known| known.eq_ignore_ascii_case(scope))
}

fn unique(declared: Vec<Declared>) -> Vec<Declared> {
    let mut found: Vec<Declared> = Vec::new();
    for one in declared {
        match found.iter_mut().find(|known| known.name.eq_ignore_ascii_case(&one.name)) {
            Some(known) => {
                let type_name = one.type_name.or(known.type_name.take());
                (known.type_name, known.value, known.is_item) = (type_name, one.value, one.is_item);
            }
            None => found.push(one),
        }
    }
    found
}

fn declared_type(session: &mut Session, site: &Site<'_>, declared: &Declared) -> Option<String> {
    use super::infer::{Inference, Known};
    let mut inference = Inference::new(session, site);
    let known = match &declared.type_name {
        Some(name) => inference.type_named(name),
        None if declared.is_item => None,
        None => inference.of_range(declared.value.clone()?).into_iter().next(),
    };
    match known? {
        Known::Value(value) => Some(short_name(TypeRef::of(&value))),
        Known::Type(kind) | Known::Names(_, kind) => Some(short_name(kind)),
        Known::Class(class) => Some(class.name.to_string()),
        Known::Static(_) | Known::StaticClass(_) => None,
    }
}

/// The session's own variables, as the running code sees them.
fn of_session(session: &mut Session, scope: &str, pattern: &Wildcard, writer: &mut Writer) {
    let names = items::names(session, Provider::Variable);
    let mut names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
    names.sort_by_key(|name| name.to_lowercase());
    for name in names.iter().filter(|name| pattern.matches(name)) {
        let symbol = Symbol::new(name);
        let value = session.variable(symbol).unwrap_or_default();
        let mut tip =
            if value.is_null() { name.clone() } else { format!("[{}]${name}", short_name(TypeRef::of(&value))) };
        let description = session.find_variable(symbol).and_then(|variable| variable.description.borrow().clone());
        if let Some(text) = description.filter(|text| !text.is_empty()) {
            tip.push_str(&format!(" - {text}"));
        }
        writer.add(&format!("{scope}{name}"), name, tip);
    }
}

/// `$env:`, `$function:` and the like.
fn of_drive(session: &mut Session, scope: &str, pattern: &Wildcard, writer: &mut Writer) {
    let Some(drive) = session.drives().get(scope.trim_end_matches(':')) else { return };
    let mut names: Vec<String> = items::names(session, drive.provider).iter().map(|name| name.to_string()).collect();
    names.sort_by_key(|name| name.to_lowercase());
    for name in names.iter().filter(|name| pattern.matches(name)) {
        writer.add(&format!("{scope}{name}"), name, name.clone());
    }
}

fn automatic(session: &mut Session, written: &str, pattern: &Wildcard, writer: &mut Writer) {
    if super::command_line::begins("env", written) {
        let mut names: Vec<String> = session.environment.keys().cloned().collect();
        names.sort_by_key(|name| name.to_lowercase());
        for name in names {
            let full = format!("env:{name}");
            writer.add(&full, &full, format!("[string]{full}"));
        }
    }
    for name in AUTOMATIC.iter().filter(|name| pattern.matches(name)) {
        writer.add(name, name, (*name).to_owned());
    }
    let mut drives: Vec<(String, String)> = Vec::new();
    for drive in session.drives().all() {
        if drive.name.len() > 1 && pattern.matches(&drive.name) {
            let tip = if drive.description.is_empty() { drive.name.to_string() } else { drive.description.to_string() };
            drives.push((drive.name.to_string(), tip));
        }
    }
    drives.sort_by_key(|(name, _)| name.to_lowercase());
    for (name, tip) in drives {
        writer.add(&format!("{name}:"), &name, tip);
    }
    for scope in SCOPES.iter().filter(|scope| pattern.matches(scope)) {
        writer.add(scope, scope, (*scope).to_owned());
    }
}

/// The variables that the text declares before the cursor, in its order.
pub(super) fn declarations(site: &Site<'_>) -> Vec<Declared> {
    let end = site.word().start;
    let tokens: Vec<Element> = site
        .tokens
        .iter()
        .filter(|token| token.span.end as usize <= end && token.kind != TokenKind::Comment)
        .map(|token| Element { kind: token.kind, start: token.span.start as usize, end: token.span.end as usize })
        .collect();
    let slice = |element: &Element| site.text.get(element.start..element.end).unwrap_or("");
    let declared = |(at, token): (usize, &Element)| match token.kind {
        TokenKind::Variable => assigned_variable(&tokens, at, end, &slice),
        TokenKind::CommandArgument | TokenKind::String => named_variable(&tokens, at, &slice),
        _ => None,
    };
    tokens.iter().enumerate().filter_map(declared).collect()
}

fn is_keyword<'t>(element: Option<&Element>, word: &str, slice: &dyn Fn(&Element) -> &'t str) -> bool {
    element.is_some_and(|element| element.kind == TokenKind::Keyword && slice(element).eq_ignore_ascii_case(word))
}

/// A variable that is assigned to, the one of a `foreach`, or a parameter.
fn assigned_variable<'t>(
    tokens: &[Element],
    at: usize,
    end: usize,
    slice: &dyn Fn(&Element) -> &'t str,
) -> Option<Declared> {
    let opened = at.checked_sub(2).and_then(|before| tokens.get(before));
    let each = is_keyword(tokens.get(at + 1), "in", slice) && is_keyword(opened, "foreach", slice);
    let assigned = assignment_after(tokens, at, slice);
    if !(each || assigned.is_some() || is_parameter(tokens, at, slice)) {
        return None;
    }
    let value = match each {
        true => tokens.get(at + 2).map(|first| first.start..group_end(tokens, at + 2)),
        false => assigned.map(|from| from..statement_end(tokens, from, end, slice)),
    };
    let name = slice(tokens.get(at)?).trim_start_matches(['$', '@']).trim_matches(['{', '}']);
    let name = name.rsplit(':').next().unwrap_or(name).to_owned();
    Some(Declared { name, type_name: type_before(tokens, at, slice), value, is_item: each })
}

/// A variable that is only named: after `-OutVariable` and its kin, `2> variable:x`, `data x`.
fn named_variable<'t>(tokens: &[Element], at: usize, slice: &dyn Fn(&Element) -> &'t str) -> Option<Declared> {
    let text = slice(tokens.get(at)?).trim_matches(['\'', '"']);
    let previous = tokens.get(at.checked_sub(1)?)?;
    let before = slice(previous);
    let option = before.trim_start_matches('-').trim_end_matches(':').to_ascii_lowercase();
    let named = |name: &str, type_name: Option<&str>| {
        let type_name = type_name.map(str::to_owned);
        Some(Declared { name: name.to_owned(), type_name, value: None, is_item: false })
    };
    if previous.kind == TokenKind::CommandParameter && takes_variable(&option) {
        return named(text.trim_start_matches('+'), None);
    }
    if let Some(name) = text.strip_prefix("variable:").filter(|_| before.ends_with('>')) {
        return named(name, stream_type(before));
    }
    is_keyword(Some(previous), "data", slice).then(|| named(text, None))?
}

fn takes_variable(option: &str) -> bool {
    const OPTIONS: [&str; 12] = [
        "outvariable",
        "ov",
        "errorvariable",
        "ev",
        "warningvariable",
        "wv",
        "informationvariable",
        "iv",
        "pipelinevariable",
        "pv",
        "sessionvariable",
        "statuscodevariable",
    ];
    OPTIONS.contains(&option)
}

fn stream_type(redirection: &str) -> Option<&'static str> {
    let name = match redirection.chars().next()? {
        '2' => "System.Management.Automation.ErrorRecord",
        '3' => "System.Management.Automation.WarningRecord",
        '4' => "System.Management.Automation.VerboseRecord",
        '5' => "System.Management.Automation.DebugRecord",
        '6' => "System.Management.Automation.InformationRecord",
        _ => return None,
    };
    Some(name)
}

/// Where the value begins that is assigned to the variable at `at`, perhaps with others or in parentheses.
fn assignment_after<'t>(tokens: &[Element], at: usize, slice: &dyn Fn(&Element) -> &'t str) -> Option<usize> {
    let mut next = at + 1;
    while let Some(token) = tokens.get(next) {
        let text = slice(token);
        match token.kind {
            TokenKind::Operator if matches!(text, "=" | "+=" | "-=" | "*=" | "/=" | "%=" | "??=") => {
                return Some(token.end);
            }
            TokenKind::Variable | TokenKind::Type => {}
            TokenKind::Operator if text == "," => {}
            TokenKind::GroupEnd if text == ")" => {}
            _ => return None,
        }
        next += 1;
    }
    None
}

/// True for a variable of a `param` block or of a function's parentheses.
fn is_parameter<'t>(tokens: &[Element], at: usize, slice: &dyn Fn(&Element) -> &'t str) -> bool {
    let mut depth = 0usize;
    for index in (0..at).rev() {
        let Some(token) = tokens.get(index) else { return false };
        match (token.kind, slice(token)) {
            (TokenKind::GroupEnd, _) => depth += 1,
            (TokenKind::GroupStart, _) if depth > 0 => depth -= 1,
            (TokenKind::GroupStart, "(") => {
                let before = |back: usize| index.checked_sub(back).and_then(|at| tokens.get(at));
                let keyword = |element: Option<&Element>, words: &[&str]| {
                    element.is_some_and(|e| words.iter().any(|word| slice(e).eq_ignore_ascii_case(word)))
                };
                return keyword(before(1), &["param"]) || keyword(before(2), &["function", "filter"]);
            }
            (TokenKind::GroupStart, _) => return false,
            _ => {}
        }
    }
    false
}

/// The first of the types that stand before a variable.
fn type_before<'t>(tokens: &[Element], at: usize, slice: &dyn Fn(&Element) -> &'t str) -> Option<String> {
    let mut found = None;
    for index in (0..at).rev() {
        let token = tokens.get(index)?;
        match token.kind {
            TokenKind::Type => found = Some(slice(token).trim_start_matches('[').trim_end_matches(']').to_owned()),
            _ => break,
        }
    }
    found
}

/// The end of the group that the token at `from` is in.
fn group_end(tokens: &[Element], from: usize) -> usize {
    let mut depth = 0i32;
    let mut end = tokens.get(from).map_or(0, |token| token.end);
    for token in tokens.get(from..).unwrap_or_default() {
        match token.kind {
            TokenKind::GroupStart => depth += 1,
            TokenKind::GroupEnd if depth == 0 => break,
            TokenKind::GroupEnd => depth -= 1,
            _ => {}
        }
        end = token.end;
    }
    end
}

/// The end of the statement that goes on at `from`.
fn statement_end<'t>(tokens: &[Element], from: usize, limit: usize, slice: &dyn Fn(&Element) -> &'t str) -> usize {
    let mut depth = 0i32;
    let mut end = from;
    for token in tokens.iter().filter(|token| token.start >= from) {
        match token.kind {
            TokenKind::GroupStart => depth += 1,
            TokenKind::GroupEnd if depth == 0 => return end,
            TokenKind::GroupEnd => depth -= 1,
            TokenKind::StatementSeparator | TokenKind::NewLine if depth == 0 && end > from => return end,
            TokenKind::Operator if depth == 0 && matches!(slice(token), "&&" | "||") => return end,
            _ => {}
        }
        end = token.end;
    }
    end.min(limit)
}
