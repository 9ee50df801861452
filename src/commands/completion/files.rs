//! Files, directories and items of other providers, written as the path was begun.

use super::names::unquoted;
use super::{CompletionResult, ResultType};
use crate::runtime::providers::{Provider, items, path};
use crate::runtime::{Session, Symbol};
use crate::value::Engine;
use crate::value::wildcard::Wildcard;
use crate::value::{collate, convert};
use std::path::{Path, PathBuf};

/// True for a text that is not one word without quotes.
pub(super) fn needs_quotes(text: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !"'\"`$();{}|&,<>\u{2018}\u{2019}\u{201c}\u{201d}".contains(c);
    text.is_empty() || !text.chars().all(plain) || text.starts_with(['@', '#'])
}

/// A text as an argument, in the quote that was begun or in one that it needs.
pub(super) fn quoted(text: &str, quote: &str) -> String {
    let quote = if quote.is_empty() && needs_quotes(text) { "'" } else { quote };
    match quote {
        "'" => format!("'{}'", text.replace('\'', "''")),
        "\"" => format!("\"{}\"", text.replace('`', "``").replace('$', "`$").replace('"', "`\"")),
        _ => text.to_owned(),
    }
}

/// Paths that go on from what is written; only directories where asked, with the call operator where a command stands.
pub(super) fn complete(
    session: &mut Session,
    written: &str,
    containers: bool,
    as_command: bool,
) -> Vec<CompletionResult> {
    let (quote, text) = unquoted(written);
    let text = path::unescape(&text.replace('\\', "/"));
    if let Some((drive, _)) = text.split_once(':') {
        return of_drive(session, drive, &text, quote);
    }
    let (base, name) = text.rfind('/').map_or(("", text.as_str()), |at| text.split_at(at + 1));
    let home = session.environment.get("HOME").cloned().unwrap_or_default();
    let base = with_variable(session, base);
    let directory = match base.strip_prefix("~/") {
        Some(rest) => PathBuf::from(&home).join(rest),
        None => session.current_directory().join(&base),
    };
    let shown = match base.starts_with(['/', '~']) {
        true => base,
        false => relative(&session.current_directory(), &directory),
    };
    let Ok(pattern) = Wildcard::new(&format!("{}*", escape_brackets(name)), false) else { return Vec::new() };
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(&directory) else { return found };
    for entry in entries.flatten() {
        let leaf = entry.file_name().to_string_lossy().into_owned();
        let is_directory = std::fs::metadata(entry.path()).is_ok_and(|found| found.is_dir());
        if pattern.matches(&leaf) && (is_directory || !containers) {
            found.push(of_entry(&format!("{shown}{leaf}"), &leaf, &entry.path(), is_directory, quote, as_command));
        }
    }
    found.sort_by(|a, b| collate::order(&a.tip, &b.tip, false));
    found
}

/// A path that begins with a variable, with its value instead.
fn with_variable(session: &mut Session, path: &str) -> String {
    let Some((name, rest)) = path.strip_prefix('$').and_then(|path| path.split_once('/')) else {
        return path.to_owned();
    };
    let value = match name.strip_prefix("env:") {
        Some(name) => session.environment.get(name).cloned(),
        None => session.variable(Symbol::new(name)).map(|value| convert::to_text(&value).to_string()),
    };
    value.map_or_else(|| path.to_owned(), |value| format!("{value}/{rest}"))
}

/// A directory as it is written from another one, with a slash at the end.
fn relative(from: &Path, to: &Path) -> String {
    let found = path::relative(&from.to_string_lossy(), &path::normalize(&to.to_string_lossy()));
    let found = found.trim_start_matches("./").trim_end_matches('/');
    match found {
        "" | "." => "./".to_owned(),
        outer if outer.starts_with("..") => format!("{outer}/"),
        inner => format!("./{inner}/"),
    }
}

fn escape_brackets(text: &str) -> String {
    text.replace('[', "`[").replace(']', "`]")
}

fn of_entry(
    text: &str,
    leaf: &str,
    full: &Path,
    is_directory: bool,
    quote: &str,
    as_command: bool,
) -> CompletionResult {
    let kind = if is_directory { ResultType::ProviderContainer } else { ResultType::ProviderItem };
    // Brackets would be a wildcard where the path goes.
    let brackets = text.contains(['[', ']']);
    let text = if brackets { escape_brackets(text) } else { text.to_owned() };
    let quote = if quote.is_empty() && brackets { "'" } else { quote };
    let written = quoted(&text, quote);
    let called = as_command && quote.is_empty() && written.starts_with('\'');
    let written = if called { format!("& {written}") } else { written };
    CompletionResult::new(written, leaf, kind, full.to_string_lossy())
}

/// `Alias:`, `Env:` and other drives.
fn of_drive(session: &mut Session, name: &str, text: &str, quote: &str) -> Vec<CompletionResult> {
    let rest = text.get(name.len() + 1..).unwrap_or("");
    let (provider, prefix, rest) = match rest.strip_prefix(':') {
        Some(rest) => (Provider::by_name(name), format!("{name}::"), rest),
        None => {
            let drive = session.drives().get(name);
            (drive.as_ref().map(|drive| drive.provider), drive.map_or(String::new(), |d| format!("{}:/", d.name)), rest)
        }
    };
    let Some(provider) = provider else { return Vec::new() };
    let rest = rest.trim_start_matches('/');
    if provider == Provider::FileSystem {
        return of_file_drive(session, name, text, quote);
    }
    let Ok(pattern) = Wildcard::new(&format!("{rest}*"), false) else { return Vec::new() };
    let names = items::names(session, provider);
    let fitting = names.iter().filter(|known| pattern.matches(known));
    let result = |known: &crate::value::Str| {
        let full = format!("{prefix}{known}");
        CompletionResult::new(quoted(&full, quote), known.as_str(), ResultType::ProviderItem, full.clone())
    };
    fitting.map(result).collect()
}

fn of_file_drive(session: &mut Session, name: &str, text: &str, quote: &str) -> Vec<CompletionResult> {
    let (base, leaf) = text.rfind(['/', ':']).map_or((text, ""), |at| text.split_at(at + 1));
    let Ok(place) = session.provider_path(base) else { return Vec::new() };
    let Ok(pattern) = Wildcard::new(&format!("{}*", escape_brackets(leaf)), false) else { return Vec::new() };
    let base = if base.ends_with(':') { format!("{name}:/") } else { base.to_owned() };
    items::directory_names(&place.path, true)
        .into_iter()
        .filter(|entry| pattern.matches(entry))
        .map(|entry| {
            let full = Path::new(&place.path).join(&entry);
            of_entry(&format!("{base}{entry}"), &entry, &full, full.is_dir(), quote, false)
        })
        .collect()
}
