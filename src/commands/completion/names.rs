//! Names of commands, modules, operators and keywords.

use super::command_line::begins;
use super::files::needs_quotes;
use super::site::Site;
use super::{CompletionResult, ResultType, files, types};
use crate::commands::general::{abbreviation, all_commands, command_signature};
use crate::runtime::binder::usage;
use crate::runtime::{Command, Session};
use crate::syntax::TokenKind;
use crate::value::wildcard::Wildcard;
use std::collections::HashSet;

/// Operators with a dash, and what each does.
const OPERATORS: &[(&str, &str)] = &[
    ("and", "Logical and"),
    ("as", "Convert to a type, or null"),
    ("band", "Bitwise and"),
    ("bnot", "Bitwise complement"),
    ("bor", "Bitwise or"),
    ("bxor", "Bitwise exclusive or"),
    ("ccontains", "Collection holds the value, case-sensitive"),
    ("ceq", "Equal, case-sensitive"),
    ("cge", "Greater or equal, case-sensitive"),
    ("cgt", "Greater, case-sensitive"),
    ("cin", "Value is in the collection, case-sensitive"),
    ("cle", "Less or equal, case-sensitive"),
    ("clike", "Fits the wildcard, case-sensitive"),
    ("clt", "Less, case-sensitive"),
    ("cmatch", "Fits the regular expression, case-sensitive"),
    ("cne", "Not equal, case-sensitive"),
    ("cnotcontains", "Collection does not hold the value, case-sensitive"),
    ("cnotin", "Value is not in the collection, case-sensitive"),
    ("cnotlike", "Does not fit the wildcard, case-sensitive"),
    ("cnotmatch", "Does not fit the regular expression, case-sensitive"),
    ("contains", "Collection holds the value"),
    ("creplace", "Replace by regular expression, case-sensitive"),
    ("csplit", "Split by regular expression, case-sensitive"),
    ("eq", "Equal"),
    ("f", "Format"),
    ("ge", "Greater or equal"),
    ("gt", "Greater"),
    ("icontains", "Collection holds the value, in any case"),
    ("ieq", "Equal, in any case"),
    ("ige", "Greater or equal, in any case"),
    ("igt", "Greater, in any case"),
    ("iin", "Value is in the collection, in any case"),
    ("ile", "Less or equal, in any case"),
    ("ilike", "Fits the wildcard, in any case"),
    ("ilt", "Less, in any case"),
    ("imatch", "Fits the regular expression, in any case"),
    ("in", "Value is in the collection"),
    ("ine", "Not equal, in any case"),
    ("inotcontains", "Collection does not hold the value, in any case"),
    ("inotin", "Value is not in the collection, in any case"),
    ("inotlike", "Does not fit the wildcard, in any case"),
    ("inotmatch", "Does not fit the regular expression, in any case"),
    ("ireplace", "Replace by regular expression, in any case"),
    ("is", "Is of the type"),
    ("isnot", "Is not of the type"),
    ("isplit", "Split by regular expression, in any case"),
    ("join", "Join texts"),
    ("le", "Less or equal"),
    ("like", "Fits the wildcard"),
    ("lt", "Less"),
    ("match", "Fits the regular expression"),
    ("ne", "Not equal"),
    ("not", "Logical not"),
    ("notcontains", "Collection does not hold the value"),
    ("notin", "Value is not in the collection"),
    ("notlike", "Does not fit the wildcard"),
    ("notmatch", "Does not fit the regular expression"),
    ("or", "Logical or"),
    ("replace", "Replace by regular expression"),
    ("shl", "Shift bits left"),
    ("shr", "Shift bits right"),
    ("split", "Split by regular expression"),
    ("xor", "Logical exclusive or"),
];

/// Operators that begin so.
pub(super) fn operators(written: &str) -> Vec<CompletionResult> {
    let name = written.trim_start_matches('-');
    let fitting = OPERATORS.iter().filter(|(operator, _)| begins(operator, name));
    let result = |(operator, tip): &(&str, &str)| {
        CompletionResult::new(format!("-{operator}"), *operator, ResultType::ParameterName, *tip)
    };
    fitting.map(result).collect()
}

