//! `$using:` variables: which ones a block names, and their values where it is started.

use crate::runtime::session::Session;
use crate::runtime::symbol::Symbol;
use crate::syntax::{Source, Token, TokenKind, tokenize};
use crate::value::{ErrorCategory, Fault, Outcome, Value};
use rustc_hash::FxHashMap;

/// A variable as it is written in a text.
struct Written<'t> {
    /// Where it stands.
    range: std::ops::Range<usize>,
    /// Name with scope.
    name: &'t str,
}

/// Tokens of a text, those in the blocks of a nested `-Parallel` left out where that is asked.
fn variables<'t>(text: &'t str, tokens: &[Token], skip_nested: bool) -> Vec<Written<'t>> {
    let mut found = Vec::new();
    let (mut depth, mut skipped) = (0usize, None);
    let mut parallel = false;
    for token in tokens {
        let written = text.get(token.span.start as usize..token.span.end as usize).unwrap_or_default();
        match token.kind {
            TokenKind::GroupStart if written.ends_with('{') => {
                if parallel && skip_nested && skipped.is_none() {
                    skipped = Some(depth);
                }
                depth += 1;
            }
            TokenKind::GroupEnd if written == "}" => {
                depth = depth.saturating_sub(1);
                if skipped == Some(depth) {
                    skipped = None;
                }
            }
            TokenKind::Variable if skipped.is_none() => {
                let name = written.trim_start_matches(['$', '@']).trim_start_matches('{');
                let range = token.span.start as usize..token.span.end as usize;
                found.push(Written { range, name: name.trim_end_matches('}') });
            }
            _ => {}
        }
        parallel = token.kind == TokenKind::CommandParameter
            && written.len() >= 3
            && "-parallel".starts_with(&written.trim_end_matches(':').to_ascii_lowercase());
    }
    found
}

fn using_name<'t>(variable: &Written<'t>) -> Option<&'t str> {
    let (scope, name) = variable.name.split_once(':')?;
    scope.eq_ignore_ascii_case("using").then_some(name)
}

/// The values of the `$using:` variables that a text names, as the running code sees them. `nested` says whether
/// blocks of a nested `-Parallel` count too.
pub(crate) fn captured(session: &mut Session, text: &str, nested: bool) -> Outcome<FxHashMap<Symbol, Value>> {
    let mut values = FxHashMap::default();
    if !text.to_ascii_lowercase().contains("using:") {
        return Ok(values);
    }
    let (_, tokens) = tokenize(&Source::anonymous(text));
    for variable in variables(text, &tokens, !nested) {
        let Some(name) = using_name(&variable) else { continue };
        let symbol = Symbol::new(name);
        match session.seen_variable(symbol) {
            Some(value) => values.insert(symbol, value),
            None => return undefined(name),
        };
    }
    Ok(values)
}

fn undefined<T>(name: &str) -> Outcome<T> {
    Fault::new("UsingVariableIsUndefined", format!("'$using:{name}' asks for ${name}, which is not set here."))
        .category(ErrorCategory::InvalidOperation)
        .target(name)
        .err()
}

/// Variables that every process has of its own.
const OWN: &[&str] = &["pid", "psversiontable", "psedition", "pshome", "host", "true", "false", "null"];

/// A text with those variables that `exist` knows written as `$using:` variables, where the text does not set them.
pub(crate) fn using_variables_of_caller(text: &str, mut exists: impl FnMut(&str) -> bool) -> String {
    let (_, tokens) = tokenize(&Source::anonymous(text));
    let mut result = String::with_capacity(text.len() + 32);
    let mut copied = 0;
    for variable in variables(text, &tokens, true) {
        let bare = variable.name.to_ascii_lowercase();
        let known = !bare.contains(':') && !OWN.contains(&bare.as_str()) && variable.range.start >= copied;
        if known && !is_assigned(text, variable.range.end) && exists(variable.name) {
            // A splatted variable keeps its `@`, which stands before the name as `$` does.
            let mark = if text.get(variable.range.clone()).is_some_and(|t| t.starts_with('@')) { '@' } else { '$' };
            result.push_str(text.get(copied..variable.range.start).unwrap_or_default());
            result.push(mark);
            result.push_str(&if mark == '@' {
                format!("using:{}", variable.name)
            } else {
                format!("{{using:{}}}", variable.name)
            });
            copied = variable.range.end;
        }
    }
    result.push_str(text.get(copied..).unwrap_or_default());
    result
}

/// True where what follows is an assignment.
fn is_assigned(text: &str, after: usize) -> bool {
    let rest = text.get(after..).unwrap_or_default().trim_start();
    rest.starts_with('=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_of_the_caller_are_marked() {
        let rows = [
            ("Get-Item $path", "Get-Item ${using:path}"),
            ("\"a $b c\" + ${d}", "\"a ${using:b} c\" + ${using:d}"),
            ("1 | % { $_ + $env:X + $true }", "1 | % { $_ + $env:X + $true }"),
            ("f @args @more", "f @args @using:more"),
        ];
        for (text, expected) in rows {
            let exists = |name: &str| !["_", "args"].contains(&name);
            assert_eq!(using_variables_of_caller(text, exists), expected);
        }
    }

    #[test]
    fn blocks_of_nested_parallels_are_their_own() {
        let text = "$using:a; 1 | ForEach-Object -Parallel { $using:b; { $using:c } }; \"$using:d\"";
        let (_, tokens) = tokenize(&Source::anonymous(text));
        let names = |skip| -> Vec<&str> { variables(text, &tokens, skip).iter().filter_map(using_name).collect() };
        assert_eq!(names(true), ["a", "d"]);
        assert_eq!(names(false), ["a", "b", "c", "d"]);
    }
}
