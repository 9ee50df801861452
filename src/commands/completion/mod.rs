//! What can follow at the cursor: the engine behind `TabExpansion2`, `CommandCompletion.CompleteInput` and the prompt.
//! It reads the tokens around the cursor, asks one small source per kind of place, and runs nothing but completers
//! that scripts registered.

mod arguments;
mod attributes;
mod command_line;
mod completers;
mod files;
mod hashtable;
mod infer;
mod members;
mod names;
mod object;
mod parameters;
mod site;
mod types;
mod values;
mod variables;

pub(crate) use completers::Completers;
pub(crate) use object::{TAB_EXPANSION, answer};

use crate::runtime::Session;
use crate::syntax::TokenKind;
use site::Site;

/// `CompletionResultType`, by PowerShell's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are PowerShell's and say it all")]
pub(crate) enum ResultType {
    Text = 0,
    Command = 2,
    ProviderItem = 3,
    ProviderContainer = 4,
    Property = 5,
    Method = 6,
    ParameterName = 7,
    ParameterValue = 8,
    Variable = 9,
    Namespace = 10,
    Type = 11,
    Keyword = 12,
}

/// A proposal.
#[derive(Clone, Debug)]
pub(crate) struct CompletionResult {
    /// What is put in.
    pub(crate) text: String,
    /// What is shown in a list.
    pub(crate) shown: String,
    /// What it is.
    pub(crate) kind: ResultType,
    /// What is said about it.
    pub(crate) tip: String,
    /// The object of a registered completer that it came from.
    pub(crate) origin: Option<crate::value::Value>,
}

impl CompletionResult {
    fn new(text: impl Into<String>, shown: impl Into<String>, kind: ResultType, tip: impl Into<String>) -> Self {
        Self { text: text.into(), shown: shown.into(), kind, tip: tip.into(), origin: None }
    }

    /// A value that is shown as it is put in.
    fn value(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::new(text.clone(), text.clone(), ResultType::ParameterValue, text)
    }
}

/// Proposals for a stretch of the text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Completion {
    /// Where the replaced stretch starts, in bytes.
    pub(crate) start: usize,
    /// How long it is.
    pub(crate) length: usize,
    /// Best first.
    pub(crate) results: Vec<CompletionResult>,
}

/// Proposals at `cursor`, a byte offset.
pub(crate) fn complete(session: &mut Session, text: &str, cursor: usize) -> Completion {
    let cursor = (0..=cursor.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let site = Site::new(text, cursor);
    let word = site.word();
    let mut found = Completion { start: word.start, length: word.len(), results: Vec::new() };
    if let Some(inner) = site.in_string() {
        return variables::within_string(session, &site, inner);
    }
    if site.is_in_comment() {
        return found;
    }
    if let Some(access) = site.member_access() {
        found.start = access.name.start;
        found.length = access.name.len();
        found.results = members::complete(session, &site, &access);
        return found;
    }
    found.results = at_word(session, &site, &mut found.start, &mut found.length);
    found
}

/// What follows keywords that take a name, a label or options; `None` after others.
fn after_keyword(site: &Site<'_>) -> Option<Vec<CompletionResult>> {
    const SWITCH: [&str; 5] = ["-CaseSensitive", "-Exact", "-File", "-Regex", "-Wildcard"];
    let written = site.written();
    match site.keyword_before()?.to_ascii_lowercase().as_str() {
        "function" | "filter" | "class" | "enum" => Some(Vec::new()),
        "switch" if written.starts_with('-') => {
            let fitting = SWITCH.iter().filter(|option| command_line::begins(option, written));
            let result = |option: &&str| {
                let name = option.trim_start_matches('-');
                CompletionResult::new(*option, name, ResultType::ParameterName, name)
            };
            Some(fitting.map(result).collect())
        }
        "break" | "continue" => {
            let rest = site.text.get(site.word().end..).unwrap_or("");
            let taken = rest.trim_start_matches([' ', '\t']).starts_with(char::is_alphanumeric);
            let labels = site.loop_labels().into_iter().filter(|label| !taken && command_line::begins(label, written));
            let result = |label: &str| CompletionResult::new(label, label, ResultType::Text, label);
            Some(labels.map(result).collect())
        }
        _ => None,
    }
}

/// Proposals for the word at the cursor; a source that knows a better stretch moves its start and length.
fn at_word(session: &mut Session, site: &Site<'_>, start: &mut usize, length: &mut usize) -> Vec<CompletionResult> {
    let kind = site.at.map(|token| token.kind);
    let written = site.written();
    if let Some(results) = after_keyword(site) {
        return results;
    }
    match kind {
        Some(TokenKind::Variable) => return variables::complete(session, site),
        Some(TokenKind::Type) if written.ends_with(']') && site.cursor == site.word().end => {
            (*start, *length) = (site.cursor, 0);
            return members::after_literal(session, site);
        }
        Some(TokenKind::Type | TokenKind::Attribute) if !written.ends_with(']') || site.cursor < site.word().end => {
            let (at, results) = types::complete(session, site);
            *length = *length + *start - at;
            *start = at;
            if written.ends_with(']') {
                *length -= 1;
            }
            return results;
        }
        _ => {}
    }
    if let Some(keyword) = site.using_statement() {
        let begun = site.before().rsplit(char::is_whitespace).next().map_or(0, str::len);
        (*start, *length) = (site.cursor - begun, begun);
        return names::using(session, site, &keyword);
    }
    if let Some(results) = attributes::complete(site) {
        return results;
    }
    if let Some(results) = hashtable::complete(session, site) {
        return results;
    }
    if let Some(results) = values::indexed(session, site) {
        return results;
    }
    if let Some(results) = values::assigned_or_compared(session, site) {
        return results;
    }
    match site.command_line() {
        Some(line) if kind == Some(TokenKind::CommandParameter) || written.starts_with('-') => {
            parameters::complete(session, site, &line)
        }
        Some(line) => arguments::complete(session, site, &line),
        None if written.starts_with('-') => names::operators(written),
        None if names::is_path(written) => {
            let mut results = names::module_commands(session, written);
            results.extend(files::complete(session, written, false, true));
            results
        }
        None if written.is_empty() && !site.starts_statement() => files::complete(session, written, false, false),
        None if written.is_empty() && !site.text.is_empty() && site.before().trim_end().is_empty() => Vec::new(),
        None => {
            let at_start = !written.is_empty() && site.starts_statement();
            let mut results = if at_start { files::complete(session, written, false, true) } else { Vec::new() };
            results.extend(names::commands(session, site, written));
            results
        }
    }
}

#[cfg(test)]
mod tests;
