//! Members of an expression: properties before methods, each by name.

use super::infer::{Inference, Known};
use super::site::{MemberAccess, Site};
use super::{CompletionResult, ResultType};
use crate::runtime::Session;
use crate::syntax::Class;
use crate::value::members::{self, MemberEntry};
use crate::value::wildcard::Wildcard;
use crate::value::{TypeRef, Value, convert};

/// The members that fit what is written after a `.` or `::`.
pub(super) fn complete(session: &mut Session, site: &Site<'_>, access: &MemberAccess) -> Vec<CompletionResult> {
    let written = site.text.get(access.name.clone()).unwrap_or("");
    if site
        .text
        .get(access.target.clone())
        .is_some_and(|target| target.starts_with('@') && !target.starts_with("@{") && !target.starts_with("@("))
    {
        return Vec::new();
    }
    let mut known = Inference::new(session, site).of_range(access.target.clone());
    known.retain(|known| !matches!(known, Known::Type(kind) if *kind == TypeRef::VOID));
    let is_static = |known: &Known| matches!(known, Known::Static(_) | Known::StaticClass(_));
    let mut found = Vec::new();
    for one in &known {
        if access.is_static == is_static(one) {
            found.extend(of_known(one));
        } else if is_static(one) {
            found.extend(of_known(&Known::Type(TypeRef::TYPE)));
        } else if let (true, Known::Value(Value::Type(kind))) = (access.is_static, one) {
            found.extend(of_known(&Known::Static(*kind)));
        }
    }
    let mut results = fitting(found, written, true);
    let many = known.iter().any(is_enumerable);
    if many {
        results.extend(extension_methods(written));
    }
    results
}

/// The static members of a type, as they follow its literal.
pub(super) fn after_literal(session: &mut Session, site: &Site<'_>) -> Vec<CompletionResult> {
    let known = Inference::new(session, site).of_range(site.word());
    let found = known.iter().flat_map(of_known).collect();
    let results = fitting(found, "", true);
    results.into_iter().map(|one| CompletionResult { text: format!("::{}", one.text), ..one }).collect()
}

/// The properties of things of these kinds as values of a parameter.
pub(super) fn names_of(known: &[Known], written: &str, methods: bool) -> Vec<CompletionResult> {
    let found = known.iter().flat_map(of_known).filter(|one| methods || one.kind == ResultType::Property).collect();
    fitting(found, written, false)
}

fn fitting(found: Vec<CompletionResult>, written: &str, parentheses: bool) -> Vec<CompletionResult> {
    let written = written.trim_matches(['\'', '"']);
    let Ok(pattern) = Wildcard::new(&format!("{written}*"), false) else { return Vec::new() };
    let mut found: Vec<CompletionResult> = found.into_iter().filter(|one| pattern.matches(&one.shown)).collect();
    if !parentheses {
        found.iter_mut().for_each(|one| one.text = one.text.trim_end_matches('(').to_owned());
    }
    found.sort_by_key(|one| (one.kind, one.shown.to_lowercase()));
    found.dedup_by(|later, earlier| later.kind == earlier.kind && later.shown.eq_ignore_ascii_case(&earlier.shown));
    found
}

fn is_enumerable(known: &Known) -> bool {
    match known {
        Known::Value(value) => crate::value::enumerate(value).is_some(),
        Known::Type(kind) => kind.is_array(),
        _ => false,
    }
}

/// The methods that every collection has in scripts.
fn extension_methods(written: &str) -> Vec<CompletionResult> {
    const METHODS: [(&str, &str); 4] = [
        ("Where", "Where({ expression } [, mode [, numberToReturn]])"),
        ("ForEach", "ForEach(expression [, arguments...])"),
        ("PSWhere", "PSWhere({ expression } [, mode [, numberToReturn]])"),
        ("PSForEach", "PSForEach(expression [, arguments...])"),
    ];
    let Ok(pattern) = Wildcard::new(&format!("{written}*"), false) else { return Vec::new() };
    let fitting = METHODS.iter().filter(|(name, _)| pattern.matches(name));
    fitting.map(|(name, tip)| CompletionResult::new(format!("{name}("), *name, ResultType::Method, *tip)).collect()
}

