//! Keys of hashtables: those a command takes in its property tables, and properties of the type that is made.

use super::command_line::{Bound, begins};
use super::infer::{Inference, Known};
use super::site::{Element, Site};
use super::{CompletionResult, ResultType, members};
use crate::runtime::Session;
use crate::syntax::TokenKind;
use crate::value::types as value_types;

/// Keys that commands take in tables: command, parameter (or `*`), keys.
const KEYS: &[(&str, &str, &[&str])] = &[
    ("Format-Table", "GroupBy", &["Expression", "FormatString", "Label"]),
    ("Format-List", "GroupBy", &["Expression", "FormatString", "Label"]),
    ("Format-Wide", "GroupBy", &["Expression", "FormatString", "Label"]),
    ("Format-Custom", "GroupBy", &["Expression", "FormatString", "Label"]),
    ("Select-Object", "*", &["Name", "Expression"]),
    ("Sort-Object", "*", &["Expression", "Ascending", "Descending"]),
    ("Group-Object", "*", &["Expression"]),
    ("Format-Table", "*", &["Expression", "FormatString", "Label", "Width", "Alignment"]),
    ("Format-List", "*", &["Expression", "FormatString", "Label"]),
    ("Format-Wide", "*", &["Expression", "FormatString"]),
    ("Format-Custom", "*", &["Expression", "Depth"]),
    ("Measure-Object", "*", &["Expression"]),
    ("Compare-Object", "*", &["Expression"]),
];

/// Proposals where the cursor is at a key; `None` elsewhere.
pub(super) fn complete(session: &mut Session, site: &Site<'_>) -> Option<Vec<CompletionResult>> {
    let group = site.inner();
    if group.opener != "@{" || !at_key(site) {
        return None;
    }
    let used = used_keys(site, &group.elements);
    let written = site.written();
    let outer = site.groups.len().checked_sub(2).and_then(|at| site.groups.get(at))?;
    let statement: Vec<Element> = site.statement_of(outer).to_vec();
    if let Some(known) = typed(session, site, &statement, outer) {
        let found = members::names_of(&known, written, false);
        return Some(found.into_iter().filter(|one| is_free(&one.shown, &used)).collect());
    }
    if let Some(names) = splatted(session, site, &statement) {
        return Some(of_names(names.iter().map(String::as_str), written, &used));
    }
    let line = super::command_line::CommandLine::new(site, &statement)?;
    let (command, signature) = line.signature(session, site)?;
    let bound = Bound::new(site, &line, signature);
    let target = bound.targets.first().map(|number| bound.signature.parameter_name(*number).to_string());
    let target = target.unwrap_or_default();
    let name = command.name();
    let is_row = |(known, parameter, _): &&(&str, &str, &[&str])| {
        known.eq_ignore_ascii_case(&name) && (*parameter == "*" || parameter.eq_ignore_ascii_case(&target))
    };
    if let Some((_, _, keys)) = KEYS.iter().find(is_row) {
        return Some(of_names(keys.iter().copied(), written, &used));
    }
    if name.eq_ignore_ascii_case("New-Object") {
        let kind = bound.texts_of(site, "TypeName").into_iter().next()?;
        let known = Inference::new(session, site).type_named(&kind)?;
        let found = members::names_of(&[known], written, false);
        return Some(found.into_iter().filter(|one| is_free(&one.shown, &used)).collect());
    }
    let kind = bound.targets.first().and_then(|number| bound.signature.parameter(*number)).map(|p| p.kind)?;
    let kind = kind.info().element.unwrap_or(kind);
    let is_plain = matches!(kind.name(), "System.Object" | "System.Collections.Hashtable" | "System.String");
    if is_plain || kind.name().starts_with("System.Collections.") {
        return None;
    }
    let found = members::names_of(&[Known::Type(kind)], written, false);
    Some(found.into_iter().filter(|one| is_free(&one.shown, &used)).collect())
}

/// After the brace, a separator or a line's end stands a key.
fn at_key(site: &Site<'_>) -> bool {
    let is_word = site
        .at
        .is_none_or(|token| matches!(token.kind, TokenKind::Member | TokenKind::Command | TokenKind::CommandArgument));
    is_word && site.statement().is_empty()
}

fn used_keys(site: &Site<'_>, elements: &[Element]) -> Vec<String> {
    let is_key = |at: usize| elements.get(at + 1).is_some_and(|next| site.slice(next) == "=");
    let keys = elements.iter().enumerate().filter(|(at, _)| is_key(*at));
    keys.map(|(_, element)| site.slice(element).trim_matches(['\'', '"']).to_lowercase()).collect()
}

