//! Values where the left side tells what they may be: assigned to or compared with an enumeration, keys of a table.

use super::infer::{Inference, Known};
use super::names::unquoted;
use super::site::Site;
use super::{CompletionResult, ResultType};
use crate::runtime::{Session, Symbol};
use crate::syntax::{StatementKind, TokenKind};
use crate::value::wildcard::Wildcard;
use crate::value::{TypeRef, Value, convert, enumerate, members};

/// The values of a `[ValidateSet()]` object.
fn valid_values(attribute: &Value) -> Option<Vec<String>> {
    if TypeRef::of(attribute) != TypeRef::VALIDATE_SET_ATTRIBUTE {
        return None;
    }
    let values = members::get(&mut convert::Detached, attribute, "ValidValues").ok()??;
    Some(enumerate(&values)?.iter().map(|value| convert::to_text(value).to_string()).collect())
}

/// The members of an enumeration by name.
pub(super) fn members_of(kind: TypeRef) -> Vec<String> {
    kind.enum_members().iter().map(|(name, _)| (*name).to_owned()).collect()
}

/// `$x = ` and `$x -eq ` with an enumeration or a set of values on the left; `None` elsewhere.
pub(super) fn assigned_or_compared(session: &mut Session, site: &Site<'_>) -> Option<Vec<CompletionResult>> {
    let statement = site.statement();
    let operator = statement.last().filter(|last| last.kind == TokenKind::Operator)?;
    let written = site.slice(operator).to_ascii_lowercase();
    let at_value = site.at.is_none_or(|token| {
        matches!(token.kind, TokenKind::String | TokenKind::Command | TokenKind::CommandArgument | TokenKind::Number)
    });
    if !at_value {
        return None;
    }
    let left = statement.get(..statement.len() - 1)?;
    match written.as_str() {
        "=" => assigned(session, site, left),
        "-eq" | "-ne" | "-ieq" | "-ceq" | "-ine" | "-cne" | "-like" | "-notlike" | "-match" | "-notmatch" | "-in"
        | "-notin" | "-contains" | "-notcontains" => {
            let first = left.first()?;
            let range = first.start..left.last()?.end;
            let known = Inference::new(session, site).of_range(range);
            let kind = known.iter().find_map(enumeration)?;
            let (_, word) = unquoted(site.written());
            let fitting = members_of(kind).into_iter().filter(|name| super::command_line::begins(name, word));
            let result = |name: String| {
                CompletionResult::new(format!("'{name}'"), name.clone(), ResultType::ParameterValue, name)
            };
            Some(fitting.map(result).collect())
        }
        _ => None,
    }
}

fn enumeration(known: &Known) -> Option<TypeRef> {
    let kind = match known {
        Known::Value(value) => TypeRef::of(value),
        Known::Type(kind) => *kind,
        _ => return None,
    };
    kind.is_enum().then_some(kind)
}

fn assigned(session: &mut Session, site: &Site<'_>, left: &[super::site::Element]) -> Option<Vec<CompletionResult>> {
    let last = left.last()?;
    let types: Vec<&str> = left.iter().filter(|e| e.kind == TokenKind::Type).map(|e| site.slice(e)).collect();
    let attribute = left.iter().find(|element| element.kind == TokenKind::Attribute);
    if let Some(set) = attribute.and_then(|_| written_set(site, left)) {
        return Some(proposals(site, set, false));
    }
    let name = site.slice(last).trim_start_matches('$').to_owned();
    if last.kind == TokenKind::Variable {
        let plain = name.rsplit(':').next().unwrap_or(&name).to_owned();
        if let Some(variable) = session.find_variable(Symbol::new(&plain)).filter(|_| types.is_empty()) {
            let set = variable.attributes.borrow().iter().find_map(valid_values);
            let number = variable.kind.get().is_some_and(TypeRef::is_number);
            if let Some(set) = set {
                return Some(proposals(site, set, number));
            }
            if let Some(kind) = variable.kind.get().filter(|kind| kind.is_enum()) {
                return Some(sorted(site, members_of(kind)));
            }
        }
    }
    if let Some(written) = types.first() {
        let name = written.trim_matches(['[', ']']);
        if let Some(members) = declared_enumeration(site, name) {
            return Some(sorted(site, members));
        }
        let kind = session.resolve_type_text(name).ok().filter(|kind| kind.is_enum())?;
        return Some(sorted(site, members_of(kind)));
    }
    let first = left.first()?;
    let known = Inference::new(session, site).of_range(first.start..last.end);
    if let Some(kind) = known.iter().find_map(enumeration) {
        return Some(sorted(site, members_of(kind)));
    }
    property_enumeration(session, site, first.start..last.end).map(|members| sorted(site, members))
}