/// True for what looks like a path, or like a command of a module.
pub(super) fn is_path(written: &str) -> bool {
    written.trim_start_matches(['\'', '"']).starts_with(['.', '~']) || written.contains(['/', '\\', ':'])
}

/// Commands that fit what is written, those that the text defines first.
pub(super) fn commands(session: &mut Session, site: &Site<'_>, written: &str) -> Vec<CompletionResult> {
    let called = site.inner().elements.last().is_some_and(|last| site.slice(last) == "&");
    let (quote, name) = unquoted(written);
    let mut results: Vec<CompletionResult> = Vec::new();
    if let Ok(pattern) = Wildcard::new(&format!("{name}*"), false) {
        let functions = defined_functions(site);
        let fitting = functions.into_iter().rev().filter(|function| pattern.matches(function));
        results
            .extend(fitting.map(|name| CompletionResult::new(name.clone(), name.clone(), ResultType::Command, name)));
    }
    let known: HashSet<String> = results.iter().map(|one| one.text.to_lowercase()).collect();
    let found = session_commands(session, name, None);
    let style = Style { quote, ampersand: !called && site.starts_statement() };
    let session_results = found.into_iter().map(|command| of_command(session, &command, &style, None));
    results.extend(session_results.filter(|one| !known.contains(&one.text.to_lowercase())));
    results
}

/// `Module\Name`: commands of one module.
pub(super) fn module_commands(session: &mut Session, written: &str) -> Vec<CompletionResult> {
    let (quote, name) = unquoted(written);
    let Some((module, name)) = name.split_once('\\').filter(|(module, _)| !module.is_empty() && !module.contains(':'))
    else {
        return Vec::new();
    };
    let found = session_commands(session, name, Some(module));
    let style = Style { quote, ampersand: false };
    found.into_iter().map(|command| of_command(session, &command, &style, Some(module))).collect()
}

/// Command names as values of a parameter.
pub(super) fn command_values(session: &mut Session, written: &str, module: Option<&str>) -> Vec<CompletionResult> {
    let (quote, name) = unquoted(written);
    let found = session_commands(session, name, module);
    let style = Style { quote, ampersand: false };
    found.into_iter().map(|command| of_command(session, &command, &style, None)).collect()
}

struct Style<'a> {
    quote: &'a str,
    ampersand: bool,
}

/// The quote that a word begins with, and the word without quotes.
pub(super) fn unquoted(written: &str) -> (&str, &str) {
    match written.chars().next() {
        Some('\'' | '"') => {
            let (quote, rest) = written.split_at(1);
            (quote, rest.strip_suffix(quote).unwrap_or(rest))
        }
        _ => ("", written),
    }
}

/// The session's commands that fit, by name; a name without wildcards that fits nothing may be an abbreviation.
fn session_commands(session: &mut Session, name: &str, module: Option<&str>) -> Vec<(String, Option<Command>)> {
    let Ok(pattern) = Wildcard::new(&format!("{name}*"), false) else { return Vec::new() };
    let mut found = all_commands(session, &|known| pattern.matches(known), module);
    if module.is_none() && !name.is_empty() {
        let known: HashSet<String> = found.iter().map(|(name, _)| name.to_lowercase()).collect();
        let programs =
            session.programs(&|name| pattern.matches(name)).into_iter().map(|program| program.name().to_string());
        found.extend(programs.filter(|name| !known.contains(&name.to_lowercase())).map(|name| (name, None)));
    }
    if found.is_empty() {
        found = all_commands(session, &|known| abbreviation(known).eq_ignore_ascii_case(name), module);
    }
    found.sort_by_key(|(name, _)| name.to_lowercase());
    found
}

