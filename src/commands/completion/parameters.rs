//! Names of parameters: those a command still takes, common ones last.

use super::command_line::{Bound, CommandLine, begins};
use super::site::Site;
use super::types::short_name;
use super::{CompletionResult, ResultType, arguments, files};
use crate::runtime::Session;
use crate::value::types;

/// Proposals for the parameter at the cursor.
pub(super) fn complete(session: &mut Session, site: &Site<'_>, line: &CommandLine) -> Vec<CompletionResult> {
    let written = site.written();
    let Some((_, signature)) = line.signature(session, site) else {
        let found = arguments::native(session, site, line);
        return match found {
            Some(results) => results,
            None => files::complete(session, written, false, false),
        };
    };
    let bound = Bound::new(site, line, signature);
    let name = written.trim_start_matches('-');
    let colon = if name.ends_with(':') { ":" } else { "" };
    let name = name.trim_end_matches(':');
    let mut results = own(&bound, name, colon);
    let hidden = bound.open().any(|(_, parameter)| parameter.hidden);
    if !hidden || results.is_empty() {
        results.extend(common(&bound, name, colon));
    }
    if results.is_empty() {
        results = files::complete(session, written, false, false);
    }
    results
}

fn own(bound: &Bound, name: &str, colon: &str) -> Vec<CompletionResult> {
    let mut found = Vec::new();
    let exact = bound.open().find(|(_, parameter)| parameter.name.eq_ignore_ascii_case(name)).map(|(number, _)| number);
    for (number, parameter) in bound.open() {
        if parameter.sets & bound.sets == 0 || parameter.hidden {
            continue;
        }
        let tip = |name: &str| {
            let help = parameter.help.as_ref().map(|help| format!(" - {help}")).unwrap_or_default();
            format!("[{}] {name}{help}", short_name(parameter.kind))
        };
        let result =
            |name: &str| CompletionResult::new(format!("-{name}{colon}"), name, ResultType::ParameterName, tip(name));
        if begins(&parameter.name, name) && exact.is_none_or(|exact| exact == number) {
            found.push(result(&parameter.name));
        } else if !name.is_empty() && exact.is_none_or(|exact| exact == number) {
            found.extend(parameter.aliases.iter().filter(|alias| begins(alias, name)).map(|alias| result(alias)));
        }
    }
    found
}

fn common(bound: &Bound, name: &str, colon: &str) -> Vec<CompletionResult> {
    let mut found = Vec::new();
    for common in bound.signature.common {
        if bound.signature.find(common.name()).is_some_and(|number| bound.is_bound(number)) {
            continue;
        }
        let kind = types::resolve(common.type_name()).map_or_else(|| common.type_name().to_owned(), short_name);
        for shown in [common.name(), common.alias()] {
            if begins(shown, name) && (shown == common.name() || !name.is_empty()) && !shown.is_empty() {
                let tip = format!("[{kind}] {shown}");
                found.push(CompletionResult::new(format!("-{shown}{colon}"), shown, ResultType::ParameterName, tip));
                break;
            }
        }
    }
    found
}