/// `$object.Property` where a class of the text says the property is one of the text's enumerations.
fn property_enumeration(session: &mut Session, site: &Site<'_>, range: std::ops::Range<usize>) -> Option<Vec<String>> {
    let text = site.text.get(range.clone())?;
    let dot = text.rfind('.')?;
    let known = Inference::new(session, site).of_range(range.start..range.start + dot);
    let name = text.get(dot + 1..)?;
    known.iter().find_map(|known| {
        let Known::Class(class) = known else { return None };
        let property = class.properties.iter().find(|property| property.name.eq_ignore_ascii_case(name))?;
        declared_enumeration(site, &property.kind.as_ref()?.name)
    })
}

/// The members of an enumeration that the text declares.
fn declared_enumeration(site: &Site<'_>, name: &str) -> Option<Vec<String>> {
    let statements = site.parsed.ast.end.as_ref()?.statements.iter();
    statements.into_iter().find_map(|statement| match &statement.kind {
        StatementKind::Enum(kind) if kind.name.eq_ignore_ascii_case(name) => {
            Some(kind.members.iter().map(|(name, _, _)| name.to_string()).collect())
        }
        _ => None,
    })
}

/// The values of a `[ValidateSet(…)]` that stands before the variable.
fn written_set(site: &Site<'_>, left: &[super::site::Element]) -> Option<Vec<String>> {
    let at = left.iter().position(|element| {
        element.kind == TokenKind::Attribute && site.slice(element).eq_ignore_ascii_case("ValidateSet")
    })?;
    let group = left.get(at + 1)?;
    let inner = site.slice(group).trim_matches(['(', ')', ']']);
    Some(inner.split(',').map(|item| item.trim().trim_matches(['\'', '"']).to_owned()).collect())
}

fn sorted(site: &Site<'_>, mut values: Vec<String>) -> Vec<CompletionResult> {
    values.sort_by_key(|value| value.to_lowercase());
    proposals(site, values, false)
}

/// Values that fit what is written, in its quotes; numbers without.
fn proposals(site: &Site<'_>, values: Vec<String>, number: bool) -> Vec<CompletionResult> {
    let (quote, word) = unquoted(site.written());
    let quote = if quote.is_empty() { "'" } else { quote };
    let quote = if number { "" } else { quote };
    let Ok(pattern) = Wildcard::new(&format!("{word}*"), false) else { return Vec::new() };
    let fitting = values.into_iter().filter(|value| pattern.matches(value));
    let result = |value: String| {
        CompletionResult::new(format!("{quote}{value}{quote}"), value.clone(), ResultType::ParameterValue, value)
    };
    fitting.map(result).collect()
}

/// `$table[`: the keys of a table; `None` elsewhere.
pub(super) fn indexed(session: &mut Session, site: &Site<'_>) -> Option<Vec<CompletionResult>> {
    let known = Inference::new(session, site).of_range(site.indexed()?);
    let mut names: Vec<String> = Vec::new();
    for one in known {
        match one {
            Known::Value(Value::Hashtable(table)) => {
                names.extend(table.pairs().iter().map(|(key, _)| convert::to_text(key).to_string()));
            }
            Known::Names(keys, _) => names.extend(keys.iter().cloned()),
            _ => {}
        }
    }
    let (_, word) = unquoted(site.written());
    let Ok(pattern) = Wildcard::new(&format!("{word}*"), false) else { return None };
    let fitting = names.into_iter().filter(|name| pattern.matches(name));
    let result = |name: String| {
        let text = format!("'{}'", name.replace('\'', "''"));
        CompletionResult::new(text, name.clone(), ResultType::Property, name)
    };
    let found: Vec<CompletionResult> = fitting.map(result).collect();
    (!found.is_empty()).then_some(found)
}