fn is_free(name: &str, used: &[String]) -> bool {
    !used.contains(&name.to_lowercase())
}

fn of_names<'n>(names: impl Iterator<Item = &'n str>, written: &str, used: &[String]) -> Vec<CompletionResult> {
    let fitting = names.filter(|name| begins(name, written) && is_free(name, used));
    fitting.map(|name| CompletionResult::new(name, name, ResultType::Property, name)).collect()
}

/// `[Type]@{`, `[Type]$x = @{`, `$x.Property = @{` and a table that is the value of a key of such a one.
fn typed(
    session: &mut Session,
    site: &Site<'_>,
    statement: &[Element],
    outer: &super::site::Group,
) -> Option<Vec<Known>> {
    let last = statement.last()?;
    if last.kind == TokenKind::Type && last.end == site.inner().start {
        return of_type(session, site, last).map(|known| vec![known]);
    }
    if site.slice(last) != "=" {
        return None;
    }
    let left = statement.get(..statement.len() - 1)?;
    let first = left.first()?;
    if outer.opener == "@{" {
        let depth = site.groups.len().checked_sub(3).and_then(|at| site.groups.get(at))?;
        let around: Vec<Element> = site.statement_of(depth).to_vec();
        let kind = around.last().filter(|last| last.kind == TokenKind::Type)?;
        let owner = of_type(session, site, kind)?;
        return property_of(session, site, &owner, site.slice(first));
    }
    if first.kind == TokenKind::Type {
        return of_type(session, site, first).map(|known| vec![known]);
    }
    let text = site.text.get(first.start..left.last()?.end)?;
    let dot = text.rfind('.')?;
    let owners = Inference::new(session, site).of_range(first.start..first.start + dot);
    let name = text.get(dot + 1..)?;
    owners.iter().find_map(|owner| property_of(session, site, owner, name))
}

fn of_type(session: &mut Session, site: &Site<'_>, element: &Element) -> Option<Known> {
    let name = site.slice(element).trim_start_matches('[').strip_suffix(']')?;
    match Inference::new(session, site).type_named(name)? {
        // A class whose constructors all take something is not made from a table.
        Known::Class(class)
            if class.methods.iter().any(|method| method.is_constructor)
                && !class.methods.iter().any(|method| method.is_constructor && method.params.is_empty()) =>
        {
            Some(Known::Names(std::rc::Rc::from([]), crate::value::TypeRef::VOID))
        }
        Known::Type(kind)
            if matches!(
                kind.name(),
                "System.Management.Automation.PSCustomObject"
                    | "System.Management.Automation.PSObject"
                    | "System.Collections.Hashtable"
            ) =>
        {
            None
        }
        Known::Type(kind) if kind.name().ends_with("OrderedDictionary") => None,
        known => Some(known),
    }
}

fn property_of(session: &mut Session, site: &Site<'_>, owner: &Known, name: &str) -> Option<Vec<Known>> {
    match owner {
        Known::Class(class) => {
            let property = class.properties.iter().find(|property| property.name.eq_ignore_ascii_case(name))?;
            let kind = property.kind.as_ref()?;
            Inference::new(session, site).type_named(&kind.name).map(|known| vec![known])
        }
        Known::Type(kind) => {
            let row = crate::value::members::find_property(*kind, name)?;
            value_types::resolve(row.kind).map(|kind| vec![Known::Type(kind)])
        }
        Known::Value(value) => Some(vec![Known::Value(crate::value::members::get(session, value, name).ok()??)]),
        _ => None,
    }
}

/// A table that is splatted later: the parameters of the command it goes to.
fn splatted(session: &mut Session, site: &Site<'_>, statement: &[Element]) -> Option<Vec<String>> {
    let [variable, equals] = statement else { return None };
    if variable.kind != TokenKind::Variable || site.slice(equals) != "=" {
        return None;
    }
    let name = site.slice(variable).trim_start_matches('$').to_lowercase();
    let rest = site.text.get(site.cursor..)?;
    let at = site.cursor + rest.to_lowercase().find(&format!("@{name}"))?;
    let command =
        site.tokens.iter().rfind(|token| token.kind == TokenKind::Command && (token.span.start as usize) < at)?;
    let command = site.text.get(command.span.start as usize..command.span.end as usize)?;
    let line = super::command_line::CommandLine::named(command);
    let (_, signature) = line.signature(session, site)?;
    Some(signature.parameters.iter().map(|parameter| parameter.name.to_string()).collect())
}