fn of_command(
    session: &mut Session,
    (name, command): &(String, Option<Command>),
    style: &Style<'_>,
    module: Option<&str>,
) -> CompletionResult {
    let signature = command.as_ref().and_then(|command| command_signature(session, command).ok().flatten());
    let tip = signature.map(|signature| usage::lines(&signature).join("\n")).filter(|tip| !tip.is_empty());
    let full = module.map_or_else(|| name.clone(), |module| format!("{module}\\{name}"));
    let quoted = needs_quotes(&full);
    let quote = if quoted && style.quote.is_empty() { "'" } else { style.quote };
    let body = if quote == "'" { full.replace('\'', "''") } else { full };
    let ampersand = if quoted && style.quote.is_empty() && style.ampersand { "& " } else { "" };
    let text = format!("{ampersand}{quote}{body}{quote}");
    CompletionResult::new(text, name.clone(), ResultType::Command, tip.unwrap_or_else(|| name.clone()))
}

/// Functions that the text defines anywhere.
fn defined_functions(site: &Site<'_>) -> Vec<String> {
    let pairs = site.tokens.iter().zip(site.tokens.iter().skip(1));
    let text = |token: &crate::syntax::Token| {
        site.text.get(token.span.start as usize..token.span.end as usize).unwrap_or("").to_owned()
    };
    let defines = |token: &crate::syntax::Token| {
        token.kind == TokenKind::Keyword && matches!(text(token).to_ascii_lowercase().as_str(), "function" | "filter")
    };
    pairs
        .filter(|(keyword, name)| defines(keyword) && name.kind == TokenKind::CommandArgument)
        .map(|(_, n)| text(n))
        .collect()
}

/// What may follow `using`.
pub(super) fn using(session: &mut Session, site: &Site<'_>, keyword: &str) -> Vec<CompletionResult> {
    const KEYWORDS: [&str; 4] = ["assembly", "module", "namespace", "type"];
    let begun = site.before().rsplit(char::is_whitespace).next().unwrap_or("");
    match keyword {
        "namespace" => types::namespaces_named(begun),
        "module" => {
            let mut found = files::complete(session, begun, false, false);
            found.retain(|one| {
                let is_module = [".psm1", ".psd1", ".dll"].iter().any(|end| one.shown.ends_with(end));
                is_module || one.kind == ResultType::ProviderContainer
            });
            found.extend(modules(session, begun, false));
            found
        }
        "" => {
            let fitting = KEYWORDS.iter().filter(|word| begins(word, begun));
            fitting.map(|word| CompletionResult::new(*word, *word, ResultType::Keyword, *word)).collect()
        }
        _ => Vec::new(),
    }
}

/// Modules by name: those that are loaded, or all that can be.
pub(super) fn modules(session: &mut Session, written: &str, loaded: bool) -> Vec<CompletionResult> {
    let (quote, name) = unquoted(written);
    let mut names: Vec<String> = session.modules.values().map(|module| module.name.borrow().to_string()).collect();
    names.extend(session.built_in_modules().iter().map(|name| (*name).to_owned()));
    if !loaded {
        names.extend(session.available_modules().into_iter().map(|file| file.name));
    }
    names.sort_by_key(|name| name.to_lowercase());
    names.dedup_by_key(|name| name.to_lowercase());
    let Ok(pattern) = Wildcard::new(&format!("{name}*"), false) else { return Vec::new() };
    let mut fitting: Vec<&String> = names.iter().filter(|known| pattern.matches(known)).collect();
    if fitting.is_empty() && !name.is_empty() {
        // `Host` also stands for `Microsoft.PowerShell.Host`.
        let last = |known: &&String| known.rsplit('.').next().is_some_and(|last| begins(last, name));
        fitting = names.iter().filter(last).collect();
    }
    let result = |name: &String| {
        CompletionResult::new(files::quoted(name, quote), name.as_str(), ResultType::ParameterValue, name.as_str())
    };
    fitting.into_iter().map(result).collect()
}

/// The aliases of the session that fit.
pub(super) fn aliases(session: &mut Session, written: &str) -> Vec<CompletionResult> {
    use crate::runtime::providers::{Provider, items};
    let (quote, name) = unquoted(written);
    let Ok(pattern) = Wildcard::new(&format!("{name}*"), false) else { return Vec::new() };
    let names = items::names(session, Provider::Alias);
    let fitting = names.iter().filter(|known| pattern.matches(known));
    fitting
        .map(|known| CompletionResult { text: files::quoted(known, quote), ..CompletionResult::value(known.as_str()) })
        .collect()
}