fn of_known(known: &Known) -> Vec<CompletionResult> {
    match known {
        Known::Value(value) => of_value(value),
        Known::Type(kind) => of_type(*kind),
        Known::Static(kind) => of_static(*kind),
        Known::Names(names, kind) => {
            let own = names.iter().map(|name| property(name, "", true));
            own.chain(of_type(*kind)).collect()
        }
        Known::Class(class) => of_class(class, false),
        Known::StaticClass(class) => of_class(class, true),
    }
}

fn of_value(value: &Value) -> Vec<CompletionResult> {
    let mut found: Vec<CompletionResult> = Vec::new();
    if let Value::Hashtable(table) = value {
        found.extend(table.pairs().iter().map(|(key, _)| property(&convert::to_text(key), "", true)));
    }
    found.extend(members::properties(value).iter().map(of_property));
    found.extend(members::methods(value).iter().map(|(entry, signatures)| of_method(entry, signatures)));
    found
}

fn of_type(kind: TypeRef) -> Vec<CompletionResult> {
    let hidden = |entry: &MemberEntry| kind.info().hidden.contains(&entry.name.as_str());
    let properties = members::type_properties(kind);
    let mut found: Vec<CompletionResult> = properties.iter().filter(|one| !hidden(one)).map(of_property).collect();
    if kind.is_enum() {
        found.push(property("value__", "int", true));
    }
    found.extend(members::type_methods(kind).iter().map(|(entry, signatures)| of_method(entry, signatures)));
    found
}

fn of_static(kind: TypeRef) -> Vec<CompletionResult> {
    let entry = |(entry, signatures): &(MemberEntry, String)| match entry.kind {
        "Method" => of_method(entry, signatures),
        _ => of_property(entry),
    };
    members::static_members(kind).iter().map(entry).collect()
}

fn of_class(class: &Class, is_static: bool) -> Vec<CompletionResult> {
    let written =
        |kind: &Option<crate::syntax::TypeName>| kind.as_ref().map_or("Object".to_owned(), |k| k.name.to_string());
    let mut found: Vec<CompletionResult> = Vec::new();
    for one in class.properties.iter().filter(|one| one.is_static == is_static && !one.is_hidden) {
        found.push(property(&one.name, &written(&one.kind), true));
    }
    let mut constructors = Vec::new();
    for method in class.methods.iter().filter(|method| !method.is_hidden) {
        let types = method.params.iter().map(|parameter| {
            let kind = parameter.attributes.iter().find_map(|attribute| match attribute {
                crate::syntax::ParameterAttribute::Type(name) => Some(name.name.to_string()),
                crate::syntax::ParameterAttribute::Attribute(_) => None,
            });
            format!("{} {}", kind.unwrap_or_else(|| "Object".to_owned()), parameter.name)
        });
        let parameters = types.collect::<Vec<_>>().join(", ");
        if method.is_constructor {
            constructors.push(format!("{}({parameters})", class.name));
        } else if method.is_static == is_static {
            let tip = format!("{} {}({parameters})", written(&method.kind), method.name);
            found.push(CompletionResult::new(format!("{}(", method.name), &*method.name, ResultType::Method, tip));
        }
    }
    if is_static {
        if constructors.is_empty() {
            constructors.push(format!("{}()", class.name));
        }
        found.push(CompletionResult::new("new(", "new", ResultType::Method, constructors.join("\n")));
        for (name, tip) in [
            ("Equals", "static bool Equals(System.Object objA, System.Object objB)"),
            ("ReferenceEquals", "static bool ReferenceEquals(System.Object objA, System.Object objB)"),
        ] {
            found.push(CompletionResult::new(format!("{name}("), name, ResultType::Method, tip));
        }
    } else {
        found.extend(of_type(TypeRef::OBJECT));
    }
    found
}

fn of_property(entry: &MemberEntry) -> CompletionResult {
    property(&entry.name, entry.value_type, entry.settable)
}

fn property(name: &str, kind: &str, settable: bool) -> CompletionResult {
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let text = if plain { name.to_owned() } else { format!("'{}'", name.replace('\'', "''")) };
    let tip = match kind {
        "" => name.to_owned(),
        kind => format!("{kind} {name} {{ get; {}}}", if settable { "set; " } else { "" }),
    };
    CompletionResult::new(text, name, ResultType::Property, tip)
}

fn of_method(entry: &MemberEntry, signatures: &str) -> CompletionResult {
    let tip = if signatures.is_empty() { entry.name.to_string() } else { signatures.replace("), ", ")\n") };
    CompletionResult::new(format!("{}(", entry.name), &*entry.name, ResultType::Method, tip)
}
